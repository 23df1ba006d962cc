"""What people say of claims and pairs. Only ever appended: the newest that was not taken back counts, all are kept; no
machine writes here."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, text

from workbench.articles import refresh_contradictions
from workbench.errors import BadPair, NotYours, ReviewerMissing, UnknownClaim, UnknownJudgement, UnknownVerdict
from workbench.groups import regroup
from workbench.rows import PairJudgement, VerdictRow
from workbench.schema import ClaimRecord, PairJudgementRecord, VerdictRecord, WithdrawalRecord
from workbench.store import Store, now


@dataclass(frozen=True, slots=True)
class VerdictKind:
    """A verdict, its words for people and its place on ClaimReview's scale (None: it stands on no scale)."""

    name: str
    label: str
    rating_value: int | None = None


VERDICTS: dict[str, VerdictKind] = {
    kind.name: kind
    for kind in (
        VerdictKind("supported", "Supported", 5),
        VerdictKind("mostly_supported", "Mostly supported", 4),
        VerdictKind("misleading", "Misleading", 3),
        VerdictKind("mostly_refuted", "Mostly refuted", 2),
        VerdictKind("refuted", "Refuted", 1),
        VerdictKind("conflicting_evidence", "Conflicting evidence"),
        VerdictKind("not_enough_evidence", "Not enough evidence"),
        VerdictKind("outdated", "Outdated"),
        VerdictKind("misattributed", "Misattributed"),
        VerdictKind("not_checkable", "Not checkable"),
    )
}
PAIR_JUDGEMENTS: dict[str, str] = {
    "contradiction": "Contradiction",
    "not_contradiction": "Not a contradiction",
    "same_claim": "The same claim",
    "unclear": "Unclear",
}


def record_verdict(
    store: Store, claim_id: str, verdict: str, reviewer: str, rationale: str = "", evidence: Iterable[str] = ()
) -> VerdictRow:
    """Appends a verdict. `evidence` holds claim ids.

    Raises UnknownVerdict, ReviewerMissing, UnknownClaim (the claim, or one of the evidence); nothing is stored then.
    """
    if verdict not in VERDICTS:
        raise UnknownVerdict(f"no verdict {verdict!r}; choose one of {', '.join(VERDICTS)}")
    reviewer = _named(reviewer)
    evidence = tuple(dict.fromkeys(evidence))
    with store.writing() as connection:
        _refuse_unknown(connection, (claim_id, *evidence))
        claim = connection.execute(select(ClaimRecord.__table__).where(ClaimRecord.id == claim_id)).one()
        row = {
            "claim_id": claim_id,
            "verdict": verdict,
            "rationale": rationale.strip(),
            "reviewer": reviewer,
            "at": now(),
            "evidence": evidence,
            "article_id": claim.article_id,
            "claim_text": claim.text,
            "char_start": claim.char_start,
            "char_end": claim.char_end,
        }
        result = connection.execute(insert(VerdictRecord).values(**row | {"evidence": list(evidence)}))
        return VerdictRow(id=result.inserted_primary_key[0], **row)


def withdraw_verdict(store: Store, verdict_id: int, reviewer: str) -> VerdictRow:
    """Takes back a verdict, so that the one before it stands again; returns it as it now is in the record.

    Raises ReviewerMissing, and NotYours unless it stands and this reviewer gave it.
    """
    reviewer = _named(reviewer)
    with store.writing() as connection:
        given = connection.execute(
            text("SELECT claim_id, reviewer FROM standing_verdicts WHERE id = :id"), {"id": verdict_id}
        ).first()
        if given is None:
            raise NotYours(f"no verdict {verdict_id!r} stands; it was taken back already")
        if given.reviewer != reviewer:
            raise NotYours(f"{given.reviewer} gave this verdict; only they can take it back, you can give another")
        connection.execute(insert(WithdrawalRecord).values(verdict_id=verdict_id, reviewer=reviewer, at=now()))
        return next(row for row in verdicts_of(connection, given.claim_id) if row.id == verdict_id)


def standing(rows: Iterable[VerdictRow]) -> VerdictRow | None:
    """The newest of a history that was not taken back."""
    return next((row for row in rows if not row.withdrawn_at), None)


def verdict_history(store: Store, claim_id: str) -> tuple[VerdictRow, ...]:
    """All verdicts of a claim, those taken back too, newest first."""
    with store.reading() as connection:
        return verdicts_of(connection, claim_id)


def verdicts_of(connection: Connection, claim_id: str) -> tuple[VerdictRow, ...]:
    """The same, on a connection that is open."""
    table, back = VerdictRecord.__table__, WithdrawalRecord.__table__
    rows = connection.execute(
        select(table, func.coalesce(back.c.at, "").label("withdrawn_at"))
        .outerjoin(back, back.c.verdict_id == table.c.id)
        .where(table.c.claim_id == claim_id)
        .order_by(table.c.id.desc())
    ).mappings()
    return tuple(VerdictRow(**{**row, "evidence": tuple(row["evidence"])}) for row in rows)


def record_pair_judgement(
    store: Store, pair: tuple[str, str], judgement: str, reviewer: str, note: str = ""
) -> PairJudgement:
    """Appends what a person says of a pair of claims, in either order.

    Raises UnknownJudgement, ReviewerMissing, UnknownClaim, BadPair (a claim with itself); nothing is stored then.
    """
    if judgement not in PAIR_JUDGEMENTS:
        raise UnknownJudgement(f"no judgement {judgement!r}; choose one of {', '.join(PAIR_JUDGEMENTS)}")
    reviewer = _named(reviewer)
    claim_a, claim_b = _ordered(pair)
    with store.writing() as connection:
        _refuse_unknown(connection, (claim_a, claim_b))
        row = {
            "claim_a": claim_a,
            "claim_b": claim_b,
            "judgement": judgement,
            "note": note.strip(),
            "reviewer": reviewer,
            "at": now(),
        }
        result = connection.execute(insert(PairJudgementRecord).values(**row))
        refresh_contradictions(connection, (claim_a, claim_b))
        regroup(connection)
        return PairJudgement(id=result.inserted_primary_key[0], **row)


def pair_history(store: Store, pair: tuple[str, str]) -> tuple[PairJudgement, ...]:
    """All judgements of a pair, in either order, newest first."""
    claim_a, claim_b = _ordered(pair)
    table = PairJudgementRecord.__table__
    with store.reading() as connection:
        rows = connection.execute(
            select(table).where(table.c.claim_a == claim_a, table.c.claim_b == claim_b).order_by(table.c.id.desc())
        ).mappings()
        return tuple(PairJudgement(**row) for row in rows)


def _ordered(pair: tuple[str, str]) -> tuple[str, str]:
    claim_a, claim_b = sorted(pair)
    if claim_a == claim_b:
        raise BadPair(f"claim {claim_a!r} makes no pair with itself; give two different claims")
    return claim_a, claim_b


def _named(reviewer: str) -> str:
    if not reviewer.strip():
        raise ReviewerMissing("a verdict needs a name under it; fill in the reviewer")
    return reviewer.strip()


def _refuse_unknown(connection: Connection, claim_ids: tuple[str, ...]) -> None:
    known = set(
        connection.exec_driver_sql(
            "SELECT id FROM claims WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(claim_ids),)
        ).scalars()
    )
    missing = [claim_id for claim_id in claim_ids if claim_id not in known]
    if missing:
        raise UnknownClaim(missing)
