"""Recall of hand-read pairs among the pairs that are judged, against how many are judged a claim.

Each finder of candidates is measured apart, then all together as the product takes them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.gold import claims_by_article, overlapping, read_gold
from embeddings.candidates import Finders, interleave
from embeddings.encoder import PACKAGED, load_encoder
from embeddings.index import VectorIndex
from embeddings.relations import other_source


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--neighbours", type=int, nargs="+", default=[5, 10, 20, 40])


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """Lines for people and, by neighbours asked for, recall and pairs judged a claim."""
    gold = read_gold(args.file)
    by_article = claims_by_article(gold)
    claims = [claim for found in by_article.values() for claim in found]
    encoder = load_encoder(PACKAGED)
    vectors = encoder.encode([claim.standalone for claim in claims])
    index = VectorIndex(encoder.dimension, encoder.model_id)
    index.add([claim.id for claim in claims], vectors)
    finders = Finders(claims, index, vectors)
    depth = max(args.neighbours)
    found = dict(finders.find(range(len(claims)), depth, other_source))
    place_of = {claim.id: place for place, claim in enumerate(claims)}
    wanted = [
        [
            (place_of[a.id], place_of[b.id])
            for a in overlapping(pair.a, by_article[pair.a.seed])
            for b in overlapping(pair.b, by_article[pair.b.seed])
            if a.id != b.id
        ]
        for pair in gold.pairs
    ]
    lines, recalls, judged = [], {}, {}
    for name in (*Finders.NAMES, "all"):
        for neighbours in args.neighbours:
            pairs = set()
            for place, ways in found.items():
                rankings = list(ways.values()) if name == "all" else [ways[name]]
                pairs |= {tuple(sorted((place, other))) for other in interleave(rankings, neighbours)}
            hits = [any(tuple(sorted(ends)) in pairs for ends in either) for either in wanted]
            share, load = round(sum(hits) / len(hits), 4), round(2 * len(pairs) / len(claims), 1)
            missed = ", ".join(pair.id for pair, hit in zip(gold.pairs, hits, strict=True) if not hit)
            told = f"{name}, {neighbours} a claim: recall {share}, {load} pairs judged a claim"
            lines.append(f"{told}; missed {missed}" if missed else told)
            if name == "all":
                recalls[str(neighbours)], judged[str(neighbours)] = share, load
    return lines, {"pairs": len(gold.pairs), "claims": len(claims), "recall": recalls, "judged_per_claim": judged}
