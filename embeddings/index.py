"""Claims' vectors in a FAISS index that is saved in one step and checked when it is loaded."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
                [Neighbour(self._ids[place], score) for score, place in zip(*row, strict=True) if place >= 0]
                for row in zip(scores.tolist(), places.tolist(), strict=True)
            ]

    def save(self, folder: Path) -> None:
        """Write index and description; a kill at any moment leaves the old pair or the new one.

        The description names the index file it belongs to, and is replaced last. Raises OSError (no room, not to be
        written), and then leaves the old pair alone.
        """
        folder.mkdir(parents=True, exist_ok=True)
        with self._lock:
            meta_path = folder / META
            generation = 1 + _generation(meta_path)
            name = f"vectors-{generation}.faiss"
            stored = faiss.serialize_index(self._index)
            _write(folder / name, stored)
            meta = {
                "format": FORMAT,
                "model_id": self.model_id,
                "dimension": self.dimension,
                "count": len(self._ids),
                "generation": generation,
                "file": name,
                "sha256": _sha256(stored, self._ids),
                "ids": self._ids,
            }
            _write(meta_path, json.dumps(meta).encode())
        for old in folder.glob("vectors-*.faiss*"):
            if old.name != name:
                old.unlink(missing_ok=True)

    @classmethod
    def load(cls, folder: Path, model_id: str = "", dimension: int = 0) -> VectorIndex:
        """The index saved in `folder`; where no model is named, of whichever model and dimension it says it is.

        Raises:
            IndexDamaged: it is missing, unreadable, not what was saved, or of another format, model or dimension.
        """
        try:
            meta = json.loads((folder / META).read_text(encoding="utf-8"))
            found = {name: meta[name] for name in ("format", "model_id", "dimension")}
            wanted = {"format": FORMAT}
            if model_id:
                wanted |= {"model_id": model_id, "dimension": dimension}
            if found != found | wanted:
                raise IndexDamaged(f"the index in {folder} is {found}; {wanted} is needed")
            index = cls(meta["dimension"], meta["model_id"])
            index._fill(np.fromfile(folder / meta["file"], dtype=np.uint8), meta)
        except IndexDamaged:
            raise
        except (OSError, ValueError, KeyError, TypeError, OverflowError, RuntimeError) as error:
            raise IndexDamaged(f"the index in {folder} can't be read: {type(error).__name__}") from error
        return index

    def _fill(self, stored: np.ndarray, meta: dict[str, Any]) -> None:
        """Take in what `save` wrote: the bytes of the index file, (bytes,) uint8, and the description.

        FAISS is never given a file to read: a damaged one can make it work without an end. What an older program saved
        has no checksum, and is taken if its length fits.
        """
        ids, header = list(meta["ids"]), len(faiss.serialize_index(self._index))
        if "sha256" in meta and meta["sha256"] != _sha256(stored, ids):
            raise IndexDamaged(f"the index of {len(ids)} claims is not what was saved: its SHA-256 differs")
        if len(ids) != meta["count"] or len(stored) - header != len(ids) * self._index.code_size:
            raise IndexDamaged(f"the index holds {len(stored)} bytes for {len(ids)} claims, which doesn't fit")
        if ids:
            self._index.add_sa_codes(stored[header:].reshape(len(ids), -1))
        self._ids, self._known = ids, set(ids)


def _empty(dimension: int) -> faiss.Index:
    return faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)


def _generation(meta_path: Path) -> int:
    try:
        return int(json.loads(meta_path.read_text(encoding="utf-8"))["generation"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return 0


def _sha256(stored: np.ndarray, ids: Sequence[str]) -> str:
    found = hashlib.sha256(stored)
    found.update("\n".join(ids).encode())
    return found.hexdigest()


def _write(path: Path, content: bytes | np.ndarray) -> None:
    """Puts a file in its place once it is whole and on the disk."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, path)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise
