"""Pages in states that are seldom seen have no serious fault for keyboard and screen reader either, light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests import story
from tests.browser import free_port, new_page, serious, serve, settled, sign_in_at, visit
from tests.desks import changed
from tests.test_screens import PAGES
from workbench.articles import add_article, replace_claims
from workbench.export import claims_csv
from workbench.gate import Gate
from workbench.jobs import begin_job, new_job
from workbench.review import ask_second_review, correct, finalise, retract
from workbench.store import Store
from workbench.verdicts import Opinion, record_verdict

pytestmark = pytest.mark.browser
OPEN = Gate(rationale=False, sources=0)
SCHEMES = ("light", "dark")


def check(browser: Browser, address: str, paths: Sequence[str], words: str = "") -> None:
    """Looks at pages, each of which says these words."""
    for scheme in SCHEMES:
        page = new_page(browser, scheme)
        for path in paths:
            visit(page, f"{address}/{path}")
            page.get_by_text(words).first.wait_for()
            assert serious(page) == [], (scheme, path)
        page.context.close()


def test_the_door_has_no_serious_fault(tmp_path: Path, browser: Browser) -> None:
    told = story.tell(tmp_path / "desk")
    (told.store.folder / "settings.toml").write_text("[people]\nsign_in = true\n")
    port = free_port()
    with serve(told.store.folder, port=port, options=sign_in_at(9, port, tmp_path / "secrets.toml")) as address:
        for scheme in SCHEMES:
            page = new_page(browser, scheme)
            page.goto(address)
            page.get_by_role("button", name="Sign in").wait_for()
            assert serious(page) == [], scheme
            page.context.close()
    with serve(told.store.folder) as address:  # and where no provider is configured
        page = new_page(browser)
        page.goto(address)
        page.get_by_text("no identity provider is configured").wait_for()
        assert serious(page) == []
        page.context.close()


def test_a_blind_board_has_no_serious_fault(tmp_path: Path, browser: Browser) -> None:
    told = story.tell(tmp_path)
    (tmp_path / "settings.toml").write_text("[desk]\nblind = true\n")
    record_verdict(told.store, told.ids[1], "refuted", "Ida")
    with serve(tmp_path) as address:
        check(browser, address, [f"claim?claim={told.ids[0]}", f"claim?claim={told.ids[1]}", "", "conflicts", "desk"])


def test_the_boards_of_every_step_of_a_review_have_no_serious_fault(tmp_path: Path, browser: Browser) -> None:
    told = story.tell(tmp_path)
    second, final, corrected, withdrawn = told.ids[:4]
    for claim in told.ids[:4]:
        record_verdict(told.store, claim, "refuted", "Ida", "seen the papers")
    ask_second_review(told.store, second, "Ida")
    for claim in (final, corrected, withdrawn):
        finalise(told.store, claim, "Tom", OPEN)
    correct(told.store, corrected, Opinion("supported", "Tom", "the year"), "We had the year wrong.", OPEN)
    retract(told.store, withdrawn, "Tom", "The source took it back.")
    with serve(tmp_path) as address:
        for claim, words in (
            (second, "second review"), (final, "Final"), (corrected, "year wrong"), (withdrawn, "took it back"),
        ):  # fmt: skip
            check(browser, address, [f"claim?claim={claim}"], words)


def test_a_workspace_without_claims_has_no_serious_fault(tmp_path: Path, browser: Browser) -> None:
    store = Store(tmp_path)
    add_article(store, story.NOTES, "notes.txt")
    replace_claims(store, story.NOTES.id, [], "by hand")
    with serve(tmp_path) as address:
        check(browser, address, [""], "No claims yet.")
        check(browser, address, PAGES[1:])


def test_a_workspace_into_which_the_first_articles_are_read_has_no_serious_fault(
    tmp_path: Path, browser: Browser
) -> None:
    store = Store(tmp_path)
    begin_job(store, new_job(store, "ingest"))  # goes on as long as this process
    with serve(tmp_path) as address:
        check(browser, address, [""], "The first articles are being read.")


def test_the_questions_of_an_import_have_no_serious_fault(tmp_path: Path, browser: Browser) -> None:
    told = story.tell(tmp_path / "desk")
    record_verdict(told.store, told.ids[0], "refuted", "Ida", "seen the papers")
    content = changed(claims_csv(told.store), "verdict_history", {"rationale": "something else"})
    with serve(told.store.folder) as address:
        for scheme in SCHEMES:
            page = new_page(browser, scheme)
            ask(page, address, content)
            page.get_by_text("“something else”").wait_for()
            assert serious(page) == [], scheme
            page.context.close()


def ask(page: Page, address: str, content: bytes) -> None:
    """Gives the desk a file that says other things than it does, and waits for its questions."""
    visit(page, f"{address}/desk")
    page.get_by_label("Reviewer", exact=True).fill("Kim")
    page.keyboard.press("Tab")
    settled(page)
    page.get_by_role("tab", name="Bring verdicts back").click()
    given = {"name": "claims.csv", "mimeType": "text/csv", "buffer": content}
    page.locator("[class*=st-key-restore-file] input[type=file]").set_input_files(given)
    page.get_by_text("claims.csv").wait_for()
    page.get_by_role("button", name="Bring its verdicts back").click()
    page.locator(".cc-question").first.wait_for()
    settled(page)
