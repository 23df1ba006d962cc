"""One story told several times: copies of a text with small edits, and later versions of one article."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import Connection, text

from workbench.store import Store

PERMUTATIONS = 256
# Share of the shorter text's word groups that stand in the longer one, from which it is a copy; two reports with long
# common quotations stay below, a wire story with another headline and a cut end above.
COPIED = 0.7
# The same share of an earlier text at the same place from which the new one is its next version and no other article.
NEXT_VERSION = 0.4
_WORDS_OF_A_COPY, _WORDS_OF_A_VERSION = 5, 3
_LEAST_SHINGLES = 15
# Ready-made statements are of one or two sentences, where the few words in which two of them differ are what they say:
# the same claim as two fact-checkers rate it is no copy.
_LEAST_OF_STATEMENTS = 40
# For the database: an article's ready-made statements, in its newest version, and whether it is a list of such.
NEWEST_GIVEN = "CASE WHEN next_text IS NULL THEN given ELSE next_given END"
OF_STATEMENTS = f"({NEWEST_GIVEN} <> '[]')"
_SHINGLES = f"CASE WHEN shingles < {_LEAST_OF_STATEMENTS} AND {OF_STATEMENTS} THEN 0 ELSE shingles END"
# Sketches only estimate, so what they let through is looked at exactly; far shorter texts are not compared.
_WORTH_A_LOOK = 0.45
_LEAST_LENGTH = 0.3
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a text to find its copies: `hashes` is uint32 (PERMUTATIONS,), `shingles` its word groups."""

    hashes: np.ndarray
    shingles: int

    @classmethod
    def of(cls, words: str) -> Sketch:
        from datasketch import MinHash

        groups = _shingles(words, _WORDS_OF_A_COPY)
        sketch = MinHash(num_perm=PERMUTATIONS, seed=1, scheme="affine32")
        sketch.update_batch([group.encode("utf-8", "replace") for group in groups])
        return cls(sketch.hashvalues.astype("<u4"), len(groups))


class Sketches:
    """The sketches of a workspace's articles, read once; only one ingest at a time writes new ones."""

    def __init__(self, store: Store) -> None:
        self._ids: list[str] = []
        self._places: dict[str, int] = {}  # in `_ids`
        self._hashes = np.empty((0, PERMUTATIONS), "<u4")
        self._sizes = np.empty(0)
        with store.writing() as connection:
            known = text(f"SELECT id, sketch, {_SHINGLES} AS shingles FROM articles WHERE sketch IS NOT NULL")
            for row in connection.execute(known).all():
                self.add(row.id, Sketch(np.frombuffer(row.sketch, "<u4"), row.shingles))
            # Articles that came before there were any sketches.
            rest = connection.execute(
                text("SELECT id, text FROM articles WHERE sketch IS NULL AND text <> '' ORDER BY added_at, id")
            ).all()
            for row in rest:
                self.place(connection, row.id, row.text)

    def add(self, article_id: str, sketch: Sketch) -> None:
        """Notes a new article's sketch, or a known one's new text."""
        if article_id in self._places:
            place = self._places[article_id]
            self._hashes[place], self._sizes[place] = sketch.hashes, sketch.shingles
            return
        place = len(self._ids)
        if place == len(self._hashes):  # room for twice as many, so that adding stays cheap
            self._hashes = np.vstack([self._hashes, np.zeros((max(64, place), PERMUTATIONS), "<u4")])
            self._sizes = np.concatenate([self._sizes, np.zeros(max(64, place))])
        self._ids.append(article_id)
        self._places[article_id] = place
        self._hashes[place], self._sizes[place] = sketch.hashes, sketch.shingles

    def place(self, connection: Connection, article_id: str, words: str) -> list[str]:
        """Stores the sketch of an article's newest text and joins it with its copies, whose ids are returned."""
        sketch = Sketch.of(words)
        connection.execute(
            text("UPDATE articles SET sketch = :sketch, shingles = :shingles WHERE id = :id"),
            {"sketch": sketch.hashes.tobytes(), "shingles": sketch.shingles, "id": article_id},
        )
        compared = text(f"SELECT {_SHINGLES} FROM articles WHERE id = :id")
        sketch = replace(sketch, shingles=connection.execute(compared, {"id": article_id}).scalar_one())
        copies = [
            other
            for other in self._likely_copies(sketch)
            if other != article_id
            and is_copy(words, newest_text(connection, other))
            and not _of_other_people(connection, article_id, other)
        ]
        if copies:
            _join_story(connection, article_id, copies)
        self.add(article_id, sketch)
        return copies

    def _likely_copies(self, sketch: Sketch) -> list[str]:
        if sketch.shingles < _LEAST_SHINGLES or not self._ids:
            return []
        sizes = self._sizes[: len(self._ids)]
        alike = (self._hashes[: len(self._ids)] == sketch.hashes).mean(axis=1)
        common = alike / (1 + alike) * (sizes + sketch.shingles)
        shorter, longer = np.minimum(sizes, sketch.shingles), np.maximum(sizes, sketch.shingles)
        fit = (common >= _WORTH_A_LOOK * shorter) & (shorter >= np.maximum(_LEAST_SHINGLES, _LEAST_LENGTH * longer))
        return [self._ids[place] for place in np.flatnonzero(fit)]


def is_copy(one: str, other: str) -> bool:
    """Whether one text is, but for small edits or a cut, the other."""
    return _share(one, other, _WORDS_OF_A_COPY) >= COPIED


def is_version(old: str, new: str) -> bool:
    """Whether a text that stands where another stood is that one, edited."""
    return _share(old, new, _WORDS_OF_A_VERSION) >= NEXT_VERSION


def newest_text(connection: Connection, article_id: str) -> str:
    """An article's text as it was last read, also where its claims were not looked for yet."""
    return connection.execute(
        text("SELECT coalesce(next_text, text) FROM articles WHERE id = :id"), {"id": article_id}
    ).scalar_one()


def _of_other_people(connection: Connection, *article_ids: str) -> bool:
    """Whether two articles are statements of which no two are given as the same person's."""
    one, other = (
        set(
            connection.execute(
                text(f"""SELECT json_extract(g.value, '$[2]') FROM articles a, json_each({NEWEST_GIVEN}) g
                    WHERE a.id = :id AND json_extract(g.value, '$[2]') <> ''"""),
                {"id": article_id},
            ).scalars()
        )
        for article_id in article_ids
    )
    return bool(one and other) and one.isdisjoint(other)


def _join_story(connection: Connection, article_id: str, copies: list[str]) -> None:
    """Makes an article, its copies and theirs one story."""
    ids = json.dumps([article_id, *copies])
    members = (
        connection.execute(
            text("""SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(:ids)) OR story_id IN (
            SELECT story_id FROM articles WHERE story_id <> '' AND id IN (SELECT value FROM json_each(:ids)))"""),
            {"ids": ids},
        )
        .scalars()
        .all()
    )
    connection.execute(
        text("UPDATE articles SET story_id = :story WHERE id IN (SELECT value FROM json_each(:ids))"),
        {"story": min(members), "ids": json.dumps(members)},
    )


def _share(one: str, other: str, words: int) -> float:
    a, b = _shingles(one, words), _shingles(other, words)
    return len(a & b) / max(1, min(len(a), len(b)))


def _shingles(words: str, length: int) -> set[str]:
    found = _WORD.findall(words.lower())
    return {" ".join(found[at : at + length]) for at in range(max(1, len(found) - length + 1))}
