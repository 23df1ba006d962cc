"""What the trained reader finds in paragraphs: who says what, and how much each stretch deserves a check.

One pass finds the words that report and keeps a vector for every token; from these a second one, in two layers more,
finds the source and the content of each reporting word. That word is marked, so that two attributions in one sentence,
side by side or one within the other, are told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

FOLDER = Path(__file__).parent / "model"
CUE, SOURCE, CONTENT = 1, 3, 5
CUE_LABELS, _LINK_LABELS = (0, 1, 2), (0, 3, 4, 5, 6)
MAX_TOKENS = 192
# How many tokens on either side of a reporting word the second pass sees.
AROUND = 32

Spans = tuple[tuple[int, int], ...]


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


# The stretch in which a reporting word stands, what was read of it, (tokens, 384), the first mark's vector first and
# none for the last, and the word's characters.
Cue = tuple[Encoded, np.ndarray, tuple[int, int]]


@dataclass(slots=True)
class ReadParagraph:
    """A paragraph that was read: its attributions in the order of their reporting words, and its tokens' vectors."""

    attributions: list[Tagged] = field(default_factory=list)
    offsets: list[tuple[int, int]] = field(default_factory=list)
    vectors: list[np.ndarray] = field(default_factory=list)

    def pooled(self, start: int, end: int) -> np.ndarray:
        """Mean vector, float32 (384,), of the tokens between two characters; zeros where there is none."""
        places = [at for at, (low, high) in enumerate(self.offsets) if low < end and start < high]
        if not places:
            return np.zeros(384, dtype=np.float32)
        return np.concatenate(self.vectors)[places].mean(axis=0)


def encode(tokenizer: Tokenizer, paragraph: str) -> list[Encoded]:
    """The paragraph as stretches of at most MAX_TOKENS tokens; nearly always one."""
    found = tokenizer.encode(paragraph, add_special_tokens=False)
    ids, offsets = found.ids, found.offsets
    first, last = (tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
    size = MAX_TOKENS - 2
    return [Encoded([first, *ids[at : at + size], last], offsets[at : at + size]) for at in range(0, len(ids), size)]


def around(part: Encoded, cue: tuple[int, int]) -> range:
    """The places of the tokens of `cue` and of AROUND more on either side, or fewer where the stretch ends."""
    inner = [place for place, (start, end) in enumerate(part.offsets) if start < cue[1] and cue[0] < end]
    return range(max(0, inner[0] - AROUND), min(len(part.offsets), inner[-1] + 1 + AROUND))


def goes_on(labels: Sequence[int], near: range, part: Encoded) -> bool:
    """Whether something found in `near` reaches an edge behind which the stretch has more."""
    return bool((near.start and labels[0]) or (near.stop < len(part.offsets) and labels[-1]))


def marked(part: Encoded, cue: tuple[int, int]) -> list[int]:
    """1 for the tokens of `cue`, 0 for all others, the outer marks among them."""
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


class Reader:
    """Reads paragraphs with the weights in `folder`, which are loaded at the first paragraph."""

    def __init__(self, folder: Path = FOLDER):
        self.folder = folder
        self._weights: dict[str, torch.Tensor] = {}

    @property
    def version(self) -> str:
        """The first 8 hex digits of the SHA-256 over the weights. Raises ReaderMissing."""
        from claims.reader_weights import description

        return description(self.folder)["sha256"][:8]

    def read(self, paragraphs: Sequence[str]) -> list[ReadParagraph]:
        """One reading a paragraph, in order.

        Raises:
            ReaderMissing: there are no fitting weights in the folder.
        """
        self._load()
        found = [ReadParagraph() for _ in paragraphs]
        parts = [(number, part) for number, text in enumerate(paragraphs) for part in encode(self._tokenizer, text)]
        numbers, cues = [], []
        for (number, part), values in zip(parts, self._vectors([part for _, part in parts]), strict=True):
            found[number].offsets += part.offsets
            found[number].vectors.append(values[1:])
            labels = self._labels(values[1:], CUE_LABELS)
            for cue in spans_of(labels, part.offsets, CUE):
                numbers.append(number)
                cues.append((part, values, cue))
        for number, attribution in zip(numbers, self._link(cues), strict=True):
            # "He said:" may stand alone, what he said in the paragraph behind it.
            if attribution.source or attribution.content:
                found[number].attributions.append(attribution)
        return found

    def _link(self, cues: Sequence[Cue]) -> list[Tagged]:
        """Source and content of each reporting word: looked for near it, and in the whole stretch where one of them
        reaches the edge of what is near."""
        near = [around(part, cue) for part, _, cue in cues]
        labels = self._link_labels(cues, near)
        again = [place for place, (part, _, _) in enumerate(cues) if goes_on(labels[place], near[place], part)]
        whole = [range(len(cues[place][0].offsets)) for place in again]
        wider = self._link_labels([cues[place] for place in again], whole)
        for place, places, found in zip(again, whole, wider, strict=True):
            near[place], labels[place] = places, found
        return [
            Tagged(
                cue,
                *(tuple(spans_of(found, part.offsets[near.start : near.stop], begin)) for begin in (SOURCE, CONTENT)),
            )
            for (part, _, cue), near, found in zip(cues, near, labels, strict=True)
        ]

    def _link_labels(self, cues: Sequence[Cue], near: Sequence[range]) -> list[list[int]]:
        """The labels of the tokens near each reporting word."""
        import torch

        from claims.bert import batches, padded_rows

        found: list[list[int]] = [[]] * len(cues)
        for places in batches([len(one) + 1 for one in near]):
            marks = padded_rows(
                [[0, *marked(cues[at][0], cues[at][2])[1:-1][near[at].start : near[at].stop]] for at in places]
            )
            mask = padded_rows([[1] * (len(near[at]) + 1) for at in places])
            seen = np.zeros((*mask.shape, self._mark.shape[1]), dtype=np.float32)
            for row, at in enumerate(places):
                _, values, _ = cues[at]
                seen[row, 0] = values[0]
                seen[row, 1 : len(near[at]) + 1] = values[1 + near[at].start : 1 + near[at].stop]
            with torch.inference_mode():
                vectors = self._linking.onward(torch.from_numpy(seen) + self._mark[marks], mask).numpy()
            for row, at in enumerate(places):
                found[at] = self._labels(vectors[row, 1 : len(near[at]) + 1], _LINK_LABELS)
        return found

    def worths(self, pooled: np.ndarray) -> np.ndarray:
        """The probability of being worth a check, (rows,), for pooled vectors (rows, 384)."""
        self._load()
        weight, bias = (self._weights[f"worth.{part}"].numpy() for part in ("weight", "bias"))
        return 1 / (1 + np.exp(-(pooled @ weight[0] + bias[0])))

    def _labels(self, vectors: np.ndarray, allowed: Sequence[int]) -> list[int]:
        """The likeliest of the allowed labels for every token of a stretch."""
        weight, bias = (self._weights[f"tags.{part}"].numpy() for part in ("weight", "bias"))
        scores = vectors @ weight[list(allowed)].T + bias[list(allowed)]
        return np.array(allowed)[scores.argmax(axis=1)].tolist()

    def _vectors(self, parts: Sequence[Encoded]) -> list[np.ndarray]:
        """A vector for each stretch's first mark and for every inner token, float32 (tokens, 384)."""
        import torch

        from claims.bert import batches, padded_rows

        found: list[np.ndarray] = [np.zeros((0, 384), dtype=np.float32)] * len(parts)
        for places in batches([len(part.ids) for part in parts]):
            ids = padded_rows([parts[at].ids for at in places])
            mask = padded_rows([[1] * len(parts[at].ids) for at in places])
            with torch.inference_mode():
                vectors = self._reading.tokens(ids, torch.zeros_like(ids), mask).numpy()
            for row, at in enumerate(places):
                found[at] = vectors[row, : len(parts[at].ids) - 1]
        return found

    def _load(self) -> None:
        if not self._weights:
            from claims.bert import FastBert, bert_of
            from claims.reader_weights import LINKING, encoder_config, encoder_tokenizer, weights_of

            self._tokenizer, config = encoder_tokenizer(), encoder_config()
            weights = weights_of(self.folder)
            encoder = {name.removeprefix("bert."): weight for name, weight in weights.items() if name[:5] == "bert."}
            bert = bert_of(encoder, config["num_attention_heads"], config["layer_norm_eps"])
            self._reading = FastBert(bert, layers=slice(-LINKING))
            self._linking = FastBert(bert, layers=slice(-LINKING, None))
            self._mark = weights["mark.weight"]
            self._weights = weights
