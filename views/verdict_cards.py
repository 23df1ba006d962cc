"""Verdicts on a claim, and where it stands, as pieces of the page; all text goes through `markup`."""

from __future__ import annotations

from views import wording
from views.markup import Html, dotted, tag, together
from workbench.claim_filter import REVIEWERS_AGREE, STATES
from workbench.histories import opinions, still_standing
from workbench.pair_rows import Statement
from workbench.review import waits_for_second
from workbench.rows import ClaimDetail, VerdictRow
from workbench.scales import CONCLUSION, KNOWN_VERDICTS, verdict_words


def verdict_badge(verdict: str, label: str = "") -> Html:
    """The verdict as a small label, in the words it was given in; nothing where there is none."""
    kind = KNOWN_VERDICTS.get(verdict)
    return tag("span", verdict_words(verdict, label), css=f"cc-badge cc-v-{kind.name}") if kind else together(())


def status_badge(status: str, assignee: str = "") -> Html:
    """Where a claim stands (one of STATES) and who is in charge; nothing for a claim that nobody has touched."""
    words = [STATES[status]] if status not in ("unreviewed", "in_review") else []
    words += [assignee] if assignee else []
    return tag("span", dotted(*words), css=f"cc-status cc-s-{status}") if words else together(())


def state_line(detail: ClaimDetail) -> Html:
    """The same in full, above the verdicts."""
    charge = f"{detail.assignee} in charge" if detail.assignee else "nobody in charge"
    agreed = detail.status == "second_review" and not waits_for_second(detail)
    state = REVIEWERS_AGREE if agreed else detail.status
    return tag(
        "div",
        tag("span", STATES[state], css=f"cc-status cc-s-{state}"),
        tag("span", tag("bdi", charge), css="cc-how"),
        css="cc-state",
    )


def dispute_words(detail: ClaimDetail, decides: bool) -> str:
    """What a dispute asks of whoever looks; `decides`: their verdict would settle it."""
    said = opinions(still_standing(detail.verdicts)).values()
    in_words = len(said) > 1 and all(one.verdict == CONCLUSION.name for one in said)
    apart = "No program can tell whether these conclusions agree." if in_words else "The reviewers disagree."
    if decides:
        return f"{apart} Your verdict decides, and both of theirs stay in the history."
    way = "gives way with the words of the other" if in_words else "gives way"
    return f"{apart} Somebody else decides, or one of them {way}."


def history(rows: tuple[VerdictRow, ...], evidence: dict[str, Statement]) -> Html:
    """All verdicts of a claim, newest first, with the statements they rest on."""
    return tag("ol", *(_verdict(row, evidence) for row in rows), css="cc-history")


def _verdict(row: VerdictRow, evidence: dict[str, Statement]) -> Html:
    rests_on = [
        tag("li", tag("strong", tag("bdi", wording.source_words(one))), " ", one.text)
        for one in map(evidence.get, row.evidence)
        if one
    ]
    rests_on += [tag("li", tag("bdi", address)) for address in row.addresses]
    return tag(
        "li",
        verdict_badge(row.verdict, row.label),
        tag(
            "span",
            dotted(wording.STEPS[row.step], row.reviewer, wording.time_words(row.at), wording.withdrawn_words(row)),
            css="cc-meta",
        ),
        tag("p", row.rationale, css="cc-rationale") if row.rationale else together(()),
        tag("p", f"Note for readers: {row.public_note}", css="cc-rationale") if row.public_note else together(()),
        tag("ul", *rests_on, css="cc-evidence") if rests_on else together(()),
        css="cc-taken-back" if row.withdrawn_at else "",
    )
