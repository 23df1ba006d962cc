"""How alike two articles are, and what that means for a conflict between them."""

from __future__ import annotations

import numpy as np
import pytest

from embeddings.index import VectorIndex
from embeddings.relations import RelationSettings, find_relations
from embeddings.stories import Stories
from tests.fakes import HashEncoder, RuleEntailment, a_claim

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


def collection(*articles: tuple[str, ...]) -> list:
    return [
        a_claim(f"{name}{place}", text, "", name * 16, start=100 * place)
        for name, texts in zip("abcdef", articles, strict=False)
        for place, text in enumerate(texts)
    ]


def likeness(*articles: tuple[str, ...]) -> float:
    claims = collection(*articles)
    stories = Stories(claims, HashEncoder().encode([claim.text for claim in claims]))
    ends = claims[0], claims[-1]
    assert stories.likeness(*ends) == pytest.approx(stories.likeness(*reversed(ends)))
    return stories.likeness(*ends)


def test_articles_of_one_story_are_alike_and_those_of_different_ones_are_not():
    assert likeness(BRIDGE, BRIDGE) > 0.9
    assert likeness(BRIDGE) == 1.0
    assert likeness(BRIDGE, GARDEN) < 0.3


def test_claims_of_one_article_may_come_in_any_order():
    claims = collection(BRIDGE, GARDEN, BRIDGE)
    vectors = HashEncoder().encode([claim.text for claim in claims])
    order = [8, 3, 0, 6, 1, 4, 2, 7, 5]
    mixed = Stories([claims[place] for place in order], vectors[order])
    for one, other in ((0, 3), (0, 6), (4, 8)):
        expected = Stories(claims, vectors).likeness(claims[one], claims[other])
        assert mixed.likeness(claims[one], claims[other]) == pytest.approx(expected, abs=1e-6)


def test_a_short_article_is_not_less_alike_for_being_short():
    chance = np.random.default_rng(3)
    story = chance.normal(size=384)

    def vectors(count: int) -> np.ndarray:
        # Two claims of the story have a cosine of about 0.25, as in news.
        drawn = story + chance.normal(size=(count, 384)) * np.sqrt(3.0)
        return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)

    def mean_likeness(count: int) -> float:
        found = []
        for _ in range(40):
            claims = collection(("one",) * count, ("other",) * 30)
            found.append(Stories(claims, np.vstack([vectors(count), vectors(30)])).likeness(claims[0], claims[-1]))
        return float(np.mean(found))

    assert mean_likeness(30) > 0.95
    assert mean_likeness(1) == pytest.approx(mean_likeness(30), abs=0.08)
    assert mean_likeness(3) == pytest.approx(mean_likeness(30), abs=0.08)


def found(claims: list, settings: RelationSettings) -> dict:
    encoder, model = HashEncoder(), RuleEntailment()
    vectors = encoder.encode([claim.text for claim in claims])
    index = VectorIndex(encoder.dimension, encoder.model_id)
    index.add([claim.id for claim in claims], vectors)
    ids = {claim.id for claim in claims}
    return {(one.claim_a, one.claim_b): one for one in find_relations(claims, ids, index, vectors, model, settings)}


def test_a_conflict_between_different_stories_counts_less():
    lenient = RelationSettings(contradiction_threshold=0.5, tension_threshold=0.5)
    one_story = found(collection((SAFE, *BRIDGE), (UNSAFE, *BRIDGE)), lenient)["a0", "b0"]
    two_stories = found(collection((SAFE, *BRIDGE), (UNSAFE, *GARDEN, *GARDEN)), lenient)["a0", "b0"]
    assert one_story.relation == "contradicts" and two_stories.relation == "related"
    assert 0 < two_stories.contradiction < 0.75 * one_story.contradiction
    everywhere = RelationSettings(contradiction_threshold=0.5, tension_threshold=0.5, one_story=0.0)
    unweighed = found(collection((SAFE, *BRIDGE), (UNSAFE, *GARDEN, *GARDEN)), everywhere)["a0", "b0"]
    assert unweighed.relation == "contradicts" and unweighed.contradiction == one_story.contradiction


def test_relevance_can_be_switched_off():
    claims = collection((SAFE, *BRIDGE), (UNSAFE, *BRIDGE))
    assert found(claims, RelationSettings(full_relevance=0.0))["a0", "b0"].relation == "contradicts"


def test_nothing_comes_of_nothing():
    assert found([], RelationSettings()) == {}
