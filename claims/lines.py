"""The lines of a text, joined to paragraphs where somebody wrapped it at a width."""

from __future__ import annotations

import re
from itertools import pairwise

from claims.sentences import trim

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_BREAK = re.compile(r"[\r\n\u2028\u2029]")
# What is shorter is verse or a column of a list, what is longer was never wrapped.
_NARROWEST, _WIDEST = 45, 110
_FULL = 0.87
_LEAST_JOINTS = 4
_LEAST_FULL, _LEAST_GOING_ON, _MOST_STOPS = 0.8, 0.5, 0.4
_STOP = re.compile(r"[.!?:;…][\"”’')\]]*$")
_WORD = re.compile(r"\S+")
_NEW_ITEM = re.compile(r"[•*·▪◦>]\s")
# A dash within a sentence, and the number that ends it, may begin a line, too.
_MAY_BE_AN_ITEM = re.compile(r"(?:[-–]|\d{1,2}[.)])\s")
_ENDED = re.compile(r"[.!?:;,…][\"”’')\]]*$")


def lines_of(text: str) -> list[tuple[int, int]]:
    """First and last character of every line with letters in it, without outer white space; in a text that is wrapped,
    of every paragraph.

    Wrapped is a text whose lines end where the next word would not have fitted, mostly within a sentence: neither
    verse nor a list nor a text with a line a paragraph does.
    """
    spans = [span for match in _LINE.finditer(text) if (span := trim(text, *match.span()))]
    width = _width(text, spans)
    if not width:
        return spans
    joined = spans[:1]
    for before, line in pairwise(spans):
        if _goes_on(text, before, line, width) and not _is_new_item(text, joined[-1][0], before, line):
            joined[-1] = (joined[-1][0], line[1])
        else:
            joined.append(line)
    return joined


def plain_line(paragraph: str) -> str:
    """A paragraph with a blank for each end of line in it: of the same length."""
    return _BREAK.sub(" ", paragraph)


def _width(text: str, spans: list[tuple[int, int]]) -> int:
    """At how many characters a text is wrapped; 0 where it isn't."""
    joints = [(one, two) for one, two in pairwise(spans) if _is_near(text, one, two)]
    if len(joints) < _LEAST_JOINTS:
        return 0
    lengths = sorted(end - start for (start, end), _ in joints)
    width = lengths[int(0.9 * (len(lengths) - 1))]
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    full = sum(_is_full(text, one, two, width) for one, two in joints)
    going_on = sum(not text[two[0]].isupper() for _, two in joints)
    stops = sum(bool(_STOP.search(text, *one)) for one, _ in joints)
    wrapped = full >= _LEAST_FULL * len(joints) and going_on >= _LEAST_GOING_ON * len(joints)
    return width if wrapped and stops <= _MOST_STOPS * len(joints) else 0


def _goes_on(text: str, one: tuple[int, int], two: tuple[int, int], width: int) -> bool:
    return _is_near(text, one, two) and _is_full(text, one, two, width)


def _is_new_item(text: str, opened: int, one: tuple[int, int], two: tuple[int, int]) -> bool:
    """Whether a list's item begins with the second line; `opened` is where the paragraph of the first one begins."""
    if _NEW_ITEM.match(text, two[0]):
        return True
    ended = _ENDED.search(text, *one) or _MAY_BE_AN_ITEM.match(text, opened)
    return bool(ended and _MAY_BE_AN_ITEM.match(text, two[0]))


def _is_near(text: str, one: tuple[int, int], two: tuple[int, int]) -> bool:
    """Whether no empty line stands between two lines."""
    between = text[one[1] : two[0]].replace("\r\n", "\n")
    return len(_BREAK.findall(between)) == 1


def _is_full(text: str, one: tuple[int, int], two: tuple[int, int], width: int) -> bool:
    """Whether the next line's first word would hardly have fitted behind a line."""
    word = _WORD.match(text, two[0])
    return one[1] - one[0] + 1 + len(word[0]) > _FULL * width
