"""Working without a mouse: the keys of the claim page, what `?` shows, and the statement that the keys speak of.

Streamlit binds letters and digits to buttons; what it can't bind, `views.scripts` does.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from views import markup, scripts, session
from views.judging import evidence_key, say_of_pair
from workbench.rows import RelatedRow
from workbench.verdicts import PAIR_JUDGEMENTS

PAIR_KEYS = {"contradiction": "D", "not_contradiction": "X", "same_claim": "S", "unclear": "Q"}
HELP: tuple[tuple[str, str], ...] = (
    ("1 … 9, 0", "the verdicts, in the order of their buttons"),
    ("U", "take back your verdict"),
    ("W", "write a rationale; Escape leaves the field"),
    ("N, P", "the next, the previous claim"),
    ("J, K", "choose the next, the previous statement"),
    ("E", "tick the chosen statement as evidence"),
    ("D", "the chosen statement and the claim: a contradiction"),
    ("X", "not a contradiction"),
    ("S", "the same claim"),
    ("Q", "unclear"),
    ("?", "this help"),
)


def listen(claim_id: str) -> None:
    """Lets `?` and W work on this page."""
    scripts.listen_for_keys(chosen(claim_id), ask_help)
    if st.session_state.pop("help-wanted", False):
        show_help()


def ask_help() -> None:
    """Notes that somebody pressed `?`."""
    st.session_state["help-wanted"] = True


@st.dialog("Keys")
def show_help() -> None:
    """Every key and what it does."""
    markup.show(
        markup.tag(
            "ul",
            *(markup.tag("li", markup.tag("strong", key), " ", meaning) for key, meaning in HELP),
            css="cc-keys",
        )
    )


def chosen(claim_id: str) -> str:
    """The statement that the keys speak of; "" before one is chosen."""
    return st.session_state.get(f"chosen-{claim_id}", "")


def statement_keys(claim_id: str, rows: Sequence[RelatedRow], blind: bool = False) -> None:
    """A row of small buttons, each with its key, for the chosen statement."""
    if not rows:
        return
    ids = [row.other.claim_id for row in rows]
    at = ids.index(chosen(claim_id)) if chosen(claim_id) in ids else None
    with st.container(horizontal=True, vertical_alignment="center", key="statement-keys", gap="small"):
        where = f"Statement {at + 1} of {len(ids)}" if at is not None else f"{len(ids)} statements"
        markup.show(markup.tag("div", where, css="cc-total"), width="content")
        for label, key, step in (("Next statement", "J", 1), ("Previous statement", "K", -1)):
            st.button(
                label,
                key=f"choose-{key}-{claim_id}",
                shortcut=key,
                type="tertiary",
                on_click=choose,
                args=(claim_id, ids, step),
            )
        if at is not None:
            speak_of(claim_id, rows[at], blind)


def speak_of(claim_id: str, row: RelatedRow, blind: bool) -> None:
    """The buttons that speak of the chosen statement."""
    other_id, revision = row.other.claim_id, row.judgement.id if row.judgement else 0
    st.button(
        "Evidence",
        key=f"tick-{claim_id}-{other_id}",
        shortcut="E",
        type="tertiary",
        on_click=tick,
        args=(evidence_key(claim_id, other_id),),
    )
    for judgement, key in PAIR_KEYS.items():
        st.button(
            PAIR_JUDGEMENTS[judgement],
            key=f"say-{judgement}-{claim_id}-{other_id}-{revision}",
            shortcut=key,
            type="tertiary",
            on_click=say_of_pair,
            args=((claim_id, other_id), revision, judgement, blind),
        )


def choose(claim_id: str, ids: Sequence[str], step: int) -> None:
    """Chooses the statement after or before the chosen one; at the ends it stays."""
    at = ids.index(chosen(claim_id)) if chosen(claim_id) in ids else None
    place = 0 if at is None else min(max(at + step, 0), len(ids) - 1)
    st.session_state[f"chosen-{claim_id}"] = ids[place]


def tick(key: str) -> None:
    """Ticks a statement as evidence, or takes the tick away."""
    st.session_state[key] = not st.session_state.get(key)
    session.tell("info", "Ticked as evidence." if st.session_state[key] else "No evidence any more.")
