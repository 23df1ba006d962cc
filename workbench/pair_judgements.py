"""What people say of pairs of claims. Only ever appended, as `workbench.verdicts`; no machine writes here."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, insert, select, text

from workbench.attention import refresh_contradictions
from workbench.errors import BadPair, ChangedMeanwhile, NotYours, UnknownJudgement
from workbench.groups import regroup
from workbench.histories import standing
from workbench.log import name_here, write_log
from workbench.pair_rows import PairJudgement
from workbench.pairs import call_back_judged, heading_of
from workbench.people import JUDGE
from workbench.schema import JudgementWithdrawalRecord, PairJudgementRecord
from workbench.statuses import refuse_unknown
from workbench.store import Store, now
from workbench.unseen import unseen_by

PAIR_JUDGEMENTS: dict[str, str] = {
    "contradiction": "Contradiction",
    "not_contradiction": "Not a contradiction",
    "same_claim": "The same claim",
    "unclear": "Unclear",
}


def record_pair_judgement(
    store: Store, pair: tuple[str, str], judgement: str, reviewer: str, note: str = "", blind: bool = False, *,
    expected: int | None = None,
) -> PairJudgement:  # fmt: skip
    """Appends what a person says of a pair of claims, in either order, and what the machine had said of it; `blind`:
    the person had not been shown that. `expected` is the id of the judgement that stood on their screen (0: none). A
    contradiction where there was none calls claims with a final verdict back.

    Raises UnknownJudgement, ReviewerMissing, UnknownClaim, BadPair (a claim with itself) and ChangedMeanwhile (another
    judgement stands by now); nothing is stored then.
    """
    if judgement not in PAIR_JUDGEMENTS:
        raise UnknownJudgement(f"no judgement {judgement!r}; choose one of {', '.join(PAIR_JUDGEMENTS)}")
    reviewer = name_here(store, reviewer)
    claim_a, claim_b = _ordered(pair)
    with store.writing(JUDGE, reviewer) as connection:
        refuse_unknown(connection, (claim_a, claim_b))
        shown = standing(judgements_seen(connection, (claim_a, claim_b), reviewer))
        if expected is not None and expected != (shown.id if shown else 0):
            raise ChangedMeanwhile("somebody else judged this pair in the meantime; look at it again")
        before = _newest(judgements_of(connection, (claim_a, claim_b)))
        row = {
            "claim_a": claim_a,
            "claim_b": claim_b,
            "judgement": judgement,
            "note": note.strip(),
            "reviewer": reviewer,
            "at": now(),
        }
        machine = connection.execute(
            text("""SELECT relation AS machine_relation, score AS machine_score, model_id AS machine_model,
                judged_by AS machine_settings FROM relations WHERE claim_a = :a AND claim_b = :b"""),
            {"a": claim_a, "b": claim_b},
        ).mappings().first()  # fmt: skip
        row |= {**(machine or {}), "blind": blind}
        result = connection.execute(insert(PairJudgementRecord).values(**row))
        write_log(
            connection, reviewer, "pair_judgement", claim_a, subject=claim_b,
            before=before, after=judgement, note=row["note"],
        )  # fmt: skip
        if judgement == "contradiction" and heading_of(row.get("machine_relation", ""), before) != "contradicts":
            call_back_judged(connection, (claim_a, claim_b))
        refresh_contradictions(connection, (claim_a, claim_b))
        regroup(connection)
        return PairJudgement(id=result.inserted_primary_key[0], **row)


def withdraw_pair_judgement(store: Store, judgement_id: int, reviewer: str) -> PairJudgement:
    """Takes back a judgement of a pair, at once or later, so that the one before it stands again; returns it as it now
    is in the record.

    Raises ReviewerMissing, and NotYours unless it stands and this reviewer gave it.
    """
    reviewer = name_here(store, reviewer)
    with store.writing(JUDGE, reviewer) as connection:
        given = connection.execute(
            text("SELECT claim_a, claim_b, reviewer, judgement FROM standing_judgements WHERE id = :id"),
            {"id": judgement_id},
        ).first()
        if given is None:
            raise NotYours(f"no judgement {judgement_id!r} of a pair stands; it was taken back already")
        if given.reviewer != reviewer:
            raise NotYours(f"{given.reviewer} gave this judgement; only they can take it back, you can give another")
        pair = (given.claim_a, given.claim_b)
        connection.execute(
            insert(JudgementWithdrawalRecord).values(judgement_id=judgement_id, reviewer=reviewer, at=now())
        )
        history = judgements_of(connection, pair)
        write_log(
            connection, reviewer, "judgement_taken_back", pair[0], subject=pair[1], before=given.judgement,
            after=_newest(history),
        )  # fmt: skip
        refresh_contradictions(connection, pair)
        regroup(connection)
        return next(row for row in history if row.id == judgement_id)


def pair_history(store: Store, pair: tuple[str, str], seen_by: str | None = None) -> tuple[PairJudgement, ...]:
    """All judgements of a pair, in either order, those taken back too, newest first; without those that a second review
    keeps from `seen_by`."""
    with store.reading() as connection:
        return judgements_seen(connection, _ordered(pair), seen_by)


def judgements_seen(connection: Connection, pair: tuple[str, str], seen_by: str | None) -> tuple[PairJudgement, ...]:
    """The same for an ordered pair, on a connection that is open."""
    kept = unseen_by(connection, seen_by, pair)
    return tuple(row for row in judgements_of(connection, pair) if not kept or row.reviewer == seen_by)


def judgements_of(connection: Connection, pair: tuple[str, str]) -> tuple[PairJudgement, ...]:
    """Every judgement of an ordered pair, on a connection that is open."""
    return all_judgements(connection, pair).get(pair, ())


def all_judgements(
    connection: Connection, pair: tuple[str, str] | None = None
) -> dict[tuple[str, str], tuple[PairJudgement, ...]]:
    """Every judgement ever given by pair (or of one ordered pair alone), those taken back too, newest first."""
    table, back = PairJudgementRecord.__table__, JudgementWithdrawalRecord.__table__
    names = (name for name in PairJudgement.__slots__ if name != "withdrawn_at")
    wanted = (
        select(*(table.c[name] for name in names), func.coalesce(back.c.at, "").label("withdrawn_at"))
        .outerjoin(back, back.c.judgement_id == table.c.id)
        .order_by(table.c.id.desc())
    )
    if pair is not None:
        wanted = wanted.where(table.c.claim_a == pair[0], table.c.claim_b == pair[1])
    found: dict[tuple[str, str], list[PairJudgement]] = {}
    for row in connection.execute(wanted).mappings():
        found.setdefault((row["claim_a"], row["claim_b"]), []).append(PairJudgement(**row))
    return {one: tuple(rows) for one, rows in found.items()}


def _newest(history: Iterable[PairJudgement]) -> str:
    """The judgement that stands, "" where none does."""
    newest = standing(history)
    return newest.judgement if newest else ""


def _ordered(pair: tuple[str, str]) -> tuple[str, str]:
    claim_a, claim_b = sorted(pair)
    if claim_a == claim_b:
        raise BadPair(f"claim {claim_a!r} makes no pair with itself; give two different claims")
    return claim_a, claim_b
