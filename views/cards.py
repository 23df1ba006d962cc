"""A statement, a claim or an article as a piece of the page; all text goes through `markup`."""

from __future__ import annotations

from claims.claim import Claim
from views import wording
from views.markup import Html, Mark, dotted, passage, tag, together
from workbench.claim_filter import REVIEWERS_AGREE, STATES
from workbench.divergence import Divergence
from workbench.log import WHAT
from workbench.pairs import heading_of
from workbench.review import waits_for_second
from workbench.rows import (
    Appearance,
    ArticleRow,
    ClaimDetail,
    ClaimRow,
    Link,
    LogRow,
    PairJudgement,
    RelatedRow,
    SpeakerRow,
    Statement,
    VerdictRow,
)
from workbench.scales import KNOWN_VERDICTS, verdict_words
from workbench.verdicts import PAIR_JUDGEMENTS

Spans = tuple[tuple[int, int], ...]
_OPENING = ("“", "‘", "(", "[", "—")
_CLOSING = ("”", "’", ")", "]", ",", ".", ";", ":", "!", "?", "—")


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


def claim_line(row: ClaimRow, blind: bool = False) -> Html:
    """A line of the claim list; `blind` leaves out what the machine thinks."""
    lead = (
        tag("span", "", css="cc-flag cc-quiet")
        if blind
        else (
            tag(
                "span",
                wording.contradiction_words(row.contradiction, row.strict),
                css=f"cc-flag {'cc-contradicts' if row.strict else 'cc-tension'}",
            )
            if row.contradiction is not None
            else tag("span", wording.none_words(row.compared), css="cc-flag cc-quiet")
        )
    )
    words_changed = tag("span", "Words changed since the verdict", css="cc-flag cc-contradicts")
    return tag(
        "div",
        tag(
            "div",
            lead,
            together(()) if row.unseen else verdict_badge(row.verdict, row.label),
            status_badge(REVIEWERS_AGREE if row.agreed else row.status, row.assignee),
            tag("span", "Look again", css="cc-flag cc-contradicts") if row.look_again else together(()),
            words_changed if row.changed and not row.unseen else together(()),
            css="cc-line-side",
        ),
        tag(
            "div",
            tag("p", row.text, css="cc-claim-text"),
            tag(
                "div",
                tag("strong", tag("bdi", wording.source_words(row))),
                role(row.role),
                tag("span", wording.how_words(row.kind, row.assertion), css="cc-how"),
                place(row),
                css="cc-meta",
            ),
        ),
        css="cc-line",
    )


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


def group(rows: tuple[Statement, ...]) -> Html:
    """Statements that say the same as a claim: what each says, who, and where."""
    return tag(
        "ul",
        *(
            tag(
                "li",
                tag("strong", tag("bdi", wording.source_words(one))),
                role(one.role),
                tag("span", tag("bdi", one.text), css="cc-how"),
                tag("div", place(one), css="cc-meta"),
            )
            for one in rows
        ),
        css="cc-evidence cc-group",
    )


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


def related_statement(row: RelatedRow, blind: bool = False, speaker: str = "") -> Html:
    """Another statement beside a claim of `speaker`; what the machine (unless `blind`) and people say of the two."""
    judged = judged_by(row.judgement) if row.judgement else together(())
    if blind:
        return tag("div", *_statement(row.other, "related"), judged, css="cc-card")
    lane = lane_of(row.link, row.judgement)
    return tag(
        "div",
        relation_line(row.link, wording.relation_words(row.link), row.judgement),
        tag("div", wording.CHANGED_POSITION, css="cc-changed") if changed_position(row, speaker) else together(()),
        *_statement(row.other, lane, clashes(row.link)[1] if lane == "contradicts" else ()),
        judged,
        css=f"cc-card cc-edge-{lane}",
    )


def changed_position(row: RelatedRow, speaker: str) -> bool:
    """Whether a speaker said the opposite elsewhere."""
    return bool(speaker) and row.other.speaker == speaker and lane_of(row.link, row.judgement) == "contradicts"


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


def _statement(one: Statement, kind: str, spans: Spans = ()) -> tuple[Html, ...]:
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


def speaker_line(row: SpeakerRow) -> Html:
    """A line of the speakers' list."""
    also = f"also read as {', '.join(f'“{name}”' for name in row.read_as)}" if row.read_as else ""
    return tag(
        "div",
        tag("div", tag("strong", tag("bdi", row.name)), role("; ".join(row.roles[:2])), css="cc-who"),
        tag(
            "div",
            dotted(wording.amount(row.claims, "claim"), wording.amount(len(row.article_ids), "article"), also),
            css="cc-meta",
        ),
        css="cc-speaker",
    )


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
                tag("div", *_statement(one, lane, spans), css="cc-side")
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


def divergence(question: Divergence) -> Html:
    """A claim, or a pair, of which a file says something else than the workspace."""
    return tag(
        "div",
        tag("p", question.claim_text, css="cc-claim-text"),
        *(
            tag("div", tag("span", name, css="cc-label"), tag("bdi", words), css="cc-side-by-side")
            for name, words in (("Here", question.here), ("In the file", question.file))
        ),
        tag(
            "p",
            f"{question.why[0].upper()}{question.why[1:]}. If the file’s is taken, {question.outcome}",
            css="cc-hint",
        ),
        css="cc-question",
    )


def log_line(row: LogRow) -> Html:
    """A line of the log."""
    about = row.claim_text or row.subject
    return tag(
        "div",
        tag("strong", tag("bdi", row.who or "Nobody named")),
        tag("span", WHAT.get(row.what, row.what), css="cc-how"),
        tag("span", tag("bdi", wording.change_words(row)), css="cc-change"),
        tag("p", about, css="cc-log-about") if about else together(()),
        tag("p", row.note, css="cc-rationale") if row.note else together(()),
        tag("div", wording.time_words(row.at), css="cc-meta"),
        css="cc-log",
    )


def article_line(article: ArticleRow) -> Html:
    """An article of the list, with what is known of it."""
    state = wording.amount(article.claims, "claim") if article.read else "not read yet"
    known = dotted(article.outlet, article.author, wording.date_words(article.date), article.url, article.language)
    return tag(
        "div",
        tag("p", wording.article_words(article), css="cc-claim-text"),
        tag(
            "div",
            tag("span", state, css="cc-flag cc-quiet"),
            known if known else tag("span", "Outlet, author and date are not known", css="cc-missing"),
            css="cc-meta",
        ),
        tag("div", dotted(*wording.seen_words(article)), css="cc-meta"),
        css="cc-article",
    )


def appearance_line(seen: Appearance, current: bool) -> Html:
    """A place where an article was seen; `current`: with the text that stands here now."""
    return tag(
        "div",
        tag("bdi", seen.place or seen.outlet or "a pasted text"),
        dotted(wording.time_words(seen.at), "" if current else "with an earlier text"),
        css="cc-meta",
    )


def flag_of(link: Link) -> str:
    """How the words for a relation look: as its lane, but a mere tension otherwise than a contradiction proper."""
    return "tension" if link.relation == "contradicts" and not link.strict else lane_of(link)


def lane_of(link: Link, judgement: PairJudgement | None = None) -> str:
    """Under which of the three headings a pair stands: what people say of it goes before what the machine found."""
    return heading_of(link.relation, judgement.judgement if judgement else "")
