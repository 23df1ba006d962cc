"""The store: opening, versions, pages, filters, and what re-reading may and may not change."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event

from claims.article import Provenance
from tests.workbench_fakes import fake_line, write_texts
from workbench.errors import (
    BadDate,
    BadLanguage,
    ReviewerMissing,
    StoreDamaged,
    StoreLocked,
    StoreTooNew,
    UnknownArticle,
    UnknownClaim,
)
from workbench.pair_judgements import record_pair_judgement
from workbench.pair_rows import Which
from workbench.pairs import conflicts, related
from workbench.provenance import edit_provenance
from workbench.queries import (
    ClaimFilter,
    article_claims,
    article_text,
    articles,
    claim_detail,
    claim_page,
    counts,
    facets,
)
from workbench.schema import VERSION, Base
from workbench.store import MIGRATIONS, Store, workspace_folder
from workbench.verdicts import record_verdict


@pytest.fixture
def line(tmp_path):
    line = fake_line(tmp_path / "workspace")
    line.ingest([write_texts(tmp_path / "texts")])
    return line


def claim_id(store: Store, words: str) -> str:
    return claim_page(store, ClaimFilter(search=words)).rows[0].id


def test_the_migrations_lead_to_the_schema_of_the_program(tmp_path):
    store = Store(tmp_path / "50% of it")
    with store.reading() as connection:
        ours = {"include_name": lambda name, kind, _: kind != "table" or not name.startswith("claim_words")}
        assert compare_metadata(MigrationContext.configure(connection, opts=ours), Base.metadata) == []
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == VERSION
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == VERSION


def test_a_database_of_a_newer_program_is_refused_and_left_as_it_is(tmp_path):
    path = Store(tmp_path).path
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreTooNew, match="9999.*update the program"):
        Store(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_a_file_that_is_no_database_is_refused_by_name(tmp_path):
    (tmp_path / "counterclaim.sqlite3").write_text("not a database " * 100)
    with pytest.raises(StoreDamaged, match="counterclaim.sqlite3"):
        Store(tmp_path)


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreDamaged, match="file"):
        Store(tmp_path / "file")


def test_a_locked_database_is_a_named_error(tmp_path):
    store = Store(tmp_path, wait=0.1)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreLocked, match="held by another program"), store.writing():
            pass


def test_a_write_that_raises_stores_nothing(tmp_path):
    store = Store(tmp_path)
    with pytest.raises(ZeroDivisionError), store.writing() as connection:
        connection.exec_driver_sql("INSERT INTO meta VALUES ('a', 'b')")
        raise ZeroDivisionError
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM meta").scalar() == 0


def test_the_workspace_is_the_one_given_else_the_environment_else_here(monkeypatch, tmp_path):
    monkeypatch.setenv("COUNTERCLAIM_WORKSPACE", str(tmp_path))
    assert workspace_folder() == tmp_path
    assert str(workspace_folder("elsewhere")) == "elsewhere"
    monkeypatch.delenv("COUNTERCLAIM_WORKSPACE")
    assert str(workspace_folder()) == "workspace"


def test_claims_in_conflict_stand_first_and_pages_add_up(line):
    whole = claim_page(line.store)
    assert whole.total == len(whole.rows) == 6
    scores = [row.contradiction or 0.0 for row in whole.rows]
    assert scores == sorted(scores, reverse=True) and scores[0] > 0
    pages = [claim_page(line.store, limit=2, offset=start).rows for start in (0, 2, 4)]
    assert sum(pages, ()) == whole.rows


@pytest.mark.parametrize(
    ("wanted", "texts"),
    [
        (
            ClaimFilter(search="couzens TWICE"),
            {"The force vetted Couzens twice.", "The force did not vet Couzens twice."},
        ),
        (ClaimFilter(search="%"), set()),
        (ClaimFilter(speaker="Ben"), {"Ben said the inquiry is not open."}),
        (ClaimFilter(speaker="", search="vetted"), {"The force vetted Couzens twice."}),
        (ClaimFilter(verdict="refuted"), {"The force vetted Couzens twice."}),
        (ClaimFilter(verdict="supported"), set()),
        (ClaimFilter(assertion="law"), set()),
        (ClaimFilter(assertion="past_event", search="vetted"), {"The force vetted Couzens twice."}),
        (ClaimFilter(assertion="checkable", search="vetted"), {"The force vetted Couzens twice."}),
        (ClaimFilter(has_contradiction=True, search="trust"), {"Trust in the force fell."}),
    ],
)
def test_the_list_shows_what_the_filter_asks_for(line, wanted, texts):
    judged = claim_id(line.store, "vetted")
    record_verdict(line.store, judged, "supported", "Ida")
    record_verdict(line.store, judged, "refuted", "Ida")
    page = claim_page(line.store, wanted)
    assert {row.text for row in page.rows} == texts
    assert page.total == len(page.rows)


def test_opinions_and_forecasts_can_be_left_out(line):
    with line.store.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE claims SET assertion = 'opinion' WHERE id = ?", (claim_id(line.store, "vetted"),)
        )
    assert claim_page(line.store, ClaimFilter(assertion="checkable")).total == 5
    assert claim_page(line.store, ClaimFilter(assertion="opinion")).total == 1
    numbers = {facet.value: facet.count for facet in facets(line.store).assertions}
    assert numbers == {"checkable": 5, "past_event": 5, "opinion": 1}


def test_no_verdict_yet_is_a_filter(line):
    record_verdict(line.store, claim_id(line.store, "vetted"), "outdated", "Ida")
    page = claim_page(line.store, ClaimFilter(verdict="none"))
    assert page.total == 5 and "The force vetted Couzens twice." not in {row.text for row in page.rows}
    numbers = {facet.value: facet.count for facet in facets(line.store).verdicts}
    assert (numbers["none"], numbers["outdated"], numbers["refuted"]) == (5, 1, 0)


def test_a_claim_comes_with_its_article_and_paragraph(line):
    detail = claim_detail(line.store, claim_id(line.store, "Anna"))
    claim = detail.claim
    assert detail.article_text[claim.char_start : claim.char_end] == claim.text == detail.paragraph
    assert (claim.speaker, claim.attribution.cue) == ("Anna", "said")
    assert detail.current and detail.related and detail.verdict is None
    assert detail.article.file_name == "one.txt"
    with pytest.raises(UnknownClaim, match="'nothing'"):
        claim_detail(line.store, "nothing")


def test_relations_stand_under_their_headings_seen_from_either_side(line):
    vetted, denied = claim_id(line.store, "vetted"), claim_id(line.store, "not vet")
    assert vetted != denied
    for this, that in ((vetted, denied), (denied, vetted)):
        groups = related(line.store, this)
        assert that in [row.other.claim_id for row in groups.contradicts]
        assert all(row.link.relation == "contradicts" for row in groups.contradicts)
        strengths = [(row.link.strict, row.link.score) for row in groups.contradicts]
        assert strengths == sorted(strengths, reverse=True)
    trust = article_claims(line.store, articles(line.store)[0].id)[2]
    assert [row.other.text for row in related(line.store, trust.id).supports] == ["Trust in the force fell."]


def test_entailment_reads_from_the_claim_looked_at(line):
    vetted, denied = claim_id(line.store, "vetted"), claim_id(line.store, "not vet")
    with line.store.writing() as connection:
        connection.exec_driver_sql("UPDATE relations SET entailment_ab = 0.3, entailment_ba = 0.7")
    first, second = sorted((vetted, denied))
    seen = {row.other.claim_id: row.link for row in related(line.store, first).contradicts}[second]
    assert (seen.entailment_ab, seen.entailment_ba) == (0.3, 0.7)
    seen = {row.other.claim_id: row.link for row in related(line.store, second).contradicts}[first]
    assert (seen.entailment_ab, seen.entailment_ba) == (0.7, 0.3)


def test_a_dismissed_pair_leaves_the_conflicts_and_comes_back_when_judged_again(line):
    before = conflicts(line.store)
    pair = (before.rows[0].a.claim_id, before.rows[0].b.claim_id)
    record_pair_judgement(line.store, pair, "not_contradiction", "Ida")
    after = conflicts(line.store)
    assert after.total == before.total - 1 == counts(line.store).conflicts
    assert pair not in [(row.a.claim_id, row.b.claim_id) for row in after.rows]
    with_dismissed = conflicts(line.store, which=Which(set_aside=True))
    assert with_dismissed.total == before.total
    assert with_dismissed.rows[0].judgement.judgement == "not_contradiction"
    record_pair_judgement(line.store, pair, "contradiction", "Ben")
    assert conflicts(line.store).total == before.total


def test_a_claim_whose_contradictions_are_all_dismissed_is_no_longer_pushed_up(line):
    vetted = claim_id(line.store, "vetted")
    for row in related(line.store, vetted).contradicts:
        record_pair_judgement(line.store, (row.other.claim_id, vetted), "not_contradiction", "Ida")
    shown = {row.id: row.contradiction for row in claim_page(line.store).rows}
    assert shown[vetted] is None
    assert vetted not in {row.id for row in claim_page(line.store, ClaimFilter(has_contradiction=True)).rows}


def test_provenance_can_be_edited_and_a_bad_date_is_refused(line):
    article = articles(line.store)[0]
    edited = edit_provenance(line.store, article.id, Provenance(" T ", "O", date="2022-03-24", language="PT_br"), "Ida")
    assert (edited.title, edited.outlet, edited.date, edited.claims) == ("T", "O", "2022-03-24", 3)
    assert edited.language == "pt-BR"
    with pytest.raises(BadDate, match="24 March"):
        edit_provenance(line.store, article.id, Provenance(date="24 March"), "Ida")
    with pytest.raises(BadLanguage, match="no language 'in plain English'; write it as a tag like en"):
        edit_provenance(line.store, article.id, Provenance(language="in plain English"), "Ida")
    with pytest.raises(UnknownArticle):
        edit_provenance(line.store, "nothing", Provenance(), "Ida")
    with pytest.raises(ReviewerMissing):
        edit_provenance(line.store, article.id, Provenance("T"), " ")
    assert articles(line.store)[0] == edited
    assert article_text(line.store, article.id).startswith("The force vetted")


def test_facets_and_counts_say_what_is_there(line):
    found = facets(line.store)
    assert [(facet.value, facet.count) for facet in found.speakers] == [("", 4), ("Anna", 1), ("Ben", 1)]
    assert [facet.count for facet in found.articles] == [3, 3]
    numbers = counts(line.store)
    assert (numbers.articles, numbers.claims, numbers.judged) == (2, 6, 0)
    assert (numbers.unread_articles, numbers.unrelated_claims, numbers.models) == (0, 0, ("fake-nli",))


def test_the_strip_above_every_page_is_counted_along_indexes(tmp_path):
    """What is left to do was sought among all claims, once for each page that was drawn."""
    store, asked = Store(tmp_path), []

    def note(connection, cursor, statement, *_) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        counts(store)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    plans = []
    with store.reading() as connection:
        for statement in asked:
            plans += [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
    assert any("ix_claims_unrelated" in step for step in plans)
    whole = re.compile(r"SCAN (?:claims|articles|relations)$")
    assert [step for step in plans if whole.match(step)] == []


def test_a_claims_contradiction_is_worked_out_from_its_own_pairs_alone(tmp_path):
    from workbench.attention import _REFRESH

    with Store(tmp_path).reading() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {_REFRESH}", {"ids": "[]"}).all()
    steps = " ".join(row[-1] for row in plan)
    assert "claim_a=?" in steps and "claim_b=?" in steps and "ix_relations_order" not in steps
