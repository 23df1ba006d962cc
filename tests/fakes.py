"""Deterministic stand-ins for models, for tests in which the model is not what matters; they count their calls."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np

from claims import Attribution, Claim
from embeddings.entailment import Entailment


class HashEncoder:
    """Unit vectors from the words of a text: texts that share words are near."""

    model_id = "hash-encoder"
    dimension = 64

    def __init__(self):
        self.calls: list[int] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.calls.append(len(texts))
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                vectors[row, int(hashlib.md5(word.encode()).hexdigest(), 16) % self.dimension] += 1
            vectors[row, 0] += 0.01
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class RuleEntailment:
    """Contradiction where words are shared and one side has a "not", else entailment where most words agree."""

    scale = None

    def __init__(self, model_id: str = "rule-entailment"):
        self.model_id, self.calls = model_id, []

    def score(
        self, pairs: Sequence[tuple[str, str]], progress: Callable[[int, int], None] | None = None
    ) -> list[Entailment]:
        self.calls.append(len(pairs))
        return [self._one(*pair) for pair in pairs]

    @staticmethod
    def _one(premise: str, hypothesis: str) -> Entailment:
        one, other = set(premise.lower().split()), set(hypothesis.lower().split())
        if len(one & other) > 2 and ("not" in one) != ("not" in other):
            return Entailment(0.9, 0.02, 0.08, 0.9)
        if len(one & other) > 0.7 * len(one | other):
            return Entailment(0.02, 0.95, 0.03, 0.02)
        return Entailment(0.05, 0.05, 0.9, 0.1)


def a_claim(claim_id: str, text: str, speaker: str = "", article: str = "a" * 16, start: int = 0) -> Claim:
    """A claim of which only what a test names matters."""
    return Claim(
        id=claim_id, article_id=article, text=text, char_start=start, char_end=start + len(text), paragraph_start=start,
        paragraph_end=start + len(text), before="", after="", kind="statement", attribution=Attribution(speaker),
        standalone=text, check_worthiness=0.5, assertion="past_event",
    )  # fmt: skip
