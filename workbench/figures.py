"""The figures behind the desk's pictures, as tables of plain rows; each can be downloaded as CSV."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import text

from workbench.attention import FOUND_BY_PEOPLE, STANDING_CONFLICT
from workbench.blind import JUDGED, pair_shown
from workbench.claim_filter import STATES, states
from workbench.listing import LIKELY
from workbench.rows import LogRow
from workbench.scales import KNOWN_VERDICTS, verdict_words
from workbench.store import Store
from workbench.table_files import csv_bytes, excel, json_lines
from workbench.unseen import UNSEEN

MOST_SPEAKERS = 15
LOG_COLUMNS = ("at", "who", "what", "claim_id", "claim_text", "subject", "subject_text", "before", "after", "note")


@dataclass(frozen=True, slots=True)
class Figures:
    """A table: names of columns, and rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def csv(self) -> bytes:
        """The same in UTF-8 with a byte order mark; no cell runs as a formula."""
        return csv_bytes(self.columns, self.rows)

    def jsonl(self) -> bytes:
        """The same as JSON lines in UTF-8, each with every column."""
        return json_lines(self.columns, self.rows)

    def xlsx(self, sheet: str) -> bytes:
        """The same as an Excel workbook with one sheet of this name; no cell is a formula."""
        return excel([(sheet, self.columns, self.rows)])


def log_table(rows: Sequence[LogRow]) -> Figures:
    """The log as a table, in the order of these rows."""
    return Figures(LOG_COLUMNS, tuple(tuple(getattr(row, name) or "" for name in LOG_COLUMNS) for row in rows))


def who_contradicts_whom(store: Store, most: int = MOST_SPEAKERS, blind_for: str | None = None) -> Figures:
    """Sources by sources: how many contradictory pairs stand between the two that nobody set aside, doubtful ones left
    out; of the `most` sources with most conflicts. A source is a speaker ("officials" those of one outlet), or the
    outlet where nobody is quoted; a row for each order, and one for a source that contradicts itself. What a blind desk
    keeps from `blind_for` is not counted."""
    rows = _rows(
        store,
        f"""WITH source AS (
                SELECT c.id, iif(c.speaker <> '' AND NOT is_unnamed(c.speaker), c.speaker,
                    iif(c.speaker = '', '', c.speaker || ', ') || coalesce(nullif(a.outlet, ''), nullif(a.title, ''),
                    nullif(a.file_name, ''), a.id)) AS name
                FROM claims c JOIN articles a ON a.id = c.article_id),
            conflict AS (SELECT r.claim_a, r.claim_b, r.strict FROM relations r
                WHERE {STANDING_CONFLICT} AND {LIKELY} AND {pair_shown("r")}
                UNION ALL SELECT p.claim_a, p.claim_b, 1 {FOUND_BY_PEOPLE} AND {pair_shown("p")}),
            clash AS (SELECT a.name AS one, b.name AS other, r.strict FROM conflict r JOIN source a ON a.id = r.claim_a
                JOIN source b ON b.id = r.claim_b),
            both AS (SELECT one, other, strict FROM clash UNION ALL
                SELECT other, one, strict FROM clash WHERE one <> other),
            loud AS (SELECT one FROM both GROUP BY one ORDER BY count(*) DESC, one LIMIT :most)
        SELECT one, other, count(*), sum(strict) FROM both WHERE one IN loud AND other IN loud
        GROUP BY one, other ORDER BY one, other""",
        most=most,
        blind_for=blind_for,
    )
    return Figures(("source", "other_source", "contradictory_pairs", "of_them_strict"), rows)


def over_time(store: Store, blind_for: str | None = None) -> Figures:
    """By day of the article and outlet, how many claims there are and how many of them are contradicted; on a blind
    desk of those that `blind_for` has judged."""
    rows = _rows(
        store,
        f"""SELECT a.date, coalesce(nullif(a.outlet, ''), 'outlet not known'), count(*), count(c.contradiction)
        FROM claims c JOIN articles a ON a.id = c.article_id WHERE c.current AND a.date <> ''
        AND (:blind_for IS NULL OR c.id IN {JUDGED}) GROUP BY 1, 2 ORDER BY 1, 2""",
        blind_for=blind_for,
    )
    return Figures(("date", "outlet", "claims", "contradicted"), rows)


def verdicts_by(store: Store, what: str, seen_by: str | None = None) -> Figures:
    """Standing verdicts by "outlet" or by "speaker", in the words they were given in, how often each was given and the
    standard verdict that it stands for; those that a second review keeps from `seen_by` are left out. Of the
    `MOST_SPEAKERS` speakers or outlets with most verdicts."""
    columns = {"outlet": "a.outlet", "speaker": "c.speaker"}
    if what not in columns:
        raise ValueError(f"no figures by {what!r}; choose one of {', '.join(columns)}")
    rows = _rows(
        store,
        f"""WITH given AS (
            SELECT coalesce(nullif({columns[what]}, ''), 'not known') AS name, v.verdict, v.label FROM claims c
            JOIN articles a ON a.id = c.article_id
            JOIN verdicts v ON v.id = (SELECT max(id) FROM standing_verdicts WHERE claim_id = c.id)
            WHERE :all OR NOT {UNSEEN})
        SELECT name, verdict, label, count(*) FROM given
        WHERE name IN (SELECT name FROM given GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {MOST_SPEAKERS})
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
        all=seen_by is None,
        seen_by=seen_by,
    )
    named = tuple(
        (name, verdict_words(verdict, label), count, KNOWN_VERDICTS[verdict].label)
        for name, verdict, label, count in rows
    )
    return Figures((what, "verdict", "claims", "standard_verdict"), named)


def by_status(store: Store) -> Figures:
    """Claims by status, in the order of the work, also those that their article lost after people had judged them; of
    those in second review the ones that only wait to be made final apart."""
    with store.reading() as connection:
        found = states(connection)
    return Figures(("status", "claims"), tuple((label, found[name]) for name, label in STATES.items()))


def work_by_day(store: Store) -> Figures:
    """Verdicts given by day (UTC) and reviewer."""
    rows = _rows(store, "SELECT substr(at, 1, 10), reviewer, count(*) FROM verdicts GROUP BY 1, 2 ORDER BY 1, 2")
    return Figures(("day", "reviewer", "verdicts"), rows)


def _rows(store: Store, sql: str, **values: Any) -> tuple[tuple[Any, ...], ...]:
    with store.reading() as connection:
        return tuple(tuple(row) for row in connection.execute(text(sql), values))


def said_when(store: Store, claim_ids: Sequence[str], stances: Mapping[str, str] = MappingProxyType({})) -> Figures:
    """For a timeline: these claims' dates, sources and words, those with a date, oldest first; and by claim id what
    each says of the matter, "" where `stances` doesn't tell."""
    rows = _rows(
        store,
        """SELECT a.date, coalesce(nullif(c.speaker, ''), nullif(a.outlet, ''), nullif(a.title, ''),
            nullif(a.file_name, ''), a.id), c.text, c.id FROM claims c JOIN articles a ON a.id = c.article_id
        WHERE c.id IN (SELECT value FROM json_each(:ids)) AND a.date <> '' ORDER BY a.date, a.added_at, c.char_start""",
        ids=json.dumps(list(claim_ids)),
    )
    told = tuple((*row, stances.get(row[3], "")) for row in rows)
    return Figures(("date", "source", "claim", "claim_id", "stance"), told)
