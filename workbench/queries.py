"""What the screen reads of claims and articles; every page of a list is cut by the database."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from claims.assertions import ASSERTIONS
from workbench.articles import claim_of
from workbench.blind import JUDGED
from workbench.claim_filter import (
    AGREED,
    ANY,
    CHANGED,
    CHECKABLE,
    NEWEST_VERDICT,
    NO_VERDICT,
    NOT_YET_FACTS,
    STATES,
    ClaimFilter,
    states,
    where_of,
)
from workbench.errors import UnknownArticle, UnknownClaim
from workbench.histories import standing, verdicts_of
from workbench.pair_rows import Group, Statement
from workbench.pairs import conflict_count
from workbench.rows import Appearance, ArticleRow, ClaimDetail, ClaimPage, ClaimRow, Counts, Facet, Facets, Whereabouts
from workbench.scales import SCALES, Label, verdict_key, verdict_words
from workbench.store import Store
from workbench.unseen import UNSEEN

NEAREST = 100  # claims near in meaning, after those that hold the words
# So many claims are sooner looked up and put in order than met on the way down the queue, at whose end they may stand.
_FEW = 20_000
MOST_OFFERED = 500  # values of a filter: a box with all of them would be sent to the browser at every click
_CLAIM = f"""
    SELECT c.id, c.text, c.kind, c.speaker, c.role, c.article_id, a.title, a.outlet, a.date, c.check_worthiness,
        c.assertion, c.contradiction, c.contradiction_strict AS strict,
        coalesce(v.verdict, '') AS verdict, coalesce(v.label, '') AS label,
        coalesce(v.reviewer, '') AS reviewer, coalesce(v.at, '') AS reviewed_at, c.status, c.assignee,
        iif(:blind_for IS NULL OR c.id IN {JUDGED}, c.look_again, c.blind_look_again) AS look_again,
        coalesce(v.claim_text <> c.text, 0) AS changed, c.related_by IS NOT NULL AS compared,
        EXISTS (SELECT 1 FROM verdicts w WHERE w.claim_id = c.id AND w.reviewer = :seen_by) AS mine,
        :seen_by IS NOT NULL AND {UNSEEN} AS unseen, {AGREED} AS agreed, NOT c.current AS gone
    FROM claims c LEFT JOIN articles a ON a.id = c.article_id """
_ORDER = "c.attention DESC, c.check_worthiness DESC, c.article_id, c.char_start, c.id"
_BLIND_ORDER = "c.blind_attention DESC, c.article_id, c.char_start, c.id"
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


# The names, one by one along their index: there are hundreds of thousands of relations and one or two models.
_MODELS = """WITH RECURSIVE models(name) AS (SELECT min(model_id) FROM relations UNION ALL
    SELECT (SELECT min(model_id) FROM relations WHERE model_id > name) FROM models WHERE name IS NOT NULL)
    SELECT name FROM models WHERE name IS NOT NULL"""


def claim_page(
    store: Store,
    wanted: ClaimFilter = ANY,
    limit: int = 50,
    offset: int = 0,
    near: Sequence[str] = (),
    without: Sequence[str] = (),
) -> ClaimPage:
    """The claims that most deserve a look first: those that nobody judged, by the strongest contradiction times
    check-worthiness, then by check-worthiness, then by place; after them those that somebody judged, in the same order.
    Claims that the text no longer yields show only where people's work is asked for. For whom the desk is blind, the
    order tells nothing of contradictions.

    `near` holds claims that are near the searched words in meaning, nearest first (see `workbench.search`): the NEAREST
    of those that fit the filter follow those that hold the words. The claims named in `without` are left out.
    """
    few, words, values = where_of(wanted, few=True)
    left_out = "AND c.id NOT IN (SELECT value FROM json_each(:without))" if without else ""
    values |= {"without": json.dumps(list(without))} if without else {}
    verdict = NEWEST_VERDICT if wanted.verdict not in (None, NO_VERDICT) else ""
    order = _ORDER if wanted.blind_for is None else _BLIND_ORDER
    end = None if limit < 0 else offset + limit
    with store.reading() as connection:

        def column(what: str, where: str, rest: str = "", **more: Any) -> list[Any]:
            sql = f"SELECT {what} FROM claims c {verdict} WHERE {where} {left_out} AND ({words}) {rest}"
            return list(connection.execute(text(sql), values | more).scalars())

        if wanted.asked_once:
            found = column("c.id", few, f"ORDER BY {order}")
            by_words, page = len(found), found[offset:end]
        else:
            (by_words,) = column("count(*)", few)
            where = few if by_words <= _FEW else where_of(wanted)[0]
            page = column("c.id", where, f"ORDER BY {order} LIMIT :limit OFFSET :offset", limit=limit, offset=offset)
        close: list[str] = []
        if near:
            sql = f"""SELECT c.id FROM json_each(:near) n CROSS JOIN claims c ON c.id = n.value {verdict}
                WHERE {few} AND NOT ({words}) ORDER BY n.key LIMIT {NEAREST}"""
            rows = connection.execute(text(sql), values | {"near": json.dumps(list(near))}).scalars()
            close = [claim_id for claim_id in rows if claim_id not in without]
            page += close[max(offset - by_words, 0) : end if end is None else max(end - by_words, 0)]
        return ClaimPage(_whole(connection, page, wanted), by_words + len(close), by_words)


def _whole(connection: Connection, claim_ids: Sequence[str], wanted: ClaimFilter) -> tuple[ClaimRow, ...]:
    """These claims as lines of the list, in this order: only what is shown is read whole."""
    rows = connection.execute(
        text(f"{_CLAIM} {NEWEST_VERDICT} WHERE c.id IN (SELECT value FROM json_each(:ids))"),
        {"ids": json.dumps(claim_ids), "seen_by": wanted.seen_by, "blind_for": wanted.blind_for},
    ).mappings()
    whole = {row["id"]: _claim_row(row) for row in rows}
    return tuple(whole[claim_id] for claim_id in claim_ids)


def changed_since(store: Store, claim_id: str, reviewer: str) -> bool:
    """Whether a claim's words, others' verdicts or what speaks against it changed since this person's own verdict."""
    with store.reading() as connection:
        found = connection.execute(
            text(f"{CHANGED} AND m.claim_id = :claim"), {"changed_for": reviewer, "claim": claim_id}
        )
        return found.first() is not None


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
            **{name: row[name] for name in _KEPT_WITH_CLAIM},
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


def articles(store: Store, limit: int = -1, offset: int = 0, newest_first: bool = False) -> tuple[ArticleRow, ...]:
    """All articles, or some of them (`limit` -1: no end), in the order in which they came or the other way round."""
    way = "DESC" if newest_first else "ASC"
    with store.reading() as connection:
        rows = connection.execute(
            text(f"""{_ARTICLE} WHERE a.id IN (
                SELECT id FROM articles ORDER BY added_at {way}, id {way} LIMIT :limit OFFSET :offset)
                ORDER BY a.added_at {way}, a.id {way}"""),
            {"limit": limit, "offset": offset},
        ).mappings()
        return tuple(_article_row(row) for row in rows)


def articles_named(store: Store, article_ids: Sequence[str]) -> tuple[ArticleRow, ...]:
    """These articles, in this order; without those that are not there."""
    with store.reading() as connection:
        rows = connection.execute(
            text(f"{_ARTICLE} JOIN json_each(:ids) n ON n.value = a.id ORDER BY n.key"),
            {"ids": json.dumps(list(article_ids))},
        ).mappings()
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
            text(f"{_CLAIM} {NEWEST_VERDICT} WHERE c.article_id = :id AND c.current ORDER BY c.char_start, c.id"),
            {"id": article_id, "seen_by": None, "blind_for": None},
        ).mappings()
        return tuple(_claim_row(row) for row in rows)


def facets(store: Store, seen_by: str | None = None, scale: Sequence[Label] = SCALES["standard"]) -> Facets:
    """What the claim list can be filtered by; verdicts that a second review keeps from `seen_by` are not counted. Of
    verdicts those of the desk's `scale` are there, and whatever else was given, each in its own words."""
    with store.reading() as connection:
        speakers = connection.execute(
            text("""SELECT speaker, count(*) FROM claims WHERE current GROUP BY speaker
                ORDER BY count(*) DESC, speaker LIMIT :limit"""),
            {"limit": MOST_OFFERED},
        ).all()
        assertions = dict(
            connection.execute(
                text("SELECT assertion, count(*) FROM claims WHERE current AND assertion <> '' GROUP BY 1")
            ).all()
        )
        topics = connection.execute(
            text("""SELECT kind, name, count(*) FROM claim_topics GROUP BY kind, name
                ORDER BY count(*) DESC, name LIMIT :limit"""),
            {"limit": MOST_OFFERED},
        ).all()
        judged = connection.execute(
            text("""SELECT v.verdict, v.label, count(*), sum(c.current) FROM (
                    SELECT claim_id, max(id) AS id FROM standing_verdicts GROUP BY claim_id) newest
                JOIN verdicts v ON v.id = newest.id JOIN claims c ON c.id = newest.claim_id GROUP BY 1, 2""")
        ).all()
        unseen = _unseen_verdicts(connection, seen_by)
        current = connection.execute(text("SELECT count(*) FROM claims WHERE current = 1")).scalar_one()
        verdicts = {verdict_key(*given): number for *given, number, _ in judged}
        verdicts |= {key: number - unseen.get(key, 0) for key, number in verdicts.items()}
        verdicts[NO_VERDICT] = current - sum(number for *_, number in judged)
        statuses = states(connection)
        places = connection.execute(
            text("""SELECT a.id, a.title, a.outlet, a.file_name, coalesce(n.claims, 0) AS claims FROM articles a
                LEFT JOIN (SELECT article_id, count(*) AS claims FROM claims WHERE current = 1 GROUP BY article_id) n
                ON n.article_id = a.id ORDER BY a.added_at, a.id""")
        ).all()
        outlets = Counter[str]()
        for row in places:
            outlets[row.outlet] += row.claims
        assignees = connection.execute(
            text("""SELECT assignee, sum(claims) FROM (
                    SELECT assignee, count(*) AS claims FROM claims WHERE current GROUP BY 1
                    UNION ALL SELECT assignee, count(*) FROM claims
                    WHERE current = 0 AND status <> 'unreviewed' AND assignee <> '' GROUP BY 1)
                GROUP BY 1 ORDER BY assignee = '' DESC, 2 DESC, 1""")
        ).all()
        reviewers = connection.execute(
            text("SELECT reviewer, count(DISTINCT claim_id) FROM standing_verdicts GROUP BY 1 ORDER BY 2 DESC, 1")
        ).all()
    labels = (
        {NO_VERDICT: "No verdict yet"}
        | {verdict_key(label.verdict, label.words): label.words for label in scale}
        | {verdict_key(*given): verdict_words(*given) for *given, number, _ in judged if verdicts[verdict_key(*given)]}
    )
    return Facets(
        articles=tuple(Facet(row.id, row.title or row.outlet or row.file_name or row.id, row.claims) for row in places),
        speakers=tuple(Facet(speaker, speaker or "The article itself", count) for speaker, count in speakers),
        verdicts=tuple(Facet(name, label, verdicts.get(name, 0)) for name, label in labels.items()),
        assertions=_assertion_facets(assertions),
        statuses=tuple(Facet(name, label, statuses[name]) for name, label in STATES.items()),
        outlets=tuple(
            Facet(outlet, outlet or "Not known", count)
            for outlet, count in sorted(outlets.items(), key=lambda one: (one[0] == "", -one[1], one[0]))
            if count
        ),
        assignees=tuple(Facet(name, name or "Nobody", count) for name, count in assignees),
        reviewers=tuple(Facet(name, name, count) for name, count in reviewers),
        topics=tuple(Facet(f"{kind}:{name}", f"{name} · {kind}", count) for kind, name, count in topics),
    )


def _unseen_verdicts(connection: Connection, seen_by: str | None) -> dict[str, int]:
    """How often each verdict stands on claims whose verdicts are to be kept from this person."""
    if seen_by is None:
        return {}
    rows = connection.execute(
        text(
            f"SELECT v.verdict, v.label, count(*) FROM claims c {NEWEST_VERDICT} WHERE {UNSEEN} AND v.id IS NOT NULL "
            "GROUP BY 1, 2"
        ),
        {"seen_by": seen_by},
    )
    return {verdict_key(*given): number for *given, number in rows}


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
            claims=number("SELECT count(*) FROM claims WHERE current = 1"),
            conflicts=conflict_count(connection),
            judged=number("SELECT count(DISTINCT claim_id) FROM standing_verdicts"),
            unread_articles=number("SELECT count(*) FROM articles WHERE extracted_by IS NULL"),
            unrelated_claims=number("SELECT count(*) FROM claims WHERE current AND related_by IS NULL"),
            models=tuple(connection.execute(text(_MODELS)).scalars()),
        )


_KEPT_WITH_CLAIM = ("status", "assignee", "public_note", "revision", "look_again", "blind_look_again")
_FLAGS = ("changed", "strict", "compared", "mine", "unseen", "agreed", "gone")


def _claim_row(row: RowMapping) -> ClaimRow:
    return ClaimRow(**{**row, **{name: bool(row[name]) for name in _FLAGS}})


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
