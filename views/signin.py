"""The door of a newsroom's server: signing in at its identity provider, and out again."""

from __future__ import annotations

import streamlit as st

from views import markup, scripts, session
from workbench.errors import SignInMissing


def is_in() -> bool:
    """Whether whoever looks may come in; draws the door where they are not signed in yet."""
    try:
        someone = session.person()
    except SignInMissing as error:
        show_door(str(error))
        return False
    if someone:
        with st.container(horizontal=True, vertical_alignment="center", key="who"):
            st.space("stretch")
            who = markup.tag("div", markup.tag("bdi", someone.name), f" · {someone.role}", css="cc-hint")
            markup.show(who, width="content")
            st.button("Sign out", key="sign-out", type="tertiary", on_click=st.logout)
        scripts.take_way_back()
    return True


def show_door(why: str) -> None:
    """What stands before the door."""
    if not hasattr(st.user, "is_logged_in"):
        markup.notice(
            "bad",
            "This desk wants people to sign in, but no identity provider is configured: write [auth] into "
            ".streamlit/secrets.toml, or sign_in = false into the workspace’s settings.toml.",
        )
    elif st.user.is_logged_in:
        markup.notice("bad", f"You can’t come in: {why}.")
        st.button("Sign out", key="sign-out", on_click=st.logout)
    else:
        markup.empty("This desk is for people who sign in.", "Your newsroom’s account opens it.")
        st.button("Sign in", key="sign-in", type="primary", on_click=st.login)
        scripts.keep_way_back("sign-in")
