"""Figures in a parsed text, read into values that can be compared."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from claims.periods import RELATIVE
from claims.sentences import text_of
from claims.written_figures import KELVIN_AT_ZERO, Written, written_figures

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

_FIGURES = {"PERCENT", "MONEY", "QUANTITY", "CARDINAL"}
_AT_LEAST = re.compile(r"\b(?:more than|over|at least|no fewer than|no less than|above|upwards? of)\b", re.IGNORECASE)
_AT_MOST = re.compile(r"\b(?:fewer than|less than|under|up to|at most|no more than|below)\b", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:about|around|nearly|almost|roughly|some|approximately|circa|just over|just under)\b", re.I)
_ABOUT_SHARE = 0.1
# What a reader calls the library's base units, the largest first: how many of the base one holds, and its name.
_SPOKEN = {
    "second": ((31_557_600, "years"), (2_629_800, "months"), (604_800, "weeks"), (86_400, "days"), (3600, "hours"),
               (60, "minutes"), (1, "seconds")),
    "meter": ((1000, "km"), (1, "m"), (0.01, "cm")),
    "meter ** 2": ((1_000_000, "km²"), (1, "m²")),
    "meter ** 3": ((1, "m³"), (0.001, "litres")),
    "kilogram": ((1000, "tonnes"), (1, "kg"), (0.001, "g")),
    "meter / second": ((1 / 3.6, "km/h"),),
    "radian": ((0.017453292519943295, "degrees"),),
    "kilogram * meter ** 2 / second ** 2": ((3.6e9, "MWh"), (3.6e6, "kWh"), (1, "J")),
    "kilogram * meter ** 2 / second ** 3": ((1e9, "GW"), (1e6, "MW"), (1000, "kW"), (1, "W")),
}  # fmt: skip
# What news mean by "minutes"; "seat 31C" and "4F" are no charge.
_MEANT = {"minute of arc": "minute", "second of arc": "second"}
_CODES = {"coulomb", "farad"}
# Four digits may be a year.
_PLAIN_COUNT = re.compile(r"\d{1,3}(?:,\d{3})*|\d{5,7}")
_PARENTS = {"mother", "father", "mum", "mom", "dad", "parent", "parents", "grandmother", "grandfather"}
# From here on ten digits would turn into "1e+10".
_MANY_DIGITS = 1e10
# "6 a.m." is no duration ("a" reads as a year), nor is "the third year" a third of one.
_CLOCK = re.compile(r"\d:\d\d|\d\s*(?:[ap]\.?\s?m\b|o[’']clock)|\b(?:noon|midnight)\b", re.IGNORECASE)
_RANKED = re.compile(
    r"\b(?:first|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th)|"
    r"second (?=year|month|week|day|hour|minute|quarter|half|time))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure at characters `start` to `end` of a text: between `low` and `high` of `unit` ("" where it only counts).

    `value` is the number that stands there, without "about" or "more than"; of a range or a change ("from 12 to 18
    weeks") the last, `other` the first. `counted` is the lemma of what is counted or shared ("officer" in "90 per cent
    of officers"), "" where unclear.
    """

    start: int
    end: int
    text: str
    value: float
    low: float
    high: float
    unit: str
    counted: str
    other: float | None = None


def figures_in(doc: Doc) -> list[Figure]:
    """Percentages, sums, counts, measures and durations; lengths and weights in SI units."""
    found = [figure for one in written_figures(doc.text) if (figure := _as_written(doc, one))]
    for entity in doc.ents:
        if any(figure.start < entity.end_char and entity.start_char < figure.end for figure in found):
            continue
        duration = entity.label_ in {"DATE", "TIME"} and not RELATIVE.search(entity.text)
        if entity.label_ not in _FIGURES and not duration or entity.label_ in {"DATE", "TIME"} and _is_point(entity):
            continue
        read = _value(entity.text)
        if read is None or (duration and read[1] != "second") or _is_share(entity):
            continue
        found.append(_figure(doc, entity.start_char, entity.end_char, *read, _counted(entity)))
    found += _counts(doc, found)
    return sorted(found, key=lambda figure: figure.start)


def _as_written(doc: Doc, one: Written) -> Figure | None:
    """The figure of a form that text alone shows; None where the word behind a range is nothing that is counted."""
    span = doc.char_span(one.start, one.end, alignment_mode="expand")
    if one.known:
        value, unit, other = one.number, one.name, one.first
    else:
        value, unit = _value(f"{one.number:.15g} {one.name}") or (one.number, "")
        begins = None if one.first is None else _value(f"{one.first:.15g} {one.name}")
        other = begins and begins[0]
        if not unit and one.first is not None and (span[-1].tag_ != "NNS" or other is None):
            return None
    counted = "" if unit and unit != "per cent" else _counted(span)
    if not unit and one.name:
        counted = doc[span.end - (one.first is not None)].lemma_.lower()
    figure = _figure(doc, one.start, one.end, value, unit, counted)
    if one.changed or other is None:
        return replace(figure, other=other)
    return replace(figure, low=min(value, other), high=max(value, other), other=other)


def _counts(doc: Doc, found: list[Figure]) -> list[Figure]:
    """Plain counts ("900 jobs") that the tagger names nothing."""
    counts = []
    for token in doc:
        plain = not token.ent_type_ and token.dep_ == "nummod" and token.head.tag_ == "NNS"
        if not plain or not _PLAIN_COUNT.fullmatch(token.text):
            continue
        end = token.idx + len(token)
        if any(figure.start < end and token.idx < figure.end for figure in found):
            continue
        number = float(token.text.replace(",", ""))
        counts.append(_figure(doc, token.idx, end, number, "", token.head.lemma_.lower()))
    return counts


def spoken(value: float, unit: str) -> str:
    """A value in a base unit as people write it: "33 years", "32.19 km"; in other units, `value` and `unit`.

    Times are in the largest unit that leaves a whole number, other measures in the largest of which there is one.
    """
    if unit == "kelvin":
        value, unit = value - KELVIN_AT_ZERO, "°C"
    sizes = _SPOKEN.get(unit)
    if sizes is None:
        return f"{_digits(value)} {unit}"
    held = [(size, name) for size, name in sizes if abs(value) >= size] or [sizes[-1]]
    whole = [
        (size, name) for size, name in held if unit == "second" and math.isclose(value / size, round(value / size))
    ]
    size, name = (whole or held)[0]
    share = value / size
    figure = _digits(share) if whole else f"{share:,.4g}" if abs(share) < 1e4 else f"{share:,.0f}"
    return f"{figure} {name.removesuffix('s') if figure == '1' and unit == 'second' else name}"


def _digits(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= _MANY_DIGITS else f"{value:,.10g}"


def _figure(doc: Doc, start: int, end: int, value: float, unit: str, counted: str) -> Figure:
    """The figure with the bounds that "more than", "up to" or "about" give it."""
    lead = text_of(doc)[max(0, start - 14) : end]
    low = high = value
    if _AT_LEAST.search(lead):
        high = float("inf")
    elif _AT_MOST.search(lead):
        low = float("-inf")
    elif _ABOUT.search(lead):
        low, high = value * (1 - _ABOUT_SHARE), value * (1 + _ABOUT_SHARE)
    return Figure(start, end, text_of(doc)[start:end], value, low, high, unit, counted)


def _is_share(entity: Span) -> bool:
    """ "One in five" is neither one nor five."""
    doc = entity.doc
    words = [token.lower_ for token in doc[entity.start : entity.end + 4] if token.lower_ != "every"]
    ahead = [token for token in doc[max(0, entity.start - 4) : entity.start] if token.lower_ != "every"]
    behind = re.match(r"\S+ (?:in|out of) (?P<whole>\S+)", " ".join(words))
    if behind and doc.vocab[behind["whole"]].like_num and not re.match(r"\d{4}", behind["whole"]):
        return True
    lead = re.search(r"(?P<part>\S+) (?:in|out of)$", " ".join(token.lower_ for token in ahead))
    return entity.label_ == "CARDINAL" and bool(lead) and doc.vocab[lead["part"]].like_num


def _is_point(entity: Span) -> bool:
    """A time of day or one year of several, also where the tagger cut "a.m." in two."""
    text = text_of(entity.doc)
    return bool(_CLOCK.search(text[entity.start_char : entity.end_char + 5]) or _RANKED.search(entity.text))


def _counted(entity: Span) -> str:
    """What the figure counts: the noun it stands before, or the one behind its "of"."""
    for token in entity:
        for child in token.children:
            if child.lower_ == "of":
                for counted in child.children:
                    if counted.dep_ == "pobj":
                        return counted.lemma_.lower()
    head = entity.root.head
    if entity.root.dep_ in {"nummod", "quantmod", "compound", "amod"} and head.pos_ in {"NOUN", "PROPN"}:
        # "Mother of three dies": children are counted, and what looks like a noun is the verb.
        before = [token.lower_ for token in entity.doc[max(0, entity.start - 2) : entity.start]]
        return "" if before[1:] == ["of"] and before[0] in _PARENTS else head.lemma_.lower()
    return ""


@lru_cache(maxsize=4096)
def _value(text: str) -> tuple[float, str] | None:
    """Value in the unit's base, and the base's name; None where the library reads none."""
    from quantulum3 import classifier, parser

    # Its classifier for ambiguous units is a pickle that only the scikit-learn it was made with can open.
    classifier.USE_CLF = False
    quantities = parser.parse(text)
    if not quantities:
        return None
    quantity = quantities[-1]
    # Of a range the library gives the middle, which nobody wrote.
    if quantity.uncertainty or quantity.unit.name in _CODES:
        return None
    unit = _MEANT.get(quantity.unit.name, quantity.unit.name)
    if unit in {"percentage", "per cent", "percent"} or re.search(r"per ?cent|%", text):
        return quantity.value, "per cent"
    if unit == "dozen":
        return quantity.value * 12, ""
    if unit == "dimensionless":
        return quantity.value, ""
    if quantity.unit.entity.name == "currency":
        return quantity.value, unit
    from pint.errors import PintError

    try:
        base = _registry().Quantity(quantity.value, unit.replace(" ", "_")).to_base_units()
    except (PintError, AttributeError, TypeError, ValueError):
        return quantity.value, unit
    return float(base.magnitude), str(base.units)


@lru_cache(maxsize=1)
def _registry():
    import pint

    return pint.UnitRegistry()
