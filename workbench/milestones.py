"""What the log says of a claim's way: when readers were told of its verdict, which verdict may be taken back, and
whether a second review is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, text

from workbench.articles import PUBLISHED
from workbench.histories import DECIDING, opinions
from workbench.rows import ClaimDetail, VerdictRow
from workbench.store import Store, now

OUT = (*PUBLISHED, "withdrawn")
UNDO_MINUTES = 10
CORRECTED = "the verdict was corrected"  # what the log says came of what had come up against it
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
    last = published(connection, claim_id)
    for row in _moves(connection, claim_id):
        if row.after == "second_review" and (last is None or row.at > last.at):
            given = (one for one in verdicts if one.at <= row.at)
            stood = [one for one in given if not one.withdrawn_at or one.withdrawn_at > row.at]
            if len(opinions(stood)) < 2:
                return True
    return False


def who_asked(connection: Connection, claim_id: str) -> str:
    """By whose doing a claim last came to wait for a second review; "" where it never did."""
    return (
        connection.execute(
            text("""SELECT who FROM log WHERE claim_id = :id AND what = 'status' AND after = 'second_review'
                ORDER BY id DESC LIMIT 1"""),
            {"id": claim_id},
        ).scalar()
        or ""
    )


def why_kept(connection: Connection, given: VerdictRow, status: str) -> str:
    """Why a verdict that stands can't be taken back while its claim has this status; "" where it can."""
    if status == "withdrawn":
        return "this claim is withdrawn from the public; give another verdict to open it again"
    if status in PUBLISHED:
        if given.step not in DECIDING or not _is_last(connection, given):
            return f"this claim's verdict is {status}; correct it, with a note for the public"
        if datetime.fromisoformat(now()) - datetime.fromisoformat(given.at) > timedelta(minutes=UNDO_MINUTES):
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
        text("SELECT at, before, after, note FROM log WHERE claim_id = :id AND what = 'status' ORDER BY id"),
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
