"""Which names so many articles hold that two of them share one by chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from embeddings.reasons import full_names
from embeddings.training_data import rough_sentences


def names_common_in(rows: Iterable[dict], share: float) -> list[str]:
    """The names of several words that stand in at least `share` (0 to 1) of the articles, in order of the alphabet;
    `rows` have a ``text``."""
    articles, count = Counter(), 0
    for row in rows:
        articles.update(set().union(*map(full_names, rough_sentences(row["text"]))))
        count += 1
    return sorted(name for name, often in articles.items() if often >= share * count)
