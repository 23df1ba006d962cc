"""Reasons of conflicts: each kind is found with its places, and not where it would mislead."""

from __future__ import annotations

from datetime import date

import pytest

from claims.language import LanguageModel
from claims.periods import periods_in
from claims.quantities import figures_in
from embeddings.entailment import Entailment
from embeddings.opposites import opposed
from embeddings.reasons import Explainer, names_in_common
from tests.fakes import a_claim

LANGUAGE = LanguageModel()


def explained(one: str, other: str, model=None, written=None):
    pair = (a_claim("one", one, article="first"), a_claim("other", other, article="second"))
    return Explainer(model, LANGUAGE).explain([pair], written)[0]


def places(reason, one: str, other: str) -> tuple[list[str], list[str]]:
    return [one[a:b] for a, b in reason.spans_a], [other[a:b] for a, b in reason.spans_b]


@pytest.mark.parametrize(
    ("one", "other", "kind", "clash"),
    [
        (
            "The council says 90 per cent of pupils passed the exam.",
            "Only 70 per cent of pupils passed the exam, teachers found.",
            "number",
            (["90 per cent"], ["Only 70 per cent"]),
        ),
        (
            "The bridge did not collapse because of rust.",
            "Rust made the bridge collapse, the engineers wrote.",
            "negation",
            (["not"], ["collapse"]),
        ),
        (
            "The mayor makes the harbour safer.",
            "Without money we can't make the harbour safe.",
            "negation",
            (["safer"], ["can't"]),
        ),
        (
            "The town cannot repair the bridge.",
            "The town will repair the bridge.",
            "negation",
            (["cannot"], ["repair"]),
        ),
        (
            "Without the trust of the public the police can do little.",
            "The public has trust in its police.",
            "negation",
            (["Without"], ["trust"]),
        ),
        (
            "All residents were warned before the flood.",
            "No residents were warned before the flood.",
            "quantity",
            (["All"], ["No"]),
        ),
        (
            "The minister will remain in office until the summer.",
            "The minister is to resign this week, sources said.",
            "opposite",
            (["remain"], ["resign"]),
        ),
        (
            "The contract was awarded to Siemens by the board.",
            "The contract was awarded to Toshiba by the board.",
            "entity",
            None,
        ),
    ],
)
def test_a_clash_is_found_with_its_places(one, other, kind, clash):
    reason = explained(one, other)[0]
    assert reason.kind == kind
    if clash:
        assert places(reason, one, other) == clash


def test_figures_of_different_things_do_not_clash():
    one = "The storm destroyed 40 houses in the village."
    assert not [r for r in explained(one, "The fire brigade sent 12 engines to the village.") if r.kind == "number"]


@pytest.mark.parametrize("other", ["Two miles of track were lost.", "About 3.2 kilometres of track were lost."])
def test_one_length_in_two_units_is_no_clash(other):
    assert not [r for r in explained("Some 3,219 metres of track were lost.", other) if r.kind == "number"]


def test_a_lower_bound_fits_a_greater_figure():
    reasons = explained("More than 3,000 workers lost their jobs.", "The firm let 4,500 workers go; workers grieved.")
    assert not [reason for reason in reasons if reason.kind == "number"]


def test_an_abbreviated_sum_is_read():
    doc = LANGUAGE.read(["The tunnel cost £1.2bn last year."])[0]
    assert [(figure.low, figure.unit) for figure in figures_in(doc)] == [(1.2e9, "pound sterling")]


def test_relative_dates_are_read_from_the_day_of_writing():
    doc = LANGUAGE.read(["The factory closed last year."])[0]
    assert periods_in(doc, None) == []
    (period,) = periods_in(doc, date(2022, 3, 24))
    assert (period.first, period.last) == (date(2021, 1, 1), date(2021, 12, 31))


def test_different_periods_are_a_caveat():
    one = "Crime rose sharply across the city in 2015."
    other = "Crime fell sharply across the city in 2019."
    kinds = [reason.kind for reason in explained(one, other)]
    assert kinds[0] == "opposite"
    assert "period" in kinds


def test_one_event_on_two_dates_is_a_conflict_of_dates():
    one = "The factory closed on 3 May 2021."
    other = "The factory closed on 9 August 2021."
    (reason,) = explained(one, other)
    assert reason.kind == "date"
    assert places(reason, one, other) == (["3 May 2021"], ["9 August 2021"])


class CaresAboutTwoWords:
    """Sees a conflict only while "clean" and "filthy" stand in the pair."""

    model_id = "two-words"
    scale = None

    def score(self, pairs, progress=None):
        return [
            Entailment(0.9, 0, 0.1, 0.9) if "clean" in " ".join(pair) and "filthy" in " ".join(pair)
            else Entailment(0.1, 0, 0.9, 0.1)
            for pair in pairs
        ]  # fmt: skip


def test_where_no_rule_helps_the_model_shows_its_words():
    one, other = "Inspectors praised the clean kitchen.", "Guests remember a filthy place near the harbour."
    (reason,) = explained(one, other, CaresAboutTwoWords())
    assert reason.kind == "other"
    assert places(reason, one, other) == (["clean"], ["filthy"])


def test_one_speaker_on_both_sides_is_said():
    one = a_claim("one", "The road is safe.", "Mary Holt")
    other = a_claim("other", "The road is dangerous.", "Mary Holt", "second")
    kinds = {reason.kind for reason in Explainer(None, LANGUAGE).explain([(one, other)])[0]}
    assert {"attribution", "opposite"} <= kinds


def test_speakers_without_a_name_are_not_one_speaker_in_two_articles():
    one = a_claim("one", "The road is safe.", "officials")
    other = a_claim("other", "The road is dangerous.", "officials", "second")
    kinds = {reason.kind for reason in Explainer(None, LANGUAGE).explain([(one, other)])[0]}
    assert "opposite" in kinds and "attribution" not in kinds


def test_names_in_common_are_given_with_their_places():
    one, other = "Yesterday Mary Holt resigned.", "Nobody told Mary Holt about it."
    (reason,) = names_in_common(one, other)
    assert reason.words == "both name Mary Holt"
    assert places(reason, one, other) == (["Mary Holt"], ["Mary Holt"])
    assert reason.turned().spans_a == reason.spans_b


def test_a_name_that_opens_a_sentence_is_one_where_the_other_sentence_says_so():
    one, other = "Mary Holt will stay.", "Nobody told Mary Holt about it."
    for a, b in ((one, other), (other, one)):
        (reason,) = names_in_common(a, b)
        assert reason.words == "both name Mary Holt"
        assert places(reason, a, b) == (["Mary Holt"], ["Mary Holt"])
    (reason,) = names_in_common("Mary Holt will stay.", "Mary Holt resigns.")
    assert reason.words == "both name Mary Holt"


@pytest.mark.parametrize(
    ("one", "other", "named"),
    [
        ("Nobody will stay.", "Nobody told Mary Holt about it.", ""),
        ("Ferries stay.", "Ferries leave.", ""),
        ("We will stay.", "He told us: “We will leave.”", ""),
        ("May resigned.", "It rained in May.", ""),
        ("But Mary Holt stays.", "But Mary Holt resigns.", "Mary Holt"),
        ("If Holt wins, they stay.", "If Holt loses, they leave.", "Holt"),
        ("The Bank pays.", "Nobody trusts the Bank.", "Bank"),
        ("“Mary Holt will stay,” he said.", "Nobody told Mary Holt.", "Mary Holt"),
        ("NATO pays.", "Nobody trusts NATO.", "NATO"),
        ("The US pays.", "US envoys met in the US.", "US"),
        ("“It rained.” We left.", "“It snowed.” We stayed.", ""),
        ("(It rained.) The bank pays.", "(It was dry.) The bank closes.", ""),
        ("So did I. They left.", "As did I. They stayed.", ""),
        ("He knows I’m late.", "She says I’m late.", ""),
        ("She told Mr. Holt to stay.", "Then Mr. Holt resigned.", "Holt"),
    ],
)
def test_what_only_opens_a_sentence_is_no_name(one, other, named):
    for a, b in ((one, other), (other, one)):
        assert [reason.words for reason in names_in_common(a, b)] == ([f"both name {named}"] if named else [])


def test_opposites_know_the_part_of_speech():
    assert opposed("resign", "remain", "VERB")
    assert opposed("remain", "resign", "VERB")
    assert not opposed("resign", "remain", "NOUN")
