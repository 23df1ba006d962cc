"""Headlines that name their source."""

from __future__ import annotations

import pytest

from claims.headlines import headline_report


@pytest.mark.parametrize(
    ("line", "source", "content"),
    [
        ("Harbour bridge to close in June, mayor confirms", "mayor", "Harbour bridge to close in June"),
        ("Mayor says harbour bridge will close in June", "Mayor", "harbour bridge will close in June"),
        ("New study finds ferries are late every day", "New study", "ferries are late every day"),
        ("Police: Man shot neighbour over a fence", "Police", "Man shot neighbour over a fence"),
        ("‘Nobody warned us the dam would fail’: farmer speaks out", "farmer", "Nobody warned us the dam would fail"),
        ("Union boss: 'We will not back down'", "Union boss", "We will not back down"),
    ],
)
def test_a_headlines_source_and_what_it_says_are_found(line, source, content):
    what, who, _ = headline_report(line)
    assert (line[slice(*who)], line[slice(*what)]) == (source, content)


@pytest.mark.parametrize(
    "line",
    [
        "Strike latest: trains cancelled in the north",
        "Mayor says no to new bridge",
        "Man who says he was hurt wins his case",
        "Interview: the mayor on the floods",
        "Fashion shows return to the old harbour",
    ],
)
def test_other_headlines_name_no_source(line):
    assert headline_report(line) is None
