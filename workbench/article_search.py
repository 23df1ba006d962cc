"""Articles found by what is known of them: a collection may hold thousands, far more than a box can offer."""

from __future__ import annotations

from sqlalchemy import text

from workbench.store import Store


def find_articles(store: Store, words: str) -> tuple[str, ...]:
    """The ids of the articles in whose title, outlet, author, address or file name, taken together, every word
    stands, in upper or lower case; the newest first. No words find all."""
    wanted = words.casefold().split()
    with store.reading() as connection:
        rows = connection.execute(
            text("SELECT id, title, outlet, author, url, file_name FROM articles ORDER BY added_at DESC, id DESC")
        )
        return tuple(row.id for row in rows if _holds("\n".join(row[1:]), wanted))


def _holds(known: str, wanted: list[str]) -> bool:
    folded = known.casefold()
    return all(word in folded for word in wanted)
