"""Files in, articles out: decoding, and provenance from a manifest, a sidecar or the text itself."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from claims.article import Article, Provenance, iso_day, language_tag
from claims.byline import provenance_in
from claims.formats import READERS, BadFile
from claims.safely import SafeReader
from claims.statements import STATEMENT_FILES

READABLE = (".txt", *READERS, *STATEMENT_FILES)
MOST_BYTES = 50_000_000
# Of one article; a longer text is a book or no text at all, and would hold up everything behind it.
MOST_CHARACTERS = 300_000
MOST_SENTENCES = 5_000
_SENTENCE_ENDS = re.compile(r"[.!?…]+[\"”’')\]]*(?=\s)|\n")
_NULLS = "is not a text file (it holds null bytes); .txt in UTF-8 is expected"
MANIFEST = "manifest.csv"
FETCHED_FROM = "fetched_from"  # beside a page of the web: where it was read, whatever it calls itself
BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


class UnreadableArticle(Exception):
    """One file that can't be read as an article; says which and why in one sentence."""

    def __init__(self, path: Path | str, why: str):
        super().__init__(f"{path}: {why}")
        self.path, self.why = str(path), why


def decode(raw: bytes, path: Path | str) -> str:
    """Text of a file: UTF-8, a marked UTF-16 or UTF-32, or the Western single-byte code (Windows-1252).

    Raises:
        UnreadableArticle: no encoding fits, or the bytes are no text.
    """
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if raw.startswith(mark):
            try:
                text = raw.decode(encoding)
            except UnicodeDecodeError:
                raise UnreadableArticle(path, f"starts as {encoding} but is not; save it as UTF-8") from None
            if "\x00" in text:
                raise UnreadableArticle(path, _NULLS)
            return text
    if b"\x00" in raw:
        raise UnreadableArticle(path, _NULLS)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        raise UnreadableArticle(path, "its encoding can't be told; save it as UTF-8") from None
    letters = [letter for letter in text if letter.isalpha()]
    # Western text is mostly plain letters; where it is not, these bytes were another alphabet's.
    if sum(not letter.isascii() for letter in letters) > 0.2 * len(letters):
        raise UnreadableArticle(path, "its encoding can't be told; save it as UTF-8")
    return text


def article_from_text(text: str, provenance: Provenance | None = None) -> Article:
    """An article of `text`; what `provenance` leaves empty is filled from the text where it says so.

    Raises:
        UnreadableArticle: the text is empty, or longer than an article may be.
    """
    if not text.strip():
        raise UnreadableArticle("the text", "is empty")
    if len(text) > MOST_CHARACTERS:
        raise UnreadableArticle(
            "the text", f"has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read as one article: split it"
        )
    sentences = sum(1 for _ in _SENTENCE_ENDS.finditer(text))
    if sentences > MOST_SENTENCES:
        raise UnreadableArticle(
            "the text",
            f"has some {sentences:,} sentences; at most {MOST_SENTENCES:,} are read as one article: split it",
        )
    return Article(text, (provenance or Provenance()).filled_from(provenance_in(text)))


def files_in(path: Path) -> list[Path]:
    """The files of a folder that can be read, by name; a file, or what is not there, as it is.

    What only says where other files come from (manifest.csv, NAME.json beside NAME.txt) is none of them.
    """
    if not path.is_dir():
        return [path]
    files = sorted(child for child in path.iterdir() if child.suffix.lower() in READABLE and child.is_file())
    stems = {file.stem for file in files if file.suffix.lower() != ".json"}
    return [
        file for file in files if file.name != MANIFEST and not (file.suffix.lower() == ".json" and file.stem in stems)
    ]


def read_articles(paths: Sequence[Path], reader: SafeReader | None = None) -> Iterator[Article | UnreadableArticle]:
    """Articles of files and folders (their files with an ending of READABLE, in name order); a file that can't be read
    is yielded as the exception that says why, so that the rest of the batch goes on.

    Provenance comes from `NAME.json` beside a file, else from its row in `manifest.csv` (columns file, title, outlet,
    author, date, url, language), then from the file itself, then from the text. Files other than plain text go through
    `reader`; a table of statements may make several articles, and a workbook one exception for each sheet that is none.
    """
    with ExitStack() as opened:
        reader = reader or opened.enter_context(SafeReader())
        for path in map(Path, paths):
            if not path.exists():
                yield UnreadableArticle(path, "no such file or folder")
                continue
            files = files_in(path)
            if not files:
                yield UnreadableArticle(path, f"holds no file that can be read ({', '.join(READABLE)})")
            for file in files:
                yield from _read_one(file, reader)


def _read_one(path: Path, reader: SafeReader) -> list[Article | UnreadableArticle]:
    ending = path.suffix.lower()
    if ending not in READABLE:
        kind = path.suffix or "a file without an ending"
        return [UnreadableArticle(path, f"{kind} can't be read; choose one of {', '.join(READABLE)}")]
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            return [UnreadableArticle(path, f"has {size:,} bytes; at most {MOST_BYTES:,} are read")]
        if ending in STATEMENT_FILES:
            found = reader.read(path)
            return [UnreadableArticle(path, str(one)) if isinstance(one, BadFile) else one for one in found]
        beside = _provenance_beside(path)
        if ending in READERS:
            (article,) = reader.read(path)
        else:
            article = Article(decode(path.read_bytes(), path))
        if not article.text.strip():
            return [UnreadableArticle(path, "is empty")]
        known = _at_its_address(beside, _fetched_from(path), article.provenance)
        return [article_from_text(article.text, known.filled_from(article.provenance))]
    except UnreadableArticle as error:
        return [UnreadableArticle(path, error.why) if error.path == "the text" else error]
    except BadFile as error:
        return [UnreadableArticle(path, str(error))]
    except OSError as error:
        return [UnreadableArticle(path, error.strerror or str(error))]


def _at_its_address(beside: Provenance, fetched: str, own: Provenance) -> Provenance:
    """What is known beside a fetched page, with the address that the page calls its own where that is one of the same
    site: a page may not pass itself off as another site's."""
    if beside.url or not fetched:
        return beside
    here, there = (_site(one) for one in (fetched, own.url))
    same = bool(there) and (here == there or here.endswith(f".{there}") or there.endswith(f".{here}"))
    return replace(beside, url=own.url if same else fetched)


def _site(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _fetched_from(path: Path) -> str:
    """The address that a file in the inbox was fetched from, "" where it was not."""
    sidecar = path.with_suffix(".json")
    found = _sidecar(sidecar).get(FETCHED_FROM) if sidecar.exists() else ""
    return found if isinstance(found, str) else ""


def _provenance_beside(path: Path) -> Provenance:
    sidecar, manifest = path.with_suffix(".json"), path.parent / MANIFEST
    if sidecar.exists():
        return _provenance_of(_sidecar(sidecar), sidecar)
    if manifest.exists():
        with manifest.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                if row.get("file") == path.name:
                    return _provenance_of(row, manifest)
    return Provenance()


def _sidecar(path: Path) -> dict:
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError):
        raise UnreadableArticle(path, "is not JSON") from None
    if not isinstance(row, dict):
        raise UnreadableArticle(path, f"must hold one JSON object with {', '.join(Provenance.__slots__)}")
    return row


def _provenance_of(row: dict, where: Path) -> Provenance:
    fields = {name: str(row.get(name) or "").strip() for name in Provenance.__slots__}
    try:
        if fields["date"]:
            iso_day(fields["date"])
        if fields["language"]:
            fields["language"] = language_tag(fields["language"])
    except ValueError as error:
        raise UnreadableArticle(where, str(error)) from None
    return Provenance(**fields)
