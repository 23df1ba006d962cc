"""The same words of other people are other statements: nobody's is lost, and a corrected speaker takes the old one's
place."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from claims.article import Article, content_hash
from claims.claim import Attribution, Claim
from embeddings.groups import Said, independent_sources
from tests.older import database_at
from tests.workbench_fakes import FakeExtractor, fake_line
from workbench.care import examine
from workbench.gate import Gate
from workbench.ingest import IngestReport, Line
from workbench.queries import articles, claim_detail, claim_page, statements
from workbench.review import finalise
from workbench.store import Store
from workbench.verdicts import record_verdict

FELL = "The harbour wall fell on Monday."


class Given(FakeExtractor):
    """A claim a statement, by whom it is given as."""

    def extract(self, article: Article) -> list[Claim]:
        by = {one.start: one.speaker for one in article.given}
        return [
            replace(claim, attribution=Attribution(speaker=by.get(claim.char_start, "")))
            for claim in super().extract(article)
        ]


@pytest.fixture
def line(tmp_path: Path) -> Line:
    made = fake_line(tmp_path / "workspace")
    made.extractor = Given()
    return made


@pytest.fixture
def read(line: Line, tmp_path: Path):
    def table(name: str, *rows: tuple[str, str]) -> IngestReport:
        """Writes a table of one sentence as said by (speaker, outlet), and reads it."""
        path = tmp_path / name
        path.write_text("text,speaker,outlet\n" + "".join(f"{FELL},{who},{outlet}\n" for who, outlet in rows))
        return line.ingest([path])

    return table


JON, ANN, BEA = ("Jon Hale", "The Ledger"), ("Ann Poe", "The Coast"), ("Bea Roe", "The Coast")


def told(report: IngestReport) -> tuple[int, int, int]:
    return report.read, report.versions, report.unchanged


def said(line: Line) -> list[tuple[str, str]]:
    """Who says it and where, of every claim that an article still holds."""
    return sorted((row.speaker, row.outlet) for row in claim_page(line.store).rows)


def sources(line: Line) -> int:
    found = statements(line.store, [row.id for row in claim_page(line.store).rows]).values()
    return independent_sources([Said(one.text, one.speaker, one.outlet, one.story) for one in found])


def test_the_same_words_of_two_people_in_two_tables_are_two_statements_and_two_sources(line, read):
    """The second table's speaker was lost: "1 new, 1 already there"."""
    assert told(read("a.csv", JON)) == (1, 0, 0) and told(read("b.csv", ANN)) == (1, 0, 0)
    assert said(line) == sorted([JON, ANN]) and sources(line) == 2
    assert told(read("a.csv", JON)) == told(read("b.csv", ANN)) == (0, 0, 1)
    assert examine(line.store) == []


def test_two_fact_checkers_with_one_rating_are_both_there(line, tmp_path):
    review = {"@type": "ClaimReview", "claimReviewed": "Ships sank off the port.", "reviewRating": {"name": "False"}}
    path = tmp_path / "checks.jsonld"
    path.write_text(json.dumps([review | {"author": {"name": who}} for who in ("Snopes", "PolitiFact")]))
    assert told(line.ingest([path])) == (2, 0, 0) and told(line.ingest([path])) == (0, 0, 2)
    assert [who for who, _ in said(line)] == ["PolitiFact", "Snopes"] and sources(line) == 2


def test_the_same_words_of_one_person_at_two_places_are_one_article_seen_twice(line, read):
    read("a.csv", JON)
    assert told(read("b.csv", ("Jon Hale", "The Coast"))) == (0, 0, 1)
    (article,) = articles(line.store)
    assert article.appearances == 2 and said(line) == [JON] and sources(line) == 1


def test_words_that_nobody_is_given_as_saying_are_told_apart_by_their_text_alone(line, read):
    read("a.csv", ("", "The Ledger"))
    assert told(read("b.csv", ("", "The Coast"))) == (0, 0, 1) and told(read("c.csv", JON)) == (1, 0, 0)


def test_a_corrected_speaker_takes_the_old_ones_place_and_the_verdict_stays(line, read):
    read("a.csv", ("Jon Hale", "The Coast"))
    claim = claim_page(line.store).rows[0].id
    record_verdict(line.store, claim, "supported", "Ida", "seen the tape")
    finalise(line.store, claim, "Ida", Gate(rationale=True, sources=0))
    assert told(read("a.csv", ANN)) == (0, 1, 0)
    now = claim_detail(line.store, claim)
    assert said(line) == [ANN] and (now.claim.speaker, now.verdict.verdict) == ("Ann Poe", "supported")
    assert "was said by Jon Hale" in now.look_again
    assert told(read("a.csv", ANN)) == (0, 0, 1) and examine(line.store) == []
    assert told(read("a.csv", JON)) == (0, 1, 0) and [who for who, _ in said(line)] == ["Jon Hale"]


def test_a_speaker_corrected_to_one_who_is_known_from_elsewhere_goes_all_the_same(line, read):
    for name, who in (("a.csv", JON), ("b.csv", ANN)):
        read(name, who)
    assert told(read("a.csv", ("Ann Poe", "The Ledger"))) == (0, 1, 0)
    assert [who for who, _ in said(line)] == ["Ann Poe", "Ann Poe"] and sources(line) == 1
    assert told(read("a.csv", ("Ann Poe", "The Ledger"))) == told(read("b.csv", ANN)) == (0, 0, 1)


def test_a_speaker_corrected_at_one_of_two_places_leaves_the_other(line, read):
    for name in ("a.csv", "b.csv"):
        read(name, JON)
    assert told(read("b.csv", ANN)) == (1, 0, 0)
    assert told(read("a.csv", JON)) == told(read("b.csv", ANN)) == (0, 0, 1)
    assert said(line) == sorted([JON, ANN])


def test_a_row_set_before_another_ones_is_no_version_of_it(line, read):
    """The new first row took the place of the old one, whose speaker was then "already there" and gone."""
    read("a.csv", JON)
    assert told(read("a.csv", ANN, JON)) == (1, 0, 1) and said(line) == sorted([JON, ANN])
    assert told(read("a.csv", BEA, JON)) == (0, 1, 1) and said(line) == sorted([JON, BEA])


def test_who_was_corrected_away_at_one_place_is_there_again_from_another(line, read):
    read("a.csv", ("Jon Hale", "The Coast"))
    read("a.csv", ANN)
    assert told(read("b.csv", JON)) == (1, 0, 0) and said(line) == sorted([JON, ANN])
    assert told(read("b.csv", JON)) == (0, 0, 1) and len(articles(line.store)) == 2


LONG = (
    "The council will rebuild the harbour wall by next spring after engineers found two cracks in the old stones in "
    "March and fishing boats are to use the northern quay until all the work is done which will be as long as the last "
    "repair was in the year of the great flood"
)


def test_a_long_statement_of_two_people_is_no_copy_and_a_list_of_the_same_people_is(line, tmp_path):
    for name, who in (("a", "Jon Hale"), ("b", "Ann Poe"), ("c", "Ann Poe")):
        extra = " indeed" if name == "c" else ""
        (tmp_path / f"{name}.csv").write_text(f"text,speaker,outlet\n{LONG}{extra}.,{who},{name}\n")
    report = line.ingest([tmp_path / f"{name}.csv" for name in "abc"])
    assert (report.read, report.copies) == (3, 1) and sources(line) == 2
    assert sorted((row.outlet, row.copies) for row in articles(line.store)) == [("a", 0), ("b", 1), ("c", 1)]


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        (("Jon Hale", "1"), ("Ann Poe", "2"), 2),
        (("Jon Hale", "1"), ("Ann Poe", "1"), 1),  # copies of one text, of which one was read wrongly
        (("Mary Holt", "1"), ("Holt", "2"), 1),
        (("Mary Holt", "1"), ("Mary", "2"), 1),
        (("Mary Holt", "1"), ("the mayor", "2"), 1),
        (("Mary Holt", "1"), ("", "2"), 1),
    ],
)
def test_only_two_who_are_surely_two_people_are_two_sources_of_the_same_words(one, other, wanted):
    both = [Said("The wall fell on Monday at noon.", who, f"outlet {story}", story) for who, story in (one, other)]
    assert independent_sources(both) == wanted


def in_an_old_workspace(folder: Path, line: Line, places: Sequence[Path]) -> Line:
    """The workspace as the version before left it: told by the words alone, seen at these places."""
    path = database_at(folder, "0025", line.store, ("articles", "claims"))
    with closing(sqlite3.connect(path)) as old, old:
        ((article_id,),) = old.execute("SELECT id FROM articles").fetchall()
        old.execute("UPDATE articles SET text_hash = ?", (content_hash(FELL),))
        old.executemany(
            "INSERT INTO appearances (article_id, place, outlet, title, text_hash, archive_hash, kind, at) "
            "VALUES (?, ?, '', '', ?, '', '', '')",
            [(article_id, str(place), content_hash(FELL)) for place in places],
        )
    made = fake_line(folder)
    made.extractor = Given()
    return made


def test_an_old_workspace_takes_in_whom_it_had_lost_and_keeps_whom_it_had(line, read, tmp_path):
    read("a.csv", JON)
    opened = in_an_old_workspace(tmp_path / "old", line, [tmp_path / "a.csv", tmp_path / "b.csv"])
    assert isinstance(opened.store, Store) and examine(opened.store) == []
    (tmp_path / "b.csv").write_text(f"text,speaker,outlet\n{FELL},Ann Poe,The Coast\n")
    assert told(opened.ingest([tmp_path / "b.csv", tmp_path / "a.csv"])) == (1, 0, 1)
    assert said(opened) == sorted([JON, ANN])
    with opened.store.reading() as connection, pytest.raises(Exception, match="append-only"):
        connection.exec_driver_sql("UPDATE appearances SET place = ''")
