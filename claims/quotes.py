"""Quotation marks: where each quoted stretch begins and ends, also over several paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from claims.layout import Paragraph, Role


@dataclass(frozen=True, slots=True)
class Quote:
    """What stands between two marks: ``article_text[start:end]``, the marks left out.

    `paragraph` is the paragraph's place in the list; `continues` says that the stretch goes on from the quotation
    that the paragraph before left open.
    """

    start: int
    end: int
    paragraph: int
    continues: bool


_DOUBLE = {"“": "”", "«": "»", "„": "“", '"': '"'}
# A single mark opens after a space or a bracket and before a letter; it closes after a letter or stop, before none.
_SINGLE_OPEN = re.compile(r"(?:(?<=^)|(?<=[\s(\[—–-]))[‘'](?=\w)")
_SINGLE_CLOSE = re.compile(r"(?<=[\w.,!?…])[’'](?!\w)")
_PLURAL_POSSESSIVE = re.compile(r"s[’'](?=\s+[a-z])")


def find_quotes(parts: list[Paragraph]) -> list[Quote]:
    """Quoted stretches of the body, in order.

    An article that uses double marks quotes people with those, and single marks in it hold words of others; only an
    article without double marks quotes with single ones.
    """
    bodies = [part for part in parts if part.role is Role.BODY]
    double = any(mark in part.text for part in bodies for mark in '“«"')
    quotes: list[Quote] = []
    left_open = False
    for place, part in enumerate(parts):
        if part.role is not Role.BODY:
            continue
        spans, unclosed = _double_spans(part.text) if double else (_single_spans(part.text), False)
        for number, (start, end) in enumerate(spans):
            continues = left_open and number == 0 and not part.text[:start].strip("“\"‘' ")
            quotes.append(Quote(part.start + start, part.start + end, place, continues))
        left_open = unclosed
    return quotes


def with_both_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch with the other mark of a quotation of which it holds only one: `fantasy” reports` → `“fantasy” …`.

    A stretch that lies within one quotation stays as it is, without marks.
    """
    spans = _double_spans(text)[0]
    # Only the last quotations that open before its ends can reach into it.
    for place in (bisect_left(spans, (edge + 1,)) - 1 for edge in (start, end)):
        if place < 0:
            continue
        opens, closes = spans[place][0] - 1, spans[place][1]
        if start < opens < end <= closes < len(text) and not text[end:closes].strip(".,!?… "):
            end = closes + 1
        elif opens < start and start < closes < end and not text[opens + 1 : start].strip():
            start = opens
    return start, end


def is_direct(text: str, start: int, end: int) -> bool:
    """Whether the stretch is all that stands between two marks of quotation, double or single."""
    closing = {**_DOUBLE, "‘": "’", "'": "'"}.get(text[start - 1 : start])
    if closing is None or text[end:].lstrip(".,!?…")[:1] != closing:
        return False
    # "The workers’ pay" has an apostrophe, and so has "don’t".
    ended = _SINGLE_CLOSE.search(text, start, end) if closing in "’'" else closing in text[start:end]
    return not ended


@lru_cache(maxsize=32)
def _double_spans(line: str) -> tuple[list[tuple[int, int]], bool]:
    spans, opened, closer = [], None, ""
    for place, letter in enumerate(line):
        if opened is None:
            if letter in _DOUBLE:
                opened, closer = place + 1, _DOUBLE[letter]
        elif letter == closer or (letter == '"' and closer == "”"):
            if place > opened:
                spans.append((opened, place))
            opened = None
    if opened is not None and opened < len(line):
        spans.append((opened, len(line)))
    return spans, opened is not None


def _single_spans(line: str) -> list[tuple[int, int]]:
    spans, after = [], 0
    possessives = {match.end() - 1 for match in _PLURAL_POSSESSIVE.finditer(line)}
    closings = [match.span() for match in _SINGLE_CLOSE.finditer(line) if match.start() not in possessives]
    for opening in _SINGLE_OPEN.finditer(line):
        if opening.start() < after:
            continue
        place = bisect_left(closings, (opening.end(),))
        if place == len(closings):
            break
        start, after = closings[place]
        spans.append((opening.end(), start))
    return spans
