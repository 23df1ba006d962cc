"""The index of what stands in the claims, without accents and the shapes of quotation marks: who types “Muller” or a
straight apostrophe finds “Müller” and a curly one. SQLite's own folding came later than the SQLite of many systems."""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"
# `workbench.search_words.folded`, which every connection of `workbench.store` has.
_WORDS = (
    "folded({row}.text) || char(10) || folded({row}.speaker) "
    "|| CASE WHEN {row}.standalone = {row}.text THEN '' ELSE char(10) || folded({row}.standalone) END"
)
_ADD = f"INSERT INTO claim_words(rowid, words) VALUES (new.rowid, {_WORDS.format(row='new')});"
_TAKE = f"INSERT INTO claim_words(claim_words, rowid, words) VALUES ('delete', old.rowid, {_WORDS.format(row='old')});"
_CHANGED = " OR ".join(f"new.{name} <> old.{name}" for name in ("text", "standalone", "speaker"))


def upgrade() -> None:
    for what in ("insert", "delete", "update"):
        op.execute(f"DROP TRIGGER claim_words_{what}")
    op.execute("DROP VIEW claim_sayings")
    op.execute(f"CREATE VIEW claim_sayings AS SELECT c.rowid AS rowid, {_WORDS.format(row='c')} AS words FROM claims c")
    op.execute(f"CREATE TRIGGER claim_words_insert AFTER INSERT ON claims BEGIN {_ADD} END")
    op.execute(f"CREATE TRIGGER claim_words_delete AFTER DELETE ON claims BEGIN {_TAKE} END")
    op.execute(
        "CREATE TRIGGER claim_words_update AFTER UPDATE OF text, standalone, speaker ON claims "
        f"WHEN {_CHANGED} BEGIN {_TAKE} {_ADD} END"
    )
    op.execute("INSERT INTO claim_words(claim_words) VALUES ('rebuild')")
