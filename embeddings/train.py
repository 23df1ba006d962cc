"""Train the entailment cross-encoder that ships with Counterclaim.

    python -m embeddings.train run --data ../shared/data --checkpoint DIR --pairs 800000
    python -m embeddings.train run --data ../shared/data --start DIR --stage finish --pairs 24000 --checkpoint LAST …
    python -m embeddings.train grow --model OLD --after 3 5 --taught FILE --out DEEPER, to --start a run with
    python -m embeddings.train export --checkpoint LAST --out embeddings/model [--tokens 26200 --data ../shared/data]
    python -m embeddings.train calibrate-pairs --model embeddings/model --data ../shared/data --readings FOLDER
    python -m embeddings.train standing --read FILE … --out embeddings/standing.json
    python -m embeddings.train common-names --data ../shared/data --spare FOLDER --out embeddings/common_names.txt
    python -m embeddings.train pack --teacher LAST --taught FILE --out embeddings/second
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
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from torch import nn
from transformers import AutoTokenizer

from claims.reader_weights import encoder_folder
from embeddings.calibration import FILE, fit_temperature, save_temperature
from embeddings.pair_scale import save_scale
from embeddings.training_batches import BatchStream, Options, cached_news_pairs, packaged_encoder
from embeddings.training_curvature import curvatures
from embeddings.training_data import FOLDS, neighbouring_sentences, read_rows
from embeddings.training_hypotheses import hypothesis_pairs
from embeddings.training_model import (
    Checkpoint,
    accuracy,
    batch_loss,
    blended,
    model_of,
    new_model,
    optimiser_for,
    running_mean,
    use_row_dropout,
    weights_in,
)
from embeddings.training_names import names_common_in
from embeddings.training_second import pack_second
from embeddings.training_size import grown, most_frequent, narrow, texts_in
from embeddings.training_standing import conflicts_read, fit_standing
from embeddings.training_taught import TaughtFile, news_questions, questions
from embeddings.training_teacher import ask, teacher_in
from embeddings.training_varied import varied_questions
from embeddings.training_written import articles_of, readings, written_pairs

logger = logging.getLogger("embeddings.train")

DEVICE_HELP = "where the network is worked out: cpu, or cuda for a graphics card, where no two runs round alike"
# Where pairs are looked for that a model wrongly calls contradictions, and from which probability on it does.
HARD_FROM = (1500, 3000)
HARD_ABOVE = 0.3
# So many pairs are looked at where layers are added.
GROWS_BY = 400


def rate_at(seen: int, total: int, decay: float, warmup: int) -> float:
    """Factor on the learning rates after `seen` pairs: rise, stay, straight fall to zero."""
    fall = total * decay
    return min(1.0, (seen + 1) / warmup, max(0.0, (total - seen) / fall) if fall else 1.0)


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
        written=str(args.written or "") if args.stage in ("base", "written", "teach") else "",
        agreement=args.agreement,
        bfloat16=args.bfloat16,
        averaging=args.averaging,
        tension_share=args.tension_share,
        encoder=str(args.encoder or ""),
        taught=str(args.taught or ""),
        taught_share=args.taught_share if args.taught else 0.0,
        taught_bias=args.taught_bias if args.taught else 0.0,
    )
    torch.manual_seed(options.seed)
    torch.set_num_threads(args.threads)
    checkpoint = Checkpoint(args.checkpoint)
    news = cached_news_pairs(args.data, args.cache or args.checkpoint)
    model = new_model(options.start, options.encoder).to(args.device)
    optimiser = optimiser_for(model, options)
    mean = running_mean(model, options.averaging) if options.averaging else None
    state = checkpoint.load()
    epoch = place = seen = 0
    if state is not None:
        if Options(**state["options"]) != options:
            sys.exit(f"{checkpoint.path} was made with {state['options']}, not {asdict(options)}; name another folder")
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        if mean:
            mean.load_state_dict(state["mean"])
        epoch, place, seen = state["epoch"], state["place"], state["seen"]
        logger.info("going on after %d pairs", seen)

    ended = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, frame: ended.append(number))

    def save() -> None:
        checkpoint.save(
            {
                "model": model.state_dict(),
                "mean": mean and mean.state_dict(),
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
        loss = batch_loss(model, batch.to(args.device), options)
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        if mean:
            mean.update_parameters(model)
        seen += len(batch.ids)
        epoch, place = position
        losses.append(loss.detach())
        if len(losses) == 200:
            logger.info(
                "%d pairs, loss %.4f, rate %.2f, %.1f pairs/s",
                seen,
                float(torch.stack(losses).mean()),
                factor,
                (seen - first) / (time.monotonic() - started),
            )
            losses = []
        if time.monotonic() - saved > 300:
            save()
            saved = time.monotonic()
    save()
    for path in args.dev:
        right = accuracy(mean.module if mean else model, path, args.dev_rows, options.encoder)
        logger.info("after %d pairs: %s %.4f", seen, path.name, right)
    return 0


def export(args: argparse.Namespace) -> int:
    """Write a checkpoint as a CrossEncoder folder with half-precision weights."""
    state = Checkpoint(args.checkpoint).load()
    if state is None:
        sys.exit(f"no checkpoint in {args.checkpoint}")
    if args.tokens is not None and args.data is None:
        sys.exit("--tokens needs --data, in which it looks for the tokens that are used most")
    weights = weights_in(state)
    model = model_of(blended(weights, args.blend, args.share) if args.blend else weights)
    # Before anything is written: a tokenizer of other tokens than the model's would be worse than none.
    kept = None if args.tokens is None else most_frequent(texts_in(args.data), args.tokens)
    AutoTokenizer.from_pretrained(encoder_folder(), model_max_length=256).save_pretrained(args.out)
    if kept is not None:
        narrow(model, args.out, kept)
    model.half().save_pretrained(args.out, safe_serialization=True)
    # The file is half precision to fit into git; processors want float32, so the folder asks to be loaded as that.
    config_path = args.out / "config.json"
    config = json.loads(config_path.read_text())
    config["dtype"] = "float32"
    config_path.write_text(json.dumps(config, indent=2) + "\n")
    logger.info("%s holds the weights after %d pairs", args.out, state["seen"])
    return 0


def grow(args: argparse.Namespace) -> int:
    """Write a copy of a model with more layers, which answers nearly as it does until it learns on."""
    looked_at = islice(TaughtFile(args.taught).pairs(), GROWS_BY)
    model = grown(new_model(str(args.model)), args.after, [(pair.premise, pair.hypothesis) for pair in looked_at])
    model.save_pretrained(args.out)
    AutoTokenizer.from_pretrained(encoder_folder()).save_pretrained(args.out)
    logger.info("%s has %d layers", args.out, model.config.num_hidden_layers)
    return 0


def fit_conflicts(args: argparse.Namespace) -> int:
    """Write what each thing known of a conflict counts, from conflicts that were read."""
    rows = conflicts_read(args.read)
    weights = fit_standing(rows)
    args.out.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    logger.info("%d conflicts: %s", len(rows), weights)
    return 0


def common_names(args: argparse.Namespace) -> int:
    """Write the names that so many news articles hold that they don't tell of which matter one is."""
    spared = articles_of(args.spare)
    rows = islice(read_rows(args.data / "corpus" / "news_20k.jsonl.gz"), args.articles)
    names = names_common_in((row for row in rows if row["id"] not in spared), args.share)
    args.out.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    logger.info("%d names stand in %s of the articles or more", len(names), f"{args.share:.1%}")
    return 0


def mine_hard(args: argparse.Namespace) -> int:
    """Write the neighbouring news sentences that a model calls contradictory though hardly any such pair is."""
    from embeddings.entailment import load_entailment

    rows = islice(read_rows(args.data / "corpus" / "news_20k.jsonl.gz"), *(args.articles or HARD_FROM))
    pairs = neighbouring_sentences(rows, packaged_encoder(), args.pairs)
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


def teach(args: argparse.Namespace) -> int:
    """Ask larger networks of pairs and keep their answers; can be cut at any moment and called again."""
    torch.set_num_threads(args.threads)
    teachers = [teacher_in(folder, args.device) for folder in args.teacher]
    if any(tokenizer.get_vocab() != teachers[0][1].get_vocab() for _, tokenizer in teachers):
        sys.exit("the teachers read different tokens; choose some that were trained from one encoder")
    encode, spared = packaged_encoder(), articles_of(args.spare)
    if args.of == "news":
        asked = news_questions(args.data, encode, spared, args.seed)
    elif args.of == "varied":
        asked = varied_questions(args.data, hypothesis_pairs(args.written, args.data), encode, args.seed)
    else:
        own = [
            *written_pairs(args.written, args.data / "corpus" / "news_20k.jsonl.gz"),
            *hypothesis_pairs(args.written, args.data),
        ]
        asked = questions(args.data, own, encode, spared, args.seed)
    ask(teachers, asked[: args.pairs], TaughtFile(args.out))
    return 0


def pack(args: argparse.Namespace) -> int:
    """Write of a teacher that began as all-mpnet-base-v2 by how much it differs: what ships for second opinions."""
    from embeddings.second_model import base_archive, base_weights

    state = Checkpoint(args.teacher).load()
    if state is None:
        sys.exit(f"no checkpoint in {args.teacher}")
    if not args.taught.exists():
        sys.exit(f"no file {args.taught}; --taught names one that stage teach wrote")
    taught = list(TaughtFile(args.taught).pairs())
    encoder = Options(**state["options"]).encoder
    network = model_of(weights_in(state), encoder)
    with base_archive() as archive:
        base = base_weights(archive)
    looked_at = random.Random(args.seed).sample(taught, min(args.pairs, len(taught)))
    found = curvatures(network, AutoTokenizer.from_pretrained(encoder or encoder_folder()), looked_at, args.seed)
    pack_second(network, base, args.out, args.numbers, found, args.tension_bias)
    logger.info("%s takes %d bytes", args.out, sum(path.stat().st_size for path in args.out.iterdir()))
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
    features = features_of_readings(found, load_entailment(str(args.model)), packaged_encoder())
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
    training.add_argument(
        "--tension-share", type=float, default=defaults.tension_share, help="of the loss, for 1 of the classes"
    )
    training.add_argument("--bfloat16", action="store_true", help="faster where the processor knows bfloat16")
    training.add_argument(
        "--averaging", type=float, default=defaults.averaging, help="keep a running mean that each step draws by this"
    )
    training.add_argument("--start", type=Path, help="begin with the weights of this checkpoint or model folder")
    training.add_argument(
        "--stage",
        choices=("base", "finish", "harden", "written", "teach", "taught"),
        default="base",
        help="finish: with ClaimDiff; harden: against false alarms; written: with the sentences written for this "
        "model; teach: a share of everything, for a larger network that is to teach this one; taught: what it answered",
    )
    training.add_argument("--encoder", type=Path, help="folder of another encoder than MiniLM, for a teacher")
    training.add_argument("--written", type=Path, help="for stages base, written and teach: the folder that holds them")
    training.add_argument("--taught", type=Path, help="for stage taught: the file that `teach` wrote")
    training.add_argument("--taught-share", type=float, default=0.8, help="how much the teacher's answer counts")
    training.add_argument("--taught-bias", type=float, default=0.0, help="added to the teacher's logit of tension")
    training.add_argument("--hard", type=Path, help="for stage harden: pairs wrongly called contradictions")
    training.add_argument("--held-out", type=int, choices=range(FOLDS), help="ClaimDiff topics to leave out")
    training.add_argument("--reviewed", type=Path, help="pairs that reviewers judged, as the workbench exports them")
    training.add_argument("--threads", type=int, default=os.cpu_count())
    training.add_argument("--device", default="cpu", help=DEVICE_HELP)
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
    teaching = commands.add_parser("teach", help="ask a larger network of pairs, for stage taught")
    teaching.add_argument(
        "--teacher",
        type=Path,
        nargs="+",
        required=True,
        help="checkpoint of a run of stage teach; of several, the mean of their answers is kept",
    )
    teaching.add_argument("--data", type=Path, required=True, help="folder with nli/ and corpus/")
    teaching.add_argument("--written", type=Path, required=True, help="folder of what was written and read")
    teaching.add_argument("--spare", type=Path, required=True, help="readings whose articles are kept for measuring")
    teaching.add_argument(
        "--of",
        choices=("everything", "news", "varied"),
        default="everything",
        help="everything: labelled sets, what was written and read, and unlabelled pairs; news: neighbouring sentences "
        "of further articles of the corpus; varied: labelled pairs of prose with words exchanged, and their hypotheses "
        "beside other premises. Two files of answers can be joined by cat",
    )
    teaching.add_argument("--out", type=Path, required=True, help="a file that ends in .jsonl.gz")
    teaching.add_argument("--pairs", type=int, default=400_000, help="how many to ask of, at most")
    teaching.add_argument("--seed", type=int, default=defaults.seed)
    teaching.add_argument("--threads", type=int, default=os.cpu_count())
    teaching.add_argument("--device", default="cpu", help=DEVICE_HELP)
    teaching.set_defaults(call=teach)
    exporting = commands.add_parser("export", help="write a checkpoint as a CrossEncoder folder")
    exporting.add_argument("--checkpoint", type=Path, required=True)
    exporting.add_argument("--out", type=Path, required=True)
    exporting.add_argument("--blend", type=Path, help="mix in the weights of this checkpoint or model")
    exporting.add_argument("--share", type=float, default=0.5, help="how much of it")
    exporting.add_argument("--tokens", type=int, help="ship only so many tokens, those that --data uses most")
    exporting.add_argument("--data", type=Path, help="for --tokens: folder with nli/ and corpus/")
    exporting.set_defaults(call=export)
    standing = commands.add_parser("standing", help="fit how likely a conflict is real, by what is known of it")
    standing.add_argument("--read", type=Path, nargs="+", required=True, help="files of conflicts that were read")
    standing.add_argument("--out", type=Path, required=True)
    standing.set_defaults(call=fit_conflicts)
    naming = commands.add_parser("common-names", help="write which names are too common to tell a matter by")
    naming.add_argument("--data", type=Path, required=True, help="folder with corpus/")
    naming.add_argument("--articles", type=int, default=15_000, help="so many are looked at, the first")
    naming.add_argument("--spare", type=Path, required=True, help="readings whose articles are kept for measuring")
    naming.add_argument("--share", type=float, default=0.01, help="of the articles that hold a common name")
    naming.add_argument("--out", type=Path, required=True)
    naming.set_defaults(call=common_names)
    packing = commands.add_parser("pack", help="write of a teacher what ships for second opinions")
    packing.add_argument("--teacher", type=Path, required=True, help="checkpoint of a run of stage teach")
    packing.add_argument("--taught", type=Path, required=True, help="the teacher's answers, as `teach` writes them")
    packing.add_argument("--pairs", type=int, default=1500, help="of how many of them it is seen what matters")
    packing.add_argument("--seed", type=int, default=5)
    packing.add_argument("--numbers", type=int, default=8_850_000, help="how many numbers of few bits to keep")
    packing.add_argument("--tension-bias", type=float, default=0.0, help="what to add to the logit of tension")
    packing.add_argument("--out", type=Path, required=True)
    packing.set_defaults(call=pack)
    growing = commands.add_parser("grow", help="add layers to a model, for a run to start with")
    growing.add_argument("--model", type=Path, required=True)
    growing.add_argument("--after", type=int, nargs="+", required=True, help="after which of its layers, from 1 on")
    growing.add_argument("--taught", type=Path, required=True, help="pairs to look at: a file that `teach` wrote")
    growing.add_argument("--out", type=Path, required=True)
    growing.set_defaults(call=grow)
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
