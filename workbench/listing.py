"""Which of the machine's conflicts are listed without being asked for, where each stands, and how many there are."""

from __future__ import annotations

from sqlalchemy import Connection, text

from embeddings.standing import by_standing, listed
from workbench.attention import Condition, set_aside
from workbench.unseen import counted


def likely(counts: Condition) -> str:
    """For the database: a conflict `r` is listed without being asked for, since it is likely to be real or because
    people once judged it, in judgements that `counts`; who takes one back finds the pair where it was."""
    return f"""(r.listed OR EXISTS (SELECT 1 FROM pair_judgements p
        WHERE p.claim_a = r.claim_a AND p.claim_b = r.claim_b AND {counts("p")}))"""


LIKELY = likely(counted)


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
    ranked = by_standing(rows, said)
    shown = listed([stands for _, stands in ranked])
    changed = [
        {"a": row.claim_a, "b": row.claim_b, "standing": stands, "listed": is_listed}
        for (row, stands), is_listed in zip(ranked, shown, strict=True)
        if (stands, is_listed) != (row.standing, bool(row.listed))
    ]
    if changed:
        statement = "UPDATE relations SET standing = :standing, listed = :listed WHERE claim_a = :a AND claim_b = :b"
        connection.execute(text(statement), changed)


def how_many(
    connection: Connection, counts: Condition, kept: dict[str, str | None], with_set_aside: bool, doubtful: bool
) -> int:
    """How many conflicts the machine found; `kept` is what `workbench.unseen.kept_from` gives. Only those that people
    judged are looked at one by one; the rest is counted along an index."""

    def number(query: str) -> int:
        return connection.execute(text(f"SELECT count(*) {query}"), kept).scalar_one()

    some = "" if doubtful else " AND r.listed"
    found = number(f"FROM relations r WHERE r.relation = 'contradicts'{some}")
    if not doubtful:
        found += number(f"""FROM relations r JOIN
            (SELECT DISTINCT claim_a, claim_b FROM pair_judgements p WHERE {counts("p")}) j
            ON j.claim_a = r.claim_a AND j.claim_b = r.claim_b WHERE +r.relation = 'contradicts' AND NOT r.listed""")
    return found if with_set_aside else found - number(set_aside(counts))
