"""The desk: how far the work is, what is in dispute, how people agree, and pictures of the collection."""

from __future__ import annotations

import re
from collections.abc import Callable

import altair as alt
import streamlit as st

from views import markup, pictures, session, wording
from views.filters import open_list
from views.gate_form import show_gate_form
from views.restoring import show_restore
from workbench.agreement import Agreement, agreement, overruled
from workbench.figures import (
    MOST_SPEAKERS,
    Figures,
    by_status,
    over_time,
    verdicts_by,
    who_contradicts_whom,
    work_by_day,
)
from workbench.queries import ClaimFilter, claim_page

TABS = ("Work", "Agreement", "Collection", "Rules", "Bring verdicts back")
MOST_DISPUTES = 10
FEW = 10  # claims judged by two people, below which kappa says little


def show_page() -> None:
    """The whole page."""
    # Once for all tabs: a page holds one such field.
    with st.container(key="desk-reviewer", width=320):
        session.reviewer_field()
    work, agree, collection, rules, back = st.tabs(TABS, key="desk-tab", on_change="rerun")
    # Figures take a second over many claims: only those that are looked at are reckoned.
    for tab, show in ((work, show_work), (agree, show_people), (collection, show_collection)):
        if tab.open:
            with tab, st.spinner("Counting …"):
                show(session.reviewer(), session.blind_for())
    # Forms stay, so that what was begun in them outlives a look elsewhere.
    with rules:
        show_gate_form()
    with back:
        show_restore()


def show_people(who: str, _: str | None) -> None:
    """How people agree with each other and with the machine."""
    opened = session.store()
    show_agreements(agreement(opened, who, independent=True), agreement(opened, who, independent=False))
    show_overruled()


def show_collection(who: str, blind_for: str | None) -> None:
    """Pictures of what was read, for this reviewer."""
    opened = session.store()
    only = "" if blind_for is None else " This desk is blind: only what you judged counts."
    picture(
        "Who contradicts whom",
        "Pairs as Conflicts lists them: in contradiction or in tension, and set aside by nobody. Between speakers, or "
        f"outlets where nobody is quoted.{only}",
        who_contradicts_whom(opened, blind_for=blind_for),
        pictures.grid,
    )
    over = over_time(opened, blind_for)
    picture("Claims over time", f"By the date of their articles.{only}", over, pictures.days)
    for what in ("outlet", "speaker"):
        most = f"The verdicts that stand, for the {MOST_SPEAKERS} with most of them."
        picture(f"Verdicts by {what}", most, verdicts_by(opened, what, who), pictures.stacked)


def show_work(who: str, blind_for: str | None) -> None:
    """Progress, the disputes, and who did what when, for this reviewer."""
    opened = session.store()
    left, right = st.columns(2, gap="large")
    with left:
        picture("Progress", "Claims by status.", by_status(opened), status_bars)
    with right:
        disputed = ClaimFilter(status="disputed", seen_by=who, blind_for=blind_for)
        found = claim_page(opened, disputed, MOST_DISPUTES)
        number = markup.tag("span", f"{found.total:,}", css="cc-number")
        markup.show(markup.tag("h2", "In dispute", number, css="cc-section"))
        if not found.rows:
            markup.show(markup.tag("p", "Reviewers disagree on no claim.", css="cc-none"))
        for row in found.rows:
            with st.container(key=f"dispute-{row.id}"):
                words, way = st.columns([5, 1], vertical_alignment="center")
                with words:
                    markup.show(markup.tag("p", row.text, css="cc-claim-text"))
                with way:
                    if st.button(markup.aloud("Decide", row.text), key=f"decide-{row.id}"):
                        session.open_claim(row.id)
        if found.total > len(found.rows) and st.button("All in dispute", key="all-disputes"):
            open_list(status="disputed")
    picture("Verdicts by day", "Given by each reviewer; those taken back count too.", work_by_day(opened), table_only)


def show_agreements(alone: Agreement, shown: Agreement) -> None:
    """How far reviewers agree: where nobody had seen what others said, and where somebody had."""
    if not (alone.claims or shown.claims):
        markup.show(
            markup.tag("h2", "Between reviewers", css="cc-section"),
            markup.tag("p", "No claim was judged by two people yet: ask for a second review.", css="cc-none"),
        )
    if alone.claims:
        show_agreement(
            "Reviewers who judged on their own",
            "on their own",
            "Verdicts given without seeing anybody else’s. Taking one back after seeing another’s changes nothing "
            "here. Conclusions in words are not compared.",
            alone,
        )
    if shown.claims:
        show_agreement(
            "Reviewers who saw another’s verdict",
            "having seen one",
            "Claims on which somebody judged with another’s verdict on the screen: agreement comes easier there.",
            shown,
        )


def show_agreement(title: str, how: str, meaning: str, found: Agreement) -> None:
    """How far reviewers agree on what more than one of them judged."""
    markup.show(markup.tag("h2", title, css="cc-section"), markup.tag("p", meaning, css="cc-hint"))
    figures = [
        (f"{wording.amount(found.claims, 'claim')} judged by two or more people", ""),
        ("Fleiss’ kappa", f"{wording.kappa_words(found.fleiss)} (over {wording.amount(found.fleiss_claims, 'claim')})"),
        ("Krippendorff’s alpha", wording.kappa_words(found.alpha)),
    ]
    markup.show(
        *(markup.tag("p", markup.tag("strong", name), " ", words, css="cc-figure") for name, words in figures),
    )
    if found.claims < FEW:
        markup.show(markup.tag("p", f"Below {FEW} claims these figures say little.", css="cc-hint"))
    table = Figures(
        ("reviewer", "other_reviewer", "claims", "same_verdict", "cohens_kappa"),
        tuple(
            (one.one, one.other, one.claims, f"{one.same:.0%}", wording.kappa_words(one.kappa)) for one in found.pairs
        ),
    )
    picture(f"Two by two, {how}", "Each round of a claim counts; adjudications don’t.", table, table_only)


def show_overruled() -> None:
    """How often people said otherwise than the machine."""
    rows = tuple(
        (
            one.model,
            one.settings,
            wording.FOUND.get(one.relation, one.relation),
            f"{one.low:.2f} to {min(one.high, 1):.2f}",
            "hidden" if one.blind else "shown",
            one.judged,
            one.overruled,
            f"{one.share:.0%}",
        )
        for one in overruled(session.store())
    )
    columns = (
        "model", "thresholds", "machine_says", "strength", "machine_was", "judgements", "overruled", "share",
    )  # fmt: skip
    picture(
        "People and the machine",
        "Judgements of pairs, by what the machine had said of them, how strongly, and whether that was on the screen. "
        "Each reviewer’s newest judgement of a pair counts, “Unclear” doesn’t.",
        Figures(columns, rows),
        table_only,
    )


def picture(title: str, meaning: str, figures: Figures, draw: Callable[[Figures], alt.Chart | None]) -> None:
    """A picture with its heading, and its figures to download."""
    name = re.sub(r"\W+", "-", title.lower())
    with st.container(key=f"picture-{name}"):
        markup.show(markup.tag("h2", title, css="cc-section"), markup.tag("p", meaning, css="cc-hint"))
        if not figures.rows:
            markup.show(markup.tag("p", "Nothing to show yet.", css="cc-none"))
            return
        chart = draw(figures)
        if chart is not None:
            st.altair_chart(
                pictures.described(chart, title, figures, session.ink()), key=f"chart-{name}", width="stretch"
            )
        st.download_button(
            "These figures as CSV",
            data=figures.csv(),
            file_name=f"counterclaim-{name}.csv",
            mime="text/csv",
            on_click="ignore",
            type="tertiary",
            key=f"figures-{name}",
        )


def status_bars(figures: Figures) -> alt.LayerChart:
    """Claims by status."""
    return pictures.bars(figures, "claims", "status", "Claims", session.ink())


def table_only(figures: Figures) -> None:
    """Figures that are best read as a table."""
    st.dataframe(
        [dict(zip(figures.columns, row, strict=True)) for row in figures.rows], hide_index=True, width="stretch"
    )


show_page()
