"""The network's size: layers added before it learns on, and tokens left out of what ships."""

from __future__ import annotations

import copy
import json
import string
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoModel, AutoTokenizer

from claims.reader_weights import encoder_folder, encoder_tokenizer
from embeddings.training_data import read_rows

TOKENS = "tokenizer.json"
_LETTERS = {*string.ascii_lowercase, *string.digits}
_ALL_AT_ONCE = 2000


def grown(model: nn.Module, after: Sequence[int], pairs: Sequence[tuple[str, str]]) -> nn.Module:
    """A copy of a BERT classifier with one more layer after each of the layers `after` (1 is the lowest).

    A new layer is the one before it with nothing added to what it gets, so that the grown network answers as the old
    one does until it learns: what is learned can then look more often. Its normalisations are fitted so that they give
    back what comes out of the layer before at `pairs`.

    Raises:
        ValueError: a layer that isn't there, or named twice.
    """
    count = model.config.num_hidden_layers
    if not after or len(set(after)) != len(after) or not set(after) <= set(range(1, count + 1)):
        raise ValueError(f"layers {list(after)} to add one after; choose some of 1 to {count}, each once")
    model = copy.deepcopy(model).eval()
    tokenizer = AutoTokenizer.from_pretrained(encoder_folder())
    tokens = tokenizer(
        [one for one, _ in pairs],
        [other for _, other in pairs],
        padding=True,
        truncation=True,
        max_length=128,
        return_tensors="pt",
    )
    with torch.inference_mode():
        hidden = model.bert(**tokens, output_hidden_states=True).hidden_states
    read = tokens["attention_mask"].bool()
    layers = []
    for place, layer in enumerate(model.bert.encoder.layer, 1):
        layers.append(layer)
        if place in after:
            layers.append(_passing_on(layer, hidden[place][read].clone()))
    model.bert.encoder.layer = nn.ModuleList(layers)
    model.config.num_hidden_layers = len(layers)
    return model


@torch.no_grad()
def _passing_on(layer: nn.Module, rows: torch.Tensor) -> nn.Module:
    """A copy of a layer that gives back what it gets, as nearly as its normalisations can: `rows` (tokens, width)."""
    layer = copy.deepcopy(layer)
    for part in (layer.attention.output, layer.output):
        nn.init.zeros_(part.dense.weight)
        nn.init.zeros_(part.dense.bias)
        norm = part.LayerNorm
        even = nn.functional.layer_norm(rows, norm.normalized_shape, eps=norm.eps)
        around, centred = even.mean(0), rows - rows.mean(0)
        norm.weight.copy_(((even - around) * centred).sum(0) / ((even - around) ** 2).sum(0))
        norm.bias.copy_(rows.mean(0) - around * norm.weight)
        rows = norm(rows)
    return layer


def layers_in(weights: dict[str, torch.Tensor]) -> int:
    """How many layers the encoder has whose weights these are."""
    return 1 + max(int(name.split(".layer.")[1].split(".")[0]) for name in weights if ".layer." in name)


def texts_in(data: Path) -> Iterable[str]:
    """What the product may meet, as far as `data` knows: its news, and the statements of its training pairs."""
    yield from (row["text"] for row in read_rows(data / "corpus" / "news_20k.jsonl.gz"))
    for path in sorted((data / "nli" / "train").glob("*.jsonl.gz")):
        for row in read_rows(path):
            yield row["premise"]
            yield row["hypothesis"]


def most_frequent(texts: Iterable[str], count: int) -> list[str]:
    """The `count` tokens of the packaged encoder that `texts` use most, in the order of its vocabulary.

    Special ones are always among them, and the letters and digits, in which any word can be read.

    Raises:
        ValueError: the vocabulary is smaller than `count`.
    """
    tokenizer = encoder_tokenizer()
    if not 0 < count <= tokenizer.get_vocab_size():
        raise ValueError(f"{count} tokens of {tokenizer.get_vocab_size()}; choose between")
    seen = np.zeros(tokenizer.get_vocab_size(), dtype=np.int64)
    waiting: list[str] = []

    def look() -> None:
        for encoding in tokenizer.encode_batch_fast(waiting, add_special_tokens=False):
            np.add.at(seen, encoding.ids, 1)
        waiting.clear()

    for text in texts:
        waiting.append(text)
        if len(waiting) == _ALL_AT_ONCE:
            look()
    look()
    single = [place for token, place in tokenizer.get_vocab().items() if token.removeprefix("##") in _LETTERS]
    seen[[*tokenizer.get_added_tokens_decoder(), *single]] = seen.max() + 1
    # Of tokens seen as often the earlier: the vocabulary's own order is nearly that of frequency.
    kept = sorted(np.argsort(-seen, kind="stable")[:count].tolist())
    return [tokenizer.id_to_token(place) for place in kept]


def narrow(model: nn.Module, folder: Path, kept: Sequence[str]) -> None:
    """Leave all tokens but `kept` out of `model` and of the tokenizer in `folder`; a word that had a token of its own
    is read in pieces then."""
    path = folder / TOKENS
    content = json.loads(path.read_text(encoding="utf-8"))
    old = content["model"]["vocab"]
    new = {token: place for place, token in enumerate(kept)}
    content["model"]["vocab"] = new
    for token in content["added_tokens"]:
        token["id"] = new[token["content"]]
    for name, special in content["post_processor"]["special_tokens"].items():
        special["ids"] = [new[name]]
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _use_rows(model, model.get_input_embeddings().weight.detach()[[old[token] for token in kept]])


def widened(model: nn.Module, folder: Path) -> nn.Module:
    """`model` with all tokens of the packaged encoder, where the tokenizer in its `folder` has fewer: the encoder's own
    vectors for those, which no training changes."""
    if not (folder / TOKENS).exists():
        return model
    own, every = Tokenizer.from_file(str(folder / TOKENS)).get_vocab(), encoder_tokenizer().get_vocab()
    if len(own) >= len(every) or not own.keys() <= every.keys():
        return model
    rows = AutoModel.from_pretrained(encoder_folder(), dtype=torch.float32).get_input_embeddings().weight.detach()
    rows = rows.clone()
    order = sorted(own, key=own.get)
    rows[[every[token] for token in order]] = model.get_input_embeddings().weight.detach()
    _use_rows(model, rows)
    return model


def _use_rows(model: nn.Module, rows: torch.Tensor) -> None:
    padding = model.get_input_embeddings().padding_idx
    model.set_input_embeddings(nn.Embedding.from_pretrained(rows.clone(), freeze=False, padding_idx=padding))
    model.config.vocab_size = len(rows)
