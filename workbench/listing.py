"""Which of the machine's conflicts are listed without being asked for, where each stands, and how many there are."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, text

from embeddings.standing import by_standing
from workbench.attention import Condition, set_aside
from workbench.unseen import counted


def likely(counts: Condition) -> str:
    """For the database: a conflict `r` is listed without being asked for, since it is likely to be real or because
    people once judged it, in judgements that `counts`; who takes one back finds the pair where it was."""
    return f"""(r.listed OR EXISTS (SELECT 1 FROM pair_judgements p
        WHERE p.claim_a = r.claim_a AND p.claim_b = r.claim_b AND {counts("p")}))"""


LIKELY = likely(counted)
_CONFLICTS = "FROM relations r WHERE r.relation = 'contradicts'"
Kept = Mapping[str, str | None]


def weigh_conflicts(connection: Connection) -> None:
    """Works out anew where each of the machine's conflicts stands among all that there are."""
    rows = connection.execute(
        text("""
        SELECT r.claim_a, r.claim_b, r.strict, r.score, r.worth, r.standing, r.listed,
            coalesce(nullif(x.story_id, ''), x.id) || ' ' || a.text AS said_a,
            coalesce(nullif(y.story_id, ''), y.id) || ' ' || b.text AS said_b
        FROM relations r JOIN claims a ON a.id = r.claim_a JOIN articles x ON x.id = a.article_id
        JOIN claims b ON b.id = r.claim_b JOIN articles y ON y.id = b.article_id
        WHERE r.relation = 'contradicts'""")
    ).all()
    # Copies of an article say a thing once.
    said = {claim: words for row in rows for claim, words in ((row.claim_a, row.said_a), (row.claim_b, row.said_b))}
    changed = [
        {"a": row.claim_a, "b": row.claim_b, "standing": stands, "listed": is_listed}
        for row, stands, is_listed in by_standing(rows, said)
        if (stands, is_listed) != (row.standing, bool(row.listed))
    ]
    if changed:
        statement = "UPDATE relations SET standing = :standing, listed = :listed WHERE claim_a = :a AND claim_b = :b"
        connection.execute(text(statement), changed)


def how_many(connection: Connection, counts: Condition, kept: Kept, with_set_aside: bool = False) -> int:
    """How many conflicts of the machine are listed without being asked for; `kept` is what
    `workbench.unseen.kept_from` gives. Only those that people judged are looked at one by one."""
    found = _number(connection, f"{_CONFLICTS} AND r.listed", kept) + _judged_unlisted(connection, counts, kept)
    return found if with_set_aside else found - _number(connection, set_aside(counts), kept)


def how_many_doubtful(connection: Connection, counts: Condition, kept: Kept) -> int:
    """How many more there are, which nobody judged."""
    return _number(connection, f"{_CONFLICTS} AND NOT r.listed", kept) - _judged_unlisted(connection, counts, kept)


def _judged_unlisted(connection: Connection, counts: Condition, kept: Kept) -> int:
    judged = f"""FROM relations r JOIN
        (SELECT DISTINCT claim_a, claim_b FROM pair_judgements p WHERE {counts("p")}) j
        ON j.claim_a = r.claim_a AND j.claim_b = r.claim_b WHERE +r.relation = 'contradicts' AND NOT r.listed"""
    return _number(connection, judged, kept)


def _number(connection: Connection, query: str, kept: Kept) -> int:
    return connection.execute(text(f"SELECT count(*) {query}"), kept).scalar_one()
