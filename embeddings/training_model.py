"""The network that is trained: where it begins, how features are left out of it, what its answers cost."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from claims.reader_weights import encoder_folder
from embeddings.bert import first_token_logits
from embeddings.training_batches import Batch, Options
from embeddings.training_data import LABELS, pair_from_row, read_rows
from embeddings.training_size import layers_in, widened

OUTPUT_LABELS = (*LABELS, "tension")
WARMTH = 2.0


def new_model(start: str = "", encoder: str = "") -> nn.Module:
    """MiniLM, or the encoder in the folder `encoder`, with a fresh four-way head: three entailment classes and tension;
    or the weights that `start` holds, a checkpoint's folder or an exported one, with all of MiniLM’s tokens."""
    if start and (Path(start) / "config.json").exists():
        model = AutoModelForSequenceClassification.from_pretrained(start, dtype=torch.float32)
        return widened(model, Path(start))
    if start:
        state = Checkpoint(Path(start)).load()
        if state is None:
            sys.exit(f"neither a checkpoint nor a model in {start}")
        return model_of(weights_in(state), encoder)
    return _fresh_model(encoder or encoder_folder())


def model_of(weights: dict[str, torch.Tensor], encoder: str = "") -> nn.Module:
    """The network whose weights these are, as deep as they say."""
    model = _fresh_model(encoder or encoder_folder(), num_hidden_layers=layers_in(weights))
    model.load_state_dict(weights)
    return model


def _fresh_model(encoder: str, **sizes: int) -> nn.Module:
    names = dict(enumerate(OUTPUT_LABELS))
    return AutoModelForSequenceClassification.from_pretrained(
        encoder,
        num_labels=len(names),
        id2label=names,
        label2id={name: place for place, name in names.items()},
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        dtype=torch.float32,
        **sizes,
    )


class Checkpoint:
    """One file in a folder, replaced in one step; holds weights, optimiser, options and the place in the data."""

    def __init__(self, folder: Path):
        self.path = folder / "checkpoint.pt"
        folder.mkdir(parents=True, exist_ok=True)

    def save(self, state: dict) -> None:
        part = self.path.with_suffix(".part")
        torch.save(state, part)
        os.replace(part, self.path)

    def load(self) -> dict | None:
        return torch.load(self.path, weights_only=True, map_location="cpu") if self.path.exists() else None


def weights_in(state: dict) -> dict[str, torch.Tensor]:
    """What a checkpoint is worth: the running mean of its weights where one was kept, else the last ones."""
    mean = state.get("mean")
    if not mean:
        return state["model"]
    return {name.removeprefix("module."): weight for name, weight in mean.items() if name.startswith("module.")}


def blended(weights: dict[str, torch.Tensor], other: Path, share: float) -> dict[str, torch.Tensor]:
    """The mean of a checkpoint's weights and those of the checkpoint or model in `other`, which count `share` (0 to 1).

    Two runs of one recipe from one start lie in one valley; their mean generalises better than either.
    """
    if not 0 <= share <= 1:
        sys.exit(f"--share {share} is not between 0 and 1")
    others = new_model(str(other)).state_dict()
    depths = layers_in(weights), layers_in(others)
    if depths[0] != depths[1]:
        sys.exit(f"--blend {other} has {depths[1]} layers; choose one of {depths[0]}, as the checkpoint has")
    return {
        name: (1 - share) * weight + share * others[name] if weight.is_floating_point() else weight
        for name, weight in weights.items()
    }


class RowDropout(nn.Module):
    """Leaves out features of whole rows: one draw for all tokens of a text.

    A draw for every token and every weight of attention takes a processor longer than the products do.
    """

    def __init__(self, share: float):
        super().__init__()
        self.share = share

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """`hidden` is (rows, …, features)."""
        if not self.training or not self.share:
            return hidden
        ones = hidden.new_ones(len(hidden), *[1] * (hidden.ndim - 2), hidden.shape[-1])
        return hidden * nn.functional.dropout(ones, self.share)


def use_row_dropout(model: nn.Module, share: float) -> None:
    """`share` of the features after the embeddings and in each layer; the weights of attention stay whole."""
    model.base_model.embeddings.dropout = RowDropout(share)
    for layer in model.base_model.encoder.layer:
        # BERT's names, or MPNet's.
        weighing = layer.attention.self if hasattr(layer.attention, "self") else layer.attention.attn
        weighing.dropout = nn.Identity()
        after = layer.attention.output if hasattr(layer.attention, "output") else layer.attention
        after.dropout = layer.output.dropout = RowDropout(share)
    if hasattr(model, "dropout"):
        model.dropout = RowDropout(share)


def optimiser_for(model: nn.Module, options: Options) -> torch.optim.Optimizer:
    """AdamW over what is trained; embeddings and the lowest `frozen_layers` layers stay as they came."""
    base = model.base_model
    base.embeddings.requires_grad_(False)
    for layer in base.encoder.layer[: options.frozen_layers]:
        layer.requires_grad_(False)
    pooler = getattr(base, "pooler", None)
    head = [*model.classifier.parameters(), *(pooler.parameters() if pooler else ())]
    body = [weight for weight in base.encoder.parameters() if weight.requires_grad]
    groups = [
        {"params": [weight for weight in body if weight.ndim > 1], "lr": options.encoder_rate, "weight_decay": 0.01},
        {"params": [weight for weight in body if weight.ndim == 1], "lr": options.encoder_rate, "weight_decay": 0.0},
        {"params": head, "lr": options.head_rate, "weight_decay": 0.0},
    ]
    for group in groups:
        group["peak"] = group["lr"]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6, fused=True)


def running_mean(model: nn.Module, share: float) -> AveragedModel:
    """A copy of `model` that each `update_parameters` draws towards it by `share` (0 to 1).

    The mean over the last steps lies deeper in the valley than any of them, and needs no falling rate.
    """
    return AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(1 - share))


def disagreement(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """How far two readings of one batch under different dropout lie apart: the mean of both Kullback-Leibler
    divergences of the classes (R-Drop, Liang et al. 2021), plus that of tension."""
    classes = [torch.log_softmax(logits[:, :3], dim=1) for logits in (one, other)]
    tension = [nn.functional.logsigmoid(torch.stack([logits[:, 3], -logits[:, 3]], dim=1)) for logits in (one, other)]
    apart = [
        nn.functional.kl_div(left, right, reduction="batchmean", log_target=True)
        for first, second in (classes, tension)
        for left, right in ((first, second), (second, first))
    ]
    return torch.stack(apart).sum() / 2


def loss_of(logits: torch.Tensor, batch: Batch, tension_share: float, taught_share: float = 0.0) -> torch.Tensor:
    """Mean loss: minus log of the probability of the allowed classes, plus binary cross-entropy of tension; of pairs
    that a teacher was asked of, `taught_share` (0 to 1) of it is the distance from the teacher's answer instead."""
    entailment = torch.log_softmax(logits[:, :3], dim=1)
    entailment = -torch.logsumexp(entailment.masked_fill(~batch.allowed, -torch.inf), dim=1)
    tension = nn.functional.binary_cross_entropy_with_logits(logits[:, 3], batch.tension, reduction="none")
    labelled = batch.class_weight * entailment + tension_share * batch.tension_weight * tension
    if not taught_share:
        return labelled.mean()
    taught = ~batch.taught[:, 0].isnan()
    distance = distance_from_teacher(logits, batch.taught.nan_to_num(), tension_share)
    return torch.where(taught, taught_share * distance + (1 - taught_share) * labelled, labelled).mean()


def distance_from_teacher(logits: torch.Tensor, taught: torch.Tensor, tension_share: float) -> torch.Tensor:
    """(batch): Kullback-Leibler divergence of the classes from the teacher's, both softened by WARMTH (Hinton et al.
    2015), plus cross-entropy of tension with the teacher's."""
    own, wanted = (torch.log_softmax(part[:, :3] / WARMTH, dim=1) for part in (logits, taught))
    classes = nn.functional.kl_div(own, wanted, reduction="none", log_target=True).sum(dim=1) * WARMTH**2
    tension = nn.functional.binary_cross_entropy_with_logits(logits[:, 3], taught[:, 3].sigmoid(), reduction="none")
    return classes + tension_share * tension


def logits_of(model: nn.Module, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Logits (batch, labels) of a BERT classifier, or of one of another kind, which is not told the types."""
    if hasattr(model, "bert"):
        return first_token_logits(model, ids, types, mask)
    return model(input_ids=ids, attention_mask=mask).logits


def batch_loss(model: nn.Module, batch: Batch, options: Options) -> torch.Tensor:
    """The loss of one batch; with `options.agreement`, of two readings of it that dropout makes differ."""
    twice = 2 if options.agreement else 1
    ids, types, mask = (part.repeat(twice, 1) for part in (batch.ids, batch.types, batch.mask))
    with torch.autocast(ids.device.type, dtype=torch.bfloat16, enabled=options.bfloat16):
        readings = logits_of(model, ids, types, mask).float().chunk(twice)
    shares = options.tension_share, options.taught_share
    loss = torch.stack([loss_of(logits, batch, *shares) for logits in readings]).mean()
    return loss + options.agreement * disagreement(*readings) if options.agreement else loss


def accuracy(model: nn.Module, path: Path, most: int, encoder: str = "") -> float:
    """Accuracy on the first `most` rows of an entailment file, two-way files scored two-way."""
    tokenizer, device = AutoTokenizer.from_pretrained(encoder or encoder_folder()), next(model.parameters()).device
    rows = [row for _, row in zip(range(most), read_rows(path), strict=False)]
    rows.sort(key=lambda row: len(row["premise"]) + len(row["hypothesis"]))
    right = 0
    model.eval()
    for start in range(0, len(rows), 64):
        chunk = rows[start : start + 64]
        tokens = tokenizer(
            [row["premise"] for row in chunk],
            [row["hypothesis"] for row in chunk],
            truncation=True,
            max_length=128,
            padding=True,
            return_tensors="pt",
        ).to(device)
        with torch.inference_mode():
            logits = logits_of(model, tokens["input_ids"], tokens.get("token_type_ids"), tokens["attention_mask"])
        for row, best in zip(chunk, logits[:, :3].argmax(1).tolist(), strict=True):
            right += bool(pair_from_row(row, "dev").allowed >> best & 1)
    model.train()
    return right / len(rows)
