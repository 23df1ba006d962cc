"""Whether two claims stand in stories that are alike, and what that means for a conflict between them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from embeddings.judgement import RelationSettings
from embeddings.pair_scale import PairScale
from embeddings.reasons import Reason
from embeddings.surroundings import Surroundings
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
