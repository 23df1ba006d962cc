"""The way of a claim from its first verdict to a final one: who is in charge, second review, dispute, correction.

    unreviewed → in_review → (second_review → (disputed)) → final → corrected, withdrawn

Verdicts move a claim up to `disputed` (see `workbench.statuses.status_of`); the steps here are taken by people. Where
one asks for a `gate`, that of the settings is meant: what an editor set on the desk goes before it, here and not on the
screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, text

from workbench.articles import PUBLISHED
from workbench.blind import judged_by
from workbench.errors import BadStep, ChangedMeanwhile, GateClosed
from workbench.evidence import evidence_sources
from workbench.gate import Gate, standing_gate
from workbench.histories import DECIDING, open_verdicts, opinions, standing, still_standing, verdicts_of
from workbench.log import name_here, write_log
from workbench.milestones import ASKED, CORRECTED, before_final, why_step_stays
from workbench.people import DECIDE, JUDGE
from workbench.rows import ClaimDetail, LogRow, VerdictRow
from workbench.statuses import claim_for_change, move
from workbench.store import Store
from workbench.unseen import HIDDEN, unseen_by
from workbench.verdicts import Opinion, append_verdict

_TELLING = ("verdict", "verdict_taken_back", *DECIDING, "import")  # lines of the log with verdicts
_OF_PAIRS = ("pair_judgement", "judgement_taken_back")


def assign(store: Store, claim_id: str, assignee: str, reviewer: str, expected: str | None = None) -> None:
    """Puts a person in charge of a claim; "" puts nobody. `expected` was in charge on the screen.

    Raises ReviewerMissing, UnknownClaim, and ChangedMeanwhile where a third person is in charge by now.
    """
    reviewer = name_here(store, reviewer)
    assignee = name_here(store, assignee) if assignee.strip() else ""
    with store.writing(JUDGE, reviewer) as connection:
        before = claim_for_change(connection, claim_id)["assignee"]
        if before == assignee:
            return
        if expected is not None and before != expected:
            now_there = before or "nobody"
            raise ChangedMeanwhile(f"{now_there} is in charge by now, no longer {expected or 'nobody'}; choose again")
        if {before, assignee} - {"", reviewer}:  # a claim of one's own is everybody's to take and to leave
            store.require(DECIDE, reviewer)
        connection.execute(
            text("UPDATE claims SET assignee = :assignee WHERE id = :id"), {"assignee": assignee, "id": claim_id}
        )
        write_log(connection, reviewer, "assignment", claim_id, before=before, after=assignee)


def ask_second_review(store: Store, claim_id: str, reviewer: str, expected: int | None = None) -> None:
    """Asks that another person judges the claim without seeing the first verdict.

    Raises ReviewerMissing, UnknownClaim, ChangedMeanwhile, and BadStep unless one person's verdict stands.
    """
    reviewer = name_here(store, reviewer)
    with store.writing(JUDGE, reviewer) as connection:
        claim = claim_for_change(connection, claim_id, expected)
        if claim["status"] != "in_review":
            raise BadStep(f"this claim is {_in_words(claim['status'])}; a second review follows one first verdict")
        move(connection, claim_id, reviewer, "second_review", ASKED)


def waits_for_second(detail: ClaimDetail) -> bool:
    """Whether a second person has yet to judge a claim."""
    return detail.status == "second_review" and len(_opinions(detail)) < 2


def hidden_from(detail: ClaimDetail, reviewer: str) -> bool:
    """Whether the verdict of a claim is to be kept from this person: all but the first reviewer judge it unseen."""
    return waits_for_second(detail) and reviewer not in _opinions(detail)


def as_seen_by(store: Store, rows: Sequence[LogRow], reviewer: str, blind: bool = False) -> tuple[LogRow, ...]:
    """Lines of the log without what is to be kept from this person: verdicts on claims whose second review waits for
    somebody who has not judged them, and what others said of their pairs; on a `blind` desk what had come up against
    claims that this person has not judged."""
    with store.reading() as connection:
        unseen = unseen_by(connection, reviewer, {one for row in rows for one in (row.claim_id, row.subject) if one})
        judged = judged_by(connection, reviewer) if blind else set()

    def seen(row: LogRow) -> LogRow:
        if blind and row.what == "seen_again" and row.claim_id not in judged:
            return replace(row, before="")
        if unseen.isdisjoint((row.claim_id, row.subject)) or row.what not in (*_TELLING, *_OF_PAIRS):
            return row
        if row.what in _OF_PAIRS and row.who == reviewer:
            return replace(row, before="")  # which may be another's
        return replace(row, before="", after=HIDDEN, note="")

    return tuple(map(seen, rows))


def missing(store: Store, claim_id: str, gate: Gate, exception: str = "") -> tuple[str, ...]:
    """What a claim's verdict lacks before it may be final, in words; nothing if it may. Raises UnknownClaim."""
    with store.reading() as connection:
        claim_for_change(connection, claim_id)
        return _missing(connection, open_verdicts(connection, claim_id), gate, exception)


def finalise(
    store: Store, claim_id: str, reviewer: str, gate: Gate, exception: str = "", expected: int | None = None
) -> None:
    """Makes the standing verdict final; `exception` says why fewer independent sources must do.

    Raises GateClosed, which names what is missing, BadStep where the claim is disputed, withdrawn or final already, and
    as `ask_second_review`.
    """
    reviewer = name_here(store, reviewer)
    with store.writing(DECIDE, reviewer) as connection:
        claim = claim_for_change(connection, claim_id, expected)
        verdicts = open_verdicts(connection, claim_id)
        if claim["status"] in PUBLISHED:
            raise BadStep(f"this claim is {_in_words(claim['status'])} already")
        if claim["status"] == "withdrawn":
            raise BadStep("this claim's verdict was withdrawn; it needs another one first")
        if claim["status"] == "disputed":
            raise BadStep("the reviewers disagree on this claim; somebody else must decide first")
        if claim["status"] == "second_review" and len(opinions(verdicts)) < 2:
            raise BadStep("the second review of this claim is not done yet")
        _pass(connection, verdicts, gate, exception)
        move(connection, claim_id, reviewer, "final", exception.strip(), public_note="")


def take_back_step(store: Store, claim_id: str, reviewer: str, expected: int | None = None) -> None:
    """Says that a verdict which this person has just made final is not, or that a second review which they asked for is
    not wanted after all; both steps stay in the log.

    Raises BadStep where that can't be (see `workbench.milestones.why_step_stays`), and as `ask_second_review`.
    """
    reviewer = name_here(store, reviewer)
    with store.writing(JUDGE, reviewer) as connection:
        claim = claim_for_change(connection, claim_id, expected)
        history = verdicts_of(connection, claim_id)
        if why := why_step_stays(connection, claim_id, claim["status"], history, reviewer):
            raise BadStep(why)
        if claim["status"] == "second_review":
            move(connection, claim_id, reviewer, "in_review", "no second review after all")
            return
        store.require(DECIDE, reviewer)
        status, public_note = before_final(connection, claim_id)
        move(connection, claim_id, reviewer, status, "not final after all", public_note)


def adjudicate(
    store: Store, claim_id: str, opinion: Opinion, gate: Gate, exception: str = "", expected: int | None = None
) -> VerdictRow:
    """Decides a dispute with a verdict of its own, which is final; both reviewers' verdicts and rationales stay.

    Raises BadStep unless the claim is disputed and this person took no part in it, GateClosed, and as
    `record_verdict`.
    """
    reviewer = name_here(store, opinion.reviewer)
    opinion = replace(opinion, reviewer=reviewer)
    with store.writing(DECIDE, reviewer) as connection:
        claim = claim_for_change(connection, claim_id, expected)
        if claim["status"] != "disputed":
            raise BadStep(f"this claim is {_in_words(claim['status'])}; only a dispute is decided")
        if reviewer in opinions(open_verdicts(connection, claim_id)):
            raise BadStep(f"{reviewer} is one of those who disagree; somebody else must decide, or one gives way")
        row = append_verdict(connection, claim, opinion, "adjudication")
        # Whoever decides rests on what the reviewers brought forward, too.
        _pass(connection, open_verdicts(connection, claim_id), gate, exception, decided=True)
        move(connection, claim_id, reviewer, "final", exception.strip(), public_note="")
        return row


def correct(
    store: Store, claim_id: str, opinion: Opinion, public_note: str, gate: Gate, expected: int | None = None
) -> VerdictRow:
    """Replaces a final verdict, with a note for the public; what stood before stays in the record. Of the gate only the
    rationale is asked for: an error is put right at once, its sources may come later.

    Raises BadStep unless the verdict is final and there is a note, GateClosed, and as `record_verdict`.
    """
    reviewer, note = name_here(store, opinion.reviewer), public_note.strip()
    opinion = replace(opinion, reviewer=reviewer)
    with store.writing(DECIDE, reviewer) as connection:
        claim = claim_for_change(connection, claim_id, expected)
        _refuse_silent(claim["status"], note)
        if claim["look_again"]:
            write_log(connection, reviewer, "seen_again", claim_id, before=claim["look_again"], after=CORRECTED)
        if standing_gate(connection, gate).rationale and not opinion.rationale.strip():
            raise GateClosed("a correction needs a rationale, too; say under Rationale why the verdict changes")
        row = append_verdict(connection, claim, opinion, "correction", note)
        move(connection, claim_id, row.reviewer, "corrected", public_note=note)
        return row


def retract(store: Store, claim_id: str, reviewer: str, public_note: str, expected: int | None = None) -> None:
    """Withdraws a final verdict from the public, with a note; another verdict opens the claim again.

    Raises BadStep unless the verdict is final and there is a note, and as `ask_second_review`.
    """
    reviewer, note = name_here(store, reviewer), public_note.strip()
    with store.writing(DECIDE, reviewer) as connection:
        claim = claim_for_change(connection, claim_id, expected)
        _refuse_silent(claim["status"], note)
        move(connection, claim_id, reviewer, "withdrawn", public_note=note)


def seen_again(store: Store, claim_id: str, reviewer: str, expected: int | None = None) -> None:
    """Says that what came up against a final verdict was looked at and changes nothing.

    Raises BadStep where nothing came up, and as `ask_second_review`.
    """
    reviewer = name_here(store, reviewer)
    with store.writing(JUDGE, reviewer) as connection:
        claim = claim_for_change(connection, claim_id, expected)
        if not claim["look_again"]:
            raise BadStep("nothing came up against this verdict since it was final")
        write_log(connection, reviewer, "seen_again", claim_id, before=claim["look_again"], after="the verdict stands")
        move(connection, claim_id, reviewer, claim["status"])


def _refuse_silent(status: str, note: str) -> None:
    if status not in PUBLISHED:
        raise BadStep(f"this claim is {_in_words(status)}; only a final verdict is corrected or withdrawn")
    if not note:
        raise BadStep("a final verdict changes only with a note for the public; write what was wrong")


def _pass(
    connection: Connection, verdicts: tuple[VerdictRow, ...], gate: Gate, exception: str, decided: bool = False
) -> None:
    lacking = _missing(connection, verdicts, gate, exception, decided)
    if lacking:
        raise GateClosed(f"not final yet: {'; '.join(lacking)}")


def _missing(
    connection: Connection, verdicts: tuple[VerdictRow, ...], gate: Gate, exception: str, decided: bool = False
) -> tuple[str, ...]:
    gate, newest = standing_gate(connection, gate), standing(verdicts)
    if newest is None:
        return ("a verdict",)
    lacking = []
    if gate.rationale and not newest.rationale:
        lacking.append("a rationale")
    if gate.second_review and not decided and len(opinions(verdicts)) < 2:
        lacking.append("a second reviewer’s verdict")
    sources = evidence_sources(connection, newest.claim_id, _counted(verdicts))
    if sources < gate.sources and not exception.strip():
        lacking.append(
            f"{gate.sources} independent sources as evidence, besides the claim’s own (there are {sources}), "
            "or a stated exception"
        )
    return tuple(lacking)


def _counted(verdicts: Sequence[VerdictRow]) -> list[VerdictRow]:
    """Of verdicts that stand, newest first, those whose evidence counts: what each reviewer says by now, and where
    somebody decided, the decision with what the reviewers said before it."""
    newest, *earlier = verdicts
    if newest.step in DECIDING:
        earlier = [row for row in earlier if row.round == newest.round]
        return [newest, *(opinions(earlier).values() if newest.step == "adjudication" else ())]
    return list(opinions(verdicts).values())


def _opinions(detail: ClaimDetail) -> dict[str, VerdictRow]:
    return opinions(still_standing(detail.verdicts))


def _in_words(status: str) -> str:
    return status.replace("_", " ")
