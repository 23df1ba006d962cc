"""Marking verdicts: the callbacks, the buttons and the fields beside them.

A quick finger must never mark what nobody has seen: each button's key and arguments name the claim and the revision
that stood on the screen, and the store refuses where another one is there by now.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from views import markup, session
from views.arming import is_second_press
from views.drafts import addresses_key, draft, evidence_key, exception_key, public_note_key, rationale_key, ticked
from workbench.articles import PUBLISHED
from workbench.errors import ChangedMeanwhile, WorkbenchError
from workbench.histories import opinions, still_standing
from workbench.milestones import UNDO_MINUTES, asked_before, exception_of, step_to_take_back, to_take_back
from workbench.people import DECIDE, JUDGE
from workbench.queries import changed_since, claim_detail
from workbench.review import adjudicate, correct, hidden_from, take_back_step
from workbench.rows import ClaimDetail, VerdictRow
from workbench.scales import Label, verdict_words
from workbench.verdicts import Opinion, record_verdict, withdraw_verdict

KEYS = "1234567890"
NAME_MISSING = "This needs a name under it. Write yours in the Reviewer field, then press again."
UNDO_WORDS = {"adjudication": "Take back your decision", "correction": "Take back your correction"}
UNDO_STEP_WORDS = {"final": "Not final after all", "second_review": "No second review after all"}
PRESS_AGAIN = {
    "adjudication": "Press again to decide, and the verdict is final",
    "correction": "Press again to correct the verdict for readers",
}
CHANGED = (
    "This claim changed in the meantime: somebody else judged it, or its article was read again. "
    "See what is new, then press again. Your words are kept."
)
# A second key before the screen was drawn anew: the claim has changed, but nobody else was at it.
OWN_KEY = "Your key before this one was saved: {}. See how it stands now, then press again."
JUST_SAVED = "just-saved"


def decides(detail: ClaimDetail) -> bool:
    """Whether this reviewer's verdict on a claim would settle a dispute of others."""
    said = opinions(still_standing(detail.verdicts))
    may = bool(session.reviewer()) and session.may(DECIDE)
    return detail.status == "disputed" and may and session.reviewer() not in said


def is_blind(detail: ClaimDetail) -> bool:
    """Whether the machine's opinion is to be kept from whoever looks: on a blind desk, until their first verdict."""
    mine = [row for row in detail.verdicts if row.reviewer == session.reviewer()]
    return session.settings().desk.blind and not mine


def may_judge(detail: ClaimDetail) -> bool:
    """Whether this reviewer's role lets them give a verdict on a claim, which where one is final is a correction."""
    return session.may(DECIDE if detail.status in PUBLISHED else JUDGE)


def verdict_buttons(detail: ClaimDetail) -> None:
    """All verdicts of the desk's scale, one click or key each; the one that stands stands out."""
    claim_id, newest = detail.claim.id, detail.verdict
    seen: dict[str, int] = {}
    shown = None if newest is None or hidden_from(detail, session.reviewer()) else newest
    # One container, which the style sheet makes two columns of or one: so the order is that of the keys for everybody.
    with st.container(key="scale"):
        for place, label in enumerate(session.settings().desk.scale_labels):
            seen[label.verdict] = seen.get(label.verdict, 0) + 1
            name = label.verdict + (str(seen[label.verdict]) if seen[label.verdict] > 1 else "")
            chosen = shown is not None and label.words == verdict_words(shown.verdict, shown.label)
            st.button(
                markup.in_label(label.words),
                key=f"verdict-{name}-{claim_id}-{detail.revision}",
                shortcut=KEYS[place],
                type="primary" if chosen else "secondary",
                width="stretch",
                on_click=give_verdict,
                args=(claim_id, detail.revision, label),
            )


def undo_button(detail: ClaimDetail, by_key: bool = True) -> None:
    """Takes back this reviewer's newest verdict that stands, at once or later, until it is final, other people's
    verdicts since then or not; a decision or correction for some minutes. Before that, the step that they took with the
    claim: that they asked for a second review, or for some minutes that they made its verdict final. Without `by_key`
    the key U speaks of something else."""
    opened, who = session.store(), session.reviewer()
    step, newest = step_to_take_back(opened, detail, who), to_take_back(opened, detail, who)
    if step and not session.may(DECIDE if step == "final" else JUDGE):
        step = ""
    undo = []
    if step:
        undo.append((UNDO_STEP_WORDS[step], f"unstep-{detail.claim.id}-{detail.revision}", undo_step, (detail, step)))
    if newest:
        words = UNDO_WORDS.get(newest.step, "Take back your verdict")
        undo.append((words, f"undo-{newest.claim_id}-{newest.id}", take_back, (newest,)))
    if step == "second_review" and newest and asked_before(opened, detail, newest):
        undo.reverse()
    # The key is for what was done last.
    for place, (label, key, take, given) in enumerate(undo):
        shortcut = "U" if by_key and not place else None
        st.button(label, key=key, shortcut=shortcut, type="tertiary", width="stretch", on_click=take, args=given)


def undo_step(detail: ClaimDetail, step: str) -> None:
    """Takes back that a verdict was made final, or that a second review was asked for; both stay in the log."""
    drawn, why = (detail.claim.id, detail.revision), exception_of(session.store(), detail)
    said = UNDO_STEP_WORDS[step]
    if not done(lambda: take_back_step(session.store(), drawn[0], session.reviewer(), drawn[1]), drawn, said):
        return
    if why and not draft(exception_key(drawn[0])):
        st.session_state[exception_key(drawn[0])] = why
    session.tell("info", f"{said}. Both steps stay in the log.")


def take_back(given: VerdictRow) -> None:
    """Takes a verdict back; it stays in the history."""
    if not done(lambda: withdraw_verdict(session.store(), given.id, session.reviewer())):
        return
    for key, text in (
        (rationale_key(given.claim_id), given.rationale),
        (addresses_key(given.claim_id), "\n".join(given.addresses)),
        (public_note_key(given.claim_id), given.public_note),
    ):
        if text and not draft(key):
            st.session_state[key] = text
    for other_id in given.evidence:
        st.session_state[evidence_key(given.claim_id, other_id)] = True
    session.tell("info", f"Taken back: {verdict_words(given.verdict, given.label)}. It stays in the history.")


@session.told
def give_verdict(claim_id: str, revision: int, label: Label) -> None:
    """Records a verdict with the draft rationale and the ticked evidence, then clears these. On a disputed claim it
    decides, on a final one it corrects: both take two presses."""
    opened, desk = session.store(), session.settings().desk
    detail = claim_detail(opened, claim_id)
    opinion = Opinion(
        label.verdict,
        session.reviewer(),
        draft(rationale_key(claim_id)),
        ticked(claim_id),
        tuple(draft(addresses_key(claim_id)).split()),
        label.words,
    )
    newest = detail.verdict
    if (
        newest
        and (newest.reviewer, verdict_words(newest.verdict, newest.label)) == (session.reviewer(), label.words)
        and not (opinion.rationale or opinion.evidence or opinion.addresses)
        and detail.revision == revision
        and (detail.status in PUBLISHED or not changed_since(opened, claim_id, session.reviewer()))
    ):
        session.tell("info", "This is your verdict already; nothing was added.")
        return

    corrects, settles = detail.status in PUBLISHED, decides(detail)
    note = draft(public_note_key(claim_id))
    complete = note and (opinion.rationale.strip() or not session.gate().rationale)
    if (settles or (corrects and complete)) and not is_second_press(claim_id, revision, label.words):
        session.tell("info", f"{PRESS_AGAIN['correction' if corrects else 'adjudication']}: {label.words}.")
        return

    def step() -> None:
        if corrects:
            correct(opened, claim_id, opinion, note, desk.gate, revision)
        elif settles:
            adjudicate(opened, claim_id, opinion, desk.gate, draft(exception_key(claim_id)), revision)
        else:
            record_verdict(
                opened, claim_id, opinion.verdict, opinion.reviewer, opinion.rationale, opinion.evidence,
                addresses=opinion.addresses, label=opinion.label, expected=revision,
                second_review=desk.always_second_review,
            )  # fmt: skip

    if not done(step, (claim_id, revision), label.words):
        return
    used = [rationale_key(claim_id), addresses_key(claim_id)]
    used += [public_note_key(claim_id)] if corrects else []
    used += [exception_key(claim_id)] if settles else []
    for key in used:
        st.session_state[key] = ""
    for other_id in opinion.evidence:
        st.session_state[evidence_key(claim_id, other_id)] = False
    way_back = f" You can take it back for {UNDO_MINUTES} minutes." if corrects or settles else ""
    session.tell("good", f"Saved: {label.words}, {session.reviewer()}.{way_back}")


def done(step: Callable[[], object], drawn: tuple[object, int] | None = None, said: str = "") -> bool:
    """Takes a step; where it is refused, says why and returns False. `drawn` is what the step is about, with the
    revision that stood on the screen, and `said` names the step to whoever presses another key on that same screen."""
    if not session.reviewer():
        session.tell("bad", NAME_MISSING)
        return False
    try:
        step()
    except ChangedMeanwhile:
        tell_changed(drawn, CHANGED)
    except WorkbenchError as error:
        session.tell("bad", session.as_sentence(error))
    else:
        remember_key(drawn, said)
        return True
    return False


def remember_key(drawn: tuple[object, int] | None, said: str) -> None:
    """Notes that a key pressed on this screen (see `done`) was saved."""
    st.session_state[JUST_SAVED] = (drawn, said)


def tell_changed(drawn: tuple[object, int] | None, words: str, place: str = "") -> None:
    """Says why a step is refused that came too late: this reviewer's own key before it, on the same screen, was saved,
    or else what `words` say."""
    before, said = st.session_state.get(JUST_SAVED, (None, ""))
    own = drawn is not None and before == drawn
    session.tell("info" if own else "bad", OWN_KEY.format(said) if own else words, place)


def ask_why(detail: ClaimDetail) -> None:
    """The fields beside a verdict: why, where else it is shown, and what the step at hand needs."""
    claim_id = detail.claim.id
    if detail.status in PUBLISHED:
        st.text_area(
            "What readers are told of the correction",
            key=public_note_key(claim_id),
            persist_state="session",
            height=72,
        )
    st.text_area(
        "Rationale (optional)",
        key=rationale_key(claim_id),
        persist_state="session",
        height=88,
        placeholder="Why, in a sentence or two. Tick statements below as evidence.",
    )
    st.text_area(
        "Web addresses of the evidence",
        key=addresses_key(claim_id),
        persist_state="session",
        height=68,
        placeholder="https://… one a line",
    )
    number = len(ticked(claim_id))
    if number:
        markup.show(markup.tag("div", f"{number} ticked as evidence", css="cc-total"))
