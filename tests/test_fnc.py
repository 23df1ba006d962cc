"""The stance of an article to a headline, by the measure `fnc`."""

from __future__ import annotations

import json
from argparse import Namespace

import pytest

from benchmarks.fnc import Judged, reports, run, stance
from embeddings.entailment import SHIPPED

BODIES = [
    "The bridge over the Marle was closed on Monday after engineers found cracks. Traffic is sent over the old ford.",
    "The bridge over the Marle was never closed. The road stayed open all week, and the cracks were a hoax.",
    'Mary Holt, a shopkeeper, said the bridge over the Marle was closed on Monday. "I saw the barrier," said Holt.',
    "",
]
HEADLINE = "The bridge over the Marle was closed on Monday"


@pytest.mark.parametrize(
    "judged, headline_reports, said",
    [
        ([Judged(0.1, 0.9, False), Judged(0.0, 0.2, True)], False, "agree"),
        ([Judged(0.1, 0.9, True), Judged(0.0, 0.2, False)], False, "discuss"),
        ([Judged(0.1, 0.9, False)], True, "discuss"),
        ([Judged(0.9, 0.0, True), Judged(0.1, 0.6, False)], False, "disagree"),
        ([Judged(0.8, 0.9, False)], False, "agree"),
        ([Judged(0.7, 0.4, False)], False, "discuss"),
        ([], False, "discuss"),
    ],
)
def test_the_strongest_claims_decide_and_what_is_only_reported_is_discussed(judged, headline_reports, said):
    assert stance(judged, headline_reports) == said


def test_a_question_only_asks():
    assert reports("Was the bridge closed? ", [])
    assert not reports(HEADLINE, [])


def test_an_article_agrees_disagrees_or_only_says_who_says_so(tmp_path):
    rows = [{"headline": HEADLINE, "body_id": number, "label": "discuss"} for number in range(len(BODIES))]
    stances = tmp_path / "stances.jsonl"
    write(stances, [*rows, {"headline": HEADLINE, "body_id": 0, "label": "unrelated"}])
    bodies = tmp_path / "bodies.jsonl"
    write(bodies, [{"body_id": number, "text": text} for number, text in enumerate(BODIES)])
    lines, found = run(Namespace(file=stances, bodies=bodies, model=SHIPPED, rows=10))
    assert sorted(line.split() for line in lines) == [
        ["discuss", "agree", "1"],
        ["discuss", "disagree", "1"],
        ["discuss", "discuss", "2"],
    ]
    assert (found["n"], found["accuracy"]) == (4, 0.5)


def write(path, rows) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
