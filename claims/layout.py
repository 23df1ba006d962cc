"""What each line of an article is: headline, body, a linked story's headline, or furniture of the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """What a paragraph is on its page. Only BODY is read for claims sentence by sentence."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    BODY = "body"
    LINKED_HEADLINE = "linked_headline"
    BYLINE = "byline"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text without its outer white space: ``text == article_text[start:end]``."""

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
# Phrases of pages everywhere, each as a whole line (^…$) or inside a short one.
_FURNITURE_PHRASES = (
    # credits and dates
    r"^(?:written|posted|published|first published|updated|last updated|last modified)\b.{0,60}$",
    r"^(?:by|words|photo(?:graph)?s?|pictures?|images?|credit|video|watch|listen|gallery|caption|source)\b ?:.*",
    r"^article by\b.*\bpublished\b",
    r"^this (?:article|story|post) (?:was|has been|is) (?:first|originally|updated|amended|corrected|published)",
    r"^(?:the )?(?:opinions|views) expressed\b",
    r"^a version of this article\b",
    r"^(?:reporting|editing|additional reporting) by\b",
    r"\ball rights reserved\b",
    r"^©|^\(c\) ?\d{4}|\bcopyright \d{4}\b",
    # share, follow, subscribe, write to us
    r"(?:follow|like|find|join) (?:us|me|him|her|them|@\w+)\b.*\b(?:on|at|via)\b",
    r"\bfollow \S+(?: \S+)? on (?:twitter|facebook|instagram|x|tiktok|linkedin)\b",
    r"^share (?:this|on|via)\b",
    r"\bsign(?:ing)? up (?:to|for|here|now)\b",
    r"\bsubscrib(?:e|ing) (?:to|for|now|here|today)\b",
    r"\bstraight to your inbox\b|\bnewsletters?\b.*\binbox\b",
    r"\b(?:contact|email|e-mail|tell|call|text|message) us\b|\bget in touch\b",
    r"\b(?:got|have) (?:you got )?a (?:story|tip|news tip)\b",
    r"^support (?:our|independent|quality) |\bbecome a (?:member|supporter|subscriber)\b|^donate\b",
    # the page itself
    r"^advertis(?:e|ement|ing)\b",
    r"^(?:scroll|swipe|tap|click) (?:down|here|to|for)\b|\bclick here\b|\bdownload (?:our|the) app\b",
    r"^(?:skip to|back to|go to|jump to)\b",
    r"^(?:home|menu|search|close|share|print|email|save|copy link|log ?in|sign ?in)$",
    r"\bcookies?\b.*\b(?:accept|consent|policy|settings|use)\b",
    r"\b(?:privacy|cookie) policy\b|\bterms (?:of use|and conditions)\b",
    r"^(?:read|see|watch|listen)(?: more| also| next| now)? ?[:>»]",
    # comments
    r"\bread (?:the|our) rules\b|\bbreak our rules\b|\breport (?:this|any) comments?\b",
    r"\bour comments?\b.*\b(?:community|readers)\b|\bability to comment\b",
    # embedded posts
    r"pic\.twitter\.com/|\bhttps?://t\.co/|^https?://\S+$|^@\w+$",
)
_FURNITURE = re.compile("|".join(_FURNITURE_PHRASES), re.IGNORECASE)
_AUTHOR_NOTE = re.compile(r"^[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]*){1,3} (?:is|was) (?:a|an|the)\b.{0,200}$")
_BYLINE = re.compile(
    r"^(?:by|words by|written by|posted by|reported by|article by|opinion by)\b:? .{2,120}$", re.IGNORECASE
)
_SIGNED_QUOTATION = re.compile(r"^[“\"].{15,}[.!?…,]?[”\"] *[―—–-]+ *[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]*){1,4}$")
_LIST_MARK = re.compile(r"^(?:[-•*·–▪◦]|\d{1,2}[.)])\s")


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
    return [Paragraph(start, end, line, role) for (start, end, line), role in zip(lines, roles, strict=True)]


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
    # A long paragraph that happens to hold such a phrase is an article about newsletters, not furniture.
    if len(line) < 260 and _FURNITURE.search(line) or "pic.twitter.com/" in line:
        return Role.FURNITURE
    return Role.BODY


def _is_sentence_line(line: str) -> bool:
    if _SIGNED_QUOTATION.match(line):
        return True
    return bool(_ENDS_LIKE_A_SENTENCE.search(line)) and len(_WORD.findall(line)) >= 2 or len(_WORD.findall(line)) > 40


def _in_list(lines: list[str], place: int) -> bool:
    """A bullet, or an item of a list that a line ending in a colon opened."""
    if _LIST_MARK.match(lines[place]):
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
