"""The line: what is read once stays, what was killed goes on, uploads can't escape, jobs tell how they ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from filelock import FileLock

from claims.article import Article, Provenance, content_hash
from claims.reading import read_articles
from embeddings.entailment import Entailment
from tests.workbench_fakes import TEXTS, FakeModel, dump, fake_line, write_texts
from workbench.archive import kept
from workbench.care import examine
from workbench.errors import BadDate, UnknownJob, UploadRefused, WorkspaceBusy
from workbench.inbox import save_pasted, save_upload
from workbench.ingest import WAITING
from workbench.jobs import (
    DIED,
    JobNotes,
    begin_job,
    end_job,
    job,
    latest_job,
    new_job,
    running_job,
    start_ingest,
)
from workbench.log import log_page
from workbench.pairs import all_pairs, conflicts
from workbench.queries import articles, counts, whereabouts
from workbench.search import MeaningSearch
from workbench.settings import RelationSettings, Settings
from workbench.similar import similar_to
from workbench.store import Store
from workbench.vectors import INDEXED, current_claims


@pytest.fixture
def texts(tmp_path):
    return write_texts(tmp_path / "texts")


@pytest.fixture
def line(tmp_path):
    return fake_line(tmp_path / "workspace")


def test_articles_become_claims_vectors_and_relations(line, texts):
    report = line.ingest([texts])
    assert (report.read, report.unchanged, report.refused, report.claims) == (2, 0, (), 6)
    assert report.pairs_judged == all_pairs(line.store).total > 0
    assert conflicts(line.store).total > 0
    assert len(line.encoder.calls) == 1 and len(line.encoder.calls[0]) == 5  # one text stands in both articles
    assert dump(line.store)["scores"] == []


def test_reading_the_same_files_twice_changes_nothing_and_asks_no_model(line, texts):
    line.ingest([texts])
    before, encoded, judged = dump(line.store), len(line.encoder.calls), len(line.model.pairs)
    report = line.ingest([texts])
    assert (report.read, report.unchanged, report.claims, report.pairs_judged) == (0, 2, 0, 0)
    assert dump(line.store) == before
    assert (line.extractor.calls, len(line.encoder.calls), len(line.model.pairs)) == (2, encoded, judged)


def test_extracting_again_without_a_difference_keeps_every_relation(line, texts):
    line.ingest([texts])
    before, judged = dump(line.store), len(line.model.pairs)
    line.ingest([texts], again=True)
    assert line.extractor.calls == 4
    assert dump(line.store) == before and len(line.model.pairs) == judged


def test_relations_stand_only_between_different_sources(line, texts):
    line.ingest([texts])
    for pair in all_pairs(line.store).rows:
        assert (pair.a.article_id, pair.a.speaker) != (pair.b.article_id, pair.b.speaker)


def test_bad_files_are_reported_and_good_ones_read(line, texts, tmp_path):
    (texts / "empty.txt").write_text(" \n")
    (texts / "binary.txt").write_bytes(b"\x00\x01\x02")
    report = line.ingest([texts, tmp_path / "nowhere.txt"])
    assert report.read == 2
    assert [path for path, _ in report.refused] == [
        str(texts / "binary.txt"),
        str(texts / "empty.txt"),
        str(tmp_path / "nowhere.txt"),
    ]
    assert all(why for _, why in report.refused) and "3 not read" in str(report)


def test_names_from_another_system_are_read_refused_and_told_of_without_ending_the_batch(line, tmp_path, caplog):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, content in (
        (b"caf\xe9.txt", b"The caf\xe9 was shut."),
        (b"d\xe9j\xe0.txt", b"\0"),
        (b"z.txt", b"It fell."),
    ):
        (folder / os.fsdecode(name)).write_bytes(content)
    report = line.ingest([folder])
    assert report.read == 2 and [why for _, why in report.refused] == [
        "is not a text file (it holds null bytes); text in UTF-8 is expected"
    ]
    assert {row.file_name for row in articles(line.store)} == {"caf?.txt", "z.txt"}
    job_id = new_job(line.store, "ingest")
    end_job(line.store, job_id, "done", str(report))
    assert "d?j?.txt: is not a text file" in job(line.store, job_id).message
    assert line.ingest([folder]).unchanged == 2
    # A log file takes no more than a database does.
    assert "d?j?.txt: is not a text file" in caplog.text and caplog.text.encode()


def test_what_is_kept_is_what_was_read_though_the_file_changes_or_goes_meanwhile(line, tmp_path, monkeypatch):
    given = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in given:
        path.write_text(f"The wall fell at {path.name}.")

    def changed(text, provenance):
        for path in given:
            if path.name in text:
                path.unlink() if path.name == "a.txt" else path.write_text("Something else.")
        return Article(text, provenance)

    monkeypatch.setattr("claims.reading.article_from_text", changed)
    assert line.ingest(given).read == 2
    for row in articles(line.store):
        (seen,) = whereabouts(line.store, row.id).appearances
        assert kept(line.store.folder, seen.archive_hash).decode() == f"The wall fell at {row.file_name}."


def fail_in_extraction(line):
    right = line.extractor.extract

    def extract(article):
        if line.extractor.calls == 1:
            raise RuntimeError("killed")
        return right(article)

    line.extractor.extract = extract
    return lambda: setattr(line.extractor, "extract", right)


def fail_in_encoding(line):
    right = line.encoder.encode

    def encode(texts):
        raise RuntimeError("killed")

    line.encoder.encode = encode
    return lambda: setattr(line.encoder, "encode", right)


def fail_in_judging(line):
    line.model.failing = 4
    return lambda: setattr(line.model, "failing", None)


def fail_before_the_end(line):
    right = line._finish

    def finish(*_):
        raise RuntimeError("killed")

    line._finish = finish
    return lambda: setattr(line, "_finish", right)


@pytest.mark.parametrize("fail", [fail_in_extraction, fail_in_encoding, fail_in_judging, fail_before_the_end])
def test_a_killed_ingest_ends_where_an_undisturbed_one_does(line, texts, tmp_path, monkeypatch, fail):
    monkeypatch.setattr("workbench.models.SLICE", 3)
    undisturbed = fake_line(tmp_path / "undisturbed")
    undisturbed.ingest([texts])
    mend = fail(line)
    with pytest.raises(RuntimeError, match="killed"):
        line.ingest([texts])
    mend()
    line.ingest([texts])
    assert dump(line.store) == dump(undisturbed.store)
    assert sorted(line.model.pairs) == sorted(undisturbed.model.pairs), "a pair was judged twice, or never"


def test_another_entailment_model_judges_everything_again_and_replaces_the_first(line, texts):
    line.ingest([texts])
    pairs = all_pairs(line.store).total
    line.model = FakeModel("newer-nli")
    assert line.ingest([]).pairs_judged == pairs
    assert counts(line.store).models == ("newer-nli",)
    assert all_pairs(line.store).total == pairs
    assert len(line.encoder.calls) == 1


def test_other_thresholds_take_hold_at_the_next_ingest(line, texts):
    line.ingest([texts])
    assert conflicts(line.store).total > 0
    line.settings = Settings(relations=RelationSettings(contradiction_threshold=1.0, tension_threshold=1.0))
    line.ingest([])
    assert conflicts(line.store).total == 0


def test_a_collection_that_grows_large_is_judged_anew_by_the_line_for_large_ones(line, texts, tmp_path):
    lines = RelationSettings(
        contradiction_threshold=1.0, tension_threshold=0.3, tension_threshold_in_large=1.0, generous_up_to=6
    )
    line.settings = Settings(relations=lines)
    line.ingest([texts])
    assert conflicts(line.store).total > 0
    line.ingest([write_texts(tmp_path / "more", {"three.txt": "The river rose over the lower town."})])
    assert conflicts(line.store).total == 0 and all_pairs(line.store).total > 0


@pytest.mark.parametrize("size", [6, 5])
def test_a_text_is_set_beside_claims_by_the_line_for_a_collection_of_that_size(line, texts, size):
    lines = RelationSettings(
        contradiction_threshold=1.0, tension_threshold=0.3, tension_threshold_in_large=1.0, generous_up_to=size
    )
    line.settings = Settings(relations=lines)
    line.ingest([texts])
    found = {one.link.relation for one in similar_to(line, "The inquiry is not open, the force said.", 6)}
    assert ("contradicts" in found) == (size == 6)


def test_the_score_that_keeps_a_large_list_of_conflicts_short_is_not_for_what_stands_beside_one_text(line, texts):
    lines = RelationSettings(generous_up_to=1, score_threshold_in_large=1.0)
    line.settings = Settings(relations=lines)
    line.ingest([texts])
    assert conflicts(line.store).total == 0
    found = {one.link.relation for one in similar_to(line, "The inquiry is not open, the force said.", 6)}
    assert "contradicts" in found


@pytest.mark.parametrize("damage", ["missing", "broken"])
def test_a_damaged_index_is_built_again(line, texts, damage):
    line.ingest([texts])
    for file in (line.store.folder / "index").iterdir():
        file.unlink() if damage == "missing" else file.write_bytes(b"broken")
    write_texts(texts, {"three.txt": "The force never vetted Couzens twice."})
    assert line.ingest([texts]).pairs_judged > 0
    before = dump(line.store)
    fresh = fake_line(line.store.folder.parent / "fresh")
    fresh.ingest([texts])
    assert dump(fresh.store)["vectors"] == before["vectors"]
    assert len(line.encoder.calls) == 2, "the vectors in the store were not used"


def index_of(line) -> tuple[str, bytes]:
    """The index that stands on disk: its description, but for its number, and its vectors."""
    folder = line.store.folder / "index"
    meta = json.loads((folder / "index.json").read_text())
    return json.dumps(meta | {"generation": 0, "file": ""}), (folder / meta["file"]).read_bytes()


@pytest.mark.parametrize("place", [68, -1])
def test_one_damaged_byte_is_enough_to_build_the_index_again(line, texts, place):
    line.ingest([texts])
    before = index_of(line)
    path = next((line.store.folder / "index").glob("*.faiss"))
    content = bytearray(path.read_bytes())
    content[place] ^= 255
    path.write_bytes(content)
    line.ingest([texts])
    assert index_of(line) == before and len(line.encoder.calls) == 1


def test_an_index_that_an_older_program_left_answers_and_has_a_checksum_after_the_next_ingest(line, texts):
    line.ingest([texts])
    path, claims = line.store.folder / "index" / "index.json", current_claims(line.store)
    meta = json.loads(path.read_text())
    checksum = meta.pop("sha256")
    path.write_text(json.dumps(meta))
    older = content_hash(meta["model_id"], *(f"{one.id} {content_hash(one.standalone)}" for one in claims))
    with line.store.writing() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = ? WHERE name = ?", (older, INDEXED))
    search = MeaningSearch(line.store, line.encoder)
    assert search.load() and search.near("Trust in the force fell.")
    assert examine(line.store) == []
    line.ingest([texts])
    assert json.loads(path.read_text())["sha256"] == checksum and len(line.encoder.calls) == 3


def test_texts_at_hand_are_read_like_files(line):
    report = line.ingest_texts([(TEXTS["one.txt"], Provenance(outlet="O")), ("  ", Provenance())])
    assert (report.read, report.claims, len(report.refused)) == (1, 3, 1)
    assert articles(line.store)[0].outlet == "O"


def test_a_second_ingest_waits_for_the_first_and_says_so(line, texts):
    held, done, stages = threading.Event(), threading.Event(), []

    def first_ingest():
        with FileLock(line.store.folder / "ingest.lock"):
            held.set()
            done.wait(30)

    def note(stage, _done, _total):
        stages.append(stage)
        if stage == WAITING:
            assert articles(line.store) == ()
            done.set()

    other = threading.Thread(target=first_ingest)
    other.start()
    assert held.wait(30)
    line.wait = 0
    with pytest.raises(WorkspaceBusy, match="another ingest is running"):
        line.ingest([texts])
    assert articles(line.store) == ()
    line.wait = 30
    assert line.ingest([texts], note).read == 2
    assert stages[0] == WAITING and stages.count(WAITING) == 1
    other.join()


@pytest.mark.parametrize(
    "name",
    [
        "../../escape.txt",
        "..\\..\\escape.txt",
        "/etc/passwd.txt",
        "C:\\x.txt",
        "....txt",
        ".txt.txt",
        "a\x00b.txt",
        "x" * 500 + ".txt",
        "ü" * 300 + ".TXT",
        "CON.txt",
        "con\ntrol.txt",
        "manifest.csv.txt",
    ],
)
def test_an_upload_stays_in_the_inbox_whatever_its_name(tmp_path, name):
    path = save_upload(tmp_path, name, b"The force vetted Couzens.")
    assert path.parent == tmp_path / "inbox" and path.suffix == ".txt"
    assert [file.name for file in tmp_path.iterdir()] == ["inbox"]
    assert path.read_bytes() == b"The force vetted Couzens."
    assert not path.name.startswith(".")


def test_an_upload_past_the_limit_is_refused_by_its_size_and_nothing_of_it_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.inbox.MOST_BYTES", 1000)
    assert save_upload(tmp_path, "a.txt", b"x" * 1000)
    with pytest.raises(UploadRefused, match="'b.txt' has 1,001 bytes; at most 1,000 are read"):
        save_upload(tmp_path, "b.txt", b"x" * 1001)
    assert [path.name[0] for path in (tmp_path / "inbox").iterdir()] == ["a"]


def test_uploads_of_one_name_do_not_overwrite_each_other(tmp_path):
    assert save_upload(tmp_path, "a.txt", b"one") != save_upload(tmp_path, "a.txt", b"two")


def test_what_is_known_of_an_upload_reaches_its_article(tmp_path):
    known = Provenance("Title = “x”", "Outlet", "Author", "2022-03-24", "https://example.org/")
    path = save_pasted(tmp_path, "The force vetted Couzens twice.", known)
    assert [article.provenance for article in read_articles([path])] == [known]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.exe", b"x", "'a.exe' can't be read; choose"),
        ("a.txt", b" \n", "'a.txt' is empty"),
        ("", b"x", "can't be read"),
    ],
)
def test_an_upload_that_can_not_be_read_is_refused(tmp_path, name, content, words):
    with pytest.raises(UploadRefused, match=words):
        save_upload(tmp_path, name, content)
    assert list(tmp_path.iterdir()) == []


def test_an_upload_with_a_bad_date_is_refused(tmp_path):
    with pytest.raises(BadDate, match="'yesterday'"):
        save_pasted(tmp_path, "x", Provenance(date="yesterday"))


def test_a_job_goes_from_queued_to_done(tmp_path):
    store = Store(tmp_path)
    assert running_job(store) is None and latest_job(store) is None
    number = new_job(store, "ingest")
    assert job(store, number).state == "queued"
    begin_job(store, number)
    JobNotes(store, number)("judging pairs", 3, 9)
    now = running_job(store)
    assert (now.id, now.state, now.stage, now.done, now.total, now.pid) == (
        number,
        "running",
        "judging pairs",
        3,
        9,
        os.getpid(),
    )
    end_job(store, number, "done", "2 new articles")
    assert running_job(store) is None
    assert (latest_job(store).state, latest_job(store).message) == ("done", "2 new articles")
    with pytest.raises(UnknownJob):
        job(store, 99)


def test_a_job_whose_process_is_gone_is_shown_as_failed(tmp_path):
    store = Store(tmp_path)
    number = new_job(store, "ingest")
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    begin_job(store, number)
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE jobs SET pid = ?", (gone.pid,))
    assert (job(store, number).state, job(store, number).message) == ("failed", DIED)
    assert running_job(store) is None


def test_a_job_that_never_got_a_process_is_shown_as_failed_after_a_minute(tmp_path):
    """The app was killed between writing the job down and starting it: the strip said "Starting …" for good."""
    store = Store(tmp_path)
    number = new_job(store, "ingest")
    for seconds, found in ((50, number), (70, None)):
        with store.writing() as connection:
            then = (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat(timespec="microseconds")
            connection.exec_driver_sql("UPDATE jobs SET created_at = ?", (then,))
        assert (running_job(store).id if found else running_job(store)) == found
    assert (job(store, number).state, job(store, number).message) == ("failed", DIED)


def test_a_job_whose_number_went_to_another_process_is_shown_as_failed(tmp_path):
    store = Store(tmp_path)
    number = new_job(store, "ingest")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        with store.writing() as connection:
            connection.exec_driver_sql("UPDATE jobs SET state = 'running', pid = ?", (other.pid,))
        assert job(store, number).state == "failed"
        other.stdin.close()


def test_a_started_ingest_runs_in_a_process_of_its_own_and_says_how_it_ended(tmp_path):
    (tmp_path / "nowhere.txt").touch()
    number = start_ingest(Store(tmp_path / "workspace"), [tmp_path / "nowhere.txt"])
    (row,) = log_page(Store(tmp_path / "workspace")).rows
    assert (row.what, row.who, row.after) == ("reading", "", str(tmp_path / "nowhere.txt"))
    store = Store(tmp_path / "workspace")
    for _ in range(1200):
        now = job(store, number)
        if now.state in ("done", "failed"):
            break
        threading.Event().wait(0.1)
    assert now.state == "done" and "nowhere.txt: is empty" in now.message
    assert now.pid != os.getpid()


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("Mary Holt wants the inquiry open.", "contradicts"),
        ("The mayor wants the inquiry open.", "related"),
        ("Holt wants the inquiry open.", "related"),
    ],
)
def test_a_typed_text_is_in_tension_with_a_claim_that_names_the_same_in_several_words(line, tmp_path, text, relation):
    class Tense(FakeModel):
        @staticmethod
        def _one(premise: str, hypothesis: str) -> Entailment:
            return Entailment(0.1, 0.0, 0.9, 0.7)

    line.ingest([write_texts(tmp_path / "named", {"a.txt": "The inquiry is open, Mary Holt said.\n"})])
    line.model = Tense()
    line.settings = replace(line.settings, relations=RelationSettings(full_relevance=0.0, related_threshold=0.0))
    assert {one.link.relation for one in similar_to(line, text, 6)} == {relation}
