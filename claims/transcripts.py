"""Interviews printed as they were spoken: paragraphs that begin with the speaker's name and a colon."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from claims.layout import Paragraph, Role

_TURN = re.compile(r"^[“\"‘']?(?P<name>[A-Z][A-Z.’'-]+(?: [A-Z][A-Z.’'-]*){0,4})(?: ?\([^)]{1,40}\))?: +(?=\S)")
# A name that isn't in capitals may as well be the beginning of a list's item ("Monday: …").
_MIXED_TURN = re.compile(r"^[“\"‘']?(?P<name>[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){0,3})(?: ?\([^)]{1,40}\))?: +(?=\S)")
_OPENED = ("“", '"')
# One such line may be a warning or a heading ("BREAKING: …").
_LEAST_TURNS = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """One paragraph of somebody's speech: characters of the name, and where in `paragraph` (its place) speech begins.

    A paragraph that only goes on has the name of the paragraph where the turn began, `start` at its own beginning.
    """

    paragraph: int
    name: tuple[int, int]
    start: int


def find_turns(parts: list[Paragraph]) -> dict[int, Turn]:
    """Turns of the article by their paragraphs' places; offsets count characters of the article."""
    found: dict[int, Turn] = {}
    turn = _form_of_turns([part.text for part in parts if part.role is Role.BODY])
    if turn is None:
        return {}
    before: Turn | None = None
    for place, part in enumerate(parts):
        if part.role is not Role.BODY:
            continue
        match = turn.match(part.text)
        if match:
            name = (part.start + match.start("name"), part.start + match.end("name"))
            before = Turn(place, name, part.start + match.end())
        elif before is not None and part.text.startswith(_OPENED):
            before = Turn(place, before.name, part.start + 1)
        else:
            before = None
        if before is not None:
            found[place] = before
    return found


def _form_of_turns(lines: list[str]) -> re.Pattern[str] | None:
    """How turns begin in these paragraphs; None where they are no transcript.

    Names in capitals have to come again; others only count where two people take turns, each at least twice.
    """
    names = [match["name"] for line in lines if (match := _TURN.match(line))]
    if len(names) >= _LEAST_TURNS and len(set(names)) < len(names):
        return _TURN
    surnames = Counter(match["name"].split()[-1] for line in lines if (match := _MIXED_TURN.match(line)))
    return _MIXED_TURN if sum(turns > 1 for turns in surnames.values()) > 1 else None
