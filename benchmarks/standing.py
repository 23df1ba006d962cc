"""Are the conflicts that are listed first the real ones? Conflicts of whole collections that readers went through.

FILE has the form that `embeddings.training_standing` describes. Each is placed by `embeddings.standing`, and, to
compare, by the models' score alone, contradictions proper first, as conflicts were listed before. A file that tells
`collection` is counted for each, too: how many of the first are real.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score

from embeddings.standing import LISTED_FROM
from embeddings.training_standing import are_real, conflicts_read, standing_of

LINES = (0.1, 0.15, LISTED_FROM, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6)
FIRST = (10, 20, 40)
_STRICT_FIRST = 10.0  # more than any score


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, nargs="+")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """Lines for people and n, base_rate, average_precision, that by standing and by score alone, and of those from the
    line of the list on how many there are and are real."""
    rows = conflicts_read(args.file)
    real, stands = are_real(rows), np.array([standing_of(row) for row in rows])
    by_score = np.array([_STRICT_FIRST * row["strict"] + row["score"] for row in rows])
    listing = np.array([_STRICT_FIRST * row["strict"] for row in rows]) + stands
    lines = [
        f"standing {line} or more: {(stands >= line).sum()}, {real[stands >= line].sum()} of them real"
        for line in LINES
    ]
    for low, high in zip((0.0, *LINES), (*LINES, 1.0), strict=True):
        there = (stands >= low) & ((stands < high) | (high == 1.0))
        if there.any():
            lines.append(f"standing {low} to {high}: {there.sum()}, real {real[there].mean():.2f}")
    collections = np.array([str(row.get("collection", "")) for row in rows])
    for name in sorted(set(collections.tolist()) - {""}):
        there = collections == name
        counts = [
            "/".join(str(int(real[there][np.argsort(-order[there], kind="stable")[:most]].sum())) for most in FIRST)
            for order in (listing, by_score)
        ]
        firsts = ", ".join(map(str, FIRST))
        lines.append(
            f"{name}: of the first {firsts} real: {counts[0]}; by score alone {counts[1]} ({there.sum()} in all)"
        )
    listed = stands >= LISTED_FROM
    return lines, {
        "n": len(rows),
        "base_rate": round(float(real.mean()), 3),
        "average_precision": round(float(average_precision_score(real, listing)), 3),
        "average_precision_by_standing_alone": round(float(average_precision_score(real, stands)), 3),
        "average_precision_by_score": round(float(average_precision_score(real, by_score)), 3),
        "listed": int(listed.sum()),
        "listed_real": int(real[listed].sum()),
    }
