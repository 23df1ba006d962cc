"""The attribution tagger: what it is taught, what its labels mean, and that its weights come back as they were."""

from __future__ import annotations

import gzip
import json

import pytest
import torch
from transformers import AutoTokenizer

from claims import train_tagger
from claims.tagger import LABELS, AttributionTagger, TaggerMissing, encode, encoder_folder, load_weights, spans_of

TEXT = "Rents fell, the mayor said.\nTenants say that she told them rents rose."


def span(words: str, after: int = 0) -> dict:
    start = TEXT.index(words, after)
    return {"start": start, "end": start + len(words), "text": words}


ROW = {
    "text": TEXT,
    "attributions": [
        {"source": [span("the mayor")], "cue": [span("said")], "content": [span("Rents fell")]},
        {"source": [span("Tenants")], "cue": [span("say")], "content": [span("that she told them rents rose")]},
        {"source": [span("she")], "cue": [span("told")], "content": [span("rents rose", 40)]},
    ],
}


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(encoder_folder())


def said(example, tokenizer, name: str) -> str:
    pairs = zip(example.ids, example.labels, strict=True)
    return tokenizer.decode([token for token, label in pairs if LABELS[label].endswith(name)])


def test_each_reporting_word_teaches_its_own_source_and_content(tokenizer):
    examples = list(train_tagger.examples_of(ROW, tokenizer))
    found = [[said(one, tokenizer, name) for name in ("cue", "source", "content")] for one in examples]
    assert found == [
        ["said", "", ""],
        ["", "the mayor", "rents fell"],
        ["say told", "", ""],
        ["", "tenants", "that she told them rents rose"],
        ["", "she", "rents rose"],
    ]
    marked = [tokenizer.decode([t for t, kind in zip(one.ids, one.types, strict=True) if kind]) for one in examples]
    assert marked == ["", "said", "", "say", "told"]


def test_labels_become_places_in_the_text(tokenizer):
    (part,) = encode(tokenizer, "Rents fell, the mayor said.")
    labels = [0, 5, 6, 0, 3, 4, 0, 0]
    assert len(part.offsets) == 7
    assert spans_of(labels[1:], part.offsets, LABELS.index("B-content")) == [(0, 10)]
    assert spans_of(labels[1:], part.offsets, LABELS.index("B-source")) == [(12, 21)]
    assert spans_of([6, 6, 0, 5, 5, 0, 0], part.offsets, LABELS.index("B-content")) == [(0, 10), (12, 15), (16, 21)]


def test_what_was_trained_comes_back_from_its_folder(tmp_path):
    data = tmp_path / "train.jsonl.gz"
    with gzip.open(data, "wt") as lines:
        lines.write(json.dumps(ROW) + "\n")
    arguments = ["--train", str(data), "--checkpoint", str(tmp_path / "run"), "--epochs", "30", "--threads", "1"]
    train_tagger.main([*arguments, "--rate", "3e-4", "--out", str(tmp_path / "model")])
    assert (tmp_path / "model" / "model.safetensors").stat().st_size < 25e6
    state = torch.load(tmp_path / "run" / "tagger.pt", weights_only=True)["model"]
    loaded = load_weights(tmp_path / "model").state_dict()
    assert all(torch.allclose(loaded[name], weight, atol=1e-3) for name, weight in state.items())
    first, second = TEXT.split("\n")
    read = AttributionTagger(tmp_path / "model").read([first, "", second])
    assert [(first[slice(*one.cue)], [first[slice(*part)] for part in one.content]) for one in read[0]] == [
        ("said", ["Rents fell"])
    ]
    assert read[1] == []
    assert [second[slice(*one.cue)] for one in read[2]] == ["say", "told"]


def test_a_folder_without_weights_is_said(tmp_path):
    with pytest.raises(TaggerMissing, match="weights are missing"):
        AttributionTagger(tmp_path).read(["Rents fell."])
