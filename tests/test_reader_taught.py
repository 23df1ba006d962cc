"""A larger reader teaches the one that ships: how it reads the small one's tokens, and what is learned from it."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, MPNetConfig, MPNetModel, MPNetTokenizer

from claims import train_reader
from claims.reader import CUE_LABELS, Reader, encode, marked
from claims.reader_network import LargeReader, new_network
from claims.reader_weights import LABELS, encoder_tokenizer
from claims.train_reader import answered, distance_from_teacher, inputs_of, unlabelled, unlabelled_examples

TEXT = "Rents fell, the mayor said.\n\nTenants say that she told them rents rose."


@pytest.fixture(scope="module")
def tokenizer():
    return encoder_tokenizer()


@pytest.fixture(scope="module")
def large(tmp_path_factory, tokenizer) -> str:
    """A folder with a small MPNet whose vocabulary holds the same pieces in another order."""
    folder = tmp_path_factory.mktemp("mpnet")
    outer = ["<s>", "<pad>", "</s>", "[UNK]"]
    marks = {mark.content for mark in tokenizer.get_added_tokens_decoder().values()}
    pieces = [piece for piece in tokenizer.get_vocab() if piece not in marks]
    own = MPNetTokenizer(vocab={piece: place for place, piece in enumerate([*outer, *sorted(pieces), "<mask>"])})
    own.save_pretrained(folder)
    config = MPNetConfig(
        vocab_size=len(own), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=48,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    torch.manual_seed(3)
    MPNetModel(config, add_pooling_layer=False).save_pretrained(folder)
    return str(folder)


@pytest.fixture
def teacher(large: str) -> LargeReader:
    torch.manual_seed(5)
    return LargeReader(large).eval()


def write(path: Path, *rows: dict) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def span(words: str) -> dict:
    return {"start": TEXT.index(words), "end": TEXT.index(words) + len(words), "text": words}


def test_the_large_one_reads_the_same_words(large, teacher, tokenizer):
    part = encode(tokenizer, "Rents fell, the mayor said.")[0]
    there = AutoTokenizer.from_pretrained(large)
    own = teacher._own_ids[torch.tensor(part.ids)].tolist()
    assert own == there("Rents fell, the mayor said.")["input_ids"]


def test_the_large_one_is_told_what_is_marked(teacher, tokenizer):
    part = encode(tokenizer, "Rents fell, the mayor said.")[0]
    torch.nn.init.normal_(teacher.mark.weight)
    both = unlabelled(part.ids, [0] * len(part.ids)), unlabelled(part.ids, marked(part, (22, 26)))
    with torch.inference_mode():
        plain, with_mark = teacher.encode(*inputs_of(list(both)))
    assert not torch.allclose(plain, with_mark, atol=1e-3)


def test_a_teacher_says_the_worth_only_of_what_has_nothing_marked(teacher, tokenizer):
    part = encode(tokenizer, "Rents fell, the mayor said.")[0]
    plain, with_mark = answered(
        teacher, [unlabelled(part.ids, [0] * len(part.ids)), unlabelled(part.ids, marked(part, (22, 26)))]
    )
    assert plain.taught.shape == with_mark.taught.shape == (len(part.ids), len(LABELS))
    assert plain.taught_worth is not None and with_mark.taught_worth is None


@pytest.mark.parametrize("bfloat16", [False, True])
def test_a_teacher_rounds_where_it_is_told_to(large, tokenizer, tmp_path, monkeypatch, bfloat16):
    asked = []
    monkeypatch.setattr(train_reader, "answered", lambda _, examples, rounded: asked.append(rounded) or examples)
    torch.save({"network": LargeReader(large).state_dict()}, tmp_path / "reader.pt")
    options = Namespace(
        seed=1, attribution=[], worth=[], encoder=large, teacher=tmp_path, device="cpu", unlabelled=None,
        articles=(0, 1), bfloat16=bfloat16,
    )  # fmt: skip
    assert train_reader.taught_examples(options, tokenizer) == []
    assert asked == [bfloat16]


def test_what_nobody_labelled_is_read_whole_and_learned_as_the_small_one_will_see_it(teacher, tokenizer, monkeypatch):
    monkeypatch.setattr("claims.reader.AROUND", 2)
    with torch.no_grad():
        teacher.tags.bias[CUE_LABELS[1]] = 50.0  # every word reports
    found = unlabelled_examples(teacher, [TEXT], tokenizer)
    parts = [encode(tokenizer, line)[0] for line in TEXT.split("\n") if line]
    second = 1 + len(parts[0].offsets)
    assert [any(one.marks) for one in found] == [place not in (0, second) for place in range(len(found))]
    assert len(found) == 2 + sum(len(part.offsets) for part in parts)
    assert [one.ids for one in found] == [parts[int(place >= second)].ids for place in range(len(found))]
    assert all(len(one.taught) == len(one.ids) == len(one.marks) for one in found)
    third = found[3]
    assert third.near == range(5)
    assert tokenizer.decode(third.ids[1:6]) == "rents fell, the mayor"
    assert [tokenizer.decode([at]) for at, mark in zip(third.ids, third.marks, strict=True) if mark] == [","]
    whole = answered(teacher, [unlabelled(parts[0].ids, marked(parts[0], parts[0].offsets[2]))])[0]
    assert np.allclose(third.taught, whole.taught, atol=0.05)


@pytest.mark.parametrize(("encoder", "some_near"), [(Path("mpnet"), False), (None, True)])
def test_a_teacher_learns_every_word_with_the_whole_of_its_stretch(tokenizer, tmp_path, encoder, some_near):
    said = {"cue": [span("said")], "source": [span("the mayor")], "content": [span("Rents fell")]}
    file = write(tmp_path / "said.jsonl", *[{"text": TEXT, "attributions": [said]}] * 8)
    options = Namespace(seed=1, attribution=[file], worth=[], encoder=encoder, teacher=None)
    found = [one for one in train_reader.examples_from(options, tokenizer) if any(one.marks)]
    assert len(found) >= 8
    assert any(len(one.near) for one in found) == some_near


def test_whoever_says_what_the_teacher_says_is_nearest(tokenizer):
    network = new_network()
    part = encode(tokenizer, "Rents fell, the mayor said.")[0]
    plain = unlabelled(part.ids, [0] * len(part.ids))
    batch = answered(network, [plain])
    ids, marks, mask, near = inputs_of(batch)
    with torch.inference_mode():
        vectors = network.encode(ids, marks, mask, near)
        own = distance_from_teacher(network, batch, vectors, mask, near).item()
        network.tags.bias[3] += 2.0
        other = distance_from_teacher(network, batch, vectors, mask, near).item()
        assert distance_from_teacher(network, [plain], vectors, mask, near).item() == 0
    assert other > own + 0.1
    few = near.clone()
    few[:, 4:] = 0
    batch[0].taught[4:] += torch.randn(1, len(LABELS)).numpy() * 9
    with torch.inference_mode():
        network.tags.bias[3] -= 2.0
        # What is not near says nothing.
        assert distance_from_teacher(network, batch, vectors, mask, few).item() < own + 0.05
        assert distance_from_teacher(network, batch, vectors, mask, near).item() > own + 0.5


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["--teacher=a"], "--teacher needs --encoder"),
        (["--encoder=a", "--out=b"], "--encoder without --teacher trains a teacher"),
    ],
)
def test_options_that_make_no_sense_together_are_refused(tmp_path, capsys, given, why):
    with pytest.raises(SystemExit):
        train_reader.main([f"--checkpoint={tmp_path}", *given])
    assert why in capsys.readouterr().err


def test_a_teacher_is_trained_and_a_small_reader_learns_from_it(tmp_path, large):
    said = {"source": [span("the mayor")], "cue": [span("said")], "content": [span("Rents fell")]}
    labelled = [
        f"--attribution={write(tmp_path / 'said.jsonl', {'text': TEXT, 'attributions': [said]})}",
        f"--worth={write(tmp_path / 'worth.jsonl', {'text': 'Rents fell by 4 per cent.', 'label': 'Yes'})}",
        "--threads=1", f"--encoder={large}",
    ]  # fmt: skip
    assert train_reader.main([*labelled, f"--checkpoint={tmp_path}/teacher", "--epochs=2"]) == 0
    news = write(tmp_path / "news.jsonl", {"text": "Nobody reads this."}, {"text": "The wall fell, she said."})
    taught = [*labelled, f"--teacher={tmp_path}/teacher", f"--unlabelled={news}", "--articles", "1", "2"]
    taught += ["--bfloat16", f"--checkpoint={tmp_path}/small", f"--out={tmp_path}/reader", "--epochs=2"]
    assert train_reader.main(taught) == 0
    assert len(Reader(tmp_path / "reader").read(["The wall fell."])[0].offsets) == 4
    with pytest.raises(SystemExit, match="name another folder"):
        train_reader.main([one for one in taught if one != "--bfloat16"])
