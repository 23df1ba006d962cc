"""Do two claims stand in stories that are alike? By what stands around them and by what their articles name: different
stories seldom conflict."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from claims import Claim
from embeddings.judgement import Pair, RelationSettings, share_of_full
from embeddings.reasons import telling_names

# So many claims before one and after it are what it stands among: in a round-up, its own part.
_AROUND = 8
# The mean cosine of two claims of one news article, by the packaged encoder. A few claims tell little of it, so it
# counts as much as so many of their own.
_TYPICAL = 0.24
_COUNTS_AS = 3


class Surroundings:
    """What each claim of a collection stands among in its article."""

    def __init__(self, claims: Sequence[Claim], vectors: np.ndarray):
        """`vectors` (claims, dimension) are the claims' unit vectors in the order of `claims`."""
        self._claims, self._vectors = claims, vectors
        self._articles: dict[str, list[int]] = {}
        self._rank = [0] * len(claims)
        for place in sorted(range(len(claims)), key=lambda place: claims[place].char_start):
            there = self._articles.setdefault(claims[place].article_id, [])
            self._rank[place] = len(there)
            there.append(place)
        self._named: dict[str, set[str]] = {}
        self._directions: dict[int, np.ndarray] = {}

    def beside(self, one: int, other: int, settings: RelationSettings) -> Pair:
        """The claims at two places and what is known of them."""
        likeness = self.likeness(one, other)
        return Pair(
            self._claims[one],
            self._claims[other],
            similarity=float(self._vectors[one] @ self._vectors[other]),
            weight=share_of_full(likeness, settings.one_story),
            shares_names=self.names_shared(one, other) >= settings.names_to_share,
            likeness=likeness,
        )

    def names_shared(self, one: int, other: int) -> int:
        """How many telling names of several words stand in both claims' articles, in whichever claims; "Luther King"
        beside "Martin Luther King" is no other. 0 of one article, which says nothing."""
        if self._claims[one].article_id == self._claims[other].article_id:
            return 0
        shared = self._names_at(one) & self._names_at(other)
        return sum(not any(longer.endswith(f" {name}") for longer in shared) for name in shared)

    def _names_at(self, place: int) -> set[str]:
        article = self._claims[place].article_id
        if article not in self._named:
            texts = (self._claims[there].text for there in self._articles[article])
            self._named[article] = set().union(*map(telling_names, texts))
        return self._named[article]

    def likeness(self, one: int, other: int) -> float:
        """Of what stands around the claims at two places: 1 where claims of the one are as near to those of the other
        as to each other, 0 where they have nothing in common; above 1 where they are nearer."""
        if self._claims[one].article_id == self._claims[other].article_id:
            return 1.0
        return max(float(self._direction(one) @ self._direction(other)), 0.0)

    def _direction(self, place: int) -> np.ndarray:
        """The mean of the claims around one (dimension), longer the less these have in common."""
        if place in self._directions:
            return self._directions[place]
        rank = self._rank[place]
        around = self._articles[self._claims[place].article_id][max(rank - _AROUND, 0) : rank + _AROUND + 1]
        count = len(around)
        total = self._vectors[around].astype(np.float32).sum(axis=0)
        # Each claim's product with itself is 1 and says nothing.
        between = (float(total @ total) - count) / count
        within = (between + _TYPICAL * _COUNTS_AS) / (count - 1 + _COUNTS_AS)
        self._directions[place] = total / count / np.sqrt(max(within, _TYPICAL / 2))
        return self._directions[place]
