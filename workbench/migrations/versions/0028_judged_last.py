"""A judged claim of full weight stood in the queue beside those that nobody had judged; now it comes after them all."""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    for order, again in (("attention", "look_again"), ("blind_attention", "blind_look_again")):
        op.execute(f"UPDATE claims SET {order} = {order} - 1 WHERE status <> 'unreviewed' AND {again} = ''")
