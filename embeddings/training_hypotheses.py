"""Training pairs of hypotheses that AI assistants wrote to premises of the entailment sets and to news sentences.

The premises' own words stay where they are; a row of ``hypotheses/*.jsonl`` names their place and holds up to three
sentences, each named as its label:

- ``{"set", "row", "entailment", "neutral", "contradiction"}``: a set under data/nli/train, and a row of it from 0;
- ``{"article", "start", "end", "entailment", …}``: a sentence of the corpus.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from embeddings.training_data import ALLOWED, LABELS, TrainingPair, read_rows
from embeddings.training_places import Words

# A contradiction of a sentence also pulls against it; what is open may or may not.
TENSION = {"contradiction": 1, "entailment": 0, "neutral": None}
TENSION_WEIGHT = 0.2
FOLDER = "hypotheses"


def hypothesis_pairs(written: Path, data: Path) -> Iterator[TrainingPair]:
    """All pairs of the rows in the FOLDER of `written`; `data` holds nli/train/ and corpus/.

    Raises:
        FileNotFoundError: there is no such set.
        ValueError: a place is not in its set or article.
    """
    rows = list(chain.from_iterable(read_rows(path) for path in sorted((written / FOLDER).glob("*.jsonl"))))
    words = Words(data / "corpus" / "news_20k.jsonl.gz", {row["article"] for row in rows if "article" in row})
    premises = {name: _premises(data, name) for name in sorted({row["set"] for row in rows if "set" in row})}
    for row in rows:
        if "set" in row:
            there = premises[row["set"]]
            if not 0 <= row["row"] < len(there):
                raise ValueError(f"{row['set']} has {len(there)} rows, none numbered {row['row']}")
            premise = there[row["row"]]
        else:
            premise = words.at((row["article"], row["start"], row["end"]))
        for label in LABELS:
            if row.get(label):
                yield TrainingPair(premise, row[label], ALLOWED[label], TENSION[label], TENSION_WEIGHT, "hypothesis")


def _premises(data: Path, name: str) -> list[str]:
    return [row["premise"].strip() for row in read_rows(data / "nli" / "train" / f"{name}.jsonl.gz")]
