"""Two people who used different words of an outlet for one standard verdict, or wrote different conclusions, were taken
to agree: such claims are disputed."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
# Each reviewer's newest verdict that counts, of claims whose second review is wanted or given.
_COUNTING = """SELECT c.id, v.verdict, v.label, v.rationale FROM claims c JOIN verdicts v ON v.id IN (
        SELECT max(s.id) FROM standing_verdicts s WHERE s.claim_id = c.id
        AND s.round = (SELECT max(d.round) FROM standing_verdicts d WHERE d.claim_id = c.id)
        AND s.id > coalesce((SELECT max(d.id) FROM standing_verdicts d
            WHERE d.claim_id = c.id AND d.round = s.round AND d.step IN ('adjudication', 'correction')), 0)
        GROUP BY s.reviewer)
    WHERE c.status = 'second_review'"""
_LOG = """INSERT INTO log (at, who, what, claim_id, subject, before, after, note)
    VALUES (:at, '', 'status', :id, '', 'second_review', 'disputed', 'the reviewers’ words differ')"""


def upgrade() -> None:
    connection, at = op.get_bind(), datetime.now(UTC).isoformat(timespec="microseconds")
    said: dict[str, set[tuple[str, ...]]] = {}
    for claim_id, verdict, label, rationale in connection.execute(sa.text(_COUNTING)):
        words = rationale.split() if verdict == "conclusion" else ()
        said.setdefault(claim_id, set()).add((verdict, label, *words))
    for claim_id in [claim_id for claim_id, found in said.items() if len(found) > 1]:
        connection.execute(sa.text("UPDATE claims SET status = 'disputed' WHERE id = :id"), {"id": claim_id})
        connection.execute(sa.text(_LOG), {"at": at, "id": claim_id})
