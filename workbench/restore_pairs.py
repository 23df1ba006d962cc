"""Reading back what `workbench.export.pairs_csv` wrote: every judgement of a pair, with the claims it names."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, insert

from workbench.articles import refresh_contradictions
from workbench.divergence import PairMeeting, pair_id
from workbench.groups import regroup
from workbench.histories import standing
from workbench.incoming import Decisions, RestoreReport, history_of, rows_of, under_names_here
from workbench.log import name_here, write_log
from workbench.pair_judgements import PAIR_JUDGEMENTS, judgements_of
from workbench.pair_rows import PairJudgement
from workbench.people import MANAGE, named
from workbench.restore import place_claim, restore_verdicts
from workbench.schema import JudgementWithdrawalRecord, PairJudgementRecord
from workbench.store import Store

_OF_CLAIM = {  # in a file of pairs, with _a or _b; in one of claims
    "text": "claim_reviewed", "speaker": "speaker", "outlet": "outlet", "date": "article_date",
    "article_id": "article_id", "article_title": "article_title", "article_url": "article_url",
    "char_start": "char_start", "char_end": "char_end", "kind": "kind", "assertion": "assertion",
    "check_worthiness": "check_worthiness",
}  # fmt: skip
_NEEDED = ("claim_a", "claim_b", *(f"{name}_{side}" for name in _OF_CLAIM for side in "ab"), "judgement_history")


def restore_file(
    store: Store, content: bytes, reviewer: str, choices: Mapping[str, str] | None = None, otherwise: str = "",
    ask_again: bool = False,
) -> RestoreReport:  # fmt: skip
    """Takes in a table of claims or one of pairs, whichever its columns say it is. Raises as `restore_verdicts`."""
    heading = content.split(b"\n", 1)[0].decode("utf-8-sig", "replace").strip()
    is_pairs = "claim_a" in next(csv.reader([heading]), ())
    return (restore_pairs if is_pairs else restore_verdicts)(store, content, reviewer, choices, otherwise, ask_again)


def restore_pairs(
    store: Store, content: bytes, reviewer: str, choices: Mapping[str, str] | None = None, otherwise: str = "",
    ask_again: bool = False,
) -> RestoreReport:  # fmt: skip
    """Takes in the judgements of a CSV; all of them, or none if any line is bad.

    Claims and articles that this workspace doesn't know come along as far as the file knows them; what the machine
    found between them is not taken from the file but found again when the articles are ingested. A judgement that is
    there already is left as it is, and a history that goes on from what is here is followed. Where file and workspace
    say different things of a pair, `choices` says by its id (`workbench.divergence.pair_id`) which counts, and for all
    others `otherwise`; what somebody left as it stands here is not asked again, but with `ask_again`.

    Raises as `restore_verdicts`.
    """
    reviewer, decide = name_here(store, reviewer), Decisions(choices, otherwise, ask_again)
    rows = rows_of(content, _NEEDED, "“Pairs as CSV”")
    judged = [(line, row, given) for line, row in rows if (given := _judgements(line, row))]
    judged = under_names_here(store, judged)
    with store.writing(MANAGE, reviewer) as connection:
        for line, row, _ in judged:
            for side in "ab":
                place_claim(connection, line, _claim(row, side))
        met = [(row, PairMeeting(judgements_of(connection, _pair(row)), given)) for _, row, given in judged]
        apart = [meeting.divergence((row["text_a"], row["text_b"])) for row, meeting in met]
        left = decide.left(connection, apart, reviewer)
        taken = [meeting for row, meeting in met if pair_id(_pair(row)) not in left]
        for meeting in taken:
            _take(connection, meeting, reviewer)
        refresh_contradictions(connection, [claim_id for row, _ in met for claim_id in _pair(row)])
        regroup(connection)
    new = [len(meeting.new) for meeting in taken]
    return RestoreReport.of((meeting for _, meeting in met), new, left, ("judgements", "pairs"), rows)


def _pair(row: Mapping[str, str]) -> tuple[str, str]:
    return row["claim_a"], row["claim_b"]


def _claim(row: Mapping[str, str], side: str) -> dict[str, str]:
    """One side of a pair, under the names that a table of claims has for it."""
    cells = {there: row[f"{name}_{side}"] for name, there in _OF_CLAIM.items()}
    return {"claim_id": row[f"claim_{side}"], **cells}


def _judgements(line: int, row: Mapping[str, str]) -> list[PairJudgement]:
    """The judgements of a line, oldest first."""
    ordered = row["claim_a"] < row["claim_b"]
    return history_of(
        line, row, "judgement_history", _judgement, lambda one: ordered and (one.claim_a, one.claim_b) == _pair(row),
        "pair",
    )  # fmt: skip


def _judgement(values: dict[str, Any]) -> PairJudgement:
    row = PairJudgement(**values)
    kinds = {"id": int, "blind": bool, "machine_score": int | float | None}
    for name, value in asdict(row).items():
        if not isinstance(value, kinds.get(name, str)):
            raise ValueError(f"{name} = {value!r}")
    if row.judgement not in PAIR_JUDGEMENTS:
        raise ValueError(f"no judgement {row.judgement!r}; choose one of {', '.join(PAIR_JUDGEMENTS)}")
    found, score = row.machine_relation, row.machine_score
    if (score is None) != (found == "") or not 0 <= (score or 0) <= 1:
        raise ValueError(
            f"machine_score = {score!r} beside machine_relation = {found!r}; give a number from 0 to 1, "
            "or null where the machine found nothing"
        )
    named(row.reviewer)
    return row


def _take(connection: Connection, meeting: PairMeeting, reviewer: str) -> None:
    """Stores what the file says of a pair beyond what is here."""
    before = standing(meeting.there)
    for one in meeting.new:
        values = asdict(one)
        del values["id"], values["withdrawn_at"]
        stored = connection.execute(insert(PairJudgementRecord).values(**values)).inserted_primary_key[0]
        if one.withdrawn_at:
            _withdraw(connection, stored, one)
        write_log(
            connection, reviewer, "import", one.claim_a, subject=one.claim_b, before=_in_words(before),
            after=_in_words(one), note=f"given by {one.reviewer} at {one.at}",
        )  # fmt: skip
        before = before if one.withdrawn_at else one
    for judgement_id, one in meeting.taken_back:
        _withdraw(connection, judgement_id, one)
        write_log(
            connection, reviewer, "import", one.claim_a, subject=one.claim_b, before=_in_words(one),
            after=_in_words(standing(judgements_of(connection, (one.claim_a, one.claim_b)))),
            note=f"taken back by {one.reviewer} at {one.withdrawn_at}",
        )  # fmt: skip


def _in_words(row: PairJudgement | None) -> str:
    return PAIR_JUDGEMENTS[row.judgement] if row else ""


def _withdraw(connection: Connection, judgement_id: int, one: PairJudgement) -> None:
    values = {"judgement_id": judgement_id, "reviewer": one.reviewer, "at": one.withdrawn_at}
    connection.execute(insert(JudgementWithdrawalRecord).values(**values))
