"""Groups of claims that say the same, kept with the claims; worked out anew when relations or judgements change."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, text

from workbench.attention import DISMISSED, NEWEST_JUDGEMENT

# What people say of a pair goes before what the machine found.
_SAME = f"""SELECT r.claim_a, r.claim_b, r.score FROM relations r WHERE r.relation = 'same_claim'
    AND coalesce({NEWEST_JUDGEMENT}, 'same_claim') = 'same_claim'
    UNION SELECT r.claim_a, r.claim_b, 1.0 FROM pair_judgements r WHERE {NEWEST_JUDGEMENT} = 'same_claim'"""
_OPPOSED = f"""SELECT r.claim_a, r.claim_b FROM relations r WHERE r.relation = 'contradicts'
    AND coalesce({NEWEST_JUDGEMENT}, '') NOT IN ({", ".join(repr(name) for name in DISMISSED)})
    UNION SELECT r.claim_a, r.claim_b FROM pair_judgements r WHERE {NEWEST_JUDGEMENT} = 'contradiction'"""


def regroup(connection: Connection) -> None:
    """Writes each claim's group down anew; claims that stand alone have none."""
    from embeddings.groups import group_claims

    same = [tuple(row) for row in connection.execute(text(_SAME))]
    opposed = [tuple(row) for row in connection.execute(text(_OPPOSED))] if same else []
    groups = json.dumps(group_claims(same, opposed))
    connection.execute(
        text("""UPDATE claims SET group_id = g.value FROM json_each(:groups) g
            WHERE claims.id = g.key AND claims.group_id IS NOT g.value"""),
        {"groups": groups},
    )
    connection.execute(
        text("""UPDATE claims SET group_id = NULL WHERE group_id IS NOT NULL
            AND id NOT IN (SELECT key FROM json_each(:groups))"""),
        {"groups": groups},
    )


def sources_by_group(rows: Sequence[RowMapping]) -> dict[str, int]:
    """How many independent sources each group has."""
    from embeddings.groups import Said, independent_sources

    groups: dict[str, list[Said]] = {}
    for row in rows:
        if row["group_id"]:
            said = Said(row["text"], row["speaker"], row["outlet"], row["story"])
            groups.setdefault(row["group_id"], []).append(said)
    return {group: independent_sources(said) for group, said in groups.items()}
