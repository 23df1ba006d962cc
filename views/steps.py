"""The way of a claim to its final verdict, beside it on the screen: who is in charge, and the next steps."""

from __future__ import annotations

import streamlit as st

from views import markup, session, verdict_cards
from views.drafts import draft, exception_key, public_note_key
from views.judging import decides, done, is_blind
from workbench.articles import PUBLISHED
from workbench.log import people
from workbench.milestones import UNDO_MINUTES, exception_of
from workbench.people import DECIDE, JUDGE
from workbench.review import (
    ask_second_review,
    assign,
    finalise,
    hidden_from,
    missing,
    retract,
    seen_again,
    waits_for_second,
)
from workbench.rows import ClaimDetail

NOBODY = "Nobody"


def show_state(detail: ClaimDetail) -> None:
    """Status, person in charge, and what that asks of whoever looks."""
    markup.show(verdict_cards.state_line(detail))
    if hidden_from(detail, session.reviewer()):
        markup.notice("info", "A second review: the first verdict is hidden until you have given yours.")
    elif detail.status == "disputed":
        markup.notice("info", verdict_cards.dispute_words(detail, decides(detail)))
    elif detail.status in PUBLISHED and session.may(DECIDE):
        needs = "a rationale and a note for readers" if session.gate().rationale else "a note for readers"
        markup.notice("info", f"This verdict is final. Another one is a correction, with {needs}.")
    elif detail.status in PUBLISHED:
        markup.notice("info", "This verdict is final; an editor can correct it.")
    elif detail.status == "withdrawn":
        markup.notice("info", "This verdict is withdrawn from the public. Another one opens the claim again.")
    blind = is_blind(detail)
    if came_up := (detail.blind_look_again if blind else detail.look_again).splitlines():
        markup.notice("bad", f"Look again, this came up since the verdict was final: {'; '.join(came_up)}")
    if came_up and not blind:  # nobody says "seen" of what may be more than they were shown
        st.button(
            "Seen, the verdict stands",
            key=f"seen-{detail.claim.id}-{detail.revision}",
            disabled=not session.may(JUDGE),
            on_click=see_again,
            args=(detail,),
        )
    if why := exception_of(session.store(), detail):
        markup.notice("info", f"Final though it has fewer sources: {why}")
    if detail.public_note:
        markup.notice("info", f"Note for readers: {detail.public_note}")


def show_steps(detail: ClaimDetail) -> None:
    """The steps that people take, behind one button."""
    claim_id, decides_here = detail.claim.id, session.may(DECIDE)
    if not session.may(JUDGE):
        markup.show(markup.tag("p", session.role_words(JUDGE), css="cc-hint"))
        return
    with st.popover("Next steps", key=f"steps-{claim_id}", width="stretch"):
        ask_assignee(detail)
        if detail.status == "in_review":
            st.button(
                "Ask for a second review",
                key=f"second-{claim_id}-{detail.revision}",
                shortcut="A",
                on_click=begin_second,
                args=(detail,),
            )
        if detail.status in ("in_review", "second_review") and not waits_for_second(detail):
            show_gate(detail)
            st.button(
                "Make the verdict final",
                key=f"final-{claim_id}-{detail.revision}",
                shortcut="F",
                disabled=not decides_here,
                on_click=make_final,
                args=(detail,),
            )
        elif detail.status == "disputed":
            show_gate(detail)
        if detail.status in PUBLISHED and decides_here:
            st.button(
                "Withdraw it from the public",
                key=f"retract-{claim_id}-{detail.revision}",
                on_click=withdraw,
                args=(detail,),
                help="Needs a note for readers.",
            )


def ask_assignee(detail: ClaimDetail) -> None:
    """Who is in charge; any name can be written by whoever may put others in charge, one's own by everybody."""
    claim_id, own = detail.claim.id, session.reviewer()
    if session.may(DECIDE):
        choose_assignee(detail)
    if own and own != detail.assignee and (session.may(DECIDE) or not detail.assignee):
        st.button(
            "Put yourself in charge",
            key=f"take-{claim_id}-{detail.assignee}",
            shortcut="I",
            type="tertiary",
            on_click=take_charge,
            args=(claim_id, own, detail.assignee),
        )
    elif own and own == detail.assignee:
        st.button(
            "Leave it to others",
            key=f"leave-{claim_id}",
            type="tertiary",
            on_click=take_charge,
            args=(claim_id, "", own),
        )


def choose_assignee(detail: ClaimDetail) -> None:
    """A box of the names known so far, which takes others."""
    claim_id = detail.claim.id
    names = [NOBODY, *sorted({*people(session.store()), *filter(None, (session.reviewer(), detail.assignee))})]
    key = f"assignee-{claim_id}-{detail.assignee}"
    st.selectbox(
        "In charge",
        names,
        index=names.index(detail.assignee or NOBODY),
        key=key,
        accept_new_options=True,
        on_change=put_in_charge,
        args=(claim_id, key, detail.assignee),
    )


def take_charge(claim_id: str, own: str, before: str) -> None:
    """Puts whoever looks in charge, under their `own` name, after whoever was `before`; "" leaves the claim to
    others."""
    if done(lambda: assign(session.store(), claim_id, own, session.reviewer(), before)):
        session.tell("good", "You are in charge." if own else "Nobody is in charge now.")


def show_gate(detail: ClaimDetail) -> None:
    """What is missing before the verdict may be final, and a field for an exception."""
    claim_id, gate = detail.claim.id, session.settings().desk.gate
    lacking = missing(session.store(), claim_id, gate, draft(exception_key(claim_id)))
    if lacking and detail.status != "disputed":
        markup.show(markup.tag("p", f"Before it is final it needs {'; '.join(lacking)}.", css="cc-hint"))
    st.text_input("Why fewer sources will do", key=exception_key(claim_id), persist_state="session")


def put_in_charge(claim_id: str, key: str, before: str) -> None:
    """Stores who is in charge; where that is refused, the box goes back to whoever is."""
    name = (st.session_state.get(key) or "").strip()
    assignee = "" if name == NOBODY else name
    if done(lambda: assign(session.store(), claim_id, assignee, session.reviewer(), before)):
        session.tell("good", f"{name or NOBODY} is in charge.")
    else:
        st.session_state[key] = before or NOBODY


def begin_second(detail: ClaimDetail) -> None:
    """Asks for a second review."""
    drawn = claim_id, revision = detail.claim.id, detail.revision
    said = "a second review is asked for"
    if done(lambda: ask_second_review(session.store(), claim_id, session.reviewer(), revision), drawn, said):
        session.tell("good", "A second review is asked for; the verdict is hidden from everybody else till then.")


def make_final(detail: ClaimDetail) -> None:
    """Makes the verdict final, if the gate lets it through."""
    drawn = claim_id, revision = detail.claim.id, detail.revision
    why, gate, said = draft(exception_key(claim_id)), session.settings().desk.gate, "the verdict is final"
    if done(lambda: finalise(session.store(), claim_id, session.reviewer(), gate, why, revision), drawn, said):
        st.session_state[exception_key(claim_id)] = ""
        session.tell("good", f"The verdict is final. You can take that back for {UNDO_MINUTES} minutes.")


def see_again(detail: ClaimDetail) -> None:
    """Notes that what came up was looked at."""
    drawn = claim_id, revision = detail.claim.id, detail.revision
    if done(lambda: seen_again(session.store(), claim_id, session.reviewer(), revision), drawn, "the verdict stands"):
        session.tell("good", "Noted: the verdict stands.")


def withdraw(detail: ClaimDetail) -> None:
    """Withdraws a final verdict from the public."""
    drawn = claim_id, revision = detail.claim.id, detail.revision
    note, said = draft(public_note_key(claim_id)), "the verdict is withdrawn"
    if done(lambda: retract(session.store(), claim_id, session.reviewer(), note, revision), drawn, said):
        st.session_state[public_note_key(claim_id)] = ""
        session.tell("good", "Withdrawn; it is left out of the ClaimReview export.")
