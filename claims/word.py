"""Word documents (.docx), read as they stand with every change in them accepted."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from claims.article import Provenance
from claims.found import BLANKS, BadFile, Found, language_or_none, with_headline
from claims.packages import BAD_PACKAGE, check_package

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from lxml.etree import _Element as Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_LETTERS = {f"{_W}t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"}
_SIGNS = {f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
# What was deleted, what now stands elsewhere, properties (they name tab stops), how a word is pronounced.
_UNSEEN = {f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "rt")}
_NOTES = ("/footnotes", "/endnotes")


def read_docx(raw: bytes) -> Found:
    """A Word document's paragraphs, those in tables, controls and text boxes too, its notes last; title, author and day
    from its properties."""
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        check_package(raw)
        document = Document(io.BytesIO(raw))
        paragraphs = [BLANKS.sub(" ", words).strip() for words in _words(document)]
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
    return Found(with_headline(title, text), Provenance(title, "", author, day, language=language_or_none(language)))


def _words(document: WordDocument) -> Iterator[str]:
    from docx.oxml import parse_xml

    yield from _paragraphs(document.element.body)
    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(_NOTES):
            # Those with a type are the lines that part the notes from the page.
            notes = parse_xml(relation.target_part.blob)
            yield from _paragraphs(note for note in notes if not note.get(f"{_W}type"))


def _paragraphs(holder: Iterable[Element]) -> Iterator[str]:
    """What stands in a document, a cell or a control, in its order; a table row by row, each cell once."""
    for block in holder:
        if block.tag == f"{_W}p":
            yield from _of_paragraph(block)
        elif block.tag not in _UNSEEN:
            yield from _paragraphs(_inside(block))


def _of_paragraph(paragraph: Element) -> Iterator[str]:
    """A paragraph, then those of the boxes that hang on it."""
    words: list[str] = []
    boxes: list[Element] = []
    _gather(paragraph, words, boxes)
    yield "".join(words)
    for box in boxes:
        yield from _paragraphs(box)


def _gather(holder: Iterable[Element], words: list[str], boxes: list[Element]) -> None:
    for one in holder:
        if one.tag in _UNSEEN:
            continue
        if one.tag in _LETTERS:
            words.append(one.text or "")
        elif one.tag == f"{_W}br":
            words.append("\n" if one.get(f"{_W}type", "textWrapping") == "textWrapping" else " ")
        elif one.tag in _SIGNS:
            words.append(_SIGNS[one.tag])
        elif one.tag == f"{_W}txbxContent":
            boxes.append(one)
        else:
            _gather(_inside(one), words, boxes)


def _inside(element: Element) -> Iterable[Element]:
    """What shows of an element's parts: of several ways to say the same the first; nothing of a control that holds but
    the words that ask to fill it in."""
    if element.tag == _ALTERNATIVES:
        return list(element)[:1]
    if element.tag == f"{_W}sdt" and element.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None:
        return ()
    return element
