"""The speakers: who says claims, in which office, and who is whom."""

from __future__ import annotations

import streamlit as st

from claims.article import content_hash
from views import lines, markup, session, wording
from views.filters import open_list
from views.pager import page_buttons
from views.paging import within
from workbench.errors import WorkbenchError
from workbench.people import JUDGE
from workbench.queries import articles
from workbench.rows import SpeakerRow
from workbench.speakers import name_speaker, speakers

PAGE_SIZE = 40
EVERYWHERE = "In all articles"


def show_page() -> None:
    """The whole page."""
    with st.container(horizontal=True, vertical_alignment="top", key="speakers-bar"):
        with st.container(width=320):
            search = st.text_input("Search speakers and roles", key="speaker-search", type="search")
        with st.container(width=260):
            session.reviewer_field()
    found = speakers(session.store(), search or "")
    session.show_message()
    markup.show(markup.tag("div", wording.amount(len(found), "speaker"), css="cc-total"))
    if not found:
        markup.empty("No speaker.", "Whoever an article quotes or reports stands here once it is read.")
    page = within(st.session_state.get("speakers-page", 1), len(found), PAGE_SIZE)
    names = [one.name for one in (speakers(session.store()) if search else found)]
    for row in found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]:
        show_speaker(row, names)
    page_buttons("speakers", page, len(found), PAGE_SIZE, turn_to)


def show_speaker(row: SpeakerRow, names: list[str]) -> None:
    """One speaker, the way to their claims, and the fields that merge, rename or split."""
    with st.container(key=f"speaker-{content_hash(row.name)}"):
        markup.show(lines.speaker_line(row))
        with st.container(horizontal=True):
            if st.button(markup.aloud("See their claims", row.name), key=f"claims-of-{row.name}", type="tertiary"):
                open_list(speaker=row.name)
            if session.may(JUDGE):
                st.button(
                    markup.aloud("Merge, rename or split", row.name),
                    key=f"name-{row.name}",
                    type="tertiary",
                    on_click=open_editor,
                    args=(row.name,),
                )
        if st.session_state.get("naming") == row.name:
            show_editor(row, names)


def show_editor(row: SpeakerRow, names: list[str]) -> None:
    """The fields of one speaker, and the names that can be parted from this one again."""
    for read in row.read_as:
        with st.container(horizontal=True, vertical_alignment="center"):
            markup.show(markup.tag("div", "Also read as ", markup.tag("bdi", read), css="cc-meta"), width="content")
            if st.button("Part again", key=f"part-{row.name}-{read}", type="tertiary"):
                rename(row.name, read, "", read)
    titles = {one.id: one.title or one.outlet or one.file_name or one.id for one in articles(session.store())}
    with st.form(f"naming-{row.name}"):
        left, right = st.columns(2)
        with left:
            name = st.selectbox(
                "This is",
                [other for other in names if other != row.name],
                index=None,
                accept_new_options=True,
                placeholder="Another speaker, or a new name",
                key=f"new-name-{row.name}",
            )
        with right:
            where = st.selectbox(
                "Where",
                ["", *row.article_ids],
                format_func=lambda article_id: titles.get(article_id, article_id) if article_id else EVERYWHERE,
                key=f"where-{row.name}",
            )
        if st.form_submit_button("Save"):
            rename(row.name, name or "", where)


def rename(speaker: str, name: str, article_id: str, read: str | None = None) -> None:
    """Stores who is whom, and has the pairs judged that this changes; never returns where it worked."""
    try:
        changed = name_speaker(session.store(), speaker, name, session.reviewer(), article_id, read)
    except WorkbenchError as error:
        markup.notice("bad", str(error))
        return
    session.begin_reading([])
    st.session_state["naming"] = None
    session.tell("good", f"{wording.amount(changed, 'claim')} of {speaker} now go by {name}; pairs are judged anew.")
    st.rerun()


def open_editor(name: str) -> None:
    """Opens a speaker's fields, or closes them where they are open."""
    st.session_state["naming"] = None if st.session_state.get("naming") == name else name


def turn_to(page: int) -> None:
    """Turns the list to a page."""
    st.session_state["speakers-page"] = page


show_page()
