"""The contradictory pairs of the whole collection, best first."""

from __future__ import annotations

import streamlit as st

from views import cards, markup, session, wording
from views.judging import judgement_buttons
from workbench.pairs import conflicts
from workbench.rows import PairRow

PAGE_SIZE = 20


@st.fragment
def show_page() -> None:
    """The whole page."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="conflicts-bar"):
        with st.container(width=260):
            session.reviewer_field()
        dismissed = st.toggle(
            "Show pairs that were set aside", key="dismissed", persist_state="session", on_change=turn_to, args=(1,)
        )
    if session.settings().desk.blind:
        markup.notice("info", "This desk is blind: judge the claims first, this page shows what the machine thinks.")
        return
    page = st.session_state.get("conflicts-page", 1)
    found = conflicts(session.store(), PAGE_SIZE, (page - 1) * PAGE_SIZE, dismissed)
    session.show_message()
    if not found.total:
        markup.empty(
            "No pairs in conflict.",
            "Two sources that can’t both be right appear here. Add articles on the "
            "same subject from other outlets, and they are compared with what is there.",
        )
        return
    markup.show(markup.tag("div", wording.conflicts_words(found.total), css="cc-total"))
    for row in found.rows:
        show_pair(row)
    pages = -(-found.total // PAGE_SIZE)
    if pages > 1:
        with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center"):
            st.button(
                "Previous page", key=f"pairs-before-{page}", disabled=page <= 1, on_click=turn_to, args=(page - 1,)
            )
            markup.show(markup.tag("div", f"Page {page} of {pages}", css="cc-total"), width="content")
            st.button(
                "Next page", key=f"pairs-after-{page}", disabled=page >= pages, on_click=turn_to, args=(page + 1,)
            )


def show_pair(row: PairRow) -> None:
    """Both statements, the way to each, and what the reader makes of the pair."""
    ids = (row.a.claim_id, row.b.claim_id)
    with st.container(key=f"pair-{ids[0]}-{ids[1]}"):
        markup.show(cards.pair(row.a, row.b, row.link))
        with st.container(horizontal=True, vertical_alignment="center"):
            judgement_buttons(ids, row.judgement)
            if row.judgement:
                markup.show(cards.judged_by(row.judgement), width="content")
            st.space("stretch")
            if st.button("Open the left claim", key=f"left-{ids[0]}-{ids[1]}", type="tertiary"):
                session.open_claim(ids[0], beside=ids[1])
            if st.button("Open the right claim", key=f"right-{ids[0]}-{ids[1]}", type="tertiary"):
                session.open_claim(ids[1], beside=ids[0])


def turn_to(page: int) -> None:
    """Turns the list to a page."""
    st.session_state["conflicts-page"] = page


show_page()
