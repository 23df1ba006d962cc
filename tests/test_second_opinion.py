"""A larger model is asked of pairs near a conflict, its word counts, and what ships of it is what was trained."""

from __future__ import annotations

import copy
import json
import os
import random
import zipfile
import zlib
from contextlib import nullcontext
from dataclasses import asdict, astuple, replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from string import ascii_lowercase
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from sqlalchemy import text
from transformers import MPNetConfig, MPNetForSequenceClassification

from embeddings import second_model
from embeddings.encoder import ModelMissing
from embeddings.entailment import Entailment, load_entailment
from embeddings.index import VectorIndex
from embeddings.judgement import RelationSettings
from embeddings.packed import GROUP, MOST_STEPS, SCALES, STEPS, pack, restored, unpack
from embeddings.pair_scale import PairScale
from embeddings.reasons import Reason
from embeddings.relations import find_relations
from embeddings.second_model import (
    SECOND_FOLDER,
    base_archive,
    base_weights,
    cannot_be_asked,
    load_second,
    network_in,
    second_named,
)
from embeddings.second_opinion import near_conflict, opinions
from embeddings.train import main as train
from embeddings.training_batches import Options
from embeddings.training_curvature import Curvature, curvatures
from embeddings.training_data import TrainingPair
from embeddings.training_model import OUTPUT_LABELS
from embeddings.training_second import pack_second
from embeddings.training_taught import TaughtFile
from tests.fakes import HashEncoder, a_claim
from tests.workbench_fakes import FakeEncoder, FakeExtractor, FakeModel, write_texts
from workbench.cli import main as cli
from workbench.ingest import Line
from workbench.settings import Settings, load_settings
from workbench.similar import similar_to
from workbench.store import Store

INSTALL = "pip install --no-deps -r embeddings/second/requirements.txt"
CLASH, NEAR, FAR = (Entailment(p, 0.0, 1 - p, p) for p in (0.95, 0.4, 0.05))
SHIPPED_LINES = RelationSettings()
CLAIMS = [
    a_claim("c1", "the bridge was safe for lorries", "Mary Holt", start=0),
    a_claim("c2", "the bridge was closed to lorries", "John Reed", start=100),
]


class Saying:
    """A model that says the same of every pair, and notes of which it was asked."""

    scale = None

    def __init__(self, said: Entailment, model_id: str):
        self.said, self.model_id, self.asked = said, model_id, []

    def score(self, pairs, progress=None):
        self.asked += pairs
        return [self.said] * len(pairs)


def related(
    first: Entailment,
    second: Entailment,
    claims=CLAIMS,
    settings=SHIPPED_LINES,
    first_model=Saying,
    second_model=Saying,
    explainer=None,
):
    """The one relation of two claims, and the second model."""
    encoder, asked = HashEncoder(), second_model(second, "second")
    vectors = encoder.encode([claim.standalone for claim in claims])
    index = VectorIndex(encoder.dimension, encoder.model_id)
    index.add([claim.id for claim in claims], vectors)
    ids = {claim.id for claim in claims}
    model = first_model(first, "first")
    (found,) = find_relations(claims, ids, index, vectors, model, settings, explainer=explainer, second=asked)
    return found, asked


def test_the_second_opinion_counts_where_the_first_is_near_a_conflict():
    found, asked = related(NEAR, CLASH)
    assert (found.relation, found.model_id) == ("contradicts", "second")
    assert set(asked.asked) == {(a.text, b.text) for a in CLAIMS for b in CLAIMS if a is not b}


def test_a_conflict_that_the_second_opinion_does_not_share_is_none():
    assert related(CLASH, CLASH)[0].relation == "contradicts"
    assert related(CLASH, FAR)[0].relation == "related"


def test_what_is_far_from_a_conflict_is_not_asked_again():
    found, asked = related(FAR, CLASH)
    assert (found.relation, found.model_id, asked.asked) == ("related", "first", [])


def test_what_could_be_no_conflict_whatever_is_said_is_not_asked_again():
    idle = [replace(claim, check_worthiness=0.0) for claim in CLAIMS]
    settings = RelationSettings(plain_contradiction=1.0, full_relevance=1.0)
    assert related(NEAR, CLASH, idle, settings)[1].asked == []
    assert related(NEAR, CLASH, CLAIMS, settings)[1].asked


def test_from_where_on_the_second_model_is_asked_is_a_setting():
    assert related(NEAR, CLASH, settings=RelationSettings(second_opinion_from=1.0))[1].asked == []
    assert related(FAR, CLASH, settings=RelationSettings(second_opinion_from=0.0))[1].asked


def test_a_scale_of_the_first_model_does_not_stand_between_the_second_and_a_conflict():
    class Scaled(Saying):
        scale = PairScale((0.0, 0.0, 0.0, 0.0, -1.5), (0.0, 0.0, 0.0, 0.0, -3.0))  # 0.18 of a conflict for any pair

    found, asked = related(NEAR, CLASH, first_model=Scaled)
    assert asked.asked and (found.relation, found.model_id) == ("contradicts", "second")
    # And where the second one's scale lets nothing be a conflict, it is not asked.
    assert related(NEAR, CLASH, second_model=Scaled)[1].asked == []


def test_a_large_collection_asks_again_by_its_own_lines():
    elsewhere = [CLAIMS[0], replace(CLAIMS[1], article_id="b" * 16)]
    small = replace(SHIPPED_LINES, tension_threshold_in_large=1.0, score_threshold_in_large=1.0, one_story=0.0)
    assert related(NEAR, CLASH, elsewhere, small)[1].asked
    assert related(NEAR, CLASH, elsewhere, replace(small, generous_up_to=1))[1].asked == []


def test_what_may_be_of_other_periods_is_judged_again_by_who_judged_it():
    class Periods:
        def explain(self, pairs, written):
            return [(Reason("period", "may be about different periods"),) for _ in pairs]

    found, _ = related(FAR, CLASH, settings=replace(SHIPPED_LINES, second_opinion_from=0.0), explainer=Periods())
    assert (found.relation, found.model_id) == ("contradicts", "second")
    assert found.tension == pytest.approx(0.8 * CLASH.tension, abs=0.01)


def test_opinions_keep_the_order_of_the_pairs():
    class Loud(Saying):
        def score(self, pairs, progress=None):
            return [CLASH if "loud" in one + other else FAR for one, other in pairs]

    first, second = Loud(FAR, "first"), Saying(NEAR, "second")
    found = opinions([("a", "b"), ("loud", "c"), ("d", "e"), ("f", "loud")], first, second, near_conflict)
    assert [one.model.model_id for one in found] == ["first", "second", "first", "second"]
    assert [one.scores for one in found] == [(FAR, FAR), (NEAR, NEAR)] * 2
    assert second.asked == [("loud", "c"), ("f", "loud"), ("c", "loud"), ("loud", "f")]


def test_without_a_second_model_the_first_one_counts():
    found = opinions([("a", "b")], Saying(CLASH, "first"), None, near_conflict)
    assert [(one.model.model_id, one.scores) for one in found] == [("first", (CLASH, CLASH))]
    assert opinions([], Saying(CLASH, "first"), Saying(CLASH, "second"), near_conflict) == []


# In a workspace


def line(folder: Path, second: FakeModel | None) -> Line:
    return Line(Store(folder), FakeExtractor(), FakeEncoder(), FakeModel(), Settings(), second=second)


def judged_by(store: Store) -> dict[str, set[str]]:
    with store.reading() as connection:
        rows = connection.execute(text("SELECT relation, model_id FROM relations")).all()
    return {relation: {model for name, model in rows if name == relation} for relation, _ in rows}


def test_a_workspace_says_which_model_judged_a_pair(tmp_path):
    files = write_texts(tmp_path / "in")
    line(tmp_path / "w", FakeModel("second-nli")).ingest([files])
    found = judged_by(Store(tmp_path / "w"))
    assert found.pop("contradicts") == {"second-nli"}
    assert found and set.union(*found.values()) == {"fake-nli"}


def test_another_second_model_means_that_all_pairs_are_judged_anew(tmp_path):
    files = write_texts(tmp_path / "in")
    line(tmp_path / "w", None).ingest([files])
    assert judged_by(Store(tmp_path / "w"))["contradicts"] == {"fake-nli"}
    assert line(tmp_path / "w", FakeModel("second-nli")).ingest([files]).pairs_judged > 0
    assert judged_by(Store(tmp_path / "w"))["contradicts"] == {"second-nli"}
    again = FakeModel("second-nli")
    assert line(tmp_path / "w", again).ingest([files]).pairs_judged == 0 and again.pairs == []
    line(tmp_path / "w", None).ingest([files])
    assert judged_by(Store(tmp_path / "w"))["contradicts"] == {"fake-nli"}


def test_a_killed_ingest_keeps_what_both_models_said(tmp_path, monkeypatch):
    files = write_texts(tmp_path / "in")
    monkeypatch.setattr("workbench.models.SLICE", 2)  # what was said is written down after every second pair
    whole = line(tmp_path / "w", FakeModel("second-nli"))
    whole.ingest([files])
    broken, mended = line(tmp_path / "v", FakeModel("second-nli")), line(tmp_path / "v", FakeModel("second-nli"))
    broken.second.failing = 3
    with pytest.raises(RuntimeError, match="killed"):
        broken.ingest([files])
    assert len(broken.second.pairs) == 2
    mended.ingest([files])
    assert mended.model.pairs == [], "the first model had said everything before the second one failed"
    assert sorted(broken.second.pairs + mended.second.pairs) == sorted(whole.second.pairs)


def test_a_typed_text_gets_a_second_opinion(tmp_path):
    second = FakeModel("second-nli")
    there = line(tmp_path / "w", second)
    there.ingest([write_texts(tmp_path / "in")])
    claims = [row for row in _texts(there.store) if " not " not in row]
    second.pairs.clear()
    found = similar_to(there, claims[0].replace(" ", " not ", 1), k=20)
    assert {one.link.model_id for one in found if one.link.relation == "contradicts"} == {"second-nli"}
    assert second.pairs


def _texts(store: Store) -> list[str]:
    with store.reading() as connection:
        return list(connection.execute(text("SELECT text FROM claims WHERE current")).scalars())


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("", "counterclaim-second-"),
        ('second_opinion = " "', None),
        ('second_opinion = "some/model"', "some/model"),
        ('entailment = "some/model"', None),
        ('entailment = "some/model"\nsecond_opinion = "other/model"', "other/model"),
    ],
)
def test_the_settings_name_the_second_model_or_none(tmp_path, monkeypatch, written, name):
    monkeypatch.setattr(second_model, "part_files", list)  # as if the base's weights were installed
    (tmp_path / "settings.toml").write_text(written, encoding="utf-8")
    second = Line.from_settings(Store(tmp_path), load_settings(tmp_path)).second
    assert second is None if name is None else second.model_id.startswith(name)


@pytest.mark.parametrize("name", ["shipped", str(SECOND_FOLDER)])
def test_without_its_packages_a_line_goes_on_without_a_second_opinion(tmp_path, without_parts, name):
    found = Line.from_settings(Store(tmp_path), Settings(second_opinion=name))
    assert found.second is None and "no second opinion" in found.left_out and INSTALL in found.left_out
    assert second_named("") is None and second_named(name) is None


def test_what_is_left_out_is_said_where_articles_are_read_and_texts_compared(tmp_path, monkeypatch, capsys):
    def without(store, settings):
        found = line(store.folder, None)
        found.left_out = "no second opinion: run this"
        return found

    monkeypatch.setattr(Line, "from_settings", without)
    files = write_texts(tmp_path / "in")
    assert cli(["ingest", str(files), "--workspace", str(tmp_path / "w")]) == 0
    assert capsys.readouterr().err.strip().splitlines()[-1] == "no second opinion: run this"
    assert cli(["related", "a bridge", "--workspace", str(tmp_path / "w")]) == 0
    assert capsys.readouterr().err.strip() == "no second opinion: run this"
    report = without(Store(tmp_path / "w"), None).ingest([files])
    assert str(report).endswith("; no second opinion: run this"), "what a job of the app says at its end"


@pytest.fixture
def without_parts(monkeypatch):
    """As if none of the packages with the base's weights were installed."""

    def gone(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(second_model, "distribution", gone)


# What ships


def test_numbers_come_back_to_the_nearest_of_nine_steps():
    numbers = np.random.default_rng(1).normal(size=(500, GROUP)).astype(np.float32)
    parts = pack(numbers)
    found = unpack(parts[STEPS], parts[SCALES]).reshape(numbers.shape)
    most = np.abs(numbers).max(axis=1, keepdims=True) / MOST_STEPS
    assert (np.abs(found - numbers) <= most / 2 * 1.01).all()
    steps = np.round(found / most)
    assert len(np.unique(steps)) == 2 * MOST_STEPS + 1
    # As few bits as frequent steps allow, not the four that nine of them would take.
    share = np.unique(steps, return_counts=True)[1] / numbers.size
    entropy = -(share * np.log2(share)).sum()
    assert 8 * parts[STEPS].nbytes / numbers.size < 1.03 * entropy < 3


def test_zeros_come_back_as_zeros():
    parts = pack(np.zeros(GROUP))
    assert (unpack(parts[STEPS], parts[SCALES]) == 0).all()


def test_what_is_no_packing_of_so_many_numbers_is_refused():
    parts = pack(np.ones(3 * GROUP))
    with pytest.raises(ValueError, match="192 packed numbers, but scales for 128"):
        unpack(parts[STEPS], parts[SCALES][:2])
    wrong = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    with pytest.raises(ValueError, match="steps beyond 4"):
        unpack(np.frombuffer(wrong.compress(bytes([81]) * 96) + wrong.flush(), np.uint8), parts[SCALES])
    with pytest.raises(ValueError, match="can't be read"):
        unpack(np.full(50, 255, dtype=np.uint8), parts[SCALES])


def test_what_does_not_fill_its_groups_is_refused():
    with pytest.raises(ValueError, match=f"65 numbers.*multiple of {GROUP}"):
        pack(np.zeros(65))


def test_a_matrix_of_which_nothing_is_known_is_refused():
    base = np.ones((2, 3), dtype=np.float32)
    assert (restored("m", {}, base, (2, 3)) == base).all()
    with pytest.raises(ValueError, match="nothing is known of m"):
        restored("m", {}, None, (2, 3))


@pytest.fixture(scope="module")
def tiny():
    """A small MPNet classifier and the weights that it began as."""
    torch.manual_seed(3)
    config = MPNetConfig(
        vocab_size=50, hidden_size=64, num_hidden_layers=2, num_attention_heads=2, intermediate_size=128,
        max_position_embeddings=40, id2label=dict(enumerate(OUTPUT_LABELS)),
        label2id={name: place for place, name in enumerate(OUTPUT_LABELS)},
    )  # fmt: skip
    network = MPNetForSequenceClassification(config).eval()
    weights = network.state_dict()
    base = {
        name.removeprefix(second_model.PREFIX): weight.clone()
        for name, weight in weights.items()
        if name.startswith(second_model.PREFIX)
    }
    with torch.no_grad():
        for name, weight in weights.items():
            if ".layer." in name and weight.ndim == 2:
                weight += 0.3 * torch.randn(len(weight), 2) @ torch.randn(2, weight.shape[1])
            elif ".layer." in name:
                weight += 0.1 * torch.randn_like(weight)
    return network, base


def equal(network) -> dict[str, Curvature]:
    """As if all that a network's matrices could differ by changed its answers as much."""
    return {
        name: Curvature(torch.eye(weight.shape[1]), torch.eye(len(weight)), 1, 1)
        for name, weight in network.state_dict().items()
        if weight.ndim == 2
    }


def logits(network) -> np.ndarray:
    with torch.inference_mode():
        return network(torch.arange(2, 42).reshape(4, 10)).logits.numpy()


def test_what_is_packed_answers_nearly_as_what_was_trained(tiny, tmp_path):
    network, base = copy.deepcopy(tiny)
    chance = random.Random(0)
    words = ["".join(chance.choices(ascii_lowercase, k=chance.randint(3, 9))) for _ in range(400)]
    pairs = [TrainingPair(one, other, 7, None, 0.0, "made") for one, other in zip(words[::2], words[1::2], strict=True)]
    looked_at = curvatures(network, Letters(), pairs)
    for name, numbers in (("all", 100_000), ("few", 500), ("none", 0)):
        pack_second(network, base, tmp_path / name, numbers, looked_at)
    pack_second(network, base, tmp_path / "alike", 500, equal(network))
    lost = {name: np.abs(logits(network_in(tmp_path / name, base)) - logits(network)).mean() for name in
            ("all", "few", "none", "alike")}  # fmt: skip
    assert lost["all"] < 0.35 * lost["none"] and lost["all"] < lost["few"] < lost["none"]
    assert lost["few"] < 0.7 * lost["alike"], "the curvature tells which few matter"


def test_of_a_difference_what_changes_the_answers_most_is_kept():
    looked_at = Curvature(torch.diag(torch.tensor([1.0, 0.0, 0.0])), torch.diag(torch.tensor([0.0, 1.0])), 1, 1)
    # Large where nothing comes in or nothing goes out of it, small where it matters.
    difference = torch.tensor([[0.5, 0.0, 3.0], [1.0, 0.0, 0.5]])
    left, strengths, right = looked_at.strongest(difference)
    assert torch.allclose((left * strengths) @ right, difference, atol=1e-5)
    first = strengths[0] * left[:, :1] @ right[:1]
    assert abs(first[1, 0] - 1) < 0.1 and abs(first[0, 2]) < 1


def test_numbers_go_to_the_matrix_that_changes_the_answers_most(tiny, tmp_path):
    network, base = tiny
    matters = "mpnet.encoder.layer.1.output.dense.weight"
    looked_at = equal(network)
    looked_at[matters].gradients *= 1e4
    pack_second(network, base, tmp_path, 400, looked_at)
    kept = {name.split(".left")[0] for name in load_file(tmp_path / "model.safetensors") if ".left" in name}
    assert kept == {matters}
    # A little more than was learned, for what is left out, and both sides equally long.
    whole = network.state_dict()[matters] - base[matters.removeprefix(second_model.PREFIX)]
    packed = network_in(tmp_path, base).state_dict()[matters] - base[matters.removeprefix(second_model.PREFIX)]
    along = float((packed * whole).sum() / (whole * whole).sum())
    assert 1.0 < along < 1.06
    parts = load_file(tmp_path / "model.safetensors")
    left, right = (
        unpack(parts[matters + side + STEPS], parts[matters + side + SCALES]) for side in (".left", ".right")
    )
    assert np.linalg.norm(left) == pytest.approx(np.linalg.norm(right), rel=0.05)


def test_without_a_pair_there_is_nothing_to_see(tiny):
    network, _ = copy.deepcopy(tiny)
    for pairs in ([], [TrainingPair("a" * 60, "b" * 60, 7, None, 0.0, "made")]):
        with pytest.raises(ValueError, match=f"none of {len(pairs)} pairs"):
            curvatures(network, Letters(), pairs)


def test_the_curvature_is_that_of_what_comes_in_and_of_the_gradients(tiny):
    network, _ = copy.deepcopy(tiny)
    pairs = [TrainingPair(word * 2, word, 7, None, 0.0, "made", 1.0) for word in ("ab", "bcd", "efgh", "a" * 60)]
    last = "mpnet.encoder.layer.1.output.dense"
    found = curvatures(network, Letters(), pairs * 40, seed=1)
    assert set(found) == {f"{name}.weight" for name, one in network.named_modules()
                          if isinstance(one, torch.nn.Linear) and ".layer." in name}  # fmt: skip
    curvature = found[f"{last}.weight"]
    assert curvature.pairs == 120, "too long a pair is not looked at"
    assert curvature.tokens == 40 * (6 + 9 + 12), "what fills up a batch is not counted"
    network.requires_grad_(True)
    came, went = [], []

    def watch(module, inputs, output):
        came.append(inputs[0][0])
        went.append(output)

    network.get_submodule(last).register_forward_hook(watch)
    inputs, gradients = torch.zeros(128, 128), torch.zeros(64, 64)
    for pair in pairs[:3]:
        for said in network(torch.tensor([Letters.read(pair.premise + pair.hypothesis)])).logits[0]:
            by = torch.autograd.grad(said, went[-1], retain_graph=True)[0][0]
            gradients += by.T @ by
        inputs += came[-1].T @ came[-1]
    assert torch.allclose(curvature.inputs / 40, inputs, rtol=1e-3, atol=1e-3)
    # Gradients are drawn by chance: a matrix of the sums comes near the whole.
    assert torch.nn.functional.cosine_similarity(curvature.gradients.flatten(), gradients.flatten(), 0) > 0.95
    assert float(curvature.gradients.trace() / 40) == pytest.approx(float(gradients.trace()), rel=0.35)


class Letters:
    """A tokenizer to which every letter is a token."""

    pad_token_id = 1

    @staticmethod
    def read(text: str) -> list[int]:
        return [2 + ord(letter) - ord("a") for letter in text]

    def __call__(self, ones, others, **_):
        return {"input_ids": [self.read(one + other) for one, other in zip(ones, others, strict=True)]}


def test_the_bias_of_tension_is_added_to_its_logit_alone(tiny, tmp_path):
    network, base = tiny
    for name, bias in (("without", 0.0), ("with", -1.0)):
        pack_second(network, base, tmp_path / name, 5000, equal(network), bias)
    shift = logits(network_in(tmp_path / "with", base)) - logits(network_in(tmp_path / "without", base))
    assert np.allclose(shift, [0, 0, 0, -1], atol=2e-3)


def test_a_folder_made_for_other_weights_is_refused(tiny, tmp_path):
    network, base = tiny
    pack_second(network, base, tmp_path, 0, equal(network))
    description = json.loads((tmp_path / "packed.json").read_text())
    (tmp_path / "packed.json").write_text(json.dumps({**description, "base_sha256": "0" * 64}))
    with pytest.raises(ModelMissing, match="SHA-256 000000000000"):
        network_in(tmp_path, base)


@pytest.mark.parametrize("older", [None, 1])
def test_a_folder_that_was_packed_another_way_is_refused(tiny, tmp_path, older):
    network, base = tiny
    pack_second(network, base, tmp_path, 0, equal(network))
    description = json.loads((tmp_path / "packed.json").read_text())
    (tmp_path / "packed.json").write_text(json.dumps({**description, "format": older}))
    with pytest.raises(ModelMissing, match=f"of format {older}, not 2; pack it anew"):
        network_in(tmp_path, base)


@pytest.mark.parametrize("damage", ["short", "without scales", "no weights"])
def test_a_damaged_difference_is_refused(tiny, tmp_path, damage):
    network, base = tiny
    pack_second(network, base, tmp_path, 5000, equal(network))
    path = tmp_path / "model.safetensors"
    parts = load_file(path)
    name = next(name for name in parts if name.endswith(STEPS))
    if damage == "short":
        save_file({**parts, name: parts[name][: len(parts[name]) // 2]}, path)
    elif damage == "without scales":
        save_file({key: part for key, part in parts.items() if key != name.replace(STEPS, SCALES)}, path)
    else:
        path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(ModelMissing, match="model.safetensors.*check the clone"):
        network_in(tmp_path, base)


def test_a_folder_without_its_difference_is_refused(tiny, tmp_path):
    network, base = tiny
    pack_second(network, base, tmp_path, 0, equal(network))
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(ModelMissing, match="holds no model.safetensors"):
        network_in(tmp_path, base)


def test_what_is_small_is_kept_as_it_was_trained(tiny, tmp_path):
    network, base = tiny
    base = {**base, "encoder.relative_attention_bias.weight": torch.zeros(32, 2)}
    pack_second(network, base, tmp_path, 0, equal(network))
    kept = network_in(tmp_path, base).mpnet.encoder.relative_attention_bias.weight
    assert torch.allclose(kept, network.mpnet.encoder.relative_attention_bias.weight, atol=1e-3)


def test_packing_without_a_checkpoint_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="no checkpoint"):
        train(["pack", "--teacher", str(tmp_path), "--taught", "none.gz", "--out", str(tmp_path / "out")])


def test_a_missing_part_says_what_to_install(without_parts):
    with pytest.raises(ModelMissing, match=f"part-001; run `{INSTALL}`"):
        load_second()


def test_a_part_whose_file_is_gone_is_to_be_installed_anew(monkeypatch):
    monkeypatch.setattr(second_model, "distribution", lambda name: SimpleNamespace(files=[]))
    with pytest.raises(ModelMissing, match=f"part-001 lacks its part.*`{INSTALL} --force-reinstall`"):
        load_second()


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("harm", ["cut", "flipped", "emptied"])
def test_a_part_that_is_damaged_is_refused(monkeypatch, tmp_path, number, harm):
    archive_of(monkeypatch, tmp_path, {"model.safetensors": b"a line of words\n" * 20_000 + bytes(range(256)) * 4})
    path = tmp_path / f"part.{number}"
    whole = path.read_bytes()
    half = len(whole) // 2
    path.write_bytes(
        {"cut": whole[:half], "flipped": whole[:half] + b"\xff" * 9 + whole[half + 9 :], "emptied": b""}[harm]
    )
    with pytest.raises(ModelMissing, match="force-reinstall"), base_archive() as archive:
        base_weights(archive)


def archive_of(monkeypatch, folder: Path, files: dict[str, bytes], parts: int = 3) -> None:
    """Puts a zip of these files in the place of the packages, in so many parts."""
    with zipfile.ZipFile(folder / "whole.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"all-mpnet-base-v2/{name}", content)
    whole = (folder / "whole.zip").read_bytes()
    length = len(whole) // parts + 1
    for number in range(parts):
        (folder / f"part.{number}").write_bytes(whole[number * length : (number + 1) * length])
    monkeypatch.setattr(second_model, "part_files", lambda: sorted(folder.glob("part.*")))


def test_the_parts_are_read_as_one_file(monkeypatch, tmp_path):
    content = np.random.default_rng(2).bytes(3_000_000)
    archive_of(monkeypatch, tmp_path, {"model.safetensors": content})
    with base_archive() as archive:
        assert archive.read("all-mpnet-base-v2/model.safetensors") == content


def test_other_weights_than_the_pinned_ones_are_refused(monkeypatch, tmp_path):
    archive_of(monkeypatch, tmp_path, {"model.safetensors": b"others"})
    with base_archive() as archive, pytest.raises(ModelMissing, match="another model.safetensors than the pinned one"):
        base_weights(archive)


def test_a_zip_without_weights_is_refused(monkeypatch, tmp_path):
    archive_of(monkeypatch, tmp_path, {"config.json": b"{}"})
    with base_archive() as archive, pytest.raises(ModelMissing, match="no whole model.safetensors"):
        base_weights(archive)


def test_the_command_packs_what_a_run_of_training_left(tiny, monkeypatch, tmp_path):
    network, base = tiny
    torch.save({"model": network.state_dict(), "options": asdict(Options()), "seen": 1}, tmp_path / "checkpoint.pt")
    monkeypatch.setattr("embeddings.train.model_of", lambda weights, encoder: network)
    monkeypatch.setattr(second_model, "base_archive", nullcontext)
    monkeypatch.setattr(second_model, "base_weights", lambda archive: base)
    monkeypatch.setattr("embeddings.train.AutoTokenizer.from_pretrained", lambda name: Letters())
    pairs = [TrainingPair(word, "abc", 7, None, 0.0, "made", 1.0, (0.0,) * 4) for word in ("ab", "bcd", "efgh")]
    TaughtFile(tmp_path / "taught.gz").add(pairs, 3)
    command = ["pack", "--teacher", str(tmp_path), "--taught", str(tmp_path / "taught.gz"), "--pairs", "2"]
    assert train([*command, "--out", str(tmp_path / "out"), "--numbers", "5000", "--tension-bias", "-1"]) == 0
    looked_at = random.Random(5).sample(pairs, 2)
    pack_second(network, base, tmp_path / "same", 5000, curvatures(network, Letters(), looked_at, 5), -1.0)
    assert np.array_equal(*(logits(network_in(tmp_path / name, base)) for name in ("out", "same")))
    with pytest.raises(SystemExit, match="no file .*none.gz"):
        train([*command[:4], str(tmp_path / "none.gz"), "--out", str(tmp_path / "out")])


@pytest.mark.parametrize("missing", ["packed.json", "model.safetensors", "calibration.json"])
def test_a_clone_without_a_file_of_the_folder_says_so(monkeypatch, tmp_path, missing):
    for path in SECOND_FOLDER.iterdir():
        if path.name != missing:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(second_model, "SECOND_FOLDER", tmp_path)
    with pytest.raises(ModelMissing, match="check the clone"):
        load_second()


@pytest.fixture(scope="module")
def shipped():
    why_not = cannot_be_asked("shipped")
    if why_not and not os.environ.get("CI"):
        pytest.skip(why_not)
    return load_second()


CONFLICTING = ("The vetting found nothing.", "The vetting found several serious warning signs.")
AGREEING = ("Nine people died in the fire on Monday.", "Nine people were killed by the fire.")
APART = ("Nine people died in the fire on Monday.", "The council meets on the first floor.")


def test_the_shipped_second_model_tells_the_three_classes_apart(shipped):
    conflict, agreement, apart = shipped.score([CONFLICTING, AGREEING, APART])
    assert conflict.contradiction > 0.8 and conflict.tension > 0.8
    assert agreement.entailment > 0.8 and agreement.tension < 0.2
    assert apart.neutral > 0.8 and apart.tension < 0.2


def test_its_answers_do_not_hang_on_the_batch_and_progress_ends_at_the_count(shipped):
    pairs, seen = [CONFLICTING, AGREEING, APART, ("a b " * 200, "c")] * 3, []
    found = shipped.score(pairs, lambda done, total: seen.append((done, total)))
    alone = [shipped.score([pair])[0] for pair in pairs]
    assert np.allclose([astuple(one) for one in found], [astuple(one) for one in alone], atol=1e-4)
    assert seen[-1] == (12, 12) and seen == sorted(seen)


def test_its_folder_is_a_model_like_any_other(shipped):
    model = load_entailment(str(SECOND_FOLDER))
    assert model.model_id == str(SECOND_FOLDER)
    assert model.class_logits([CONFLICTING]).argmax() == 0
    assert model.score([CONFLICTING]) == shipped.score([CONFLICTING])
