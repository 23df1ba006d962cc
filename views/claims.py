"""The list of claims: search, filters, the claims that most deserve a look first, and the downloads."""

from __future__ import annotations

import streamlit as st

from views import lines, markup, session, walk, wording
from views.filters import ask_filter, read_link, show_views, turn_to, write_link
from views.pager import page_buttons
from views.paging import within
from workbench.claimreview import claimreview_json
from workbench.export import claims_csv, claims_jsonl, kept_back, pairs_csv, workbook
from workbench.jobs import running_job
from workbench.queries import claim_page, counts
from workbench.rows import ClaimRow
from workbench.table_files import WORKBOOK_TYPE

PAGE_SIZE = 50
FORMATS = (
    ("Claims and pairs as an Excel workbook", ".xlsx", WORKBOOK_TYPE, workbook),
    ("Claims as JSON lines", ".jsonl", "application/x-ndjson", claims_jsonl),
    (
        "Verdicts as ClaimReview (JSON-LD)",
        ".json",
        "application/ld+json",
        lambda opened, *_: claimreview_json(opened, session.settings()),
    ),
)
PUBLIC_ONLY = "ClaimReview holds only verdicts that are final or corrected."


def show_page() -> None:
    """The whole page."""
    if wanted_claim := st.session_state.pop("open-claim", None):
        session.open_claim(wanted_claim)
    opened = session.store()
    if not counts(opened).claims:
        show_nothing_yet()
        return
    read_link()
    wanted = ask_filter()
    write_link()
    page = st.session_state.get("claims-page", 1)
    start = (page - 1) * PAGE_SIZE
    by_meaning = bool(wanted.search and st.session_state.get("by-meaning"))
    near = session.near_in_meaning(wanted.search) if by_meaning else ()
    found = claim_page(opened, wanted, PAGE_SIZE, start, near)
    if not found.rows and found.total:
        page = within(page, found.total, PAGE_SIZE)
        turn_to(page)
        start = (page - 1) * PAGE_SIZE
        found = claim_page(opened, wanted, PAGE_SIZE, start, near)
    with st.container(horizontal=True, vertical_alignment="center", key="claims-bar"):
        markup.show(markup.tag("div", wording.amount(found.total, "claim"), css="cc-total"), width="content")
        st.space("stretch")
        show_views()
        # Now, since what a button fetches later knows of no session.
        who, blind = session.reviewer(), session.settings().desk.blind
        st.download_button(
            "Claims as CSV",
            data=lambda: claims_csv(opened, who, blind),
            file_name="counterclaim-claims.csv",
            mime="text/csv",
            on_click="ignore",
            key="claims-csv",
        )
        st.download_button(
            "Pairs as CSV",
            data=lambda: pairs_csv(opened, who, blind),
            file_name="counterclaim-pairs.csv",
            mime="text/csv",
            on_click="ignore",
            key="pairs-csv",
        )
        with st.popover("More formats", key="more-formats"):
            for label, ending, mime, content in FORMATS:
                st.download_button(
                    label,
                    data=lambda content=content: content(opened, who, blind),
                    file_name=f"counterclaim{ending}",
                    mime=mime,
                    on_click="ignore",
                    type="tertiary",
                    key=f"export{ending}",
                )
            markup.show(markup.tag("p", PUBLIC_ONLY, css="cc-hint"))
    if missing := kept_back(opened, who):
        markup.show(markup.tag("p", wording.kept_back_words(missing), css="cc-hint"))
    if by_meaning and (missing := wording.MEANING.get(session.meaning_state())):
        markup.show(markup.tag("p", missing, css="cc-hint"))
    walk.begin([row.id for row in found.rows], wanted, near, start, found.total)
    if not found.rows:
        markup.empty("No claim fits these filters.", "Use fewer words, or set a filter back to “Any”.")
    with st.container(key="lines", gap=None):
        for place, row in enumerate(found.rows, start=start):
            if place == found.by_words:
                words = wording.amount(found.total - found.by_words, "claim")
                markup.show(markup.tag("p", f"{words} near these words in meaning", css="cc-hint cc-near"))
            show_line(row)
    page_buttons("page", page, found.total, PAGE_SIZE, turn_to)
    session.prepare_search()


def show_line(row: ClaimRow) -> None:
    """One claim; the style sheet lays its button over the whole line."""
    with st.container(key=f"row-{row.id}"):
        markup.show(lines.claim_line(row, session.settings().desk.blind and not row.mine))
        # A callback, since by the time this runs a search may have taken the line away.
        st.button(markup.aloud("Open this claim:", row.text), key=f"open-{row.id}", on_click=ask_for, args=(row.id,))


def ask_for(claim_id: str) -> None:
    """Notes which claim was clicked; the next run goes there before it draws any list."""
    st.session_state["open-claim"] = claim_id


def show_nothing_yet() -> None:
    """What the page says before the first claim."""
    if running_job(session.store()):
        markup.empty("The first articles are being read.", "Claims appear here as soon as an article is through.")
    else:
        markup.empty("No claims yet.", "Add articles on the Articles page: upload files or paste a text.")


show_page()
