"""A CSV of pairs, read back into another workspace with what people said of them."""

from __future__ import annotations

import pytest

from tests.desks import changed, desk_line, values
from tests.workbench_fakes import fake_line
from workbench.errors import ImportRefused, ImportUndecided, NotAllowed, ReviewerMissing
from workbench.export import claims_csv, pairs_csv
from workbench.log import log_page
from workbench.pair_judgements import pair_history, record_pair_judgement, withdraw_pair_judgement
from workbench.pairs import all_pairs, conflicts
from workbench.people import Person
from workbench.queries import claim_detail, claim_page
from workbench.restore import restore_verdicts
from workbench.restore_pairs import restore_file, restore_pairs
from workbench.store import Store
from workbench.verdicts import record_verdict


@pytest.fixture
def line(tmp_path):
    return desk_line(tmp_path)


@pytest.fixture
def judged(line) -> list[tuple[str, str]]:
    """Pairs with every kind of judgement on them; the last is one that the machine never judged."""
    found = sorted((row.a.claim_id, row.b.claim_id) for row in conflicts(line.store).rows)
    record_pair_judgement(line.store, found[0], "not_contradiction", "Ida", "=other\ndates", blind=True)
    record_pair_judgement(line.store, found[0], "contradiction", "Ben")
    back = record_pair_judgement(line.store, found[1], "same_claim", "Ida")
    withdraw_pair_judgement(line.store, back.id, "Ida")
    record_pair_judgement(line.store, found[1], "unclear", "Ida")
    known = {(row.a.claim_id, row.b.claim_id) for row in all_pairs(line.store).rows}
    ids = sorted(row.id for row in claim_page(line.store).rows)
    alone = next((a, b) for a in ids for b in ids if a < b and (a, b) not in known)
    record_pair_judgement(line.store, alone, "same_claim", "Kim")
    return [*found[:2], alone]


def said(store: Store, pair: tuple[str, str]) -> list[dict]:
    return list(map(values, pair_history(store, pair)))


def test_every_judgement_of_a_pair_comes_back_into_an_empty_workspace(line, judged, tmp_path):
    other = Store(tmp_path / "other")
    report = restore_pairs(other, pairs_csv(line.store), "Kim")
    assert (report.things, report.restored, report.known, report.left) == (3, 5, 0, 0)
    for pair in judged:
        assert said(other, pair) == said(line.store, pair) != []
        for claim_id in pair:
            here, there = claim_detail(other, claim_id).claim, claim_detail(line.store, claim_id).claim
            assert (here.text, here.char_start, here.char_end) == (there.text, there.char_start, there.char_end)
            assert here.attribution.speaker == there.attribution.speaker and here.kind == there.kind
    assert {(row.who, row.what) for row in log_page(other).rows} == {("Kim", "import")}


def test_what_came_back_goes_out_again_and_holds_when_the_articles_are_read(line, judged, tmp_path):
    other = fake_line(tmp_path / "other")
    restore_pairs(other.store, pairs_csv(line.store), "Kim")
    third = Store(tmp_path / "third")
    assert restore_pairs(third, pairs_csv(other.store), "Kim").restored == 5
    assert all(said(third, pair) == said(line.store, pair) for pair in judged)
    other.ingest([tmp_path / "texts"])
    assert conflicts(other.store) == conflicts(line.store)
    assert pairs_csv(other.store).count(b"not_contradiction") == pairs_csv(line.store).count(b"not_contradiction")


def test_import_tells_the_two_tables_apart_by_their_columns(line, judged, tmp_path):
    record_verdict(line.store, judged[0][0], "refuted", "Ida")
    other = Store(tmp_path / "other")
    assert "judgements restored: 5" in str(restore_file(other, pairs_csv(line.store), "Kim"))
    assert "verdicts restored: 1" in str(restore_file(other, claims_csv(line.store), "Kim"))
    with pytest.raises(ImportRefused, match="no column claim_id"):
        restore_verdicts(other, pairs_csv(line.store), "Kim")
    with pytest.raises(ImportRefused, match="no column .*only a file that “Pairs as CSV” wrote"):
        restore_file(other, b"claim_a,claim_b\n", "Kim")


def test_reading_the_same_file_twice_adds_nothing(line, judged, tmp_path):
    other = Store(tmp_path / "other")
    restore_pairs(other, pairs_csv(line.store), "Kim")
    again = restore_pairs(other, pairs_csv(line.store), "Kim")
    assert (again.things, again.restored, again.known) == (0, 0, 5)


def test_a_file_that_goes_on_from_here_is_followed_with_what_it_took_back(line, judged, tmp_path):
    other = Store(tmp_path / "other")
    restore_pairs(other, pairs_csv(line.store), "Kim")
    withdraw_pair_judgement(line.store, pair_history(line.store, judged[0])[0].id, "Ben")
    record_pair_judgement(line.store, judged[1], "same_claim", "Ben")
    assert restore_pairs(other, pairs_csv(line.store), "Kim").restored == 1
    new = reversed(log_page(other).rows[:2])
    assert sorted((row.claim_id, row.subject, row.before, row.after) for row in new) == sorted(
        [(*judged[0], "Contradiction", "Not a contradiction"), (*judged[1], "Unclear", "The same claim")]
    )
    assert all(said(other, pair) == said(line.store, pair) for pair in judged)
    old = pairs_csv(line.store)
    record_pair_judgement(other, judged[2], "unclear", "Kim")
    assert restore_pairs(other, old, "Kim").restored == 0 and len(pair_history(other, judged[2])) == 2


def test_a_person_decides_where_a_file_judges_a_pair_otherwise(line, judged, tmp_path):
    other = Store(tmp_path / "other")
    restore_pairs(other, pairs_csv(line.store), "Kim")
    record_pair_judgement(line.store, judged[1], "same_claim", "Ben", "word for word")
    record_pair_judgement(other, judged[1], "not_contradiction", "Kim")
    with pytest.raises(ImportUndecided, match="different things of 1 pair; choose here or file") as caught:
        restore_pairs(other, pairs_csv(line.store), "Kim")
    (question,) = caught.value.questions
    assert question.claim_id == "+".join(judged[1]) and str(question).startswith("pair ")
    assert question.here.startswith("Not a contradiction by Kim") and "“word for word”" in question.file
    assert len(pair_history(other, judged[1])) == 3
    report = restore_pairs(other, pairs_csv(line.store), "Kim", {question.claim_id: "here"})
    assert (report.restored, report.left) == (0, 1) and "pairs left as they stand here: 1" in str(report)
    assert pair_history(other, judged[1])[0].judgement == "not_contradiction"
    restore_pairs(other, pairs_csv(line.store), "Kim", otherwise="file")
    assert [row.judgement for row in pair_history(other, judged[1])][:2] == ["same_claim", "not_contradiction"]


def test_a_pair_left_as_it_stands_here_is_not_asked_again_of_the_same_file(line, judged, tmp_path):
    other = Store(tmp_path / "other")
    restore_pairs(other, pairs_csv(line.store), "Kim")
    record_pair_judgement(line.store, judged[1], "same_claim", "Ben")
    record_pair_judgement(other, judged[1], "not_contradiction", "Kim")
    content = pairs_csv(line.store)
    assert restore_pairs(other, content, "Kim", otherwise="here").left == 1
    row = log_page(other).rows[0]
    assert (row.claim_id, row.subject, row.after) == (*judged[1], "left as it stands here")
    assert restore_pairs(other, content, "Ben").left == 1
    record_pair_judgement(line.store, judged[1], "unclear", "Ben")
    with pytest.raises(ImportUndecided):
        restore_pairs(other, pairs_csv(line.store), "Ben")


def test_two_who_judge_a_pair_alike_are_no_question(line, judged, tmp_path):
    other = Store(tmp_path / "other")
    restore_pairs(other, pairs_csv(line.store), "Kim")
    record_pair_judgement(line.store, judged[1], "same_claim", "Ben")
    record_pair_judgement(other, judged[1], "same_claim", "Kim")
    assert restore_pairs(other, pairs_csv(line.store), "Kim").restored == 1


@pytest.mark.parametrize(
    ("newest", "words"),
    [
        ({"judgement": "maybe"}, "no judgement 'maybe'; choose one of contradiction"),
        ({"reviewer": " "}, "needs a name"),
        ({"note": 7}, "note = 7"),
        ({"blind": "no"}, "blind = 'no'"),
        ({"claim_a": "another"}, "another pair"),
        ({"machine_relation": "contradicts", "machine_score": None}, "machine_score = None .* from 0 to 1, or null"),
        ({"machine_relation": "contradicts", "machine_score": float("nan")}, "machine_score = nan .* from 0 to 1"),
        ({"machine_relation": "supports", "machine_score": 1.5}, "machine_score = 1.5 .* from 0 to 1"),
        ({"machine_relation": "related", "machine_score": -0.1}, "machine_score = -0.1 .* from 0 to 1"),
        ({"machine_relation": "", "machine_score": 0.5}, "machine_score = 0.5 beside machine_relation = ''"),
        ({"odd": 1}, "odd"),
    ],
)
def test_a_judgement_that_could_not_have_been_given_here_is_refused(line, judged, tmp_path, newest, words):
    other = Store(tmp_path / "other")
    with pytest.raises(ImportRefused, match=words):
        restore_pairs(other, changed(pairs_csv(line.store), "judgement_history", newest), "Kim")
    assert claim_page(other).total == 0 and log_page(other).total == 0


@pytest.mark.parametrize(
    ("cells", "words"),
    [({"judgement_history": "[{]"}, "line .*judgement_history"), ({"char_start_b": "ten"}, "line .*ten")],
)
def test_a_bad_line_is_named_and_nothing_is_taken_in(line, judged, tmp_path, cells, words):
    other = Store(tmp_path / "other")
    with pytest.raises(ImportRefused, match=words):
        restore_pairs(other, changed(pairs_csv(line.store), "judgement_history", cells=cells), "Kim")
    assert claim_page(other).total == 0 and log_page(other).total == 0


def test_an_import_of_pairs_needs_a_name_and_the_role_for_it(line, judged, tmp_path):
    other, content = Store(tmp_path / "other"), pairs_csv(line.store)
    with pytest.raises(ReviewerMissing):
        restore_pairs(other, content, " ")
    with pytest.raises(NotAllowed, match="needs the role admin"):
        restore_pairs(other.on_behalf_of(Person("Kim", "editor")), content, "Kim")
