"""The reader: what it is taught, what its labels mean, and that its weights come back as they were."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import subprocess
import sys

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer

from claims import ClaimExtractor, train_reader
from claims.bert import FastBert
from claims.reader import AROUND, CONTENT, SOURCE, Reader, around, encode, goes_on, marked, spans_of
from claims.reader_network import load_network
from claims.reader_weights import LABELS, ReaderMissing, encoder_folder, encoder_tokenizer
from claims.reading import article_from_text
from claims.train_reader import Example, inputs_of

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
SENTENCES = [
    {"text": "Rents fell by 4 per cent last year.", "label": "Yes", "split": "train"},
    {"text": "Good evening, everybody.", "label": "No", "split": "train"},
    {"text": "Never seen in training.", "label": "Yes", "split": "dev-test"},
]


@pytest.fixture(scope="module")
def tokenizer():
    return encoder_tokenizer()


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reader")
    for name, rows in (("said", [ROW]), ("worth", SENTENCES)):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in rows)
    arguments = [f"--attribution={folder}/said.jsonl.gz", f"--worth={folder}/worth.jsonl.gz", "--rate=3e-4"]
    arguments += [f"--checkpoint={folder}/run", f"--out={folder}/model", "--epochs=60", "--threads=1"]
    assert train_reader.main(arguments) == 0
    return folder


def said(example, tokenizer, name: str) -> str:
    pairs = zip(example.ids, example.labels, strict=True)
    return tokenizer.decode([token for token, label in pairs if LABELS[label].endswith(name)])


def test_each_reporting_word_teaches_its_own_source_and_content(tokenizer, monkeypatch):
    monkeypatch.setattr(train_reader, "FALSE_CUES", 0)
    examples = list(train_reader.attribution_examples(ROW, tokenizer, random.Random(1)))
    found = [[said(one, tokenizer, name) for name in ("cue", "source", "content")] for one in examples]
    assert found == [
        ["said", "", ""],
        ["", "the mayor", "rents fell"],
        ["say told", "", ""],
        ["", "tenants", "that she told them rents rose"],
        ["", "she", "rents rose"],
    ]
    marked = [tokenizer.decode([t for t, mark in zip(one.ids, one.marks, strict=True) if mark]) for one in examples]
    assert marked == ["", "said", "", "say", "told"]


def test_a_word_that_reports_nothing_teaches_that(tokenizer, monkeypatch):
    monkeypatch.setattr(train_reader, "FALSE_CUES", 1)
    examples = list(train_reader.attribution_examples(ROW, tokenizer, random.Random(1)))
    empty = [one for one in examples if any(one.marks) and not any(one.labels)]
    assert len(empty) == 2
    for one in empty:
        word = tokenizer.decode([t for t, mark in zip(one.ids, one.marks, strict=True) if mark])
        assert word not in {"said", "say", "told"}


def test_rows_of_other_splits_teach_nothing(tokenizer, trained):
    examples = list(train_reader.worth_examples(trained / "worth.jsonl.gz", tokenizer))
    assert [one.worth for one in examples] == [1, 0]
    assert all(set(one.labels) == {-100} for one in examples)


def test_labels_become_places_in_the_text(tokenizer):
    (part,) = encode(tokenizer, "Rents fell, the mayor said.")
    labels = [0, 5, 6, 0, 3, 4, 0, 0]
    assert len(part.offsets) == 7
    assert spans_of(labels[1:], part.offsets, CONTENT) == [(0, 10)]
    assert spans_of(labels[1:], part.offsets, SOURCE) == [(12, 21)]
    assert spans_of([6, 6, 0, 5, 5, 0, 0], part.offsets, CONTENT) == [(0, 10), (12, 15), (16, 21)]


def test_words_are_cut_as_the_encoders_own_tokenizer_cuts_them(tokenizer):
    own = AutoTokenizer.from_pretrained(encoder_folder())
    for text in ("Naïve “Ångström”… 2½ Mio. €", "👇 pic.example/x\u200b\tTab", "", "[SEP] said", "rent " * 300):
        found = own(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        parts = encode(tokenizer, text)
        assert [token for part in parts for token in part.ids[1:-1]] == found["input_ids"]
        assert [pair for part in parts for pair in part.offsets] == found["offset_mapping"]
        assert all((part.ids[0], part.ids[-1]) == (own.cls_token_id, own.sep_token_id) for part in parts)


def test_a_process_that_reads_need_not_wait_for_transformers():
    code = (
        "import sys; from claims.reader import Reader; Reader().read(['Rents fell, the mayor said.']);"
        "print(sorted(name for name in ('transformers', 'sentence_transformers') if name in sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_what_was_trained_comes_back_from_its_folder(trained):
    assert (trained / "model" / "model.safetensors").stat().st_size < 25e6
    state = torch.load(trained / "run" / "reader.pt", weights_only=True)["network"]
    loaded = load_network(trained / "model").state_dict()
    assert all(torch.allclose(loaded[name], weight, rtol=1e-3, atol=1e-3) for name, weight in state.items())


def test_attributions_that_were_learned_are_read(trained):
    first, second = TEXT.split("\n")
    read = Reader(trained / "model").read([first, "", second])
    assert [
        (first[slice(*one.cue)], [first[slice(*part)] for part in one.content]) for one in read[0].attributions
    ] == [("said", ["Rents fell"])]
    assert read[1].attributions == []
    assert [second[slice(*one.cue)] for one in read[2].attributions] == ["say", "told"]


def test_what_is_worth_a_check_is_known_for_any_stretch_of_a_paragraph(trained):
    reader = Reader(trained / "model")
    claim, greeting = SENTENCES[0]["text"], SENTENCES[1]["text"]
    alone, empty = reader.read([claim, ""])
    other, _ = reader.read([greeting, claim])
    worth = reader.worths(np.stack([alone.pooled(0, len(claim)), other.pooled(0, len(greeting)), empty.pooled(0, 5)]))
    assert worth.shape == (3,)
    assert worth[0] > 0.8 > 0.2 > worth[1]
    assert not empty.pooled(0, 5).any()


def test_a_run_that_was_cut_goes_on_to_the_same_weights(trained, tmp_path, monkeypatch):
    arguments = [f"--worth={trained}/worth.jsonl.gz", "--epochs=6", "--threads=1"]
    train_reader.main([*arguments, f"--checkpoint={tmp_path}/whole", f"--out={tmp_path}/a"])
    real, calls = train_reader.loss_of, []

    def cut(network, batch, bfloat16):
        calls.append(1)
        if len(calls) == 4:
            import os
            import signal

            os.kill(os.getpid(), signal.SIGTERM)
        return real(network, batch, bfloat16)

    monkeypatch.setattr(train_reader, "loss_of", cut)
    assert train_reader.main([*arguments, f"--checkpoint={tmp_path}/cut", f"--out={tmp_path}/b"]) == 1
    assert len(calls) == 4
    assert train_reader.main([*arguments, f"--checkpoint={tmp_path}/cut", f"--out={tmp_path}/b"]) == 0
    assert len(calls) == 6
    assert (tmp_path / "a" / "model.safetensors").read_bytes() == (tmp_path / "b" / "model.safetensors").read_bytes()


def test_a_folder_without_weights_is_said(tmp_path):
    with pytest.raises(ReaderMissing, match="weights are missing"):
        Reader(tmp_path).read(["Rents fell."])


def test_damaged_weights_are_refused(trained, tmp_path):
    for path in (trained / "model").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4] + b"0000")
    with pytest.raises(ReaderMissing, match="damaged"):
        Reader(tmp_path).read(["Rents fell."])


def test_a_reader_with_other_layers_is_refused(trained, tmp_path):
    for path in (trained / "model").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    described = json.loads((tmp_path / "reader.json").read_text())
    (tmp_path / "reader.json").write_text(json.dumps(described | {"linking": 5}))
    with pytest.raises(ReaderMissing, match="holds a reader with 5 linking layers, not 2"):
        load_network(tmp_path)


def test_weights_of_another_encoder_are_refused(trained, tmp_path):
    weights = load_file(trained / "model" / "model.safetensors")
    wide, lost = "bert.encoder.layer.1.output.dense.weight", "bert.encoder.layer.5.output.dense.bias"
    weights[wide] = torch.zeros(384, 768, dtype=torch.float16)
    weights["tags.weight"] = torch.zeros(9, 384, dtype=torch.float16)
    del weights[lost]
    save_file(weights, tmp_path / "model.safetensors")
    described = json.loads((trained / "model" / "reader.json").read_text())
    digest = hashlib.sha256((tmp_path / "model.safetensors").read_bytes()).hexdigest()
    (tmp_path / "reader.json").write_text(json.dumps(described | {"sha256": digest}))
    with pytest.raises(ReaderMissing, match=f"does not fit this encoder: {wide}, {lost}, tags.weight$"):
        Reader(tmp_path).read(["Rents fell."])


@pytest.fixture(scope="module")
def network(trained):
    return load_network(trained / "model")


@pytest.fixture(scope="module")
def rows(tokenizer):
    """A stretch with nothing marked, the same with "said" marked, whole and near it alone, and another stretch."""
    part = encode(tokenizer, TEXT.split("\n")[0])[0]
    other = encode(tokenizer, SENTENCES[1]["text"])[0]
    said, nothing = marked(part, (22, 26)), [0] * len(part.ids)
    labels = [-100] * len(part.ids)
    return [
        Example(part.ids, nothing, labels),
        Example(part.ids, said, labels),
        Example(part.ids, said, labels, range(2, 6)),
        Example(other.ids, [0] * len(other.ids), [-100] * len(other.ids)),
    ]


def vectors_of(network, batch):
    with torch.inference_mode():
        return network.encode(*inputs_of(batch))


def test_what_a_row_gets_does_not_hang_on_what_stands_beside_it(network, rows):
    together = vectors_of(network, rows)
    for place, row in enumerate(rows):
        alone = vectors_of(network, [row])[0]
        assert torch.allclose(together[place, : len(row.ids)], alone, atol=1e-4)


def test_a_stretch_is_read_once_however_many_words_report_in_it(network, rows, monkeypatch):
    read, seen = network.read, []
    monkeypatch.setattr(network, "read", lambda ids, mask: seen.append(ids.tolist()) or read(ids, mask))
    vectors_of(network, rows)
    assert len(seen) == 1 and sorted(map(len, seen)) == [2]


def test_a_word_is_linked_with_what_is_near_it_alone(network, rows):
    near, whole = vectors_of(network, [rows[2]])[0], vectors_of(network, [rows[1]])[0]
    assert not torch.allclose(near[3:7], whole[3:7], atol=1e-3)
    ids, marks, mask, places = inputs_of([rows[2]])
    assert places[0].nonzero()[:, 0].tolist() == [0, 3, 4, 5, 6]
    with torch.inference_mode():
        read = network.read(ids, mask)
        read[0, [1, 2, 7, 8]] += 5.0  # what is not near
        other = network.link(read, marks, places)[0]
    assert torch.allclose(other[[0, 3, 4, 5, 6]], near[[0, 3, 4, 5, 6]], atol=1e-4)


def test_the_reader_links_as_it_was_trained(network, rows, trained, monkeypatch):
    reader = Reader(trained / "model")
    reader._load()
    for name, layers in (("_reading", slice(-2)), ("_linking", slice(-2, None))):
        monkeypatch.setattr(reader, name, FastBert(network.bert, integers=False, layers=layers))
    (part,) = encode(reader._tokenizer, TEXT.split("\n")[0])
    seen = []
    monkeypatch.setattr(reader, "_labels", lambda vectors, allowed: seen.append(vectors) or [0] * len(vectors))
    (values,) = reader._vectors([part])
    reader._link_labels([(part, values, (22, 26))], [range(2, 6)])
    own = vectors_of(network, [rows[0], rows[2]])
    assert np.allclose(values, own[0, :-1], atol=1e-4)
    assert np.allclose(seen[0], own[1, 3:7], atol=1e-4)


def test_what_stands_in_one_stretch_is_learned_together(tokenizer):
    examples = list(train_reader.attribution_examples(ROW, tokenizer, random.Random(1)))
    batches = train_reader.batches_of(examples * 40, random.Random(2), 200)
    assert sum(map(len, batches)) == 40 * len(examples)
    for batch in batches:
        for ids in {tuple(one.ids) for one in batch}:
            marked_ones = [any(one.marks) for one in batch if tuple(one.ids) == ids]
            words = sum(any(one.marks) for one in examples if tuple(one.ids) == ids)
            # As many reporting words as the stretch has, each time that it comes.
            assert sum(marked_ones) == words * marked_ones.count(False)
        assert len(batch) * max(len(one.ids) for one in batch) <= 200


def test_a_reporting_word_that_is_nothing_but_blanks_teaches_nothing(tokenizer):
    blank = {"source": [span("the mayor")], "cue": [span(" ")], "content": [span("Rents fell")]}
    examples = list(train_reader.attribution_examples({**ROW, "attributions": [blank]}, tokenizer, random.Random(1)))
    assert not any(any(one.labels) for one in examples)


LONG = "Rents fell. " * 40 + "Rents rose, the mayor said. " + "Rents fell. " * 40


def test_near_a_reporting_word_stand_so_many_tokens_of_each_side(tokenizer):
    (whole,) = encode(tokenizer, LONG)[:1]
    said = (LONG.index("said"), LONG.index("said") + 4)
    near = around(whole, said)
    assert len(near) == 2 * AROUND + 1
    assert whole.offsets[near[AROUND]] == said
    (short,) = encode(tokenizer, "Rents rose, the mayor said.")
    assert around(short, (22, 26)) == range(len(short.offsets))


def test_what_reaches_an_edge_goes_on_only_where_there_is_more(tokenizer):
    (whole,) = encode(tokenizer, LONG)[:1]
    near = around(whole, (LONG.index("said"), LONG.index("said") + 4))
    nothing = [0] * len(near)
    assert not goes_on(nothing, near, whole)
    assert goes_on([CONTENT, *nothing[1:]], near, whole)
    assert goes_on([*nothing[1:], CONTENT], near, whole)
    assert not goes_on([CONTENT, *nothing[1:]], range(len(whole.offsets)), whole)


def test_a_content_that_goes_on_is_found_in_the_whole_stretch(monkeypatch):
    """A reader that calls all it sees content: near the word alone it would end with what is near."""
    reader = Reader()
    reader._load()
    monkeypatch.setattr(reader, "_labels", lambda vectors, allowed: [CONTENT, *[CONTENT + 1] * (len(vectors) - 1)])
    (whole,) = encode(reader._tokenizer, LONG)[:1]
    cue = (LONG.index("said"), LONG.index("said") + 4)
    (values,) = reader._vectors([whole])
    (found,) = reader._link([(whole, values, cue)])
    assert found.content == ((whole.offsets[0][0], whole.offsets[-1][1]),)


def test_claims_of_one_place_stand_in_the_order_in_which_they_are_found():
    """Their ids follow from it, and verdicts from those: no order of a set, which changes with each start."""
    words = "The {0} plan is the work of the unions, pushing an argument that the {0} is safe, and even of luck."
    text = "\n\n".join(words.format(thing) for thing in ("mine", "mill", "dam", "pier", "road", "tower", "bridge"))
    kinds = [claim.kind for claim in ClaimExtractor(reader=Reader()).extract(article_from_text(text))]
    assert kinds == ["reported", "statement"] * 7
