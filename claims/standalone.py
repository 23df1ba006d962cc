"""A reading of a claim that stands alone: pronouns, "the force", "last year" replaced where their meaning is sure.

It stands beside the exact words, never in place of them. Words inside quotations are left as they were said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claims.cast import Cast
from claims.claim import Attribution
from claims.names import HE, SHE
from claims.unnamed import is_unnamed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Span, Token

    from claims.periods import Period

_BODIES = {"force", "council", "ministry", "university", "charity", "regulator", "watchdog", "union", "club"}
_SUBJECTS = {"nsubj", "nsubjpass"}
_OBJECTS = {"dobj", "pobj", "dative", "iobj"}
# Relative dates that name one period whatever the sentence says. A bare weekday may lie behind or ahead, and "today"
# often only means "nowadays".
_RELATIVE = re.compile(r"^(?:(?:last|this|next) (?:year|month)|yesterday|tomorrow)$", re.IGNORECASE)
_BEHIND_PREPOSITION = {
    "in", "of", "since", "from", "by", "until", "till", "during", "for", "before", "after", "on", "to", "as",
}  # fmt: skip


def stand_alone(
    span: Span, base: int, cast: Cast, attribution: Attribution, quoted: set[int], periods: Sequence[Period] = ()
) -> str:
    """The words of `span` with what they point to named.

    `base` is the paragraph's first character, `quoted` the places of tokens inside quotations, `periods` the
    dates that the paragraph names.
    """
    dated = _dates(span.doc, periods, quoted)
    person = _first_pronoun(span)
    pieces: list[str] = []
    changed = False
    skip = -1
    for token in span:
        if token.i <= skip:
            continue
        words, last = dated.get(token.i, ("", token.i))
        if words and last < span.end:
            skip = last
        elif token.i not in quoted:
            words = _person(token, base, cast, attribution) if token == person else ""
            if not words and (words := _body(token, span, base, cast)):
                pieces.pop()
        if words:
            changed = True
            pieces.append(words + span.doc[max(skip, token.i)].whitespace_)
        else:
            pieces.append(token.text_with_ws)
    text = "".join(pieces).strip()
    return text[:1].upper() + text[1:] if changed else span.text


def _first_pronoun(span: Span) -> Token | None:
    """ "he", "she", "his" or "her" as (or in) the claim's first subject, before any person is named or described.

    A later one mostly means somebody whom the claim itself names, and one behind another subject may mean either.
    """
    for token in span:
        if token.ent_type_ == "PERSON" or token.pos_ == "PROPN" and token.dep_ != "pobj":
            return None
        if token.lower_ in {"he", "she"} and token.dep_ in _SUBJECTS:
            return token
        if token.lower_ in {"his", "her"} and token.dep_ == "poss" and token.head.dep_ in _SUBJECTS:
            return token if token.i == token.head.left_edge.i else None
        if token.dep_ in _SUBJECTS or token.lower_ in HE | SHE:
            return None
    return None


def _person(token: Token, base: int, cast: Cast, attribution: Attribution) -> str:
    """The name that a pronoun stands for; empty where it may be another's."""
    name = cast.sure_pronoun(token, base, attribution.speaker)
    if name and token.dep_ == "poss":
        return f"{name}’{'' if name.endswith('s') else 's'}"
    return name


def _body(token: Token, span: Span, base: int, cast: Cast) -> str:
    """The name that "the force" stands for."""
    if token.lower_ not in _BODIES or token.i == span.start or token.nbor(-1).lower_ != "the":
        return ""
    if token.dep_ not in _SUBJECTS | _OBJECTS:
        return ""
    phrase = token.doc[token.left_edge.i : token.right_edge.i + 1]
    # "The council of elders", "the force that he led": more is said of it, so it may be another one.
    if len(phrase) > 2:
        return ""
    name = cast.resolve(phrase, base)
    return "" if is_unnamed(name) else name


def _dates(doc: Doc, periods: Sequence[Period], quoted: set[int]) -> dict[int, tuple[str, int]]:
    """By the first token's place: what a relative date is called, and its last token's place."""
    found = {}
    for period in periods:
        span = doc.char_span(period.start, period.end, alignment_mode="expand")
        if not _RELATIVE.match(span.text) or span.start in quoted:
            continue
        first, last = period.first, period.last
        if first == last:
            lead, words = "on", f"{first.day} {first:%B %Y}"
        else:
            lead, words = "in", f"{first:%B %Y}" if first.month == last.month else f"{first.year}"
        before = doc[span.start - 1].lower_ if span.start else ""
        behind = doc[span.end].text if span.end < len(doc) else ""
        bare = before in _BEHIND_PREPOSITION or behind in {"'s", "’s"} or span.root.dep_ in _SUBJECTS
        found[span.start] = (words if bare else f"{lead} {words}", span.end - 1)
    return found
