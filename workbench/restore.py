"""Reading back what `workbench.export.claims_csv` wrote: every verdict, with the claims and articles it speaks of."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, insert, text
from sqlalchemy.dialects.sqlite import insert as insert_or_skip

from claims.article import content_hash
from workbench.errors import ImportRefused, WorkbenchError
from workbench.export import KINDS_IN_WORDS, from_text
from workbench.log import write_log
from workbench.people import MANAGE
from workbench.rows import VerdictRow
from workbench.scales import KNOWN_VERDICTS, verdict_words
from workbench.schema import ArticleRecord, ClaimRecord, VerdictRecord, WithdrawalRecord
from workbench.store import Store, now
from workbench.verdicts import (
    PUBLISHED,
    STATUSES,
    STEPS,
    all_verdicts,
    checked_address,
    named,
    open_verdicts,
    status_of,
)

_NEEDED = ("claim_id", "claim_reviewed", "article_id", "char_start", "char_end", "verdict_history")
_MOST_BYTES = 500_000_000
IMPORTED = "imported verdicts"


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What came of an import; `known` verdicts were there already."""

    claims: int
    verdicts: int
    known: int

    def __str__(self) -> str:
        return f"verdicts restored: {self.verdicts}, on {self.claims} of the claims; there already: {self.known}"


def restore_verdicts(store: Store, content: bytes, reviewer: str) -> RestoreReport:
    """Takes in the verdicts of a CSV; all of them, or none if any line is bad.

    Claims and articles that this workspace doesn't know come along as far as the file knows them; an article gets its
    text, and the claim its surroundings, when it is ingested. A verdict that is there already is left as it is; a claim
    on which nobody here had said anything gets the file's status, note and assignee.

    Raises ReviewerMissing, and ImportRefused, which names the line and what is wrong with it.
    """
    reviewer = named(reviewer)
    rows = _rows(content)
    with store.writing(MANAGE, reviewer) as connection:
        verdicts = [(line, row, _verdicts(line, row)) for line, row in rows]
        judged = [(row, given) for _, row, given in verdicts if given]
        wanted = {row["claim_id"] for row, _ in judged}
        wanted |= {claim_id for _, given in judged for one in given for claim_id in one.evidence}
        for line, row, _ in verdicts:
            if row["claim_id"] in wanted:
                _place(connection, line, row)
        _refuse_lost(connection, wanted)
        report = [_restore(connection, row, given, reviewer) for row, given in judged]
    restored = [number for number in report if number]
    known = sum(len(given) for _, given in judged) - sum(restored)
    return RestoreReport(len(restored), sum(restored), known)


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    if len(content) > _MOST_BYTES:
        raise ImportRefused(f"the file has {len(content):,} bytes; at most {_MOST_BYTES:,} are read")
    try:
        lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        csv.field_size_limit(2**31 - 1)
        missing = [name for name in _NEEDED if name not in (lines.fieldnames or ())]
        if missing:
            raise ImportRefused(f"no column {', '.join(missing)}; only a file that “Claims as CSV” wrote can be read")
        found = [(lines.line_num, {name: from_text(cell or "") for name, cell in row.items() if name}) for row in lines]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ImportRefused(f"this is no CSV in UTF-8: {error}") from error
    return found


def _verdicts(line: int, row: dict[str, str]) -> list[VerdictRow]:
    """The verdicts of a line, oldest first."""
    if not row["verdict_history"]:
        return []
    try:
        given = [_verdict(values) for values in json.loads(row["verdict_history"])]
    except (ValueError, TypeError, KeyError, WorkbenchError) as error:
        raise ImportRefused(f"line {line}: its verdict_history can't be read: {error}") from error
    if any(one.claim_id != row["claim_id"] for one in given):
        raise ImportRefused(f"line {line}: its verdict_history speaks of another claim")
    return sorted(given, key=lambda one: one.id)


def _verdict(values: dict[str, Any]) -> VerdictRow:
    lists = {name: tuple(map(str, values[name])) for name in ("evidence", "addresses")}
    row = VerdictRow(**{**values, **lists})
    for item in fields(VerdictRow):
        value = getattr(row, item.name)
        if item.type == "str" and not isinstance(value, str) or item.type == "int" and type(value) is not int:
            raise ValueError(f"{item.name} = {value!r}")
    if row.verdict not in KNOWN_VERDICTS:
        raise ValueError(f"no verdict {row.verdict!r}; choose one of {', '.join(KNOWN_VERDICTS)}")
    if row.step not in STEPS:
        raise ValueError(f"no step {row.step!r}; choose one of {', '.join(STEPS)}")
    for address in row.addresses:
        checked_address(address)
    named(row.reviewer)
    return row


def _place(connection: Connection, line: int, row: dict[str, str]) -> None:
    """Stores a claim, and its article, as far as the file knows them; what is there stays."""
    try:
        start, end, worth = int(row["char_start"]), int(row["char_end"]), float(row.get("check_worthiness") or 0)
    except ValueError as error:
        raise ImportRefused(f"line {line}: {error}") from error
    article = {
        "id": row["article_id"], "text": "", "title": row.get("article_title", ""), "outlet": row.get("outlet", ""),
        "author": "", "date": row.get("article_date", ""), "url": row.get("article_url", ""), "file_name": "",
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
        "assertion": row.get("assertion", ""), "current": True, "attention": 0.0,
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


def _restore(connection: Connection, row: dict[str, str], given: Sequence[VerdictRow], reviewer: str) -> int:
    """Appends the verdicts that are not there yet; returns how many."""
    claim_id = row["claim_id"]
    there = all_verdicts(connection, claim_id).get(claim_id, ())
    known = {(one.reviewer, one.at) for one in there}
    new = [one for one in given if (one.reviewer, one.at) not in known]
    for one in new:
        values = {item.name: getattr(one, item.name) for item in fields(VerdictRow)}
        del values["id"], values["withdrawn_at"]
        lists = {"evidence": list(one.evidence), "addresses": list(one.addresses)}
        stored = connection.execute(insert(VerdictRecord).values(**values | lists)).inserted_primary_key[0]
        if one.withdrawn_at:
            connection.execute(
                insert(WithdrawalRecord).values(verdict_id=stored, reviewer=one.reviewer, at=one.withdrawn_at)
            )
        write_log(
            connection, reviewer, "import", claim_id, after=verdict_words(one.verdict, one.label),
            note=f"given by {one.reviewer} at {one.at}",
        )  # fmt: skip
    if new:
        _restore_state(connection, row, bool(there))
    return len(new)


def _restore_state(connection: Connection, row: dict[str, str], spoken_of: bool) -> None:
    status = row.get("status", "")
    values = {
        "id": row["claim_id"],
        "status": status if status in STATUSES else "in_review",
        "assignee": row.get("assignee", ""),
        "note": row.get("correction_note", ""),
    }
    if spoken_of:  # the verdicts of two workspaces meet here, and may be at odds
        before = connection.execute(text("SELECT status FROM claims WHERE id = :id"), values).scalar_one()
        if before not in PUBLISHED:
            values["status"] = status_of(open_verdicts(connection, row["claim_id"]), before == "second_review")
            connection.execute(text("UPDATE claims SET status = :status WHERE id = :id"), values)
    else:
        connection.execute(
            text("UPDATE claims SET status = :status, assignee = :assignee, public_note = :note WHERE id = :id"), values
        )
    connection.execute(text("UPDATE claims SET revision = revision + 1 WHERE id = :id"), values)
