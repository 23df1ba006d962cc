"""Stand-ins for the models, which count their calls; and a small collection made with them."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from claims.article import Article, content_hash
from claims.claim import Attribution, Claim
from embeddings.entailment import Entailment
from workbench.ingest import Line
from workbench.settings import Settings
from workbench.store import Store

TEXTS = {
    "one.txt": "The force vetted Couzens twice.\nAnna said the inquiry is open.\nTrust in the force fell.",
    "two.txt": "The force did not vet Couzens twice.\nBen said the inquiry is not open.\nTrust in the force fell.",
}


class FakeExtractor:
    """A claim a line; "X said …" is a quotation of X. `dropping` leaves out lines that hold that word."""

    name = "lines"

    def __init__(self) -> None:
        self.calls, self.dropping = 0, ""

    def extract_all(self, articles: Sequence[Article]) -> Iterator[list[Claim]]:
        return map(self.extract, articles)

    def extract(self, article: Article) -> list[Claim]:
        self.calls += 1
        found = []
        for line in re.finditer(r"[^\n]+", article.text):
            said = re.match(r"(\w+) (said) ", line.group())
            if not (self.dropping and self.dropping in line.group()):
                found.append(self._claim(article, line, said))
        return found

    @staticmethod
    def _claim(article: Article, line: re.Match, said: re.Match | None) -> Claim:
        speaker = Attribution()
        if said:
            start = line.start()
            speaker = Attribution(
                said[1],
                said[2],
                start + said.start(2),
                start + said.end(2),
                said[1],
                start + said.start(1),
                start + said.end(1),
            )
        return Claim(
            id=content_hash(article.id, line.group(), "0"),
            article_id=article.id,
            text=line.group(),
            char_start=line.start(),
            char_end=line.end(),
            paragraph_start=line.start(),
            paragraph_end=line.end(),
            before="",
            after="",
            kind="quotation" if said else "statement",
            attribution=speaker,
            standalone=line.group(),
            check_worthiness=0.5,
            assertion="past_event",
        )


class FakeEncoder:
    """A bag of hashed words."""

    model_id, dimension = "fake-encoder", 64

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def encode(self, texts) -> np.ndarray:
        self.calls.append(list(texts))
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[hashlib.md5(word.encode()).digest()[0] % self.dimension] += 1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


class FakeModel:
    """Finds a contradiction where one text says "not" and the other doesn't, sameness where both are alike; `failing`
    raises at that many pairs."""

    def __init__(self, model_id: str = "fake-nli") -> None:
        self.model_id, self.pairs, self.failing = model_id, [], None
        self.scale = None

    def score(self, pairs, progress=None) -> list[Entailment]:
        if self.failing is not None and len(self.pairs) + len(pairs) > self.failing:
            raise RuntimeError("killed")
        self.pairs.extend(pairs)
        return [self._one(*pair) for pair in pairs]

    @staticmethod
    def _one(premise: str, hypothesis: str) -> Entailment:
        if ("not" in premise.split()) != ("not" in hypothesis.split()):
            return Entailment(0.9, 0.05, 0.05, 0.9)
        return Entailment(0.0, 0.95, 0.05, 0.0) if premise == hypothesis else Entailment(0.1, 0.2, 0.7, 0.1)


def fake_line(folder: Path) -> Line:
    return Line(Store(folder), FakeExtractor(), FakeEncoder(), FakeModel(), Settings())


def write_texts(folder: Path, texts: dict[str, str] = TEXTS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def packed(path: Path, texts: Sequence[str]) -> Path:
    """Texts as the lines of a gzipped JSON-lines file, as a corpus holds them."""
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"text": one}) + "\n" for one in texts)
    return path


def dump(store: Store) -> dict[str, list]:
    """Everything that an ingest decides, without times."""
    tables = {
        "articles": "id, text, title, outlet, author, date, url, file_name, extracted_by",
        "claims": "*",
        "vectors": "*",
        "relations": "*",
        "scores": "*",
    }
    with store.reading() as connection:
        return {
            table: sorted(
                repr([(name, value) for name, value in row.items() if name != "found_at"])
                for row in connection.exec_driver_sql(f"SELECT {columns} FROM {table}").mappings()
            )
            for table, columns in tables.items()
        }
