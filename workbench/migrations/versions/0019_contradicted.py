"""How many claims are contradicted is counted along an index."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_index("ix_claims_current_contradiction", "claims", ["current", "contradiction"])
