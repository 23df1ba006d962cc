"""The table of pairs: a row for each that the machine or a person judged. `workbench.export` says who sees what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from operator import itemgetter
from typing import Any

from sqlalchemy import text

from workbench import thresholds
from workbench.blind import without_machine
from workbench.groups import sources_by_group
from workbench.histories import all_verdicts, standing, still_standing
from workbench.originals import hashes_of
from workbench.pair_judgements import all_judgements
from workbench.pair_rows import Link, PairJudgement, Statement
from workbench.pairs import all_pairs
from workbench.queries import statements_of
from workbench.rounds import agreement_of, reviewed
from workbench.rows import VerdictRow
from workbench.store import Store
from workbench.unseen import HIDDEN, unseen_by

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
    "first_judgement",
    "first_judged_by",
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


def pair_table(store: Store, seen_by: str | None, blind: bool) -> Iterable[Sequence[Any]]:
    """Rows under PAIR_COLUMNS; `seen_by` and `blind` as in `workbench.export.pairs_csv`."""
    rows = _pair_rows(store, seen_by)
    return without_machine(store, seen_by or "", PAIR_COLUMNS, rows) if blind else rows


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
        hashes, settings = hashes_of(connection), thresholds.known(connection)
    # As in the table of claims: what the text no longer yields counts only where somebody judged it.
    sources = sources_by_group([row for row in claims.values() if row["current"] or row["id"] in verdicts])
    verdicts = {claim_id: () if claim_id in unseen else rows for claim_id, rows in verdicts.items()}
    pairs |= {ids: (found[ids[0]], found[ids[1]], None) for ids in alone}
    for ids, (a, b, link) in sorted(pairs.items(), key=itemgetter(0)):
        ever = history.get(ids, ())
        kept = not unseen.isdisjoint(ids) and any(row.reviewer != seen_by for row in ever)
        if kept:
            ever = tuple(row for row in ever if row.reviewer == seen_by)
        said = still_standing(ever)
        newest = {row.reviewer: row for row in reversed(said)}  # whoever judged first stands first
        first, second = [*newest.values(), None, None][:2]
        yield (
            *_pair_row(a, b, link, standing(ever)),
            first and first.judgement,
            first and first.reviewer,
            second and second.judgement,
            second and second.reviewer,
            agreement_of([row.judgement for row in newest.values()]),
            2 * len(ever) - len(said),  # each was given, and some were taken back
            *(claims[claim_id]["group_id"] for claim_id in ids),
            *(claims[claim_id]["status"] for claim_id in ids),
            *(hashes[claim_id][of] for of in (0, 1) for claim_id in ids),
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
