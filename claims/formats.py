"""Files of other kinds than plain text, read as articles: saved pages, PDF, Word, mail, subtitles.

Each reader takes the bytes and gives a text with a headline first and what the file says of its own provenance. The
libraries behind them get strangers' bytes, so nothing here is called but by `claims.safely`, in a process with limits.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from itertools import groupby
from pathlib import PurePath

from claims.article import Article, Provenance, iso_day
from claims.byline import provenance_in
from claims.found import BLANKS, BadFile, Found, first_of, language_or_none, storable, text_of, with_headline
from claims.mail import read_eml
from claims.saved_page import read_html
from claims.subtitles import language_in_head, transcript, with_mended_times
from claims.word import read_docx

MOST_PAGES = 300  # of a PDF
_FULL = 0.75  # share of the widest line from which a line doesn't end its paragraph
_BROWSER = re.compile(r"Mozilla|Chrome|Skia/PDF|Safari|wkhtmltopdf", re.IGNORECASE)
_SPACED_OUT = re.compile(r"\n{3,}")
_HEAD = 10_000  # characters of subtitles in which their format is looked for at first
_MOST_RUNS = 5  # of pages without text, or of damaged times, that are named
# What a damaged PDF makes its library raise.
BAD_PDF = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, AssertionError, OSError,
    RecursionError,
)  # fmt: skip


def read_pdf(raw: bytes) -> Found:
    """The running text of a PDF, its lines joined to paragraphs; title and author where it names them, and the day
    that its text names, else that of its making."""
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError, PyPdfError

    try:
        document = PdfReader(io.BytesIO(raw), strict=False)
        if document.is_encrypted and not document.decrypt(""):
            raise BadFile("is locked by a password; save it without one")
        if len(document.pages) > MOST_PAGES:
            raise BadFile(f"has {len(document.pages):,} pages; at most {MOST_PAGES:,} are read")
        pages = [page.extract_text() or "" for page in document.pages]
        about = document.metadata or {}
        title, author = (str(about.get(name) or "").strip() for name in ("/Title", "/Author"))
        language, made = language_or_none(document.root_object.get("/Lang")), _day_made(about)
    except FileNotDecryptedError:
        raise BadFile("is locked by a password; save it without one") from None
    except BadFile:
        raise
    except NotImplementedError:
        raise BadFile("is locked or packed in a way that can't be opened; save it anew as a plain PDF") from None
    except (PyPdfError, *BAD_PDF) as error:
        raise BadFile("is no PDF that can be read; it may be cut off or damaged") from error
    text = _SPACED_OUT.sub("\n\n", "\n\n".join(map(joined_lines, _without_running_heads(pages)))).strip()
    if not text:
        raise BadFile("holds no text, only pictures of pages; have its text recognised (OCR) first")
    day = provenance_in(text).date or made
    known = Provenance(title, "", author, day, "", language)
    return Found(with_headline(title if _is_headline(title) else "", text), known, _without_text(pages))


def read_subtitles(raw: bytes) -> Found:
    """Subtitles (.srt, .vtt) as a transcript: what is said, with the speakers that the file names, as "NAME: words";
    the language that a .vtt names; and which times of captions are damaged."""
    import pysubs2

    try:
        content = text_of(raw)
        name = _format_of(content)
        kind = pysubs2.formats.get_format_class(name)
        damaged = []
        if hasattr(kind, "TIMESTAMP"):
            content, damaged = with_mended_times(content, kind.TIMESTAMP)
        lines = pysubs2.SSAFile.from_string(content, name, keep_unknown_html_tags=True)
    except (pysubs2.exceptions.Pysubs2Error, ValueError, IndexError, KeyError) as error:
        raise BadFile("is no subtitle file that can be read; it may be cut off or damaged") from error
    text = "\n\n".join(f"{name}: {words}" if name else words for name, words in transcript(lines))
    if not text:
        raise BadFile("holds no spoken words")
    return Found(text, Provenance(language=language_or_none(language_in_head(content))), _of_times(damaged))


def _format_of(content: str) -> str:
    """What the library calls the format of subtitles. Their head decides, since further down somebody may say what
    looks like a time of another one; but damaged times of SRT look like none or like those of TMP, and then one sound
    time tells. Raises FormatAutodetectionError."""
    import pysubs2

    def seen_in(part: str) -> list[str]:
        try:
            return [pysubs2.formats.autodetect_format(part)]
        except pysubs2.exceptions.FormatAutodetectionError as error:
            return error.formats

    head = seen_in(content[:_HEAD])
    if "srt" in head or set(head) <= {"tmp"} and "srt" in seen_in(content):
        return "srt"
    return pysubs2.formats.autodetect_format(content[:_HEAD])


def _of_times(damaged: list[tuple[int, str]]) -> tuple[BadFile, ...]:
    """What the report says of captions without a time, where there are any."""
    if not damaged:
        return ()
    named = first_of([f"{number:,} ({line[:40]!r})" for number, line in damaged], _MOST_RUNS)
    many = len(damaged) > 1
    return (
        BadFile(
            f"the time{'s' if many else ''} in line{'s' if many else ''} {named} can't be read; "
            "what is said below is taken in without"
        ),
    )


READERS: dict[str, Callable[[bytes], Found]] = {
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".eml": read_eml,
    ".srt": read_subtitles,
    ".vtt": read_subtitles,
}


def read_bytes(name: str, raw: bytes) -> tuple[str, Provenance]:
    """The text and provenance of a file by its name's ending, one of READERS. Raises BadFile."""
    text, known, _ = READERS[PurePath(name).suffix.lower()](raw)
    return storable(text), _storable(known)


def read_parts(name: str, raw: bytes) -> list[Article | BadFile]:
    """The article of a file by its name's ending ("" where only others are in it), those that come with it, and why
    parts of it are none. Raises BadFile."""
    text, known, further = READERS[PurePath(name).suffix.lower()](raw)
    return [
        one if isinstance(one, BadFile) else replace(one, text=storable(one.text), provenance=_storable(one.provenance))
        for one in (Article(text, known), *further)
    ]


def _storable(known: Provenance) -> Provenance:
    return Provenance(**{field: storable(value) for field, value in asdict(known).items()})


def joined_lines(page: str) -> str:
    """A page's lines as paragraphs: a line that ends no sentence goes on in the next, a broken word is mended."""
    lines = [BLANKS.sub(" ", line).strip() for line in page.split("\n")]
    widest = max(map(len, lines), default=0)
    joined: list[str] = []
    before = ""
    for line in lines:
        if not (line and before):
            joined += [line] if line else []
        elif before.endswith("-") and line[0].islower() and not before.endswith((" -", "--")):
            joined[-1] = joined[-1][:-1] + line
        elif len(before) > _FULL * widest or (line[0].islower() and not before.endswith((".", "!", "?", ":"))):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
        before = line
    return "\n\n".join(joined)


def _without_text(pages: list[str]) -> tuple[BadFile, ...]:
    """Why pages of a PDF are not read, where some are."""
    empty = [number for number, page in enumerate(pages, 1) if not page.strip()]
    if not empty:
        return ()
    runs = [[number for _, number in run] for _, run in groupby(enumerate(empty), lambda one: one[1] - one[0])]
    named = first_of([str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs], _MOST_RUNS)
    which = f"page {named} of {len(pages):,} holds" if len(empty) == 1 else (
        f"{len(empty):,} of {len(pages):,} pages ({named}) hold"
    )  # fmt: skip
    return (BadFile(f"{which} no text; if a scan stands there, have its text recognised (OCR) first"),)


def _without_running_heads(pages: list[str]) -> list[str]:
    """Pages without the first and last lines that most of them share, and without page numbers."""
    split = [
        [line for line in page.split("\n") if not re.fullmatch(r"\s*(?:Page )?\d+(?: of \d+)?\s*", line)]
        for page in pages
    ]
    for end in (0, -1):
        edges = [re.sub(r"\d+", "#", lines[end].strip()) for lines in split if lines]
        for edge in set(edges):
            if edge and len(pages) > 2 and edges.count(edge) > 0.5 * len(pages):
                split = [
                    (lines[1:] if end == 0 else lines[:-1])
                    if lines and re.sub(r"\d+", "#", lines[end].strip()) == edge
                    else lines
                    for lines in split
                ]
    return ["\n".join(lines) for lines in split]


def _is_headline(title: str) -> bool:
    """Whether a PDF's title is one: many hold the name of the file it was made from."""
    return len(title.split()) > 2 and not re.search(r"\.\w{2,4}$|^Microsoft Word", title)


def _day_made(about: Mapping[str, object]) -> str:
    """The day on which a PDF was made, by its properties; none of a page that a browser printed, whose day is that of
    the printing."""
    if _BROWSER.search(" ".join(str(about.get(name) or "") for name in ("/Creator", "/Producer"))):
        return ""
    found = re.match(r"D:(\d{4})(\d\d)(\d\d)", str(about.get("/CreationDate") or ""))
    try:
        return iso_day("-".join(found.groups())) if found else ""
    except ValueError:
        return ""
