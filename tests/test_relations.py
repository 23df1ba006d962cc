"""Candidates, both directions, and what a pair is called."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import pytest

from embeddings.candidates import SharedWords, candidate_pairs, stems
from embeddings.entailment import Entailment
from embeddings.index import VectorIndex
from embeddings.judgement import Pair, Relation, RelationSettings, Scores
from embeddings.likeliest import likeliest_first
from embeddings.pair_scale import PairScale
from embeddings.relations import find_relations, other_source, speaks_for_itself
from tests.fakes import HashEncoder, RuleEntailment, a_claim

SETTINGS = RelationSettings(related_threshold=0.3)
LENIENT = RelationSettings(contradiction_threshold=0.1)
MODEL = RuleEntailment()
NEUTRAL = Entailment(0.05, 0.05, 0.9, 0.05)


def related(claims, new=None, settings=SETTINGS, model=None, explainer=None, progress=None):
    encoder, model = HashEncoder(), model or RuleEntailment()
    vectors = encoder.encode([claim.standalone for claim in claims])
    index = VectorIndex(encoder.dimension, encoder.model_id)
    index.add([claim.id for claim in claims], vectors)
    ids = {claim.id for claim in claims} if new is None else new
    found = list(find_relations(claims, ids, index, vectors, model, settings, progress, explainer))
    return {(r.claim_a, r.claim_b): r for r in found}, model


CLAIMS = [
    a_claim("c1", "the bridge was safe for lorries", "Mary Holt", start=0),
    a_claim("c2", "the bridge was not safe for lorries", "John Reed", start=100),
    a_claim("c3", "the bridge was safe for lorries", "", "b" * 16),
    a_claim("c4", "ferries cross each hour until midnight", "", "b" * 16, start=200),
]


def test_another_speaker_in_the_same_article_is_another_source():
    assert related(CLAIMS)[0]["c1", "c2"].relation == "contradicts"


def test_the_same_words_in_another_article_are_the_same_claim():
    assert related(CLAIMS)[0]["c1", "c3"].relation == "same_claim"


def test_claims_that_share_nothing_are_not_related():
    assert not [pair for pair in related(CLAIMS)[0] if "c4" in pair]


def test_the_same_source_is_never_set_against_itself():
    one = a_claim("c1", "the bridge was safe for lorries", "Mary Holt", start=0)
    other = a_claim("c2", "the bridge was not safe for lorries", "Mary Holt", start=100)
    assert related([one, other])[0] == {}


def test_a_claim_nested_in_anothers_words_is_not_set_against_it():
    outer = a_claim("c1", "it was not, as Reed said, the bolt", "Mary Holt", start=0)
    inner = a_claim("c2", "it was, as Reed said, the bolt", "John Reed", start=3)
    assert not other_source(outer, inner)
    assert other_source(outer, a_claim("c3", "it was the bolt", "John Reed", start=300))


def test_only_pairs_that_touch_a_new_claim_are_judged():
    found, model = related(CLAIMS, new={"c3"})
    assert found and all("c3" in pair for pair in found)
    assert sum(model.calls) == 2 * 2, "c3 against the two claims of the other article, both ways"


def test_every_pair_is_judged_once_in_each_direction():
    _, model = related(CLAIMS)
    allowed = sum(other_source(a, b) for n, a in enumerate(CLAIMS) for b in CLAIMS[n + 1 :])
    assert sum(model.calls) == 2 * allowed


def judge(one, other, scores: Scores, similarity: float, settings: RelationSettings, model) -> Relation | None:
    """The relation of two claims of which no more is known than how alike they are."""
    return Pair(one, other, similarity, 1.0, False, 1.0).judged(scores, settings, model)


@pytest.mark.parametrize(
    ("forward", "backward", "similarity", "relation", "strict"),
    [
        (Entailment(0.9, 0.05, 0.05, 0.2), Entailment(0.8, 0.1, 0.1, 0.2), 0.5, "contradicts", True),
        (Entailment(0.2, 0.05, 0.75, 0.9), Entailment(0.1, 0.1, 0.8, 0.8), 0.5, "contradicts", False),
        (Entailment(0.0, 0.9, 0.1, 0.0), Entailment(0.0, 0.9, 0.1, 0.0), 0.9, "same_claim", False),
        (Entailment(0.0, 0.9, 0.1, 0.0), Entailment(0.0, 0.2, 0.8, 0.0), 0.7, "supports", False),
        (NEUTRAL, NEUTRAL, 0.6, "related", False),
    ],
)
def test_scores_of_both_directions_make_one_relation(forward, backward, similarity, relation, strict):
    found = judge(CLAIMS[0], CLAIMS[1], (forward, backward), similarity, RelationSettings(), MODEL)
    assert (found.relation, found.strict) == (relation, strict)


def test_directions_follow_the_order_of_the_ids_not_of_the_call():
    entails = Entailment(0.0, 0.9, 0.1, 0.0)
    forward = judge(CLAIMS[0], CLAIMS[1], (entails, NEUTRAL), 0.5, RelationSettings(), MODEL)
    turned = judge(CLAIMS[1], CLAIMS[0], (NEUTRAL, entails), 0.5, RelationSettings(), MODEL)
    assert forward == turned
    assert forward.entailment_ab == 0.9 and forward.entailment_ba == 0.05


def test_a_strong_score_in_one_direction_only_counts_less_than_in_both():
    one_way = judge(CLAIMS[0], CLAIMS[1], (Entailment(0.9, 0, 0.1, 0.9), NEUTRAL), 0.5, LENIENT, MODEL)
    both = judge(CLAIMS[0], CLAIMS[1], (Entailment(0.9, 0, 0.1, 0.9),) * 2, 0.5, LENIENT, MODEL)
    assert one_way.contradiction < both.contradiction == 0.9


def test_rare_words_in_common_make_a_candidate_that_meaning_would_miss():
    claims = [
        a_claim(f"f{n}", f"filler words number {n} stand here for nothing at all", article=f"{n:016}")
        for n in range(30)
    ]
    claims += [
        a_claim("x1", "vetting of Harrow found nothing", "The force"),
        a_claim("x2", "all warned early that Harrow slipped through careless vetting somehow", "An MP", "b" * 16),
    ]
    encoder = HashEncoder()
    vectors = encoder.encode([claim.text for claim in claims])
    # Of no use as neighbours: every vector is turned away from every other.
    vectors = (vectors * 0 + 1e-3).astype("float32")
    vectors[:, 0] = 1
    index = VectorIndex(encoder.dimension, "m")
    index.add([claim.id for claim in claims], vectors)
    assert ("x1", "x2") in candidate_pairs(claims, {"x1"}, index, vectors, 4, other_source)


def test_the_budget_of_pairs_a_claim_is_kept():
    claims = [a_claim(f"c{n:02}", f"the bridge is closed for {n} days", article=f"{n:016}") for n in range(30)]
    encoder = HashEncoder()
    vectors = encoder.encode([claim.text for claim in claims])
    index = VectorIndex(encoder.dimension, "m")
    index.add([claim.id for claim in claims], vectors)
    assert len(candidate_pairs(claims, {"c00"}, index, vectors, 7, other_source)) == 7


def test_a_contradiction_between_statements_about_different_things_counts_less():
    score = Entailment(0.9, 0.0, 0.1, 0.9)
    near = judge(CLAIMS[0], CLAIMS[1], (score, score), 0.5, RelationSettings(), MODEL)
    far = judge(CLAIMS[0], CLAIMS[3], (score, score), 0.1, RelationSettings(), MODEL)
    assert near.relation == "contradicts" and near.contradiction == 0.9
    assert far is None
    switched_off = judge(CLAIMS[0], CLAIMS[3], (score, score), 0.1, RelationSettings(full_relevance=0.0), MODEL)
    assert switched_off.relation == "contradicts" and switched_off.contradiction == 0.9


def test_in_a_large_collection_only_claims_worth_checking_ask():
    worths = (0.15, 0.15, 0.8, 0.9)
    claims = [replace(claim, check_worthiness=worth) for claim, worth in zip(CLAIMS, worths, strict=True)]
    found, model = related(claims, settings=replace(SETTINGS, generous_up_to=3))
    assert ("c1", "c2") not in found and ("c1", "c3") in found
    assert sum(model.calls) < sum(related(claims)[1].calls)


def test_a_claim_of_opposite_outcome_is_found_by_its_words():
    claims = [
        a_claim("c1", "the mayor will resign over the bridge", "Mary Holt"),
        a_claim("c2", "the mayor is to remain despite the bridge", "John Reed", start=100),
        a_claim("c3", "the mayor opened the bridge in rain", "Ann Lee", start=200),
    ]
    words = SharedWords([claim.text for claim in claims])
    assert list(words.opposed(0, [2, 1])) == [1]


def test_a_negation_on_one_side_is_an_opposite_outcome():
    words = SharedWords(["the bridge was safe", "the bridge was never safe", "no lorry crossed the bridge"])
    assert list(words.opposed(0, [1, 2])) == [1, 2]
    assert list(words.opposed(1, [2])) == []


def test_texts_are_ranked_by_the_rarity_of_the_words_they_share():
    texts = ["storm flooded cellar", "storm passed", "cellar flooded again", "a quiet night", "storm again", ""]
    words = SharedWords(texts)
    told = [set(stems(text)) for text in texts]
    counts = Counter(word for one in told for word in one)

    def weight(place, other):
        shared = [word for word in told[place] & told[other] if counts[word] > 1]
        return sum(math.log(1 + len(texts) / counts[word]) for word in shared) / math.sqrt(len(told[other]) or 1)

    for most in (1, 2, 5):
        for place, found in enumerate(words.nearest(range(len(texts)), most)):
            others = [other for other in range(len(texts)) if other != place and weight(place, other)]
            assert found == sorted(others, key=lambda other: (-weight(place, other), other))[:most]
    assert words.nearest_to("the cellar") == [0, 2]
    assert words.nearest_to("nothing known") == []


def test_more_texts_than_are_compared_at_once_are_ranked_each():
    words = SharedWords([f"word{number // 2} told" for number in range(700)])
    assert [found for found in words.nearest(range(700), 3)] == [[number ^ 1] for number in range(700)]


def test_near_statements_support_each_other_from_a_lower_threshold_on():
    score = Entailment(0.1, 0.3, 0.6, 0.1)
    near = judge(CLAIMS[0], CLAIMS[2], (score, score), 0.7, RelationSettings(), MODEL)
    apart = judge(CLAIMS[0], CLAIMS[2], (score, score), 0.55, RelationSettings(), MODEL)
    assert (near.relation, apart.relation) == ("supports", "related")
    assert near.score == 0.3


def test_a_near_statement_that_conflicts_supports_nothing():
    score = Entailment(0.75, 0.2, 0.05, 0.75)
    strict, usual = RelationSettings(contradiction_threshold=0.55), RelationSettings()
    assert judge(CLAIMS[0], CLAIMS[2], (score, score), 0.7, strict, MODEL).relation == "contradicts"
    # What is called a contradiction more than anything else supports nothing where it is too weak for one, either.
    assert judge(CLAIMS[0], CLAIMS[2], (score, score), 0.7, usual, MODEL).relation == "related"
    assert judge(CLAIMS[0], CLAIMS[2], (Entailment(0.1, 0.2, 0.7, 0.1),) * 2, 0.7, usual, MODEL).relation == "supports"


def test_a_claim_that_names_nothing_is_set_against_none():
    claims = [*CLAIMS, a_claim("c9", "that was not safe", "Ann Lee", start=300)]
    assert not speaks_for_itself(claims[-1])
    assert not [pair for pair in related(claims)[0] if "c9" in pair]


@pytest.mark.parametrize(
    ("article", "speaker", "one_story", "counts"),
    [
        ("a" * 16, "John Reed", False, 1.0),
        ("a" * 16, "", False, 0.7),
        ("a" * 16, "", True, 0.7),
        ("b" * 16, "John Reed", True, 0.9),
        ("b" * 16, "", True, 0.9),
        ("b" * 16, "John Reed", False, 0.8),
    ],
)
def test_tension_counts_whole_only_between_two_who_are_quoted_in_one_article(article, speaker, one_story, counts):
    one = a_claim("c1", "nothing was found about Harbour Bridge", "Mary Holt")
    two = a_claim("c2", "all too many signs about Harbour Bridge were ignored", speaker, article, start=100)
    tense = Entailment(0.05, 0.0, 0.95, 0.6)
    settings = RelationSettings(
        tension_elsewhere=0.7, tension_sharing_names=0.9, tension_without_names=0.8, tension_threshold=0.4
    )

    def judged(settings: RelationSettings) -> Relation:
        return Pair(one, two, 0.6, 1.0, one_story, 1.0).judged((tense, tense), settings, MODEL)

    assert (judged(settings).relation, judged(settings).tension) == ("contradicts", pytest.approx(0.6 * counts))
    assert judged(replace(settings, tension_threshold=0.6 * counts + 0.01)).relation == "related"


def test_tension_counts_less_the_more_one_statement_says_what_the_other_says():
    one = a_claim("c1", "nothing was found about Harbour Bridge", "Mary Holt")
    two = a_claim("c2", "all too many signs about it were ignored", "John Reed", start=100)
    settings = RelationSettings(tension_threshold=0.3, near_support_threshold=0.7, support_threshold=0.7)
    said = {}
    for forward, backward in ((0.0, 0.0), (0.5, 0.0), (0.6, 0.6)):
        scores = tuple(Entailment(0.05, entailed, 0.95 - entailed, 0.6) for entailed in (forward, backward))
        found = judge(one, two, scores, 0.6, settings, MODEL)
        said[forward, backward] = found.relation, found.tension
    assert said == {
        (0.0, 0.0): ("contradicts", pytest.approx(0.6)),
        (0.5, 0.0): ("contradicts", pytest.approx(0.6 * 0.75)),
        (0.6, 0.6): ("related", pytest.approx(0.6 * 0.4)),
    }


def test_what_nobody_could_check_stands_only_against_a_plain_contradiction():
    claims = [replace(claim, check_worthiness=0.001 if claim.id == "c1" else 0.9) for claim in CLAIMS]
    found, _ = related(claims, settings=replace(SETTINGS, plain_contradiction=0.95))
    assert found["c1", "c2"].relation == "related" and found["c1", "c2"].contradiction > 0.8
    for other in (replace(SETTINGS, least_worth_of_conflict=0.0), replace(SETTINGS, plain_contradiction=0.8)):
        again, _ = related(claims, settings=other)
        assert again["c1", "c2"].relation == "contradicts"


def test_a_weak_tension_is_a_conflict_in_a_small_collection_and_none_in_a_large_one():
    class Tense(RuleEntailment):
        def score(self, pairs, progress=None):
            return [Entailment(0.1, 0.0, 0.9, 0.5)] * len(pairs)

    def relation(settings: RelationSettings) -> str:
        found = related(CLAIMS[:2], settings=settings, model=Tense())[0]["c1", "c2"]
        assert found.tension == pytest.approx(0.5)
        return found.relation

    lines = RelationSettings(tension_threshold=0.4, tension_threshold_in_large=0.6, score_threshold_in_large=0.0)
    assert relation(lines) == "contradicts"
    assert relation(replace(lines, generous_up_to=1)) == "related"
    assert relation(replace(lines, generous_up_to=1, tension_threshold_in_large=0.45)) == "contradicts"


def test_in_a_large_collection_two_articles_are_in_tension_only_where_they_share_names():
    large = RelationSettings().for_size(1_000_000)
    certain = (Entailment(0.2, 0.0, 0.8, 1.0),) * 2
    found = {
        shares: Pair(CLAIMS[0], CLAIMS[2], 0.6, 1.0, shares, 1.0).judged(certain, large, MODEL).relation
        for shares in (True, False)
    }
    assert found == {True: "contradicts", False: "related"}


def test_a_contradiction_of_two_people_in_one_article_goes_before_one_of_two_articles():
    def found(claims, contradiction: float):
        scores = (Entailment(contradiction, 0.0, 1 - contradiction, 0.5),) * 2
        return judge(*claims, scores, 0.6, RelationSettings(), MODEL)

    here, apart = CLAIMS[:2], (CLAIMS[1], CLAIMS[2])
    assert found(here, 0.8).strict and found(apart, 0.8).strict
    assert found(here, 0.8).contradiction == found(apart, 0.8).contradiction == 0.8
    assert found(here, 0.8).score == 0.8
    assert found(apart, 0.8).score == pytest.approx(0.2 * 4 / (1 + 0.2 * 4), abs=1e-4)
    assert found(apart, 0.99).score > 0.9, "what is all but certain stays so"
    assert found(apart, 0.99).score > found(here, 0.8).score
    none = judge(*apart, (Entailment(1.0, 0.0, 0.0, 0.0),) * 2, 0.6, RelationSettings(odds_elsewhere=0.0), MODEL)
    assert none.score == 0


def test_a_large_collection_shows_a_contradiction_of_two_articles_only_where_it_is_all_but_certain():
    def relation(contradiction: float, settings: RelationSettings, claims=(CLAIMS[1], CLAIMS[2])) -> str:
        scores = (Entailment(contradiction, 0.0, 1 - contradiction, 0.5),) * 2
        return judge(*claims, scores, 0.6, settings, MODEL).relation

    usual = RelationSettings(generous_up_to=1)
    large = usual.for_size(2)
    assert relation(0.8, usual) == "contradicts"
    assert relation(0.8, large) == "related"
    assert relation(0.95, large) == "contradicts"
    assert relation(0.8, large, CLAIMS[:2]) == "contradicts", "two people in one article"
    assert relation(0.8, replace(usual, score_threshold_in_large=0.4).for_size(2)) == "contradicts"


def test_a_large_collection_does_not_ask_of_pairs_that_share_too_little_to_conflict():
    def asked(claims, **changed) -> int:
        _, model = related(claims, settings=replace(SETTINGS, **changed))
        return sum(model.calls) // 2

    # One word of many in common, in two articles about other things.
    one = a_claim("c1", "the bridge was safe for lorries and carts in winter")
    other = a_claim("c2", "critics of the new opera praised a singer from abroad", article="b" * 16)
    assert asked([one, other]) == 1
    assert asked([one, other], generous_up_to=1) == 0
    assert asked([one, other], generous_up_to=1, full_relevance=0.0) == 1, "then it could be in conflict"
    assert asked([one, other], generous_up_to=1, alike_in_large=0.1) == 1, "then it could say the same"
    # Two people in one article may be in tension at a lower line.
    speaks = a_claim("c1", one.text, "Mary Holt")
    there = a_claim("c2", other.text, "John Reed", start=900)
    low = {"generous_up_to": 1, "score_threshold_in_large": 0.0}
    assert asked([speaks, there], tension_threshold_in_large=0.99, **low) == 0
    assert asked([speaks, there], tension_threshold_in_large=0.01, **low) == 1
    # The same story in other words: alike enough to be the same claim.
    same = a_claim("c3", "the bridge was not safe for lorries and carts in winter", article="b" * 16)
    assert asked([one, same], generous_up_to=1) == 1


PLAIN = Pair(
    a_claim("c1", "the bridge was safe"), a_claim("c9", "the bridge was open", article="b" * 16), 0.5, 0.8, False, 0.8
)


@pytest.mark.parametrize(
    "likelier",
    [
        replace(PLAIN, similarity=0.6),
        replace(PLAIN, weight=0.9),
        replace(PLAIN, shares_names=True),
        replace(PLAIN, other=a_claim("c8", "the bridge was not", article="b" * 16)),
        replace(PLAIN, other=a_claim("c8", "the bridge wasn’t open", article="b" * 16)),
        replace(PLAIN, one=a_claim("c1", "the bridge was open", "Mary Holt", article="b" * 16)),
        replace(PLAIN, other=a_claim("c8", "it was open", article="b" * 16)),
    ],
    ids=["nearer", "one story", "shared names", "one denies", "one denies in short", "one article", "shorter"],
)
def test_what_speaks_for_a_conflict_is_judged_first(likelier):
    assert likeliest_first([PLAIN, likelier]) == [likelier, PLAIN]
    assert likeliest_first([PLAIN, PLAIN]) == [PLAIN, PLAIN]


def test_two_who_are_quoted_in_one_article_go_before_one():
    one = a_claim("c1", "the bridge was open", "Mary Holt")
    lone, both = (
        Pair(one, a_claim("c2", "the bridge was shut", who), 0.5, 1.0, False, 1.0) for who in ("", "John Reed")
    )
    assert likeliest_first([lone, both]) == [both, lone]


def test_a_large_collection_begins_with_what_is_likeliest_and_finds_the_same():
    texts = [f"the bridge {number} was {how}safe for lorries" for number in range(150) for how in ("", "not ")]
    claims = [a_claim(f"c{place:03}", text, article=f"{place:016}") for place, text in enumerate(texts)]
    small, _ = related(claims, settings=replace(SETTINGS, neighbours=5, generous_up_to=10_000))
    steps = []
    settings = replace(
        SETTINGS, neighbours_in_large=5, generous_up_to=1, tension_threshold_in_large=SETTINGS.tension_threshold,
        score_threshold_in_large=0.0, one_story_in_large=SETTINGS.one_story, alike_in_large=0.0,
    )  # fmt: skip
    large, model = related(claims, settings=settings, progress=lambda *step: steps.append(step))
    assert set(large) == set(small)
    found = list(large.values())
    assert steps[-1][0] == steps[-1][1] == sum(model.calls) // 2 > 256
    clashes = [place for place, one in enumerate(found) if one.relation == "contradicts"]
    agreeing = [place for place, one in enumerate(found) if one.relation != "contradicts"]
    assert sum(clashes) / len(clashes) < sum(agreeing) / len(agreeing)


def test_a_large_collection_has_settings_of_its_own_which_are_the_same_taken_twice():
    usual = RelationSettings(generous_up_to=3, neighbours=9, neighbours_in_large=4, tension_threshold_in_large=0.7)
    assert usual.for_size(3) == usual
    large = replace(
        usual,
        neighbours=4,
        tension_threshold=0.7,
        score_threshold=usual.score_threshold_in_large,
        one_story=usual.one_story_in_large,
    )
    assert usual.for_size(4) == large == large.for_size(4)


class Scaled:
    """A model with a scale on which only tension counts: a half at a tension of a half."""

    model_id = "scaled"
    scale = PairScale((0.0, 1.0, 0.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0, 0.0))


@pytest.mark.parametrize(
    ("contradiction", "tension", "relation", "strict"),
    [(0.9, 0.7, "contradicts", True), (0.1, 0.7, "contradicts", False), (0.95, 0.3, "related", False)],
)
def test_on_a_scale_of_what_readers_found_every_conflict_must_reach_its_line(contradiction, tension, relation, strict):
    score = Entailment(contradiction, 0.0, 1 - contradiction, tension)
    settings = RelationSettings(conflict_threshold=0.6)
    found = judge(CLAIMS[0], CLAIMS[1], (score, score), 0.6, settings, Scaled())
    assert (found.relation, found.strict) == (relation, strict)
    assert relation == "related" or found.score == pytest.approx(tension, abs=0.001)
