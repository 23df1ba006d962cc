"""Hostile files, kills at any moment, and many writers at once: what a workspace is like after these.

``hostile_inputs`` files of `benchmarks.hostile` go down the real line one by one: ``crashed`` with an error that is no
sentence for people, ``hung`` (longer than 30 seconds), ``half_read`` (taken in, but not whole), ``unclear`` (refused
without a clear sentence). ``kills`` runs of ingest are killed with SIGKILL at a random moment, then run to their end:
``kills_same_end`` of them leave what an undisturbed run leaves. Eight processes give verdicts on the same claims at
once: ``verdicts_written`` were accepted, ``verdicts_lost`` of these are not in the store, and ``conflicts_shown`` times
somebody was told that another had been faster.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import multiprocessing
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from sqlalchemy import text

from benchmarks.hostile import READ, REFUSED, Hostile, corpus
from claims.article import Provenance
from workbench.care import examine
from workbench.errors import ChangedMeanwhile, WorkbenchError
from workbench.ingest import Line
from workbench.queries import ClaimFilter, article_text, articles, claim_detail, claim_page
from workbench.settings import Settings, load_settings
from workbench.store import Store
from workbench.verdicts import record_verdict

SEEDS = Path(__file__).parent.parent / "seeds"
TOO_LONG = 30.0  # seconds
WRITERS = 8
OLDER = "0007"  # the schema before there were statuses, appearances or a log
MOST_CHARACTERS = 1500  # of each article that a killed run reads
_NO_SENTENCE = re.compile(r"Traceback|\b\w*(?:Error|Exception)\b|0x[0-9a-f]{6}|<class|\n|b'")
# What differs between two runs that did the same: times, and numbers of rows.
_PASSING = {"at", "added_at", "until", "created_at", "started_at", "updated_at", "ended_at", "found_at"}
_TABLES = (
    "articles", "appearances", "article_versions", "claims", "claim_topics", "vectors", "relations", "verdicts", "log",
    "scores",
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, nargs="?",
        help="articles that the killed runs read: gzipped JSON lines with text (default: those in seeds/)",
    )  # fmt: skip
    parser.add_argument("--inputs", type=int, default=300)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--articles", type=int, default=3, help="how many of the file's articles a killed run reads")
    parser.add_argument("--verdicts", type=int, default=250, help="of each of the eight writers")
    parser.add_argument("--seed", type=int, default=1)


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """The three measures, one after another, each in a folder that is thrown away."""
    result: dict = {}
    lines: list[str] = []
    for measure in (hostile_inputs, kills, writers):
        with tempfile.TemporaryDirectory() as folder:
            said, found = measure(Path(folder), args)
        lines += said
        result |= found
    return lines, result


def texts_of(file: Path | None) -> Iterator[str]:
    """The texts of a file of articles, or of the articles that come with the program."""
    if file is None:
        yield from (path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt")))
        return
    with gzip.open(file, "rt", encoding="utf-8") as rows:
        yield from (json.loads(row)["text"] for row in rows)


# Hostile files


def hostile_inputs(folder: Path, args: argparse.Namespace, line: Line | None = None) -> tuple[list[str], dict]:
    """Reads every file into one workspace, with the real line unless another is given."""
    line = line or Line.from_settings(Store(folder / "workspace"), Settings())
    store = line.store
    counts: Counter[str] = Counter()
    lines = []
    slowest = 0.0
    for one in corpus(args.inputs, args.seed):
        path, *beside = one.lay(folder)
        started = time.monotonic()
        try:
            with time_limit(2 * TOO_LONG):
                report = line.ingest([path])
            faults = judged(one, store, report)
        except WorkbenchError as error:
            faults = [f"crashed: the whole batch ended: {error}"]
        except Exception as error:
            faults = [f"crashed: {type(error).__name__}: {error}"]
        took = time.monotonic() - started
        slowest = max(slowest, took)
        if took > TOO_LONG:
            faults.append(f"hung: {took:.0f} seconds")
        for fault in faults:
            counts[fault.split(":")[0]] += 1
            lines.append(f"{one.name} ({len(one.raw):,} bytes): {fault}"[:300])
        for laid in (path, *beside):
            laid.unlink()
    amiss = [str(finding) for finding in examine(store, mend=False)]
    counts["half_read"] += len(amiss)
    names = ("crashed", "hung", "unclear", "half_read")
    return lines + amiss, {
        "hostile_inputs": args.inputs, **{name: counts[name] for name in names}, "slowest_s": round(slowest, 1)
    }  # fmt: skip


def judged(one: Hostile, store: Store, report) -> list[str]:
    """What is wrong with how a file was taken, as "kind: what"."""
    taken = report.read + report.unchanged + report.versions
    if report.refused:
        (_, why), *_ = report.refused
        if one.fate == READ:
            return [f"half_read: refused, though it is a text: {why}"]
        clear = 8 <= len(why) <= 250 and not _NO_SENTENCE.search(why) and why.isprintable()
        if not clear:
            return [f"unclear: {why!r}"]
        if not taken:
            return []
    if not taken:
        return ["unclear: neither read nor refused"]
    if one.fate == REFUSED:
        return ["half_read: taken in, though it is no article"]
    found = article_text(store, articles(store)[-1].id) if report.read else ""
    return [f"half_read: lacks {part[:60]!r}" for part in one.whole if report.read and part not in found]


@contextmanager
def time_limit(seconds: float):
    """Ends the block with TimeoutError after so many seconds."""

    def ring(*_):
        raise TimeoutError(f"not done after {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# Kills


def kills(folder: Path, args: argparse.Namespace) -> tuple[list[str], dict]:
    """Kills ingest at random moments, in turn into an empty folder, into a workspace with verdicts, and into one that
    an older program left, that while it is migrated."""
    texts = list(islice(texts_of(args.file), args.articles + 2))
    for name, some in (("first", texts[:2]), ("new", texts[2:])):
        (folder / name).mkdir()
        for number, words in enumerate(some):
            (folder / name / f"{number}.txt").write_text(words[:MOST_CHARACTERS], encoding="utf-8")
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=_serve_runs, args=(there,), daemon=True)
    server.start()

    def ingest(workspace: Path, paths: list[Path] | None, kill_after: float | None = None) -> float:
        here.send((str(workspace), paths and [str(path) for path in paths], kill_after))
        took = here.recv()
        if isinstance(took, str):
            raise RuntimeError(took)
        return took

    starts = _starts(folder, ingest)
    ends, took = {}, {}
    for name, start in starts.items():
        workspace = folder / f"undisturbed-{name}"
        shutil.copytree(start, workspace)
        opened = ingest(workspace, None) if name == "older" else 0.0
        took[name] = ingest(workspace, [folder / "new"])
        ends[name] = end_state(workspace)
        took[name] = opened or took[name]
    rng = random.Random(args.seed)
    same, lines = 0, []
    for number in range(args.kills):
        name = tuple(starts)[number % len(starts)]
        # Each slice of the run is hit, from its first moment (an empty folder is being migrated then) to its last.
        moment = took[name] * (number + rng.random()) / args.kills
        workspace = folder / f"killed-{number}"
        shutil.copytree(starts[name], workspace)
        ingest(workspace, [folder / "new"], moment)
        ingest(workspace, [folder / "new"])
        differs = [table for table, rows in end_state(workspace).items() if rows != ends[name][table]] + [
            str(one) for one in examine(Store(workspace), mend=False)
        ]
        same += not differs
        if differs:
            lines.append(f"killed after {moment:.2f} s, {name} at first: {', '.join(differs)} differ")
        shutil.rmtree(workspace)
    here.close()
    server.kill()
    return lines, {"kills": args.kills, "kills_same_end": same, "undisturbed_s": round(max(took.values()), 2)}


def _starts(folder: Path, ingest: Callable[..., float]) -> dict[str, Path]:
    """The workspaces that a run begins with, by name."""
    from tests.older import database_at

    starts = {name: folder / name for name in ("empty", "judged", "older")}
    starts["empty"].mkdir()
    ingest(starts["judged"], [folder / "first"])
    store = Store(starts["judged"])
    for row in claim_page(store, limit=5).rows:
        record_verdict(store, row.id, "refuted", "Ida", "seen the papers")
    database_at(starts["older"], OLDER, store, ("articles", "claims", "vectors", "relations", "verdicts"))
    return starts


def _serve_runs(pipe) -> None:
    """Runs ingests in children of a process that has the models: what is killed is the run, not minutes of loading."""
    import faiss
    import torch

    torch.set_num_threads(1)  # a child of a process whose threads have run would wait for them for ever
    faiss.omp_set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        parts = Line.from_settings(Store(folder), Settings())
        parts.ingest_texts(
            [("The harbour wall will be rebuilt, Mary Holt said. “It fell,” said Tom Reed.", Provenance())]
        )
    while True:
        try:
            workspace, paths, kill_after = pipe.recv()
        except EOFError:
            return
        started = time.monotonic()
        child = os.fork()
        if not child:
            _run_ingest(parts, Path(workspace), paths and [Path(path) for path in paths])
        if kill_after is not None:
            time.sleep(max(0.0, kill_after))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        failed = kill_after is None and status
        pipe.send(f"an ingest ended with {status}" if failed else time.monotonic() - started)


def _run_ingest(parts: Line, workspace: Path, paths: list[Path] | None) -> None:
    """The child's part: opens the workspace (which migrates it) and ingests, if there are paths; never returns."""
    try:
        store = Store(workspace)
        line = Line(store, parts.extractor, parts.encoder, parts.model, load_settings(workspace), parts.explainer)
        if paths is not None:
            line.ingest(paths)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def end_state(workspace: Path) -> dict[str, list]:
    """All that an ingest leaves, but for times."""
    with Store(workspace).reading() as connection:
        state = {}
        for table in _TABLES:
            rows = connection.execute(text(f"SELECT * FROM {table}")).mappings()
            numbered = table in ("appearances", "article_versions", "verdicts", "log")
            kept = [
                sorted(
                    (name, hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value)
                    for name, value in row.items()
                    if name not in _PASSING and not (numbered and name == "id")
                )
                for row in rows
            ]
            state[table] = sorted(kept, key=repr)
    archived = sorted(path.name for path in (workspace / "archive").rglob("*.gz"))
    return state | {"archive": archived}


# Writers


def writers(folder: Path, args: argparse.Namespace) -> tuple[list[str], dict]:
    """Eight processes, each with 250 verdicts on the same claims, through the code that the app calls."""
    store = Store(folder / "workspace")
    words = next(texts_of(args.file))
    Line.from_settings(store, Settings()).ingest_texts([(words, Provenance())])
    ids = [row.id for row in claim_page(store, ClaimFilter(), limit=20).rows]
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    names = [f"Reviewer {number}" for number in range(WRITERS)]
    workers = [context.Process(target=_write, args=(store.folder, name, ids, args.verdicts, results)) for name in names]
    for worker in workers:
        worker.start()
    told = [results.get(timeout=600) for _ in workers]
    for worker in workers:
        worker.join()
    accepted = Counter(row for given, _ in told for row in given)
    with store.reading() as connection:
        stored = Counter(
            tuple(row) for row in connection.execute(text("SELECT reviewer, claim_id, rationale FROM verdicts"))
        )
        logged = connection.execute(text("SELECT count(*) FROM log WHERE what = 'verdict'")).scalar_one()
        revisions = connection.execute(text("SELECT sum(revision) FROM claims")).scalar_one()
    conflicts = sum(number for _, number in told)
    doubled = sum((stored - accepted).values())
    lines = [f"{conflicts} writers were told that somebody was faster; {logged} changes logged, {revisions} revisions"]
    return lines, {
        "verdicts_written": sum(accepted.values()),
        "verdicts_lost": sum((accepted - stored).values()),
        "verdicts_doubled": doubled,
        "conflicts_shown": conflicts,
    }


def _write(folder: Path, name: str, ids: list[str], verdicts: int, results) -> None:
    """One reviewer: reads a claim, judges what is on the screen, and looks again where somebody was faster."""
    store = Store(folder)
    given, conflicts = [], 0
    rng = random.Random(name)
    for number in range(verdicts):
        claim, why = rng.choice(ids), f"{name}, verdict {number}"
        while True:
            seen = claim_detail(store, claim).revision
            try:
                record_verdict(store, claim, rng.choice(("refuted", "supported")), name, why, expected=seen)
            except ChangedMeanwhile:
                conflicts += 1
                continue
            given.append((name, claim, why))
            break
    results.put((given, conflicts))
