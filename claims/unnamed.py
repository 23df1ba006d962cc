"""Sources without a name: "officials", "a police source", "a spokesman for the navy"; what they are called, and where
"the spokesman" means one of them again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claims.names import BODY_MENTIONS, DOCUMENT_NOUNS, ROLE_NOUNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Span, Token

_BEHIND_HEAD = re.compile(
    r" (?:for|of|in|at|on|from|to|with|by|who|close|near|within|inside|familiar|involved|among|published)\b"
)
_SMALL = {"the", "this", "that", "a", "an", "of", "for", "at", "in", "on", "from", "to", "with", "by", "'s", "’s"}
# Whoever speaks for a body that is named is that body's voice.
_VOICES = {"spokesman", "spokeswoman", "spokesperson", "spokespeople", "spokesmen"}
# A place or a leader has one of these ("Kent police", "Biden campaign"), but many a firm or court.
_ONE = {"administration", "army", "campaign", "council", "government", "navy", "parliament", "police", "union"}
# Words that begin a sentence as names do.
_ANYBODY = {
    "aide", "analyst", "authority", "campaigner", "critic", "document", "economist", "expert", "figure", "friend",
    "insider", "investigator", "lawyer", "leader", "neighbour", "neighbor", "official", "opponent", "parent", "people",
    "person", "police", "prosecutor", "relative", "report", "researcher", "resident", "scientist", "source", "student",
    "supporter", "survivor", "teacher", "union", "user", "victim", "voter", "witness", "woman", "women", "man", "men",
    "worker",
}  # fmt: skip

_COMMON = _ANYBODY | _VOICES | ROLE_NOUNS | DOCUMENT_NOUNS | set(BODY_MENTIONS)


def own_words(source: Span | Token, head: Token) -> str:
    """An unnamed source in its own words ("a spokesman for the club" → "spokesman for the club"), kept short."""
    text = _kept(source, head).text
    return re.sub(r"^(?:the|a|an|one|this|that|some|another) ", "", text, flags=re.IGNORECASE).strip(" ,;:“”\"'")


def spoke_before(source: Span | Token, head: Token, earlier: Sequence[str]) -> str:
    """Which of the unnamed sources that spoke before, in that order, "the spokesman" means; "" where it may be either.

    It has to be named by the same word, and all else that is said of it must be known.
    """
    if not any(token.lower_ in {"the", "this", "that"} for token in head.lefts):
        return ""
    said = {token.lower_ for token in _kept(source, head) if token.is_alpha and token.i != head.i} - _SMALL
    alike = [name for name in earlier if head_word(name) == head.lower_ and " and " not in name]
    known = [name for name in alike if said <= set(name.lower().split())]
    if len(set(known)) == 1 or known and known[-1] == earlier[-1]:
        return known[-1]
    return ""


def head_word(name: str) -> str:
    """What an unnamed source is, in lower case: "spokesman" of "navy spokesman" and of "spokesman for the navy"."""
    words = _BEHIND_HEAD.split(name)[0].split()
    return words[-1].lower() if words else ""


def is_unnamed(name: str) -> bool:
    """Whether a speaker's name names nobody, so that two articles mean two sources by it: "officials", "Experts",
    "White House official", "sources close to John Reed"; not "Harbour Police" or "spokesman for Acme".

    A name in a script without capitals, or one that begins with "@", is a name.
    """
    head = _BEHIND_HEAD.split(name)[0].split()
    if not head or name.startswith("@") or name.upper() == name.lower():
        return not name
    words = name.split()
    capitals = [word for at, word in enumerate(words) if word[0].isupper() and (at or not _common(word.lower()))]
    last = head[-1]
    if last.lower() in _VOICES:
        return not capitals or capitals == [last]
    if last != last.lower() or not last.isalpha():
        return len(head) == 1 and (
            bool(_singular(last.lower()) & _ANYBODY) or len(words) == 1 and _common(last.lower())
        )
    if last in _ONE:
        return not set(capitals) & set(head)
    if last in DOCUMENT_NOUNS:
        return not (set(capitals) & set(head) or re.search(r" by (?:the )?[A-Z]", name))
    return True


def _common(word: str) -> bool:
    return bool(_singular(word) & _COMMON)


def _singular(word: str) -> set[str]:
    return {word, word.removesuffix("s"), word.removesuffix("es"), re.sub("ies$", "y", word)}


def _kept(source: Span | Token, head: Token) -> Span:
    """The words of a source up to a clause or an aside that hangs on them, at most twelve."""
    if source is head:
        source = head.doc[head.i : head.i + 1]
    end = source.end
    for token in source:
        if token.i > head.i and (
            token.dep_ == "relcl" or token.text in {",", "(", "–", "—"} or token.tag_ in {"WP", "WDT"}
        ):
            end = token.i
            break
    return source.doc[source.start : min(end, source.start + 12)]
