"""Hostile names and words in what opens, asks or is reached by an address alone: characters, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page

from claims.article import Article, Provenance
from tests import story
from tests.browser import new_page, settled, visit
from tests.desks import changed
from tests.test_axe import ask
from tests.test_browser import PAYLOADS, plant_what_people_write, strangers
from tests.test_hostile_pictures import STRANGE
from workbench.export import claims_csv
from workbench.speakers import name_speaker

pytestmark = pytest.mark.browser
TABS = ("Work", "Agreement", "Collection", "Rules", "Bring verdicts back")
FILE = f"{PAYLOADS[1]}.txt"
NOTHING = "Nothing of the kind was said."


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> story.Told:
    """Payloads in two articles, of which the second is known by its file's name alone, and in what people write."""
    known = Provenance(f"Title {PAYLOADS[1]}", PAYLOADS[3], PAYLOADS[0], "2025-04-02", "")
    body = "\n".join(f"{payload} is what they said." for payload in PAYLOADS)
    article = Article(f"Title\n{body}", known)
    nameless = Article(f"Other title\n{NOTHING}", replace(known, title="", outlet=""))
    claims = [story.claim_at(article, payload, f"Speaker {payload}", "", "statement", 0.5) for payload in PAYLOADS]
    claims.append(story.claim_at(nameless, NOTHING, PAYLOADS[2], "", "quotation", 0.9))
    # The first and the last have no relation but the address puts them beside one another.
    relations = [story.relation_between(claims[-1], claims[1], "contradicts", True, 0.9, ())]
    told = story.fill(tmp_path_factory.mktemp("desk"), (article, nameless), claims, relations)
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE articles SET file_name = ? WHERE id = ?", (FILE, nameless.id))
    plant_what_people_write(told.store, told.ids)
    name_speaker(told.store, f"Speaker {PAYLOADS[0]}", PAYLOADS[2], f"Ida {PAYLOADS[0]}")
    return told


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page that must have sent nothing to strangers, nor opened a dialog, nor changed its title in the end."""
    page = new_page(browser)
    outside, dialogs = strangers(page, address), []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    yield page
    assert (outside, dialogs) == ([], []) and "broken in" not in page.title()
    page.context.close()


def is_plain(page: Page, *planted: str) -> None:
    """Fails unless these words stand on the page as characters, and nothing on it is markup."""
    page.locator("[data-testid=stMain] [data-testid=stElementContainer] >> visible=true").last.wait_for()
    settled(page)
    main = page.locator("[data-testid=stMain]")
    for words in planted:
        main.get_by_text(words).locator("visible=true").first.wait_for()
    # The links of the desk's own texts lead to itself.
    found = page.locator("[data-testid=stMain], [data-testid=stPopoverBody], [role=listbox]").locator(STRANGE)
    assert found.evaluate_all("all => all.map(one => one.outerHTML.slice(0, 200))") == []


def test_the_questions_of_an_import_show_hostile_text_as_characters(told: story.Told, address: str, page: Page) -> None:
    said = f"In the file {PAYLOADS[3]}"
    ask(page, address, changed(claims_csv(told.store), "verdict_history", {"rationale": said}))
    is_plain(page, PAYLOADS[0], said)


def test_the_form_that_merges_renames_and_splits_shows_hostile_text_as_characters(address: str, page: Page) -> None:
    visit(page, f"{address}/speakers")
    line = page.locator("[class*=st-key-speaker-]", has=page.get_by_text(PAYLOADS[2], exact=True))
    line.get_by_role("button", name="Merge, rename or split").first.click()
    page.locator("[data-testid=stForm]").wait_for()
    is_plain(page, f"Speaker {PAYLOADS[0]}")  # also read as
    for box, words in (("This is", f"Speaker {PAYLOADS[1]}"), ("Where", FILE)):
        page.get_by_role("combobox", name=box).click()
        page.get_by_role("option", name=words).first.wait_for()
        is_plain(page)
        page.keyboard.press("Escape")


def test_a_claim_that_an_address_puts_beside_another_shows_hostile_text_as_characters(
    told: story.Told, address: str, page: Page
) -> None:
    for one, other in ((0, -1), (-1, 1), (-1, 0)):
        visit(page, f"{address}/claim?claim={told.ids[one]}&beside={told.ids[other]}")
        is_plain(page, NOTHING if other == -1 else PAYLOADS[other])


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_of_the_desk_shows_hostile_text_as_characters(address: str, page: Page, tab: str) -> None:
    visit(page, f"{address}/desk")
    page.get_by_role("tab", name=tab).click()
    page.get_by_role("tabpanel").locator("[data-testid=stElementContainer] >> visible=true").first.wait_for()
    is_plain(page)


def test_an_article_that_is_known_by_its_file_s_name_shows_it_as_characters(address: str, page: Page) -> None:
    visit(page, f"{address}/articles")
    is_plain(page, FILE)
