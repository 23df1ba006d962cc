"""Which day, month or year a date means."""

from __future__ import annotations

from datetime import date

import pytest

from claims import ClaimExtractor
from claims.periods import periods_in

TUESDAY = date(2024, 3, 12)


@pytest.fixture(scope="module")
def language():
    return ClaimExtractor().language


def found(language, text: str, written: date = TUESDAY) -> list[tuple[str, str]]:
    (doc,) = language.read([text])
    return [(period.first.isoformat(), period.last.isoformat()) for period in periods_in(doc, written)]


@pytest.mark.parametrize("written", [date.min, date.max], ids=str)
def test_what_would_lie_beyond_the_calendar_is_no_date(language, written):
    text = "The ferry sank on Friday, and in December it will sail on Monday."
    assert found(language, text)
    assert len(found(language, text, written)) < len(found(language, text))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Councillors voted on Tuesday to close the bridge.", "2024-03-12"),
        ("The ferry sank on Friday near the harbour.", "2024-03-08"),
        ("The workers will walk out on Friday over their pay.", "2024-03-15"),
        ("The school opens on Monday after the repairs.", "2024-03-18"),
        ("The mayor has closed the bridge on Friday.", "2024-03-08"),
    ],
)
def test_a_weekday_is_the_one_that_its_verb_looks_to_and_may_be_the_day_of_writing(language, text, day):
    assert found(language, text) == [(day, day)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("The bridge has been closed since at least 2019, the mayor said.", "2019-01-01"),
        ("The bridge was open at least last month, the mayor said.", "2024-02-01"),
    ],
)
def test_at_least_is_no_part_of_a_date(language, text, first):
    assert [begins for begins, _ in found(language, text)] == [first]


def test_a_fortnight_before_the_calendar_is_no_date(language):
    assert found(language, "The ferry sank a fortnight ago.", date.min) == []
    assert len(found(language, "The ferry sank a fortnight ago.")) == 1


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("The bridge will reopen by January, the mayor said.", "2025-01"),
        ("The bridge will reopen in May, the mayor said.", "2024-05"),
        ("The bridge was closed in May after a storm.", "2023-05"),
        ("The ferry stayed closed until January.", "2024-01"),
    ],
)
def test_a_month_without_a_year_is_the_next_or_the_last_one(language, text, month):
    (period,) = found(language, text)
    assert period[0] == f"{month}-01" and period[1].startswith(month)


@pytest.mark.parametrize(
    "text",
    [
        "He was jailed for two years over the fraud.",
        "Unemployment is at its lowest in 50 years.",
        "The model was tested on 40 years of data.",
        "Ministers plan to sell the bank within a year.",
        "He died two years later in the same town.",
    ],
)
def test_how_long_is_no_date(language, text):
    assert found(language, text) == []


@pytest.mark.parametrize(
    ("text", "first"),
    [("The mill burned down two years ago.", "2022"), ("Rents rose by a tenth last year.", "2023")],
)
def test_how_long_ago_is_a_date(language, text, first):
    (period,) = found(language, text)
    assert period[0].startswith(first)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("The work ended at the end of last year.", "2023-01-01", "2023-12-31"),
        ("The bridge was closed at the end of May.", "2023-05-01", "2023-05-31"),
        ("The vote took place a fortnight ago.", "2024-02-26", "2024-03-03"),
        ("It closed on Tuesday last week.", "2024-03-05", "2024-03-05"),
        ("Prices rose in the year to January.", "2023-02-01", "2024-01-31"),
        ("Prices rose by 4% in the 12 months to March 2021.", "2020-04-01", "2021-03-31"),
        ("In 2020-21 it lost three ferries.", "2020-01-01", "2021-12-31"),
        ("The club won in the 2019/20 season.", "2019-01-01", "2020-12-31"),
        ("Between 2016 and 2018 it grew.", "2016-01-01", "2018-12-31"),
        ("The pact was signed on 2020-06-21.", "2020-06-21", "2020-06-21"),
    ],
)
def test_a_period_is_as_long_as_the_text_says(language, text, first, last):
    assert found(language, text) == [(first, last)]
