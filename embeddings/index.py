"""Claims' vectors in a FAISS index that is saved in one step and checked when it is loaded."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np

FORMAT = 1
META = "index.json"


class IndexDamaged(Exception):
    """A saved index is missing, unreadable or of another model; it can be built again from the vectors."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A claim's id with its cosine to the query."""

    id: str
    similarity: float


class VectorIndex:
    """Exact search by inner product over unit vectors, kept in half precision; ids are the claims' own.

    Every call holds one lock: FAISS answers wrongly when a search meets an addition.
    """

    def __init__(self, dimension: int, model_id: str):
        self.dimension, self.model_id = dimension, model_id
        self._lock = threading.Lock()
        self._ids: list[str] = []
        self._known: set[str] = set()
        self._index = _empty(dimension)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, claim_id: str) -> bool:
        return claim_id in self._known

    def add(self, ids: Sequence[str], vectors: np.ndarray) -> None:
        """Add unit vectors (ids, dimension).

        Raises:
            ValueError: the shape does not fit, or an id stands in the index already.
        """
        if vectors.shape != (len(ids), self.dimension):
            raise ValueError(
                f"vectors of shape {vectors.shape} for {len(ids)} ids; ({len(ids)}, {self.dimension}) is needed"
            )
        with self._lock:
            doubled = [name for name in ids if name in self._known]
            if doubled or len(set(ids)) != len(ids):
                raise ValueError(f"ids stand in the index already: {', '.join(doubled[:5]) or 'doubled in this call'}")
            if len(ids):
                self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))
                self._ids.extend(ids)
                self._known.update(ids)

    def remove(self, ids: Sequence[str]) -> None:
        """Remove what of `ids` is here."""
        gone = set(ids) & self._known
        if not gone:
            return
        with self._lock:
            places = np.array([place for place, name in enumerate(self._ids) if name in gone], dtype=np.int64)
            self._index.remove_ids(faiss.IDSelectorBatch(places))
            self._ids = [name for name in self._ids if name not in gone]
            self._known -= gone

    def search(self, vectors: np.ndarray, k: int) -> list[list[Neighbour]]:
        """For each of the query vectors (n, dimension) its `k` nearest claims, nearest first."""
        if not len(self._ids) or not len(vectors):
            return [[] for _ in vectors]
        with self._lock:
            scores, places = self._index.search(np.ascontiguousarray(vectors, dtype=np.float32), min(k, len(self._ids)))
            return [
                [Neighbour(self._ids[place], float(score)) for score, place in zip(*row, strict=True) if place >= 0]
                for row in zip(scores, places, strict=True)
            ]

    def save(self, folder: Path) -> None:
        """Write index and description; a kill at any moment leaves the old pair or the new one.

        The description names the index file it belongs to, and is replaced last.
        """
        folder.mkdir(parents=True, exist_ok=True)
        with self._lock:
            meta_path = folder / META
            generation = 1 + _generation(meta_path)
            name = f"vectors-{generation}.faiss"
            part = folder / f"{name}.part"
            faiss.write_index(self._index, str(part))
            _flush(part)
            os.replace(part, folder / name)
            meta = {
                "format": FORMAT,
                "model_id": self.model_id,
                "dimension": self.dimension,
                "count": len(self._ids),
                "generation": generation,
                "file": name,
                "ids": self._ids,
            }
            meta_part = meta_path.with_suffix(".part")
            meta_part.write_text(json.dumps(meta), encoding="utf-8")
            _flush(meta_part)
            os.replace(meta_part, meta_path)
        for old in folder.glob("vectors-*.faiss*"):
            if old.name != name:
                old.unlink(missing_ok=True)

    @classmethod
    def load(cls, folder: Path, model_id: str, dimension: int) -> VectorIndex:
        """The index saved in `folder`.

        Raises:
            IndexDamaged: it is missing, unreadable, of another format, model or dimension, or its counts disagree.
        """
        try:
            meta = json.loads((folder / META).read_text(encoding="utf-8"))
            wanted = {"format": FORMAT, "model_id": model_id, "dimension": dimension}
            found = {name: meta[name] for name in wanted}
            if found != wanted:
                raise IndexDamaged(f"the index in {folder} is {found}; {wanted} is needed")
            stored = faiss.read_index(str(folder / meta["file"]))
        except IndexDamaged:
            raise
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise IndexDamaged(f"the index in {folder} can't be read: {type(error).__name__}") from error
        if not stored.ntotal == meta["count"] == len(meta["ids"]) or stored.d != dimension:
            raise IndexDamaged(f"the index in {folder} holds {stored.ntotal} vectors for {len(meta['ids'])} claims")
        index = cls(dimension, model_id)
        index._index, index._ids, index._known = stored, list(meta["ids"]), set(meta["ids"])
        return index


def _empty(dimension: int) -> faiss.Index:
    return faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)


def _generation(meta_path: Path) -> int:
    try:
        return int(json.loads(meta_path.read_text(encoding="utf-8"))["generation"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
