"""Recall of hand-read pairs among the pairs that are judged, against how many are judged a claim."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.gold import claims_by_article, overlapping, read_gold
from embeddings.candidates import candidate_pairs
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
    lines, recalls, judged = [], {}, {}
    for neighbours in args.neighbours:
        pairs = set(candidate_pairs(claims, {claim.id for claim in claims}, index, vectors, neighbours, other_source))
        found = 0
        for pair in gold.pairs:
            hit = any(
                tuple(sorted((a.id, b.id))) in pairs
                for a in overlapping(pair.a, by_article[pair.a.seed])
                for b in overlapping(pair.b, by_article[pair.b.seed])
                if a.id != b.id
            )
            found += hit
            if not hit:
                lines.append(f"{neighbours} neighbours: {pair.id} is not judged")
        recalls[str(neighbours)] = round(found / len(gold.pairs), 4)
        judged[str(neighbours)] = round(2 * len(pairs) / len(claims), 1)
        lines.append(
            f"{neighbours} neighbours: recall {recalls[str(neighbours)]}, {judged[str(neighbours)]} pairs a claim"
        )
    return lines, {"pairs": len(gold.pairs), "claims": len(claims), "recall": recalls, "judged_per_claim": judged}
