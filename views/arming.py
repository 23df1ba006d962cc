"""Two presses for a verdict that readers see at once: the first arms it, the second gives it."""

from __future__ import annotations

import time

import streamlit as st

SECONDS = 30.0


def is_second_press(*what: object) -> bool:
    """Whether the press before this one was the same, some seconds ago at most; if not, the next one may be."""
    before, at = st.session_state.pop("armed", (None, 0.0))
    if before == what and time.monotonic() - at <= SECONDS:
        return True
    st.session_state["armed"] = (what, time.monotonic())
    return False
