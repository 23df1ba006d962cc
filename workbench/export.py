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

import json

from sqlalchemy import text

from workbench.claim_table import CLAIM_COLUMNS, claim_table
from workbench.pair_table import PAIR_COLUMNS, pair_table
from workbench.store import Store
from workbench.table_files import csv_bytes, excel, json_lines
from workbench.unseen import unseen_by

_TAUGHT = {"contradiction": "contradiction", "not_contradiction": "not_contradiction", "same_claim": "entailment"}


def claims_csv(store: Store, seen_by: str | None = None, blind: bool = False) -> bytes:
    """UTF-8 with a byte order mark; the current claims and those with verdicts or named as evidence, in the order of
    articles and text.

    Columns are CLAIM_COLUMNS. The verdict is the newest; `claim_reviewed` is the claim's text. A text that a
    spreadsheet would run as a formula, in whole or after a semicolon, tab or line's end within, gets an apostrophe in
    front there; numbers stay numbers. `first_…` and `second_…`
    are the first two reviewers of the newest round, `agreement` says whether all of that round said the same (see
    `workbench.rounds.Reviewed`), `exception` why fewer independent sources did for a final verdict,
    `archive_hash` the SHA-256 under which the archive keeps what was read with the article's present text ("": it keeps
    nothing), `text_hash` that of this text in UTF-8 (of a claim that the article holds no more both are of the last
    text that held it), `independent_sources` counts those
    that say the same, `verdict_history` is JSON with every verdict ever given, newest first: `workbench.restore` reads
    it back. With `blind` nothing of the machine stands where `seen_by` gave no verdict.
    """
    return csv_bytes(CLAIM_COLUMNS, claim_table(store, seen_by, blind))


def claims_jsonl(store: Store, seen_by: str | None = None, blind: bool = False) -> bytes:
    """The same rows as JSON lines in UTF-8, each with every column; texts as they are, None where nothing is known."""
    return json_lines(CLAIM_COLUMNS, claim_table(store, seen_by, blind))


def workbook(store: Store, seen_by: str | None = None, blind: bool = False) -> bytes:
    """An Excel workbook (.xlsx) with the sheets "Claims" and "Pairs"; no cell is a formula."""
    claims, pairs = claim_table(store, seen_by, blind), pair_table(store, seen_by, blind)
    return excel((("Claims", CLAIM_COLUMNS, claims), ("Pairs", PAIR_COLUMNS, pairs)))


def pairs_csv(store: Store, seen_by: str | None = None, blind: bool = False) -> bytes:
    """UTF-8 with a byte order mark; every pair that the machine or a person judged, ordered by its claims' ids.

    Columns are PAIR_COLUMNS; `judgement` is the one that counts, the newest, `first_…` and `second_…` are the newest of
    the two people who judged the pair first; `judgement_history` is JSON with every judgement that people ever gave,
    newest first: `workbench.restore_pairs` reads it back.
    """
    return csv_bytes(PAIR_COLUMNS, pair_table(store, seen_by, blind))


def kept_back(store: Store, seen_by: str) -> int:
    """The number of claims whose verdicts a table for this person leaves out, since they wait for a second review."""
    with store.reading() as connection:
        return len(unseen_by(connection, seen_by))


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
