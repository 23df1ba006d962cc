"""A larger network, read as fast as the processor can, to answer what the small one is to learn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import nn
from transformers import PreTrainedTokenizerBase

from claims.bert import IntegerProduct, batches, has_fast_integers
from embeddings.training_data import TrainingPair
from embeddings.training_model import logits_of


class IntegerLinear(nn.Module):
    """A linear layer for reading only, in 8-bit integers."""

    def __init__(self, layer: nn.Linear):
        super().__init__()
        self._product = IntegerProduct(layer)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """`rows` is float32 (…, features)."""
        flat = rows.reshape(-1, rows.shape[-1])
        return self._product(flat).view(*rows.shape[:-1], -1)


def made_fast(model: nn.Module) -> nn.Module:
    """The same network for reading only: every linear layer of its encoder in 8-bit integers where that is faster."""
    model.eval()
    if has_fast_integers():
        for module in list(model.base_model.encoder.modules()):
            for name, child in module.named_children():
                if isinstance(child, nn.Linear):
                    setattr(module, name, IntegerLinear(child))
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
    for chosen in batches([len(tokens[at]) for at in short]):
        places = [short[at] for at in chosen]
        batch = tokenizer.pad({"input_ids": [tokens[at] for at in places]}, return_tensors="pt")
        with torch.inference_mode():
            ids = batch["input_ids"]
            logits[places] = logits_of(model, ids, torch.zeros_like(ids), batch["attention_mask"]).float().numpy()
    for at in short:
        yield replace(pairs[at], logits=tuple(round(float(one), 3) for one in logits[at]))
