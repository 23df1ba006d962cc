"""The log: who changed what, when, from what to what. Newest first; nothing can be taken out of it."""

from __future__ import annotations

import streamlit as st

from views import lines, markup, session, wording
from views.pager import page_buttons
from workbench.figures import Figures, log_table
from workbench.log import WHAT, log_page, people
from workbench.review import as_seen_by
from workbench.table_files import WORKBOOK_TYPE

PAGE_SIZE = 50
HALF = 58  # letters of each claim of a pair that a screen reader says
FORMATS = (
    ("The log as CSV", ".csv", "text/csv", Figures.csv),
    ("The log as an Excel workbook", ".xlsx", WORKBOOK_TYPE, lambda table: table.xlsx("Log")),
    ("The log as JSON lines", ".jsonl", "application/x-ndjson", Figures.jsonl),
)


def show_page() -> None:
    """The whole page."""
    opened, reader, blind = session.store(), session.reviewer(), session.settings().desk.blind
    with st.container(horizontal=True, vertical_alignment="bottom", key="log-bar"):
        who = st.selectbox("Who", people(opened), index=None, key="log-who", placeholder="Anybody", on_change=first)
        what = st.selectbox(
            "What",
            list(WHAT),
            index=None,
            key="log-what",
            placeholder="Anything",
            format_func=WHAT.get,
            on_change=first,
        )
        with st.popover("Take it away", key="log-formats"):
            for label, ending, mime, content in FORMATS:
                st.download_button(
                    label,
                    data=lambda content=content: content(
                        log_table(as_seen_by(opened, log_page(opened, -1).rows, reader, blind))
                    ),
                    file_name=f"counterclaim-log{ending}",
                    mime=mime,
                    on_click="ignore",
                    type="tertiary",
                    key=f"log{ending}",
                )
    page = st.session_state.get("log-page", 1)
    found = log_page(opened, PAGE_SIZE, (page - 1) * PAGE_SIZE, who=who, what=what)
    if not found.rows and (who or what):
        markup.empty("No line of the log fits this.", "Set “Who” or “What” back to nothing.")
        return
    if not found.rows:
        markup.empty("Nothing in the log.", "Verdicts, judgements and every other change by a person stand here.")
        return
    for row in as_seen_by(opened, found.rows, reader, blind):
        with st.container(key=f"log-{row.id}"):
            line, way = st.columns([9, 1], vertical_alignment="center")
            with line:
                markup.show(lines.log_line(row))
            with way:
                about = f"{row.claim_text[:HALF]} / {row.subject_text[:HALF]}" if row.subject_text else row.claim_text
                if row.claim_id and st.button(markup.aloud("Open", about), key=f"log-open-{row.id}", type="tertiary"):
                    session.open_claim(row.claim_id, beside=row.subject if row.subject_text else "")
    lines_there = wording.amount(found.total, "line")
    page_buttons("log", page, found.total, PAGE_SIZE, turn_to, ("Newer", "Older"), lines_there)


def first() -> None:
    """Back to the first page, since another filter has other pages."""
    turn_to(1)


def turn_to(page: int) -> None:
    """Turns to a page."""
    st.session_state["log-page"] = page


show_page()
