"""Claims near a few words in meaning, for the search box: an encoder and the index that ingest left on disk."""

from __future__ import annotations

import logging
from threading import Lock, Thread
from typing import TYPE_CHECKING

from sqlalchemy import Row, text

from workbench.store import Store
from workbench.vectors import INDEXED

if TYPE_CHECKING:
    from embeddings.encoder import Encoder
    from embeddings.index import VectorIndex

log = logging.getLogger(__name__)
NEAR = 0.45  # cosine from which a claim counts as near
MOST = 2_000  # of the whole workspace: a filter beside the search may leave few of them (`workbench.queries.NEAREST`)


class MeaningSearch:
    """Searches one workspace, for any number of threads; the index is read again when an ingest has changed it.

    Loading the encoder takes seconds, for which nobody who looks for a word should wait: until `load` is through,
    nothing is near.
    """

    def __init__(self, store: Store, encoder: Encoder) -> None:
        self._store, self._encoder = store, encoder
        self._lock, self._loading = Lock(), Lock()
        self._ready, self._failed, self._state, self._index = False, False, "", None

    def near(self, words: str, k: int = MOST) -> tuple[str, ...]:
        """The ids of up to `k` claims near these words, nearest first; none before `load`, nor without an index."""
        if not self._ready or not words.strip():
            return ()
        with self._lock:
            index = self._open()
            if index is None:
                return ()
            found = index.search(self._encoder.encode([words]), min(k, len(index)))[0]
        return tuple(one.id for one in found if one.similarity >= NEAR)

    def load(self) -> bool:
        """Makes ready what `near` needs; False, and nothing is loaded, where there is no index yet."""
        with self._loading:
            if not self._ready and self._indexed():
                self._encoder.encode(["ready"])
                self._ready = True
        return self._ready

    @property
    def state(self) -> str:
        """ "ready", "loading" while `load` has yet to be through, "failed" where it could not, "" where no index is."""
        if self._ready or self._failed:
            return "ready" if self._ready else "failed"
        return "loading" if self._indexed() else ""

    def load_soon(self) -> None:
        """Has `load` done by a thread of its own, unless it is done or being done."""
        if not (self._ready or self._failed or self._loading.locked()):
            Thread(target=self._load_quietly, name="search by meaning", daemon=True).start()

    def _load_quietly(self) -> None:
        try:
            self.load()
        except Exception as error:  # a missing model must not take the search for words away
            log.warning("no search by meaning: %s", error)
            self._failed = True

    def _indexed(self) -> Row | None:
        with self._store.reading() as connection:
            return connection.execute(
                text("""SELECT m.value AS state, v.model_id, v.dimension FROM meta m, vectors v
                    WHERE m.name = :name AND v.model_id = :model LIMIT 1"""),
                {"name": INDEXED, "model": self._encoder.model_id},
            ).first()

    def _open(self) -> VectorIndex | None:
        from embeddings.index import IndexDamaged, VectorIndex

        there = self._indexed()
        if there is None:
            return None
        if there.state != self._state:
            try:
                self._index = VectorIndex.load(self._store.folder / "index", there.model_id, there.dimension)
            except IndexDamaged:  # the next ingest builds it again; till then words must do
                self._index = None
            self._state = there.state
        return self._index
