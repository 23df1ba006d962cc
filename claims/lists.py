"""Lists of pages as sites give them, feeds (RSS, Atom) and sitemaps: the addresses that stand in them.

Strangers' bytes like any file; called by `claims.safely` alone, in a process with limits.
"""

from __future__ import annotations

import html
import io
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from claims.article import Provenance, iso_day
from claims.found import BadFile, storable

MOST_OF_A_FEED = 50
MOST_OF_A_SITEMAP = 200
# What a damaged feed makes its library raise.
BAD_FEED = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError)
_TAG = re.compile(r"<[^<>]*>")
_MAIL_AND_NAME = re.compile(r"[^\s@]+@[^\s@]+ \((.+)\)")  # as RSS wants its authors
_ISO = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed or sitemap names: the addresses of its first pages as they stand there, each once, with what the list
    says of the page (title, author, day); those of further lists; how many different pages there are in all; and how
    many entries are without an address."""

    pages: dict[str, Provenance]
    lists: tuple[str, ...]
    there: int
    without: int


def addresses_in(raw: bytes) -> Listing:
    """The pages that a list names, and where it is a list of lists those. Raises BadFile."""
    import feedparser

    try:
        # As a file: of bytes the library first looks whether they are the path of one here, which it would open.
        feed = feedparser.parse(io.BytesIO(raw), sanitize_html=False, resolve_relative_uris=False)
    except BAD_FEED as error:
        raise BadFile("is no feed or sitemap that can be read; it may be cut off or damaged") from error
    if feed.entries:
        most, lists = MOST_OF_A_FEED, []
        named = [(_words(entry.get("link")), _of_entry(entry)) for entry in feed.entries]
    else:
        most, (named, lists) = MOST_OF_A_SITEMAP, _in_sitemap(raw)
    pages: dict[str, Provenance] = {}
    for address, known in named:
        if address:
            pages.setdefault(address, known)
    lists = tuple(dict.fromkeys(filter(None, lists)))
    if not pages and not lists:
        raise BadFile("is neither a feed nor a sitemap that lists pages")
    without = sum(not address for address, _ in named)
    return Listing(dict(list(pages.items())[:most]), lists, len(pages), without)


def _of_entry(entry: Any) -> Provenance:
    """What a feed says of a page."""
    title = _words(entry.get("title"))
    if (entry.get("title_detail") or {}).get("type") != "text/plain":
        title = _words(html.unescape(_TAG.sub("", title)))
    author = _words(entry.get("author"))
    named = _MAIL_AND_NAME.fullmatch(author)
    return Provenance(title, "", named[1] if named else author, _day(_words(entry.get("published"))))


def _day(given: str) -> str:
    """The day (YYYY-MM-DD) of a time as feeds have it, by the clock of who wrote it; "" where it is none."""
    try:
        return iso_day(given[:10]) if _ISO.match(given) else parsedate_to_datetime(given).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _words(given: object) -> str:
    return " ".join(storable(given).split()) if isinstance(given, str) else ""


def _in_sitemap(raw: bytes) -> tuple[list[tuple[str, Provenance]], list[str]]:
    """Pages, each with the title and day that a sitemap of news gives it, and further sitemaps that a sitemap names, ""
    for one without an address; nothing where it is none."""
    from lxml import etree

    # No entities, no network: a list of addresses needs neither, and both have been used against readers.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError):
        return [], []
    pages = []
    for node in root.iter("{*}url"):
        title, day = (_words(node.findtext(f"{{*}}news/{{*}}{name}")) for name in ("title", "publication_date"))
        pages.append((_words(node.findtext("{*}loc")), Provenance(title, date=_day(day))))
    return pages, [_words(node.findtext("{*}loc")) for node in root.iter("{*}sitemap")]
