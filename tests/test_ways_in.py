"""Every way in, from the command line and from the app; and what a batch says at its end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.fuzz import PACKED, SOUND, packed
from benchmarks.hostile import PROSE, pdf_of
from claims.formats import READERS
from claims.reading import READABLE
from claims.statements import STATEMENT_FILES
from tests import story
from tests.test_pages import news  # noqa: F401
from tests.test_views import opened, words
from tests.test_web import HERE, site  # noqa: F401
from tests.workbench_fakes import fake_line
from views import session
from workbench.cli import main
from workbench.ingest import Line
from workbench.queries import articles, claim_page

FILES = {kind: content.encode() for kind, content in SOUND} | {kind: packed(kind) for kind in PACKED}
FILES[".pdf"] = pdf_of("\n".join(PROSE))


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    line = fake_line(tmp_path / "workspace")

    def from_settings(store, settings):
        line.store, line.settings = store, settings
        return line

    monkeypatch.setattr(Line, "from_settings", from_settings)
    monkeypatch.setattr(session, "start_ingest", lambda *_, **__: None)  # no reading of the seeds beside a test
    story.opens_in(tmp_path / "workspace", monkeypatch)
    return line


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file of every kind that is read, each with a text of its own."""
    path = tmp_path / "given"
    path.mkdir()
    for kind in READABLE:
        (path / f"file{READABLE.index(kind)}{kind}").write_bytes(FILES[kind])
    return path


def test_there_is_a_file_of_every_kind():
    assert set(READABLE) == {".txt", *READERS, *STATEMENT_FILES} and set(READABLE) <= set(FILES)


@pytest.mark.parametrize("kind", READABLE)
def test_the_command_line_reads_every_kind(line, folder, capsys, kind):
    (path,) = folder.glob(f"*{kind}")
    assert main(["ingest", str(path)]) == 0
    assert capsys.readouterr().out.startswith("1 new articles, 0 already there")
    assert claim_page(line.store).total > 0


def test_the_app_reads_every_kind(line, folder, monkeypatch):
    given: list[Path] = []
    monkeypatch.setattr(session, "start_ingest", lambda store, paths, who="": given.extend(paths))
    app = opened("articles")
    assert set(app.file_uploader(key="upload-files").allowed_type) == set(READABLE)
    files = [(path.name, path.read_bytes(), "") for path in sorted(folder.iterdir())]
    given.clear()
    app.file_uploader(key="upload-files").set_value(files)
    next(button for button in app.button if button.label == "Read these files").click().run()
    assert not app.exception
    assert f"{len(files)} articles taken" in words(app)
    report = line.ingest(given)
    assert report.refused == () and report.read + report.unchanged == len(files)


def test_the_command_line_reads_pages_feeds_and_sitemaps_and_says_what_it_did_not(line, news, capsys):  # noqa: F811
    line.limits = replace(HERE, seconds=60)
    assert main(["ingest", f"{news}/story/1", f"{news}/sitemap.xml"]) == 0
    assert main(["ingest", f"{news}/feed"]) == 2
    said = capsys.readouterr()
    assert f"{news}/picture: is image/png; choose one of text/html" in said.err
    assert len(articles(line.store)) == 3


# Limits


LONG = "The wall fell on day {}. "
PAST = {
    "bytes.txt": ("MOST_BYTES", 2_000, b"x " * 2_000, "has 4,000 bytes; at most 2,000 are read"),
    "letters.txt": ("MOST_CHARACTERS", 300, b"The wall fell " * 30, "has 420 characters; at most 300 are read"),
    "sentences.txt": ("MOST_SENTENCES", 9, b"It fell. " * 12, "has some 12 sentences; at most 9 are read"),
}


@pytest.mark.parametrize("name", PAST)
def test_a_file_past_a_limit_is_refused_by_name_and_number_and_the_rest_goes_on(
    line, tmp_path, monkeypatch, capsys, name
):
    limit, most, content, why = PAST[name]
    monkeypatch.setattr(f"claims.reading.{limit}", most)
    for path, raw in ((tmp_path / "in" / name, content), (tmp_path / "in" / "z.txt", b"The wall was sound in May.")):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(raw)
    assert main(["ingest", str(tmp_path / "in")]) == 2
    said = capsys.readouterr()
    assert f"{tmp_path / 'in' / name}: {why}" in " ".join(said.err.split())
    assert said.out.startswith("1 new articles") and [row.file_name for row in articles(line.store)] == ["z.txt"]


def test_a_table_past_its_rows_is_refused_by_number(monkeypatch):
    from claims.formats import BadFile
    from claims.statements import read_statements

    monkeypatch.setattr("claims.statements.MOST_ROWS", 3)
    rows = b"text\n" + b"The wall fell.\n" * 3
    assert len(read_statements("a.csv", rows)[0].given) == 3
    with pytest.raises(BadFile, match="has more than 3 rows; split it"):
        read_statements("a.csv", rows + b"It fell.\n")
    with pytest.raises(BadFile, match="has more than 3 rows; split it"):
        read_statements("a.jsonl", b'{"text": "It fell."}\n' * 4)


# The report


def test_a_batch_ends_with_what_was_read_known_copied_edited_and_refused(line, tmp_path, capsys):
    story = "\n".join(LONG.format(day) + f"Then the {day}th wave came over the harbour." for day in range(12))
    given = tmp_path / "in"
    given.mkdir()
    (given / "first.txt").write_text(story)
    (given / "known.txt").write_text("Nothing else happened in the town.")
    assert main(["ingest", str(given)]) == 0
    capsys.readouterr()
    (given / "first.txt").write_text(story + "\nThe wall will be built again.")
    (given / "copy.txt").write_text("By our own reporter\n" + story)
    (given / "new.txt").write_text("The mayor spoke of a hard winter.")
    (given / "bad.txt").write_bytes(b"null \0 bytes")
    assert main(["ingest", str(given), str(given / "gone.pdf")]) == 2
    said = capsys.readouterr()
    assert said.out.startswith("2 new articles (1 of them copies of others), 1 edited since, 1 already there, ")
    refused = [one for one in said.err.replace("\r", "\n").splitlines() if one.startswith(str(given))]
    assert refused == [
        f"{given / 'bad.txt'}: is not a text file (it holds null bytes); text in UTF-8 is expected",
        f"{given / 'gone.pdf'}: no such file or folder",
    ]
