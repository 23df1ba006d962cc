"""Each text's vector, worked out once and kept; and the FAISS index, which can always be built again from them."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import text
from sqlalchemy.dialects.sqlite import insert

from claims.article import content_hash
from claims.claim import Claim
from workbench.articles import claim_of
from workbench.errors import StoreFull
from workbench.meta import fact, keep_fact
from workbench.schema import VectorRecord
from workbench.store import Store

if TYPE_CHECKING:
    from embeddings.encoder import Encoder
    from embeddings.index import VectorIndex

log = logging.getLogger(__name__)
BATCH = 4096  # texts encoded between two commits
INDEXED = "indexed"
_CHECKED = "sha256"  # part of what is noted of an index: one that an older program left has none, and is built anew


def encode_unseen(store: Store, encoder: Encoder, progress: Callable[[int, int], None]) -> int:
    """Encodes `standalone` of the current claims where (text hash, model id) has no vector yet; returns how many."""
    with store.reading() as connection:
        unseen = connection.execute(
            text("""
            SELECT c.text_hash, min(c.standalone) FROM claims c WHERE c.current AND NOT EXISTS (
                SELECT 1 FROM vectors v WHERE v.text_hash = c.text_hash AND v.model_id = :model)
            GROUP BY c.text_hash ORDER BY min(c.rowid)"""),
            {"model": encoder.model_id},
        ).all()
    for start in range(0, len(unseen), BATCH):
        progress(start, len(unseen))
        part = unseen[start : start + BATCH]
        vectors = encoder.encode([standalone for _, standalone in part])
        with store.writing() as connection:
            connection.execute(
                insert(VectorRecord).on_conflict_do_nothing(),
                [
                    {
                        "text_hash": key,
                        "model_id": encoder.model_id,
                        "dimension": vectors.shape[1],
                        "halves": vector.astype("<f2").tobytes(),
                    }
                    for (key, _), vector in zip(part, vectors, strict=True)
                ],
            )
        progress(start + len(part), len(unseen))
    return len(unseen)


def current_claims(store: Store) -> list[Claim]:
    """All current claims, in one fixed order."""
    with store.reading() as connection:
        rows = connection.execute(
            text("SELECT * FROM claims WHERE current ORDER BY article_id, char_start, id")
        ).mappings()
        return [claim_of(row) for row in rows]


def vectors_of(store: Store, claims: Sequence[Claim], model_id: str) -> np.ndarray:
    """Unit vectors (claims, dimension), float32, in the order of `claims`, which must all be encoded already."""
    hashes = [content_hash(claim.standalone) for claim in claims]
    places = {key: place for place, key in enumerate(dict.fromkeys(hashes))}
    table: np.ndarray | None = None
    for key, halves in _halves(store, list(places), model_id):
        vector = np.frombuffer(halves, dtype="<f2").astype(np.float32)
        if table is None:
            table = np.zeros((len(places), len(vector)), dtype=np.float32)
        table[places[key]] = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return np.zeros((0, 0), dtype=np.float32) if table is None else table[[places[key] for key in hashes]]


def open_index(store: Store, claims: Sequence[Claim], model_id: str) -> VectorIndex:
    """The index of `claims`: the one on disk if it is intact and holds just these, else built from the stored vectors
    and saved in `<workspace>/index`. There must be at least one claim. Raises StoreFull: no room, or nothing may be
    written there."""
    from embeddings.index import IndexDamaged, VectorIndex

    folder = store.folder / "index"
    state = content_hash(_CHECKED, model_id, *(f"{claim.id} {content_hash(claim.standalone)}" for claim in claims))
    with store.reading() as connection:
        dimension = connection.execute(
            text("SELECT dimension FROM vectors WHERE model_id = :model LIMIT 1"), {"model": model_id}
        ).scalar_one()
        indexed = fact(connection, INDEXED)
    if indexed == state:
        try:
            index = VectorIndex.load(folder, model_id, dimension)
            if len(index) == len(claims):
                return index
        except IndexDamaged as error:
            log.warning("%s; building it again", error)
    index = VectorIndex(dimension, model_id)
    index.add([claim.id for claim in claims], vectors_of(store, claims, model_id))
    try:
        index.save(folder)
    except OSError as error:
        raise StoreFull(
            f"can't keep the index in {folder}: {error.strerror or error}; what was stored is kept, start again when "
            "that is mended"
        ) from error
    with store.writing() as connection:  # after the save: a kill between the two only costs another build
        keep_fact(connection, INDEXED, state)
    return index


def _halves(store: Store, hashes: list[str], model_id: str) -> Iterator[tuple[str, bytes]]:
    with store.reading() as connection:
        for start in range(0, len(hashes), 10_000):
            yield from connection.execute(
                text(
                    "SELECT text_hash, halves FROM vectors WHERE model_id = :model "
                    "AND text_hash IN (SELECT value FROM json_each(:hashes))"
                ),
                {"model": model_id, "hashes": json.dumps(hashes[start : start + 10_000])},
            ).tuples()
