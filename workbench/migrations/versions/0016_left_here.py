"""What a person left as it stands here when a file said otherwise."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
_TABLE = "left_here"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True, autoincrement=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("said", sa.String(length=16), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_left_here_about", _TABLE, ["about"])
    for deed in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {_TABLE}_no_{deed.lower()} BEFORE {deed} ON {_TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{_TABLE} is append-only'); END"
        )
