"""Which pairs are worth judging: near in meaning, speaking of the same things in rare words, or of opposite outcome."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice, pairwise

import numpy as np
from scipy.sparse import csr_matrix

from claims import Claim
from embeddings.index import VectorIndex
from embeddings.opposites import all_opposites

_WORD = re.compile(r"[^\W_][\w’'-]*")
# A word that more than this share of the claims use tells nothing about what they speak of.
_COMMON_SHARE = 0.15
# How far down the ranking by words, in depths asked for, opposites are looked for: in 100,000 claims it is long.
_DEPTHS_READ = 30
# So many texts are compared with all others at once.
_AT_ONCE = 256
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
        found = chain.from_iterable(
            self._index.search(self._vectors[list(asking[start : start + _AT_ONCE])], depth * 3)
            for start in range(0, len(asking), _AT_ONCE)
        )
        worded = self._words.nearest(asking, depth * _DEPTHS_READ)
        for place, near, by_words in zip(asking, found, worded, strict=True):
            claim = self._claims[place]
            by_meaning = (self._place_of[hit.id] for hit in near if hit.id in self._place_of)
            ways = {"meaning": by_meaning, "words": by_words, "opposites": self._words.opposed(place, by_words)}
            yield (
                place,
                {
                    # No further than to the last that is wanted: the rankings are long.
                    name: list(
                        islice((one for one in ranked if one != place and allowed(claim, self._claims[one])), depth)
                    )
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
        self._words = [frozenset(stems(text)) for text in texts]
        self._denies = [not words.isdisjoint(NEGATION) for words in self._words]
        self._root = np.sqrt([len(words) or 1 for words in self._words])
        counts = Counter(word for words in self._words for word in words)
        ceiling = max(3, _COMMON_SHARE * len(texts))
        telling = sorted(word for word, count in counts.items() if 1 < count <= ceiling)
        self._column = {word: column for column, word in enumerate(telling)}
        weights = np.array([math.log(1 + len(texts) / counts[word]) for word in telling])
        self._held = self._matrix(self._words)
        self._holders = self._held.multiply(weights).T.tocsr()

    def nearest(self, places: Sequence[int], most: int) -> Iterator[list[int]]:
        """For each of `places` up to `most` places of the texts that share words with the text there, most weight
        first, itself left out."""
        ranked = self._ranked(self._held[list(places)], most + 1)
        for place, others in zip(places, ranked, strict=True):
            yield [other for other in others if other != place][:most]

    def opposed(self, place: int, ranked: Iterable[int]) -> Iterator[int]:
        """Of the texts at `ranked`, in their order, those of opposite outcome: with a word whose opposite the text at
        `place` holds, or with a negation where that has none, or the other way round."""
        opposites, denies = _opposed_stems(), self._denies[place]
        wanted = {opposite for word in self._words[place] for opposite in opposites.get(word, ())}
        for other in ranked:
            if denies != self._denies[other] or not wanted.isdisjoint(self._words[other]):
                yield other

    def nearest_to(self, text: str) -> list[int]:
        """Places of the texts that share words with any text, most weight first."""
        return next(self._ranked(self._matrix([frozenset(stems(text))]), len(self._words)))

    def _ranked(self, held: csr_matrix, most: int) -> Iterator[list[int]]:
        """For each row of words (sets of words, telling words) up to `most` places of texts that share some, most
        weight first."""
        for start in range(0, held.shape[0], _AT_ONCE):
            shared = held[start : start + _AT_ONCE] @ self._holders
            for first, end in pairwise(shared.indptr):
                places = shared.indices[first:end]
                scores = shared.data[first:end] / self._root[places]
                # Nearly all texts of a large collection share some word with each: only the best are put in order.
                if len(scores) > most:
                    best = scores >= np.partition(scores, -most)[-most]
                    places, scores = places[best], scores[best]
                yield places[np.lexsort((places, -scores))][:most].tolist()

    def _matrix(self, worded: Sequence[frozenset[str]]) -> csr_matrix:
        """(sets of words, telling words): 1 for each telling word that a set holds."""
        columns = [sorted(self._column[word] for word in words if word in self._column) for words in worded]
        ends = np.cumsum([0, *map(len, columns)])
        held = np.fromiter((column for row in columns for column in row), np.int32, ends[-1])
        return csr_matrix((np.ones(len(held)), held, ends), shape=(len(columns), len(self._column)))


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


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return re.sub(r"(?:[’']s|ing|ed|es|s|e)$", "", word)
