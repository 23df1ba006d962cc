"""What the list of claims tells apart and finds: agreement after a second review, what changed, facets, links."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from tests import story
from tests.test_views import ROOT, opened, press, sign, words
from tests.workbench_fakes import fake_line, write_texts
from views import filters
from workbench import queries
from workbench.article_search import find_articles
from workbench.attention import call_again
from workbench.claim_filter import where_of
from workbench.figures import by_status
from workbench.gate import Gate
from workbench.histories import verdict_history
from workbench.pair_judgements import record_pair_judgement
from workbench.queries import ClaimFilter, changed_since, claim_detail, claim_page, facets
from workbench.review import ask_second_review, assign, finalise
from workbench.verdicts import record_verdict


def linked(**query: str) -> AppTest:
    """The list as a link opens it."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def listed(told: story.Told, claim_id: str, seen_by: str):
    return next(row for row in claim_page(told.store, ClaimFilter(seen_by=seen_by)).rows if row.id == claim_id)


@pytest.fixture
def second(told: story.Told) -> story.Told:
    """Two claims in second review; only of the first is it given."""
    for claim_id in told.ids[:2]:
        record_verdict(told.store, claim_id, "refuted", "Ida")
        ask_second_review(told.store, claim_id, "Ida")
    record_verdict(told.store, told.ids[0], "refuted", "Ben")
    return told


@pytest.mark.parametrize(("who", "hidden"), [("Ida", False), ("Ben", True), ("Kim", True), ("", True)])
def test_a_second_review_hides_a_verdict_in_the_list_only_until_it_is_given(second, who: str, hidden: bool) -> None:
    assert not listed(second, second.ids[0], who).unseen
    assert listed(second, second.ids[1], who).unseen is hidden


def test_claims_whose_reviewers_agree_are_told_from_those_that_wait(second: story.Told) -> None:
    assert [listed(second, claim_id, "Kim").agreed for claim_id in second.ids[:3]] == [True, False, False]
    for state, claim_id in (("agreed", second.ids[0]), ("second_review", second.ids[1])):
        assert [row.id for row in claim_page(second.store, ClaimFilter(status=state)).rows] == [claim_id]
    counted = {one.value: one.count for one in facets(second.store).statuses}
    assert (counted["agreed"], counted["second_review"], counted["unreviewed"]) == (1, 1, 7)
    assert sum(counted.values()) == 9
    assert dict(by_status(second.store).rows)["Reviewers agree"] == 1
    finalise(second.store, second.ids[0], "Kim", Gate(rationale=False, sources=0))
    assert dict(by_status(second.store).rows)["Reviewers agree"] == 0


def test_the_list_and_the_claim_say_that_the_reviewers_agree(second: story.Told) -> None:
    app = opened()
    shown = words(app)
    assert shown.count("Refuted") == 1 and "Reviewers agree" in shown and "Second review" in shown
    app.selectbox(key="filter-status").set_value("agreed").run()
    assert "1 claim" in words(app)
    assert "Reviewers agree" in words(opened("claim", claim=second.ids[0]))
    assert "Reviewers agree" not in words(opened("claim", claim=second.ids[1]))


def changed(store, who: str = "Ida") -> set[str]:
    return {row.id for row in claim_page(store, ClaimFilter(changed_for=who)).rows}


def test_a_new_contradiction_by_a_new_article_is_a_change_since_my_verdict(tmp_path) -> None:
    line = fake_line(tmp_path / "workspace")
    line.ingest([write_texts(tmp_path / "texts")])
    claim = claim_page(line.store, ClaimFilter(search="vetted")).rows[0].id
    record_verdict(line.store, claim, "refuted", "Ida")
    line.ingest([tmp_path / "texts"], again=True)
    assert changed(line.store) == set() and not changed_since(line.store, claim, "Ida")
    line.ingest([write_texts(tmp_path / "more", {"new.txt": "The force did not vet Couzens at all."})])
    assert changed(line.store) == {claim} and changed_since(line.store, claim, "Ida")
    assert changed(line.store, "Ben") == changed(line.store, "") == set()
    new = claim_page(line.store, ClaimFilter(search="at all")).rows[0].id
    record_pair_judgement(line.store, (claim, new), "contradiction", "Ida")
    assert changed(line.store) == set()  # they know it


def test_a_relation_that_is_found_again_is_known_since_it_was_found_first(tmp_path) -> None:
    line = fake_line(tmp_path / "workspace")
    line.ingest([write_texts(tmp_path / "texts")])
    query = "SELECT claim_a, claim_b, found_at FROM relations ORDER BY 1, 2"
    with line.store.writing() as connection:
        before = connection.exec_driver_sql(query).all()
        assert before and all(row.found_at for row in before)
        connection.exec_driver_sql("UPDATE claims SET related_by = NULL")
    line.ingest([])
    with line.store.reading() as connection:
        assert connection.exec_driver_sql(query).all() == before


@pytest.mark.parametrize("pair", [(0, 4), (4, 0), (0, 5), (5, 0)])
def test_anothers_judgement_of_a_pair_changes_both_of_its_claims(told: story.Told, pair: tuple[int, int]) -> None:
    for place in pair:
        record_verdict(told.store, told.ids[place], "refuted", "Ida")
    assign(told.store, told.ids[0], "Ben", "Ben")
    assert changed(told.store) == set()  # who is in charge says nothing of the claim
    record_pair_judgement(told.store, (told.ids[pair[0]], told.ids[pair[1]]), "unclear", "Ben")
    assert changed(told.store) == {told.ids[place] for place in pair}


def test_the_same_verdict_pressed_again_takes_a_changed_claim_off_the_list(told: story.Told) -> None:
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ines Falk")
    record_pair_judgement(told.store, (claim, told.ids[4]), "unclear", "Ben")
    app = opened("claim", claim=claim)
    sign(app)
    press(app, f"verdict-refuted-{claim}-1")
    assert len(verdict_history(told.store, claim)) == 2 and changed(told.store, "Ines Falk") == set()
    press(app, f"verdict-refuted-{claim}-2")
    assert len(verdict_history(told.store, claim)) == 2 and "nothing was added" in words(app)


def test_all_that_came_up_against_a_final_verdict_is_named(tmp_path) -> None:
    line = fake_line(tmp_path / "workspace")
    line.ingest([write_texts(tmp_path / "texts")])
    claim = claim_page(line.store, ClaimFilter(search="vetted")).rows[0].id
    record_verdict(line.store, claim, "refuted", "Ida")
    finalise(line.store, claim, "Ida", Gate(rationale=False, sources=0))
    for name, said in (("a.txt", "The force did not vet Couzens at all."), ("b.txt", "They did not vet Couzens ever.")):
        line.ingest([write_texts(tmp_path / name, {name: said})])
    came_up = claim_detail(line.store, claim).look_again
    assert "at all" in came_up and "ever" in came_up and len(came_up.splitlines()) == 2


def test_a_link_to_what_changed_asks_for_a_name_and_shows_nothing_before(told: story.Told) -> None:
    record_verdict(told.store, told.ids[0], "refuted", "Ines Falk")
    record_pair_judgement(told.store, (told.ids[0], told.ids[4]), "unclear", "Ben")
    app = linked(changed="yes")
    assert "0 claims" in words(app) and "Write your name" in words(app)
    sign(app)
    assert "1 claim" in words(app) and "Write your name" not in words(app)
    assert "changed since my verdict" in words(app)


@pytest.mark.parametrize("word", ["österreich", "Österreich", "ÖSTERREICH", "öSTERREICH"])
def test_words_are_found_whatever_their_capitals_are(told: story.Told, word: str) -> None:
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET text = 'In Österreich it rains' WHERE id = ?", (told.ids[0],))
        connection.exec_driver_sql("UPDATE claims SET speaker = 'ÖSTERREICHS Bund' WHERE id = ?", (told.ids[1],))
    found = {row.id for row in claim_page(told.store, ClaimFilter(search=word)).rows}
    assert found == set(told.ids[:2])


def test_what_nobody_is_in_charge_of_and_what_has_no_known_outlet_can_be_asked_for(told: story.Told) -> None:
    assign(told.store, told.ids[0], "Ben", "Ben")
    found = facets(told.store)
    assert [(one.label, one.count) for one in found.assignees] == [("Nobody", 8), ("Ben", 1)]
    assert [(one.label, one.count) for one in found.outlets] == [
        ("The Ellory Ledger", 4), ("Coast Radio", 3), ("Not known", 2),
    ]  # fmt: skip
    assert [one.count for one in found.articles] == [4, 3, 2]
    assert claim_page(told.store, ClaimFilter(assignee="")).total == 8
    assert claim_page(told.store, ClaimFilter(outlet="")).total == 2


def test_only_those_who_say_most_are_offered_and_a_link_to_another_still_works(told: story.Told, monkeypatch) -> None:
    monkeypatch.setattr(queries, "MOST_OFFERED", 1)
    assert [one.label for one in facets(told.store).speakers] == ["The article itself"]
    app = linked(speaker="Tomas Brandvold", outlet="Gone Gazette")
    assert app.selectbox(key="filter-speaker").value == "Tomas Brandvold"
    assert "No claim fits these filters." in words(app) and "Outlet: Gone Gazette" in words(app)
    assert dict(app.query_params) == {"speaker": "Tomas Brandvold", "outlet": "Gone Gazette"}
    app.selectbox(key="filter-outlet").set_value(None).run()
    assert "1 claim " in words(app)


def test_only_the_articles_with_most_claims_are_offered_and_any_other_opens_from_its_own_line(
    told: story.Told, monkeypatch
) -> None:
    assert "are offered" not in words(linked())
    monkeypatch.setattr(filters, "MOST_OFFERED", 2)
    app = linked(article_id=story.LEDGER.id)
    box = app.selectbox(key="filter-article")
    assert box.options == [f"{one.provenance.title} ({n})" for one, n in ((story.LEDGER, 4), (story.COAST, 3))]
    assert "The 2 articles with most claims are offered; find any other on the page Articles." in words(app)
    app = linked(article_id=story.NOTES.id)
    box = app.selectbox(key="filter-article")
    assert len(box.options) == 3 and box.value == story.NOTES.id
    assert "Article: Harbour notes" in words(app) and "2 claims " in words(app)
    app = opened("articles")
    app.text_input(key="articles-search").set_value("NOTES harbour").run()
    assert "1 article " in words(app) and not [one for one in app.button if one.key == f"see-{story.COAST.id}"]
    press(app, f"see-{story.NOTES.id}")
    assert app.selectbox(key="filter-article").value == story.NOTES.id and "2 claims " in words(app)


def test_articles_are_found_by_title_outlet_and_author_in_whatever_case(told: story.Told) -> None:
    assert len(find_articles(told.store, "")) == 3
    assert find_articles(told.store, "LEDGER pask") == (story.LEDGER.id,)
    assert find_articles(told.store, "bridge coast") == (story.COAST.id,)
    assert find_articles(told.store, "ledger.example") == (story.LEDGER.id,)
    assert set(find_articles(told.store, "bridge")) == {story.LEDGER.id, story.COAST.id}
    assert find_articles(told.store, "bridge nowhere") == ()
    app = opened("articles")
    app.text_input(key="articles-search").set_value("bridge nowhere").run()
    assert "No article holds these words." in words(app) and "0 articles" in words(app)


NARROW = [
    {"speaker": "Tomas Brandvold"},
    {"topic": "place:Port Ellory"},
    {"look_again": True},
    {"assertion": "past_event"},
    {"article_id": story.COAST.id},
    {"outlet": "Coast Radio"},
    {"since": "2025-04-03"},
    {"search": "bridge"},
    {"search": "in"},
    {"status": "final"},
    {"verdict": "refuted:"},
    {"verdict": "none"},
    {"has_contradiction": True},
    {"reviewer": "Ida"},
]


@pytest.mark.parametrize("wanted", NARROW, ids=str)
def test_few_claims_are_looked_up_and_many_met_down_the_queue_with_one_answer(told: story.Told, monkeypatch, wanted):
    """A rare speaker, a topic and what is to be looked at again were sought among all claims of the workspace."""
    record_verdict(told.store, told.ids[3], "refuted", "Ida")
    finalise(told.store, told.ids[3], "Ida", Gate(rationale=False, sources=0))
    with told.store.writing() as connection:
        call_again(connection, told.ids[3], "a letter came")
        connection.execute(text("INSERT INTO claim_topics VALUES (:id, 'place', 'Port Ellory')"), {"id": told.ids[0]})
    few, words, values = where_of(ClaimFilter(**wanted), few=True)
    verdict = queries.NEWEST_VERDICT if wanted.get("verdict") == "refuted:" else ""
    sql = f"EXPLAIN QUERY PLAN SELECT c.id FROM claims c {verdict} WHERE {few} AND ({words}) ORDER BY attention DESC"
    with told.store.reading() as connection:
        plan = " ".join(row.detail for row in connection.execute(text(sql), values))
    assert "ix_claims_order" not in plan and "CORRELATED LIST" not in plan
    found = claim_page(told.store, ClaimFilter(**wanted))
    assert found.total == len(found.rows) > 0
    ways = []
    monkeypatch.setattr(queries, "where_of", lambda one, few=False: ways.append(few) or where_of(one, few))
    for most, taken in ((found.total, [True]), (found.total - 1, [True, False])):
        monkeypatch.setattr(queries, "_FEW", most)
        ways.clear()
        assert claim_page(told.store, ClaimFilter(**wanted)) == found
        assert ways == ([True] if ClaimFilter(**wanted).asked_once else taken)
        pages = [claim_page(told.store, ClaimFilter(**wanted), 1, at).rows for at in range(found.total)]
        assert sum(pages, ()) == found.rows


def test_a_search_follows_what_the_claims_say_and_who_says_it(told: story.Told) -> None:
    claim = claim_detail(told.store, told.ids[0]).claim

    def found(wanted: str) -> set[str]:
        return {row.id for row in claim_page(told.store, ClaimFilter(search=wanted)).rows}

    with told.store.writing() as connection:
        values = {"id": claim.id, "speaker": 'Zoë "Zip" O’Hara', "said": f"{claim.text} In full: the Ångström bridge"}
        connection.execute(text("UPDATE claims SET speaker = :speaker, standalone = :said WHERE id = :id"), values)
    for wanted in ("zoË", '"zip"', "o’hara ångSTRÖM", 'zip" OR "x', "zo ång", f"hara {claim.text.split()[0]}"):
        assert (claim.id in found(wanted)) is ("OR" not in wanted), wanted
    with told.store.writing() as connection:
        connection.execute(text("UPDATE claims SET standalone = text, speaker = '' WHERE id = :id"), {"id": claim.id})
    assert not found("ångström") and not found("hara")


@pytest.mark.parametrize("words", ['"', '""" AND', "bridge\0closed", "NEAR(", "*", "words:", "-x", "{a b}:"])
def test_no_words_break_the_search(told: story.Told, words: str) -> None:
    assert claim_page(told.store, ClaimFilter(search=words)).total >= 0


def test_a_link_names_the_page_and_whether_meaning_is_searched(told: story.Told) -> None:
    app = linked(meaning="no", page="2")
    assert not app.toggle(key="by-meaning").value and "9 claims" in words(app)
    assert dict(app.query_params)["meaning"] == "no"
    app.toggle(key="by-meaning").set_value(True).run()
    assert dict(app.query_params) == {}  # nine claims have one page
    for page in ("-1", "0", "9" * 5000, "two"):
        assert "9 claims" in words(linked(page=page))
    app = linked()
    app.session_state["claims-page"] = 2
    app.run()
    app.run()
    assert dict(app.query_params) == {}


def test_the_desk_leads_to_all_claims_in_dispute(told: story.Told, monkeypatch) -> None:
    for claim_id in told.ids:
        for who, verdict in (("Ida", "refuted"), ("Ben", "supported")):
            record_verdict(told.store, claim_id, verdict, who)
    assert "all-disputes" not in {button.key for button in opened("desk").button}
    monkeypatch.setattr(queries, "claim_page", lambda *given: claim_page(given[0], given[1], 3))
    app = press(opened("desk"), "all-disputes")
    assert "9 claims" in words(app)
    assert app.selectbox(key="filter-status").value == "disputed"


def test_a_log_without_a_line_for_its_filters_is_not_called_empty(told: story.Told) -> None:
    record_verdict(told.store, told.ids[0], "refuted", "Ida")
    app = opened("log")
    app.selectbox(key="log-what").set_value("speaker").run()
    assert "No line of the log fits this." in words(app) and "Nothing in the log" not in words(app)
