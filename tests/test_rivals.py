"""The comparison with rivals: what readers said is counted by program, without a guess where an answer is missing."""

from __future__ import annotations

import csv
import json

import pytest

from benchmarks.rivals import OURS, Found, count_readings, soonest, strongest, write_sample
from tests.fakes import a_claim

CLAIMS = [a_claim(f"c{number}", f"Statement {number}.") for number in range(6)]


def filled(folder, name: str, answers: dict[int, str]):
    path = folder / name
    with (folder / "sample.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, "conflict": answers[int(row["number"])]} for row in rows)
    return path


@pytest.fixture
def sample(tmp_path):
    found = {
        "ours": Found(9, 18, 1.0, [("c0", "c1"), ("c2", "c3")]),
        "theirs": Found(9, 18, 1.0, [("c1", "c0"), ("c4", "c5")]),
    }
    write_sample(tmp_path, CLAIMS, found, 50)
    return tmp_path


def test_our_first_pairs_are_as_many_as_the_rival_flagged_that_flagged_most():
    ours = Found(9, 18, 1.0, [("c0", "c1"), ("c2", "c3"), ("c4", "c5")])
    found = {
        OURS: ours,
        "few": Found(9, 9, 1.0, [("c1", "c2")]),
        "more": Found(9, 9, 1.0, [("c1", "c2"), ("c3", "c4")]),
    }
    assert strongest(found).flagged == [("c0", "c1"), ("c2", "c3")]
    assert strongest({OURS: ours, "none": Found(9, 9, 1.0, [])}).flagged == []


def test_what_ours_had_found_when_the_rival_was_done_that_flagged_most():
    after = {("c0", "c1"): 2.0, ("c2", "c3"): 9.0, ("c4", "c5"): 3.0}
    found = {
        OURS: Found(9, 18, 12.0, list(after), after=after),
        "slow": Found(9, 9, 10.0, [("c1", "c2")]),
        "more": Found(9, 9, 3.0, [("c1", "c2"), ("c3", "c4")]),
    }
    soon = soonest(found)
    assert (soon.flagged, soon.seconds) == ([("c0", "c1"), ("c4", "c5")], 3.0)


def test_a_pair_of_two_programs_is_read_once(sample):
    key = json.loads((sample / "key.json").read_text())
    assert sorted(map(tuple, key)) == [("ours",), ("ours", "theirs"), ("theirs",)]


def test_precision_is_by_program_and_differences_are_shown(sample):
    key = json.loads((sample / "key.json").read_text())
    both = {number: "yes" if len(names) == 2 else "no" for number, names in enumerate(key)}
    generous = {number: "yes" if "ours" in names else "no" for number, names in enumerate(key)}
    lines, result = count_readings(sample, filled(sample, "first.csv", both), filled(sample, "second.csv", generous))
    assert result["ours"] == {"read": 2, "precision_first": 0.5, "precision_second": 1.0, "precision_both": 0.5}
    assert result["theirs"]["precision_both"] == 0.5
    assert len(lines) == 1 and "ours" in lines[0]


def test_a_missing_answer_is_refused(sample):
    full = filled(sample, "first.csv", dict.fromkeys(range(3), "no"))
    gap = filled(sample, "second.csv", {0: "no", 1: "", 2: "no"})
    with pytest.raises(ValueError, match="pair 1 has ''; write yes or no"):
        count_readings(sample, full, gap)
