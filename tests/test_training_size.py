"""A network that grows answers as before; one with fewer tokens reads the rest in pieces, and can learn on."""

from __future__ import annotations

import gzip
import json

import pytest
import torch
from transformers import AutoTokenizer

from claims.reader_weights import encoder_folder
from embeddings import train
from embeddings.entailment import SHIPPED_FOLDER, load_entailment
from embeddings.training_data import CONTRADICTION, TrainingPair
from embeddings.training_model import model_of, new_model
from embeddings.training_size import grown, layers_in, most_frequent
from embeddings.training_taught import TaughtFile

PAIRS = [
    ("The mayor of the town shut the old bridge on Monday.", "The old bridge is open to all cars."),
    ("Rents rose by four per cent in the last year.", "Rents fell last year, the council said."),
    ("The ferry company has paid its workers.", "Nobody at the ferry company was paid."),
    ("A winter storm took the roof of the school.", "The school lost its roof in a storm."),
]


def logits(model, pairs):
    tokenizer = AutoTokenizer.from_pretrained(encoder_folder())
    tokens = tokenizer([a for a, _ in pairs], [b for _, b in pairs], padding=True, return_tensors="pt")
    with torch.inference_mode():
        return model.eval()(**tokens).logits


@pytest.fixture(scope="module")
def start():
    return new_model(str(SHIPPED_FOLDER))


def test_a_grown_network_answers_nearly_as_before_and_every_new_layer_can_learn(start):
    larger = grown(start, [3, 5], PAIRS)
    assert layers_in(larger.state_dict()) == larger.config.num_hidden_layers == 8
    before, after = logits(start, PAIRS), logits(larger, PAIRS)
    assert (after - before).abs().mean() < 0.1 * before.std()
    tokens = AutoTokenizer.from_pretrained(encoder_folder())("Rust", "Ferry", return_tensors="pt")
    larger.train()(**tokens).logits.sum().backward()
    for place in (3, 6):
        assert larger.bert.encoder.layer[place].output.dense.weight.grad.abs().max() > 0


def test_the_network_that_grows_stays_as_it_was(start):
    before = {name: weight.clone() for name, weight in start.state_dict().items()}
    grown(start, [1], PAIRS)
    assert start.config.num_hidden_layers == 6
    assert all(torch.equal(start.state_dict()[name], weight) for name, weight in before.items())


@pytest.mark.parametrize("after", [[], [0], [7], [2, 2]])
def test_a_layer_that_is_not_there_is_refused(start, after):
    with pytest.raises(ValueError, match="choose some of 1 to 6, each once"):
        grown(start, after, PAIRS)


def test_weights_say_how_deep_their_network_is(start):
    larger = grown(start, [2], PAIRS)
    again = model_of(larger.state_dict())
    assert torch.allclose(logits(again, PAIRS), logits(larger, PAIRS), atol=1e-5)


def test_the_most_frequent_tokens_are_kept_and_special_ones_always():
    characters = {*"abcdefghijklmnopqrstuvwxyz0123456789"}
    always = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters, *(f"##{one}" for one in characters)}
    kept = most_frequent(["rust rust rust ferry ferry bridge"], len(always) + 2)
    assert set(kept) == {*always, "rust", "ferry"}
    vocabulary = AutoTokenizer.from_pretrained(encoder_folder()).get_vocab()
    assert kept == sorted(kept, key=vocabulary.get)
    with pytest.raises(ValueError, match="40000 tokens of 30522"):
        most_frequent(["rust"], 40_000)


@pytest.fixture
def data(tmp_path):
    """News and training pairs of the form of the real ones, in the words of PAIRS."""
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
    """One checkpoint, exported whole and with 200 tokens."""
    checkpoint = tmp_path / "run"
    checkpoint.mkdir()
    torch.save({"model": grown(start, [4], PAIRS).state_dict(), "seen": 1}, checkpoint / "checkpoint.pt")
    for name, extra in (("whole", []), ("narrow", ["--tokens", "200", "--data", str(data)])):
        train.main(["export", "--checkpoint", str(checkpoint), "--out", str(tmp_path / name), *extra])
    return tmp_path


def test_a_model_with_fewer_tokens_says_the_same_of_the_words_it_kept(exported):
    whole, narrow = (load_entailment(str(exported / name)).class_logits(PAIRS) for name in ("whole", "narrow"))
    assert whole == pytest.approx(narrow, abs=1e-4)
    sizes = [(exported / name / "model.safetensors").stat().st_size for name in ("whole", "narrow")]
    assert sizes[0] - sizes[1] == pytest.approx((30522 - 200) * 384 * 2, abs=2000)


def test_a_word_that_lost_its_token_is_read_in_pieces(exported):
    whole, narrow = (AutoTokenizer.from_pretrained(exported / name) for name in ("whole", "narrow"))
    assert whole.tokenize("harbour") == ["harbour"]
    pieces = narrow.tokenize("harbour")
    assert len(pieces) > 1
    assert narrow.unk_token not in pieces
    assert "".join(piece.removeprefix("##") for piece in pieces) == "harbour"
    assert narrow("rust")["input_ids"][0] == narrow.cls_token_id


def test_training_goes_on_with_all_tokens_from_a_model_that_has_fewer(exported):
    whole, narrow = (new_model(str(exported / name)) for name in ("whole", "narrow"))
    assert narrow.config.vocab_size == 30522
    others = [("Harbour pilots refuse the quay.", "Pilots accept the harbour quay.")]
    # Both files are in half precision; of the tokens left out, the encoder's own vectors are not.
    assert torch.allclose(logits(whole, others), logits(narrow, others), atol=0.02)


def test_tokens_are_not_left_out_without_texts_to_look_at(exported):
    with pytest.raises(SystemExit, match="--tokens needs --data"):
        train.main(["export", "--checkpoint", str(exported / "run"), "--out", str(exported / "no"), "--tokens", "200"])


def test_a_model_is_grown_by_command(exported, tmp_path):
    taught = tmp_path / "taught.jsonl.gz"
    pairs = [TrainingPair(*pair, CONTRADICTION, None, 0.0, "test", logits=(0.0, 0.0, 0.0, 0.0)) for pair in PAIRS]
    TaughtFile(taught).add(pairs, len(pairs))
    arguments = ["grow", "--model", str(exported / "narrow"), "--taught", str(taught), "--out", str(tmp_path / "deep")]
    train.main([*arguments, "--after", "3", "5"])
    deep = new_model(str(tmp_path / "deep"))
    assert deep.config.num_hidden_layers == 9
    before = logits(new_model(str(exported / "narrow")), PAIRS)
    assert (logits(deep, PAIRS) - before).abs().mean() < 0.1 * before.std()
