"""The measure of the screen presses what people press: the next claim after each verdict, a filter in every second
round."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import screen_times
from tests import story
from tests.browser import new_page, open_browser, serve
from workbench.queries import claim_page
from workbench.verdicts import record_verdict


def test_every_second_round_of_the_queue_chooses_a_filter(monkeypatch):
    rounds: list[tuple] = []
    monkeypatch.setattr(screen_times, "search_time", lambda page, address, *what: rounds.append(what) or 1.0)
    monkeypatch.setattr(screen_times, "filter_time", lambda page, address, *what: rounds.append(what) or 2.0)
    assert screen_times.queue_times(None, "", 8) == [1.0, 2.0] * 4
    assert {label for label, *_ in rounds[1::2]} == {label for label, _ in screen_times.FILTERS}
    assert [words for (words,) in rounds[::2]] == list(screen_times.WORDS[:4])


@pytest.mark.browser
def test_each_verdict_is_measured_on_another_claim_and_the_queue_by_search_and_filter(tmp_path: Path):
    told = story.tell(tmp_path)
    order = [row.id for row in claim_page(told.store).rows]
    record_verdict(told.store, order[-1], "supported", "Ida")
    with serve(tmp_path) as address, open_browser() as browser:
        page = new_page(browser)
        assert len(screen_times.verdict_times(page, address, 3)) == 3
        assert len(screen_times.board_times(page, address, 2)) == 2
        screen_times.WORDS, kept = ("bridge", "lorries", "union"), screen_times.WORDS
        try:
            assert len(screen_times.queue_times(page, address, 6)) == 6
        finally:
            screen_times.WORDS = kept
    with told.store.reading() as connection:
        given = connection.exec_driver_sql("SELECT claim_id FROM verdicts WHERE reviewer = 'Screen Test'").scalars()
        assert sorted(given) == sorted(order[:3])
