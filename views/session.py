"""What every page needs: the workspace, who is judging, and drafts that outlive a rerun."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from views import markup, scripts
from workbench.errors import SignInMissing, WorkbenchError
from workbench.gate import Gate, gate_of
from workbench.jobs import running_job, start_ingest
from workbench.log import name_here
from workbench.models import SeparateEncoder
from workbench.people import LONGEST_NAME, RIGHTS, Person, known_as, least_role
from workbench.queries import counts
from workbench.search import MeaningSearch
from workbench.settings import Settings, load_settings
from workbench.store import Store, workspace_folder

SEEDS = Path(__file__).parent.parent / "seeds"
CLAIM_PAGE = "views/claim.py"
REVIEWER_COOKIE = "counterclaim_reviewer"
CLAIM, BESIDE = "claim", "beside"  # name a claim, and the other one of a pair, in the address


def workspace() -> Path:
    """The folder named behind `--workspace` on the command line, else by the environment."""
    return workspace_folder(_named(tuple(sys.argv[1:]))).resolve()


@lru_cache(maxsize=1)  # asked many times for each page
def _named(arguments: tuple[str, ...]) -> str | None:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--workspace")
    return parser.parse_known_args(arguments)[0].workspace


def store() -> Store:
    """The opened workspace, shared by all sessions; on a desk with sign-in it does only what the person who is signed
    in may do. Raises what `Store` raises, and SignInMissing."""
    opened = _opened(str(workspace()))
    someone = person()
    return opened.on_behalf_of(someone) if someone else opened


def person() -> Person | None:
    """Who is signed in; None on a desk without sign-in.

    Raises SignInMissing: the desk wants a sign-in and there is none yet, what the identity provider says of the person
    is not enough to know them by, or the desk doesn't let them in.
    """
    people = settings().people
    if not people.sign_in:
        return None
    if not getattr(st.user, "is_logged_in", False):
        raise SignInMissing("nobody is signed in")
    name, address = known_as(st.user, people.trust_addresses)
    return Person(name, people.role_of(address))


def may(right: str) -> bool:
    """Whether whoever looks may do this, one of `workbench.people.RIGHTS`; on a desk without sign-in everybody may."""
    someone = person()
    return someone is None or someone.may(right)


@st.cache_resource(show_spinner=False)
def _opened(folder: str) -> Store:
    opened = Store(Path(folder))
    # Each collection of garbage would walk through all the libraries' objects.
    gc.freeze()
    return opened


def settings() -> Settings:
    """The settings as they were when the app started. Raises SettingsError."""
    return _settings(str(workspace()))


@st.cache_resource(show_spinner=False)
def _settings(folder: str) -> Settings:
    return load_settings(Path(folder))


def gate() -> Gate:
    """What a verdict needs on this desk before it is final."""
    return gate_of(store(), settings().desk.gate)


GUIDELINES = "guidelines.txt"
_LONGEST_GUIDELINES = 100_000


def guidelines() -> str:
    """What `guidelines.txt` in the workspace says; "" where there is none or it can't be read."""
    path = workspace() / GUIDELINES
    try:
        return path.read_text(encoding="utf-8")[:_LONGEST_GUIDELINES].strip()
    except (OSError, UnicodeDecodeError):
        return ""


def ink() -> str:
    """The colour of words on the page, for pictures, which know nothing of the theme's."""
    return "#e9e7e2" if st.context.theme.type == "dark" else "#1c1c1a"


def near_in_meaning(words: str) -> tuple[str, ...]:
    """The claims near these words in meaning, nearest first; none while the encoder is being loaded."""
    search = _meaning(str(workspace()))
    search.load_soon()
    return search.near(words)


def meaning_state() -> str:
    """How far the search by meaning is, as `MeaningSearch.state`."""
    return _meaning(str(workspace())).state


def prepare_search() -> None:
    """Begins to load what a search by meaning needs, where that is not done; returns at once."""
    _meaning(str(workspace())).load_soon()


@st.cache_resource(show_spinner=False)
def _meaning(folder: str) -> MeaningSearch:
    return MeaningSearch(_opened(folder), SeparateEncoder(_settings(folder).encoder))


def start_first_reading() -> None:
    """Begins to read the seed articles into a workspace that holds none; at most once a server."""
    _first_reading(str(workspace()))


@st.cache_resource(show_spinner=False)
def _first_reading(folder: str) -> None:
    opened = _opened(folder)
    if SEEDS.is_dir() and not counts(opened).articles and running_job(opened) is None:
        start_ingest(opened, [SEEDS])


def begin_reading(paths: Sequence[Path | str]) -> None:
    """Starts to read these files, folders and web addresses, and whatever is still to do in the workspace."""
    start_ingest(store(), paths, reviewer())


def reviewer_field() -> None:
    """Asks who is judging; the browser remembers the answer, so that a link to a claim doesn't ask again. Where people
    sign in, nobody is asked."""
    if someone := person():
        markup.show(markup.tag("div", "Judging as ", markup.tag("bdi", someone.name), css="cc-hint"))
        return
    if "reviewer" not in st.session_state:
        st.session_state["reviewer"] = remembered_reviewer() or settings().reviewer
    st.text_input(
        "Reviewer",
        key="reviewer",
        persist_state="session",
        placeholder="Your name, under every verdict",
        max_chars=LONGEST_NAME,
    )
    if (known := reviewer()) != _written_name():
        markup.show(markup.tag("div", "Known here as ", markup.tag("bdi", known), css="cc-hint"))
    scripts.remember(REVIEWER_COOKIE, known)


def remembered_reviewer() -> str:
    """The name that this browser was last used under; "" where there is none."""
    found = st.context.cookies.get(REVIEWER_COOKIE, "")
    return unquote(found).strip()[:LONGEST_NAME] if isinstance(found, str) else ""


def reviewer() -> str:
    """Who is judging: who is signed in, else who they say they are, in the spelling that the desk knows already; empty
    if nobody said."""
    if someone := person():
        return someone.name
    written = _written_name()
    return _name_here(str(workspace()), written) if written else ""


def _written_name() -> str:
    if "reviewer" not in st.session_state:
        return remembered_reviewer() or settings().reviewer.strip()
    return (st.session_state.get("reviewer") or "").strip()


# For a while only: somebody may go on under another spelling elsewhere, which the store would then take here, too.
@st.cache_data(ttl=10, max_entries=1000, show_spinner=False)
def _name_here(folder: str, written: str) -> str:
    return name_here(_opened(folder), written)


def blind_for() -> str | None:
    """Whom a blind desk keeps the machine's opinion from: whoever is judging; None on a desk that shows it."""
    return reviewer() if settings().desk.blind else None


def came_by_history() -> bool:
    """Whether the browser's Back or Forward asked for this run: the address then says what to show."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def tell(kind: str, text: str, place: str = "") -> None:
    """Leaves a message for `show_message` to show there on the next run; kinds as in `markup.notice`."""
    st.session_state["message"] = (place, kind, text)


def role_words(right: str) -> str:
    """Says to whoever lacks a right why something is not offered."""
    return f"You are signed in as {person().role}: to {RIGHTS[right]} needs the role {least_role(right)}."


def as_sentence(error: WorkbenchError) -> str:
    """What went wrong, as a sentence of its own."""
    words = str(error).rstrip(".")
    return f"{words[:1].upper()}{words[1:]}."


def told(step: Callable[..., Any], place: str = "") -> Callable[..., Any]:
    """The same callback, which tells at a place what is refused or goes wrong, and returns None then."""

    @wraps(step)
    def guarded(*args: Any) -> Any:
        try:
            return step(*args)
        except WorkbenchError as error:
            tell("bad", as_sentence(error), place)
        return None

    return guarded


def plainly(draw: Callable[..., None]) -> Callable[..., None]:
    """The same part of a page, which says in a sentence what goes wrong: a fragment that is drawn anew by itself is
    out of reach of `app.py`."""

    @wraps(draw)
    def guarded(*args: Any) -> None:
        try:
            draw(*args)
        except WorkbenchError as error:
            markup.notice("bad", as_sentence(error))

    return guarded


def show_message(place: str = "") -> None:
    """Shows what `tell` left for this place, once, and has a screen reader say it; "" is the page's own place."""
    if st.session_state.get("message", (None,))[0] == place:
        _, kind, text = st.session_state.pop("message")
        markup.notice(kind, text)
        st.session_state["messages"] = number = st.session_state.get("messages", 0) + 1
        scripts.say(text, number)


def chosen_key(claim_id: str) -> str:
    """Where it is kept which statement beside a claim the keys speak of."""
    return f"chosen-{claim_id}"


def open_claim(claim_id: str, beside: str = "") -> None:
    """Goes to a claim's page, there to the statement `beside` it where one is named; never returns."""
    if beside:
        st.session_state[chosen_key(claim_id)] = beside
    named = {CLAIM: claim_id} | ({BESIDE: beside} if beside else {})
    st.switch_page(CLAIM_PAGE, query_params=named)
