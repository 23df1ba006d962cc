"""The articles: what is known of each, and adding more."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from claims.article import Provenance
from claims.reading import READABLE
from views import lines, markup, session, wording
from views.filters import open_list
from views.pager import page_buttons
from views.paging import within
from workbench.archive import kept
from workbench.article_search import find_articles
from workbench.errors import ArchiveDamaged, ChangedMeanwhile, WorkbenchError
from workbench.inbox import take_pasted, take_upload
from workbench.jobs import latest_job
from workbench.pages import is_address
from workbench.people import COLLECT
from workbench.provenance import edit_provenance
from workbench.queries import article, articles, articles_named, counts, whereabouts
from workbench.rows import Appearance, ArticleRow

PAGE_SIZE = 30
FIELDS = {"title": "Title", "outlet": "Outlet", "author": "Author", "date": "Date", "url": "Address (URL)",
          "language": "Language (en, de, …)"}  # fmt: skip
SHOWN = "shown"  # what the fields of an article held when they were opened


def show_page() -> None:
    """The whole page."""
    left, right = st.columns([1.65, 1], gap="large")
    with right:
        markup.show(markup.tag("h2", "Add articles", css="cc-section"))
        session.show_message()
        session.reviewer_field()
        if session.may(COLLECT):
            show_adding()
        else:
            markup.show(markup.tag("p", session.role_words(COLLECT), css="cc-hint"))
        show_last_reading()
    with left:
        show_list()


def show_list() -> None:
    """A page of the articles, newest first, or of those that hold the searched words, each with its details to
    edit."""
    opened, total = session.store(), counts(session.store()).articles
    heading = st.container()
    if not total:
        markup.empty("No articles yet.", "Upload files or paste a text; its claims are found and compared for you.")
        search = ""
    else:
        search = st.text_input(
            "Search titles, outlets and authors",
            key="articles-search",
            type="search",
            persist_state="session",
            on_change=turn_to,
            args=(1,),
        )
    found = find_articles(opened, search) if search and search.strip() else None
    total = total if found is None else len(found)
    page = within(st.session_state.get("articles-page", 1), total, PAGE_SIZE)
    start = (page - 1) * PAGE_SIZE
    if found is None:
        rows = articles(opened, PAGE_SIZE, start, newest_first=True)
    else:
        rows = articles_named(opened, found[start : start + PAGE_SIZE])
    with heading:
        markup.show(markup.tag("h2", wording.amount(total, "article"), css="cc-section"))
    if found == ():
        markup.empty("No article holds these words.", "Use fewer words, or words of its title, outlet or author.")
    for row in rows:
        with st.container(key=f"article-{row.id}"):
            markup.show(lines.article_line(row))
            with st.container(horizontal=True):
                if session.may(COLLECT):
                    st.button(
                        markup.aloud("Edit details", row.title),
                        key=f"edit-{row.id}",
                        type="tertiary",
                        on_click=edit,
                        args=(row.id,),
                    )
                if st.button(
                    markup.aloud("See its claims", row.title),
                    key=f"see-{row.id}",
                    type="tertiary",
                    disabled=not row.claims,
                ):
                    open_list(article_id=row.id)
                show_places(row)
        if st.session_state.get("editing") == row.id:
            show_editor(row)
    page_buttons("articles", page, total, PAGE_SIZE, turn_to)


def turn_to(page: int) -> None:
    """Turns the list to a page."""
    st.session_state["articles-page"] = page


def show_places(row: ArticleRow) -> None:
    """Where an article was seen, with what was read there, its copies and when it was edited; read when opened."""
    key = f"places-{row.id}"
    label = markup.aloud("Where it was seen", row.title)
    with st.popover(label, key=key, type="tertiary", on_change="rerun") as opened:
        if not opened.open:
            return
        known = whereabouts(session.store(), row.id)
        for place, seen in enumerate(known.appearances):
            markup.show(lines.appearance_line(seen, seen.text_hash == known.text_hash))
            if seen.archive_hash:
                show_original(seen, f"{key}-{place}")
        for _, title in known.copies:
            markup.show(markup.tag("div", "A copy: ", markup.tag("bdi", title), css="cc-meta"))
        for until in known.edited:
            markup.show(markup.tag("div", f"An edited version was found on {wording.time_words(until)}", css="cc-meta"))


def edit(article_id: str) -> None:
    """Opens an article's details as they are now, or closes them where they are open."""
    for name in (*FIELDS, SHOWN):
        st.session_state.pop(f"edit-{name}-{article_id}", None)
    st.session_state["editing"] = None if st.session_state.get("editing") == article_id else article_id


def show_original(seen: Appearance, key: str) -> None:
    """What was read where an article was seen, to be taken away; or why the archive can't give it."""
    try:
        kept(session.workspace(), seen.archive_hash)
    except ArchiveDamaged as error:
        markup.notice("bad", f"{error}. “python -m workbench doctor” tells whether it can be kept anew.")
        return
    # Read once more when it is wanted, so that no page carries the bytes.
    st.download_button(
        "Download what was read",
        data=lambda: kept(session.workspace(), seen.archive_hash),
        file_name=f"{seen.archive_hash[:12]}{seen.kind}",
        mime="application/octet-stream",
        key=key,
        on_click="ignore",
    )


def show_editor(row: ArticleRow) -> None:
    """The fields of one article."""
    st.session_state.setdefault(f"edit-{SHOWN}-{row.id}", details_of(row))
    with st.form(f"editor-{row.id}"):
        ask_details("edit", tuple(FIELDS), row)
        st.form_submit_button("Save details", on_click=save_details, args=(row.id,), type="primary")
    if error := st.session_state.pop("editor-error", None):
        markup.notice("bad", error)


def save_details(article_id: str) -> None:
    """Stores what was changed in the fields of one article."""
    known, shown = provenance_in("edit", article_id), st.session_state.get(f"edit-{SHOWN}-{article_id}")
    try:
        edit_provenance(session.store(), article_id, known, session.reviewer(), shown)
    except WorkbenchError as error:
        if isinstance(error, ChangedMeanwhile):
            show_changed(article_id, known, shown)
        st.session_state["editor-error"] = str(error)
        return
    st.session_state["editing"] = None
    session.tell("good", "The article’s details are saved.")


def show_changed(article_id: str, known: Provenance, shown: Provenance) -> None:
    """Takes what others changed into the open form, but for the fields that this person changed, too: these are saved
    when they save again."""
    now = details_of(article(session.store(), article_id))
    for name in FIELDS:
        if getattr(known, name) == getattr(shown, name):
            st.session_state[f"edit-{name}-{article_id}"] = getattr(now, name)
    st.session_state[f"edit-{SHOWN}-{article_id}"] = now


def details_of(row: ArticleRow) -> Provenance:
    """What is known of where an article stood."""
    return Provenance(**{name: getattr(row, name) for name in FIELDS})


def show_adding() -> None:
    """The ways in."""
    upload, paste, web = st.tabs(["Upload files", "Paste text", "From the web"])
    with upload, st.form("upload", clear_on_submit=True):
        st.file_uploader(
            "Text, saved pages, PDF, Word, mails, subtitles",
            type=[ending.removeprefix(".") for ending in READABLE],
            key="upload-files",
            accept_multiple_files=True,
        )
        ask_details("upload", ("outlet", "author", "date"))
        st.form_submit_button("Read these files", on_click=take_files, type="primary")
    with paste, st.form("paste"):
        st.text_area("Text of the article", key="paste-text", height=220)
        ask_details("paste", tuple(FIELDS))
        st.form_submit_button("Read this text", on_click=take_text, type="primary")
    with web:
        show_web()


def show_web() -> None:
    """Addresses to fetch."""
    with st.form("web"):
        st.text_area(
            "Addresses of pages, feeds or sitemaps", key="web-addresses", height=140, placeholder="https://… one a line"
        )
        st.form_submit_button("Read these pages", on_click=take_addresses, type="primary")


@session.told
def take_addresses() -> None:
    """Begins to fetch and read web addresses; what is refused is told when the reading is through."""
    given = (st.session_state["web-addresses"] or "").split()
    wrong = [one for one in given if not is_address(one)]
    if not given or wrong:
        session.tell("bad", f"Not added: {wrong[0]!r} is no web address." if wrong else "Not added: no address given.")
        return
    session.begin_reading(given)
    st.session_state["web-addresses"] = ""
    session.tell("good", f"{wording.amount(len(given), 'address', 'addresses')} taken; fetching begins.")


def ask_details(form: str, names: tuple[str, ...], row: ArticleRow | None = None) -> None:
    """Fields for where an article stood, filled with what is known of it; the title above, the others in pairs."""
    for name in (name for name in names if name == "title"):
        ask_detail(form, name, row)
    columns = st.columns(2)
    for place, name in enumerate(name for name in names if name != "title"):
        with columns[place % 2]:
            ask_detail(form, name, row)


def ask_detail(form: str, name: str, row: ArticleRow | None) -> None:
    """One such field."""
    key = f"{form}-{name}-{row.id if row else ''}"
    if key not in st.session_state:
        st.session_state[key] = getattr(row, name) if row else ""
    st.text_input(FIELDS[name], key=key, placeholder="YYYY-MM-DD" if name == "date" else "")


def provenance_in(form: str, article_id: str = "") -> Provenance:
    """What the fields of a form say."""
    return Provenance(**{name: st.session_state.get(f"{form}-{name}-{article_id}") or "" for name in FIELDS})


@session.told
def take_files() -> None:
    """Keeps the uploaded files and begins to read them; a bad file doesn't hold up the others."""
    opened, paths, refused = session.store(), [], []
    for file in st.session_state["upload-files"]:
        try:
            paths.append(take_upload(opened, file.name, file.getvalue(), provenance_in("upload")))
        except WorkbenchError as error:
            refused.append(str(error))
    begin(paths, refused or ([] if paths else ["no file was chosen"]))


@session.told
def take_text() -> None:
    """Keeps the pasted text and begins to read it."""
    try:
        path = take_pasted(session.store(), st.session_state["paste-text"], provenance_in("paste"))
    except WorkbenchError as error:
        session.tell("bad", f"Not added: {error}.")
        return
    st.session_state["paste-text"] = ""
    for name in FIELDS:
        st.session_state[f"paste-{name}-"] = ""
    begin([path], [])


def begin(paths: list[Path], refused: list[str]) -> None:
    """Starts the reading, and says what was taken and what was not."""
    if paths:
        session.begin_reading(paths)
        session.tell(
            "bad" if refused else "good",
            ". ".join(
                [
                    f"{wording.amount(len(paths), 'article')} taken; reading begins",
                    *(f"Not added: {why}" for why in refused),
                ]
            )
            + ".",
        )
    else:
        session.tell("bad", f"Not added: {'; '.join(refused)}.")


def show_last_reading() -> None:
    """What came of the last reading, and what it refused."""
    last = latest_job(session.store())
    if last and last.state in ("done", "failed") and last.message:
        markup.show(markup.tag("h3", "Last reading", css="cc-section"))
        markup.notice("info" if last.state == "done" else "bad", last.message)


show_page()
