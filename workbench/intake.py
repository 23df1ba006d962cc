"""An article comes in: as a new one, a copy, the next version of one, or one that is there, seen once more."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urldefrag

from sqlalchemy import Connection, insert, text

from claims.article import Article
from claims.formats import storable
from workbench.articles import given_as_stored, insert_article
from workbench.schema import AppearanceRecord
from workbench.store import Store, now
from workbench.stories import OF_STATEMENTS, Sketches, is_version, newest_text

NEW, COPY, VERSION, UNCHANGED = "new", "copy", "version", "unchanged"


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where an article was met: the file's path ("": no file), the archive's hash of what was read and its kind (the
    file's ending), when (UTC ISO 8601, "" is now), and the web address that it was fetched from ("": it was not)."""

    path: str = ""
    archive_hash: str = ""
    kind: str = ""
    at: str = ""
    address: str = ""


def take_in(
    store: Store,
    article: Article,
    sketches: Sketches,
    seen: Sighting = Sighting(),
    name: str = "",
    beside: Collection[str] = (),
) -> tuple[str, str]:
    """Stores an article, or what is new of one that is there; returns its id and NEW, COPY, VERSION or UNCHANGED.

    A text that stands where an earlier one stood, or calls the same address its own, and holds enough of it is that
    article's next version, unless it is one of those `beside` it in one file: it keeps the id, and takes the earlier
    text's place once its claims were looked for. All of it is stored, or nothing.
    """
    own = storable(urldefrag(article.provenance.url.strip()).url)
    # A file's name from another system's disk may be no text that a database takes.
    place = storable(urldefrag(seen.address).url or own or seen.path)
    with store.writing() as connection:
        article_id, outcome = _recognised(connection, article, place, own, beside)
        if outcome == VERSION:
            _keep_for_next(connection, article_id, article)
            sketches.place(connection, article_id, article.text)
        elif outcome == NEW:
            insert_article(connection, article, name)
            if sketches.place(connection, article_id, article.text):
                outcome = COPY
        _note(connection, article_id, article, place, seen)
    return article_id, outcome


def seen_since(store: Store, address: str, at: str) -> bool:
    """Whether something new was met at a web address after a time (UTC ISO 8601)."""
    with store.reading() as connection:
        values = {"place": urldefrag(address).url, "at": at}
        found = connection.execute(text("SELECT 1 FROM appearances WHERE place = :place AND at > :at LIMIT 1"), values)
        return found.first() is not None


def _recognised(
    connection: Connection, article: Article, place: str, own: str, beside: Collection[str]
) -> tuple[str, str]:
    """The article that this one is, and whether as it was or as its next version; else itself, as NEW. Those `beside`
    it are no earlier versions of it, and statements are none of a text that holds them."""

    def first(sql: str, **values: str) -> str | None:
        return connection.execute(text(sql), {"hash": article.text_hash, **values}).scalar()

    there = first("SELECT id FROM articles WHERE text_hash = :hash AND text <> '' ORDER BY added_at LIMIT 1")
    if there:
        return there, UNCHANGED
    if place:
        earlier = connection.execute(
            text(f"""SELECT s.article_id FROM (
                SELECT article_id, id FROM appearances WHERE place IN (:place, :own) UNION
                SELECT p.article_id, p.id FROM articles a JOIN appearances p ON p.article_id = a.id
                    WHERE a.url = :own AND :own <> '') s JOIN articles b ON b.id = s.article_id
                WHERE {OF_STATEMENTS} = :given
                GROUP BY 1 ORDER BY max(s.id) DESC"""),
            {"place": place, "own": own, "given": bool(article.given)},
        ).scalars()
        for article_id in earlier.all():
            if article_id not in beside and is_version(newest_text(connection, article_id), article.text):
                return article_id, VERSION
    # An earlier version of an article that was edited since, met at another place.
    older = first("SELECT article_id FROM article_versions WHERE text_hash = :hash LIMIT 1") or first(
        "SELECT id FROM articles WHERE id = :hash AND text <> ''"
    )
    return (older, UNCHANGED) if older else (article.id, NEW)


def _keep_for_next(connection: Connection, article_id: str, article: Article) -> None:
    """Lays an edited text ready; one that lay ready before and was never read goes to the earlier versions."""
    values = {"id": article_id, "text": article.text, "hash": article.text_hash, "now": now()}
    connection.execute(
        text("""INSERT INTO article_versions (article_id, text_hash, text, until)
            SELECT id, text_hash, next_text, :now FROM articles WHERE id = :id AND next_text IS NOT NULL"""),
        values,
    )
    connection.execute(
        text("""UPDATE articles SET next_text = :text, next_given = :given, text_hash = :hash, extracted_by = NULL
            WHERE id = :id"""),
        values | {"given": json.dumps(given_as_stored(article))},
    )


def _note(connection: Connection, article_id: str, article: Article, place: str, seen: Sighting) -> None:
    """Writes down where an article was seen, unless just that was written down before."""
    known = article.provenance
    values = {
        "article_id": article_id,
        "place": place,
        "outlet": known.outlet.strip(),
        "title": known.title.strip(),
        "text_hash": article.text_hash,
        "archive_hash": seen.archive_hash,
        "kind": seen.kind,
    }
    values = {name: storable(value) for name, value in values.items()}
    there = connection.execute(
        text("""SELECT 1 FROM appearances WHERE article_id = :article_id AND place = :place
            AND text_hash = :text_hash AND archive_hash = :archive_hash"""),
        values,
    ).first()
    if there is None:
        connection.execute(insert(AppearanceRecord).values(**values, at=seen.at or now()))
