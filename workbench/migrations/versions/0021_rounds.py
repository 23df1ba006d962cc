"""A verdict that was withdrawn from the public counts for nothing once another one opens the claim again: each verdict
says how often its claim had been withdrawn before it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
_WITHDRAWN = "FROM log WHERE what = 'status' AND after = 'withdrawn'"


def upgrade() -> None:
    op.add_column("verdicts", sa.Column("round", sa.Integer(), nullable=False, server_default="0"))
    # What was said stays; only what is new of it is filled in.
    op.execute("DROP TRIGGER verdicts_no_update")
    op.execute(
        f"""UPDATE verdicts SET round = (SELECT count(*) {_WITHDRAWN} AND claim_id = verdicts.claim_id
                AND at < verdicts.at)
            WHERE claim_id IN (SELECT claim_id {_WITHDRAWN})"""
    )
    op.execute(
        "CREATE TRIGGER verdicts_no_update BEFORE UPDATE ON verdicts "
        "BEGIN SELECT RAISE(ABORT, 'verdicts is append-only'); END"
    )
