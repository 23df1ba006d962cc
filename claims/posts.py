"""Posts of a network that stand in an article, and whose words they are."""

from __future__ import annotations

import re

from claims.layout import Paragraph, Role
from claims.signatures import LONGEST_POST, SIGNED
from claims.transcripts import Turn
from claims.written_dates import lone_date

_HANDLE = re.compile(r"^@\w{2,20}$")
_BEHIND_A_NAME = re.compile(r"[^\w.)’']+$")
_CLOCK = re.compile(r"\d[:.]\d\d")
_LONGEST_NAME = 5
_MOST_LINES = 4


def find_posts(parts: list[Paragraph], text: str) -> dict[int, Turn]:
    """The paragraphs of the article `text` that are posts, by their places."""
    found: dict[int, Turn] = {}
    for place, part in enumerate(parts):
        if place and (signed := SIGNED.fullmatch(part.text)):
            if _is_signed_by(parts[place - 1], part, bool(signed["links"].strip()), text):
                # Without the emoji that some write behind their name.
                name = _BEHIND_A_NAME.sub("", signed["name"]) or signed["name"]
                start = part.start + signed.start("name")
                found[place - 1] = Turn(place - 1, (start, start + len(name)), parts[place - 1].start)
        elif place and _HANDLE.match(part.text) and (stamp := _stamped(parts, place)):
            above = parts[place - 1]
            named = len(above.text.split()) <= _LONGEST_NAME and above.text[0].isupper()
            name_at = (above.start, above.end) if named else (part.start, part.end)
            found |= {at: Turn(at, name_at, parts[at].start) for at in range(place + 1, stamp)}
    return {place: turn for place, turn in found.items() if parts[place].role is Role.BODY}


def _is_signed_by(post: Paragraph, signature: Paragraph, links: bool, text: str) -> bool:
    """Whether what stands before a signature is the post: surely in the same line; in a line of its own where it
    neither announces the post nor quotes, and no link before the signature may be the whole post."""
    same_line = "\n" not in text[post.end : signature.start]
    announced = links or post.text.endswith(":") or post.text[0] in '“"'
    return len(post.text) <= LONGEST_POST and (same_line or not announced)


def _stamped(parts: list[Paragraph], handle: int) -> int:
    """Place of the line with the time that closes a post; 0 where none is near."""
    near = range(handle + 2, min(handle + 2 + _MOST_LINES, len(parts)))
    return next((at for at in near if lone_date(parts[at].text) and _CLOCK.search(parts[at].text)), 0)
