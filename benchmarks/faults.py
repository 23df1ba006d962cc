"""Hostile files, kills at any moment, and many writers at once: what a workspace is like after these.

``hostile_inputs`` are files of `benchmarks.hostile`, which go down the real line one by one, and the texts of
`benchmarks.hostile_texts`, in which claims are looked for: ``crashed`` with an error that is no sentence for people,
``hung`` (longer than 30 seconds), ``half_read`` (taken in, but not whole), ``unclear`` (refused without a clear
sentence). ``kills`` runs, which read files of every kind and write verdicts, were under way when
SIGKILL hit them at a random moment (``kills_by_stage`` says in what, ``kills_too_late_and_repeated`` how many others
came after the end), and were then run to their end: ``kills_same_end`` of them leave what an undisturbed run leaves,
in all that ``compared`` names. Each stage that chance spared is hit by one more kill that waits for it
(``aimed_by_stage``, ``aimed_same_end``). Eight processes give verdicts on the same claims at once:
``verdicts_written`` were accepted, ``verdicts_lost`` of these are not in the store, and ``conflicts_shown`` times
somebody was told that another had been faster.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from benchmarks.faults_kills import kills, stored_verdicts, texts_of
from benchmarks.hostile import NO_SENTENCE, READ, REFUSED, Hostile, corpus
from benchmarks.hostile_texts import TEXTS
from claims.article import Article, Provenance
from workbench.care import examine
from workbench.errors import ChangedMeanwhile, WorkbenchError
from workbench.ingest import Extractor, IngestReport, Line
from workbench.queries import ClaimFilter, claim_detail, claim_page
from workbench.settings import Settings
from workbench.store import Store
from workbench.verdicts import record_verdict

TOO_LONG = 30.0  # seconds
WRITERS = 8


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


# Hostile files


def hostile_inputs(folder: Path, args: argparse.Namespace, line: Line | None = None) -> tuple[list[str], dict]:
    """Reads every file into one workspace, with the real line unless another is given."""
    line = line or Line.from_settings(Store(folder / "workspace"), Settings())
    store = line.store
    counts: Counter[str] = Counter()
    lines = []
    slowest = 0.0
    for one in corpus(args.inputs - len(TEXTS), args.seed):
        path, *beside = one.lay(folder)
        started = time.monotonic()
        seen = last_appearance(store)
        try:
            with time_limit(2 * TOO_LONG):
                report = line.ingest([path])
            faults = judged(one, report, texts_since(store, seen))
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
    for make in TEXTS:
        words = f"Harbour wall\n\n{make(random.Random(args.seed))}"
        faults, took = searched(line.extractor, Article(words))
        slowest = max(slowest, took)
        counts.update(fault.split(":")[0] for fault in faults)
        lines += [f"{make.__name__} ({len(words):,} characters): {fault}"[:300] for fault in faults]
    amiss = [str(finding) for finding in examine(store, mend=False)]
    counts["half_read"] += len(amiss)
    names = ("crashed", "hung", "unclear", "half_read")
    return lines + amiss, {
        "hostile_inputs": args.inputs, **{name: counts[name] for name in names}, "slowest_s": round(slowest, 1)
    }  # fmt: skip


def searched(extractor: Extractor, article: Article) -> tuple[list[str], float]:
    """What is wrong with how the claims of a text are found, as `judged` has it, and the seconds that it took."""
    started = time.monotonic()
    try:
        with time_limit(2 * TOO_LONG):
            (claims,) = extractor.extract_all([article])
    except Exception as error:
        return [f"{'hung' if isinstance(error, TimeoutError) else 'crashed'}: {type(error).__name__}: {error}"], (
            time.monotonic() - started
        )
    took = time.monotonic() - started
    faults = [f"hung: {took:.0f} seconds"] if took > TOO_LONG else []
    if not all(article.text[claim.char_start : claim.char_end] == claim.text for claim in claims):
        faults.append("half_read: a claim is not where it says it is")
    return faults, took


def judged(one: Hostile, report: IngestReport, texts: Sequence[str]) -> list[str]:
    """What is wrong with how a file was taken, as "kind: what"; `texts` are the articles that came of it."""
    taken = report.read + report.unchanged + report.versions
    faults = [f"unclear: {why!r}" for _, why in report.refused if not is_clear(why)]
    if not taken and not report.refused:
        faults.append("unclear: neither read nor refused")
    if report.refused and one.fate == READ:
        faults.append(f"half_read: refused, though it is a text: {report.refused[0][1]}")
    if not taken:
        return faults
    if one.fate == REFUSED:
        return [*faults, "half_read: taken in, though it is no article"]
    found = "\n\n".join(texts)
    faults += [f"half_read: lacks {part[:60]!r}" for part in one.whole if part not in found]
    return faults + [f"half_read: holds {part[:60]!r}" for part in one.never if part in found]


def is_clear(why: str) -> bool:
    """Whether a reason is a sentence for people."""
    return 8 <= len(why) <= 250 and not NO_SENTENCE.search(why) and why.isprintable()


def last_appearance(store: Store) -> int:
    """The number of the newest sighting of an article, 0 before the first."""
    with store.reading() as connection:
        return connection.execute(text("SELECT coalesce(max(id), 0) FROM appearances")).scalar_one()


def texts_since(store: Store, seen: int) -> list[str]:
    """The texts that were seen after that sighting, also of articles that were there before."""
    with store.reading() as connection:
        rows = connection.execute(
            text("""SELECT coalesce(v.text, a.next_text, a.text)
                FROM appearances p JOIN articles a ON a.id = p.article_id
                LEFT JOIN article_versions v ON v.text_hash = p.text_hash AND a.text_hash <> p.text_hash
                WHERE p.id > :seen ORDER BY p.id"""),
            {"seen": seen},
        )
        return list(rows.scalars())


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
    stored = stored_verdicts(store)
    with store.reading() as connection:
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
