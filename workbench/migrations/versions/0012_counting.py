"""Indexes that hold all that the filters' counts need, so that a hundred thousand claims are counted without reading
them."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    for column in ("speaker", "assertion", "status", "assignee"):
        op.drop_index(f"ix_claims_{column}", "claims")
        op.create_index(f"ix_claims_{column}_current", "claims", [column, "current"])
    op.create_index("ix_claims_current_article_id", "claims", ["current", "article_id"])
    op.create_index("ix_relations_model_id", "relations", ["model_id"])
