"""The small scripts of this program, and the only place for any: they know nothing but the names of the page's own
elements, make no HTML, and write messages as plain text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

import streamlit as st

# What Streamlit can't bind to a button: `?`, the cursor into a field, from line to line of a list. `before` runs ahead
# of Streamlit's own listener: a key that is held down counts once, no key reaches past an open window (or one that is
# about to open) to the page behind it, and a box that was ticked takes no letters, so the page gets them.
_KEYS = """
export default function(component) {
  const { setTriggerValue, data } = component;
  const toggle = (at) => at.tagName === "INPUT" && /^(checkbox|radio)$/.test(at.type);
  const typing = (at) => at && (at.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) && !toggle(at)));
  const modified = (event) => event.ctrlKey || event.metaKey || event.altKey;
  const swallow = (event) => { event.stopImmediatePropagation(); event.preventDefault(); };
  let awaited = 0;
  const before = (event) => {
    if (modified(event) || typing(event.target)) return;
    const sign = event.key.length === 1 && event.key !== " ";
    if (event.repeat && (sign || event.key === "Enter")) return swallow(event);
    if (!sign) return;
    if (awaited || document.querySelector('[data-testid="stDialog"]')) return swallow(event);
    if (event.target.tagName && toggle(event.target)) {
      swallow(event);
      document.body.dispatchEvent(new KeyboardEvent("keydown", event));
    }
  };
  const within = (names) => `:is(${names.map((name) => `[class*="st-key-${name}"]`).join(", ")})`;
  const wait = (names, left) => {
    const field = document.querySelector(`${within(names)} :is(textarea, input)`);
    if (field) field.focus();
    awaited = field || !left ? 0 : setTimeout(() => wait(names, left - 1), 50);
  };
  const reach = ([name, ...more]) => {
    const at = document.querySelector(`${within([name, ...more])} :is(textarea, input, button)`);
    if (!at) return false;
    if (at.tagName !== "BUTTON") at.focus();
    else { at.click(); if (more.length) wait(more, 40); }
    return true;
  };
  const walk = (step) => {
    const lines = [...document.querySelectorAll(".st-key-lines button")];
    const at = lines.indexOf(document.activeElement);
    const line = lines[at < 0 ? 0 : Math.min(Math.max(at + step, 0), lines.length - 1)];
    if (line) line.focus();
    return Boolean(line);
  };
  const onKey = (event) => {
    if (modified(event)) return;
    if (event.key === "Escape" && typing(document.activeElement)) { document.activeElement.blur(); return; }
    if (typing(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "?") { event.preventDefault(); setTriggerValue("help", true); }
    else if (data.fields[key] && reach(data.fields[key])) event.preventDefault();
    else if ((key === "j" || key === "k") && walk(key === "j" ? 1 : -1)) event.preventDefault();
  };
  document.addEventListener("keydown", before, true);
  document.addEventListener("keydown", onKey);
  return () => {
    clearTimeout(awaited);
    document.removeEventListener("keydown", before, true);
    document.removeEventListener("keydown", onKey);
  };
}
"""
# The chosen card may be drawn a moment later than this.
_BRING = """
export default function(component) {
  const { chosen } = component.data;
  const again = window.counterclaimChosen === chosen;
  window.counterclaimChosen = chosen;
  if (!chosen || again) return;
  let left = 40;
  const look = () => {
    const card = document.querySelector(`[class*="st-key-chosen-"][class*="${CSS.escape(chosen)}"]`);
    if (card) card.scrollIntoView({ block: "nearest", behavior: "instant" });
    else if (left--) setTimeout(look, 50);
  };
  look();
}
"""
_REMEMBER = """
export default function(component) {
  const { name, value } = component.data;
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=strict`;
}
"""
# The identity provider sends people back to the first page, whatever address they came by. The tab keeps that address
# from the press of the button on, for one return; only its path on this server, or a crafted one could lead elsewhere.
_WAY_BACK = """
const NAME = "counterclaim-way-back";
export default function(component) {
  const { data } = component;
  if (data.button) {
    const keep = (event) => {
      if (!event.target.closest || !event.target.closest(`[class*="st-key-${data.button}"]`)) return;
      sessionStorage.setItem(NAME, location.pathname + location.search);
    };
    document.addEventListener("click", keep, true);
    return () => document.removeEventListener("click", keep, true);
  }
  const kept = sessionStorage.getItem(NAME);
  sessionStorage.removeItem(NAME);
  if (kept && !location.search && kept !== location.pathname) location.replace(location.origin + kept);
}
"""
# A screen reader says what changes in a region that was there before; so the page keeps one for all messages.
_SAY = """
export default function(component) {
  const { text } = component.data;
  let region = document.getElementById("counterclaim-says");
  if (!region) {
    region = document.createElement("div");
    region.id = "counterclaim-says";
    region.setAttribute("role", "status");
    Object.assign(region.style, {
      position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)",
    });
    document.body.appendChild(region);
  }
  region.textContent = "";
  clearTimeout(window.counterclaimSaid);
  setTimeout(() => { region.textContent = text; }, 100);
  window.counterclaimSaid = setTimeout(() => { region.textContent = ""; }, 10000);
}
"""
_bring = st.components.v2.component("counterclaim_bring", js=_BRING)
_keys = st.components.v2.component("counterclaim_keys", js=_KEYS)
_say = st.components.v2.component("counterclaim_say", js=_SAY)
_way_back = st.components.v2.component("counterclaim_way_back", js=_WAY_BACK)
_remember = st.components.v2.component("counterclaim_remember", js=_REMEMBER)


def listen_for_keys(fields: Mapping[str, Sequence[str]], on_help: Callable[[], None]) -> None:
    """Lets `?` call for help, and the keys of `fields` go to a field or press a button: the first on the page whose
    key begins with one of these. A button that opens a box may have a field in it, the next of its names: the cursor
    goes there, and until it is there no key reaches the page. J and K go from line to line of the list of claims."""
    named = {key: list(names) for key, names in fields.items()}
    _keys(key="keys", data={"fields": named}, on_help_change=on_help, height=1)


def bring_into_view(chosen: str) -> None:
    """Brings the card whose key ends with `chosen` into view once it is another one; "" is none."""
    _bring(key="bring", data={"chosen": chosen}, height=1)


def say(text: str, number: int) -> None:
    """Has a screen reader say a message; each has another `number`, so that the same one is said again."""
    _say(key=f"say-{number}", data={"text": text}, height=1)


def remember(name: str, value: str) -> None:
    """Has the browser keep a value for a year, under `name`; percent-encoded, so that it can't end the cookie."""
    _remember(key="remember", data={"name": name, "value": quote(value)}, height=1)


def keep_way_back(button: str) -> None:
    """Has the tab keep its address when the button with this key is pressed, which leads away for a while."""
    _way_back(key="way-back", data={"button": button}, height=1)


def take_way_back() -> None:
    """Leads the tab to the address that it kept, once, where it came back to the first page."""
    _way_back(key="way-back", data={"button": ""}, height=1)
