"""Do two statements contradict each other? Natural-language inference by a cross-encoder."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from claims.article import content_hash
from embeddings.calibration import FILE as CALIBRATION
from embeddings.calibration import softmax, temperature_of
from embeddings.encoder import ModelMissing, file_sha256
from embeddings.pair_scale import PairScale, scale_of

logger = logging.getLogger(__name__)

SHIPPED = "shipped"
_OWN = "counterclaim-"  # how the names of shipped models begin
SHIPPED_FOLDER = Path(__file__).parent / "model"
CLASSES = ("contradiction", "entailment", "neutral")
# Words that published models use for the three classes, each as the first letters of the label.
_PREFIXES = {
    "contradiction": ("contra", "refut"),
    "entailment": ("entail", "support"),
    "neutral": ("neutral", "not_enough"),
}
MAX_TOKENS = 160

Progress = Callable[[int, int], None]


class LabelsNotUnderstood(Exception):
    """A model's labels can't be told to be contradiction, entailment and neutral."""


@dataclass(frozen=True, slots=True)
class Entailment:
    """Probabilities of one ordered pair; the three classes add up to 1. `tension` is 0 to 1: how hard it is to believe
    both; a model without such an output repeats its contradiction there."""

    contradiction: float
    entailment: float
    neutral: float
    tension: float


class EntailmentModel(Protocol):
    """Premise and hypothesis in, probabilities out; `scale` reads a pair of claims off both directions."""

    model_id: str
    scale: PairScale | None

    def score(self, pairs: Sequence[tuple[str, str]], progress: Progress | None = None) -> list[Entailment]:
        """One Entailment a pair (premise, hypothesis), in order; `progress(done, total)` is called as it goes."""
        ...


def class_places(id2label: dict[int, str]) -> dict[str, int]:
    """Where each class stands among a model's outputs, by the model's own names; "tension" too where there is one.

    Raises:
        LabelsNotUnderstood: a class is missing or named twice.
    """
    places: dict[str, int] = {}
    for wanted, prefixes in _PREFIXES.items():
        found = [int(place) for place, label in id2label.items() if str(label).lower().startswith(prefixes)]
        if len(found) != 1:
            raise LabelsNotUnderstood(
                f"labels {list(id2label.values())} don't say which is {wanted}; a model with the labels "
                f"{', '.join(CLASSES)} is needed"
            )
        places[wanted] = found[0]
    tension = [int(place) for place, label in id2label.items() if str(label).lower() == "tension"]
    if tension:
        places["tension"] = tension[0]
    return places


class CrossEncoderEntailment:
    """A sentence-transformers CrossEncoder behind the EntailmentModel protocol.

    With `fast`, a BERT classifier is worked out by `claims.bert.FastBert`; any other model, and any without `fast`,
    goes through `CrossEncoder.predict`.
    """

    def __init__(
        self,
        model,
        model_id: str,
        temperature: float = 1.0,
        batch_size: int = 32,
        fast: bool = True,
        scale: PairScale | None = None,
    ):
        from claims.bert import FastBert, can_be_fast

        self._model, self.model_id, self._batch_size = model, model_id, batch_size
        self._temperature, self.scale = temperature, scale
        self._places = class_places(model.config.id2label)
        self._fast = FastBert(model.model.bert) if fast and can_be_fast(model.model) else None

    def score(self, pairs: Sequence[tuple[str, str]], progress: Progress | None = None) -> list[Entailment]:
        return [self._entailment(row) for row in self._logits(pairs, progress)]

    def class_logits(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """Logits (pairs, 3) in the order of CLASSES, before any temperature."""
        return self._logits(pairs, None)[:, [self._places[name] for name in CLASSES]]

    def _logits(self, pairs: Sequence[tuple[str, str]], progress: Progress | None) -> np.ndarray:
        import torch

        order = sorted(range(len(pairs)), key=lambda at: len(pairs[at][0]) + len(pairs[at][1]))
        logits = np.zeros((len(pairs), self._model.num_labels), dtype=np.float32)
        # Rows of one length go through together, and among more rows more are of one length.
        chunk = self._batch_size * (8 if self._fast is None else 64)
        for start in range(0, len(order), chunk):
            part = order[start : start + chunk]
            if self._fast is not None:
                logits[part] = self._fast_logits([pairs[at] for at in part])
            else:
                logits[part] = self._model.predict(
                    [list(pairs[at]) for at in part],
                    batch_size=self._batch_size,
                    activation_fn=torch.nn.Identity(),
                    show_progress_bar=False,
                )
            if progress:
                progress(start + len(part), len(order))
        return logits

    def _fast_logits(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        import torch

        from claims.bert import batches

        tokens = self._model.tokenizer(
            [one for one, _ in pairs], [other for _, other in pairs], truncation=True, max_length=self._model.max_length
        )
        logits = np.zeros((len(pairs), self._model.num_labels), dtype=np.float32)
        for places in batches([len(ids) for ids in tokens["input_ids"]], padded=False):
            part = {name: [tokens[name][at] for at in places] for name in ("input_ids", "token_type_ids")}
            batch = self._model.tokenizer.pad(part, return_tensors="pt")
            with torch.inference_mode():
                first = self._fast.first(batch["input_ids"], batch["token_type_ids"], batch["attention_mask"])
                bert = self._model.model.bert
                # The pooler takes the first of a row of vectors.
                logits[places] = self._model.model.classifier(bert.pooler(first[:, None])).numpy()
        return logits

    def _entailment(self, row: np.ndarray) -> Entailment:
        three = row[[self._places[name] for name in CLASSES]].astype(np.float64)
        contradiction, entailment, neutral = softmax(three / self._temperature).tolist()
        tension = contradiction
        if "tension" in self._places:
            tension = float(1 / (1 + np.exp(-float(row[self._places["tension"]]))))
        return Entailment(contradiction, entailment, neutral, tension)


def load_entailment(name: str = SHIPPED, fast: bool = True) -> EntailmentModel:
    """The model that ships, a folder, or a model of the Hugging Face hub; all are loaded as a CrossEncoder, but for a
    folder that `embeddings.train pack` wrote.

    `fast` lets a model of a known kind skip what its answer does not need; see `CrossEncoderEntailment`.

    Raises:
        ModelMissing: there is no such model here and it can't be fetched.
        LabelsNotUnderstood: its labels are not those of natural-language inference.
    """
    from sentence_transformers import CrossEncoder

    from embeddings.second_model import is_packed, load_packed

    if name == SHIPPED and not (SHIPPED_FOLDER / "config.json").exists():
        raise ModelMissing(f"the shipped entailment model is missing from {SHIPPED_FOLDER}; check the clone")
    source = str(SHIPPED_FOLDER) if name == SHIPPED else name
    if is_packed(Path(source)):
        return load_packed(Path(source), name, fast)
    try:
        model = CrossEncoder(source, device="cpu", max_length=MAX_TOKENS)
    except (OSError, ValueError) as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ModelMissing(
            f"no entailment model {name!r}: name {SHIPPED!r}, a folder, or a cross-encoder of the hub ({first})"
        ) from error
    folder = Path(source)
    return CrossEncoderEntailment(model, model_id_of(name), temperature_of(folder), fast=fast, scale=scale_of(folder))


def model_id_of(name: str) -> str:
    """A name that changes with what the model says: the shipped one's carries the start of a SHA-256 over the weights
    and their calibration."""
    if name == SHIPPED:
        parts = [file_sha256(SHIPPED_FOLDER / part) for part in ("model.safetensors", CALIBRATION)]
        return shipped_id("nli", *parts)
    return name


def shipped_id(kind: str, *parts: str) -> str:
    """The name of a shipped model, of the hashes of what makes it up."""
    return f"{_OWN}{kind}-{content_hash(*parts)[:8]}"


def is_shipped(model_id: str) -> bool:
    """Whether such a name is a shipped model's."""
    return model_id.startswith(_OWN)
