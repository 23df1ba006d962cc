"""Web addresses given to ingest: a page, or a feed or sitemap with the pages that it lists; each kept in the inbox."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from claims.article import Article, Provenance
from claims.formats import READERS, BadFile
from claims.lists import MOST_OF_A_SITEMAP, Listing
from claims.safely import SafeReader
from workbench.errors import WebRefused, WorkbenchError
from workbench.inbox import ENCODINGS, save_upload
from workbench.store import now
from workbench.web import USUAL, Fetched, Limits, Sites, fetch

LISTS = ".xml"  # the ending of a feed or sitemap among `workbench.web.TYPES`
_SITEMAPS_OF_AN_INDEX = 5
_TEXTS = (".txt", ".html")
_LATIN = re.compile(r"(?:us-)?ascii|latin-?1|iso-?8859-1|(?:windows-|cp)1252", re.IGNORECASE)
_PACKED = b"\x1f\x8b"  # gzip
_ESCAPES = re.compile(rb"[\x00\x1b]")
_NOTHING = Provenance()
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
    read at last, and for each page, and each part of a list, that was refused the error that says why. Lists and pages
    of them go through `reader`; `sites` is what is known of sites from other addresses of the same run, and `left` is
    told before each page how many are still to come."""
    sites = sites or Sites()
    left(1)
    try:
        found = fetch(address, limits, sites)
        if found.ending != LISTS:
            yield _kept(folder, found)
            return
    except WebRefused as error:
        yield error
        return
    with ExitStack() as opened:
        reader = reader or opened.enter_context(SafeReader())
        listed, refused = _listed(found, limits, reader, sites)
        yield from refused
        for number, (one, known) in enumerate(listed.items()):
            left(len(listed) - number)
            try:
                page = fetch(one, limits, sites)
                if page.ending == LISTS:
                    raise WebRefused(f"{one}: is another list of pages; give its own address")
                yield _kept(folder, page, known, reader)
            except WorkbenchError as error:
                yield error


def _kept(
    folder: Path, page: Fetched, known: Provenance = _NOTHING, reader: SafeReader | None = None
) -> tuple[Path, str] | WorkbenchError:
    """A page in the inbox, with what a list says of it where `reader` finds that it says nothing itself."""
    plain = in_utf8(page)
    charset = "" if plain is page else plain.charset
    beside = _lacking(plain, known, reader) if reader else _NOTHING
    try:
        return save_upload(folder, _name(page), plain.raw, beside, page.url, charset), page.url
    except WorkbenchError as error:
        return WebRefused(f"{page.url}: {error}")


def in_utf8(page: Fetched) -> Fetched:
    """A page in UTF-8, marked so, where its bytes are other text by what the site said as it sent them: in a file
    nothing says that any more. The bytes that were sent come back from it by `charset`; else it is given back itself.
    """
    charset = page.charset
    if page.ending not in _TEXTS or not ENCODINGS.fullmatch(charset):
        return page
    if _LATIN.fullmatch(charset):
        if page.ending == ".txt":
            return page  # many say so of any text; its reader takes it for that where it looks it
        charset = "cp1252"  # as every browser has it
    try:
        if _ESCAPES.search(page.raw) is None and page.raw.decode():
            return page  # hardly anything else looks like UTF-8
    except UnicodeDecodeError:
        pass
    try:
        text = page.raw.decode(charset)
        return (
            replace(page, raw=text.encode("utf-8-sig"), charset=charset) if text.encode(charset) == page.raw else page
        )
    except (LookupError, UnicodeError):
        return page  # it isn't what the site says


def _name(page: Fetched) -> str:
    parts = urlsplit(page.url)
    name = re.sub(r"\.\w{1,5}$", "", parts.path.rstrip("/").rsplit("/", 1)[-1]) or parts.hostname or "page"
    return name + page.ending


def _lacking(page: Fetched, known: Provenance, reader: SafeReader) -> Provenance:
    """What a list says of a page and the page itself doesn't: what stands beside a file goes before what it says."""
    if page.ending not in READERS or known == _NOTHING:
        return _NOTHING
    try:
        found = reader.read(Path(_name(page)), page.raw)
    except BadFile:
        return _NOTHING  # whoever reads it next says what is the matter
    own = next((one.provenance for one in found if isinstance(one, Article) and not one.given), None)
    if own is None:
        return _NOTHING
    return Provenance(*("" if getattr(own, field) else getattr(known, field) for field in known.__slots__))


def _listed(
    found: Fetched, limits: Limits, reader: SafeReader, sites: Sites
) -> tuple[dict[str, Provenance], list[WebRefused]]:
    """The first addresses that a feed, a sitemap or an index of sitemaps lists, each once, with what it says of the
    pages; and what of it is not read, and why."""
    listed: dict[str, Provenance] = {}
    try:
        lists, refused = _lists(found, limits, reader, sites)
    except WebRefused as error:
        return listed, [error]
    for url, one in lists:
        taken = 0
        for link, known in one.pages.items():
            place = joined(url, link)
            if place in listed or len(listed) < MOST_OF_A_SITEMAP:
                listed.setdefault(place, known)
                taken += 1
        if taken < one.there:
            most = len(one.pages) if len(one.pages) < one.there else MOST_OF_A_SITEMAP
            over = f"lists {one.there:,} pages; at most {most:,} are read at once ({one.there - taken:,} left out)"
            refused.append(WebRefused(f"{url}: {over}"))
        if one.without:
            refused.append(WebRefused(f"{url}: entries of it that name no address: {one.without:,}"))
    return listed, refused


def _lists(
    found: Fetched, limits: Limits, reader: SafeReader, sites: Sites
) -> tuple[list[tuple[str, Listing]], list[WebRefused]]:
    """A list and those that it names, each with its address; and what of those is not read, and why. Raises WebRefused
    where it is no list."""
    lists, refused = [(found.url, _read(found, limits, reader))], []
    further = [joined(found.url, one) for one in lists[0][1].lists]
    for place in further[:_SITEMAPS_OF_AN_INDEX]:
        try:
            page = fetch(place, limits, sites)
            lists.append((page.url, _read(page, limits, reader)))
        except WebRefused as error:
            refused.append(error)
            continue
        if deeper := len(lists[-1][1].lists):
            refused.append(WebRefused(f"{page.url}: names {deeper:,} further lists of pages; give their own addresses"))
    if over := further[_SITEMAPS_OF_AN_INDEX:]:
        first = f"the first {_SITEMAPS_OF_AN_INDEX} are read ({len(over):,} left out)"
        refused.append(WebRefused(f"{found.url}: names {len(further):,} lists of pages; {first}"))
    return lists, refused


def _read(page: Fetched, limits: Limits, reader: SafeReader) -> Listing:
    try:
        return reader.read_list(_unpacked(page, limits))
    except BadFile as error:
        raise WebRefused(f"{page.url}: {error}") from error


def _unpacked(page: Fetched, limits: Limits) -> bytes:
    """The bytes of a list, which may be packed (.xml.gz). Raises WebRefused: damaged, or too large once unpacked."""
    if not page.raw.startswith(_PACKED):
        return page.raw
    try:
        with gzip.open(BytesIO(page.raw)) as content:
            raw = content.read(limits.most_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise WebRefused(f"{page.url}: is packed and damaged, so that it can't be opened") from error
    if len(raw) > limits.most_bytes:
        raise WebRefused(f"{page.url}: is larger than {limits.most_bytes:,} bytes once unpacked")
    return raw


def joined(base: str, link: str) -> str:
    """A link in full; one that can't be one as it stands, which is refused like any other address that is none."""
    try:
        return urljoin(base, link)
    except ValueError:
        return link
