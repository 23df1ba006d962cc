"""The comparison with rivals: what readers said is counted by program, without a guess where an answer is missing."""

from __future__ import annotations

import csv

import pytest

from benchmarks.blind import key_of
from benchmarks.rivals import (
    OURS,
    OURS_SOON,
    RIVALS,
    Found,
    count_readings,
    seconds_to,
    soonest,
    strongest,
    write_sample,
)
from tests.fakes import a_claim

THEIRS = RIVALS[0]
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


def drawn(folder) -> list[list[str]]:
    return key_of(folder)["drawn"]


@pytest.fixture
def sample(tmp_path):
    after = {("c0", "c1"): 1.0, ("c2", "c3"): 8.0}
    found = {
        OURS: Found(9, 18, 9.0, [*after], after=after),
        THEIRS: Found(9, 18, 6.0, [("c1", "c0"), ("c4", "c5")]),
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
    assert sorted(map(tuple, drawn(sample))) == [(THEIRS,), (OURS,), (OURS, THEIRS)]


def test_precision_is_by_program_and_differences_are_shown(sample):
    both = {number: "yes" if len(names) == 2 else "no" for number, names in enumerate(drawn(sample))}
    generous = {number: "yes" if OURS in names else "no" for number, names in enumerate(drawn(sample))}
    lines, result = count_readings(sample, filled(sample, "first.csv", both), filled(sample, "second.csv", generous))
    ours = {name: result[OURS][name] for name in ("read", "precision_first", "precision_second", "precision_both")}
    assert ours == {"read": 2, "precision_first": 0.5, "precision_second": 1.0, "precision_both": 0.5}
    assert result[THEIRS]["precision_both"] == 0.5
    assert len(lines) == 1 and OURS in lines[0]


def test_a_missing_answer_is_refused(sample):
    full = filled(sample, "first.csv", dict.fromkeys(range(3), "no"))
    gap = filled(sample, "second.csv", {0: "no", 1: "", 2: "no"})
    with pytest.raises(ValueError, match="pair 1 has ''; write yes or no"):
        count_readings(sample, full, gap)


def test_of_what_was_flagged_so_many_are_real_as_the_sample_says(sample):
    all_real = filled(sample, "first.csv", dict.fromkeys(range(3), "yes"))
    _, result = count_readings(sample, all_real, all_real)
    assert (result[OURS]["real"], result[OURS]["seconds"]) == (2, 9.0)
    assert (result[THEIRS]["real"], result[THEIRS]["seconds"]) == (2, 6.0)


def test_how_soon_ours_had_as_many_real_conflicts_as_the_rival_had_in_all(tmp_path):
    after = {("c0", "c1"): 1.0, ("c2", "c3"): 8.0, ("c1", "c4"): 2.5}
    found = {
        OURS: Found(9, 18, 9.0, [*after], after=after),
        THEIRS: Found(9, 18, 6.0, [("c2", "c5"), ("c4", "c5")]),
    }
    write_sample(tmp_path, CLAIMS, {**found, OURS_SOON: soonest(found)}, 50)
    real = {number: "no" if names == [THEIRS] else "yes" for number, names in enumerate(drawn(tmp_path))}
    one_of_theirs = {**real, next(number for number, said in real.items() if said == "no"): "yes"}
    for said, seconds in ((real, 1.0), (one_of_theirs, 1.0), (dict.fromkeys(range(5), "yes"), 2.5)):
        answers = filled(tmp_path, "read.csv", said)
        assert count_readings(tmp_path, answers, answers)[1]["as_many_real_after"] == seconds


def test_as_many_real_conflicts_that_were_never_found_have_no_moment():
    assert seconds_to(2, 0.5, [1.0, 2.0, 3.0, 4.04, 5.0]) == 4.0
    assert seconds_to(3, 0.5, [1.0, 2.0, 3.0, 4.0, 5.0]) is None
    assert seconds_to(1, 0.0, [1.0, 2.0]) is None
