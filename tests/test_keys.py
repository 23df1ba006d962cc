"""Working by key: what the help says, the walk through the list, the keys of the Conflicts page, and traps of keys."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.testing.v1 import AppTest

from tests import story
from tests.browser import PATIENCE, new_page, serve, settled, visit
from tests.test_views import opened, press, sign, words
from views import key_help, walk
from views.walk import Walk, longer
from workbench.histories import verdict_history
from workbench.pair_judgements import pair_history, record_pair_judgement
from workbench.pairs import conflicts
from workbench.queries import ClaimFilter, claim_page
from workbench.verdicts import record_verdict

CHOSEN = '[class*="st-key-chosen-card-"]'


def bound(app: AppTest) -> set[str]:
    """The keys that the page's buttons have, verdicts apart."""
    pressed = {button.proto.shortcut.upper() for button in app.button if button.proto.shortcut}
    return {key for key in pressed if not key.isdigit()}


def explained(page: str) -> set[str]:
    """The keys that the help of a page names."""
    rows = key_help.help_of(page, 10)
    inside = {key for _, meaning in rows for key in re.findall(r"\b[A-Z]\b", meaning)}
    return {key for keys, _ in rows for key in keys.split(", ")} | inside


@pytest.mark.parametrize("page", ["claims", "conflicts", "speakers", "articles", "desk", "log"])
def test_the_help_of_a_page_names_every_key_of_its_buttons(told: story.Told, page: str) -> None:
    record_pair_judgement(told.store, (told.ids[0], told.ids[4]), "contradiction", "Ines Falk")
    app = opened() if page == "claims" else opened(page)
    assert bound(app) <= explained(page)


def test_the_help_of_a_claim_names_every_key_with_a_statement_chosen_and_without(told: story.Told) -> None:
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ines Falk")
    app = opened("claim", claim=claim)
    sign(app)
    without = bound(app)
    press(app, f"choose-J-{claim}")
    every = without | bound(app)
    assert {"N", "P", "B", "J", "K", "O", "L", "E", "D", "X", "S", "Q", "U", "I", "A", "F"} == every
    assert every <= explained("claim")
    assert {key.upper() for key in "wvmgt"} <= explained("claim") and "/" in explained("claims")


def test_no_two_buttons_of_a_page_share_a_key(told: story.Told) -> None:
    for app in (opened(), opened("conflicts"), opened("claim", claim=told.ids[0])):
        keys = [button.proto.shortcut for button in app.button if button.proto.shortcut]
        assert len(keys) == len(set(keys)) > 0 or not keys


@pytest.mark.parametrize(("labels", "keys"), [(2, "1, 2"), (4, "1 … 4"), (9, "1 … 9"), (10, "1 … 9, 0")])
def test_the_help_names_as_many_verdict_keys_as_the_scale_has(labels: int, keys: str) -> None:
    assert key_help.verdict_keys(labels) == keys
    assert key_help.help_of("claim", labels)[0][0] == keys


def test_every_page_answers_the_question_mark(told: story.Told) -> None:
    for page in ("", "conflicts", "speakers", "articles", "desk", "log"):
        app = opened(page)
        app.session_state["help-wanted"] = True
        assert "this help" in words(app.run()), page
        assert "this help" not in words(app.run()), page


def test_a_walk_goes_on_where_a_page_of_the_list_ends_and_leaves_nothing_out(told: story.Told, monkeypatch) -> None:
    monkeypatch.setattr(walk, "STRETCH", 2)
    order = [row.id for row in claim_page(told.store).rows]
    now = Walk(tuple(order[:2]), ClaimFilter(), total=9)
    for place in range(9):  # each is judged on the way, which moves it behind all the others
        if place == len(now.ids):
            now = longer(told.store, now, 1)
        record_verdict(told.store, now.ids[place], "refuted", "Ines Falk")
    assert list(now.ids) == order
    assert longer(told.store, now, 1) == now


def test_a_walk_that_began_on_a_later_page_goes_back_to_the_earlier_ones(told: story.Told, monkeypatch) -> None:
    monkeypatch.setattr(walk, "STRETCH", 2)
    order = tuple(row.id for row in claim_page(told.store).rows)
    back = longer(told.store, Walk(order[4:6], ClaimFilter(), start=4, total=9), -1)
    assert (back.ids, back.start) == (order[2:6], 2)
    assert longer(told.store, Walk(order[:2], ClaimFilter(), total=9), -1).ids == order[:2]
    assert longer(told.store, Walk(order[4:6], ClaimFilter(), start=4, total=9), 1).ids == order[4:8]


def test_next_opens_what_follows_the_page_of_the_list(told: story.Told) -> None:
    order = tuple(row.id for row in claim_page(told.store).rows)
    app = opened()
    app.session_state["walk"] = Walk(order[2:4], ClaimFilter(), start=2, total=9)
    app.session_state["open-claim"] = order[3]
    app.run()
    assert "4 of 9 in this list" in words(app)
    press(app, f"after-{order[3]}")
    assert "5 of 9 in this list" in words(app) and app.query_params["claim"] in ([order[4]], order[4])
    for claim_id in (order[4], order[3], order[2]):
        press(app, f"before-{claim_id}")
    assert "2 of 9 in this list" in words(app) and app.query_params["claim"] in ([order[1]], order[1])


def test_pairs_in_conflict_are_judged_by_key_one_after_the_other(told: story.Told) -> None:
    pairs = [(row.a.claim_id, row.b.claim_id) for row in conflicts(told.store).rows]
    app = opened("conflicts")
    sign(app)
    press(app, "first-pair-X")
    assert "press again to judge it" in words(app) and "Pair 1 of 5" in words(app)
    assert not any(pair_history(told.store, pair) for pair in pairs)
    press(app, f"say-not_contradiction-{'-'.join(pairs[0])}-0")
    assert pair_history(told.store, pairs[0])[0].judgement == "not_contradiction"
    assert "4 pairs on this page" in words(app)  # it is set aside, and nothing unseen is chosen in its place
    press(app, "choose-pair-J")
    press(app, f"say-contradiction-{'-'.join(pairs[1])}-0")
    given = pair_history(told.store, pairs[1])[0]
    press(app, f"unsay-key-{'-'.join(pairs[1])}-{given.id}")
    assert pair_history(told.store, pairs[1])[0].withdrawn_at
    press(app, "choose-pair-J")
    assert app.session_state["chosen-pair"][0] == pairs[2]
    press(app, f"go-pair-{'-'.join(pairs[2])}")
    assert app.session_state[f"chosen-{pairs[2][0]}"] == pairs[2][1]


def test_one_puts_oneself_in_charge(told: story.Told) -> None:
    claim = told.ids[0]
    app = opened("claim", claim=claim)
    sign(app)
    press(app, f"take-{claim}-")
    assert "Ines Falk in charge" in words(app)
    assert f"take-{claim}-Ines Falk" not in {button.key for button in app.button}


@pytest.fixture(scope="module")
def browser(browser: Browser) -> Iterator[Browser]:
    """The browser, with patience in what is expected of its pages."""
    expect.set_options(timeout=PATIENCE)
    yield browser
    expect.set_options(timeout=5_000)


def hold(page: Page, key: str, times: int = 4) -> None:
    """Holds a key down, which a keyboard repeats."""
    for _ in range(times):
        page.keyboard.down(key)
    page.keyboard.up(key)


def reach_search(page: Page) -> None:
    """Presses / until the search has the cursor: keys count a moment after a page is drawn."""
    field, pressed = page.get_by_label("Search claims and speakers"), time.monotonic()
    while not field.evaluate("field => field === document.activeElement"):
        assert time.monotonic() - pressed < PATIENCE / 1000
        page.keyboard.press("/")
        page.wait_for_timeout(500)
    field.fill("")


@pytest.mark.browser
def test_keys_do_what_they_say_in_a_browser(tmp_path: Path, browser: Browser) -> None:
    told = story.tell(tmp_path)
    claim = claim_page(told.store).rows[0].id
    page = new_page(browser)
    page.set_viewport_size({"width": 1280, "height": 720})
    with serve(tmp_path) as address:
        visit(page, address)
        reach_search(page)
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_contain_text("the next, the previous claim of the list")
        page.keyboard.press("Escape")
        expect(page.locator("[data-testid=stDialog]")).to_have_count(0)
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.locator(".cc-hero").wait_for()
        settled(page)
        assert f"claim={claim}" in page.url

        page.get_by_label("Reviewer").fill("Ines Falk")
        page.keyboard.press("Tab")
        settled(page)
        page.mouse.click(4, 4)
        for number in (1, 2):  # each chosen statement is brought into view
            page.keyboard.press("j")
            expect(page.get_by_text(f"Statement {number} of")).to_be_visible()
            settled(page)
            expect(page.locator(CHOSEN)).to_be_in_viewport()
        ticks = page.get_by_role("checkbox", name=re.compile("^Use as evidence .{10,}"))
        assert ticks.count() == page.get_by_text("Use as evidence").count() > 1
        assert page.locator("[data-testid=stCheckbox] em").first.bounding_box()["width"] <= 1  # for the ear alone
        page.get_by_text("Use as evidence").first.click()
        expect(page.get_by_text("1 ticked as evidence")).to_be_visible()
        settled(page)
        page.keyboard.press("1")  # the ticked box has the focus, and takes no letters
        expect(page.locator("#counterclaim-says[role=status]")).to_contain_text("Saved: Supported")
        expect(page.locator(".cc-history .cc-badge").first).to_have_text("Supported")
        settled(page)
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_contain_text("the verdicts, in the order of their buttons")
        page.keyboard.press("5")  # behind the window
        page.keyboard.press("Escape")
        expect(page.locator("[data-testid=stDialog]")).to_have_count(0)
        settled(page)
        hold(page, "5")
        expect(page.locator(".cc-history .cc-badge").first).to_have_text("Refuted")
        settled(page)
        assert [row.verdict for row in verdict_history(told.store, claim)] == ["refuted", "supported"]
        hold(page, "u")
        expect(page.locator(".cc-notice.cc-info").first).to_contain_text("Taken back: Refuted")
        settled(page)
        assert [bool(row.withdrawn_at) for row in verdict_history(told.store, claim)] == [True, False]
        for key, label in (("w", "Rationale (optional)"), ("v", "Web addresses of the evidence")):
            page.keyboard.press(key)
            expect(page.get_by_label(label)).to_be_focused()
            page.keyboard.press("Escape")
        page.keyboard.press("m")
        expect(page.get_by_role("button", name="Put yourself in charge")).to_be_visible()
        page.keyboard.press("i")
        expect(page.locator(".cc-state")).to_contain_text("Ines Falk in charge")
        settled(page)
        page.keyboard.press("b")
        expect(page.locator(".cc-line").first).to_be_visible()
    page.context.close()
