"""What an import of verdicts and one of judgements of pairs share: the lines of the file, what people said as a line
holds it, what a person decides, and the report."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, text

from workbench.divergence import CHOICES, HERE, Divergence, History
from workbench.errors import ImportRefused, ImportUndecided, WorkbenchError
from workbench.histories import Said
from workbench.log import spellings, write_log
from workbench.schema import LeftHereRecord
from workbench.store import Store, now
from workbench.table_files import from_text
from workbench.unseen import HIDDEN, unseen_by

MOST_BYTES = 500_000_000

# A line of a file: its number, its cells by column, and what people said on it.
SaidOnLine = tuple[int, dict[str, str], list[Said]]


def under_names_here(store: Store, lines: Sequence[SaidOnLine]) -> list[SaidOnLine]:
    """What people said on the lines of a file, under the spelling of their names that is in use here: who has another
    capital in the file is no second reviewer of what they judged here."""
    known = spellings(store, (one.reviewer for _, _, given in lines for one in given))
    return [(line, row, [replace(one, reviewer=known[one.reviewer]) for one in given]) for line, row, given in lines]


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What came of an import: `restored` verdicts or judgements, on so many `things` (claims or pairs; `words` names
    both); `known` were there already, `left` things were left as they stand here, and of `kept_back` the file itself
    says nothing, or not all, since whoever it was made for was to give the second review."""

    things: int
    restored: int
    known: int
    left: int = 0
    words: tuple[str, str] = ("verdicts", "claims")
    kept_back: int = 0

    @classmethod
    def of(
        cls, meetings: Iterable[History], new: Sequence[int], left: Collection[str], words: tuple[str, str],
        rows: Iterable[tuple[int, Mapping[str, str]]],
    ) -> RestoreReport:  # fmt: skip
        """`new` is how many were added to each thing that was not left, `rows` the lines of the file."""
        known = sum(len(meeting.given) - len(meeting.new) for meeting in meetings)
        kept_back = sum(HIDDEN in (row.get("verdict_label"), row.get("kept_back")) for _, row in rows)
        return cls(sum(map(bool, new)), sum(new), known, len(left), words, kept_back)

    def __str__(self) -> str:
        said, things = self.words
        words = f"{said} restored: {self.restored}, on {self.things} of the {things}; there already: {self.known}"
        words += f"; {things} left as they stand here: {self.left}" if self.left else ""
        if self.kept_back:
            words += (
                f"; {things} that waited for a second review when the file was made, so that it keeps back what was "
                f"said of them: {self.kept_back}"
            )
        return words


class Decisions:
    """What a person chose where a file and a workspace say different things, by the id of each claim or pair, and for
    all others `otherwise`. Raises ImportRefused for a choice that is none.

    What was once left as it stands here is not asked again while the file says the same of it, but with `ask_again`; a
    choice goes before it.
    """

    def __init__(self, choices: Mapping[str, str] | None, otherwise: str, ask_again: bool = False) -> None:
        self._choices, self._otherwise, self._ask_again = dict(choices or {}), otherwise, ask_again
        for choice in {*self._choices.values(), *filter(None, (otherwise,))} - set(CHOICES):
            raise ImportRefused(f"no choice {choice!r}; choose one of {', '.join(CHOICES)}")

    def left(self, connection: Connection, apart: Iterable[Divergence | None], reviewer: str) -> set[str]:
        """The ids of those of the questions (None is none) that stay as they are here; they are remembered, and this
        stands in the log.

        Raises ImportUndecided with those that nobody decided.
        """
        asked = _as_seen(connection, [one for one in apart if one], reviewer)
        before = _left_before(connection, asked)
        known = set() if self._ask_again else before
        chosen = {
            one: self._choices.get(one.claim_id)
            or self._otherwise
            or (HERE if (one.claim_id, one.said) in known else "")
            for one in asked
        }
        undecided = [one for one in asked if not chosen[one]]
        if undecided:
            raise ImportUndecided(undecided)
        left = [one for one in asked if chosen[one] == HERE]
        for one in left:
            if (one.claim_id, one.said) not in before:
                values = {"about": one.claim_id, "said": one.said, "reviewer": reviewer, "at": now()}
                connection.execute(insert(LeftHereRecord).values(**values))
                claim_id, _, other = one.claim_id.partition("+")
                write_log(connection, reviewer, "import", claim_id, other, after="left as it stands here",
                          note=f"the file says: {one.file}")  # fmt: skip
        return {one.claim_id for one in left}


def _as_seen(connection: Connection, asked: Sequence[Divergence], reviewer: str) -> list[Divergence]:
    """The questions without what stands here where a second review keeps it from whoever is asked."""
    kept = unseen_by(connection, reviewer)
    return [one if kept.isdisjoint(one.claim_id.split("+")) else replace(one, here=HIDDEN) for one in asked]


def _left_before(connection: Connection, asked: Sequence[Divergence]) -> set[tuple[str, str]]:
    """What was left as it stands here of these, with the hashes of what files then said."""
    rows = connection.execute(
        text("SELECT about, said FROM left_here WHERE about IN (SELECT value FROM json_each(:ids))"),
        {"ids": json.dumps([one.claim_id for one in asked])},
    )
    return {(row.about, row.said) for row in rows}


def rows_of(content: bytes, needed: Sequence[str], written_by: str) -> list[tuple[int, dict[str, str]]]:
    """The lines of a CSV with their numbers. Raises ImportRefused: it is none, or lacks a column."""
    if len(content) > MOST_BYTES:
        raise ImportRefused(f"the file has {len(content):,} bytes; at most {MOST_BYTES:,} are read")
    try:
        lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        csv.field_size_limit(2**31 - 1)
        missing = [name for name in needed if name not in (lines.fieldnames or ())]
        if missing:
            raise ImportRefused(f"no column {', '.join(missing)}; only a file that {written_by} wrote can be read")
        found = [(lines.line_num, {name: from_text(cell or "") for name, cell in row.items() if name}) for row in lines]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ImportRefused(f"this is no CSV in UTF-8: {error}") from error
    return found


def history_of(
    line: int, row: Mapping[str, str], column: str, read: Callable[[Any], Said], belongs: Callable[[Said], bool],
    what: str,
) -> list[Said]:  # fmt: skip
    """What people said as a cell of a line holds it, oldest first. Raises ImportRefused: it can't be read, or something
    in it is not about the line's own claim or pair (`what`)."""
    if not row[column]:
        return []
    try:
        given = [read(values) for values in json.loads(row[column])]
    except (ValueError, TypeError, KeyError, WorkbenchError) as error:
        raise ImportRefused(f"line {line}: its {column} can't be read: {error}") from error
    if not all(map(belongs, given)):
        raise ImportRefused(f"line {line}: its {column} speaks of another {what}")
    return sorted(given, key=lambda one: one.id)
