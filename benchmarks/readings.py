"""Do the product's conflicts stand where readers found some? Pairs of claims of real news that were read.

FOLDER holds rows of the form of `embeddings.training_written`: ``read*.jsonl`` pairs drawn by chance from those that
the product judges, ``listed*.jsonl`` pairs picked out of whole stories. A pair's score is that of the product:
the model's scale where it has one, else the stronger of contradiction and tension, as the second model says it where
the pair is near a conflict by its words alone. With ``--refit`` the scale is fitted on
all stories but one, each time, and read on that one. With ``--stand-alone`` the claims of the same articles are
extracted, and each is judged by its stand-alone reading, as the product judges it; of the pairs whose words that
changes, the figures both ways are printed.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

from claims import Article, ClaimExtractor, Provenance
from claims.reader import Reader
from embeddings.encoder import PACKAGED, load_encoder
from embeddings.entailment import SHIPPED, load_entailment
from embeddings.pair_scale import FEATURES, PairScale
from embeddings.second_model import second_named
from embeddings.training_data import read_rows
from embeddings.training_scale import features_of_readings, fit_scale
from embeddings.training_written import CONFLICTS, SUPPORTS, Reading, articles_of, readings

LINES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.8)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path)
    parser.add_argument("corpus", type=Path, help="where the claims' words stand: JSON lines with id and text")
    parser.add_argument("--model", default=SHIPPED, help="'shipped', a folder or a hub name")
    parser.add_argument("--second", default=SHIPPED, help="the same for the second opinion; '' for none")
    parser.add_argument("--refit", action="store_true", help="fit the scale anew, one story left out at a time")
    parser.add_argument("--stand-alone", action="store_true", help="judge the claims' stand-alone readings")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """Lines for people and, for conflicts among drawn and picked pairs, n, base_rate, average_precision and auc."""
    written = readings(args.folder, args.corpus)
    found = standing_alone(written, args.folder, args.corpus) if args.stand_alone else written
    model = load_entailment(args.model)
    # The second model has no scale, so that its answers and those of one that has one are not of a kind.
    second = None if args.refit or model.scale else second_named(args.second)
    encode = load_encoder(PACKAGED).encode

    def judged(features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return left_out(found, features) if args.refit else scores(features, model.scale)

    features = features_of_readings(found, model, encode, second)
    conflict, support = judged(features)
    drawn = np.array([reading.drawn for reading in found])
    clashing = np.array([reading.found in CONFLICTS for reading in found])
    lines = [f"{name} alone: AUC {auc(clashing, features[:, place]):.3f}" for place, name in enumerate(FEATURES)]
    for line in LINES:
        shown = conflict >= line
        lines.append(
            f"shown from {line} on: {shown[drawn].sum()} of {drawn.sum()} drawn pairs, "
            f"{(shown & clashing)[drawn].sum()} of these conflicts; "
            f"{(shown & clashing).sum()} of {clashing.sum()} in all"
        )
    result = {
        "drawn": measured(clashing[drawn], conflict[drawn]),
        "all": measured(clashing, conflict),
        "support": measured(np.array([reading.found in SUPPORTS for reading in found]), support),
    }
    changed = np.array([one != other for one, other in zip(written, found, strict=True)])
    if changed.any():
        plain = [reading for reading, is_changed in zip(written, changed, strict=True) if is_changed]
        features[changed] = features_of_readings(plain, model, encode, second)
        as_written, _ = judged(features)
        result["changed"] = {
            "as_written": measured(clashing[changed], as_written[changed]),
            "stand_alone": measured(clashing[changed], conflict[changed]),
        }
    return lines, result


def standing_alone(found: Sequence[Reading], folder: Path, corpus: Path) -> list[Reading]:
    """The same with the stand-alone reading of each claim whose words our line extracts from those articles."""
    wanted = articles_of(folder)
    articles = [
        Article(row["text"], Provenance(row.get("title", ""), row.get("outlet", ""), date=row.get("date_iso", "")))
        for row in read_rows(corpus)
        if row["id"] in wanted
    ]
    extracted = ClaimExtractor(reader=Reader()).extract_all(articles)
    named = {claim.text: claim.standalone for claims in extracted for claim in claims}
    return [replace(one, a=named.get(one.a, one.a), b=named.get(one.b, one.b)) for one in found]


def scores(features: np.ndarray, scale: PairScale | None) -> tuple[np.ndarray, np.ndarray]:
    """Conflict and support of each pair by the model's scale, or by its own outputs where it has none."""
    if scale is None:
        # The features are logits; the lines below are probabilities.
        probabilities = 1 / (1 + np.exp(-features))
        return probabilities[:, :2].max(axis=1), probabilities[:, FEATURES.index("entailment")]
    known = np.hstack([features, np.ones((len(features), 1))])
    return tuple(1 / (1 + np.exp(-known @ np.array(weights))) for weights in (scale.conflict, scale.support))


def left_out(found, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Conflict and support of each pair by a scale that was fitted on the other stories."""
    stories = np.array([reading.story for reading in found])
    both = np.zeros((2, len(found)))
    for story in set(stories.tolist()):
        others = stories != story
        scale = fit_scale([reading for reading in found if reading.story != story], features[others])
        both[:, ~others] = scores(features[~others], scale)
    return both[0], both[1]


def auc(gold: np.ndarray, values: np.ndarray) -> float:
    return float(roc_auc_score(gold, values)) if 0 < gold.sum() < len(gold) else float("nan")


def measured(gold: np.ndarray, values: np.ndarray) -> dict:
    """The figures of one set of pairs."""
    if not 0 < gold.sum() < len(gold):
        return {"n": len(gold), "positive": int(gold.sum())}
    return {
        "n": len(gold),
        "positive": int(gold.sum()),
        "base_rate": round(float(gold.mean()), 4),
        "average_precision": round(float(average_precision_score(gold, values)), 4),
        "auc": round(auc(gold, values), 4),
    }
