"""The list of claims: search, filters, the claims that most deserve a look first, and the downloads."""

from __future__ import annotations

import streamlit as st

from views import cards, markup, session, wording
from workbench.claimreview import claimreview_json
from workbench.errors import WorkbenchError
from workbench.export import WORKBOOK_TYPE, claims_csv, claims_jsonl, pairs_csv, workbook
from workbench.jobs import running_job
from workbench.queries import ClaimFilter, claim_page, counts, facets
from workbench.rows import ClaimRow, Facet, Facets
from workbench.saved import LONGEST, forget_view, save_view, saved_views

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
SWITCHES = {"contradicted": "filter-contradicted", "again": "filter-again", "changed": "filter-changed"}
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
    read_link()
    wanted = ask_filter()
    write_link()
    page = st.session_state.get("claims-page", 1)
    start = (page - 1) * PAGE_SIZE
    near = session.near_in_meaning(wanted.search) if wanted.search and st.session_state.get("by-meaning") else ()
    found = claim_page(opened, wanted, PAGE_SIZE, start, near)
    with st.container(horizontal=True, vertical_alignment="center", key="claims-bar"):
        markup.show(markup.tag("div", wording.amount(found.total, "claim"), css="cc-total"), width="content")
        st.space("stretch")
        show_views()
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
        for place, row in enumerate(found.rows, start=start):
            if place == found.by_words:
                words = wording.amount(found.total - found.by_words, "claim")
                markup.show(markup.tag("p", f"{words} near these words in meaning", css="cc-hint cc-near"))
            show_line(row)
    page_buttons(page, found.total)
    session.prepare_search()


def read_link() -> None:
    """Sets the filters that the address names, once a session: a view can be sent to a colleague as its address."""
    if st.session_state.get("link-read"):
        return
    st.session_state["link-read"] = True
    set_filters(dict(st.query_params))


def write_link() -> None:
    """Lets the address name the filters that are set."""
    wanted = set_now()
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)


def set_now() -> dict[str, str]:
    """The filters that are set, as they stand in an address."""
    values = {name: st.session_state.get(key) for name, key in KEYS.items()}
    values["search"] = st.session_state.get("search") or None
    for name, key in SWITCHES.items():
        values[name] = "yes" if st.session_state.get(key) else None
    return {name: str(value) for name, value in values.items() if value is not None}


def set_filters(values: dict[str, str]) -> None:
    """Sets these filters and no others; names that are none are left out, values that are none drop out later."""
    for name, key in KEYS.items():
        st.session_state[key] = values.get(name)
    st.session_state["search"] = values.get("search", "")
    for name, key in SWITCHES.items():
        st.session_state[key] = values.get(name) == "yes"
    first_page()


def show_views() -> None:
    """The views that the desk keeps, and a field to keep the one on the screen."""
    kept = saved_views(session.store())
    with st.popover("Views", key="saved-views"):
        st.selectbox(
            "Open a saved view", list(kept), index=None, key="saved-view", placeholder="Choose one", on_change=open_view
        )
        st.text_input("Save these filters as", key="view-name", max_chars=LONGEST)
        st.button("Save this view", key="save-view", on_click=keep_view)
        if kept:
            st.button("Drop the chosen view", key="drop-view", on_click=drop_view, type="tertiary")
        session.show_message("views")


def open_view() -> None:
    """Sets the filters of the chosen view."""
    name = st.session_state.get("saved-view")
    if name:
        set_filters(saved_views(session.store()).get(name, {}))


def keep_view() -> None:
    """Keeps the filters that are set."""
    try:
        save_view(session.store(), st.session_state.get("view-name") or "", set_now(), session.reviewer())
    except WorkbenchError as error:
        session.tell("bad", f"Not saved: {error}.", "views")
    else:
        st.session_state["view-name"] = ""
        session.tell("good", "The view is saved.", "views")


def drop_view() -> None:
    """Drops the view that is chosen."""
    name = st.session_state.get("saved-view")
    if name:
        forget_view(session.store(), name, session.reviewer())
        st.session_state["saved-view"] = None


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
        markup.empty("No claims yet.", "Add articles on the Articles page: upload files or paste a text.")


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
                placeholder="Words, or what it is about",
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
            again = st.toggle("To look at again", key="filter-again", persist_state="session", on_change=first_page)
            changed = st.toggle(
                "Changed since my verdict",
                key="filter-changed",
                persist_state="session",
                on_change=first_page,
                disabled=not session.reviewer(),
                help="Claims on which you gave a verdict and whose words, other verdicts or contradictions changed.",
            )
            st.session_state.setdefault("by-meaning", True)
            st.toggle("Search by meaning, too", key="by-meaning", persist_state="session", on_change=first_page)
        switched = {"contradicted only": contradicted, "to look at again": again, "changed since my verdict": changed}
        show_hidden_filters(known, chosen, [words for words, on in switched.items() if on])
    changed_for = session.reviewer() if changed and session.reviewer() else None
    return ClaimFilter(
        search=search or "", has_contradiction=contradicted, look_again=again, changed_for=changed_for, **chosen
    )


def show_hidden_filters(known: Facets, chosen: dict[str, str | None], on: list[str]) -> None:
    """Says which filters behind the button are on, the switches in `on` first: nobody should wonder where claims
    went."""
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
