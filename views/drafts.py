"""The drafts of what a person is about to say of a claim or a pair: where each field is kept, and what stands there."""

from __future__ import annotations

import streamlit as st


def rationale_key(claim_id: str) -> str:
    """Where the draft of a claim's rationale is kept."""
    return f"rationale-{claim_id}"


def addresses_key(claim_id: str) -> str:
    """Where the draft of the web addresses of a claim's evidence is kept, one a line."""
    return f"addresses-{claim_id}"


def public_note_key(claim_id: str) -> str:
    """Where the draft of a note for the public is kept."""
    return f"public-note-{claim_id}"


def exception_key(claim_id: str) -> str:
    """Where it is kept why fewer independent sources will do."""
    return f"exception-{claim_id}"


def note_key(pair: tuple[str, str]) -> str:
    """Where the draft of a note on a pair is kept, from whichever of its claims one looks."""
    return f"pair-note-{'-'.join(sorted(pair))}"


def evidence_key(claim_id: str, other_id: str) -> str:
    """Where it is kept that a statement is ticked as evidence on a claim."""
    return f"evidence-{claim_id}-{other_id}"


def draft(key: str) -> str:
    """What stands in a field, trimmed."""
    return (st.session_state.get(key) or "").strip()


def ticked(claim_id: str) -> tuple[str, ...]:
    """The statements ticked as evidence on a claim, in the order of their ids."""
    start = evidence_key(claim_id, "")
    return tuple(
        sorted(
            key.removeprefix(start) for key, value in st.session_state.items() if str(key).startswith(start) and value
        )
    )
