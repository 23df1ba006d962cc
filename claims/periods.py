"""Dates and periods in a parsed text, resolved against the day it was written."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
# These mean a day only beside the day of writing.
RELATIVE = re.compile(
    r"\b(?:ago|last|next|this|later|earlier|previous|since|yesterday|today|tomorrow|tonight|now|coming|following)\b",
    re.IGNORECASE,
)
_UNIT = r"(?:day|week|weekend|fortnight|month|quarter|year|decade|century|summer|winter|spring|autumn|fall)"
# "Two years", "40 years of data", "a year later" say how long, not when; "two years ago" and "last year" say when.
_HAS_UNIT = re.compile(rf"\b(?:{_UNIT}s?|decades|centuries)\b", re.IGNORECASE)
_PLACED = re.compile(rf"\bago\b|\b(?:last|this|next) {_UNIT}\b|\b\d{{4}}\b|\b(?:{'|'.join(_MONTHS)})\b", re.IGNORECASE)
# A bare "48" behind a name is an age, not the year 1948.
_BARE_NUMBER = re.compile(r"\d{1,2}$")
_LEADS = re.compile(
    r"^(?:(?:(?:the )?(?:end|start|beginning|middle|turn|close) of|"
    r"at least|in|on|at|by|until|since|from|early|late|mid|the|around|about)[ -])+",
    re.IGNORECASE,
)
_A_FORTNIGHT_AGO = re.compile(r"\b(?:a|one) fortnight ago\b", re.IGNORECASE)
_DAY_OF_A_WEEK = re.compile(rf"^({'|'.join(_DAYS)}) (?P<which>last|this|next) week$", re.IGNORECASE)
_WEEKS_AWAY = {"last": -1, "this": 0, "next": 1}
# "2020-21", "2019/20 season", "2016 to 2018".
_YEARS = re.compile(
    r"^(?:between )?(?P<first>(?:1[89]|20)\d\d) ?(?:[-–/]|to |and )(?P<last>(?:(?:1[89]|20)\d\d|\d\d))(?: [a-z]+)*$",
    re.IGNORECASE,
)
_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "nine": 9, "twelve": 12}
_UP_TO_A_MONTH = re.compile(
    rf"^(?:year|(?P<months>\d{{1,2}}|{'|'.join(_COUNTS)}) months) (?:to|ending(?: in)?|ended(?: in)?) "
    rf"(?:the end of )?(?P<month>{'|'.join(_MONTHS)})(?:,? (?P<year>\d{{4}}))?$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(rf"^({'|'.join(_DAYS)})(?: (?:morning|afternoon|evening|night))?$", re.IGNORECASE)
_MONTH = re.compile(rf"^({'|'.join(_MONTHS)})$", re.IGNORECASE)
_AHEAD_OF = {"by", "until", "till"}
_WILL = {"will", "shall", "ll", "would", "can", "could", "may", "might", "must", "should", "to"}


@dataclass(frozen=True, slots=True)
class Period:
    """A date or period at characters `start` to `end` of a text: `first` and `last` day, both included."""

    start: int
    end: int
    text: str
    first: date
    last: date


def periods_in(doc: Doc, written: date | None) -> list[Period]:
    """Dates and periods; relative ones ("last year") only where the day of writing is known."""
    found = []
    for match in _A_FORTNIGHT_AGO.finditer(doc.text) if written is not None else ():
        with suppress(ValueError, OverflowError):  # beyond the calendar
            if dated := _period("2 weeks ago", written):
                found.append(Period(*match.span(), match[0], *dated))
    for entity in doc.ents:
        if entity.label_ != "DATE" or RELATIVE.search(entity.text) and written is None:
            continue
        try:
            dated = _period(_LEADS.sub("", entity.text).strip(), written, _lies_ahead(entity))
        except (ValueError, OverflowError):  # beyond the calendar, as for what is "of" 0001-01-01
            continue
        if dated is not None:
            found.append(Period(entity.start_char, entity.end_char, entity.text, *dated))
    return found


def _lies_ahead(entity: Span) -> bool:
    """Whether the date's verb looks forward ("will open on Friday", "opens on Friday", "to be done by March")."""
    lead = {token.lower_ for token in (*entity, *entity.doc[max(0, entity.start - 1) : entity.start])} & _AHEAD_OF
    verb = next((one for one in entity.root.ancestors if one.pos_ in {"VERB", "AUX"}), None)
    if verb is None:
        return bool(lead)
    helpers = {child.lower_.strip("’'") for child in verb.children if child.dep_ in {"aux", "auxpass"}}
    if helpers & _WILL and "have" not in helpers or verb.lower_ == "due":
        return True
    behind = verb.tag_ in {"VBD", "VBN"} or helpers & {"was", "were", "had", "has", "have", "did"}
    return not behind and (bool(lead) or verb.tag_ in {"VBZ", "VBP"} and not helpers)


@lru_cache(maxsize=4096)
def _period(text: str, written: date | None, ahead: bool = False) -> tuple[date, date] | None:
    """First and last day of a written date; what has no year is the last such one, with `ahead` the next."""
    if (spanned := _several(text, written)) is not None:
        return spanned
    if re.search(r"\d\d\d0s$", text):
        first = int(text[-5:-1])
        return date(first, 1, 1), date(first + 9, 12, 31)
    if _BARE_NUMBER.match(text) or _HAS_UNIT.search(text) and not _PLACED.search(text):
        return None
    if written is not None and (match := _WEEKDAY.match(text)):
        day = _DAYS.index(match[1].lower())
        away = (day - written.weekday()) % 7 if ahead else -((written.weekday() - day) % 7)
        return (written + timedelta(days=away),) * 2
    if written is not None and (match := _MONTH.match(text)):
        month = _MONTHS.index(match[1].lower()) + 1
        later = ahead and month < written.month
        earlier = not ahead and month > written.month
        return _month(date(written.year + later - earlier, month, 1))
    return _parsed(text, written, ahead)


def _several(text: str, written: date | None) -> tuple[date, date] | None:
    """The days of years with a mark between them, of "Tuesday last week" and of "the year to March"."""
    if match := _YEARS.match(text):
        first = int(match["first"])
        last = int(match["last"]) if len(match["last"]) == 4 else first // 100 * 100 + int(match["last"])
        # "2020-06" is a month.
        near = first < last and (last == first + 1 or len(match["last"]) == 4 or last % 100 > len(_MONTHS))
        return (date(first, 1, 1), date(last, 12, 31)) if near else None
    if written is not None and (match := _DAY_OF_A_WEEK.match(text)):
        monday = written - timedelta(days=written.weekday())
        day = monday + timedelta(weeks=_WEEKS_AWAY[match["which"].lower()], days=_DAYS.index(match[1].lower()))
        return day, day
    if match := _UP_TO_A_MONTH.match(text):
        ended = _period(match["month"], written) if match["year"] is None else _named_month(match)
        if ended is None:
            return None
        counted = (match["months"] or "12").lower()
        months = _COUNTS.get(counted) or int(counted)
        before = ended[0].year * 12 + ended[0].month - months
        return date(before // 12, before % 12 + 1, 1), ended[1]
    return None


def _named_month(match: re.Match[str]) -> tuple[date, date]:
    return _month(date(int(match["year"]), _MONTHS.index(match["month"].lower()) + 1, 1))


def _parsed(text: str, written: date | None, ahead: bool) -> tuple[date, date] | None:
    from dateparser.date import DateDataParser

    settings = {"PREFER_DATES_FROM": "future" if ahead else "past", "REQUIRE_PARTS": [] if written else ["year"]}
    if written is not None:
        settings["RELATIVE_BASE"] = datetime(written.year, written.month, written.day)
    found = DateDataParser(languages=["en"], settings=settings).get_date_data(text)
    if found.date_obj is None:
        return None
    day = found.date_obj.date()
    if found.period == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if found.period == "month":
        return _month(day)
    if found.period == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    return day, day


def _month(day: date) -> tuple[date, date]:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return date(day.year, day.month, 1), following - timedelta(days=1)
