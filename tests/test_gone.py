"""Claims that people judged and that their article no longer yields: what is left to do about them is still found."""

from __future__ import annotations

import pytest

from tests import story
from tests.test_views import opened, words
from workbench.articles import replace_claims
from workbench.claim_filter import STATES, ClaimFilter
from workbench.figures import by_status
from workbench.gate import Gate
from workbench.pair_judgements import record_pair_judgement
from workbench.queries import claim_page, facets
from workbench.review import ask_second_review, assign, finalise
from workbench.verdicts import record_verdict

DISPUTED, SECOND, FINAL, UNJUDGED = range(4)


@pytest.fixture
def told(tmp_path, monkeypatch) -> story.Told:
    """The first article was read again and holds none of its four claims any more; the fourth was judged in a pair."""
    told = story.on_desk(tmp_path, monkeypatch)
    for place in (DISPUTED, SECOND, FINAL):
        record_verdict(told.store, told.ids[place], "refuted", "Ida")
    record_verdict(told.store, told.ids[DISPUTED], "supported", "Ben")
    ask_second_review(told.store, told.ids[SECOND], "Ida")
    finalise(told.store, told.ids[FINAL], "Ida", Gate(rationale=False, sources=0))
    record_pair_judgement(told.store, (told.ids[UNJUDGED], told.ids[8]), "unclear", "Ida")
    for place in (DISPUTED, UNJUDGED):
        assign(told.store, told.ids[place], "Ben", "Kim")
    replace_claims(told.store, story.LEDGER.id, [], "again")
    return told


def found(told: story.Told, **wanted) -> set[int]:
    page = claim_page(told.store, ClaimFilter(**wanted))
    assert page.total == len(page.rows)
    return {told.ids.index(row.id) for row in page.rows}


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ({"look_again": True}, {FINAL}),
        ({"status": "disputed"}, {DISPUTED}),
        ({"status": "second_review"}, {SECOND}),
        ({"status": "final"}, {FINAL}),
        ({"reviewer": "Ida"}, {DISPUTED, SECOND, FINAL}),
        ({"reviewer": "Ben"}, {DISPUTED}),
        ({"assignee": "Ben"}, {DISPUTED}),
        ({"verdict": "refuted:"}, {SECOND, FINAL}),
        ({"status": "disputed", "search": "inspected"}, {DISPUTED}),
        ({"status": "disputed", "outlet": "Coast Radio"}, set()),
        ({}, {4, 5, 6, 7, 8}),
        ({"status": "unreviewed"}, {4, 5, 6, 7, 8}),
        ({"verdict": "none"}, {4, 5, 6, 7, 8}),
        ({"search": "bridge"}, {4, 7, 8}),
    ],
    ids=str,
)
def test_what_people_began_is_found_though_the_article_lost_it_and_nothing_else_is(told, wanted, places) -> None:
    assert found(told, **wanted) == places


def test_what_is_counted_is_what_is_found(told: story.Told) -> None:
    known = facets(told.store)
    for facet, name in (("statuses", "status"), ("reviewers", "reviewer"), ("assignees", "assignee")):
        for one in getattr(known, facet):
            assert one.count == len(found(told, **{name: one.value})), (name, one)
    assert {one.value: one.count for one in known.statuses if one.count} == {
        "unreviewed": 5, "second_review": 1, "disputed": 1, "final": 1,
    }  # fmt: skip
    assert dict(by_status(told.store).rows) == {STATES[one.value]: one.count for one in known.statuses}


def test_the_screen_shows_them_and_that_their_article_lost_them(told: story.Told) -> None:
    desk = opened("desk")
    assert [one.key for one in desk.button if one.key.startswith("decide-")] == [f"decide-{told.ids[DISPUTED]}"]
    app = opened()
    assert "No longer in its article" not in words(app)
    app.toggle(key="filter-again").set_value(True).run()
    assert "1 claim " in words(app) and "No longer in its article" in words(app)
