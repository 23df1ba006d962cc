"""How often similar sentences of different articles are called a contradiction: they seldom are one.

    python -m benchmarks false_alarms news_20k.jsonl.gz --sample FOLDER
    python -m benchmarks false_alarms news_20k.jsonl.gz --sample FOLDER --readings first.csv second.csv

The file holds JSON lines with a ``text`` (news articles). Pairs are random ones with a cosine of 0.5 to 0.8, judged as
the product judges them in a small collection, at the shipped thresholds, with all sentences of their articles around
them. `--sample` writes some of them, and all that were called a contradiction, shuffled, for two people to read: the
second form counts how many are one for them. `--out` writes all pairs with what was said.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Collection, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.blind import differing, key_of, reading, real, write_blind
from claims import Attribution, Claim
from claims.reader import Reader
from embeddings.encoder import PACKAGED, load_encoder
from embeddings.entailment import SHIPPED, load_entailment
from embeddings.judgement import Pair, RelationSettings
from embeddings.second_model import second_named
from embeddings.second_opinion import opinions_on
from embeddings.surroundings import Surroundings
from embeddings.training_data import read_rows, rough_sentences, similar_places


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", default=SHIPPED, help="'shipped', a folder or a hub name")
    parser.add_argument("--second", default=SHIPPED, help="the same for the second opinion; '' for none")
    parser.add_argument("--skip", type=int, default=15_000, help="articles left out first: those a training mined")
    parser.add_argument("--articles", type=int, default=1500)
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--out", type=Path, help="write every pair and its scores as JSON lines")
    parser.add_argument("--sample", type=Path, help="folder for a sample to be read and its key")
    parser.add_argument("--sample-size", type=int, default=200, help="pairs drawn for it, whatever they were called")
    parser.add_argument("--readings", type=Path, nargs=2, help="two filled-in copies of the sample")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """Lines for people (the pairs called contradictory) and pairs, contradicts, strict, share; with readings, what they
    say of the sample.

    Raises:
        ValueError: readings of no sample.
    """
    if args.readings:
        if not args.sample:
            raise ValueError("--readings needs --sample FOLDER, where the sample was written that they answer")
        return count_readings(args.sample, *args.readings)
    encoder, model, settings = load_encoder(PACKAGED), load_entailment(args.model), RelationSettings()
    rows = list(islice(read_rows(args.file), args.skip, args.skip + args.articles))
    places = similar_places(rows, encoder.encode, args.pairs)
    beside = pairs_in(rows, places, encoder.encode, settings)
    second = second_named(args.second)
    found = opinions_on(beside, settings, model, second)
    lines, strict, flagged, said = [], 0, 0, []
    for pair, opinion in zip(beside, found, strict=True):
        one, other = pair.one.text, pair.other.text
        relation = pair.judged(opinion.scores, settings, opinion.model)
        conflict = relation is not None and relation.relation == "contradicts"
        flagged += conflict
        strict += conflict and relation.strict
        if conflict:
            lines.append(f"{'strict ' if relation.strict else 'tension'} {relation.score:.2f}  {one}  ⟷  {other}")
        said.append(
            {
                "a": one,
                "b": other,
                "relation": relation.relation if relation else "",
                "contradiction": relation.contradiction if relation else 0.0,
                "tension": relation.tension if relation else 0.0,
            }
        )
    if args.out:
        args.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in said), encoding="utf-8")
    if args.sample:
        write_sample(args.sample, rows, places, [row["relation"] == "contradicts" for row in said], args.sample_size)
    share = flagged / len(beside)
    return lines, {"pairs": len(beside), "contradicts": flagged, "strict": strict, "share": round(share, 4)}


def pairs_in(
    rows: Sequence[dict], places: Sequence[tuple[tuple[int, str], tuple[int, str]]], encode, settings: RelationSettings
) -> list[Pair]:
    """The pairs of sentences, each by its row and its words, as they stand in their articles."""
    worth = worth_of({text for pair in places for _, text in pair})
    claims, at = [], {}
    for row in sorted({row for pair in places for row, _ in pair}):
        for number, text in enumerate(rough_sentences(rows[row]["text"])):
            at.setdefault((row, text), len(claims))
            # What stands around the pairs is never judged itself, so nobody asked what it is worth.
            claims.append(as_claim(text, worth.get(text, 0.0), str(row), number))
    around = Surroundings(claims, encode([claim.text for claim in claims]))
    return [around.beside(at[one], at[other], settings) for one, other in places]


def write_sample(
    folder: Path,
    rows: Sequence[dict],
    places: Sequence[tuple[tuple[int, str], tuple[int, str]]],
    called: Sequence[bool],
    size: int,
) -> None:
    """So many pairs drawn at random, and all that were `called` a contradiction, shuffled; apart, which is which."""
    chance = random.Random(5)
    drawn = set(chance.sample(range(len(places)), min(size, len(places))))
    order = sorted(drawn | {place for place, conflict in enumerate(called) if conflict})
    chance.shuffle(order)
    sides = [(*with_before(rows, places[place][0]), *with_before(rows, places[place][1])) for place in order]
    key = {
        "pairs": len(places),
        "drawn": [place in drawn for place in order],
        "called": [called[place] for place in order],
    }
    write_blind(folder, sides, key)


def with_before(rows: Sequence[dict], side: tuple[int, str]) -> tuple[str, str]:
    """A sentence, and the one before it in its article."""
    row, text = side
    sentences = rough_sentences(rows[row]["text"])
    place = sentences.index(text)
    return text, sentences[place - 1] if place else ""


def count_readings(folder: Path, first: Path, second: Path) -> tuple[list[str], dict]:
    """How many of the pairs that were drawn, and of those called a contradiction, are one by each reader and by both;
    and the share of all pairs that was called one and isn't by both."""
    key = key_of(folder)
    readings = [reading(path, len(key["drawn"])) for path in (first, second)]
    called = [place for place, yes in enumerate(key["called"]) if yes]
    drawn = [place for place, yes in enumerate(key["drawn"]) if yes]
    names = ["called a contradiction" if yes else "not called one" for yes in key["called"]]
    lines = differing(readings, names)
    result = {
        name: {"read": len(places), **dict(zip(("first", "second", "both"), real(readings, places), strict=True))}
        for name, places in (("drawn", drawn), ("called", called))
    }
    wrong = len(called) - result["called"]["both"]
    return lines, {
        "agreement": round(1 - len(lines) / len(names), 3),
        **result,
        "share_called_wrongly": round(wrong / key["pairs"], 4),
    }


def worth_of(texts: Collection[str]) -> dict[str, float]:
    """How much each sentence deserves a check, by the shipped reader."""
    reader, ordered = Reader(), sorted(texts)
    pooled = [read.pooled(0, len(text)) for read, text in zip(reader.read(ordered), ordered, strict=True)]
    return dict(zip(ordered, reader.worths(np.stack(pooled)).tolist(), strict=True))


def as_claim(text: str, worth: float, article: str, place: int) -> Claim:
    """A claim of which the text, which sentence of its article it is and how much it deserves a check is all that is
    known; that number stands in for its place."""
    return Claim(
        id=f"{article}:{place}", article_id=article, text=text, char_start=place, char_end=place + len(text),
        paragraph_start=0, paragraph_end=len(text), before="", after="", kind="statement", attribution=Attribution(),
        standalone=text, check_worthiness=worth, assertion="",
    )  # fmt: skip
