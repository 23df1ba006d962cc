"""Fact-checks as ClaimReview (JSON-LD), in files of their own and in pages: each a statement of the fact-checker."""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any

from claims.article import iso_day
from claims.found import BadFile, language_or_none, storable, web_address

LONGEST = 5_000  # characters of one statement
_MOST_TOLD = 20  # fact-checks of one file that can't be read, each with a line of its own
_CLAIM_REVIEW = "ClaimReview"
_OF_A_REVIEW = {"claimReviewed", "reviewRating"}
_SCRIPT = re.compile(r"<script\b([^<>]{0,1000})>", re.IGNORECASE)
_SCRIPT_ENDS = re.compile(r"</script", re.IGNORECASE)
_WRAPPED = re.compile(r"^\s*(?://\s*)?(?:<!\[CDATA\[|<!--)|(?://\s*)?(?:\]\]>|-->)\s*$")
_FALSE = re.compile(
    r"\b(?:false|fake|wrong|incorrect|inaccurate|untrue|refuted|pants on fire|debunked|hoax|baseless|fabricated)\b",
    re.IGNORECASE,
)
_TRUE = re.compile(r"\b(?:true|correct|accurate|supported|confirmed|verified)\b", re.IGNORECASE)
_NOT = r"(?:\b(?:not|never|nothing|hardly|neither|far from)|\w+n[’']t)\s+(?:\w+\s+){0,2}?"
_NOT_TRUE = re.compile(_NOT + r"(?:true|correct|accurate)\b", re.IGNORECASE)
# What is "not confirmed" may be true all the same, and what is "not false" is not said to be true.
_NOT_TOLD = re.compile(_NOT + f"(?:{_TRUE.pattern}|{_FALSE.pattern})", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:half|mostly|partly|partially|largely|mixed|mixture|misleading|missing)\b", re.IGNORECASE)

Row = dict[str, str]


def reviews_in_file(text: str) -> list[Row | BadFile]:
    """The fact-checks of a document, and for each that can't be read the BadFile that says why. Raises BadFile: there
    are none."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise BadFile("is not JSON") from None
    found = reviews_in(document)
    if not found:
        raise BadFile("holds no ClaimReview with what was reviewed and its rating")
    return found


def reviews_in(document: Any) -> list[Row | BadFile]:
    """The same of what JSON was parsed to, an empty list where it holds none."""
    return _told(_rows(_reviews(document)))


def holds_review(document: Any) -> bool:
    """Whether there is a fact-check anywhere in what JSON was parsed to."""
    return next(_reviews(document), None) is not None


def reviews_in_page(raw: bytes) -> list[Row | BadFile]:
    """The same of those that a web page holds as data, an empty list where it holds none."""
    if _CLAIM_REVIEW.encode() not in raw:
        return []
    from trafilatura.utils import decode_file

    documents: list[Any] = []
    refused: list[BadFile] = []
    for script in _data_of(decode_file(raw)):
        if _CLAIM_REVIEW in script:
            try:
                documents.append(_parsed(script))
            except (ValueError, RecursionError):
                refused.append(BadFile("the page holds a ClaimReview that is not JSON"))
    return [*reviews_in(documents), *refused[:1]]


def _data_of(page: str) -> Iterator[str]:
    at = 0
    while opened := _SCRIPT.search(page, at):
        closed = _SCRIPT_ENDS.search(page, opened.end())
        at = closed.start() if closed else len(page)
        if "ld+json" in opened[1].lower():
            yield page[opened.end() : at]


def _parsed(script: str) -> Any:
    """A script's document, as browsers and search engines put up with it. Raises ValueError, RecursionError."""
    try:
        return json.loads(script, strict=False)
    except ValueError:
        return json.loads(html.unescape(_WRAPPED.sub("", script)), strict=False)


def _reviews(document: Any) -> Iterator[dict[str, Any]]:
    """Every ClaimReview in a document, wherever and however deep it stands, in its order."""
    left = [document]
    while left:
        node = left.pop()
        if isinstance(node, dict):
            kinds = node.get("@type")
            # In collections of fact-checks the kind is often left out, as all are of one.
            if _CLAIM_REVIEW in (kinds if isinstance(kinds, list) else [kinds]) or node.keys() >= _OF_A_REVIEW:
                yield node
                continue
            node = list(node.values())
        if isinstance(node, list):
            left += [one for one in reversed(node) if isinstance(one, dict | list)]


def _rows(reviews: Iterable[dict[str, Any]]) -> Iterator[Row | BadFile]:
    """Each fact-check once: some pages hold theirs two times."""
    seen = set()
    for number, node in enumerate(reviews, 1):
        try:
            row = _row(node, number)
        except BadFile as error:
            yield error
            continue
        if tuple(row.values()) not in seen:
            seen.add(tuple(row.values()))
            yield row


def parted(found: Iterable[Row | BadFile]) -> tuple[list[Row], list[BadFile]]:
    """The rows that could be read, and why others could not."""
    rows: list[Row] = []
    refused: list[BadFile] = []
    for one in found:
        (refused if isinstance(one, BadFile) else rows).append(one)
    return rows, refused


def _told(found: Iterable[Row | BadFile]) -> list[Row | BadFile]:
    """The fact-checks that can be read, then the first of those that can't, and how many more there are of these."""
    rows, refused = parted(found)
    told: list[Row | BadFile] = [*rows, *refused[:_MOST_TOLD]]
    if len(refused) > _MOST_TOLD:
        told.append(BadFile(f"{len(refused) - _MOST_TOLD:,} more fact-checks can't be read"))
    return told


def _row(node: dict[str, Any], number: int) -> Row:
    """A fact-check as a statement of the fact-checker, with the rating in its words. Raises BadFile."""
    claim = _words(node.get("claimReviewed"))
    rating = _first(node.get("reviewRating"))
    rating = rating if isinstance(rating, dict) else {"name": rating if isinstance(rating, str) else ""}
    words = next(filter(None, map(_words, map(rating.get, ("alternateName", "name", "ratingValue")))), "")
    text = f"{claim.rstrip('.')} – {words}"
    which = f"fact-check {number}"
    if not claim:
        raise BadFile(f"{which} doesn't say what it reviewed")
    if not words:
        raise BadFile(f"{which} ({claim[:40]!r}) has no rating")
    if len(text) > LONGEST:
        raise BadFile(f"{which} ({claim[:40]!r}) has {len(text):,} characters; at most {LONGEST:,} are read")
    checker = _named(node.get("author")) or _named(node.get("publisher"))
    return {
        "text": text,
        "standalone": reading_of(claim, words),
        "speaker": checker,
        "outlet": checker,
        "date": _day(_words(node.get("datePublished"))),
        "url": web_address(_words(node.get("url"))),
        "title": "",
        "language": _language(node.get("inLanguage")),
    }


def reading_of(claim: str, rating: str) -> str:
    """What a fact-check says by a rating, where it is plain: the claim, or that it is not true; else ""."""
    not_true = _NOT_TRUE.search(rating)
    if _BETWEEN.search(rating) or (_NOT_TOLD.search(rating) and not not_true):
        return ""
    if not_true or _FALSE.search(rating):
        return f"It is not true that {claim[:1].lower() if not claim[:2].isupper() else claim[:1]}{claim[1:]}"
    return claim if _TRUE.search(rating) else ""


def _first(node: Any) -> Any:
    return (node[0] if node else None) if isinstance(node, list) else node


def _words(node: Any) -> str:
    node = _first(node)
    if isinstance(node, float) and not math.isfinite(node):
        return ""
    return " ".join(storable(str(node)).split()) if isinstance(node, str | int | float) else ""


def _day(given: str) -> str:
    try:
        return iso_day(given[:10])
    except ValueError:
        return ""


def _language(node: Any) -> str:
    """A tag of what schema.org allows: a tag, a Language whose other name is one, or several of these."""
    node = _first(node)
    return language_or_none(node.get("alternateName") if isinstance(node, dict) else node)


def _named(node: Any) -> str:
    node = _first(node)
    return _words(node.get("name") if isinstance(node, dict) else node)
