"""Runs that are killed with SIGKILL at a random moment and then run to their end, beside one that nobody disturbed."""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from threading import Thread

from sqlalchemy import text

from benchmarks.faults_runs import ALWAYS, STAGES, Asked, Ran, Run, first_claims, runs
from benchmarks.hostile import article_page, docx_of, mail_of, pdf_of, xlsx_of
from embeddings.index import META
from embeddings.training_data import read_rows
from workbench.care import examine
from workbench.queries import claim_page
from workbench.schema import Base
from workbench.store import FILE_NAME, Store
from workbench.verdicts import record_verdict

SEEDS = Path(__file__).parent.parent / "seeds"
OLDER = "0007"  # the schema before there were statuses, appearances or a log
MOST_CHARACTERS = 1500  # of each article that a killed run reads
TRIES = 20  # to hit a run that is under way, each earlier than the one before
# What differs between two runs that did the same: times, and numbers of rows.
_PASSING = {"at", "added_at", "until", "created_at", "started_at", "updated_at", "ended_at", "found_at"}
_NUMBERED = {table.name for table in Base.metadata.sorted_tables if table.dialect_kwargs.get("sqlite_autoincrement")}


def kills(folder: Path, args: argparse.Namespace) -> tuple[list[str], dict]:
    """Kills runs at random moments, in turn in an empty folder, in a workspace with verdicts, and in one that an older
    program left, that while it is migrated. Only a kill that hit a run under way counts; one that came too late is
    tried again earlier."""
    texts = list(islice(texts_of(args.file), args.articles + 2))
    rng = random.Random(args.seed)
    lines: list[str] = []
    stages: Counter[str] = Counter()
    same = late = written = lost = 0
    with runs() as run, a_site(article_page(_words(9))) as address:
        starts = _starts(folder, texts[:2], run)
        given = (str(mixture(folder / "new", texts[2:])), address)
        judged = tuple(first_claims(Store(starts["judged"])))
        early = {"empty": (), "judged": judged, "older": judged}
        ends, took = {}, {}
        for name, start in starts.items():
            workspace = shutil.copytree(start, folder / f"undisturbed-{name}")
            opened = run(Asked(workspace)).seconds if name == "older" else 0.0
            whole = run(Asked(workspace, given, early[name])).seconds
            took[name], ends[name] = opened or whole, end_state(workspace)
        for number in range(args.kills):
            name = tuple(starts)[number % len(starts)]
            # Each slice of the run is hit, from its first moment (an empty folder is being migrated then) to its last.
            moment = took[name] * (number + rng.random()) / args.kills
            asked = Asked(folder / f"killed-{number}", given, early[name])
            ran, moment, tries = killed(run, asked, starts[name], moment, rng)
            late += tries
            stages[ran.stage] += 1
            accepted, differs, gone = gone_on(run, asked, ran, ends[name])
            written, lost, same = written + accepted, lost + gone, same + (not differs)
            if differs:
                lines.append(
                    f"killed after {moment:.2f} s, {ran.stage}, {name} at first: {', '.join(differs)} differ"[:500]
                )
        # What takes moments chance hardly hits.
        aimed, aimed_same = Counter(), 0
        for stage in (one for one in ALWAYS if args.kills and not stages[one]):
            asked = Asked(folder / f"aimed-{len(aimed)}", given, early["judged"], kill_in=stage)
            ran, moment, _ = killed(run, asked, starts["judged"], 0.01 * rng.random(), rng)
            aimed[ran.stage] += 1
            accepted, differs, gone = gone_on(run, asked, ran, ends["judged"])
            written, lost, aimed_same = written + accepted, lost + gone, aimed_same + (not differs)
            if differs:
                lines.append(f"killed in {ran.stage}: {', '.join(differs)} differ"[:500])
    return lines, {
        "kills": sum(stages.values()), "kills_same_end": same, "kills_too_late_and_repeated": late,
        "kills_by_stage": {stage: stages[stage] for stage in STAGES if stages[stage]},
        "aimed_by_stage": {stage: aimed[stage] for stage in STAGES if aimed[stage]}, "aimed_same_end": aimed_same,
        "kinds_read": sorted({path.suffix for path in (folder / "new").iterdir()} | {"web address"}),
        "compared": sorted(next(iter(ends.values()))), "undisturbed_s": round(max(took.values()), 2),
        "verdicts_in_killed_runs": written, "verdicts_lost_by_kills": lost,
    }  # fmt: skip


def gone_on(run: Run, asked: Asked, ran: Ran, whole: dict[str, list]) -> tuple[int, list[str], int]:
    """Runs to its end what was killed, and takes its workspace away: how many verdicts were accepted in both runs, what
    differs from the end of an undisturbed run, and how many of the verdicts are lost."""
    accepted = [*ran.accepted, *run(replace(asked, kill_in="")).accepted]
    gone = lacking(asked.workspace, accepted)
    differs = differences(whole, end_state(asked.workspace)) + [
        *(str(one) for one in examine(Store(asked.workspace), mend=False)),
        *(f"verdict lost: {one}" for one in gone),
    ]
    shutil.rmtree(asked.workspace)
    return len(accepted), differs, len(gone)


def killed(run: Run, asked: Asked, start: Path, moment: float, rng: random.Random) -> tuple[Ran, float, int]:
    """A run in a copy of `start` that a kill hit while it was under way, the moment (seconds after its start), and how
    many kills came too late before, or outside the stage they were meant for. Raises RuntimeError where all of TRIES
    do."""
    for late in range(TRIES):
        shutil.copytree(start, asked.workspace)
        ran = run(replace(asked, kill_after=moment))
        if ran.killed and asked.kill_in in ("", ran.stage):
            return ran, moment, late
        shutil.rmtree(asked.workspace)
        moment *= rng.random()
    where = f"in {asked.kill_in}" if asked.kill_in else "before its end"
    raise RuntimeError(f"no kill of {TRIES} hit a run {where}, the last after {moment:.4f} seconds")


def texts_of(file: Path | None) -> Iterator[str]:
    """The texts of a file of articles, or of the articles that come with the program."""
    if file is None:
        yield from (path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt")))
        return
    yield from (row["text"] for row in read_rows(file))


def mixture(folder: Path, texts: Sequence[str]) -> Path:
    """A folder with these as text files, and a file of each other way to read: with a worker that reads them, with a
    table of ready-made statements, with a text that cannot be read."""
    _laid(folder, texts)
    (folder / "page.html").write_bytes(article_page(_words(2)))
    (folder / "report.pdf").write_bytes(pdf_of(_words(3)))
    (folder / "minutes.docx").write_bytes(docx_of(_words(4)))
    (folder / "reply.eml").write_bytes(mail_of(_words(5)))
    (folder / "said.xlsx").write_bytes(xlsx_of([["text", "speaker"], *([one, "Ines Falk"] for one in _sentences(6))]))
    rows = "".join(f'"{one}",Tom Reed\n' for one in _sentences(7))
    (folder / "said.csv").write_text(f"text,speaker\n{rows}", encoding="utf-8")
    cues = "".join(f"\n00:00:0{at}.000 --> 00:00:0{at}.900\n{one}\n" for at, one in enumerate(_sentences(8)))
    (folder / "talk.vtt").write_text(f"WEBVTT\n{cues}", encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4\nno more than that")
    return folder


def _laid(folder: Path, texts: Sequence[str]) -> Path:
    """A new folder with the beginnings of these texts as files."""
    folder.mkdir()
    for number, words in enumerate(texts):
        (folder / f"{number}.txt").write_text(words[:MOST_CHARACTERS], encoding="utf-8")
    return folder


def _sentences(number: int) -> tuple[str, ...]:
    """What one of the files says, which is not what the others say."""
    return (
        f"The harbour wall will be rebuilt by {2020 + number}, the council said on Monday.",
        f"The last repair of the harbour wall had cost {number} million pounds.",
        f"Marit Oduya said that {number} cracks were found in the old stones.",
    )


def _words(number: int) -> str:
    return "\n\n".join(_sentences(number))


@contextmanager
def a_site(page: bytes) -> Iterator[str]:
    """A site on loopback that has one page; yields its address."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            there = self.path == "/story"
            self.send_response(200 if there else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page if there else b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/story"
    finally:
        server.shutdown()
        server.server_close()


def _starts(folder: Path, texts: Sequence[str], run: Run) -> dict[str, Path]:
    """The workspaces that a run begins with, by name."""
    from tests.older import database_at

    starts = {name: folder / name for name in ("empty", "judged", "older")}
    starts["empty"].mkdir()
    run(Asked(starts["judged"], (str(_laid(folder / "first", texts)),)))
    store = Store(starts["judged"])
    for row in claim_page(store, limit=5).rows:
        record_verdict(store, row.id, "refuted", "Ida", "seen the papers")
    database_at(starts["older"], OLDER, store, ("articles", "claims", "vectors", "relations", "verdicts"))
    return starts


# What a run leaves


def lacking(workspace: Path, accepted: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The verdicts that were accepted and are not stored."""
    return list((Counter(accepted) - stored_verdicts(Store(workspace))).elements())


def stored_verdicts(store: Store) -> Counter[tuple]:
    """How often each verdict, as (reviewer, claim, rationale), is stored."""
    with store.reading() as connection:
        rows = connection.execute(text("SELECT reviewer, claim_id, rationale FROM verdicts"))
        return Counter(tuple(row) for row in rows)


def differences(wanted: dict[str, list], found: dict[str, list]) -> list[str]:
    """The names of what is not the same in two end states."""
    return [name for name, rows in wanted.items() if rows != found[name]]


def end_state(workspace: Path) -> dict[str, list]:
    """All that a run leaves, but for times and the numbers of rows: each table, what the index holds, and the files."""
    store = Store(workspace)
    with store.reading() as connection:
        state = {
            table: sorted(
                (_kept(table, row) for row in connection.execute(text(f"SELECT * FROM {table}")).mappings()), key=repr
            )
            for table in Base.metadata.tables
        }
    files = {
        path.relative_to(workspace).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in workspace.rglob("*")
        if path.is_file() and path.parent.name != "index" and not path.name.startswith((FILE_NAME, "ingest.lock"))
    }
    return state | {"index": _indexed(workspace / "index"), "files": sorted(files.items())}


def _kept(table: str, row) -> list[tuple[str, object]]:
    return sorted(
        (name, hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value)
        for name, value in row.items()
        if name not in _PASSING and not (table in _NUMBERED and name == "id")
    )


def _indexed(folder: Path) -> list[tuple[str, object]]:
    """What the index says it is, with the hash of its vectors and claims; but for how often it was saved."""
    path = folder / META
    said = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return sorted((name, value) for name, value in said.items() if name not in ("generation", "file"))
