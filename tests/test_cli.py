"""The command line: what it does, and that what a person can put right is one sentence and exit code 2."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing, suppress

import pandas
import pytest

from claims.language import LanguageModelMissing
from claims.reader_weights import ReaderMissing
from embeddings.encoder import ModelMissing
from tests.workbench_fakes import fake_line, write_texts
from workbench.cli import main
from workbench.figures import LOG_COLUMNS
from workbench.histories import verdict_history
from workbench.ingest import Line
from workbench.jobs import job, new_job
from workbench.log import log_page
from workbench.queries import ClaimFilter, claim_page, counts
from workbench.store import Store
from workbench.verdicts import record_verdict


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    folder = tmp_path / "workspace"
    line = fake_line(folder)

    def from_settings(store, settings):
        line.store, line.settings = store, settings
        return line

    monkeypatch.setattr(Line, "from_settings", from_settings)
    monkeypatch.setenv("COUNTERCLAIM_WORKSPACE", str(folder))
    return line


def sentences(capsys) -> list[str]:
    return [
        part
        for part in capsys.readouterr().err.replace("\r", "\n").splitlines()
        if part.strip() and "it/s" not in part and "?it" not in part and "%" not in part
    ]


def test_ingest_related_and_export_do_the_whole_job(workspace, tmp_path, capsys):
    assert main(["ingest", str(write_texts(tmp_path / "texts"))]) == 0
    assert capsys.readouterr().out.startswith("2 new articles, 0 already there, 6 new claims")
    claim_id = claim_page(workspace.store, ClaimFilter(search="vetted")).rows[0].id
    assert main(["related", claim_id, "-k", "1"]) == 0
    out = capsys.readouterr().out
    assert "The force vetted Couzens twice." in out
    assert out.count("similarity") == 1 and "contradicts" in out
    for extra in ([], ["--pairs"]):
        assert main(["export", str(tmp_path / "out.csv"), *extra]) == 0
        assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfclaim_")


def test_verdicts_come_back_from_a_file_and_a_bad_file_is_one_sentence(workspace, tmp_path, capsys):
    main(["ingest", str(write_texts(tmp_path / "texts"))])
    claim_id = claim_page(workspace.store).rows[0].id
    record_verdict(workspace.store, claim_id, "refuted", "Ida")
    main(["export", str(tmp_path / "out.csv")])
    other = ["--workspace", str(tmp_path / "other"), "--reviewer", "Kim"]
    capsys.readouterr()
    assert main(["import", str(tmp_path / "out.csv"), *other]) == 0
    assert "verdicts restored: 1" in capsys.readouterr().out
    assert verdict_history(Store(tmp_path / "other"), claim_id)[0].reviewer == "Ida"
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    assert main(["import", str(tmp_path / "bad.csv"), *other]) == 2
    (said,) = sentences(capsys)
    assert "no column claim_id" in said


def test_what_a_file_says_otherwise_is_shown_and_taken_in_as_a_person_decides(workspace, tmp_path, capsys):
    main(["ingest", str(write_texts(tmp_path / "texts"))])
    other = Store(tmp_path / "other")
    first, second = (row.id for row in claim_page(workspace.store).rows[:2])
    for claim in (first, second):
        record_verdict(workspace.store, claim, "refuted", "Ida")
    main(["export", str(tmp_path / "out.csv")])
    command = ["import", str(tmp_path / "out.csv"), "--workspace", str(other.folder), "--reviewer", "Kim"]
    assert main(command) == 0
    for store, verdict in ((workspace.store, "supported"), (other, "outdated")):
        for claim in (first, second):
            record_verdict(store, claim, verdict, "Ida")
    main(["export", str(tmp_path / "out.csv")])
    capsys.readouterr()
    assert main(command) == 2
    said = sentences(capsys)
    assert len(said) == 3 and "2 claims" in said[-1] and "--conflicts" in said[-1]
    assert all("here Outdated by Ida" in one and "in the file Supported by Ida" in one for one in said[:2])
    assert main([*command, "--decide", f"{first}=file"]) == 2
    assert verdict_history(other, first)[0].verdict == "outdated"
    assert main([*command, "--decide", f"{first}=file", "--conflicts", "here"]) == 0
    assert [verdict_history(other, claim)[0].verdict for claim in (first, second)] == ["supported", "outdated"]
    assert "left as they stand here: 1" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "read"), [
    ("log.csv", lambda content: list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))),
    ("log.jsonl", lambda content: [json.loads(line) for line in content.decode().splitlines()]),
    ("log.xlsx", lambda content: pandas.read_excel(io.BytesIO(content), dtype=str).fillna("").to_dict("records")),
])  # fmt: skip
def test_the_log_is_exported_and_reads_back_as_it_is(workspace, tmp_path, name, read):
    main(["ingest", str(write_texts(tmp_path / "texts"))])
    claim = claim_page(workspace.store).rows[0]
    record_verdict(workspace.store, claim.id, "refuted", "Ida", "two lines,\n“quoted”")
    assert main(["export", "--log", str(tmp_path / name)]) == 0
    wanted = [{name: getattr(row, name) or "" for name in LOG_COLUMNS} for row in log_page(workspace.store, -1).rows]
    found = read((tmp_path / name).read_bytes())
    assert found == wanted
    (given,) = (row for row in found if row["note"] == "two lines,\n“quoted”")
    assert given["claim_text"] == claim.text


def test_a_free_text_is_judged_both_ways_against_the_nearest_claims(workspace, tmp_path, capsys):
    main(["ingest", str(write_texts(tmp_path / "texts"))])
    capsys.readouterr()
    before, pairs = counts(workspace.store), len(workspace.model.pairs)
    assert main(["related", "The force did not vet Couzens twice."]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert "The force vetted Couzens twice." in "".join(line for line in lines if line.startswith("contradicts"))
    labels = [line.split("  ")[0] for line in lines]
    assert labels == sorted(labels, key=["contradicts", "supports", "same claim", "related"].index)
    asked = workspace.model.pairs[pairs:]
    assert {(b, a) for a, b in asked} == set(asked)
    assert counts(workspace.store) == before


def test_no_word_of_a_stranger_drives_the_terminal(workspace, tmp_path, capsys):
    main(["ingest", str(write_texts(tmp_path / "texts"))])
    claim_id = claim_page(workspace.store, ClaimFilter(search="vetted")).rows[0].id
    with workspace.store.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET speaker = 'Jo\x1b]0;owned\x07\x9b2J\u202e Hale\r'")
    capsys.readouterr()
    assert main(["related", claim_id]) == 0
    out = capsys.readouterr().out
    assert "Jo]0;owned2J Hale: The force vetted" in out and "\nThe force" not in out
    assert main(["ingest", str(tmp_path / "no\x1b[31mfile.txt")]) == 2
    told = out + capsys.readouterr().err
    assert "no[31mfile.txt" in told and not any(sign in told for sign in "\x1b\x07\x9b\u202e")


def test_an_empty_workspace_has_nothing_related(workspace, capsys):
    assert main(["related", "anything"]) == 0
    assert "nothing related" in capsys.readouterr().out


def test_good_files_are_read_and_each_bad_one_is_one_sentence(workspace, tmp_path, capsys):
    texts = write_texts(tmp_path / "texts")
    (texts / "empty.txt").touch()
    assert main(["ingest", str(texts), str(tmp_path / "nowhere")]) == 2
    said = sentences(capsys)
    assert len(said) == 2
    assert said[0].startswith(str(texts / "empty.txt")) and said[1].startswith(str(tmp_path / "nowhere"))
    assert counts(workspace.store).articles == 2


def test_a_missing_model_is_one_sentence_and_nothing_is_lost(workspace, tmp_path, capsys):
    def missing(*_):
        raise ModelMissing("the shipped entailment model is missing")

    workspace.model.score = missing
    assert main(["ingest", str(write_texts(tmp_path / "texts"))]) == 2
    assert sentences(capsys) == ["the shipped entailment model is missing"]
    assert (counts(workspace.store).articles, counts(workspace.store).claims) == (2, 6)
    del workspace.model.score
    assert main(["ingest", str(tmp_path / "texts")]) == 0
    assert counts(workspace.store).conflicts > 0


@pytest.mark.parametrize(
    ("part", "error"),
    [("encoder", ModelMissing), ("extractor", LanguageModelMissing), ("extractor", ReaderMissing)],
)
def test_no_missing_model_costs_what_was_given(workspace, tmp_path, capsys, monkeypatch, part, error):
    def missing(*_):
        raise error(f"the {part} can't be loaded")

    texts, name = write_texts(tmp_path / "texts"), "encode" if part == "encoder" else "extract_all"
    with monkeypatch.context() as broken:
        broken.setattr(getattr(workspace, part), name, missing)
        assert main(["ingest", str(texts)]) == 2
    assert sentences(capsys) == [f"the {part} can't be loaded"]
    assert counts(workspace.store).articles == 2
    assert main(["ingest", str(texts)]) == 0
    assert (counts(workspace.store).articles, counts(workspace.store).claims) == (2, 6)
    assert counts(workspace.store).conflicts > 0


def test_what_the_command_line_is_given_to_read_stands_in_the_log(workspace, tmp_path):
    texts = write_texts(tmp_path / "texts")
    assert main(["ingest", str(texts)]) == 0
    (row,) = log_page(workspace.store).rows
    assert (row.what, row.who, row.after, row.note) == ("reading", "", str(texts), "from the command line")


def test_a_newer_database_bad_settings_and_a_bad_target_are_one_sentence_each(workspace, tmp_path, capsys):
    assert main(["export", str(tmp_path / "nowhere" / "out.csv")]) == 2
    (said,) = sentences(capsys)
    assert "nowhere" in said and "No such file" in said
    (workspace.store.folder / "settings.toml").write_text("encoder = 3")
    assert main(["ingest", str(tmp_path)]) == 2
    (said,) = sentences(capsys)
    assert "encoder = 3" in said
    with closing(sqlite3.connect(workspace.store.path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert main(["export", str(tmp_path / "out.csv")]) == 2
    (said,) = sentences(capsys)
    assert "newer Counterclaim" in said and not (tmp_path / "out.csv").exists()


def test_a_fault_in_the_program_is_not_passed_off_as_the_users(workspace, tmp_path):
    workspace.model.failing = 0
    with pytest.raises(RuntimeError, match="killed"):
        main(["ingest", str(write_texts(tmp_path / "texts"))])


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["ingest"],
        ["related", "x", "-k", "0"],
        ["related", "x", "-k", "many"],
        ["import", "x", "--reviewer", "Kim", "--decide", "a=both"],
    ],
)
def test_a_command_that_can_not_be_understood_ends_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


@pytest.mark.parametrize(
    "command",
    [["backup", "out.zip"], ["export", "out.csv"], ["doctor"], ["related", "x"], ["original", "x", "out.html"]],
)
def test_a_mistyped_workspace_is_refused_and_not_made(workspace, tmp_path, monkeypatch, capsys, command):
    """A nightly backup wrote the empty workspace that it had just made, and said that all was well."""
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert main([*command, "--workspace", "wrokspace"]) == 2
    assert sentences(capsys) == [f"there is no workspace in {tmp_path / 'wrokspace'}; name its folder with --workspace"]
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(("failing", "state", "words"), [(None, "done", "2 new articles"), (0, "failed", "killed")])
def test_a_job_says_how_its_ingest_ended(workspace, tmp_path, failing, state, words):
    number = new_job(workspace.store, "ingest")
    workspace.model.failing = failing
    with suppress(RuntimeError):
        main(["ingest", "--job", str(number), "--", str(write_texts(tmp_path / "texts"))])
    ended = job(Store(workspace.store.folder), number)
    assert (ended.state, ended.ended_at is not None) == (state, True)
    assert words in ended.message
