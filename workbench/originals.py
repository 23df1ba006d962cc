"""Which kept bytes an article's text was read from, for each of the texts that it had."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Row, text

from workbench.articles import stored_hash
from workbench.errors import NoOriginal
from workbench.rows import Appearance, Whereabouts

_LEAST_OF_A_HASH = 6  # hex digits
_Hashes = tuple[str, str]


def hashes_of(connection: Connection) -> dict[str, _Hashes]:
    """By claim, the SHA-256 under which the archive keeps what was read last of its article with the text that holds it
    ("": nothing was kept), and that of this text ("": not known). The text is the present one, of a claim that is not
    current any more the last one that held its words."""
    kept = _kept(connection)
    articles = connection.execute(text("SELECT id, text, text_hash, next_text, given FROM articles"))
    now = {row.id: _of(row.id, row.text, _present(row), kept) for row in articles}
    claims = connection.execute(text("SELECT id, article_id, text, current FROM claims")).all()
    earlier = _earlier(connection, kept)
    return {
        row.id: now[row.article_id]
        if row.current
        else next((of for words, of in earlier.get(row.article_id, ()) if row.text in words), now[row.article_id])
        for row in claims
    }


def appearance_named(known: Whereabouts, given: str = "") -> Appearance:
    """Where an article was seen of which the bytes are kept: the last one with its newest text, else the last; or the
    one that is `given`, by its number (as `numbered` counts) or the first digits of its SHA-256.

    Raises NoOriginal: nothing was kept, or there is no such one.
    """
    there = numbered(known)
    if not there:
        raise NoOriginal("nothing was kept of this article; what is ingested from now on is")
    if not given:
        newest = [seen for _, seen in there if seen.text_hash == known.text_hash]
        return newest[-1] if newest else there[-1][1]
    for number, seen in there:
        if given == str(number) or (len(given) >= _LEAST_OF_A_HASH and seen.archive_hash.startswith(given.lower())):
            return seen
    raise NoOriginal(f"nothing was kept under {given!r}; choose a number from 1 to {len(there)}, or the first "
                     f"{_LEAST_OF_A_HASH} digits or more of its SHA-256")  # fmt: skip


def numbered(known: Whereabouts) -> Sequence[tuple[int, Appearance]]:
    """The appearances of which the bytes are kept, oldest first, counted from 1."""
    return list(enumerate((seen for seen in known.appearances if seen.archive_hash), 1))


def _kept(connection: Connection) -> dict[tuple[str, str], str]:
    """By article and hash of its text, the archive's hash of what was read last."""
    rows = connection.execute(
        text("SELECT article_id, text_hash, archive_hash FROM appearances WHERE archive_hash <> '' ORDER BY id")
    )
    return {(row.article_id, row.text_hash): row.archive_hash for row in rows}


def _present(row: Row) -> str:
    """The hash of the text that stands in an article, of which `text_hash` may tell a later one already."""
    return row.text_hash if row.next_text is None else stored_hash(row.text, json.loads(row.given))


def _of(article_id: str, words: str, text_hash: str, kept: Mapping[tuple[str, str], str]) -> _Hashes:
    return kept.get((article_id, text_hash), ""), hashlib.sha256(words.encode()).hexdigest() if words else ""


def _earlier(connection: Connection, kept: Mapping[tuple[str, str], str]) -> dict[str, list[tuple[str, _Hashes]]]:
    """By article, the texts that it had before, the newest first."""
    found: dict[str, list[tuple[str, _Hashes]]] = {}
    rows = connection.execute(
        text("""SELECT article_id, text, text_hash FROM article_versions WHERE article_id IN (
            SELECT article_id FROM claims WHERE NOT current) ORDER BY id DESC""")
    )
    for row in rows:
        of = _of(row.article_id, row.text, row.text_hash, kept)
        found.setdefault(row.article_id, []).append((row.text, of))
    return found
