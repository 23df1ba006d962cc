"""Who says what, against people's annotations (PolNeAR's form): content spans with the right source.

Rows hold ``id``, ``text``, ``title``, ``outlet``, ``author`` and ``attributions`` (each with ``source``, ``cue`` and
``content``, lists of ``start``, ``end``, ``text``). Of several annotators' rows of one article the first counts. A
predicted content is right if it shares at least half of its words, and of gold's, with a gold content; its source is
right if the words that name it hold the head of gold's source. Each gold content is matched once.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from claims import Article, ClaimExtractor, Provenance
from claims import Said as Found
from claims.language import PACKAGED, LanguageModel
from claims.reader import FOLDER, Reader
from embeddings.training_data import read_rows

QUOTES = "\"“”'‘’«»"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Said:
    """An attribution: the words of its content by their offsets, where its source stands (None: nowhere), its kind."""

    content: frozenset[int]
    source: tuple[int, int] | None
    kind: str
    head: int | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, help="only the first articles")
    parser.add_argument("--reader", type=Path, default=FOLDER, help="another folder with a reader's weights")
    parser.add_argument("--rules", action="store_true", help="attributions by rule, without a reader")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """Lines for people and content_source_f1, precision, recall, content_f1, source_f1, direct_f1, indirect_f1."""
    rows: dict[str, dict] = {}
    for row in read_rows(args.file):
        rows.setdefault(row["id"], row)
    chosen = list(rows.values())[: args.articles]
    extractor = ClaimExtractor(PACKAGED, None if args.rules else Reader(args.reader))
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    started = time.perf_counter()
    for row in chosen:
        provenance = Provenance(row.get("title", ""), row.get("outlet", ""), row.get("author") or "", "", "")
        article = Article(row["text"], provenance)
        predicted = predictions(row["text"], extractor.attributions(article))
        count(gold_of(row, extractor.language), predicted, counts)
    seconds = time.perf_counter() - started
    scores = {name: f1(*counts[name]) for name in ("content_source", "content", "source", "direct", "indirect")}
    lines = [
        f"{name}: precision {precision:.4f}, recall {recall:.4f}, F1 {score:.4f}"
        for name, (precision, recall, score) in scores.items()
    ]
    precision, recall, score = scores["content_source"]
    return lines, {
        "articles": len(chosen),
        "content_source_f1": round(score, 4),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        **{f"{name}_f1": round(scores[name][2], 4) for name in ("content", "source", "direct", "indirect")},
        "seconds": round(seconds, 1),
    }


def predictions(text: str, found: list[Found]) -> list[Said]:
    """What the program found, in the form of what people marked."""
    predicted = []
    for one in found:
        words = frozenset().union(*(words_in(text, *span) for span in one.contents))
        if words:
            predicted.append(Said(words, one.source, kind_of(text, list(one.contents))))
    return predicted


def gold_of(row: dict, language: LanguageModel) -> list[Said]:
    """What people marked. A content in quotation marks is direct, one without any indirect, the others are mixed."""
    found = []
    sources = [one["source"][0] if one["source"] else None for one in row["attributions"]]
    parsed = iter(language.read([source["text"] for source in sources if source]))
    for one, source in zip(row["attributions"], sources, strict=True):
        head = None
        if source:
            root = next(token for token in next(parsed) if token.head == token)
            head = source["start"] + root.idx
        words = frozenset().union(*(words_in(row["text"], part["start"], part["end"]) for part in one["content"]))
        if words:
            place = (source["start"], source["end"]) if source else None
            spans = [(part["start"], part["end"]) for part in one["content"]]
            found.append(Said(words, place, kind_of(row["text"], spans), head))
    return found


def kind_of(text: str, spans: list[tuple[int, int]]) -> str:
    """direct, indirect or mixed, by quotation marks in and right around the content."""
    start, end = min(start for start, _ in spans), max(end for _, end in spans)
    around = text[max(0, start - 1) : min(len(text), end + 1)].strip()
    if around[:1] in QUOTES and around[-1:] in QUOTES + ".,":
        return "direct"
    return "mixed" if any(mark in around for mark in '"“”') else "indirect"


def words_in(text: str, start: int, end: int) -> set[int]:
    """Offsets of the words between two places."""
    return {match.start() + start for match in _WORD.finditer(text[start:end])}


def count(gold: list[Said], predicted: list[Said], counts: dict[str, list[int]]) -> None:
    """Adds hits, predictions and gold of one article to each measure's [hits, predicted, gold]."""
    pairs = sorted(
        (
            (-len(mine.content & yours.content), a, b)
            for a, mine in enumerate(predicted)
            for b, yours in enumerate(gold)
            if half_shared(mine.content, yours.content)
        ),
    )
    partner: dict[int, int] = {}
    for _, a, b in pairs:
        if a not in partner and b not in partner.values():
            partner[a] = b
    both = {a: b for a, b in partner.items() if right_source(predicted[a], gold[b])}
    add(counts["content"], len(partner), len(predicted), len(gold))
    add(counts["content_source"], len(both), len(predicted), len(gold))
    named = [one for one in predicted if one.source]
    heads = {one.head for one in gold if one.head is not None}
    found = {head for head in heads if any(one.source[0] <= head < one.source[1] for one in named)}
    add(counts["source"], len(found), len({one.source for one in named}), len(heads))
    for kind in ("direct", "indirect"):
        hits = sum(gold[b].kind == kind for b in both.values())
        # A prediction counts against its kind unless it found a content of another kind.
        others = sum(predicted[a].kind == kind and gold[b].kind != kind for a, b in both.items())
        mine = sum(one.kind == kind for one in predicted) - others
        strays = sum(predicted[a].kind != kind and gold[b].kind == kind for a, b in both.items())
        add(counts[kind], hits, mine + strays, sum(one.kind == kind for one in gold))


def half_shared(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether two contents share at least half of the words of each."""
    return 2 * len(one & other) >= max(len(one), len(other), 1)


def right_source(predicted: Said, gold: Said) -> bool:
    """Whether the words that name the source hold gold's head; a source that stands nowhere is right as none."""
    if gold.head is None or predicted.source is None:
        return gold.head is None and predicted.source is None
    return predicted.source[0] <= gold.head < predicted.source[1]


def add(numbers: list[int], *more: int) -> None:
    """Adds number to number."""
    for place, value in enumerate(more):
        numbers[place] += value


def f1(hits: int, predicted: int, gold: int) -> tuple[float, float, float]:
    """Precision, recall and F1; 0 where nothing is there."""
    precision, recall = hits / max(predicted, 1), hits / max(gold, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)
