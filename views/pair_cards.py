"""Two statements and what stands between them as a piece of the page; all text goes through `markup`."""

from __future__ import annotations

from claims.unnamed import is_unnamed
from views import wording
from views.cards import Spans, statement
from views.markup import Html, dotted, tag, together
from workbench.pair_judgements import PAIR_JUDGEMENTS
from workbench.pair_rows import Link, PairJudgement, RelatedRow, Statement
from workbench.pairs import heading_of


def related_statement(row: RelatedRow, blind: bool = False, speaker: str = "") -> Html:
    """Another statement beside a claim of `speaker`; what the machine (unless `blind`) and people say of the two."""
    judged = judged_by(row.judgement) if row.judgement else together(())
    if blind:
        return tag("div", *statement(row.other, "related"), judged, css="cc-card")
    lane = lane_of(row.link, row.judgement)
    return tag(
        "div",
        relation_line(row.link, wording.relation_words(row.link, row.judgement is not None), row.judgement),
        tag("div", wording.CHANGED_POSITION, css="cc-changed") if changed_position(row, speaker) else together(()),
        *statement(row.other, lane, clashes(row.link)[1] if lane == "contradicts" else ()),
        judged,
        css=f"cc-card cc-edge-{lane}",
    )


def changed_position(row: RelatedRow, speaker: str) -> bool:
    """Whether a speaker said the opposite elsewhere; "officials" of two articles are not the same ones."""
    return (
        row.other.speaker == speaker and not is_unnamed(speaker) and lane_of(row.link, row.judgement) == "contradicts"
    )


def clashes(link: Link) -> tuple[Spans, Spans]:
    """The places in either statement that a conflict rests on; nothing for what merely names the same things."""
    reasons = [reason for reason in link.reasons if reason.kind != "shared"]
    return (
        tuple(span for reason in reasons for span in reason.spans_a),
        tuple(span for reason in reasons for span in reason.spans_b),
    )


def clash_in_claim(rows: tuple[RelatedRow, ...], chosen: str = "") -> Spans:
    """The places in a claim's own text that its conflicts rest on: with the `chosen` statement where it has any, else
    with all that contradict it, or with all in tension with it where none does."""
    found = [row.link for row in rows if row.other.claim_id == chosen]
    found = found or [row.link for row in rows if row.link.strict] or [row.link for row in rows]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(span for link in found for span in clashes(link)[0]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def relation_line(link: Link, words: str, judgement: PairJudgement | None = None) -> Html:
    """The relation in words, how sure the machine is, and why; where people say otherwise, that first."""
    why = wording.reason_words(link)
    lane = lane_of(link, judgement)
    if judgement and lane != lane_of(link):
        machine = f"the machine: {words.lower()}, {wording.score_words(link)}" if link.relation else wording.NOT_FOUND
        return tag(
            "div",
            tag("span", PAIR_JUDGEMENTS[judgement.judgement], css=f"cc-flag cc-{lane}"),
            tag("span", machine, css="cc-score"),
            css="cc-relation",
        )
    return tag(
        "div",
        tag("span", words, css=f"cc-flag cc-{flag_of(link)}"),
        tag("span", wording.score_words(link), css="cc-score"),
        tag("span", why, css="cc-why") if why else together(()),
        css="cc-relation",
    )


def pair(a: Statement, b: Statement, link: Link, judgement: PairJudgement | None = None) -> Html:
    """Two statements side by side, and what the machine and people say of them."""
    lane = lane_of(link, judgement)
    spans_of = clashes(link) if lane == "contradicts" else ((), ())
    return tag(
        "div",
        relation_line(link, wording.pair_words(link), judgement),
        tag(
            "div",
            *(
                tag("div", *statement(one, lane, spans), css="cc-side")
                for one, spans in zip((a, b), spans_of, strict=True)
            ),
            css="cc-pair",
        ),
        css=f"cc-card cc-edge-{lane}",
    )


def judged_by(judgement: PairJudgement) -> Html:
    """Who said what of a pair."""
    label = PAIR_JUDGEMENTS.get(judgement.judgement, judgement.judgement)
    note = tag("p", judgement.note, css="cc-rationale") if judgement.note else together(())
    who = dotted(judgement.reviewer, wording.time_words(judgement.at))
    return together((tag("div", tag("strong", label), who, css="cc-meta"), note))


def lane_heading(lane: str, number: int) -> Html:
    """A lane's name, what it means, how many statements it has."""
    title, meaning = wording.LANES[lane]
    return tag(
        "div",
        tag("h2", title, tag("span", f"{number:,}", css="cc-number"), css=f"cc-lane-title cc-{lane}"),
        tag("p", meaning, css="cc-hint"),
    )


def flag_of(link: Link) -> str:
    """How the words for a relation look: as its lane, but a mere tension otherwise than a contradiction proper."""
    return "tension" if link.relation == "contradicts" and not link.strict else lane_of(link)


def lane_of(link: Link, judgement: PairJudgement | None = None) -> str:
    """Under which of the three headings a pair stands: what people say of it goes before what the machine found."""
    return heading_of(link.relation, judgement.judgement if judgement else "")
