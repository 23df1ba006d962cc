"""The whole job on the five seed articles, from an empty folder, with the real models: what a new user sees."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import claim_of, new_page, search_for, serve, settled, visit
from workbench.jobs import latest_job
from workbench.pairs import related
from workbench.queries import ClaimFilter, claim_page, counts
from workbench.store import Store

pytestmark = pytest.mark.browser
FIRST_READING_SECONDS = 600
VETTING = (
    "Couzens passed vetting procedures and a review after his arrest found no information available at the time that "
    "would have changed the decision"
)
WARNING_SIGNS = "all too many warning signs"
RATIONALE = "The force speaks of its own review; the MP of what was known before. Both can't be the whole story."


def wait_for_reading(workspace: Path) -> None:
    """Until the job that the first start began is done."""
    end = time.monotonic() + FIRST_READING_SECONDS
    store = Store(workspace)
    while (job := latest_job(store)) is None or job.state in ("queued", "running"):
        assert time.monotonic() < end, f"the first reading is still {job and job.stage}"
        time.sleep(1)
    assert job.state == "done", job.message


def open_vetting_claim(page: Page) -> None:
    search_for(page, "passed vetting procedures")
    expect(page.locator(".cc-line")).to_have_count(1)
    page.get_by_role("button", name="Open this claim").click()
    expect(page.locator(".cc-hero .cc-mark.cc-claim")).to_have_text(VETTING)
    settled(page)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seeds")


def test_a_new_user_reads_the_seeds_finds_the_statements_judges_and_takes_it_away(
    workspace: Path, browser: Browser
) -> None:
    page = new_page(browser)
    with serve(workspace) as address:
        visit(page, address)
        wait_for_reading(workspace)
        visit(page, address)
        expect(page.locator(".cc-strip")).to_contain_text("5 articles")
        open_vetting_claim(page)
        claim_id = claim_of(page)
        expect(page.locator(".cc-hero")).to_contain_text("Metropolitan Police")

        contradicting = page.locator(".cc-card.cc-edge-contradicts", has_text=WARNING_SIGNS)
        expect(contradicting).to_contain_text("Harriet Harman")

        page.get_by_label("Reviewer").fill("Ines Falk")
        page.get_by_label("Rationale (optional)").fill(RATIONALE)
        page.get_by_role("button", name="Conflicting evidence").click()
        expect(page.locator(".cc-history")).to_contain_text(RATIONALE)
        settled(page)

        page.get_by_role("button", name="All claims").click()
        settled(page)
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Claims as CSV").click()
        text = Path(waiting.value.path()).read_bytes().decode("utf-8-sig")
        row = next(row for row in csv.DictReader(io.StringIO(text)) if row["claim_id"] == claim_id)
        assert row["claim_reviewed"] == VETTING
        assert (row["speaker"], row["verdict"], row["reviewer"]) == (
            "Metropolitan Police",
            "conflicting_evidence",
            "Ines Falk",
        )
        assert row["rationale"] == RATIONALE and row["reviewed_at"]
    page.close()

    page = new_page(browser)
    with serve(workspace) as address:
        visit(page, f"{address}/claim?claim={claim_id}")
        expect(page.locator(".cc-history")).to_contain_text(RATIONALE)
    page.close()
    assert counts(Store(workspace)).judged == 1


def test_the_mp_stands_under_contradicts_for_what_the_force_says(workspace: Path) -> None:
    store = Store(workspace)
    (claim,) = claim_page(store, ClaimFilter(search="passed vetting procedures")).rows
    first = related(store, claim.id).contradicts[:3]
    assert any(WARNING_SIGNS in row.other.text for row in first)
