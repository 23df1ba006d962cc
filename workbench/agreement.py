"""How far people agree with each other, and with the machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from workbench import thresholds
from workbench.histories import all_verdicts
from workbench.rounds import rounds
from workbench.rows import VerdictRow
from workbench.scales import CONCLUSION, verdict_key
from workbench.store import Store
from workbench.unseen import unseen_by

BANDS = ((0.0, 0.65), (0.65, 0.85), (0.85, 1.01))  # scores: unclear, moderate, strong
_MIN_SHARED = 2


@dataclass(frozen=True, slots=True)
class Rating:
    """A reviewer's verdict for comparison, in the outlet's words as `workbench.scales.verdict_key` has them;
    `independent`: given without seeing what anybody else had said."""

    verdict: str
    independent: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim and what two or more reviewers said of it in one round, by their names."""

    claim_id: str
    said: dict[str, Rating]


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
    """How often people said otherwise than the machine, of pairs that it found to be `relation` with a score from `low`
    to `high`: of a contradiction, support and the same claim a probability, of a related pair the likeness. `settings`
    are the thresholds; `blind`: the people had not been shown it."""

    model: str
    settings: str
    relation: str
    low: float
    high: float
    blind: bool
    judged: int
    overruled: int

    @property
    def share(self) -> float:
        """The rate, 0 to 1."""
        return self.overruled / self.judged


def ratings(store: Store, seen_by: str | None = None) -> tuple[Judged, ...]:
    """Every claim that two or more people judged in the same words and round: a claim that is judged anew after an
    adjudication or correction counts again. What is compared is the verdict in the outlet's words. Those two steps are
    no ratings, nor are conclusions in words, which can't be compared; claims whose first verdict is to be kept from
    `seen_by` are left out."""
    with store.reading() as connection:
        verdicts, kept = all_verdicts(connection), unseen_by(connection, seen_by)
    found = []
    for claim_id, rows in verdicts.items():
        for one in () if claim_id in kept else rounds(rows):
            texts: dict[str, list[VerdictRow]] = {}
            for row in one.said:
                if row.verdict != CONCLUSION.name:
                    texts.setdefault(row.claim_text, []).append(row)
            found += [Judged(claim_id, said) for said in map(_ratings, texts.values()) if len(said) >= _MIN_SHARED]
    return tuple(found)


def _ratings(rows: Sequence[VerdictRow]) -> dict[str, Rating]:
    """What each reviewer's verdicts on one text in one round (oldest first) come to. Whoever judged before seeing what
    others said is held to that, even if they gave way afterwards; else their first verdict that stands counts."""
    independent: dict[str, Rating] = {}
    after: dict[str, Rating] = {}
    shown: set[str] = set()  # who has seen another's verdict
    for place, row in enumerate(rows):
        others = [one for one in rows if one.reviewer != row.reviewer]
        before = any(one.reviewer != row.reviewer for one in rows[:place])
        if row.reviewer not in shown and (row.unseen or not before):
            if not row.withdrawn_at or any(_stood_together(row, one) for one in others):
                independent[row.reviewer] = Rating(verdict_key(row.verdict, row.label), True)
        elif not row.withdrawn_at:
            after.setdefault(row.reviewer, Rating(verdict_key(row.verdict, row.label), False))
        if before:
            shown.add(row.reviewer)
    return after | independent


def _stood_together(one: VerdictRow, other: VerdictRow) -> bool:
    given = max(one.at, other.at)
    return all(not row.withdrawn_at or row.withdrawn_at > given for row in (one, other))


def agreement(store: Store, seen_by: str | None = None, independent: bool | None = None) -> Agreement:
    """What the verdicts of several people on the same claims have in common, as `ratings` counts them.

    With `independent` only what was said without seeing another's verdict counts; with False only the claims on which
    somebody had seen one.
    """
    judged = ratings(store, seen_by)
    if independent is False:
        judged = [one for one in judged if not all(rating.independent for rating in one.said.values())]
    said = [
        {name: rating.verdict for name, rating in one.said.items() if rating.independent or not independent}
        for one in judged
    ]
    shared = [given for given in said if len(given) >= _MIN_SHARED]
    fleiss, fleiss_claims = _fleiss(shared)
    return Agreement(len(shared), fleiss, fleiss_claims, _alpha(shared), _pairs(shared))


def overruled(store: Store) -> tuple[Overruled, ...]:
    """By model, thresholds, what the machine had said and the band of its score, how often people said otherwise: those
    who had been shown that, and those who hadn't.

    Each reviewer's newest judgement of a pair counts, of either kind. "Contradiction" overrules whatever was not called
    one, anything else a contradiction, and "the same claim" what was called related only; "unclear" is left out.
    """
    with store.reading() as connection:
        there = thresholds.known(connection)
        rows = connection.execute(
            text("""SELECT machine_model, machine_settings, machine_relation, machine_score, blind, judgement
                FROM standing_judgements j WHERE machine_relation <> '' AND machine_score BETWEEN 0 AND 1
                AND judgement <> 'unclear'
                AND id = (SELECT max(id) FROM standing_judgements WHERE claim_a = j.claim_a AND claim_b = j.claim_b
                    AND reviewer = j.reviewer AND blind = j.blind)""")
        ).all()
    judged: Counter[tuple] = Counter()
    against: Counter[tuple] = Counter()
    for row in rows:
        low, high = next(band for band in BANDS if band[0] <= row.machine_score < band[1])
        settings = thresholds.in_words(row.machine_settings, there)
        key = (row.machine_model, settings, row.machine_relation, low, high, bool(row.blind))
        judged[key] += 1
        against[key] += _is_overruled(row.machine_relation, row.judgement)
    return tuple(Overruled(*key, judged[key], against[key]) for key in sorted(judged))


def _is_overruled(relation: str, judgement: str) -> bool:
    if relation == "contradicts":
        return judgement != "contradiction"
    return judgement == "contradiction" or (relation == "related" and judgement == "same_claim")


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
