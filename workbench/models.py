"""The models as ingest uses them: loaded only when there is work, and with a memory that outlives a crash."""

from __future__ import annotations

import json
import logging
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import insert, text

from claims.article import content_hash
from claims.pool import end_with_parent
from workbench.schema import ScoreRecord
from workbench.store import Store

if TYPE_CHECKING:
    import numpy as np

    from embeddings.encoder import Encoder
    from embeddings.entailment import Entailment, EntailmentModel
    from embeddings.pair_scale import PairScale

log = logging.getLogger(__name__)
SLICE = 1024  # pairs judged between two commits: a minute's work at most is lost


class LazyEncoder:
    """An `embeddings.encoder.Encoder` whose weights are read at the first text."""

    def __init__(self, name: str) -> None:
        self.model_id = name

    @cached_property
    def _encoder(self) -> Encoder:
        from embeddings.encoder import load_encoder

        return load_encoder(self.model_id)

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return self._encoder.encode(texts)


class SeparateEncoder:
    """An encoder in a process of its own, begun at the first text: what draws the screen doesn't wait while half a
    gigabyte of libraries is loaded, nor hold them. That process ends with this one, however that ends."""

    def __init__(self, name: str) -> None:
        self.model_id = name
        self._lock, self._pool = Lock(), None

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """As `LazyEncoder.encode`. A process that died is begun anew, once."""
        try:
            return self._begun().submit(_encode, list(texts)).result()
        except BrokenProcessPool:
            self.close()
            return self._begun().submit(_encode, list(texts)).result()

    def close(self) -> None:
        """Ends the process; the next text begins another."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def _begun(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(1, context, _begin_encoder, (self.model_id,))
            return self._pool


def _begin_encoder(name: str) -> None:
    global _encoder
    end_with_parent()
    _encoder = LazyEncoder(name)


def _encode(texts: list[str]) -> np.ndarray:
    return _encoder.encode(texts)


_encoder: LazyEncoder


class LazyEntailment:
    """An `embeddings.entailment.EntailmentModel` whose weights are read at the first pair; `second`: the model of the
    second opinion."""

    def __init__(self, name: str, second: bool = False) -> None:
        self._name, self._second = name, second

    @cached_property
    def _model(self) -> EntailmentModel:
        from embeddings.entailment import load_entailment
        from embeddings.second_model import load_second

        return load_second(self._name) if self._second else load_entailment(self._name)

    @cached_property
    def model_id(self) -> str:
        from embeddings.entailment import model_id_of
        from embeddings.second_model import second_id_of

        try:
            return second_id_of(self._name) if self._second else model_id_of(self._name)
        except OSError:
            return self._model.model_id  # raises the error that names what is missing

    @property
    def scale(self) -> PairScale | None:
        """That of a folder is read without the weights."""
        from embeddings.entailment import SHIPPED, SHIPPED_FOLDER
        from embeddings.pair_scale import scale_of
        from embeddings.second_model import SECOND_FOLDER

        shipped = SECOND_FOLDER if self._second else SHIPPED_FOLDER
        folder = shipped if self._name == SHIPPED else Path(self._name)
        return scale_of(folder) if folder.is_dir() else self._model.scale

    def score(
        self, pairs: Sequence[tuple[str, str]], progress: Callable[[int, int], None] | None = None
    ) -> list[Entailment]:
        return self._model.score(pairs, progress)


class RememberingModel:
    """An EntailmentModel that writes down what another one says, so that a killed ingest never asks twice.

    Ingest throws the notes away once what follows from them is stored.
    """

    def __init__(self, store: Store, model: EntailmentModel) -> None:
        self._store, self._model, self.model_id = store, model, model.model_id

    @property
    def scale(self) -> PairScale | None:
        """The scale of the model that it remembers for."""
        return self._model.scale

    def score(
        self, pairs: Sequence[tuple[str, str]], progress: Callable[[int, int], None] | None = None
    ) -> list[Entailment]:
        """One Entailment a pair, in order; pairs that the notes hold cost nothing."""
        hashes = [content_hash(*pair) for pair in pairs]
        scores = self._known(hashes)
        unseen = {key: pair for key, pair in zip(hashes, pairs, strict=True) if key not in scores}
        order = sorted(unseen, key=lambda key: sum(map(len, unseen[key])))  # like lengths together: less padding
        for start in range(0, len(order), SLICE):
            part = order[start : start + SLICE]

            def report(done: int, _total: int, before: int = len(pairs) - len(unseen) + start) -> None:
                if progress:
                    progress(min(before + done, len(pairs)), len(pairs))

            found = self._model.score([unseen[key] for key in part], report)
            with self._store.writing() as connection:
                connection.execute(
                    insert(ScoreRecord),
                    [
                        {
                            "pair_hash": key,
                            "model_id": self.model_id,
                            "contradiction": score.contradiction,
                            "entailment": score.entailment,
                            "neutral": score.neutral,
                            "tension": score.tension,
                        }
                        for key, score in zip(part, found, strict=True)
                    ],
                )
            scores |= dict(zip(part, found, strict=True))
        return [scores[key] for key in hashes]

    def _known(self, hashes: list[str]) -> dict[str, Entailment]:
        from embeddings.entailment import Entailment

        with self._store.reading() as connection:
            rows = connection.execute(
                text(
                    "SELECT pair_hash, contradiction, entailment, neutral, tension FROM scores WHERE model_id = :model "
                    "AND pair_hash IN (SELECT value FROM json_each(:hashes))"
                ),
                {"model": self.model_id, "hashes": json.dumps(hashes)},
            )
            return {key: Entailment(*values) for key, *values in rows}
