"""The review desk: a status, a person in charge and a revision for each claim, second reviews and corrections of
verdicts, what the machine had said when a pair was judged, and one log of every change. What is appended can't be
changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
# A later migration that rebuilds one of these tables must make their triggers anew.
_APPENDED = ("verdicts", "verdict_withdrawals", "pair_judgements", "speaker_names", "log")


def upgrade() -> None:
    for name, kind in (("status", sa.String(16)), ("assignee", sa.Text()), ("public_note", sa.Text())):
        default = "unreviewed" if name == "status" else ""
        op.add_column("claims", sa.Column(name, kind, nullable=False, server_default=default))
    op.add_column("claims", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_claims_status", "claims", ["status"])
    op.create_index("ix_claims_assignee", "claims", ["assignee"])

    op.add_column("verdicts", sa.Column("step", sa.String(16), nullable=False, server_default="review"))
    op.add_column("verdicts", sa.Column("label", sa.Text(), nullable=False, server_default=""))
    op.add_column("verdicts", sa.Column("public_note", sa.Text(), nullable=False, server_default=""))
    op.add_column("verdicts", sa.Column("addresses", sa.JSON(), nullable=False, server_default="[]"))

    for name, kind, default in (
        ("machine_relation", sa.String(32), ""),
        ("machine_model", sa.Text(), ""),
        ("machine_settings", sa.Text(), ""),
        ("blind", sa.Boolean(), "0"),
    ):
        op.add_column("pair_judgements", sa.Column(name, kind, nullable=False, server_default=default))
    op.add_column("pair_judgements", sa.Column("machine_score", sa.Float(), nullable=True))

    op.create_table(
        "log",
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("claim_id", sa.String(64), sa.ForeignKey("claims.id"), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_log_claim_id_id", "log", ["claim_id", "id"])
    _fill()
    for table in _APPENDED:
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _fill() -> None:
    """The log of what was done before there was one, and where that left each claim."""
    op.execute("""
        INSERT INTO log (at, who, what, claim_id, subject, before, after, note)
        SELECT at, who, what, claim_id, subject, '', after, note FROM (
            SELECT at, reviewer AS who, 'verdict' AS what, claim_id, '' AS subject, verdict AS after, rationale AS note
            FROM verdicts
            UNION ALL SELECT w.at, w.reviewer, 'verdict_taken_back', v.claim_id, '', '', '' FROM verdict_withdrawals w
            JOIN verdicts v ON v.id = w.verdict_id
            UNION ALL SELECT at, reviewer, 'pair_judgement', claim_a, claim_b, judgement, note FROM pair_judgements
            UNION ALL SELECT at, reviewer, 'speaker', NULL, read || CASE article_id WHEN '' THEN '' ELSE ' in ' ||
                article_id END, name, '' FROM speaker_names)
        ORDER BY at""")
    op.execute("""
        UPDATE claims SET revision = (SELECT count(*) FROM log WHERE log.claim_id = claims.id AND what LIKE 'verdict%')
        WHERE id IN (SELECT claim_id FROM log)""")
    op.execute("""
        UPDATE claims SET status = CASE WHEN s.verdicts > 1 THEN 'disputed' ELSE 'in_review' END
        FROM (SELECT claim_id, count(DISTINCT verdict) AS verdicts FROM standing_verdicts v
              WHERE id = (SELECT max(id) FROM standing_verdicts o WHERE o.claim_id = v.claim_id
                          AND o.reviewer = v.reviewer)
              GROUP BY claim_id) s
        WHERE claims.id = s.claim_id""")
