"""What the screen reads of pairs of claims, and storing what the machine found between them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import Connection, RowMapping, case, text
from sqlalchemy.dialects.sqlite import insert

from embeddings.judgement import Relation
from workbench.attention import (
    NEWEST_JUDGEMENT,
    call_again,
    found_by_people,
    standing_conflict,
)
from workbench.blind import pair_shown
from workbench.listing import how_many, how_many_doubtful, likely
from workbench.pair_rows import (
    USUAL,
    Link,
    PairJudgement,
    PairPage,
    PairRow,
    RelatedGroups,
    RelatedRow,
    Statement,
    Which,
    Why,
)
from workbench.schema import RelationRecord
from workbench.store import Store, now
from workbench.unseen import counted, kept_from, shown

HEADINGS = {"contradicts": "contradicts", "supports": "supports", "same_claim": "supports", "related": "related"}
_LINK = Link.__slots__
# What stands for the machine's finding where it found nothing between two claims.
_NOTHING = {name: "0.0" for name in _LINK} | {"relation": "''", "strict": "0", "reasons": "'[]'", "model_id": "''"}
_BY_PEOPLE = {"contradiction": "contradicts", "same_claim": "supports"}  # headings that a judgement asks for
# Of a pair `r` neither the machine nor people have said yet whether it contradicts.
_NOT_KNOWN = f"""NOT EXISTS (SELECT 1 FROM relations k WHERE k.claim_a = r.claim_a AND k.claim_b = r.claim_b
    AND k.relation = 'contradicts') AND coalesce({NEWEST_JUDGEMENT}, 'unclear') = 'unclear'"""
_JUDGEMENT = tuple(name for name in PairJudgement.__slots__ if name != "withdrawn_at")  # only what stands is shown
_OF_CLAIM = ("id", "text", "before", "after", "kind", "speaker", "role", "cue", "article_id")
_OF_ARTICLE = ("title", "outlet", "date", "url")


def _select(ends: str) -> str:
    """SELECT of whole pairs: the relation, both statements and the newest judgement that may be shown (see
    `workbench.unseen.kept_from` for the values), under prefixed names."""
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
        LEFT JOIN pair_judgements j ON j.id = (SELECT max(s.id) FROM standing_judgements s
            WHERE s.claim_a = r.claim_a AND s.claim_b = r.claim_b AND {shown("s")}) """


def store_relations(connection: Connection, relations: Iterable[Relation], judged_by: str) -> int:
    """Stores what the machine found; a pair's older finding gives way, but where it is the same, since when it is known
    stays. Where conflicts stand is left to `workbench.listing.weigh_conflicts`. Returns the number of pairs."""
    found_at = now()
    rows = [
        {
            **{name: getattr(relation, name) for name in _LINK},
            "claim_a": relation.claim_a,
            "claim_b": relation.claim_b,
            "reasons": [asdict(reason) for reason in relation.reasons],
            "worth": relation.worth,
            "judged_by": judged_by,
            "found_at": found_at,
        }
        for relation in relations
    ]
    if rows:
        statement = insert(RelationRecord)
        replaced = {name: statement.excluded[name] for name in (*_LINK, "judged_by", "worth")}
        same = RelationRecord.relation == statement.excluded.relation
        replaced["found_at"] = case((same, RelationRecord.found_at), else_=statement.excluded.found_at)
        connection.execute(statement.on_conflict_do_update(index_elements=["claim_a", "claim_b"], set_=replaced), rows)
    return len(rows)


def call_back(connection: Connection, relations: Iterable[Relation]) -> int:
    """Notes on claims with a final verdict that these relations, which are about to be stored, contradict them anew,
    by pairs of which nobody has said whether they do; returns on how many."""
    against = {(one.claim_a, one.claim_b) for one in relations if one.relation == "contradicts"}
    return _call_back(connection, against, _NOT_KNOWN) if against else 0


def call_back_judged(connection: Connection, pair: tuple[str, str]) -> int:
    """Notes the same on those claims of a pair whose verdict is final, for a person's saying that it contradicts."""
    return _call_back(connection, [pair], "1")


def _call_back(connection: Connection, pairs: Iterable[tuple[str, str]], where: str) -> int:
    rows = connection.execute(
        text(f"""SELECT c.id AS claim, o.text, coalesce(nullif(o.speaker, ''), nullif(a.outlet, ''),
                nullif(a.title, ''), 'another article') AS source
            FROM (SELECT value ->> 0 AS claim_a, value ->> 1 AS claim_b FROM json_each(:pairs)) r
            JOIN claims c ON c.id IN (r.claim_a, r.claim_b)
            JOIN claims o ON o.id IN (r.claim_a, r.claim_b) AND o.id <> c.id
            JOIN articles a ON a.id = o.article_id
            WHERE c.status IN ('final', 'corrected') AND {where} ORDER BY o.article_id, o.char_start"""),
        {"pairs": json.dumps(sorted(pairs))},
    ).all()
    for row in rows:
        call_again(connection, row.claim, f"{row.source}: {row.text}", of_pair=True)
    return len({row.claim for row in rows})


def related(
    store: Store, claim_id: str, seen_by: str | None = None, beside: Iterable[str] = (), kept: Iterable[str] = ()
) -> RelatedGroups:
    """What stands beside a claim, contradictions proper before tension, then strongest first; empty if nothing.

    What people say of a pair goes before what the machine found: a statement that they moved under another heading
    stands first there, one that they moved to "related" last. Pairs that people alone judged are there, too, and so are
    the current claims that `beside` names, and those of `kept` though their sentence may be gone; what the machine
    didn't link is first in "related" unless people moved it. What a second review keeps from `seen_by` counts for
    nothing.
    """
    found = ", ".join(f"r.{name}" for name in _LINK)
    alone = ", ".join(_NOTHING[name] for name in _LINK)
    ends = f"""(SELECT {found}, claim_a, claim_b, claim_a AS x_end, claim_b AS y_end FROM relations r
            WHERE claim_a = :id
        UNION ALL SELECT {found}, claim_a, claim_b, claim_b, claim_a FROM relations r WHERE claim_b = :id
        UNION ALL SELECT {alone}, min(:id, o.id), max(:id, o.id), :id, o.id FROM claims o
            WHERE o.id IN (SELECT iif(p.claim_a = :id, p.claim_b, p.claim_a) FROM standing_judgements p
                    WHERE (p.claim_a = :id OR p.claim_b = :id) AND {shown("p")}
                UNION SELECT value FROM json_each(:beside) UNION SELECT value FROM json_each(:kept))
            AND (+o.current OR o.id IN (SELECT value FROM json_each(:kept))) AND o.id <> :id
            AND NOT EXISTS (SELECT 1 FROM relations r
                WHERE r.claim_a = min(:id, o.id) AND r.claim_b = max(:id, o.id))) r"""
    groups: dict[str, list[RelatedRow]] = {heading: [] for heading in HEADINGS.values()}
    with store.reading() as connection:
        rows = connection.execute(
            text(_select(ends) + "ORDER BY r.strict DESC, r.score DESC, y_end"),
            {"id": claim_id, "beside": json.dumps(list(beside)), "kept": json.dumps(list(kept))}
            | kept_from(connection, seen_by),
        )
        for row in rows.mappings():
            # The stored direction is a -> b by id; the reader's is from the claim looked at.
            turned = row["y_id"] < row["x_id"]
            one = RelatedRow(_statement(row, "y"), _link(row, turned), _judged(row))
            groups[_heading(one)].append(one)
    return RelatedGroups(**{heading: tuple(sorted(rows, key=_moved)) for heading, rows in groups.items()})


def heading_of(relation: str, judgement: str = "") -> str:
    """Under which of the three headings a pair stands: the one that the newest `judgement` asks for, else that of the
    `relation` that the machine found; "" is none."""
    found = HEADINGS.get(relation, "related")
    if judgement == "not_contradiction" and found == "contradicts":
        return "related"
    return _BY_PEOPLE.get(judgement, found)


def _heading(row: RelatedRow) -> str:
    return heading_of(row.link.relation, row.judgement.judgement if row.judgement else "")


def _moved(row: RelatedRow) -> int:
    """Sorts what people moved under a heading to its begin, or in "related" to its end; what they alone set beside a
    claim to the begin of either."""
    heading = _heading(row)
    if not row.link.relation:
        return -1
    return 0 if heading == heading_of(row.link.relation) else 1 if heading == "related" else -1


def conflicts(
    store: Store, limit: int = 50, offset: int = 0, which: Which = USUAL, seen_by: str | None = None,
    blind_for: str | None = None,
) -> PairPage:  # fmt: skip
    """The contradictory pairs of the whole collection: first those that people alone found, then the machine's in the
    order of `embeddings.standing.by_standing`, which hangs on no judgement: who goes through them changes only which
    are there.

    Left out unless `which` asks for them are the machine's that are doubtful (see `workbench.listing`), and those whose
    newest judgement says that they don't contradict. Judgements that a second review keeps from `seen_by` are not told,
    nor do they leave a pair out; pairs that a blind desk keeps from `blind_for` are left out.
    """
    alone = ", ".join(f"coalesce(r.{name}, {_NOTHING[name]}) AS {name}" for name in _LINK)
    found_alone = f"{found_by_people(shown)} AND {pair_shown('p')}"
    people = f"(SELECT {alone}, p.claim_a, p.claim_b, p.claim_a AS x_end, p.claim_b AS y_end {found_alone}) r"
    every = "r.relation = 'contradicts'" if which.set_aside else standing_conflict(shown)
    every += f" AND {pair_shown('r')}"
    where = every if which.doubtful else f"{every} AND {likely(shown)}"
    with store.reading() as connection:
        kept = kept_from(connection, seen_by) | {"blind_for": blind_for}
        by_people = connection.execute(text(f"SELECT count(*) {found_alone}"), kept).scalar_one()
        rows: tuple[PairRow, ...] = ()
        if offset < by_people:
            rows = _pairs(connection, people, "1", "r.claim_a, r.claim_b", (limit, offset), kept)
        left = limit if limit < 0 else limit - len(rows)
        after = max(0, offset - by_people)
        order = "r.strict DESC, r.standing DESC, r.score DESC, r.claim_a, r.claim_b"
        rows += _pairs(connection, _ALL, where, order, (left, after), kept)
        if blind_for is None:
            likely_ones = how_many(connection, shown, kept, which.set_aside)
            doubtful = how_many_doubtful(connection, shown, kept)
        else:
            query = f"SELECT count(*) FILTER (WHERE {likely(shown)}), count(*) FROM relations r WHERE {every}"
            likely_ones, found = connection.execute(text(query), kept).one()
            doubtful = found - likely_ones
        return PairPage(rows, by_people + likely_ones + (doubtful if which.doubtful else 0), doubtful)


def all_pairs(store: Store) -> PairPage:
    """Every pair that the machine judged, ordered by its claims' ids."""
    with store.reading() as connection:
        rows = _pairs(connection, _ALL, "1", "r.claim_a, r.claim_b", (-1, 0), kept_from(connection, None))
    return PairPage(rows, len(rows))


def conflict_count(connection: Connection) -> int:
    """How many pairs are contradictory, as the machine found and nobody set aside, doubtful ones left out, or as people
    alone found; what was said of the pairs of a claim that waits for its second review counts for nothing."""
    by_people = connection.execute(text(f"SELECT count(*) {found_by_people(counted)}")).scalar_one()
    return by_people + how_many(connection, counted, {})


def links_of(
    connection: Connection, claim_ids: Iterable[str], seen_by: str | None = None
) -> dict[str, list[tuple[str, Link | None, str]]]:
    """For each of these claims the other claims that the machine or people link it with, the link (None: by people
    alone) and the heading; the machine's first, strongest first. What a second review keeps from `seen_by` counts for
    nothing."""
    found: dict[str, list[tuple[str, Link | None, str]]] = {claim_id: [] for claim_id in claim_ids}
    said = {
        (row.claim_a, row.claim_b): row.judgement
        for row in connection.execute(
            text(f"SELECT claim_a, claim_b, judgement FROM standing_judgements s WHERE {shown('s')} ORDER BY id"),
            kept_from(connection, seen_by),
        )
    }
    rows = connection.execute(
        text("SELECT r.* FROM relations r ORDER BY r.strict DESC, r.score DESC, claim_a, claim_b")
    )
    links = [((row["claim_a"], row["claim_b"]), _link(row, False)) for row in rows.mappings()]
    known = {pair for pair, _ in links}
    for pair, link in [*links, *((pair, None) for pair in sorted(said) if pair not in known)]:
        heading = heading_of(link.relation if link else "", said.get(pair, ""))
        for this, other in (pair, pair[::-1]):
            if this in found:
                found[this].append((other, link, heading))
    return found


_ALL = "(SELECT relations.*, claim_a AS x_end, claim_b AS y_end FROM relations) r"


def _pairs(
    connection: Connection, ends: str, where: str, order: str, part: tuple[int, int], kept: dict[str, str | None]
) -> tuple[PairRow, ...]:
    """A `part` (limit and offset) of the pairs; `kept` is what `kept_from` gives."""
    rows = connection.execute(
        text(f"{_select(ends)} WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :offset"),
        {"limit": part[0], "offset": part[1], **kept},
    ).mappings()
    return tuple(PairRow(_statement(row, "x"), _statement(row, "y"), _link(row, False), _judged(row)) for row in rows)


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
