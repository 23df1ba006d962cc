"""The search box takes words as people write them: in quotation marks, with commas, with and without accents."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text

from tests import story
from tests.older import database_at
from workbench.care import _words
from workbench.claim_filter import ClaimFilter
from workbench.queries import claim_page
from workbench.search_words import folded, search_words
from workbench.store import Store


@pytest.fixture
def told(tmp_path) -> story.Told:
    told = story.tell(tmp_path / "new")
    with told.store.writing() as connection:
        values = {"id": told.ids[8], "said": "“Zürich’s Ko\u0301rnik–Łódź\n line” was  clo\u00adsed, Ørsted says."}
        connection.execute(text("UPDATE claims SET text = :said, standalone = :said WHERE id = :id"), values)
        connection.execute(text("UPDATE claims SET speaker = 'Zoë O’Hara' WHERE id = :id"), {"id": told.ids[5]})
    return told


def found(store: Store, ids: tuple[str, ...], wanted: str) -> set[int]:
    return {ids.index(row.id) for row in claim_page(store, ClaimFilter(search=wanted)).rows}


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        *((quoted, {0, 4}) for quoted in ('"swing bridge"', "“swing bridge”", "„Swing  Bridge“", "«swing bridge»,")),
        ('"bridge swing"', set()),
        ("bridge swing", {0, 4}),
        ('"bridge"', {0, 3, 4, 7}),
        ("bridge, port", {0, 7}),
        ("(bridge) – port?", {0, 7}),
        ("inspected twice.", {0, 7}),
        ("“inspected twice,” bridge", {0, 7}),
        ("“swing bridge", {0, 4}),
        ('"repair at 11"', {6}),
        ("at, 11.", {6}),
        ("dockers' union", {4, 6}),
        ("brïdgé swing", {0, 4}),
        *((name, {8}) for name in ("zurich's", "ZÜRICH", "kornik", "Kórnik-lodz", '"łódź line"', "closed, orsted")),
        *((name, {5}) for name in ("zoe", "ZOË", "o'hara", "O’Hara", '"zoe o’hara"')),
    ],
    ids=str,
)
def test_claims_are_found_by_words_and_phrases_as_people_write_them(told: story.Told, wanted: str, places) -> None:
    assert found(told.store, told.ids, wanted) == places


def test_a_search_of_nothing_but_punctuation_finds_what_holds_it_and_not_everything(told: story.Told) -> None:
    assert search_words(" ?! ") == ["?!"] and found(told.store, told.ids, "?!") == set()


@pytest.mark.parametrize("word", ["90%", "@port", "§", "$4", "a&b"])
def test_signs_that_mean_something_are_looked_for(word: str) -> None:
    assert search_words(f"({word}),") == [word]


@pytest.mark.parametrize(
    ("written", "typed"),
    [("Straße", "strasse"), ("ﬁnd", "find"), ("İzmir", "izmir"), ("Æsop’s Œuvre", "aesop's oeuvre"), ("한국", "한국")],
)
def test_one_word_in_two_shapes_is_the_same(written: str, typed: str) -> None:
    assert folded(written) == folded(typed) == typed


def test_what_no_claim_says_any_more_is_not_found(told: story.Told) -> None:
    with told.store.writing() as connection:
        connection.execute(text("UPDATE claims SET text = standalone || '!' WHERE id = :id"), {"id": told.ids[8]})
        connection.execute(text("UPDATE claims SET text = 'a', standalone = 'a' WHERE id = :id"), {"id": told.ids[8]})
    assert found(told.store, told.ids, "lodz") == set() and _words(told.store, mend=False) == []


def test_an_older_workspace_finds_words_without_their_accents(told: story.Told, tmp_path) -> None:
    path = database_at(tmp_path / "old", "0024", told.store, ("articles", "claims"))
    with closing(sqlite3.connect(path)) as old:
        sought = "SELECT count(*) FROM claim_words WHERE claim_words MATCH ?"
        assert old.execute(sought, ("lodz",)).fetchone() == (0,) and old.execute(sought, ("łódź",)).fetchone() == (1,)
    store = Store(path.parent)
    assert found(store, told.ids, "lodz zurich") == {8} and found(store, told.ids, '"swing bridge"') == {0, 4}
    assert _words(store, mend=False) == []
