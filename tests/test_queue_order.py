"""What nobody has judged comes first, whatever a judged claim deserves."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests import story
from tests.older import database_at
from workbench.attention import call_again, refresh_contradictions
from workbench.queries import ClaimFilter, claim_page
from workbench.store import Store
from workbench.verdicts import record_verdict


@pytest.fixture
def told(tmp_path) -> story.Told:
    """The strongest of all contradictions on a claim that deserves a check most, beside others that deserve none."""
    made = story.tell(tmp_path / "new")
    with made.store.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET check_worthiness = iif(id = ?, 1.0, 0.0)", (made.ids[0],))
        connection.exec_driver_sql("UPDATE relations SET score = 1.0")
        refresh_contradictions(connection, made.ids)
    return made


@pytest.mark.parametrize("wanted", [ClaimFilter(), ClaimFilter(blind_for="Kim")], ids=["usual", "blind"])
def test_a_judged_claim_of_full_weight_comes_after_unjudged_ones_of_none(told, wanted):
    """One less left the two alike, and the judged one came first by its check-worthiness."""
    assert claim_page(told.store, wanted).rows[0].id == told.ids[0]
    record_verdict(told.store, told.ids[0], "refuted", "Ida")
    assert claim_page(told.store, wanted).rows[-1].id == told.ids[0]


def test_a_judged_claim_that_is_to_be_looked_at_again_comes_first_again(told):
    record_verdict(told.store, told.ids[0], "refuted", "Ida")
    assert claim_page(told.store).rows[-1].id == told.ids[0]
    with told.store.writing() as connection:
        call_again(connection, told.ids[0], "Mayor: it stands.", of_pair=True)
        refresh_contradictions(connection, told.ids)
    first = claim_page(told.store).rows[0]
    assert first.id == told.ids[0] and first.look_again


@pytest.mark.parametrize(("proper", "contradiction", "strict", "weight"), [(0.2, 0.9, 0, 0.45), (0.6, 0.6, 1, 0.6)])
def test_a_weak_contradiction_does_not_lower_a_claim_that_stands_in_strong_tension(
    tmp_path, proper, contradiction, strict, weight
):
    made = story.tell(tmp_path)
    claim = made.ids[1]
    with made.store.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET check_worthiness = 1.0")
        connection.exec_driver_sql("UPDATE relations SET score = iif(strict, ?, 0.9)", (proper,))
        refresh_contradictions(connection, made.ids)
        row = connection.exec_driver_sql(
            "SELECT contradiction, contradiction_strict, attention FROM claims WHERE id = ?", (claim,)
        ).one()
    assert tuple(row) == pytest.approx((contradiction, strict, weight))


def figures(store: Store) -> list[tuple]:
    with store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT id, attention, blind_attention FROM claims ORDER BY id").all()
    return [tuple(row) for row in rows]


def test_an_older_workspace_has_that_order_too(told, tmp_path):
    record_verdict(told.store, told.ids[0], "refuted", "Ida")
    path = database_at(tmp_path / "old", "0025", told.store, ("articles", "claims"))
    with closing(sqlite3.connect(path)) as old, old:
        old.execute(
            "UPDATE claims SET attention = attention + 1, blind_attention = blind_attention + 1 WHERE id = ?",
            (told.ids[0],),
        )
    store = Store(path.parent)
    assert claim_page(store).rows[-1].id == told.ids[0] and figures(store) == figures(told.store)
