"""Claims that say the same get a group."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("claims", sa.Column("group_id", sa.String(length=64), nullable=True))
    op.create_index("ix_claims_group_id", "claims", ["group_id"])
