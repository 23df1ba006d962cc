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
WORDS = (
    "police", "the", "tax", "health care", "EU", "senate", "said", "trade", "court ruling", "people",
    "immigration order", "jobs report", "white house", "election", "email server", "wall", "mexico", "china",
    "market", "oil", "refugees", "vaccine", "debt", "army", "nuclear deal", "union", "rent", "women", "prison",
    "guns", "budget", "russia", "climate", "school",
)  # fmt: skip
# Filters that leave out some claims of a workspace on which somebody has judged.
FILTERS = (("Speaker", "The article itself"), ("Status", "Unreviewed"), ("Verdict", "No verdict yet"))


def queue_times(page, address: str, presses: int) -> list[float]:
    """From Enter in the search box, or in every second round in the box of a filter, until its list is drawn."""
    found = []
    for number in range(presses):
        place = number // 2
        if number % 2:
            found.append(filter_time(page, address, *FILTERS[place % len(FILTERS)]))
        else:
            found.append(search_time(page, address, WORDS[place % len(WORDS)]))
    return found


def search_time(page, address: str, words: str) -> float:
    """Milliseconds until a search of all claims is drawn."""
    from tests.browser import visit

    visit(page, address)
    before = total_of(page).inner_text()
    page.get_by_label("Search claims and speakers").fill(words)
    return timed(lambda: page.keyboard.press("Enter"), lambda: wait_for_other_total(page, before))


def filter_time(page, address: str, label: str, option: str) -> float:
    """Milliseconds until all claims are narrowed to one value of a filter."""
    from tests.browser import visit

    visit(page, address)
    before = total_of(page).inner_text()
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.fill(option)
    page.get_by_role("option", name=option).first.wait_for()
    return timed(lambda: page.keyboard.press("Enter"), lambda: wait_for_other_total(page, before))


def total_of(page):
    """Where the list says how many claims it has."""
    return page.locator("[class*=st-key-claims-bar] .cc-total")


def wait_for_other_total(page, before: str) -> None:
    """Waits until the list says another number of claims, and has drawn the first of them."""
    page.wait_for_function(
        "before => { const at = document.querySelector('[class*=st-key-claims-bar] .cc-total');"
        " return at && at.innerText !== before; }",
        arg=before,
    )
    page.locator(".cc-line, .cc-empty").first.wait_for()
