"""How much is left to do stands above every page, and counting it went through all claims each time."""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.execute("CREATE INDEX ix_claims_unrelated ON claims (id) WHERE current AND related_by IS NULL")
    op.execute("CREATE INDEX ix_articles_unread ON articles (id) WHERE extracted_by IS NULL")
