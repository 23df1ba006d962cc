"""What a blind desk keeps from a reviewer: what the machine thinks of claims on which they gave no verdict yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, text

from workbench.store import Store

# For the database: the claims that `:blind_for` has judged, also where the verdict was taken back since.
JUDGED = "(SELECT claim_id FROM verdicts WHERE reviewer = :blind_for)"
# Columns of the tables of claims and of pairs that tell what the machine thinks.
MACHINE = frozenset({
    "contradicting_claim_ids", "supporting_claim_ids", "machine_label", "machine_score", "model", "group_id",
    "independent_sources", "relation", "strict", "score", "similarity", "contradiction", "entailment_ab",
    "entailment_ba", "tension", "reasons", "group_a", "group_b", "independent_sources_a", "independent_sources_b",
})  # fmt: skip


def judged_by(connection: Connection, reviewer: str) -> set[str]:
    """The ids of the claims in JUDGED for this reviewer."""
    return set(connection.execute(text(f"SELECT claim_id FROM {JUDGED}"), {"blind_for": reviewer}).scalars())


def pair_shown(pair: str) -> str:
    """A condition for the database: `:blind_for` has judged one of the two claims of a row `pair`, or the pair; where
    `:blind_for` is NULL, nothing is kept back."""
    return f"""(:blind_for IS NULL OR {pair}.claim_a IN {JUDGED} OR {pair}.claim_b IN {JUDGED} OR EXISTS (
        SELECT 1 FROM pair_judgements q WHERE q.claim_a = {pair}.claim_a AND q.claim_b = {pair}.claim_b
        AND q.reviewer = :blind_for))"""


def without_machine(
    store: Store, reviewer: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> list[Sequence[Any]]:
    """Rows of the table of claims or of pairs, with nothing in the machine's columns where this reviewer judged neither
    a claim of the row nor the pair."""
    ends = [columns.index(name) for name in ("claim_id", "claim_a", "claim_b") if name in columns]
    with store.reading() as connection:
        claims = judged_by(connection, reviewer)
        judged = connection.execute(
            text("SELECT claim_a, claim_b FROM pair_judgements WHERE reviewer = :reviewer"), {"reviewer": reviewer}
        )
        pairs = {tuple(pair) for pair in judged}

    def shown(row: Sequence[Any]) -> Sequence[Any]:
        ids = tuple(row[end] for end in ends)
        if ids in pairs or not claims.isdisjoint(ids):
            return row
        return [None if name in MACHINE else cell for name, cell in zip(columns, row, strict=True)]

    return list(map(shown, rows))
