"""What the screen reads of pairs of claims, and storing what the machine found between them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import Connection, RowMapping, text
from sqlalchemy.dialects.sqlite import insert

from workbench.articles import DISMISSED, STANDING_CONFLICT
from workbench.rows import Link, PairJudgement, PairPage, PairRow, RelatedGroups, RelatedRow, Statement, Why
from workbench.schema import RelationRecord
from workbench.store import Store

if TYPE_CHECKING:
    from embeddings.relations import Relation

HEADINGS = {"contradicts": "contradicts", "supports": "supports", "same_claim": "supports", "related": "related"}
_LINK = (
    "relation",
    "strict",
    "score",
    "similarity",
    "contradiction",
    "entailment_ab",
    "entailment_ba",
    "tension",
    "reasons",
    "model_id",
)
_JUDGEMENT = tuple(name for name in PairJudgement.__slots__ if name != "withdrawn_at")  # only what stands is shown
_OF_CLAIM = ("id", "text", "before", "after", "kind", "speaker", "role", "cue", "article_id")
_OF_ARTICLE = ("title", "outlet", "date", "url")


def _select(ends: str) -> str:
    """SELECT of whole pairs: the relation, both statements and the newest judgement, under prefixed names."""
    sides = ", ".join(
        f"{table}{side}.{name} AS {side}_{name}"
        for side in "xy"
        for table, names in (("c", _OF_CLAIM), ("a", _OF_ARTICLE))
        for name in names
    )
    sides += "".join(f", coalesce(nullif(a{side}.story_id, ''), a{side}.id) AS {side}_story" for side in "xy")
    return f"""
        SELECT {", ".join(f"r.{name} AS {name}" for name in _LINK)}, {sides},
            {", ".join(f"j.{name} AS j_{name}" for name in _JUDGEMENT)}
        FROM {ends}
        JOIN claims cx ON cx.id = x_end JOIN articles ax ON ax.id = cx.article_id
        JOIN claims cy ON cy.id = y_end JOIN articles ay ON ay.id = cy.article_id
        LEFT JOIN pair_judgements j ON j.id = (SELECT max(id) FROM standing_judgements
            WHERE claim_a = r.claim_a AND claim_b = r.claim_b) """


def store_relations(connection: Connection, relations: Iterable[Relation], judged_by: str) -> int:
    """Stores what the machine found; a pair's older finding gives way. Returns the number of pairs."""
    rows = [
        {
            **{name: getattr(relation, name) for name in _LINK},
            "claim_a": relation.claim_a,
            "claim_b": relation.claim_b,
            "reasons": [asdict(reason) for reason in relation.reasons],
            "judged_by": judged_by,
        }
        for relation in relations
    ]
    if rows:
        statement = insert(RelationRecord)
        replaced = {name: statement.excluded[name] for name in (*_LINK, "judged_by")}
        connection.execute(statement.on_conflict_do_update(index_elements=["claim_a", "claim_b"], set_=replaced), rows)
    return len(rows)


def call_back(connection: Connection, relations: Iterable[Relation]) -> int:
    """Notes on claims with a final verdict that these relations, which are about to be stored, contradict them anew,
    by pairs that nobody judged; returns on how many."""
    against = {(one.claim_a, one.claim_b) for one in relations if one.relation == "contradicts"}
    if not against:
        return 0
    rows = connection.execute(
        text("""SELECT c.id AS claim, o.id AS other, o.text, coalesce(nullif(o.speaker, ''), nullif(a.outlet, ''),
                nullif(a.title, ''), 'another article') AS source
            FROM json_each(:pairs) p JOIN claims c ON c.id IN (p.value ->> 0, p.value ->> 1)
            JOIN claims o ON o.id IN (p.value ->> 0, p.value ->> 1) AND o.id <> c.id
            JOIN articles a ON a.id = o.article_id
            WHERE c.status IN ('final', 'corrected') AND NOT EXISTS (
                SELECT 1 FROM relations r WHERE r.claim_a = p.value ->> 0 AND r.claim_b = p.value ->> 1
                AND r.relation = 'contradicts') AND NOT EXISTS (
                SELECT 1 FROM standing_judgements j WHERE j.claim_a = p.value ->> 0 AND j.claim_b = p.value ->> 1)
            ORDER BY o.article_id, o.char_start"""),
        {"pairs": json.dumps(sorted(against))},
    ).all()
    for row in rows:
        connection.execute(
            text("UPDATE claims SET look_again = :why WHERE id = :id"),
            {"why": f"{row.source}: {row.text}", "id": row.claim},
        )
    return len({row.claim for row in rows})


def related(store: Store, claim_id: str) -> RelatedGroups:
    """What stands beside a claim, contradictions proper before tension, then strongest first; empty if nothing."""
    ends = """(SELECT relations.*, claim_a AS x_end, claim_b AS y_end FROM relations WHERE claim_a = :id
        UNION ALL SELECT relations.*, claim_b, claim_a FROM relations WHERE claim_b = :id) r"""
    groups: dict[str, list[RelatedRow]] = {heading: [] for heading in HEADINGS.values()}
    with store.reading() as connection:
        rows = connection.execute(text(_select(ends) + "ORDER BY r.strict DESC, r.score DESC, y_end"), {"id": claim_id})
        for row in rows.mappings():
            # The stored direction is a -> b by id; the reader's is from the claim looked at.
            turned = row["y_id"] < row["x_id"]
            groups[HEADINGS[row["relation"]]].append(RelatedRow(_statement(row, "y"), _link(row, turned), _judged(row)))
    return RelatedGroups(**{heading: tuple(rows) for heading, rows in groups.items()})


def conflicts(store: Store, limit: int = 50, offset: int = 0, dismissed: bool = False) -> PairPage:
    """The contradictory pairs of the whole collection, contradictions proper before tension, then strongest first.

    Pairs whose newest judgement says that they don't contradict are left out unless `dismissed`.
    """
    where = "r.relation = 'contradicts'" if dismissed else STANDING_CONFLICT
    return _page(store, where, "r.strict DESC, r.score DESC, r.claim_a, r.claim_b", limit, offset)


def all_pairs(store: Store) -> PairPage:
    """Every stored pair, ordered by its claims' ids."""
    return _page(store, "1", "r.claim_a, r.claim_b", -1, 0)


def conflict_count(connection: Connection) -> int:
    """How many contradictory pairs nobody dismissed."""
    found = connection.execute(text("SELECT count(*) FROM relations WHERE relation = 'contradicts'")).scalar_one()
    dismissed = connection.execute(
        text(f"""SELECT count(*) FROM (
                SELECT claim_a, claim_b, max(id) AS id FROM standing_judgements GROUP BY claim_a, claim_b) newest
            JOIN pair_judgements j ON j.id = newest.id
            JOIN relations r ON r.claim_a = newest.claim_a AND r.claim_b = newest.claim_b
            WHERE +r.relation = 'contradicts' AND j.judgement IN ({", ".join(repr(name) for name in DISMISSED)})""")
    ).scalar_one()
    return found - dismissed


def links_of(connection: Connection, claim_ids: Iterable[str]) -> dict[str, list[tuple[str, Link]]]:
    """For each of these claims the other claims it is linked with, strongest first (as in `related`)."""
    found: dict[str, list[tuple[str, Link]]] = {claim_id: [] for claim_id in claim_ids}
    rows = connection.execute(
        text("SELECT r.* FROM relations r ORDER BY r.strict DESC, r.score DESC, claim_a, claim_b")
    )
    for row in rows.mappings():
        link = _link(row, False)
        for this, other in ((row["claim_a"], row["claim_b"]), (row["claim_b"], row["claim_a"])):
            if this in found:
                found[this].append((other, link))
    return found


def _page(store: Store, where: str, order: str, limit: int, offset: int) -> PairPage:
    ends = "(SELECT relations.*, claim_a AS x_end, claim_b AS y_end FROM relations) r"
    with store.reading() as connection:
        total = connection.execute(text(f"SELECT count(*) FROM relations r WHERE {where}")).scalar_one()
        rows = connection.execute(
            text(f"{_select(ends)} WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :offset"),
            {"limit": limit, "offset": offset},
        ).mappings()
        return PairPage(
            tuple(PairRow(_statement(row, "x"), _statement(row, "y"), _link(row, False), _judged(row)) for row in rows),
            total,
        )


def _statement(row: RowMapping, side: str) -> Statement:
    names = {name: row[f"{side}_{name}"] for name in (*_OF_CLAIM, *_OF_ARTICLE, "story")}
    return Statement(claim_id=names.pop("id"), **names)


def _link(row: RowMapping, turned: bool) -> Link:
    values = {name: row[name] for name in _LINK} | {"strict": bool(row["strict"])}
    values["reasons"] = tuple(_why(reason, turned) for reason in json.loads(row["reasons"]))
    if turned:
        values["entailment_ab"], values["entailment_ba"] = values["entailment_ba"], values["entailment_ab"]
    return Link(**values)


def _why(reason: dict, turned: bool) -> Why:
    spans = [tuple((start, end) for start, end in reason[side]) for side in ("spans_a", "spans_b")]
    return Why(reason["kind"], reason["words"], *(reversed(spans) if turned else spans))


def _judged(row: RowMapping) -> PairJudgement | None:
    return None if row["j_id"] is None else PairJudgement(**{name: row[f"j_{name}"] for name in _JUDGEMENT})
