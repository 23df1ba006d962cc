"""The workspace's database: opening it, and transactions on it. What stands in it is in `workbench.schema`."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from claims.unnamed import is_unnamed
from workbench.errors import NotAllowed, StoreDamaged, StoreFull, StoreLocked, StoreTooNew, WorkspaceMissing
from workbench.people import RIGHTS, Person, least_role
from workbench.schema import VERSION
from workbench.search_words import folded

log = logging.getLogger(__name__)
MIGRATIONS = Path(__file__).with_name("migrations")
FILE_NAME = "counterclaim.sqlite3"


def workspace_folder(given: str | Path | None = None) -> Path:
    """`given`, else $COUNTERCLAIM_WORKSPACE, else `workspace` in the current folder."""
    return Path(given or os.environ.get("COUNTERCLAIM_WORKSPACE") or "workspace").expanduser()


def existing_store(folder: Path) -> Store:
    """The workspace in a folder. Raises WorkspaceMissing where there is none, and what `Store` raises."""
    if not (folder / FILE_NAME).exists():
        raise WorkspaceMissing(f"there is no workspace in {folder.resolve()}; name its folder with --workspace")
    return Store(folder)


def now() -> str:
    """The time as it is stored: UTC, ISO 8601 with offset, to the microsecond."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


class Store:
    """A workspace folder, opened; made if it is not there, and brought to this program's schema.

    Every call takes a connection of its own, so one Store serves any number of threads. `wait` is how many seconds a
    write waits for another writer. Raises StoreTooNew, StoreLocked, StoreDamaged.
    """

    def __init__(self, folder: Path | str, wait: float = 30.0) -> None:
        self.folder = Path(folder).resolve()
        self.path = self.folder / FILE_NAME
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreDamaged(f"can't use {self.folder} as a workspace folder: {error.strerror}") from error
        self.person: Person | None = None
        self._engine = _engine(self.path, wait)
        with _named_errors(self.path):
            if self._version() != VERSION:
                self._migrate()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database throughout."""
        with _named_errors(self.path), self._engine.connect() as connection, connection.begin():
            yield connection

    def on_behalf_of(self, person: Person) -> Store:
        """The same workspace, in which only what this person may do is stored, and only under their name."""
        bound = copy(self)
        bound.person = person
        return bound

    def require(self, right: str, name: str = "") -> None:
        """Raises NotAllowed unless whoever this store acts for has the right, and the name where one is given.

        A store that acts for nobody (the command line, a desk without sign-in) may do everything.
        """
        person = self.person
        if person is None:
            return
        if not right or not person.may(right):
            wanted = f"{RIGHTS[right]}; that needs the role {least_role(right)}" if right else "change this"
            raise NotAllowed(f"{person.name} is signed in as {person.role} and may not {wanted}")
        if name and name.strip() != person.name:
            raise NotAllowed(f"{person.name} is signed in, so nothing is stored under the name {name!r}")

    @contextmanager
    def writing(self, right: str = "", name: str = "") -> Iterator[Connection]:
        """A connection in a write transaction: all of it is stored at the end, or nothing if the block raises.

        `right` is the right that this needs, `name` the name that will stand under it. Raises NotAllowed, which on a
        store that acts for a person every write does that names no right.
        """
        self.require(right, name)
        with _named_errors(self.path), self._engine.connect() as connection:
            connection.execution_options(begin="BEGIN IMMEDIATE")
            with connection.begin():
                yield connection

    def _version(self, connection: Connection | None = None) -> str | None:
        if connection is None:
            with self._engine.connect() as own:
                return self._version(own)
        there = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").first()
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() if there else None

    def _migrate(self) -> None:
        from alembic import command  # slow to import, and a workspace that is up to date never needs it
        from alembic.config import Config
        from alembic.script import ScriptDirectory

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        with self._engine.connect() as connection:
            # With foreign keys on, rebuilding a parent table would cascade its deletion to all its children; the
            # switch has no effect inside a transaction, so it comes before.
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                version = self._version(connection)
                if version is not None and version not in known:
                    raise StoreTooNew(
                        f"{self.path} was written by a newer Counterclaim (its schema is {version}, "
                        f"this program knows up to {VERSION}); update the program"
                    )
                config.attributes["connection"] = connection
                if version != VERSION:
                    log.info("bringing %s from schema %s to %s", self.path, version, VERSION)
                    command.upgrade(config, "head")
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise


def raw_connection(path: Path, wait: float = 30.0) -> sqlite3.Connection:
    """A connection of SQLite's own to a workspace's database: where its folder may not be written, one that reads."""
    if os.access(path.parent, os.W_OK):
        return sqlite3.connect(path, timeout=wait)
    # SQLite wants to lay a file beside the database even to read it, unless it is told that nobody writes there. While
    # somebody does, that file is there.
    beside = path.with_name(f"{path.name}-wal")
    writing = beside.exists() and beside.stat().st_size > 0
    return sqlite3.connect(f"{path.as_uri()}?{'mode=ro' if writing else 'immutable=1'}", timeout=wait, uri=True)


def _engine(path: Path, wait: float) -> Engine:
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, creator=lambda: raw_connection(path, wait))

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGINs leave DDL outside the transaction
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA busy_timeout={int(wait * 1000)}")
        connection.execute("PRAGMA trusted_schema=ON")  # the index of the claims' words is made with `folded`
        connection.create_function("folded", 1, folded, deterministic=True)
        connection.create_function("is_unnamed", 1, is_unnamed, deterministic=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql(options.get("begin", "BEGIN"))

    return engine


@contextmanager
def _named_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if "locked" in str(error.orig) or "busy" in str(error.orig):
            raise StoreLocked(f"{path} is held by another program; try again when it is done") from error
        if "full" in str(error.orig):
            raise StoreFull(
                f"no room left for {path}; free some space and start again, what was stored is kept"
            ) from error
        if "readonly" in str(error.orig):
            raise StoreDamaged(f"{path} can't be written: it, or its folder, is read-only for this program") from error
        raise StoreDamaged(f"can't work on {path}: {error.orig}") from error
    except DatabaseError as error:
        if "not a database" in str(error.orig) or "malformed" in str(error.orig):
            raise StoreDamaged(f"{path} can't be read as a Counterclaim database: {error.orig}") from error
        raise
