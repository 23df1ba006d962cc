"""What a person sees and clicks, in a real browser."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from claims.article import Article, Provenance
from embeddings.reasons import Reason
from tests import story
from tests.browser import PATIENCE, claim_of, each_opened, new_page, search_for, serve, settled, visit
from workbench.gate import Gate
from workbench.histories import verdict_history
from workbench.pair_judgements import record_pair_judgement
from workbench.review import assign, correct, finalise
from workbench.saved import save_view
from workbench.store import Store
from workbench.verdicts import Opinion, record_verdict

pytestmark = pytest.mark.browser
RATIONALE = "The union holds the keys, = and the authority shows no log."
BEACON = "https://beacon.invalid/x.png"
PAYLOADS = (
    f"<script>fetch('{BEACON}?1');document.title='broken in'</script>",
    f"<img src={BEACON}?2 onerror=\"document.title='broken in'\">",
    f"![seen]({BEACON}?3) and [press me]({BEACON}?4)",
    f"<a href='{BEACON}?5'>here</a> <iframe src='{BEACON}?6'></iframe>",
    "$\\href{https://beacon.invalid}{x}$ costs $100M in $2019$ :material/home: :red[red]",
    f"<style>@import url('{BEACON}?7');</style><svg onload=\"document.title='broken in'\">",
)


def strangers(page: Page, address: str) -> list[str]:
    """Collects requests of the page that leave the server's own origin."""
    seen: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((address, address.replace("http", "ws", 1), "data:", "blob:")):
            seen.append(request.url)

    page.context.on("request", note)
    return seen


def downloaded(page: Page, button: str) -> list[dict[str, str]]:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    text = Path(waiting.value.path()).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_whole_job_from_search_to_csv_and_restart(tmp_path: Path, browser: Browser) -> None:
    told = story.tell(tmp_path)
    page = new_page(browser)
    with serve(tmp_path) as address:
        outside = strangers(page, address)
        visit(page, address)
        search_for(page, "inspected jammed")
        expect(page.locator(".cc-line")).to_have_count(1)
        page.get_by_role("button", name="Open this claim").click()
        expect(page.locator(".cc-hero .cc-mark.cc-claim")).to_have_text(story.INSPECTED)
        assert claim_of(page) == told.ids[0]

        lane = page.locator("[data-testid=stColumn]", has=page.get_by_role("heading", name="Denies"))
        card = lane.locator(".cc-card", has_text=story.NOBODY)
        expect(card).to_contain_text("Dockers’ union")
        expect(card).to_contain_text("Can’t both be true")

        page.get_by_label("Reviewer").fill("Ines Falk")
        page.get_by_label("Rationale (optional)").fill(RATIONALE)
        lane.get_by_text("Use as evidence").click()
        expect(page.get_by_text("1 ticked as evidence")).to_be_visible()
        page.get_by_role("button", name="Mostly refuted").click()
        expect(page.locator(".cc-history")).to_contain_text(RATIONALE)
        settled(page)

        page.get_by_role("button", name="All claims").click()
        settled(page)
        expect(page.locator(".cc-line .cc-badge")).to_have_text("Mostly refuted")
        row = next(row for row in downloaded(page, "Claims as CSV") if row["claim_id"] == told.ids[0])
        assert (row["verdict"], row["reviewer"]) == ("mostly_refuted", "Ines Falk")
        assert row["rationale"] == RATIONALE and told.ids[4] in row["evidence_claim_ids"]
        assert len(downloaded(page, "Pairs as CSV")) == len(story.RELATIONS)
        assert outside == []
    page.close()

    page = new_page(browser)
    with serve(tmp_path) as address:
        visit(page, f"{address}/claim?claim={told.ids[0]}")
        expect(page.locator(".cc-history")).to_contain_text(RATIONALE)
    page.close()


def test_keys_mark_the_claim_on_the_screen_and_back_goes_back(tmp_path: Path, browser: Browser) -> None:
    told = story.tell(tmp_path)
    page = new_page(browser)
    with serve(tmp_path) as address:
        visit(page, f"{address}/claim?claim={told.ids[0]}")
        page.get_by_label("Reviewer").fill("Ines Falk")
        page.keyboard.press("Tab")
        settled(page)
        page.get_by_role("button", name="All claims").focus()
        page.keyboard.press("n")
        expect(page.locator(".cc-hero .cc-mark.cc-claim")).to_have_text("Every bearing was checked on 3 and 17 March")
        settled(page)
        page.keyboard.press("5")
        expect(page.locator(".cc-history .cc-badge")).to_have_text("Refuted")
        page.go_back()
        expect(page.locator(".cc-hero .cc-mark.cc-claim")).to_have_text(story.INSPECTED)
    page.close()
    assert [row.verdict for row in verdict_history(told.store, told.ids[1])] == ["refuted"]
    assert verdict_history(told.store, told.ids[0]) == ()


def test_back_and_forward_take_filters_off_and_set_them_again(tmp_path: Path, browser: Browser) -> None:
    story.tell(tmp_path)
    page = new_page(browser)
    speaker, claim = page.get_by_role("combobox", name="Speaker"), page.locator(".cc-hero")

    def listed(number: str, who: str, words: str = "") -> None:
        expect(page.locator(".cc-total").first).to_have_text(number, timeout=PATIENCE)
        settled(page)
        expect(speaker).to_have_value(who)
        expect(page.get_by_label("Search claims and speakers")).to_have_value(words)

    with serve(tmp_path) as address:
        visit(page, address)
        speaker.click()
        page.get_by_role("option", name="Marit Oduya (2)").click()
        listed("2 claims", "Marit Oduya (2)")
        search_for(page, "bearing")
        listed("1 claim", "Marit Oduya (2)", "bearing")
        page.go_back()
        listed("2 claims", "Marit Oduya (2)")
        page.go_back()
        listed("9 claims", "")
        page.go_forward()
        listed("2 claims", "Marit Oduya (2)")
        page.locator(".st-key-lines button").first.click()
        claim.wait_for()
        settled(page)
        page.go_back()
        listed("2 claims", "Marit Oduya (2)")
        page.locator(".st-key-lines button").first.click()
        claim.wait_for()
        settled(page)
        page.keyboard.press("b")
        listed("2 claims", "Marit Oduya (2)")
        page.go_back()
        claim.wait_for()
    page.close()


def plant_what_people_write(store: Store, ids: tuple[str, ...]) -> None:
    """Payloads in everything that a person or a program can write: names, reasons, notes, assignments, views."""
    record_verdict(store, ids[0], "refuted", f"Ida {PAYLOADS[0]}", PAYLOADS[1], label=PAYLOADS[2])
    finalise(store, ids[0], f"Tom {PAYLOADS[3]}", Gate(False, 0), PAYLOADS[5])
    corrected = Opinion("supported", f"Tom {PAYLOADS[3]}", PAYLOADS[2], (ids[-1],))
    correct(store, ids[0], corrected, PAYLOADS[1], Gate())
    for reviewer, verdict in ((f"Ida {PAYLOADS[0]}", "refuted"), (f"Ann {PAYLOADS[2]}", "supported")):
        record_verdict(store, ids[1], verdict, reviewer, PAYLOADS[4], (ids[-1],))
    assign(store, ids[2], f"Eve {PAYLOADS[5]}", f"Ida {PAYLOADS[1]}")
    record_pair_judgement(store, (ids[-1], ids[0]), "not_contradiction", f"Ida {PAYLOADS[5]}", PAYLOADS[0])
    for number, payload in enumerate(PAYLOADS):
        save_view(store, payload[:58], {"q": payload}, f"Ida {PAYLOADS[number]}")
    with store.writing() as connection:
        for claim, payload in zip(ids, (*PAYLOADS, PAYLOADS[0]), strict=True):
            planted = "UPDATE claims SET role = ?, look_again = ? WHERE id = ?"
            connection.exec_driver_sql(planted, (payload, payload, claim))


def test_hostile_text_stays_text(tmp_path: Path, browser: Browser) -> None:
    body = "\n".join(f"{payload} is what they said." for payload in PAYLOADS)
    article = Article(
        f"Title\n{body}",
        Provenance(
            f"Title {PAYLOADS[1]} {PAYLOADS[2]}",
            PAYLOADS[3],
            PAYLOADS[0],
            "2025-04-02",
            f"javascript:fetch('{BEACON}?8')",
        ),
    )
    plain = Article("Other title\nNothing of the kind was said.", replace(article.provenance, outlet=PAYLOADS[4]))
    claims = [story.claim_at(article, payload, f"Speaker {payload}", "", "statement", 0.5) for payload in PAYLOADS]
    claims.append(story.claim_at(plain, "Nothing of the kind was said.", PAYLOADS[2], "", "quotation", 0.9))
    relations = [
        story.relation_between(claims[-1], claim, relation, True, 0.9, (Reason("other", claim.text, ((0, 5),)),))
        for claim, relation in zip(claims, ("contradicts", "same_claim", "related") * 2, strict=False)
    ]
    told = story.fill(tmp_path, (article, plain), claims, relations)
    plant_what_people_write(told.store, told.ids)

    page = new_page(browser)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    with serve(tmp_path) as address:
        outside = strangers(page, address)
        for place in (
            "/",
            f"/claim?claim={told.ids[-1]}",
            f"/claim?claim={told.ids[1]}",
            "/conflicts",
            "/articles",
            "/speakers",
            "/desk",
            "/log",
            f"/claim?claim={PAYLOADS[1]}",
        ):
            visit(page, address + place)
            page.locator("[data-testid=stMain] [data-testid=stElementContainer] >> visible=true").last.wait_for()
            settled(page)
            parts = page.locator("[data-testid=stMain], [data-testid=stPopoverBody], [data-testid=stDialog]")
            for part in each_opened(page):
                for strange in (
                    "img",
                    "script",
                    "iframe",
                    "svg[onload]",
                    "a[href*='beacon']",
                    ".katex",
                    "style >> text=beacon",
                ):
                    assert parts.locator(strange).count() == 0, f"{strange} on {place}, {part or 'as it is'}"
        visit(page, address)
        page.get_by_role("combobox").nth(1).click()
        page.get_by_role("option").first.wait_for()
        assert page.locator("[role=listbox] img, [role=listbox] a, [role=listbox] .katex").count() == 0
        page.keyboard.press("Escape")
        assert "broken in" not in page.title()
        assert (outside, dialogs) == ([], [])
    page.close()
