"""What a verdict needs before it is final, on the desk: everybody sees it, an editor sets it."""

from __future__ import annotations

import streamlit as st

from views import lines, markup, session
from views.judging import done
from workbench.gate import MOST_SOURCES, Gate, set_gate
from workbench.log import log_page
from workbench.people import DECIDE


def show_gate_form() -> None:
    """The gate, and who set it last."""
    gate, locked = session.gate(), not session.may(DECIDE)
    markup.show(
        markup.tag("h2", "Before a verdict is final", css="cc-section"),
        markup.tag(
            "p",
            "What it needs, from now on; verdicts that are final already stay so. A correction needs the rationale "
            "alone.",
            css="cc-hint",
        ),
    )
    session.show_message()
    if locked:
        markup.show(markup.tag("p", session.role_words(DECIDE), css="cc-hint"))
    # Keyed by what stands, so that a gate set elsewhere shows here as it is.
    at = f"{gate.rationale:d}-{gate.sources}-{gate.second_review:d}"
    with st.form(key=f"gate-{at}", border=False):
        st.checkbox("A rationale", gate.rationale, key=f"gate-rationale-{at}", disabled=locked)
        st.checkbox("A second reviewer’s verdict", gate.second_review, key=f"gate-second-{at}", disabled=locked)
        st.number_input(
            "Independent sources as evidence, besides the claim’s own, or a stated exception",
            0,
            MOST_SOURCES,
            gate.sources,
            key=f"gate-sources-{at}",
            disabled=locked,
            width=560,
        )
        st.form_submit_button(
            "Set what it needs", key=f"gate-set-{at}", disabled=locked, on_click=set_from_form, args=(at,)
        )
    for row in log_page(session.store(), 1, what="gate").rows:
        markup.show(lines.log_line(row))


def set_from_form(at: str) -> None:
    """Sets the gate to what the form holds whose fields are keyed by `at`."""
    rationale, second, sources = (st.session_state[f"gate-{name}-{at}"] for name in ("rationale", "second", "sources"))
    gate, settings = Gate(rationale, int(sources), second), session.settings().desk.gate
    if done(lambda: set_gate(session.store(), gate, settings, session.reviewer())):
        session.tell("good", f"A final verdict needs: {gate.in_words()}.")
