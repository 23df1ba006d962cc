"""A verdict can be taken back; it stays in the record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "verdict_withdrawals",
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True, autoincrement=True),
        sa.Column("verdict_id", sa.Integer(), sa.ForeignKey("verdicts.id"), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.UniqueConstraint("verdict_id", name="uq_verdict_withdrawals_verdict_id"),
        sqlite_autoincrement=True,
    )
    op.execute(
        "CREATE VIEW standing_verdicts AS SELECT * FROM verdicts "
        "WHERE id NOT IN (SELECT verdict_id FROM verdict_withdrawals)"
    )
