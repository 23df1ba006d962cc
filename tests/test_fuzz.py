"""The fuzzer's beginnings and its report; the fuzzing itself is `python -m benchmarks fuzz`."""

from __future__ import annotations

from argparse import Namespace

import pytest

from benchmarks.fuzz import KINDS, LONGEST, FuzzerMissing, found_in, is_clear, run, seeds
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


@pytest.mark.parametrize(("said", "clear"), [
    ("is no PDF that can be read; it may be cut off or damaged", True),
    ("the times in lines 2 ('--> the harb'), 10 ('00:00:13 --> ValueError') can't be read", True),
    ('the time in line 2 ("it\'s a ValueError") can\'t be read', True),
    ("the time in line 2 (b'00:00:13') can't be read", False),
    ("ValueError: 'x' is no number", False),
    ("can't be read\n  File 'a.py'", False),
    ("x" * 401, False),
])  # fmt: skip
def test_a_refusal_is_judged_by_its_own_words_and_not_by_those_it_quotes(said, clear):
    assert is_clear(said) == clear
