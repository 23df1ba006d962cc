"""Why two claims stand together, in words a person can check at a glance."""

from __future__ import annotations

import re

_NUMBER = re.compile(
    r"(?<![\w.])[£$€]?\d[\d,]*(?:\.\d+)?(?: ?(?:%|per cent|percent|million|billion|bn|m\b|years?|months?|days?))?"
)
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")
_NEGATION = re.compile(r"\b(?:not|no|never|none|nothing|nobody|without|neither|nor|cannot)\b|n[’']t\b", re.IGNORECASE)


def reasons_for(one: str, other: str, relation: str) -> tuple[str, ...]:
    """Short reasons: names in common, figures that differ, a negation on one side only."""
    reasons = []
    names = _names(one) & _names(other)
    if names:
        reasons.append(f"both name {', '.join(sorted(names))}")
    if relation == "contradicts":
        first, second = _numbers(one), _numbers(other)
        if first and second and not set(first) & set(second):
            reasons.append(f"figures: {', '.join(first)} / {', '.join(second)}")
        if bool(_NEGATION.search(one)) != bool(_NEGATION.search(other)):
            reasons.append("one of the two denies")
    return tuple(reasons)


def _names(text: str) -> set[str]:
    # The first word of a sentence is capitalised whatever it is.
    return {match[0] for match in _NAME.finditer(text) if match.start() > 0}


def _numbers(text: str) -> list[str]:
    return [match[0].strip() for match in _NUMBER.finditer(text)]
