"""What people say of a pair goes before what the machine found: on the board, in the queue, in files and figures."""

from __future__ import annotations

import csv
import io
import sqlite3
from contextlib import closing

import pytest

from tests import story
from tests.older import database_at
from tests.test_views import opened, press, sign, words
from views import pair_cards
from workbench.articles import replace_claims
from workbench.attention import refresh_contradictions
from workbench.export import claims_csv
from workbench.figures import who_contradicts_whom
from workbench.pair_judgements import record_pair_judgement, withdraw_pair_judgement
from workbench.pair_rows import Which
from workbench.pairs import conflicts, related
from workbench.queries import ClaimFilter, claim_page, counts
from workbench.store import Store
from workbench.verdicts import record_verdict


def others(store, claim_id: str, lane: str) -> list[str]:
    return [row.other.claim_id for row in getattr(related(store, claim_id), lane)]


def listed(store, claim_id: str):
    return next(row for row in claim_page(store).rows if row.id == claim_id)


def test_a_statement_that_people_call_a_contradiction_stands_first_under_denies(told: story.Told) -> None:
    lorries, traffic = told.ids[3], told.ids[8]
    assert listed(told.store, lorries).contradiction is None
    given = record_pair_judgement(told.store, (lorries, traffic), "contradiction", "Ida")
    for one, other in ((lorries, traffic), (traffic, lorries)):
        assert others(told.store, one, "contradicts") == [other] and others(told.store, one, "related") == []
        row = listed(told.store, one)
        assert (row.contradiction, row.strict) == (1.0, True)
    assert claim_page(told.store).rows[0].id != lorries  # a half as check-worthy claim doesn't go before all others
    assert claim_page(told.store, ClaimFilter(has_contradiction=True)).total == 9
    record_pair_judgement(told.store, (told.ids[0], told.ids[5]), "contradiction", "Ida")
    assert others(told.store, told.ids[0], "contradicts") == [told.ids[5], told.ids[4]]
    withdraw_pair_judgement(told.store, given.id, "Ida")
    assert others(told.store, lorries, "contradicts") == [] and listed(told.store, lorries).contradiction is None


def test_a_contradiction_that_people_found_is_a_conflict_with_its_place_on_a_page(told: story.Told) -> None:
    before = conflicts(told.store)
    pairs = [tuple(sorted((told.ids[a], told.ids[b]))) for a, b in ((3, 8), (0, 5))]
    for pair in pairs:
        record_pair_judgement(told.store, pair, "contradiction", "Ida")
    after = conflicts(told.store)
    assert after.total == before.total + 2 == counts(told.store).conflicts
    assert conflicts(told.store, which=Which(set_aside=True)).total == after.total
    assert {(row.a.claim_id, row.b.claim_id) for row in after.rows[:2]} == set(pairs)
    assert [row.link for row in after.rows[2:]] == [row.link for row in before.rows]
    cut = [conflicts(told.store, 2, start) for start in (0, 2, 4, 6, 8)]
    assert sum((page.rows for page in cut), ()) == after.rows and {page.total for page in cut} == {after.total}
    odd = conflicts(told.store, 3, 1)
    assert odd.rows == after.rows[1:4]
    named = {(row[0], row[1]): row[2:] for row in who_contradicts_whom(told.store).rows}
    assert named[("Port Ellory Harbour Authority", "Tomas Brandvold")] == (1, 1)
    assert named[("The Ellory Ledger", "Harbour notes")] == (1, 1)


def test_a_pair_set_aside_leaves_denies_for_the_end_of_related(told: story.Told) -> None:
    claim, union = told.ids[0], told.ids[4]
    record_pair_judgement(told.store, (claim, union), "not_contradiction", "Ida")
    assert others(told.store, claim, "contradicts") == []
    assert others(told.store, claim, "related") == [told.ids[5], union]
    record_pair_judgement(told.store, (claim, union), "same_claim", "Ben")
    assert others(told.store, claim, "supports")[0] == union
    record_pair_judgement(told.store, (claim, union), "unclear", "Ben")
    assert others(told.store, claim, "contradicts") == [union]


def test_nothing_of_a_pair_set_aside_is_marked_as_a_clash_or_a_change_of_position(told: story.Told) -> None:
    claim, union = told.ids[0], told.ids[4]
    record_pair_judgement(told.store, (claim, union), "not_contradiction", "Ida")
    row = next(row for row in related(told.store, claim).related if row.other.claim_id == union)
    card = str(pair_cards.related_statement(row, speaker="Dockers’ union"))
    assert "cc-clash" not in card and "cc-changed" not in card and "cc-edge-related" in card
    assert "the machine: can’t both be true, strong (0.94)" in card and "Not a contradiction" in card
    assert pair_cards.clash_in_claim(related(told.store, claim).contradicts, union) == ()
    row = conflicts(told.store, which=Which(set_aside=True)).rows[0]
    assert "cc-clash" not in str(pair_cards.pair(row.a, row.b, row.link, row.judgement))


def test_the_table_of_claims_names_what_people_found(told: story.Told) -> None:
    record_pair_judgement(told.store, (told.ids[0], told.ids[4]), "not_contradiction", "Ida")
    record_pair_judgement(told.store, (told.ids[0], told.ids[5]), "contradiction", "Ida")
    rows = csv.DictReader(io.StringIO(claims_csv(told.store).decode("utf-8-sig")))
    row = next(row for row in rows if row["claim_id"] == told.ids[0])
    assert row["contradicting_claim_ids"] == told.ids[5]
    assert (row["machine_label"], row["machine_score"]) == ("contradicts", "0.94")


def test_a_contradiction_between_claims_that_the_machine_linked_not_at_all_is_shown(told: story.Told) -> None:
    claim, far = told.ids[3], told.ids[6]
    record_pair_judgement(told.store, (claim, far), "contradiction", "Ida")
    assert others(told.store, claim, "contradicts") == [far] and others(told.store, far, "contradicts")[0] == claim
    row = related(told.store, claim).contradicts[0]
    assert "the machine found nothing between these two" in str(pair_cards.related_statement(row))
    first = conflicts(told.store).rows[0]
    assert {first.a.claim_id, first.b.claim_id} == {claim, far}
    # Once the text no longer yields one of them, neither the board nor the queue speaks of it.
    replace_claims(told.store, story.COAST.id, [], "again")
    assert others(told.store, claim, "contradicts") == [] and listed(told.store, claim).contradiction is None
    assert conflicts(told.store).total == counts(told.store).conflicts == 0


def test_the_keys_go_on_from_where_a_statement_stood_before_it_was_judged(told: story.Told) -> None:
    claim = told.ids[1]
    app = opened("claim", claim=claim)
    sign(app)
    for _ in range(2):  # past what says the same
        press(app, f"choose-J-{claim}")
    first, second = (row.other.claim_id for row in related(told.store, claim).contradicts)
    assert app.session_state[f"chosen-{claim}"] == first
    press(app, f"say-not_contradiction-{claim}-{first}-0")
    assert others(told.store, claim, "related")[-1] == first
    press(app, f"choose-J-{claim}")
    assert app.session_state[f"chosen-{claim}"] == second
    shown = words(app)
    assert "the machine: can’t both be true, strong (0.88)" in shown


@pytest.fixture
def older(told: story.Told, tmp_path) -> story.Told:
    """The workspace as a program left it that knew nothing of this."""
    record_pair_judgement(told.store, (told.ids[3], told.ids[8]), "contradiction", "Ida")
    record_verdict(told.store, told.ids[0], "refuted", "Ida")
    tables = ("articles", "claims", "relations", "pair_judgements", "verdicts")
    path = database_at(tmp_path / "old", "0016", told.store, tables)
    with closing(sqlite3.connect(path)) as old, old:
        old.execute(
            "UPDATE claims SET contradiction = NULL, contradiction_strict = 0, attention = 0 WHERE id = ?",
            (told.ids[3],),
        )
        # A judged claim lost less than it does by now.
        old.execute("UPDATE claims SET attention = attention + 1 WHERE status <> 'unreviewed'")
    return story.Told(Store(path.parent), told.ids)


def test_an_older_workspace_opens_with_what_its_people_had_found(older: story.Told) -> None:
    query = "SELECT id, contradiction, contradiction_strict, attention, blind_attention FROM claims ORDER BY id"
    with older.store.writing() as connection:
        migrated = connection.exec_driver_sql(query).all()
        refresh_contradictions(connection, older.ids)
        assert connection.exec_driver_sql(query).all() == migrated
    assert listed(older.store, older.ids[3]).contradiction == 1.0
