"""Setting a claim beside another that nothing links it with: one that was opened before, or one found by words."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from views import cards, markup, session
from workbench.claim_filter import ClaimFilter
from workbench.pair_rows import Statement
from workbench.queries import claim_page, statements
from workbench.store import Store

OFFERED = 10
_OPENED = "opened-last"
SET = "Both stand side by side now, and the keys speak of the two. The address leads here, too."
NOTHING = {
    True: "No other claim holds these words or is near them.",
    False: "What you open stands here afterwards. Write words to find any other claim.",
}


def note_opened(claim_id: str) -> None:
    """Remembers that a claim was opened, so that it is offered beside those opened after it."""
    before = (one for one in st.session_state.get(_OPENED, ()) if one != claim_id)
    st.session_state[_OPENED] = (claim_id, *before)[: OFFERED + 1]


def offered(
    store: Store, claim_id: str, opened: Sequence[str], wanted: ClaimFilter, near: Sequence[str] = ()
) -> tuple[Statement, ...]:
    """Up to OFFERED claims to set beside one: those that `wanted` finds, as `claim_page`, where it looks for words,
    else those that were `opened`, in their order."""
    found = claim_page(store, wanted, OFFERED + 1, near=near).rows if wanted.search else ()
    ids = [row.id for row in found] if wanted.search else opened
    known = statements(store, ids)
    return tuple(known[one] for one in ids if one in known and one != claim_id)[:OFFERED]


def ask_beside(claim_id: str) -> None:
    """A box with the claims that can be set beside this one; what it offers is read when it is opened."""
    with st.popover("Set beside …", key=_box(claim_id), type="tertiary", on_change="rerun") as box:
        if not box.open:
            return
        words = st.text_input(
            "Find a claim to set beside this one",
            key=f"beside-words-{claim_id}",
            type="search",
            placeholder="Words, or what it is about",
        ).strip()
        wanted = ClaimFilter(words, seen_by=session.reviewer(), blind_for=session.blind_for())
        near = session.near_in_meaning(words) if words else ()
        rows = offered(session.store(), claim_id, st.session_state.get(_OPENED, ()), wanted, near)
        head = ("Found" if words else "Opened last") if rows else NOTHING[bool(words)]
        markup.show(markup.tag("p", head, css="cc-hint"))
        for row in rows:
            with st.container(horizontal=True, vertical_alignment="center", key=f"offer-{claim_id}-{row.claim_id}"):
                markup.show(cards.in_short(row))
                set_beside_button(claim_id, row, "offered")


def set_beside_button(claim_id: str, one: Statement, name: str) -> None:
    """A button, one of this `name` a statement, that sets it beside the claim."""
    st.button(
        markup.aloud("Set beside", cards.said(one)),
        key=f"{name}-beside-{claim_id}-{one.claim_id}",
        type="tertiary",
        on_click=set_beside,
        args=(claim_id, one.claim_id),
    )


def set_beside(claim_id: str, other_id: str) -> None:
    """Lets the address name both claims, which puts the other one on the page, and chooses it for the keys."""
    st.session_state[session.chosen_key(claim_id)] = other_id
    st.session_state[_box(claim_id)] = False
    st.query_params.from_dict({session.CLAIM: claim_id, session.BESIDE: other_id})
    session.tell("good", SET)


def _box(claim_id: str) -> str:
    return f"set-beside-{claim_id}"
