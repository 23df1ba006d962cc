"""Small facts about a workspace, each under a name."""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.dialects.sqlite import insert

from workbench.schema import MetaRecord


def fact(connection: Connection, name: str) -> str | None:
    """What is kept under a name; None where nothing is."""
    return connection.execute(text("SELECT value FROM meta WHERE name = :name"), {"name": name}).scalar()


def keep_fact(connection: Connection, name: str, value: str) -> None:
    """Keeps a value under a name, in place of what was there."""
    statement = insert(MetaRecord).values(name=name, value=value)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_={"value": statement.excluded.value})
    )


def drop_fact(connection: Connection, name: str) -> str | None:
    """Takes away what is kept under a name, and returns it; None where nothing is."""
    return connection.execute(text("DELETE FROM meta WHERE name = :name RETURNING value"), {"name": name}).scalar()
