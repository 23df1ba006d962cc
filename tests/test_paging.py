"""Pages of lists that grow shorter under the reviewer's hands, and of lists that are long."""

from __future__ import annotations

import pytest

from claims.article import Article, Provenance
from tests import story
from tests.test_views import opened, words
from views.paging import within
from workbench import figures, log
from workbench.articles import insert_article
from workbench.figures import verdicts_by
from workbench.log import people
from workbench.queries import articles
from workbench.review import assign
from workbench.verdicts import record_verdict


@pytest.mark.parametrize(
    ("page", "total", "shown"), [(1, 0, 1), (2, 50, 1), (2, 51, 2), (9, 120, 3), (0, 120, 1), (3, 120, 3)]
)
def test_a_page_that_is_no_more_gives_way_to_the_last(page: int, total: int, shown: int) -> None:
    assert within(page, total, 50) == shown


@pytest.mark.parametrize(
    ("name", "shown"), [("claims", "Every bearing was checked"), ("conflicts", "Can’t both be true")]
)
def test_a_list_whose_last_page_was_emptied_shows_the_page_before(told: story.Told, name: str, shown: str) -> None:
    app = opened()
    app.session_state[f"{name}-page"] = 2
    app.switch_page(f"views/{name}.py").run()
    assert not app.exception and shown in words(app)
    assert app.session_state[f"{name}-page"] == 1


def test_a_long_list_draws_one_page_of_its_lines(told: story.Told) -> None:
    texts = [f"Berth {number} of the port was closed for a week." for number in range(120)]
    article = Article("\n".join(["Berths", *texts]), Provenance("Berths"))
    claims = [story.claim_at(article, text, "", "", "statement", 0.5) for text in texts]
    story.fill(told.store.folder, (article,), claims, [])
    app = opened()
    for page, lines in ((1, 50), (3, 29)):
        app.session_state["claims-page"] = page
        assert not app.run().exception and f"Page {page} of 3" in words(app) and "129 claims" in words(app)
        assert len([button for button in app.button if button.key.startswith("open-")]) == lines


@pytest.fixture
def library(told: story.Told) -> story.Told:
    """Forty articles, the newest called "Number 39"."""
    with told.store.writing() as connection:
        for number in range(37):
            article = Article(f"Number {number + 3}\nText.", Provenance(f"Number {number + 3}"))
            insert_article(connection, article)
    return told


def test_articles_come_a_page_at_a_time_newest_first(library: story.Told) -> None:
    app = opened("articles")
    assert "40 articles" in words(app) and "Page 1 of 2" in words(app)
    assert "Number 39" in words(app) and "Number 9 " not in words(app) and "Harbour notes" not in words(app)
    next(button for button in app.button if button.label.startswith("Next page")).click().run()
    assert not app.exception and "Number 9 " in words(app) and "Harbour notes" in words(app)
    whole = articles(library.store)
    assert articles(library.store, 30, 0, newest_first=True) == whole[::-1][:30]
    assert articles(library.store, 7, 3) == whole[3:10]


def test_verdicts_by_speaker_name_those_who_were_judged_most(told: story.Told, monkeypatch) -> None:
    monkeypatch.setattr(figures, "MOST_SPEAKERS", 1)
    for claim_id in told.ids[:6]:
        record_verdict(told.store, claim_id, "refuted", "Ida")
    assert {row[0] for row in verdicts_by(told.store, "speaker").rows} == {"Marit Oduya"}
    assert {row[0] for row in verdicts_by(told.store, "outlet").rows} == {"The Ellory Ledger"}


def test_everybody_who_did_something_is_found_without_reading_the_log(told: story.Told) -> None:
    assert people(told.store) == ()
    for who in ("Ida", "Ben", "Ida"):
        record_verdict(told.store, told.ids[0], "refuted", who)
    assign(told.store, told.ids[1], "Kim", "Kim")
    assign(told.store, told.ids[2], "Zoe", "Ada")
    assert people(told.store) == ("Ada", "Ben", "Ida", "Kim", "Zoe")
    with told.store.reading() as connection:
        plan = " ".join(row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {log._each('log', 'who')}"))
    assert "SCAN log" not in plan and "ix_log_who" in plan
