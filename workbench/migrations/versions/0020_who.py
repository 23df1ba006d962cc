"""Everybody who ever changed something is found along an index."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_index("ix_log_who", "log", ["who"])
