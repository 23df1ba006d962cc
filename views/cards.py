"""A claim, or a statement beside it, as a piece of the page; all text goes through `markup`."""

from __future__ import annotations

from claims.claim import Claim
from views import wording
from views.markup import Html, Mark, dotted, passage, tag, together
from workbench.pair_rows import Statement
from workbench.rows import ClaimDetail, ClaimRow

Spans = tuple[tuple[int, int], ...]
_OPENING = ("“", "‘", "(", "[", "—")
_CLOSING = ("”", "’", ")", "]", ",", ".", ";", ":", "!", "?", "—")


def claim_in_place(detail: ClaimDetail, clashing: Spans = ()) -> Html:
    """The claim marked in its paragraph, and in it what clashes; who says it and how, and where."""
    claim, article = detail.claim, detail.article
    attribution = claim.attribution
    spans = [
        (claim.char_start, claim.char_end, "claim"),
        (attribution.mention_start, attribution.mention_end, "source"),
        (attribution.cue_start, attribution.cue_end, "source"),
    ]
    marks = [
        Mark(start - claim.paragraph_start, end - claim.paragraph_start, kind, clashing if kind == "claim" else ())
        for start, end, kind in spans
        if start is not None and end is not None
    ]
    # The claim itself goes first where a cue stands inside it: it must never lose its mark.
    marks = [mark for mark in marks if mark is marks[0] or mark.end <= marks[0].start or mark.start >= marks[0].end]
    around = [
        passage(text, (), css="cc-passage cc-around") if text else together(()) for text in _outside_paragraph(detail)
    ]
    return tag(
        "div",
        tag(
            "div",
            tag("strong", tag("bdi", claim.speaker or article.outlet or wording.OWN_VOICE)),
            role(attribution.role),
            tag("span", wording.said_words(claim.kind, attribution.cue), css="cc-how"),
            css="cc-who",
        ),
        around[0],
        passage(detail.paragraph, marks) if detail.article_text else whole(claim.text, clashing),
        around[1],
        read_as(claim),
        tag(
            "div",
            dotted(article.outlet, wording.article_words(article), article.author, wording.date_words(article.date)),
            css="cc-meta",
        ),
        css="cc-hero",
    )


def whole(text: str, clashing: Spans = ()) -> Html:
    """A claim whose article's text is not known."""
    return passage(text, [Mark(0, len(text), "claim", clashing)])


def in_short(one: Statement) -> Html:
    """A statement in a line or two: who says it, what, and where."""
    return tag(
        "div",
        tag("strong", tag("bdi", wording.source_words(one))),
        role(one.role),
        tag("span", tag("bdi", one.text), css="cc-how"),
        tag("div", place(one), css="cc-meta"),
        css="cc-short",
    )


def said(one: Statement) -> str:
    """Who says what, to tell one button from another by ear."""
    return f"{wording.source_words(one)}: {one.text}"


def read_as(claim: Claim) -> Html:
    """The reading that stands alone, where it differs from the claim's own words, and what the claim is about."""
    lines = []
    if claim.standalone != claim.text:
        lines.append(tag("div", tag("span", "Read as", css="cc-label"), claim.standalone, css="cc-read-as"))
    if claim.topics:
        names = [tag("bdi", topic.name, css="cc-topic") for topic in claim.topics]
        lines.append(tag("div", tag("span", "About", css="cc-label"), *names, css="cc-read-as"))
    return together(lines)


def _outside_paragraph(detail: ClaimDetail) -> tuple[str, str]:
    """What of the words before and after a claim stands in other paragraphs than its own."""
    claim, paragraph = detail.claim, detail.paragraph
    ahead = paragraph[: claim.char_start - claim.paragraph_start].strip()
    behind = paragraph[claim.char_end - claim.paragraph_start :].strip()
    before = "" if claim.before in paragraph else claim.before.removesuffix(ahead).strip()
    after = "" if claim.after in paragraph else claim.after.removeprefix(behind).strip()
    return before, after


def statement(one: Statement, kind: str, spans: Spans = ()) -> tuple[Html, ...]:
    """Who says it, its words (marked as `kind`, and in them these `spans` as what clashes), its context, its place."""
    return (
        tag(
            "div",
            tag("strong", tag("bdi", wording.source_words(one))),
            role(one.role),
            tag("span", wording.said_words(one.kind, one.cue), css="cc-how"),
            css="cc-who",
        ),
        passage(one.text, [Mark(0, len(one.text), kind, spans)], css="cc-passage cc-small"),
        in_context(one, kind),
        tag("div", place(one), css="cc-meta"),
    )


def role(words: str) -> Html:
    """The office of a speaker; nothing where no text gives one."""
    return tag("span", tag("bdi", words), css="cc-role") if words else together(())


def place(one: ClaimRow | Statement) -> Html:
    """Where a claim stands; the outlet is left out where it is named as the source already."""
    outlet = one.outlet if wording.source_words(one) != one.outlet else ""
    return dotted(outlet, one.title, wording.date_words(one.date))


def in_context(one: Statement, kind: str) -> Html:
    """The statement between the sentences before and after it, to be opened; nothing where it stands alone."""
    if not (one.before or one.after):
        return together(())
    before = one.before + ("" if one.before.endswith(_OPENING) or not one.before else " ")
    after = ("" if one.after.startswith(_CLOSING) or not one.after else " ") + one.after
    place = Mark(len(before), len(before) + len(one.text), kind)
    return tag(
        "details",
        tag("summary", "In context"),
        passage(before + one.text + after, [place], css="cc-passage cc-small"),
        css="cc-context",
    )
