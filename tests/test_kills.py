"""Kills at thirty moments of a real run: minutes long, so it has a file, and with that a worker, of its own."""

from __future__ import annotations

from argparse import Namespace

from benchmarks.faults import kills
from benchmarks.faults_runs import ALWAYS, OPENING, READING
from tests.workbench_fakes import packed

TEXTS = (
    "Town bridge\n\nThe town bridge will be closed until next spring, the council said on Monday. Nobody was hurt.",
    "Bearings\n\n“Two bearings were found broken,” said Ada Holt, the town’s chief engineer.",
    "Bridge is sound\n\n“No bearing was broken,” said Jon Reed. The bridge cost nine million pounds in 1998.",
)


def test_a_run_killed_at_thirty_moments_ends_where_an_undisturbed_one_does(tmp_path):
    texts = packed(tmp_path / "texts.jsonl.gz", TEXTS)
    lines, result = kills(tmp_path, Namespace(file=texts, kills=30, articles=1, seed=4))
    assert (result["kills"], result["kills_same_end"], result["verdicts_lost_by_kills"]) == (30, 30, 0), (lines, result)
    assert result["verdicts_in_killed_runs"] >= 30, result
    assert sum(result["kills_by_stage"].values()) == 30 and {OPENING, READING} < set(result["kills_by_stage"]), result
    # Each stage was hit, those that take moments by a kill that waited for them.
    assert {*result["kills_by_stage"], *result["aimed_by_stage"]} >= set(ALWAYS), result
    assert result["aimed_same_end"] == sum(result["aimed_by_stage"].values()), (lines, result)
    assert {".txt", ".html", ".pdf", ".docx", ".eml", ".csv", ".xlsx", ".vtt", "web address"} == set(
        result["kinds_read"]
    )
    assert {"pair_judgements", "waiting", "speaker_names", "verdict_withdrawals", "index", "files"} < set(
        result["compared"]
    )
