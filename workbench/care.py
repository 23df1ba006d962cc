"""Keeping a workspace well: a backup in one file, the way back, and a doctor that mends what can be mended."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from claims.reading import MOST_BYTES
from workbench.archive import keep, kept
from workbench.articles import refresh_contradictions, stored_hash
from workbench.errors import ArchiveDamaged, BackupRefused, SettingsError, StoreDamaged
from workbench.groups import regroup
from workbench.inbox import as_sent
from workbench.listing import weigh_conflicts
from workbench.meta import drop_fact, fact
from workbench.pages import is_address
from workbench.settings import load_settings
from workbench.store import FILE_NAME, Store, raw_connection
from workbench.stories import NEWEST_GIVEN
from workbench.vectors import INDEXED

_KEPT = ("inbox", "archive", "settings.toml", "guidelines.txt")
_SHOWN = 3  # ids named in a finding
_WORKPLACE = ".counterclaim-"
_LONGEST_BACKUP, _LONGEST_WRITE = 12 * 3600, 3600  # seconds; what is older was left by a process that was killed


@dataclass(frozen=True, slots=True)
class Finding:
    """What the doctor found amiss, and what came of it; `mended` is false for what a person must look at."""

    what: str
    mended: bool

    def __str__(self) -> str:
        return f"{'mended' if self.mended else 'not mended'}: {self.what}"


def backup(store: Store, target: Path) -> int:
    """Writes a whole workspace into one .zip, safe while others work in it; returns its size in bytes.

    The database is copied as of one moment; the index is left out, since it is built again from the database.
    """
    with _workplace(target.parent) as folder:
        copy, part = folder / FILE_NAME, folder / "part.zip"
        with closing(raw_connection(store.path)) as source, closing(sqlite3.connect(copy)) as into:
            source.backup(into)
            into.execute("DELETE FROM meta WHERE name = ?", (INDEXED,))
            into.commit()
            into.execute("PRAGMA journal_mode=DELETE")
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as package:
            package.write(copy, FILE_NAME)
            for path in _files(store.folder):
                package.write(path, path.relative_to(store.folder).as_posix())
        os.replace(part, target)
    return target.stat().st_size


def restore(source: Path, folder: Path) -> Store:
    """Makes a workspace of a backup, in a folder that holds none, and opens it.

    Raises BackupRefused: the folder holds a workspace, or the file is no backup, damaged, or unpacks to more than there
    is room for; the folder is then left as it was.
    """
    if (folder / FILE_NAME).exists():
        raise BackupRefused(f"{folder} holds a workspace already; name a folder that holds none")
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(source) as package, _workplace(folder.parent) as place:
            size, free = sum(part.file_size for part in package.infolist()), shutil.disk_usage(place).free
            if size > free:
                raise BackupRefused(f"{source} unpacks to {size:,} bytes; {free:,} are free in {folder.parent}")
            bad = package.testzip()
            names = package.namelist()
            if bad or FILE_NAME not in names:
                raise BackupRefused(f"{source} is damaged at {bad}" if bad else f"{source} holds no workspace")
            for name in names:
                if not _belongs(name):
                    raise BackupRefused(f"{source} holds {name!r}, which is no part of a workspace")
                package.extract(name, place)
            Store(place)
            folder.mkdir(exist_ok=True)
            # The database last: a workspace is there once it is whole.
            for path in sorted(_all_files(place), key=lambda path: path.name == FILE_NAME):
                goal = folder / path.relative_to(place)
                goal.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, goal)
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise BackupRefused(f"{source} can't be read as a backup: {error}") from error
    return Store(folder)


@contextmanager
def _workplace(beside: Path) -> Iterator[Path]:
    """A new folder there, gone at the end; so are those that a backup or restore left when it was killed."""
    for left in beside.glob(_WORKPLACE + "*"):
        if _is_older(left, _LONGEST_BACKUP):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=beside, prefix=_WORKPLACE) as folder:
        yield Path(folder)


def _is_older(path: Path, seconds: float) -> bool:
    try:
        return time.time() - path.stat().st_mtime > seconds
    except OSError:
        return False


def _belongs(name: str) -> bool:
    parts = Path(name).parts
    plain = not Path(name).is_absolute() and ".." not in parts and "\\" not in name
    return plain and (name.startswith(FILE_NAME) or parts[0] in _KEPT)


def _files(folder: Path) -> Iterator[Path]:
    for name in _KEPT:
        path = folder / name
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from _all_files(path)


def _all_files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith(".part"))


def examine(store: Store, mend: bool = True) -> list[Finding]:
    """Everything that is amiss in a workspace; with `mend`, what can be put right without a person is put right."""
    findings: list[Finding] = []
    for check in (_database, _claims, _words, _archive, _half_written, _vectors, _index, _derived, _settings):
        try:
            findings += check(store, mend)
        except StoreDamaged as error:
            # One bad page can stop every check that comes by it; what the others find is told all the same.
            if not any(str(error) in finding.what for finding in findings):
                findings.append(Finding(f"{error}; go back to a backup", False))
    return findings


def _database(store: Store, _mend: bool) -> list[Finding]:
    with store.reading() as connection:
        said = connection.exec_driver_sql("PRAGMA integrity_check(10)").scalars().all()
        loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    findings = [Finding(f"the database is damaged: {one}; go back to a backup", False) for one in said if one != "ok"]
    if loose:
        tables = sorted({row[0] for row in loose})
        findings.append(Finding(f"{len(loose)} rows of {', '.join(tables)} point to what is not there", False))
    return findings


def _claims(store: Store, _mend: bool) -> list[Finding]:
    with store.reading() as connection:
        wrong = (
            connection.execute(
                text("""SELECT c.id FROM claims c JOIN articles a ON a.id = c.article_id
                WHERE a.text <> '' AND c.current
                AND substr(a.text, c.char_start + 1, c.char_end - c.char_start) <> c.text""")
            )
            .scalars()
            .all()
        )
        texts = connection.execute(
            text(f"""SELECT id, text_hash, coalesce(next_text, text) AS text, {NEWEST_GIVEN} AS given
                FROM articles WHERE text <> ''""")
        ).all()
    changed = [row.id for row in texts if stored_hash(row.text, json.loads(row.given)) != row.text_hash]
    findings = []
    if wrong:
        findings.append(Finding(f"{len(wrong)} claims are not where they say they are ({_some(wrong)})", False))
    if changed:
        findings.append(Finding(f"the text of {len(changed)} articles is not the one read ({_some(changed)})", False))
    return findings


def _words(store: Store, mend: bool) -> list[Finding]:
    """The index of the search, which a foreign tool can leave behind by numbering the claims' rows anew (VACUUM)."""
    try:
        with store.writing() as connection:
            connection.exec_driver_sql("INSERT INTO claim_words(claim_words, rank) VALUES ('integrity-check', 1)")
        return []
    except StoreDamaged:
        if mend:
            with store.writing() as connection:
                connection.exec_driver_sql("INSERT INTO claim_words(claim_words) VALUES ('rebuild')")
    return [Finding("the index of the claims' words did not fit the claims", mend)]


def _archive(store: Store, mend: bool) -> list[Finding]:
    """What was read; where a file of the inbox, or the one that was read, still holds the same, it is kept anew."""
    with store.reading() as connection:
        seen = connection.execute(
            text("SELECT archive_hash, place FROM appearances WHERE archive_hash <> '' ORDER BY 1")
        ).all()
    damaged: dict[str, str] = {}
    for archive_hash in dict.fromkeys(row.archive_hash for row in seen):
        try:
            kept(store.folder, archive_hash)
        except ArchiveDamaged as error:
            damaged[archive_hash] = str(error)
    if not damaged:
        return []
    places = {Path(row.place) for row in seen if row.archive_hash in damaged and not is_address(row.place)}
    mended = set()
    if mend:
        for path in [*_all_files(store.folder / "inbox"), *sorted(places)]:
            for raw in _contents(store.folder, path):
                if hashlib.sha256(raw).hexdigest() in damaged:
                    mended.add(keep(store.folder, raw))
    return [Finding(why, archive_hash in mended) for archive_hash, why in damaged.items()]


def _half_written(store: Store, mend: bool) -> list[Finding]:
    """What `workbench.archive.write_whole` leaves when it is killed."""
    parts = [path for path in store.folder.rglob("*.part") if path.is_file() and _is_older(path, _LONGEST_WRITE)]
    if mend:
        for path in parts:
            path.unlink(missing_ok=True)
    names = _some(sorted(path.name for path in parts))
    return [Finding(f"left half written by a process that was killed: {names}", mend)] if parts else []


def _contents(folder: Path, path: Path) -> set[bytes]:
    """A file's bytes, and those that a site sent of it; none where it can't be read, or is larger than what is read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return set()
        content = path.read_bytes()
    except (OSError, ValueError):
        return set()
    return {content, as_sent(folder, path, content)}


def _vectors(store: Store, mend: bool) -> list[Finding]:
    with store.reading() as connection:
        broken = connection.execute(
            text("SELECT count(*) FROM vectors WHERE length(halves) <> 2 * dimension")
        ).scalar_one()
    if broken and mend:
        with store.writing() as connection:
            connection.execute(text("DELETE FROM vectors WHERE length(halves) <> 2 * dimension"))
    return [Finding(f"{broken} vectors were cut short; the next ingest works them out again", mend)] if broken else []


def _index(store: Store, mend: bool) -> list[Finding]:
    from embeddings.index import IndexDamaged, VectorIndex

    with store.reading() as connection:
        state = fact(connection, INDEXED)
    if not state:
        return []
    try:
        # Of the model that it names itself: vectors of an encoder that was used before stay in the store.
        VectorIndex.load(store.folder / "index")
    except IndexDamaged as error:
        if mend:
            with store.writing() as connection:
                drop_fact(connection, INDEXED)
        return [Finding(f"{error}; the next ingest builds it again", mend)]
    return []


def _derived(store: Store, mend: bool) -> list[Finding]:
    """Strength of contradiction, attention, groups and which conflicts are listed, all worked out from the rest."""
    queries = (
        text("SELECT id, contradiction, attention, blind_attention, group_id FROM claims ORDER BY id"),
        text(
            "SELECT claim_a, standing, listed FROM relations WHERE relation = 'contradicts' ORDER BY claim_a, claim_b"
        ),
    )

    class Unmended(Exception):
        pass

    before = after = []
    try:
        with store.writing() as connection:
            before = [row for query in queries for row in connection.execute(query)]
            refresh_contradictions(connection, connection.execute(text("SELECT id FROM claims")).scalars().all())
            regroup(connection)
            weigh_conflicts(connection)
            after = [row for query in queries for row in connection.execute(query)]
            if not mend:
                raise Unmended
    except Unmended:
        pass
    stale = sorted({old[0] for old, new in zip(before, after, strict=True) if tuple(old) != tuple(new)})
    return [Finding(f"{len(stale)} claims had stale figures ({_some(stale)})", mend)] if stale else []


def _settings(store: Store, _mend: bool) -> list[Finding]:
    findings = []
    try:
        load_settings(store.folder)
    except SettingsError as error:
        findings.append(Finding(str(error), False))
    for path in _files(store.folder):
        if path.suffix == ".json":
            try:
                json.loads(path.read_text(encoding="utf-8"))
            except (ValueError, OSError) as error:
                findings.append(Finding(f"{path} is not JSON: {error}", False))
    return findings


def _some(ids: list[str]) -> str:
    return ", ".join(ids[:_SHOWN]) + (" …" if len(ids) > _SHOWN else "")
