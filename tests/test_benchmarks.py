"""The measures, on small data of the tests' own."""

from __future__ import annotations

import json

import pytest

from benchmarks.__main__ import main
from benchmarks.entailment import answer, macro_f1
from benchmarks.false_alarms import pairs_in
from embeddings.entailment import Entailment
from embeddings.judgement import RelationSettings
from tests.fakes import HashEncoder

FIRST = "The harbour bridge is safe for lorries, the Harbour Police said. It was checked in May.\n"
SECOND = "I have to say that the harbour bridge is not safe for lorries. My own lorry fell through it.\nComments\n"


def side(seed: str, text: str, quote: str, speaker: str | None) -> dict:
    start = text.index(quote)
    return {"seed": seed, "start": start, "end": start + len(quote), "quote": quote, "speaker": speaker}


@pytest.fixture
def gold(tmp_path):
    """A gold file of one pair, its two articles beside it."""
    (tmp_path / "first.txt").write_text(FIRST, encoding="utf-8")
    (tmp_path / "second.txt").write_text(SECOND, encoding="utf-8")
    content = {
        "pairs": [
            {
                "id": "safe",
                "relation": "contradicts",
                "a": side("first.txt", FIRST, "The harbour bridge is safe for lorries", "Harbour Police"),
                "b": side("second.txt", SECOND, "the harbour bridge is not safe for lorries", None),
            }
        ],
        "boilerplate_never_a_claim": {"second.txt": ["Comments"]},
    }
    path = tmp_path / "gold.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def last_line(capsys) -> dict:
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_the_line_finds_a_plain_contradiction_between_two_articles(gold, capsys):
    assert main(["seeds", str(gold)]) == 0
    assert last_line(capsys) == {
        "pairs": 1,
        "sides_found": 2,
        "speakers_named": 1,
        "speakers_right": 1,
        "first_ten": 1,
        "right_heading": 1,
        "contradicts_pairs": 1,
        "contradicts_first_three": 1,
        "furniture_claims": 0,
    }


def test_candidates_are_counted_with_their_recall(gold, capsys):
    main(["candidates", str(gold), "--neighbours", "10", "--json"])
    result = last_line(capsys)
    assert result["recall"] == {"10": 1.0} and result["judged_per_claim"]["10"] > 0


def test_a_gold_file_whose_offsets_are_off_is_refused(gold):
    content = json.loads(gold.read_text())
    content["pairs"][0]["a"]["start"] += 1
    gold.write_text(json.dumps(content))
    with pytest.raises(ValueError, match="first.txt holds"):
        main(["seeds", str(gold)])


def test_entailment_is_scored_on_a_labelled_file(tmp_path, capsys):
    path = tmp_path / "pairs.jsonl"
    rows = [
        {"premise": "A dog is asleep on the rug.", "hypothesis": "An animal is sleeping.", "label": "entailment"},
        {
            "premise": "A dog is asleep on the rug.",
            "hypothesis": "The dog is running outside.",
            "label": "contradiction",
        },
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    main(["entailment", str(path)])
    result = last_line(capsys)
    assert result["n"] == 2 and result["accuracy"] == 1.0


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        ({"entailment", "not_entailment"}, "not_entailment"),
        ({"entailment", "contradiction"}, "contradiction"),
        ({"entailment", "contradiction", "neutral"}, "neutral"),
    ],
)
def test_two_way_files_are_scored_two_way(labels, wanted):
    assert answer(Entailment(contradiction=0.35, entailment=0.2, neutral=0.45, tension=0), labels) == wanted


def test_macro_f1_counts_each_class_alike():
    assert macro_f1(["a", "a", "a", "b"], ["a", "a", "a", "a"]) == pytest.approx((6 / 7 + 0) / 2)


def test_labels_of_another_kind_are_fitted_to_sentences_of_other_folds(tmp_path, capsys):
    checked = [f"Rents rose by {number} per cent in 201{number}." for number in range(1, 9)]
    others = [f"Let us be {how} tonight." for how in ("kind", "brave", "glad", "proud", "calm", "bold", "fair", "warm")]
    rows = [
        {"text": text, "label": label, "speech": f"{place % 4}"}
        for label, texts in ((1, checked), (0, others))
        for place, text in enumerate(texts)
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(["checkworthiness", str(path), "--folds", "4"]) == 0
    found = last_line(capsys)
    assert found["n"] == 16
    assert min(found["accuracy"], found["accuracy_unseen_speeches"], found["average_precision"]) > 0.9


def test_what_a_speech_alone_tells_is_not_known_of_an_unseen_one(tmp_path, capsys):
    said = [
        "Rents rose by {} per cent.",
        "Let us be glad {} times.",
        "My {} dogs love rain.",
        "Iron melts at {} degrees.",
    ]
    rows = [
        {"text": words.format(number), "label": place % 2, "speech": f"{place}"}
        for place, words in enumerate(said)
        for number in range(10, 16)
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(["checkworthiness", str(path), "--folds", "4"]) == 0
    found = last_line(capsys)
    assert found["accuracy"] > 0.9
    assert found["accuracy_unseen_speeches"] < 0.6


def test_similar_sentences_are_judged_as_they_stand_in_their_articles():
    rows = [
        {"text": "Mary Holt said the old harbour bridge was safe.\nJohn Reed of the Port Board agreed with her."},
        {"text": "The Port Board closed the old harbour bridge.\nNeither Mary Holt nor John Reed would say why."},
        {"text": "Roses need to be fed with compost every single spring."},
    ]
    first, told, apart = ((row, rows[row]["text"].split("\n")[0]) for row in range(3))
    one, other = pairs_in(rows, [(first, told), (apart, first)], HashEncoder().encode, RelationSettings())
    assert (one.one.text, one.other.text, one.shares_names, other.shares_names) == (first[1], told[1], True, False)
    assert other.one.text == apart[1] and 0 <= other.weight < one.weight <= 1
    assert 0 < one.one.check_worthiness <= 1
