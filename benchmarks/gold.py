"""Files of hand-read relations between statements of articles, and the real line run on the articles they name."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from claims import Article, Claim, ClaimExtractor, UnreadableArticle, read_articles
from claims.reader import Reader


@dataclass(frozen=True, slots=True)
class Side:
    """Characters `start` to `end` of the article `seed`; `speaker` is None where none is named."""

    seed: str
    start: int
    end: int
    quote: str
    speaker: str | None


@dataclass(frozen=True, slots=True)
class GoldPair:
    """Two statements and what a reader says of them ("contradicts" or "supports")."""

    id: str
    relation: str
    a: Side
    b: Side


@dataclass(frozen=True, slots=True)
class Gold:
    """The pairs of one file, its articles by file name, and what of them must never be a claim."""

    pairs: tuple[GoldPair, ...]
    furniture: dict[str, list[str]]
    articles: dict[str, Path]


def read_gold(path: Path) -> Gold:
    """The gold file at `path`; its articles are looked for beside it, in ``../seeds`` from it, and in ``seeds``.

    Raises:
        FileNotFoundError: an article that it names is in none of these.
        ValueError: a quotation does not stand at its offsets.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    pairs = tuple(GoldPair(row["id"], row["relation"], Side(**row["a"]), Side(**row["b"])) for row in content["pairs"])
    furniture = content.get("boilerplate_never_a_claim", {})
    names = {side.seed for pair in pairs for side in (pair.a, pair.b)} | set(furniture)
    folders = (path.parent, path.parent.parent / "seeds", Path("seeds"))
    articles = {}
    for name in sorted(names):
        articles[name] = next((folder / name for folder in folders if (folder / name).exists()), None)
        if articles[name] is None:
            raise FileNotFoundError(f"no article {name} in {', '.join(str(folder) for folder in folders)}")
    for pair in pairs:
        for side in (pair.a, pair.b):
            found = articles[side.seed].read_text(encoding="utf-8")[side.start : side.end]
            if found != side.quote:
                raise ValueError(f"{pair.id}: {side.seed} holds {found!r} at {side.start}, not {side.quote!r}")
    return Gold(pairs, furniture, articles)


def claims_by_article(gold: Gold) -> dict[str, list[Claim]]:
    """What the program extracts from each article."""
    extractor = ClaimExtractor(reader=Reader())
    names = list(gold.articles)
    found = {}
    for name, article in zip(names, read_articles([gold.articles[name] for name in names]), strict=True):
        if isinstance(article, UnreadableArticle):
            raise article
        assert isinstance(article, Article)
        found[name] = extractor.extract(article)
    return found


def overlapping(side: Side, claims: list[Claim]) -> list[Claim]:
    """Claims that share text with `side`, the one that shares most (and adds least) first."""
    hits = [claim for claim in claims if claim.char_start < side.end and side.start < claim.char_end]

    def fit(claim: Claim) -> float:
        shared = min(claim.char_end, side.end) - max(claim.char_start, side.start)
        return shared / (max(claim.char_end, side.end) - min(claim.char_start, side.start))

    return sorted(hits, key=fit, reverse=True)


@contextmanager
def line_on(gold: Gold) -> Iterator:
    """A throw-away workspace into which the real line has read the articles; yields its store."""
    from workbench.ingest import Line
    from workbench.settings import load_settings
    from workbench.store import Store

    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        report = Line.from_settings(store, load_settings(Path(folder))).ingest(list(gold.articles.values()))
        if report.refused:
            raise ValueError(f"articles were refused: {report.refused}")
        yield store
