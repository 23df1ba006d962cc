"""Files of other kinds than plain text, read as articles: saved pages, PDF, Word, mail, subtitles.

Each reader takes the bytes and gives a text with a headline first and what the file says of its own provenance. The
libraries behind them get strangers' bytes, so nothing here is called but by `claims.safely`, in a process with limits.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from claims.article import Provenance, iso_day, language_tag
from claims.byline import provenance_in
from claims.subtitles import language_in_head, transcript

if TYPE_CHECKING:
    from docx.blkcntnr import BlockItemContainer
    from docx.document import Document as WordDocument

MOST_PAGES = 300  # of a PDF
MOST_TAGS = 100_000  # of a page: the library's time grows with their square, and no article has half as many
MOST_UNPACKED = 200_000_000  # bytes that a .docx may unpack to
MOST_PARTS = 5000  # files in a .docx
MOST_NESTED = 50  # mails and bundles of parts within a mail: the library's time grows with their square
_LETTERS_OF_PROSE = 0.6
_FULL = 0.75  # share of the widest line from which a line doesn't end its paragraph
_BLANKS = re.compile(r"[ \t\u00a0]+")
_TAG = re.compile(rb"<[a-zA-Z/]")
_NESTING = re.compile(rb"\b(?:multipart|message)/", re.IGNORECASE)
_HEAD = 50_000  # bytes of a page in which its language is looked for
_LANGUAGES_OF_A_PAGE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"<html\b[^>]{0,1000}?\slang\s{0,9}=\s{0,9}[\"']?([\w-]{2,35})",
        r"<html\b[^>]{0,1000}?\sxml:lang\s{0,9}=\s{0,9}[\"']?([\w-]{2,35})",
        r"\"inLanguage\"\s{0,9}:\s{0,9}(?:\[\s{0,9})?\"([\w-]{2,35})",  # JSON-LD
        r"<meta\b[^>]{0,200}?[\"']?content-language[\"']?[^>]{0,200}?\scontent=[\"']?([\w-]{2,35})",
        r"<meta\b[^>]{0,200}?[\"']?og:locale[\"']?[^>]{0,200}?\scontent=[\"']?([\w-]{2,35})",
    )
)
_BROWSER = re.compile(r"Mozilla|Chrome|Skia/PDF|Safari|wkhtmltopdf", re.IGNORECASE)
_SPACED_OUT = re.compile(r"\n{3,}")


# What a damaged file makes its library raise: a packed document (.docx, .xlsx), a PDF.
BAD_PACKAGE = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, KeyError, ValueError, TypeError, IndexError, AttributeError,
    SyntaxError, OSError, EOFError,
)  # fmt: skip


BAD_PDF = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, OSError, RecursionError,
)  # fmt: skip


class BadFile(Exception):
    """A file that its reader can't make an article of; str() says why, to follow the file's name and a colon."""


Found = tuple[str, Provenance]


def read_html(raw: bytes) -> Found:
    """A saved page: its article without navigation and the like; title, outlet, author, date and canonical address."""
    import trafilatura

    if not raw.strip():
        raise BadFile("is empty")
    tags = len(_TAG.findall(raw))
    if tags > MOST_TAGS:
        raise BadFile(f"has {tags:,} tags; at most {MOST_TAGS:,} are read")
    document = trafilatura.bare_extraction(
        raw, with_metadata=True, include_comments=False, include_tables=False, favor_precision=True
    ) or trafilatura.bare_extraction(raw, with_metadata=True, include_comments=False, include_tables=False)
    text = (document.text or "").strip() if document is not None else ""
    if not re.search(r"\w{2}[.!?]", text) or not _is_prose(text):
        raise BadFile("holds no article: no running text was found in the page")
    title = (document.title or "").strip()
    known = Provenance(
        title,
        document.sitename or "",
        document.author or "",
        _day(document.date),
        web_address(document.url),
        _language_of_page(raw),
    )
    return _with_headline(title, text), known


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
    return _with_headline(title if _is_headline(title) else "", text), Provenance(title, "", author, day, "", language)


def read_docx(raw: bytes) -> Found:
    """A Word document's paragraphs, those in tables too; title, author and day from its properties."""
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        check_package(raw)
        document = Document(io.BytesIO(raw))
        paragraphs = [_BLANKS.sub(" ", words).strip() for words in _paragraphs(document)]
        about = document.core_properties
        title, author, made, language = about.title or "", about.author or "", about.created, about.language
    except BadFile:
        raise
    except (*BAD_PACKAGE, PackageNotFoundError) as error:
        raise BadFile("is no Word document that can be read; it may be cut off or damaged") from error
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    if not text:
        raise BadFile("is empty")
    day = made.date().isoformat() if made else ""
    return _with_headline(title, text), Provenance(title, "", author, day, language=language_or_none(language))


def read_eml(raw: bytes) -> Found:
    """A mail: its subject as headline, its plain text (else its page) as text; sender and day."""
    nested = len(_NESTING.findall(raw))
    if nested > MOST_NESTED:
        raise BadFile(f"holds {nested:,} mails and bundles within one another; at most {MOST_NESTED} are read")
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    if not message.keys():
        raise BadFile("is no mail: it has no head")
    try:
        subject, sender = str(message["subject"] or "").strip(), str(message["from"] or "").strip()
        body = message.get_body(("plain", "html"))
        content = body.get_content() if body is not None else ""
        is_page = body is not None and body.get_content_type() == "text/html"
        language = language_or_none(message["content-language"])
    except (LookupError, ValueError, AttributeError, TypeError, RecursionError) as error:
        raise BadFile("is no mail that can be read; it may be cut off or damaged") from error
    text = read_html(content.encode())[0] if is_page else _unquoted(content)
    if not text.strip():
        raise BadFile("holds no text")
    name = re.sub(r"\s*<[^>]*>\s*$", "", sender).strip(' "')
    return _with_headline(subject, text.strip()), Provenance(
        subject, "", name, _mail_day(message["date"]), language=language
    )


def read_subtitles(raw: bytes) -> Found:
    """Subtitles (.srt, .vtt) as a transcript: what is said, with the speakers that the file names, as "NAME: words";
    and the language that a .vtt names."""
    import pysubs2

    try:
        content = _text_of(raw)
        lines = pysubs2.SSAFile.from_string(content, keep_unknown_html_tags=True)
    except (pysubs2.exceptions.Pysubs2Error, ValueError, IndexError, KeyError) as error:
        raise BadFile("is no subtitle file that can be read; it may be cut off or damaged") from error
    text = "\n\n".join(f"{name}: {words}" if name else words for name, words in transcript(lines))
    if not text:
        raise BadFile("holds no spoken words")
    return text, Provenance(language=language_or_none(language_in_head(content)))


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


def read_bytes(name: str, raw: bytes) -> Found:
    """The text and provenance of a file by its name's ending, one of READERS. Raises BadFile."""
    text, known = READERS[PurePath(name).suffix.lower()](raw)
    return storable(text), Provenance(**{field: storable(value) for field, value in asdict(known).items()})


def storable(text: str) -> str:
    """`text` without lone surrogates and null bytes, which come out of broken files and which no database takes."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


def check_package(raw: bytes) -> None:
    """Refuses a packed document (.docx, .xlsx) that would unpack to too much. Raises BadFile, zipfile.BadZipFile."""
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        parts = package.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise BadFile(f"unpacks to more than {MOST_UNPACKED:,} bytes or {MOST_PARTS:,} files")


def joined_lines(page: str) -> str:
    """A page's lines as paragraphs: a line that ends no sentence goes on in the next, a broken word is mended."""
    lines = [_BLANKS.sub(" ", line).strip() for line in page.split("\n")]
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


def _paragraphs(holder: WordDocument | BlockItemContainer) -> Iterator[str]:
    """What stands in a Word document, or in a cell, in its order; a table row by row, each cell on its own."""
    from docx.table import Table, _Cell

    for block in holder.iter_inner_content():
        if isinstance(block, Table):
            # A row's own `cells` give a merged cell once for each that it covers, however many a file says that is.
            for cell in block._tbl.iter_tcs():
                yield from _paragraphs(_Cell(cell, block))
        else:
            yield block.text


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


def _unquoted(content: str) -> str:
    """A mail's own words: without what it quotes and without the signature."""
    lines = re.split(r"^-- $", content.replace("\r\n", "\n"), flags=re.MULTILINE)[0].split("\n")
    return "\n".join(line for line in lines if not line.startswith(">"))


def _with_headline(title: str, text: str) -> str:
    """The text with its title on top, unless it begins with it."""
    plain = " ".join(title.split())
    return text if not plain or " ".join(text[: len(plain) + 20].split()).startswith(plain) else f"{plain}\n\n{text}"


def _is_prose(text: str) -> bool:
    """Whether a text is mostly letters and blanks, in whatever script, as bytes that were no text never are."""
    return sum(letter.isalpha() or letter.isspace() for letter in text) > _LETTERS_OF_PROSE * len(text)


def _is_headline(title: str) -> bool:
    """Whether a PDF's title is one: many hold the name of the file it was made from."""
    return len(title.split()) > 2 and not re.search(r"\.\w{2,4}$|^Microsoft Word", title)


def _text_of(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        try:
            if encoding != "utf-16" or raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
                return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile("its encoding can't be told; save it as UTF-8")


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


def _mail_day(given: object) -> str:
    try:
        return parsedate_to_datetime(str(given)).date().isoformat() if given else ""
    except (TypeError, ValueError, IndexError):
        return ""


def _day(given: str | None) -> str:
    return given if given and re.fullmatch(r"\d{4}-\d\d-\d\d", given) else ""


def _language_of_page(raw: bytes) -> str:
    """What a page's head says of its language: the library that reads the page drops it."""
    head = raw[:_HEAD].replace(b"\0", b"").decode("latin-1")
    said = (pattern.search(head) for pattern in _LANGUAGES_OF_A_PAGE)
    return next((tag for match in said if match and (tag := language_or_none(match[1]))), "")


def language_or_none(given: object) -> str:
    """A tag where metadata give one, else ""; of several the first."""
    try:
        return language_tag(str(given or "").split(",")[0])
    except ValueError:
        return ""


def web_address(given: str | None) -> str:
    return given if given and given.startswith(("http://", "https://")) else ""
