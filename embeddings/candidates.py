"""Which pairs are worth judging: near in meaning, speaking of the same things in rare words, or of opposite outcome."""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np

from claims import Claim
from embeddings.index import VectorIndex
from embeddings.opposites import all_opposites

_WORD = re.compile(r"[^\W_][\w’'-]*")
# A word that more than this share of the claims use tells nothing about what they speak of.
_COMMON_SHARE = 0.15
# How far down the ranking by words, in depths asked for, opposites are looked for: in 100,000 claims it is long.
_DEPTHS_READ = 30
NEGATION = frozenset({"not", "no", "never", "none", "nothing", "nobody", "without", "neither", "cannot"})

Allowed = Callable[[Claim, Claim], bool]


class Finders:
    """Cheap ways to the claims worth judging beside a claim; each gives the places of claims, the likeliest first.

    `vectors` (claims, dimension) are the claims' unit vectors in the order of `claims`, `index` holds them all.
    """

    NAMES = ("meaning", "words", "opposites")

    def __init__(self, claims: Sequence[Claim], index: VectorIndex, vectors: np.ndarray):
        self._claims, self._index, self._vectors = claims, index, vectors
        self._place_of = {claim.id: place for place, claim in enumerate(claims)}
        self._words = SharedWords([claim.standalone for claim in claims])

    def find(self, asking: Sequence[int], depth: int, allowed: Allowed) -> Iterator[tuple[int, dict[str, list[int]]]]:
        """For each place asked about, by each way, up to `depth` places of claims that `allowed` lets stand beside."""
        # Claims of the same source are found too and fall away, hence the wider search.
        found = self._index.search(self._vectors[list(asking)], depth * 3)
        for place, near in zip(asking, found, strict=True):
            claim = self._claims[place]
            by_meaning = [self._place_of[hit.id] for hit in near if hit.id in self._place_of]
            by_words = self._words.nearest(place, depth * _DEPTHS_READ)
            ways = {"meaning": by_meaning, "words": by_words, "opposites": self._words.opposed(place, by_words)}
            yield (
                place,
                {
                    name: [other for other in ranked if other != place and allowed(claim, self._claims[other])][:depth]
                    for name, ranked in ways.items()
                },
            )


def candidate_pairs(
    claims: Sequence[Claim],
    new: set[str],
    index: VectorIndex,
    vectors: np.ndarray,
    neighbours: int,
    allowed: Allowed,
) -> list[tuple[str, str]]:
    """Pairs of ids (a < b) that touch a claim in `new`, each once, in a stable order.

    For each new claim the `neighbours` likeliest of the claims that `allowed` lets stand beside it, taken in turn from
    each of the finders' rankings; one batched search serves all.
    """
    asking = [place for place, claim in enumerate(claims) if claim.id in new]
    if not asking:
        return []
    pairs: dict[tuple[str, str], None] = {}
    for place, ways in Finders(claims, index, vectors).find(asking, neighbours, allowed):
        for other in interleave(list(ways.values()), neighbours):
            a, b = sorted((claims[place].id, claims[other].id))
            pairs[a, b] = None
    return list(pairs)


def interleave(rankings: Sequence[Sequence[int]], most: int) -> list[int]:
    """Up to `most` places taken in turn from all rankings, none twice."""
    taken: dict[int, None] = {}
    for rank in range(max(map(len, rankings), default=0)):
        for ranked in rankings:
            if rank < len(ranked) and len(taken) < most:
                taken[ranked[rank]] = None
    return list(taken)


class SharedWords:
    """Texts by the rare words that they share, weighted by rarity."""

    def __init__(self, texts: Sequence[str]):
        self._words = [sorted(set(stems(text))) for text in texts]
        self._word_sets = [frozenset(words) for words in self._words]
        self._root = [math.sqrt(len(words) or 1) for words in self._words]
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

    def nearest(self, place: int, most: int) -> list[int]:
        """Up to `most` places of the texts that share words with the text at `place`, most weight first."""
        ranked = self._ranked(self._words[place], most + 1)
        return [other for other in ranked if other != place][:most]

    def opposed(self, place: int, ranked: Sequence[int]) -> list[int]:
        """Of the texts at `ranked`, in their order, those of opposite outcome: with a word whose opposite the text at
        `place` holds, or with a negation where that has none, or the other way round."""
        words = set(self._words[place])
        wanted = {opposite for word in words for opposite in _opposed_stems().get(word, ())}
        denies = bool(words & NEGATION)
        found = []
        for other in ranked:
            theirs = self._word_sets[other]
            if not wanted.isdisjoint(theirs) or denies != (not NEGATION.isdisjoint(theirs)):
                found.append(other)
        return found

    def nearest_to(self, text: str) -> list[int]:
        """Places of the texts that share words with any text, most weight first."""
        return self._ranked(sorted(set(stems(text))), len(self._words))

    def _ranked(self, words: Sequence[str], most: int) -> list[int]:
        scores: dict[int, float] = defaultdict(float)
        for word in words:
            for other in self._holders.get(word, ()):
                scores[other] += self._weight[word]
        # Nearly all texts of a large collection share some word with each: the best are picked, not all put in order.
        found = ((-score / self._root[other], other) for other, score in scores.items())
        return [other for _, other in heapq.nsmallest(most, found)]


@lru_cache(maxsize=1)
def _opposed_stems() -> dict[str, set[str]]:
    """For each stem the stems of its opposites, whatever the part of speech."""
    found: dict[str, set[str]] = defaultdict(set)
    for one, other, _ in all_opposites():
        for left, right in ((one, other), (other, one)):
            found[_stem(left)].add(_stem(right))
    return dict(found)


def stems(text: str) -> list[str]:
    """Lower-case words without common endings: crude on purpose, for matching only."""
    return [_stem(word.lower()) for word in _WORD.findall(text) if len(word) > 1]


def _stem(word: str) -> str:
    return re.sub(r"(?:[’']s|ing|ed|es|s|e)$", "", word)
