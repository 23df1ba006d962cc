"""Sentences of a paragraph with exact offsets, closing marks kept with what they close."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span


_STARTS_INSIDE = re.compile(r"^[\s”’»)\]\"']*[a-z,;]|^[”’»)\]]")
_ONLY_MARKS = re.compile(r"^\W*$")
_EMOJI = (
    "\U0001f300-\U0001f492\U0001f4a0-\U0001f5a3\U0001f5a5-\U0001f64f\U0001f680-\U0001f6ff"
    "\U0001f900-\U0001f90c\U0001f910-\U0001f9e0\U0001f9e2-\U0001faff"
)
# What the parser joins: it takes the stop behind a short sum for an abbreviation's, and an emoji for a word, which
# only a heart is.
_MISSED = re.compile(
    r"(?<=[£$€]\d)[\d.,]*m\.[”\"’)]*(?=\s+[“\"‘(]?[A-Z][\w’']*\s)"
    # Possessive: a tint is an emoji of its own, too, and a row of them is no place to look twice.
    rf"|(?<![{_EMOJI}])(?:[{_EMOJI}][\U0001F3FB-\U0001F3FF\uFE0F\u200D]*+)++(?=\s+[“\"‘(]?[A-Z][\w’']*\s)"
)
_GOES_ON = re.compile(r"\b(?:the|an?|our|my|your|his|her|their|of|to|in|for|and|or|with|by|is|are)\s*$", re.IGNORECASE)
_LEAST_WORDS_BEFORE = 3
# Characters. Nobody writes longer ones; the work on a sentence grows with the square of its length.
LONGEST_SENTENCE = 1_500
_LONGEST_ABBREVIATION = 8
_PAUSES = frozenset(",;:.!?…")
_CLOSING = frozenset("”\"’'»)")
_TEXT = "counterclaim.text"


def text_of(doc: Doc) -> str:
    """The text of a document, which spaCy joins from all its tokens whenever it is asked."""
    return doc.user_data.get(_TEXT) or doc.user_data.setdefault(_TEXT, doc.text)


def cuts_in_endless(doc: Doc) -> list[int]:
    """Places of the tokens before which sentences of more than LONGEST_SENTENCE characters are to be cut, behind the
    last pause that there is."""
    return [at for sentence in doc.sents if _is_endless(sentence) for at in _cuts(sentence)]


def _is_endless(sentence: Span) -> bool:
    return sentence.end_char - sentence.start_char > LONGEST_SENTENCE


def _cuts(sentence: Span) -> list[int]:
    cuts: list[int] = []
    first = pause = sentence.start
    for token in sentence:
        if token.idx + len(token) - sentence.doc[first].idx > LONGEST_SENTENCE and token.i > first:
            first = pause if pause > first else token.i
            cuts.append(first)
        if token.text in _PAUSES or token.text in _CLOSING and pause == token.i:
            pause = token.i + 1
    return cuts


def sentence_spans(doc: Doc) -> list[tuple[int, int]]:
    """Character spans of the sentences of one paragraph, in order, without outer white space.

    A cut of the parser's before a small letter or a closing mark is no sentence end and is undone, unless what comes
    of it is endless; one that it misses behind "£3m." or an emoji is made.
    """
    whole = text_of(doc)
    spans: list[tuple[int, int]] = []
    for sentence in doc.sents:
        start, end = sentence.start_char, sentence.end_char
        text = whole[start:end]
        if (
            spans
            and end - spans[-1][0] <= LONGEST_SENTENCE
            and (_STARTS_INSIDE.match(text) or _ONLY_MARKS.match(text) or _cut_after_abbreviation(whole, start))
        ):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    parts = [part for span in spans for part in _cut_where_missed(whole, *span)]
    return [trimmed for start, end in parts if (trimmed := trim(whole, start, end))]


def _cut_where_missed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    cuts = [start]
    for match in _MISSED.finditer(text, start, end):
        long_enough = len(text[cuts[-1] : match.end()].split()) >= _LEAST_WORDS_BEFORE
        if long_enough and not _GOES_ON.search(text, max(start, match.start() - 8), match.start()):
            cuts.append(match.end())
    return list(pairwise([*cuts, end]))


def _cut_after_abbreviation(text: str, start: int) -> bool:
    """ "Mr. | Smith", "the U.S. | Army": a stop that belongs to a title or to initials."""
    before = text[:start].rstrip()[-_LONGEST_ABBREVIATION:]
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
