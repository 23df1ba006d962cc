"""Lists of pages as sites give them, feeds (RSS, Atom) and sitemaps: the addresses that stand in them.

Strangers' bytes like any file; called by `claims.safely` alone, in a process with limits.
"""

from __future__ import annotations

from claims.formats import BadFile, storable

MOST_OF_A_FEED = 50
MOST_OF_A_SITEMAP = 200
# What a damaged feed makes its library raise.
BAD_FEED = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError)


def addresses_in(raw: bytes) -> tuple[list[str], list[str]]:
    """The pages that a list names, as they stand there, and where it is a list of lists those. Raises BadFile."""
    import feedparser

    try:
        feed = feedparser.parse(raw, sanitize_html=False, resolve_relative_uris=False)
    except BAD_FEED as error:
        raise BadFile("is no feed or sitemap that can be read; it may be cut off or damaged") from error
    if feed.entries:
        found, more = [str(entry.get("link", "")) for entry in feed.entries][:MOST_OF_A_FEED], []
    else:
        found, more = (places[:MOST_OF_A_SITEMAP] for places in _in_sitemap(raw))
    found, more = ([storable(one.strip()) for one in places if one.strip()] for places in (found, more))
    if not found and not more:
        raise BadFile("is neither a feed nor a sitemap that lists pages")
    return list(dict.fromkeys(found)), list(dict.fromkeys(more))


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
