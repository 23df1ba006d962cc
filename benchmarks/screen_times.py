"""What `benchmarks.screen` measures in the browser: verdicts, boards and the queue, pressed as people press them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import numpy as np


def times(name: str, taken: list[float]) -> dict[str, int]:
    """Median and 95th percentile in milliseconds."""
    return {f"{name}_p50_ms": round(np.percentile(taken, 50)), f"{name}_p95_ms": round(np.percentile(taken, 95))}


def timed(step: Callable[[], None], seen: Callable[[], None]) -> float:
    """Milliseconds from a step until its effect is seen."""
    started = time.perf_counter()
    step()
    seen()
    return (time.perf_counter() - started) * 1000


def sign(page, name: str) -> None:
    """Writes the reviewer's name on a claim's page."""
    from tests.browser import settled

    page.get_by_label("Reviewer").fill(name)
    page.keyboard.press("Tab")
    settled(page)
    page.mouse.click(4, 4)


def verdict_times(page, address: str, presses: int) -> list[float]:
    """From the key of a verdict until its button is the chosen one; each on another claim of the list, as people work:
    a verdict, the next claim, a verdict."""
    from tests.browser import settled

    open_first(page, address)
    sign(page, "Screen Test")
    found = []
    for number in range(presses):
        key, button = fresh_verdict(page, number)
        found.append(timed(lambda key=key: page.keyboard.press(key), button.wait_for))
        settled(page)
        if number + 1 < presses:
            page.keyboard.press("n")
            place_in_list(page, number + 2).wait_for()
            page.locator('[class*="st-key-verdict-supported-"] button').wait_for()
            settled(page)
    return found


def fresh_verdict(page, number: int):
    """The key of a verdict that doesn't stand on the claim, so that its button can't be the chosen one before the key
    is pressed, and that button once it is."""
    ways = [
        (key, page.locator(f'[class*="st-key-verdict-{name}-"] button[kind="primary"]'))
        for key, name in (("1", "supported"), ("5", "refuted"))
    ]
    return next((way for way in ways[number % 2 :] + ways if not way[1].count()), ways[0])


def open_first(page, address: str) -> None:
    """Opens the first claim of the list."""
    from tests.browser import settled, visit

    visit(page, address)
    page.get_by_role("button", name="Open this claim").first.click()
    page.locator(".cc-hero").wait_for()
    settled(page)


def place_in_list(page, number: int):
    """Where a claim's page says that it is this one of the list."""
    return page.get_by_text(re.compile(rf"^{number:,} of [\d,]+ in this list"))


def board_times(page, address: str, presses: int) -> list[float]:
    """From the key for the next claim until its page is drawn; past the end of a page of the list, too."""
    from tests.browser import settled

    open_first(page, address)
    found = []
    for number in range(2, presses + 2):
        place = place_in_list(page, number)

        def seen(place=place) -> None:
            place.wait_for()
            page.locator(".cc-lane-title").nth(2).wait_for()

        found.append(timed(lambda: page.keyboard.press("n"), seen))
        settled(page)
    return found


# Rare words, and some that stand in most claims.
WORDS = ("police", "the", "health care", "court ruling")
# Searched by meaning, too; few claims hold all of these words.
MEANINGS = ("closing the border to migrants", "a cure for the virus", "who pays for schools", "votes by mail")
# Filters that leave out some claims of a workspace on which somebody has judged; None is the first value offered.
FILTERS = (("Speaker", "The article itself"), ("Status", "Unreviewed"), ("Verdict", "No verdict yet"), ("Kind", None))
BEHIND = (("Article", None), ("Outlet", None))  # behind the button "More"
SWITCHES = ("Contradicted or in tension only", "Changed since my verdict")
SINCE, DAY = "Published on or after", "20170101"  # some of the articles are older
PAGES_ON = (1, 40, 400, 1600)  # the pages of the list that are turned over

_TOTAL = "[class*=st-key-claims-bar] .cc-total"
_PAGE = re.compile(r"^Page \d+ of \d+$")


def queue_times(page, address: str, presses: int, reviewer: str) -> list[float]:
    """From the last key or click for a search, a filter or another page until its list is drawn: each of these in its
    turn, so that all are in the figure. `reviewer` is who asks what changed since their verdicts."""
    ways = queue_ways(page, address, reviewer)
    return [ways[number % len(ways)](number // len(ways)) for number in range(presses)]


def queue_ways(page, address: str, reviewer: str) -> list[Callable[[int], float]]:
    """The ways to narrow the list or to go on in it; each takes the number of its round and gives milliseconds."""

    def of(seconds: Callable[..., float], *given) -> Callable[[int], float]:
        return lambda _round: seconds(page, address, *given)

    return [
        lambda number: search_time(page, f"{address}/?meaning=no", WORDS[number % len(WORDS)]),
        lambda number: search_time(page, address, MEANINGS[number % len(MEANINGS)]),
        lambda number: page_time(page, address, PAGES_ON[number % len(PAGES_ON)]),
        *(of(filter_time, *one) for one in FILTERS),
        *(of(filter_time, *one, True) for one in BEHIND),
        of(day_time),
        *(of(switch_time, label, reviewer) for label in SWITCHES),
    ]


def search_time(page, address: str, words: str) -> float:
    """Milliseconds until a search of all claims is drawn."""
    before = whole_list(page, address)
    page.get_by_label("Search claims and speakers").fill(words)
    return timed(lambda: page.keyboard.press("Enter"), lambda: wait_for_other_total(page, before))


def page_time(page, address: str, number: int) -> float:
    """Milliseconds until the page after page `number` of all claims is drawn, or after the last but one where there
    are fewer."""
    from tests.browser import visit

    visit(page, f"{address}/?page={number}")
    on, pages = map(int, re.search(r"Page (\d+) of (\d+)", page.get_by_text(_PAGE).inner_text()).groups())
    if on == pages:
        on -= 1
        visit(page, f"{address}/?page={on}")
    first = page.locator(".cc-line").first.inner_text()
    return timed(
        lambda: page.get_by_role("button", name="Next page").click(), lambda: wait_for_page(page, on + 1, first)
    )


def filter_time(page, address: str, label: str, option: str | None, behind: bool = False) -> float:
    """Milliseconds until all claims are narrowed to one value of a filter."""
    before = whole_list(page, address)
    if behind:
        open_more(page)
    box = page.get_by_role("combobox", name=label)
    box.click()
    if option:
        box.fill(option)
    page.get_by_role("option", name=option).first.wait_for()
    return timed(lambda: page.keyboard.press("Enter"), lambda: wait_for_other_total(page, before))


def day_time(page, address: str) -> float:
    """Milliseconds until all claims are narrowed to those of articles since a day."""
    before = whole_list(page, address)
    open_more(page)
    page.get_by_role("spinbutton", name=f"year, {SINCE}").click()
    page.keyboard.type(DAY)
    page.keyboard.press("Tab")  # to the field's own button; the day is taken once the cursor is out of the field
    return timed(lambda: page.keyboard.press("Tab"), lambda: wait_for_other_total(page, before))


def switch_time(page, address: str, label: str, reviewer: str) -> float:
    """Milliseconds until all claims are narrowed by a switch, for somebody whose name the page knows."""
    from tests.browser import settled

    before = whole_list(page, address)
    page.get_by_role("button", name="Views").click()
    page.get_by_label("Reviewer").fill(reviewer)
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    settled(page)
    page.keyboard.press("Escape")
    open_more(page)
    switch = page.locator("[data-testid=stPopoverBody] label", has_text=label)
    return timed(switch.click, lambda: wait_for_other_total(page, before))


def whole_list(page, address: str) -> str:
    """Opens the list of all claims; how many the page says there are."""
    from tests.browser import visit

    visit(page, address)
    return total_of(page).inner_text()


def open_more(page) -> None:
    """Opens what is behind the button of the filters that have no place in the row."""
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("group", name=SINCE).wait_for()


def wait_for_page(page, number: int, before: str) -> None:
    """Waits until this page of the list is drawn, whose first line is another than before."""
    page.get_by_text(re.compile(rf"^Page {number} of ")).wait_for()
    wait_for_other_words(page, ".cc-line", before)


def total_of(page):
    """Where the list says how many claims it has."""
    return page.locator(_TOTAL)


def wait_for_other_total(page, before: str) -> None:
    """Waits until the list says another number of claims, and has drawn the first of them."""
    wait_for_other_words(page, _TOTAL, before)
    page.locator(".cc-line, .cc-empty").first.wait_for()


def wait_for_other_words(page, selector: str, before: str) -> None:
    """Waits until the first such element says something else than before."""
    page.wait_for_function(
        "([selector, before]) => { const at = document.querySelector(selector);"
        " return at && at.innerText !== before; }",
        arg=[selector, before],
    )
