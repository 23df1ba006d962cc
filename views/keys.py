"""Working without a mouse: the keys of the claim page, what `?` shows, and the statement that the keys speak of.

Streamlit binds letters and digits to buttons; what it can't bind, `views.scripts` does.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from views import markup, scripts, session
from views.judging import evidence_key, own_judgement, say_of_pair, take_back_judgement
from workbench.rows import PairJudgement, RelatedRow
from workbench.verdicts import PAIR_JUDGEMENTS

PAIR_KEYS = {"contradiction": "D", "not_contradiction": "X", "same_claim": "S", "unclear": "Q"}
HELP: tuple[tuple[str, str], ...] = (
    ("1 … 9, 0", "the verdicts, in the order of their buttons"),
    ("U", "take back your verdict; where you judged the chosen statement, that judgement"),
    ("W", "write a rationale; Escape leaves the field"),
    ("N, P", "the next, the previous claim"),
    ("J, K", "choose the next, the previous statement"),
    ("L", "put the claim and the chosen statement into the address, as a link to the pair"),
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
    """The statement that the keys speak of: the one chosen by key, else the one that the address names; "" before one
    is chosen."""
    linked = st.query_params.get(session.BESIDE, "") if st.query_params.get("claim") == claim_id else ""
    return st.session_state.get(f"chosen-{claim_id}", linked)


def judgement_to_undo(claim_id: str, rows: Sequence[RelatedRow]) -> PairJudgement | None:
    """This reviewer's judgement of the claim and the chosen statement, which the key U then takes back."""
    row = next((row for row in rows if row.other.claim_id == chosen(claim_id)), None)
    return own_judgement((claim_id, row.other.claim_id), row.judgement) if row else None


def enough(rows: Sequence[RelatedRow], shown: int, chosen_id: str) -> int:
    """How many of these statements to show, at least `shown`, so that the chosen one is among them."""
    return max([shown, *(place for place, row in enumerate(rows, 1) if row.other.claim_id == chosen_id)])


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
        else:
            choose_first(claim_id, ids)


def choose_first(claim_id: str, ids: Sequence[str]) -> None:
    """The same keys before a statement is chosen: they choose the first, so that nothing unseen is judged."""
    for label, key in (("Evidence", "E"), *((PAIR_JUDGEMENTS[name], key) for name, key in PAIR_KEYS.items())):
        st.button(
            label, key=f"first-{key}-{claim_id}", shortcut=key, type="tertiary", on_click=begin, args=(claim_id, ids)
        )


def begin(claim_id: str, ids: Sequence[str]) -> None:
    """Chooses the first statement and says so."""
    choose(claim_id, ids, 1)
    session.tell("info", "The first statement is chosen; press again to judge it, J for the next one.")


def link_to_pair(claim_id: str, other_id: str) -> None:
    """Lets the address name the claim and the statement."""
    st.query_params.from_dict({"claim": claim_id, session.BESIDE: other_id})
    session.tell("good", "The address now leads to this pair; copy it to send it.")


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
    st.button(
        "Link to this pair",
        key=f"link-{claim_id}-{other_id}",
        shortcut="L",
        type="tertiary",
        on_click=link_to_pair,
        args=(claim_id, other_id),
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
    mine = own_judgement((claim_id, other_id), row.judgement)
    if mine is not None:
        st.button(
            "Take back your judgement",
            key=f"unsay-key-{claim_id}-{other_id}-{mine.id}",
            shortcut="U",
            type="tertiary",
            on_click=take_back_judgement,
            args=((claim_id, other_id), mine),
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
