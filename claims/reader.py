"""What the trained reader finds in paragraphs: who says what, and how much each stretch deserves a check.

One pass finds the words that report and keeps a vector for every token; a second one, for each reporting word, finds
its source and its content. In the second the reporting words are marked (as the second segment of the input), so that
two attributions in one sentence, side by side or one within the other, are told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from claims.reader_network import ReaderNetwork

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


def around(part: Encoded, cue: tuple[int, int]) -> Encoded:
    """The tokens of `cue` and AROUND more on either side, or fewer where the stretch ends."""
    inner = [place for place, (start, end) in enumerate(part.offsets) if start < cue[1] and cue[0] < end]
    low, high = max(0, inner[0] - AROUND), inner[-1] + 1 + AROUND
    return Encoded([part.ids[0], *part.ids[1:-1][low:high], part.ids[-1]], part.offsets[low:high])


def goes_on(labels: Sequence[int], part: Encoded, whole: Encoded) -> bool:
    """Whether something found in `part` reaches an edge behind which `whole` has more."""
    before, after = part.offsets[0] != whole.offsets[0], part.offsets[-1] != whole.offsets[-1]
    return bool((before and labels[0]) or (after and labels[-1]))


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


class Reader:
    """Reads paragraphs with the weights in `folder`, which are loaded at the first paragraph."""

    def __init__(self, folder: Path = FOLDER):
        self.folder = folder
        self._network: ReaderNetwork | None = None

    @property
    def version(self) -> str:
        """The first 8 hex digits of the SHA-256 over the weights. Raises ReaderMissing."""
        from claims.reader_network import description

        return description(self.folder)["sha256"][:8]

    def read(self, paragraphs: Sequence[str]) -> list[ReadParagraph]:
        """One reading a paragraph, in order.

        Raises:
            ReaderMissing: there are no fitting weights in the folder.
        """
        self._load()
        found = [ReadParagraph() for _ in paragraphs]
        parts = [(number, part) for number, text in enumerate(paragraphs) for part in encode(self._tokenizer, text)]
        vectors = self._vectors([(part.ids, [0] * len(part.ids)) for _, part in parts])
        cues = []
        for (number, part), values in zip(parts, vectors, strict=True):
            found[number].offsets += part.offsets
            found[number].vectors.append(values)
            labels = self._labels(values, CUE_LABELS)
            cues += [(number, part, cue) for cue in spans_of(labels, part.offsets, CUE)]
        tagged = self._link([(part, cue) for _, part, cue in cues])
        for (number, _, _), attribution in zip(cues, tagged, strict=True):
            # "He said:" may stand alone, what he said in the paragraph behind it.
            if attribution.source or attribution.content:
                found[number].attributions.append(attribution)
        return found

    def _link(self, cues: Sequence[tuple[Encoded, tuple[int, int]]]) -> list[Tagged]:
        """Source and content of each reporting word: looked for near it, and in the whole stretch where one of them
        reaches the edge of what is near."""
        near = [around(part, cue) for part, cue in cues]
        labels = self._link_labels([(part, cue) for part, (_, cue) in zip(near, cues, strict=True)])
        again = [place for place, (part, _) in enumerate(cues) if goes_on(labels[place], near[place], part)]
        for place, wider in zip(again, self._link_labels([cues[place] for place in again]), strict=True):
            near[place], labels[place] = cues[place][0], wider
        return [
            Tagged(cue, *(tuple(spans_of(found, part.offsets, begin)) for begin in (SOURCE, CONTENT)))
            for (_, cue), part, found in zip(cues, near, labels, strict=True)
        ]

    def _link_labels(self, cues: Sequence[tuple[Encoded, tuple[int, int]]]) -> list[list[int]]:
        vectors = self._vectors([(part.ids, marked(part, cue)) for part, cue in cues])
        return [self._labels(values, _LINK_LABELS) for values in vectors]

    def worths(self, pooled: np.ndarray) -> np.ndarray:
        """The probability of being worth a check, (rows,), for pooled vectors (rows, 384)."""
        self._load()
        weight, bias = (part.detach().numpy() for part in (self._network.worth.weight, self._network.worth.bias))
        return 1 / (1 + np.exp(-(pooled @ weight[0] + bias[0])))

    def _labels(self, vectors: np.ndarray, allowed: Sequence[int]) -> list[int]:
        """The likeliest of the allowed labels for every token of a stretch."""
        weight, bias = (part.detach().numpy() for part in (self._network.tags.weight, self._network.tags.bias))
        scores = vectors @ weight[list(allowed)].T + bias[list(allowed)]
        return np.array(allowed)[scores.argmax(axis=1)].tolist()

    def _vectors(self, inputs: Sequence[tuple[list[int], list[int]]]) -> list[np.ndarray]:
        """A vector for every inner token of each input, float32 (tokens, 384)."""
        import torch

        from claims.bert import batches
        from claims.reader_network import padded

        found: list[np.ndarray] = [np.zeros((0, 384), dtype=np.float32)] * len(inputs)
        for places in batches([len(ids) for ids, _ in inputs]):
            ids, types = padded([inputs[at][0] for at in places]), padded([inputs[at][1] for at in places])
            mask = padded([[1] * len(inputs[at][0]) for at in places])
            with torch.inference_mode():
                vectors = self._bert.tokens(ids, types, mask).numpy()
            for row, at in enumerate(places):
                found[at] = vectors[row, 1 : len(inputs[at][0]) - 1]
        return found

    def _load(self) -> None:
        if self._network is None:
            from transformers import AutoTokenizer

            from claims.bert import FastBert
            from claims.reader_network import encoder_folder, load_network

            self._tokenizer = AutoTokenizer.from_pretrained(encoder_folder())
            self._network = load_network(self.folder)
            self._bert = FastBert(self._network.bert)
