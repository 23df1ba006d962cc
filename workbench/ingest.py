"""The line: articles in, claims, vectors and relations out. Every stage commits; a second call goes on where a first
one was killed."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from filelock import FileLock, Timeout
from sqlalchemy import text

from claims.article import Article, Provenance
from claims.claim import Claim
from claims.formats import storable
from workbench import thresholds
from workbench.archive import keep
from workbench.articles import (
    article_dates,
    forget_reading,
    refresh_contradictions,
    replace_claims,
    unread_articles,
)
from workbench.errors import WebRefused, WorkspaceBusy
from workbench.groups import regroup
from workbench.inbox import as_sent
from workbench.intake import COPY, NEW, UNCHANGED, VERSION, Sighting, seen_since, take_in, those_there
from workbench.listing import weigh_conflicts
from workbench.models import LazyEncoder, LazyEntailment, RememberingModel
from workbench.pages import fetch_all, is_address
from workbench.pairs import call_back, store_relations
from workbench.settings import Settings
from workbench.store import Store
from workbench.stories import Sketches
from workbench.vectors import current_claims, encode_unseen, open_index, vectors_of
from workbench.waiting import left_waiting, note_fetched, settle
from workbench.web import USUAL

if TYPE_CHECKING:
    from embeddings.encoder import Encoder
    from embeddings.entailment import EntailmentModel
    from embeddings.reasons import Explainer

log = logging.getLogger(__name__)
Progress = Callable[[str, int, int], None]
RELATIONS_A_COMMIT = 500
FETCHING, READING, FINDING = "fetching pages", "reading articles", "finding claims"
ENCODING = "comparing meanings"
INDEXING, JUDGING, WAITING = "building the index", "judging pairs", "waiting for another ingest"


# The articles of one file and why there are no others, the name they came under, and where they were seen.
_Found = tuple[Sequence[Article | Exception], str, Sighting]


class Extractor(Protocol):
    """Finds the claims of articles: a list for each, in order. `name` changes with what it finds."""

    name: str

    def extract_all(self, articles: Sequence[Article]) -> Iterator[list[Claim]]: ...


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did: new articles (`copies` of them copies of others) and articles already there, files refused
    with the reason, new claims, pairs judged, articles that were edited since (`versions`), and why pairs had no second
    opinion (`left_out`)."""

    read: int
    unchanged: int
    refused: tuple[tuple[str, str], ...]
    claims: int
    pairs_judged: int
    copies: int = 0
    versions: int = 0
    left_out: str = ""

    def __str__(self) -> str:
        new = f"{self.read} new articles" + (f" ({self.copies} of them copies of others)" if self.copies else "")
        edited = f"{self.versions} edited since, " if self.versions else ""
        said = (
            f"{new}, {edited}{self.unchanged} already there, {self.claims} new claims, {self.pairs_judged} pairs judged"
        )
        if self.refused:
            said += f"; {len(self.refused)} not read: " + "; ".join(f"{path}: {why}" for path, why in self.refused)
        if self.left_out:
            said += f"; {self.left_out}"
        return said


class Line:
    """Reads articles into a store. The parts come from outside; `wait` is how many seconds to wait for another ingest
    of the same workspace (-1: as long as it takes) before WorkspaceBusy is raised; `second` is the model of the second
    opinion, and `left_out` says why there is none though the settings ask for one."""

    wait: float = -1
    limits = USUAL
    left_out = ""

    def __init__(
        self,
        store: Store,
        extractor: Extractor,
        encoder: Encoder,
        model: EntailmentModel,
        settings: Settings,
        explainer: Explainer | None = None,
        second: EntailmentModel | None = None,
    ) -> None:
        self.store, self.extractor, self.encoder, self.model, self.settings = store, extractor, encoder, model, settings
        self.explainer, self.second = explainer, second

    @classmethod
    def from_settings(cls, store: Store, settings: Settings) -> Line:
        """With the real parts; each is loaded at its first use."""
        from claims.extract import ClaimExtractor
        from claims.reader import Reader
        from embeddings.entailment import SHIPPED
        from embeddings.reasons import Explainer
        from embeddings.second_model import cannot_be_asked

        extractor, model = ClaimExtractor(settings.spacy, Reader()), LazyEntailment(settings.entailment)
        explainer = Explainer(model, extractor.language)
        name = settings.second_opinion.strip()
        if name == SHIPPED and settings.entailment != SHIPPED:
            name = ""  # the shipped one was measured beside the shipped one; another model may well know better
        left_out = cannot_be_asked(name)
        second = LazyEntailment(name, second=True) if name and not left_out else None
        line = cls(store, extractor, LazyEncoder(settings.encoder), model, settings, explainer, second)
        line.left_out = left_out
        return line

    def ingest(
        self, paths: Sequence[Path | str], progress: Progress | None = None, again: bool = False
    ) -> IngestReport:
        """Reads files, folders and web addresses, then does everything that is still to do in the workspace. Pages are
        fetched before another ingest is waited for, as a site may want seconds between two of them.

        A file that can't be read is reported and the rest goes on. `again` looks for the claims of articles that are
        there already once more. Raises WorkspaceBusy, and what the models raise; what was done until then is stored.
        """
        from claims.reading import UnreadableArticle, files_of, read_file
        from claims.safely import SafeReader

        def found() -> Iterator[_Found]:
            files = [Path(path) for path in paths if not is_address(path)]
            fetched = {Path(path): (*page, page[0]) for path, page in waiting.items() if page[0]}
            for one in answers:
                page = one.page
                if isinstance(page, tuple):
                    files.append(page[0])
                    fetched[page[0]] = (page[1], one.at, one.given)
                else:
                    yield [page], one.given, Sighting()
            files = list(files_of(dict.fromkeys(files)))
            with SafeReader() as reader:
                for number, path in enumerate(files):
                    progress(READING, number, len(files))
                    if isinstance(path, UnreadableArticle):
                        yield [path], "", Sighting()
                        continue
                    place = str(path.resolve())
                    address, at, given = fetched.get(path, ("", "", ""))
                    newer = bool(address) and seen_since(self.store, address, at)
                    if newer:
                        yield [WebRefused(f"{address}: was read anew by another ingest meanwhile")], given, Sighting()
                    else:
                        content, articles = read_file(path, reader)
                        some = any(isinstance(one, Article) for one in articles)
                        raw = keep(self.store.folder, as_sent(self.store.folder, path, content)) if some else ""
                        yield articles, path.name, Sighting(place, raw, path.suffix.lower(), at, address)
                    if place in waiting:
                        settle(self.store, [path])
            if waiting:
                settle(self.store, paths)
            progress(READING, len(files), len(files))

        progress = progress or _silent
        addresses = [str(path) for path in paths if is_address(path)]
        answers = fetch_all(
            self.store.folder, addresses, self.limits, lambda done, known: progress(FETCHING, done, known)
        )
        note_fetched(self.store, answers)
        waiting = left_waiting(self.store)
        return self._take_in(found(), progress, again)

    def ingest_texts(self, texts: Sequence[tuple[str, Provenance]], progress: Progress | None = None) -> IngestReport:
        """The same for texts at hand."""
        from claims.reading import UnreadableArticle, article_from_text

        def found() -> Iterator[_Found]:
            for body, provenance in texts:
                try:
                    yield [article_from_text(body, provenance)], "", Sighting()
                except UnreadableArticle as error:
                    yield [error], "", Sighting()

        return self._take_in(found(), progress or _silent, False)

    def _take_in(self, found: Iterable[_Found], progress: Progress, again: bool) -> IngestReport:
        refused: list[tuple[str, str]] = []
        taken: dict[str, list[str]] = {NEW: [], COPY: [], VERSION: [], UNCHANGED: []}
        with ingest_lock(self.store.folder, self.wait, lambda: progress(WAITING, 0, 0)):
            sketches = Sketches(self.store)
            for articles, name, seen in found:
                # What a file holds as it is known is no earlier version of anything else in that file.
                beside = those_there(self.store, (one for one in articles if isinstance(one, Article)))
                for article in articles:
                    if isinstance(article, Exception):
                        path, why = getattr(article, "path", name), getattr(article, "why", str(article))
                        refused.append((storable(path), storable(why.removeprefix(f"{path}: "))))
                        log.warning("not read: %s", storable(str(article)))
                    else:
                        article_id, outcome = take_in(self.store, article, sketches, seen, name, beside)
                        beside.add(article_id)
                        taken[outcome].append(article_id)
            if again:
                forget_reading(self.store, taken[UNCHANGED])
            claims = self._extract(progress)
            encode_unseen(self.store, self.encoder, lambda done, total: progress(ENCODING, done, total))
            pairs = self._relate(progress)
        new, copies, versions, there = (len(taken[outcome]) for outcome in (NEW, COPY, VERSION, UNCHANGED))
        return IngestReport(new + copies, there, tuple(refused), claims, pairs, copies, versions, self.left_out)

    def _extract(self, progress: Progress) -> int:
        waiting = unread_articles(self.store, self.extractor.name)
        added = 0
        if waiting:
            progress(FINDING, 0, len(waiting))
        for number, (article, claims) in enumerate(zip(waiting, self.extractor.extract_all(waiting), strict=True), 1):
            added += replace_claims(self.store, article.id, claims, self.extractor.name)
            progress(FINDING, number, len(waiting))
        return added

    def _relate(self, progress: Progress) -> int:
        """Judges the pairs of every claim that was not judged by these models under these settings."""
        from embeddings.relations import find_relations

        claims = current_claims(self.store)
        if not claims:
            return 0
        # A collection that grows large is judged anew, once: all its pairs stand by the same lines.
        settings = self.settings.relations.for_size(len(claims))
        first, second = (model and RememberingModel(self.store, model) for model in (self.model, self.second))
        names = [model.model_id for model in (first, second) if model]
        judged_by = thresholds.judged_by(names, self.encoder.model_id, settings)
        with self.store.writing() as connection:
            thresholds.keep(connection, settings)
            new = set(
                connection.execute(
                    text("SELECT id FROM claims WHERE current AND related_by IS NOT :judged_by"),
                    {"judged_by": judged_by},
                ).scalars()
            )
        if new:
            progress(INDEXING, 0, 1)
        index = open_index(self.store, claims, self.encoder.model_id)
        if not new:
            with self.store.writing() as connection:
                weigh_conflicts(connection)  # pairs may be gone
            return 0
        found = iter(
            find_relations(
                claims,
                new,
                index,
                vectors_of(self.store, claims, self.encoder.model_id),
                first,
                settings,
                progress=lambda done, total: progress(JUDGING, done, total),
                explainer=self.explainer,
                written=article_dates(self.store),
                second=second,
            )
        )
        judged = 0
        while batch := list(islice(found, RELATIONS_A_COMMIT)):
            with self.store.writing() as connection:
                call_back(connection, batch)
                judged += store_relations(connection, batch, judged_by)
                if any(one.relation == "contradicts" for one in batch):
                    weigh_conflicts(connection)
                refresh_contradictions(connection, (end for pair in batch for end in (pair.claim_a, pair.claim_b)))
        self._finish(new, judged_by)
        return judged

    def _finish(self, new: set[str], judged_by: str) -> None:
        ids = json.dumps(sorted(new))
        with self.store.writing() as connection:
            stale = connection.execute(
                text("""
                DELETE FROM relations WHERE judged_by <> :judged_by AND (
                    claim_a IN (SELECT value FROM json_each(:ids)) OR claim_b IN (SELECT value FROM json_each(:ids)))
                RETURNING claim_a, claim_b"""),
                {"judged_by": judged_by, "ids": ids},
            ).all()
            refresh_contradictions(connection, (end for pair in stale for end in pair))
            connection.execute(
                text("UPDATE claims SET related_by = :judged_by WHERE id IN (SELECT value FROM json_each(:ids))"),
                {"judged_by": judged_by, "ids": ids},
            )
            connection.execute(text("DELETE FROM scores"))
            weigh_conflicts(connection)
            regroup(connection)


@contextmanager
def ingest_lock(folder: Path, wait: float, waiting: Callable[[], None]) -> Iterator[None]:
    """Only one ingest at a time in a workspace; the lock goes with the process that held it, however that ends."""
    lock = FileLock(folder / "ingest.lock")
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            waiting()
            lock.acquire(timeout=wait)
    except Timeout:
        raise WorkspaceBusy(f"another ingest is running in {folder}; start this one when it is done") from None
    try:
        yield
    finally:
        lock.release()


def _silent(_stage: str, _done: int, _total: int) -> None:
    pass
