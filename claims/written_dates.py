"""Dates as pages write them: within a line, and as a line of their own."""

from __future__ import annotations

import re
from datetime import datetime

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
DATE = rf"(?:{_DAY} (?:{_MONTHS})\.?,? \d{{4}}|(?:{_MONTHS})\.? {_DAY},? \d{{4}}|\d{{4}}-\d\d-\d\d)"
_WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?"
_TIME = r"\d{1,2}[:.h]\d\d(?:[:.]\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?(?: ?\(?[A-Z]{2,4}\)?)?"
_BETWEEN = r"(?: ?[,|·•–—-] ?| at | )"
_LONE_DATE = re.compile(
    rf"^(?:{_TIME}{_BETWEEN})?(?:{_WEEKDAY}\.?,? )?(?P<date>{DATE})(?:{_BETWEEN}{_TIME})?\.?$", re.IGNORECASE
)


def parse_date(text: str) -> str:
    """ISO date of a written one ("24 March 2022", "March 24, 2022", "2022-03-24"); empty where it is none."""
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|[,.]", "", text.strip()).replace("Sept ", "Sep ")
    for form in ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(plain, form).date().isoformat()
        except ValueError:
            continue
    return ""


def lone_date(line: str) -> str:
    """ISO date of a line that is nothing but one, perhaps with weekday and time; empty for any other line."""
    match = _LONE_DATE.match(line)
    return parse_date(match["date"]) if match else ""
