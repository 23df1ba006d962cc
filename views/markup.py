"""The one place where text becomes HTML, and the only one that calls `st.html`.

Article text is hostile: it may hold markup, links that phone home, or characters that turn lines around. `tag` escapes
every plain string given to it; only what `tag` made passes as it is. Nothing else in this program builds HTML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from claims.found import UNSEEN

STYLE = Path(__file__).with_name("style.css")
TAGS = frozenset(
    {"bdi", "details", "div", "em", "h1", "h2", "h3", "li", "mark", "ol", "p", "span", "strong", "summary", "ul"}
)
MARKS = frozenset({"claim", "source", "contradicts", "supports", "related", "clash"})
# Bidirectional controls can make a sentence read as another one; the other controls have no look at all.
_UNSEEN = re.compile(f"[{UNSEEN}\\ud800-\\udfff]")

_LONGEST_ALOUD = 120  # characters: enough to know a sentence by
# The places in web and mail addresses where they no longer count as such if a letter stands there.
_ADDRESS = re.compile(r"(?<=http:)(?=//)|(?<=https:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
_MARKS_OF_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^=])")


class Html(str):
    """HTML that `tag` made: every text in it is escaped."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text to be marked; `kind` is one of MARKS. `clashes` are stretches inside it, counted from its own
    start, on which a conflict rests."""

    start: int
    end: int
    kind: str
    clashes: tuple[tuple[int, int], ...] = ()


def tag(name: str, *children: str, css: str = "") -> Html:
    """An element. A child that is not `Html` is text and gets escaped; `css` holds class names."""
    if name not in TAGS:
        raise ValueError(f"no tag {name!r}; choose one of {', '.join(sorted(TAGS))}")
    inside = "".join(child if isinstance(child, Html) else plain(child) for child in children)
    direction = ' dir="auto"' if name in ("p", "bdi", "li") else ""
    return Html(f'<{name} class="{html.escape(css)}"{direction}>{inside}</{name}>')


def plain(text: str) -> Html:
    """Escaped text, without characters that nobody can see."""
    return Html(html.escape(_UNSEEN.sub("", text)))


def in_label(text: str) -> str:
    """Text for a button, which Streamlit would read as Markdown: every mark of it escaped, and addresses, which become
    links even where all their marks are escaped, with an unseen joint in them."""
    return _MARKS_OF_MARKDOWN.sub(r"\\\1", _ADDRESS.sub("\u2060", _UNSEEN.sub("", text)))


def aloud(label: str, words: str) -> str:
    """A label with words behind it that only a screen reader says, for one of many buttons that look alike; the style
    sheet hides them from the eye."""
    more = in_label(" ".join(words.split())[:_LONGEST_ALOUD].strip())
    return f"{label} *{more}*" if more else label


def together(parts: Iterable[str]) -> Html:
    """Several pieces, one after the other."""
    return Html("".join(part if isinstance(part, Html) else plain(part) for part in parts))


def dotted(*parts: str) -> Html:
    """The parts that aren't empty, with a middle dot between them; each keeps its own writing direction."""
    return together(tag("bdi", part, css="cc-part") for part in parts if part)


def passage(text: str, marks: Sequence[Mark], css: str = "cc-passage") -> Html:
    """A paragraph of `text` with stretches marked; a mark that overlaps an earlier one is left out."""
    parts, at = [], 0
    for mark in sorted(marks, key=lambda one: one.start):
        if mark.kind not in MARKS:
            raise ValueError(f"no mark {mark.kind!r}; choose one of {', '.join(sorted(MARKS))}")
        if not at <= mark.start < mark.end <= len(text):
            continue
        inside = _with_clashes(text[mark.start : mark.end], mark.clashes)
        parts += [text[at : mark.start], tag("mark", *inside, css=f"cc-mark cc-{mark.kind}")]
        at = mark.end
    return tag("p", *parts, text[at:], css=css)


def _with_clashes(text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    parts, at = [], 0
    for start, end in sorted(spans):
        if at <= start < end <= len(text):
            parts += [text[at:start], tag("mark", text[start:end], css="cc-mark cc-clash")]
            at = end
    return [*parts, text[at:]]


def region(label: str, *children: str) -> Html:
    """A box for long words, which scrolls by itself and which the keyboard reaches, so that its arrows scroll it; a
    screen reader calls it `label`."""
    inside = together(children)
    return Html(f'<div class="cc-region" tabindex="0" role="region" aria-label="{plain(label)}">{inside}</div>')


def show(*parts: str, width: str = "stretch") -> None:
    """Puts pieces on the page as one element; `width` as in Streamlit, "stretch" or "content"."""
    st.html(together(parts), width=width)


def notice(kind: str, text: str) -> None:
    """A message to the reader that may hold data; `kind` is good, info or bad."""
    show(tag("div", text, css=f"cc-notice cc-{kind}"))


def empty(title: str, hint: str) -> None:
    """What stands where there is nothing yet: what that means, and what to do."""
    show(tag("div", tag("strong", title), tag("p", hint), css="cc-empty"))


def use_stylesheet() -> None:
    """Gives the page its look, and what is drawn outside of it, as popovers are, the same theme; once a run."""
    st.html(STYLE)
    scheme = "dark" if st.context.theme.type == "dark" else "light"
    st.html(f"<style>:root {{ color-scheme: {scheme}; }}</style>")
