"""What the text itself says of its author, outlet and date: bylines, credits and the author's note at the end."""

from __future__ import annotations

import re
from datetime import datetime

from claims.article import Provenance
from claims.layout import Role, paragraphs

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = rf"(?:{_DAY} (?:{_MONTHS})\.?,? \d{{4}}|(?:{_MONTHS})\.? {_DAY},? \d{{4}}|\d{{4}}-\d\d-\d\d)"
_NAME = r"[A-Z][\w'’.-]+(?: (?:[a-z]{2,3} )?[A-Z][\w'’.-]*){1,3}"
_WRITTEN = re.compile(
    rf"^(?:Written |Words |Posted |Published |Article |Reported |Opinion |Comment )?[Bb]y:?\s+(?P<author>{_NAME})"
    rf"(?:[,|•·–—-]? +(?:(?:in|for|at|of) )?(?P<rest>.*))?$"
)
_DATED = re.compile(
    rf"^(?:Written|Posted|Published|First published|Last updated|Last Updated|Updated|Date)\b[^.]*?(?P<date>{_DATE})"
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
_POST_NOMINALS = re.compile(r",? (?:AM|MP|MSP|MS|MLA|MEP|QC|KC|OBE|MBE|CBE)$")


def parse_date(text: str) -> str:
    """ISO date of a written one ("24 March 2022", "March 24, 2022", "2022-03-24"); empty where it is none."""
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|[,.]", "", text.strip()).replace("Sept ", "Sep ")
    for form in ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(plain, form).date().isoformat()
        except ValueError:
            continue
    return ""


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
            if written := re.search(_DATE, line):
                date = date or parse_date(written[0])
        elif near_the_end and (match := _AUTHOR_NOTE.match(line)) and len(line) < 300:
            author = author or match["author"]
    return Provenance(
        title=title,
        outlet=re.sub(r"^the ", "", outlet).strip(),
        author=_POST_NOMINALS.sub("", author).strip(),
        date=date,
    )
