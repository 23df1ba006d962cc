"""An index of what stands in the claims and of who says it, by any three letters in a row, so that a search of all of
them need not look through each."""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
_WORDS = (
    "{row}.text || char(10) || {row}.speaker "
    "|| CASE WHEN {row}.standalone = {row}.text THEN '' ELSE char(10) || {row}.standalone END"
)
_NEW, _OLD = _WORDS.format(row="new"), _WORDS.format(row="old")
_ADD = f"INSERT INTO claim_words(rowid, words) VALUES (new.rowid, {_NEW});"
_TAKE = f"INSERT INTO claim_words(claim_words, rowid, words) VALUES ('delete', old.rowid, {_OLD});"


def upgrade() -> None:
    op.execute(f"CREATE VIEW claim_sayings AS SELECT c.rowid AS rowid, {_WORDS.format(row='c')} AS words FROM claims c")
    op.execute(
        "CREATE VIRTUAL TABLE claim_words USING fts5("
        "words, content = 'claim_sayings', content_rowid = 'rowid', tokenize = 'trigram')"
    )
    op.execute(f"CREATE TRIGGER claim_words_insert AFTER INSERT ON claims BEGIN {_ADD} END")
    op.execute(f"CREATE TRIGGER claim_words_delete AFTER DELETE ON claims BEGIN {_TAKE} END")
    op.execute(
        "CREATE TRIGGER claim_words_update AFTER UPDATE OF text, standalone, speaker ON claims "
        f"WHEN {_NEW} <> {_OLD} BEGIN {_TAKE} {_ADD} END"
    )
    op.execute("INSERT INTO claim_words(claim_words) VALUES ('rebuild')")
