"""How alike two articles are, by what they claim: statements of different stories seldom conflict."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from claims import Claim

# The mean cosine of two claims of one article: the middle of 300 news articles (5 to 95 in 100: 0.17 to 0.33). Few
# claims tell little of it, so it counts as much as so many claims of the article's own.
_TYPICAL = 0.24
_COUNTS_AS = 3


class Stories:
    """Knows the articles of a collection by the vectors of their claims."""

    def __init__(self, claims: Sequence[Claim], vectors: np.ndarray):
        """`vectors` (claims, dimension) are the claims' unit vectors in the order of `claims`."""
        names = [claim.article_id for claim in claims]
        self._place = {name: place for place, name in enumerate(dict.fromkeys(names))}
        places = np.array([self._place[name] for name in names], dtype=np.int64)
        order = np.argsort(places, kind="stable")
        counts = np.bincount(places, minlength=len(self._place))[:, None]
        sums = np.add.reduceat(vectors[order], np.cumsum(counts) - counts[:, 0], axis=0, dtype=np.float32)
        # Of the sum's square, each claim's product with itself is 1; the rest are those of different claims.
        others = np.maximum(counts - 1, 1)
        within = ((sums**2).sum(axis=1, keepdims=True) - counts) / (counts * others)
        within = (within * (counts - 1) + _TYPICAL * _COUNTS_AS) / (counts - 1 + _COUNTS_AS)
        self._directions = sums / counts / np.sqrt(np.maximum(within, _TYPICAL / 2))

    def likeness(self, one: Claim, other: Claim) -> float:
        """Of the two claims' articles: 1 where a claim of one is as near to those of the other as to those of its own,
        0 where they have nothing to do with each other, about 0.5 for two news articles drawn at random."""
        if one.article_id == other.article_id:
            return 1.0
        a, b = (self._directions[self._place[claim.article_id]] for claim in (one, other))
        return float(np.clip(a @ b, 0.0, 1.0))
