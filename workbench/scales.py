"""The standard verdicts, and the scales of outlets: their own words, each of which stands for a standard verdict."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VerdictKind:
    """A verdict, its words for people and its place on ClaimReview's scale (None: it stands on no scale)."""

    name: str
    label: str
    rating_value: int | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A verdict in an outlet's words; `verdict` is the standard one that it stands for."""

    words: str
    verdict: str


_STANDARD = (
    VerdictKind("supported", "Supported", 5),
    VerdictKind("mostly_supported", "Mostly supported", 4),
    VerdictKind("misleading", "Misleading", 3),
    VerdictKind("mostly_refuted", "Mostly refuted", 2),
    VerdictKind("refuted", "Refuted", 1),
    VerdictKind("conflicting_evidence", "Conflicting evidence"),
    VerdictKind("not_enough_evidence", "Not enough evidence"),
    VerdictKind("outdated", "Outdated"),
    VerdictKind("misattributed", "Misattributed"),
    VerdictKind("not_checkable", "Not checkable"),
)
# For outlets that write what they found and rate nothing.
CONCLUSION = VerdictKind("conclusion", "Conclusion in words")
VERDICTS: dict[str, VerdictKind] = {kind.name: kind for kind in _STANDARD}
KNOWN_VERDICTS = VERDICTS | {CONCLUSION.name: CONCLUSION}
MOST_LABELS = 10  # one key each
SCALES: dict[str, tuple[Label, ...]] = {
    "standard": tuple(Label(kind.label, kind.name) for kind in _STANDARD),
    "averitec": (
        Label("Supported", "supported"),
        Label("Refuted", "refuted"),
        Label("Not Enough Evidence", "not_enough_evidence"),
        Label("Conflicting Evidence/Cherrypicking", "conflicting_evidence"),
    ),
    "politifact": (
        Label("True", "supported"),
        Label("Mostly True", "mostly_supported"),
        Label("Half True", "misleading"),
        Label("Mostly False", "mostly_refuted"),
        Label("False", "refuted"),
        Label("Pants on Fire", "refuted"),
    ),
    "snopes": (
        Label("True", "supported"),
        Label("Mostly True", "mostly_supported"),
        Label("Mixture", "misleading"),
        Label("Mostly False", "mostly_refuted"),
        Label("False", "refuted"),
        Label("Unproven", "not_enough_evidence"),
        Label("Outdated", "outdated"),
        Label("Miscaptioned", "misleading"),
        Label("Misattributed", "misattributed"),
        Label("Labeled Satire", "not_checkable"),
    ),
    "conclusion": (Label(CONCLUSION.label, CONCLUSION.name),),
}


def verdict_key(verdict: str, label: str = "") -> str:
    """What a verdict in its words is called in a filter: "refuted", or "refuted:Pants on Fire"."""
    kind = KNOWN_VERDICTS.get(verdict)
    return f"{verdict}:{label}" if label and not (kind and kind.label == label) else verdict


def verdict_words(verdict: str, label: str = "") -> str:
    """What a verdict is called: in the words it was given in, else in the standard ones; "" where there is none."""
    kind = KNOWN_VERDICTS.get(verdict)
    return label or (kind.label if kind else verdict)
