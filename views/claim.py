"""One claim: in its paragraph, beside what other sources say of it, and the verdict on it. The URL names the claim."""

from __future__ import annotations

import streamlit as st

from views import cards, keys, lines, markup, pair_cards, pictures, session, verdict_cards, wording
from views.drafts import evidence_key, ticked
from views.judging import ask_why, is_blind, may_judge, undo_button, verdict_buttons
from views.pair_judging import judgement_buttons
from views.set_beside import ask_beside, note_opened, set_beside_button
from views.steps import show_state, show_steps
from views.walk import walk_buttons
from workbench.errors import UnknownClaim
from workbench.figures import said_when
from workbench.log import log_page
from workbench.pair_rows import Group, RelatedGroups, RelatedRow
from workbench.pairs import related
from workbench.people import JUDGE
from workbench.queries import claim_detail, group_of, statements
from workbench.review import as_seen_by, hidden_from
from workbench.rows import ClaimDetail

AT_FIRST = 10  # statements shown in a lane before one asks for more
GROUP_AT_FIRST = 3
RECORD = "All that was done to this claim"
NOTHING = {
    "supports": "No other source says the same.",
    "contradicts": "No statement of another source denies this one.",
    "related": "No other statement is on the same subject.",
}


def show_page() -> None:
    """The whole page."""
    claim_id = claim_named()
    if not claim_id:
        markup.empty("No claim chosen.", "Open one from the Claims or the Conflicts page.")
        return
    try:
        detail = claim_detail(session.store(), claim_id)
    except UnknownClaim:
        markup.empty("This claim is not in the workspace.", "Look for it on the Claims page.")
        return
    if detail.current:
        note_opened(claim_id)
    st.session_state["last-claim"] = claim_id
    walk_buttons(detail)
    show_claim(claim_id)


def claim_named() -> str:
    """The claim that the address names. Streamlit leaves one behind that names none on the way to the list: whoever
    comes to it by the browser's Back sees the claim that they looked at last, and the address names it again."""
    claim_id = st.query_params.get(session.CLAIM, "")
    if not claim_id and session.came_by_history() and (claim_id := st.session_state.get("last-claim", "")):
        st.query_params.from_dict({session.CLAIM: claim_id})
    return claim_id


@st.fragment
@session.plainly
def show_claim(claim_id: str) -> None:
    """The claim, the verdict on it and the statements beside it; a click here runs nothing else anew."""
    opened = session.store()
    detail = claim_detail(opened, claim_id)
    blind, beside = is_blind(detail), keys.linked(claim_id)
    # What is ticked as evidence stays on the screen, whatever the address names by now.
    groups = related(opened, claim_id, session.reviewer(), (beside,), ticked(claim_id))
    group = Group((), 0) if blind else group_of(opened, claim_id)
    left, right = st.columns([1.65, 1], gap="large")
    with left:
        show_text(detail, groups, group, blind)
    with right:
        show_verdict_panel(detail, keys.judgement_to_undo(claim_id, in_order(groups)) is None)
    if not detail.related:
        markup.notice("info", "This claim is not yet compared with every other; more may appear.")
    if beside not in {"", claim_id, *(row.other.claim_id for row in in_order(groups))}:
        markup.notice("info", "The claim that the address names beside this one is not, or no longer, in an article.")
    if blind:
        show_unsorted(claim_id, groups)
        return
    keys.statement_keys(claim_id, in_order(groups))
    for column, lane in zip(st.columns(3, gap="medium"), NOTHING, strict=True):
        with column:
            show_lane(claim_id, lane, getattr(groups, lane), detail.claim.speaker)
    show_timeline(claim_id, pictures.stances_of(claim_id, groups, group))


def show_text(detail: ClaimDetail, groups: RelatedGroups, group: Group, blind: bool) -> None:
    """The claim in its place, what says the same, and what people said of it so far."""
    claim_id, unseen = detail.claim.id, hidden_from(detail, session.reviewer())
    if not detail.current:
        markup.notice("info", "The article no longer yields this claim; it is kept because people judged it.")
    if detail.verdict and detail.current and not unseen and detail.verdict.claim_text != detail.claim.text:
        markup.notice("info", f"The article was edited since the verdict, which judged: {detail.verdict.claim_text}")
    spans = () if blind else pair_cards.clash_in_claim(groups.contradicts, keys.chosen(claim_id))
    markup.show(cards.claim_in_place(detail, spans))
    show_group(claim_id, group, in_order(groups))
    ask_beside(claim_id)
    if not unseen:
        show_history(detail)
        show_record(claim_id)


def show_timeline(claim_id: str, stances: dict[str, str]) -> None:
    """Who said what when, of the claim and what speaks for or against it, where articles have dates; drawn when opened,
    since a picture costs as much time as half the page."""
    said = said_when(session.store(), tuple(stances), stances)
    if len(said.rows) < 2:
        return
    with st.expander("Who said what when", key=f"timeline-{claim_id}", on_change="rerun") as box:
        if not box.open:
            return
        chart = pictures.described(pictures.timeline(said), "Who said what when", said, session.ink())
        st.altair_chart(chart, key=f"timeline-chart-{claim_id}", width="stretch")
        st.download_button(
            "These figures as CSV",
            data=said.csv(),
            file_name="counterclaim-who-said-what-when.csv",
            mime="text/csv",
            on_click="ignore",
            type="tertiary",
            key=f"timeline-csv-{claim_id}",
        )


def in_order(groups: RelatedGroups) -> tuple[RelatedRow, ...]:
    """The statements as they stand on the page, lane by lane."""
    return tuple(row for lane in NOTHING for row in getattr(groups, lane))


def show_unsorted(claim_id: str, groups: RelatedGroups) -> None:
    """The statements beside a claim without what the machine thinks of them, in an order that says nothing."""
    rows = sorted(in_order(groups), key=lambda row: row.other.claim_id)
    markup.show(
        markup.tag("h2", "On the same matter", css="cc-section"),
        markup.tag("p", "What the machine makes of these is shown once you have given a verdict.", css="cc-hint"),
    )
    keys.statement_keys(claim_id, tuple(rows), blind=True)
    for place, column in enumerate(st.columns(3, gap="medium")):
        with column:
            for row in rows[place::3]:
                show_statement(claim_id, row, blind=True)


def show_verdict_panel(detail: ClaimDetail, undo_by_key: bool) -> None:
    """Where the claim stands, who judges, why, and the verdicts; whether the key U takes back the verdict."""
    with st.container(border=True, key="verdict-panel"):
        show_state(detail)
        session.show_message()
        session.reviewer_field()
        if may_judge(detail):
            verdict_buttons(detail)
            ask_why(detail)
        undo_button(detail, undo_by_key)
        show_steps(detail)
        show_guidelines()


def show_guidelines() -> None:
    """What the desk wrote down for its reviewers, where it did."""
    words = session.guidelines()
    if words:
        with st.popover("Guidelines", key="guidelines", width="stretch"):
            paragraphs = (markup.tag("p", paragraph) for paragraph in words.split("\n\n"))
            markup.show(markup.region("Guidelines", *paragraphs))


def show_history(detail: ClaimDetail) -> None:
    """Every verdict on the claim, newest first."""
    rows = detail.verdicts
    if not rows:
        return
    evidence = statements(session.store(), {one for row in rows for one in row.evidence})
    markup.show(markup.tag("h3", "Verdicts so far", css="cc-section"), verdict_cards.history(rows, evidence))


def show_record(claim_id: str) -> None:
    """All that anybody did to the claim, newest first; read when opened."""
    with st.popover(RECORD, key=f"record-{claim_id}", type="tertiary", on_change="rerun") as box:
        if not box.open:
            return
        opened = session.store()
        found = log_page(opened, -1, claim_id=claim_id).rows
        rows = as_seen_by(opened, found, session.reviewer(), session.settings().desk.blind)
        if not rows:
            markup.show(markup.tag("p", "Nobody did anything to it yet.", css="cc-none"))
            return
        markup.show(markup.region(RECORD, *(lines.log_line(row) for row in rows)))


def show_group(claim_id: str, found: Group, beside: tuple[RelatedRow, ...]) -> None:
    """The statements that say what the claim says, with the number of independent sources and the way to each; what is
    not yet `beside` the claim, since only a third one links the two, can be set there."""
    others = found.statements[1:]
    if not others:
        return
    key = f"shown-group-{claim_id}"
    shown = others if st.session_state.get(key) else others[:GROUP_AT_FIRST]
    cards_of = {row.other.claim_id for row in beside}
    markup.show(markup.tag("p", wording.group_words(found), css="cc-hint"))
    for one in shown:
        with st.container(horizontal=True, vertical_alignment="center", key=f"same-{claim_id}-{one.claim_id}"):
            markup.show(cards.in_short(one))
            if one.claim_id not in cards_of:
                set_beside_button(claim_id, one, "same")
            label = markup.aloud("Open", cards.said(one))
            if st.button(label, key=f"go-same-{claim_id}-{one.claim_id}", type="tertiary"):
                session.open_claim(one.claim_id, beside=claim_id)
    if len(others) > len(shown):
        st.button(
            "Show all that say the same",
            key=f"more-group-{claim_id}",
            type="tertiary",
            on_click=show_more,
            args=(key, 0),
        )


def show_lane(claim_id: str, lane: str, rows: tuple[RelatedRow, ...], speaker: str) -> None:
    """One heading with its statements, strongest first; `speaker` says the claim."""
    markup.show(pair_cards.lane_heading(lane, len(rows)))
    if not rows:
        markup.show(markup.tag("p", NOTHING[lane], css="cc-none"))
    key = f"shown-{lane}-{claim_id}"
    shown = st.session_state.get(key, AT_FIRST)
    shown = keys.enough(rows, shown, keys.chosen(claim_id))
    for row in rows[:shown]:
        show_statement(claim_id, row, speaker=speaker)
    if len(rows) > shown:
        st.button("Show more", key=f"more-{lane}-{claim_id}-{shown}", on_click=show_more, args=(key, shown))


def show_more(key: str, shown: int) -> None:
    """Lengthens a lane."""
    st.session_state[key] = shown + AT_FIRST


def show_statement(claim_id: str, row: RelatedRow, blind: bool = False, speaker: str = "") -> None:
    """One statement: what it says, whether it is evidence, and what the reader makes of the pair."""
    other_id = row.other.claim_id
    chosen = keys.chosen(claim_id) == other_id
    with st.container(key=f"{'chosen-' if chosen else ''}card-{claim_id}-{other_id}"):
        markup.show(pair_cards.related_statement(row, blind, speaker))
        with st.container(horizontal=True, vertical_alignment="center"):
            if session.may(JUDGE):
                st.checkbox(
                    markup.aloud("Use as evidence", row.other.text),
                    key=evidence_key(claim_id, other_id),
                    persist_state="session",
                )
            st.space("stretch")
            if st.button(markup.aloud("Open", row.other.text), key=f"go-{claim_id}-{other_id}", type="tertiary"):
                session.open_claim(other_id, beside=claim_id)
        judgement_buttons((claim_id, other_id), row.judgement, blind, chosen)


show_page()
