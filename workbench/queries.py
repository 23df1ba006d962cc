"""What the screen reads of claims and articles; every page of a list is cut by the database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from claims.assertions import ASSERTIONS
from workbench.articles import claim_of
from workbench.errors import UnknownArticle, UnknownClaim
from workbench.pairs import conflict_count
from workbench.review import UNSEEN
from workbench.rows import (
    Appearance,
    ArticleRow,
    ClaimDetail,
    ClaimPage,
    ClaimRow,
    Counts,
    Facet,
    Facets,
    Group,
    Statement,
    Whereabouts,
)
from workbench.scales import KNOWN_VERDICTS, VERDICTS
from workbench.store import Store
from workbench.verdicts import STATUSES, standing, verdicts_of

NO_VERDICT = "none"
TOPICS_OFFERED = 500
CHECKABLE = "checkable"
# What nobody can check like a fact: it has not happened, or it is a judgement.
NOT_YET_FACTS = ("prediction", "promise", "opinion")
_CLAIM = """
    SELECT c.id, c.text, c.kind, c.speaker, c.role, c.article_id, a.title, a.outlet, a.date, c.check_worthiness,
        c.assertion, c.contradiction, c.contradiction_strict AS strict,
        coalesce(v.verdict, '') AS verdict, coalesce(v.label, '') AS label,
        coalesce(v.reviewer, '') AS reviewer, coalesce(v.at, '') AS reviewed_at, c.status, c.assignee,
        c.look_again, coalesce(v.claim_text <> c.text, 0) AS changed, c.related_by IS NOT NULL AS compared
    FROM claims c LEFT JOIN articles a ON a.id = c.article_id """
_NEWEST_VERDICT = "LEFT JOIN verdicts v ON v.id = (SELECT max(id) FROM standing_verdicts WHERE claim_id = c.id) "
_ARTICLE = """
    SELECT a.id, a.title, a.outlet, a.author, a.date, a.url, a.language, a.file_name, a.added_at,
        (SELECT count(*) FROM claims c WHERE c.article_id = a.id AND c.current) AS claims,
        a.extracted_by IS NOT NULL AS read,
        (SELECT count(DISTINCT p.place) FROM appearances p WHERE p.article_id = a.id AND p.place <> '') AS appearances,
        (SELECT count(*) FROM article_versions w WHERE w.article_id = a.id) AS versions,
        (SELECT count(*) FROM articles o WHERE a.story_id <> '' AND o.story_id = a.story_id AND o.id <> a.id) AS copies
    FROM articles a """
_STATEMENT = """c.id AS claim_id, c.text, c.before, c.after, c.kind, c.speaker, c.role, c.cue, c.article_id,
    a.title, a.outlet, a.date, a.url, coalesce(nullif(a.story_id, ''), a.id) AS story"""


# Claims whose words, others' verdicts or contradictions changed since somebody's own newest verdict.
_CHANGED = """SELECT m.claim_id FROM standing_verdicts m JOIN claims k ON k.id = m.claim_id
    WHERE m.reviewer = :changed_for
    AND m.id = (SELECT max(id) FROM standing_verdicts WHERE claim_id = m.claim_id AND reviewer = m.reviewer)
    AND (m.claim_text <> k.text OR NOT k.current OR k.look_again <> ''
        OR EXISTS (SELECT 1 FROM log l WHERE l.claim_id = m.claim_id AND l.who <> m.reviewer AND l.at > m.at))"""


# The names, one by one along their index: there are hundreds of thousands of relations and one or two models.
_MODELS = """WITH RECURSIVE models(name) AS (SELECT min(model_id) FROM relations UNION ALL
    SELECT (SELECT min(model_id) FROM relations WHERE model_id > name) FROM models WHERE name IS NOT NULL)
    SELECT name FROM models WHERE name IS NOT NULL"""


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims are wanted; None is "any".

    Every word of `search` must stand in the claim, or its speaker's name. `speaker` "" is the article's own voice;
    `verdict` "none" is "no verdict yet"; `assertion` "checkable" is any kind but those of NOT_YET_FACTS; `topic` is the
    kind and the name of what the claim is about, "person:Mary Holt"; `assignee` is in charge ("": nobody), `reviewer`
    gave a verdict that stands; `since` and `until` are the first and the last day (ISO 8601) of the article; with
    `look_again` only what came up again after it was final; `changed_for` gave a
    verdict, and since then the claim's words, others' verdicts or what speaks against it changed; a verdict that a
    second review keeps from `seen_by` is not found by `verdict`.
    """

    search: str = ""
    article_id: str | None = None
    speaker: str | None = None
    verdict: str | None = None
    has_contradiction: bool = False
    assertion: str | None = None
    topic: str | None = None
    status: str | None = None
    outlet: str | None = None
    assignee: str | None = None
    reviewer: str | None = None
    since: str | None = None
    until: str | None = None
    look_again: bool = False
    changed_for: str | None = None
    seen_by: str | None = None


def claim_page(
    store: Store, wanted: ClaimFilter = ClaimFilter(), limit: int = 50, offset: int = 0, near: Sequence[str] = ()
) -> ClaimPage:
    """The claims that most deserve a look first: those that nobody judged, by the strongest contradiction times
    check-worthiness, then by check-worthiness, then by place; after them those that somebody judged, in the same order.
    Claims that the text no longer yields show only under their verdict.

    `near` holds claims that are near the searched words in meaning, nearest first (see `workbench.search`): they follow
    those that hold the words.
    """
    where, words, values = _where(wanted)
    verdict = _NEWEST_VERDICT if wanted.verdict is not None else ""
    order = "c.attention DESC, c.check_worthiness DESC, c.article_id, c.char_start, c.id"
    with store.reading() as connection:
        if not wanted.search:
            sql = f"SELECT count(*) FROM claims c {verdict} WHERE {where}"
            total = connection.execute(text(sql), values).scalar_one()
            rows = connection.execute(
                text(f"{_CLAIM} {_NEWEST_VERDICT} WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :offset"),
                values | {"limit": limit, "offset": offset},
            ).mappings()
            return ClaimPage(tuple(_claim_row(row) for row in rows), total, total)

        # Words have no index: every claim is looked at once, and only what is shown is read whole.
        def ids(condition: str, order: str, **more: str) -> list[str]:
            sql = f"SELECT c.id FROM claims c {verdict} WHERE {where} AND ({condition}) ORDER BY {order}"
            return list(connection.execute(text(sql), values | more).scalars())

        by_words = ids(words, order)
        rank = "(SELECT key FROM json_each(:near) n WHERE n.value = c.id)"
        close = ids("c.id IN (SELECT value FROM json_each(:near))", rank, near=json.dumps(list(near))) if near else []
        known = set(by_words)
        found = by_words + [claim_id for claim_id in close if claim_id not in known]
        page = found[offset:] if limit < 0 else found[offset : offset + limit]
        whole = {
            row["id"]: _claim_row(row)
            for row in connection.execute(
                text(f"{_CLAIM} {_NEWEST_VERDICT} WHERE c.id IN (SELECT value FROM json_each(:ids))"),
                {"ids": json.dumps(page)},
            ).mappings()
        }
        return ClaimPage(tuple(whole[claim_id] for claim_id in page), len(found), len(by_words))


def claim_detail(store: Store, claim_id: str) -> ClaimDetail:
    """One claim, its article and its newest verdict. Raises UnknownClaim."""
    with store.reading() as connection:
        row = connection.execute(text("SELECT * FROM claims WHERE id = :id"), {"id": claim_id}).mappings().first()
        if row is None:
            raise UnknownClaim([claim_id])
        verdicts = verdicts_of(connection, claim_id)
        return ClaimDetail(
            claim=claim_of(row),
            article=_article(connection, row["article_id"]),
            article_text=_text(connection, row["article_id"]),
            current=bool(row["current"]),
            related=row["related_by"] is not None,
            verdict=standing(verdicts),
            verdicts=verdicts,
            **{name: row[name] for name in ("status", "assignee", "public_note", "revision", "look_again")},
        )


def statements(store: Store, claim_ids: Iterable[str]) -> dict[str, Statement]:
    """These claims with what places them; an unknown id is left out."""
    with store.reading() as connection:
        return statements_of(connection, claim_ids)


def group_of(store: Store, claim_id: str) -> Group:
    """The current statements that say what a claim says, itself first, and how many independent sources they have."""
    from embeddings.groups import Said, independent_sources

    with store.reading() as connection:
        ids = connection.execute(
            text("""SELECT other.id FROM claims this JOIN claims other ON other.group_id = this.group_id
                WHERE this.id = :id AND other.current AND other.id <> this.id ORDER BY other.article_id,
                other.char_start"""),
            {"id": claim_id},
        ).scalars()
        ordered = [claim_id, *ids]
        found = statements_of(connection, ordered)
    rows = tuple(found[one] for one in ordered if one in found)
    sources = independent_sources([Said(row.text, row.speaker, row.outlet, row.story) for row in rows])
    return Group(rows, sources)


def statements_of(connection: Connection, claim_ids: Iterable[str]) -> dict[str, Statement]:
    """The same, on a connection that is open."""
    rows = connection.execute(
        text(
            f"SELECT {_STATEMENT} FROM json_each(:ids) w JOIN claims c ON c.id = w.value "
            "JOIN articles a ON a.id = c.article_id"
        ),
        {"ids": json.dumps(list(claim_ids))},
    ).mappings()
    return {row["claim_id"]: Statement(**row) for row in rows}


def articles(store: Store) -> tuple[ArticleRow, ...]:
    """All articles, in the order in which they came."""
    with store.reading() as connection:
        rows = connection.execute(text(_ARTICLE + "ORDER BY a.added_at, a.id")).mappings()
        return tuple(_article_row(row) for row in rows)


def article(store: Store, article_id: str) -> ArticleRow:
    """One article. Raises UnknownArticle."""
    with store.reading() as connection:
        return _article(connection, article_id)


def article_text(store: Store, article_id: str) -> str:
    """An article's text, as it was read. Raises UnknownArticle."""
    with store.reading() as connection:
        return _text(connection, article_id)


def article_claims(store: Store, article_id: str) -> tuple[ClaimRow, ...]:
    """An article's current claims, in the order of the text."""
    with store.reading() as connection:
        rows = connection.execute(
            text(f"{_CLAIM} {_NEWEST_VERDICT} WHERE c.article_id = :id AND c.current ORDER BY c.char_start, c.id"),
            {"id": article_id},
        ).mappings()
        return tuple(_claim_row(row) for row in rows)


def facets(store: Store, seen_by: str | None = None) -> Facets:
    """What the claim list can be filtered by; verdicts that a second review keeps from `seen_by` are not counted."""
    with store.reading() as connection:
        speakers = connection.execute(
            text("SELECT speaker, count(*) FROM claims WHERE current GROUP BY speaker ORDER BY count(*) DESC, speaker")
        ).all()
        assertions = dict(
            connection.execute(
                text("SELECT assertion, count(*) FROM claims WHERE current AND assertion <> '' GROUP BY 1")
            ).all()
        )
        topics = connection.execute(
            text("""SELECT kind, name, count(*) FROM claim_topics GROUP BY kind, name
                ORDER BY count(*) DESC, name LIMIT :limit"""),
            {"limit": TOPICS_OFFERED},
        ).all()
        judged = connection.execute(
            text("""SELECT v.verdict, count(*), sum(c.current) FROM (
                    SELECT claim_id, max(id) AS id FROM standing_verdicts GROUP BY claim_id) newest
                JOIN verdicts v ON v.id = newest.id JOIN claims c ON c.id = newest.claim_id GROUP BY 1""")
        ).all()
        unseen = _unseen_verdicts(connection, seen_by)
        current = connection.execute(text("SELECT count(*) FROM claims WHERE current")).scalar_one()
        verdicts = {verdict: number - unseen.get(verdict, 0) for verdict, number, _ in judged}
        verdicts[NO_VERDICT] = current - sum(number for _, _, number in judged)
        statuses = dict(connection.execute(text("SELECT status, count(*) FROM claims WHERE current GROUP BY 1")).all())
        outlets = connection.execute(
            text("""SELECT a.outlet, sum(n.claims) FROM (
                    SELECT article_id, count(*) AS claims FROM claims WHERE current GROUP BY article_id) n
                JOIN articles a ON a.id = n.article_id WHERE a.outlet <> '' GROUP BY 1 ORDER BY 2 DESC, 1""")
        ).all()
        assignees = connection.execute(
            text("SELECT assignee, count(*) FROM claims WHERE current AND assignee <> '' GROUP BY 1 ORDER BY 2 DESC, 1")
        ).all()
        reviewers = connection.execute(
            text("SELECT reviewer, count(DISTINCT claim_id) FROM standing_verdicts GROUP BY 1 ORDER BY 2 DESC, 1")
        ).all()
    labels = (
        {NO_VERDICT: "No verdict yet"}
        | {name: kind.label for name, kind in VERDICTS.items()}
        | {name: KNOWN_VERDICTS[name].label for name in verdicts if name in KNOWN_VERDICTS}
    )
    return Facets(
        articles=tuple(
            Facet(row.id, row.title or row.outlet or row.file_name or row.id, row.claims) for row in articles(store)
        ),
        speakers=tuple(Facet(speaker, speaker or "The article itself", count) for speaker, count in speakers),
        verdicts=tuple(Facet(name, label, verdicts.get(name, 0)) for name, label in labels.items()),
        assertions=_assertion_facets(assertions),
        statuses=tuple(Facet(name, label, statuses.get(name, 0)) for name, label in STATUSES.items()),
        outlets=tuple(Facet(outlet, outlet, count) for outlet, count in outlets),
        assignees=tuple(Facet(name, name, count) for name, count in assignees),
        reviewers=tuple(Facet(name, name, count) for name, count in reviewers),
        topics=tuple(Facet(f"{kind}:{name}", f"{name} · {kind}", count) for kind, name, count in topics),
    )


def _unseen_verdicts(connection: Connection, seen_by: str | None) -> dict[str, int]:
    """How often each verdict stands on claims whose verdicts are to be kept from this person."""
    if seen_by is None:
        return {}
    rows = connection.execute(
        text(
            f"SELECT v.verdict, count(*) FROM claims c {_NEWEST_VERDICT} WHERE {UNSEEN} AND v.id IS NOT NULL GROUP BY 1"
        ),
        {"seen_by": seen_by},
    )
    return {verdict: number for verdict, number in rows}


def _assertion_facets(found: dict[str, int]) -> tuple[Facet, ...]:
    checkable = sum(number for kind, number in found.items() if kind not in NOT_YET_FACTS)
    if not found:
        return ()
    return (
        Facet(CHECKABLE, "Anything that can be checked", checkable),
        *(Facet(kind, words, found[kind]) for kind, words in ASSERTIONS.items() if kind in found),
    )


def counts(store: Store) -> Counts:
    """How much there is, and how much is still to do."""
    with store.reading() as connection:

        def number(sql: str) -> int:
            return connection.execute(text(sql)).scalar_one()

        return Counts(
            articles=number("SELECT count(*) FROM articles"),
            claims=number("SELECT count(*) FROM claims WHERE current"),
            conflicts=conflict_count(connection),
            judged=number("SELECT count(DISTINCT claim_id) FROM standing_verdicts"),
            unread_articles=number("SELECT count(*) FROM articles WHERE extracted_by IS NULL"),
            unrelated_claims=number("SELECT count(*) FROM claims WHERE current AND related_by IS NULL"),
            models=tuple(connection.execute(text(_MODELS)).scalars()),
        )


def _where(wanted: ClaimFilter) -> tuple[str, str, dict[str, Any]]:
    """The condition of all filters but the search, that of the search, and what both need."""
    parts, words, values = [], [], {}
    if wanted.changed_for is not None:
        values["changed_for"] = wanted.changed_for
        parts.append(f"c.id IN ({_CHANGED})")
    elif wanted.verdict not in (None, NO_VERDICT):
        parts.append("(c.current OR v.id IS NOT NULL)")
    else:
        parts.append("c.current = 1")
    for number, word in enumerate(wanted.search.split()):
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        values[f"word{number}"] = f"%{escaped}%"
        words.append(
            f"(c.text LIKE :word{number} ESCAPE '\\' OR c.standalone LIKE :word{number} ESCAPE '\\' "
            f"OR c.speaker LIKE :word{number} ESCAPE '\\')"
        )
    for name in ("article_id", "speaker", "status", "assignee"):
        if getattr(wanted, name) is not None:
            values[name] = getattr(wanted, name)
            parts.append(f"c.{name} = :{name}")
    if wanted.verdict is not None:
        values["verdict"] = wanted.verdict
        parts.append("v.id IS NULL" if wanted.verdict == NO_VERDICT else "v.verdict = :verdict")
        if wanted.verdict != NO_VERDICT and wanted.seen_by is not None:
            values["seen_by"] = wanted.seen_by
            parts.append(f"NOT {UNSEEN}")
    if wanted.assertion == CHECKABLE:
        parts.append(f"c.assertion NOT IN ({', '.join(repr(kind) for kind in NOT_YET_FACTS)})")
    elif wanted.assertion is not None:
        values["assertion"] = wanted.assertion
        parts.append("c.assertion = :assertion")
    if wanted.topic is not None:
        values["topic_kind"], _, values["topic_name"] = wanted.topic.partition(":")
        parts.append(
            "EXISTS (SELECT 1 FROM claim_topics t WHERE t.claim_id = c.id AND t.kind = :topic_kind "
            "AND t.name = :topic_name)"
        )
    if wanted.outlet is not None:
        values["outlet"] = wanted.outlet
        parts.append("c.article_id IN (SELECT id FROM articles WHERE outlet = :outlet)")
    for name, sign in (("since", ">="), ("until", "<=")):
        if getattr(wanted, name) is not None:
            values[name] = getattr(wanted, name)
            parts.append(f"c.article_id IN (SELECT id FROM articles WHERE date <> '' AND date {sign} :{name})")
    if wanted.reviewer is not None:
        values["reviewer"] = wanted.reviewer
        parts.append("c.id IN (SELECT claim_id FROM standing_verdicts WHERE reviewer = :reviewer)")
    if wanted.look_again:
        parts.append("c.look_again <> ''")
    if wanted.has_contradiction:
        parts.append("c.contradiction IS NOT NULL")
    return " AND ".join(parts), " AND ".join(words) or "1", values


def _claim_row(row: RowMapping) -> ClaimRow:
    return ClaimRow(**{**row, **{name: bool(row[name]) for name in ("changed", "strict", "compared")}})


def whereabouts(store: Store, article_id: str) -> Whereabouts:
    """Where an article was seen, oldest first, what is a copy of it, and when it was edited. Raises UnknownArticle."""
    with store.reading() as connection:
        _article(connection, article_id)
        newest = connection.execute(text("SELECT text_hash FROM articles WHERE id = :id"), {"id": article_id}).scalar()

        def rows(sql: str) -> list[Any]:
            return list(connection.execute(text(sql), {"id": article_id}).mappings())

        seen = rows("""SELECT place, outlet, title, text_hash, archive_hash, kind, at FROM appearances
            WHERE article_id = :id ORDER BY id""")
        copies = rows("""SELECT o.id, o.title, o.outlet, o.file_name FROM articles a JOIN articles o
            ON o.story_id = a.story_id AND o.id <> a.id WHERE a.id = :id AND a.story_id <> '' ORDER BY o.added_at""")
        edited = rows("SELECT until FROM article_versions WHERE article_id = :id ORDER BY id")
    return Whereabouts(
        newest or "",
        tuple(Appearance(**row) for row in seen),
        tuple((row["id"], row["title"] or row["outlet"] or row["file_name"] or row["id"]) for row in copies),
        tuple(row["until"] for row in edited),
    )


def _article(connection: Connection, article_id: str) -> ArticleRow:
    row = connection.execute(text(_ARTICLE + "WHERE a.id = :id"), {"id": article_id}).mappings().first()
    if row is None:
        raise UnknownArticle(article_id)
    return _article_row(row)


def _article_row(row: RowMapping) -> ArticleRow:
    return ArticleRow(**{**row, "read": bool(row["read"])})


def _text(connection: Connection, article_id: str) -> str:
    found = connection.execute(text("SELECT text FROM articles WHERE id = :id"), {"id": article_id}).scalar()
    if found is None:
        raise UnknownArticle(article_id)
    return found
