"""Working without a mouse: the keys of the claim page, and the statement that they speak of.

Streamlit binds letters and digits to buttons; what it can't bind, `views.key_help` does.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from views import markup, scripts, session
from views.drafts import evidence_key
from views.pair_judging import PAIR_KEYS, judgement_keys, own_judgement
from workbench.pair_judgements import PAIR_JUDGEMENTS
from workbench.pair_rows import PairJudgement, RelatedRow
from workbench.people import JUDGE


def chosen(claim_id: str) -> str:
    """The statement that the keys speak of: the one chosen by key, else the one that the address names; "" before one
    is chosen."""
    return st.session_state.get(session.chosen_key(claim_id), linked(claim_id))


def linked(claim_id: str) -> str:
    """The claim that the address names beside this one; "" where it names none."""
    return st.query_params.get(session.BESIDE, "") if st.query_params.get(session.CLAIM) == claim_id else ""


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
            note_neighbours(claim_id, ids, at)
            speak_of(claim_id, rows[at], blind)
        else:
            choose_first(claim_id, ids)
    scripts.bring_into_view(f"{claim_id}-{ids[at]}" if at is not None else "")


def choose_first(claim_id: str, ids: Sequence[str]) -> None:
    """The same keys before a statement is chosen: they choose the first, so that nothing unseen is judged."""
    judging = (("Evidence", "E"), *((PAIR_JUDGEMENTS[name], key) for name, key in PAIR_KEYS.items()))
    for label, key in (("Open statement", "O"), *(judging if session.may(JUDGE) else ())):
        st.button(
            label, key=f"first-{key}-{claim_id}", shortcut=key, type="tertiary", on_click=begin, args=(claim_id, ids)
        )


def begin(claim_id: str, ids: Sequence[str]) -> None:
    """Chooses the first statement and says so."""
    choose(claim_id, ids, 1)
    session.tell("info", "The first statement is chosen; press again to judge it, J for the next one.")


def link_to_pair(claim_id: str, other_id: str) -> None:
    """Lets the address name the claim and the statement."""
    st.query_params.from_dict({session.CLAIM: claim_id, session.BESIDE: other_id})
    session.tell("good", "The address now leads to this pair; copy it to send it.")


def speak_of(claim_id: str, row: RelatedRow, blind: bool) -> None:
    """The buttons that speak of the chosen statement."""
    other_id = row.other.claim_id
    if session.may(JUDGE):
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
    if st.button("Open statement", key=f"go-key-{claim_id}-{other_id}", shortcut="O", type="tertiary"):
        session.open_claim(other_id, beside=claim_id)
    judgement_keys((claim_id, other_id), row.judgement, blind)


def note_neighbours(claim_id: str, ids: Sequence[str], at: int) -> None:
    """Keeps what stood around a statement when it was chosen: a judgement may move it under another heading, and J
    should go on from where it was."""
    key = f"around-{claim_id}"
    if st.session_state.get(key, ("",))[0] != ids[at]:
        st.session_state[key] = (ids[at], ids[max(at - 1, 0)], ids[min(at + 1, len(ids) - 1)])


def choose(claim_id: str, ids: Sequence[str], step: int) -> None:
    """Chooses the statement after or before the chosen one, as they stood when it was chosen; at the ends it stays."""
    now = chosen(claim_id)
    around = st.session_state.get(f"around-{claim_id}", ("", "", ""))
    beside = around[2 if step > 0 else 1] if around[0] == now else now
    if beside == now or beside not in ids:
        beside = ids[min(max(ids.index(now) + step, 0), len(ids) - 1)] if now in ids else ids[0]
    st.session_state[session.chosen_key(claim_id)] = beside


def tick(key: str) -> None:
    """Ticks a statement as evidence, or takes the tick away."""
    st.session_state[key] = not st.session_state.get(key)
    session.tell("info", "Ticked as evidence." if st.session_state[key] else "No evidence any more.")
