"""Many articles at once: one process a core, each with its own language pipeline and reader."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claims.article import Article
    from claims.claim import Claim
    from claims.extract import ClaimExtractor

# A process needs some seconds to load spaCy and the reader: as long as this many articles take.
MANY = 40
# Objects that are made between two searches for circles of them: articles make many objects and hardly a circle.
_BETWEEN_SEARCHES = 50_000

_extractor: ClaimExtractor


def processes() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def extract_in_processes(spacy_model: str, reader: Path | None, articles: Sequence[Article]) -> Iterator[list[Claim]]:
    """The claims of each article, in order, as they come."""
    # Spawned, not forked: a fork of a process in which PyTorch has run threads may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes(), context, _begin, (spacy_model, reader)) as pool:
        yield from pool.map(_extract, articles)


def _begin(spacy_model: str, reader: Path | None) -> None:
    global _extractor
    end_with_parent()
    import torch
    from threadpoolctl import threadpool_limits

    from claims.extract import ClaimExtractor
    from claims.reader import Reader

    gc.set_threshold(_BETWEEN_SEARCHES)
    torch.set_num_threads(1)
    threadpool_limits(1)  # numpy's, which spaCy multiplies with
    _extractor = ClaimExtractor(spacy_model, None if reader is None else Reader(reader))


def end_with_parent() -> None:
    """Lets this worker end when its parent does: one whose parent was killed would wait for work for ever."""
    threading.Thread(target=_wait_for_end, daemon=True).start()


def _wait_for_end() -> None:
    wait([multiprocessing.parent_process().sentinel])
    os._exit(1)


def _extract(article: Article) -> list[Claim]:
    return _extractor.extract(article)
