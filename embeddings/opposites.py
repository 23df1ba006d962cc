"""Words of opposite meaning, from the list beside this file."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("opposites.tsv")
_PARTS = {"ADJ": "a", "NOUN": "n", "ADV": "r", "VERB": "v"}


@lru_cache(maxsize=1)
def all_opposites() -> frozenset[tuple[str, str, str]]:
    """Lemma, lemma (in the order of the alphabet) and part of speech: a, n, r or v."""
    rows = (line.split("\t") for line in _FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return frozenset((one, other, part) for one, other, part in rows)


def opposed(one: str, other: str, part_of_speech: str) -> bool:
    """Whether two lemmas of one universal part of speech ("VERB") are opposites."""
    part = _PARTS.get(part_of_speech)
    return part is not None and (min(one, other), max(one, other), part) in all_opposites()
