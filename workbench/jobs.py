"""Work that runs in a process of its own and tells through the database how far it is."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from claims.found import storable
from workbench.errors import UnknownJob
from workbench.log import write_log
from workbench.pages import is_address
from workbench.people import COLLECT
from workbench.schema import JobRecord
from workbench.store import Store, now
from workbench.waiting import note_waiting

log = logging.getLogger(__name__)
MOST_NOTED = 10_000  # characters of the paths that the log holds
ROOT = Path(__file__).parent.parent
DIED = "ended unexpectedly; start it again, nothing is lost"
SECONDS_BETWEEN_NOTES = 0.5
LONGEST_START = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Job:
    """`state` is queued, running, done or failed; `message` says what came of it, or why it failed."""

    id: int
    kind: str
    state: str
    stage: str
    done: int
    total: int
    message: str
    pid: int | None
    created_at: str
    started_at: str | None
    updated_at: str
    ended_at: str | None


def start_ingest(store: Store, paths: Sequence[Path | str], who: str = "") -> int:
    """Starts `python -m workbench ingest` on these paths and web addresses as a process of its own; returns the job's
    id. `who` gave them ("": nobody named), which the log notes; without any, it goes on with what waits. Raises
    NotAllowed."""
    store.require(COLLECT, who)
    store = Store(store.folder)  # the work itself is nobody's, and writes what it finds
    if paths:
        with store.writing() as connection:
            note_waiting(store, connection, paths)
            log_reading(connection, who, paths)
    job_id = new_job(store, "ingest")
    command = [
        sys.executable,
        "-m",
        "workbench",
        "ingest",
        "--workspace",
        str(store.folder),
        "--job",
        str(job_id),
        "--",
        *(str(path) if is_address(path) else str(Path(path).resolve()) for path in paths),
    ]
    try:
        with (store.folder / "ingest.log").open("ab") as output:
            process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
    except OSError as error:
        end_job(store, job_id, "failed", f"could not start: {error}")
        return job_id
    # Without somebody who waits for it, an ended child stays a zombie and looks alive.
    threading.Thread(target=process.wait, name=f"job {job_id}", daemon=True).start()
    _update(store, job_id, pid=process.pid)
    return job_id


def log_reading(connection: Connection, who: str, given: Sequence[Path | str], note: str = "") -> None:
    """Appends to the log what was given to be read."""
    # A file's name need be no text, and the log is nothing but text.
    write_log(connection, who, "reading", after=storable("; ".join(map(str, given)))[:MOST_NOTED], note=note)


def job(store: Store, job_id: int) -> Job:
    """One job, as it stands now. Raises UnknownJob."""
    found = _jobs(store, JobRecord.id == job_id)
    if not found:
        raise UnknownJob(f"no job {job_id!r} in this workspace")
    return found[0]


def running_job(store: Store) -> Job | None:
    """The oldest job that is still going on, or None."""
    going = [found for found in _jobs(store, JobRecord.state.in_(("queued", "running"))) if found.state != "failed"]
    return going[-1] if going else None


def latest_job(store: Store) -> Job | None:
    """The job started last, or None."""
    found = _jobs(store, JobRecord.id > 0, limit=1)
    return found[0] if found else None


def new_job(store: Store, kind: str) -> int:
    """Writes down a job that is about to start."""
    at = now()
    with store.writing() as connection:
        return connection.execute(
            insert(JobRecord).values(
                kind=kind,
                state="queued",
                stage="starting",
                done=0,
                total=0,
                message="",
                pid=None,
                created_at=at,
                started_at=None,
                updated_at=at,
                ended_at=None,
            )
        ).inserted_primary_key[0]


def begin_job(store: Store, job_id: int) -> None:
    """Called by the job's own process. Raises UnknownJob."""
    job(store, job_id)
    _update(store, job_id, state="running", pid=os.getpid(), started_at=now())


def end_job(store: Store, job_id: int, state: str, message: str) -> None:
    """Writes down how a job ended: state done or failed, and one sentence."""
    _update(store, job_id, state=state, message=message, ended_at=now())


class JobNotes:
    """A progress callback that writes into the jobs table, at each new stage and twice a second."""

    def __init__(self, store: Store, job_id: int) -> None:
        self._store, self._job_id = store, job_id
        self._stage, self._at = "", 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage or time.monotonic() - self._at >= SECONDS_BETWEEN_NOTES:
            self._stage, self._at = stage, time.monotonic()
            _update(self._store, self._job_id, stage=stage, done=done, total=total)


def _update(store: Store, job_id: int, **values: Any) -> None:
    with store.writing() as connection:
        connection.execute(update(JobRecord).where(JobRecord.id == job_id).values(updated_at=now(), **values))


def _jobs(store: Store, condition: Any, limit: int | None = None) -> list[Job]:
    """Newest first; one whose process is gone is shown as failed."""
    with store.reading() as connection:
        rows = connection.execute(
            select(JobRecord.__table__).where(condition).order_by(JobRecord.id.desc()).limit(limit)
        ).mappings()
        found = [Job(**row) for row in rows]
    return [replace(one, state="failed", message=DIED) if _died(one) else one for one in found]


def _died(one: Job) -> bool:
    if one.state not in ("queued", "running") or one.pid == os.getpid():
        return False
    if one.pid is None:  # whoever was about to start it may have been killed before it had a process
        return datetime.now(UTC) - datetime.fromisoformat(one.created_at) > LONGEST_START
    try:
        os.kill(one.pid, 0)
    except (ProcessLookupError, PermissionError):  # gone, or the number went to somebody else's process
        return True
    try:
        words = Path(f"/proc/{one.pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False  # no /proc here: the number is all there is to go by
    # A zombie has no command line, and after a restart another program may have the number.
    return b"workbench" not in words or str(one.id).encode() not in words
