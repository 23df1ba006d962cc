"""What a claim is about: the people, bodies, places, figures and dates that it names."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from claims.cast import Cast
from claims.claim import Topic
from claims.quantities import figures_in, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Span

    from claims.periods import Period

TOPICS = {"person": "People", "organisation": "Organisations", "place": "Places", "number": "Figures", "date": "Dates"}
_NAMES = {"PERSON": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "FAC": "place"}
# One place under its usual short names, written without stops.
_IN_FULL = {
    "US": "United States",
    "USA": "United States",
    "United States of America": "United States",
    "UK": "United Kingdom",
    "UAE": "United Arab Emirates",
    "DRC": "Democratic Republic of the Congo",
    "DC": "Washington, D.C.",
    "Washington DC": "Washington, D.C.",
    "NYC": "New York City",
}
_LEADING = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)


def topics_in(doc: Doc, cast: Cast, periods: Sequence[Period]) -> list[tuple[int, int, Topic]]:
    """Characters and topic of all that a paragraph names, in order.

    Names go by what the cast of the article knows ("Holt" is "Mary Holt"); figures are in units that people use,
    dates ISO 8601: a year, a month, a day, or the first and the last day with a slash between. `written` is the
    article's date.
    """
    found = []
    for entity in doc.ents:
        kind = _NAMES.get(entity.label_)
        if kind is not None and (name := _name(entity, kind, cast)):
            # The tagger takes many a surname for a body.
            kind = "person" if kind == "organisation" and cast.is_person(name) else kind
            found.append((entity.start_char, entity.end_char, Topic(kind, name)))
    for figure in figures_in(doc):
        # A bare count says nothing without what is counted.
        what = figure.unit or figure.counted
        if what:
            values = [figure.value] if figure.other is None else [figure.other, figure.value]
            found += [(figure.start, figure.end, Topic("number", spoken(value, what))) for value in values]
    for period in periods:
        found.append((period.start, period.end, Topic("date", _iso(period.first, period.last))))
    return sorted(found, key=lambda one: one[:2])


def _name(entity: Span, kind: str, cast: Cast) -> str:
    text = _LEADING.sub("", " ".join(entity.text.split())).strip(" ,'’")
    # "U.S." keeps its last stop.
    text = text if text.count(".") > 1 else text.rstrip(".")
    text = re.sub(r"[’']s$", "", text)
    if not any(letter.isupper() for letter in text):
        return ""
    if kind == "place":
        return _IN_FULL.get(text.replace(".", "").replace(",", ""), text)
    return cast.named(text) or text


def _iso(first: date, last: date) -> str:
    if first == last:
        return first.isoformat()
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return f"{first.year:04}"
    if first.day == 1 and (last + timedelta(days=1)).day == 1 and (first.year, first.month) == (last.year, last.month):
        return f"{first:%Y-%m}"
    return f"{first.isoformat()}/{last.isoformat()}"
