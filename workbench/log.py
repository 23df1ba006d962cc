"""The record of every change that people made: only ever appended, in the transaction that makes the change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, insert, text

from workbench.people import named, sounds
from workbench.rows import LogPage, LogRow
from workbench.schema import LogRecord
from workbench.store import Store, now

WHAT: dict[str, str] = {
    "verdict": "Verdict",
    "verdict_taken_back": "Verdict taken back",
    "adjudication": "Adjudication",
    "correction": "Correction",
    "status": "Status",
    "seen_again": "Looked at again",
    "assignment": "Assignment",
    "pair_judgement": "Judgement of a pair",
    "judgement_taken_back": "Judgement of a pair taken back",
    "speaker": "Speaker",
    "article": "Article’s details",
    "import": "Import",
    "reading": "Articles given to read",
    "view": "Saved view",
    "gate": "What a final verdict needs",
}


def write_log(
    connection: Connection, who: str, what: str, claim_id: str | None = None, subject: str = "", before: str = "",
    after: str = "", note: str = "",
) -> None:  # fmt: skip
    """Appends one change; `what` is one of WHAT."""
    values = {"who": who, "what": what, "claim_id": claim_id, "subject": subject}
    values |= {"before": before, "after": after, "note": note, "at": now()}
    connection.execute(insert(LogRecord).values(**values))


def log_page(store: Store, limit: int = 100, offset: int = 0, **wanted: str | None) -> LogPage:
    """The log, newest first; of `claim_id` (whichever side of a pair it is), `who` or `what` alone where these are
    given. `limit` -1 is all of it."""
    unknown = set(wanted) - {"claim_id", "who", "what"}
    if unknown:
        raise TypeError(f"no filter {', '.join(sorted(unknown))}; choose claim_id, who or what")
    values: dict[str, Any] = {name: value for name, value in wanted.items() if value is not None}
    of_claim = "(l.claim_id = :claim_id OR l.subject = :claim_id)"
    where = " AND ".join(of_claim if name == "claim_id" else f"l.{name} = :{name}" for name in values) or "1"
    with store.reading() as connection:
        total = connection.execute(text(f"SELECT count(*) FROM log l WHERE {where}"), values).scalar_one()
        rows = connection.execute(
            text(f"""SELECT l.*, coalesce(c.text, '') AS claim_text, coalesce(s.text, '') AS subject_text
                FROM log l LEFT JOIN claims c ON c.id = l.claim_id
                LEFT JOIN claims s ON s.id = l.subject AND l.claim_id IS NOT NULL
                WHERE {where} ORDER BY l.id DESC LIMIT :limit OFFSET :offset"""),
            values | {"limit": limit, "offset": offset},
        ).mappings()
        return LogPage(tuple(LogRow(**row) for row in rows), total)


def name_here(store: Store, reviewer: str) -> str:
    """The name under which what somebody does is stored. On a desk without sign-in people write it themselves: whoever
    writes one that is in use but for capitals and blanks goes on under that, of several under the one used last.

    Raises ReviewerMissing where there is none.
    """
    name = named(reviewer)
    if store.person is not None:
        return name
    name = " ".join(name.split())
    return spellings(store, [name])[name]


def spellings(store: Store, names: Iterable[str]) -> dict[str, str]:
    """Each name as it is in use here: itself, else one that is the same but for capitals and blanks, of several the one
    used last; where nobody has such a name, and on a desk with sign-in, itself."""
    names = set(names)
    if store.person is not None or not names:
        return {name: name for name in names}
    used = " UNION ".join(_each(*one) for one in (("log", "who"), ("verdicts", "reviewer"), ("claims", "assignee")))
    newest = text("SELECT coalesce(max(id), 0) FROM log WHERE who = :who")
    with store.reading() as connection:
        alike: dict[str, list[str]] = {sounds(name): [] for name in names}
        for one in connection.execute(text(used)).scalars():
            alike.get(sounds(one), []).append(one)
        when = {one: connection.execute(newest, {"who": one}).scalar_one() for found in alike.values() for one in found}
    return {
        name: name if name in (found := alike[sounds(name)]) else max(found, key=when.__getitem__, default=name)
        for name in names
    }


def people(store: Store) -> tuple[str, ...]:
    """Everybody who ever changed something, or is in charge of a claim, by name."""
    with store.reading() as connection:
        found = connection.execute(text(f"{_each('log', 'who')} UNION {_each('claims', 'assignee')} ORDER BY 1"))
        return tuple(found.scalars())


def _each(table: str, column: str) -> str:
    """SQL for each value of a column but "", one by one along its index: there are many lines and few people."""
    following = f"SELECT min({column}) FROM {table} WHERE {column} > name"
    return f"""SELECT name FROM (WITH RECURSIVE known(name) AS (SELECT min({column}) FROM {table} WHERE {column} > ''
        UNION ALL SELECT ({following}) FROM known WHERE name IS NOT NULL)
        SELECT name FROM known WHERE name IS NOT NULL)"""
