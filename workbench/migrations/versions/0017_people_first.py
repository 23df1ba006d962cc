"""What people say of a pair goes before the machine: in the queue and on the board; a queue that tells nothing of the
machine; and since when each relation is known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("relations", sa.Column("found_at", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("claims", sa.Column("blind_attention", sa.Float(), nullable=False, server_default="0"))
    op.execute(
        """WITH newest AS (
            SELECT claim_a, claim_b, max(id) AS id FROM standing_judgements GROUP BY claim_a, claim_b),
        said AS (SELECT j.claim_a, j.claim_b FROM newest JOIN pair_judgements j ON j.id = newest.id
            JOIN claims a ON a.id = j.claim_a JOIN claims b ON b.id = j.claim_b
            WHERE j.judgement = 'contradiction' AND a.current AND b.current),
        ends AS (SELECT claim_a AS claim FROM said UNION SELECT claim_b FROM said)
        UPDATE claims SET contradiction = 1.0, contradiction_strict = 1,
            attention = check_worthiness - (status <> 'unreviewed' AND look_again = '')
        FROM ends WHERE ends.claim = claims.id"""
    )
    op.execute("UPDATE claims SET blind_attention = check_worthiness - (status <> 'unreviewed' AND look_again = '')")
    op.create_index(
        "ix_claims_blind_order", "claims", ["current", sa.text("blind_attention DESC"), "article_id", "char_start"]
    )
    op.create_index("ix_verdicts_reviewer_claim_id_id", "verdicts", ["reviewer", "claim_id", "id"])
    op.create_index("ix_log_subject", "log", ["subject"])
