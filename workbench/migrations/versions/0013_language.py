"""The language of each article as far as its metadata say it, and articles found by their own address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("articles", sa.Column("language", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_articles_url", "articles", ["url"])
