"""Conflicts are listed by how likely they are real; those found before stay listed by their score until judged anew."""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.execute("ALTER TABLE relations ADD COLUMN worth FLOAT NOT NULL DEFAULT 1")
    op.execute("ALTER TABLE relations ADD COLUMN standing FLOAT NOT NULL DEFAULT 1")
    op.execute("ALTER TABLE relations ADD COLUMN listed BOOLEAN NOT NULL DEFAULT 1")
    op.execute("DROP INDEX ix_relations_order")
    op.execute(
        "CREATE INDEX ix_relations_order ON relations (relation, strict DESC, standing DESC, score DESC, listed)"
    )
