"""The strip above every page: what there is, which model speaks, and how far a reading is."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from views import markup, session, wording
from workbench.jobs import Job, latest_job, running_job
from workbench.people import COLLECT
from workbench.queries import counts
from workbench.rows import Counts
from workbench.waiting import how_many_wait

SECONDS = 1.0


def show_strip() -> None:
    """Both lines of the strip."""
    opened = session.store()
    there = counts(opened)
    st.session_state["had-claims"] = there.claims > 0
    if running_job(opened):
        st.fragment(show_progress, run_every=SECONDS)()
        return
    show_counts(there)
    last = latest_job(opened)
    failed = last if last and last.state == "failed" else None
    waits = how_many_wait(opened)
    if waits or there.unread_articles or there.unrelated_claims or (failed and not there.articles):
        show_unfinished(there, failed, waits)


def show_counts(there: Counts) -> None:
    """How much there is, and which model judged it."""
    markup.show(
        markup.tag(
            "div",
            markup.tag("strong", "Counterclaim", css="cc-name"),
            markup.tag(
                "span",
                markup.dotted(
                    wording.amount(there.articles, "article"),
                    wording.amount(there.claims, "claim"),
                    wording.amount(there.conflicts, "pair in conflict", "pairs in conflict"),
                    f"{there.judged:,} with a verdict",
                ),
            ),
            markup.tag("span", wording.model_words(there.models, session.settings().entailment), css="cc-model"),
            css="cc-strip",
        )
    )


def show_progress() -> None:
    """What the running job is doing; at the first claims and when it ends, the whole page is drawn anew."""
    opened = session.store()
    job, there = running_job(opened), counts(opened)
    if job is None or (there.claims and not st.session_state["had-claims"]):
        st.rerun(scope="app")
    show_counts(there)
    with st.container(key="progress"):
        markup.show(markup.tag("div", wording.job_words(job), css="cc-stage"))
        st.progress(wording.job_share(job))


def show_unfinished(there: Counts, failed: Job | None, waits: int) -> None:
    """Says that a reading was broken off, and offers to go on; `waits` is how many things that were given to be read
    were neither taken in nor refused."""
    reason = f"The last reading stopped: {failed.message.rstrip('.')}. " if failed else ""
    given = f"{wording.amount(waits, 'file or address', 'files or addresses')} to take in, " if waits else ""
    left = (wording.amount(there.unread_articles, "article"), wording.amount(there.unrelated_claims, "claim"))
    with st.container(horizontal=True, vertical_alignment="center", key="unfinished"):
        markup.notice("info", f"{reason}Still to do: {given}{left[0]} to read, {left[1]} to compare.")
        # What the store knows of needs no path; in an empty one, the first reading begins anew.
        paths = [] if there.articles or waits else [session.SEEDS]
        if session.may(COLLECT):
            st.button("Go on", key="go-on", on_click=go_on, args=(paths,))
    session.show_message("strip")


def go_on(paths: list[Path]) -> None:
    """Begins to read what is still to do; says so where that is refused."""
    session.told(session.begin_reading, "strip")(paths)
