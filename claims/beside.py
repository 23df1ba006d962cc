"""What stands beside a file and says where it comes from: `NAME.json`, else a row of `manifest.csv`."""

from __future__ import annotations

import csv
import io
import json
from functools import lru_cache
from pathlib import Path

from claims.article import Provenance, iso_day, language_tag
from claims.decoding import UnreadableArticle, decode
from claims.found import storable

MANIFEST = "manifest.csv"
FETCHED_FROM = "fetched_from"  # beside a page of the web: where it was read, whatever it calls itself
MOST_BYTES_BESIDE = 5_000_000
MOST_LETTERS_IN_A_CELL = 10_000
_FACT_CHECK = b"ClaimReview"


def known_beside(path: Path) -> tuple[Provenance, str]:
    """What is said of a file beside it, empty where nothing is, and the address that a file in the inbox was fetched
    from, "" where it was not.

    Raises:
        UnreadableArticle: what stands there can't be read, or says what can't be; with the path of that.
        OSError.
    """
    sidecar, manifest = path.with_suffix(".json"), path.parent / MANIFEST
    if is_sidecar(sidecar):
        row = _sidecar(sidecar)
        fetched = row.get(FETCHED_FROM)
        return _provenance_of(row, sidecar), storable(fetched) if isinstance(fetched, str) else ""
    if manifest.is_file():
        now = manifest.stat()
        row = _rows_by_file(manifest, now.st_mtime_ns, now.st_size).get(path.name)
        if row is not None:
            return _provenance_of(row, manifest), ""
    return Provenance(), ""


def is_sidecar(path: Path) -> bool:
    """Whether a .json file that shares another's name speaks of that one: a fact-check is a file of its own, and so is
    what no file of provenance is as large as. Raises OSError."""
    if not path.is_file() or path.stat().st_size > MOST_BYTES_BESIDE:
        return False
    raw = path.read_bytes()
    if _FACT_CHECK not in raw:
        return True
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return True
    return isinstance(found, dict) and not any(name.startswith("@") for name in found)


def _sidecar(path: Path) -> dict:
    try:
        row = json.loads(_text(path))
    except (ValueError, RecursionError):
        raise UnreadableArticle(path, "is not JSON") from None
    if not isinstance(row, dict):
        raise UnreadableArticle(path, f"must hold one JSON object with {', '.join(Provenance.__slots__)}")
    return row


@lru_cache(maxsize=4)
def _rows_by_file(path: Path, mtime_ns: int, size: int) -> dict[str, dict]:
    """The first row of each file that a manifest names; read once for all files of its folder, until it changes."""
    rows: dict[str, dict] = {}
    for row in _manifest(path):
        rows.setdefault(row["file"], row)
    return rows


def _manifest(path: Path) -> list[dict]:
    """The rows of a manifest; in countries with decimal commas spreadsheets put semicolons between the columns."""
    text = _text(path)
    # The module's own limit holds for the whole process, and others set it as they need.
    csv.field_size_limit(MOST_BYTES_BESIDE)
    head = text.split("\n", 1)[0]
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    try:
        rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
        if "file" not in rows.fieldnames:
            raise UnreadableArticle(path, "has no column 'file' on its first line; name the columns file, title, …")
        found = list(rows)
    except csv.Error as error:
        raise UnreadableArticle(path, f"is no table that can be read ({error})") from None
    longest = max((len(cell) for row in found for cell in row.values() if isinstance(cell, str)), default=0)
    if longest > MOST_LETTERS_IN_A_CELL:
        raise UnreadableArticle(path, f"has a cell of {longest:,} letters; at most {MOST_LETTERS_IN_A_CELL:,} are read")
    return found


def _text(path: Path) -> str:
    size = path.stat().st_size
    if size > MOST_BYTES_BESIDE:
        raise UnreadableArticle(path, f"has {size:,} bytes; at most {MOST_BYTES_BESIDE:,} are read")
    return decode(path.read_bytes(), path)


def _provenance_of(row: dict, where: Path) -> Provenance:
    fields = {name: _words(row.get(name)) for name in Provenance.__slots__}
    try:
        if fields["date"]:
            iso_day(fields["date"])
        if fields["language"]:
            fields["language"] = language_tag(fields["language"])
    except ValueError as error:
        raise UnreadableArticle(where, str(error)) from None
    return Provenance(**fields)


def _words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_words, value))) if not any(isinstance(one, list) for one in value) else ""
    return storable(str(value)).strip() if isinstance(value, str | int | float) else ""
