"""What people say of claims. Only ever appended: the newest that was not taken back counts, all are kept; no machine
writes here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import Connection, RowMapping, insert, text

from workbench.articles import PUBLISHED
from workbench.attention import call_again, refresh_contradictions
from workbench.errors import BadAddress, BadStep, NotYours, UnknownVerdict, WordsMissing
from workbench.histories import DECIDING, newest_round, open_verdicts, opinions, standing, still_standing, verdicts_of
from workbench.log import name_here, write_log
from workbench.milestones import answered, published, second_review_wanted, who_asked, why_kept
from workbench.people import DECIDE, JUDGE, named
from workbench.rows import VerdictRow
from workbench.scales import CONCLUSION, KNOWN_VERDICTS, VERDICTS, verdict_words
from workbench.schema import VerdictRecord, WithdrawalRecord
from workbench.statuses import claim_for_change, move, refuse_unknown, status_of
from workbench.store import Store, now

STEPS = ("review", "second_review", *DECIDING)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a person says of a claim: a verdict of KNOWN_VERDICTS, perhaps in the outlet's words (`label`), why, and on
    what it rests: claim ids and web addresses."""

    verdict: str
    reviewer: str
    rationale: str = ""
    evidence: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    label: str = ""


def record_verdict(
    store: Store, claim_id: str, verdict: str, reviewer: str, rationale: str = "", evidence: Iterable[str] = (), *,
    addresses: Iterable[str] = (), label: str = "", expected: int | None = None, second_review: bool = False,
) -> VerdictRow:  # fmt: skip
    """Appends a verdict, and moves the claim's status on; with `second_review` a first verdict asks for a second one.

    `expected` is the claim's revision that the reviewer saw.

    Raises UnknownVerdict, ReviewerMissing, UnknownClaim (the claim, or one of the evidence), BadAddress, WordsMissing,
    ChangedMeanwhile (another revision is there) and BadStep (the verdict is final); nothing is stored then.
    """
    reviewer = name_here(store, reviewer)
    opinion = Opinion(verdict, reviewer, rationale, tuple(evidence), tuple(addresses), label)
    with store.writing(JUDGE, reviewer) as connection:
        claim = claim_for_change(connection, claim_id, expected)
        if claim["status"] in PUBLISHED:
            raise BadStep(f"this claim's verdict is {claim['status']}; correct it, with a note for the public")
        # Whoever comes after a withdrawal from the public is the first again.
        said = [] if claim["status"] == "withdrawn" else list(opinions(open_verdicts(connection, claim_id)))
        is_second = bool(said) and said[0] != reviewer
        # As `workbench.review.hidden_from` has it.
        unseen = is_second and claim["status"] == "second_review" and len(said) == 1
        # Who asked for it had the first verdict on the screen.
        unseen = unseen and reviewer not in who_asked(connection, claim_id)
        row = append_verdict(connection, claim, opinion, "second_review" if is_second else "review", unseen=unseen)
        history = verdicts_of(connection, claim_id)
        asked = second_review or second_review_wanted(connection, claim_id, history)
        move(connection, claim_id, row.reviewer, status_of(still_standing(history), asked))
        return row


def append_verdict(
    connection: Connection, claim: RowMapping, opinion: Opinion, step: str, public_note: str = "", unseen: bool = False
) -> VerdictRow:
    """Stores an opinion as a verdict given at `step`, with its line in the log. Raises as `record_verdict`."""
    if opinion.verdict not in KNOWN_VERDICTS:
        raise UnknownVerdict(f"no verdict {opinion.verdict!r}; choose one of {', '.join(VERDICTS)}")
    reviewer = named(opinion.reviewer)
    if opinion.verdict == CONCLUSION.name and not opinion.rationale.strip():
        raise WordsMissing("a conclusion in words has none yet; write it under Rationale, then press again")
    evidence = tuple(dict.fromkeys(opinion.evidence))
    addresses = tuple(dict.fromkeys(map(checked_address, opinion.addresses)))
    refuse_unknown(connection, evidence)
    stood = open_verdicts(connection, claim["id"])
    newest = standing(stood)
    label = opinion.label.strip()
    row = {
        "claim_id": claim["id"],
        "verdict": opinion.verdict,
        "rationale": opinion.rationale.strip(),
        "reviewer": reviewer,
        "at": now(),
        "evidence": evidence,
        "article_id": claim["article_id"],
        "claim_text": claim["text"],
        "char_start": claim["char_start"],
        "char_end": claim["char_end"],
        "step": step,
        "label": "" if label == KNOWN_VERDICTS[opinion.verdict].label else label,
        "public_note": public_note.strip(),
        "addresses": addresses,
        "unseen": unseen,
        "round": newest_round(stood) + (claim["status"] == "withdrawn"),
    }
    lists = {"evidence": list(evidence), "addresses": list(addresses)}
    result = connection.execute(insert(VerdictRecord).values(**row | lists))
    write_log(
        connection, reviewer, step if step in DECIDING else "verdict", claim["id"],
        before=verdict_words(newest.verdict, newest.label) if newest else "",
        after=verdict_words(row["verdict"], row["label"]), note=row["public_note"] or row["rationale"],
    )  # fmt: skip
    return VerdictRow(id=result.inserted_primary_key[0], **row)


def withdraw_verdict(store: Store, verdict_id: int, reviewer: str) -> VerdictRow:
    """Takes back a verdict, so that the one before it stands again and the claim is where it was; returns it as it now
    is in the record.

    Raises ReviewerMissing, NotYours unless it stands and this reviewer gave it, and BadStep where readers may have seen
    it, but for a decision of the last minutes after which nothing happened (see `workbench.milestones.why_kept`).
    """
    reviewer = name_here(store, reviewer)
    with store.writing(JUDGE, reviewer) as connection:
        given = _own_verdict(connection, verdict_id, reviewer)
        if given.step in DECIDING:
            store.require(DECIDE, reviewer)
        claim = claim_for_change(connection, given.claim_id)
        if why := why_kept(connection, given, claim["status"]):
            raise BadStep(why)
        connection.execute(insert(WithdrawalRecord).values(verdict_id=verdict_id, reviewer=reviewer, at=now()))
        history = verdicts_of(connection, given.claim_id)
        before = standing(history)
        write_log(
            connection,
            reviewer,
            "verdict_taken_back",
            given.claim_id,
            before=verdict_words(given.verdict, given.label),
            after=verdict_words(before.verdict, before.label) if before else "",
        )
        status, public_note = _state_before(connection, given, claim["status"], history)
        move(connection, given.claim_id, reviewer, status, public_note=public_note)
        if given.step == "correction":
            # The record of what a correction answered doesn't say what of it a pair had brought.
            _call_back(connection, given.claim_id, answered(connection, given))
            _call_back(connection, given.claim_id, claim["look_again"], claim["blind_look_again"])
            refresh_contradictions(connection, [given.claim_id])
        return next(row for row in history if row.id == verdict_id)


def _call_back(connection: Connection, claim_id: str, came_up: str, not_of_pairs: str = "") -> None:
    """Marks a claim to be looked at again for all that came up, a line each; all but these lines came of pairs. Its
    place in the queue is left to `refresh_contradictions`."""
    told = not_of_pairs.splitlines()
    for why in came_up.splitlines():
        call_again(connection, claim_id, why, of_pair=why not in told)


def _own_verdict(connection: Connection, verdict_id: int, reviewer: str) -> VerdictRow:
    """A verdict that stands. Raises NotYours unless it does and this reviewer gave it."""
    claim_id = connection.execute(
        text("SELECT claim_id FROM standing_verdicts WHERE id = :id"), {"id": verdict_id}
    ).scalar()
    if claim_id is None:
        raise NotYours(f"no verdict {verdict_id!r} stands; it was taken back already")
    given = next(row for row in verdicts_of(connection, claim_id) if row.id == verdict_id)
    if given.reviewer != reviewer:
        raise NotYours(f"{given.reviewer} gave this verdict; only they can take it back, you can give another")
    return given


def _state_before(
    connection: Connection, given: VerdictRow, status: str, history: Sequence[VerdictRow]
) -> tuple[str, str | None]:
    """Status and note for readers (None: as it is) of a claim whose verdict `given` has just been taken back."""
    left = still_standing(history)
    newest = standing(left)
    if given.step == "correction" and status in PUBLISHED:
        return ("corrected", newest.public_note) if newest and newest.step == "correction" else ("final", "")
    last = published(connection, given.claim_id, before=given.at)
    withdrawn = last is not None and last.status == "withdrawn"
    reopened = bool(left) and given.round > newest_round(left)  # nothing else came since the withdrawal
    if reopened or (withdrawn and all(row.at <= last.at for row in left)):
        return "withdrawn", None
    note = last.note if withdrawn and given.step == "adjudication" else None
    return status_of(left, second_review_wanted(connection, given.claim_id, history)), note


def checked_address(given: str) -> str:
    """A web address, trimmed. Raises BadAddress unless it is http or https with a host, and has no blanks inside."""
    address = given.strip()
    try:
        parts = urlsplit(address)
        good = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good or any(letter.isspace() or not letter.isprintable() for letter in address):
        raise BadAddress(f"no web address {given!r}; write it as https://example.org/page")
    return address
