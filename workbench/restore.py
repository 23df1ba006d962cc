"""Reading back what `workbench.export.claims_csv` wrote: every verdict, with the claims and articles it speaks of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import Connection, insert, text
from sqlalchemy.dialects.sqlite import insert as insert_or_skip

from claims.article import content_hash, iso_day
from workbench.articles import PUBLISHED
from workbench.attention import call_again, refresh_contradictions
from workbench.claim_table import KINDS_IN_WORDS
from workbench.divergence import Meeting, State
from workbench.errors import ImportRefused
from workbench.histories import all_verdicts, newest_round, open_verdicts, standing, still_standing, verdicts_of
from workbench.incoming import Decisions, RestoreReport, history_of, rows_of, under_names_here
from workbench.log import name_here, write_log
from workbench.milestones import FROM_FILE, TOLD_BY, second_review_wanted
from workbench.people import MANAGE, named
from workbench.rows import VerdictRow
from workbench.scales import KNOWN_VERDICTS, verdict_words
from workbench.schema import ArticleRecord, ClaimRecord, VerdictRecord, WithdrawalRecord
from workbench.statuses import STATUSES, settle, status_of
from workbench.store import Store, now
from workbench.verdicts import STEPS, checked_address

_NEEDED = ("claim_id", "claim_reviewed", "article_id", "char_start", "char_end", "verdict_history")
IMPORTED = "imported verdicts"


def restore_verdicts(
    store: Store, content: bytes, reviewer: str, choices: Mapping[str, str] | None = None, otherwise: str = "",
    ask_again: bool = False,
) -> RestoreReport:  # fmt: skip
    """Takes in the verdicts of a CSV; all of them, or none if any line is bad.

    Claims and articles that this workspace doesn't know come along as far as the file knows them; an article gets its
    text, and the claim its surroundings, when it is ingested. A verdict that is there already is left as it is; a claim
    on which nobody here had said anything, or nothing that the file doesn't know, gets the file's status, note and
    person in charge. Where file and workspace say different things of a claim, `choices` says by its id which counts
    (one of `workbench.divergence.CHOICES`), and for all others `otherwise`; what somebody left as it stands here is not
    asked again, but with `ask_again`.

    Raises ReviewerMissing; ImportUndecided, with what is to be decided, where a claim has no choice; and ImportRefused,
    which names the line and what is wrong with it. Nothing is stored then.
    """
    reviewer, decide = name_here(store, reviewer), Decisions(choices, otherwise, ask_again)
    rows = rows_of(content, _NEEDED, "“Claims as CSV”")
    verdicts = under_names_here(store, [(line, row, _verdicts(line, row)) for line, row in rows])
    with store.writing(MANAGE, reviewer) as connection:
        judged = [(row, given) for _, row, given in verdicts if given]
        wanted = {row["claim_id"] for row, _ in judged}
        wanted |= {claim_id for _, given in judged for one in given for claim_id in one.evidence}
        for line, row, _ in verdicts:
            if row["claim_id"] in wanted:
                place_claim(connection, line, row)
        _refuse_lost(connection, wanted)
        met = [(row, _meeting(connection, row, given)) for row, given in judged]
        apart = [meeting.divergence(row["claim_reviewed"]) for row, meeting in met]
        left = decide.left(connection, apart, reviewer)
        new = [
            _take(connection, row, meeting, reviewer, question is not None)
            for (row, meeting), question in zip(met, apart, strict=True)
            if row["claim_id"] not in left
        ]
    return RestoreReport.of((meeting for _, meeting in met), new, left, ("verdicts", "claims"), rows)


def _verdicts(line: int, row: dict[str, str]) -> list[VerdictRow]:
    """The verdicts of a line, oldest first."""
    return history_of(line, row, "verdict_history", _verdict, lambda one: one.claim_id == row["claim_id"], "claim")


def _verdict(values: dict[str, Any]) -> VerdictRow:
    lists = {name: tuple(map(str, values[name])) for name in ("evidence", "addresses")}
    row = VerdictRow(**{**values, **lists})
    for item in fields(VerdictRow):
        value = getattr(row, item.name)
        kind = {"str": str, "int": int, "bool": bool}.get(item.type)
        if kind and type(value) is not kind:
            raise ValueError(f"{item.name} = {value!r}")
    if row.verdict not in KNOWN_VERDICTS:
        raise ValueError(f"no verdict {row.verdict!r}; choose one of {', '.join(KNOWN_VERDICTS)}")
    if row.step not in STEPS:
        raise ValueError(f"no step {row.step!r}; choose one of {', '.join(STEPS)}")
    for address in row.addresses:
        checked_address(address)
    named(row.reviewer)
    return row


def place_claim(connection: Connection, line: int, row: dict[str, str]) -> None:
    """Stores a claim, and its article, as far as the file knows them; what is there stays. Raises ImportRefused where a
    place, a figure or the article's date is none."""
    day = row.get("article_date", "").strip()
    try:
        start, end, worth = int(row["char_start"]), int(row["char_end"]), float(row.get("check_worthiness") or 0)
        day = day and iso_day(day)
    except ValueError as error:
        raise ImportRefused(f"line {line}: {error}") from error
    article = {
        "id": row["article_id"], "text": "", "title": row.get("article_title", ""), "outlet": row.get("outlet", ""),
        "author": "", "date": day, "url": row.get("article_url", ""), "file_name": "",
        "added_at": now(), "extracted_by": IMPORTED, "given": [],
    }  # fmt: skip
    connection.execute(insert_or_skip(ArticleRecord).values(**article).on_conflict_do_nothing())
    words = row["claim_reviewed"]
    claim = {
        "id": row["claim_id"], "article_id": row["article_id"], "text": words, "char_start": start, "char_end": end,
        "paragraph_start": start, "paragraph_end": end, "before": "", "after": "",
        "kind": row.get("kind") if row.get("kind") in KINDS_IN_WORDS else "statement",
        "speaker": row.get("speaker", ""), "speaker_read": row.get("speaker", ""), "cue": "", "mention": "",
        "standalone": words, "text_hash": content_hash(words), "check_worthiness": worth,
        "assertion": row.get("assertion", ""), "current": True, "attention": 0.0, "blind_attention": worth,
    }  # fmt: skip
    connection.execute(insert_or_skip(ClaimRecord).values(**claim).on_conflict_do_nothing())


def _refuse_lost(connection: Connection, wanted: set[str]) -> None:
    known = set(
        connection.exec_driver_sql(
            "SELECT id FROM claims WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(sorted(wanted)),)
        ).scalars()
    )
    if wanted - known:
        raise ImportRefused(f"no line holds claim {min(wanted - known)!r}, which a verdict names as evidence")


def _meeting(connection: Connection, row: dict[str, str], given: Sequence[VerdictRow]) -> Meeting:
    claim_id = row["claim_id"]
    state = connection.execute(
        text("SELECT status, assignee, public_note FROM claims WHERE id = :id"), {"id": claim_id}
    ).one()
    there = all_verdicts(connection, claim_id).get(claim_id, ())
    file = State(
        _file_status(row.get("status", ""), given),
        *(row.get(name, "") for name in ("assignee", "correction_note", "exception")),
    )
    return Meeting(there, given, State(*state), file)


def _file_status(status: str, given: Sequence[VerdictRow]) -> str:
    """A claim's status as a file has it. An earlier version called it no dispute where two people used different words
    of one outlet for one standard verdict, or wrote different conclusions."""
    if status not in STATUSES:
        status = "in_review"
    apart = status in ("in_review", "second_review") and status_of(still_standing(given), False) == "disputed"
    return "disputed" if apart else status


def _take(connection: Connection, row: dict[str, str], meeting: Meeting, reviewer: str, chosen: bool) -> int:
    """Stores what the file says of a claim beyond what is here (`chosen`: a person wanted it so); returns how many
    verdicts that added."""
    claim_id, new, taken_back = row["claim_id"], meeting.new, meeting.taken_back
    if chosen and meeting.here.status in PUBLISHED and (new or taken_back):
        _call_back(connection, claim_id, new[-1] if new else taken_back[-1][1], reviewer)
        return 0
    before = standing(meeting.there)
    # Nothing from a file brings back to life what was withdrawn from the public here.
    since = newest_round(still_standing(meeting.there)) + (meeting.here.status == "withdrawn")
    for one in new:
        one = replace(one, round=max(one.round, since))
        _append(connection, one, reviewer, before)
        before = before if one.withdrawn_at else one
    for verdict_id, one in taken_back:
        _withdraw(connection, verdict_id, one)
        write_log(connection, reviewer, "import", claim_id, before=_in_words(one),
                  after=_in_words(standing(verdicts_of(connection, claim_id))),
                  note=f"taken back by {one.reviewer} at {one.withdrawn_at}")  # fmt: skip
    follows = meeting.goes_on or not (new or taken_back)
    if new or taken_back or chosen:
        state = meeting.file if follows else _joint_state(connection, claim_id, meeting.here)
        if not chosen:  # nobody was asked who is in charge
            state = replace(state, assignee=meeting.here.assignee or state.assignee)
        _set_state(connection, claim_id, meeting.here, state, reviewer)
    return len(new)


def _in_words(row: VerdictRow | None) -> str:
    return verdict_words(row.verdict, row.label) if row else ""


def _append(connection: Connection, one: VerdictRow, reviewer: str, before: VerdictRow | None) -> None:
    values = {item.name: getattr(one, item.name) for item in fields(VerdictRow)}
    del values["id"], values["withdrawn_at"]
    lists = {"evidence": list(one.evidence), "addresses": list(one.addresses)}
    stored = connection.execute(insert(VerdictRecord).values(**values | lists)).inserted_primary_key[0]
    if one.withdrawn_at:
        _withdraw(connection, stored, one)
    write_log(
        connection, reviewer, "import", one.claim_id, before=_in_words(before), after=_in_words(one),
        note=f"given by {one.reviewer} at {one.at}",
    )  # fmt: skip


def _withdraw(connection: Connection, verdict_id: int, one: VerdictRow) -> None:
    connection.execute(
        insert(WithdrawalRecord).values(verdict_id=verdict_id, reviewer=one.reviewer, at=one.withdrawn_at)
    )


def _call_back(connection: Connection, claim_id: str, one: VerdictRow, reviewer: str) -> None:
    """Marks a claim whose verdict is final to be looked at again for what a file says of it."""
    words = f"a file of verdicts, where {one.reviewer} {'took back' if one.withdrawn_at else 'says'} {_in_words(one)}"
    why = f"{words}: {one.rationale}" if one.rationale else words
    call_again(connection, claim_id, why)
    refresh_contradictions(connection, [claim_id])
    write_log(connection, reviewer, "import", claim_id, note=f"the final verdict stays, to be looked at again: {why}")


def _joint_state(connection: Connection, claim_id: str, here: State) -> State:
    """Where the verdicts of two workspaces leave a claim; they may be at odds."""
    wanted = second_review_wanted(connection, claim_id, verdicts_of(connection, claim_id))
    return replace(here, status=status_of(open_verdicts(connection, claim_id), wanted))


def _set_state(connection: Connection, claim_id: str, before: State, after: State, reviewer: str) -> None:
    connection.execute(
        text("""UPDATE claims SET status = :status, assignee = :assignee, public_note = :note,
            revision = revision + 1 WHERE id = :id"""),
        {"status": after.status, "assignee": after.assignee, "note": after.note, "id": claim_id},
    )
    settle(connection, claim_id, before.status, after.status)
    exception = f"{after.exception}{TOLD_BY}" if after.status == "final" and after.exception else ""
    for what, old, new, of in (
        ("status", before.status, after.status, exception),
        ("assignment", before.assignee, after.assignee, ""),
        ("import", before.note, after.note, "the note for readers, "),
    ):
        if old != new:
            write_log(connection, reviewer, what, claim_id, before=old, after=new,
                      note=f"{of}{FROM_FILE}")  # fmt: skip
