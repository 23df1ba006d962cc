"""The measure of the screen presses what people press: the next claim after each verdict, every filter, searches
and the pages of the queue."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import screen_times
from benchmarks.screen_workspace import REVIEWERS, judge, read_claims
from tests import story
from tests.browser import new_page, open_browser, serve
from workbench.queries import claim_page
from workbench.store import Store
from workbench.verdicts import record_verdict


def test_every_way_to_narrow_the_queue_or_go_on_in_it_is_measured_as_often(monkeypatch):
    """Only a speaker, a status and a verdict were chosen, so that the figure was of nothing else."""
    rounds: list[tuple] = []
    for way in ("search_time", "page_time", "filter_time", "day_time", "switch_time"):
        monkeypatch.setattr(
            screen_times, way, lambda _page, *what, way=way: rounds.append((way, *what)) or float(len(rounds))
        )
    assert screen_times.queue_times(None, "/", 24, "Ada") == [float(number) for number in range(1, 25)]
    first, second = rounds[:12], rounds[12:]
    assert {what[2] for what in first if what[0] in ("filter_time", "switch_time")} == {
        "Speaker", "Status", "Verdict", "Kind", "Article", "Outlet", "Contradicted or in tension only",
        "Changed since my verdict",
    }  # fmt: skip
    assert {what[2:] for what in first if what[0] == "search_time"} == {
        (screen_times.WORDS[0],), (screen_times.MEANINGS[0],),
    }  # fmt: skip
    assert first[0][1] == "//?meaning=no" and [what[0] for what in first].count("day_time") == 1
    assert [what[0] for what in first] == [what[0] for what in second]
    assert [what[2] for what in rounds if what[0] == "page_time"] == list(screen_times.PAGES_ON[:2])
    assert all(what[3] == "Ada" for what in rounds if what[0] == "switch_time")


@pytest.mark.browser
def test_each_way_to_narrow_the_queue_or_go_on_in_it_leads_to_another_list(tmp_path: Path) -> None:
    rows = (
        {
            "outlet": f"Paper {number}", "date_iso": f"{2015 + number}-05-01", "title": f"Title {number}",
            "url": f"https://paper.example/{number}",
            "text": " ".join(
                f"The bridge number {at} of {number} was shut, {('Mary Holt said then', 'for a week or two')[at % 2]}."
                for at in range(20)
            ),
        }
        for number in range(4)
    )  # fmt: skip
    news = tmp_path / "news.jsonl"
    news.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    store = Store(tmp_path / "desk")
    read_claims(store, news, 80)
    judge(store)
    with serve(store.folder) as address, open_browser() as browser:
        page = new_page(browser)
        assert len(screen_times.queue_times(page, address, 12, REVIEWERS[0])) == 12


@pytest.mark.browser
def test_each_verdict_is_measured_on_another_claim(tmp_path: Path):
    told = story.tell(tmp_path)
    order = [row.id for row in claim_page(told.store).rows]
    record_verdict(told.store, order[-1], "supported", "Ida")
    with serve(tmp_path) as address, open_browser() as browser:
        page = new_page(browser)
        assert len(screen_times.verdict_times(page, address, 3)) == 3
        assert len(screen_times.board_times(page, address, 2)) == 2
    with told.store.reading() as connection:
        given = connection.exec_driver_sql("SELECT claim_id FROM verdicts WHERE reviewer = 'Screen Test'").scalars()
        assert sorted(given) == sorted(order[:3])
