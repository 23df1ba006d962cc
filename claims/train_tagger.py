"""Train the attribution tagger that ships with Counterclaim.

    python -m claims.train_tagger --train polnear_train.jsonl.gz --checkpoint DIR --epochs 4 --out claims/model

Rows have ``text`` and ``attributions`` (``source``, ``cue``, ``content``: lists of ``start``, ``end``). A run that was
cut goes on from its checkpoint, epoch by epoch; the same seed and data give the same weights.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from transformers import AutoTokenizer

from claims.tagger import LABELS, Encoded, encode, encoder_folder, marked, new_model, save_weights

logger = logging.getLogger("claims.train_tagger")
_BATCH_TOKENS = 2048
_IGNORED = -100


@dataclass(frozen=True, slots=True)
class Example:
    """Token ids, segment ids and labels (places in LABELS), all of one length."""

    ids: list[int]
    types: list[int]
    labels: list[int]


def examples_of(row: dict, tokenizer) -> Iterator[Example]:
    """One example a stretch of text for the reporting words, and one for each of these with its source and content."""
    start = 0
    for paragraph in row["text"].split("\n"):
        if paragraph.strip():
            for part in encode(tokenizer, paragraph):
                yield from _part_examples(part, start, row["attributions"])
        start += len(paragraph) + 1


def _part_examples(part: Encoded, base: int, attributions: list[dict]) -> Iterator[Example]:
    low, high = base + part.offsets[0][0], base + part.offsets[-1][1]
    here = [one for one in attributions if one["cue"] and low <= one["cue"][0]["start"] < high]
    cues = labelled(part, base, [span for one in here for span in one["cue"]], "cue")
    yield Example(part.ids, [0] * len(part.ids), cues)
    for one in here:
        cue = (one["cue"][0]["start"] - base, one["cue"][-1]["end"] - base)
        labels = labelled(part, base, one["content"], "content")
        for place, label in enumerate(labelled(part, base, one["source"], "source")):
            if label != LABELS.index("O"):
                labels[place] = label
        yield Example(part.ids, marked(part, cue), labels)


def labelled(part: Encoded, base: int, spans: list[dict], name: str) -> list[int]:
    """Labels of a stretch: each span's first token begins it, its others continue it; outer marks are "O"."""
    labels = []
    opened: int | None = None
    for start, end in part.offsets:
        within = [at for at, span in enumerate(spans) if span["start"] - base < end and start < span["end"] - base]
        if not within:
            labels.append(LABELS.index("O"))
            opened = None
        else:
            labels.append(LABELS.index(f"I-{name}" if opened == within[0] else f"B-{name}"))
            opened = within[0]
    return [LABELS.index("O"), *labels, LABELS.index("O")]


def batches_of(examples: list[Example], chance: random.Random) -> list[list[Example]]:
    """Batches of about one length each and about as many tokens, in shuffled order."""
    shuffled = chance.sample(examples, len(examples))
    batches = []
    for start in range(0, len(shuffled), 2048):
        window = sorted(shuffled[start : start + 2048], key=lambda one: len(one.ids))
        while window:
            size = max(1, _BATCH_TOKENS // len(window[min(len(window) - 1, 63)].ids))
            batches.append(window[:size])
            window = window[size:]
    chance.shuffle(batches)
    return batches


def loss_of(model: nn.Module, batch: list[Example]) -> torch.Tensor:
    """Mean cross-entropy over the tokens of a batch."""
    longest = max(len(one.ids) for one in batch)

    def padded(name: str, filler: int) -> torch.Tensor:
        return torch.tensor([getattr(one, name) + [filler] * (longest - len(one.ids)) for one in batch])

    ids, types, labels = padded("ids", 0), padded("types", 0), padded("labels", _IGNORED)
    mask = torch.tensor([[1] * len(one.ids) + [0] * (longest - len(one.ids)) for one in batch])
    logits = model(input_ids=ids, token_type_ids=types, attention_mask=mask).logits
    return nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=_IGNORED)


def train(args: argparse.Namespace) -> int:
    """Train for `--epochs` epochs, saving after each, and write the weights to `--out`."""
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    tokenizer = AutoTokenizer.from_pretrained(encoder_folder())
    with gzip.open(args.train, "rt", encoding="utf-8") as lines:
        examples = [example for line in lines for example in examples_of(json.loads(line), tokenizer)]
    logger.info("%d examples, %d tokens", len(examples), sum(len(one.ids) for one in examples))
    model = new_model()
    model.bert.embeddings.requires_grad_(False)
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    head = list(model.classifier.parameters())
    body = [weight for weight in trained if all(weight is not one for one in head)]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": args.rate}, {"params": head, "lr": 10 * args.rate}], weight_decay=0.01, fused=True
    )
    total = args.epochs * len(batches_of(examples, random.Random(args.seed)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.05 * total), max(0.0, (total - step) / (0.95 * total)))
    )
    args.checkpoint.mkdir(parents=True, exist_ok=True)
    path = args.checkpoint / "tagger.pt"
    done = 0
    if path.exists():
        state = torch.load(path, weights_only=True)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        done = state["epochs"]
        logger.info("going on after %d epochs", done)
    for epoch in range(done, args.epochs):
        model.train()
        torch.manual_seed(args.seed + epoch)
        started, losses = time.monotonic(), []
        for batch in batches_of(examples, random.Random(args.seed + epoch)):
            loss = loss_of(model, batch)
            loss.backward()
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
            losses.append(loss.item())
            if len(losses) % 200 == 0:
                logger.info("epoch %d, %d batches, loss %.4f", epoch, len(losses), sum(losses[-200:]) / 200)
        logger.info("epoch %d: loss %.4f, %.0f s", epoch, sum(losses) / len(losses), time.monotonic() - started)
        part = path.with_suffix(".part")
        torch.save(
            {
                "model": model.state_dict(),
                "optimiser": optimiser.state_dict(),
                "schedule": schedule.state_dict(),
                "epochs": epoch + 1,
            },
            part,
        )
        os.replace(part, path)
    save_weights(model, args.out)
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m claims.train_tagger", description=__doc__.split("\n")[0])
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    return train(args)


if __name__ == "__main__":
    sys.exit(main())
