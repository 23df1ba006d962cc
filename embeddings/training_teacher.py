"""A larger network, read as fast as the processor can, to answer what the small one is to learn."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import nn
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from claims.bert import BATCH_TOKENS, batches, use_integers
from claims.reader_weights import encoder_folder
from embeddings.training_batches import Options
from embeddings.training_data import TrainingPair
from embeddings.training_model import Checkpoint, logits_of, model_of, weights_in
from embeddings.training_taught import TaughtFile

logger = logging.getLogger("embeddings.train")

ASKED_AT_ONCE = 2048
# Tokens that go through a graphics card at once.
DEVICE_TOKENS = 65_536


def made_fast(model: nn.Module) -> nn.Module:
    """The same network for reading only: every linear layer of its encoder in 8-bit integers where that is faster, and
    on a graphics card all of it in half precision."""
    model.eval()
    if next(model.parameters()).device.type != "cpu":
        return model.half()
    use_integers(model.base_model.encoder)
    return model


def answers(
    model: nn.Module,
    tokenizer: PreTrainedTokenizerBase,
    pairs: Sequence[TrainingPair],
    max_tokens: int,
) -> Iterator[TrainingPair]:
    """The pairs of at most `max_tokens` tokens with the logits (4,) that `model` gives them, in order."""
    tokens = tokenizer([pair.premise for pair in pairs], [pair.hypothesis for pair in pairs], verbose=False)[
        "input_ids"
    ]
    short = [at for at, ids in enumerate(tokens) if len(ids) <= max_tokens]
    logits = np.zeros((len(pairs), model.config.num_labels), dtype=np.float32)
    device = next(model.parameters()).device
    at_once = BATCH_TOKENS if device.type == "cpu" else DEVICE_TOKENS
    for chosen in batches([len(tokens[at]) for at in short], at_once):
        places = [short[at] for at in chosen]
        batch = tokenizer.pad({"input_ids": [tokens[at] for at in places]}, return_tensors="pt").to(device)
        with torch.inference_mode():
            ids = batch["input_ids"]
            found = logits_of(model, ids, torch.zeros_like(ids), batch["attention_mask"])
            logits[places] = found.float().cpu().numpy()
    for at in short:
        yield replace(pairs[at], logits=tuple(round(float(one), 3) for one in logits[at]))


def joint_answers(
    teachers: Sequence[tuple[nn.Module, PreTrainedTokenizerBase]], pairs: Sequence[TrainingPair], max_tokens: int
) -> Iterator[TrainingPair]:
    """The same with the mean of what several teachers of one tokenizer say."""
    for told in zip(*(answers(*teacher, pairs, max_tokens) for teacher in teachers), strict=True):
        mean = np.mean([pair.logits for pair in told], axis=0)
        yield replace(told[0], logits=tuple(round(float(one), 3) for one in mean))


def teacher_in(folder: Path, device: str = "cpu") -> tuple[nn.Module, PreTrainedTokenizerBase]:
    """The network of the checkpoint in a folder, for reading only, and its tokenizer."""
    state = Checkpoint(folder).load()
    if state is None:
        sys.exit(f"no checkpoint in {folder}")
    encoder = Options(**state["options"]).encoder
    model = model_of(weights_in(state), encoder)
    return made_fast(model.to(device)), AutoTokenizer.from_pretrained(encoder or encoder_folder())


def ask(
    teachers: Sequence[tuple[nn.Module, PreTrainedTokenizerBase]], asked: Sequence[TrainingPair], kept: TaughtFile
) -> None:
    """Has the teachers answer those of the pairs `asked` that `kept` does not hold yet."""
    done, started = kept.asked(), time.monotonic()
    for start in range(done, len(asked), ASKED_AT_ONCE):
        part = asked[start : start + ASKED_AT_ONCE]
        kept.add(joint_answers(teachers, part, Options().max_tokens), start + len(part))
        rate = (start + len(part) - done) / (time.monotonic() - started)
        logger.info("%d of %d pairs, %.1f pairs/s", start + len(part), len(asked), rate)
