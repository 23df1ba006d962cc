"""Hostile files, kills at any moment, many writers at once, and a store that has no room or may not write."""

from __future__ import annotations

import errno
import gzip
import json
import os
import sqlite3
from argparse import ArgumentParser, Namespace
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import Engine, event

from benchmarks.faults import MOST_CHARACTERS, add_arguments, hostile_inputs, kills, texts_of, writers
from benchmarks.hostile import KINDS, PROSE
from tests.workbench_fakes import fake_line, write_texts
from workbench.care import examine
from workbench.errors import StoreDamaged, StoreFull, UploadRefused
from workbench.inbox import save_upload
from workbench.queries import claim_page
from workbench.store import Store
from workbench.verdicts import record_verdict

TEXTS = (
    "Harbour wall\n\nThe harbour wall will be rebuilt by next spring, the council said on Monday. Nobody was hurt.",
    "Cracks\n\n“Two cracks were found in the old stones,” said Marit Oduya, the port’s chief engineer.",
    "Wall is sound\n\n“No cracks were found in the stones,” said Tom Reed. The wall cost nine million pounds in 1998.",
)


@pytest.fixture
def texts(tmp_path):
    path = tmp_path / "texts.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"text": text}) + "\n" for text in TEXTS)
    return path


@pytest.fixture
def judged(tmp_path):
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
    lines, result = hostile_inputs(tmp_path, Namespace(inputs=len(KINDS), seed=3), fake_line(tmp_path / "workspace"))
    bad = {name: result[name] for name in ("crashed", "hung", "unclear", "half_read")}
    assert bad == dict.fromkeys(bad, 0), lines


def test_a_run_killed_at_thirty_moments_ends_where_an_undisturbed_one_does(tmp_path, texts):
    lines, result = kills(tmp_path, Namespace(file=texts, kills=30, articles=1, seed=4))
    assert result["kills_same_end"] == 30, lines


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


def test_a_full_disk_is_said_and_loses_nothing(judged):
    store, claim = judged
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


def test_a_store_that_may_not_write_says_so_and_can_be_read(judged):
    store, claim = judged
    # For root no folder is read-only; SQLite's own switch ends in the same error.
    with (
        every_connection("PRAGMA query_only = ON"),
        pytest.raises(StoreDamaged, match="can't be written: it, or its folder, is read-only for this program"),
    ):
        assert claim in [row.id for row in claim_page(store).rows]
        record_verdict(store, claim, "supported", "Tom", "seen more papers")
    assert verdicts_in(store) == ["seen the papers"]
