"""Counterclaim's screen: `streamlit run app.py -- --workspace FOLDER`.

Without a folder it opens the one that $COUNTERCLAIM_WORKSPACE names, else ./workspace.
"""

from __future__ import annotations

import streamlit as st

from views import key_help, markup, session, signin, strip
from workbench.errors import WorkbenchError


def main() -> None:
    """Wires the pages and draws the one that was asked for."""
    st.set_page_config(page_title="Counterclaim", page_icon="⚖️", layout="wide", initial_sidebar_state="collapsed")
    chosen = st.navigation(
        [
            st.Page("views/claims.py", title="Claims", url_path="claims", default=True),
            st.Page("views/conflicts.py", title="Conflicts", url_path="conflicts"),
            st.Page("views/speakers.py", title="Speakers", url_path="speakers"),
            st.Page("views/articles.py", title="Articles", url_path="articles"),
            st.Page("views/desk.py", title="Desk", url_path="desk"),
            st.Page("views/log.py", title="Log", url_path="log"),
            st.Page("views/claim.py", title="Claim", url_path="claim", visibility="hidden"),
        ],
        position="top",
    )
    markup.use_stylesheet()
    try:
        session.start_first_reading()
        if signin.is_in():
            strip.show_strip()
            key_help.listen(chosen.url_path or "claims")
            chosen.run()
    except WorkbenchError as error:
        markup.notice("bad", str(error))


# The processes that this one begins read this file, too, under another name; only the app itself draws.
if __name__ == "__main__":
    main()
