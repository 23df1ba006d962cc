"""Marking verdicts and judging pairs: the callbacks, and the buttons that several pages share.

A quick finger must never mark what nobody has seen: each button's key and arguments name the claim and its newest
verdict, and a callback that finds another one there refuses.
"""

from __future__ import annotations

import streamlit as st

from views import session
from workbench.errors import WorkbenchError
from workbench.rows import PairJudgement, VerdictRow
from workbench.verdicts import (
    PAIR_JUDGEMENTS,
    VERDICTS,
    pair_history,
    record_pair_judgement,
    record_verdict,
    standing,
    verdict_history,
    withdraw_verdict,
)

SHORTCUTS = dict(zip(VERDICTS, "1234567890", strict=True))
NAME_MISSING = "A verdict needs a name under it. Write yours in the Reviewer field, then press again."


def rationale_key(claim_id: str) -> str:
    """Where the draft of a claim's rationale is kept."""
    return f"rationale-{claim_id}"


def evidence_key(claim_id: str, other_id: str) -> str:
    """Where it is kept that a statement is ticked as evidence on a claim."""
    return f"evidence-{claim_id}-{other_id}"


def ticked(claim_id: str) -> tuple[str, ...]:
    """The statements ticked as evidence on a claim, in the order of their ids."""
    start = evidence_key(claim_id, "")
    return tuple(
        sorted(
            key.removeprefix(start) for key, value in st.session_state.items() if str(key).startswith(start) and value
        )
    )


def verdict_buttons(claim_id: str, newest: VerdictRow | None) -> None:
    """All ten verdicts, one click each; the newest one stands out."""
    revision = newest.id if newest else 0
    columns = st.columns(2, gap="small")
    for place, kind in enumerate(VERDICTS.values()):
        with columns[place % 2]:
            st.button(
                kind.label,
                key=f"verdict-{kind.name}-{claim_id}-{revision}",
                shortcut=SHORTCUTS[kind.name],
                type="primary" if newest and newest.verdict == kind.name else "secondary",
                width="stretch",
                on_click=give_verdict,
                args=(claim_id, revision, kind.name),
            )


def undo_button(newest: VerdictRow | None) -> None:
    """Takes back the verdict that stands, where it is this reviewer's own."""
    if newest is not None and newest.reviewer == session.reviewer():
        st.button(
            "Take back your verdict",
            key=f"undo-{newest.claim_id}-{newest.id}",
            shortcut="U",
            type="tertiary",
            width="stretch",
            on_click=take_back,
            args=(newest,),
        )


def take_back(given: VerdictRow) -> None:
    """Takes a verdict back; it stays in the history."""
    try:
        withdraw_verdict(session.store(), given.id, session.reviewer())
    except WorkbenchError as error:
        session.tell("bad", str(error))
        return
    if given.rationale and not st.session_state.get(rationale_key(given.claim_id)):
        st.session_state[rationale_key(given.claim_id)] = given.rationale
    for other_id in given.evidence:
        st.session_state[evidence_key(given.claim_id, other_id)] = True
    session.tell("info", f"Taken back: {VERDICTS[given.verdict].label}. It stays in the history.")


def give_verdict(claim_id: str, revision: int, verdict: str) -> None:
    """Records a verdict with the draft rationale and the ticked evidence, then clears these."""
    opened = session.store()
    newest = standing(verdict_history(opened, claim_id))
    if (newest.id if newest else 0) != revision:
        session.tell("bad", "Somebody else marked this claim in the meantime; see their verdict, then press again.")
        return
    if not session.reviewer():
        session.tell("bad", NAME_MISSING)
        return
    rationale, evidence = (st.session_state.get(rationale_key(claim_id)) or "").strip(), ticked(claim_id)
    said = (verdict, session.reviewer())
    if newest and said == (newest.verdict, newest.reviewer) and not rationale and not evidence:
        session.tell("info", "This is your verdict already; nothing was added.")
        return
    try:
        record_verdict(opened, claim_id, verdict, session.reviewer(), rationale, evidence)
    except WorkbenchError as error:
        session.tell("bad", str(error))
        return
    st.session_state[rationale_key(claim_id)] = ""
    for other_id in evidence:
        st.session_state[evidence_key(claim_id, other_id)] = False
    session.tell("good", f"Saved: {VERDICTS[verdict].label}, {session.reviewer()}.")


def judgement_buttons(pair: tuple[str, str], newest: PairJudgement | None) -> None:
    """What a person can say of a pair, one click each; what was said last is pressed."""
    revision = newest.id if newest else 0
    key = f"judge-{pair[0]}-{pair[1]}-{revision}"
    session.show_message("-".join(pair))
    if key not in st.session_state:
        st.session_state[key] = newest.judgement if newest else None
    st.pills(
        "Your judgement of this pair",
        list(PAIR_JUDGEMENTS),
        key=key,
        label_visibility="collapsed",
        required=newest is not None,
        format_func=PAIR_JUDGEMENTS.__getitem__,
        on_change=judge_pair,
        args=(pair, revision, key),
    )


def judge_pair(pair: tuple[str, str], revision: int, key: str) -> None:
    """Records what the pressed button says of a pair."""
    opened = session.store()
    judgement = st.session_state.get(key)
    history = pair_history(opened, pair)
    if judgement is None:
        return
    if (history[0].id if history else 0) != revision:
        session.tell("bad", "Somebody else judged this pair in the meantime; look at it again.", "-".join(pair))
    elif not session.reviewer():
        session.tell("bad", NAME_MISSING, "-".join(pair))
        st.session_state[key] = history[0].judgement if history else None
    else:
        try:
            record_pair_judgement(opened, pair, judgement, session.reviewer())
        except WorkbenchError as error:
            session.tell("bad", str(error), "-".join(pair))
        else:
            session.tell("good", f"Saved: {PAIR_JUDGEMENTS[judgement]}, {session.reviewer()}.")
