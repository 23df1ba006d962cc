"""A network that grows answers nearly as before; one with fewer tokens reads the rest in pieces, and can learn on."""

from __future__ import annotations

import copy
import gzip
import json
import shutil
from dataclasses import asdict

import pytest
import torch
from tokenizers import Tokenizer
from transformers import AutoTokenizer, MPNetConfig, MPNetForSequenceClassification

from claims.reader_weights import encoder_folder
from embeddings import train
from embeddings.entailment import SHIPPED_FOLDER, load_entailment
from embeddings.training_batches import Options
from embeddings.training_data import CONTRADICTION, TrainingPair
from embeddings.training_model import blended, model_of, new_model
from embeddings.training_size import grown, layers_in, most_frequent
from embeddings.training_taught import TaughtFile
from embeddings.training_teacher import teacher_in

PAIRS = [
    ("The mayor of the town shut the old bridge on Monday.", "The old bridge is open to all cars."),
    ("Rents rose by four per cent in the last year.", "Rents fell last year, the council said."),
    ("The ferry company has paid its workers.", "Nobody at the ferry company was paid."),
    ("A winter storm took the roof of the school.", "The school lost its roof in a storm."),
]
OTHERS = [
    ("Harbour pilots refuse the new quay.", "Pilots accept the quay."),
    ("No train ran between the two cities at night.", "Trains ran all night."),
    ("The inquiry found that the guards slept.", "The guards were awake, the inquiry says."),
]


def logits(model, pairs):
    tokenizer = AutoTokenizer.from_pretrained(encoder_folder())
    tokens = tokenizer([a for a, _ in pairs], [b for _, b in pairs], padding=True, return_tensors="pt")
    with torch.inference_mode():
        return model.eval()(**tokens).logits


@pytest.fixture(scope="module")
def start():
    return new_model(str(SHIPPED_FOLDER))


@pytest.mark.parametrize("after", [[3, 5], [1, 2, 4]])
def test_a_grown_network_answers_nearly_as_before_and_every_new_layer_can_learn(start, after):
    larger = grown(start, after, PAIRS)
    assert layers_in(larger.state_dict()) == larger.config.num_hidden_layers
    assert larger.config.num_hidden_layers == start.config.num_hidden_layers + len(after)
    before = logits(start, OTHERS)
    plain = copy.deepcopy(start)
    for place in reversed(after):
        plain.bert.encoder.layer.insert(place, copy.deepcopy(plain.bert.encoder.layer[place - 1]))
    changes = [(logits(model, OTHERS) - before).abs().mean() for model in (larger, plain)]
    assert changes[0] < 0.3 * changes[1], "a layer that only stands twice changes the answers"
    tokens = AutoTokenizer.from_pretrained(encoder_folder())("Rust", "Ferry", return_tensors="pt")
    larger.train()(**tokens).logits.sum().backward()
    for added, place in enumerate(after):
        assert larger.bert.encoder.layer[place + added].output.dense.weight.grad.abs().max() > 0


def test_the_network_that_grows_stays_as_it_was(start):
    layers, before = start.config.num_hidden_layers, {name: one.clone() for name, one in start.state_dict().items()}
    grown(start, [1], PAIRS)
    assert start.config.num_hidden_layers == layers
    assert all(torch.equal(start.state_dict()[name], weight) for name, weight in before.items())


@pytest.mark.parametrize("after", [[], [0], [99], [2, 2]])
def test_a_layer_that_is_not_there_is_refused(start, after):
    with pytest.raises(ValueError, match=f"choose some of 1 to {start.config.num_hidden_layers}, each once"):
        grown(start, after, PAIRS)


def test_only_a_network_of_its_kind_grows():
    other = MPNetForSequenceClassification(MPNetConfig(hidden_size=24, num_attention_heads=2, intermediate_size=8))
    with pytest.raises(ValueError, match="kind 'mpnet'; only one of kind 'bert' can grow"):
        grown(other, [1], PAIRS)


def test_weights_say_how_deep_their_network_is(start):
    larger = grown(start, [2], PAIRS)
    again = model_of(larger.state_dict())
    assert torch.allclose(logits(again, PAIRS), logits(larger, PAIRS), atol=1e-5)


def test_a_deeper_network_can_teach(start, tmp_path):
    larger = grown(start, [2], PAIRS)
    torch.save({"model": larger.state_dict(), "seen": 1, "options": asdict(Options())}, tmp_path / "checkpoint.pt")
    model, _ = teacher_in(tmp_path)
    assert model.config.num_hidden_layers == start.config.num_hidden_layers + 1


def test_networks_of_two_depths_are_not_averaged(start, tmp_path):
    deep, shallow = grown(start, [2], PAIRS), start
    for name, model in (("deep", deep), ("shallow", shallow)):
        (tmp_path / name).mkdir()
        torch.save({"model": model.state_dict(), "seen": 1}, tmp_path / name / "checkpoint.pt")
    for model, other in ((deep, "shallow"), (shallow, "deep")):
        with pytest.raises(SystemExit, match=f"choose one of {model.config.num_hidden_layers}, as the checkpoint has"):
            blended(model.state_dict(), tmp_path / other, 0.5)


def test_the_most_frequent_tokens_are_kept_and_with_them_what_any_word_is_read_with():
    with pytest.raises(ValueError, match="40000 tokens to keep; choose [0-9]+ to 30522") as refused:
        most_frequent(["rust"], 40_000)
    least = int(str(refused.value).split("choose ")[1].split(" ")[0])
    always = set(most_frequent(["rust"], least))
    assert {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##a", "7", "##7", "€", "ø", "##ø", "½"} <= always
    assert not {"rust", "я", "[unused0]"} & always
    kept = most_frequent(["rust rust rust ferry ferry bridge"], least + 2)
    assert set(kept) == always | {"rust", "ferry"}
    vocabulary = AutoTokenizer.from_pretrained(encoder_folder()).get_vocab()
    assert kept == sorted(kept, key=vocabulary.get)
    with pytest.raises(ValueError, match=f"{least - 1} tokens to keep"):
        most_frequent(["rust"], least - 1)


@pytest.fixture
def data(tmp_path, monkeypatch):
    """News and training pairs of the form of the real ones, in the words of PAIRS."""
    monkeypatch.setattr("embeddings.training_size.NLI_SETS", {"tiny": 1.0})
    folder = tmp_path / "data"
    for name in ("corpus", "nli/train"):
        (folder / name).mkdir(parents=True)
    with gzip.open(folder / "corpus" / "news_20k.jsonl.gz", "wt") as lines:
        lines.write(json.dumps({"text": " ".join(" ".join(pair) for pair in PAIRS)}) + "\n")
    with gzip.open(folder / "nli" / "train" / "tiny.jsonl.gz", "wt") as lines:
        pair = {"premise": "A lorry crossed.", "hypothesis": "No lorry crossed.", "label": "contradiction"}
        lines.write(json.dumps(pair) + "\n")
    return folder


@pytest.fixture
def exported(data, tmp_path, start):
    """One checkpoint, exported whole and with 700 tokens."""
    checkpoint = tmp_path / "run"
    checkpoint.mkdir()
    torch.save({"model": grown(start, [4], PAIRS).state_dict(), "seen": 1}, checkpoint / "checkpoint.pt")
    for name, extra in (("whole", []), ("narrow", ["--tokens", "700", "--data", str(data)])):
        train.main(["export", "--checkpoint", str(checkpoint), "--out", str(tmp_path / name), *extra])
    return tmp_path


def test_a_model_with_fewer_tokens_says_the_same_of_the_words_it_kept(exported):
    pairs = [*PAIRS, ("A lorry crossed.", "No lorry crossed.")]
    whole, narrow = (load_entailment(str(exported / name)).class_logits(pairs) for name in ("whole", "narrow"))
    assert whole == pytest.approx(narrow, abs=1e-4)
    sizes = [(exported / name / "model.safetensors").stat().st_size for name in ("whole", "narrow")]
    assert sizes[0] - sizes[1] == pytest.approx((30522 - 700) * 384 * 2, abs=2000)


@pytest.mark.parametrize("word", ["harbour", "€500", "m²", "strømme", "weißmann"])
def test_a_word_that_lost_its_token_is_read_in_pieces(exported, word):
    narrow = AutoTokenizer.from_pretrained(exported / "narrow")
    pieces = narrow.tokenize(word)
    assert len(pieces) > 1
    assert narrow.unk_token not in pieces
    assert "".join(piece.removeprefix("##") for piece in pieces) == word


def test_the_file_of_the_tokenizer_is_right_for_those_who_read_it_without_transformers(exported):
    narrow = Tokenizer.from_file(str(exported / "narrow" / "tokenizer.json"))
    ids = narrow.encode("rents", "rose").ids[:5]
    assert [narrow.id_to_token(place) for place in ids] == ["[CLS]", "rents", "[SEP]", "rose", "[SEP]"]


def test_training_goes_on_with_all_tokens_from_a_model_that_has_fewer(exported):
    whole, narrow = (new_model(str(exported / name)) for name in ("whole", "narrow"))
    assert narrow.config.vocab_size == 30522
    # Both files are in half precision; of the tokens left out, the encoder's own vectors are not.
    assert torch.allclose(logits(whole, OTHERS), logits(narrow, OTHERS), atol=0.02)


def test_an_export_that_is_refused_leaves_what_was_there(exported, data):
    arguments = ["export", "--checkpoint", str(exported / "run"), "--out", str(exported / "narrow"), "--tokens"]
    before = {path.name: path.read_bytes() for path in (exported / "narrow").iterdir()}
    with pytest.raises(SystemExit, match="--tokens needs --data"):
        train.main([*arguments, "700"])
    with pytest.raises(ValueError, match="0 tokens to keep"):
        train.main([*arguments, "0", "--data", str(data)])
    assert {path.name: path.read_bytes() for path in (exported / "narrow").iterdir()} == before


def test_a_model_beside_another_ones_tokenizer_is_refused(exported):
    shutil.copy(exported / "whole" / "tokenizer.json", exported / "narrow" / "tokenizer.json")
    with pytest.raises(ValueError, match="a tokenizer of 30522 tokens beside a model of 700"):
        new_model(str(exported / "narrow"))


def test_a_model_is_grown_by_command(exported, tmp_path):
    taught = tmp_path / "taught.jsonl.gz"
    pairs = [TrainingPair(*pair, CONTRADICTION, None, 0.0, "test", logits=(0.0, 0.0, 0.0, 0.0)) for pair in PAIRS]
    TaughtFile(taught).add(pairs, len(pairs))
    arguments = ["grow", "--model", str(exported / "narrow"), "--taught", str(taught), "--out", str(tmp_path / "deep")]
    train.main([*arguments, "--after", "3", "5"])
    deep, before = (new_model(str(folder)) for folder in (tmp_path / "deep", exported / "narrow"))
    assert deep.config.num_hidden_layers == before.config.num_hidden_layers + 2
    assert torch.allclose(logits(deep, PAIRS), logits(grown(before, [3, 5], PAIRS), PAIRS), atol=1e-4)
