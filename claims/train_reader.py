"""Train the reader that ships with Counterclaim: attributions and check-worthiness from one encoder.

    python -m claims.train_reader --attribution polnear_train.jsonl.gz --worth checkthat2024.jsonl.gz \
        --checkpoint DIR --epochs 3 --out claims/model

Attribution rows have ``text`` and ``attributions`` (``source``, ``cue``, ``content``: lists of ``start``, ``end``), the
others ``text`` and ``label`` (Yes/No or 1/0), perhaps ``split``: only rows of "train" are read then. A run that was cut
goes on from its checkpoint; the same seed, data and options give the same weights, but for what a teacher says and what
a graphics card works out, which no two kinds of machine round alike.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import os
import random
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, islice
from pathlib import Path

import numpy as np
import torch
from torch import nn

from claims.bert import batches, padded_rows
from claims.reader import CONTENT, CUE, CUE_LABELS, SOURCE, Encoded, around, encode, marked, spans_of
from claims.reader_network import LargeReader, ReaderNetwork, load_network, new_network, save_network
from claims.reader_weights import LINKING, encoder_tokenizer

logger = logging.getLogger("claims.train_reader")
FILE = "reader.pt"
_IGNORED = -100
# Words that report nothing, marked as if they did: the second pass learns to find nothing for them.
FALSE_CUES = 0.15
# How many of the reporting words are learned with what stands near them alone, as the reader looks at them at first.
NEAR_SHARE = 0.5
# How much a teacher's answer counts where there is a label too.
TAUGHT_SHARE = 0.7
# Tokens that a teacher reads at once, and paragraphs that it is given at once.
_READ_TOKENS, _READ_AT_ONCE = 32_768, 4096


@dataclass(frozen=True, slots=True)
class Example:
    """Token ids, 1 for those that are marked, and labels, all of one length; `near` are the tokens that are linked with
    what is marked, counted from the one behind the first mark (none: all but the last); `worth` is 1, 0, or -1 where
    nobody said.

    What a teacher says of it: `taught`, float16 (tokens, labels), and `taught_worth`, both logits.
    """

    ids: list[int]
    marks: list[int]
    labels: list[int]
    near: range = range(0)
    worth: int = -1
    taught: np.ndarray | None = None
    taught_worth: float | None = None


def rows_of(path: Path) -> Iterator[dict]:
    """Rows of a gzipped or plain JSON-lines file; of one with splits those for training."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row.get("split", "train").startswith("train"):
                yield row


def worth_examples(path: Path, tokenizer) -> Iterator[Example]:
    """One example a sentence; its tokens' labels are left open."""
    for row in rows_of(path):
        parts = encode(tokenizer, row["text"].strip().strip('"'))
        if parts:
            ids = parts[0].ids
            worth = int(str(row["label"]).lower() in {"yes", "1"})
            yield Example(ids, [0] * len(ids), [_IGNORED] * len(ids), worth=worth)


def attribution_examples(
    row: dict, tokenizer, chance: random.Random, near_share: float = NEAR_SHARE
) -> Iterator[Example]:
    """One example a stretch of text for the reporting words, and one for each of these with its source and content, of
    which `near_share` (0 to 1) hold what stands near the word alone."""
    start = 0
    for paragraph in row["text"].split("\n"):
        if paragraph.strip():
            for part in encode(tokenizer, paragraph):
                yield from _part_examples(part, start, row["attributions"], chance, near_share)
        start += len(paragraph) + 1


def _part_examples(
    part: Encoded, base: int, attributions: list[dict], chance: random.Random, near_share: float
) -> Iterator[Example]:
    low, high = base + part.offsets[0][0], base + part.offsets[-1][1]
    here = [one for one in attributions if one["cue"] and low <= one["cue"][0]["start"] < high]
    # Marks on nothing but blanks mark no token.
    here = [one for one in here if any(marked(part, (one["cue"][0]["start"] - base, one["cue"][-1]["end"] - base)))]
    cues = labelled(part, base, [span for one in here for span in one["cue"]], CUE)
    yield Example(part.ids, [0] * len(part.ids), cues)
    for one in here:
        cue = (one["cue"][0]["start"] - base, one["cue"][-1]["end"] - base)
        labels = labelled(part, base, one["content"], CONTENT)
        for place, label in enumerate(labelled(part, base, one["source"], SOURCE)):
            if label:
                labels[place] = label
        yield linked(part, cue, labels, chance, near_share)
    others = [span for span, label in zip(part.offsets, cues[1:-1], strict=True) if not label and span[1] - span[0] > 2]
    if others and chance.random() < FALSE_CUES:
        yield linked(part, chance.choice(others), [0] * len(part.ids), chance, near_share)


def linked(part: Encoded, cue: tuple[int, int], labels: list[int], chance: random.Random, near_share: float) -> Example:
    """A reporting word with its labels, by `chance` those near it alone."""
    near = around(part, cue) if chance.random() < near_share else range(0)
    return Example(part.ids, marked(part, cue), labels, near)


def labelled(part: Encoded, base: int, spans: list[dict], begin: int) -> list[int]:
    """Labels of a stretch: each span's first token has `begin`, its others `begin` + 1; outer marks have none."""
    labels = []
    opened: int | None = None
    for start, end in part.offsets:
        within = [at for at, span in enumerate(spans) if span["start"] - base < end and start < span["end"] - base]
        if not within:
            labels.append(0)
            opened = None
        else:
            labels.append(begin + 1 if opened == within[0] else begin)
            opened = within[0]
    return [0, *labels, 0]


def batches_of(examples: list[Example], chance: random.Random, tokens: int) -> list[list[Example]]:
    """Batches of about one length each and about as many tokens, in shuffled order; what follows each other in one
    stretch of text stays together, since that is read but once a batch."""
    stretches = [list(stretch) for _, stretch in groupby(examples, key=lambda one: one.ids)]
    chance.shuffle(stretches)
    batches = []
    for start in range(0, len(stretches), 1024):
        batch: list[Example] = []
        for stretch in sorted(stretches[start : start + 1024], key=lambda one: len(one[0].ids)):
            if batch and len(stretch[0].ids) * (len(batch) + len(stretch)) > tokens:
                batches.append(batch)
                batch = []
            batch = batch + stretch
        batches.append(batch)
    chance.shuffle(batches)
    return batches


def loss_of(network: ReaderNetwork, batch: list[Example], bfloat16: bool = False) -> torch.Tensor:
    """Cross-entropy over the tokens that are labelled, plus that of what is worth a check, each a mean."""
    device = network.tags.weight.device
    ids, marks, mask, near = (part.to(device) for part in inputs_of(batch))
    labels = padded_rows([one.labels for one in batch], _IGNORED).to(device).masked_fill(near == 0, _IGNORED)
    with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
        vectors = network.encode(ids, marks, mask, near)
    vectors = vectors.float()
    loss = distance_from_teacher(network, batch, vectors, mask, near)
    left = torch.tensor([1.0 if one.taught is None else 1 - TAUGHT_SHARE for one in batch], device=device)
    known = labels != _IGNORED
    if known.any():
        share = (known.any(dim=1) * left).mean()
        loss = loss + share * nn.functional.cross_entropy(network.tags(vectors[known]), labels[known])
    worth = torch.tensor([one.worth for one in batch], dtype=torch.float32, device=device)
    said = worth >= 0
    if said.any():
        scores = worths_of(network, vectors, mask)
        share = (said * left).mean()
        loss = loss + share * nn.functional.binary_cross_entropy_with_logits(scores[said], worth[said])
    return loss


def inputs_of(batch: list[Example]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Ids, marks, mask and the tokens that are linked, the first mark among them, int64 (batch, tokens); where nothing
    is marked all count as linked."""
    ids, marks = padded_rows([one.ids for one in batch]), padded_rows([one.marks for one in batch])
    near = [one.near or range(len(one.ids) - 2 if any(one.marks) else len(one.ids) - 1) for one in batch]
    linked = [
        [1, *(int(at in places) for at in range(len(one.ids) - 1))] for one, places in zip(batch, near, strict=True)
    ]
    return ids, marks, padded_rows([[1] * len(one.ids) for one in batch]), padded_rows(linked)


def worths_of(network: ReaderNetwork, vectors: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """(batch): the logit of being worth a check, from the mean over the inner tokens, as `ReadParagraph.pooled` takes
    it."""
    inner = mask.clone()
    inner[:, 0] = 0
    inner[torch.arange(len(mask), device=mask.device), mask.sum(dim=1) - 1] = 0
    pooled = (vectors * inner[:, :, None]).sum(dim=1) / inner.sum(dim=1, keepdim=True)
    return network.worth(pooled)[:, 0]


def distance_from_teacher(
    network: ReaderNetwork, batch: list[Example], vectors: torch.Tensor, mask: torch.Tensor, near: torch.Tensor
) -> torch.Tensor:
    """How far the labels (Kullback-Leibler divergence) and the worth (cross-entropy) lie from what a teacher said of
    the batch, each a mean, as much as TAUGHT_SHARE; 0 where none was asked."""
    taught = [place for place, one in enumerate(batch) if one.taught is not None]
    loss = vectors.new_zeros(())
    if not taught:
        return loss
    seen = near[taught].bool()
    wanted = [batch[place].taught[row[: len(batch[place].ids)]] for place, row in zip(taught, seen.cpu(), strict=True)]
    wanted = torch.from_numpy(np.concatenate(wanted)).to(vectors)
    own = torch.log_softmax(network.tags(vectors[taught][seen]), dim=1)
    share = TAUGHT_SHARE * len(taught) / len(batch)
    loss = loss + share * nn.functional.kl_div(own, wanted.log_softmax(dim=1), reduction="batchmean", log_target=True)
    told = [place for place in taught if batch[place].taught_worth is not None]
    if told:
        scores = worths_of(network, vectors[told], mask[told])
        wanted = torch.tensor([batch[place].taught_worth for place in told]).to(vectors).sigmoid()
        share = TAUGHT_SHARE * len(told) / len(batch)
        loss = loss + share * nn.functional.binary_cross_entropy_with_logits(scores, wanted)
    return loss


def answered(teacher: ReaderNetwork, examples: list[Example], bfloat16: bool = False) -> list[Example]:
    """The same with what the teacher says of each, in order; of the worth only where nothing is marked."""
    device = teacher.tags.weight.device
    teacher.eval()
    found = list(examples)
    for places in batches([len(one.ids) for one in examples], _READ_TOKENS):
        batch = [examples[place] for place in places]
        ids, marks, mask, _ = (part.to(device) for part in inputs_of(batch))
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
            vectors = teacher.encode(ids, marks, mask).float()
            tags, worths = teacher.tags(vectors).half().cpu().numpy(), worths_of(teacher, vectors, mask).tolist()
        for place, one, taught, worth in zip(places, batch, tags, worths, strict=True):
            worth = None if any(one.marks) else worth
            found[place] = replace(one, taught=taught[: len(one.ids)].copy(), taught_worth=worth)
    return found


def unlabelled_examples(
    teacher: ReaderNetwork, texts: Iterable[str], tokenizer, bfloat16: bool = False
) -> list[Example]:
    """What a teacher finds in texts that nobody labelled: one example a stretch of text, and behind it one for each
    reporting word that it finds, of which the small one learns what it looks at first."""
    paragraphs = [line for text in texts for line in text.split("\n") if line.strip()]
    found: list[Example] = []
    for start in range(0, len(paragraphs), _READ_AT_ONCE):
        parts = [part for text in paragraphs[start : start + _READ_AT_ONCE] for part in encode(tokenizer, text)]
        first = answered(teacher, [unlabelled(part.ids, [0] * len(part.ids)) for part in parts], bfloat16)
        cues = []
        for number, (part, one) in enumerate(zip(parts, first, strict=True)):
            labels = one.taught[1:-1][:, CUE_LABELS].argmax(axis=1).tolist()
            cues += [(number, part, cue) for cue in spans_of(labels, part.offsets, CUE)]
        asked = [replace(unlabelled(part.ids, marked(part, cue)), near=around(part, cue)) for _, part, cue in cues]
        behind: dict[int, list[Example]] = {}
        for (number, _, _), one in zip(cues, answered(teacher, asked, bfloat16), strict=True):
            behind.setdefault(number, []).append(one)
        for number, one in enumerate(first):
            found += [one, *behind.get(number, ())]
    return found


def unlabelled(ids: list[int], marks: list[int]) -> Example:
    """An example of which nobody said anything yet."""
    return Example(ids, marks, [_IGNORED] * len(ids))


def examples_from(args: argparse.Namespace, tokenizer) -> list[Example]:
    """Everything that is learned from, in the order of the files."""
    chance = random.Random(args.seed)
    # A teacher looks at the whole of a stretch: what is not near a word would have no label, and no cost.
    share = 0.0 if is_teacher(args) else NEAR_SHARE
    found = []
    for path in args.attribution:
        found += [example for row in rows_of(path) for example in attribution_examples(row, tokenizer, chance, share)]
    for path in args.worth:
        found += worth_examples(path, tokenizer)
    return found


def taught_examples(args: argparse.Namespace, tokenizer) -> list[Example]:
    """The labelled examples, and those of the unlabelled articles, with what the teacher says of both."""
    labelled_ones = examples_from(args, tokenizer)
    if not args.teacher:
        return labelled_ones
    teacher = LargeReader(str(args.encoder))
    teacher.load_state_dict(torch.load(args.teacher / FILE, weights_only=True, map_location="cpu")["network"])
    teacher.to(args.device)
    rows = islice(rows_of(args.unlabelled), *args.articles) if args.unlabelled else ()
    texts = [row["text"] for row in rows]
    own = answered(teacher, labelled_ones, args.bfloat16)
    return [*own, *unlabelled_examples(teacher, texts, tokenizer, args.bfloat16)]


def is_teacher(args: argparse.Namespace) -> bool:
    """Whether the options ask for a network that is to teach the small one."""
    return bool(args.encoder and not args.teacher)


def network_for(args: argparse.Namespace) -> ReaderNetwork:
    """What the options name: MPNet, or the small network as it was trained before or as it is packaged."""
    if is_teacher(args):
        return LargeReader(str(args.encoder))
    return load_network(args.start) if args.start else new_network()


def optimiser_for(network: ReaderNetwork, rate: float) -> torch.optim.Optimizer:
    """AdamW over all but the embeddings; the heads, which begin from nothing, learn ten times as fast."""
    network.bert.embeddings.requires_grad_(False)
    heads = [part for name, part in network.named_parameters() if not name.startswith("bert.")]
    body = [weight for weight in network.bert.parameters() if weight.requires_grad]
    groups = [{"params": body, "lr": rate}, {"params": heads, "lr": 10 * rate}]
    return torch.optim.AdamW(groups, weight_decay=0.01, fused=True)


def train(args: argparse.Namespace) -> int:
    """Train for `--epochs` epochs, saving every five minutes, and write the weights to `--out` where it is given.

    SIGTERM and SIGINT save and end.
    """
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    tokenizer = encoder_tokenizer()
    examples = taught_examples(args, tokenizer)
    logger.info("%d examples, %d tokens", len(examples), sum(len(one.ids) for one in examples))
    network = network_for(args).to(args.device)
    optimiser = optimiser_for(network, args.rate)
    epochs = [batches_of(examples, random.Random(args.seed + epoch), args.batch) for epoch in range(args.epochs)]
    batches = [batch for epoch in epochs for batch in epoch]
    total = len(batches)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.05 * total), max(0.0, (total - step) / (0.95 * total)))
    )
    args.checkpoint.mkdir(parents=True, exist_ok=True)
    path = args.checkpoint / FILE
    done = 0
    options = {"batches": total, "rate": args.rate, "seed": args.seed, "batch": args.batch, "bfloat16": args.bfloat16}
    options |= {name: str(getattr(args, name) or "") for name in ("encoder", "teacher", "start", "unlabelled")}
    options |= {"linking": LINKING, "articles": list(args.articles)}
    if path.exists():
        state = torch.load(path, weights_only=True, map_location="cpu")
        if state["options"] != options:
            sys.exit(f"{path} was made with {state['options']}, not {options}; name another folder")
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        done = state["done"]
        logger.info("going on after %d of %d batches", done, total)

    ended = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, frame: ended.append(number))

    def save() -> None:
        part = path.with_suffix(".part")
        state = {"network": network.state_dict(), "optimiser": optimiser.state_dict()}
        torch.save({**state, "schedule": schedule.state_dict(), "done": done, "options": options}, part)
        os.replace(part, path)

    network.train()
    started, saved, first, losses = time.monotonic(), time.monotonic(), done, []
    trained = [weight for group in optimiser.param_groups for weight in group["params"]]
    for batch in batches[done:]:
        if ended:
            save()
            return 1
        # Dropout draws anew for each batch, the same after a cut.
        torch.manual_seed(args.seed * 1_000_003 + done)
        loss = loss_of(network, batch, args.bfloat16)
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        done += 1
        losses.append(loss.detach())
        if len(losses) == 100:
            rate = (done - first) / (time.monotonic() - started)
            mean = float(torch.stack(losses).mean())
            logger.info("%d of %d batches, loss %.4f, %.2f batches/s", done, total, mean, rate)
            losses = []
        if time.monotonic() - saved > 300:
            save()
            saved = time.monotonic()
    save()
    if args.out:
        save_network(network, args.out)
        logger.info("%s holds the reader", args.out)
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m claims.train_reader", description=__doc__.split("\n")[0])
    parser.add_argument("--attribution", type=Path, nargs="*", default=[])
    parser.add_argument("--worth", type=Path, nargs="*", default=[])
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="where the small network's weights are written")
    parser.add_argument("--start", type=Path, help="begin with the reader in this folder")
    parser.add_argument("--encoder", type=Path, help="folder of MPNet: train a teacher; with --teacher, what that was")
    parser.add_argument("--teacher", type=Path, help="checkpoint of a teacher, whose answers are learned")
    parser.add_argument("--unlabelled", type=Path, help="articles that the teacher reads, JSON lines with text")
    parser.add_argument("--articles", type=int, nargs=2, default=(0, 10_000), metavar=("FROM", "TO"))
    parser.add_argument("--batch", type=int, default=2048, help="tokens")
    parser.add_argument(
        "--bfloat16",
        action="store_true",
        help="faster, on a graphics card, too, and rounded more, a teacher's answers, too",
    )
    parser.add_argument("--device", default="cpu", help="cpu, or cuda for a graphics card")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args(arguments)
    if args.teacher and not args.encoder:
        parser.error("--teacher needs --encoder, the folder of the network that it was trained from")
    if is_teacher(args) and (args.out or args.start):
        parser.error("--encoder without --teacher trains a teacher; --out and --start are for a small reader")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    return train(args)


if __name__ == "__main__":
    sys.exit(main())
