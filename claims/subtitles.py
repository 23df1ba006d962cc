"""Captions as they roll over a screen, made into who says what, each word once."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Protocol

_GAP = 1000  # milliseconds; lines that stand again after a longer pause were said again
# A time line that is damaged still has its arrow and one time, or stands below a caption's number.
_TIME = r"\d{1,4}:\d\d(?::\d\d)?(?:[.,]\d*)?"
_ARROW = re.compile(rf"\s*{_TIME}\s*-->|.*-->\s*{_TIME}|\s*--+>\s*$")
_BELOW_NUMBER = re.compile(rf".*-->|\s*{_TIME}\s*-{{0,2}}\s*$")
_HEAD = re.compile(r"\ufeff?WEBVTT[^\n]*\n(?:[^\n]+\n)*?Language:[ \t]*([\w-]{2,35})")

Said = tuple[str, str]


class Caption(Protocol):
    """Text with its place in time: `start` and `end` in milliseconds, `name` the speaker, "" where none is named."""

    start: int
    end: int
    text: str
    name: str


def transcript(captions: Iterable[Caption]) -> list[Said]:
    """What is said, in turns of (speaker, words). Lines that a caption shows once more, because it rolls up or stands
    on for some milliseconds, are taken once."""
    turns: list[Said] = []
    before: list[Said] = []
    ended = 0
    for caption in captions:
        said = _spoken(caption.text, caption.name or "")
        rolled = _overlap(before, said) if caption.start - ended < _GAP else 0
        for name, words in said[rolled:]:
            if turns and name == turns[-1][0]:
                turns[-1] = (name, f"{turns[-1][1]} {words}")
            else:
                turns.append((name, words))
        before, ended = said, caption.end
    return turns


def with_mended_times(text: str, time: re.Pattern[str]) -> tuple[str, list[tuple[int, str]]]:
    """The text of a subtitle file with a time for each caption of which that line is damaged, since its words are words
    all the same; and those lines as they were, each with its number. `time` is what the file's kind has for one."""
    lines = text.split("\n")
    mended: list[tuple[int, str]] = []
    last = next(form for form in ("00:00:00,000", "00:00:00.000") if time.fullmatch(form))
    for at, line in enumerate(lines):
        sound = [*time.finditer(line)]
        if len(sound) == 2:
            last = sound[1][0]
        elif _ARROW.match(line) or at and lines[at - 1].strip().isdecimal() and _BELOW_NUMBER.match(line):
            mended.append((at + 1, line.strip()))
            lines[at] = f"{last} --> {last}"
    return "\n".join(lines), mended


def language_in_head(text: str) -> str:
    """What the head of a .vtt file says of its language, "" where it says nothing."""
    found = _HEAD.match(text.replace("\r\n", "\n"))
    return found[1] if found else ""


def _overlap(before: list[Said], said: list[Said]) -> int:
    """How many of the first lines are the last ones of the caption before."""
    longest = min(len(before), len(said))
    return next((size for size in range(longest, 0, -1) if before[-size:] == said[:size]), 0)


def _spoken(text: str, name: str) -> list[Said]:
    """A caption's lines as (speaker, words): "<v Name>", ">> NAME:" and "NAME:" name a speaker, "- " begins another."""
    found = []
    for line in re.sub(r"\\N|\\n", "\n", text).split("\n"):
        voice = re.match(r"\s*<v(?:\.[\w.]+)? ([^>]+)>", line)
        words = html.unescape(re.sub(r"<[^>]*>|\{[^}]*\}", "", line)).strip()
        words = re.sub(r"^(?:-|–|>>+)\s*", "", words)
        said = re.match(r"([A-Z][\w.'’]*(?: [A-Z][\w.'’]*){0,3}): +(.+)", words)
        if voice:
            found.append((voice[1].strip(), words))
        elif said:
            found.append((said[1], said[2]))
        elif not re.fullmatch(r"[\[(♪].*[\])♪]|", words):  # [applause], (music)
            found.append((name, words))
    return [(speaker, words) for speaker, words in found if words]
