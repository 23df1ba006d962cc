"""From a large network that was trained to the small folder that ships of it: see `embeddings.packed`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

from embeddings.entailment import class_places
from embeddings.packed import FORMAT, LEFT, RIGHT, WHOLE, pack
from embeddings.second_model import BASE_SHA256, DESCRIPTION, PREFIX, WEIGHTS
from embeddings.training_curvature import Curvature

_FEW = 100_000  # what has no more numbers than this is kept whole
# Without the directions that are left out a network differs from its base by less than it learned to; on the dev
# readings its answers are nearest to the whole one's where the rest makes up for that.
_MADE_UP_FOR = 1.03


def pack_second(
    network: torch.nn.Module,
    base: dict[str, torch.Tensor],
    out: Path,
    numbers: int,
    curvatures: Mapping[str, Curvature],
    tension_bias: float = 0.0,
) -> None:
    """Writes by how much an MPNet classifier differs from the weights `base`, in about `numbers` numbers of few bits.

    Each layer's matrices differ in directions, some of which matter more: those are kept, over all matrices, that for
    what they take change most of what the network says, by `curvatures` (by the matrices' names). The embeddings of
    words and places are left as they were. `tension_bias` is added to the logit of tension.
    """
    weights = {name: weight.detach().float() for name, weight in network.state_dict().items()}
    last = weights["classifier.out_proj.bias"].clone()
    last[class_places(network.config.id2label)["tension"]] += tension_bias
    weights["classifier.out_proj.bias"] = last
    parts: dict[str, np.ndarray] = {}
    directions = {}
    for name, weight in weights.items():
        known = base.get(name.removeprefix(PREFIX))
        if known is None and weight.ndim == 2 and weight.numel() > _FEW:
            parts |= {name + WHOLE + key: value for key, value in pack(weight.numpy()).items()}
        elif known is not None and weight.ndim == 2 and ".layer." in name:
            directions[name] = curvatures[name].strongest(weight - known)
        elif known is None or weight.numel() <= _FEW:
            parts[name] = (weight - (0 if known is None else known)).numpy().astype(np.float16)
    for name, kept in _kept(directions, numbers).items():
        left, strengths, right = directions[name]
        columns, rows = (left[:, :kept] * strengths[:kept] * _MADE_UP_FOR).T, right[:kept]
        # Both sides equally long, so that neither loses more by its steps.
        longer = (columns.norm(dim=1, keepdim=True) / rows.norm(dim=1, keepdim=True)).sqrt()
        for side, matrix in ((LEFT, columns / longer), (RIGHT, rows * longer)):
            parts |= {name + side + key: value for key, value in pack(matrix.contiguous().numpy()).items()}
    out.mkdir(parents=True, exist_ok=True)
    save_file(parts, str(out / WEIGHTS))
    description = {**_described(network), "format": FORMAT, "base_sha256": BASE_SHA256}
    (out / DESCRIPTION).write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")


def _described(network: torch.nn.Module) -> dict:
    """The network's sizes and labels, without where it was trained."""
    return {key: value for key, value in network.config.to_diff_dict().items() if not key.startswith("_")}


def _kept(directions: dict, numbers: int) -> dict[str, int]:
    """How many directions of each matrix are kept: those that change most for what they take, in all about
    `numbers` numbers."""
    worth = [
        (float(strength) ** 2 / (len(left) + right.shape[1]), len(left) + right.shape[1], name)
        for name, (left, strengths, right) in directions.items()
        for strength in strengths
    ]
    kept: dict[str, int] = {}
    for _, cost, name in sorted(worth, reverse=True):
        numbers -= cost
        if numbers < 0:
            break
        kept[name] = kept.get(name, 0) + 1
    return kept
