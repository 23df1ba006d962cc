"""The keys of the Conflicts page, and the pair that they speak of."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from views import markup, scripts, session
from views.pair_judging import PAIR_KEYS, judgement_keys
from workbench.pair_judgements import PAIR_JUDGEMENTS
from workbench.pair_rows import PairRow
from workbench.people import JUDGE

Pair = tuple[str, str]
_CHOSEN = "chosen-pair"  # the pair, and its place on the page when it was chosen
_NONE = (("", ""), -1)


def pair_of(row: PairRow) -> Pair:
    """The ids of both claims."""
    return row.a.claim_id, row.b.claim_id


def is_chosen(row: PairRow) -> bool:
    """Whether the keys speak of this pair."""
    return st.session_state.get(_CHOSEN, _NONE)[0] == pair_of(row)


def pair_keys(rows: Sequence[PairRow]) -> None:
    """A row of small buttons, each with its key, for the chosen pair."""
    pairs = [pair_of(row) for row in rows]
    row = next(filter(is_chosen, rows), None)
    with st.container(horizontal=True, vertical_alignment="center", key="statement-keys", gap="small"):
        where = f"Pair {rows.index(row) + 1} of {len(rows)} on this page" if row else f"{len(rows)} pairs on this page"
        markup.show(markup.tag("div", where, css="cc-total"), width="content")
        for label, key, step in (("Next pair", "J", 1), ("Previous pair", "K", -1)):
            st.button(
                label, key=f"choose-pair-{key}", shortcut=key, type="tertiary", on_click=choose, args=(pairs, step)
            )
        if row is None:
            choose_first(pairs)
        else:
            speak_of(row)
    scripts.bring_into_view("-".join(pair_of(row)) if row else "")


def choose(pairs: Sequence[Pair], step: int) -> None:
    """Chooses the pair after or before the chosen one; at the ends it stays. Where a judgement took the chosen one off
    the page, the one that moved up into its place is the next."""
    now, place = st.session_state.get(_CHOSEN, _NONE)
    if now in pairs:
        place = pairs.index(now) + step
    elif step < 0 or place < 0:
        place += step
    place = min(max(place, 0), len(pairs) - 1)
    st.session_state[_CHOSEN] = (pairs[place], place)


def choose_none() -> None:
    """Forgets the chosen pair, since another page of the list has other pairs."""
    st.session_state.pop(_CHOSEN, None)


def choose_first(pairs: Sequence[Pair]) -> None:
    """The same keys before a pair is chosen: they choose one, so that nothing unseen is judged."""
    judging = ((PAIR_JUDGEMENTS[name], key) for name, key in PAIR_KEYS.items())
    for label, key in (("Open", "O"), *(judging if session.may(JUDGE) else ())):
        st.button(label, key=f"first-pair-{key}", shortcut=key, type="tertiary", on_click=begin, args=(pairs,))


def begin(pairs: Sequence[Pair]) -> None:
    """Chooses a pair and says so."""
    choose(pairs, 1)
    session.tell("info", "A pair is chosen now; press again to judge it, J for the next one.")


def speak_of(row: PairRow) -> None:
    """The buttons that speak of the chosen pair."""
    pair = pair_of(row)
    if st.button("Open", key=f"go-pair-{'-'.join(pair)}", shortcut="O", type="tertiary"):
        session.open_claim(pair[0], beside=pair[1])
    judgement_keys(pair, row.judgement)
