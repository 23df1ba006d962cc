"""What the log says of a claim's way: when readers were told of its verdict, which verdict or step may be taken back,
and whether a second review is wanted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, text

from workbench.articles import PUBLISHED
from workbench.histories import DECIDING, opinions, still_standing
from workbench.rows import ClaimDetail, VerdictRow
from workbench.store import Store, now

OUT = (*PUBLISHED, "withdrawn")
UNDO_MINUTES = 10
UNDO_STEPS = ("final", "second_review")  # statuses whose step can be taken back as such
CORRECTED = "the verdict was corrected"  # what the log says came of what had come up against it
ASKED = "asked for"  # the same where a person asked for a second review, as a step of its own
FROM_FILE = "as a file of verdicts says"  # how the log's note ends where a file moved a claim
TOLD_BY = "; "  # between that and what the file says itself
# Lines of the log beside which a decision is still the last that happened to a claim.
_BESIDE = ("pair_judgement", "judgement_taken_back", "assignment")


@dataclass(frozen=True, slots=True)
class Publication:
    """When readers were told of a claim's verdict: the claim's status from then on, one of OUT, and the note that was
    given (of `final`: why fewer sources did)."""

    status: str
    at: str
    note: str


def published(connection: Connection, claim_id: str, before: str = "") -> Publication | None:
    """The newest publication of a claim's verdict, of those `before` a time where one is given; None: there was none.
    One that was taken back counts no more."""
    return _newest(row for row in _moves(connection, claim_id) if not before or row.at < before)


def _newest(moves: Iterable[Row]) -> Publication | None:
    held: list[Publication] = []
    for row in moves:
        opened = row.before in PUBLISHED and row.after not in OUT
        if held and (opened or (row.before, row.after) == ("corrected", "final")):
            held.pop()
        if held and held[-1].status == row.after:  # it came back to this when something was taken back
            held[-1] = replace(held[-1], at=row.at)
        elif row.after in OUT:
            note = row.note.removesuffix(FROM_FILE).removesuffix(TOLD_BY)
            held.append(Publication(row.after, row.at, note))
    return held[-1] if held else None


def exception_of(store: Store, detail: ClaimDetail) -> str:
    """Why fewer independent sources did for a claim's final verdict; "" where there were enough, or it isn't final."""
    if detail.status != "final":
        return ""
    with store.reading() as connection:
        return _exception(_moves(connection, detail.claim.id))


def exceptions(connection: Connection) -> dict[str, str]:
    """The same of every claim that has one."""
    found: dict[str, list[Row]] = {}
    for row in connection.execute(
        text("""SELECT l.claim_id, l.at, l.before, l.after, l.note FROM claims c JOIN log l ON l.claim_id = c.id
            WHERE c.status = 'final' AND l.what = 'status' ORDER BY l.id""")
    ):
        found.setdefault(row.claim_id, []).append(row)
    why = {claim_id: _exception(moves) for claim_id, moves in found.items()}
    return {claim_id: words for claim_id, words in why.items() if words}


def _exception(moves: Iterable[Row]) -> str:
    last = _newest(moves)
    return last.note if last and last.status == "final" else ""


def second_review_wanted(connection: Connection, claim_id: str, verdicts: Sequence[VerdictRow]) -> bool:
    """Whether a claim has waited for a second review since its verdict was last published, perhaps with its verdict
    given by now; `verdicts` are all that were ever given on it."""
    return _asked(connection, claim_id, verdicts) is not None


def _asked(connection: Connection, claim_id: str, verdicts: Sequence[VerdictRow]) -> Row | None:
    """The line of the log by which it came to wait, unless that was called off since."""
    last, found = published(connection, claim_id), None
    for row in _moves(connection, claim_id):
        if last is not None and row.at <= last.at:
            continue
        if (row.before, row.after) == ("second_review", "in_review"):
            found = None
        elif row.after == "second_review" and found is None:
            given = (one for one in verdicts if one.at <= row.at)
            stood = [one for one in given if not one.withdrawn_at or one.withdrawn_at > row.at]
            found = row if len(opinions(stood)) < 2 else None
    return found


def who_asked(connection: Connection, claim_id: str) -> set[str]:
    """By whose doing a claim came to wait for a second review since readers last saw its verdict, those included who
    called that off again: they had the first verdict on their screens."""
    last = published(connection, claim_id)
    moves = (row for row in _moves(connection, claim_id) if row.after == "second_review")
    return {row.who for row in moves if last is None or row.at > last.at}


def why_kept(connection: Connection, given: VerdictRow, status: str) -> str:
    """Why a verdict that stands can't be taken back while its claim has this status; "" where it can."""
    if status == "withdrawn":
        return "this claim is withdrawn from the public; give another verdict to open it again"
    if status in PUBLISHED:
        if given.step not in DECIDING or not _is_last(connection, given):
            return f"this claim's verdict is {status}; correct it, with a note for the public"
        if _is_long_ago(given.at):
            return f"it was given more than {UNDO_MINUTES} minutes ago; correct it, with a note for the public"
        return ""
    last = published(connection, given.claim_id)
    if last and given.at <= last.at:
        return "readers may have seen this verdict, so it stays in the record; give another one"
    return ""


def to_take_back(store: Store, detail: ClaimDetail, reviewer: str) -> VerdictRow | None:
    """This reviewer's newest verdict on a claim that stands, if it may be taken back now; else None."""
    mine = (row for row in detail.verdicts if row.reviewer == reviewer and not row.withdrawn_at)
    newest = next(mine, None)
    if newest is None:
        return None
    with store.reading() as connection:
        return None if why_kept(connection, newest, detail.status) else newest


def why_step_stays(
    connection: Connection, claim_id: str, status: str, verdicts: Sequence[VerdictRow], reviewer: str
) -> str:
    """Why this person can't take back the step that brought a claim its status (one of UNDO_STEPS): that they asked for
    its second review, while nobody gave one, or that they made its verdict final, in the last minutes and if nothing
    happened to it since; "" where they can. `verdicts` are all that were ever given on it."""
    if status not in UNDO_STEPS:
        return "there is no step to take back; only a verdict just made final, and a second review asked for, are"
    if status == "second_review":
        if len(opinions(still_standing(verdicts))) > 1:
            return "the second review was given by now"
        row = _asked(connection, claim_id, verdicts)
        # Where the desk asks for one of every claim, a verdict brings it along.
        step = row is not None and (row.note == ASKED or row.note.endswith(FROM_FILE))
        mine = step and row.who == reviewer
        return "" if mine else "only who asked for the second review can say that it is not wanted after all"
    row = _made_final(connection, claim_id)
    if row is None:
        return (
            "the verdict is final, and something else happened to the claim since; correct it, with a note for readers"
        )
    if row.who != reviewer:
        return f"{row.who} made the verdict final, and only they can say that it is not; you can correct it"
    if _is_long_ago(row.at):
        return f"it was made final more than {UNDO_MINUTES} minutes ago; correct it, with a note for readers"
    return ""


def asked_before(store: Store, detail: ClaimDetail, given: VerdictRow) -> bool:
    """Whether a claim waited for its second review already when a verdict was given."""
    with store.reading() as connection:
        row = _asked(connection, detail.claim.id, detail.verdicts)
    return row is not None and row.at < given.at


def step_to_take_back(store: Store, detail: ClaimDetail, reviewer: str) -> str:
    """The claim's status, where this person may take back the step that brought it; else ""."""
    if not reviewer or detail.status not in UNDO_STEPS:
        return ""
    with store.reading() as connection:
        why = why_step_stays(connection, detail.claim.id, detail.status, detail.verdicts, reviewer)
    return "" if why else detail.status


def before_final(connection: Connection, claim_id: str) -> tuple[str, str | None]:
    """Status and note for readers (None: there was none) of a claim before it was made final, as the last step."""
    row = _made_final(connection, claim_id)
    last = published(connection, claim_id, before=row.at) if row else None
    return row.before if row else "", last.note if last and last.status == "withdrawn" else None


def _made_final(connection: Connection, claim_id: str) -> Row | None:
    """The line of the log by which a person made a claim final, if that is the last that happened to it."""
    row = connection.execute(
        text("""SELECT at, who, what, before, after, note FROM log WHERE claim_id = :id
            AND what NOT IN (SELECT value FROM json_each(:beside)) ORDER BY id DESC LIMIT 1"""),
        {"id": claim_id, "beside": json.dumps(_BESIDE)},
    ).first()
    # A decision on a dispute is final as well, and is taken back itself; a file may go on from elsewhere.
    steps = [("status", before, "final") for before in ("in_review", "second_review")]
    mine = row is not None and (row.what, row.before, row.after) in steps and not row.note.endswith(FROM_FILE)
    return row if mine else None


def _is_long_ago(at: str) -> bool:
    return datetime.fromisoformat(now()) - datetime.fromisoformat(at) > timedelta(minutes=UNDO_MINUTES)


def answered(connection: Connection, correction: VerdictRow) -> str:
    """What had come up against a final verdict when this correction answered it; "" where nothing had."""
    row = connection.execute(
        text("""SELECT what, before, after FROM log WHERE claim_id = :id AND at < :at AND what <> 'status'
            ORDER BY id DESC LIMIT 1"""),
        {"id": correction.claim_id, "at": correction.at},
    ).first()
    return row.before if row and (row.what, row.after) == ("seen_again", CORRECTED) else ""


def _moves(connection: Connection, claim_id: str) -> Sequence[Row]:
    return connection.execute(
        text("SELECT at, who, before, after, note FROM log WHERE claim_id = :id AND what = 'status' ORDER BY id"),
        {"id": claim_id},
    ).all()


def _is_last(connection: Connection, given: VerdictRow) -> bool:
    """Whether a decision of a person here is the last thing that happened to its claim, its change of status aside."""
    rows = connection.execute(
        text("SELECT what, who, after FROM log WHERE claim_id = :id AND at >= :at ORDER BY id"),
        {"id": given.claim_id, "at": given.at},
    ).all()
    since = [row for row in rows if row.what not in _BESIDE]
    own = [(row.what, row.who) for row in since[:1]] == [(given.step, given.reviewer)]
    return own and all(row.what == "status" and row.after in PUBLISHED for row in since[1:])
