"""Which sentences hold a claim worth checking: F1, average precision and accuracy against people's labels.

Rows hold ``text`` and ``label`` (Yes/No or 1/0), perhaps ``split`` and ``speech``. `--split` takes the rows of one
split. `--folds` is for labels of another kind than those that the reader learned: for each fold it learns those of the
others first (whole speeches held out), as `claims.train_reader` teaches it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sklearn.metrics import accuracy_score, average_precision_score, f1_score
from sklearn.model_selection import GroupKFold

from claims import train_reader
from claims.checkworthiness import WORTH_CHECKING, check_worthiness
from claims.language import LanguageModel
from claims.reader import FOLDER, Reader
from embeddings.training_data import read_rows

_RULE_THRESHOLD = 0.5
# How the other folds are learned.
_TAUGHT = ("--epochs=3", "--rate=5e-5", "--batch=1024")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--split", help="only the rows of this split")
    parser.add_argument("--reader", type=Path, default=FOLDER, help="another folder with a reader's weights")
    parser.add_argument("--rules", action="store_true", help="by rule, without a reader")
    parser.add_argument("--folds", type=int, help="let the reader learn the labels of the other folds, of so many")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """The result: n, f1 of the positive class, average_precision, accuracy."""
    rows = [row for row in read_rows(args.file) if args.split in (None, row.get("split"))]
    if not rows:
        splits = sorted({str(row.get("split")) for row in read_rows(args.file)})
        raise ValueError(f"{args.file}: no split {args.split!r}; choose one of {', '.join(splits)}")
    gold = np.array([str(row["label"]).lower() in {"yes", "1"} for row in rows])
    texts = [row["text"].strip().strip('"') for row in rows]
    if args.rules:
        scores = np.array([check_worthiness(doc[:]) for doc in LanguageModel().read(texts)])
        said = scores >= _RULE_THRESHOLD
    else:
        if args.folds:
            speeches = [str(row.get("speech", place)) for place, row in enumerate(rows)]
            scores = held_out(texts, gold, speeches, args.folds, args.reader)
            said = scores >= 0.5
        else:
            scores = worths(Reader(args.reader), texts)
            said = scores >= WORTH_CHECKING
    return [f"{int(gold.sum())} of {len(rows)} are worth checking; {int(said.sum())} were called so"], {
        "n": len(rows),
        "f1": round(float(f1_score(gold, said)), 4),
        "average_precision": round(float(average_precision_score(gold, scores)), 4),
        "accuracy": round(float(accuracy_score(gold, said)), 4),
    }


def worths(reader: Reader, texts: Sequence[str]) -> np.ndarray:
    """The probability of each text of being worth a check; (texts,)."""
    return reader.worths(
        np.stack([read.pooled(0, len(text)) for read, text in zip(reader.read(texts), texts, strict=True)])
    )


def held_out(texts: Sequence[str], gold: np.ndarray, groups: Sequence[str], folds: int, start: Path) -> np.ndarray:
    """The probability of each text by the reader in `start` once it learned the labels of other groups; (texts,)."""
    scores = np.zeros(len(texts))
    for others, held in GroupKFold(folds).split(texts, gold, groups):
        with TemporaryDirectory() as folder:
            rows = [json.dumps({"text": texts[place], "label": int(gold[place])}) for place in others]
            (Path(folder) / "rows.jsonl").write_text("\n".join(rows), encoding="utf-8")
            where = [f"--{name}={folder}/{name}" for name in ("checkpoint", "out")]
            train_reader.main([f"--worth={folder}/rows.jsonl", f"--start={start}", *where, *_TAUGHT])
            scores[held] = worths(Reader(Path(folder) / "out"), [texts[place] for place in held])
    return scores
