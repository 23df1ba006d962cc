"""What the keys do on each page, which `?` shows, and the keys that lead to a field."""

from __future__ import annotations

import streamlit as st

from views import markup, scripts, session
from views.judging import KEYS

# By key, the beginnings of the keys of fields to write into, or of buttons to press.
FIELDS = {
    "w": ("rationale-",),
    "v": ("addresses-",),
    "t": ("note-of-chosen-",),
    "m": ("steps-",),
    "g": ("guidelines",),
    "h": ("set-beside-", "beside-words-"),
    "/": ("search", "speaker-search", "articles-search"),
}
_PAGES = (("N, P", "the next, the previous page"),)
_PAIR = (
    ("D", "it is a contradiction"),
    ("X", "it is not a contradiction"),
    ("S", "both are the same claim"),
    ("Q", "it is unclear"),
)
_CLAIM = (
    (
        "U",
        "take back what you did last: your verdict, a second review asked for, a verdict made final; where you judged "
        "the chosen statement, that judgement",
    ),
    ("W", "write a rationale; Escape leaves the field"),
    ("V", "write web addresses of the evidence"),
    ("M", "the next steps; there I puts you in charge, A asks for a second review, F makes the verdict final"),
    ("G", "the guidelines, where your desk has some"),
    ("N, P", "the next, the previous claim"),
    ("B", "back to the list of claims"),
    ("J, K", "choose the next, the previous statement"),
    ("O", "open the chosen statement"),
    ("L", "put the claim and the chosen statement into the address, as a link to the pair"),
    ("H", "set another claim beside this one: one that you opened before, or one found by words"),
    ("E", "tick the chosen statement as evidence"),
    ("T", "write a note on the claim and the chosen statement; it is kept when you judge them"),
    ("D", "the chosen statement and the claim: a contradiction"),
    ("X", "not a contradiction"),
    ("S", "the same claim"),
    ("Q", "unclear"),
)
_SEARCH = ("/", "write into the search box; Escape leaves it")
_PAGE: dict[str, tuple[tuple[str, str], ...]] = {
    "claims": (
        _SEARCH,
        ("J, K", "go to the next, the previous claim of the list"),
        ("Enter", "open that claim"),
        *_PAGES,
    ),
    "conflicts": (
        ("J, K", "choose the next, the previous pair"),
        *_PAIR,
        ("T", "write a note on the chosen pair; it is kept when you judge it"),
        ("U", "take back your judgement of the chosen pair"),
        ("O", "open the chosen pair, from its left claim"),
        *_PAGES,
    ),
    "speakers": (_SEARCH, *_PAGES),
    "log": _PAGES,
    "articles": (_SEARCH, *_PAGES),
}
EVERYWHERE = (
    ("Tab, Enter", "go from one field or button to the next; press it"),
    ("Escape", "leave a field, close a window"),
    ("?", "this help"),
)


def listen(page: str) -> None:
    """Lets the keys work that no button has, and shows the help of this page, an address as in `app.py`, to whoever
    asked for it."""
    scripts.listen_for_keys(FIELDS, ask_help)
    if st.session_state.pop("help-wanted", False):
        show_help(page)


def ask_help() -> None:
    """Notes that somebody pressed `?`."""
    st.session_state["help-wanted"] = True


def help_of(page: str, labels: int) -> tuple[tuple[str, str], ...]:
    """The keys of a page with what each does; `labels` is how many verdicts the desk's scale has."""
    if page == "claim":
        return ((verdict_keys(labels), "the verdicts, in the order of their buttons"), *_CLAIM, *EVERYWHERE)
    return (*_PAGE.get(page, ()), *EVERYWHERE)


def verdict_keys(labels: int) -> str:
    """The keys of so many verdicts in words: "1", "1 … 4", "1 … 9, 0"."""
    keys = KEYS[:labels]
    if len(keys) < 3:
        return ", ".join(keys)
    return f"1 … {keys[-1]}" if "0" not in keys else "1 … 9, 0"


@st.dialog("Keys")
def show_help(page: str) -> None:
    """Every key of a page and what it does."""
    rows = help_of(page, len(session.settings().desk.scale_labels))
    markup.show(
        markup.tag(
            "ul",
            *(markup.tag("li", markup.tag("strong", key), " ", meaning) for key, meaning in rows),
            css="cc-keys",
        )
    )
