"""The contradictory pairs of the whole collection, likeliest first."""

from __future__ import annotations

import streamlit as st

from views import markup, pair_cards, pair_keys, session, wording
from views.pager import page_buttons
from views.paging import within
from views.pair_judging import judgement_buttons
from workbench.jobs import running_job
from workbench.pair_rows import PairPage, PairRow, Statement, Which
from workbench.pairs import conflicts
from workbench.queries import counts
from workbench.waiting import how_many_wait

PAGE_SIZE = 20
_SWITCH = "The switch above shows what is doubtful."


@st.fragment
@session.plainly
def show_page() -> None:
    """The whole page."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="conflicts-bar"):
        with st.container(width=260):
            session.reviewer_field()
        dismissed = st.toggle(
            "Show pairs that were set aside", key="dismissed", persist_state="session", on_change=turn_to, args=(1,)
        )
        doubtful = st.toggle(
            "Show doubtful pairs, too", key="doubtful", persist_state="session", on_change=turn_to, args=(1,)
        )
    blind_for = session.blind_for()
    if blind_for is not None:
        markup.notice("info", "This desk is blind: a pair stands here once you gave a verdict on one of its claims.")
    page = st.session_state.get("conflicts-page", 1)
    which = Which(dismissed, doubtful)
    found = conflicts_on(page, which, blind_for)
    if not found.rows and found.total:
        page = within(page, found.total, PAGE_SIZE)
        turn_to(page)
        found = conflicts_on(page, which, blind_for)
    session.show_message()
    if not found.total:
        show_none(blind_for, found.doubtful)
        return
    markup.show(markup.tag("div", wording.conflicts_words(found.total, found.doubtful, doubtful), css="cc-total"))
    pair_keys.pair_keys(found.rows)
    for row in found.rows:
        show_pair(row)
    page_buttons("pairs", page, found.total, PAGE_SIZE, turn_to)


def conflicts_on(page: int, which: Which, blind_for: str | None) -> PairPage:
    """The pairs of a page, from 1."""
    first = (page - 1) * PAGE_SIZE
    return conflicts(session.store(), PAGE_SIZE, first, which, session.reviewer(), blind_for)


def show_none(blind_for: str | None, doubtful: int) -> None:
    """What an empty page says: plainly "none" only where everything is compared."""
    opened = session.store()
    there = counts(opened)
    none = "No pairs in conflict" if blind_for is None else "No pairs in conflict among what you judged"
    if there.unread_articles or there.unrelated_claims or how_many_wait(opened) or running_job(opened):
        rest = f" ({wording.amount(doubtful, 'doubtful one')})" if doubtful else ""
        waits = "Not all claims are compared yet; what is found appears here."
        markup.empty(f"{none} so far{rest}.", f"{waits} {_SWITCH}" if doubtful else waits)
        return
    if doubtful:
        markup.empty(f"{none} but {wording.amount(doubtful, 'doubtful one')}.", _SWITCH)
        return
    markup.empty(
        f"{none}.",
        "Two sources that can’t both be right appear here. Add articles on the "
        "same subject from other outlets, and they are compared with what is there.",
    )


def show_pair(row: PairRow) -> None:
    """Both statements, the way to each, and what the reader makes of the pair."""
    ids = pair_keys.pair_of(row)
    with st.container(key=f"{'chosen-card' if pair_keys.is_chosen(row) else 'pair'}-{ids[0]}-{ids[1]}"):
        markup.show(pair_cards.pair(row.a, row.b, row.link, row.judgement))
        with st.container(horizontal=True, vertical_alignment="center"):
            judgement_buttons(ids, row.judgement, chosen=pair_keys.is_chosen(row))
            if row.judgement:
                markup.show(pair_cards.judged_by(row.judgement), width="content")
            st.space("stretch")
            if st.button(
                markup.aloud("Open the left claim", in_short(row.a, row.b)),
                key=f"left-{ids[0]}-{ids[1]}",
                type="tertiary",
            ):
                session.open_claim(ids[0], beside=ids[1])
            if st.button(
                markup.aloud("Open the right claim", in_short(row.b, row.a)),
                key=f"right-{ids[0]}-{ids[1]}",
                type="tertiary",
            ):
                session.open_claim(ids[1], beside=ids[0])


def in_short(one: Statement, other: Statement) -> str:
    """The beginnings of both statements, since one may stand in several pairs."""
    return f"{one.text[:55]}, beside {other.text[:55]}"


def turn_to(page: int) -> None:
    """Turns the list to a page."""
    pair_keys.choose_none()
    st.session_state["conflicts-page"] = page


show_page()
