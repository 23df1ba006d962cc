"""The collection as tables: one row a claim in the terms of ClaimReview, or one row a pair; the same data give the same
bytes. `workbench.claimreview` writes verdicts for search engines.

Who sees what: a second review is given without seeing the first verdict, and a file must not tell what the screen keeps
back. So every table takes `seen_by`, the person for whom it is made, "" for somebody in the app who gave no name: of a
claim that waits for its second review (`workbench.review.hidden_from`) it then holds no verdict, no word, evidence or
history of one, unless that person gave the first verdict; only its status and the words of `workbench.unseen.HIDDEN`.
Nor does it hold what others said of that claim's pairs.
No role is an exception, for an editor may be the second reviewer, too. Once the second verdict is given, everybody
sees both. None is the desk itself: the command line, which is for whoever holds the workspace's files and could read
the database. Only such a file is a whole record that `workbench.restore` can make a workspace of."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from workbench import thresholds
from workbench.blind import without_machine
from workbench.milestones import exceptions
from workbench.pairs import all_pairs, links_of
from workbench.queries import statements_of
from workbench.rounds import agreement_of, reviewed
from workbench.rows import Link, PairJudgement, Statement, VerdictRow
from workbench.scales import KNOWN_VERDICTS, verdict_words
from workbench.store import Store
from workbench.unseen import HIDDEN, unseen_by
from workbench.verdicts import all_judgements, all_verdicts, standing

CLAIM_COLUMNS = (
    "claim_id",
    "claim_reviewed",
    "speaker",
    "attribution",
    "article_title",
    "outlet",
    "article_url",
    "article_date",
    "char_start",
    "char_end",
    "verdict",
    "rating_value",
    "rationale",
    "reviewer",
    "reviewed_at",
    "contradicting_claim_ids",
    "supporting_claim_ids",
    "evidence_claim_ids",
    "machine_label",
    "machine_score",
    "model",
    "article_id",
    "kind",
    "assertion",
    "check_worthiness",
    "verdict_label",
    "status",
    "assignee",
    "revision",
    "first_reviewer",
    "first_verdict",
    "first_rationale",
    "first_reviewed_at",
    "second_reviewer",
    "second_verdict",
    "second_rationale",
    "second_reviewed_at",
    "adjudicator",
    "agreement",
    "exception",
    "correction_note",
    "group_id",
    "independent_sources",
    "evidence_addresses",
    "archive_hash",
    "text_hash",
    "thresholds",
    "verdict_history",
)
# What places a claim in its article, for `workbench.restore_pairs`.
_OF_CLAIM = (
    "article_id", "article_title", "article_url", "char_start", "char_end", "kind", "assertion", "check_worthiness",
)  # fmt: skip
PAIR_COLUMNS = (
    "claim_a",
    "claim_b",
    "text_a",
    "text_b",
    "speaker_a",
    "speaker_b",
    "outlet_a",
    "outlet_b",
    "date_a",
    "date_b",
    "relation",
    "strict",
    "score",
    "similarity",
    "contradiction",
    "entailment_ab",
    "entailment_ba",
    "tension",
    "reasons",
    "model",
    "judgement",
    "judgement_note",
    "judged_by",
    "judged_at",
    "second_judgement",
    "second_judged_by",
    "agreement",
    "revision",
    "group_a",
    "group_b",
    "status_a",
    "status_b",
    "archive_hash_a",
    "archive_hash_b",
    "text_hash_a",
    "text_hash_b",
    "thresholds",
    "independent_sources_a",
    "independent_sources_b",
    "adjudicator_a",
    "adjudicator_b",
    "correction_note_a",
    "correction_note_b",
    "evidence_addresses_a",
    "evidence_addresses_b",
    *(f"{name}_{side}" for name in _OF_CLAIM for side in "ab"),
    "kept_back",
    "judgement_history",
)
KINDS_IN_WORDS = {
    "statement": "statement",
    "quotation": "quotation",
    "reported": "reported speech",
    "headline": "headline",
    "linked_headline": "linked headline",
}
_TAUGHT = {"contradiction": "contradiction", "not_contradiction": "not_contradiction", "same_claim": "entailment"}
_MACHINE_LABELS = {"contradicts": 0, "supports": 1, "same_claim": 1, "related": 2}
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TEXT_ALONE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MOST_IN_A_CELL = 32_767
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def claims_csv(store: Store, seen_by: str | None = None, blind: bool = False) -> bytes:
    """UTF-8 with a byte order mark; the current claims and those with verdicts, in the order of articles and text.

    Columns are CLAIM_COLUMNS. The verdict is the newest; `claim_reviewed` is the claim's text. A text that a
    spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers. `first_…` and `second_…`
    are the first two reviewers of the newest round, `agreement` says whether all of that round said the same (see
    `workbench.rounds.Reviewed`), `exception` why fewer independent sources did for a final verdict,
    `archive_hash` the SHA-256 under which the archive keeps what was read ("": it
    keeps nothing), `text_hash` that of the article's text in UTF-8, `independent_sources` counts those
    that say the same, `verdict_history` is JSON with every verdict ever given, newest first: `workbench.restore` reads
    it back. With `blind` nothing of the machine stands where `seen_by` gave no verdict.
    """
    return _csv(CLAIM_COLUMNS, _claim_table(store, seen_by, blind))


def claims_jsonl(store: Store, seen_by: str | None = None, blind: bool = False) -> bytes:
    """The same rows as JSON lines in UTF-8, each with every column; texts as they are, None where nothing is known."""
    return json_lines(CLAIM_COLUMNS, _claim_table(store, seen_by, blind))


def json_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as JSON lines in UTF-8."""
    lines = (json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) for row in rows)
    return "".join(f"{line}\n" for line in lines).encode()


def workbook(store: Store, seen_by: str | None = None, blind: bool = False) -> bytes:
    """An Excel workbook (.xlsx) with the sheets "Claims" and "Pairs"; no cell is a formula."""
    claims, pairs = _claim_table(store, seen_by, blind), _pair_table(store, seen_by, blind)
    return excel((("Claims", CLAIM_COLUMNS, claims), ("Pairs", PAIR_COLUMNS, pairs)))


def excel(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]) -> bytes:
    """An Excel workbook of these sheets, each a name, the columns and the rows; no cell is a formula."""
    import pandas as pd

    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="xlsxwriter", engine_kwargs={"options": dict(_TEXT_ALONE)}) as writer:
        for sheet, columns, rows in sheets:
            cells = [[_in_a_cell(cell) for cell in row] for row in rows]
            pd.DataFrame(cells, columns=list(columns)).to_excel(writer, sheet_name=sheet, index=False)
            writer.sheets[sheet].freeze_panes(1, 0)
    return out.getvalue()


def _in_a_cell(value: Any) -> Any:
    """What Excel can hold: no control characters, at most 32,767 letters; where it is cut, it says so at its end."""
    if not isinstance(value, str):
        return value
    value = _CONTROLS.sub("", value)
    if len(value) <= _MOST_IN_A_CELL:
        return value
    cut = f" … (cut: {len(value):,} letters are too many for Excel; the CSV holds them all)"
    return value[: _MOST_IN_A_CELL - len(cut)] + cut


def _claim_table(store: Store, seen_by: str | None, blind: bool) -> Sequence[Sequence[Any]]:
    rows = _claim_rows(store, seen_by)
    return without_machine(store, seen_by or "", CLAIM_COLUMNS, rows) if blind else rows


def _pair_table(store: Store, seen_by: str | None, blind: bool) -> Iterable[Sequence[Any]]:
    rows = _pair_rows(store, seen_by)
    return without_machine(store, seen_by or "", PAIR_COLUMNS, rows) if blind else rows


def _claim_rows(store: Store, seen_by: str | None) -> list[Sequence[Any]]:
    with store.reading() as connection:
        rows = (
            connection.execute(
                text("""
            SELECT c.id, c.text, c.speaker, c.kind, c.assertion, c.check_worthiness, c.cue, c.char_start, c.char_end,
                c.article_id, c.status, c.assignee, c.revision, c.public_note, c.group_id, c.related_by, a.title,
                a.outlet, a.url, a.date, coalesce(nullif(a.story_id, ''), a.id) AS story
            FROM claims c JOIN articles a ON a.id = c.article_id
            WHERE c.current OR c.id IN (SELECT claim_id FROM verdicts)
            ORDER BY a.added_at, a.id, c.char_start, c.char_end, c.id""")
            )
            .mappings()
            .all()
        )
        links = links_of(connection, (row["id"] for row in rows), seen_by)
        verdicts, unseen = all_verdicts(connection), unseen_by(connection, seen_by)
        hashes, settings, why = _hashes_of(connection), thresholds.known(connection), exceptions(connection)
    sources = _independent(rows)
    return [
        _claim_row(
            row,
            links[row["id"]],
            None if row["id"] in unseen else verdicts.get(row["id"], ()),
            hashes[row["article_id"]],
            thresholds.in_full(row["related_by"] or "", settings),
            sources,
            why.get(row["id"], ""),
        )
        for row in rows
    ]


def _hashes_of(connection: Connection) -> dict[str, tuple[str, str]]:
    """By article, the SHA-256 under which the archive keeps what was read of it last ("": nothing was kept), and that
    of its text ("": not known)."""
    rows = connection.execute(
        text("""SELECT a.id, a.text, (SELECT p.archive_hash FROM appearances p WHERE p.article_id = a.id
            AND p.archive_hash <> '' ORDER BY p.id DESC LIMIT 1) AS kept FROM articles a""")
    )
    return {row.id: (row.kept or "", hashlib.sha256(row.text.encode()).hexdigest() if row.text else "") for row in rows}


def _independent(rows: Sequence[RowMapping]) -> dict[str, int]:
    """How many independent sources each group has."""
    from embeddings.groups import Said, independent_sources

    groups: dict[str, list[Said]] = {}
    for row in rows:
        if row["group_id"]:
            said = Said(row["text"], row["speaker"], row["outlet"], row["story"])
            groups.setdefault(row["group_id"], []).append(said)
    return {group: independent_sources(said) for group, said in groups.items()}


def pairs_csv(store: Store, seen_by: str | None = None, blind: bool = False) -> bytes:
    """UTF-8 with a byte order mark; every pair that the machine or a person judged, ordered by its claims' ids.

    Columns are PAIR_COLUMNS; `judgement_history` is JSON with every judgement that people ever gave, newest first:
    `workbench.restore_pairs` reads it back.
    """
    return _csv(PAIR_COLUMNS, _pair_table(store, seen_by, blind))


def training_jsonl(store: Store) -> bytes:
    """What people said of pairs, as pairs to train an entailment model on: ``premise``, ``hypothesis``, ``label``.

    A contradiction and a same claim hold in both directions, "not a contradiction" is said of both; "unclear" teaches
    nothing. The newest judgement of a pair counts; the texts are the readings that the machine judged.
    """
    with store.reading() as connection:
        rows = connection.execute(
            text("""SELECT a.standalone, b.standalone, j.judgement FROM standing_judgements j
                JOIN claims a ON a.id = j.claim_a JOIN claims b ON b.id = j.claim_b
                WHERE j.id = (SELECT max(id) FROM standing_judgements WHERE claim_a = j.claim_a
                    AND claim_b = j.claim_b) ORDER BY j.id""")
        ).all()
    lines = [
        json.dumps({"premise": one, "hypothesis": other, "label": _TAUGHT[judgement]}, ensure_ascii=False) + "\n"
        for a, b, judgement in rows
        if judgement in _TAUGHT
        for one, other in ((a, b), (b, a))
    ]
    return "".join(lines).encode()


def as_text(value: str) -> str:
    """`value`, with an apostrophe in front where a spreadsheet would take it for a formula; `from_text` undoes it."""
    inside = value.lstrip("'")
    runs = inside.startswith(_FORMULA) or inside.lstrip().startswith(_FORMULA)
    return "'" + value if runs else value


def from_text(cell: str) -> str:
    """What `as_text` made a cell of."""
    return cell[1:] if cell.startswith("'") and as_text(cell[1:]) == cell else cell


def attribution_in_words(kind: str, cue: str) -> str:
    """How the article brings in its source, e.g. 'quotation: "said"'."""
    words = KINDS_IN_WORDS.get(kind, kind)
    return f'{words}: "{cue}"' if cue else words


def _claim_row(
    row: RowMapping,
    links: list[tuple[str, Link | None, str]],
    said: Sequence[VerdictRow] | None,
    hashes: tuple[str, str],
    judged_under: str,
    sources: dict[str, int],
    exception: str,
) -> Sequence[Any]:
    """`said` is None where the claim's verdicts are to be kept from whom the table is for."""
    verdicts = said or ()
    strongest = min(
        (link for _, link, _ in links if link), key=lambda link: _MACHINE_LABELS[link.relation], default=None
    )

    def others(wanted: str) -> str:
        return ";".join(other for other, _, heading in links if heading == wanted)

    given = standing(verdicts)
    kind = KNOWN_VERDICTS.get(given.verdict) if given else None
    last = reviewed(verdicts)
    return (
        row["id"],
        row["text"],
        row["speaker"],
        attribution_in_words(row["kind"], row["cue"]),
        row["title"],
        row["outlet"],
        row["url"],
        row["date"],
        row["char_start"],
        row["char_end"],
        given and given.verdict,
        kind and kind.rating_value,
        given and given.rationale,
        given and given.reviewer,
        given and given.at,
        others("contradicts"),
        others("supports"),
        ";".join(given.evidence) if given else "",
        strongest and strongest.relation,
        strongest and strongest.score,
        strongest and strongest.model_id,
        row["article_id"],
        row["kind"],
        row["assertion"],
        row["check_worthiness"],
        verdict_words(given.verdict, given.label) if given else HIDDEN if said is None else "",
        row["status"],
        row["assignee"],
        row["revision"],
        *_opinion_cells(last.first),
        *_opinion_cells(last.second),
        last.adjudicator,
        last.agreement,
        exception,
        row["public_note"],
        row["group_id"],
        sources.get(row["group_id"], 1),
        ";".join(given.addresses) if given else "",
        *hashes,
        judged_under,
        json.dumps([asdict(one) for one in verdicts], ensure_ascii=False) if verdicts else "",
    )


def _opinion_cells(row: VerdictRow | None) -> Sequence[str]:
    return (row.reviewer, row.verdict, row.rationale, row.at) if row else ("",) * 4


def _pair_rows(store: Store, seen_by: str | None) -> Iterator[Sequence[Any]]:
    pairs = {(pair.a.claim_id, pair.b.claim_id): (pair.a, pair.b, pair.link) for pair in all_pairs(store).rows}
    with store.reading() as connection:
        claims = {
            row["id"]: row
            for row in connection.execute(
                text("""SELECT c.id, c.status, c.group_id, c.public_note, c.text, c.speaker, c.current,
                    c.char_start, c.char_end, c.kind, c.assertion, c.check_worthiness, a.id AS article_id,
                    a.title AS article_title, a.url AS article_url, a.outlet,
                    coalesce(nullif(a.story_id, ''), a.id) AS story
                    FROM claims c JOIN articles a ON a.id = c.article_id""")
            ).mappings()
        }
        verdicts, unseen = all_verdicts(connection), unseen_by(connection, seen_by)
        judged_by = dict(
            ((row.claim_a, row.claim_b), row.judged_by)
            for row in connection.execute(text("SELECT claim_a, claim_b, judged_by FROM relations"))
        )
        history = all_judgements(connection)
        # Judged by people alone: the machine's finding went with an edited text, or never came.
        alone = [ids for ids in history if ids not in pairs]
        found = statements_of(connection, {claim_id for ids in alone for claim_id in ids})
        hashes, settings = _hashes_of(connection), thresholds.known(connection)
    # As in the table of claims: what the text no longer yields counts only where somebody judged it.
    sources = _independent([row for row in claims.values() if row["current"] or row["id"] in verdicts])
    verdicts = {claim_id: () if claim_id in unseen else rows for claim_id, rows in verdicts.items()}
    pairs |= {ids: (found[ids[0]], found[ids[1]], None) for ids in alone}
    for ids, (a, b, link) in sorted(pairs.items(), key=itemgetter(0)):
        ever = history.get(ids, ())
        kept = not unseen.isdisjoint(ids) and any(row.reviewer != seen_by for row in ever)
        if kept:
            ever = tuple(row for row in ever if row.reviewer == seen_by)
        said = [row for row in ever if not row.withdrawn_at]
        newest = {row.reviewer: row for row in reversed(said)}
        second = next((row for row in said if row.reviewer != said[0].reviewer), None)
        yield (
            *_pair_row(a, b, link, standing(ever)),
            second and second.judgement,
            second and second.reviewer,
            agreement_of([row.judgement for row in newest.values()]),
            2 * len(ever) - len(said),  # each was given, and some were taken back
            *(claims[claim_id]["group_id"] for claim_id in ids),
            *(claims[claim_id]["status"] for claim_id in ids),
            *(hashes[side.article_id][of] for of in (0, 1) for side in (a, b)),
            thresholds.in_full(judged_by.get(ids, ""), settings),
            *(sources.get(claims[claim_id]["group_id"], 1) for claim_id in ids),
            *(reviewed(verdicts.get(claim_id, ())).adjudicator for claim_id in ids),
            *(claims[claim_id]["public_note"] for claim_id in ids),
            *(_addresses(verdicts.get(claim_id, ())) for claim_id in ids),
            *(claims[claim_id][name] for name in _OF_CLAIM for claim_id in ids),
            HIDDEN if kept else "",
            json.dumps([asdict(one) for one in ever], ensure_ascii=False) if ever else "",
        )


def _addresses(verdicts: Sequence[VerdictRow]) -> str:
    given = standing(verdicts)
    return ";".join(given.addresses) if given else ""


def _pair_row(a: Statement, b: Statement, link: Link | None, judged: PairJudgement | None) -> Sequence[Any]:
    return (
        a.claim_id,
        b.claim_id,
        a.text,
        b.text,
        a.speaker,
        b.speaker,
        a.outlet,
        b.outlet,
        a.date,
        b.date,
        *(_link_cells(link) if link else [""] * 10),
        judged and judged.judgement,
        judged and judged.note,
        judged and judged.reviewer,
        judged and judged.at,
    )


def _link_cells(link: Link) -> Sequence[Any]:
    return (
        link.relation,
        str(link.strict).lower(),
        link.score,
        link.similarity,
        link.contradiction,
        link.entailment_ab,
        link.entailment_ba,
        link.tension,
        "; ".join(reason.words for reason in link.reasons),
        link.model_id,
    )


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([as_text(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
