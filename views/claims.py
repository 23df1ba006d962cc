"""The list of claims: search, filters, the claims that most deserve a look first, and the downloads."""

from __future__ import annotations

import streamlit as st

from views import cards, markup, session, wording
from workbench.claimreview import claimreview_json
from workbench.export import WORKBOOK_TYPE, claims_csv, claims_jsonl, pairs_csv, workbook
from workbench.jobs import running_job
from workbench.queries import ClaimFilter, claim_page, counts, facets
from workbench.rows import ClaimRow, Facet, Facets

PAGE_SIZE = 50
FORMATS = (
    ("Claims and pairs as an Excel workbook", ".xlsx", WORKBOOK_TYPE, workbook),
    ("Claims as JSON lines", ".jsonl", "application/x-ndjson", claims_jsonl),
    (
        "Verdicts as ClaimReview (JSON-LD)",
        ".json",
        "application/ld+json",
        lambda opened: claimreview_json(opened, session.settings()),
    ),
)
# Name of the filter, its label; the first stand in the row, the others behind a button.
IN_ROW = {"status": "Status", "verdict": "Verdict", "speaker": "Speaker", "assertion": "Kind", "topic": "About"}
BEHIND = {"article_id": "Article", "outlet": "Outlet", "assignee": "In charge", "reviewer": "Judged by"}
KEYS = {name: f"filter-{name.removesuffix('_id')}" for name in (*IN_ROW, *BEHIND)}
FACETS = {
    "status": "statuses", "verdict": "verdicts", "speaker": "speakers", "assertion": "assertions", "topic": "topics",
    "article_id": "articles", "outlet": "outlets", "assignee": "assignees", "reviewer": "reviewers",
}  # fmt: skip


def show_page() -> None:
    """The whole page."""
    opened = session.store()
    if not counts(opened).claims:
        show_nothing_yet()
        return
    wanted = ask_filter()
    page = st.session_state.get("claims-page", 1)
    found = claim_page(opened, wanted, PAGE_SIZE, (page - 1) * PAGE_SIZE)
    with st.container(horizontal=True, vertical_alignment="center", key="claims-bar"):
        markup.show(markup.tag("div", wording.amount(found.total, "claim"), css="cc-total"), width="content")
        st.space("stretch")
        st.download_button(
            "Claims as CSV",
            data=lambda: claims_csv(opened),
            file_name="counterclaim-claims.csv",
            mime="text/csv",
            on_click="ignore",
            key="claims-csv",
        )
        st.download_button(
            "Pairs as CSV",
            data=lambda: pairs_csv(opened),
            file_name="counterclaim-pairs.csv",
            mime="text/csv",
            on_click="ignore",
            key="pairs-csv",
        )
        with st.popover("More formats", key="more-formats"):
            for label, ending, mime, content in FORMATS:
                st.download_button(
                    label,
                    data=lambda content=content: content(opened),
                    file_name=f"counterclaim{ending}",
                    mime=mime,
                    on_click="ignore",
                    type="tertiary",
                    key=f"export{ending}",
                )
    st.session_state["walk"] = [row.id for row in found.rows]
    if not found.rows:
        markup.empty("No claim fits these filters.", "Use fewer words, or set a filter back to “Any”.")
    with st.container(key="lines", gap=None):
        for row in found.rows:
            show_line(row)
    page_buttons(page, found.total)


def show_line(row: ClaimRow) -> None:
    """One claim; the style sheet lays its button over the whole line."""
    with st.container(key=f"row-{row.id}"):
        unseen = row.status == "second_review" and not is_mine(row)
        markup.show(cards.claim_line(row, session.settings().desk.blind and not is_mine(row), unseen))
        if st.button("Open this claim", key=f"open-{row.id}"):
            session.open_claim(row.id)


def is_mine(row: ClaimRow) -> bool:
    """Whether the verdict that stands is this reviewer's own."""
    return bool(row.verdict) and row.reviewer == session.reviewer()


def show_nothing_yet() -> None:
    """What the page says before the first claim."""
    if running_job(session.store()):
        markup.empty("The first articles are being read.", "Claims appear here as soon as an article is through.")
    else:
        markup.empty("No claims yet.", "Add articles on the Articles page: upload .txt files or paste a text.")


def ask_filter() -> ClaimFilter:
    """The filter row."""
    known = facets(session.store())
    chosen: dict[str, str | None] = {}
    with st.container(key="filters"):
        columns = st.columns([2.4, 1.3, 1.3, 1.4, 1.4, 1.4, 1.0], vertical_alignment="bottom")
        with columns[0]:
            search = st.text_input(
                "Search claims and speakers",
                key="search",
                type="search",
                persist_state="session",
                placeholder="Every word must occur",
                on_change=first_page,
            )
        for column, (name, label) in zip(columns[1:-1], IN_ROW.items(), strict=True):
            with column:
                chosen[name] = choose(label, KEYS[name], getattr(known, FACETS[name]))
        with columns[-1], st.popover("More", key="more-filters", width="stretch"):
            for name, label in BEHIND.items():
                chosen[name] = choose(label, KEYS[name], getattr(known, FACETS[name]))
            contradicted = st.toggle(
                "Contradicted only", key="filter-contradicted", persist_state="session", on_change=first_page
            )
        show_hidden_filters(known, chosen, contradicted)
    return ClaimFilter(search=search or "", has_contradiction=contradicted, **chosen)


def show_hidden_filters(known: Facets, chosen: dict[str, str | None], contradicted: bool) -> None:
    """Says which filters behind the button are on: nobody should wonder where claims went."""
    on = ["contradicted only"] if contradicted else []
    for name, label in BEHIND.items():
        if chosen[name] is not None:
            words = next(one.label for one in getattr(known, FACETS[name]) if one.value == chosen[name])
            on.append(f"{label}: {words}")
    if on:
        markup.show(markup.tag("div", "Also filtered by ", markup.dotted(*on), css="cc-hint"))


def choose(label: str, key: str, options: tuple[Facet, ...]) -> str | None:
    """A box with the values one can filter by; None is "any"."""
    names = {option.value: f"{option.label} ({option.count})" for option in options}
    if st.session_state.get(key) not in names:
        st.session_state.pop(key, None)
    return st.selectbox(
        label,
        list(names),
        index=None,
        key=key,
        persist_state="session",
        placeholder="Any",
        format_func=names.__getitem__,
        on_change=first_page,
    )


def first_page() -> None:
    """Back to the first page, since another filter has other pages."""
    turn_to(1)


def turn_to(page: int) -> None:
    """Turns the list to a page."""
    st.session_state["claims-page"] = page


def page_buttons(page: int, total: int) -> None:
    """Earlier and later pages, where there are more than one."""
    pages = -(-total // PAGE_SIZE)
    if pages < 2:
        return
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center"):
        st.button("Previous page", key=f"page-before-{page}", disabled=page <= 1, on_click=turn_to, args=(page - 1,))
        markup.show(markup.tag("div", f"Page {page} of {pages}", css="cc-total"), width="content")
        st.button("Next page", key=f"page-after-{page}", disabled=page >= pages, on_click=turn_to, args=(page + 1,))


show_page()
