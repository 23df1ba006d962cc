"""A BERT classifier worked out faster than its own forward does it, with the same answers, for training.

`claims.bert.FastBert` is for reading only and faster still.
"""

from __future__ import annotations

import torch
from torch import nn


def first_token_logits(model: nn.Module, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Logits (batch, labels), equal to the model's own, with the last layer worked out for [CLS] only.

    The classifier reads nothing but [CLS]; leaving the other places out of the last layer saves a seventh of the work.
    """
    bert = model.bert
    hidden = bert.embeddings(input_ids=ids, token_type_ids=types)
    # To look at a mask on a graphics card means to wait for all that the card was given to do before.
    whole = mask.device.type == "cpu" and bool(mask.all())
    hidden_places = None if whole else ~mask[:, None, None, :].bool()
    for layer in bert.encoder.layer[:-1]:
        hidden = _layer(layer, hidden, hidden, hidden_places)
    hidden = _layer(bert.encoder.layer[-1], hidden[:, :1], hidden, hidden_places)
    return model.classifier(bert.pooler(hidden))


def _layer(
    layer: nn.Module, asking: torch.Tensor, hidden: torch.Tensor, hidden_places: torch.Tensor | None
) -> torch.Tensor:
    """One layer's answer for the places `asking` (batch, places, width), which look at all of `hidden`.

    The attention is spelled out: PyTorch's fused one is several times slower on the way back in bfloat16, and with
    dropout.
    """
    attention = layer.attention.self
    heads, size = attention.num_attention_heads, attention.attention_head_size

    def split(rows: torch.Tensor) -> torch.Tensor:
        return rows.view(*rows.shape[:2], heads, size).transpose(1, 2)

    query, key = split(attention.query(asking)), split(attention.key(hidden))
    scores = (query * size**-0.5) @ key.transpose(-1, -2)
    if hidden_places is not None:
        scores = scores.masked_fill(hidden_places, -torch.inf)
    weights = attention.dropout(scores.softmax(dim=-1))
    context = (weights @ split(attention.value(hidden)).to(weights.dtype)).transpose(1, 2).reshape(asking.shape)
    rows = layer.attention.output(context, asking)
    return layer.output(layer.intermediate(rows), rows)
