"""How likely a reader calls a conflict real, and the order in which conflicts are listed by that.

What a model says of two statements is not all that is known of them. Readers who went through every conflict of whole
collections found it real the oftener, the more alike the statements are and what stands around them, the more there is
to check in both, and the more other conflicts the two stand in: a dispute has more than one statement on either side,
a model's mistake seldom. `standing.json` holds what each of these counts, as `embeddings.train standing` fitted it.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from embeddings.encoder import file_sha256

FITTED = Path(__file__).with_name("standing.json")
FEATURES = ("contradiction", "similarity", "likeness", "check_worthiness", "others")
# From here on conflicts are listed without being asked for, and so many in any case: who has few looks at all of them.
# Of the 178 below, in four stories of `written/conflicts/dev.jsonl`, readers found 10 real, of the 416 above 131.
LISTED_FROM, FEW = 0.18, 20
# More other conflicts than so many tell nothing more.
_MOST_OTHERS = 8
_LEAST = 1e-3


class Conflict(Protocol):
    """What the order is made from, see `embeddings.judgement.Relation`."""

    claim_a: str
    claim_b: str
    strict: bool
    score: float
    worth: float


def features_of(
    contradiction: float, similarity: float, likeness: float, check_worthiness: float, others: int
) -> tuple[float, ...]:
    """A conflict as FEATURES: the models' word as a logit, a cosine, the likeness of the stories up to that of one, the
    lesser check-worthiness, and the logarithm of one more than the other conflicts that its two statements stand in."""
    known = min(max(contradiction, _LEAST), 1 - _LEAST)
    return (
        math.log(known / (1 - known)),
        similarity,
        min(likeness, 1.0),
        check_worthiness,
        _more(others),
    )


def worth_of(contradiction: float, similarity: float, likeness: float, check_worthiness: float) -> float:
    """The probability that a conflict is real whose statements stand in no other one."""
    weights = _weights()
    found = zip(FEATURES, features_of(contradiction, similarity, likeness, check_worthiness, 0), strict=True)
    return 1 / (1 + math.exp(-weights["bias"] - sum(weights[name] * value for name, value in found)))


def standing(worth: float, others: int) -> float:
    """The same probability where the statements stand in so many other conflicts."""
    return with_odds(worth, math.exp(_weights()["others"] * _more(others)))


def with_odds(probability: float, factor: float) -> float:
    """A probability whose odds count `factor` times: what is all but certain stays so."""
    odds = factor * probability
    return odds / (1 - probability + odds) if odds else 0.0


def standings(conflicts: Iterable[tuple[str, str, float]], said: Mapping[str, str] | None = None) -> list[float]:
    """The standing of each of these conflicts, given as both claims and the worth, among all of them. `said` gives the
    same for claims that are copies, which make no other conflict."""
    found, against = list(conflicts), defaultdict(set)
    once = said or {}
    for a, b, _ in found:
        against[a].add(once.get(b, b))
        against[b].add(once.get(a, a))
    return [standing(worth, len(against[a]) + len(against[b]) - 2) for a, b, worth in found]


def fitted() -> str:
    """A name of the fitted weights, another one for other weights."""
    return file_sha256(FITTED)[:8]


def by_standing(
    conflicts: Iterable[Conflict], said: Mapping[str, str] | None = None
) -> list[tuple[Conflict, float, bool]]:
    """All conflicts that there are, their standing, and whether they are listed without being asked for, in the order
    of the list: contradictions proper first, then the likeliest. `said` as `standings` takes it."""
    found = list(conflicts)
    ranked = zip(found, standings(((one.claim_a, one.claim_b, one.worth) for one in found), said), strict=True)
    in_order = sorted(
        ranked, key=lambda pair: (not pair[0].strict, -pair[1], -pair[0].score, pair[0].claim_a, pair[0].claim_b)
    )
    return [(one, stands, place < FEW or stands >= LISTED_FROM) for place, (one, stands) in enumerate(in_order)]


def _more(others: int) -> float:
    return math.log1p(min(others, _MOST_OTHERS))


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, float]:
    return json.loads(FITTED.read_text(encoding="utf-8"))
