"""The desk on the screens it is used on: laptop and tablet, light and dark, by keyboard and for screen readers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import story
from tests.browser import PATIENCE, each_opened, new_page, serious, settled, visit
from workbench.pair_judgements import pair_history
from workbench.verdicts import record_verdict

pytestmark = pytest.mark.browser
SIZES = ((1280, 720), (1024, 768), (768, 1024))
PAGES = ("", "conflicts", "speakers", "articles", "desk", "log")
LONG_NAME = "Interministerial Commission for the Supervision of Movable Crossings of the Greater Ellory District"
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänszeitung" * 4
# Elements of the page whose right end lies outside the screen.
_OUTSIDE = """() => [...document.querySelectorAll('[data-testid=stMain] *')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 2 && box.right > innerWidth + 1 && !one.closest('[data-testid=stDataFrame], svg, canvas');
}).map(one => one.className || one.tagName)"""
# Buttons whose words are cut short.
_CUT = """() => [...document.querySelectorAll('[data-testid=stMain] button p')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && one.scrollWidth > one.clientWidth + 1;
}).map(one => one.innerText)"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> story.Told:
    told = story.tell(tmp_path_factory.mktemp("desk"))
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET speaker = ? WHERE id = ?", (LONG_NAME, told.ids[4]))
        connection.exec_driver_sql("UPDATE articles SET outlet = ? WHERE id = ?", (LONG_WORD, story.NOTES.id))
    for reviewer, verdict in (("Ida", "refuted"), (LONG_WORD[:110], "supported")):
        record_verdict(
            told.store, told.ids[0], verdict, reviewer, LONG_WORD, addresses=[f"https://a.example/{LONG_WORD}"]
        )
    (told.store.folder / "guidelines.txt").write_text("Ask whoever was there.\n\n" * 60, encoding="utf-8")
    return told


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = new_page(browser)
    yield page
    page.context.close()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_cut_off_however_long_the_names_are(
    told: story.Told, address: str, page: Page, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    for path in (*PAGES, f"claim?claim={told.ids[0]}"):
        visit(page, f"{address}/{path}")
        page.locator("[data-testid=stMain] button").first.wait_for()
        settled(page)
        assert page.evaluate(_OUTSIDE) == [], path
        assert page.evaluate(_CUT) == [], path
    last = page.get_by_role("button", name="Not checkable").bounding_box()
    assert last["y"] + last["height"] <= height


def test_axe_finds_no_serious_fault_on_any_page_nor_in_what_it_opens(
    told: story.Told, address: str, page: Page
) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in (*PAGES, f"claim?claim={told.ids[0]}&beside={told.ids[4]}"):
            visit(page, f"{address}/{path}")
            for opened in each_opened(page):
                assert serious(page) == [], (scheme, path, opened)


def test_a_pair_is_judged_by_key_and_its_address_leads_to_it(told: story.Told, address: str, page: Page) -> None:
    claim, other = told.ids[1], told.ids[7]
    visit(page, f"{address}/claim?claim={claim}&beside={other}")
    expect(page.locator('[class*="st-key-chosen-card-"]')).to_be_in_viewport(timeout=PATIENCE)
    page.get_by_label("Reviewer").fill("Ines Falk")
    page.keyboard.press("Tab")
    settled(page)
    page.mouse.click(4, 4)
    for key, judgement, words in (
        ("x", "not_contradiction", "Not a contradiction"),
        ("s", "same_claim", "The same claim"),
    ):
        page.keyboard.press(key)
        expect(page.locator(".cc-notice.cc-good")).to_contain_text(f"Saved: {words}")
        settled(page)
        assert pair_history(told.store, (claim, other))[0].judgement == judgement
    page.keyboard.press("u")
    expect(page.locator(".cc-notice.cc-info").first).to_contain_text("Taken back: The same claim")
    settled(page)
    assert [bool(row.withdrawn_at) for row in pair_history(told.store, (claim, other))] == [True, False]
    page.keyboard.press("j")
    expect(page.get_by_text("Statement 2 of 3")).to_be_visible()
    settled(page)
    page.keyboard.press("l")
    expect(page.locator(".cc-notice.cc-good")).to_contain_text("leads to this pair")
    assert f"claim={claim}&beside=" in page.url and other not in page.url


def test_a_click_on_a_line_of_a_list_that_is_being_searched_opens_the_claim(
    told: story.Told, address: str, page: Page
) -> None:
    visit(page, address)
    page.get_by_label("Search claims and speakers").fill("crowns union")
    # The click takes the cursor out of the box, which begins the search, and comes while that is under way.
    line = page.locator('[class*="st-key-row-"]', has_text="Traffic on the bay road").get_by_role("button")
    line.dispatch_event("mousedown")
    page.keyboard.press("Enter")
    line.dispatch_event("click")
    expect(page.locator(".cc-hero")).to_contain_text("Traffic on the bay road")
