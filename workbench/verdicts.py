"""What people say of claims and pairs. Only ever appended: the newest that was not taken back counts, all are kept; no
machine writes here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from sqlalchemy import Connection, RowMapping, func, insert, select, text

from workbench.articles import PUBLISHED, refresh_contradictions
from workbench.errors import (
    BadAddress,
    BadPair,
    BadStep,
    ChangedMeanwhile,
    NotYours,
    ReviewerMissing,
    UnknownClaim,
    UnknownJudgement,
    UnknownVerdict,
    WordsMissing,
)
from workbench.groups import regroup
from workbench.log import write_log
from workbench.milestones import DECIDING, answered, published, second_review_wanted, why_kept
from workbench.people import DECIDE, JUDGE
from workbench.rows import PairJudgement, VerdictRow
from workbench.scales import CONCLUSION, KNOWN_VERDICTS, VERDICTS, VerdictKind, verdict_words
from workbench.schema import (
    ClaimRecord,
    JudgementWithdrawalRecord,
    PairJudgementRecord,
    VerdictRecord,
    WithdrawalRecord,
)
from workbench.store import Store, now
from workbench.unseen import unseen_by

__all__ = ["PAIR_JUDGEMENTS", "STATUSES", "VERDICTS", "VerdictKind", "record_verdict", "verdict_history"]

PAIR_JUDGEMENTS: dict[str, str] = {
    "contradiction": "Contradiction",
    "not_contradiction": "Not a contradiction",
    "same_claim": "The same claim",
    "unclear": "Unclear",
}
STATUSES: dict[str, str] = {
    "unreviewed": "Unreviewed",
    "in_review": "In review",
    "second_review": "Second review",
    "disputed": "Disputed",
    "final": "Final",
    "corrected": "Corrected",
    "withdrawn": "Withdrawn",
}
Said = TypeVar("Said", VerdictRow, PairJudgement)
STEPS = ("review", "second_review", "adjudication", "correction")


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
    opinion = Opinion(verdict, reviewer, rationale, tuple(evidence), tuple(addresses), label)
    with store.writing(JUDGE, reviewer) as connection:
        claim = claim_for_change(connection, claim_id, expected)
        if claim["status"] in PUBLISHED:
            raise BadStep(f"this claim's verdict is {claim['status']}; correct it, with a note for the public")
        said = list(opinions(open_verdicts(connection, claim_id)))
        is_second = bool(said) and said[0] != named(reviewer)
        # As `workbench.review.hidden_from` has it.
        unseen = is_second and claim["status"] == "second_review" and len(said) == 1
        row = append_verdict(connection, claim, opinion, "second_review" if is_second else "review", unseen=unseen)
        asked = second_review or _second_review_wanted(connection, claim_id)
        move(connection, claim_id, row.reviewer, status_of(open_verdicts(connection, claim_id), asked))
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
    _refuse_unknown(connection, evidence)
    newest = standing(verdicts_of(connection, claim["id"]))
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
    }
    lists = {"evidence": list(evidence), "addresses": list(addresses)}
    result = connection.execute(insert(VerdictRecord).values(**row | lists))
    write_log(
        connection, reviewer, step if step in ("adjudication", "correction") else "verdict", claim["id"],
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
    reviewer = named(reviewer)
    with store.writing(JUDGE, reviewer) as connection:
        given = _own_verdict(connection, verdict_id, reviewer)
        if given.step in DECIDING:
            store.require(DECIDE, reviewer)
        claim = claim_for_change(connection, given.claim_id)
        if why := why_kept(connection, given, claim["status"]):
            raise BadStep(why)
        connection.execute(insert(WithdrawalRecord).values(verdict_id=verdict_id, reviewer=reviewer, at=now()))
        before = standing(verdicts_of(connection, given.claim_id))
        write_log(
            connection,
            reviewer,
            "verdict_taken_back",
            given.claim_id,
            before=verdict_words(given.verdict, given.label),
            after=verdict_words(before.verdict, before.label) if before else "",
        )
        status, public_note = _state_before(connection, given, claim["status"])
        move(connection, given.claim_id, reviewer, status, public_note=public_note)
        if given.step == "correction" and (came_up := claim["look_again"] or answered(connection, given)):
            look_again(connection, given.claim_id, came_up)
        return next(row for row in verdicts_of(connection, given.claim_id) if row.id == verdict_id)


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


def _state_before(connection: Connection, given: VerdictRow, status: str) -> tuple[str, str | None]:
    """Status and note for readers (None: as it is) of a claim whose verdict `given` has just been taken back."""
    left = open_verdicts(connection, given.claim_id)
    newest = standing(left)
    if given.step == "correction" and status in PUBLISHED:
        return ("corrected", newest.public_note) if newest and newest.step == "correction" else ("final", "")
    last = published(connection, given.claim_id, before=given.at)
    withdrawn = last is not None and last.status == "withdrawn"
    if withdrawn and all(row.at <= last.at for row in left):
        return "withdrawn", None
    note = last.note if withdrawn and given.step == "adjudication" else None
    return status_of(left, _second_review_wanted(connection, given.claim_id)), note


def _second_review_wanted(connection: Connection, claim_id: str) -> bool:
    return second_review_wanted(connection, claim_id, verdicts_of(connection, claim_id))


def claim_for_change(connection: Connection, claim_id: str, expected: int | None = None) -> RowMapping:
    """A claim's row, to be changed in this transaction.

    Raises UnknownClaim, and ChangedMeanwhile where its revision is not the `expected` one.
    """
    row = connection.execute(select(ClaimRecord.__table__).where(ClaimRecord.id == claim_id)).mappings().first()
    if row is None:
        raise UnknownClaim([claim_id])
    if expected is not None and row["revision"] != expected:
        raise ChangedMeanwhile(
            "somebody else changed this claim in the meantime; see what they did, then press again, nothing is lost"
        )
    return row


def move(
    connection: Connection, claim_id: str, who: str, status: str, note: str = "", public_note: str | None = None
) -> None:
    """Counts a change of a claim, and gives it this status, with a line in the log where that is another one;
    `public_note` None leaves what readers are told as it is."""
    before = connection.execute(text("SELECT status FROM claims WHERE id = :id"), {"id": claim_id}).scalar_one()
    connection.execute(
        text("""UPDATE claims SET status = :status, public_note = coalesce(:public_note, public_note),
            revision = revision + 1, look_again = '' WHERE id = :id"""),
        {"status": status, "public_note": public_note, "id": claim_id},
    )
    refresh_contradictions(connection, [claim_id])  # its place in the queue depends on the status
    if status != before:
        write_log(connection, who, "status", claim_id, before=before, after=status, note=public_note or note)


def look_again(connection: Connection, claim_id: str, came_up: str) -> None:
    """Marks a claim with a published verdict to be looked at again for what came up."""
    connection.execute(text("UPDATE claims SET look_again = :why WHERE id = :id"), {"why": came_up, "id": claim_id})
    refresh_contradictions(connection, [claim_id])


def status_of(verdicts: Sequence[VerdictRow], asked: bool) -> str:
    """Where open verdicts leave a claim; `asked`: a second review is wanted."""
    said = opinions(verdicts)
    if not said:
        return "in_review" if verdicts else "unreviewed"
    if len({row.verdict for row in said.values()}) > 1:
        return "disputed"
    return "second_review" if asked or len(said) > 1 else "in_review"


def opinions(verdicts: Sequence[VerdictRow]) -> dict[str, VerdictRow]:
    """Each reviewer's newest verdict since the last adjudication or correction; the first reviewer first."""
    said: dict[str, VerdictRow] = {}
    for row in sorted(verdicts, key=lambda row: row.id):
        if row.step in ("adjudication", "correction"):
            said = {}
        else:
            said[row.reviewer] = row
    return said


def open_verdicts(connection: Connection, claim_id: str) -> tuple[VerdictRow, ...]:
    """The verdicts of a claim that stand, newest first."""
    return tuple(row for row in verdicts_of(connection, claim_id) if not row.withdrawn_at)


def standing(rows: Iterable[Said]) -> Said | None:
    """The newest of a history that was not taken back."""
    return next((row for row in rows if not row.withdrawn_at), None)


def verdict_history(store: Store, claim_id: str) -> tuple[VerdictRow, ...]:
    """All verdicts of a claim, those taken back too, newest first."""
    with store.reading() as connection:
        return verdicts_of(connection, claim_id)


def verdicts_of(connection: Connection, claim_id: str) -> tuple[VerdictRow, ...]:
    """The same, on a connection that is open."""
    return all_verdicts(connection, claim_id).get(claim_id, ())


def all_verdicts(connection: Connection, claim_id: str | None = None) -> dict[str, tuple[VerdictRow, ...]]:
    """Every verdict ever given by claim (or of one claim alone), those taken back too, newest first."""
    table, back = VerdictRecord.__table__, WithdrawalRecord.__table__
    wanted = (
        select(table, func.coalesce(back.c.at, "").label("withdrawn_at"))
        .outerjoin(back, back.c.verdict_id == table.c.id)
        .order_by(table.c.id.desc())
    )
    if claim_id is not None:
        wanted = wanted.where(table.c.claim_id == claim_id)
    found: dict[str, list[VerdictRow]] = {}
    for row in connection.execute(wanted).mappings():
        lists = {"evidence": tuple(row["evidence"]), "addresses": tuple(row["addresses"])}
        found.setdefault(row["claim_id"], []).append(VerdictRow(**{**row, **lists}))
    return {one: tuple(rows) for one, rows in found.items()}


def record_pair_judgement(
    store: Store, pair: tuple[str, str], judgement: str, reviewer: str, note: str = "", blind: bool = False, *,
    expected: int | None = None,
) -> PairJudgement:  # fmt: skip
    """Appends what a person says of a pair of claims, in either order, and what the machine had said of it; `blind`:
    the person had not been shown that. `expected` is the id of the judgement that stood on their screen (0: none).

    Raises UnknownJudgement, ReviewerMissing, UnknownClaim, BadPair (a claim with itself) and ChangedMeanwhile (another
    judgement stands by now); nothing is stored then.
    """
    if judgement not in PAIR_JUDGEMENTS:
        raise UnknownJudgement(f"no judgement {judgement!r}; choose one of {', '.join(PAIR_JUDGEMENTS)}")
    reviewer = named(reviewer)
    claim_a, claim_b = _ordered(pair)
    with store.writing(JUDGE, reviewer) as connection:
        _refuse_unknown(connection, (claim_a, claim_b))
        shown = standing(judgements_seen(connection, (claim_a, claim_b), reviewer))
        if expected is not None and expected != (shown.id if shown else 0):
            raise ChangedMeanwhile("somebody else judged this pair in the meantime; look at it again")
        before = judgements_of(connection, (claim_a, claim_b))
        row = {
            "claim_a": claim_a,
            "claim_b": claim_b,
            "judgement": judgement,
            "note": note.strip(),
            "reviewer": reviewer,
            "at": now(),
        }
        machine = connection.execute(
            text("""SELECT relation AS machine_relation, score AS machine_score, model_id AS machine_model,
                judged_by AS machine_settings FROM relations WHERE claim_a = :a AND claim_b = :b"""),
            {"a": claim_a, "b": claim_b},
        ).mappings().first()  # fmt: skip
        row |= {**(machine or {}), "blind": blind}
        result = connection.execute(insert(PairJudgementRecord).values(**row))
        write_log(
            connection, reviewer, "pair_judgement", claim_a, subject=claim_b,
            before=_newest(before), after=judgement, note=row["note"],
        )  # fmt: skip
        refresh_contradictions(connection, (claim_a, claim_b))
        regroup(connection)
        return PairJudgement(id=result.inserted_primary_key[0], **row)


def withdraw_pair_judgement(store: Store, judgement_id: int, reviewer: str) -> PairJudgement:
    """Takes back a judgement of a pair, at once or later, so that the one before it stands again; returns it as it now
    is in the record.

    Raises ReviewerMissing, and NotYours unless it stands and this reviewer gave it.
    """
    reviewer = named(reviewer)
    with store.writing(JUDGE, reviewer) as connection:
        given = connection.execute(
            text("SELECT claim_a, claim_b, reviewer, judgement FROM standing_judgements WHERE id = :id"),
            {"id": judgement_id},
        ).first()
        if given is None:
            raise NotYours(f"no judgement {judgement_id!r} of a pair stands; it was taken back already")
        if given.reviewer != reviewer:
            raise NotYours(f"{given.reviewer} gave this judgement; only they can take it back, you can give another")
        pair = (given.claim_a, given.claim_b)
        connection.execute(
            insert(JudgementWithdrawalRecord).values(judgement_id=judgement_id, reviewer=reviewer, at=now())
        )
        history = judgements_of(connection, pair)
        write_log(
            connection, reviewer, "judgement_taken_back", pair[0], subject=pair[1], before=given.judgement,
            after=_newest(history),
        )  # fmt: skip
        refresh_contradictions(connection, pair)
        regroup(connection)
        return next(row for row in history if row.id == judgement_id)


def pair_history(store: Store, pair: tuple[str, str], seen_by: str | None = None) -> tuple[PairJudgement, ...]:
    """All judgements of a pair, in either order, those taken back too, newest first; without those that a second review
    keeps from `seen_by`."""
    with store.reading() as connection:
        return judgements_seen(connection, _ordered(pair), seen_by)


def judgements_seen(connection: Connection, pair: tuple[str, str], seen_by: str | None) -> tuple[PairJudgement, ...]:
    """The same for an ordered pair, on a connection that is open."""
    kept = unseen_by(connection, seen_by, pair)
    return tuple(row for row in judgements_of(connection, pair) if not kept or row.reviewer == seen_by)


def judgements_of(connection: Connection, pair: tuple[str, str]) -> tuple[PairJudgement, ...]:
    """Every judgement of an ordered pair, on a connection that is open."""
    return all_judgements(connection, pair).get(pair, ())


def all_judgements(
    connection: Connection, pair: tuple[str, str] | None = None
) -> dict[tuple[str, str], tuple[PairJudgement, ...]]:
    """Every judgement ever given by pair (or of one ordered pair alone), those taken back too, newest first."""
    table, back = PairJudgementRecord.__table__, JudgementWithdrawalRecord.__table__
    names = (name for name in PairJudgement.__slots__ if name != "withdrawn_at")
    wanted = (
        select(*(table.c[name] for name in names), func.coalesce(back.c.at, "").label("withdrawn_at"))
        .outerjoin(back, back.c.judgement_id == table.c.id)
        .order_by(table.c.id.desc())
    )
    if pair is not None:
        wanted = wanted.where(table.c.claim_a == pair[0], table.c.claim_b == pair[1])
    found: dict[tuple[str, str], list[PairJudgement]] = {}
    for row in connection.execute(wanted).mappings():
        found.setdefault((row["claim_a"], row["claim_b"]), []).append(PairJudgement(**row))
    return {one: tuple(rows) for one, rows in found.items()}


def _newest(history: Iterable[PairJudgement]) -> str:
    """The judgement that stands, "" where none does."""
    newest = standing(history)
    return newest.judgement if newest else ""


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


def named(reviewer: str) -> str:
    """The name, trimmed. Raises ReviewerMissing where there is none."""
    if not reviewer.strip():
        raise ReviewerMissing("a verdict needs a name under it; fill in the reviewer")
    return reviewer.strip()


def _ordered(pair: tuple[str, str]) -> tuple[str, str]:
    claim_a, claim_b = sorted(pair)
    if claim_a == claim_b:
        raise BadPair(f"claim {claim_a!r} makes no pair with itself; give two different claims")
    return claim_a, claim_b


def _refuse_unknown(connection: Connection, claim_ids: tuple[str, ...]) -> None:
    known = set(
        connection.exec_driver_sql(
            "SELECT id FROM claims WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(claim_ids),)
        ).scalars()
    )
    missing = [claim_id for claim_id in claim_ids if claim_id not in known]
    if missing:
        raise UnknownClaim(missing)
