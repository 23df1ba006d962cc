"""A claim that nothing links with another is set beside it: by address, by a box, by the group; and judged there."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from tests import story
from tests.browser import PATIENCE, new_page, open_browser, serve, settled, visit
from tests.test_desk_views import settings
from tests.test_views import markup_of, opened, press, sign, words
from views import key_help, pictures, session
from views.set_beside import OFFERED, offered
from workbench.histories import verdict_history
from workbench.pair_judgements import pair_history, record_pair_judgement, withdraw_pair_judgement
from workbench.pairs import conflicts, related
from workbench.queries import ClaimFilter, claim_page, group_of
from workbench.review import ask_second_review
from workbench.verdicts import record_verdict


def ids_in(groups, lane: str) -> list[str]:
    return [row.other.claim_id for row in getattr(groups, lane)]


def keys_of(app: AppTest) -> set[str]:
    return {str(one.key) for one in (*app.button, *app.checkbox)}


def with_box(app: AppTest, claim: str, search: str = "") -> AppTest:
    """The page with its box "Set beside …" open."""
    app.session_state[f"set-beside-{claim}"] = True
    app.run()
    if search:
        app.text_input(key=f"beside-words-{claim}").set_value(search).run()
    assert not app.exception
    return app


def offers(app: AppTest, claim: str) -> list[str]:
    start = f"offered-beside-{claim}-"
    return [str(one.key).removeprefix(start) for one in app.button if str(one.key).startswith(start)]


def test_a_claim_that_nothing_links_stands_first_in_related_where_it_is_asked_for(told: story.Told) -> None:
    claim, union, traffic = told.ids[0], told.ids[4], told.ids[8]
    plain = related(told.store, claim)
    assert ids_in(plain, "related") == [told.ids[5]]
    groups = related(told.store, claim, beside=(traffic, union, claim, "no such <b>claim</b>"))
    assert ids_in(groups, "related") == [traffic, told.ids[5]]
    assert (groups.contradicts, groups.supports) == (plain.contradicts, plain.supports)
    row = groups.related[0]
    assert (row.link.relation, row.link.score, row.judgement) == ("", 0.0, None)
    assert related(told.store, traffic, beside=(claim,)).related[0].other.claim_id == claim
    given = record_pair_judgement(told.store, (claim, traffic), "unclear", "Ida")
    assert ids_in(related(told.store, claim, beside=(traffic,)), "related") == [traffic, told.ids[5]]
    withdraw_pair_judgement(told.store, given.id, "Ida")
    assert related(told.store, claim) == plain


def test_a_claim_that_left_its_article_is_not_set_beside_and_the_page_says_so(told: story.Told) -> None:
    claim, traffic = told.ids[0], told.ids[8]
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET current = 0 WHERE id = ?", (traffic,))
    assert traffic not in ids_in(related(told.store, claim, beside=(traffic,)), "related")
    for address, told_so in ((traffic, True), ("<b>", True), (claim, False), (told.ids[4], False)):
        shown = words(opened("claim", claim=claim, beside=address))
        assert ("that the address names beside this one" in shown) is told_so, address


def test_an_unlinked_pair_has_an_address_and_is_judged_by_key(told: story.Told) -> None:
    claim, traffic = told.ids[0], told.ids[8]
    assert f"evidence-{claim}-{traffic}" not in keys_of(opened("claim", claim=claim))
    app = opened("claim", claim=claim, beside=traffic)
    sign(app)
    assert "Traffic on the bay road has doubled" in words(app) and "Set beside by hand" in words(app)
    spoken = {key for key in keys_of(app) if key.startswith(("tick-", "say-"))}
    assert spoken and all(f"{claim}-{traffic}" in key for key in spoken)
    press(app, f"say-contradiction-{claim}-{traffic}-0")
    (given,) = pair_history(told.store, (claim, traffic))
    assert (given.judgement, given.machine_relation, given.blind) == ("contradiction", "", False)
    assert ids_in(related(told.store, claim), "contradicts")[0] == traffic
    assert {claim, traffic} == {conflicts(told.store).rows[0].a.claim_id, conflicts(told.store).rows[0].b.claim_id}
    press(app, f"unsay-key-{claim}-{traffic}-{given.id}")
    assert pair_history(told.store, (claim, traffic))[0].withdrawn_at
    press(app, f"say-same_claim-{claim}-{traffic}-0")
    assert traffic in [row.claim_id for row in group_of(told.store, claim).statements]


def test_what_is_ticked_stays_on_the_screen_when_the_address_names_another_pair(told: story.Told) -> None:
    claim, traffic = told.ids[0], told.ids[8]
    app = opened("claim", claim=claim, beside=traffic)
    sign(app)
    press(app, f"tick-{claim}-{traffic}")
    press(app, f"choose-K-{claim}")
    other = app.session_state[f"chosen-{claim}"]
    press(app, f"link-{claim}-{other}")
    assert dict(app.query_params) == {"claim": claim, "beside": other} and other != traffic
    assert app.checkbox(key=f"evidence-{claim}-{traffic}").value
    press(app, f"verdict-refuted-{claim}-0")
    assert verdict_history(told.store, claim)[0].evidence == (traffic,)
    assert f"evidence-{claim}-{traffic}" not in keys_of(app)  # neither ticked nor named any more


def test_what_is_ticked_can_be_unticked_though_its_sentence_is_gone(told: story.Told) -> None:
    claim, gone = told.ids[0], told.ids[3]
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET current = 0 WHERE id = ?", (gone,))
    found = related(told.store, claim, kept=[gone])
    assert gone in {row.other.claim_id for row in (*found.supports, *found.contradicts, *found.related)}


def test_a_blind_desk_says_nothing_of_the_machine_on_what_is_set_beside(told: story.Told) -> None:
    settings(told, "[desk]\nblind = true\n")
    claim, traffic = told.ids[0], told.ids[8]
    app = opened("claim", claim=claim, beside=traffic)
    sign(app)
    shown = markup_of(app)
    assert shown.count('class="cc-card"') == 4 and "cc-flag" not in shown and "cc-edge" not in shown
    press(app, f"say-contradiction-{claim}-{traffic}-0")
    assert pair_history(told.store, (claim, traffic))[0].blind


def test_what_a_second_review_hides_of_an_unlinked_pair_stays_hidden(told: story.Told) -> None:
    claim, traffic = told.ids[0], told.ids[8]
    record_verdict(told.store, claim, "refuted", "Ida")
    record_pair_judgement(told.store, (claim, traffic), "contradiction", "Ida", "a secret")
    ask_second_review(told.store, claim, "Ida")
    row = related(told.store, claim, "Ben", (traffic,)).related[0]
    assert (row.other.claim_id, row.judgement) == (traffic, None)
    assert ids_in(related(told.store, claim, "Ida", (traffic,)), "contradicts")[0] == traffic
    app = opened("claim", claim=claim, beside=traffic)
    sign(app)
    assert "a secret" not in words(app)
    press(app, f"say-unclear-{claim}-{traffic}-0")
    assert [one.reviewer for one in pair_history(told.store, (claim, traffic))] == ["Ines Falk", "Ida"]


def test_the_box_offers_what_was_opened_last_and_sets_it_beside(told: story.Told) -> None:
    claim, seen = told.ids[0], (told.ids[8], told.ids[6], told.ids[8], told.ids[3])
    app = opened("claim", claim=claim)
    for one in (*seen, claim):
        app.query_params.clear()
        app.query_params["claim"] = one
        app.run()
    assert offers(app, claim) == []
    with_box(app, claim)
    assert offers(app, claim) == [told.ids[3], told.ids[8], told.ids[6]]
    app.session_state[f"chosen-{claim}"] = told.ids[4]
    press(app, f"offered-beside-{claim}-{told.ids[8]}")
    assert dict(app.query_params) == {"claim": claim, "beside": told.ids[8]}
    assert f"tick-{claim}-{told.ids[8]}" in keys_of(app) and f"tick-{claim}-{told.ids[4]}" not in keys_of(app)
    assert offers(app, claim) == [] and "Both stand side by side now" in words(app)


def test_the_box_finds_claims_by_words(told: story.Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "near_in_meaning", lambda words: (told.ids[3],))
    app = with_box(opened("claim", claim=told.ids[0]), told.ids[0])
    assert offers(app, told.ids[0]) == [] and "Write words to find any other claim" in words(app)
    with_box(app, told.ids[0], "bay road doubled")
    assert offers(app, told.ids[0]) == [told.ids[8], told.ids[3]]
    assert key_help.FIELDS["h"] == ("set-beside-", "beside-words-")


def test_at_most_ten_claims_are_offered_and_never_the_claim_itself(told: story.Told) -> None:
    every = [row.id for row in claim_page(told.store).rows]
    more = every * 2
    found = offered(told.store, every[0], more, ClaimFilter())
    assert [one.claim_id for one in found] == (every[1:] + every[1:])[:OFFERED]
    assert every[0] not in [one.claim_id for one in offered(told.store, every[0], (), ClaimFilter("the"))]


def test_each_of_a_group_is_opened_and_one_without_a_card_is_set_beside(told: story.Told) -> None:
    claim, notes, traffic = told.ids[0], told.ids[7], told.ids[8]
    record_pair_judgement(told.store, (notes, traffic), "same_claim", "Ida")  # linked by a third claim alone
    app = opened("claim", claim=claim)
    same = {key for key in keys_of(app) if key.startswith(("same-beside-", "go-same-"))}
    assert same == {f"go-same-{claim}-{notes}", f"go-same-{claim}-{traffic}", f"same-beside-{claim}-{traffic}"}
    press(app, f"same-beside-{claim}-{traffic}")
    assert f"evidence-{claim}-{traffic}" in keys_of(app) and f"same-beside-{claim}-{traffic}" not in keys_of(app)
    press(app, f"go-same-{claim}-{traffic}")
    assert dict(app.query_params) == {"claim": traffic, "beside": claim}


def test_the_timeline_shows_the_group_too_and_what_denies_as_denying(told: story.Told) -> None:
    claim, notes, traffic = told.ids[0], told.ids[7], told.ids[8]
    record_pair_judgement(told.store, (notes, traffic), "same_claim", "Ida")
    groups, group = related(told.store, claim), group_of(told.store, claim)
    stances = pictures.stances_of(claim, groups, group)
    assert stances == {
        claim: pictures.THIS, notes: pictures.ASSERTS, traffic: pictures.ASSERTS, told.ids[4]: pictures.DENIES
    }  # fmt: skip
    assert pictures.stances_of(claim, groups, group_of(told.store, told.ids[4]))[told.ids[4]] == pictures.DENIES


@pytest.mark.browser
def test_what_is_typed_after_the_key_of_the_box_never_reaches_the_page(tmp_path: Path) -> None:
    told = story.tell(tmp_path)
    claim = told.ids[0]
    with serve(tmp_path) as address, open_browser() as browser:
        page = new_page(browser)
        visit(page, f"{address}/claim?claim={claim}")
        page.get_by_label("Reviewer").fill("Ines Falk")
        page.keyboard.press("Tab")
        settled(page)
        page.mouse.click(4, 4)
        page.keyboard.press("h")
        page.keyboard.type("15dxs")  # verdicts and judgements, were the page to hear them
        field = page.get_by_label("Find a claim to set beside this one")
        expect(field).to_be_focused(timeout=PATIENCE)
        field.fill("bay road has doubled")
        page.keyboard.press("Enter")
        page.locator('[class*="st-key-offered-beside-"] button').first.click()
        expect(page.locator('[class*="st-key-chosen-card-"]')).to_contain_text("Traffic", timeout=PATIENCE)
        settled(page)
        assert page.url.endswith(f"claim?claim={claim}&beside={told.ids[8]}")
        page.keyboard.press("d")
        expect(page.locator(".cc-notice.cc-good")).to_contain_text("Saved: Contradiction", timeout=PATIENCE)
    assert verdict_history(told.store, claim) == () and len(pair_history(told.store, (claim, told.ids[8]))) == 1
    assert not any(pair_history(told.store, (claim, other)) for other in told.ids[1:8])
