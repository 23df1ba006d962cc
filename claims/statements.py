"""Ready-made statements: tables of them (.csv, .jsonl, .xlsx) and fact-checks as ClaimReview (.jsonld, .json).

Statements of one outlet, day, title and address make one article, each a paragraph of its own, so that every claim has
its place in a text here, too.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from claims.article import Article, Given, Provenance, iso_day
from claims.delimited import rows_of
from claims.fact_checks import LONGEST, Row, holds_review, parted, reviews_in, reviews_in_file, reviews_in_page
from claims.formats import read_bytes
from claims.found import BadFile, first_of, language_or_none, storable, text_of, web_address
from claims.packages import BAD_PACKAGE, check_package

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS = 100_000
MOST_SHEETS = 50
_MOST_NAMED = 5  # rows without results
_LETTER = re.compile(r"[^\W\d_]")
_TIME = re.compile(r"(?<=^\d{4}-\d\d-\d\d)[T ].*", re.DOTALL)
# Names of columns for each thing, the first that is there counts; capitals, blanks and _ don't matter.
COLUMNS = {
    "text": ("text", "statement", "claim", "claimreviewed", "quote", "sentence", "content"),
    "speaker": ("speaker", "source", "claimant", "saidby", "author", "name", "person"),
    "outlet": ("outlet", "publisher", "publication", "site", "newspaper", "medium"),
    "date": ("date", "articledate", "published", "datepublished", "day"),
    "url": ("url", "articleurl", "address", "link", "href"),
    "title": ("title", "articletitle", "headline"),
    "language": ("language", "lang", "inlanguage"),
}

_REVIEWED = "claimreviewed"
_OF_A_REVIEW = ("author", "name")  # beside what was reviewed these are the fact-checker, who didn't say it


def read_statements(name: str, raw: bytes) -> list[Article | BadFile]:
    """The articles that a file's statements make, in the order of the file; then, for each sheet of a workbook and
    each fact-check that can't be read though others may, the BadFile that says why.

    Raises BadFile: no such table, no column with the statements, or a row that can't be one, named by its number.
    """
    found = list(_READERS[PurePath(name).suffix.lower()](raw))
    if not found:
        raise BadFile("holds no statement")
    rows, refused = parted(found)
    return [*articles_of(rows), *refused]


def read_page(name: str, raw: bytes) -> list[Article | BadFile]:
    """The article of a saved page, then the fact-checks that the page holds as data, as articles of their own: what
    they don't say is as with the page, whose outlet is theirs; then for each part that can't be read why. Raises
    BadFile: the page holds neither."""
    rows, refused = parted(_as_many_as_are_read(reviews_in_page(raw)))
    found: list[Article | BadFile] = []
    known = Provenance()
    try:
        page = Article(*read_bytes(name, raw))
        found, known = [page], page.provenance
    except BadFile as error:
        if not rows:
            raise
        refused.append(error)
    for row in rows:
        row |= {thing: row[thing] or getattr(known, thing) for thing in ("date", "url", "language")}
        row["outlet"] = known.outlet or row["outlet"]
    return [*found, *articles_of(rows), *refused]


def articles_of(rows: Iterable[Row]) -> list[Article]:
    """Statements (text, and as far as known speaker, outlet, date, url, title, language, standalone) as articles."""
    groups: dict[Provenance, list[Row]] = {}
    for row in rows:
        title, outlet, day, url, language = (row.get(one, "") for one in ("title", "outlet", "date", "url", "language"))
        place = Provenance(title, outlet, "", day, url, language)
        groups.setdefault(place, []).append(row)
    articles = []
    for place, members in groups.items():
        given, at = [], 0
        for row in members:
            given.append(Given(at, at + len(row["text"]), row.get("speaker", ""), row.get("standalone", "")))
            at += len(row["text"]) + 2
        articles.append(Article("\n\n".join(row["text"] for row in members), place, tuple(given)))
    return articles


def _csv_rows(raw: bytes) -> Iterator[Row]:
    yield from _mapped(rows_of(text_of(raw), lambda names: len(_found(names)), LONGEST * 20), [])


def _jsonl_rows(raw: bytes) -> Iterator[Row | BadFile]:
    """A statement a line; of lines that are fact-checks those of the fact-checker."""
    checks: list[Any] = []
    # As a file, since `splitlines` cuts at other characters, too, which may stand in a text.
    for number, line in enumerate(io.StringIO(text_of(raw), newline=None), 1):
        if number > MOST_ROWS:
            raise BadFile(f"has more than {MOST_ROWS:,} rows; split it")
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            raise BadFile(f"line {number} is not JSON") from None
        if holds_review(found):
            checks.append(found)
            continue
        if not isinstance(found, dict):
            raise BadFile(f"line {number} is no JSON object")
        names = list(found)
        places = _places(names)
        yield _row(number, {thing: _flat(number, thing, found[names[place]]) for thing, place in places.items()})
    yield from _as_many_as_are_read(reviews_in(checks))


def _flat(number: int, thing: str, value: Any) -> Any:
    """A value without its wrapping: of a person or an outlet that is an object its name. Raises BadFile."""
    if isinstance(value, dict) and thing in ("speaker", "outlet") and isinstance(value.get("name"), str):
        return value["name"]
    if isinstance(value, dict | list):
        raise BadFile(f"line {number} has {'an object' if isinstance(value, dict) else 'a list'} for its {thing}, "
                      "where a text is expected")  # fmt: skip
    return value


def _xlsx_rows(raw: bytes) -> Iterator[Row | BadFile]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        check_package(raw)
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        formulas = cache(lambda: load_workbook(io.BytesIO(raw), read_only=True, keep_links=False))
        yield from _of_sheets(_shown(book.worksheets), formulas)
    except BadFile:
        raise
    except (*BAD_PACKAGE, InvalidFileException) as error:
        raise BadFile("is no Excel workbook that can be read; it may be cut off or damaged") from error


def _shown(sheets: Sequence[Worksheet]) -> list[Worksheet]:
    """The sheets that nobody hid: what somebody hid they did not mean to give."""
    shown = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    if sheets and not shown:
        names = ", ".join(repr(sheet.title[:40]) for sheet in sheets[:5])
        raise BadFile(f"has hidden sheets only ({names}); show in Excel those that are to be read")
    return shown


def _of_sheets(sheets: Sequence[Worksheet], formulas: Callable[[], Workbook]) -> Iterator[Row | BadFile]:
    """The statements of sheets of a workbook, which `formulas` opens once more with its formulas; for each of several
    that can't be read as a whole, why, with its name; and which rows are formulas without results."""
    if len(sheets) > MOST_SHEETS:
        raise BadFile(f"has {len(sheets):,} sheets; at most {MOST_SHEETS} are read")
    read = 0
    for sheet in sheets:
        blank: list[int] = []
        try:
            rows = list(_mapped(sheet.iter_rows(values_only=True), blank))
        except BadFile as error:
            if len(sheets) == 1:
                raise
            yield BadFile(f"sheet {sheet.title[:40]!r}: {error}")
            continue
        read += len(rows)
        if read > MOST_ROWS:
            raise BadFile(f"has more than {MOST_ROWS:,} rows; split it")
        yield from rows
        if blank and (unworked := _formulas_in(formulas()[sheet.title], set(blank))):
            where = f"sheet {sheet.title[:40]!r}: " if len(sheets) > 1 else ""
            named = first_of([str(number) for number in unworked], _MOST_NAMED)
            which = f"row {named} holds" if len(unworked) == 1 else f"{len(unworked):,} rows ({named}) hold"
            yield BadFile(f"{where}{which} formulas without their results; open it in Excel and save it anew")


def _formulas_in(sheet: Worksheet, blank: set[int]) -> list[int]:
    """Which rows of a sheet that have no values hold formulas: nobody has worked them out."""
    rows = enumerate(sheet.iter_rows(max_row=max(blank), values_only=True), 1)
    return [number for number, cells in rows if number in blank and any(cell not in (None, "") for cell in cells)]


def _mapped(lines: Iterable[Iterable[Any]], blank: list[int]) -> Iterator[Row]:
    """Rows under a head that names the columns; the numbers of lines without anything in them go to `blank`."""
    places: dict[str, int] | None = None
    for number, cells in enumerate(lines, 1):
        cells = list(cells)
        if number > MOST_ROWS + 1:
            raise BadFile(f"has more than {MOST_ROWS:,} rows; split it")
        if not any(cell not in (None, "") for cell in cells):
            blank.append(number)
            continue
        if places is None:
            places = _places([str(cell or "") for cell in cells])
            continue
        yield _row(number, {thing: cells[place] for thing, place in places.items() if place < len(cells)})


def _places(names: list[str]) -> dict[str, int]:
    """Where each thing stands, by the names of the columns. Raises BadFile."""
    found = _found(names)
    if "text" not in found:
        raise BadFile(f"has no column with the statements; name it one of {', '.join(COLUMNS['text'])}")
    return found


def _found(names: list[str]) -> dict[str, int]:
    plain: dict[str, int] = {}
    for place, name in enumerate(names):
        plain.setdefault(re.sub(r"[\W_]", "", name).lower(), place)
    firsts = {thing: next((name for name in known if name in plain), "") for thing, known in COLUMNS.items()}
    if firsts["text"] == _REVIEWED and firsts["speaker"] in _OF_A_REVIEW:
        del firsts["speaker"]
    return {thing: plain[name] for thing, name in firsts.items() if name}


def _row(number: int, values: dict[str, Any]) -> Row:
    row = {thing: " ".join(_in_words(value).split()) for thing, value in values.items()}
    if not _LETTER.search(row.get("text", "")):
        raise BadFile(f"row {number} has no statement")
    if len(row["text"]) > LONGEST:
        raise BadFile(f"row {number} has a statement of {len(row['text']):,} characters; at most {LONGEST:,} are read")
    if row.get("date"):
        row["date"] = _day(row["date"], number)
    if row.get("language"):
        row["language"] = language_or_none(row["language"])
    if row.get("url"):
        row["url"] = web_address(row["url"])
    return row


def _in_words(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return "" if value is None else storable(str(value))


def _day(given: str, number: int) -> str:
    try:
        return iso_day(_TIME.sub("", given))
    except ValueError as error:
        raise BadFile(f"row {number}: {error}") from None


def _review_rows(raw: bytes) -> list[Row | BadFile]:
    return _as_many_as_are_read(reviews_in_file(text_of(raw)))


def _as_many_as_are_read(reviews: list[Row | BadFile]) -> list[Row | BadFile]:
    if len(reviews) > MOST_ROWS:
        raise BadFile(f"has more than {MOST_ROWS:,} fact-checks; split it")
    return reviews


_READERS = {
    ".csv": _csv_rows,
    ".jsonl": _jsonl_rows,
    ".xlsx": _xlsx_rows,
    ".jsonld": _review_rows,
    ".json": _review_rows,
}
STATEMENT_FILES = tuple(_READERS)
