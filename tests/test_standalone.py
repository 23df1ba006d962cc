"""Readings that stand alone: made only where it is sure what a word means."""

from __future__ import annotations

import pytest

from claims import ClaimExtractor, Provenance
from claims.reading import article_from_text

LEAD = "Harbour Council closed the bridge because of rust in its cables.\n"


@pytest.fixture(scope="module")
def alone():
    """Text in, the readings of its claims out."""
    extractor = ClaimExtractor()

    def read(text: str, date: str = "") -> list[str]:
        return [claim.standalone for claim in extractor.extract(article_from_text(text, Provenance(date=date)))]

    return read


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("Mary Holt closed the bridge. She has owned a ferry since 2004.", "Mary Holt has owned a ferry since 2004."),
        ("Mary Holt said she would reopen the bridge in June.", "Mary Holt would reopen the bridge in June"),
        ("Mary Holt left early. Her ferry sank in the harbour.", "Mary Holt’s ferry sank in the harbour."),
        ("The council said it was late. The council knew of the rust.", "Harbour Council knew of the rust."),
    ],
)
def test_what_is_sure_is_named(alone, text, reading):
    assert reading in alone(LEAD + text + "\n")


@pytest.mark.parametrize(
    "text",
    [
        "John Reed met Peter Vane on the pier. He has owned a ferry since 2004.",
        "Mary Holt spoke to the engineer. He has owned a ferry since 2004.",
        "Kim Reed closed the bridge. He has owned a ferry since 2004.",
        "John Reed closed the bridge. The engineer says he has owned a ferry since 2004.",
        "Mary Holt said: “She has owned a ferry since 2004.”",
    ],
)
def test_what_may_mean_another_stays(alone, text):
    assert not any(
        reading.endswith(" has owned a ferry since 2004.") and "he has" not in reading.lower()
        for reading in alone(LEAD + text)
    )


@pytest.mark.parametrize(
    ("sentence", "reading"),
    [
        ("Rents rose by a tenth last year.", "Rents rose by a tenth in 2021."),
        ("The bridge opened in the last year of the war.", "The bridge opened in the last year of the war."),
        ("Last month the bridge was closed.", "In February 2022 the bridge was closed."),
        ("The mayor resigned yesterday.", "The mayor resigned on 23 March 2022."),
        ("It has been closed since last year.", "It has been closed since 2021."),
        ("This year’s rents are higher.", "2022’s rents are higher."),
        ("The bridge was closed on Monday.", "The bridge was closed on Monday."),
    ],
)
def test_dates_are_read_from_the_articles_date(alone, sentence, reading):
    assert alone(LEAD + sentence + "\n", date="2022-03-24")[-1] == reading


def test_without_a_date_nothing_is_dated(alone):
    assert alone(LEAD + "Rents rose by a tenth last year.\n")[-1] == "Rents rose by a tenth last year."


def test_words_of_others_are_left_as_they_were_said(alone):
    text = LEAD + "“Rents rose by a tenth last year,” Mary Holt said.\n"
    assert "Rents rose by a tenth last year" in alone(text, date="2022-03-24")
