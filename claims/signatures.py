"""How posts of a network are signed in an article's text: "… — Ann Low (@annlow) May 3, 2021"."""

from __future__ import annotations

import re

from claims.written_dates import DATE

# A post is short; what is longer before its signature began as the article's own words.
LONGEST_POST = 330
_LINK = r"(?:https?://|pic\.twitter\.com/)"
_BLANKS = r"(?:(?<!\s)\s+)?"  # from where they begin, so that a long row of them is gone through once
SIGNED = re.compile(
    rf"(?P<links>(?:{_BLANKS}{_LINK}(?:(?!{_LINK})\S){{1,300}}){{0,6}}){_BLANKS}"
    rf"[—–-]{{1,2}} ?(?P<name>[^\s()—–][^()\n—–]{{1,60}}?)\s?\(@\w{{1,20}}\),? (?P<date>{DATE})"
)


def cut_at_posts(line: str) -> list[tuple[int, int, bool]]:
    """Stretches of a line: first and last character, and whether they are a post's words. Its signature, links before
    it included, is a stretch of its own; where the line has none there is one stretch."""
    found: list[tuple[int, int, bool]] = []
    at = 0
    for match in SIGNED.finditer(line):
        words = line[at : match.start()].strip()
        if words:
            found.append((at, match.start(), len(words) <= LONGEST_POST))
        found.append((match.start(), match.end(), False))
        at = match.end()
    return [*found, (at, len(line), False)] if line[at:].strip() else found
