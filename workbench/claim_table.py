"""The table of claims: a row for each current claim and each with verdicts or named as evidence, in the terms of
ClaimReview. `workbench.export` says who sees what."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import RowMapping, text

from workbench import thresholds
from workbench.blind import without_machine
from workbench.groups import sources_by_group
from workbench.histories import all_verdicts, standing
from workbench.milestones import exceptions
from workbench.originals import hashes_of
from workbench.pair_rows import Link
from workbench.pairs import links_of
from workbench.rounds import reviewed
from workbench.rows import VerdictRow
from workbench.scales import KNOWN_VERDICTS, verdict_words
from workbench.store import Store
from workbench.unseen import HIDDEN, unseen_by

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
KINDS_IN_WORDS = {
    "statement": "statement",
    "quotation": "quotation",
    "reported": "reported speech",
    "headline": "headline",
    "linked_headline": "linked headline",
}
_MACHINE_LABELS = {"contradicts": 0, "supports": 1, "same_claim": 1, "related": 2}


def claim_table(store: Store, seen_by: str | None, blind: bool) -> Sequence[Sequence[Any]]:
    """Rows under CLAIM_COLUMNS; `seen_by` and `blind` as in `workbench.export.claims_csv`."""
    rows = _claim_rows(store, seen_by)
    return without_machine(store, seen_by or "", CLAIM_COLUMNS, rows) if blind else rows


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
                OR c.id IN (SELECT e.value FROM verdicts w, json_each(w.evidence) e)
            ORDER BY a.added_at, a.id, c.char_start, c.char_end, c.id""")
            )
            .mappings()
            .all()
        )
        links = links_of(connection, (row["id"] for row in rows), seen_by)
        verdicts, unseen = all_verdicts(connection), unseen_by(connection, seen_by)
        hashes, settings, why = hashes_of(connection), thresholds.known(connection), exceptions(connection)
    sources = sources_by_group(rows)
    return [
        _claim_row(
            row,
            links[row["id"]],
            None if row["id"] in unseen else verdicts.get(row["id"], ()),
            hashes[row["id"]],
            thresholds.in_full(row["related_by"] or "", settings),
            sources,
            why.get(row["id"], ""),
        )
        for row in rows
    ]


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
