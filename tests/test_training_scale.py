"""The scale of pairs is fitted to what readers found, in the share in which chance finds it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks import readings as benchmark
from embeddings.pair_scale import FEATURES
from embeddings.training_scale import counts_of, fit_scale
from embeddings.training_written import CONFLICTS, Reading, readings


def reading(found: str, drawn: bool = True, story: int = 0) -> Reading:
    return Reading("one claim", "another claim", found, drawn, story)


def test_picked_conflicts_do_not_make_conflicts_look_common():
    found = [reading("tension"), *[reading("nothing")] * 9, *[reading("contradicts", drawn=False)] * 50]
    counts = counts_of(found, CONFLICTS)
    hits = np.array([one.found in CONFLICTS for one in found])
    assert counts[hits].sum() / counts.sum() == pytest.approx(0.1)


def test_the_scale_says_what_share_of_such_pairs_conflict():
    random = np.random.default_rng(5)
    features = random.normal(size=(3000, len(FEATURES)))
    clashing = random.random(3000) < 1 / (1 + np.exp(-(2 * features[:, 1] - 3)))
    found = [reading("tension" if clash else "nothing") for clash in clashing]
    conflict, _ = benchmark.scores(features, fit_scale([*found, reading("same")], np.vstack([features, features[:1]])))
    shown = conflict > 0.5
    assert clashing[shown].mean() == pytest.approx(conflict[shown].mean(), abs=0.06)


def test_a_story_is_scored_by_a_scale_that_has_not_seen_it():
    """In story 1 the features say the opposite of what they say in the others: only its own scale could know."""
    random = np.random.default_rng(6)
    features = random.normal(size=(900, len(FEATURES)))
    stories = np.arange(900) % 3
    clashing = np.where(stories == 1, -1, 1) * features[:, 1] > 0.8
    kinds = np.where(clashing, "tension", np.where(features[:, 2] > 1, "same", "nothing"))
    found = [reading(kind, story=int(story)) for kind, story in zip(kinds, stories, strict=True)]
    conflict, _ = benchmark.left_out(found, features)
    assert benchmark.auc(clashing[stories == 1], conflict[stories == 1]) < 0.2


def test_without_a_scale_a_pair_has_the_models_own_probabilities():
    features = np.array([[0.0, -3.0, 2.0, 0.5], [-3.0, 3.0, -2.0, 0.5]])
    conflict, support = benchmark.scores(features, None)
    assert conflict == pytest.approx([0.5, 0.9526], abs=1e-4)
    assert support == pytest.approx([0.8808, 0.1192], abs=1e-4)


def test_claims_that_were_read_can_be_judged_by_what_they_stand_for(tmp_path):
    opened, closed = "Mary Holt opened the bridge over the Marle in 2019.", "She closed it to lorries last year."
    text = f"{opened} {closed}"
    article = {"id": "x", "title": "A bridge", "outlet": "The Star", "date_iso": "2024-05-01", "text": text}
    corpus, folder = tmp_path / "corpus.jsonl", tmp_path / "read"
    corpus.write_text("".join(json.dumps(row) + "\n" for row in (article, article | {"id": "y", "text": closed})))
    folder.mkdir()
    # The second place is no claim of ours: it keeps its words.
    pairs = [([0, 51], [52, 87]), ([0, 51], [52, 60])]
    rows = [{"a": ["x", *one], "b": ["x", *other], "read": "tension"} for one, other in pairs]
    (folder / "read.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = benchmark.standing_alone(readings(folder, corpus), folder, corpus)
    assert [(one.a, one.b) for one in found] == [
        (opened, "Mary Holt closed it to lorries in 2023."),
        (opened, text[52:60]),
    ]
