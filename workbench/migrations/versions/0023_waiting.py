"""What was given to be read and is not yet, so that a reading that was broken off can go on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "waiting",
        sa.Column("path", sa.Text(), primary_key=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
