"""The fast encoder gives what the plain one gives: exactly in float32, nearly in 8-bit integers."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from transformers import AutoModel, MPNetConfig, MPNetModel

from claims.bert import BATCH_TOKENS, FastBert, FastMpnet, IntegerProduct, batches, bert_of
from claims.reader_weights import encoder_config, encoder_folder

IDS = torch.tensor([[101, 2009, 2003, 102, 2025, 102], [101, 2009, 102, 2025, 102, 0]])
TYPES = torch.tensor([[0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 1, 0]])
MASK = torch.tensor([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0]])
WITH_INTEGERS = pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="this torch has no oneDNN")
INTEGERS = pytest.param(True, marks=WITH_INTEGERS)


@pytest.fixture(scope="module")
def bert():
    return AutoModel.from_pretrained(encoder_folder(), add_pooling_layer=False, dtype=torch.float32).eval()


@pytest.fixture(scope="module")
def own(bert):
    with torch.inference_mode():
        return bert(input_ids=IDS, token_type_ids=TYPES, attention_mask=MASK).last_hidden_state[MASK.bool()]


@pytest.mark.parametrize(("integers", "least"), [(False, 0.99999), pytest.param(True, 0.98, marks=WITH_INTEGERS)])
def test_vectors_are_those_of_the_plain_encoder(bert, own, integers, least):
    fast = FastBert(bert, integers=integers)
    with torch.inference_mode():
        tokens = fast.tokens(IDS, TYPES, MASK)
        first = fast.first(IDS, TYPES, MASK)
    assert torch.cosine_similarity(tokens[MASK.bool()], own).min() > least
    assert torch.allclose(first, tokens[:, 0], atol=1e-5)


@pytest.mark.parametrize("integers", [False, INTEGERS])
def test_layers_that_go_on_end_where_all_of_them_end(bert, integers):
    whole = FastBert(bert, integers=integers)
    first, rest = (FastBert(bert, integers=integers, layers=part) for part in (slice(-2), slice(-2, None)))
    with torch.inference_mode():
        assert torch.equal(rest.onward(first.tokens(IDS, TYPES, MASK), MASK), whole.tokens(IDS, TYPES, MASK))


@pytest.mark.parametrize("integers", [False, INTEGERS])
def test_weights_by_name_give_the_same_to_the_last_bit(bert, integers):
    config = encoder_config()
    by_name = bert_of(bert.state_dict(), config["num_attention_heads"], config["layer_norm_eps"])
    with torch.inference_mode():
        ours, theirs = (FastBert(one, integers=integers).tokens(IDS, TYPES, MASK) for one in (by_name, bert))
    assert torch.equal(ours, theirs)


@pytest.mark.parametrize(("integers", "furthest"), [(False, 1e-5), pytest.param(True, 0.05, marks=WITH_INTEGERS)])
@pytest.mark.parametrize("length", [1, 2, 40])
def test_the_first_vectors_of_mpnet_are_those_of_the_plain_encoder(integers, furthest, length):
    torch.manual_seed(3)
    config = MPNetConfig(
        vocab_size=90, hidden_size=64, num_hidden_layers=3, num_attention_heads=4, intermediate_size=128,
        initializer_range=0.3,
    )  # fmt: skip
    mpnet = MPNetModel(config, add_pooling_layer=False).eval()
    ids = torch.randint(4, 90, (5, length))
    with torch.inference_mode():
        plain = mpnet(ids).last_hidden_state[:, 0]
        fast = FastMpnet(mpnet, integers=integers).first(ids)
        mpnet.encoder.relative_attention_bias.weight.zero_()
        without_distances = mpnet(ids).last_hidden_state[:, 0]
    assert (1 - torch.cosine_similarity(fast, plain)).max() < furthest
    if length > 2:
        assert (1 - torch.cosine_similarity(without_distances, plain)).max() > furthest


@WITH_INTEGERS
@pytest.mark.parametrize("count", [1, 31, 32, 33, 100])
def test_a_product_in_integers_is_that_of_the_rounded_numbers(count):
    chance = torch.Generator().manual_seed(count)
    layers = [nn.Linear(48, 32), nn.Linear(48, 16)]
    rows = torch.randn(count, 48, generator=chance) * torch.rand(count, 1, generator=chance)
    rows[0] = 0

    def rounded(numbers):
        scale = numbers.abs().amax(dim=1, keepdim=True).clamp_min(1e-8) / 127
        return (numbers / scale).round() * scale

    with torch.inference_mode():
        ours = IntegerProduct(*layers)(rows)
        theirs = torch.cat([rounded(rows) @ rounded(layer.weight).T + layer.bias for layer in layers], dim=1)
    assert ours.shape == (count, 48) and torch.allclose(ours, theirs, atol=1e-5)


@WITH_INTEGERS
def test_a_rows_answer_does_not_hang_on_its_neighbours_in_the_batch(bert):
    fast = FastBert(bert, integers=True)
    with torch.inference_mode():
        together = fast.first(IDS, TYPES, MASK)[1]
        alone = fast.first(IDS[1:, :5], TYPES[1:, :5], MASK[1:, :5])[0]
    assert torch.allclose(together, alone, atol=1e-5)


def test_batches_hold_every_row_once_and_few_tokens():
    lengths = [7, 300, 5, 120, 6, 130, 64, 64, 64, 64, 64]
    found = list(batches(lengths))
    assert sorted(place for batch in found for place in batch) == list(range(len(lengths)))
    assert all(max(lengths[at] for at in batch) * len(batch) <= BATCH_TOKENS for batch in found if len(batch) > 1)
    assert list(batches([])) == []
