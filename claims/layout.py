"""What each line of an article is: headline, body, a linked story's headline, or furniture of the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from claims.datelines import dateline_end
from claims.furniture import captions_below, is_caption, is_furniture
from claims.headlines import ends_in_quotation
from claims.lines import lines_of, plain_line
from claims.sentences import trim
from claims.signatures import cut_at_posts
from claims.tails import WRITERS_NOTE, leads, page_end
from claims.written_dates import lone_date


class Role(Enum):
    """What a paragraph is on its page. Only BODY is read for claims sentence by sentence."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    BODY = "body"
    LINKED_HEADLINE = "linked_headline"
    BYLINE = "byline"
    DATELINE = "dateline"
    CAPTION = "caption"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text without its outer white space, or what stands behind its dateline or before a post's
    signature: ``text == article_text[start:end]``. In wrapped text it is a paragraph, with its ends of line."""

    start: int
    end: int
    text: str
    role: Role


_ENDS_LIKE_A_SENTENCE = re.compile(r"[.!?:;…][\"”’')\]]*$|[\"”’]$")
_WORD = re.compile(r"\w[\w'’-]*")

_BYLINE = re.compile(
    r"^(?:by|words by|written by|posted by|reported by|article by|opinion by)\b:? .{2,120}$", re.IGNORECASE
)
_SIGNED_QUOTATION = re.compile(r"^[“\"].{15,}[.!?…,]?[”\"] *[―—–-]+ *[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]*){1,4}$")
# A dateline stands before the story's first words, which a line of the page may precede.
_DATELINES_IN = 2
LIST_MARK = re.compile(r"(?:[-•*·–▪◦]|\d{1,2}[.)])\s+")


def paragraphs(text: str) -> list[Paragraph]:
    """Every paragraph, which is a line unless the text is wrapped, with its offsets and its role.

    The roles are read from form alone (length, final punctuation, place on the page, and phrases that pages everywhere
    use), never from what an article is about.
    """
    spans: list[tuple[int, int]] = []
    posts: set[int] = set()
    for start, end in lines_of(text):
        for low, high, is_post in cut_at_posts(text[start:end]):
            if span := trim(text, start + low, start + high):
                if is_post:
                    posts.add(len(spans))
                spans.append(span)
    roles = _roles([plain_line(text[start:end]) for start, end in spans], posts)
    parts: list[Paragraph] = []
    bodies = 0
    for (start, end), role in zip(spans, roles, strict=True):
        line = text[start:end]
        bodies += role is Role.BODY
        cut = dateline_end(line) if role is Role.BODY and bodies <= _DATELINES_IN else 0
        if cut:
            dateline = line[:cut].rstrip()
            parts.append(Paragraph(start, start + len(dateline), dateline, Role.DATELINE))
        parts.append(Paragraph(start + cut, end, line[cut:], role))
    return parts


def _roles(lines: list[str], posts: set[int]) -> list[Role]:
    roles = [Role.BODY if place in posts else _role_by_itself(line) for place, line in enumerate(lines)]
    for place in captions_below(lines):
        roles[place] = Role.CAPTION
    found, led = leads(lines)
    end = page_end(lines, [role is Role.BODY for role in roles], found)
    for place in (*found, *range(end, len(lines))):
        roles[place] = Role.FURNITURE
    sentences = [
        _is_sentence_line(line) and roles[place] is Role.BODY and place not in led for place, line in enumerate(lines)
    ]
    body = [place for place, line in enumerate(lines) if sentences[place] and len(_WORD.findall(line)) >= 5]
    first, last = (body[0], body[-1]) if body else (len(lines), -1)
    seen: set[str] = set()
    head_done = False
    for place, line in enumerate(lines):
        if roles[place] is not Role.BODY or place in posts or sentences[place] and first <= place <= last:
            continue
        words = len(_WORD.findall(line))
        if place < first:
            folded = line.casefold()
            if words < 3 or folded in seen:
                roles[place] = Role.FURNITURE
            else:
                roles[place] = Role.STANDFIRST if head_done else Role.HEADLINE
                head_done = True
            seen.add(folded)
        elif place > last:
            # "That is all." may close an article; a station's slogan further down does not.
            closing = sentences[place] and line.endswith((".", "”", '"'))
            if not (
                roles[place - 1] is Role.BODY
                and (closing or ends_in_quotation(line) or _continues_list(lines[place - 1], line))
            ):
                roles[place] = Role.FURNITURE
        elif _in_list(lines, roles, place):
            continue
        elif 5 <= words <= 30:
            roles[place] = Role.LINKED_HEADLINE
        else:
            roles[place] = Role.FURNITURE
    _mark_author_note(lines, roles)
    return roles


def _role_by_itself(line: str) -> Role:
    if _BYLINE.match(line) and not _ENDS_LIKE_A_SENTENCE.search(line):
        return Role.BYLINE
    if is_caption(line):
        return Role.CAPTION
    if is_furniture(line) or lone_date(line):
        return Role.FURNITURE
    return Role.BODY


def _is_sentence_line(line: str) -> bool:
    if _SIGNED_QUOTATION.match(line):
        return True
    if ends_in_quotation(line):
        return False
    return bool(_ENDS_LIKE_A_SENTENCE.search(line)) and len(_WORD.findall(line)) >= 2 or len(_WORD.findall(line)) > 40


def _continues_list(before: str, line: str) -> bool:
    """Whether a line is an item below another one, or below the line that opens the list."""
    return bool(LIST_MARK.match(line)) and (before.endswith(":") or bool(LIST_MARK.match(before)))


def _in_list(lines: list[str], roles: list[Role], place: int) -> bool:
    """A bullet, or an item of a list that a line of the story ending in a colon opened."""
    if LIST_MARK.match(lines[place]):
        return True
    for earlier in range(place - 1, -1, -1):
        if lines[earlier].endswith(":"):
            return roles[earlier] is not Role.FURNITURE
        if _ENDS_LIKE_A_SENTENCE.search(lines[earlier]):
            return False
    return False


def _mark_author_note(lines: list[str], roles: list[Role]) -> None:
    """The last body line that says who wrote this ("A. Name is the member for …") is a byline."""
    for place in range(len(lines) - 1, max(len(lines) - 8, -1), -1):
        if roles[place] is Role.BODY:
            if WRITERS_NOTE.match(lines[place]) and len(_WORD.findall(lines[place])) <= 30:
                roles[place] = Role.BYLINE
            return
