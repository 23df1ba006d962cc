"""Datelines: "SPRINGFIELD, Mo. (KYTV) - ", the place, day and agency before a report's first words."""

from __future__ import annotations

import re

_PLACE = r"[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3}"
_MIXED_PLACE = r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,2}"
_REGION = r"(?:,? [A-Z][\w'’-]+\.?(?: [A-Z][\w'’-]*\.?){0,2})?"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DAY = rf"(?:,? (?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})(?:,? \d{{4}})?)?"
_BRACKET = r"\([A-Z][\w.&/'’ -]{1,30}\)"
# Without a dash behind them, brackets with other capitals in them ("World Health Organization (WHO)") are no agency.
_AGENCY = r"\((?:CNN|AP|AFP|Reuters|REUTERS|UPI|BBC|ANI|PTI|IANS|Xinhua|Bloomberg|dpa|TASS|CBS|ABC|NBC|[KW][A-Z]{3})\)"
_BEGINS = r"(?=[\"“‘'(]?[A-Z0-9£$€])"
_DATELINE = re.compile(
    rf"^(?:{_PLACE}{_REGION},?{_DAY}(?: ?{_BRACKET})? *(?:[–—―]|(?<= )-{{1,2}} )[ ]*{_BEGINS}"
    rf"|(?:{_MIXED_PLACE}{_REGION},?{_DAY} ?)?{_BRACKET} *(?:[–—―]|-{{1,2}} ) *{_BEGINS}"
    rf"|{_MIXED_PLACE}, (?:[A-Z][\w'’-]+\.|[A-Z]{{2}}|[A-Z]\.[A-Z]\.){_DAY} *[–—―] *{_BEGINS}"
    rf"|(?:{_MIXED_PLACE}{_REGION},?{_DAY} ?)?{_AGENCY} *{_BEGINS})"
)
_LEAST_WORDS_BEHIND = 4


def dateline_end(line: str) -> int:
    """Characters of the dateline that `line` begins with, spaces behind it included; 0 where it has none."""
    match = _DATELINE.match(line)
    return match.end() if match and len(line[match.end() :].split()) >= _LEAST_WORDS_BEHIND else 0
