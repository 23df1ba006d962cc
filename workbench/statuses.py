"""The statuses of claims: where verdicts leave a claim, and the change of its row that moves it on."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, select, text

from workbench.attention import judged_with, refresh_contradictions
from workbench.errors import ChangedMeanwhile, UnknownClaim
from workbench.groups import regroup
from workbench.histories import opinions, position
from workbench.log import write_log
from workbench.rows import VerdictRow
from workbench.schema import ClaimRecord

STATUSES: dict[str, str] = {
    "unreviewed": "Unreviewed",
    "in_review": "In review",
    "second_review": "Second review",
    "disputed": "Disputed",
    "final": "Final",
    "corrected": "Corrected",
    "withdrawn": "Withdrawn",
}


def claim_for_change(connection: Connection, claim_id: str, expected: int | None = None) -> RowMapping:
    """A claim's row, to be changed in this transaction.

    Raises UnknownClaim, and ChangedMeanwhile where its revision is not the `expected` one.
    """
    row = connection.execute(select(ClaimRecord.__table__).where(ClaimRecord.id == claim_id)).mappings().first()
    if row is None:
        raise UnknownClaim([claim_id])
    if expected is not None and row["revision"] != expected:
        raise ChangedMeanwhile(
            "this claim changed in the meantime: somebody else judged it, or its article was read again; "
            "see what is new, then press again, nothing is lost"
        )
    return row


def move(
    connection: Connection, claim_id: str, who: str, status: str, note: str = "", public_note: str | None = None
) -> None:
    """Counts a change of a claim, and gives it this status, with a line in the log where that is another one;
    `public_note` None leaves what readers are told as it is."""
    before = connection.execute(text("SELECT status FROM claims WHERE id = :id"), {"id": claim_id}).scalar_one()
    connection.execute(
        text("""UPDATE claims SET status = :status, public_note = coalesce(:public_note, public_note),
            revision = revision + 1, look_again = '', blind_look_again = '' WHERE id = :id"""),
        {"status": status, "public_note": public_note, "id": claim_id},
    )
    settle(connection, claim_id, before, status)
    if status != before:
        write_log(connection, who, "status", claim_id, before=before, after=status, note=note or public_note or "")


def settle(connection: Connection, claim_id: str, *statuses: str) -> None:
    """Works out anew what depends on a claim's status, of which these were the last and the new one."""
    # Whether a second review waits says whether what people said of its pairs counts.
    pairs = judged_with(connection, [claim_id]) if "second_review" in statuses else set()
    refresh_contradictions(connection, {claim_id} | pairs)
    if pairs:
        regroup(connection)


def status_of(verdicts: Sequence[VerdictRow], asked: bool) -> str:
    """Where open verdicts leave a claim; `asked`: a second review is wanted. Two people agree where both use the same
    words: the outlet's own, and of conclusions in words the whole text."""
    said = opinions(verdicts)
    if not said:
        return "in_review" if verdicts else "unreviewed"
    if len(set(map(position, said.values()))) > 1:
        return "disputed"
    return "second_review" if asked or len(said) > 1 else "in_review"


def refuse_unknown(connection: Connection, claim_ids: tuple[str, ...]) -> None:
    """Raises UnknownClaim with those of these claims that are not in the store."""
    known = set(
        connection.exec_driver_sql(
            "SELECT id FROM claims WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(claim_ids),)
        ).scalars()
    )
    missing = [claim_id for claim_id in claim_ids if claim_id not in known]
    if missing:
        raise UnknownClaim(missing)
