"""What a larger network, the teacher, says of pairs: asked once, kept in a file, and learned by the small one.

A teacher reads pairs better than the network that ships and is far too slow and too large to ship itself. Its four
outputs on a pair tell more than the pair's label, and it can be asked of pairs that nobody labelled.
"""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import numpy as np

from embeddings.training_data import (
    ANY,
    NLI_SETS,
    TrainingPair,
    neighbouring_sentences,
    pair_from_row,
    read_rows,
    twin_pairs,
)

# Sets whose premises stand with several hypotheses: what two hypotheses of one premise say of each other, nobody
# labelled.
SIBLINGS = ("mnli_nyu20k", "lingnli", "new_protocols")
# Shares of the unlabelled pairs by kind; everything else is asked of whole.
REVERSED_SHARE, SIBLING_SHARE = 0.3, 0.5
# Neighbours are looked for in articles that nothing else was mined from: some for a mixture, many where only those of
# the news are asked of. Later articles are for measuring false alarms.
NEIGHBOURS_FROM, NEIGHBOURS_TO = 3000, 6000
NEWS_TO = 13_000
# How often the conflicts that people read come in an epoch; all else comes once.
CONFLICT_REPEATS = 2


def questions(
    data: Path, own: Iterable[TrainingPair], encode: Callable[[list[str]], np.ndarray], spared: set[str], seed: int
) -> list[TrainingPair]:
    """What a teacher is asked, shuffled, each pair once: the labelled sets, the pairs written and read for this job
    (`own`), and pairs without a label: hypotheses as premises, two hypotheses of one premise, and neighbouring
    sentences of the news corpus in articles whose ids are not `spared`."""
    rng = random.Random(seed)
    folder = data / "nli" / "train"
    rows = {name: list(read_rows(folder / f"{name}.jsonl.gz")) for name in NLI_SETS}
    pairs = [*own, *(pair_from_row(row, name) for name, found in rows.items() for row in found)]
    pairs += twin_pairs(folder, rng)
    for name in SIBLINGS:
        pairs += [
            open_pair(row["hypothesis"], row["premise"], "reversed")
            for row in rng.sample(rows[name], int(len(rows[name]) * REVERSED_SHARE))
        ]
        pairs += _siblings(rows[name], rng)
    pairs += _neighbours(data, encode, spared, NEIGHBOURS_FROM, NEIGHBOURS_TO)
    return _once(pairs, rng)


def news_questions(
    data: Path, encode: Callable[[list[str]], np.ndarray], spared: set[str], seed: int
) -> list[TrainingPair]:
    """Pairs such as the product judges, which nobody labelled, shuffled, each once: neighbouring sentences of articles
    that `questions` leaves out and whose ids are not `spared`."""
    return _once(_neighbours(data, encode, spared, NEIGHBOURS_TO, NEWS_TO), random.Random(seed))


def _neighbours(
    data: Path, encode: Callable[[list[str]], np.ndarray], spared: set[str], first: int, end: int
) -> list[TrainingPair]:
    corpus = (row for row in read_rows(data / "corpus" / "news_20k.jsonl.gz") if row["id"] not in spared)
    articles = list(islice(corpus, first, end))
    found = neighbouring_sentences(articles, encode, len(articles) * 10)
    return [open_pair(one, other, "neighbours") for one, other in found]


def _once(pairs: Sequence[TrainingPair], rng: random.Random) -> list[TrainingPair]:
    once = list({(pair.premise, pair.hypothesis): pair for pair in reversed(pairs)}.values())
    once.sort(key=lambda pair: (pair.premise, pair.hypothesis))
    rng.shuffle(once)
    return once


def open_pair(premise: str, hypothesis: str, source: str) -> TrainingPair:
    """A pair that nobody labelled."""
    return TrainingPair(premise, hypothesis, ANY, None, 0.0, source, 0.0)


def _siblings(rows: Iterable[dict], rng: random.Random) -> Iterator[TrainingPair]:
    by_premise: dict[str, list[str]] = {}
    for row in rows:
        by_premise.setdefault(row["premise"], []).append(row["hypothesis"])
    for hypotheses in by_premise.values():
        if len(hypotheses) > 1 and rng.random() < SIBLING_SHARE:
            yield open_pair(*rng.sample(hypotheses, 2), "siblings")


def taught_epoch(pairs: Sequence[TrainingPair], seed: int) -> list[TrainingPair]:
    """One shuffled epoch of pairs that a teacher answered."""
    epoch = [pair for pair in pairs for _ in range(CONFLICT_REPEATS if pair.source == "read" and pair.tension else 1)]
    random.Random(seed).shuffle(epoch)
    return epoch


class TaughtFile:
    """Pairs with a teacher's answers as JSON lines, gzipped, one member after another, so that it can be added to."""

    def __init__(self, path: Path):
        self.path = path

    def pairs(self, bias: float = 0.0) -> Iterator[TrainingPair]:
        """All pairs, in the order in which they were answered, the logit of tension changed by `bias`: a teacher that
        learned from more conflicts than there are calls too much tension. Raises FileNotFoundError."""
        for row in read_rows(self.path):
            *classes, tension = row["logits"]
            yield TrainingPair(**(row | {"logits": (*classes, tension + bias)}))

    def asked(self) -> int:
        """How many questions were put, answered or too long; 0 where there is no file yet."""
        beside = self._beside
        return json.loads(beside.read_text())["asked"] if beside.exists() else 0

    def add(self, pairs: Iterable[TrainingPair], asked: int) -> None:
        """Appends answers, then notes that the first `asked` questions are done: answers that were appended and not
        noted when a run was cut are there twice afterwards, which does no harm."""
        # Packed lightly: a graphics card answers faster than the highest level packs.
        with gzip.open(self.path, "at", compresslevel=3, encoding="utf-8") as lines:
            lines.writelines(json.dumps(asdict(pair)) + "\n" for pair in pairs)
        part = self._beside.with_suffix(".part")
        part.write_text(json.dumps({"asked": asked}))
        os.replace(part, self._beside)

    @property
    def _beside(self) -> Path:
        return self.path.with_suffix(".asked.json")
