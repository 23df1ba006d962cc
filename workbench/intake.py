"""An article comes in: as a new one, a copy, the next version of one, or one that is there, seen once more."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from urllib.parse import urldefrag

from sqlalchemy import Connection, insert, text

from claims.article import Article, content_hash
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
    text's place once its claims were looked for. So are the same words at the same place that others are given as
    saying; at another place these are another article. All of it is stored, or nothing.
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
            insert_article(connection, replace(article, known_as=article_id), name)
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


def those_there(store: Store, articles: Iterable[Article]) -> set[str]:
    """The ids of the stored articles that say just what some of these say, by whom these say it."""
    hashes = json.dumps([one.text_hash for one in articles])
    sql = text("SELECT id FROM articles WHERE text <> '' AND text_hash IN (SELECT value FROM json_each(:hashes))")
    with store.reading() as connection:
        return set(connection.execute(sql, {"hashes": hashes}).scalars())


def _recognised(
    connection: Connection, article: Article, place: str, own: str, beside: Collection[str]
) -> tuple[str, str]:
    """The article that this one is, and whether as it was or as its next version; else the id that is free for it, as
    NEW. Those `beside` it are no earlier versions of it, and statements are none of a text that holds them."""
    at = {"place": place, "own": own}
    there = connection.execute(
        text("""SELECT id, EXISTS (SELECT 1 FROM appearances p WHERE p.article_id = articles.id AND p.place <> ''
                AND p.place IN (:place, :own)) AS here
            FROM articles WHERE text_hash = :hash AND text <> '' ORDER BY here DESC, added_at LIMIT 1"""),
        {"hash": article.text_hash, **at},
    ).first()
    if there and there.here:
        return there.id, UNCHANGED
    earlier = [one for one in _stood_there(connection, article, at) if one not in beside] if place else []
    texts = {one: newest_text(connection, one) for one in earlier}
    for one in earlier:
        if texts[one] == article.text and not _stands_elsewhere(connection, one, at):
            return one, VERSION  # the same words, corrected as to who says them
    if there:
        return there.id, UNCHANGED
    for one in earlier:
        if texts[one] != article.text and is_version(texts[one], article.text):
            return one, VERSION
    older = _with_older_text(connection, article)
    return (older, UNCHANGED) if older else (_free_id(connection, article), NEW)


def _stood_there(connection: Connection, article: Article, at: dict[str, str]) -> list[str]:
    """The articles that stood at a place or call the same address their own, the one seen last first; of an article of
    statements those that are such, of any other the others."""
    found = connection.execute(
        text(f"""SELECT s.article_id FROM (
            SELECT article_id, id FROM appearances WHERE place IN (:place, :own) UNION
            SELECT p.article_id, p.id FROM articles a JOIN appearances p ON p.article_id = a.id
                WHERE a.url = :own AND :own <> '') s JOIN articles b ON b.id = s.article_id
            WHERE {OF_STATEMENTS} = :given
            GROUP BY 1 ORDER BY max(s.id) DESC"""),
        {**at, "given": bool(article.given)},
    )
    return list(found.scalars())


def _stands_elsewhere(connection: Connection, article_id: str, at: dict[str, str]) -> bool:
    """Whether an article as it is now was seen at another place, too, or may never have stood at this one."""
    found = connection.execute(
        text("""SELECT p.place FROM appearances p JOIN articles a ON a.id = p.article_id
            WHERE p.article_id = :id AND p.text_hash = a.text_hash"""),
        {"id": article_id},
    )
    places = set(found.scalars())
    return not places or bool(places - set(at.values()))


def _with_older_text(connection: Connection, article: Article) -> str | None:
    """The article that said this in an earlier version, where other words stand in it by now."""
    values = {"hash": article.text_hash, "text": article.text}
    for sql in (
        "SELECT a.id FROM article_versions v JOIN articles a ON a.id = v.article_id WHERE v.text_hash = :hash",
        "SELECT a.id FROM articles a WHERE a.id = :hash AND a.text <> ''",
    ):
        found = connection.execute(text(f"{sql} AND coalesce(a.next_text, a.text) <> :text LIMIT 1"), values).scalar()
        if found:
            return found
    return None


def _free_id(connection: Connection, article: Article) -> str:
    """A new article's id: its own, unless one holds that whose words were first given as this one's are."""
    found, taken = article.id, text("SELECT 1 FROM articles WHERE id = :id AND text <> ''")
    while connection.execute(taken, {"id": found}).first():
        found = content_hash(found, article.text_hash)
    return found


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
