"""What a reader of files gives back: a text with what is known of it, or why there is none; and what readers share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from claims.article import Article, Provenance, language_tag
from claims.decoding import UnreadableArticle, decode

BLANKS = re.compile(r"[ \t\u00a0]+")
# For a class of characters: controls but for tab and line feed, and the signs that turn the direction of writing.
UNSEEN = "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f"
_LETTERS_OF_PROSE = 0.6


class BadFile(Exception):
    """A file, or a part of one, that its reader can't make an article of; str() says why, to follow the file's name and
    a colon."""


class Found(NamedTuple):
    """What a file holds: its text with a headline first ("" where only others are in it), what it says of its own
    provenance, the articles that come with it, and for each part that isn't read the BadFile that says so."""

    text: str
    known: Provenance
    further: tuple[Article | BadFile, ...] = ()


def first_of(words: Sequence[str], most: int) -> str:
    """The first of several words, with "…" where there are more."""
    return ", ".join(words[:most]) + (", …" if len(words) > most else "")


def text_of(raw: bytes) -> str:
    """The text of bytes in one of the encodings that `claims.decoding` tells. Raises BadFile."""
    try:
        return decode(raw, "")
    except UnreadableArticle as error:
        raise BadFile(error.why) from None


def storable(text: str) -> str:
    """`text` without lone surrogates and null bytes, which come out of broken files and which no database takes."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


def with_headline(title: str, text: str) -> str:
    """The text with its title on top, unless it begins with it."""
    plain = " ".join(title.split())
    return text if not plain or " ".join(text[: len(plain) + 20].split()).startswith(plain) else f"{plain}\n\n{text}"


def is_prose(text: str) -> bool:
    """Whether a text is mostly letters and blanks, in whatever script, as bytes that were no text never are."""
    return sum(letter.isalpha() or letter.isspace() for letter in text) > _LETTERS_OF_PROSE * len(text)


def language_or_none(given: object) -> str:
    """A tag where metadata give one, else ""; of several the first."""
    try:
        return language_tag(str(given or "").split(",")[0])
    except ValueError:
        return ""


def web_address(given: str | None) -> str:
    """The address where it is one of the web, its scheme in small letters; else ""."""
    scheme, between, rest = (given or "").partition("://")
    return f"{scheme.lower()}{between}{rest}" if between and scheme.lower() in ("http", "https") else ""


def day(given: str | None) -> str:
    return given if given and re.fullmatch(r"\d{4}-\d\d-\d\d", given) else ""
