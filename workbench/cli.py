"""The command line: ingest, export, backup and the like. What people can put right is a sentence and exit code 2."""

from __future__ import annotations

import argparse
import logging
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tqdm import tqdm

from claims.found import UNSEEN
from claims.reading import READABLE as ENDINGS
from workbench.archive import kept, write_whole
from workbench.care import backup, examine, restore
from workbench.claimreview import claimreview_json
from workbench.divergence import CHOICES
from workbench.errors import ImportUndecided, UnknownClaim, WorkbenchError
from workbench.export import claims_csv, claims_jsonl, pairs_csv, training_jsonl, workbook
from workbench.figures import log_table
from workbench.ingest import Line
from workbench.jobs import ROOT, JobNotes, begin_job, end_job, log_reading
from workbench.log import log_page
from workbench.originals import appearance_named, numbered
from workbench.pair_rows import Link, Statement
from workbench.pairs import related
from workbench.queries import claim_detail, whereabouts
from workbench.restore_pairs import restore_file
from workbench.settings import load_settings
from workbench.store import Store, existing_store, workspace_folder
from workbench.waiting import left_waiting

FAILED = 2
READABLE = ", ".join(ENDINGS)
_LOWER_ROOMS = ("claims", "embeddings")
_NOT_SHOWN = re.compile(f"[{UNSEEN}]")
_IN_WORDS = {"contradicts": "contradicts", "supports": "supports", "same_claim": "same claim", "related": "related"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0, or 2 with one sentence on standard error for each thing wrong."""
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    asked = _parser().parse_args(arguments)
    try:
        return asked.run(asked)
    except KeyboardInterrupt:
        return _say("stopped; what was done is kept, and the same command goes on from there")
    except Exception as error:
        if not _for_people(error):
            raise
        return _say(_in_a_sentence(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m workbench", description="A workbench for fact-checkers.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--workspace",
        metavar="FOLDER",
        help="where everything is kept (default: $COUNTERCLAIM_WORKSPACE, else ./workspace)",
    )

    ingest = commands.add_parser("ingest", parents=[shared], help="read articles: files, folders, addresses")
    ingest.add_argument(
        "paths", nargs="*", metavar="PATH", help=f"a file ({READABLE}), a folder of them, or an address of the web"
    )
    ingest.add_argument("--again", action="store_true", help="look for the claims of known articles once more")
    ingest.add_argument("--job", type=int, help=argparse.SUPPRESS)
    ingest.set_defaults(run=_ingest, refuse=ingest.error)

    near = commands.add_parser("related", parents=[shared], help="what stands beside a claim, or any text")
    near.add_argument("claim", metavar="TEXT_OR_CLAIM_ID")
    near.add_argument("-k", type=_count, default=10, help="how many to show at most (default: 10)")
    near.set_defaults(run=_related)

    export = commands.add_parser("export", parents=[shared], help="write claims, pairs or verdicts to a file")
    export.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help=".csv or .jsonl: claims; .xlsx: claims and pairs; .json: final verdicts as ClaimReview",
    )
    kind = export.add_mutually_exclusive_group()
    kind.add_argument("--pairs", action="store_true", help="one row a pair, not one row a claim")
    kind.add_argument("--log", action="store_true", help="who did what when, as .csv, .xlsx or .jsonl")
    kind.add_argument("--training", action="store_true", help="judged pairs as JSON lines for embeddings.train")
    export.set_defaults(run=_export)

    bring = commands.add_parser("import", parents=[shared], help="bring verdicts or judged pairs back from a file")
    bring.add_argument("file", type=Path, metavar="FILE", help="a .csv with one row a claim, or a pair")
    bring.add_argument("--reviewer", required=True, metavar="NAME", help="who does it; stands in the log")
    bring.add_argument(
        "--conflicts", choices=tuple(CHOICES), default="",
        help="where the file says something else of a claim or pair than stands here: keep what is here, or take "
        "what the file says, too; without it nothing is taken in and each of them is shown",
    )  # fmt: skip
    bring.add_argument(
        "--decide", action="append", default=[], metavar="ID=CHOICE", type=_decision,
        help="the same for one claim, or one pair (both ids with a + between); can be given more than once",
    )  # fmt: skip
    bring.set_defaults(run=_import)

    save = commands.add_parser("backup", parents=[shared], help="write the whole workspace into one file")
    save.add_argument("file", type=Path, metavar="FILE", help="a .zip")
    save.set_defaults(run=_backup)

    back = commands.add_parser("restore", parents=[shared], help="make a workspace of a backup, where there is none")
    back.add_argument("file", type=Path, metavar="FILE", help="what backup wrote")
    back.set_defaults(run=_restore)

    doctor = commands.add_parser("doctor", parents=[shared], help="check a workspace, and mend what can be mended")
    doctor.add_argument("--look-only", action="store_true", help="mend nothing")
    doctor.set_defaults(run=_doctor)

    read = commands.add_parser("original", parents=[shared], help="write what was read of an article, byte for byte")
    read.add_argument("article", metavar="ARTICLE_ID")
    read.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help="without it, what was kept is listed with its numbers"
    )
    read.add_argument(
        "--seen", default="", metavar="NUMBER", help="not the newest but this one, by its number or its SHA-256"
    )
    read.set_defaults(run=_original)

    app = commands.add_parser("app", parents=[shared], help="open the app")
    app.set_defaults(run=_app)
    return parser


def _ingest(asked: argparse.Namespace) -> int:
    # A job without paths goes on with what an earlier one left undone; a person who names none forgot them.
    if not asked.paths and asked.job is None:
        asked.refuse(f"name at least one PATH: a file ({READABLE}), a folder of them, or an address of the web")
    store = Store(workspace_folder(asked.workspace))
    if asked.job is not None:
        begin_job(store, asked.job)
    else:
        with store.writing() as connection:
            log_reading(connection, "", asked.paths, "from the command line")
    notes = JobNotes(store, asked.job) if asked.job is not None else None
    try:
        line = Line.from_settings(store, load_settings(store.folder))
        with closing(_Bars()) as bars:

            def progress(stage: str, done: int, total: int) -> None:
                bars.show(stage, done, total)
                if notes:
                    notes(stage, done, total)

            report = line.ingest(asked.paths or list(left_waiting(store)), progress, asked.again)
    except BaseException as error:
        if notes:
            said = _in_a_sentence(error) if _for_people(error) else f"{type(error).__name__}: {error}"
            end_job(store, asked.job, "failed", said)
        raise
    if notes:
        end_job(store, asked.job, "done", str(report))
    for path, why in report.refused:
        _say(f"{path}: {why}")
    if report.left_out:
        _say(report.left_out)
    print(str(report).split("; ")[0])
    return FAILED if report.refused else 0


def _existing(asked: argparse.Namespace) -> Store:
    return existing_store(workspace_folder(asked.workspace))


def _related(asked: argparse.Namespace) -> int:
    store = _existing(asked)
    try:
        claim = claim_detail(store, asked.claim).claim
    except UnknownClaim:
        from workbench.similar import similar_to

        line = Line.from_settings(store, load_settings(store.folder))
        found = [(one.other, one.link) for one in similar_to(line, asked.claim, asked.k)]
        if line.left_out:
            _say(line.left_out)
    else:
        _print(f"{claim.speaker or 'The article'}: {claim.text}\n")
        groups = related(store, claim.id)
        found = [(row.other, row.link) for row in (*groups.contradicts, *groups.supports, *groups.related)]
    for other, link in found[: asked.k]:
        _print(_in_lines(other, link))
    if not found:
        print("nothing related in this workspace")
    return 0


def _export(asked: argparse.Namespace) -> int:
    store = _existing(asked)
    content = _content(store, asked)
    write_whole(asked.file, content)
    print(f"wrote {asked.file}")
    return 0


def _import(asked: argparse.Namespace) -> int:
    store = Store(workspace_folder(asked.workspace))
    try:
        print(restore_file(store, asked.file.read_bytes(), asked.reviewer, dict(asked.decide), asked.conflicts))
    except ImportUndecided as undecided:
        for question in undecided.questions:
            _say(str(question))
        return _say(f"{undecided}, with --decide ID=here or =file, or for all with --conflicts")
    return 0


def _backup(asked: argparse.Namespace) -> int:
    size = backup(_existing(asked), asked.file)
    print(f"wrote {asked.file} ({size:,} bytes)")
    return 0


def _restore(asked: argparse.Namespace) -> int:
    store = restore(asked.file, workspace_folder(asked.workspace).resolve())
    print(f"{store.folder} is as it was when {asked.file} was written")
    return 0


def _original(asked: argparse.Namespace) -> int:
    store = _existing(asked)
    known = whereabouts(store, asked.article)
    chosen = appearance_named(known, asked.seen)
    if asked.file is None:
        for number, seen in numbered(known):
            text = "the newest text" if seen.text_hash == known.text_hash else "another text"
            _print(f"{number:>3}  {seen.at}  {seen.place}, {text}, SHA-256 {seen.archive_hash}")
        return 0
    write_whole(asked.file, kept(store.folder, chosen.archive_hash))
    _print(f"wrote {asked.file}: what stood at {chosen.place} at {chosen.at}, SHA-256 {chosen.archive_hash}")
    return 0


def _doctor(asked: argparse.Namespace) -> int:
    findings = examine(_existing(asked), mend=not asked.look_only)
    for finding in findings:
        _print(str(finding))
    if not findings:
        print("nothing amiss")
    return 0 if all(finding.mended for finding in findings) else FAILED


def _content(store: Store, asked: argparse.Namespace) -> bytes:
    if asked.log:
        table = log_table(log_page(store, -1).rows)
        ending = asked.file.suffix.lower()
        return table.xlsx("Log") if ending == ".xlsx" else table.jsonl() if ending == ".jsonl" else table.csv()
    if asked.training:
        return training_jsonl(store)
    if asked.pairs:
        return pairs_csv(store)
    ending = asked.file.suffix.lower()
    if ending == ".json":
        return claimreview_json(store, load_settings(store.folder))
    return {".xlsx": workbook, ".jsonl": claims_jsonl}.get(ending, claims_csv)(store)


def _app(asked: argparse.Namespace) -> int:
    folder = Store(workspace_folder(asked.workspace)).folder  # what is wrong with it is said here, not in a browser
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--", "--workspace", str(folder)]
    return subprocess.call(command, cwd=ROOT)


def _in_lines(other: Statement, link: Link) -> str:
    label = "in tension" if link.relation == "contradicts" and not link.strict else _IN_WORDS[link.relation]
    place = ", ".join(part for part in (other.outlet, other.date) if part)
    where = f"{other.speaker or 'the article'}{f' ({place})' if place else ''}"
    return (
        f"{label:<12} {link.score:.2f}  {where}: {' '.join(other.text.split())}\n"
        f"{'':<18}{other.claim_id}  similarity {link.similarity:.2f}, contradiction {link.contradiction:.2f}, "
        f"entailment {link.entailment_ab:.2f} there, {link.entailment_ba:.2f} back"
    )


def _count(given: str) -> int:
    if not given.isdigit() or int(given) < 1:
        raise argparse.ArgumentTypeError(f"{given!r} is no count; choose a whole number from 1")
    return int(given)


def _decision(given: str) -> tuple[str, str]:
    claim_id, _, choice = given.rpartition("=")
    if not claim_id or choice not in CHOICES:
        raise argparse.ArgumentTypeError(f"{given!r} decides nothing; write ID=here or ID=file")
    return claim_id, choice


def _for_people(error: BaseException) -> bool:
    """The named errors of this room and of the rooms below, and what the system refuses; anything else is a fault in
    the program."""
    return isinstance(error, WorkbenchError | OSError) or type(error).__module__.split(".")[0] in _LOWER_ROOMS


def _in_a_sentence(error: BaseException) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or 'the system'}: {error.strerror or error}"
    return str(error)


def _say(sentence: str) -> int:
    print(_NOT_SHOWN.sub("", " ".join(sentence.split())), file=sys.stderr)
    return FAILED


def _print(words: str) -> None:
    """On standard output, without what would drive a terminal or turn the order of the letters: words come from
    strangers."""
    print(_NOT_SHOWN.sub("", words))


class _Bars:
    """One progress bar a stage, on standard error."""

    def __init__(self) -> None:
        self._stage, self._bar = "", None

    def show(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self.close()
            self._stage, self._bar = stage, tqdm(total=total or None, desc=stage, file=sys.stderr, leave=False)
        self._bar.total = total or None
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
