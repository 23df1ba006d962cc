"""Written sentences and read pairs become training pairs that say what their authors said, and no more."""

from __future__ import annotations

import gzip
import json
from collections import Counter

import pytest

from embeddings.training_data import CONTRADICTION, ENTAILMENT, NEUTRAL, READ_REPEATS, written_epoch
from embeddings.training_written import CONFLICT_WEIGHT, IMPLIED, READINGS, readings, written_pairs

TEXT = "The bridge is safe. The ferry runs on Sundays."
BRIDGE, FERRY = "The bridge is safe", "The ferry runs on Sundays"
HARMLESS = ENTAILMENT | NEUTRAL


@pytest.fixture
def corpus(tmp_path):
    path = tmp_path / "corpus.jsonl.gz"
    with gzip.open(path, "wt") as lines:
        lines.write(json.dumps({"id": "x", "text": TEXT}) + "\n")
        lines.write(json.dumps({"id": "y", "text": "The bridge was closed."}) + "\n")
    return path


@pytest.fixture
def pairs(tmp_path, corpus):
    """A function: rows in, training pairs out."""

    def made(*rows, name="rows"):
        folder = tmp_path / "written"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        return list(written_pairs(folder, corpus))

    return made


def written(text, **sentences):
    start = TEXT.index(text)
    return {"article": "x", "start": start, "end": start + len(text), **sentences}


def test_a_written_sentence_says_its_part_against_the_claims_own_words(pairs):
    made = pairs(written(BRIDGE, s="It holds.", c="It is rotten.", t="Lorries avoid it.", n="It is not painted."))
    found = {(pair.premise, pair.hypothesis): (pair.allowed, pair.tension) for pair in made}
    assert found["It holds.", BRIDGE] == (ENTAILMENT, 0)
    assert found[BRIDGE, "It is rotten."] == found["It is rotten.", BRIDGE] == (CONTRADICTION, 1)
    assert found[BRIDGE, "Lorries avoid it."] == (CONTRADICTION | NEUTRAL, 1)
    assert found[BRIDGE, "It is not painted."] == (HARMLESS, 0)


def test_a_sentence_written_against_one_claim_says_nothing_against_another_of_its_article(pairs):
    made = pairs(written(BRIDGE, c="It is rotten."), written(FERRY))
    beside = [pair for pair in made if {pair.premise, pair.hypothesis} == {FERRY, "It is rotten."}]
    assert [(pair.allowed, pair.tension, pair.class_weight) for pair in beside] == [(HARMLESS, 0, IMPLIED)]


@pytest.mark.parametrize(
    ("reading", "forward", "backward", "tension"),
    [
        ("contradicts", CONTRADICTION, CONTRADICTION, 1),
        ("tension", CONTRADICTION | NEUTRAL, CONTRADICTION | NEUTRAL, 1),
        ("same", ENTAILMENT, ENTAILMENT, 0),
        ("implies", ENTAILMENT, HARMLESS, 0),
        ("implied", HARMLESS, ENTAILMENT, 0),
        ("nothing", HARMLESS, HARMLESS, 0),
        ("unlisted", HARMLESS, HARMLESS, 0),
    ],
)
def test_what_a_reader_found_is_taught_in_both_directions(pairs, reading, forward, backward, tension):
    one, other = pairs({"a": ["x", 0, 18], "b": ["y", 0, 21], "read": reading})
    assert (one.premise, one.hypothesis) == (other.hypothesis, other.premise) == (BRIDGE, "The bridge was closed")
    assert (one.allowed, other.allowed) == (forward, backward)
    assert one.tension == other.tension == tension
    assert one.tension_weight == (CONFLICT_WEIGHT if tension else IMPLIED if reading == "unlisted" else 1.0)


def test_what_a_model_suspected_and_nobody_found_comes_once_and_a_conflict_as_often_as_any(
    pairs, tmp_path, monkeypatch
):
    monkeypatch.setattr("embeddings.training_data.NLI_SETS", {})
    monkeypatch.setattr("embeddings.training_data.TWINS", {})
    monkeypatch.setattr("embeddings.training_data.NECESSITY_PAIRS", 0)
    places = {"a": ["x", 0, 18], "b": ["y", 0, 21]}
    made = pairs({**places, "read": "nothing"}, {**places, "read": "tension"}, name="flagged_2")
    assert [pair.source for pair in made] == ["flagged", "flagged", "read", "read"]
    epoch = written_epoch(tmp_path, [], [], made, seed=1)
    assert Counter(pair.tension for pair in epoch) == {0: 2, 1: 2 * READ_REPEATS}


def test_every_reading_is_known(pairs):
    for reading in READINGS:
        assert pairs({"a": ["x", 0, 18], "b": ["y", 0, 21], "read": reading})
    with pytest.raises(ValueError, match="no reading 'perhaps'; choose one of contradicts, tension"):
        pairs({"a": ["x", 0, 18], "b": ["y", 0, 21], "read": "perhaps"})


@pytest.mark.parametrize(
    ("place", "why"), [(["z", 0, 5], "no article 'z'"), (["y", 3, 300], "ends at 22, before 3–300")]
)
def test_a_place_that_the_corpus_does_not_have_is_named(pairs, place, why):
    with pytest.raises(ValueError, match=why):
        pairs({"a": place, "b": ["x", 0, 18], "read": "nothing"})


def test_readings_tell_drawn_pairs_from_picked_ones_and_stories_apart(tmp_path, corpus):
    folder = tmp_path / "readings"
    folder.mkdir()
    bridge, closed, ferry = ["x", 0, 18], ["y", 0, 21], ["z", 0, 9]
    with gzip.open(corpus, "at") as lines:
        lines.write(json.dumps({"id": "z", "text": "Ferry lost"}) + "\n")
        lines.write(json.dumps({"id": "w", "text": "Ferry found"}) + "\n")
    (folder / "read.jsonl").write_text(json.dumps({"a": bridge, "b": closed, "read": "contradicts"}) + "\n")
    (folder / "listed.jsonl").write_text(json.dumps({"a": ferry, "b": ["w", 0, 11], "read": "tension"}) + "\n")
    listed, drawn = readings(folder, corpus)
    assert (drawn.a, drawn.b, drawn.found, drawn.drawn) == (BRIDGE, "The bridge was closed", "contradicts", True)
    assert (listed.found, listed.drawn) == ("tension", False)
    assert listed.story != drawn.story
