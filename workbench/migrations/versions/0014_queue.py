"""Whether a claim is contradicted or merely in tension with another one, and judged claims after the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("claims", sa.Column("contradiction_strict", sa.Boolean(), nullable=False, server_default="0"))
    # What a judgement set aside is no contradiction any more.
    op.execute(
        """WITH proper AS (
            SELECT r.claim_a, r.claim_b, r.score FROM relations r WHERE r.relation = 'contradicts' AND r.strict
            AND coalesce((SELECT j.judgement FROM pair_judgements j WHERE j.claim_a = r.claim_a
                AND j.claim_b = r.claim_b ORDER BY j.id DESC LIMIT 1), '')
                NOT IN ('not_contradiction', 'same_claim')),
        strongest AS (SELECT claim, max(score) AS score FROM (
            SELECT claim_a AS claim, score FROM proper UNION ALL SELECT claim_b, score FROM proper) GROUP BY claim)
        UPDATE claims SET contradiction = strongest.score, contradiction_strict = 1
        FROM strongest WHERE strongest.claim = claims.id AND claims.current"""
    )
    op.execute(
        """UPDATE claims SET attention = coalesce(contradiction, 0.0) * check_worthiness
            * CASE WHEN contradiction_strict THEN 1 ELSE 0.5 END - (status <> 'unreviewed' AND look_again = '')"""
    )
