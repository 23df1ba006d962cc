"""The network that reads articles: one MiniLM encoder with a head for attributions and one for check-worthiness."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from transformers import AutoConfig, AutoModel, AutoTokenizer

from claims.reader_weights import DESCRIPTION, LABELS, LINKING, WEIGHTS, encoder_folder, weights_of

# PyTorch's fused attention takes longer on the way back, and so does leaving out single weights of it.
_ATTENTION = {"attn_implementation": "eager", "attention_probs_dropout_prob": 0.0}


class ReaderNetwork(nn.Module):
    """`encode` gives a vector a token; `tags` scores LABELS for it; `worth` scores the mean over a span.

    All but the last LINKING layers read a stretch of text, once; these go on from there for each of its reporting
    words, which a vector added to its tokens' marks.
    """

    def __init__(self, bert: nn.Module):
        super().__init__()
        self.bert = bert
        size = bert.config.hidden_size
        self.mark = nn.Embedding(2, size)
        nn.init.zeros_(self.mark.weight)
        self.tags = nn.Linear(size, len(LABELS))
        self.worth = nn.Linear(size, 1)

    def encode(
        self, ids: torch.Tensor, marks: torch.Tensor, mask: torch.Tensor, near: torch.Tensor | None = None
    ) -> torch.Tensor:
        """(batch, tokens, size) for int64 inputs of (batch, tokens): what was read of rows in which nothing is marked,
        and for the others what the linking layers make of it, which see but the tokens in `near` (default: all)."""
        once, place = torch.unique(ids, dim=0, return_inverse=True)
        first = torch.stack([(place == row).nonzero()[0, 0] for row in range(len(once))])
        vectors = self.read(once, mask[first])[place]
        linked = marks.any(dim=1)
        if not linked.any():
            return vectors
        seen = (mask if near is None else near)[linked]
        return vectors.index_put((linked.nonzero()[:, 0],), self.link(vectors[linked], marks[linked], seen))

    def read(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """(batch, tokens, size) for int64 inputs of (batch, tokens)."""
        return _through(self.bert.encoder.layer[:-LINKING], self.bert.embeddings(input_ids=ids), mask)

    def link(self, vectors: torch.Tensor, marks: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The same shape, for what was read (batch, tokens, size) and where a reporting word is marked by 1."""
        return _through(self.bert.encoder.layer[-LINKING:], vectors + self.mark(marks), mask)


def _through(layers: nn.ModuleList, vectors: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    hidden = torch.where(mask[:, None, None, :].bool(), 0.0, torch.finfo(torch.float32).min)
    for layer in layers:
        vectors = layer(vectors, hidden)
    return vectors


class LargeReader(ReaderNetwork):
    """The same around MPNet, too large to ship: it teaches the small one.

    It takes the small one's token ids; both vocabularies hold the same pieces in another order. All its layers look at
    what is marked, and at the whole of a stretch.
    """

    def __init__(self, folder: str):
        super().__init__(AutoModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32))
        self.register_buffer("_own_ids", _translated(encoder_folder(), folder), persistent=False)

    def encode(
        self, ids: torch.Tensor, marks: torch.Tensor, mask: torch.Tensor, near: torch.Tensor | None = None
    ) -> torch.Tensor:
        pieces = self.bert.get_input_embeddings()(self._own_ids[ids]) + self.mark(marks)
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
    return ReaderNetwork(
        AutoModel.from_pretrained(encoder_folder(), add_pooling_layer=False, dtype=torch.float32, **_ATTENTION)
    )


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
    described = {"labels": LABELS, "linking": LINKING, "sha256": digest}
    (folder / DESCRIPTION).write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")


def load_network(folder: Path) -> ReaderNetwork:
    """What `save_network` saved. Raises as `weights_of` does."""
    weights = weights_of(folder)
    config = AutoConfig.from_pretrained(encoder_folder(), **_ATTENTION)
    network = ReaderNetwork(AutoModel.from_config(config, add_pooling_layer=False))
    network.load_state_dict(weights)
    return network.eval()
