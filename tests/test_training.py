"""Training: what labels allow, and that a run which was cut ends where an undisturbed one does."""

from __future__ import annotations

import gzip
import json
import random

import numpy as np
import pytest
import torch

from embeddings import train
from embeddings.bert import first_token_logits
from embeddings.training_batches import collate
from embeddings.training_data import (
    CONTRADICTION,
    ENTAILMENT,
    FOLDS,
    HARD_IN_ALL,
    HARD_REPEATS,
    NEUTRAL,
    TrainingPair,
    finishing_epoch,
    fold_of,
    hard_pairs,
    hardening_epoch,
    pair_from_row,
)
from embeddings.training_model import RowDropout, blended, disagreement, loss_of, new_model, weights_in

WORDS = [
    "bridge",
    "ferry",
    "mayor",
    "rust",
    "cable",
    "lorry",
    "harbour",
    "council",
    "repair",
    "winter",
    "money",
    "night",
]


def row(label: str) -> dict:
    return {"premise": "The bridge is shut.", "hypothesis": "The bridge is open.", "label": label}


@pytest.mark.parametrize(
    ("label", "allowed"),
    [
        ("contradiction", CONTRADICTION),
        ("not_entailment", CONTRADICTION | NEUTRAL),
        ("not_contradiction", ENTAILMENT | NEUTRAL),
    ],
)
def test_a_label_allows_the_classes_it_leaves_open(label, allowed):
    assert pair_from_row(row(label), "any set").allowed == allowed


def test_an_unknown_label_is_refused_with_the_valid_ones():
    with pytest.raises(ValueError, match="no label 'maybe'; choose one of contradiction, entailment"):
        pair_from_row(row("maybe"), "reviewed")


def test_a_pair_that_rules_nothing_out_costs_nothing():
    pair = TrainingPair("a b", "c d", CONTRADICTION | ENTAILMENT | NEUTRAL, None, 0.0, "test")
    batch = collate([([101, 5, 102], [0, 0, 0], pair)], 0)
    assert loss_of(torch.tensor([[3.0, -1.0, 0.5, 9.0]]), batch, 0.5).item() == pytest.approx(0, abs=1e-6)


def test_two_readings_that_agree_cost_nothing_and_others_the_more_the_farther_apart():
    one, near, far = (torch.tensor([[2.0, 0.0, 0.0, first]]) for first in (1.0, 0.5, -2.0))
    assert disagreement(one, one).item() == pytest.approx(0, abs=1e-6)
    assert 0 < disagreement(one, near).item() < disagreement(one, far).item()


def test_dropout_leaves_out_a_feature_of_a_whole_text_and_none_when_not_training():
    torch.manual_seed(1)
    part = RowDropout(0.5)
    rows = part(torch.ones(3, 7, 40))
    assert torch.equal(rows, rows[:, :1].expand(3, 7, 40))
    assert set(rows.unique().tolist()) == {0.0, 2.0}
    assert torch.equal(part.eval()(torch.ones(3, 7, 40)), torch.ones(3, 7, 40))


@pytest.mark.parametrize("extra", [["--agreement", "1", "--dropout", "0.1"], ["--bfloat16"], ["--averaging", "0.3"]])
def test_a_run_with_dropout_in_bfloat16_or_with_a_mean_can_be_cut_too(data, tmp_path, extra):
    whole = run(data, tmp_path / "whole", 40, *extra)
    run(data, tmp_path / "cut", 16, *extra)
    cut = run(data, tmp_path / "cut", 40, *extra)
    assert all(torch.equal(weights_in(cut)[name], weight) for name, weight in weights_in(whole).items())


def test_a_running_mean_lies_between_where_a_run_began_and_where_it_ended(data, tmp_path):
    name = "classifier.bias"
    ends = [run(data, tmp_path / share, 40, "--averaging", share) for share in ("0.9", "0.2")]
    last = ends[0]["model"][name]
    assert torch.equal(last, ends[1]["model"][name])
    close, far = ((weights_in(end)[name] - last).norm() for end in ends)
    assert 0 < close < far


def test_the_running_mean_is_what_is_shipped(data, tmp_path):
    state = run(data, tmp_path / "run", 40, "--averaging", "0.2")
    train.main(["export", "--checkpoint", str(tmp_path / "run"), "--out", str(tmp_path / "model")])
    shipped = new_model(str(tmp_path / "model")).state_dict()
    assert all(torch.allclose(shipped[name], weight, atol=1e-3) for name, weight in weights_in(state).items())
    name = "bert.encoder.layer.0.output.dense.weight"
    assert not torch.equal(weights_in(state)[name], state["model"][name])


def test_the_rate_rises_stays_and_falls_to_zero():
    factors = [train.rate_at(seen, total=1000, decay=0.2, warmup=100) for seen in (0, 49, 99, 500, 799, 900, 1000)]
    assert factors == pytest.approx([0.01, 0.5, 1, 1, 1, 0.5, 0], abs=0.01)


def test_logits_from_the_first_token_alone_equal_the_models_own():
    model = new_model().eval()
    ids = torch.tensor([[101, 2009, 2003, 102, 2025, 102], [101, 2009, 102, 2025, 102, 0]])
    types = torch.tensor([[0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 1, 0]])
    mask = torch.tensor([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0]])
    with torch.inference_mode():
        own = model(input_ids=ids, token_type_ids=types, attention_mask=mask).logits
        assert torch.allclose(first_token_logits(model, ids, types, mask), own, atol=1e-5)


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A folder of the form of the real one with one small set, and no news pairs."""
    chance = random.Random(1)
    monkeypatch.setattr("embeddings.training_data.NLI_SETS", {"tiny": 1.0})
    monkeypatch.setattr("embeddings.training_data.TWINS", {"tiny": 0.5})
    monkeypatch.setattr("embeddings.training_data.NECESSITY_PAIRS", 4)
    monkeypatch.setattr("embeddings.training_batches.news_pairs", lambda folder, encode: [])
    folder = tmp_path / "data" / "nli" / "train"
    folder.mkdir(parents=True)
    with gzip.open(folder / "tiny.jsonl.gz", "wt") as lines:
        for _ in range(60):
            premise, hypothesis = (" ".join(chance.choices(WORDS, k=5)) for _ in range(2))
            label = chance.choice(["contradiction", "entailment", "neutral"])
            lines.write(json.dumps({"premise": premise, "hypothesis": hypothesis, "label": label}) + "\n")
    return tmp_path / "data"


def run(data, checkpoint, pairs, *extra):
    """Train until `pairs` pairs were seen; gives the checkpoint."""
    arguments = ["run", "--data", str(data), "--checkpoint", str(checkpoint), "--batch", "8", "--threads", "1"]
    train.main([*arguments, "--pairs", str(pairs), "--decay", "0", *extra])
    return torch.load(checkpoint / "checkpoint.pt", weights_only=True)


def test_a_run_that_was_cut_ends_where_an_undisturbed_one_does(data, tmp_path):
    whole = run(data, tmp_path / "whole", 88)
    run(data, tmp_path / "cut", 24)
    run(data, tmp_path / "cut", 64)
    cut = run(data, tmp_path / "cut", 88)
    assert cut["seen"] == whole["seen"]
    assert (cut["epoch"], cut["place"]) == (whole["epoch"], whole["place"])
    assert all(torch.equal(cut["model"][name], weight) for name, weight in whole["model"].items())


def test_a_checkpoint_of_other_options_is_not_gone_on_with(data, tmp_path):
    run(data, tmp_path / "run", 8)
    with pytest.raises(SystemExit, match="name another folder"):
        train.main(["run", "--data", str(data), "--checkpoint", str(tmp_path / "run"), "--seed", "9", "--pairs", "16"])


def test_an_exported_checkpoint_is_a_cross_encoder_with_named_labels(data, tmp_path):
    from embeddings.entailment import load_entailment

    run(data, tmp_path / "run", 8)
    train.main(["export", "--checkpoint", str(tmp_path / "run"), "--out", str(tmp_path / "model")])
    (score,) = load_entailment(str(tmp_path / "model")).score([("The bridge is shut.", "The bridge is open.")])
    assert score.contradiction + score.entailment + score.neutral == pytest.approx(1)
    assert (tmp_path / "model" / "model.safetensors").stat().st_size < 50e6


def claimdiff(folder, topics):
    """ClaimDiff-like files with one pair a topic."""
    folder.mkdir(parents=True)
    for name in ("weaken", "strengthen"):
        with gzip.open(folder / f"claimdiff_{name}.jsonl.gz", "wt") as lines:
            for topic in topics:
                pair = {"claim_a": f"{topic} fell.", "claim_b": f"{topic} rose.", "topic": topic, "label": 1}
                lines.write(json.dumps(pair) + "\n")


def test_a_held_out_fold_is_in_no_finishing_epoch(data):
    topics = [f"Topic {letter}" for letter in "abcdefgh"]
    claimdiff(data / "conflict", topics)
    held_out = 3
    folds = fold_of(topics)
    assert set(folds.values()) == set(range(FOLDS))
    whole = {pair.premise for pair in finishing_epoch(data, [], 1, None, [])}
    without = {pair.premise for pair in finishing_epoch(data, [], 1, held_out, [])}
    assert whole - without >= {f"{topic} fell." for topic in topics if folds[topic] == held_out}
    assert without >= {f"{topic} fell." for topic in topics if folds[topic] != held_out}


def test_the_last_stage_starts_from_the_weights_it_is_given(data, tmp_path):
    claimdiff(data / "conflict", ["Rents", "Ferries"])
    base = run(data, tmp_path / "base", 8)
    reviewed = tmp_path / "reviewed.jsonl"
    reviewed.write_text(json.dumps(row("contradiction")) + "\n")
    arguments = ["run", "--data", str(data), "--checkpoint", str(tmp_path / "last"), "--start", str(tmp_path / "base")]
    arguments += ["--stage", "finish", "--rate", "0", "--head-rate", "0", "--pairs", "8", "--batch", "4"]
    train.main([*arguments, "--reviewed", str(reviewed), "--threads", "1"])
    last = torch.load(tmp_path / "last" / "checkpoint.pt", weights_only=True)
    assert all(torch.equal(last["model"][name], weight) for name, weight in base["model"].items())


def test_nothing_to_start_from_is_said(data, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(SystemExit, match="neither a checkpoint nor a model"):
        new_model(str(tmp_path / "empty"))


def test_two_checkpoints_can_be_averaged(data, tmp_path):
    one, other = (run(data, tmp_path / name, pairs)["model"] for name, pairs in (("one", 8), ("other", 24)))
    mean = blended(one, tmp_path / "other", 0.25)
    assert all(torch.allclose(weight, 0.75 * one[name] + 0.25 * other[name]) for name, weight in mean.items())
    with pytest.raises(SystemExit, match="neither a checkpoint nor a model"):
        blended(one, tmp_path / "none", 0.5)
    with pytest.raises(SystemExit, match="not between 0 and 1"):
        blended(one, tmp_path / "other", 2)


def test_a_checkpoint_can_be_averaged_with_an_exported_model(data, tmp_path):
    one, other = (run(data, tmp_path / name, pairs)["model"] for name, pairs in (("one", 8), ("other", 24)))
    train.main(["export", "--checkpoint", str(tmp_path / "other"), "--out", str(tmp_path / "model")])
    mean = blended(one, tmp_path / "model", 0.5)
    # The model's weights are in half precision.
    assert all(torch.allclose(mean[name], (one[name] + other[name]) / 2, atol=1e-3) for name in one)


class Doubter:
    """Calls a pair contradictory where both sentences hold a "not"."""

    model_id, scale = "doubter", None

    def score(self, pairs):
        from embeddings.entailment import Entailment

        return [
            Entailment(0.9, 0.05, 0.05, 0.9)
            if all(" not " in text for text in pair)
            else Entailment(0.1, 0.1, 0.8, 0.1)
            for pair in pairs
        ]


def test_wrong_contradictions_are_mined_and_taught_as_none(tmp_path, monkeypatch):
    words = "The {} engineers did {}inspect the harbour bridge on Monday."
    (tmp_path / "corpus").mkdir()
    with gzip.open(tmp_path / "corpus" / "news_20k.jsonl.gz", "wt") as lines:
        for place in range(6):
            text = words.format(("young", "old", "tired")[place % 3], "not " if place % 2 else "")
            lines.write(json.dumps({"text": text, "topic": "bridges"}) + "\n")

    def encode(texts):
        """Vectors with a cosine of one half between any two."""
        return np.hstack([np.ones((len(texts), 1)), np.eye(len(texts))]) / np.sqrt(2)

    monkeypatch.setattr(train, "packaged_encoder", lambda: encode)
    monkeypatch.setattr(train, "HARD_FROM", (0, 6))
    monkeypatch.setattr("embeddings.entailment.load_entailment", lambda name: Doubter())
    out = tmp_path / "hard.jsonl"
    train.main(["mine-hard", "--model", str(tmp_path), "--data", str(tmp_path), "--out", str(out)])
    hard = list(hard_pairs(out))
    assert hard and all(" not " in pair.premise and " not " in pair.hypothesis for pair in hard)
    assert {(pair.allowed, pair.tension) for pair in hard} == {(ENTAILMENT | NEUTRAL, 0)}
    wide = ["--articles", "0", "3", "--tension-above", "0.05"]
    train.main(["mine-hard", "--model", str(tmp_path), "--data", str(tmp_path), "--out", str(out), *wide])
    tense = list(hard_pairs(out))
    assert len(tense) == 3 and any(" not " not in pair.premise for pair in tense)


def test_of_many_hard_pairs_each_is_seen_once(data):
    hard = [
        TrainingPair(f"It was not {number}.", "It was not her.", ENTAILMENT | NEUTRAL, 0, 0.3, "hard")
        for number in range(HARD_IN_ALL)
    ]
    epoch = hardening_epoch(data, [], hard, 1)
    assert all(epoch.count(pair) == 1 for pair in hard[:20])


def test_a_hardening_epoch_repeats_the_hard_pairs_among_others(data):
    hard = TrainingPair("It was not him.", "It was not her.", ENTAILMENT | NEUTRAL, 0, 0.3, "hard")
    epoch = hardening_epoch(data, [], [hard], 1)
    assert epoch.count(hard) == HARD_REPEATS
    assert len(epoch) > HARD_REPEATS
    assert epoch == hardening_epoch(data, [], [hard], 1)
