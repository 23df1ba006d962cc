"""Bringing verdicts back from a file, and deciding where it says other things of a claim than the workspace."""

from __future__ import annotations

import streamlit as st

from views import markup, session, wording
from workbench.divergence import CHOICES, FILE, HERE, Divergence
from workbench.errors import ImportUndecided, WorkbenchError
from workbench.people import MANAGE
from workbench.restore_pairs import restore_file

MOST_SHOWN = 50
PLACE = "restore"


def show_restore() -> None:
    """Takes in a file of verdicts or judgements that another workspace wrote."""
    session.show_message(PLACE)
    if not session.may(MANAGE):
        markup.show(markup.tag("p", session.role_words(MANAGE), css="cc-hint"))
        return
    if "import-content" in st.session_state:
        show_questions(st.session_state["import-questions"])
        return
    with st.form("restore", clear_on_submit=True):
        st.file_uploader("A file that “Claims as CSV” or “Pairs as CSV” wrote", type=["csv"], key="restore-file")
        st.checkbox("Ask again about what was left as it stands here", key="restore-again")
        st.form_submit_button("Bring its verdicts back", on_click=take_file, type="primary")
    markup.show(
        markup.tag(
            "p",
            "Every verdict, and every judgement of a pair, that the file holds comes back under the name and time it "
            "was given. Where the file says something else than what stands here, you are asked, once.",
            css="cc-hint",
        )
    )


def show_questions(questions: tuple[Divergence, ...]) -> None:
    """What the file says otherwise, claim by claim, and the buttons to decide it."""
    markup.notice("info", wording.questions_words(len(questions), questions[0].what))
    with st.container(horizontal=True, key="import-all"):
        st.button("Keep all as they are here", key="import-keep", on_click=decide_all, args=(questions, HERE))
        st.button("Take all from the file, too", key="import-take", on_click=decide_all, args=(questions, FILE))
        st.space("stretch")
        st.button("Leave the file", key="import-leave", type="tertiary", on_click=forget, args=(questions,))
    for question in questions[:MOST_SHOWN]:
        with st.container(key=f"question-{question.claim_id}"):
            markup.show(divergence(question))
            st.pills(
                "What counts for this claim or pair",
                list(CHOICES),
                key=choice_key(question),
                label_visibility="collapsed",
                format_func=CHOICES.__getitem__,
            )
    if len(questions) > MOST_SHOWN:
        more = wording.amount(len(questions) - MOST_SHOWN, questions[0].what)
        markup.show(markup.tag("p", f"{more} more are decided by the buttons for all.", css="cc-hint"))
    st.button("Bring the verdicts back", key="import-go", type="primary", on_click=take_decided, args=(questions,))


def divergence(question: Divergence) -> markup.Html:
    """A claim, or a pair, of which a file says something else than the workspace."""
    return markup.tag(
        "div",
        markup.tag("p", question.claim_text, css="cc-claim-text"),
        *(
            markup.tag("div", markup.tag("span", name, css="cc-label"), markup.tag("bdi", words), css="cc-side-by-side")
            for name, words in (("Here", question.here), ("In the file", question.file))
        ),
        markup.tag(
            "p",
            f"{question.why[0].upper()}{question.why[1:]}. If the file’s is taken, {question.outcome}",
            css="cc-hint",
        ),
        css="cc-question",
    )


def choice_key(question: Divergence) -> str:
    """Where it is kept what was decided of a claim."""
    return f"import-choice-{question.claim_id}"


def decide_all(questions: tuple[Divergence, ...], choice: str) -> None:
    """Decides all claims alike."""
    for question in questions:
        st.session_state[choice_key(question)] = choice


def forget(questions: tuple[Divergence, ...]) -> None:
    """Puts the file away, with what was decided."""
    for key in ("import-content", "import-questions", *map(choice_key, questions)):
        st.session_state.pop(key, None)


def take_file() -> None:
    """Restores verdicts from the file that was chosen, or keeps it until what is in question is decided."""
    file = st.session_state.get("restore-file")
    if file is None:
        session.tell("bad", "No file was chosen.", PLACE)
        return
    take(file.getvalue(), {}, ask_again=bool(st.session_state.get("restore-again")))


def take_decided(questions: tuple[Divergence, ...]) -> None:
    """Restores the verdicts of the kept file as it was decided."""
    found = {question.claim_id: st.session_state.get(choice_key(question)) for question in questions}
    undecided = sum(choice is None for choice in found.values())
    if undecided:
        left = wording.amount(undecided, questions[0].what)
        session.tell("bad", f"Nothing was taken in: {left} still to decide.", PLACE)
        return
    take(st.session_state["import-content"], found, questions)


def take(
    content: bytes, choices: dict[str, str], questions: tuple[Divergence, ...] = (), ask_again: bool = False
) -> None:
    """Restores verdicts, and says what came of it."""
    try:
        report = restore_file(session.store(), content, session.reviewer(), choices, ask_again=ask_again)
    except ImportUndecided as undecided:
        # Those that came up since the questions were asked are asked, too.
        st.session_state["import-content"], st.session_state["import-questions"] = content, undecided.questions
        if questions:
            session.tell("bad", "Nothing was taken in: somebody changed something in the meantime.", PLACE)
    except WorkbenchError as error:
        session.tell("bad", f"Nothing was taken in: {error}.", PLACE)
    else:
        forget(questions)
        session.tell("good", f"{str(report).capitalize()}.", PLACE)
