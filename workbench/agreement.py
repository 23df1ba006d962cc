"""How far people agree with each other, and with the machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from workbench.store import Store
from workbench.verdicts import all_verdicts

BANDS = ((0.0, 0.65), (0.65, 0.85), (0.85, 1.01))  # scores: unclear, moderate, strong
_MIN_SHARED = 2


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two reviewers and the claims that both judged; `kappa` is Cohen's, None where it is not defined."""

    one: str
    other: str
    claims: int
    same: float
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """All reviewers: claims judged by two or more, Fleiss' kappa over those judged by the same number of people as most
    are, Krippendorff's alpha over all (nominal); None where a figure is not defined, with few claims or one verdict."""

    claims: int
    fleiss: float | None
    fleiss_claims: int
    alpha: float | None
    pairs: tuple[PairAgreement, ...]


@dataclass(frozen=True, slots=True)
class Overruled:
    """How often people said otherwise than the machine: on pairs it called contradictory (`called`), or not."""

    model: str
    settings: str
    called: bool
    low: float
    high: float
    judged: int
    overruled: int

    @property
    def share(self) -> float:
        """The rate, 0 to 1."""
        return self.overruled / self.judged


def ratings(store: Store) -> dict[str, dict[str, str]]:
    """By claim, the first verdict that each reviewer gave and let stand; adjudications and corrections don't count."""
    with store.reading() as connection:
        verdicts = all_verdicts(connection)
    found: dict[str, dict[str, str]] = {}
    for claim_id, rows in verdicts.items():
        for row in reversed(rows):
            if not row.withdrawn_at and row.step in ("review", "second_review"):
                found.setdefault(claim_id, {}).setdefault(row.reviewer, row.verdict)
    return found


def agreement(store: Store) -> Agreement:
    """What the verdicts of several people on the same claims have in common."""
    shared = [given for given in ratings(store).values() if len(given) >= _MIN_SHARED]
    fleiss, fleiss_claims = _fleiss(shared)
    return Agreement(len(shared), fleiss, fleiss_claims, _alpha(shared), _pairs(shared))


def overruled(store: Store) -> tuple[Overruled, ...]:
    """By model, thresholds and band of the machine's score, how often the newest judgement of a pair said otherwise.

    "Contradiction" overrules a pair that was not called one; "not a contradiction" and "the same claim" one that was;
    "unclear" is left out.
    """
    with store.reading() as connection:
        rows = connection.execute(
            text("""SELECT machine_relation, machine_score, machine_model, machine_settings, judgement
                FROM standing_judgements j WHERE machine_relation <> '' AND judgement <> 'unclear'
                AND id = (SELECT max(id) FROM standing_judgements WHERE claim_a = j.claim_a AND claim_b = j.claim_b)""")
        ).all()
    judged: Counter[tuple] = Counter()
    against: Counter[tuple] = Counter()
    for row in rows:
        called = row.machine_relation == "contradicts"
        low, high = next(band for band in BANDS if band[0] <= row.machine_score < band[1])
        key = (row.machine_model, row.machine_settings, called, low, high)
        judged[key] += 1
        against[key] += called != (row.judgement == "contradiction")
    return tuple(Overruled(*key, judged[key], against[key]) for key in sorted(judged))


def _fleiss(shared: Sequence[dict[str, str]]) -> tuple[float | None, int]:
    from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

    if not shared:
        return None, 0
    # Fleiss' kappa wants the same number of ratings for each claim.
    number = Counter(len(given) for given in shared).most_common(1)[0][0]
    rows = [list(given.values()) for given in shared if len(given) == number]
    if len(rows) < _MIN_SHARED or len({verdict for row in rows for verdict in row}) < _MIN_SHARED:
        return None, len(rows)
    table, _ = aggregate_raters(rows)
    return float(fleiss_kappa(table)), len(rows)


def _alpha(shared: Sequence[dict[str, str]]) -> float | None:
    import krippendorff
    import numpy as np

    people = sorted({name for given in shared for name in given})
    verdicts = sorted({verdict for given in shared for verdict in given.values()})
    if len(shared) < _MIN_SHARED or len(verdicts) < _MIN_SHARED:
        return None
    data = np.full((len(people), len(shared)), np.nan)
    for column, given in enumerate(shared):
        for name, verdict in given.items():
            data[people.index(name), column] = verdicts.index(verdict)
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"))


def _pairs(shared: Sequence[dict[str, str]]) -> tuple[PairAgreement, ...]:
    from sklearn.metrics import cohen_kappa_score

    met: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for given in shared:
        names = sorted(given)
        for place, one in enumerate(names):
            for other in names[place + 1 :]:
                met.setdefault((one, other), []).append((given[one], given[other]))
    found = []
    for (one, other), said in sorted(met.items()):
        same = sum(a == b for a, b in said) / len(said)
        varied = len(said) >= _MIN_SHARED and len({verdict for pair in said for verdict in pair}) > 1
        kappa = float(cohen_kappa_score([a for a, _ in said], [b for _, b in said])) if varied else None
        found.append(PairAgreement(one, other, len(said), same, kappa))
    return tuple(found)
