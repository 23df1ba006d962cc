"""Workspaces as earlier versions of the program left them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from workbench.store import MIGRATIONS, Store


def database_at(folder: Path, version: str, source: Store, tables: Iterable[str]) -> Path:
    """A new database in `folder` as the migration `version` left it, with what of the rows of these tables of `source`
    it has columns for."""
    path = folder / "counterclaim.sqlite3"
    folder.mkdir()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        connection.commit()
    engine.dispose()
    with closing(sqlite3.connect(source.path)) as new, closing(sqlite3.connect(path)) as old, old:
        for table in tables:
            names = ", ".join(row[1] for row in old.execute(f"PRAGMA table_info({table})"))
            rows = new.execute(f"SELECT {names} FROM {table}").fetchall()
            if rows:
                old.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(rows[0]))})", rows)
    return path
