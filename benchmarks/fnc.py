"""Stance of a headline against an article, from the article's claims: agree, disagree or discuss (FNC-1's form).

The file holds JSON lines with ``headline``, ``body_id`` and ``label``; bodies (``body_id``, ``text``) lie beside it in
``fnc1_bodies.jsonl.gz`` unless `--bodies` names them. The article's claims that are nearest to the headline are judged
against it: the strongest conflict makes "disagree"; the strongest entailment "agree" where the article says it itself,
and "discuss" where it only says that somebody else does, or where the headline only says or asks that; neither makes
"discuss", too.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.entailment import macro_f1
from claims import Article, Claim, ClaimExtractor, Provenance
from claims.reader import Reader
from embeddings.encoder import PACKAGED, load_encoder
from embeddings.entailment import SHIPPED, load_entailment
from embeddings.judgement import RelationSettings
from embeddings.pair_scale import conflict_of
from embeddings.second_opinion import both_directions
from embeddings.training_data import read_rows

STANCES = ("agree", "disagree", "discuss")
NEAREST = 5


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim of an article beside a headline: how far they contradict each other, how far it entails that (both 0 to
    1), and whether the article only says that somebody says it."""

    conflict: float
    agreement: float
    reported: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--bodies", type=Path)
    parser.add_argument("--model", default=SHIPPED, help="'shipped', a folder or a hub name")
    parser.add_argument("--rows", type=int, default=1000, help="how many rows, drawn at random (default: 1000)")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """Lines for people and n, macro_f1, accuracy."""
    rows = [row for row in read_rows(args.file) if row["label"] in STANCES]
    rows = random.Random(1).sample(rows, min(args.rows, len(rows)))
    needed = {row["body_id"] for row in rows}
    bodies_file = args.bodies or args.file.with_name("fnc1_bodies.jsonl.gz")
    texts = {row["body_id"]: row["text"] for row in read_rows(bodies_file) if row["body_id"] in needed}
    headlines = sorted({row["headline"] for row in rows})
    read = claims_in([*texts.values(), *headlines])
    bodies = dict(zip(texts, read[: len(texts)], strict=True))
    reporting = dict(zip(headlines, map(reports, headlines, read[len(texts) :]), strict=True))
    encoder, model = load_encoder(PACKAGED), load_entailment(args.model)
    said_in = sorted({claim.standalone for claims in bodies.values() for claim in claims})
    vectors = dict(zip(said_in, encoder.encode(said_in), strict=True))
    pairs, owners = [], []
    for number, (row, headline) in enumerate(zip(rows, encoder.encode([row["headline"] for row in rows]), strict=True)):
        claims = bodies[row["body_id"]]
        nearness = np.array([vectors[claim.standalone] @ headline for claim in claims])
        for place in np.argsort(-nearness, kind="stable")[:NEAREST]:
            pairs.append((claims[place].standalone, row["headline"]))
            owners.append((number, bool(claims[place].speaker)))
    judged: list[list[Judged]] = [[] for _ in rows]
    for (number, reported), scores in zip(owners, both_directions(pairs, model), strict=True):
        judged[number].append(Judged(conflict_of(*scores)[0], scores[0].entailment, reported))
    said = [stance(found, reporting[row["headline"]]) for row, found in zip(rows, judged, strict=True)]
    gold = [row["label"] for row in rows]
    table = Counter(zip(gold, said, strict=True))
    lines = [f"{right:9} {given:9} {count}" for (right, given), count in sorted(table.items())]
    return lines, {
        "n": len(rows),
        "macro_f1": round(macro_f1(gold, said), 4),
        "accuracy": round(sum(one == other for one, other in zip(gold, said, strict=True)) / len(rows), 4),
    }


def claims_in(texts: Sequence[str]) -> list[list[Claim]]:
    """The claims of each text, as our line extracts them, in order."""
    return [*ClaimExtractor(reader=Reader()).extract_all([Article(text, Provenance()) for text in texts])]


def reports(headline: str, claims: Sequence[Claim]) -> bool:
    """Whether a headline only says that somebody says something, or asks."""
    return headline.rstrip().endswith("?") or any(claim.speaker for claim in claims)


def stance(judged: Sequence[Judged], headline_reports: bool) -> str:
    """The stance of an article to a headline, by its claims that are nearest to it."""
    settings = RelationSettings()
    against = max((one.conflict for one in judged), default=0.0)
    strongest = max(judged, key=lambda one: one.agreement, default=Judged(0.0, 0.0, False))
    if against >= settings.contradiction_threshold and against >= strongest.agreement:
        return "disagree"
    if strongest.agreement >= settings.support_threshold and not (strongest.reported or headline_reports):
        return "agree"
    return "discuss"
