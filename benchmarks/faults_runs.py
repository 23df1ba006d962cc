"""Runs of the line in a process that keeps the models, each in a child that can be killed.

A run opens a workspace (which migrates one that an older program left), writes verdicts, reads what it is given,
compares what that says, and writes verdicts on that, too. One that is begun again goes on with what is left.
"""

from __future__ import annotations

import json
import mmap
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import text

from claims.article import Provenance
from workbench.ingest import ENCODING, FETCHING, FINDING, INDEXING, JUDGING, READING, WAITING, Line
from workbench.pair_judgements import record_pair_judgement
from workbench.settings import Settings, load_settings
from workbench.speakers import name_speaker
from workbench.store import Store
from workbench.verdicts import record_verdict, withdraw_verdict
from workbench.waiting import left_waiting, note_waiting
from workbench.web import USUAL

JUDGED = 10  # verdicts that a run writes before it reads, and again after it
OPENING, SAVING = "opening and migrating", "writing verdicts"
STAGES = (OPENING, SAVING, FETCHING, READING, FINDING, ENCODING, INDEXING, JUDGING, WAITING)
ALWAYS = STAGES[:-1]  # nothing else reads, so that no run waits
_LOOK = 0.0005  # seconds between two looks at the stage of a run


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run went: seconds, whether it was killed, the last stage that it began, and the verdicts, each (reviewer,
    claim, rationale), that were accepted in it."""

    seconds: float
    killed: bool
    stage: str
    accepted: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is to do: the workspace, what it reads, and the claims of the workspace that it judges before it
    reads. `given` None: it only opens the workspace. It is killed `kill_after` seconds after its start, or after it
    began the stage `kill_in`."""

    workspace: Path
    given: tuple[str, ...] | None = None
    early: tuple[str, ...] = ()
    kill_after: float | None = None
    kill_in: str = ""


Run = Callable[[Asked], Ran]


@contextmanager
def runs() -> Iterator[Run]:
    """What does a run and says how it went, in a process that keeps the models. Raises RuntimeError where a run that
    was not killed fails."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    # No daemon: those may have no children, and a run has one that reads files.
    server = context.Process(target=_serve_runs, args=(there,))
    server.start()
    there.close()

    def run(asked: Asked) -> Ran:
        here.send(asked)
        ran = here.recv()
        if isinstance(ran, str):
            raise RuntimeError(ran)
        return ran

    try:
        yield run
    finally:
        here.close()
        server.kill()
        server.join()


def _serve_runs(pipe) -> None:
    """Runs in children of a process that has the models: what is killed is the run, not minutes of loading."""
    import faiss
    import torch

    from claims.pool import end_with_parent

    end_with_parent()
    torch.set_num_threads(1)  # a child of a process whose threads have run would wait for them for ever
    faiss.omp_set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        parts = Line.from_settings(Store(folder), Settings())
        parts.ingest_texts(
            [("The wall of 12 miles will be rebuilt, Mary Holt said. “It fell in May,” said Tom Reed.", Provenance())]
        )
        # Loaded in each child it would cost each run seconds, and PyTorch's threads do not outlive a fork.
        for model in filter(None, (parts.model, parts.second)):
            model.score([("The wall fell in May.", "The wall stands.")])
    while True:
        try:
            asked = pipe.recv()
        except EOFError:
            return
        pipe.send(_run_one(parts, asked))


def _run_one(parts: Line, asked: Asked) -> Ran | str:
    """One run in a child, killed where that is asked for; why it failed where it was not."""
    stage = mmap.mmap(-1, 1)  # the child's memory and ours
    reading, writing = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if not child:
        _in_child(parts, asked, stage, writing)
    os.close(writing)
    if asked.kill_after is not None:
        if asked.kill_in:
            started_at = STAGES.index(asked.kill_in)
            while stage[0] != started_at and os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                time.sleep(_LOOK)
            started = time.monotonic()
        time.sleep(max(0.0, started + asked.kill_after - time.monotonic()))
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    took = time.monotonic() - started
    with open(reading, encoding="utf-8") as told:
        # The last line may have been cut off by the kill; its verdict may or may not be there.
        accepted = tuple(tuple(json.loads(line)) for line in told if line.endswith("\n"))
    # A run that had ended before waits to be asked for its status, and no kill changes that any more.
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if status and not killed:
        return f"a run ended with {status}"
    return Ran(took, killed, STAGES[stage[0]], accepted)


def _in_child(parts: Line, asked: Asked, stage: mmap.mmap, told: int) -> None:
    """The child's part; never returns."""

    def begin(name: str, *_: int) -> None:
        stage[0] = STAGES.index(name)

    def tell(*verdict: str) -> None:
        os.write(told, f"{json.dumps(verdict)}\n".encode())

    try:
        store = Store(asked.workspace)
        if asked.given is not None:
            settings = load_settings(store.folder)
            line = Line(
                store, parts.extractor, parts.encoder, parts.model, settings, parts.explainer, second=parts.second
            )
            line.limits = replace(USUAL, allow_private=True)
            begin(SAVING)
            judge_before(store, asked.early, tell)
            with store.writing() as connection:
                note_waiting(store, connection, asked.given)
            line.ingest(list(left_waiting(store)), begin)
            begin(SAVING)
            judge_after(store, tell)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


# What people write in a run; what a run before wrote of it is left as it is


def judge_before(store: Store, claims: Sequence[str], tell: Callable[..., None]) -> None:
    """Verdicts on claims that were there, and another name for one of their speakers."""
    for claim in claims:
        _judge(store, "Ann Before", claim, tell)
    with store.reading() as connection:
        named = connection.execute(text("SELECT count(*) FROM speaker_names")).scalar_one()
        speakers = connection.execute(text("SELECT speaker FROM claims WHERE speaker <> '' ORDER BY id LIMIT 1"))
        speaker = speakers.scalar()
    if claims and speaker and not named:
        name_speaker(store, speaker, f"{speaker} the Elder", "Ann Before")


def judge_after(store: Store, tell: Callable[..., None]) -> None:
    """Verdicts on claims old and new, of which the first is taken back, and a judgement of a pair."""
    claims = first_claims(store)
    for claim in claims:
        _judge(store, "Ben After", claim, tell)
    with store.reading() as connection:
        judged = connection.execute(text("SELECT count(*) FROM pair_judgements")).scalar_one()
        withdrawn = connection.execute(text("SELECT count(*) FROM verdict_withdrawals")).scalar_one()
        first = connection.execute(
            text("SELECT id FROM verdicts WHERE reviewer = 'Ben After' ORDER BY id LIMIT 1")
        ).scalar()
    if first is not None and not withdrawn:
        withdraw_verdict(store, first, "Ben After")
    if len(claims) > 1 and not judged:
        record_pair_judgement(store, (claims[0], claims[1]), "not_contradiction", "Ben After", "other walls")


def _judge(store: Store, reviewer: str, claim: str, tell: Callable[..., None]) -> None:
    why = f"{reviewer} on {claim}"
    with store.reading() as connection:
        found = connection.execute(text("SELECT 1 FROM verdicts WHERE rationale = :why"), {"why": why}).first()
    if found is None:
        record_verdict(store, claim, "supported", reviewer, why)
        tell(reviewer, claim, why)


def first_claims(store: Store) -> list[str]:
    """The first JUDGED claims by their ids."""
    with store.reading() as connection:
        found = connection.execute(text("SELECT id FROM claims WHERE current ORDER BY id LIMIT :n"), {"n": JUDGED})
        return list(found.scalars())
