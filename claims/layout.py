"""What each line of an article is: headline, body, a linked story's headline, or furniture of the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from claims.datelines import dateline_end
from claims.furniture import is_caption, is_furniture


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
    """A line of the text without its outer white space, or what stands behind its dateline:
    ``text == article_text[start:end]``."""

    start: int
    end: int
    text: str
    role: Role


_ENDS_LIKE_A_SENTENCE = re.compile(r"[.!?:;…][\"”’')\]]*$|[\"”’]$")
_WORD = re.compile(r"\w[\w'’-]*")

# Lines after which nothing but the page's own matter follows.
_TAIL_STARTS = re.compile(
    r"^(?:(?:\d+ )?comments?(?:: ?our rules| \(\d+\)|: ?\d+)?|(?:leave|post|add) a (?:comment|reply)|our rules|"
    r"(?:related|more|recommended|popular|trending|latest)"
    r"(?: (?:stories|articles|news|topics|reading|posts|content))?:?|"
    r"(?:read|see) (?:more|next|also)(?: on this.*)?:?|(?:you may|you might) (?:also )?like:?|"
    r"most (?:read|popular|viewed)|share this(?: (?:story|article|page|post))?:?|topics:?|tags:?.*|filed under:?.*|"
    r"about the author:?|sponsored.*|promoted (?:stories|content)|report this comment.*|conversation)$",
    re.IGNORECASE,
)
_AUTHOR_NOTE = re.compile(r"^[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]*){1,3} (?:is|was) (?:a|an|the)\b.{0,200}$")
_BYLINE = re.compile(
    r"^(?:by|words by|written by|posted by|reported by|article by|opinion by)\b:? .{2,120}$", re.IGNORECASE
)
_SIGNED_QUOTATION = re.compile(r"^[“\"].{15,}[.!?…,]?[”\"] *[―—–-]+ *[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]*){1,4}$")
# A dateline stands before the story's first words, which a line of the page may precede.
_DATELINES_IN = 2
LIST_MARK = re.compile(r"(?:[-•*·–▪◦]|\d{1,2}[.)])\s+")


def paragraphs(text: str) -> list[Paragraph]:
    """Every non-empty line with its offsets and its role.

    The roles are read from form alone (length, final punctuation, place on the page, and phrases that pages everywhere
    use), never from what an article is about.
    """
    lines = []
    for match in re.finditer(r"[^\r\n\u2028\u2029]+", text):
        stripped = match[0].strip()
        if stripped:
            start = match.start() + match[0].index(stripped)
            lines.append((start, start + len(stripped), stripped))
    roles = _roles([line for _, _, line in lines])
    parts: list[Paragraph] = []
    bodies = 0
    for (start, end, line), role in zip(lines, roles, strict=True):
        bodies += role is Role.BODY
        cut = dateline_end(line) if role is Role.BODY and bodies <= _DATELINES_IN else 0
        if cut:
            dateline = line[:cut].rstrip()
            parts.append(Paragraph(start, start + len(dateline), dateline, Role.DATELINE))
        parts.append(Paragraph(start + cut, end, line[cut:], role))
    return parts


def _roles(lines: list[str]) -> list[Role]:
    roles = [_role_by_itself(line) for line in lines]
    _mark_tail(lines, roles)
    sentences = [_is_sentence_line(line) and role is Role.BODY for line, role in zip(lines, roles, strict=True)]
    body = [place for place, line in enumerate(lines) if sentences[place] and len(_WORD.findall(line)) >= 5]
    first, last = (body[0], body[-1]) if body else (len(lines), -1)
    seen: set[str] = set()
    head_done = False
    for place, line in enumerate(lines):
        if roles[place] is not Role.BODY or sentences[place] and first <= place <= last:
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
            if not (sentences[place] and roles[place - 1] is Role.BODY and line.endswith((".", "”", '"'))):
                roles[place] = Role.FURNITURE
        elif _in_list(lines, place):
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
    if is_furniture(line):
        return Role.FURNITURE
    return Role.BODY


def _is_sentence_line(line: str) -> bool:
    if _SIGNED_QUOTATION.match(line):
        return True
    return bool(_ENDS_LIKE_A_SENTENCE.search(line)) and len(_WORD.findall(line)) >= 2 or len(_WORD.findall(line)) > 40


def _in_list(lines: list[str], place: int) -> bool:
    """A bullet, or an item of a list that a line ending in a colon opened."""
    if LIST_MARK.match(lines[place]):
        return True
    for earlier in range(place - 1, -1, -1):
        if lines[earlier].endswith(":"):
            return True
        if _ENDS_LIKE_A_SENTENCE.search(lines[earlier]):
            return False
    return False


def _mark_tail(lines: list[str], roles: list[Role]) -> None:
    """From a line such as "Comments" in the last third on, all is furniture."""
    for place, line in enumerate(lines):
        if place >= len(lines) / 2 and _TAIL_STARTS.match(line.strip(" :–—-")):
            rest = [at for at in range(place, len(lines)) if roles[at] is Role.BODY]
            # A heading such as "Related" in the middle, with much text after it, closes nothing.
            if len(rest) <= max(8, len(lines) / 3):
                for at in range(place, len(lines)):
                    roles[at] = Role.FURNITURE
                return


def _mark_author_note(lines: list[str], roles: list[Role]) -> None:
    """The last body line that says who wrote this ("A. Name is the member for …") is a byline."""
    for place in range(len(lines) - 1, max(len(lines) - 8, -1), -1):
        if roles[place] is Role.BODY:
            if _AUTHOR_NOTE.match(lines[place]) and len(_WORD.findall(lines[place])) <= 30:
                roles[place] = Role.BYLINE
            return
