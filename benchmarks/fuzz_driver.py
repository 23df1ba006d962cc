"""Feeds the readers with mutated bytes until the time is up; called by `benchmarks.fuzz` in a process of its own.

    python -m benchmarks.fuzz_driver FOLDER SECONDS

Reads `FOLDER/seeds`, keeps what reached new code in `FOLDER/corpus`, and writes each fault once to `FOLDER/finds`: the
bytes, and beside them `.why` with what went wrong. The first byte of an input chooses the reader; of a packed document
(.docx, .xlsx) the second chooses the part that the rest takes the place of, since mutated packages hardly ever open.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
import sys
import time
import traceback
import zipfile
from dataclasses import astuple
from datetime import date
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["claims", "docx", "email", "feedparser", "openpyxl", "pypdf", "pysubs2", "trafilatura", "htmldate",
             "json", "zipfile", "protego"]
):  # fmt: skip
    import docx  # noqa: F401
    import feedparser  # noqa: F401
    import openpyxl  # noqa: F401
    import pypdf  # noqa: F401
    import pysubs2  # noqa: F401
    import trafilatura  # noqa: F401

    from claims.article import Article
    from claims.formats import BadFile
    from claims.lists import addresses_in
    from claims.reading import UnreadableArticle, article_from_text, decode
    from claims.safely import articles_in
    from workbench import web
    from workbench.pages import joined

from benchmarks.fuzz import KINDS, LISTS, LONGEST, PACKED, ROBOTS, is_clear, packed

SOUND_PACKAGES = {kind: packed(kind) for kind in PACKED}
SLOW = 5.0  # seconds of processor time; the inputs are small
_REFUSALS = (BadFile, UnreadableArticle, RecursionError)


class Fault(Exception):
    """A reader gave something that it should not have."""


def repacked(package: bytes, part: int, content: bytes) -> bytes:
    """A packed document with other content in one part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(out, "w") as goal:
        names = source.namelist()
        for number, name in enumerate(names):
            goal.writestr(name, content if number == part % len(names) else source.read(name))
    return out.getvalue()


def read(kind: str, raw: bytes) -> None:
    """Reads bytes as the program does, and looks at what came out. Raises Fault and what the reader raises."""
    if kind == LISTS:
        found = addresses_in(raw)
        for one in (*found.pages, *found.lists):
            joined("https://site.example/list", one)
        for known in found.pages.values():
            look_at(article_from_text("It fell.", known))
    elif kind == ROBOTS:
        web.asked_of_programs(raw).can_fetch("https://site.example/a/b?c", web.AGENT)
    elif kind == ".txt":
        look_at(article_from_text(decode(raw, "a.txt")))
    else:
        for article in articles_in(f"a{kind}", raw):
            if isinstance(article, BadFile):
                raise article
            look_at(article if article.given else article_from_text(article.text, article.provenance))


def look_at(article: Article) -> None:
    """Raises Fault unless a database takes the article and a page can show it."""
    for words in (article.text, *astuple(article.provenance), *(one.speaker for one in article.given)):
        try:
            words.encode()
        except UnicodeEncodeError:
            raise Fault("holds lone surrogates") from None
        if "\0" in words:
            raise Fault("holds null characters")
    known = article.provenance
    if known.date and date.fromisoformat(known.date).isoformat() != known.date:
        raise Fault(f"has the date {known.date!r}")
    if known.url and not re.match(r"https?://", known.url, re.IGNORECASE):
        raise Fault(f"has the address {known.url!r}")
    if any(not article.text[one.start : one.end].strip() for one in article.given):
        raise Fault("has a statement without words")


class Keeper:
    """Writes each fault once, told apart by reader, kind and place."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.seen = folder, set()
        folder.mkdir(parents=True, exist_ok=True)

    def note(self, kind: str, raw: bytes, name: str, what: str) -> None:
        if (kind, name) in self.seen:
            return
        self.seen.add((kind, name))
        path = self.folder / f"{hashlib.sha256(raw).hexdigest()[:10]}{kind if kind.startswith('.') else '.robots'}"
        path.write_bytes(raw)
        path.with_name(path.name + ".why").write_text(f"{name}\n{what}\n", encoding="utf-8")


def one_input(data: bytes, keeper: Keeper) -> None:
    """What the fuzzer calls."""
    if len(data) < 2:
        return
    kind, raw = KINDS[data[0] % len(KINDS)], data[1:]
    if kind in PACKED:
        raw = repacked(SOUND_PACKAGES[kind], raw[0], raw[1:])
    started = time.process_time()
    try:
        read(kind, raw)
    except _REFUSALS as error:
        said = str(error)
        if not isinstance(error, RecursionError) and not is_clear(said):
            keeper.note(kind, raw, "unclear", said)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        keeper.note(kind, raw, f"{type(error).__name__} at {place.filename}:{place.lineno}", traceback.format_exc())
    took = time.process_time() - started
    if took > SLOW:
        keeper.note(kind, raw, "slow", f"{took:.1f} seconds of processor time for {len(raw):,} bytes")


def main(folder: Path, seconds: int) -> None:
    """Fuzzes; libFuzzer ends the process when the time is up."""
    logging.disable(logging.CRITICAL)
    keeper = Keeper(folder / "finds")
    (folder / "corpus").mkdir(exist_ok=True)
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        "-timeout=120",
        "-rss_limit_mb=6000",
        f"-artifact_prefix={folder}/",
    ]
    atheris.Setup([sys.argv[0], *options, str(folder / "corpus"), str(folder / "seeds")],
                  lambda data: one_input(data, keeper))  # fmt: skip
    atheris.Fuzz()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
