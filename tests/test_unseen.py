"""While a claim waits for its second review, what the first reviewer said of its pairs is kept back, too."""

from __future__ import annotations

import csv
import io

import pytest

from tests import story
from tests.test_views import opened, words
from workbench.care import examine
from workbench.errors import ImportUndecided
from workbench.export import claims_csv, pairs_csv
from workbench.figures import who_contradicts_whom
from workbench.log import log_page
from workbench.pair_judgements import pair_history, record_pair_judgement
from workbench.pairs import conflicts, related
from workbench.queries import claim_page, counts, group_of
from workbench.restore import restore_verdicts
from workbench.restore_pairs import restore_file
from workbench.review import as_seen_by, ask_second_review
from workbench.store import Store
from workbench.unseen import HIDDEN
from workbench.verdicts import record_verdict


@pytest.fixture
def told(tmp_path) -> story.Told:
    """Ida judged a claim and two of its pairs, and a second review is asked for."""
    told = story.tell(tmp_path / "told")
    record_verdict(told.store, told.ids[0], "refuted", "Ida", second_review=True)
    record_pair_judgement(told.store, (told.ids[0], told.ids[4]), "not_contradiction", "Ida", "secret note")
    record_pair_judgement(told.store, (told.ids[0], told.ids[5]), "contradiction", "Ida", "secret note")
    return told


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def judged(told: story.Told, seen_by: str | None) -> dict[str, str]:
    groups = related(told.store, told.ids[0], seen_by)
    return {
        row.other.claim_id: row.judgement.judgement
        for lane in ("contradicts", "supports", "related")
        for row in getattr(groups, lane)
        if row.judgement
    }


def test_statements_stand_where_the_machine_put_them_until_the_second_review_is_given(told):
    assert judged(told, "Ben") == judged(told, "") == {}
    assert len(judged(told, "Ida")) == len(judged(told, None)) == 2
    lanes = [[row.other.claim_id for row in related(told.store, told.ids[0], who).contradicts] for who in ("Ben", None)]
    assert (told.ids[4] in lanes[0], told.ids[5] in lanes[0]) == (True, False)
    assert (told.ids[4] in lanes[1], told.ids[5] in lanes[1]) == (False, True)
    record_verdict(told.store, told.ids[0], "supported", "Ben")
    assert judged(told, "Ben") == judged(told, None)


def test_ones_own_judgement_is_shown_though_another_came_later(told):
    record_pair_judgement(told.store, (told.ids[0], told.ids[4]), "unclear", "Ben")
    record_pair_judgement(told.store, (told.ids[0], told.ids[4]), "contradiction", "Ida")
    assert judged(told, "Ben") == {told.ids[4]: "unclear"}
    pair = (told.ids[0], told.ids[4])
    assert [row.reviewer for row in pair_history(told.store, pair, "Ben")] == ["Ben"]
    assert len(pair_history(told.store, pair)) == 3


def test_the_list_of_conflicts_does_not_tell_who_found_one(told):
    pairs = [conflicts(told.store, seen_by=who) for who in ("Ben", "Ida")]
    assert {told.ids[0], told.ids[5]} not in [{row.a.claim_id, row.b.claim_id} for row in pairs[0].rows]
    assert [page.total for page in pairs] == [len(page.rows) for page in pairs]


def test_what_the_first_reviewer_set_aside_stays_among_the_conflicts_of_the_second(told):
    pair = {told.ids[0], told.ids[4]}
    found = [conflicts(told.store, seen_by=who) for who in ("Ben", "", "Ida", None)]
    there = [pair in [{row.a.claim_id, row.b.claim_id} for row in page.rows] for page in found]
    assert there == [True, True, False, False]
    assert found[0].total == len(story.RELATIONS) - 4 == counts(told.store).conflicts
    record_pair_judgement(told.store, (told.ids[0], told.ids[4]), "not_contradiction", "Ben")
    assert conflicts(told.store, seen_by="Ben").total == found[0].total - 1


def listed(store: Store) -> list[tuple]:
    return [(row.id, row.contradiction, row.strict) for row in claim_page(store).rows]


def test_strength_order_and_groups_rest_on_the_machine_alone_until_the_second_review_is_given(told, tmp_path):
    plain = story.tell(tmp_path / "plain")
    record_verdict(plain.store, plain.ids[0], "refuted", "Ida", second_review=True)
    record_pair_judgement(told.store, (told.ids[0], told.ids[8]), "same_claim", "Ida")
    assert listed(told.store) == listed(plain.store)
    assert told.ids[8] not in [row.claim_id for row in group_of(told.store, told.ids[0]).statements]
    assert who_contradicts_whom(told.store) == who_contradicts_whom(plain.store)
    record_verdict(told.store, told.ids[0], "refuted", "Ben")
    assert dict((one, rest) for one, *rest in listed(told.store))[told.ids[5]] == [1.0, True]
    assert told.ids[8] in [row.claim_id for row in group_of(told.store, told.ids[0]).statements]
    assert examine(told.store, mend=False) == []


def test_what_was_judged_before_a_second_review_is_asked_for_counts_again_when_it_is_given(told):
    claim, other = told.ids[1], told.ids[3]
    record_verdict(told.store, claim, "refuted", "Ida")
    record_pair_judgement(told.store, (claim, other), "same_claim", "Ida")
    record_pair_judgement(told.store, (claim, told.ids[8]), "contradiction", "Ida")

    def seen() -> tuple[bool, bool]:
        group = [row.claim_id for row in group_of(told.store, claim).statements]
        return other in group, told.ids[8] in [one for one, strength, _ in listed(told.store) if strength]

    assert seen() == (True, True)
    ask_second_review(told.store, claim, "Ida")
    assert seen() == (False, False) and examine(told.store, mend=False) == []
    record_verdict(told.store, claim, "refuted", "Ben")
    assert seen() == (True, True)


def test_the_log_keeps_judgements_of_pairs_back_on_either_side(told):
    record_pair_judgement(told.store, (told.ids[0], told.ids[4]), "unclear", "Ben", "own note")
    for claim in (told.ids[0], told.ids[4]):
        rows = log_page(told.store, claim_id=claim, what="pair_judgement").rows
        shown = as_seen_by(told.store, rows, "Ben")
        assert [(row.who, row.before, row.after) for row in shown][:2] == [("Ben", "", "unclear"), ("Ida", "", HIDDEN)]
        assert "secret note" not in repr(shown) and "own note" in repr(shown)
        assert as_seen_by(told.store, rows, "Ida") == rows


def test_no_table_of_pairs_tells_them(told):
    content = pairs_csv(told.store, "Ben")
    assert b"secret note" not in content and b"not_contradiction" not in content
    assert [row["kept_back"] for row in table(content) if row["kept_back"]] == [HIDDEN] * 2
    assert pairs_csv(told.store, "Ida") == pairs_csv(told.store)
    assert not any(row["kept_back"] for row in table(pairs_csv(told.store)))
    # Under which heading another claim stands would tell a judgement, too.
    rows = [
        {row["claim_id"]: row for row in table(claims_csv(told.store, who))}[told.ids[0]]["contradicting_claim_ids"]
        for who in ("Ben", "Ida")
    ]
    assert [told.ids[4] in cell for cell in rows] == [True, False]


def test_a_file_that_says_otherwise_does_not_bring_out_what_is_kept_back(told, tmp_path):
    other = story.tell(tmp_path / "other")
    record_verdict(other.store, other.ids[0], "outdated", "Kim", "other reasons")
    record_verdict(told.store, told.ids[0], "refuted", "Ida", "secret reasons")
    questions = {}
    for who in ("Ben", "Ida"):
        with pytest.raises(ImportUndecided) as undecided:
            restore_verdicts(told.store, claims_csv(other.store), who)
        (questions[who],) = undecided.value.questions
    assert (questions["Ben"].here, "secret reasons" in questions["Ida"].here) == (HIDDEN, True)
    assert "other reasons" in questions["Ben"].file


def test_a_second_reviewer_judges_a_pair_that_the_first_has_judged(told, monkeypatch):
    story.opens_in(told.store.folder, monkeypatch)
    app = opened("claim", claim=told.ids[0])
    app.text_input(key="reviewer").set_value("Ben").run()
    assert "Ida" not in words(app)
    pair = (told.ids[0], told.ids[4])
    app.pills(key=f"judge-{pair[0]}-{pair[1]}-0").set_value("contradiction").run()
    assert pair_history(told.store, pair)[0].reviewer == "Ben"


@pytest.mark.parametrize(("table_of", "held"), [(claims_csv, (0, 1)), (pairs_csv, (0, 2))])
def test_an_import_says_what_its_file_keeps_back(told, tmp_path, table_of, held):
    for who, restored in (("Ben", held[0]), ("Ida", held[1])):
        other = Store(tmp_path / who)
        report = restore_file(other, table_of(told.store, who), "Kim")
        assert (report.restored, report.kept_back) == (restored, held[1] - restored)
        assert ("waited for a second review" in str(report)) == (who == "Ben")
