"""Judging pairs: the callbacks, and the buttons that several pages share.

As in `views.judging`, each button names the pair and the judgement that stood on the screen.
"""

from __future__ import annotations

import streamlit as st

from views import session
from views.drafts import draft, note_key
from views.judging import NAME_MISSING, remember_key, tell_changed
from workbench.errors import ChangedMeanwhile, WorkbenchError
from workbench.histories import standing
from workbench.pair_judgements import PAIR_JUDGEMENTS, pair_history, record_pair_judgement, withdraw_pair_judgement
from workbench.pair_rows import PairJudgement
from workbench.people import JUDGE

LONGEST_NOTE = 1000
PAIR_KEYS = {"contradiction": "D", "not_contradiction": "X", "same_claim": "S", "unclear": "Q"}


def judgement_buttons(
    pair: tuple[str, str], newest: PairJudgement | None, blind: bool = False, chosen: bool = False
) -> None:
    """What a person can say of a pair, one click each; what was said last is pressed, and one's own can be taken back.
    `blind`: the machine's opinion is not on the screen; `chosen`: the keys speak of this pair."""
    revision = newest.id if newest else 0
    key = f"judge-{pair[0]}-{pair[1]}-{revision}"
    session.show_message("-".join(pair))
    if not session.may(JUDGE):
        return
    if key not in st.session_state:
        st.session_state[key] = newest.judgement if newest else None
    st.pills(
        "Your judgement of this pair",
        list(PAIR_JUDGEMENTS),
        key=key,
        label_visibility="collapsed",
        required=newest is not None,
        format_func=PAIR_JUDGEMENTS.__getitem__,
        on_change=judge_pair,
        args=(pair, revision, key, blind),
    )
    mine = own_judgement(pair, newest)
    if mine is not None or chosen:
        ask_note(pair, revision, mine, chosen, blind)
    if mine is not None:
        take_back_button(pair, mine, "unsay")


def judgement_keys(pair: tuple[str, str], newest: PairJudgement | None, blind: bool = False) -> None:
    """The same as small buttons, each with its key, for the pair that the keys speak of."""
    revision, name = newest.id if newest else 0, "-".join(pair)
    for judgement, key in PAIR_KEYS.items() if session.may(JUDGE) else ():
        st.button(
            PAIR_JUDGEMENTS[judgement],
            key=f"say-{judgement}-{name}-{revision}",
            shortcut=key,
            type="tertiary",
            on_click=say_of_pair,
            args=(pair, revision, judgement, blind),
        )
    mine = own_judgement(pair, newest)
    if mine is not None:
        take_back_button(pair, mine, "unsay-key", shortcut="U")


def take_back_button(pair: tuple[str, str], mine: PairJudgement, name: str, shortcut: str | None = None) -> None:
    """A button, one of this `name` a pair, that takes this reviewer's judgement back."""
    st.button(
        "Take back your judgement",
        key=f"{name}-{'-'.join(pair)}-{mine.id}",
        shortcut=shortcut,
        type="tertiary",
        on_click=take_back_judgement,
        args=(pair, mine),
    )


def ask_note(pair: tuple[str, str], revision: int, mine: PairJudgement | None, chosen: bool, blind: bool) -> None:
    """A field for why a pair was judged so: of the chosen pair, and of one that this reviewer has judged."""
    # Another key where the keys speak of the pair, so that the key T finds the field.
    key = f"{'note-of-chosen' if chosen else 'note-of'}-{'-'.join(sorted(pair))}"
    with st.container(key=key, horizontal=True, vertical_alignment="center"):
        st.text_input(
            "Note on your judgement",
            key=note_key(pair),
            persist_state="session",
            max_chars=LONGEST_NOTE,
            label_visibility="collapsed",
            placeholder="Why? Kept with your judgement",
        )
        if mine is not None:
            st.button(
                "Add note",
                key=f"add-note-{pair[0]}-{pair[1]}-{revision}",
                type="tertiary",
                on_click=add_note,
                args=(pair, revision, mine, blind),
            )


def add_note(pair: tuple[str, str], revision: int, mine: PairJudgement, blind: bool) -> None:
    """Says once more what this reviewer said of a pair, with the note that was written now."""
    if draft(note_key(pair)):
        say_of_pair(pair, revision, mine.judgement, blind)
    else:
        session.tell("info", "There is no note yet; write one, then press again.", "-".join(pair))


def own_judgement(pair: tuple[str, str], newest: PairJudgement | None) -> PairJudgement | None:
    """This reviewer's newest judgement of a pair that stands, whatever others said since; `newest` is anybody's."""
    who = session.reviewer()
    if newest is None or newest.reviewer == who or not who:
        return newest if newest and who else None
    history = pair_history(session.store(), pair)
    return standing(row for row in history if row.reviewer == who)


def take_back_judgement(pair: tuple[str, str], given: PairJudgement) -> None:
    """Takes a judgement of a pair back; it stays in the log."""
    try:
        withdraw_pair_judgement(session.store(), given.id, session.reviewer())
    except WorkbenchError as error:
        session.tell("bad", session.as_sentence(error), "-".join(pair))
    else:
        session.tell("info", f"Taken back: {PAIR_JUDGEMENTS[given.judgement]}. It stays in the log.")


@session.told
def judge_pair(pair: tuple[str, str], revision: int, key: str, blind: bool = False) -> None:
    """Records what the pressed button says of a pair."""
    judgement = st.session_state.get(key)
    if judgement is None:
        return
    if not say_of_pair(pair, revision, judgement, blind):
        history = pair_history(session.store(), pair, session.reviewer())
        if not session.reviewer():
            newest = standing(history)
            st.session_state[key] = newest.judgement if newest else None


@session.told
def say_of_pair(pair: tuple[str, str], revision: int, judgement: str, blind: bool = False) -> bool:
    """Records a judgement of a pair as it stood at `revision`, the id of the newest that stands; says how that went."""
    opened, place = session.store(), "-".join(pair)
    if not session.reviewer():
        session.tell("bad", NAME_MISSING, place)
    else:
        try:
            note = draft(note_key(pair))
            record_pair_judgement(opened, pair, judgement, session.reviewer(), note, blind, expected=revision)
        except ChangedMeanwhile as error:
            tell_changed((pair, revision), session.as_sentence(error), place)
        except WorkbenchError as error:
            session.tell("bad", session.as_sentence(error), place)
        else:
            remember_key((pair, revision), PAIR_JUDGEMENTS[judgement])
            st.session_state[note_key(pair)] = ""
            noted = " with your note" if note else ""
            session.tell("good", f"Saved{noted}: {PAIR_JUDGEMENTS[judgement]}, {session.reviewer()}.")
            return True
    return False
