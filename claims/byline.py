"""What the text itself says of its author, outlet and date: bylines, credits and the author's note at the end."""

from __future__ import annotations

import re

from claims.article import Provenance
from claims.layout import Paragraph, Role, paragraphs
from claims.names import first_name
from claims.written_dates import DATE, lone_date, parse_date

_NAME = r"[A-Z][\w'’.-]+(?: (?:(?!(?:in|for|at|of|on|and|the) )[a-z]{2,3} )?[A-Z][\w'’.-]*){1,3}"
_WRITTEN = re.compile(
    rf"^(?:Written |Words |Posted |Published |Article |Reported |Opinion |Comment )?[Bb]y:?\s+(?P<author>{_NAME})"
    rf"(?:[,|•·–—-]? +(?:(?:in|for|at|of) )?(?P<rest>.*))?$"
)
_DATED = re.compile(
    rf"^(?:Written|Posted|Published|First published|Last updated|Last Updated|Updated|Date)\b[^.]*?(?P<date>{DATE})"
)
_FIRST_PUBLISHED = re.compile(
    rf"\b[Bb]y (?P<author>{_NAME})\b[^.]*?\b(?:first|originally|previously) (?:published|appeared) (?:in|on|by) "
    r"(?P<outlet>(?:the )?[A-Z][\w'’&-]*(?: (?:of |and |& )?[A-Z][\w'’&-]*)*)"
)
_FIRST_PUBLISHED_IN = re.compile(
    r"\b(?:first|originally|previously) (?:published|appeared) (?:in|on|by) "
    r"(?P<outlet>(?:the )?[A-Z][\w'’&-]*(?: (?:of |and |& )?[A-Z][\w'’&-]*)*)"
)
_PUBLISHED_BY = re.compile(r"^Published:? (?:by|in|on) (?P<outlet>[A-Z][^.,|]{2,60})$")
_AUTHOR_NOTE = re.compile(
    rf"^(?P<author>{_NAME}) (?:is|was) (?:(?:a|an|the) )?(?:[\w'’-]+ ){{0,8}}?"
    r"(?:member|columnist|writer|author|editor|professor|director|journalist|reporter|correspondent|fellow|MP|leader|"
    r"chair|chairman|chairwoman|president|founder|lecturer|head|chief|campaigner|analyst|minister|secretary|senator)\b"
)
# "Ada Byron in Harbour", with nothing but the date below.
_NAMED_ABOVE = re.compile(rf"^(?P<author>{_NAME})(?: in [A-Z][\w'’. -]{{2,30}})?$")
_LINES_ABOVE = 2
_POST_NOMINALS = re.compile(r",? (?:AM|MP|MSP|MS|MLA|MEP|QC|KC|OBE|MBE|CBE)$")


def provenance_in(text: str) -> Provenance:
    """Title, outlet, author and date as far as `text` gives them; what it does not say stays empty."""
    parts = paragraphs(text)
    title = next((part.text for part in parts if part.role is Role.HEADLINE), "")
    author = outlet = date = ""
    body_seen = 0
    for place, part in enumerate(parts):
        line = part.text
        body_seen += part.role is Role.BODY
        near_the_end = place >= len(parts) - 12
        if match := _DATED.search(line):
            date = date or parse_date(match["date"])
        if match := _FIRST_PUBLISHED.search(line):
            author, outlet = author or match["author"], outlet or match["outlet"]
        elif near_the_end and (match := _FIRST_PUBLISHED_IN.search(line)) or (match := _PUBLISHED_BY.search(line)):
            outlet = outlet or match["outlet"]
        elif (body_seen <= 1 or near_the_end) and (match := _WRITTEN.match(line)) and len(line) < 120:
            author = author or match["author"]
            if written := re.search(DATE, line):
                date = date or parse_date(written[0])
        elif near_the_end and (match := _AUTHOR_NOTE.match(line)) and len(line) < 300:
            author = author or match["author"]
    above, day = _above_the_story(parts)
    author, date = author or above, date or day
    return Provenance(
        title=title,
        outlet=re.sub(r"^the ", "", outlet).strip(),
        author=_POST_NOMINALS.sub("", author).strip(),
        date=date,
    )


def _above_the_story(parts: list[Paragraph]) -> tuple[str, str]:
    """Author and date where they stand before the story as lines of their own: a name, and below it a date."""
    dates = {place: day for place, part in enumerate(parts) if (day := lone_date(part.text))}
    body = [place for place, part in enumerate(parts) if part.role is Role.BODY]
    # Dates between paragraphs are those of a timeline.
    if not body or any(body[0] < place < body[-1] for place in dates):
        return "", ""
    found = next((place for place in dates if place < body[0]), None)
    if found is None:
        return "", ""
    for place in range(found - 1, max(found - 1 - _LINES_ABOVE, 0), -1):
        match = _NAMED_ABOVE.match(parts[place].text)
        if match and first_name(match["author"].split()[0]):
            return match["author"], dates[found]
    return "", dates[found]
