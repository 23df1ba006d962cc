"""Files in, articles out: which files a path names, what is too large, and provenance put together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from claims.article import Article, Provenance
from claims.beside import MANIFEST, is_sidecar, known_beside
from claims.byline import provenance_in
from claims.decoding import UnreadableArticle, decode
from claims.formats import READERS, read_html
from claims.found import BadFile
from claims.safely import SafeReader
from claims.statements import STATEMENT_FILES

READABLE = (".txt", *READERS, *STATEMENT_FILES)
MOST_BYTES = 50_000_000
# Of one article; a longer text is a book or no text at all, and would hold up everything behind it.
MOST_CHARACTERS = 300_000
MOST_SENTENCES = 5_000
_SENTENCE_ENDS = re.compile(r"[.!?…]+[\"”’')\]]*(?=\s)|\n")
_MOST_NAMED = 3  # files of one ending that are passed over, each with a line of its own
_SAVED_PAGES = tuple(ending for ending, read in READERS.items() if read is read_html)
_ITS_OWN_SIDECAR = ".json"
_OF_THE_SYSTEM = {"thumbs.db", "desktop.ini", "__macosx"}


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


def files_of(paths: Iterable[Path]) -> Iterator[Path | UnreadableArticle]:
    """The files that paths name, those of a folder by name; and for what is not there, or passed over in a folder, why.

    What only says where other files come from (manifest.csv, NAME.json beside NAME.txt), what a browser saves beside a
    page and what systems hide in folders is neither.
    """
    for path in map(Path, paths):
        try:
            if path.is_dir():
                yield from _of_folder(path)
            elif path.exists():
                yield path
            else:
                yield UnreadableArticle(path, "no such file or folder")
        except OSError as error:
            yield UnreadableArticle(path, error.strerror or str(error))


def read_articles(paths: Sequence[Path], reader: SafeReader | None = None) -> Iterator[Article | UnreadableArticle]:
    """Articles of the files that `files_of` finds, in its order; a file that can't be read is yielded as the exception
    that says why, so that the rest of the batch goes on.

    Provenance comes from `NAME.json` beside a file, else from its row in `manifest.csv` (columns file, title, outlet,
    author, date, url, language), then from the file itself, then from the text. Files other than plain text go through
    `reader`; a table of statements may make several articles, and a workbook one exception for each sheet that is none.
    """
    with ExitStack() as opened:
        reader = reader or opened.enter_context(SafeReader())
        for file in files_of(paths):
            yield from [file] if isinstance(file, UnreadableArticle) else read_file(file, reader)[1]


def read_file(path: Path, reader: SafeReader) -> tuple[bytes, list[Article | UnreadableArticle]]:
    """The bytes of a file, as they were when they were read, with the articles of it, and for each part that is none
    the exception that says why."""
    try:
        raw = _contents(path)
    except UnreadableArticle as error:
        return b"", [error]
    return raw, _articles_of(path, raw, reader)


def _contents(path: Path) -> bytes:
    if path.suffix.lower() not in READABLE:
        raise UnreadableArticle(path, _not_read([path]))
    try:
        if not path.is_file():
            raise UnreadableArticle(path, "is no file" if path.exists() else "no such file or folder")
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        raise UnreadableArticle(path, error.strerror or str(error)) from None
    if max(size, len(raw)) > MOST_BYTES:
        raise UnreadableArticle(path, f"has {max(size, len(raw)):,} bytes; at most {MOST_BYTES:,} are read")
    return raw


def _articles_of(path: Path, raw: bytes, reader: SafeReader) -> list[Article | UnreadableArticle]:
    ending = path.suffix.lower()
    try:
        beside, fetched = known_beside(path) if ending != _ITS_OWN_SIDECAR else (Provenance(), "")
        found = [Article(decode(raw, path))] if ending == ".txt" else reader.read(path, raw)
    except UnreadableArticle as error:
        ours = error.path == str(path)
        why = error.why if ours else f"{Path(error.path).name} beside it can't be used: {error.why}"
        return [UnreadableArticle(path, why)]
    except BadFile as error:
        return [UnreadableArticle(path, str(error))]
    except OSError as error:
        return [UnreadableArticle(path, error.strerror or str(error))]
    if ending in STATEMENT_FILES:  # what a row says of itself goes before what is said of all
        found = [
            replace(one, provenance=one.provenance.filled_from(beside)) if isinstance(one, Article) else one
            for one in found
        ]
        beside, fetched = Provenance(), ""
    # What comes with a mail is another's: what is known beside the file is of the mail.
    return [
        _placed(path, one, *((beside, fetched) if not number or _given(one) else (Provenance(), "")))
        for number, one in enumerate(found)
        if number or len(found) == 1 or not isinstance(one, Article) or one.text
    ]


def _given(found: Article | BadFile) -> bool:
    return isinstance(found, Article) and bool(found.given)


def _placed(path: Path, found: Article | BadFile, beside: Provenance, fetched: str) -> Article | UnreadableArticle:
    """What a reader found in a file, with what is known beside it."""
    if isinstance(found, BadFile):
        return UnreadableArticle(path, str(found))
    if not found.text.strip():
        return UnreadableArticle(path, "is empty")
    if found.given:
        beside = replace(beside, title="", author="")  # of the page that the statements stand in
    known = _at_its_address(beside, fetched, found.provenance).filled_from(found.provenance)
    if found.given:
        return replace(found, provenance=known)
    try:
        return article_from_text(found.text, known)
    except UnreadableArticle as error:
        return UnreadableArticle(path, error.why)


def _of_folder(folder: Path) -> Iterator[Path | UnreadableArticle]:
    children = sorted(folder.iterdir())
    files = [child for child in children if child.suffix.lower() in READABLE and not child.is_dir()]
    stems = {file.stem for file in files if file.suffix.lower() != ".json"}
    rivals = (file for file in files if file.suffix.lower() == ".json" and file.stem in stems)
    beside = {file for file in rivals if _speaks_of_another(file)}
    yield from (file for file in files if file.name != MANIFEST and file not in beside)
    pages = tuple(file.stem for file in files if file.suffix.lower() in _SAVED_PAGES)
    over = [
        child
        for child in children
        if child not in files
        and child.name.lower() not in _OF_THE_SYSTEM
        and not child.name.startswith(".")
        and not (child.is_dir() and pages and child.name.startswith(pages))
    ]
    yield from _passed_over(folder, over)
    if not over and all(file.name == MANIFEST or file in beside for file in files):
        yield UnreadableArticle(folder, f"holds no file that can be read ({', '.join(READABLE)})")


def _speaks_of_another(file: Path) -> bool:
    """Whether a .json file says where its neighbour is from; of one that can't be opened the neighbour will tell."""
    try:
        return is_sidecar(file)
    except OSError:
        return True


def _passed_over(folder: Path, over: Sequence[Path]) -> Iterator[UnreadableArticle]:
    """A line for each thing in a folder that isn't read, and one for many files of one ending."""
    endings: dict[str, list[Path]] = {}
    for child in over:
        if child.is_dir():
            yield UnreadableArticle(child, "is a folder within a folder; name it by itself to have it read")
        else:
            endings.setdefault(child.suffix.lower(), []).append(child)
    for files in endings.values():
        if len(files) > _MOST_NAMED:
            yield UnreadableArticle(folder, _not_read(files))
        else:
            yield from (UnreadableArticle(file, _not_read([file])) for file in files)


def _not_read(files: Sequence[Path]) -> str:
    """Why files of one ending are not read."""
    kind = files[0].suffix
    if len(files) == 1:
        what = kind or "a file without an ending"
    else:
        named = ", ".join(file.name for file in files[:_MOST_NAMED])
        what = f"{len(files):,} files {f'in {kind}' if kind else 'without an ending'} ({named}, …)"
    return f"{what} can't be read; choose one of {', '.join(READABLE)}"


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
