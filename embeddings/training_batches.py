"""Batches of training pairs of about one length each, the same for the same seed and data."""

from __future__ import annotations

import json
import logging
import os
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import torch
from transformers import AutoTokenizer, BatchEncoding, PreTrainedTokenizerBase

from claims.reader_weights import encoder_folder
from embeddings.training_data import (
    ANY,
    LABELS,
    WRITTEN_REPEATS,
    TrainingPair,
    epoch_of,
    finishing_epoch,
    hard_pairs,
    hardening_epoch,
    news_pairs,
    reviewed_pairs,
    teaching_epoch,
    written_epoch,
)
from embeddings.training_hypotheses import hypothesis_pairs
from embeddings.training_taught import TaughtFile, taught_epoch
from embeddings.training_written import written_pairs

logger = logging.getLogger(__name__)

OUTPUTS = len(LABELS) + 1  # the classes, and tension


@dataclass(frozen=True, slots=True)
class Options:
    """What decides the weights; kept in the checkpoint, and a run that differs from it is refused."""

    seed: int = 20
    batch: int = 32
    max_tokens: int = 96
    encoder_rate: float = 1.5e-4
    head_rate: float = 1e-3
    warmup_pairs: int = 10_000
    frozen_layers: int = 0
    tension_share: float = 0.5
    start: str = ""
    stage: str = "base"
    held_out: int | None = None
    reviewed: str = ""
    hard: str = ""
    dropout: float = 0.0
    written: str = ""
    agreement: float = 0.0
    bfloat16: bool = False
    averaging: float = 0.0
    encoder: str = ""
    taught: str = ""
    taught_share: float = 0.0
    taught_bias: float = 0.0


@dataclass(frozen=True, slots=True)
class Batch:
    """`ids`, `types`, `mask`: int64 (batch, tokens); `allowed`: bool (batch, 3); `taught`: a teacher's logits, float
    (batch, 4), nothing but NaN where none was asked; the others: float (batch)."""

    ids: torch.Tensor
    types: torch.Tensor
    mask: torch.Tensor
    allowed: torch.Tensor
    tension: torch.Tensor
    tension_weight: torch.Tensor
    class_weight: torch.Tensor
    taught: torch.Tensor

    def to(self, device: str) -> Batch:
        """The same on the device of that name."""
        return Batch(*(getattr(self, field.name).to(device, non_blocking=True) for field in fields(self)))


def packaged_encoder() -> Callable[[list[str]], np.ndarray]:
    """A function that gives unit vectors (n, 384) of n texts."""
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(encoder_folder(), device="cpu")
    return lambda texts: encoder.encode(texts, batch_size=64, normalize_embeddings=True, show_progress_bar=False)


def cached_news_pairs(data: Path, cache: Path) -> list[TrainingPair]:
    """The news pairs, mined once and kept beside the checkpoint."""
    path = cache / "news_pairs.jsonl"
    if not path.exists():
        pairs = news_pairs(data, packaged_encoder())
        part = path.with_suffix(".part")
        with part.open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(asdict(pair)) + "\n" for pair in pairs)
        os.replace(part, path)
    with path.open(encoding="utf-8") as lines:
        return [TrainingPair(**json.loads(line)) for line in lines]


# A pair's tokens, which of its texts each is of (both (tokens)), and the pair.
Item = tuple[Sequence[int], Sequence[int], TrainingPair]


class PairTokens:
    """The tokens of pairs; those that were asked for the time before are not worked out again, since for a fast network
    cutting texts takes longer than learning."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase):
        self.padding = tokenizer.pad_token_id
        self._tokenizer = tokenizer
        self._known: dict[tuple[str, str], tuple[np.ndarray, np.ndarray]] = {}

    def of(self, pairs: Sequence[TrainingPair]) -> list[Item]:
        """All pairs with their tokens, in order, however long."""
        texts = [(pair.premise, pair.hypothesis) for pair in pairs]
        wanted = dict.fromkeys(texts)
        self._known = {both: tokens for both, tokens in self._known.items() if both in wanted}
        unknown = [both for both in wanted if both not in self._known]
        for start in range(0, len(unknown), 4096):
            chunk = unknown[start : start + 4096]
            tokens = self._tokenizer(*map(list, zip(*chunk, strict=True)), truncation=False, verbose=False)
            for both, ids, kinds in zip(chunk, tokens["input_ids"], kinds_of(tokens), strict=True):
                self._known[both] = np.array(ids, dtype=np.int32), np.array(kinds, dtype=np.int8)
        return [(*self._known[both], pair) for both, pair in zip(texts, pairs, strict=True)]


class BatchStream:
    """Batches of one epoch after another; every batch is known by (epoch, place) alone."""

    def __init__(self, data: Path, news: list[TrainingPair], options: Options):
        self.data, self.news, self.options = data, news, options
        self.reviewed = list(reviewed_pairs(Path(options.reviewed))) if options.reviewed else []
        self.hard = list(hard_pairs(Path(options.hard))) if options.hard else []
        corpus = data / "corpus" / "news_20k.jsonl.gz"
        self.written, self.hypotheses = [], []
        if options.written:
            self.written = list(written_pairs(Path(options.written), corpus))
            self.hypotheses = list(hypothesis_pairs(Path(options.written), data))
        self.taught = list(TaughtFile(Path(options.taught)).pairs(options.taught_bias)) if options.taught else []
        self.tokens = PairTokens(AutoTokenizer.from_pretrained(options.encoder or encoder_folder()))

    def epoch(self, number: int) -> list[list[Item]]:
        """Batches of about one length each, in shuffled order."""
        seed = self.options.seed + number
        if self.options.stage == "finish":
            pairs = finishing_epoch(self.data, self.news, seed, self.options.held_out, self.reviewed)
        elif self.options.stage == "harden":
            pairs = hardening_epoch(self.data, self.news, [*self.hard, *self.reviewed], seed)
        elif self.options.stage == "written":
            own = [*self.written, *self.hypotheses, *self.reviewed]
            pairs = written_epoch(self.data, self.news, self.hard, own, seed)
        elif self.options.stage == "taught":
            pairs = taught_epoch([*self.taught, *self.reviewed], seed)
        elif self.options.stage == "teach":
            pairs = teaching_epoch(self.data, self.news, [*self.written, *self.hypotheses, *self.reviewed], seed)
        else:
            own = [*(WRITTEN_REPEATS * self.written), *self.hypotheses, *self.reviewed]
            pairs = epoch_of(self.data, [*self.news, *own], seed)
        encoded = [item for item in self.tokens.of(pairs) if len(item[0]) <= self.options.max_tokens]
        size, batches = self.options.batch, []
        for start in range(0, len(encoded), size * 64):
            window = sorted(encoded[start : start + size * 64], key=lambda item: len(item[0]))
            batches += [window[at : at + size] for at in range(0, len(window), size)]
        random.Random(self.options.seed + number).shuffle(batches)
        logger.info("epoch %d: %d pairs, %d of them short enough", number, len(pairs), len(encoded))
        return batches

    def after(self, epoch: int, place: int) -> Iterator[tuple[int, int, Batch]]:
        """Batches from (`epoch`, `place`) on, without end, each with the position that follows it."""
        while True:
            batches = self.epoch(epoch)
            for number in range(place, len(batches)):
                yield epoch, number + 1, collate(batches[number], self.tokens.padding)
            epoch, place = epoch + 1, 0


def kinds_of(tokens: BatchEncoding) -> list[list[int]]:
    """Which of the two texts each token is of; nothing but zeros for a tokenizer that does not say (MPNet's)."""
    return tokens.get("token_type_ids") or [[0] * len(ids) for ids in tokens["input_ids"]]


def collate(items: Sequence[Item], padding: int) -> Batch:
    """Pad to the longest of the batch by the token `padding`."""
    tokens, kinds, pairs = zip(*items, strict=True)
    lengths = torch.tensor([len(ids) for ids in tokens])
    taken = torch.arange(int(lengths.max())) < lengths[:, None]
    ids = torch.full(taken.shape, padding, dtype=torch.long)
    types = torch.zeros_like(ids)
    ids[taken] = torch.from_numpy(np.concatenate(tokens).astype(np.int64))
    types[taken] = torch.from_numpy(np.concatenate(kinds).astype(np.int64))
    allowed = torch.tensor([pair.allowed or ANY for pair in pairs])[:, None] >> torch.arange(len(LABELS)) & 1
    tension = torch.tensor([float(pair.tension or 0) for pair in pairs])
    tension_weight = torch.tensor([0.0 if pair.tension is None else pair.tension_weight for pair in pairs])
    class_weight = torch.tensor([pair.class_weight for pair in pairs])
    taught = torch.tensor([pair.logits or (torch.nan,) * OUTPUTS for pair in pairs])
    return Batch(ids, types, taken.long(), allowed.bool(), tension, tension_weight, class_weight, taught)
