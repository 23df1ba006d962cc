"""The collection as tables: one row a claim in the terms of ClaimReview, or one row a pair; the same data give the same
bytes. `workbench.claimreview` writes verdicts for search engines."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import RowMapping, text

from workbench.pairs import HEADINGS, all_pairs, links_of
from workbench.rows import Link, PairRow
from workbench.store import Store
from workbench.verdicts import VERDICTS

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
)
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


def claims_csv(store: Store) -> bytes:
    """UTF-8 with a byte order mark; the current claims and those with verdicts, in the order of articles and text.

    Columns are CLAIM_COLUMNS. The verdict is the newest; `claim_reviewed` is the claim's text. A text that a
    spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers.
    """
    return _csv(CLAIM_COLUMNS, _claim_rows(store))


def claims_jsonl(store: Store) -> bytes:
    """The same rows as JSON lines in UTF-8, each with every column; texts as they are, None where nothing is known."""
    lines = (json.dumps(dict(zip(CLAIM_COLUMNS, row, strict=True)), ensure_ascii=False) for row in _claim_rows(store))
    return "".join(f"{line}\n" for line in lines).encode()


def workbook(store: Store) -> bytes:
    """An Excel workbook (.xlsx) with the sheets "Claims" and "Pairs"; no cell is a formula."""
    import pandas as pd

    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="xlsxwriter", engine_kwargs={"options": dict(_TEXT_ALONE)}) as writer:
        for sheet, columns, rows in (
            ("Claims", CLAIM_COLUMNS, _claim_rows(store)),
            ("Pairs", PAIR_COLUMNS, map(_pair_row, all_pairs(store).rows)),
        ):
            cells = [[_in_a_cell(cell) for cell in row] for row in rows]
            pd.DataFrame(cells, columns=list(columns)).to_excel(writer, sheet_name=sheet, index=False)
            writer.sheets[sheet].freeze_panes(1, 0)
    return out.getvalue()


def _in_a_cell(value: Any) -> Any:
    """What Excel can hold: no control characters, at most 32,767 letters."""
    return _CONTROLS.sub("", value)[:_MOST_IN_A_CELL] if isinstance(value, str) else value


def _claim_rows(store: Store) -> list[Sequence[Any]]:
    with store.reading() as connection:
        rows = (
            connection.execute(
                text("""
            SELECT c.id, c.text, c.speaker, c.kind, c.assertion, c.check_worthiness, c.cue, c.char_start, c.char_end,
                c.article_id, a.title, a.outlet, a.url, a.date, v.verdict, v.rationale, v.reviewer, v.at, v.evidence
            FROM claims c JOIN articles a ON a.id = c.article_id
            LEFT JOIN verdicts v ON v.id = (SELECT max(id) FROM standing_verdicts WHERE claim_id = c.id)
            WHERE c.current OR v.id IS NOT NULL
            ORDER BY a.added_at, a.id, c.char_start, c.char_end, c.id""")
            )
            .mappings()
            .all()
        )
        links = links_of(connection, (row["id"] for row in rows))
    return [_claim_row(row, links[row["id"]]) for row in rows]


def pairs_csv(store: Store) -> bytes:
    """UTF-8 with a byte order mark; every stored pair, ordered by its claims' ids. Columns are PAIR_COLUMNS."""
    return _csv(PAIR_COLUMNS, map(_pair_row, all_pairs(store).rows))


def training_jsonl(store: Store) -> bytes:
    """What people said of pairs, as pairs to train an entailment model on: ``premise``, ``hypothesis``, ``label``.

    A contradiction and a same claim hold in both directions, "not a contradiction" is said of both; "unclear" teaches
    nothing. The newest judgement of a pair counts; the texts are the readings that the machine judged.
    """
    with store.reading() as connection:
        rows = connection.execute(
            text("""SELECT a.standalone, b.standalone, j.judgement FROM pair_judgements j
                JOIN claims a ON a.id = j.claim_a JOIN claims b ON b.id = j.claim_b
                WHERE j.id = (SELECT max(id) FROM pair_judgements WHERE claim_a = j.claim_a AND claim_b = j.claim_b)
                ORDER BY j.id""")
        ).all()
    lines = [
        json.dumps({"premise": one, "hypothesis": other, "label": _TAUGHT[judgement]}, ensure_ascii=False) + "\n"
        for a, b, judgement in rows
        if judgement in _TAUGHT
        for one, other in ((a, b), (b, a))
    ]
    return "".join(lines).encode()


def as_text(value: str) -> str:
    """`value`, with an apostrophe in front where a spreadsheet would take it for a formula."""
    runs = value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA)
    return "'" + value if runs else value


def attribution_in_words(kind: str, cue: str) -> str:
    """How the article brings in its source, e.g. 'quotation: "said"'."""
    words = KINDS_IN_WORDS.get(kind, kind)
    return f'{words}: "{cue}"' if cue else words


def _claim_row(row: RowMapping, links: list[tuple[str, Link]]) -> Sequence[Any]:
    strongest = min((link for _, link in links), key=lambda link: _MACHINE_LABELS[link.relation], default=None)

    def others(heading: str) -> str:
        return ";".join(other for other, link in links if HEADINGS[link.relation] == heading)

    verdict = VERDICTS.get(row["verdict"])
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
        row["verdict"],
        verdict and verdict.rating_value,
        row["rationale"],
        row["reviewer"],
        row["at"],
        others("contradicts"),
        others("supports"),
        ";".join(json.loads(row["evidence"] or "[]")),
        strongest and strongest.relation,
        strongest and strongest.score,
        strongest and strongest.model_id,
        row["article_id"],
        row["kind"],
        row["assertion"],
        row["check_worthiness"],
    )


def _pair_row(pair: PairRow) -> Sequence[Any]:
    a, b, link, judged = pair.a, pair.b, pair.link, pair.judgement
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
        judged and judged.judgement,
        judged and judged.note,
        judged and judged.reviewer,
        judged and judged.at,
    )


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([as_text(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
