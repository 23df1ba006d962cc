"""Claims know what kind of thing they assert; an article read before shows none until it is read again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("claims", sa.Column("assertion", sa.String(length=16), nullable=False, server_default=""))
    op.create_index("ix_claims_assertion", "claims", ["assertion"])
