"""Articles found by what is known of them: a collection may hold thousands, far more than a box can offer."""

from __future__ import annotations

from sqlalchemy import text

from workbench.search_words import folded, search_words
from workbench.store import Store


def find_articles(store: Store, words: str) -> tuple[str, ...]:
    """The ids of the articles in whose title, outlet, author, address or file name, taken together, every word
    and every phrase stands, compared as in claims; the newest first. No words find all."""
    wanted = [folded(word) for word in search_words(words)]
    with store.reading() as connection:
        rows = connection.execute(
            text("SELECT id, title, outlet, author, url, file_name FROM articles ORDER BY added_at DESC, id DESC")
        )
        return tuple(row.id for row in rows if _holds("\n".join(row[1:]), wanted))


def _holds(known: str, wanted: list[str]) -> bool:
    there = folded(known)
    return all(word in there for word in wanted)
