"""Figures by the way they are written: sums, temperatures, ranges and short millions, which taggers cut up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

KELVIN_AT_ZERO = 273.15
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9, "tn": 1e12, "trillion": 1e12}
_SCALE = r"(?:\s?(?:bn|tn|m|k)\b|[\s-](?:thousand|million|billion|trillion)\b)"
# By the names that the library of units gives them, where it has one.
_CURRENCIES = {
    "£": "pound sterling",
    "€": "euro",
    "¥": "yen",
    "$": "dollar",
    "US$": "dollar",
    "A$": "australian dollar",
    "AU$": "australian dollar",
    "C$": "canadian dollar",
    "CA$": "canadian dollar",
    "NZ$": "new zealand dollar",
    "HK$": "hong kong dollar",
    "S$": "singapore dollar",
}
_SIGN = r"(?:(?<![A-Za-z])(?:US|AU?|CA?|NZ|HK|S)?\$|[£€¥])"
_TO = r"(?:[-–—]|\s+(?:to|and)\s+)"
_SUM = re.compile(
    rf"(?P<sign>{_SIGN})\s?(?P<first>{_NUMBER})(?P<scale>{_SCALE})?"
    rf"(?:(?P<to>{_TO})(?P<again>{_SIGN})?(?P<last>{_NUMBER})(?P<last_scale>{_SCALE})?)?(?![\d%])",
    re.IGNORECASE,
)
_SHARES = re.compile(
    rf"(?<![\d.,])(?P<first>{_NUMBER})\s?(?:%|per ?cent)?(?P<to>{_TO})(?P<last>{_NUMBER})\s?(?:%|per ?cent\b)",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?<![\d.,£$€¥:/–-])(?P<first>{_NUMBER})(?P<to>{_TO})(?P<last>{_NUMBER})(?P<scale>{_SCALE})?[\s-](?P<unit>[a-z]{{3,}})\b"
    r"(?!\s+(?:ago|later|earlier|before|after)\b)"
)
# "Ranged from 5 to 9" is no change.
_FROM = re.compile(r"(?P<before>\w*)\s*\bfrom\s+$", re.IGNORECASE)
_RANGING = ("rang", "vary", "vari", "anywhere")
_BETWEEN = re.compile(r"\bbetween\s+$", re.IGNORECASE)
_HUNDREDS = 100
_DASHES = {"-", "–", "—"}
_YEAR = re.compile(r"(?:1[6-9]|20)\d\d")
_DEGREES = re.compile(
    rf"(?:(?P<minus>\bminus |(?<![\w-])[-−–])|(?<![\w.,£$€-]))(?P<number>{_NUMBER})\s?"
    r"(?:(?<=\d)(?P<bare>[CF])\b(?!-)|(?:°\s?|º\s?|degrees? )(?P<scale>[CF]\b|[Cc]elsius|[Cc]entigrade|[Ff]ahrenheit))",
)
# Seats, gates and forms have a number with a C or F, too.
_OF_HEAT = re.compile(
    r"temperatur|\bheat|warm|\bcold|\bhot|\bcool|weather|freez|frost|mercury|thermomet|\bhighs?\b|\blows?\b|"
    r"\bminus\b|\breach|\bhit\b|\bclimate|°",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b(?:seat|row|gate|form|room|flat|unit|block|class|level|bus|flight)s?\s+$", re.IGNORECASE)
_NEAR_HEAT = 80  # characters on either side in which such a word stands
_MILLIONS = re.compile(
    rf"(?<![\d.,£$€¥])(?P<number>{_NUMBER})\s?(?:(?P<billions>bn|tn)\b|m (?=(?P<things>[A-Za-z]{{2,}}s|people|children|"
    r"men|women)\b))"
)
_MEASURED = {
    "across", "less", "this", "is", "was", "has", "plus", "versus", "towards", "besides", "always", "as", "us", "its",
    "his", "does", "times", "hurdles", "sprints", "races", "finals", "heats", "waves", "walls", "fences", "pounds",
    "runners", "swimmers", "sprinters", "hurdlers", "freestylers", "athletes", "medals", "medallists", "titles",
    "champions", "records", "butterflies", "breaststrokers",
    "afterwards", "upwards", "downwards", "outwards", "inwards", "backwards", "forwards",
}  # fmt: skip
_AREA = re.compile(
    rf"(?<![\d.,])(?P<number>{_NUMBER})\s?sq\.?\s?(?:(?P<metres>m|met(?:re|er)s?)|(?P<km>km)|(?P<feet>f(?:oo|ee)?t)|"
    r"(?P<miles>mi|miles?))\b",
    re.IGNORECASE,
)
_SQUARE_METRES = {"metres": 1.0, "km": 1e6, "feet": 0.09290304, "miles": 2_589_988.110336}


@dataclass(frozen=True, slots=True)
class Written:
    """A figure at characters `start` to `end`: `number` (of a range its end) with what the text says of its unit.

    `first` is where a range begins, or what a change began from (`changed`). `name` is the word behind the number, a
    unit ("tonnes") or what is counted; with `known` it is the unit in the library's words and needs no reading.
    """

    start: int
    end: int
    number: float
    name: str
    known: bool = False
    first: float | None = None
    changed: bool = False


def written_figures(text: str) -> list[Written]:
    """The figures of a text that have such a form, in order; none overlap."""
    found: list[Written] = []
    taken = bytearray(len(text))
    for figures in (_sums, _shares, _degrees, _areas, _millions, _ranges):
        for one in figures(text):
            if not any(taken[one.start : one.end]):
                taken[one.start : one.end] = b"\1" * (one.end - one.start)
                found.append(one)
    return sorted(found, key=lambda one: one.start)


def _number(digits: str, scale: str | None = None) -> float:
    return float(digits.replace(",", "")) * (_SCALES[scale.strip().lstrip("-").lower()] if scale else 1)


def _sums(text: str) -> Iterator[Written]:
    for match in _SUM.finditer(text):
        unit, last_scale = _CURRENCIES[match["sign"].upper()], match["last_scale"]
        number, last = _number(match["first"], match["scale"]), _number(match["last"] or "0", last_scale)
        if last_scale and not match["scale"] and number < _number(match["last"]):
            # "$5 to $10 million"
            number = _number(match["first"], last_scale)
        joined = match["to"] and (match["again"] or last_scale or match["to"].strip() in _DASHES)
        if joined and _is_range(text, match, number, last):
            yield Written(match.start(), match.end(), last, unit, True, number, _changed(text, match))
            continue
        end = match.end("scale") if match["scale"] else match.end("first")
        yield Written(match.start(), end, _number(match["first"], match["scale"]), unit, True)
        if match["again"]:
            yield Written(match.start("again"), match.end(), last, _CURRENCIES[match["again"].upper()], True)


def _shares(text: str) -> Iterator[Written]:
    yield from _spans(text, _SHARES)


def _ranges(text: str) -> Iterator[Written]:
    yield from _spans(text, _RANGE)


def _spans(text: str, form: re.Pattern[str]) -> Iterator[Written]:
    for match in form.finditer(text):
        share = form is _SHARES
        scale = None if share else match["scale"]
        first, last = _number(match["first"], scale), _number(match["last"], scale)
        years = _YEAR.fullmatch(match["first"]) or not share and _YEAR.fullmatch(match["last"])
        # "80 to 100,000" means thousands on both sides.
        short = first < _HUNDREDS <= last / _HUNDREDS
        if _is_range(text, match, first, last) and not years and not short:
            name = "per cent" if share else match["unit"]
            yield Written(match.start(), match.end(), last, name, share, first, _changed(text, match))


def _degrees(text: str) -> Iterator[Written]:
    for match in _DEGREES.finditer(text):
        scale = (match["bare"] or match["scale"])[0].upper()
        near = max(0, match.start() - _NEAR_HEAT), match.end() + _NEAR_HEAT
        if match["bare"] and (not _OF_HEAT.search(text, *near) or _NUMBERED.search(text, near[0], match.start())):
            continue
        degrees = _number(match["number"]) * (-1 if match["minus"] else 1)
        celsius = degrees if scale == "C" else round((degrees - 32) / 1.8, 1)
        yield Written(match.start(), match.end(), celsius + KELVIN_AT_ZERO, "kelvin", True)


def _areas(text: str) -> Iterator[Written]:
    for match in _AREA.finditer(text):
        area = _number(match["number"]) * _SQUARE_METRES[match.lastgroup]
        yield Written(match.start(), match.end(), area, "meter ** 2", True)


def _millions(text: str) -> Iterator[Written]:
    for match in _MILLIONS.finditer(text):
        things = match["things"] or ""
        if things.lower() not in _MEASURED:
            number = _number(match["number"], match["billions"] or "m")
            yield Written(match.start(), match.end() if things == "" else match.end() - 1, number, things)


def _is_range(text: str, match: re.Match[str], first: float, last: float) -> bool:
    """Whether a range or a change stands there: "20 and 30" only behind "between", "52-48" is neither."""
    between = match["to"].strip() != "and" or _BETWEEN.search(text, max(0, match.start() - 20), match.start())
    return bool(between) and (first < last or _changed(text, match))


def _changed(text: str, match: re.Match[str]) -> bool:
    lead = _FROM.search(text, max(0, match.start() - 20), match.start())
    return match["to"].strip() == "to" and lead is not None and not lead["before"].lower().startswith(_RANGING)
