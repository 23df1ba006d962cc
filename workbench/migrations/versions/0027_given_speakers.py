"""Who is given as saying a ready-made statement tells articles apart as its words do: until now the same words of
another person were taken for the same article."""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
_GIVEN = """SELECT id, text_hash, coalesce(next_text, text) AS words,
    CASE WHEN next_text IS NULL THEN given ELSE next_given END AS given FROM articles WHERE text <> ''"""
# At which of several places others were given is not known: only where it was seen first it surely said this.
_FIRST_SEEN = """UPDATE appearances SET text_hash = :new WHERE id = (
    SELECT min(id) FROM appearances WHERE article_id = :id AND text_hash = :old)"""


def upgrade() -> None:
    connection = op.get_bind()
    op.execute("DROP TRIGGER appearances_no_update")
    for row in connection.execute(sa.text(_GIVEN)).all():
        speakers = [one[2] for one in json.loads(row.given)]
        if any(speakers):
            values = {"new": _hash(row.words, *speakers), "old": row.text_hash, "id": row.id}
            connection.execute(sa.text("UPDATE articles SET text_hash = :new WHERE id = :id"), values)
            connection.execute(sa.text(_FIRST_SEEN), values)
    op.execute(
        "CREATE TRIGGER appearances_no_update BEFORE UPDATE ON appearances "
        "BEGIN SELECT RAISE(ABORT, 'appearances is append-only'); END"
    )


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
