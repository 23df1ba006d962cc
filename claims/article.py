"""An article as it was read: its text, untouched, and what is known of where it stood."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")


def iso_day(given: str) -> str:
    """`given` as YYYY-MM-DD.

    Raises:
        ValueError: it is no ISO 8601 date; the message quotes its first characters.
    """
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        shown = given if len(given) <= 40 else given[:39] + "…"
        raise ValueError(f"no date {shown!r}; write it as YYYY-MM-DD") from None


def language_tag(given: str) -> str:
    """`given` as a language tag (BCP 47): "en", "pt-BR".

    Raises:
        ValueError: it is none; the message quotes its first characters.
    """
    plain = given.strip().replace("_", "-")
    if not _LANGUAGE.fullmatch(plain):
        shown = given if len(given) <= 40 else given[:39] + "…"
        raise ValueError(f"no language {shown!r}; write it as a tag like en, de or pt-BR")
    first, *rest = plain.split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an article comes from; an empty string is "not known". `date` is ISO 8601 (YYYY-MM-DD), `url` the address
    that the article calls its own, `language` a tag as `language_tag` gives it."""

    title: str = ""
    outlet: str = ""
    author: str = ""
    date: str = ""
    url: str = ""
    language: str = ""

    def filled_from(self, other: Provenance) -> Provenance:
        """This, with every empty field taken from `other`."""
        return Provenance(*(getattr(self, name) or getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Given:
    """A ready-made statement in an article's text, at [start, end); `speaker` "" is the outlet's own voice,
    `standalone` a reading to compare it by, "" where it is none but the words themselves."""

    start: int
    end: int
    speaker: str = ""
    standalone: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One article. Every offset in this project counts characters of `text`, which nothing ever changes.

    Where there are `given` statements, these are its claims and no others are looked for.
    """

    text: str
    provenance: Provenance = field(default_factory=Provenance)
    given: tuple[Given, ...] = ()
    known_as: str = ""

    @property
    def id(self) -> str:
        """`known_as`, which an edited article keeps from its first version, else the text's hash: the same text is the
        same article, but where others are given as saying it."""
        return self.known_as or self.text_hash

    @property
    def text_hash(self) -> str:
        """First 16 hex digits of the SHA-256 of the text and, where anybody is given as saying it, of who says what."""
        speakers = [one.speaker for one in self.given]
        return content_hash(self.text, *speakers) if any(speakers) else content_hash(self.text)


def content_hash(*parts: str) -> str:
    """16 hex digits that stand for `parts`; parts are kept apart, so ("ab", "c") differs from ("a", "bc")."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
