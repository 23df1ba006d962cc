"""Where a page's own matter follows a story, and the lines within it that only lead to other stories."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

# Lines after which nothing but the page's own matter follows.
_CLOSES = re.compile(
    r"^(?:(?:\d+ )?comments?(?:: ?our rules| \(\d+\)|: ?\d+)?|(?:leave|post|add) a (?:comment|reply)|our rules|"
    r"share this(?: (?:story|article|page|post))?:?|topics:?|(?:tags|filed under)(?::.*)?|about the author:?|"
    r"sponsored(?: (?:content|stories|links|posts?))?:?|promoted (?:stories|content)|report this comment.*|"
    r"conversation)$",
    re.IGNORECASE,
)
# These stand at the end of a page, too, but also between two paragraphs of a story.
_LEADS = re.compile(
    r"^(?:(?:related|more|recommended|popular|trending|latest)"
    r"(?: (?:stories|articles|news|topics|reading|posts|content))?:?|"
    r"(?:read|see) (?:more|next|also)(?: on this.*)?:?|(?:you may|you might) (?:also )?like:?|"
    r"most (?:read|popular|viewed))$",
    re.IGNORECASE,
)
_STORY = re.compile(r"[.!…][\"”’')\]]*$")
WRITERS_NOTE = re.compile(r"^[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]*){1,3} (?:is|was) (?:a|an|the)\b.{0,200}$")
_LEAST_WORDS, _LONGEST_HEADLINE, _LONG = 5, 20, 40
_MARKS = " :–—-"


def _is_note(line: str) -> bool:
    """Whether a line tells of a writer, or is a remark behind a dash."""
    return line.startswith(("—", "–")) or bool(WRITERS_NOTE.match(line))


def page_end(lines: Sequence[str], body: Sequence[bool], leading: Container[int]) -> int:
    """Place of the line from which all is the page's own; ``len(lines)`` where there is none.

    `body` says of each line whether it may be the story's, `leading` holds the first of `leads`. A line such as
    "Comments" in the second half closes it, unless much follows; "Read more" only where no sentence of the story
    follows.
    """
    end = len(lines)
    for place in range((end + 1) // 2, end):
        # A heading such as "Topics" in the middle, with much text after it, closes nothing.
        if _CLOSES.match(lines[place].strip(_MARKS)) and sum(body[place:]) <= max(8, len(lines) / 3):
            end = place
            break
    told = next((at for at in range(end - 1, -1, -1) if body[at] and _tells(lines[at])), 0)
    later = range(max(told, (len(lines) + 1) // 2), end)
    return next((place for place in later if place in leading), end)


def leads(lines: Sequence[str]) -> tuple[set[int], set[int]]:
    """Places of the lines such as "Read more", and of the headlines that those with a colon introduce."""
    found = {place for place, line in enumerate(lines) if _LEADS.match(line.strip(_MARKS))}
    led = set()
    for place in found:
        at = place + 1
        while lines[place].endswith(":") and at < len(lines) and at not in found and _may_be_a_headline(lines[at]):
            led.add(at)
            at += 1
    return found, led


def _may_be_a_headline(line: str) -> bool:
    return _words(line) <= _LONGEST_HEADLINE and not _tells(line)


def _tells(line: str) -> bool:
    """Whether a line is a sentence of a story, and no word on who wrote it."""
    words = _words(line)
    return words > _LONG or words >= _LEAST_WORDS and bool(_STORY.search(line)) and not _is_note(line)


def _words(line: str) -> int:
    return len(line.split())
