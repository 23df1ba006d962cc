"""Hostile files, kills at any moment, many writers at once, and a store that has no room or may not write."""

from __future__ import annotations

import errno
import json
import os
import random
import sqlite3
import time
from argparse import ArgumentParser, Namespace
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from benchmarks import faults_kills, faults_runs, hostile_texts
from benchmarks.faults import TOO_LONG, add_arguments, hostile_inputs, judged, searched, texts_of, writers
from benchmarks.faults_kills import MOST_CHARACTERS, differences, end_state, lacking
from benchmarks.faults_runs import OPENING, STAGES, Asked, Ran
from benchmarks.hostile import EITHER, KINDS, PROSE, READ, REFUSED, Hostile
from benchmarks.hostile_texts import TEXTS as HARD
from claims.article import Article
from claims.extract import ClaimExtractor
from claims.reader import Reader
from tests.workbench_fakes import FakeExtractor, fake_line, packed, write_texts
from workbench.care import examine
from workbench.errors import StoreDamaged, StoreFull, UploadRefused
from workbench.inbox import save_upload
from workbench.ingest import IngestReport
from workbench.queries import claim_page
from workbench.settings import Settings
from workbench.store import Store
from workbench.verdicts import record_verdict

TEXTS = (
    "Harbour wall\n\nThe harbour wall will be rebuilt by next spring, the council said on Monday. Nobody was hurt.",
    "Cracks\n\n“Two cracks were found in the old stones,” said Marit Oduya, the port’s chief engineer.",
    "Wall is sound\n\n“No cracks were found in the stones,” said Tom Reed. The wall cost nine million pounds in 1998.",
)


@pytest.fixture
def texts(tmp_path):
    return packed(tmp_path / "texts.jsonl.gz", TEXTS)


@pytest.fixture
def reviewed(tmp_path):
    """A workspace with one verdict, and the claim it is on."""
    line = fake_line(tmp_path / "workspace")
    path = tmp_path / "harbour.txt"
    path.write_text("\n\n".join(PROSE), encoding="utf-8")
    line.ingest([path])
    claim = claim_page(line.store, limit=1).rows[0].id
    record_verdict(line.store, claim, "refuted", "Ida", "seen the papers")
    return line.store, claim


@contextmanager
def every_connection(statement: str):
    """Says this to SQLite on every connection that is opened meanwhile."""

    def say(connection, _record):
        connection.execute(statement)

    event.listen(Engine, "connect", say)
    try:
        yield
    finally:
        event.remove(Engine, "connect", say)


def verdicts_in(store: Store) -> list[str]:
    with closing(sqlite3.connect(f"file:{store.path}?mode=ro", uri=True)) as connection:
        return [rationale for (rationale,) in connection.execute("SELECT rationale FROM verdicts")]


def test_every_kind_of_hostile_file_is_read_whole_or_refused_in_a_sentence(tmp_path):
    wanted = len(KINDS) + len(HARD)
    lines, result = hostile_inputs(tmp_path, Namespace(inputs=wanted, seed=3), fake_line(tmp_path / "workspace"))
    assert result["hostile_inputs"] == wanted
    bad = {name: result[name] for name in ("crashed", "hung", "unclear", "half_read")}
    assert bad == dict.fromkeys(bad, 0), lines


@pytest.fixture(scope="module")
def extractor():
    found = ClaimExtractor(Settings().spacy, Reader())
    found.extract(Article("The wall fell, Tom Reed said."))  # loads the models
    return found


@pytest.mark.parametrize("make", HARD)
def test_claims_of_a_text_that_is_hard_to_search_are_found_in_time(extractor, make, monkeypatch):
    """The search looked back at every mark of quotation for every word: twice the text took four times as long. A
    quarter of what the measure searches must take no more than a third of the time that it allows."""
    for size in ("LONG", "ENDLESS", "MANY"):
        monkeypatch.setattr(hostile_texts, size, getattr(hostile_texts, size) // 4)
    article = Article(f"Harbour wall\n\n{make(random.Random(1))}")
    started = time.process_time()  # other tests may have the other cores
    faults, _ = searched(extractor, article)
    assert time.process_time() - started < TOO_LONG / 3 and not [one for one in faults if not one.startswith("hung")]


def test_a_search_that_crashes_hangs_or_misplaces_claims_is_told(monkeypatch):
    class Broken(FakeExtractor):
        def extract(self, article):
            if article.text == "crash":
                raise KeyError("x")
            if article.text == "hang":
                time.sleep(1)
            return [replace(one, char_start=one.char_start + 1) for one in super().extract(article)]

    monkeypatch.setattr("benchmarks.faults.TOO_LONG", 0.2)
    told = [searched(Broken(), Article(words))[0] for words in ("crash", "hang", "The wall fell.")]
    assert told[0] == ["crashed: KeyError: 'x'"] and told[1][0].startswith("hung: ")
    assert told[2] == ["half_read: a claim is not where it says it is"]
    assert searched(FakeExtractor(), Article("The wall fell."))[0] == []


def test_a_kill_that_comes_after_the_end_of_a_run_is_repeated_earlier_in_a_workspace_as_it_was(tmp_path):
    """A run that had ended before its kill was counted as one that had come through it."""
    start, moments = tmp_path / "start", []
    start.mkdir()

    def run(asked):
        assert not list(asked.workspace.iterdir())
        (asked.workspace / "left").touch()
        moments.append(asked.kill_after)
        return Ran(1.0, asked.kill_after < 1, STAGES[0], ())

    asked = Asked(tmp_path / "killed")
    ran, moment, late = faults_kills.killed(run, asked, start, 50.0, random.Random(1))
    assert ran.killed and late == len(moments) - 1 > 0 and moment == moments[-1] < 1
    assert moments == sorted(moments, reverse=True)

    def never(_asked):
        return Ran(1.0, False, STAGES[0], ())

    with pytest.raises(RuntimeError, match="no kill of 20 hit a run before its end"):
        faults_kills.killed(never, Asked(tmp_path / "other"), start, 1.0, random.Random(1))


def test_a_run_that_ended_before_its_kill_is_told_from_one_that_was_killed(tmp_path):
    with faults_runs.runs() as run:
        ended = run(Asked(tmp_path / "ended", kill_after=20.0))
        hit = run(Asked(tmp_path / "hit", kill_after=0.0))
    assert (ended.killed, hit.killed, hit.stage) == (False, True, OPENING)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("pair_judgements", "DELETE FROM pair_judgements"),
        ("verdict_withdrawals", "DELETE FROM verdict_withdrawals"),
        ("speaker_names", "UPDATE speaker_names SET name = 'x'"),
        ("waiting", "INSERT INTO waiting VALUES ('a.txt', '', '')"),
        ("meta", "INSERT INTO meta VALUES ('a', 'b')"),
        ("index", ""),
        ("files", ""),
    ],
)
def test_what_a_kill_could_leave_otherwise_is_seen(tmp_path, table, change):
    line = fake_line(tmp_path / "workspace")
    line.ingest([write_texts(tmp_path / "texts")])
    store = line.store
    told = []
    faults_runs.judge_before(store, faults_runs.first_claims(store), lambda *verdict: told.append(verdict))
    faults_runs.judge_after(store, lambda *verdict: told.append(verdict))
    before = end_state(store.folder)
    assert len(told) == len(before["verdicts"]) > 5 and not differences(before, end_state(store.folder))
    if change:
        with closing(sqlite3.connect(store.path)) as connection, connection:
            triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (name,) in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute(change)
    elif table == "index":
        said = json.loads((store.folder / "index" / "index.json").read_text())
        (store.folder / "index" / "index.json").write_text(json.dumps(said | {"ids": said["ids"][1:]}))
    else:
        next((store.folder / "archive").rglob("*.gz")).unlink()
    assert differences(before, end_state(store.folder)) == [table]


def test_a_verdict_that_was_accepted_and_is_gone_is_named(reviewed):
    store, claim = reviewed
    there, gone = ("Ida", claim, "seen the papers"), ("Ida", claim, "seen more papers")
    assert lacking(store.folder, [there]) == [] and lacking(store.folder, [there, gone, there]) == [there, gone]


def report(read: int = 1, refused: tuple = ()) -> IngestReport:
    return IngestReport(read, 0, refused, 0, 0)


def test_every_reason_is_judged_and_so_is_what_a_file_must_hold_and_must_not():
    known = Hostile("a.html", b"", EITHER, PROSE[:2], never=("-->",))
    clear = ("a.html", "holds no article: no running text was found in the page")
    assert judged(known, report(0, (clear,)), []) == []
    assert judged(known, report(), ["\n".join(PROSE)]) == []
    bad = ("a.html", "KeyError: 'x'")
    assert judged(known, report(0, (clear, bad)), []) == [f"unclear: {bad[1]!r}"]
    assert judged(known, report(1, (clear, bad)), PROSE) == [f"unclear: {bad[1]!r}"]
    assert judged(known, report(), [PROSE[0]]) == [f"half_read: lacks {PROSE[1][:60]!r}"]
    assert judged(known, report(), [*PROSE, "1 --> 2"]) == ["half_read: holds '-->'"]
    assert judged(known, report(0), []) == ["unclear: neither read nor refused"]
    assert judged(replace(known, fate=REFUSED), report(), PROSE) == ["half_read: taken in, though it is no article"]
    assert judged(replace(known, fate=READ), report(0, (clear,)), [])[0].startswith("half_read: refused, though")


def test_what_must_be_there_is_known_of_every_hostile_file_that_may_be_read():
    """Of every fourth kind nothing was known, so what was missing of it went unnoticed."""
    made = [kind(random.Random(f"{kind.__name__} {number}")) for kind in KINDS for number in range(2)]
    assert [one.name for one in made if one.fate != REFUSED and not any(one.whole)] == []


def test_no_verdict_of_eight_processes_is_lost_or_doubled(tmp_path, texts):
    lines, result = writers(tmp_path, Namespace(file=texts, verdicts=20, seed=5))
    assert (result["verdicts_written"], result["verdicts_lost"], result["verdicts_doubled"]) == (160, 0, 0), lines
    assert result["conflicts_shown"] > 0, "nobody was told that somebody had been faster"


def test_the_measure_needs_no_file(texts):
    parser = ArgumentParser()
    add_arguments(parser)
    assert parser.parse_args([]).file is None and parser.parse_args([str(texts)]).file == texts
    assert tuple(texts_of(texts)) == TEXTS
    own = list(texts_of(None))
    assert len(own) >= parser.parse_args([]).articles + 2 and all(len(one) > MOST_CHARACTERS for one in own)


def test_a_full_disk_is_said_and_loses_nothing(reviewed):
    store, claim = reviewed
    with store.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with (
        every_connection(f"PRAGMA max_page_count = {pages}"),
        pytest.raises(StoreFull, match=r"no room left for .*counterclaim\.sqlite3; free some space"),
    ):
        for _ in range(200):
            record_verdict(store, claim, "supported", "Tom", "seen more papers " * 100)
    kept = verdicts_in(store)
    assert kept[0] == "seen the papers"
    assert examine(store, mend=False) == []
    record_verdict(Store(store.folder), claim, "supported", "Tom", "room again")
    assert verdicts_in(store) == [*kept, "room again"]


@contextmanager
def no_room(monkeypatch, ending: str):
    """Files with this ending can't be put in their place."""
    real = os.replace

    def full(source, goal):
        if str(goal).endswith(ending):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, goal)

    with monkeypatch.context() as patched:
        patched.setattr("workbench.archive.os.replace", full)
        yield


def test_an_upload_that_finds_no_room_is_refused_in_a_sentence_and_leaves_nothing(tmp_path, monkeypatch):
    said = r"'a\.txt' can't be kept in .*inbox: No space left on device"
    with no_room(monkeypatch, ".txt"), pytest.raises(UploadRefused, match=said):
        save_upload(tmp_path, "a.txt", b"The wall fell.")
    assert list((tmp_path / "inbox").iterdir()) == []
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UploadRefused, match="can't be kept in .*file/inbox: Not a directory"):
        save_upload(tmp_path / "file", "a.txt", b"The wall fell.")


def test_an_archive_without_room_ends_the_batch_in_a_sentence_and_the_next_one_goes_on(tmp_path, monkeypatch):
    line = fake_line(tmp_path / "workspace")
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"The wall fell at {name}.")
    line.ingest([tmp_path / "a.txt"])
    with no_room(monkeypatch, ".gz"), pytest.raises(StoreFull, match="can't keep what was read in .*No space left"):
        line.ingest([tmp_path / "b.txt"])
    assert (claim_page(line.store).total, examine(line.store)) == (1, [])
    assert not [path for path in line.store.folder.rglob("*.part")]
    assert line.ingest([tmp_path / "b.txt"]).read == 1


@pytest.mark.parametrize(("why", "said"), [("full", "No space left on device"), ("in the way", "Is a directory")])
def test_an_index_without_room_ends_the_batch_in_a_sentence_and_the_next_one_goes_on(tmp_path, why, said):
    """FAISS's own words for it came on the screen, with the C++ file they stand in."""
    line = fake_line(tmp_path / "workspace")
    texts = write_texts(tmp_path / "texts")
    part = line.store.folder / "index" / "vectors-1.faiss.part"
    part.parent.mkdir()
    part.symlink_to("/dev/full") if why == "full" else part.mkdir()
    with pytest.raises(StoreFull, match=f"can't keep the index in .*index: {said}; what was stored is kept"):
        line.ingest([texts])
    assert claim_page(line.store).total and examine(line.store) == []
    if why == "in the way":
        part.rmdir()
    report = line.ingest([texts])
    assert report.unchanged == 2 and report.pairs_judged > 0 and not list(line.store.folder.rglob("*.part"))


def test_a_store_that_may_not_write_says_so_and_can_be_read(reviewed):
    store, claim = reviewed
    # For root no folder is read-only; SQLite's own switch ends in the same error.
    with (
        every_connection("PRAGMA query_only = ON"),
        pytest.raises(StoreDamaged, match="can't be written: it, or its folder, is read-only for this program"),
    ):
        assert claim in [row.id for row in claim_page(store).rows]
        record_verdict(store, claim, "supported", "Tom", "seen more papers")
    assert verdicts_in(store) == ["seen the papers"]
