"""A larger network is asked of pairs, its answers are kept, and the small one learns them."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, MPNetConfig, MPNetForSequenceClassification

from claims.bert import IntegerLinear
from claims.reader_weights import encoder_folder
from embeddings import train
from embeddings.training_batches import PairTokens, collate
from embeddings.training_data import ANY, CONTRADICTION, ENTAILMENT, TrainingPair, read_rows
from embeddings.training_model import distance_from_teacher, loss_of, new_model
from embeddings.training_taught import CONFLICT_REPEATS, TaughtFile, news_questions, questions, taught_epoch
from embeddings.training_teacher import answers, joint_answers, made_fast
from embeddings.training_varied import NearWords, borrowed, exchanged, may_replace, varied_questions
from embeddings.training_written import articles_of

SENTENCE = "the old harbour bridge was closed on monday and will open again in march said mayor"


def a_pair(number: int, logits=(1.0, -1.0, 0.5, 2.0), source="read", tension=1) -> TrainingPair:
    return TrainingPair(f"premise {number}", f"hypothesis {number}", CONTRADICTION, tension, 1.0, source, 1.0, logits)


def half_alike(texts: list[str]) -> np.ndarray:
    """Vectors with a cosine of 0.5 between any two."""
    return np.ones((len(texts), 2)) / 2


def a_batch(pair: TrainingPair):
    return collate([([101, 5, 102], [0, 0, 0], pair)], 0)


def test_whoever_answers_as_the_teacher_does_is_as_near_as_can_be():
    taught = torch.tensor([[1.0, -1.0, 0.5, 2.0]])
    own = distance_from_teacher(taught, taught, 0.5)
    for place in range(4):
        other = taught.clone()
        other[0, place] += 1
        assert distance_from_teacher(other, taught, 0.5).item() > own.item()


def test_the_teachers_answer_counts_its_share_and_a_pair_without_one_its_label_alone():
    logits = torch.tensor([[0.3, 0.2, -0.4, 1.5]])
    labelled, asked = a_batch(a_pair(1, None)), a_batch(a_pair(1))
    label = loss_of(logits, labelled, 0.5)
    assert loss_of(logits, labelled, 0.5, 0.8).item() == pytest.approx(label.item())
    distance = distance_from_teacher(logits, asked.taught, 0.5).item()
    assert loss_of(logits, asked, 0.5, 0.8).item() == pytest.approx(0.8 * distance + 0.2 * label.item())
    assert loss_of(logits, asked, 0.5, 1.0).item() == pytest.approx(distance)


def test_answers_are_kept_one_run_after_another(tmp_path: Path):
    kept = TaughtFile(tmp_path / "taught.jsonl.gz")
    assert kept.asked() == 0
    kept.add([a_pair(1), a_pair(2)], 3)
    assert TaughtFile(kept.path).asked() == 3
    TaughtFile(kept.path).add([a_pair(3)], 5)
    assert list(kept.pairs()) == [a_pair(1), a_pair(2), a_pair(3)]
    assert kept.asked() == 5
    assert next(kept.pairs(bias=-1.5)) == a_pair(1, (1.0, -1.0, 0.5, 0.5))


def test_conflicts_that_were_read_come_oftener_than_all_else():
    pairs = [a_pair(1), a_pair(2, source="neighbours", tension=None), a_pair(3, tension=0)]
    epoch = taught_epoch(pairs, 4)
    assert sorted(epoch.count(pair) for pair in pairs) == [1, 1, CONFLICT_REPEATS]
    assert taught_epoch(pairs, 4) == epoch


@pytest.fixture
def teacher(tmp_path: Path) -> str:
    """A folder with a small MPNet whose tokenizer is that of the packaged encoder."""
    config = MPNetConfig(
        vocab_size=30527, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=48,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, num_labels=4,
    )  # fmt: skip
    torch.manual_seed(3)
    folder = tmp_path / "encoder"
    MPNetForSequenceClassification(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(encoder_folder()).save_pretrained(folder)
    return str(folder)


def test_integers_answer_nearly_as_floating_point_does():
    torch.manual_seed(5)
    layer = torch.nn.Linear(64, 48)
    rows = torch.randn(2, 30, 64)
    with torch.inference_mode():
        exact, rounded = layer(rows), IntegerLinear(layer)(rows)
    assert rounded.shape == exact.shape
    assert (rounded - exact).abs().max() < 0.05 * exact.abs().max()


def test_answers_come_in_order_and_leave_out_what_is_too_long(teacher: str):
    model = new_model("", teacher).eval()
    tokenizer = AutoTokenizer.from_pretrained(teacher)
    pairs = [
        TrainingPair("The bridge is shut, said the mayor.", "It is open.", ANY, None, 0.0, "a"),
        TrainingPair("word " * 300, "It is open.", ANY, None, 0.0, "b"),
        TrainingPair("The wall fell.", "It stands.", ANY, None, 0.0, "c"),
    ]
    found = list(answers(model, tokenizer, pairs, 96))
    assert [pair.source for pair in found] == ["a", "c"]
    with torch.inference_mode():
        for pair in found:
            tokens = tokenizer(pair.premise, pair.hypothesis, return_tensors="pt")
            own = model(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"]).logits[0]
            assert np.allclose(pair.logits, own, atol=1e-3)


def test_of_several_teachers_the_mean_is_kept(teacher: str):
    tokenizer = AutoTokenizer.from_pretrained(teacher)
    models = [new_model("", teacher).eval() for _ in range(2)]
    torch.nn.init.normal_(models[1].classifier.out_proj.weight)
    pairs = [
        TrainingPair("The bridge is shut, said the mayor.", "It is open.", ANY, None, 0.0, "a"),
        TrainingPair("word " * 300, "It is open.", ANY, None, 0.0, "b"),
    ]
    apart = [next(answers(model, tokenizer, pairs, 96)).logits for model in models]
    assert not np.allclose(*apart, atol=0.01)
    (joint,) = joint_answers([(model, tokenizer) for model in models], pairs, 96)
    assert joint.source == "a"
    assert np.allclose(joint.logits, np.mean(apart, axis=0), atol=2e-3)


def test_the_tokens_of_a_pair_are_worked_out_once():
    tokenizer, cut = AutoTokenizer.from_pretrained(encoder_folder()), []

    class Counting:
        pad_token_id = tokenizer.pad_token_id

        def __call__(self, premises, hypotheses, **options):
            cut.extend(zip(premises, hypotheses, strict=True))
            return tokenizer(premises, hypotheses, **options)

    tokens = PairTokens(Counting())
    first, again, other = a_pair(1), a_pair(1, None), a_pair(2)
    found = list(tokens.of([first, other, again]))
    assert [pair for _, _, pair in found] == [first, other, again]
    for ids, kinds, pair in [*found, *tokens.of([other])]:
        whole = tokenizer(pair.premise, pair.hypothesis)
        assert ids.tolist() == whole["input_ids"] and kinds.tolist() == whole["token_type_ids"]
    assert len(cut) == 2
    # What was not asked for the last time is forgotten: some epochs are made of ever new texts.
    tokens.of([first])
    assert len(cut) == 3


def test_teachers_that_read_different_tokens_are_not_asked_together(teacher: str, tmp_path: Path, monkeypatch):
    class Other:
        def get_vocab(self):
            return {"[PAD]": 0}

    found = iter([(None, AutoTokenizer.from_pretrained(teacher)), (None, Other())])
    monkeypatch.setattr(train, "teacher_in", lambda *_: next(found))
    with pytest.raises(SystemExit, match="the teachers read different tokens"):
        train.main(
            ["teach", "--teacher", "a", "b", "--data", "d", "--written", "w", "--spare", "s", "--out", f"{tmp_path}/o"]
        )


def test_a_network_made_fast_has_no_other_head(teacher: str):
    model = new_model("", teacher)
    head = model.classifier.out_proj.weight.clone()
    assert torch.equal(made_fast(model).classifier.out_proj.weight, head)


def write_rows(path: Path, rows: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the form of the real one with one small set and a small corpus."""
    for name, value in (("NLI_SETS", {"tiny": 1.0}), ("TWINS", {"tiny": 0.5}), ("NECESSITY_PAIRS", 4)):
        monkeypatch.setattr(f"embeddings.training_data.{name}", value)
    monkeypatch.setattr("embeddings.training_taught.NLI_SETS", {"tiny": 1.0})
    monkeypatch.setattr("embeddings.training_taught.SIBLINGS", ("tiny",))
    monkeypatch.setattr("embeddings.training_taught.SIBLING_SHARE", 1.0)
    monkeypatch.setattr("embeddings.training_taught.REVERSED_SHARE", 1.0)
    monkeypatch.setattr("embeddings.training_taught.NEIGHBOURS_FROM", 0)
    monkeypatch.setattr("embeddings.training_batches.news_pairs", lambda folder, encode: [])
    monkeypatch.setattr(train, "packaged_encoder", lambda: lambda texts: np.eye(3)[[len(text) % 3 for text in texts]])
    folder = tmp_path / "data"
    write_rows(
        folder / "nli" / "train" / "tiny.jsonl.gz",
        [
            {"premise": f"The bridge {at // 2} is shut.", "hypothesis": f"Nobody crosses it {at}.", "label": label}
            for at, label in enumerate(["contradiction", "entailment", "neutral"] * 6)
        ],
    )
    words = SENTENCE.split()
    texts = [" ".join(words[at:] + words[:at]).capitalize() + "." for at in range(6)]
    write_rows(
        folder / "corpus" / "news_20k.jsonl.gz",
        [{"id": str(at), "text": text, "topic": "bridge"} for at, text in enumerate(texts)],
    )
    (tmp_path / "written").mkdir()
    write_rows(tmp_path / "dev" / "read.jsonl", [{"a": ["1", 0, 9], "b": ["2", 0, 9], "read": "nothing"}])
    return folder


def test_what_is_asked_holds_each_pair_once_and_nothing_of_what_is_kept_for_measuring(data: Path, tmp_path: Path):
    seen: list[str] = []

    def encode(texts: list[str]) -> np.ndarray:
        seen.extend(texts)
        return half_alike(texts)

    spared = articles_of(tmp_path / "dev")
    assert spared == {"1", "2"}
    own = [a_pair(at, None, source="own") for at in range(3)]
    asked = questions(data, own, encode, spared, 7)
    assert asked == questions(data, own, encode, spared, 7)
    texts = {(pair.premise, pair.hypothesis) for pair in asked}
    assert len(texts) == len(asked)
    kinds = {pair.source for pair in asked}
    assert {"own", "tiny", "reversed", "siblings", "neighbours"} <= kinds
    unlabelled = [pair for pair in asked if pair.source in ("reversed", "siblings", "neighbours")]
    assert all(pair.allowed == ANY and not pair.class_weight for pair in unlabelled)
    corpus = [row["text"] for row in read_rows(data / "corpus" / "news_20k.jsonl.gz")]
    assert corpus[0] in seen and corpus[1] not in seen and corpus[2] not in seen


def test_news_are_asked_of_in_articles_that_nothing_else_was_asked_of(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("embeddings.training_taught.NEIGHBOURS_TO", 2)
    spared = articles_of(tmp_path / "dev")
    known = [pair for pair in questions(data, [], half_alike, spared, 7) if pair.source == "neighbours"]
    asked = news_questions(data, half_alike, spared, 7)
    assert {pair.source for pair in asked} == {"neighbours"}
    sentences = [{text for pair in pairs for text in (pair.premise, pair.hypothesis)} for pairs in (known, asked)]
    assert [len(one) for one in sentences] == [2, 2] and not sentences[0] & sentences[1]


WORDS = ("monday", "tuesday", "harbour", "wall")
NEAR_WORDS = NearWords(WORDS, np.array([[1.0, 0.1], [1.0, 0.0], [0.0, 1.0], [0.1, 1.0]]))


def test_the_words_used_most_like_a_word_come_first_and_never_itself():
    assert NEAR_WORDS.of("Monday") == ["tuesday", "wall", "harbour"]
    assert NEAR_WORDS.of("bridge") == []


@pytest.mark.parametrize("other", ["closing", "closed", "open", "opens"])
def test_a_form_of_the_word_and_one_that_ends_otherwise_take_no_place(other: str):
    assert may_replace("opened", other) == (other == "closed")


def test_words_are_exchanged_in_their_places_and_keep_their_capitals():
    assert exchanged("The bridge is open.", NEAR_WORDS, random.Random(1)) == ""
    near = NearWords(WORDS[:2], np.eye(2))
    assert exchanged("Monday: it was shut.", near, random.Random(1)) == "Tuesday: it was shut."
    both = {exchanged("Shut on monday, open on Tuesday.", near, random.Random(seed)) for seed in range(20)}
    assert both == {
        "Shut on tuesday, open on Tuesday.", "Shut on monday, open on Monday.", "Shut on tuesday, open on Monday."
    }  # fmt: skip


def test_a_premise_borrows_a_hypothesis_of_the_one_most_like_it_and_never_its_own():
    pairs = [("a", "of a"), ("b", "of b"), ("c", "of c")]
    vectors = {"a": [1.0, 0.0], "b": [0.9, 0.1], "c": [0.0, 1.0]}
    found = borrowed(pairs, lambda texts: np.array([vectors[text] for text in texts]), random.Random(1))
    assert list(found) == [("a", "of b"), ("b", "of a"), ("c", "of b")]


def test_varied_questions_are_new_open_and_the_same_each_time(data: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("embeddings.training_varied.SETS", ("tiny",))
    monkeypatch.setattr("embeddings.training_varied.COMMON", 1)
    rows = list(read_rows(data / "nli" / "train" / "tiny.jsonl.gz"))
    asked = varied_questions(data, [], half_alike, 7)
    assert asked == varied_questions(data, [], half_alike, 7)
    assert {pair.source for pair in asked} == {"exchanged", "borrowed"}
    assert {(pair.allowed, pair.tension, pair.class_weight) for pair in asked} == {(ANY, None, 0.0)}
    pairs = {(pair.premise, pair.hypothesis) for pair in asked}
    assert len(pairs) == len(asked) and not pairs & {(row["premise"], row["hypothesis"]) for row in rows}


def test_a_teacher_is_trained_asked_and_learned_from_and_each_can_be_cut(
    data: Path, tmp_path: Path, teacher: str, monkeypatch: pytest.MonkeyPatch
):
    whole = ["--data", str(data), "--threads", "1", "--written", str(tmp_path / "written")]
    run = ["run", *whole, "--batch", "8", "--decay", "0"]
    train.main([*run, "--checkpoint", str(tmp_path / "t"), "--encoder", teacher, "--stage", "teach", "--pairs", "8"])
    out = tmp_path / "taught.jsonl.gz"
    ask = ["teach", *whole, "--teacher", str(tmp_path / "t"), "--spare", str(tmp_path / "dev"), "--out", str(out)]
    train.main([*ask, "--pairs", "10"])
    first = list(TaughtFile(out).pairs())
    train.main([*ask, "--pairs", "30"])
    pairs = list(TaughtFile(out).pairs())
    assert pairs[: len(first)] == first and len(first) < len(pairs) <= 30
    assert all(len(pair.logits) == 4 for pair in pairs)
    news = tmp_path / "news.jsonl.gz"
    monkeypatch.setattr(train, "packaged_encoder", lambda: half_alike)
    monkeypatch.setattr("embeddings.training_taught.NEIGHBOURS_TO", 1)
    train.main([*ask[:-1], str(news), "--of", "news"])
    assert {pair.source for pair in TaughtFile(news).pairs()} == {"neighbours"}
    monkeypatch.setattr("embeddings.training_varied.SETS", ("tiny",))
    varied = tmp_path / "varied.jsonl.gz"
    train.main([*ask[:-1], str(varied), "--of", "varied"])
    assert "borrowed" in {pair.source for pair in TaughtFile(varied).pairs()}
    out.write_bytes(out.read_bytes() + news.read_bytes())
    assert len(list(TaughtFile(out).pairs())) > len(pairs)

    learn = [*run, "--stage", "taught", "--taught", str(out)]
    train.main([*learn, "--checkpoint", str(tmp_path / "whole"), "--pairs", "48"])
    train.main([*learn, "--checkpoint", str(tmp_path / "cut"), "--pairs", "16"])
    train.main([*learn, "--checkpoint", str(tmp_path / "cut"), "--pairs", "48"])
    ends = [torch.load(tmp_path / name / "checkpoint.pt", weights_only=True)["model"] for name in ("whole", "cut")]
    assert all(torch.equal(ends[1][name], weight) for name, weight in ends[0].items())


def test_an_unknown_teacher_is_named(data: Path, tmp_path: Path):
    with pytest.raises(SystemExit, match="no checkpoint in"):
        train.main(
            ["teach", "--data", str(data), "--written", str(tmp_path), "--spare", str(tmp_path / "dev"), "--teacher",
             str(tmp_path / "none"), "--out", str(tmp_path / "out.jsonl.gz")]
        )  # fmt: skip


def test_labels_and_answers_agree_on_what_stands_where():
    pair = TrainingPair("a", "b", ENTAILMENT, 0, 1.0, "x", 1.0, (-4.0, 6.0, -4.0, -6.0))
    likely, unlikely = torch.tensor([[-4.0, 6.0, -4.0, -6.0]]), torch.tensor([[6.0, -4.0, -4.0, 6.0]])
    assert loss_of(likely, a_batch(pair), 0.5, 0.8) < loss_of(unlikely, a_batch(pair), 0.5, 0.8)
