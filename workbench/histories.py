"""The histories of what people said, read: every verdict on a claim, those taken back too, newest first, and what of a
history stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import Connection, func, select

from workbench.pair_rows import PairJudgement
from workbench.rows import VerdictRow
from workbench.scales import CONCLUSION, verdict_key
from workbench.schema import VerdictRecord, WithdrawalRecord
from workbench.store import Store

DECIDING = ("adjudication", "correction")  # steps whose verdict readers see at once
Said = TypeVar("Said", VerdictRow, PairJudgement)


def opinions(verdicts: Sequence[VerdictRow]) -> dict[str, VerdictRow]:
    """Each reviewer's newest verdict since the last adjudication, correction or withdrawal from the public; the first
    reviewer first. (After a withdrawal nothing counts any more once another verdict is there.)"""
    said: dict[str, VerdictRow] = {}
    for row in sorted(in_newest_round(verdicts), key=lambda row: row.id):
        if row.step in DECIDING:
            said = {}
        else:
            said[row.reviewer] = row
    return said


def position(row: VerdictRow) -> str:
    """What a verdict says, to be compared with another's: the standard verdict with the outlet's words for it, and of a
    conclusion its own words, so that no two count as the same but those that say it word for word."""
    key = verdict_key(row.verdict, row.label)
    return f"{key} {' '.join(row.rationale.split())}" if row.verdict == CONCLUSION.name else key


def in_newest_round(verdicts: Sequence[VerdictRow]) -> list[VerdictRow]:
    """Those given since the newest withdrawal from the public that another of them followed."""
    newest = newest_round(verdicts)
    return [row for row in verdicts if row.round == newest]


def newest_round(verdicts: Sequence[VerdictRow]) -> int:
    """The highest `round` of these; 0 for none."""
    return max((row.round for row in verdicts), default=0)


def open_verdicts(connection: Connection, claim_id: str) -> tuple[VerdictRow, ...]:
    """The verdicts of a claim that stand, newest first."""
    return still_standing(verdicts_of(connection, claim_id))


def still_standing(rows: Iterable[Said]) -> tuple[Said, ...]:
    """Those of a history that were not taken back, in its order."""
    return tuple(row for row in rows if not row.withdrawn_at)


def standing(rows: Iterable[Said]) -> Said | None:
    """The newest of a history that was not taken back."""
    return next((row for row in rows if not row.withdrawn_at), None)


def verdict_history(store: Store, claim_id: str) -> tuple[VerdictRow, ...]:
    """All verdicts of a claim, those taken back too, newest first."""
    with store.reading() as connection:
        return verdicts_of(connection, claim_id)


def verdicts_of(connection: Connection, claim_id: str) -> tuple[VerdictRow, ...]:
    """The same, on a connection that is open."""
    return all_verdicts(connection, claim_id).get(claim_id, ())


def all_verdicts(connection: Connection, claim_id: str | None = None) -> dict[str, tuple[VerdictRow, ...]]:
    """Every verdict ever given by claim (or of one claim alone), those taken back too, newest first."""
    table, back = VerdictRecord.__table__, WithdrawalRecord.__table__
    wanted = (
        select(table, func.coalesce(back.c.at, "").label("withdrawn_at"))
        .outerjoin(back, back.c.verdict_id == table.c.id)
        .order_by(table.c.id.desc())
    )
    if claim_id is not None:
        wanted = wanted.where(table.c.claim_id == claim_id)
    found: dict[str, list[VerdictRow]] = {}
    for row in connection.execute(wanted).mappings():
        lists = {"evidence": tuple(row["evidence"]), "addresses": tuple(row["addresses"])}
        found.setdefault(row["claim_id"], []).append(VerdictRow(**{**row, **lists}))
    return {one: tuple(rows) for one, rows in found.items()}
