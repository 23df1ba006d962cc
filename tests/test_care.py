"""Backup, the way back, and the doctor."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import threading
import time
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from claims.article import Provenance
from tests.workbench_fakes import fake_line, write_texts
from workbench import care
from workbench.care import backup, examine, restore
from workbench.cli import main
from workbench.errors import BackupRefused
from workbench.export import claims_csv
from workbench.histories import verdict_history
from workbench.inbox import save_pasted
from workbench.queries import ClaimFilter, claim_page
from workbench.store import FILE_NAME, Store
from workbench.verdicts import record_verdict


@pytest.fixture
def line(tmp_path):
    line = fake_line(tmp_path / "workspace")
    line.ingest([write_texts(tmp_path / "texts")])
    save_pasted(line.store.folder, "The bridge was closed on Monday.")
    (line.store.folder / "settings.toml").write_text('reviewer = "Ida"\n')
    record_verdict(line.store, claim_page(line.store).rows[0].id, "refuted", "Ida", "so")
    return line


def raw(store: Store, sql: str, *values) -> None:
    with closing(sqlite3.connect(store.path)) as connection, connection:
        connection.execute(sql, values)


def test_a_backup_brings_everything_back(line, tmp_path):
    backup(line.store, tmp_path / "desk.zip")
    back = restore(tmp_path / "desk.zip", tmp_path / "elsewhere" / "new")
    assert claims_csv(back) == claims_csv(line.store)
    for name in ("settings.toml", *(f"inbox/{path.name}" for path in (line.store.folder / "inbox").iterdir())):
        assert (back.folder / name).read_bytes() == (line.store.folder / name).read_bytes()
    assert examine(back) == []
    again = fake_line(back.folder)
    report = again.ingest([tmp_path / "texts"])
    assert (report.read, report.unchanged) == (0, 2)


def test_a_backup_is_of_one_moment_while_others_write(line, tmp_path):
    claim = claim_page(line.store, ClaimFilter(verdict="refuted")).rows[0].id
    stop = threading.Event()
    written = []

    def write() -> None:
        while not stop.is_set():
            written.append(record_verdict(line.store, claim, "supported", "Ben").id)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            backup(line.store, tmp_path / f"{number}.zip")
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        back = restore(tmp_path / f"{number}.zip", tmp_path / f"back{number}")
        ids = [row.id for row in verdict_history(back, claim)]
        assert examine(back) == [] and ids == list(range(max(ids), 0, -1))
    assert len(verdict_history(line.store, claim)) == len(written) + 1


def packed(path, **parts):
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return path


def test_what_is_no_backup_is_refused_and_leaves_nothing(line, tmp_path):
    goal = tmp_path / "goal"
    (tmp_path / "no.zip").write_bytes(b"PK nothing")
    with pytest.raises(BackupRefused, match="can't be read as a backup"):
        restore(tmp_path / "no.zip", goal)
    with pytest.raises(BackupRefused, match="holds no workspace"):
        restore(packed(tmp_path / "a.zip", other="x"), goal)
    with pytest.raises(BackupRefused, match="no part of a workspace"):
        restore(packed(tmp_path / "b.zip", **{FILE_NAME: b"", "..__..__evil": "x"}), goal)
    with pytest.raises(BackupRefused, match="holds a workspace already"):
        restore(tmp_path / "no.zip", line.store.folder)
    backup(line.store, tmp_path / "good.zip")
    content = bytearray((tmp_path / "good.zip").read_bytes())
    content[len(content) // 3] ^= 255
    (tmp_path / "bad.zip").write_bytes(content)
    with pytest.raises(BackupRefused):
        restore(tmp_path / "bad.zip", goal)
    assert not goal.exists() and not list(tmp_path.glob(".*"))


def test_a_backup_that_unpacks_to_more_than_there_is_room_for_is_refused_unopened(line, tmp_path, monkeypatch):
    backup(line.store, tmp_path / "desk.zip")
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("workbench.care.shutil.disk_usage", lambda _: usage._replace(free=1000))
    monkeypatch.setattr(zipfile.ZipFile, "testzip", lambda _: pytest.fail("it was unpacked"))
    with pytest.raises(BackupRefused, match="desk.zip unpacks to [0-9,]{5,} bytes; 1,000 are free"):
        restore(tmp_path / "desk.zip", tmp_path / "back")
    assert not (tmp_path / "back").exists()


def test_what_a_killed_backup_left_is_removed_by_a_later_one_and_half_written_files_by_the_doctor(line, tmp_path):
    """A database's copy lay beside the target for good."""
    old, new = tmp_path / ".counterclaim-old", tmp_path / ".counterclaim-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / FILE_NAME).write_bytes(b"a copy")
    inbox = line.store.folder / "inbox"
    parts = [inbox / "a.txt.77.part", inbox / "b.txt.78.part"]
    for path in parts:
        path.write_bytes(b"hal")
    for path, hours in ((old, 13), (new, 11), (parts[0], 2)):
        os.utime(path, (time.time() - hours * 3600,) * 2)
    backup(line.store, tmp_path / "desk.zip")
    assert new.exists() and not old.exists()
    assert [str(one) for one in examine(line.store)] == [
        "mended: left half written by a process that was killed: a.txt.77.part"
    ]
    assert not parts[0].exists() and parts[1].exists() and examine(line.store) == []


def test_a_sound_workspace_has_nothing_amiss(line):
    assert examine(line.store) == []


def test_the_doctor_mends_what_can_be_worked_out_again(line, tmp_path):
    before = claims_csv(line.store)
    raw(line.store, "UPDATE claims SET contradiction = 0.123, attention = 9")
    raw(line.store, "UPDATE vectors SET halves = x'00' WHERE rowid = 1")
    for path in (line.store.folder / "index").rglob("*"):
        if path.is_file():
            path.write_bytes(b"broken")
    seen = examine(line.store, mend=False)
    assert len(seen) == 3 and not any(finding.mended for finding in seen)
    assert len(examine(line.store)) == 3 and examine(line.store) == []
    line.ingest([tmp_path / "texts"])
    assert claims_csv(line.store) == before and examine(line.store) == []


def test_a_sound_index_of_another_encoder_than_before_is_left_alone_and_a_damaged_one_is_not(line, tmp_path):
    """The vectors of the encoder before stay in the store: a sound index was called theirs, and thrown away."""
    before = line.encoder.model_id
    line.encoder.model_id = f"zz {before}"
    line.ingest([tmp_path / "texts"])
    assert examine(line.store) == []
    line.encoder.model_id = f"aa {before}"
    line.ingest([tmp_path / "texts"])
    assert examine(line.store) == []
    path = next((line.store.folder / "index").glob("*.faiss"))
    content = bytearray(path.read_bytes())
    content[-1] ^= 255
    path.write_bytes(content)
    assert [finding.mended for finding in examine(line.store)] == [True] and examine(line.store) == []


def test_a_file_of_no_date_that_a_zip_knows_is_in_the_backup_too(line, tmp_path):
    (line.store.folder / "guidelines.txt").write_text("Ask twice.")
    os.utime(line.store.folder / "guidelines.txt", (0, 0))
    backup(line.store, tmp_path / "desk.zip")
    back = restore(tmp_path / "desk.zip", tmp_path / "back")
    assert (back.folder / "guidelines.txt").read_text() == "Ask twice."


def damaged(store: Store) -> list[Path]:
    """Every file of the archive, each now with other bytes in it."""
    paths = sorted((store.folder / "archive").rglob("*.gz"))
    for path in paths:
        path.write_bytes(b"broken")
    return paths


def test_what_was_read_is_kept_anew_where_it_was_damaged_and_is_read_again(line, tmp_path):
    paths = damaged(line.store)
    paths[0].unlink()
    assert [finding.mended for finding in examine(line.store, mend=False)] == [False, False]
    line.ingest([tmp_path / "texts"])
    assert len(paths) == 2 and examine(line.store, mend=False) == []


def test_the_doctor_keeps_anew_what_the_inbox_or_the_file_that_was_read_still_holds(line, tmp_path):
    line.ingest(sorted((line.store.folder / "inbox").glob("*.txt")))
    assert len(damaged(line.store)) == 3
    (tmp_path / "texts" / "two.txt").write_text("Something else stands here now.")
    seen = examine(line.store)
    assert sorted(finding.mended for finding in seen) == [False, True, True]
    assert [(finding.mended, str(finding)[:3]) for finding in examine(line.store)] == [(False, "not")]


def test_the_doctor_can_look_while_others_read(line, monkeypatch):
    """An ingest that stored claims between its two looks ended it with a traceback."""
    real, done = Store.writing, []

    def writing(store, *given):
        if not done:
            done.append(line)
            line.ingest_texts([("Nobody was hurt.", Provenance())])
        return real(store, *given)

    monkeypatch.setattr(Store, "writing", writing)
    assert care._derived(line.store, False) == [] and done


def test_the_index_of_words_is_built_anew_where_it_does_not_fit_the_claims(line):
    row = claim_page(line.store).rows[0]
    wanted = ClaimFilter(search=" ".join(row.text.split()[:4]))
    assert row.id in [found.id for found in claim_page(line.store, wanted).rows]
    raw(line.store, "UPDATE claims SET rowid = rowid + 1000")
    assert not claim_page(line.store, wanted).total
    assert [finding.mended for finding in examine(line.store, mend=False)] == [False]
    assert [finding.mended for finding in examine(line.store)] == [True]
    assert row.id in [found.id for found in claim_page(line.store, wanted).rows] and examine(line.store) == []


def test_what_a_person_must_see_is_told(line):
    raw(line.store, "UPDATE claims SET char_start = char_start + 1 WHERE rowid = 1")
    raw(line.store, "UPDATE articles SET text = text || 'x' WHERE rowid = 1")
    (line.store.folder / "settings.toml").write_text("colour = 'red'\n")
    found = examine(line.store)
    assert [finding.mended for finding in found] == [False] * 3
    said = " ".join(map(str, found))
    for words in ("not where they say", "not the one read", "colour"):
        assert words in said


def test_a_database_with_a_bad_page_is_told_in_sentences_and_the_rest_is_looked_at(line, capsys):
    with closing(sqlite3.connect(line.store.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'claims'").fetchone()
    with line.store.path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    (line.store.folder / "settings.toml").write_text("colour = 'red'\n")
    assert main(["doctor", "--workspace", str(line.store.folder)]) == 2
    said = capsys.readouterr()
    assert "go back to a backup" in said.out and "colour" in said.out and "Traceback" not in said.out + said.err
    assert all(row.startswith(("mended: ", "not mended: ")) for row in said.out.splitlines())


def test_a_backup_that_finds_no_room_is_one_sentence_and_leaves_nothing(line, tmp_path, monkeypatch, capsys):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "desk.zip")

    monkeypatch.setattr("workbench.care.os.replace", full)
    assert main(["backup", str(tmp_path / "out" / ".." / "desk.zip"), "--workspace", str(line.store.folder)]) == 2
    (tmp_path / "out").mkdir()
    assert main(["backup", str(tmp_path / "out" / "desk.zip"), "--workspace", str(line.store.folder)]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == "desk.zip: No space left on device"
    assert list((tmp_path / "out").iterdir()) == []


def test_the_commands_do_the_same(line, tmp_path, capsys):
    here = ["--workspace", str(line.store.folder)]
    assert main(["backup", str(tmp_path / "x.zip"), *here]) == 0
    assert main(["restore", str(tmp_path / "x.zip"), "--workspace", str(tmp_path / "y")]) == 0
    assert claims_csv(Store(tmp_path / "y")) == claims_csv(line.store)
    assert main(["restore", str(tmp_path / "x.zip"), *here]) == 2
    assert main(["doctor", *here]) == 0 and "nothing amiss" in capsys.readouterr().out
    raw(line.store, "UPDATE claims SET attention = 9")
    assert main(["doctor", "--look-only", *here]) == 2
    assert main(["doctor", *here]) == 0 and "mended: 6 claims had stale figures" in capsys.readouterr().out
