"""Questions for a teacher that nobody wrote: pairs with a word exchanged, and hypotheses beside a like premise.

The small network has seen every labelled pair in its earlier stages, and knows those far better than new ones. A
teacher can be asked of any number of new ones, whose labels nobody knows, since one word may turn a pair round.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from embeddings.training_data import TrainingPair, read_rows
from embeddings.training_taught import open_pair

# Sets of prose; captions call any two scenes a contradiction.
SETS = ("mnli_nyu20k", "mnli_olora", "taxinli_mnli", "lingnli")
NEAR, LOOKED_AT = 12, 60  # words that may take a word's place, and those that are looked at for it
STEM = 4  # letters by which forms of one word are known
COMMON = 5  # times that a word stands in the sets, to be exchanged or to take another's place
MOST_EXCHANGED = 2  # words of one sentence
PREMISE_SHARE = 0.3  # of the rows, those that come once more with a word of the premise exchanged
# Short words hold a sentence together; with another one it would be none.
_WORD = re.compile(r"\b(?:[A-Za-z]{4,}|\d+)\b(?![’'])")
_ENDING = re.compile(r"(?:ing|ed|ly|er|est|(?<!s)s|\d)?$")


class NearWords:
    """Words with the NEAR others that are used most like each, by the cosine of their vectors, (words, size)."""

    def __init__(self, words: Sequence[str], vectors: np.ndarray):
        unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        self._near: dict[str, list[str]] = {}
        for start in range(0, len(words), 512):
            scores = unit[start : start + 512] @ unit.T
            scores[np.arange(len(scores)), start + np.arange(len(scores))] = -np.inf
            order = np.argsort(-scores, axis=1, kind="stable")[:, : min(LOOKED_AT, len(words) - 1)]
            for word, places in zip(words[start : start + 512], order, strict=True):
                self._near[word] = [other for place in places if may_replace(word, other := words[place])][:NEAR]

    def of(self, word: str) -> list[str]:
        """Those near a known word, in lower case; none near an unknown one."""
        return self._near.get(word.lower(), [])


def may_replace(word: str, other: str) -> bool:
    """Whether a sentence with the one word is one with the other, and says something else: both end alike, and they are
    no forms of one word."""
    return _ENDING.search(word)[0] == _ENDING.search(other)[0] and word[:STEM] != other[:STEM]


def near_words(texts: Iterable[str]) -> NearWords:
    """The words of the packaged encoder's vocabulary that are common in `texts`."""
    from transformers import AutoModel, AutoTokenizer

    from claims.reader_weights import encoder_folder

    counted = Counter(word for text in texts for word in _WORD.findall(text.lower()))
    vocabulary = AutoTokenizer.from_pretrained(encoder_folder()).get_vocab()
    words = sorted(word for word, number in counted.items() if number >= COMMON and word in vocabulary)
    vectors = AutoModel.from_pretrained(encoder_folder()).get_input_embeddings().weight.detach().numpy()
    return NearWords(words, vectors[[vocabulary[word] for word in words]])


def exchanged(text: str, near: NearWords, rng: random.Random) -> str:
    """The text with one or two of its words exchanged for words used alike; "" where it has none to exchange."""
    found = [(match, others) for match in _WORD.finditer(text) if (others := near.of(match[0]))]
    if not found:
        return ""
    chosen = rng.sample(found, min(len(found), rng.randint(1, MOST_EXCHANGED)))
    for match, others in sorted(chosen, key=lambda one: -one[0].start()):
        word = rng.choice(others)
        word = word.capitalize() if match[0][0].isupper() else word
        text = text[: match.start()] + word + text[match.end() :]
    return text


def varied_questions(
    data: Path, own: Iterable[TrainingPair], encode: Callable[[list[str]], np.ndarray], seed: int
) -> list[TrainingPair]:
    """For each pair of SETS and of `own`, shuffled: its hypothesis with words exchanged, for some its premise so, and
    the hypothesis of another pair whose premise is the most like its own; no pair that is there already."""
    rng = random.Random(seed)
    rows = [row for name in SETS for row in read_rows(data / "nli" / "train" / f"{name}.jsonl.gz")]
    there = {(row["premise"], row["hypothesis"]) for row in rows} | {(pair.premise, pair.hypothesis) for pair in own}
    pairs = sorted(there)
    near = near_words(text for pair in pairs for text in pair)
    found: dict[tuple[str, str], str] = {}
    for premise, hypothesis in pairs:
        found[premise, exchanged(hypothesis, near, rng)] = "exchanged"
        if rng.random() < PREMISE_SHARE:
            found[exchanged(premise, near, rng), hypothesis] = "exchanged"
    found |= dict.fromkeys(borrowed(pairs, encode, rng), "borrowed")
    asked = [
        open_pair(premise, hypothesis, source)
        for (premise, hypothesis), source in found.items()
        if premise and hypothesis and (premise, hypothesis) not in there
    ]
    rng.shuffle(asked)
    return asked


def borrowed(
    pairs: Sequence[tuple[str, str]], encode: Callable[[list[str]], np.ndarray], rng: random.Random
) -> Iterator[tuple[str, str]]:
    """Each premise with a hypothesis of the other premise that is the most like it."""
    hypotheses: dict[str, list[str]] = {}
    for premise, hypothesis in pairs:
        hypotheses.setdefault(premise, []).append(hypothesis)
    premises = list(hypotheses)
    vectors = np.asarray(encode(premises))
    for start in range(0, len(premises), 512):
        scores = vectors[start : start + 512] @ vectors.T
        scores[np.arange(len(scores)), start + np.arange(len(scores))] = -np.inf
        for premise, nearest in zip(premises[start : start + 512], scores.argmax(axis=1), strict=True):
            yield premise, rng.choice(hypotheses[premises[nearest]])
