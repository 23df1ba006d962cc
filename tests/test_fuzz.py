"""The fuzzer's beginnings and its report; the fuzzing itself is `python -m benchmarks fuzz`."""

from __future__ import annotations

from argparse import Namespace

import pytest

from benchmarks.fuzz import KINDS, LONGEST, FuzzerMissing, found_in, run, seeds
from claims.reading import READABLE


def test_there_is_a_beginning_for_every_reader():
    found = list(seeds())
    assert {kind for kind, _ in found} == set(KINDS) > set(READABLE)
    assert all(len(raw) <= LONGEST for _, raw in found)


def test_an_interpreter_without_the_fuzzer_is_told_how_to_get_it(tmp_path):
    with pytest.raises(
        FuzzerMissing, match="/bin/false has no fuzzer; install it there: /bin/false -m pip install ath"
    ):
        run(Namespace(folder=tmp_path, seconds=1, python="/bin/false"))


@pytest.mark.parametrize(("last", "ended"), [("Done 4358 runs in 21 second(s)", True), ("==1== out of memory", False)])
def test_what_was_found_is_named_and_an_end_before_the_time_is_told(tmp_path, last, ended):
    (tmp_path / "log").write_text(f"#1 NEW cov: 10 ft: 3\n#2 NEW cov: 5576 ft: 9\n{last}\n")
    (tmp_path / "finds").mkdir()
    (tmp_path / "finds" / "ab12.pdf.why").write_text("OverflowError at reader.py:7\nTraceback\n")
    lines, result = found_in(tmp_path)
    assert lines == ["ab12.pdf: OverflowError at reader.py:7"]
    assert (result["finds"], result["covered"], result["ended"]) == (1, 5576, ended)
    assert (result["inputs"], result["seconds"]) == ((4358, 21) if ended else (None, None))
