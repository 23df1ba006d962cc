"""The workspace that the measure of the screen makes: boards as heavy as a reading's, kept between runs, made anew when
what is in it changes."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from benchmarks import screen, screen_workspace
from benchmarks.__main__ import main
from benchmarks.screen_workspace import NEIGHBOURS, REVIEWERS, make_workspace
from tests.workbench_fakes import FakeEncoder
from workbench.histories import verdict_history
from workbench.pairs import all_pairs, related
from workbench.queries import ClaimFilter, claim_detail, claim_page, group_of
from workbench.store import Store
from workbench.verdicts import record_verdict

WORDS = ("bridge", "port", "union", "lorries", "March", "inspected", "bearings", "repair", "crowns", "Ellory", "ferry")
ARTICLES, SENTENCES = 24, 8


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    draw = random.Random(7)

    def sentence() -> str:
        return " ".join(["The", *draw.choices(WORDS, k=10), str(draw.randrange(10**6))]) + "."

    # As the shared corpus has them.
    rows = (
        {
            "id": f"a{number}", "outlet": f"Paper {number % 3}", "url": f"https://paper.example/{number}",
            "date_iso": f"2025-04-{number % 20 + 1:02d}", "author": "", "title": f"Title {number}",
            "text": " ".join(sentence() for _ in range(SENTENCES)), "topic": "bridge",
        }
        for number in range(ARTICLES)
    )  # fmt: skip
    path = tmp_path / "news.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def provenances(store: Store) -> list[tuple[str, str, str]]:
    with store.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT id, date, url FROM articles ORDER BY id")]


def verdict_ids(store: Store, reviewer: str) -> list[str]:
    """The claims that somebody judged."""
    with store.reading() as connection:
        found = connection.exec_driver_sql("SELECT claim_id FROM verdicts WHERE reviewer = ? ORDER BY id", (reviewer,))
        return list(found.scalars())


def test_a_board_is_as_heavy_as_a_reading_makes_it(tmp_path: Path, articles: Path) -> None:
    folder, wanted = tmp_path / "workspace", ARTICLES * SENTENCES
    make_workspace(folder, articles, wanted, FakeEncoder())
    store = Store(folder)
    ids = [row.id for row in claim_page(store, limit=-1).rows]
    assert len(ids) == wanted
    boards = [
        sum(map(len, (board.contradicts, board.supports, board.related)))
        for board in (related(store, one) for one in ids)
    ]
    assert min(boards) >= NEIGHBOURS >= 10
    pairs = all_pairs(store).rows
    kinds = [row.link.relation for row in pairs]
    assert {"contradicts", "same_claim", "supports", "related"} == set(kinds) and max(
        kinds, key=kinds.count
    ) == "related"
    against = [row for row in pairs if row.link.relation == "contradicts"]
    assert {row.link.strict for row in against} == {True, False}
    for row in against:
        (start, end), (begin, until) = row.link.reasons[0].spans_a[0], row.link.reasons[0].spans_b[0]
        assert f"“{row.a.text[start:end]}” / “{row.b.text[begin:until]}”" in row.link.reasons[0].words
    assert any(
        reason.kind == "shared" for row in pairs if row.link.relation == "related" for reason in row.link.reasons
    )
    assert any(len(group_of(store, one).statements) > 1 for one in ids)
    assert sum(bool(row.a.before and row.a.after) for row in pairs) > len(pairs) / 2
    second = next(one for one in (claim_detail(store, claim_id) for claim_id in ids) if one.claim.before)
    assert f"{second.claim.before} {second.claim.text}" in second.article_text
    assert len({row.date for row in claim_page(store, limit=-1).rows}) == 20, "no timeline without days"
    known = second.article
    assert known.url == f"https://paper.example/{known.title.removeprefix('Title ')}", "no address of an article"
    assert len({claim_detail(store, one).claim.assertion for one in ids}) > 2, "a filter by kind would leave out none"
    changed = claim_page(store, ClaimFilter(changed_for=REVIEWERS[0]))
    assert 0 < changed.total <= len(verdict_ids(store, REVIEWERS[0])) < wanted
    full = screen.fullest_claim(store)
    assert related(store, full).contradicts and related(store, full).supports and related(store, full).related


def test_a_workspace_is_used_again_and_one_of_an_earlier_form_is_made_anew(
    tmp_path: Path, articles: Path, capsys: pytest.CaptureFixture
) -> None:
    folder, wanted = tmp_path / "workspace", 4 * SENTENCES
    make_workspace(folder, articles, wanted, FakeEncoder())
    store = Store(folder)
    judged = claim_page(store).rows[0].id
    record_verdict(store, judged, "refuted", "Ida")
    before = all_pairs(store)
    with store.writing() as connection:  # what a run that makes it anew would not leave standing
        connection.exec_driver_sql("UPDATE relations SET reasons = '[]'")
        connection.exec_driver_sql("UPDATE claims SET before = '', after = ''")
    make_workspace(folder, articles, wanted, FakeEncoder())
    assert not any(row.link.reasons for row in all_pairs(store).rows) and "made anew" not in capsys.readouterr().err
    known = provenances(store)
    assert all(date.startswith("2025-04-") and url.startswith("https://paper.example/") for _, date, url in known)
    with store.writing() as connection:  # as the form before left it, which had neither days nor addresses
        connection.exec_driver_sql("UPDATE meta SET value = ? WHERE name = 'benchmark'", (f"form 2, {wanted} claims",))
        connection.exec_driver_sql("UPDATE articles SET date = '', url = ''")
    given = verdict_ids(store, REVIEWERS[0])
    encoder = FakeEncoder()
    make_workspace(folder, articles, wanted, encoder)
    assert "made anew" in capsys.readouterr().err and not encoder.calls
    assert provenances(store) == known and verdict_ids(store, REVIEWERS[0]) == given
    assert all_pairs(store) == before and claim_page(store).total == wanted
    assert verdict_history(store, judged)[0].reviewer == "Ida"
    with pytest.raises(SystemExit, match=f"holds {wanted} claims, more than 8: ask for more, or name another --out"):
        make_workspace(folder, articles, 8, FakeEncoder())


def test_articles_without_a_day_are_refused_before_anything_is_measured(tmp_path: Path) -> None:
    """The corpus calls its days `date_iso`, which nobody read: boards were measured without a timeline."""
    path = tmp_path / "news.jsonl"
    path.write_text(
        json.dumps({"text": "The bridge was shut on Monday, and nobody was told why.", "day": "2025-04-02"})
    )
    with pytest.raises(SystemExit, match="no article of .*news.jsonl has a date: name it date_iso or date"):
        make_workspace(tmp_path / "workspace", path, 1, FakeEncoder())


def test_without_arguments_it_takes_the_shared_articles_and_a_folder_of_the_cache(
    tmp_path: Path, articles: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    asked: list[tuple] = []

    def stop(*given) -> None:
        asked.append(given)
        raise InterruptedError

    monkeypatch.setattr(screen, "make_workspace", stop)
    monkeypatch.setattr(screen, "ARTICLES", articles)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(InterruptedError):
        main(["screen"])
    folder = tmp_path / "cache/counterclaim/screen/workspace"
    assert asked == [(folder, articles, 100_000)] and f"workspace: {folder}" in capsys.readouterr().err
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert screen.cache_folder() == Path.home() / ".cache/counterclaim/screen"
    monkeypatch.setattr(screen, "ARTICLES", tmp_path / "none.jsonl.gz")
    with pytest.raises(SystemExit, match="no articles at .*none.jsonl.gz: name a file of JSON lines with text, title"):
        main(["screen"])
    assert len(asked) == 1


def test_the_shared_articles_are_looked_for_beside_the_repository() -> None:
    root = Path(screen_workspace.__file__).resolve().parents[1]
    assert screen.ARTICLES.resolve() == (root / "../shared/data/corpus/news_20k.jsonl.gz").resolve()
