"""Web addresses given to ingest: a page, or a feed or sitemap with the pages that it lists; each kept in the inbox."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from claims.article import Provenance
from workbench.errors import WebRefused, WorkbenchError
from workbench.inbox import save_upload
from workbench.web import USUAL, Fetched, Limits, fetch

MOST_OF_A_FEED = 50
MOST_OF_A_SITEMAP = 200
_SITEMAPS_OF_AN_INDEX = 5
_ADDRESS = re.compile(r"https?://\S", re.IGNORECASE)


def is_address(given: Path | str) -> bool:
    """Whether something given to ingest is a web address and no path."""
    return bool(_ADDRESS.match(str(given)))


def fetch_pages(folder: Path, address: str, limits: Limits = USUAL) -> Iterator[Path | WorkbenchError]:
    """Fetches what an address names into `<workspace>/inbox`: the paths to ingest, and for each page that was refused
    the error that says why."""
    try:
        found = fetch(address, limits)
    except WebRefused as error:
        yield error
        return
    if found.ending != ".xml":
        yield _kept(folder, found)
        return
    try:
        listed = _listed(found, limits)
    except WebRefused as error:
        yield error
        return
    for one in listed:
        try:
            page = fetch(one, limits)
            if page.ending == ".xml":
                raise WebRefused(f"{one}: is another list of pages; give its own address")
            yield _kept(folder, page)
        except WorkbenchError as error:
            yield error


def _kept(folder: Path, page: Fetched) -> Path | WorkbenchError:
    parts = urlsplit(page.url)
    name = re.sub(r"\.\w{1,5}$", "", parts.path.rstrip("/").rsplit("/", 1)[-1]) or parts.hostname or "page"
    try:
        return save_upload(folder, name + page.ending, page.raw, Provenance(url=page.url))
    except WorkbenchError as error:
        return WebRefused(f"{page.url}: {error}")


def _listed(found: Fetched, limits: Limits) -> list[str]:
    """The addresses that a feed or a sitemap lists, as they stand there, without repeats."""
    import feedparser

    feed = feedparser.parse(found.raw, sanitize_html=False, resolve_relative_uris=False)
    if feed.entries:
        links = [entry.get("link", "") for entry in feed.entries][:MOST_OF_A_FEED]
    else:
        links, more = _in_sitemap(found.raw)
        for one in more[:_SITEMAPS_OF_AN_INDEX]:
            links += _in_sitemap(fetch(one, limits).raw)[0]
        links = links[:MOST_OF_A_SITEMAP]
    links = list(dict.fromkeys(urljoin(found.url, link.strip()) for link in links if link.strip()))
    if not links:
        raise WebRefused(f"{found.url}: is neither a feed nor a sitemap that lists pages")
    return links


def _in_sitemap(raw: bytes) -> tuple[list[str], list[str]]:
    """Pages and further sitemaps that a sitemap names; nothing where it is none."""
    from lxml import etree

    # No entities, no network: a list of addresses needs neither, and both have been used against readers.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError):
        return [], []
    places: dict[str, list[str]] = {"url": [], "sitemap": []}
    for node in root.iter("{*}loc"):
        parent = node.getparent()
        kind = etree.QName(parent).localname if parent is not None else ""
        if kind in places and node.text:
            places[kind].append(node.text.strip())
    return places["url"], places["sitemap"]
