"""Hostile names and words in the tooltips of the pictures and in what opens on a click: characters, and no more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from claims.article import Article, Provenance
from tests import story
from tests.browser import new_page, serve, settled, visit
from tests.test_browser import PAYLOADS, strangers
from workbench.intake import Sighting, take_in
from workbench.jobs import end_job, new_job
from workbench.stories import Sketches
from workbench.verdicts import record_verdict

pytestmark = pytest.mark.browser
STRANGE = "img, script, iframe, a, svg[onload], style, .katex"
STEP = 9  # pixels between two looks for a mark under the mouse


def at_rest(page: Page, picture: Locator) -> dict[str, float]:
    """Where a picture stands once it is drawn and moves no more: what opens above it shifts it for some moments."""
    picture.locator("canvas, svg").first.wait_for()
    box: dict[str, float] = {}
    while (now := picture.bounding_box()) != box:
        box = now
        page.wait_for_timeout(300)
    return box


def tooltip_of(page: Page, picture: Locator) -> Locator:
    """The tooltip of the first mark that the mouse comes by."""
    tooltip = page.locator("#vg-tooltip-element")
    page.mouse.move(1, 1)
    picture.scroll_into_view_if_needed()
    page.locator("#vg-tooltip-element.visible").wait_for(state="hidden")
    box = at_rest(page, picture)
    for down in range(0, int(box["height"]), STEP):
        for right in range(0, int(box["width"]), STEP):
            page.mouse.move(box["x"] + right, box["y"] + down)
            if tooltip.count() and "visible" in (tooltip.get_attribute("class") or ""):
                return tooltip
    pytest.fail("no mark with a tooltip was found")


def test_tooltips_and_what_opens_show_hostile_text_as_characters(tmp_path: Path, browser: Browser) -> None:
    known = Provenance(f"Title {PAYLOADS[1]}", PAYLOADS[1], PAYLOADS[0], "2025-04-02", "", "en")
    article = Article(f"Title\n{PAYLOADS[2]} is what they said.", known)
    other = Article("Other title\nNothing of the kind was said.", replace(known, outlet=PAYLOADS[3], date="2025-04-03"))
    claims = [
        story.claim_at(article, PAYLOADS[2], PAYLOADS[3], "", "statement", 0.5),
        story.claim_at(other, "Nothing of the kind was said.", PAYLOADS[1], "", "quotation", 0.9),
    ]
    told = story.fill(
        tmp_path, (article, other), claims, [story.relation_between(*claims, "contradicts", True, 0.9, ())]
    )
    record_verdict(told.store, told.ids[0], "refuted", f"Ida {PAYLOADS[0]}", PAYLOADS[1])
    take_in(told.store, article, Sketches(told.store), Sighting(f"/tmp/{PAYLOADS[1]}.html", "", ".html"))
    end_job(told.store, new_job(told.store, "ingest"), "done", f"1 not read: {PAYLOADS[1]}: {PAYLOADS[2]}")
    (tmp_path / "guidelines.txt").write_text("\n".join(PAYLOADS), encoding="utf-8")

    page = new_page(browser)
    with serve(tmp_path) as address:
        outside = strangers(page, address)
        visit(page, f"{address}/desk")
        charts = page.locator("[data-testid=stVegaLiteChart] >> visible=true")
        page.get_by_role("tab", name="Collection").click()
        charts.nth(3).wait_for()
        seen = ""
        for number in range(charts.count()):
            tooltip = tooltip_of(page, charts.nth(number))
            assert tooltip.locator(STRANGE).count() == 0
            seen += tooltip.inner_text()
        assert PAYLOADS[1] in seen and PAYLOADS[3] in seen

        visit(page, f"{address}/claim?claim={told.ids[0]}")
        page.get_by_text("Who said what when").click()
        tooltip = tooltip_of(page, charts.first)
        assert tooltip.locator(STRANGE).count() == 0
        assert any(payload in tooltip.inner_text() for payload in (PAYLOADS[1], PAYLOADS[3]))
        page.get_by_role("button", name="Guidelines").click()
        page.locator("[data-testid=stPopoverBody]").get_by_text(PAYLOADS[0]).wait_for()
        assert page.locator("[data-testid=stPopoverBody]").locator(STRANGE).count() == 0

        visit(page, f"{address}/articles")
        page.get_by_text(f"1 not read: {PAYLOADS[1]}").wait_for()
        page.get_by_role("button", name="Where it was seen").last.click()  # the newest article stands first
        settled(page)
        page.locator("[data-testid=stPopoverBody]").get_by_text(PAYLOADS[1]).wait_for()
        assert page.locator("[data-testid=stMain], [data-testid=stPopoverBody]").locator(STRANGE).count() == 0
        assert "broken in" not in page.title() and outside == []
    page.close()
