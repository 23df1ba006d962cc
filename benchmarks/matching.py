"""Finding the claim that was checked before: mean average precision at 5 and recall at 20.

`queries` holds JSON lines with ``query_id``, ``text``, `qrels` with ``query_id``, ``doc_id`` (and ``rel``), `claims`
with ``vclaim_id``, ``vclaim``, ``title``. Checked claims are found as the product finds candidates: by meaning
and by shared rare words, the two rankings joined by reciprocal rank, in which meaning counts twice.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from embeddings.candidates import SharedWords
from embeddings.encoder import PACKAGED, load_encoder
from embeddings.training_data import read_rows

# Added to every rank before it is inverted, as in Cormack et al. 2009; keeps one first place from deciding alone.
_RANK_OFFSET = 20
_DEPTH = 200
_NO_CLAIM = re.compile(r"https?://\S+|pic\.twitter\.com/\S+|— .*$")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("queries", type=Path)
    parser.add_argument("qrels", type=Path)
    parser.add_argument("claims", type=Path)
    parser.add_argument("--split", help="only the queries of this split")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """Lines for people (each way apart) and the result: queries, claims, map_at_5, recall_at_20."""
    queries = [row for row in read_rows(args.queries) if args.split in (None, row.get("split"))]
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in read_rows(args.qrels):
        if row.get("rel", 1) > 0:
            wanted[row["query_id"]].add(row["doc_id"])
    queries = [row for row in queries if wanted[row["query_id"]]]
    claims = list(read_rows(args.claims))
    ids = [row["vclaim_id"] for row in claims]
    asked = [_NO_CLAIM.sub("", row["text"]).strip() or row["text"] for row in queries]
    told = [f"{row.get('title', '')}. {row['vclaim']}" for row in claims]
    encoder = load_encoder(PACKAGED)
    scores = encoder.encode(asked) @ encoder.encode(told).T
    words = SharedWords(told)
    ways: dict[str, list[list[int]]] = {"meaning": [], "words": [], "both": []}
    for row, text in zip(scores, asked, strict=True):
        by_meaning = np.argsort(-row, kind="stable")[:_DEPTH].tolist()
        by_words = words.nearest_to(text)[:_DEPTH]
        ways["meaning"].append(by_meaning)
        ways["words"].append(by_words)
        ways["both"].append(joined(by_meaning, by_meaning, by_words))
    gold = [wanted[row["query_id"]] for row in queries]
    figures = {}
    for name, ranked in ways.items():
        found = [([ids[at] for at in places], right) for places, right in zip(ranked, gold, strict=True)]
        precision = np.mean([average_precision(places, right, 5) for places, right in found])
        figures[name] = precision, np.mean([recall(places, right, 20) for places, right in found])
    lines = [f"{name}: MAP@5 {precision:.4f}, recall@20 {found:.4f}" for name, (precision, found) in figures.items()]
    return lines, {
        "queries": len(queries),
        "claims": len(claims),
        "map_at_5": round(float(figures["both"][0]), 4),
        "recall_at_20": round(float(figures["both"][1]), 4),
    }


def joined(*rankings: Sequence[int]) -> list[int]:
    """One ranking of several: by the sum of inverted ranks."""
    score: dict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, place in enumerate(ranking):
            score[place] += 1 / (_RANK_OFFSET + rank)
    return sorted(score, key=lambda place: (-score[place], place))


def average_precision(found: Sequence[str], right: set[str], depth: int) -> float:
    """Average precision of the first `depth` of a ranking."""
    hits, total = 0, 0.0
    for rank, name in enumerate(found[:depth], 1):
        if name in right:
            hits += 1
            total += hits / rank
    return total / min(len(right), depth)


def recall(found: Sequence[str], right: set[str], depth: int) -> float:
    """Share of what is right among the first `depth`."""
    return len(right & set(found[:depth])) / len(right)
