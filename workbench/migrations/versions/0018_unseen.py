"""Whether a verdict was given without seeing the first one: those from before this are taken as seen, since nobody
knows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("verdicts", sa.Column("unseen", sa.Boolean(), nullable=False, server_default="0"))
