"""What came up against a final verdict without the pairs of the claim, for whom a blind desk keeps these from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    # Of what came up before, nothing says whether a pair brought it: whoever has not judged the claim is not told.
    op.add_column("claims", sa.Column("blind_look_again", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE claims SET blind_attention = check_worthiness - (status <> 'unreviewed') WHERE look_again <> ''")
