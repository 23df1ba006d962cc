"""People can say who is who: a speaker's name as the text gave it is kept beside the name it goes by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("claims", sa.Column("role", sa.Text(), nullable=False, server_default=""))
    op.add_column("claims", sa.Column("speaker_read", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE claims SET speaker_read = speaker")
    op.create_index("ix_claims_speaker_read", "claims", ["speaker_read"])
    op.create_table(
        "speaker_names",
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True, autoincrement=True),
        sa.Column("read", sa.Text(), nullable=False),
        sa.Column("article_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_speaker_names_read_article_id_id", "speaker_names", ["read", "article_id", "id"])
