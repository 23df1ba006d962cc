"""In which order conflicts are listed, and which of them only if asked for."""

import json
import random
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from benchmarks.__main__ import main as measure
from embeddings import standing as listing
from embeddings.entailment import Entailment
from embeddings.judgement import Pair, Relation, RelationSettings
from embeddings.pair_scale import conflict_of
from embeddings.standing import FEATURES, FEW, LISTED_FROM, by_standing, features_of, standing, standings, worth_of
from embeddings.surroundings import Surroundings
from embeddings.train import main as train
from embeddings.training_standing import conflicts_read, fit_standing, standing_of
from tests import story
from tests.fakes import HashEncoder, RuleEntailment, a_claim
from tests.older import database_at
from tests.test_ingest import fail_before_the_end
from tests.test_relations import CLAIMS, related
from tests.workbench_fakes import fake_line, write_texts
from workbench.care import examine
from workbench.figures import who_contradicts_whom
from workbench.listing import weigh_conflicts
from workbench.pair_judgements import record_pair_judgement, withdraw_pair_judgement
from workbench.pair_rows import PairPage, Which
from workbench.pairs import conflicts, store_relations
from workbench.queries import counts
from workbench.store import Store
from workbench.verdicts import record_verdict

PLAIN = {"contradiction": 0.8, "similarity": 0.5, "likeness": 0.9, "check_worthiness": 0.6}


@pytest.fixture
def many(monkeypatch):
    """Any number of conflicts is many."""
    monkeypatch.setattr(listing, "FEW", 0)


@pytest.fixture
def told(tmp_path) -> story.Told:
    claims = [story.claim_at(*values) for values in story.CLAIMS]
    return story.fill(tmp_path, (story.LEDGER, story.COAST, story.NOTES), claims, [])


def conflict(a: str, b: str, worth: float, strict: bool = True, relation: str = "contradicts") -> Relation:
    strict = strict and relation == "contradicts"
    return Relation(*sorted((a, b)), relation, strict, 0.7, 0.5, 0.7, 0.0, 0.0, 0.7, (), "by hand", worth)


def pairs(found) -> list[tuple[str, str]]:
    return [(one.claim_a, one.claim_b) for one, *_ in by_standing(found)]


def listed_of(worth: float, many: int) -> list[bool]:
    """Whether each of so many conflicts that have nothing in common is listed."""
    return [is_listed for *_, is_listed in by_standing(conflict(f"a{n:02}", f"b{n:02}", worth) for n in range(many))]


def shown(told: story.Told, *part: int, **which: bool) -> list[tuple[str, str]]:
    return [(row.a.claim_id, row.b.claim_id) for row in conflicts(told.store, *part, which=Which(**which)).rows]


def stored(told: story.Told, found: list[Relation]) -> None:
    with told.store.writing() as connection:
        store_relations(connection, found, "by hand")
        weigh_conflicts(connection)


@pytest.mark.parametrize(("what", "less"), [(name, value / 2) for name, value in PLAIN.items()])
def test_a_conflict_is_worth_more_the_more_speaks_for_it(what, less):
    assert 0 < worth_of(**PLAIN | {what: less}) < worth_of(**PLAIN) < 1


def test_a_story_can_be_no_more_than_the_same():
    assert worth_of(**PLAIN | {"likeness": 1.6}) == worth_of(**PLAIN | {"likeness": 1.0})


@pytest.mark.parametrize("contradiction", [0.0, 1.0])
def test_what_a_model_is_certain_of_is_worth_a_finite_amount(contradiction):
    assert 0 < worth_of(**PLAIN | {"contradiction": contradiction}) < 1


def test_a_conflict_stands_the_higher_the_more_others_its_statements_stand_in():
    strengths = [standing(0.3, others) for others in range(9)]
    assert strengths[0] == pytest.approx(0.3)
    assert strengths == sorted(set(strengths)) and strengths[-1] < 1
    assert standing(0.3, 50) == strengths[-1], "nobody knows what more of them would tell"
    assert standing(1.0, 0) == standing(1.0, 3) == 1.0


def test_others_are_the_conflicts_of_either_statement():
    found = [("a", "b", 0.3), ("a", "c", 0.3), ("d", "b", 0.3), ("x", "y", 0.3)]
    assert standings(found) == [standing(0.3, 2), standing(0.3, 1), standing(0.3, 1), standing(0.3, 0)]


def test_a_dispute_goes_before_a_likelier_pair_that_stands_alone():
    found = [conflict("a", "b", 0.34), conflict("c", "d", 0.3), conflict("c", "e", 0.29), conflict("f", "g", 0.31)]
    assert pairs(found) == [("c", "d"), ("c", "e"), ("a", "b"), ("f", "g")]
    assert pairs(found[:2]) == [("a", "b"), ("c", "d")]


def test_contradictions_proper_go_before_tension_however_often_disputed():
    tense = [conflict("a", other, 0.9, strict=False) for other in "bcd"]
    assert pairs([*tense, conflict("x", "y", 0.1)])[0] == ("x", "y")


@pytest.mark.usefixtures("many")
def test_the_list_of_a_workspace_has_this_order_on_every_page(told):
    chance = random.Random(11)
    found = [
        conflict(a, b, round(chance.uniform(0.05, 0.5), 4), chance.random() < 0.5)
        for a, b in chance.sample(list(combinations(told.ids, 2)), 18)
    ]
    known = {(one.claim_a, one.claim_b) for one in found}
    agreeing = next(pair for pair in combinations(told.ids, 2) if tuple(sorted(pair)) not in known)
    stored(told, [*found, conflict(*agreeing, 0.9, relation="supports")])
    expected = pairs(found)
    alone = sorted(found, key=lambda one: (not one.strict, -one.worth))
    assert expected != [(one.claim_a, one.claim_b) for one in alone], "others make no difference"
    assert shown(told, doubtful=True) == expected
    assert sum((shown(told, 5, start, doubtful=True) for start in range(0, 20, 5)), []) == expected
    likely = [(one.claim_a, one.claim_b) for one, stands, _ in by_standing(found) if stands >= LISTED_FROM]
    assert 0 < len(likely) < len(expected)
    assert shown(told) == likely
    page, whole = conflicts(told.store, 3), conflicts(told.store, 3, which=Which(doubtful=True))
    assert (page.total, whole.total) == (len(likely), len(expected))
    assert page.doubtful == whole.doubtful == len(expected) - len(likely)


@pytest.mark.usefixtures("many")
def test_doubtful_conflicts_are_listed_and_counted_only_where_asked_for(told):
    ids = told.ids
    stored(told, [conflict(ids[0], ids[4], 0.5), conflict(ids[2], ids[6], 0.05)])
    assert counts(told.store).conflicts == conflicts(told.store).total == 1
    assert sum(row[2] for row in who_contradicts_whom(told.store).rows) == 2
    record_pair_judgement(told.store, shown(told, doubtful=True)[1], "not_contradiction", "Ida")
    left = conflicts(told.store)
    assert (left.total, left.doubtful) == (1, 0)
    again = conflicts(told.store, which=Which(set_aside=True))
    assert (again.total, again.doubtful) == (2, 0), "what people judged is not doubtful"


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("judgement", ["contradiction", "unclear"])
def test_what_people_judged_is_not_left_out_as_doubtful(told, judgement):
    ids = told.ids
    stored(told, [conflict(ids[0], ids[4], 0.5), conflict(ids[2], ids[6], 0.05), conflict(ids[3], ids[8], 0.05)])
    pair = tuple(sorted((ids[2], ids[6])))
    assert pair not in shown(told)
    record_pair_judgement(told.store, pair, judgement, "Ida")
    assert pair in shown(told)
    page = conflicts(told.store)
    assert (page.total, page.doubtful) == (2, 1) and counts(told.store).conflicts == 2
    assert sum(row[2] for row in who_contradicts_whom(told.store).rows) == 4


@pytest.mark.usefixtures("many")
def test_a_doubtful_pair_that_was_set_aside_can_be_seen_again(told):
    pair = tuple(sorted((told.ids[2], told.ids[6])))
    stored(told, [conflict(*pair, 0.05)])
    record_pair_judgement(told.store, pair, "not_contradiction", "Ida")
    page = conflicts(told.store)
    assert (page.rows, page.total, page.doubtful) == ((), 0, 0)
    assert shown(told, set_aside=True) == [pair] and conflicts(told.store, which=Which(set_aside=True)).total == 1


def test_the_first_conflicts_are_listed_whatever_they_stand_at(told):
    stored(told, [conflict(told.ids[2], told.ids[6], 0.05)])
    assert len(shown(told)) == 1
    assert listed_of(0.05, FEW + 1) == [True] * FEW + [False]
    assert listed_of(LISTED_FROM, FEW + 1) == [True] * (FEW + 1)


def test_the_first_are_the_first_of_the_list(told, monkeypatch):
    monkeypatch.setattr(listing, "FEW", 1)
    ids = told.ids
    stored(told, [conflict(ids[0], ids[4], 0.06), conflict(ids[2], ids[6], 0.05), conflict(ids[3], ids[8], 0.04)])
    assert shown(told) == [tuple(sorted((ids[0], ids[4])))]


@pytest.mark.usefixtures("many")
def test_who_takes_a_judgement_back_finds_the_pair_where_it_was(told):
    pair = tuple(sorted((told.ids[2], told.ids[6])))
    stored(told, [conflict(*pair, 0.05)])
    given = record_pair_judgement(told.store, pair, "not_contradiction", "Ida")
    withdraw_pair_judgement(told.store, given.id, "Ida")
    assert shown(told) == [pair]
    page = conflicts(told.store)
    assert (page.total, page.doubtful) == (1, 0) and counts(told.store).conflicts == 1


@pytest.mark.usefixtures("many")
def test_setting_a_pair_aside_moves_no_other(told):
    ids = told.ids
    stored(told, [conflict(ids[0], ids[4], 0.42), conflict(ids[0], ids[5], 0.43), conflict(ids[2], ids[6], 0.45)])
    before = shown(told)
    assert set(before[-1]) == {ids[2], ids[6]}
    record_pair_judgement(told.store, before[0], "not_contradiction", "Ida")
    with told.store.writing() as connection:
        weigh_conflicts(connection)
    assert shown(told) == before[1:]


@pytest.mark.usefixtures("many")
def test_a_pair_keeps_its_place_while_all_are_judged_anew(told):
    found = [conflict(told.ids[0], told.ids[place], 0.15) for place in (4, 5, 6)]
    stored(told, found)
    before = shown(told)
    assert len(before) == 3, "together they are likely"
    with told.store.writing() as connection:
        store_relations(connection, found, "others")
    assert shown(told) == before


@pytest.mark.usefixtures("many")
def test_copies_of_an_article_make_no_dispute(told):
    ids = told.ids
    found = [conflict(ids[0], ids[4], 0.1), conflict(ids[7], ids[4], 0.1), conflict(ids[1], ids[5], 0.1)]
    stored(told, found)

    def standing_of(number: int) -> float:
        with told.store.reading() as connection:
            query = "SELECT standing FROM relations WHERE claim_a = ? AND claim_b = ?"
            return connection.exec_driver_sql(query, (found[number].claim_a, found[number].claim_b)).scalar_one()

    assert standing_of(0) == standing_of(1) > standing_of(2)
    with told.store.writing() as connection:
        # Two articles of one story, with the same words.
        connection.exec_driver_sql(
            "UPDATE articles SET story_id = 's' WHERE title IN (?, ?)",
            (story.LEDGER.provenance.title, story.NOTES.provenance.title),
        )
        connection.exec_driver_sql("UPDATE claims SET text = 'It was inspected.' WHERE id IN (?, ?)", (ids[0], ids[7]))
        weigh_conflicts(connection)
    assert standing_of(0) == standing_of(1) == standing_of(2)


@pytest.mark.usefixtures("many")
def test_a_blind_desk_counts_the_doubtful_only_among_what_one_has_judged(told):
    ids = told.ids
    stored(told, [conflict(ids[0], ids[4], 0.5), conflict(ids[2], ids[6], 0.05)])
    assert conflicts(told.store, blind_for="Ida") == PairPage((), 0, 0)
    record_verdict(told.store, ids[2], "refuted", "Ida")
    page = conflicts(told.store, blind_for="Ida")
    assert (page.total, page.doubtful) == (0, 1)
    assert conflicts(told.store, which=Which(doubtful=True), blind_for="Ida").total == 1


def test_what_an_earlier_version_found_stays_listed_in_its_order(told, tmp_path):
    ids = told.ids
    found = [
        replace(conflict(ids[a], ids[b], 0.05, strict), score=score)
        for a, b, strict, score in ((0, 4, False, 0.9), (2, 6, True, 0.7), (3, 8, True, 0.8))
    ]
    stored(told, found)
    database_at(tmp_path / "old", "0025", told.store, ("articles", "claims", "relations"))
    page = conflicts(Store(tmp_path / "old"))
    assert (page.total, page.doubtful) == (3, 0)
    assert [row.link.score for row in page.rows] == [0.8, 0.7, 0.9]


def judged(model_id: str, claims=CLAIMS[:2], **known) -> Relation:
    model = RuleEntailment(model_id)
    said = Entailment(0.95, 0.01, 0.04, 0.5)
    return Pair(*claims, 0.6, 1.0, False, **{"likeness": 1.0} | known).judged((said, said), RelationSettings(), model)


def test_a_conflict_that_is_found_is_weighed_by_its_story_and_its_worth():
    model = RuleEntailment("counterclaim-nli-1234")
    found = related(CLAIMS, model=model)[0]
    clash = found["c1", "c2"]
    score = model.score([(CLAIMS[0].standalone, CLAIMS[1].standalone), (CLAIMS[1].standalone, CLAIMS[0].standalone)])
    least = min(claim.check_worthiness for claim in CLAIMS[:2])
    assert clash.worth == pytest.approx(worth_of(conflict_of(*score)[0], clash.similarity, 1.0, least), abs=0.001)
    assert clash.worth < 1 and found["c1", "c3"].worth == 1.0


def test_between_two_articles_a_conflict_is_weighed_by_what_stands_around_it():
    claims = [
        a_claim("c1", "the bridge was safe for lorries", "Mary Holt"),
        a_claim("c3", "the bridge was not safe for lorries", article="b" * 16),
        *(a_claim(f"d{n}", f"ferries sail from pier {n} at noon", start=100 * n) for n in range(1, 6)),
        *(a_claim(f"e{n}", f"apples rose by {n}0 pence", article="b" * 16, start=100 * n) for n in range(1, 6)),
    ]
    encoder, model = HashEncoder(), RuleEntailment("counterclaim-nli-1234")
    around = Surroundings(claims, encoder.encode([claim.standalone for claim in claims])).likeness(0, 1)
    assert 0 < around < 1
    clash = related(claims, model=model, settings=RelationSettings(one_story=0.0))[0]["c1", "c3"]
    score = model.score([(one.standalone, other.standalone) for one, other in (claims[:2], claims[1::-1])])
    contradiction, least = conflict_of(*score)[0], min(claim.check_worthiness for claim in claims)
    assert clash.worth == pytest.approx(worth_of(contradiction, clash.similarity, around, least), abs=0.001)


@pytest.fixture
def weighing(tmp_path, many):
    """A line whose conflicts are weighed, as the shipped models' are, and its texts, read."""
    made = fake_line(tmp_path / "weighing")
    made.model.model_id = "counterclaim-fake"
    made.ingest([write_texts(tmp_path / "texts")])
    return made


def stands(store: Store) -> list[tuple]:
    with store.reading() as connection:
        query = "SELECT claim_a, claim_b, worth, standing, listed FROM relations WHERE relation = 'contradicts'"
        return [tuple(row) for row in connection.exec_driver_sql(f"{query} ORDER BY claim_a, claim_b")]


def weighed(store: Store) -> bool:
    """Whether every conflict stands where it belongs among those that there are."""
    rows = stands(store)
    expected = standings((a, b, worth) for a, b, worth, *_ in rows)
    return bool(rows) and [row[3] for row in rows] == pytest.approx(expected)


def test_a_reading_weighs_what_it_finds(weighing):
    assert weighed(weighing.store)
    assert any(row[2] < row[3] for row in stands(weighing.store)), "there are disputes"


def test_while_a_reading_runs_its_conflicts_stand_where_they_belong(tmp_path, many):
    made = fake_line(tmp_path / "killed")
    made.model.model_id = "counterclaim-fake"

    fail_before_the_end(made)
    with pytest.raises(RuntimeError):
        made.ingest([write_texts(tmp_path / "texts")])
    assert weighed(made.store)


def test_conflicts_are_weighed_anew_when_others_are_gone(weighing, tmp_path):
    before = stands(weighing.store)
    with weighing.store.writing() as connection:
        connection.exec_driver_sql(
            "DELETE FROM relations WHERE claim_a = ? AND claim_b = ?",
            next(row[:2] for row in before if row[2] < row[3]),
        )
    assert not weighed(weighing.store)
    weighing.ingest([tmp_path / "texts"])
    assert weighed(weighing.store)


def test_the_doctor_weighs_conflicts(weighing):
    with weighing.store.writing() as connection:
        connection.exec_driver_sql("UPDATE relations SET standing = 0.9 WHERE relation = 'contradicts'")
    assert len(examine(weighing.store, mend=False)) == 1 and not weighed(weighing.store)
    examine(weighing.store)
    assert weighed(weighing.store) and examine(weighing.store) == []


def test_the_measure_tells_how_many_of_the_first_are_real(tmp_path, capsys):
    rows = [
        a_read_conflict(read, contradiction=said, score=score, collection="one")
        for read, said, score in (("tension", 0.99, 0.7), ("contradicts", 0.97, 0.6), ("nothing", 0.1, 0.9))
    ]
    path = tmp_path / "read.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert measure(["standing", str(path)]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    result = json.loads(last)
    assert (result["n"], result["base_rate"], result["average_precision"]) == (3, 0.667, 1.0)
    assert result["average_precision_by_score"] < 1
    assert any(line.startswith("one: of the first 10, 20, 40 real: 2/2/2") for line in lines)


def test_only_what_a_shipped_model_says_is_weighed():
    ours = judged("counterclaim-nli-1234")
    assert ours.relation == "contradicts"
    claims = CLAIMS[:2]
    least = min(claim.check_worthiness for claim in claims)
    assert ours.worth == round(worth_of(ours.contradiction, 0.6, 1.0, least), 4)
    assert judged("counterclaim-nli-1234", likeness=0.4).worth < ours.worth
    assert judged("some/hub-model").worth == 1.0


def a_read_conflict(read: str, **known: float) -> dict:
    return {"a": ["x", 0, 9], "b": ["y", 0, 9], "read": read, "strict": True, "score": 0.8, "others": 0} | PLAIN | known


def test_what_counts_is_fitted_to_what_readers_found(tmp_path, monkeypatch):
    chance = random.Random(5)
    rows = []
    for _ in range(400):
        alike, others = chance.random(), chance.randrange(6)
        real = chance.random() < 1 / (1 + np.exp(-(6 * alike + others - 5)))
        rows.append(a_read_conflict("tension" if real else "nothing", similarity=alike, others=others))
    half = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    for path, part in zip(half, (rows[:200], rows[200:]), strict=True):
        path.write_text("".join(json.dumps(row) + "\n" for row in part), encoding="utf-8")
    out = tmp_path / "standing.json"
    assert train(["standing", "--read", *map(str, half), "--out", str(out)]) == 0
    weights = json.loads(out.read_text(encoding="utf-8"))
    assert weights == fit_standing(rows) and set(weights) == {*FEATURES, "bias"}
    assert weights["similarity"] > 2 and weights["others"] > 0.5 and abs(weights["likeness"]) < 0.5
    monkeypatch.setattr(listing, "FITTED", out)
    listing._weights.cache_clear()
    try:
        said = [standing_of(row) for row in rows]
    finally:
        monkeypatch.undo()
        listing._weights.cache_clear()
    assert np.mean(said) == pytest.approx(np.mean([row["read"] == "tension" for row in rows]), abs=0.01)


def test_standing_is_what_the_fitted_weights_say():
    weights = json.loads(listing.FITTED.read_text(encoding="utf-8"))
    features = features_of(**PLAIN, others=4)
    logit = weights["bias"] + sum(weights[name] * value for name, value in zip(FEATURES, features, strict=True))
    assert standing(worth_of(**PLAIN), 4) == pytest.approx(1 / (1 + np.exp(-logit)))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (a_read_conflict("perhaps"), "'perhaps'.*tension"),
        ({"read": "nothing", "a": 1, "b": 2}, "lacks strict, score, contradiction"),
    ],
)
def test_a_file_that_tells_no_reading_or_too_little_is_refused(tmp_path, row, says):
    path = tmp_path / "read.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=says):
        conflicts_read([path])
