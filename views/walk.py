"""The walk from claim to claim: the list that was opened last, as it stood then, and on into what follows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from views import markup, session
from views.filters import back_to_list
from workbench.claim_filter import ClaimFilter
from workbench.queries import article_claims, claim_page
from workbench.rows import ClaimDetail
from workbench.store import Store

STRETCH = 50  # claims that are taken up at once
_WALK = "walk"


@dataclass(frozen=True, slots=True)
class Walk:
    """Claims one after the other: `ids` of them, the first of which stood in place `start` (0 is the first) of the
    `total` that `wanted` and `near` find, as in `claim_page`."""

    ids: tuple[str, ...]
    wanted: ClaimFilter
    near: tuple[str, ...] = ()
    start: int = 0
    total: int = 0


def longer(store: Store, walk: Walk, step: int) -> Walk:
    """The walk with the next stretch of its list after it (`step` 1) or the one before it (-1); the same where there is
    none. What was walked is left out, so a claim that a verdict moved down the list neither comes again nor hides
    another."""
    start = walk.start if step > 0 else max(walk.start - STRETCH, 0)
    limit = STRETCH if step > 0 else walk.start - start
    if not limit:
        return walk
    rows = claim_page(store, walk.wanted, limit, start, walk.near, walk.ids).rows
    more = tuple(row.id for row in rows)
    ids = (*walk.ids, *more) if step > 0 else (*more, *walk.ids)
    return replace(walk, ids=ids, start=start)


def begin(ids: Sequence[str], wanted: ClaimFilter, near: Sequence[str], start: int, total: int) -> None:
    """Lets the keys of the claim page walk through this page of a list."""
    st.session_state[_WALK] = Walk(tuple(ids), wanted, tuple(near), start, total)


def walk_buttons(detail: ClaimDetail) -> None:
    """To the claims before and after this one: in the list it was opened from, else in its article."""
    claim_id = detail.claim.id
    walk: Walk | None = st.session_state.get(_WALK)
    if walk is not None and claim_id in walk.ids:
        ids, where, start, total = walk.ids, "list", walk.start, walk.total
    else:
        ids = tuple(row.id for row in article_claims(session.store(), detail.article.id))
        where, start, total = "article", 0, len(ids)
    at = ids.index(claim_id) if claim_id in ids else None
    place = 0 if at is None else start + at
    with st.container(horizontal=True, vertical_alignment="center", key="walk"):
        if st.button("All claims", key="back-to-list", type="tertiary", icon="↩️", shortcut="B"):
            back_to_list()
        st.space("stretch")
        if at is not None:
            words = f"{place + 1:,} of {total:,} in this {where}"
            markup.show(markup.tag("div", words, css="cc-total"), width="content")
        first, last = at is None or place == 0, at is None or place + 1 >= total
        if st.button("Previous", key=f"before-{claim_id}", disabled=first, shortcut="P"):
            go(ids, at, -1)
        if st.button("Next", key=f"after-{claim_id}", disabled=last, shortcut="N"):
            go(ids, at, 1)


def go(ids: Sequence[str], at: int, step: int) -> None:
    """Opens the claim beside the one at place `at`, where need be from the list's next stretch."""
    if not 0 <= at + step < len(ids):
        before = st.session_state[_WALK]
        st.session_state[_WALK] = walk = longer(session.store(), before, step)
        at, ids = at + (len(walk.ids) - len(before.ids) if step < 0 else 0), walk.ids
    if 0 <= at + step < len(ids):
        session.open_claim(ids[at + step])
    session.tell("info", "The list ends here: what followed was taken away in the meantime.")
