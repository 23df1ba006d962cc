"""The two small scripts of this program, and the only place for any: they know nothing but the names of the page's own
elements, make no HTML, and get no text of articles."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import streamlit as st

# What Streamlit can't bind to a button: `?`, and putting the cursor into a field.
_KEYS = """
export default function(component) {
  const { setTriggerValue, data } = component;
  const typing = (at) => at && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName));
  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && typing(document.activeElement)) { document.activeElement.blur(); return; }
    if (typing(event.target)) return;
    if (event.key === "?") { event.preventDefault(); setTriggerValue("help", true); }
    if (event.key === "w" || event.key === "W") {
      const field = document.querySelector('[class*="st-key-rationale-"] textarea');
      if (field) { event.preventDefault(); field.focus(); }
    }
  };
  document.addEventListener("keydown", onKey);
  if (data && data.chosen && window.counterclaimChosen !== data.chosen) {
    const card = document.querySelector('[class*="st-key-chosen-card-"]');
    if (card) card.scrollIntoView({ block: "nearest", behavior: "instant" });
  }
  window.counterclaimChosen = data ? data.chosen : null;
  return () => document.removeEventListener("keydown", onKey);
}
"""
_REMEMBER = """
export default function(component) {
  const { name, value } = component.data;
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=strict`;
}
"""
_keys = st.components.v2.component("counterclaim_keys", js=_KEYS)
_remember = st.components.v2.component("counterclaim_remember", js=_REMEMBER)


def listen_for_keys(chosen: str, on_help: Callable[[], None]) -> None:
    """Lets `?` call for help and W write a rationale; brings the `chosen` statement, a claim's id, into view."""
    _keys(key="keys", data={"chosen": chosen}, on_help_change=on_help, height=1)


def remember(name: str, value: str) -> None:
    """Has the browser keep a value for a year, under `name`; percent-encoded, so that it can't end the cookie."""
    _remember(key="remember", data={"name": name, "value": quote(value)}, height=1)
