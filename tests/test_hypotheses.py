"""Hypotheses written to premises elsewhere become pairs with the label that each was written for."""

from __future__ import annotations

import gzip
import json

import pytest

from embeddings.training_data import CONTRADICTION, ENTAILMENT, NEUTRAL
from embeddings.training_hypotheses import hypothesis_pairs

TEXT = "The bridge is safe. The ferry runs on Sundays."


@pytest.fixture
def pairs(tmp_path):
    """A function: rows of hypotheses in, training pairs out."""
    for name, rows in (
        ("nli/train/small", [{"premise": "A dog sleeps.", "hypothesis": "It rests.", "label": "entailment"}]),
        ("corpus/news_20k", [{"id": "x", "text": TEXT}]),
    ):
        path = tmp_path / f"{name}.jsonl.gz"
        path.parent.mkdir(parents=True)
        with gzip.open(path, "wt") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in rows)

    def made(*rows):
        folder = tmp_path / "written" / "hypotheses"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "some.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        return list(hypothesis_pairs(folder.parent, tmp_path))

    return made


def test_each_sentence_has_the_label_that_it_was_written_for(pairs):
    sentences = {"entailment": "An animal sleeps.", "neutral": "It is old.", "contradiction": "The dog is awake."}
    made = pairs({"set": "small", "row": 0, **sentences})
    assert {pair.premise for pair in made} == {"A dog sleeps."}
    assert {pair.hypothesis: (pair.allowed, pair.tension) for pair in made} == {
        "An animal sleeps.": (ENTAILMENT, 0),
        "It is old.": (NEUTRAL, None),
        "The dog is awake.": (CONTRADICTION, 1),
    }


def test_a_premise_may_be_a_sentence_of_the_corpus_and_a_label_may_be_missing(pairs):
    (pair,) = pairs({"article": "x", "start": 0, "end": 19, "contradiction": "The bridge may fall.", "neutral": ""})
    assert (pair.premise, pair.hypothesis) == ("The bridge is safe.", "The bridge may fall.")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"set": "small", "row": 1}, "small has 1 rows, none numbered 1"),
        ({"article": "y", "start": 0, "end": 3}, "has no article 'y'"),
        ({"article": "x", "start": 0, "end": 99}, "ends at 46"),
    ],
)
def test_a_place_that_is_not_there_is_refused(pairs, place, said):
    with pytest.raises(ValueError, match=said):
        pairs({**place, "neutral": "It is old."})


def test_a_set_that_is_not_there_is_refused(pairs):
    with pytest.raises(FileNotFoundError, match="large"):
        pairs({"set": "large", "row": 0, "neutral": "It is old."})
