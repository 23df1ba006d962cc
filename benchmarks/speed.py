"""Articles a second of the extraction, or pairs a second of the entailment model, as the file's rows ask for.

JSON lines with ``text`` are articles: their claims are extracted on all cores, the start of the processes included; the
share of each step is taken from some of them in one process. Lines with ``premise`` and ``hypothesis``, or with
``claim_a`` and ``claim_b``, are pairs: the model runs as the product runs it and as plain `CrossEncoder.predict` in
float32, in turns in one process, three times each; the medians are compared. With labels, the accuracy of both is
printed.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from claims import Article, ClaimExtractor, Provenance
from claims.pool import processes
from claims.reader import Reader
from embeddings.entailment import CLASSES, SHIPPED, load_entailment
from embeddings.training_data import read_rows

TURNS = 3
SAMPLE = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", default=SHIPPED, help="'shipped', a folder or a hub name")
    parser.add_argument("--rows", type=int, default=1000, help="how many pairs or articles (default: 1000)")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """Lines for people and the result: for articles n, articles_per_second and shares; for pairs n, both speeds in
    pairs a second, their ratio, how often the answers agree."""
    rows = list(islice(read_rows(args.file), args.rows))
    if "text" in rows[0]:
        return extraction(rows)
    pairs = [(row.get("premise") or row["claim_a"], row.get("hypothesis") or row["claim_b"]) for row in rows]
    models = {"plain": load_entailment(args.model, fast=False), "ours": load_entailment(args.model)}
    seconds: dict[str, list[float]] = {name: [] for name in models}
    answers: dict[str, np.ndarray] = {}
    for model in models.values():
        model.score(pairs[:64])
    for _ in range(TURNS):
        for name, model in models.items():
            started = time.perf_counter()
            scores = model.score(pairs)
            seconds[name].append(time.perf_counter() - started)
            answers[name] = np.array([[getattr(score, kind) for kind in CLASSES] for score in scores])
    speed = {name: len(pairs) / statistics.median(taken) for name, taken in seconds.items()}
    agree = float((answers["plain"].argmax(axis=1) == answers["ours"].argmax(axis=1)).mean())
    result = {
        "n": len(pairs),
        "plain_pairs_per_second": round(speed["plain"], 1),
        "pairs_per_second": round(speed["ours"], 1),
        "ratio": round(speed["ours"] / speed["plain"], 2),
        "same_answer": round(agree, 4),
    }
    if all(row.get("label") in CLASSES for row in rows):
        gold = np.array([CLASSES.index(row["label"]) for row in rows])
        for name, key in (("plain", "plain_accuracy"), ("ours", "accuracy")):
            result[key] = round(float((answers[name].argmax(axis=1) == gold).mean()), 4)
    lines = [f"{name}: {', '.join(f'{taken:.2f} s' for taken in taken_all)}" for name, taken_all in seconds.items()]
    return lines, result


def extraction(rows: Sequence[dict]) -> tuple[list[str], dict]:
    """The speed of extraction on all cores, and where the time of one process goes."""
    articles = [Article(row["text"], Provenance(row.get("title", ""), row.get("outlet", ""))) for row in rows]
    started = time.perf_counter()
    claims = sum(len(found) for found in ClaimExtractor(reader=Reader()).extract_all(articles))
    seconds = time.perf_counter() - started
    shares = shares_of(articles[:SAMPLE])
    result = {
        "n": len(articles),
        "articles_per_second": round(len(articles) / seconds, 2),
        "seconds": round(seconds, 1),
        "processes": processes(),
        "claims": claims,
        "shares": shares,
    }
    return [f"{step}: {share:.0%}" for step, share in shares.items()], result


def shares_of(articles: Sequence[Article]) -> dict[str, float]:
    """The share of time of the language pipeline, of the reader, and of all the rest, in this process."""
    reader = Reader()
    extractor = ClaimExtractor(reader=reader)
    extractor.extract(articles[0])
    taken: dict[str, float] = defaultdict(float)

    def timed(step: str, work: Callable) -> Callable:
        def run(*args: object) -> object:
            started = time.perf_counter()
            try:
                return work(*args)
            finally:
                taken[step] += time.perf_counter() - started

        return run

    extractor.language.read = timed("language", extractor.language.read)
    reader.read = timed("reader", reader.read)
    started = time.perf_counter()
    for article in articles:
        extractor.extract(article)
    taken["rules"] = time.perf_counter() - started - sum(taken.values())
    total = sum(taken.values())
    return {step: round(seconds / total, 3) for step, seconds in taken.items()}
