"""Why a claim with a final verdict should be looked at again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("claims", sa.Column("look_again", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_claims_look_again", "claims", ["look_again"])
