"""Training pairs made for this model: what others might say of a real claim, and how pairs of real claims were read.

`embeddings/written/*.jsonl` holds two kinds of rows. Claims' own words stay in the corpus; a place is an article's id
there, and the first and the past-the-last character of its text.

- ``{"article", "start", "end", "s", "c", "t", "n"}``: a claim's place, and up to four sentences written to it: ``s``
  says the same, ``c`` contradicts it, ``t`` pulls against it and ``n`` looks like a conflict but is none.
- ``{"a": place, "b": place, "read": …}``: two claims, and what a reader found between them, one of READINGS. Pairs of
  ``read*.jsonl`` were drawn by chance, those of ``listed*.jsonl`` picked out of whole stories, those of
  ``flagged*.jsonl`` suspected by an earlier model.

AI assistants wrote and read them, to instructions that stand in the model card.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings.training_data import ANY, CONTRADICTION, ENTAILMENT, NEUTRAL, TrainingPair, read_rows
from embeddings.training_places import Words

# What a reader may find between two claims; "implies" is a's, "implied" is b's. "unlisted" pairs were not looked at one
# by one: both claims stand in conflicts that were listed in a whole story, this pair does not.
READINGS = ("contradicts", "tension", "same", "implies", "implied", "nothing", "unlisted")
# How much the pairs count that nobody wrote as pairs, but that follow from what was written.
IMPLIED = 0.5
# Of the pairs read, few conflict; without this the model would learn to say "nothing" to all.
CONFLICT_WEIGHT = 2.0

# Files of pairs that a model before this one suspected; most are nothing, and these come no oftener than once.
FLAGGED = "flagged"

# Which readings are conflicts, and which say that one statement supports the other.
CONFLICTS, SUPPORTS = ("contradicts", "tension"), ("same", "implies", "implied")


@dataclass(frozen=True, slots=True)
class Reading:
    """Two claims' words and what a reader found between them. `drawn` pairs were drawn by chance from those that the
    product judges; the others were picked out of whole stories. `story` tells stories apart."""

    a: str
    b: str
    found: str
    drawn: bool
    story: int


def readings(folder: Path, corpus: Path) -> list[Reading]:
    """The pairs that were read, of all ``read*.jsonl`` (drawn by chance) and ``listed*.jsonl`` under `folder`.

    Pairs are of one story where they share articles, directly or by other pairs. Raises as `written_pairs` does.
    """
    rows = [
        (row, path.name.startswith("read"))
        for path in sorted(folder.glob("*.jsonl"))
        for row in read_rows(path)
        if "read" in row
    ]
    stories: dict[str, str] = {}

    def first(article: str) -> str:
        while stories.setdefault(article, article) != article:
            article = stories[article]
        return article

    for row, _ in rows:
        check_reading(row["read"])
        stories[first(row["b"][0])] = first(row["a"][0])
    words = Words(corpus, set(stories))
    numbers = {name: number for number, name in enumerate(sorted({first(article) for article in stories}))}
    return [
        Reading(words.at(row["a"]), words.at(row["b"]), row["read"], drawn, numbers[first(row["a"][0])])
        for row, drawn in rows
    ]


def articles_of(folder: Path) -> set[str]:
    """The ids of the articles in whose claims something was read, of all rows under `folder`."""
    rows = (row for path in sorted(folder.glob("*.jsonl")) for row in read_rows(path))
    return {place[0] for row in rows if "read" in row for place in (row["a"], row["b"])}


def written_pairs(folder: Path, corpus: Path, seed: int = 29) -> Iterator[TrainingPair]:
    """All pairs of the rows under `folder`, with the claims' words from `corpus` (``id``, ``text``).

    A sentence written against one claim comes once more beside another claim of its article, where it says nothing:
    otherwise a model would learn how such sentences sound instead of what they answer.

    Raises:
        ValueError: a claim's article is not in the corpus, or is shorter there than the place of the claim; or a
            reading is none of READINGS.
    """
    rows = [
        (row, FLAGGED if path.name.startswith(FLAGGED) else "read")
        for path in sorted(folder.glob("*.jsonl"))
        for row in read_rows(path)
    ]
    written = [row for row, _ in rows if "article" in row]
    places = [(row["article"], row["start"], row["end"]) for row in written]
    read = [(tuple(row["a"]), tuple(row["b"]), row["read"], how) for row, how in rows if "read" in row]
    words = Words(corpus, {article for article, _, _ in [*places, *(place for a, b, *_ in read for place in (a, b))]})
    claims = [words.at(place) for place in places]
    beside: dict[str, list[str]] = {}
    for (article, _, _), claim in zip(places, claims, strict=True):
        beside.setdefault(article, []).append(claim)
    rng = random.Random(seed)
    for row, claim in zip(written, claims, strict=True):
        others = [other for other in beside[row["article"]] if other != claim]
        yield from _pairs_of(claim, row, others, rng)
    for a, b, reading, how in read:
        yield from _pairs_read(words.at(a), words.at(b), reading, how)


def _pairs_of(claim: str, row: dict, others: Sequence[str], rng: random.Random) -> Iterator[TrainingPair]:
    same, against, pulling, harmless = (row.get(key, "") for key in "sctn")
    if same:
        yield _pair(same, claim, ENTAILMENT, 0)
        yield _pair(claim, same, ENTAILMENT | NEUTRAL, 0)
    if harmless:
        yield _pair(claim, harmless, ENTAILMENT | NEUTRAL, 0)
        yield _pair(harmless, claim, ENTAILMENT | NEUTRAL, 0)
    for sentence, allowed in ((against, CONTRADICTION), (pulling, CONTRADICTION | NEUTRAL)):
        if not sentence:
            continue
        yield _pair(claim, sentence, allowed, 1)
        yield _pair(sentence, claim, allowed, 1)
        if same:
            yield _pair(*rng.sample([same, sentence], 2), allowed if sentence == pulling else ANY, 1, IMPLIED)
        if others:
            other = rng.choice(others)
            yield _pair(*rng.sample([other, sentence], 2), ENTAILMENT | NEUTRAL, 0, IMPLIED)
    if against and pulling:
        yield _pair(*rng.sample([against, pulling], 2), ENTAILMENT | NEUTRAL, 0, IMPLIED)


def _pairs_read(a: str, b: str, reading: str, how: str) -> Iterator[TrainingPair]:
    check_reading(reading)
    conflict = int(reading in CONFLICTS)
    weight = CONFLICT_WEIGHT if conflict else IMPLIED if reading == "unlisted" else 1.0
    harmless = ENTAILMENT | NEUTRAL
    forward, backward = {
        "contradicts": (CONTRADICTION, CONTRADICTION),
        "tension": (CONTRADICTION | NEUTRAL, CONTRADICTION | NEUTRAL),
        "same": (ENTAILMENT, ENTAILMENT),
        "implies": (ENTAILMENT, harmless),
        "implied": (harmless, ENTAILMENT),
        "nothing": (harmless, harmless),
        "unlisted": (harmless, harmless),
    }[reading]
    source = how if reading == "nothing" else "read"
    yield _pair(a, b, forward, conflict, weight, source)
    yield _pair(b, a, backward, conflict, weight, source)


def check_reading(reading: str) -> None:
    """Raises ValueError for what is none of READINGS."""
    if reading not in READINGS:
        raise ValueError(f"no reading {reading!r}; choose one of {', '.join(READINGS)}")


def _pair(
    premise: str, hypothesis: str, allowed: int, tension: int, weight: float = 1.0, source: str = "written"
) -> TrainingPair:
    return TrainingPair(premise, hypothesis, allowed, tension, weight, source, weight)
