"""Interviews printed as they were spoken: paragraphs that begin with the speaker's name in capitals and a colon."""

from __future__ import annotations

import re
from dataclasses import dataclass

from claims.layout import Paragraph, Role

_TURN = re.compile(r"^[“\"‘']?(?P<name>[A-Z][A-Z.’'-]+(?: [A-Z][A-Z.’'-]*){0,4})(?: ?\([^)]{1,40}\))?: +(?=\S)")
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
    names = [match["name"] for part in parts if part.role is Role.BODY and (match := _TURN.match(part.text))]
    if len(names) < _LEAST_TURNS or len(set(names)) == len(names):
        return {}
    before: Turn | None = None
    for place, part in enumerate(parts):
        if part.role is not Role.BODY:
            continue
        match = _TURN.match(part.text)
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
