"""Statements that say the same, in groups that never hold a statement and its opposite; and the sources they have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from claims.unnamed import is_unnamed

# Share of common word triples from which two statements count as copies of one text.
_COPIED = 0.6
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Said:
    """A statement as far as its source goes: `speaker` is "" where the article or outlet speaks for itself; `story` is
    the same for articles that are copies of one text."""

    text: str
    speaker: str
    outlet: str
    story: str


def group_claims(same: Iterable[tuple[str, str, float]], opposed: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Claims that say the same, by id: the group's id is its least claim's.

    `same` holds pairs with the strength of their sameness, the strongest of which join first; two groups between which
    any pair is `opposed` are never joined, however strongly a pair of them agrees. Claims alone are left out.
    """
    rivals: dict[str, set[str]] = {}
    for one, other in opposed:
        rivals.setdefault(one, set()).add(other)
        rivals.setdefault(other, set()).add(one)
    group_of: dict[str, str] = {}
    members: dict[str, set[str]] = {}
    for one, other, _ in sorted(same, key=lambda pair: (-pair[2], pair[0], pair[1])):
        for claim in (one, other):
            members.setdefault(group_of.setdefault(claim, claim), {claim})
        mine, theirs = group_of[one], group_of[other]
        if mine == theirs or any(rivals.get(claim, set()) & members[theirs] for claim in members[mine]):
            continue
        kept, gone = sorted((mine, theirs))
        for claim in members.pop(gone):
            group_of[claim] = kept
            members[kept].add(claim)
    return {claim: group for claim, group in group_of.items() if len(members[group]) > 1}


def independent_sources(statements: Sequence[Said]) -> int:
    """How many sources stand behind statements: one speaker counts once, one outlet's own voice once, and copies of one
    text once, whoever printed them; but two people who are named as saying the same words are two. "Officials" of two
    articles are two sources."""
    parent = list(range(len(statements)))

    def root(place: int) -> int:
        while parent[place] != place:
            place = parent[place]
        return place

    triples = [_triples(one.text) for one in statements]
    for place, one in enumerate(statements):
        for earlier in range(place):
            other = statements[earlier]
            if _one_source(one, other) or (_copied(triples[place], triples[earlier]) and not _two_people(one, other)):
                parent[root(place)] = root(earlier)
    return len({root(place) for place in range(len(statements))})


def _one_source(one: Said, other: Said) -> bool:
    if one.speaker or other.speaker:
        return one.speaker == other.speaker and (one.story == other.story or not is_unnamed(one.speaker))
    if one.outlet and one.outlet == other.outlet:
        return True
    return one.story == other.story


def _two_people(one: Said, other: Said) -> bool:
    """Whether two names, each in a text of its own, are surely those of two: "Mary Holt" and "Holt" may be one."""
    if one.story == other.story or is_unnamed(one.speaker) or is_unnamed(other.speaker):
        return False
    mine, theirs = (_WORD.findall(said.speaker.lower()) for said in (one, other))
    if not mine or not theirs or mine[-1] == theirs[-1]:
        return False
    return not (set(mine) <= set(theirs) or set(theirs) <= set(mine))


def _triples(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return {tuple(words[at : at + 3]) for at in range(max(1, len(words) - 2))}


def _copied(one: set, other: set) -> bool:
    return len(one & other) > _COPIED * len(one | other)
