"""The buttons under a list that turn its pages."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from views import markup
from views.paging import pages_of

WAYS = ("Previous page", "Next page")


def page_buttons(
    name: str, page: int, total: int, size: int, turn_to: Callable[[int], None], ways: tuple[str, str] = WAYS,
    amount: str = "",
) -> None:  # fmt: skip
    """To the pages before and after this one, where a list of `total` has more than one of `size`; `amount` says how
    much there is, `name` tells the lists apart."""
    pages = pages_of(total, size)
    if pages < 2:
        return
    where = f"{amount}, page {page} of {pages}" if amount else f"Page {page} of {pages}"
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center"):
        st.button(
            markup.in_label(ways[0]),
            key=f"{name}-before-{page}",
            disabled=page <= 1,
            shortcut="P",
            on_click=turn_to,
            args=(page - 1,),
        )
        markup.show(markup.tag("div", where, css="cc-total"), width="content")
        st.button(
            markup.in_label(ways[1]),
            key=f"{name}-after-{page}",
            disabled=page >= pages,
            shortcut="N",
            on_click=turn_to,
            args=(page + 1,),
        )
