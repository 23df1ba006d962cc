"""What was given to be read waits until it was taken in or refused, so that "Go on" has all of it."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from tests import story
from tests.test_pages import news  # noqa: F401
from tests.test_views import opened, press, words
from tests.test_web import HERE, Site, site  # noqa: F401
from tests.workbench_fakes import fake_line
from workbench import ingest
from workbench.cli import main
from workbench.inbox import save_pasted
from workbench.ingest import Line
from workbench.jobs import latest_job, start_ingest
from workbench.queries import articles, whereabouts
from workbench.store import Store
from workbench.waiting import left_waiting


class Killed(BaseException):
    pass


class Here:
    """Runs a job at once and in this process, where a test can break it off."""

    def __init__(self, command: list[str], **_: object) -> None:
        with suppress(Killed):
            main(command[3:])

    pid = 1

    def wait(self) -> int:
        return 0


@pytest.fixture
def line(tmp_path, monkeypatch) -> Line:
    line = fake_line(tmp_path / "workspace")
    line.limits = HERE
    monkeypatch.setattr(Line, "from_settings", lambda *_: line)
    monkeypatch.setattr("workbench.jobs.subprocess.Popen", Here)
    return line


def break_off(monkeypatch, after: int) -> None:
    """The next readings end after so many articles were taken in."""
    real, taken = ingest.take_in, []

    def take_in(*given: object):
        if len(taken) == after:
            raise Killed
        taken.append(given)
        return real(*given)

    monkeypatch.setattr(ingest, "take_in", take_in)


def uploads(folder: Path, count: int) -> list[Path]:
    return [save_pasted(folder, f"The wall fell at {number}.") for number in range(count)]


def test_a_reading_that_was_broken_off_goes_on_with_every_upload(line, monkeypatch):
    """Go on knew only of the articles that were stored before; what lay unread in the inbox was forgotten."""
    story.opens_in(line.store.folder, monkeypatch)
    line.ingest_texts([("The harbour was calm.", ingest.Provenance())])
    bad = save_pasted(line.store.folder, "x")
    bad.write_bytes(b"\x00")
    with monkeypatch.context() as patched:
        break_off(patched, 2)
        start_ingest(line.store, [*uploads(line.store.folder, 5), bad])
    assert len(articles(line.store)) == 3
    app = opened()
    assert "4 files or addresses to take in, 2 articles to read" in words(app)
    press(app, "go-on")
    assert len(articles(line.store)) == 6 and left_waiting(line.store) == {}
    assert "3 new articles, 0 already there" in latest_job(line.store).message
    assert "null bytes" in latest_job(line.store).message  # a file that is refused waits no longer
    assert "Still to do" not in words(opened())


def test_a_file_waits_whose_name_is_no_text(line, tmp_path, monkeypatch):
    """Its name was kept with a question mark in it, by which no file was found again."""
    folder = tmp_path / "in"
    folder.mkdir()
    files = [folder / os.fsdecode(name) for name in (b"caf\xe9 %41.txt", b"caf\xea.txt")]
    for number, path in enumerate(files):
        path.write_text(f"The caf{number} was shut.")
    with monkeypatch.context() as patched:
        break_off(patched, 0)
        start_ingest(line.store, files)
    assert set(map(Path, left_waiting(line.store))) == set(files)
    start_ingest(line.store, [])
    assert len(articles(line.store)) == 2 and left_waiting(line.store) == {}


def test_what_waits_is_found_after_a_workspace_was_moved(line, tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        break_off(patched, 0)
        start_ingest(line.store, uploads(line.store.folder, 2))
    moved = tmp_path / "moved"
    shutil.move(line.store.folder, moved)
    assert [Path(path).parent for path in left_waiting(Store(moved))] == [moved / "inbox"] * 2


def test_a_page_that_was_fetched_is_not_fetched_again_and_comes_from_where_it_was_read(line, news, monkeypatch):  # noqa: F811
    with monkeypatch.context() as patched:
        break_off(patched, 1)
        start_ingest(line.store, [f"{news}/sitemap.xml"])
    ((page, (address, at)),) = left_waiting(line.store).items()
    assert address == f"{news}/story/3" and at and Path(page).is_file()
    monkeypatch.setattr("tests.test_pages.EDIT", " It was found sound.")
    asked = len(Site.asked)
    start_ingest(line.store, [])
    assert len(Site.asked) == asked and left_waiting(line.store) == {}
    (seen,) = whereabouts(line.store, articles(line.store)[-1].id).appearances
    assert (seen.place, seen.at) == (address, at)


def test_an_address_waits_until_it_was_told_what_of_it_was_refused(line, news, monkeypatch):  # noqa: F811
    with monkeypatch.context() as patched:
        break_off(patched, 0)
        start_ingest(line.store, [f"{news}/gone", f"{news}/feed"])
    assert {f"{news}/gone", f"{news}/feed"} < set(left_waiting(line.store))
    start_ingest(line.store, [])
    told = latest_job(line.store).message
    assert "2 new articles" in told and "/gone: " in told and "/picture" in told and left_waiting(line.store) == {}


def test_a_waiting_page_that_another_reading_met_anew_does_not_bring_its_older_text_back(line, news, monkeypatch):  # noqa: F811
    with monkeypatch.context() as patched:
        break_off(patched, 0)
        start_ingest(line.store, [f"{news}/story/1"])
    monkeypatch.setattr("tests.test_pages.EDIT", " It was found sound.")
    line.ingest([f"{news}/story/1"])
    start_ingest(line.store, [])
    assert "read anew by another ingest" in latest_job(line.store).message and left_waiting(line.store) == {}
    with line.store.reading() as connection:
        (told,) = connection.exec_driver_sql("SELECT text FROM articles").scalars()
    assert "found sound" in told
