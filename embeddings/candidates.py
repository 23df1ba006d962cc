"""Which pairs are worth judging: near in meaning, or speaking of the same things in rare words."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from claims import Claim
from embeddings.index import VectorIndex

_WORD = re.compile(r"[^\W_][\w’'-]*")
# A word that more than this share of the claims use tells nothing about what they speak of.
_COMMON_SHARE = 0.15


def candidate_pairs(
    claims: Sequence[Claim],
    new: set[str],
    index: VectorIndex,
    vectors: np.ndarray,
    neighbours: int,
    allowed: Callable[[Claim, Claim], bool],
) -> list[tuple[str, str]]:
    """Pairs of ids (a < b) that touch a claim in `new`, each once, in a stable order.

    For each new claim the `neighbours` likeliest of the claims that `allowed` lets stand beside it: half of them by
    cosine, the rest by shared rare words; one batched search serves all.
    """
    by_id = {claim.id: place for place, claim in enumerate(claims)}
    asking = [place for place, claim in enumerate(claims) if claim.id in new]
    if not asking:
        return []
    # Claims of the same source are found too and fall away, hence the wider search.
    found = index.search(vectors[asking], neighbours * 3)
    lexical = SharedWords([claim.standalone for claim in claims])
    pairs: dict[tuple[str, str], None] = {}
    for place, near in zip(asking, found, strict=True):
        claim = claims[place]
        by_meaning = [
            by_id[hit.id]
            for hit in near
            if hit.id in by_id and hit.id != claim.id and allowed(claim, claims[by_id[hit.id]])
        ]
        by_words = [other for other in lexical.nearest(place) if allowed(claim, claims[other])]
        for other in _interleave(by_meaning, by_words, neighbours):
            a, b = sorted((claim.id, claims[other].id))
            pairs[a, b] = None
    return list(pairs)


def _interleave(first: list[int], second: list[int], most: int) -> list[int]:
    """Up to `most` places taken in turn from both lists, none twice."""
    taken: dict[int, None] = {}
    longest = max(len(first), len(second))
    for rank in range(longest):
        for ranked in (first, second):
            if rank < len(ranked) and len(taken) < most:
                taken[ranked[rank]] = None
    return list(taken)


class SharedWords:
    """Texts by the rare words that they share, weighted by rarity."""

    def __init__(self, texts: Sequence[str]):
        self._words = [sorted(set(stems(text))) for text in texts]
        counts = Counter(word for words in self._words for word in words)
        ceiling = max(3, _COMMON_SHARE * len(texts))
        self._weight = {
            word: math.log(1 + len(texts) / count) for word, count in counts.items() if 1 < count <= ceiling
        }
        self._holders: dict[str, list[int]] = defaultdict(list)
        for place, words in enumerate(self._words):
            for word in words:
                if word in self._weight:
                    self._holders[word].append(place)

    def nearest(self, place: int) -> list[int]:
        """Places of the texts that share words with the text at `place`, most weight first."""
        return [other for other in self._ranked(self._words[place]) if other != place]

    def nearest_to(self, text: str) -> list[int]:
        """Places of the texts that share words with any text, most weight first."""
        return self._ranked(sorted(set(stems(text))))

    def _ranked(self, words: Sequence[str]) -> list[int]:
        scores: dict[int, float] = defaultdict(float)
        for word in words:
            for other in self._holders.get(word, ()):
                scores[other] += self._weight[word]
        return sorted(scores, key=lambda other: (-scores[other] / math.sqrt(len(self._words[other]) or 1), other))


def stems(text: str) -> list[str]:
    """Lower-case words without common endings: crude on purpose, for matching only."""
    return [re.sub(r"(?:[’']s|ing|ed|es|s)$", "", word.lower()) for word in _WORD.findall(text) if len(word) > 2]
