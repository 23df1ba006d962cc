"""Which differences of a network's matrices change what it says, and which hardly do."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import nn
from transformers import PreTrainedTokenizerBase

from embeddings.training_batches import Batch, Options, PairTokens, collate
from embeddings.training_data import TrainingPair
from embeddings.training_model import logits_of

logger = logging.getLogger(__name__)

_BATCH = 12
# Of the mean curvature of all directions: so much is assumed of each, since few pairs were looked at.
_DAMPING = 0.1


@dataclass
class Curvature:
    """How a network's logits answer to one of its matrices (outputs, inputs), by two second moments: of what comes in,
    `inputs` (inputs, inputs), and of the logits' gradients by what goes out, `gradients` (outputs, outputs).

    Both are sums over tokens. How much a change of the matrix changes the logits, squared and on average, is its
    product with the mean of `inputs` over tokens and of `gradients` over pairs, taken as if the two were independent
    (Martens & Grosse 2015, arXiv:1503.05671).
    """

    inputs: torch.Tensor
    gradients: torch.Tensor
    tokens: int = 0
    pairs: int = 0

    def strongest(self, difference: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Left (outputs, n), strengths (n), right (n, inputs), whose product is `difference`: the directions in the
        order of how much they change the logits. Left and right are not of length one."""
        left_root, left_back = _roots(self.gradients / self.pairs)
        right_root, right_back = _roots(self.inputs / self.tokens)
        left, strengths, right = torch.linalg.svd(left_root @ difference @ right_root, full_matrices=False)
        return left_back @ left, strengths, right @ right_back


def _roots(moments: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The square root of damped second moments, and its inverse."""
    values, vectors = torch.linalg.eigh(moments)
    values = values.clamp(min=0)
    roots = (values + _DAMPING * values.mean()).clamp(min=torch.finfo(values.dtype).tiny).sqrt()
    return (vectors * roots) @ vectors.T, (vectors / roots) @ vectors.T


def curvatures(
    model: nn.Module, tokenizer: PreTrainedTokenizerBase, pairs: Sequence[TrainingPair], seed: int = 0
) -> dict[str, Curvature]:
    """The curvature of each matrix in the layers of `model`, by its name, on `pairs`; those too long are left out.

    Afterwards nothing of `model` takes gradients.

    Raises:
        ValueError: no pair is short enough.
    """
    model.eval()
    chance = torch.Generator().manual_seed(seed)
    found: dict[str, Curvature] = {}
    mask: list[torch.Tensor] = []
    hooks = [
        module.register_forward_hook(_watching(f"{name}.weight", mask, found))
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear) and ".layer." in name
    ]
    model.requires_grad_(False)
    # So that gradients go through all layers.
    model.get_input_embeddings().weight.requires_grad_(True)
    done = 0
    try:
        for batch in _batches(tokenizer, pairs, seed):
            mask[:] = [batch.mask.bool().flatten()]
            logits = logits_of(model, batch.ids, batch.types, batch.mask)
            # Gradients of a sum that is weighed by chance: their squares are, on average, those of all logits.
            (torch.randn(logits.shape, generator=chance) * logits).sum().backward()
            model.zero_grad()
            done += len(batch.ids)
            if done // 240 > (done - len(batch.ids)) // 240:
                logger.info("%d of %d pairs looked at", done, len(pairs))
    finally:
        model.requires_grad_(False)
        for hook in hooks:
            hook.remove()
    if not done:
        raise ValueError(f"none of {len(pairs)} pairs is short enough to look at")
    for curvature in found.values():
        curvature.pairs = done
    return found


def _watching(name: str, mask: list[torch.Tensor], found: dict[str, Curvature]):
    """A hook that adds to what is found of a matrix what comes in and, later, the gradients by what goes out."""

    def forward(module: nn.Module, inputs: tuple[torch.Tensor], output: torch.Tensor) -> None:
        if not output.requires_grad:
            return
        kept = mask[0]
        known = found.setdefault(
            name, Curvature(*(torch.zeros(size, size) for size in (module.in_features, module.out_features)))
        )
        came = inputs[0].detach().flatten(0, -2)[kept]
        known.inputs += came.T @ came
        known.tokens += len(came)

        def backward(gradient: torch.Tensor) -> None:
            went = gradient.flatten(0, -2)[kept]
            known.gradients += went.T @ went

        output.register_hook(backward)

    return forward


def _batches(tokenizer: PreTrainedTokenizerBase, pairs: Sequence[TrainingPair], seed: int) -> Iterator[Batch]:
    """Batches of pairs of like length, in an order by chance."""
    tokens = PairTokens(tokenizer)
    items = sorted(
        (item for item in tokens.of(pairs) if len(item[0]) <= Options().max_tokens), key=lambda item: len(item[0])
    )
    batches = [items[start : start + _BATCH] for start in range(0, len(items), _BATCH)]
    random.Random(seed).shuffle(batches)
    for batch in batches:
        yield collate(batch, tokens.padding)
