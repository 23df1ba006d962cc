"""Whether two claims stand in stories that are alike, and what that means for a conflict between them."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

import numpy as np
import pytest

from embeddings.entailment import Entailment
from embeddings.judgement import RelationSettings
from embeddings.pair_scale import PairScale
from embeddings.reasons import COMMON_NAMES, Reason, full_names, telling_names
from embeddings.surroundings import Surroundings
from embeddings.train import main as train
from embeddings.training_names import names_common_in
from tests.fakes import HashEncoder, RuleEntailment, a_claim
from tests.test_relations import related

BRIDGE = (
    "the harbour bridge carries lorries to the port",
    "lorries on the harbour bridge were counted at the port",
    "the port asked for a new harbour bridge",
)
GARDEN = (
    "roses need feeding with compost every spring",
    "compost made of leaves feeds roses best",
    "gardeners prune roses before spring",
)
SAFE, UNSAFE = "the harbour bridge was safe for lorries", "the harbour bridge was not safe for lorries"
LENIENT = RelationSettings(contradiction_threshold=0.5, tension_threshold=0.5)


def collection(*articles: tuple[str, ...]) -> list:
    return [
        a_claim(f"{name}{place:02}", text, "", name * 16, start=100 * place)
        for name, texts in zip("abcdef", articles, strict=False)
        for place, text in enumerate(texts)
    ]


def likeness(*articles: tuple[str, ...], at: tuple[int, int] = (0, -1)) -> float:
    claims = collection(*articles)
    one, other = (place % len(claims) for place in at)
    around = Surroundings(claims, HashEncoder().encode([claim.text for claim in claims]))
    assert around.likeness(one, other) == pytest.approx(around.likeness(other, one))
    return around.likeness(one, other)


def test_claims_of_one_story_stand_among_the_like_and_those_of_different_ones_do_not():
    assert likeness(BRIDGE, BRIDGE) > 0.9
    assert likeness(BRIDGE) == 1.0
    assert likeness(BRIDGE, GARDEN) < 0.3


def test_one_part_of_a_round_up_is_as_near_to_its_story_as_an_article_of_its_own():
    filler = tuple(f"{word} " * 6 for word in ["chess", "opera", "whales", "snow", "banks", "trains", "maize", "films"])
    round_up = (*filler * 3, *BRIDGE * 3, *filler * 3)
    assert likeness(round_up, BRIDGE, at=(24 + 4, -1)) > 0.7
    assert likeness(round_up, BRIDGE, at=(0, -1)) < 0.3


def test_claims_of_one_article_may_come_in_any_order():
    claims = collection(BRIDGE, GARDEN, BRIDGE)
    vectors = HashEncoder().encode([claim.text for claim in claims])
    order = [8, 3, 0, 6, 1, 4, 2, 7, 5]
    mixed = Surroundings([claims[place] for place in order], vectors[order])
    for one, other in ((0, 3), (0, 6), (4, 8)):
        expected = Surroundings(claims, vectors).likeness(one, other)
        assert mixed.likeness(order.index(one), order.index(other)) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("in_common", [0.12, 0.24])
def test_few_claims_are_not_less_alike_for_being_few(in_common):
    chance = np.random.default_rng(3)
    story, aside = (chance.normal(size=384) for _ in range(2))

    def vectors(count: int, of: np.ndarray) -> np.ndarray:
        # Two claims of the story have a cosine of about 0.24, as in news.
        drawn = of + chance.normal(size=(count, 384)) * np.sqrt(1 / 0.24 - 1)
        return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)

    share = in_common / 0.24
    other = share * story + np.sqrt(1 - share**2) * aside

    def mean_likeness(count: int) -> float:
        claims = collection(("one",) * count, ("other",) * 17)
        drawn = [np.vstack([vectors(count, story), vectors(17, other)]) for _ in range(60)]
        return float(np.mean([Surroundings(claims, one).likeness(count // 2, count + 8) for one in drawn]))

    found = [mean_likeness(count) for count in (1, 3, 17)]
    assert found == pytest.approx([share] * 3, abs=0.1)


def test_a_conflict_between_different_stories_counts_less():
    one_story = related(collection((SAFE, *BRIDGE), (UNSAFE, *BRIDGE)), settings=LENIENT)[0]["a00", "b00"]
    far = collection((SAFE, *BRIDGE), (UNSAFE, *GARDEN, *GARDEN))
    two_stories = related(far, settings=LENIENT)[0]["a00", "b00"]
    assert one_story.relation == "contradicts" and two_stories.relation == "related"
    assert 0 < two_stories.contradiction < 0.75 * one_story.contradiction
    assert 0 < two_stories.tension < 0.75 * one_story.tension
    unweighed = related(far, settings=replace(LENIENT, one_story=0.0))[0]["a00", "b00"]
    assert unweighed.relation == "contradicts" and unweighed.contradiction == one_story.contradiction


NAMING = (
    "Mary Holt opened Harbour Bridge",
    "Yesterday John Reed of the Port Board said so",
    "the Port Board had it built",
    "Reed was not there",
)


@pytest.mark.parametrize(
    ("other", "names"),
    [
        (("Mary Holt and John Reed fell out", "it was the Port Board’s fault"), 3),
        (("It was John Reed, not Mary Holt", "Holt and Reed fell out over the Bridge"), 2),
        (("The Port Board met", "holt and reed fell out"), 1),
        (("'Mary Holt's friends and John Reed’", "the two Port Boards’"), 2),
        (("Mary Holt and old Mary Holt", "Dame Mary Holt"), 1),
        (("reeds grow at the port",), 0),
    ],
)
def test_articles_have_the_names_of_several_words_in_common_that_stand_in_both(other, names):
    claims = collection(NAMING, other)
    around = Surroundings(claims, np.zeros((len(claims), 4), dtype=np.float32))
    found = {around.names_shared(*places) for places in ((0, 4), (3, 4), (4, 0), (1, len(claims) - 1))}
    assert found == {names}


def test_what_every_other_article_names_tells_no_story():
    assert full_names("The White House and Mary Holt met in New York.") == {"White House", "Mary Holt", "New York"}
    assert telling_names("The White House and Mary Holt met in New York.") == {"Mary Holt"}
    for same in ("Yesterday Barack Obama left.", "Former President Donald Trump left.", "Then-President Barack Obama"):
        assert full_names(same) and not telling_names(same)
    claims = collection(("Mary Holt left the White House",), ("New York is far from the White House, Mary Holt said",))
    assert Surroundings(claims, np.zeros((2, 4), dtype=np.float32)).names_shared(0, 1) == 1


def test_the_common_names_that_ship_are_of_several_words_and_in_order():
    names = COMMON_NAMES.read_text(encoding="utf-8").splitlines()
    assert len(names) > 100 and names == sorted(set(names)) and all(" " in name for name in names)


def test_names_are_common_from_a_share_of_the_articles_on(tmp_path):
    texts = ["Port Board members met Mary Holt again today.\nThe Port Board is said to have been told."] * 2
    texts += ["Neither Mary Holt nor anybody else was there.", "No name stands in this short article at all."]
    rows = [{"id": f"{place}", "text": text} for place, text in enumerate(texts)]
    assert names_common_in(rows, 0.5) == ["Mary Holt", "Port Board"]
    assert names_common_in(rows, 0.51) == ["Mary Holt"]
    (tmp_path / "corpus").mkdir()
    with gzip.open(tmp_path / "corpus" / "news_20k.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "read.jsonl").write_text(json.dumps({"read": "", "a": ["0", 0, 9], "b": ["1", 0, 9]}) + "\n")
    command = ["common-names", "--data", str(tmp_path), "--spare", str(tmp_path / "kept"), "--share", "0.5"]
    assert train([*command, "--out", str(tmp_path / "names.txt")]) == 0
    assert (tmp_path / "names.txt").read_text() == "Mary Holt\n"


def test_two_articles_that_hold_enough_names_tell_one_story():
    claims = collection(NAMING, ("Mary Holt and John Reed fell out",))
    around = Surroundings(claims, HashEncoder().encode([claim.text for claim in claims]))
    for wanted, told in ((2, True), (3, False)):
        pair = around.beside(0, 4, RelationSettings(names_to_share=wanted))
        assert (pair.one, pair.other, pair.shares_names) == (claims[0], claims[4], told)


def test_tension_between_two_articles_counts_by_whether_they_tell_one_story():
    class Tense(RuleEntailment):
        def score(self, pairs, progress=None):
            return [Entailment(0.1, 0.0, 0.9, 0.5)] * len(pairs)

    settings = RelationSettings(one_story=0.0)
    for other, factor in ((NAMING, settings.tension_sharing_names), (BRIDGE, settings.tension_without_names)):
        claims = collection((SAFE, *NAMING), (UNSAFE, *other))
        assert related(claims, settings=settings, model=Tense())[0]["a00", "b00"].tension == pytest.approx(0.5 * factor)


def test_so_it_does_by_a_models_own_scale():
    class Scaled(RuleEntailment):
        scale = PairScale((0.0, 1.0, 0.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0, 0.0))

    near, far = (
        related(collection((SAFE, *BRIDGE), (UNSAFE, *rest)), settings=LENIENT, model=Scaled())[0]["a00", "b00"]
        for rest in (BRIDGE, (*GARDEN, *GARDEN))
    )
    assert 0 < far.tension < 0.75 * near.tension


def test_another_period_lowers_what_another_story_lowered_already():
    class Periods:
        def explain(self, pairs, written):
            return [(Reason("period", "may be about different periods"),)] * len(pairs)

    far = collection((SAFE, *BRIDGE), (UNSAFE, *GARDEN, *GARDEN))
    settings = RelationSettings(contradiction_threshold=0.1, tension_threshold=0.1)
    alone = related(far, settings=settings)[0]["a00", "b00"]
    both = related(far, settings=settings, explainer=Periods())[0]["a00", "b00"]
    assert alone.relation == both.relation == "contradicts"
    assert both.contradiction == pytest.approx(0.8 * alone.contradiction, abs=1e-3)


def test_nothing_comes_of_nothing():
    assert related([])[0] == {}
