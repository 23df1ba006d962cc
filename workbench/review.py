"""The way of a claim from its first verdict to a final one: who is in charge, second review, dispute, correction.

    unreviewed → in_review → (second_review → (disputed)) → final → corrected, withdrawn

Verdicts move a claim up to `disputed` (see `workbench.verdicts.status_of`); the steps here are taken by people.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from sqlalchemy import Connection, text

from workbench.errors import BadStep, GateClosed
from workbench.log import write_log
from workbench.people import DECIDE, JUDGE
from workbench.rows import ClaimDetail, LogRow, VerdictRow
from workbench.store import Store
from workbench.verdicts import (
    PUBLISHED,
    Opinion,
    append_verdict,
    claim_for_change,
    move,
    named,
    open_verdicts,
    opinions,
    standing,
)

HIDDEN = "hidden until the second review is given"
# `hidden_from` for the database: true of a claim `c` whose verdicts are to be kept from `:seen_by` (NULL: anybody).
UNSEEN = """(c.status = 'second_review' AND (
    SELECT count(DISTINCT s.reviewer) < 2 AND NOT coalesce(max(s.reviewer = :seen_by), 0) FROM standing_verdicts s
    WHERE s.claim_id = c.id AND s.id > coalesce((SELECT max(d.id) FROM standing_verdicts d
        WHERE d.claim_id = c.id AND d.step IN ('adjudication', 'correction')), 0)))"""
_TELLING = ("verdict", "verdict_taken_back", "adjudication", "correction", "import")  # lines of the log with verdicts


@dataclass(frozen=True, slots=True)
class Gate:
    """What a verdict needs before it is final: a rationale, so many independent sources (statements ticked as evidence
    and hosts of web addresses) or a stated exception, and a second reviewer's verdict."""

    rationale: bool = True
    sources: int = 2
    second_review: bool = False


def assign(store: Store, claim_id: str, assignee: str, reviewer: str) -> None:
    """Puts a person in charge of a claim; "" puts nobody. Raises ReviewerMissing, UnknownClaim."""
    reviewer, assignee = named(reviewer), assignee.strip()
    with store.writing(JUDGE, reviewer) as connection:
        before = claim_for_change(connection, claim_id)["assignee"]
        if before == assignee:
            return
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
    reviewer = named(reviewer)
    with store.writing(JUDGE, reviewer) as connection:
        claim = claim_for_change(connection, claim_id, expected)
        if claim["status"] != "in_review":
            raise BadStep(f"this claim is {_in_words(claim['status'])}; a second review follows one first verdict")
        move(connection, claim_id, reviewer, "second_review")


def waits_for_second(detail: ClaimDetail) -> bool:
    """Whether a second person has yet to judge a claim."""
    return detail.status == "second_review" and len(_opinions(detail)) < 2


def hidden_from(detail: ClaimDetail, reviewer: str) -> bool:
    """Whether the verdict of a claim is to be kept from this person: all but the first reviewer judge it unseen."""
    return waits_for_second(detail) and reviewer not in _opinions(detail)


def as_seen_by(store: Store, rows: Sequence[LogRow], reviewer: str) -> tuple[LogRow, ...]:
    """Lines of the log without what is to be kept from this person: verdicts on claims whose second review waits for
    somebody who has not judged them."""
    with store.reading() as connection:
        unseen = unseen_by(connection, reviewer, {row.claim_id for row in rows if row.claim_id})
    return tuple(
        replace(row, before="", after=HIDDEN, note="") if row.claim_id in unseen and row.what in _TELLING else row
        for row in rows
    )


def unseen_by(connection: Connection, reviewer: str | None, claim_ids: Iterable[str] | None = None) -> frozenset[str]:
    """The claims (of these, where some are named) whose verdicts are to be kept from this person; none for None, which
    is the desk itself."""
    if reviewer is None:
        return frozenset()
    wanted = "" if claim_ids is None else "AND c.id IN (SELECT value FROM json_each(:ids))"
    values = {"seen_by": reviewer} | ({} if claim_ids is None else {"ids": json.dumps(sorted(claim_ids))})
    found = connection.execute(text(f"SELECT c.id FROM claims c WHERE {UNSEEN} {wanted}"), values)
    return frozenset(found.scalars())


def missing(store: Store, claim_id: str, gate: Gate, exception: str = "") -> tuple[str, ...]:
    """What a claim's verdict lacks before it may be final, in words; nothing if it may. Raises UnknownClaim."""
    with store.reading() as connection:
        claim_for_change(connection, claim_id)
        return _missing(connection, open_verdicts(connection, claim_id), gate, exception)


def finalise(
    store: Store, claim_id: str, reviewer: str, gate: Gate, exception: str = "", expected: int | None = None
) -> None:
    """Makes the standing verdict final; `exception` says why fewer independent sources must do.

    Raises GateClosed, which names what is missing, BadStep where the claim is disputed or final already, and as
    `ask_second_review`.
    """
    reviewer = named(reviewer)
    with store.writing(DECIDE, reviewer) as connection:
        claim = claim_for_change(connection, claim_id, expected)
        verdicts = open_verdicts(connection, claim_id)
        if claim["status"] in PUBLISHED:
            raise BadStep(f"this claim is {_in_words(claim['status'])} already")
        if claim["status"] == "disputed":
            raise BadStep("the reviewers disagree on this claim; somebody else must decide first")
        if claim["status"] == "second_review" and len(opinions(verdicts)) < 2:
            raise BadStep("the second review of this claim is not done yet")
        _pass(connection, verdicts, gate, exception)
        move(connection, claim_id, reviewer, "final", exception.strip())


def adjudicate(
    store: Store, claim_id: str, opinion: Opinion, gate: Gate, exception: str = "", expected: int | None = None
) -> VerdictRow:
    """Decides a dispute with a verdict of its own, which is final; both reviewers' verdicts and rationales stay.

    Raises BadStep unless the claim is disputed and this person took no part in it, GateClosed, and as
    `record_verdict`.
    """
    reviewer = named(opinion.reviewer)
    with store.writing(DECIDE, opinion.reviewer) as connection:
        claim = claim_for_change(connection, claim_id, expected)
        if claim["status"] != "disputed":
            raise BadStep(f"this claim is {_in_words(claim['status'])}; only a dispute is decided")
        if reviewer in opinions(open_verdicts(connection, claim_id)):
            raise BadStep(f"{reviewer} is one of those who disagree; somebody else must decide, or one gives way")
        row = append_verdict(connection, claim, opinion, "adjudication")
        # Whoever decides rests on what the reviewers brought forward, too.
        _pass(connection, open_verdicts(connection, claim_id), gate, exception, decided=True)
        move(connection, claim_id, reviewer, "final", exception.strip())
        return row


def correct(store: Store, claim_id: str, opinion: Opinion, public_note: str, expected: int | None = None) -> VerdictRow:
    """Replaces a final verdict, with a note for the public; what stood before stays in the record.

    Raises BadStep unless the verdict is final and there is a note, and as `record_verdict`.
    """
    note = public_note.strip()
    with store.writing(DECIDE, opinion.reviewer) as connection:
        claim = claim_for_change(connection, claim_id, expected)
        _refuse_silent(claim["status"], note)
        row = append_verdict(connection, claim, opinion, "correction", note)
        move(connection, claim_id, row.reviewer, "corrected", public_note=note)
        return row


def retract(store: Store, claim_id: str, reviewer: str, public_note: str, expected: int | None = None) -> None:
    """Withdraws a final verdict from the public, with a note; another verdict opens the claim again.

    Raises BadStep unless the verdict is final and there is a note, and as `ask_second_review`.
    """
    reviewer, note = named(reviewer), public_note.strip()
    with store.writing(DECIDE, reviewer) as connection:
        claim = claim_for_change(connection, claim_id, expected)
        _refuse_silent(claim["status"], note)
        move(connection, claim_id, reviewer, "withdrawn", public_note=note)


def seen_again(store: Store, claim_id: str, reviewer: str, expected: int | None = None) -> None:
    """Says that what came up against a final verdict was looked at and changes nothing.

    Raises BadStep where nothing came up, and as `ask_second_review`.
    """
    reviewer = named(reviewer)
    with store.writing(JUDGE, reviewer) as connection:
        claim = claim_for_change(connection, claim_id, expected)
        if not claim["look_again"]:
            raise BadStep("nothing came up against this verdict since it was final")
        write_log(connection, reviewer, "seen_again", claim_id, before=claim["look_again"], after="the verdict stands")
        move(connection, claim_id, reviewer, claim["status"], public_note=claim["public_note"])


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
    newest = standing(verdicts)
    if newest is None:
        return ("a verdict",)
    lacking = []
    if gate.rationale and not newest.rationale:
        lacking.append("a rationale")
    if gate.second_review and not decided and len(opinions(verdicts)) < 2:
        lacking.append("a second reviewer’s verdict")
    sources = evidence_sources(connection, verdicts)
    if sources < gate.sources and not exception.strip():
        lacking.append(f"{gate.sources} independent sources as evidence (there are {sources}), or a stated exception")
    return tuple(lacking)


def evidence_sources(connection: Connection, verdicts: tuple[VerdictRow, ...]) -> int:
    """How many independent sources the evidence of verdicts has: of the statements (copies and one speaker's repeats
    count once) and of the web addresses (one for each host)."""
    from embeddings.groups import Said, independent_sources
    from workbench.queries import statements_of  # the reads build on the verdicts

    ids = dict.fromkeys(claim_id for row in verdicts for claim_id in row.evidence)
    found = statements_of(connection, ids).values()
    hosts = {(urlsplit(address).hostname or "").removeprefix("www.") for row in verdicts for address in row.addresses}
    return independent_sources([Said(row.text, row.speaker, row.outlet, row.story) for row in found]) + len(hosts)


def _opinions(detail: ClaimDetail) -> dict[str, VerdictRow]:
    return opinions([row for row in detail.verdicts if not row.withdrawn_at])


def _in_words(status: str) -> str:
    return status.replace("_", " ")
