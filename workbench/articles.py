"""Articles and claims going into the store, and coming out of it as the objects of `claims`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as insert_or_skip

from claims.article import Article, Given, Provenance, content_hash
from claims.claim import Attribution, Claim, Topic
from claims.formats import storable
from workbench.attention import call_again, judged_with, refresh_contradictions
from workbench.schema import ArticleRecord, ClaimRecord, TopicRecord
from workbench.store import Store, now

# Share of common characters from which a claim that is new in an edited article is one that was there before.
EDITED = 0.75
# Statuses whose verdict readers may have seen: from here on a change is a correction, with a note for the public.
PUBLISHED = ("final", "corrected")
_JUDGED = ("text", "speaker", "standalone", "current")  # what a verdict on a claim speaks of
_JUDGED_BY_PEOPLE = """SELECT claim_id FROM verdicts UNION SELECT claim_a FROM pair_judgements
    UNION SELECT claim_b FROM pair_judgements
    UNION SELECT e.value FROM verdicts, json_each(verdicts.evidence) e
    UNION SELECT claim_id FROM log WHERE claim_id IS NOT NULL"""


def add_article(store: Store, article: Article, file_name: str = "") -> bool:
    """Stores an article; False where one with the same text is there already, which then stays as it is."""
    with store.writing() as connection:
        return insert_article(connection, article, file_name)


def insert_article(connection: Connection, article: Article, file_name: str = "") -> bool:
    """The same, in a transaction that is open."""
    values = {
        "id": article.id,
        "text": article.text,
        "text_hash": article.text_hash,
        "file_name": storable(file_name),
        "added_at": now(),
        "extracted_by": None,
        "given": given_as_stored(article),
        **clean(article.provenance),
    }
    statement = insert_or_skip(ArticleRecord).values(**values).on_conflict_do_nothing()
    if connection.execute(statement).rowcount == 1:
        return True
    # An article that is known from an imported file of verdicts only gets its text with the article itself.
    known = update(ArticleRecord).where(ArticleRecord.id == article.id, ArticleRecord.text == "")
    return connection.execute(known.values(**values)).rowcount == 1


def stored_hash(words: str, given: Iterable[Sequence]) -> str:
    """`claims.Article.text_hash` of a text with its ready-made statements as the column `given` holds them."""
    return Article(words, given=tuple(Given(*one) for one in given)).text_hash


def given_as_stored(article: Article) -> list[list]:
    """An article's ready-made statements, as the column `given` holds them."""
    return [[one.start, one.end, one.speaker, one.standalone] for one in article.given]


def unread_articles(store: Store, extracted_by: str) -> list[Article]:
    """Articles whose claims were not yet looked for by `extracted_by`, oldest first; each in its newest version."""
    table = ArticleRecord.__table__
    with store.reading() as connection:
        rows = connection.execute(
            select(table)
            .where(table.c.extracted_by.is_distinct_from(extracted_by))
            .order_by(table.c.added_at, table.c.id)
        )
        return [
            Article(
                row.text if row.next_text is None else row.next_text,
                Provenance(row.title, row.outlet, row.author, row.date, row.url, row.language),
                tuple(Given(*one) for one in (row.given if row.next_text is None else row.next_given)),
                row.id,
            )
            for row in rows
        ]


def article_dates(store: Store) -> dict[str, date]:
    """The day of each article that has one, by the article's id."""
    with store.reading() as connection:
        rows = connection.execute(text("SELECT id, date FROM articles WHERE date <> ''"))
        return {row.id: date.fromisoformat(row.date) for row in rows}


def forget_reading(store: Store, article_ids: Iterable[str]) -> None:
    """Marks articles as not read yet, so that the next ingest looks for their claims again; claims stay till then."""
    with store.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE articles SET extracted_by = NULL WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(article_ids)),),
        )


def replace_claims(store: Store, article_id: str, claims: Sequence[Claim], extracted_by: str) -> int:
    """Makes `claims` the current claims of an article, and returns how many of them are new.

    A claim that stays the same keeps its relations; a changed one loses them and is judged again. One whose words were
    edited a little keeps its id, and so what people said of it. One that vanished goes, unless a verdict or judgement
    speaks of it: then it stays with `current` false and without relations. Either way, and where it comes back, its
    revision counts one up. A published verdict on a claim that was edited or vanished is to be looked at again. An
    article's next version takes its place with its claims.
    """
    from workbench.speakers import under_their_names  # it builds on this module

    table = ClaimRecord.__table__
    read = [claim.speaker for claim in claims]
    with store.writing() as connection:
        claims = under_their_names(connection, claims)
        there = {
            row["id"]: row
            for row in connection.execute(select(table).where(table.c.article_id == article_id)).mappings()
        }
        claims = _under_earlier_ids(claims, there)
        read = {claim.id: speaker for claim, speaker in zip(claims, read, strict=True)}
        found = {claim.id: claim for claim in claims}
        changed = {
            claim_id
            for claim_id, claim in found.items()
            if claim_id in there and not (there[claim_id]["current"] and claim_of(there[claim_id]) == claim)
        }
        vanished = there.keys() - found.keys()
        partners = _drop_relations(connection, changed | vanished)
        _call_back_edited(connection, there, found)
        for claim_id in sorted(changed):
            values = _values(found[claim_id], read[claim_id])
            # Whoever has other words, or another speaker, on the screen has not judged these.
            if any(there[claim_id][name] != values[name] for name in _JUDGED):
                values["revision"] = table.c.revision + 1
            connection.execute(update(table).where(table.c.id == claim_id).values(**values))
        added = [_values(claim, read[claim.id]) for claim in found.values() if claim.id not in there]
        if added:
            connection.execute(insert(table), added)
        _store_topics(connection, article_id, claims)
        kept = set(connection.execute(text(_JUDGED_BY_PEOPLE)).scalars()) & vanished if vanished else set()
        for claim_id in vanished:
            if claim_id not in kept:
                connection.execute(delete(table).where(table.c.id == claim_id))
            else:
                gone = {"current": False, "related_by": None}
                if there[claim_id]["current"]:
                    gone["revision"] = table.c.revision + 1
                connection.execute(update(table).where(table.c.id == claim_id).values(**gone))
        apart = judged_with(connection, changed | vanished)  # a pair of people alone has no relation to drop
        refresh_contradictions(connection, partners | changed | kept | apart)
        connection.execute(
            update(ArticleRecord).where(ArticleRecord.id == article_id).values(extracted_by=extracted_by)
        )
        _turn_to_next_version(connection, article_id)
        return len(added)


def _under_earlier_ids(claims: Sequence[Claim], there: Mapping[str, RowMapping]) -> list[Claim]:
    """The claims of an article's new reading, each edited one under the id of the claim that it was.

    The most alike pairs find each other first; the same words of another speaker are another claim.
    """
    found = {claim.id for claim in claims}
    gone = [row for claim_id, row in there.items() if claim_id not in found and row["current"]]
    new = [claim for claim in claims if claim.id not in there]
    if not gone or not new:
        return list(claims)
    alike = []
    for claim in new:
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(claim.text)
        for row in gone:
            matcher.set_seq1(row["text"])
            if (
                row["speaker"] == claim.speaker
                and matcher.real_quick_ratio() >= EDITED
                and matcher.quick_ratio() >= EDITED
            ):
                alike.append((matcher.ratio(), row["id"], claim.id))
    earlier: dict[str, str] = {}
    for ratio, old, new_id in sorted(alike, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if ratio >= EDITED and old not in earlier.values() and new_id not in earlier:
            earlier[new_id] = old
    return [replace(claim, id=earlier.get(claim.id, claim.id)) for claim in claims]


def _call_back_edited(connection: Connection, there: Mapping[str, RowMapping], found: Mapping[str, Claim]) -> None:
    """Notes on claims with a published verdict that the article was edited and says it otherwise, by somebody else, or
    no more."""
    for claim_id, row in there.items():
        if row["status"] not in PUBLISHED or not row["current"]:
            continue
        claim = found.get(claim_id)
        if claim is None:
            why = "the article was read again and no longer holds this claim"
        elif claim.text != row["text"]:
            why = f"the article was edited; before, this claim read: {row['text']}"
        elif claim.speaker != row["speaker"]:
            was = f"was said by {row['speaker']}" if row["speaker"] else "was the article’s own"
            why = f"the article was read again; before, this claim {was}"
        else:
            continue
        call_again(connection, claim_id, why)


def _turn_to_next_version(connection: Connection, article_id: str) -> None:
    """Puts an edited text in its article's place, and the one before with the earlier versions."""
    row = connection.execute(
        text("SELECT text, given FROM articles WHERE id = :id AND next_text IS NOT NULL"), {"id": article_id}
    ).first()
    if row is None:
        return
    values = {"id": article_id, "hash": stored_hash(row.text, json.loads(row.given)), "text": row.text, "now": now()}
    connection.execute(
        text("INSERT INTO article_versions (article_id, text_hash, text, until) VALUES (:id, :hash, :text, :now)"),
        values,
    )
    connection.execute(
        text("""UPDATE articles SET text = next_text, given = next_given, next_text = NULL, next_given = NULL
            WHERE id = :id"""),
        {"id": article_id},
    )


def _store_topics(connection: Connection, article_id: str, claims: Sequence[Claim]) -> None:
    """Makes what an article's claims are about what these are about."""
    connection.execute(
        text("DELETE FROM claim_topics WHERE claim_id IN (SELECT id FROM claims WHERE article_id = :id)"),
        {"id": article_id},
    )
    rows = [{"claim_id": claim.id, "kind": one.kind, "name": one.name} for claim in claims for one in claim.topics]
    if rows:
        connection.execute(insert(TopicRecord), rows)


def claim_of(row: RowMapping) -> Claim:
    """The claim that a row of the claims table stands for."""
    attribution = Attribution(**{name: row[name] for name in Attribution.__slots__})
    topics = tuple(Topic(*pair) for pair in json.loads(row["topics"]))
    plain = {name: row[name] for name in Claim.__slots__ if name not in ("attribution", "topics")}
    return Claim(attribution=attribution, topics=topics, **plain)


def _values(claim: Claim, speaker_read: str) -> dict[str, Any]:
    values = asdict(claim)
    values |= values.pop("attribution")
    return values | {
        "topics": json.dumps([[topic.kind, topic.name] for topic in claim.topics], ensure_ascii=False),
        "speaker_read": speaker_read,
        "text_hash": content_hash(claim.standalone),
        "current": True,
        "related_by": None,
        "contradiction": None,
        "contradiction_strict": False,
        "attention": 0.0,
        "blind_attention": claim.check_worthiness,
    }


def clean(provenance: Provenance) -> dict[str, str]:
    """Trimmed, and with lone surrogates (which JSON can smuggle in) replaced, since no database stores them."""
    return {name: storable(getattr(provenance, name).strip()) for name in Provenance.__slots__}


def _drop_relations(connection: Connection, claim_ids: set[str]) -> set[str]:
    """Deletes the relations of these claims; returns the claims at their other ends."""
    ids = json.dumps(sorted(claim_ids))
    ends = connection.exec_driver_sql(
        "DELETE FROM relations WHERE claim_a IN (SELECT value FROM json_each(?)) "
        "OR claim_b IN (SELECT value FROM json_each(?)) RETURNING claim_a, claim_b",
        (ids, ids),
    ).all()
    return {claim_id for pair in ends for claim_id in pair} - claim_ids
