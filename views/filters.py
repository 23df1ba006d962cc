"""What the claim list is narrowed to: the filter row, its address, and the views that the desk keeps under a name."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from functools import partial

import streamlit as st

from views import markup, session, wording
from workbench.errors import NameTaken, WorkbenchError
from workbench.queries import MOST_OFFERED, ClaimFilter, facets
from workbench.rows import Facet, Facets
from workbench.saved import LONGEST, forget_view, save_view, saved_views

# Name of the filter, its label; the first stand in the row, the others behind a button.
IN_ROW = {"status": "Status", "verdict": "Verdict", "speaker": "Speaker", "assertion": "Kind", "topic": "About"}
BEHIND = {"article_id": "Article", "outlet": "Outlet", "assignee": "In charge", "reviewer": "Judged by"}
KEYS = {name: f"filter-{name.removesuffix('_id')}" for name in (*IN_ROW, *BEHIND)}
DAYS = {"since": "Published on or after", "until": "Published on or before"}
DAY_KEYS = {name: f"filter-{name}" for name in DAYS}
SWITCHES = {"contradicted": "filter-contradicted", "again": "filter-again", "changed": "filter-changed"}
FACETS = {
    "status": "statuses", "verdict": "verdicts", "speaker": "speakers", "assertion": "assertions", "topic": "topics",
    "article_id": "articles", "outlet": "outlets", "assignee": "assignees", "reviewer": "reviewers",
}  # fmt: skip
AMONG = "only claims that you judged"
FIRST_DAY, LAST_DAY = date(1800, 1, 1), date(2100, 12, 31)


def read_link() -> None:
    """Sets the filters that the address names, once a session and whenever the browser's Back or Forward led here: a
    view can be sent to a colleague as its address. Else what was set last counts: an address that the browser sends may
    be older than the click that it comes with."""
    # On the way to a claim Streamlit leaves an address behind that names the claim on this page.
    named_by_history = session.came_by_history() and session.CLAIM not in st.query_params
    if st.session_state.get("link-read") and not named_by_history:
        return
    st.session_state["link-read"] = True
    set_filters(dict(st.query_params))


def write_link() -> None:
    """Lets the address name the filters that are set."""
    wanted = address_now()
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)


def address_now() -> dict[str, str]:
    """The filters that are set and the page of the list, as the address names them."""
    page = st.session_state.get("claims-page", 1)
    return set_now() | ({"page": str(page)} if page > 1 else {})


def set_now() -> dict[str, str]:
    """The filters that are set, as they stand in an address."""
    values = {name: st.session_state.get(key) for name, key in KEYS.items()}
    values |= {name: st.session_state.get(key) for name, key in DAY_KEYS.items()}
    values["search"] = st.session_state.get("search") or None
    for name, key in SWITCHES.items():
        values[name] = "yes" if st.session_state.get(key) else None
    values["meaning"] = None if st.session_state.get("by-meaning", True) else "no"
    return {name: str(value) for name, value in values.items() if value is not None}


def set_filters(values: dict[str, str]) -> None:
    """Sets these filters and no others, and turns to the page that is named; names that are none are left out, and so
    are days that are none."""
    for name, key in KEYS.items():
        st.session_state[key] = values.get(name)
    for name, key in DAY_KEYS.items():
        st.session_state[key] = None
        with suppress(ValueError):
            st.session_state[key] = date.fromisoformat(values.get(name, ""))
    st.session_state["search"] = values.get("search", "")
    for name, key in SWITCHES.items():
        st.session_state[key] = values.get(name) == "yes"
    st.session_state["by-meaning"] = values.get("meaning") != "no"
    page = values.get("page", "")
    turn_to(max(1, int(page)) if page.isdecimal() and len(page) <= 6 else 1)


def back_to_list() -> None:
    """Goes to the list of claims as it was left; never returns. Its address is named at once: if the list wrote it,
    there would be one more that leads nowhere for the browser's Back."""
    st.switch_page("views/claims.py", query_params=address_now())


def open_list(**filters: str) -> None:
    """Goes to the list of claims with these filters and no others; never returns."""
    st.session_state["link-read"] = False
    st.switch_page("views/claims.py", query_params=filters)


def show_views() -> None:
    """The views that the desk keeps, and a field to keep the one on the screen."""
    kept = saved_views(session.store())
    if st.session_state.get("saved-view") and st.session_state.get("opened-filters") != set_now():
        # Another filter was set since: the view is no longer the one on the screen, and can be opened again.
        st.session_state["saved-view"] = None
    with st.popover("Views", key="saved-views"):
        st.selectbox(
            "Open a saved view", list(kept), index=None, key="saved-view", placeholder="Choose one", on_change=open_view
        )
        if not asks_name():
            session.reviewer_field()
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
        st.session_state["opened-filters"] = set_now()


def keep_view() -> None:
    """Keeps the filters that are set; in place of another person's view at the second press."""
    name = st.session_state.get("view-name") or ""
    told, kept = st.session_state.pop("view-taken", ("", None))
    try:
        save_view(session.store(), name, set_now(), session.reviewer(), kept if told == name else None)
    except WorkbenchError as error:
        if isinstance(error, NameTaken):
            st.session_state["view-taken"] = (name, error.kept)
        session.tell("bad", f"Not saved: {error}.", "views")
    else:
        st.session_state["view-name"] = ""
        session.tell("good", "The view is saved.", "views")


@partial(session.told, place="views")
def drop_view() -> None:
    """Drops the view that is chosen."""
    name = st.session_state.get("saved-view")
    if name:
        forget_view(session.store(), name, session.reviewer())
        st.session_state["saved-view"] = None


def ask_filter() -> ClaimFilter:
    """The filter row."""
    known = facets(session.store(), session.reviewer(), session.settings().desk.scale_labels)
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
            if len(known.articles) > MOST_OFFERED:
                hint = f"The {MOST_OFFERED} articles with most claims are offered; find any other on the page Articles."
                markup.show(markup.tag("p", hint, css="cc-hint"))
            days = {name: choose_day(label, DAY_KEYS[name]) for name, label in DAYS.items()}
            blind_for = session.blind_for()
            contradicted = st.toggle(
                "Contradicted or in tension only",
                help=None if blind_for is None else f"This desk is blind: finds {AMONG}.",
                key="filter-contradicted",
                persist_state="session",
                on_change=first_page,
            )
            again = st.toggle("To look at again", key="filter-again", persist_state="session", on_change=first_page)
            changed = st.toggle(
                "Changed since my verdict",
                key="filter-changed",
                persist_state="session",
                on_change=first_page,
                help="Claims on which you gave a verdict and whose words, other verdicts or contradictions changed "
                "since. Giving it again takes the claim off this list.",
            )
            st.session_state.setdefault("by-meaning", True)
            st.toggle("Search by meaning, too", key="by-meaning", persist_state="session", on_change=first_page)
        switched = {f"{DAYS[name].lower()} {wording.date_words(day)}": True for name, day in days.items() if day}
        switched |= {
            "contradicted or in tension" + ("" if blind_for is None else f", {AMONG}"): contradicted,
            "to look at again": again,
            "changed since my verdict": changed,
        }
        show_hidden_filters(known, chosen, [words for words, on in switched.items() if on])
        if asks_name():
            markup.show(markup.tag("div", "Write your name to see what changed since your verdicts.", css="cc-hint"))
            session.reviewer_field()
    return ClaimFilter(
        search=search or "",
        has_contradiction=contradicted,
        look_again=again,
        changed_for=session.reviewer() if changed else None,
        seen_by=session.reviewer(),
        blind_for=blind_for,
        **days,
        **chosen,
    )


def asks_name() -> bool:
    """Whether the filter row asks for a name, without which nothing has changed since one's verdicts."""
    return bool(st.session_state.get(SWITCHES["changed"])) and not session.reviewer()


def show_hidden_filters(known: Facets, chosen: dict[str, str | None], on: list[str]) -> None:
    """Says which filters behind the button are on, the switches in `on` first: nobody should wonder where claims
    went."""
    for name, label in BEHIND.items():
        if chosen[name] is not None:
            offered = {one.value: one.label for one in getattr(known, FACETS[name])}
            on.append(f"{label}: {offered.get(chosen[name], chosen[name])}")
    if on:
        markup.show(markup.tag("div", "Also filtered by ", markup.dotted(*on), css="cc-hint"))


def choose(label: str, key: str, options: tuple[Facet, ...]) -> str | None:
    """A box with the values one can filter by, those with most claims where there are very many; None is "any". A value
    from a link that is not among them stays: it may be a rare one, and where it is gone, the list had better say that
    nothing fits than show everything."""
    names = {option.value: f"{option.label} ({option.count})" for option in most_used(options)}
    linked = st.session_state.get(key)
    if linked is not None and linked not in names:
        rare = next((option for option in options if option.value == linked), None)
        names[linked] = f"{rare.label} ({rare.count})" if rare else f"{linked} (not in this list)"
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


def most_used(options: Sequence[Facet]) -> Sequence[Facet]:
    """The MOST_OFFERED of these with most claims, in their order: a box sends all it holds at every click."""
    most = sorted(range(len(options)), key=lambda place: -options[place].count)[:MOST_OFFERED]
    return [options[place] for place in sorted(most)]


def choose_day(label: str, key: str) -> str | None:
    """A field for a day, ISO 8601; None is "any"."""
    day = st.date_input(
        label, value=None, min_value=FIRST_DAY, max_value=LAST_DAY, key=key, persist_state="session",
        on_change=first_page,
    )  # fmt: skip
    return day.isoformat() if isinstance(day, date) else None


def first_page() -> None:
    """Back to the first page, since another filter has other pages."""
    turn_to(1)


def turn_to(page: int) -> None:
    """Turns the list to a page."""
    st.session_state["claims-page"] = page
