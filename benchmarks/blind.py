"""Pairs of statements that two people read without knowing what any program made of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

_YES, _NO = {"yes", "y", "1"}, {"no", "n", "0"}


def write_blind(folder: Path, pairs: Iterable[tuple[str, str, str, str]], key: dict) -> None:
    """Pairs as both statements, each followed by what stands before it, into `folder/sample.csv`, whose column
    ``conflict`` is to be filled in; `key`, what the readers mustn't see, into `folder/key.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "sample.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["number", "a", "before_a", "b", "before_b", "conflict"])
        writer.writerows([number, *pair, ""] for number, pair in enumerate(pairs))
    (folder / "key.json").write_text(json.dumps(key), encoding="utf-8")


def key_of(folder: Path) -> dict:
    """What `write_blind` kept from the readers."""
    return json.loads((folder / "key.json").read_text(encoding="utf-8"))


def reading(path: Path, size: int) -> list[bool]:
    """A reader's answers in the order of the sample.

    Raises:
        ValueError: an answer is missing or neither yes nor no.
    """
    with path.open(newline="", encoding="utf-8") as file:
        said = {int(row["number"]): row["conflict"].strip().lower() for row in csv.DictReader(file)}
    for number in range(size):
        if said.get(number) not in _YES | _NO:
            raise ValueError(f"{path}: pair {number} has {said.get(number)!r}; write yes or no")
    return [said[number] in _YES for number in range(size)]


def differing(readings: Sequence[Sequence[bool]], names: Sequence[str]) -> list[str]:
    """A line for each pair on which the two readers differ; `names` says what each pair is."""
    return [
        f"the readers differ on pair {number} ({name})"
        for number, (*said, name) in enumerate(zip(*readings, names, strict=True))
        if said[0] != said[1]
    ]


def real(readings: Sequence[Sequence[bool]], places: Sequence[int]) -> tuple[int, int, int]:
    """Of the pairs at these places, those that are a conflict by the first reader, by the second, and by both."""
    first, second = ([read[place] for place in places] for read in readings)
    return sum(first), sum(second), sum(a and b for a, b in zip(first, second, strict=True))
