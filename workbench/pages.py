"""Web addresses given to ingest: a page, or a feed or sitemap with the pages that it lists; each kept in the inbox."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from claims.formats import BadFile
from claims.lists import MOST_OF_A_SITEMAP
from claims.safely import SafeReader
from workbench.errors import WebRefused, WorkbenchError
from workbench.inbox import save_upload
from workbench.store import now
from workbench.web import USUAL, Fetched, Limits, Sites, fetch

LISTS = ".xml"  # the ending of a feed or sitemap among `workbench.web.TYPES`
_SITEMAPS_OF_AN_INDEX = 5
_ADDRESS = re.compile(r"https?://\S", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a page: the address that was given, when (UTC ISO 8601), and the file with the address where it was
    read at last, or why it was refused."""

    given: str
    at: str
    page: tuple[Path, str] | WorkbenchError


def is_address(given: Path | str) -> bool:
    """Whether something given to ingest is a web address and no path."""
    return bool(_ADDRESS.match(str(given)))


def fetch_all(
    folder: Path, addresses: Sequence[str], limits: Limits, progress: Callable[[int, int], None]
) -> list[Answer]:
    """Everything that addresses name, fetched in one run. `progress` is told the pages that are done and their sum as
    far as it is known."""
    answers: list[Answer] = []
    sites = Sites()
    with SafeReader() as reader:
        for number, address in enumerate(addresses, 1):
            to_come = len(addresses) - number

            def left(here: int, to_come: int = to_come) -> None:
                progress(len(answers), len(answers) + here + to_come)

            for page in fetch_pages(folder, address, limits, reader, sites, left):
                answers.append(Answer(address, now(), page))
    return answers


def fetch_pages(
    folder: Path, address: str, limits: Limits = USUAL, reader: SafeReader | None = None, sites: Sites | None = None,
    left: Callable[[int], None] = lambda _: None,
) -> Iterator[tuple[Path, str] | WorkbenchError]:  # fmt: skip
    """Fetches what an address names into `<workspace>/inbox`: the paths to ingest, each with the address where it was
    read at last, and for each page that was refused the error that says why. A list of pages goes through `reader`;
    `sites` is what is known of sites from other addresses of the same run, and `left` is told before each page how
    many are still to come."""
    sites = sites or Sites()
    left(1)
    try:
        found = fetch(address, limits, sites)
        if found.ending != LISTS:
            yield _kept(folder, found)
            return
        with ExitStack() as opened:
            listed = _listed(found, limits, reader or opened.enter_context(SafeReader()), sites)
    except WebRefused as error:
        yield error
        return
    for number, one in enumerate(listed):
        left(len(listed) - number)
        try:
            page = fetch(one, limits, sites)
            if page.ending == LISTS:
                raise WebRefused(f"{one}: is another list of pages; give its own address")
            yield _kept(folder, page)
        except WorkbenchError as error:
            yield error


def _kept(folder: Path, page: Fetched) -> tuple[Path, str] | WorkbenchError:
    parts = urlsplit(page.url)
    name = re.sub(r"\.\w{1,5}$", "", parts.path.rstrip("/").rsplit("/", 1)[-1]) or parts.hostname or "page"
    try:
        return save_upload(folder, name + page.ending, page.raw, fetched_from=page.url), page.url
    except WorkbenchError as error:
        return WebRefused(f"{page.url}: {error}")


def _listed(found: Fetched, limits: Limits, reader: SafeReader, sites: Sites) -> list[str]:
    """The addresses that a feed or a sitemap lists, without repeats."""
    try:
        links, more = reader.read_list(found.raw)
        for one in more[:_SITEMAPS_OF_AN_INDEX]:
            links += reader.read_list(fetch(urljoin(found.url, one), limits, sites).raw)[0]
        return list(dict.fromkeys(urljoin(found.url, link) for link in links))[:MOST_OF_A_SITEMAP]
    except (BadFile, ValueError) as error:
        raise WebRefused(f"{found.url}: {error}") from error
