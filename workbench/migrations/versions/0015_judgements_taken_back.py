"""A judgement of a pair can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
_TABLE = "judgement_withdrawals"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True, autoincrement=True),
        sa.Column("judgement_id", sa.Integer(), sa.ForeignKey("pair_judgements.id"), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.UniqueConstraint("judgement_id", name="uq_judgement_withdrawals_judgement_id"),
        sqlite_autoincrement=True,
    )
    op.execute(
        "CREATE VIEW standing_judgements AS SELECT * FROM pair_judgements "
        f"WHERE id NOT IN (SELECT judgement_id FROM {_TABLE})"
    )
    for deed in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {_TABLE}_no_{deed.lower()} BEFORE {deed} ON {_TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{_TABLE} is append-only'); END"
        )
