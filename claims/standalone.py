"""A reading of a claim that stands alone: pronouns and "the force" replaced where it is sure what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.cast import Cast
from claims.claim import Attribution

if TYPE_CHECKING:
    from spacy.tokens import Span

_PRONOUNS = {"he", "she"}
_BODIES = {"force"}


def stand_alone(span: Span, base: int, cast: Cast, attribution: Attribution, quoted: set[int]) -> str:
    """The words of `span` with subjects named; words inside quotations (`quoted`, token places) are left as said."""
    pieces, changed, named = [], False, False
    for token in span:
        name = ""
        # Behind another person's name a pronoun may mean that one.
        named = named or token.ent_type_ == "PERSON"
        if token.i not in quoted and token.dep_ in {"nsubj", "nsubjpass"}:
            if token.lower_ in _PRONOUNS and not named:
                name = cast.resolve(token.doc[token.i : token.i + 1], base)
            elif token.lower_ in _BODIES and token.i > span.start and token.nbor(-1).lower_ == "the":
                name = cast.resolve(token.doc[token.i - 1 : token.i + 1], base)
                if name and name.lower() != token.lower_:
                    pieces.pop()
                else:
                    name = ""
        if name:
            changed = True
            pieces.append(name + token.whitespace_)
        else:
            pieces.append(token.text_with_ws)
    text = "".join(pieces).strip()
    return text[:1].upper() + text[1:] if changed else span.text
