"""The words at places of the news corpus, of which this repository holds no text."""

from __future__ import annotations

from pathlib import Path

from embeddings.training_data import read_rows

# An article's id, and the first and the past-the-last character of its text.
Place = tuple[str, int, int]


class Words:
    """The words at places of `corpus` (rows with ``id`` and ``text``), of which the `wanted` articles are kept."""

    def __init__(self, corpus: Path, wanted: set[str]):
        self._corpus, self._texts = corpus, {}
        for row in read_rows(corpus) if wanted else ():
            if row["id"] in wanted:
                self._texts[row["id"]] = row["text"]
                if len(self._texts) == len(wanted):
                    break

    def at(self, place: Place) -> str:
        """The words of a place.

        Raises:
            ValueError: the article is not in the corpus, or ends before the place does.
        """
        article, start, end = place
        text = self._texts.get(article)
        if text is None:
            raise ValueError(f"{self._corpus} has no article {article!r}, of which claims were read")
        if not 0 <= start < end <= len(text):
            raise ValueError(f"article {article!r} ends at {len(text)}, before {start}–{end}")
        return text[start:end]
