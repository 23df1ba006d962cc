"""A BERT or MPNet encoder worked out faster than its own forward does it, for reading only.

On processors with 512-bit vectors the products run in 8-bit integers, about four times as fast as in float32. Weights
have one scale an output, activations one scale a token: what a token gets never hangs on its neighbours in a batch, as
it would with the one scale a batch of PyTorch's own dynamic quantisation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from types import SimpleNamespace

import torch
from torch import nn
from torch.nn import functional

from claims.memory import keep_memory

# Tokens that go through at once. What a layer needs for so many stays in the processor's cache.
BATCH_TOKENS = 512
# The rows of a product in integers are filled up to a multiple of this.
_ROWS = 32


def has_fast_integers() -> bool:
    """Whether this processor multiplies 8-bit integers faster than float32 by enough to pay for the rounding."""
    return torch.backends.cpu.get_cpu_capability() == "AVX512" and torch.backends.mkldnn.is_available()


class Product:
    """Several linear layers over the same input as one product in float32."""

    def __init__(self, *layers: nn.Linear):
        self._weight = torch.cat([layer.weight.detach() for layer in layers])
        self._bias = torch.cat([layer.bias.detach() for layer in layers])

    def __call__(self, rows: torch.Tensor) -> torch.Tensor:
        return functional.linear(rows, self._weight, self._bias)


class IntegerProduct:
    """The same in 8-bit integers, rounded to the nearest of 255 steps."""

    def __init__(self, *layers: nn.Linear):
        weight = torch.cat([layer.weight.detach() for layer in layers])
        self._scale = weight.abs().amax(dim=1) / 127
        self._weight = torch.ops.onednn.qlinear_prepack((weight / self._scale[:, None]).round().to(torch.int8), None)
        self._zeros = torch.zeros(len(weight), dtype=torch.int64)
        self._bias = torch.cat([layer.bias.detach() for layer in layers])

    def __call__(self, rows: torch.Tensor) -> torch.Tensor:
        scale = rows.abs().amax(dim=1, keepdim=True).clamp_min_(1e-8).div_(127)
        # oneDNN prepares itself anew for each number of rows: few different ones; what is over is cut off below.
        count = len(rows)
        steps = torch.empty(count + -count % _ROWS, rows.shape[1], dtype=torch.int8)
        steps[:count] = (rows / scale).round_()
        # The product of the steps times the weights' scales; a scale a token is nothing that the library knows.
        product = torch.ops.onednn.qlinear_pointwise(
            steps, 1.0, 0, self._weight, self._scale, self._zeros, None, 1.0, 0, torch.float32, "none", [], ""
        )
        return torch.addcmul(self._bias, product[:count], scale, out=product[:count])


class IntegerLinear(nn.Module):
    """A linear layer for reading only, in 8-bit integers."""

    def __init__(self, layer: nn.Linear):
        super().__init__()
        self._product = IntegerProduct(layer)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """`rows` is float32 (…, features)."""
        flat = rows.reshape(-1, rows.shape[-1])
        return self._product(flat).view(*rows.shape[:-1], -1)


def use_integers(network: nn.Module) -> None:
    """Puts an IntegerLinear in the place of every linear layer below `network`, where that is faster."""
    keep_memory()
    if not has_fast_integers():
        return
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.Linear):
                setattr(module, name, IntegerLinear(child))


class _Layer:
    def __init__(self, layer: nn.Module, product: type):
        attention = layer.attention
        self.heads = attention.self.num_attention_heads
        self.into = product(attention.self.query, attention.self.key, attention.self.value)
        self.out, self.norm = product(attention.output.dense), attention.output.LayerNorm
        self.wide, self.narrow = product(layer.intermediate.dense), product(layer.output.dense)
        self.last_norm = layer.output.LayerNorm

    def __call__(self, rows: torch.Tensor, batch: int, weighed: torch.Tensor | None) -> torch.Tensor:
        """`rows` (batch · tokens, width) to others of that shape; `weighed`, as attention takes a mask, fits (batch,
        heads, tokens, tokens)."""
        return self._rest(rows, *self._parts(rows, batch), weighed)

    def first(self, rows: torch.Tensor, batch: int, weighed: torch.Tensor | None) -> torch.Tensor:
        """The same for every row's first token alone: (batch, width)."""
        query, key, value = self._parts(rows, batch)
        ahead = rows.view(batch, -1, rows.shape[1])[:, 0]
        return self._rest(ahead, query[:, :1], key, value, weighed if weighed is None else weighed[:, :, :1])

    def _parts(self, rows: torch.Tensor, batch: int) -> tuple[torch.Tensor, ...]:
        """Query, key and value, each (batch, tokens, heads, width of a head)."""
        return self.into(rows).view(batch, -1, 3, self.heads, rows.shape[1] // self.heads).unbind(dim=2)

    def _rest(
        self,
        rows: torch.Tensor,
        query: torch.Tensor,
        key: torch.Tensor,
        value: torch.Tensor,
        weighed: torch.Tensor | None,
    ) -> torch.Tensor:
        parts = (part.transpose(1, 2) for part in (query, key, value))
        context = functional.scaled_dot_product_attention(*parts, attn_mask=weighed)
        rows = self.norm(self.out(context.transpose(1, 2).reshape(rows.shape)) + rows)
        return self.last_norm(self.narrow(functional.gelu(self.wide(rows))) + rows)


class _Fast:
    """Layers named as BERT names them. `integers` says whether to multiply in 8-bit integers; without it the processor
    decides."""

    def __init__(self, layers: Sequence[nn.Module | SimpleNamespace], integers: bool | None):
        product = IntegerProduct if (has_fast_integers() if integers is None else integers) else Product
        keep_memory()
        self._layers = [_Layer(layer, product) for layer in layers]

    def _ahead(self, vectors: torch.Tensor, weighed: torch.Tensor | None) -> torch.Tensor:
        """(batch, width) of vectors (batch, tokens, width): what becomes of the first; the last layer works out no
        other."""
        rows = vectors.flatten(0, 1)
        for layer in self._layers[:-1]:
            rows = layer(rows, len(vectors), weighed)
        return self._layers[-1].first(rows, len(vectors), weighed)


class FastBert(_Fast):
    """`bert` (a BertModel, or what `bert_of` makes) for inference, with its weights as they are now.

    `integers` says whether to multiply in 8-bit integers; without it the processor decides. `layers` are those of its
    layers that are worked out (default: all).
    """

    def __init__(self, bert: nn.Module | SimpleNamespace, integers: bool | None = None, layers: slice = slice(None)):
        super().__init__(bert.encoder.layer[layers], integers)
        self._embeddings = bert.embeddings

    def tokens(self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """A vector a token, float32 (batch, tokens, width), for int64 inputs of (batch, tokens)."""
        return self.onward(self._embeddings(input_ids=ids, token_type_ids=types), mask)

    def onward(self, vectors: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """What the layers make of vectors (batch, tokens, width): others of the same shape."""
        rows, visible = vectors.flatten(0, 1), _visible(mask)
        for layer in self._layers:
            rows = layer(rows, len(vectors), visible)
        return rows.view(vectors.shape)

    def first(self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The vector of each row's first token, float32 (batch, width)."""
        return self._ahead(self._embeddings(input_ids=ids, token_type_ids=types), _visible(mask))


class FastMpnet(_Fast):
    """`mpnet` (an MPNetModel whose activation is GELU) for inference on rows of one length, with its weights as they
    are now. `integers` as `FastBert` takes it."""

    def __init__(self, mpnet: nn.Module, integers: bool | None = None):
        super().__init__([_named_as_in_bert(layer) for layer in mpnet.encoder.layer], integers)
        self._embeddings = mpnet.embeddings
        # MPNet's attention also weighs how far apart two tokens stand.
        self._distances = mpnet.encoder.compute_position_bias

    def first(self, ids: torch.Tensor) -> torch.Tensor:
        """The vector of each row's first token, float32 (batch, width), for int64 (batch, tokens) without padding."""
        vectors = self._embeddings(input_ids=ids)
        return self._ahead(vectors, self._distances(vectors[:1]))


def _named_as_in_bert(layer: nn.Module) -> SimpleNamespace:
    """A layer of MPNet with its parts where BERT has them."""
    attn = layer.attention.attn
    into = SimpleNamespace(query=attn.q, key=attn.k, value=attn.v, num_attention_heads=attn.num_attention_heads)
    out = SimpleNamespace(dense=attn.o, LayerNorm=layer.attention.LayerNorm)
    attention = SimpleNamespace(self=into, output=out)
    return SimpleNamespace(attention=attention, intermediate=layer.intermediate, output=layer.output)


def bert_of(weights: Mapping[str, torch.Tensor], heads: int, epsilon: float) -> SimpleNamespace:
    """What `FastBert` needs of a BertModel, from its weights by their names, without transformers to hold them.

    `heads` are those of each layer's attention; `epsilon` is what normalisation adds to a variance.
    """

    def linear(name: str) -> SimpleNamespace:
        return SimpleNamespace(weight=weights[f"{name}.weight"], bias=weights[f"{name}.bias"])

    def norm(name: str) -> partial:
        weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
        return partial(functional.layer_norm, normalized_shape=weight.shape, weight=weight, bias=bias, eps=epsilon)

    def ending(name: str) -> SimpleNamespace:
        return SimpleNamespace(dense=linear(f"{name}.dense"), LayerNorm=norm(f"{name}.LayerNorm"))

    def layer(name: str) -> SimpleNamespace:
        products = {part: linear(f"{name}.attention.self.{part}") for part in ("query", "key", "value")}
        attending = SimpleNamespace(**products, num_attention_heads=heads)
        return SimpleNamespace(
            attention=SimpleNamespace(self=attending, output=ending(f"{name}.attention.output")),
            intermediate=SimpleNamespace(dense=linear(f"{name}.intermediate.dense")),
            output=ending(f"{name}.output"),
        )

    words, places, kinds = (
        weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")
    )
    normed = norm("embeddings.LayerNorm")

    def embeddings(input_ids: torch.Tensor, token_type_ids: torch.Tensor) -> torch.Tensor:
        found = functional.embedding(input_ids, words) + functional.embedding(token_type_ids, kinds)
        return normed(found + places[: input_ids.shape[1]])

    numbers = {int(name.split(".")[2]) for name in weights if name.startswith("encoder.layer.")}
    layers = [layer(f"encoder.layer.{number}") for number in sorted(numbers)]
    return SimpleNamespace(embeddings=embeddings, encoder=SimpleNamespace(layer=layers))


def _visible(mask: torch.Tensor) -> torch.Tensor | None:
    return None if bool(mask.all()) else mask[:, None, None, :].bool()


def padded_rows(rows: Sequence[Sequence[int]], filler: int = 0) -> torch.Tensor:
    """int64 (rows, longest); shorter rows are filled up."""
    longest = max(len(row) for row in rows)
    return torch.tensor([[*row, *[filler] * (longest - len(row))] for row in rows])


def batches(lengths: Sequence[int], at_once: int = BATCH_TOKENS, padded: bool = True) -> Iterator[list[int]]:
    """Places of rows of like length, the shortest first, at most `at_once` tokens with the padding at once.

    Without `padded` only rows of one length go together: padding changes the last bit of a sum, which may round an
    8-bit step the other way, and so what a row gets would hang on its neighbours.
    """
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda at: lengths[at]):
        longer = batch and not padded and lengths[place] > lengths[batch[0]]
        if longer or (batch and lengths[place] * (len(batch) + 1) > at_once):
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def can_be_fast(model: nn.Module) -> bool:
    """Whether `FastBert` knows this model: a BERT classifier with pooler, whose activation is GELU."""
    return (
        type(model).__name__ == "BertForSequenceClassification"
        and model.bert.pooler is not None
        and model.config.hidden_act == "gelu"
    )
