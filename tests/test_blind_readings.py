"""Samples that people read blind: what they are shown, and what is counted of their answers."""

from __future__ import annotations

import csv

import pytest

from benchmarks.__main__ import main
from benchmarks.blind import differing, key_of, reading, real, write_blind
from benchmarks.false_alarms import count_readings, write_sample

ROWS = [
    {"text": "The harbour bridge was closed on Monday.\nLorries may not use the harbour bridge any more.\n"},
    {"text": "The harbour bridge stays open to all lorries, the mayor said.\nTwo engineers looked at it in May.\n"},
]
OPEN, ENGINEERS = "The harbour bridge stays open to all lorries, the mayor said.", "Two engineers looked at it in May."
CLOSED, LORRIES = "The harbour bridge was closed on Monday.", "Lorries may not use the harbour bridge any more."
PLACES = [
    ((0, LORRIES), (1, OPEN)),
    ((0, CLOSED), (1, ENGINEERS)),
    ((0, CLOSED), (1, OPEN)),
    ((0, LORRIES), (1, ENGINEERS)),
]


def shown(folder) -> list[dict]:
    with (folder / "sample.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def answers(folder, name: str, real_pairs: set[tuple[str, str]]):
    """A reader for whom these are conflicts."""
    path = folder / name
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["number", "conflict"])
        writer.writerows(
            [row["number"], "Yes" if (row["a"], row["b"]) in real_pairs else "no"] for row in shown(folder)
        )
    return path


def test_readers_see_the_statements_and_what_stands_before_them_and_nothing_else(tmp_path):
    write_blind(tmp_path / "new", [("One.", "Before one.", "Other, with a comma.", "")], {"called": [True]})
    assert shown(tmp_path / "new") == [
        {
            "number": "0",
            "a": "One.",
            "before_a": "Before one.",
            "b": "Other, with a comma.",
            "before_b": "",
            "conflict": "",
        }
    ]
    assert key_of(tmp_path / "new") == {"called": [True]}


def test_answers_come_in_the_order_of_the_sample_whatever_order_they_were_given_in(tmp_path):
    path = tmp_path / "read.csv"
    path.write_text("number,conflict\n2,YES\n0, no \n1,y\n", encoding="utf-8")
    assert reading(path, 3) == [False, True, True]
    with pytest.raises(ValueError, match="pair 3 has None; write yes or no"):
        reading(path, 4)


def test_what_both_readers_call_real_and_where_they_differ():
    readings = [[True, True, False, False], [True, False, True, False]]
    assert real(readings, [0, 1, 2, 3]) == (2, 2, 1)
    assert real(readings, [1, 3]) == (1, 0, 0)
    assert differing(readings, ["p", "q", "r", "s"]) == [
        "the readers differ on pair 1 (q)",
        "the readers differ on pair 2 (r)",
    ]


@pytest.mark.parametrize("size", [0, 1, 2, 4, 9])
def test_all_that_was_called_a_contradiction_is_read_and_so_many_others_as_were_drawn(tmp_path, size):
    write_sample(tmp_path, ROWS, PLACES, [True, False, False, False], size)
    key = key_of(tmp_path)
    assert sum(key["drawn"]) == min(size, len(PLACES))
    assert sum(key["called"]) == 1
    assert len(shown(tmp_path)) == len(key["drawn"])
    called = shown(tmp_path)[key["called"].index(True)]
    assert (called["a"], called["before_a"], called["b"], called["before_b"]) == (LORRIES, CLOSED, OPEN, "")
    assert all(drawn or was_called for drawn, was_called in zip(key["drawn"], key["called"], strict=True))


def test_a_false_alarm_is_what_was_called_a_contradiction_and_is_none_for_both_readers(tmp_path):
    write_sample(tmp_path, ROWS, PLACES, [True, False, True, False], 4)
    first = answers(tmp_path, "first.csv", {(LORRIES, OPEN), (CLOSED, OPEN)})
    second = answers(tmp_path, "second.csv", {(LORRIES, OPEN), (LORRIES, ENGINEERS)})
    lines, result = count_readings(tmp_path, first, second)
    assert result["called"] == {"read": 2, "first": 2, "second": 1, "both": 1}
    assert result["drawn"] == {"read": 4, "first": 2, "second": 2, "both": 1}
    assert result["share_called_wrongly"] == 0.25
    assert result["agreement"] == 0.5
    assert sorted(line.split("(")[1] for line in lines) == ["called a contradiction)", "not called one)"]


def test_readings_need_the_sample_they_answer(tmp_path):
    with pytest.raises(ValueError, match="--readings needs --sample FOLDER"):
        main(["false_alarms", str(tmp_path / "none"), "--readings", "first.csv", "second.csv"])
