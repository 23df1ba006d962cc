"""What each claim is about, to filter by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("claims", sa.Column("topics", sa.Text(), nullable=False, server_default="[]"))
    op.create_table(
        "claim_topics",
        sa.Column("claim_id", sa.String(length=64), sa.ForeignKey("claims.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("kind", sa.String(length=16), primary_key=True),
        sa.Column("name", sa.Text(), primary_key=True),
    )
    op.create_index("ix_claim_topics_kind_name", "claim_topics", ["kind", "name"])
