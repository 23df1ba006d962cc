"""Sentence splitting by exact offsets, ours beside other splitters on the same text.

Rows hold ``text``, ``sentences`` (``start``, ``end``) and perhaps ``genre`` and ``split``. A sentence counts if both
its ends are right; white space at its ends is nobody's. Splitters that are not installed are left out and said to be.
"""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Callable
from pathlib import Path

from claims.language import PACKAGED, LanguageModel
from claims.sentences import sentence_spans, trim
from embeddings.training_data import read_rows

Spans = list[tuple[int, int]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--split", help="only the rows of this split")
    parser.add_argument("--genre", help="only the rows of this genre")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """Lines for people (all splitters) and documents, sentences, f1 of whole sentences, boundary_f1, others_f1."""
    rows = [
        row
        for row in read_rows(args.file)
        if args.split in (None, row.get("split")) and args.genre in (None, row.get("genre"))
    ]
    lines, ours, others = [], None, {}
    for name, split in splitters().items():
        if split is None:
            lines.append(f"{name}: not installed")
            continue
        whole, boundary = [0, 0, 0], [0, 0, 0]
        for row in rows:
            said = {span for span in trimmed(row["text"], split(row["text"]))}
            gold = {span for span in trimmed(row["text"], [(one["start"], one["end"]) for one in row["sentences"]])}
            _add(whole, said, gold)
            _add(boundary, {end for _, end in said}, {end for _, end in gold})
        scores = _f1(*whole), _f1(*boundary)
        if ours is None:
            ours = scores
        else:
            others[name] = round(scores[0], 4)
        lines.append(f"{name}: whole sentences F1 {scores[0]:.4f}, boundaries F1 {scores[1]:.4f}")
    return lines, {
        "documents": len(rows),
        "sentences": sum(len(row["sentences"]) for row in rows),
        "f1": round(ours[0], 4),
        "boundary_f1": round(ours[1], 4),
        "others_f1": others,
    }


def splitters() -> dict[str, Callable[[str], Spans] | None]:
    """Ours first; a splitter that is not installed is None."""
    language = LanguageModel()

    def ours(text: str) -> Spans:
        found, at = [], 0
        lines = text.split("\n")
        for line, doc in zip(lines, language.read(lines), strict=True):
            found += [(at + start, at + end) for start, end in sentence_spans(doc)]
            at += len(line) + 1
        return found

    def parser(text: str) -> Spans:
        return [(span.start_char, span.end_char) for span in language.read([text])[0].sents]

    return {"ours": ours, "spaCy parser": parser, "spaCy senter": _senter(), "pysbd": _pysbd(), "nupunkt": _nupunkt()}


def _senter() -> Callable[[str], Spans] | None:
    import spacy

    pipeline = spacy.load(PACKAGED, exclude=["parser", "ner", "lemmatizer", "tagger", "attribute_ruler"])
    if "senter" not in pipeline.disabled:
        return None
    pipeline.enable_pipe("senter")
    return lambda text: [(span.start_char, span.end_char) for span in pipeline(text).sents]


def _pysbd() -> Callable[[str], Spans] | None:
    if importlib.util.find_spec("pysbd") is None:
        return None
    import pysbd

    segmenter = pysbd.Segmenter(language="en", clean=False, char_span=True)
    return lambda text: [(span.start, span.end) for span in segmenter.segment(text)]


def _nupunkt() -> Callable[[str], Spans] | None:
    if importlib.util.find_spec("nupunkt") is None:
        return None
    import nupunkt

    return lambda text: [(start, end) for _, (start, end) in nupunkt.sent_spans_with_text(text)]


def trimmed(text: str, spans: Spans) -> Spans:
    """Spans without white space at their ends; empty ones fall away."""
    return [span for start, end in spans if (span := trim(text, start, end)) is not None]


def _add(numbers: list[int], said: set, gold: set) -> None:
    for place, value in enumerate((len(said & gold), len(said), len(gold))):
        numbers[place] += value


def _f1(hits: int, said: int, gold: int) -> float:
    return 2 * hits / max(said + gold, 1)
