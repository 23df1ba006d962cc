"""What was given to be read and is not yet: it waits until it was taken in or refused, so that a reading that was
broken off can go on with all of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from sqlalchemy import Connection, text

from claims.formats import storable
from workbench.pages import Answer, is_address
from workbench.store import Store, now

_BYTES = "bytes:"


def note_waiting(store: Store, connection: Connection, given: Iterable[Path | str]) -> None:
    """Writes down files, folders and web addresses that are to be read."""
    _note(connection, ({"path": _key(store, one), "address": "", "at": now()} for one in given))


def note_fetched(store: Store, answers: Sequence[Answer]) -> None:
    """Writes down the pages that were fetched for addresses which wait, and takes those addresses as done of which
    every page came; an address with a page that was refused waits on, until that is told."""
    # Most readings are of files alone.
    there = left_waiting(store) if answers else {}
    answers = [one for one in answers if one.given in there]
    if not answers:
        return
    pages = [(one, one.page) for one in answers if isinstance(one.page, tuple)]
    refused = {one.given for one in answers if not isinstance(one.page, tuple)}
    with store.writing() as connection:
        _note(
            connection,
            ({"path": _key(store, path), "address": address, "at": one.at} for one, (path, address) in pages),
        )
        _forget(store, connection, {one.given for one in answers} - refused)


def left_waiting(store: Store) -> dict[str, tuple[str, str]]:
    """Everything that waits, as it was given, oldest first: paths and web addresses. A page that was fetched already
    comes with the address where it was read and when (UTC ISO 8601), all else with two empty strings."""
    with store.reading() as connection:
        rows = connection.execute(text("SELECT path, address, at FROM waiting ORDER BY at, rowid")).all()
    return {_given(store, row.path): (row.address, row.at if row.address else "") for row in rows}


def how_many_wait(store: Store) -> int:
    """How many files, folders and addresses `left_waiting` holds."""
    with store.reading() as connection:
        return connection.execute(text("SELECT count(*) FROM waiting")).scalar_one()


def settle(store: Store, given: Iterable[Path | str]) -> None:
    """Writes down that these were taken in or refused."""
    with store.writing() as connection:
        _forget(store, connection, given)


def _note(connection: Connection, rows: Iterable[dict[str, str]]) -> None:
    if rows := list(rows):
        connection.execute(
            text("INSERT OR IGNORE INTO waiting (path, address, at) VALUES (:path, :address, :at)"), rows
        )


def _forget(store: Store, connection: Connection, given: Iterable[Path | str]) -> None:
    if rows := [{"path": _key(store, one)} for one in given]:
        connection.execute(text("DELETE FROM waiting WHERE path = :path"), rows)


def _key(store: Store, given: Path | str) -> str:
    """How a path is stored: inside the workspace as seen from there, since a workspace can be moved; byte by byte where
    its name is no text that a database takes."""
    if is_address(given):
        return str(given)
    path = Path(given).resolve()
    kept = str(path.relative_to(store.folder) if path.is_relative_to(store.folder) else path)
    return kept if storable(kept) == kept else _BYTES + quote_from_bytes(os.fsencode(kept))


def _given(store: Store, key: str) -> str:
    """What `_key` made this of, a path in full."""
    if is_address(key):
        return key
    if key.startswith(_BYTES):
        key = os.fsdecode(unquote_to_bytes(key.removeprefix(_BYTES)))
    return str(store.folder / key)
