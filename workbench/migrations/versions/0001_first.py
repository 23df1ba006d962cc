"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("date", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("added_at", sa.String(length=40), nullable=False),
        sa.Column("extracted_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.String(length=40), nullable=True),
        sa.Column("updated_at", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_meta"),
    )
    op.create_table(
        "scores",
        sa.Column("pair_hash", sa.String(length=16), nullable=False),
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("contradiction", sa.Float(), nullable=False),
        sa.Column("entailment", sa.Float(), nullable=False),
        sa.Column("neutral", sa.Float(), nullable=False),
        sa.Column("tension", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("pair_hash", "model_id", name="pk_scores"),
    )
    op.create_table(
        "vectors",
        sa.Column("text_hash", sa.String(length=16), nullable=False),
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("dimension", sa.Integer(), nullable=False),
        sa.Column("halves", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("text_hash", "model_id", name="pk_vectors"),
    )
    op.create_table(
        "claims",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("article_id", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("char_start", sa.Integer(), nullable=False),
        sa.Column("char_end", sa.Integer(), nullable=False),
        sa.Column("paragraph_start", sa.Integer(), nullable=False),
        sa.Column("paragraph_end", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("cue", sa.Text(), nullable=False),
        sa.Column("cue_start", sa.Integer(), nullable=True),
        sa.Column("cue_end", sa.Integer(), nullable=True),
        sa.Column("mention", sa.Text(), nullable=False),
        sa.Column("mention_start", sa.Integer(), nullable=True),
        sa.Column("mention_end", sa.Integer(), nullable=True),
        sa.Column("standalone", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(length=16), nullable=False),
        sa.Column("check_worthiness", sa.Float(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("related_by", sa.Text(), nullable=True),
        sa.Column("contradiction", sa.Float(), nullable=True),
        sa.Column("attention", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_claims_article_id_articles"),
        sa.PrimaryKeyConstraint("id", name="pk_claims"),
    )
    op.create_index("ix_claims_article_id_char_start", "claims", ["article_id", "char_start"])
    op.create_index(
        "ix_claims_order",
        "claims",
        [
            "current",
            sa.text("attention DESC"),
            sa.text("check_worthiness DESC"),
            "article_id",
            "char_start",
        ],
    )
    op.create_index("ix_claims_speaker", "claims", ["speaker"])
    op.create_index("ix_claims_text_hash", "claims", ["text_hash"])
    op.create_table(
        "pair_judgements",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("claim_a", sa.String(length=64), nullable=False),
        sa.Column("claim_b", sa.String(length=64), nullable=False),
        sa.Column("judgement", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.CheckConstraint("claim_a < claim_b", name="ck_pair_judgements_ordered"),
        sa.ForeignKeyConstraint(["claim_a"], ["claims.id"], name="fk_pair_judgements_claim_a_claims"),
        sa.ForeignKeyConstraint(["claim_b"], ["claims.id"], name="fk_pair_judgements_claim_b_claims"),
        sa.PrimaryKeyConstraint("id", name="pk_pair_judgements"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pair_judgements_claim_a_claim_b_id", "pair_judgements", ["claim_a", "claim_b", "id"])
    op.create_index("ix_pair_judgements_claim_b", "pair_judgements", ["claim_b"])
    op.create_table(
        "relations",
        sa.Column("claim_a", sa.String(length=64), nullable=False),
        sa.Column("claim_b", sa.String(length=64), nullable=False),
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("judged_by", sa.Text(), nullable=False),
        sa.Column("relation", sa.String(length=32), nullable=False),
        sa.Column("strict", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.Column("contradiction", sa.Float(), nullable=False),
        sa.Column("entailment_ab", sa.Float(), nullable=False),
        sa.Column("entailment_ba", sa.Float(), nullable=False),
        sa.Column("tension", sa.Float(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.CheckConstraint("claim_a < claim_b", name="ck_relations_ordered"),
        sa.ForeignKeyConstraint(["claim_a"], ["claims.id"], name="fk_relations_claim_a_claims", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["claim_b"], ["claims.id"], name="fk_relations_claim_b_claims", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("claim_a", "claim_b", name="pk_relations"),
    )
    op.create_index("ix_relations_claim_b", "relations", ["claim_b"])
    op.create_index("ix_relations_order", "relations", ["relation", sa.text("strict DESC"), sa.text("score DESC")])
    op.create_table(
        "verdicts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("claim_id", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("article_id", sa.String(length=16), nullable=False),
        sa.Column("claim_text", sa.Text(), nullable=False),
        sa.Column("char_start", sa.Integer(), nullable=False),
        sa.Column("char_end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name="fk_verdicts_claim_id_claims"),
        sa.PrimaryKeyConstraint("id", name="pk_verdicts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_verdicts_claim_id_id", "verdicts", ["claim_id", "id"])
