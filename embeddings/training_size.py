"""The network's size: layers added before it learns on, and tokens left out of what ships."""

from __future__ import annotations

import copy
import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoModel, AutoTokenizer

from claims.reader_weights import encoder_folder, encoder_tokenizer
from embeddings.training_batches import Options
from embeddings.training_data import NLI_SETS, read_rows

TOKENIZER = "tokenizer.json"
_COUNTED_AT_ONCE = 2000


def grown(model: nn.Module, after: Sequence[int], pairs: Sequence[tuple[str, str]]) -> nn.Module:
    """A copy of a BERT classifier with one more layer after each of the layers `after` (1 is the lowest).

    A new layer is the one before it with nothing added to what it gets, so that the grown network answers nearly as the
    old one does until it learns: what is learned can then look more often. Its normalisations are fitted so that they
    give back what comes out of the layer before at `pairs`; behind the last layer, whose outputs differ most, they do
    so the least.

    Raises:
        ValueError: a network of another kind, or a layer that isn't there or is named twice.
    """
    if not hasattr(model, "bert"):
        raise ValueError(f"a network of kind {model.config.model_type!r}; only one of kind 'bert' can grow")
    count = model.config.num_hidden_layers
    if not after or len(set(after)) != len(after) or not set(after) <= set(range(1, count + 1)):
        raise ValueError(f"layers {list(after)} to add one after; choose some of 1 to {count}, each once")
    model = copy.deepcopy(model).eval()
    tokens = AutoTokenizer.from_pretrained(encoder_folder())(
        [one for one, _ in pairs],
        [other for _, other in pairs],
        padding=True,
        truncation=True,
        max_length=Options().max_tokens,
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


def texts_in(data: Path) -> Iterator[str]:
    """What a model meets, as far as `data` knows: news, and the labelled pairs that it learns from."""
    yield from (row["text"] for row in read_rows(data / "corpus" / "news_20k.jsonl.gz"))
    for name in NLI_SETS:
        for row in read_rows(data / "nli" / "train" / f"{name}.jsonl.gz"):
            yield row["premise"]
            yield row["hypothesis"]


def most_frequent(texts: Iterable[str], count: int) -> list[str]:
    """The `count` tokens of the packaged encoder that `texts` use most, in the order of its vocabulary.

    Always among them are the special ones, and every figure, sign and letter of Latin script: a word with one
    character that has no token is not read at all.

    Raises:
        ValueError: the vocabulary is smaller than `count`, or what is always kept is larger.
    """
    tokenizer = encoder_tokenizer()
    size = tokenizer.get_vocab_size()
    always = [place for token, place in tokenizer.get_vocab().items() if _is_character(token)]
    always += tokenizer.get_added_tokens_decoder()
    if not len(always) <= count <= size:
        raise ValueError(f"{count} tokens to keep; choose {len(always)} to {size}")
    seen = np.zeros(size, dtype=np.int64)
    waiting = iter(texts)
    while some := list(islice(waiting, _COUNTED_AT_ONCE)):
        for encoding in tokenizer.encode_batch_fast(some, add_special_tokens=False):
            np.add.at(seen, encoding.ids, 1)
    seen[always] = seen.max() + 1
    # Of tokens seen as often the earlier: the vocabulary's own order is nearly that of frequency.
    kept = sorted(np.argsort(-seen, kind="stable")[:count].tolist())
    return [tokenizer.id_to_token(place) for place in kept]


def _is_character(token: str) -> bool:
    """Whether a token is a figure, a sign or a letter of Latin script, as the start of a word or within one."""
    character = token.removeprefix("##")
    if len(character) != 1:
        return False
    return not character.isalpha() or unicodedata.name(character, "").startswith("LATIN")


def narrow(model: nn.Module, folder: Path, kept: Sequence[str]) -> None:
    """Leave all tokens but `kept` out of `model` and of the packaged encoder's tokenizer in `folder`; a word that had a
    token of its own is read in pieces then. `kept` is in the order of the vocabulary: the padding stays the first."""
    path = folder / TOKENIZER
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
    vectors for those, which no training changes.

    Raises:
        ValueError: the tokenizer is not that of the model.
    """
    if not (folder / TOKENIZER).exists():
        return model
    own, every = Tokenizer.from_file(str(folder / TOKENIZER)).get_vocab(), encoder_tokenizer().get_vocab()
    rows = model.get_input_embeddings().weight.detach()
    if len(own) > len(rows):
        raise ValueError(f"{folder}: a tokenizer of {len(own)} tokens beside a model of {len(rows)}; export it anew")
    if len(own) == len(every) or not own.keys() <= every.keys():
        return model
    whole = AutoModel.from_pretrained(encoder_folder(), dtype=torch.float32).get_input_embeddings().weight.detach()
    whole[[every[token] for token in own]] = rows[list(own.values())]
    _use_rows(model, whole)
    return model


def _use_rows(model: nn.Module, rows: torch.Tensor) -> None:
    padding = model.get_input_embeddings().padding_idx
    model.set_input_embeddings(nn.Embedding.from_pretrained(rows, freeze=False, padding_idx=padding))
    model.config.vocab_size = len(rows)
