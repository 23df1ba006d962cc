"""Where each article was seen and what was read there, its earlier versions, and which articles are copies of one
another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    for column in (
        sa.Column("next_text", sa.Text(), nullable=True),
        sa.Column("next_given", sa.JSON(), nullable=True),
        sa.Column("text_hash", sa.String(16), nullable=False, server_default=""),
        sa.Column("story_id", sa.String(16), nullable=False, server_default=""),
        sa.Column("sketch", sa.LargeBinary(), nullable=True),
        sa.Column("shingles", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("articles", column)
    op.create_index("ix_articles_text_hash", "articles", ["text_hash"])
    op.create_index("ix_articles_story_id", "articles", ["story_id"])
    op.create_table(
        "appearances",
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True, autoincrement=True),
        sa.Column("article_id", sa.String(16), sa.ForeignKey("articles.id"), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(16), nullable=False),
        sa.Column("archive_hash", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_appearances_article_id_id", "appearances", ["article_id", "id"])
    op.create_index("ix_appearances_place", "appearances", ["place"])
    op.create_table(
        "article_versions",
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True, autoincrement=True),
        sa.Column("article_id", sa.String(16), sa.ForeignKey("articles.id"), nullable=False),
        sa.Column("text_hash", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", sa.String(40), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_article_versions_article_id_id", "article_versions", ["article_id", "id"])
    op.create_index("ix_article_versions_text_hash", "article_versions", ["text_hash"])
    # Until now an article's id was its text's hash, and where it was seen stood in the article itself.
    op.execute("UPDATE articles SET text_hash = id WHERE text <> ''")
    op.execute("""
        INSERT INTO appearances (article_id, place, outlet, title, text_hash, archive_hash, kind, at)
        SELECT id, CASE url WHEN '' THEN file_name ELSE url END, outlet, title, id, '', '', added_at
        FROM articles WHERE text <> ''""")
    for table in ("appearances", "article_versions"):
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
