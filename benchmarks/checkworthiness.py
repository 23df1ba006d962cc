"""Which sentences hold a claim worth checking: F1, average precision and accuracy against people's labels.

Rows hold ``text`` and ``label`` (Yes/No or 1/0), perhaps ``split`` and ``speech``. `--split` takes the rows of one
split. `--folds` is for labels of another kind than those that the reader learned: a logistic regression on what the
program knows of a sentence is fitted to the labels of the other folds, into which rows are dealt by chance. The
accuracy with whole speeches held out, which others labelled, stands beside it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, average_precision_score, f1_score
from sklearn.model_selection import BaseCrossValidator, GroupKFold, KFold, cross_val_predict

from claims.checkworthiness import WORTH_CHECKING, check_worthiness
from claims.language import LanguageModel
from claims.reader import FOLDER, Reader
from embeddings.encoder import PACKAGED, load_encoder
from embeddings.training_data import read_rows

if TYPE_CHECKING:
    from spacy.tokens import Doc

_RULE_THRESHOLD = 0.5
_PARAGRAPH = 600  # characters of a speech that are read together
_SPREAD = 5.0
_PARTS = ("NOUN", "VERB", "PROPN", "NUM", "ADJ", "ADV", "PRON", "AUX", "DET")
_FORMS = ("VBD", "VBZ", "VBP", "VB", "MD", "VBN", "PRP", "CD", "WP", "UH")
_NAMED = ("PERSON", "ORG", "GPE", "DATE", "MONEY", "PERCENT", "CARDINAL")
_DEMANDS = frozenset({"must", "should", "let", "will", "please", "thank"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--split", help="only the rows of this split")
    parser.add_argument("--reader", type=Path, default=FOLDER, help="another folder with a reader's weights")
    parser.add_argument("--rules", action="store_true", help="by rule, without a reader")
    parser.add_argument("--folds", type=int, help="fit the labels on what is known of the sentences, in so many folds")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """The result: n, f1 of the positive class, average_precision, accuracy, in folds accuracy_unseen_speeches, too."""
    further: dict[str, float] = {}
    rows = [row for row in read_rows(args.file) if args.split in (None, row.get("split"))]
    if not rows:
        splits = sorted({str(row.get("split")) for row in read_rows(args.file)})
        raise ValueError(f"{args.file}: no split {args.split!r}; choose one of {', '.join(splits)}")
    gold = np.array([str(row["label"]).lower() in {"yes", "1"} for row in rows])
    texts = [row["text"].strip().strip('"') for row in rows]
    if args.rules:
        scores = np.array([check_worthiness(doc[:]) for doc in LanguageModel().read(texts)])
        said = scores >= _RULE_THRESHOLD
    elif args.folds:
        speeches = [str(row.get("speech", place)) for place, row in enumerate(rows)]
        known = known_of(texts, speeches, Reader(args.reader))
        scores = held_out(known, gold, KFold(args.folds, shuffle=True, random_state=0), None)
        said = scores >= 0.5
        unseen = held_out(known, gold, GroupKFold(args.folds), speeches) >= 0.5
        further["accuracy_unseen_speeches"] = round(float(accuracy_score(gold, unseen)), 4)
    else:
        scores = worths(Reader(args.reader), texts)
        said = scores >= WORTH_CHECKING
    return [f"{int(gold.sum())} of {len(rows)} are worth checking; {int(said.sum())} were called so"], {
        "n": len(rows),
        "f1": round(float(f1_score(gold, said)), 4),
        "average_precision": round(float(average_precision_score(gold, scores)), 4),
        "accuracy": round(float(accuracy_score(gold, said)), 4),
        **further,
    }


def worths(reader: Reader, texts: Sequence[str]) -> np.ndarray:
    """The probability of each text of being worth a check; (texts,)."""
    return reader.worths(pooled(reader, texts))


def pooled(reader: Reader, texts: Sequence[str]) -> np.ndarray:
    """The reader's mean vector of each text; (texts, 384)."""
    return np.stack([read.pooled(0, len(text)) for read, text in zip(reader.read(texts), texts, strict=True)])


def known_of(texts: Sequence[str], speeches: Sequence[str], reader: Reader) -> np.ndarray:
    """What the program knows of each sentence, (texts, features): the reader's vector of it alone and among its
    neighbours of one speech, the encoder's, and its grammar."""
    meaning = load_encoder(PACKAGED).encode(texts)
    grammar = np.array([grammar_of(doc) for doc in LanguageModel().read(texts)])
    grammar = (grammar - grammar.mean(axis=0)) / np.maximum(grammar.std(axis=0), 1e-6)
    # The encoder's vectors have unit length, the others' features a spread of about one.
    return np.hstack([pooled(reader, texts), in_context(texts, speeches, reader), _SPREAD * meaning, grammar])


def in_context(texts: Sequence[str], speeches: Sequence[str], reader: Reader) -> np.ndarray:
    """The reader's vector of each text where it stands, in paragraphs of a speech; (texts, 384)."""
    paragraphs: list[str] = []
    places: list[tuple[int, int, int]] = []
    speech = None
    for text, of in zip(texts, speeches, strict=True):
        if of != speech or len(paragraphs[-1]) + len(text) > _PARAGRAPH:
            paragraphs.append("")
            speech = of
        start = len(paragraphs[-1]) + bool(paragraphs[-1])
        paragraphs[-1] = f"{paragraphs[-1]} {text}".strip()
        places.append((len(paragraphs) - 1, start, start + len(text)))
    read = reader.read(paragraphs)
    return np.stack([read[paragraph].pooled(start, end) for paragraph, start, end in places])


def grammar_of(doc: Doc) -> list[float]:
    """Shares of parts of speech and verb forms, kinds of names and figures, length, whether it asks or demands."""
    tokens = max(len(doc), 1)
    return [
        *(sum(token.pos_ == kind for token in doc) / tokens for kind in _PARTS),
        *(sum(token.tag_ == kind for token in doc) / tokens for kind in _FORMS),
        *(float(any(entity.label_ == kind for entity in doc.ents)) for kind in _NAMED),
        float(np.log(tokens)),
        check_worthiness(doc[:]),
        float("?" in doc.text),
        float(any(token.lower_ in _DEMANDS for token in doc)),
        float(len(doc) > 0 and doc[0].tag_ == "VB"),
    ]


def held_out(
    known: np.ndarray, gold: np.ndarray, folds: BaseCrossValidator, groups: Sequence[str] | None
) -> np.ndarray:
    """The probability of each row by a regression that saw none of its fold; (rows,)."""
    model = LogisticRegression(C=0.02, max_iter=3000)
    return cross_val_predict(model, known, gold, groups=groups, cv=folds, method="predict_proba")[:, 1]
