"""Reasons of relations become objects with kinds and places; the old ones were bare words and are found anew."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("UPDATE relations SET reasons = '[]'")
    # Claims are taken up again by the next ingest, which finds the reasons.
    op.execute("UPDATE claims SET related_by = NULL")
