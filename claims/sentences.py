"""Sentences of a paragraph with exact offsets, closing marks kept with what they close."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc


_STARTS_INSIDE = re.compile(r"^[\s”’»)\]\"']*[a-z,;]|^[”’»)\]]")
_ONLY_MARKS = re.compile(r"^\W*$")


def sentence_spans(doc: Doc) -> list[tuple[int, int]]:
    """Character spans of the sentences of one paragraph, in order, without outer white space.

    A cut of the parser's before a small letter or a closing mark is no sentence end and is undone.
    """
    spans: list[tuple[int, int]] = []
    for sentence in doc.sents:
        start, end = sentence.start_char, sentence.end_char
        text = doc.text[start:end]
        if spans and (
            _STARTS_INSIDE.match(text) or _ONLY_MARKS.match(text) or _cut_after_abbreviation(doc.text, start)
        ):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [trimmed for start, end in spans if (trimmed := trim(doc.text, start, end))]


def _cut_after_abbreviation(text: str, start: int) -> bool:
    """ "Mr. | Smith", "the U.S. | Army": a stop that belongs to a title or to initials."""
    before = text[:start].rstrip()
    return bool(
        re.search(
            r"\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Sgt|St|No|vs|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.$", before
        )
    )


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without outer white space; None where nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if end > start else None
