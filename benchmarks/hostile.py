"""Hostile files, made anew from a seed: what strangers, broken disks and bad programs put into a folder of articles."""

from __future__ import annotations

import base64
import io
import json
import os
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path

# What a program says of itself, in the place of a sentence for people.
NO_SENTENCE = re.compile(r"Traceback|\b\w*(?:Error|Exception)\b|0x[0-9a-f]{6}|<class|\n|b'")
PROSE = (
    "The harbour wall will be rebuilt by next spring, the council said on Monday.",
    "“Two cracks were found in the old stones,” said Marit Oduya, the port’s chief engineer.",
    "Traders fear that visitors will stay away until the work is done.",
    "The last repair had cost nine million pounds, records show.",
)
_LAST = "records show."
REFUSED, READ, EITHER = "refused", "read", "either"


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file: its name, its bytes, and what should become of it: REFUSED, READ or EITHER. `whole` is what a reader
    that takes it must have found in it, never empty unless it is to be refused; a text that lacks any of these is
    half-read, and so is one that holds any of `never`. `beside` is what says where it comes from, by name, a name
    without a stem being NAME.json."""

    name: str
    raw: bytes
    fate: str
    whole: tuple[str, ...] = ()
    beside: tuple[tuple[str, bytes], ...] = ()
    never: tuple[str, ...] = ()

    def lay(self, folder: Path) -> list[Path]:
        """Writes it and what stands beside it into a folder; the paths, its own first."""
        path = folder / self.name
        path.write_bytes(self.raw)
        paths = [path]
        for name, raw in self.beside:
            paths.append(path.with_suffix(name) if name.startswith(".") else folder / name)
            paths[-1].write_bytes(raw)
        return paths


def corpus(wanted: int, seed: int = 1) -> Iterator[Hostile]:
    """`wanted` files, kind after kind and round after round, each round with other numbers and cuts."""
    made = 0
    while True:
        for number, kind in enumerate(KINDS):
            if made == wanted:
                return
            rng = random.Random(f"{seed} {number} {made // len(KINDS)}")
            one = kind(rng)
            yield replace(one, name=f"{made:03d}-{kind.__name__.strip('_')}{one.name}")
            made += 1


def _prose(rng: random.Random, least: int = 2) -> str:
    return "\n\n".join(rng.sample(PROSE, rng.randrange(least, len(PROSE) + 1)))


def _sentences(words: str) -> tuple[str, ...]:
    return tuple(words.split("\n\n"))


def _page(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><title>Harbour</title>{head}</head><body>{body}</body></html>".encode()


def _article(words: str) -> str:
    return "<article><h1>Harbour wall</h1>" + "".join(f"<p>{one}</p>" for one in words.split("\n\n")) + "</article>"


def article_page(words: str) -> bytes:
    """A page with an article of these paragraphs."""
    return _page(_article(words))


# Plain text


def cut_character(rng):
    words = _prose(rng)
    return Hostile(".txt", words.encode() + "é".encode()[:1], EITHER, (words,), never=("Ã",))


def other_alphabet(rng):
    words = "Стена гавани будет восстановлена к весне, заявили в городском совете. " * rng.randrange(2, 9)
    return Hostile(".txt", words.encode("cp1251"), REFUSED)


def half_utf16(rng):
    return Hostile(".txt", _prose(rng).encode("utf-16")[:-1], REFUSED)


def bad_utf32(rng):
    return Hostile(".txt", b"\xff\xfe\x00\x00" + rng.randbytes(4 * rng.randrange(10, 90)), REFUSED)


def null_bytes(rng):
    raw = bytearray(_prose(rng).encode())
    for _ in range(rng.randrange(1, 9)):
        raw.insert(rng.randrange(len(raw)), 0)
    return Hostile(".txt", bytes(raw), REFUSED)


def turned_text(rng):
    marks = "\u202e\u202d\u2066\u2067\u2069\u200f\ufeff\u200b"
    words = "".join(letter + (rng.choice(marks) if rng.random() < 0.2 else "") for letter in _prose(rng))
    return Hostile(".txt", words.encode(), READ, (words,))


def stacked_accents(rng):
    words = "".join(letter + "\u0301" * rng.randrange(40) for letter in _prose(rng))
    return Hostile(".txt", words.encode(), READ, (words,))


def one_long_line(rng):
    return Hostile(".txt", (_prose(rng).replace("\n", " ") + " ").encode() * (10_000_000 // 150), REFUSED)


def one_long_word(rng):
    words = f"{PROSE[0]} {'x' * rng.randrange(20_000, 90_000)} {PROSE[2]}"
    return Hostile(".txt", words.encode(), READ, (words,))


def line_breaks(rng):
    return Hostile(".txt", PROSE[0].encode() + b"\r\n\r\n" * rng.randrange(1_000_000, 3_000_000), REFUSED)


def open_quotations(rng):
    words = " ".join(rng.choice("“\"‘'«„(") + one for one in _prose(rng).split() * rng.randrange(5, 30))
    return Hostile(".txt", words.encode(), READ, (words,))


def brackets(rng):
    words = f"{PROSE[0]} {'([{' * rng.randrange(1000, 9000)} {PROSE[1]}"
    return Hostile(".txt", words.encode(), READ, (words,))


def control_characters(rng):
    words = "".join(letter + (chr(rng.randrange(1, 9)) if rng.random() < 0.1 else "") for letter in _prose(rng))
    return Hostile(".txt", words.encode(), READ, (words,))


def formulas(rng):
    starts = ("=cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "+1+1", "-2+3+cmd|' /C calc'!A0", "\t=1+1")
    words = "\n\n".join(f"{rng.choice(starts)} {one}" for one in PROSE)
    return Hostile(".txt", words.encode(), READ, (words,))


def scripts(rng):
    tags = ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "$\\href{x}{y}$")
    words = "\n\n".join(f"{rng.choice(tags)} {one} {rng.choice(tags)}" for one in PROSE)
    return Hostile(".txt", words.encode(), READ, (words,))


def lone_surrogates(rng):
    raw = _prose(rng).encode()
    at = rng.randrange(len(PROSE[3]))
    around = tuple(part.decode("utf-8", "ignore") for part in (raw[:at], raw[at:]))
    return Hostile(".txt", raw[:at] + b"\xed\xa0\x80" + raw[at:], EITHER, around)


def noise(rng):
    return Hostile(".txt", rng.randbytes(rng.randrange(50, 50_000)), REFUSED)


def nothing(rng):
    return Hostile(rng.choice((".txt", ".html", ".pdf", ".csv", ".eml", ".vtt")), b" \n" * rng.randrange(9), REFUSED)


def many_sentences(rng):
    return Hostile(".txt", b"He fell. " * rng.randrange(6_000, 30_000), REFUSED)


def pictures_of_words(rng):
    words = "".join(rng.choice("😀👩‍👩‍👧‍👦🏴‍☠️✈️") for _ in range(rng.randrange(100, 3000))) + PROSE[0]
    return Hostile(".txt", words.encode(), READ, (words,))


# Pages


def deep_page(rng):
    depth = rng.randrange(2_000, 200_000)
    return Hostile(".html", _page("<div>" * depth + _article(PROSE[0]) + "</div>" * depth), EITHER, PROSE[:1])


def page_of_scripts(rng):
    return Hostile(".html", _page("<script>" + "var a = 'The wall fell.';" * 500 + "</script>"), REFUSED)


def cut_page(rng):
    raw = _page(_article("\n\n".join(PROSE)))
    return Hostile(".html", raw[: rng.randrange(60, len(raw) - 8)], EITHER, PROSE)


def wrong_charset(rng):
    words = _prose(rng)
    raw = _page(_article(words), '<meta charset="utf-16">')
    return Hostile(".html", raw, EITHER, _sentences(words))


def entity_bomb(rng):
    levels = "".join(
        f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' if level else '<!ENTITY e0 "The wall fell. ">'
        for level in range(rng.randrange(8, 12))
    )
    raw = f'<?xml version="1.0"?><!DOCTYPE html [{levels}]><html><body><p>&e7;</p>{_article(PROSE[0])}</body></html>'
    return Hostile(rng.choice((".html", ".xhtml")), raw.encode(), EITHER, PROSE[:1], never=("The wall fell. The",))


def huge_page(rng):
    words = _prose(rng)
    raw = _page(_article(words) + "<p>x</p>" * rng.randrange(300_000, 900_000))
    return Hostile(".html", raw, EITHER, _sentences(words))


def huge_attribute(rng):
    body = f'<p title="{"A" * rng.randrange(1_000_000, 9_000_000)}">x</p>{_article(PROSE[0] + chr(10) * 2 + PROSE[2])}'
    return Hostile(".html", _page(body), EITHER, (PROSE[0], PROSE[2]))


def page_with_nulls(rng):
    words = _prose(rng)
    page = list(_page(_article(words)).decode())
    for _ in range(20):
        page.insert(rng.randrange(len(page)), "\0")
    return Hostile(".html", "".join(page).encode(), EITHER, _sentences(words), never=("\0",))


def noisy_page(rng):
    return Hostile(".html", b"<html>" + rng.randbytes(rng.randrange(100, 9000)), REFUSED)


# PDF


def pdf_of(words: str) -> bytes:
    """A PDF of one page with these lines, in plain letters."""
    lines = "".join(f"({line}) Tj T*\n" for line in words.encode("ascii", "replace").decode().split("\n"))
    return _pdf([f"BT /F1 11 Tf 14 TL 50 780 Td\n{lines}ET".encode()])


def _pdf(streams: list[bytes], head: str = "", kids: str | None = None) -> bytes:
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    pages = []
    for stream in streams:
        objects.append(f"<< /Length {len(stream)} {head} >>\nstream\n".encode() + stream + b"\nendstream")
        font = "<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            f"/Resources << /Font {font} >> >>".encode()
        )
        pages.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{kids or ' '.join(pages)}] /Count {len(pages)} >>".encode()
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return (
        out
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
            f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
        ).encode()
    )


_LINES = "\n".join(PROSE).replace("“", '"').replace("”", '"').replace("’", "'")


def cut_pdf(rng):
    raw = pdf_of(_LINES)
    return Hostile(".pdf", raw[: rng.randrange(20, len(raw) - 8)], EITHER, (_LAST,))


def scratched_pdf(rng):
    raw, lines = bytearray(pdf_of(_LINES)), _LINES.split("\n")
    spared = _drawn(rng.choice(lines))  # so that something is known that must be there if it can be read
    start = raw.index(spared)
    places = [place for place in range(len(raw)) if not start <= place < start + len(spared)]
    for _ in range(rng.randrange(5, 60)):
        raw[rng.choice(places)] = rng.randrange(256)
    return Hostile(".pdf", bytes(raw), EITHER, tuple(line for line in lines if _drawn(line) in raw))


def _drawn(line):
    return f"({line}) Tj T*\n".encode()


def locked_pdf(rng):
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_of(_LINES))))
    writer.encrypt(f"secret {rng.random()}")
    out = io.BytesIO()
    writer.write(out)
    return Hostile(".pdf", out.getvalue(), REFUSED)


def pdf_in_circles(rng):
    return Hostile(".pdf", _pdf([b"BT ET"], kids="2 0 R " * rng.randrange(1, 4)), REFUSED)


def pdf_bomb(rng):
    packed = zlib.compress(b"BT (x) Tj ET " * rng.randrange(10_000_000, 30_000_000), 9)
    return Hostile(".pdf", _pdf([packed], "/Filter /FlateDecode"), REFUSED)


def pdf_of_pictures(rng):
    return Hostile(".pdf", _pdf([b"q 1 0 0 1 0 0 cm Q"] * rng.randrange(1, 9)), REFUSED)


def no_pdf(rng):
    return Hostile(".pdf", b"%PDF-1.7\n" + rng.randbytes(rng.randrange(10, 20_000)), REFUSED)


# Packed documents


def docx_of(words: str) -> bytes:
    """A Word document of these paragraphs."""
    from docx import Document

    document = Document()
    for one in words.split("\n\n"):
        document.add_paragraph(one)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _repacked(raw: bytes, part: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as goal:
        for name in source.namelist():
            goal.writestr(name, content if name == part else source.read(name))
    return out.getvalue()


def cut_docx(rng):
    raw = docx_of(_prose(rng))
    return Hostile(".docx", raw[: rng.randrange(10, len(raw) - 1)], REFUSED)


def scratched_docx(rng):
    raw = bytearray(docx_of("\n\n".join(PROSE)))
    for _ in range(rng.randrange(1, 30)):
        raw[rng.randrange(len(raw))] = rng.randrange(256)
    return Hostile(".docx", bytes(raw), EITHER, PROSE)


def docx_bomb(rng):
    size = rng.randrange(250_000_000, 400_000_000)
    return Hostile(".docx", _repacked(docx_of(PROSE[0]), "word/document.xml", bytes(size)), REFUSED)


def docx_with_entities(rng):
    xml = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY f SYSTEM "file:///etc/passwd">]><w:document '
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&f;&b;</w:t>'
        "</w:r></w:p></w:body></w:document>"
    )
    return Hostile(".docx", _repacked(docx_of(PROSE[0]), "word/document.xml", xml.encode()), REFUSED)


def zip_that_climbs(rng):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("../../../../tmp/evil.txt", "out")
        package.writestr("[Content_Types].xml", "<Types/>")
    return Hostile(rng.choice((".docx", ".xlsx")), out.getvalue(), REFUSED)


def no_package(rng):
    return Hostile(rng.choice((".docx", ".xlsx")), b"PK\x03\x04" + rng.randbytes(rng.randrange(5, 3000)), REFUSED)


def changed_document(rng):
    """With changes that nobody has accepted yet: in its words something is put in, something struck out."""
    from docx import Document
    from docx.oxml import parse_xml

    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    word = "<w:r><w:t>not</w:t></w:r>"
    ways = (
        f"<w:ins {{}}>{word}</w:ins>",
        f"<w:smartTag {{}}>{word}</w:smartTag>",
        f"<w:sdt {{}}><w:sdtContent>{word}</w:sdtContent></w:sdt>",
    )
    document = Document()
    paragraph = document.add_paragraph("The wall did ")
    paragraph._p.append(parse_xml(rng.choice(ways).format(space)))
    paragraph._p.append(parse_xml(f"<w:del {space}><w:r><w:delText> even</w:delText></w:r></w:del>"))
    paragraph.add_run(f" fall. {PROSE[3]}")
    out = io.BytesIO()
    document.save(out)
    return Hostile(".docx", out.getvalue(), READ, ("The wall did not fall.", _LAST))


def table_bomb(rng):
    raw = xlsx_of([["text", "speaker"], [PROSE[0], "A"]])
    return Hostile(".xlsx", _repacked(raw, "xl/worksheets/sheet1.xml", bytes(rng.randrange(250, 400) * 10**6)), REFUSED)


def table_of_formulas(rng):
    rows = [["text", "speaker"], ["=1+1", "=cmd|' /C calc'!A0"], [PROSE[0], "@A"]]
    return Hostile(".xlsx", xlsx_of(rows), EITHER, PROSE[:1])


def xlsx_of(rows: list[list[str]]) -> bytes:
    """A workbook of one sheet with these rows."""
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# Mails and subtitles


def mail_of(words: str) -> bytes:
    """A mail of these words."""
    message = EmailMessage()
    message["From"], message["Subject"] = "Ines Falk <ines@desk.example>", "Harbour wall"
    message.set_content(words)
    return message.as_bytes()


def deep_mail(rng):
    depth = rng.randrange(50, 3000)
    raw = "From: a@b.example\nSubject: Wall\n"
    for level in range(depth):
        raw += f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n'
    return Hostile(".eml", (raw + f"Content-Type: text/plain\n\n{PROSE[0]}\n").encode(), EITHER, PROSE[:1])


def mail_in_no_charset(rng):
    raw = f"From: a@b.example\nSubject: Wall\nContent-Type: text/plain; charset=x-{rng.random()}\n\n{PROSE[0]}\n"
    return Hostile(".eml", raw.encode(), EITHER, PROSE[:1])


def cut_base64_mail(rng):
    body = base64.b64encode("\n\n".join(PROSE).encode())
    raw = b"From: a@b.example\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    return Hostile(".eml", raw + body[: rng.randrange(9, len(body) - 1)], EITHER, PROSE)


def cut_bundle(rng):
    message = EmailMessage()
    message["From"], message["Subject"] = "a@b.example", "Wall"
    message.set_content("\n\n".join(PROSE))
    if rng.random() < 0.5:
        message.add_alternative(_page(_article("\n\n".join(PROSE))).decode(), subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    raw = message.as_bytes()
    return Hostile(".eml", raw[: rng.randrange(60, len(raw) - 1)], EITHER, PROSE)


def mail_of_heads(rng):
    heads = "".join(f"X-{number}: {'y' * 100}\n" for number in range(rng.randrange(1000, 40_000)))
    raw = f"{heads}Subject: Wall\n\n{PROSE[0]}\n{PROSE[2]}\n"
    return Hostile(".eml", raw.encode(), EITHER, (PROSE[0], PROSE[2]))


def bad_times(rng):
    """Without a sound one among them, or with three sound ones to each that is broken."""
    sound = rng.random() < 0.7
    times = [
        f"00:00:{n:02d},000 --> 00:00:{n:02d},900" if sound and n % 4 != 1 else f"00:00:{n:02d},000 --> nowhere"
        for n in range(20)
    ]
    raw = "".join(f"{n}\n{time}\n{PROSE[n % 4]}\n\n" for n, time in enumerate(times))
    return Hostile(".srt", raw.encode(), EITHER, (PROSE[0], *PROSE[2:]), never=("-->", "nowhere"))


def noisy_subtitles(rng):
    return Hostile(rng.choice((".srt", ".vtt")), rng.randbytes(rng.randrange(10, 5000)), REFUSED)


# Tables and documents of statements


def table_without_text(rng):
    return Hostile(".csv", f"a,b\n{PROSE[0]!r},x\n".encode(), REFUSED)


def wide_table(rng):
    width = rng.randrange(5_000, 200_000)
    return Hostile(".csv", f"text{',x' * width}\n{PROSE[2]}{',y' * width}\n".encode(), EITHER, PROSE[2:3])


def open_cell(rng):
    raw = f'text,speaker\n"{PROSE[0]},A\n'.encode() + b"x,y\n" * rng.randrange(2_000, 90_000)
    return Hostile(".csv", raw, EITHER, PROSE[:1])


def quoted_cells(rng):
    between = rng.choice(",;\t|")
    words = [
        f'The mayor said {number} times, "No, never; not once", and left.' for number in range(rng.randrange(1, 9))
    ]
    rows = "".join(f'"{one.replace(chr(34), chr(34) * 2)}"{between}A\n' for one in words)
    return Hostile(".csv", f"text{between}speaker\n{rows}".encode(), READ, ("\n\n".join(words),))


def statements_of_another_alphabet(rng):
    words = rng.choice(("Стена гавани будет восстановлена к весне.", "Η μαρίνα θα ξαναχτιστεί ως την άνοιξη."))
    raw = {
        ".csv": f"text,url\n{words},https://l.example/{rng.random()}\n" * 2,
        ".jsonl": json.dumps({"text": words, "outlet": "The Ledger"}, ensure_ascii=False),
        ".srt": f"1\n00:00:01,000 --> 00:00:04,000\n{words}\n",
    }
    ending = rng.choice(tuple(raw))
    return Hostile(ending, raw[ending].encode("cp1251" if "С" in words else "cp1253"), REFUSED)


def lines_in_lines(rng):
    words = rng.choice("\u2028\u2029\x85").join(PROSE)
    raw = json.dumps({"text": words, "speaker": "A"}, ensure_ascii=False)
    return Hostile(".jsonl", raw.encode(), READ, (" ".join(PROSE),))


def cell_of_megabytes(rng):
    return Hostile(".csv", f"text,speaker\n{'word ' * rng.randrange(100_000, 900_000)},A\n".encode(), REFUSED)


def cut_lines(rng):
    row = json.dumps({"text": PROSE[0], "speaker": "A"})
    return Hostile(".jsonl", f"{row}\n{row[: rng.randrange(5, len(row) - 1)]}".encode(), REFUSED)


def deep_json(rng):
    depth = rng.randrange(3_000, 300_000)
    return Hostile(rng.choice((".jsonl", ".json", ".jsonld")), b"[" * depth + b"]" * depth, REFUSED)


def odd_numbers(rng):
    row = '{"text": NaN, "speaker": 1e999, "date": %s}' % ("9" * rng.randrange(10, 6000))
    return Hostile(".jsonl", row.encode(), REFUSED)


def escaped_surrogates(rng):
    raw = rb'{"text": "The wall \ud800 fell on Monday, they said.", "speaker": "\udfff"}'
    return Hostile(".jsonl", raw, EITHER, ("The wall ", " fell on Monday, they said."))


def review_that_breaks_out(rng):
    review = {
        "@context": "https://schema.org", "@type": "ClaimReview", "claimReviewed": "</script><script>alert(1)</script>",
        "reviewRating": {"@type": "Rating", "alternateName": "</script>", "ratingValue": "NaN"},
        "author": {"name": "<img src=x onerror=alert(1)>"}, "url": "javascript:alert(1)",
    }  # fmt: skip
    return Hostile(".jsonld", json.dumps(review).encode(), EITHER, (review["claimReviewed"],))


def wrong_shapes(rng):
    value = rng.choice(([1], {"claimReviewed": 1}, [[[]]], "x", 1, None, {"@graph": {"@type": ["ClaimReview"]}}))
    return Hostile(rng.choice((".json", ".jsonld", ".jsonl")), json.dumps(value).encode(), REFUSED)


def page_of_odd_reviews(rng):
    review = {
        "@type": "ClaimReview", "claimReviewed": PROSE[0], "author": ["\ud800"], "datePublished": "2025-99-99",
        "reviewRating": rng.choice(([], 7, {"alternateName": {}}, [{"name": "False" * 2_000}], {"ratingValue": 1e999})),
    }  # fmt: skip
    data = rng.choice((json.dumps(review), json.dumps(review)[:-5], '{"a":' * 50_000 + '"ClaimReview"'))
    head = f'<script type="application/ld+json">{data}</script>' * rng.randrange(1, 40)
    words = _prose(rng)
    return Hostile(".html", _page(_article(words), head), EITHER, _sentences(words))


def rolling_captions(rng):
    words = _prose(rng, 3).replace("\n\n", " ").split()
    lines = [" ".join(words[at : at + 5]) for at in range(0, len(words), 5)]
    shown = [pair for before, now in pairwise(["", *lines]) for pair in (f"{before}\n{now}", now)]
    cues = (f"00:{n // 60:02d}:{n % 60:02d}.000 --> 00:{n // 60:02d}:{n % 60:02d}.990\n" for n in range(len(shown)))
    raw = "WEBVTT\n\n" + "\n\n".join(time + said.lstrip("\n") for time, said in zip(cues, shown, strict=True))
    return Hostile(".vtt", raw.encode(), READ, (" ".join(words),))


def foreign_name(rng):
    words = _prose(rng)
    return Hostile(os.fsdecode(b"-caf\xe9.txt"), words.encode(), READ, (words,))


# Files that are sound, with something beside them that is not


def odd_manifest(rng):
    rows = rng.choice((b"file,title\n\x81\x8d", b"file,title\n" + b"x" * 200_000, b"\0", b"a,b\n", rng.randbytes(999)))
    return Hostile(".txt", _prose(rng).encode(), REFUSED, beside=(("manifest.csv", rows),))


def odd_sidecar(rng):
    value = rng.choice((b"[" * 100_000, b'{"date": ' + b"9" * 6_000 + b"}", b"\xff\xfe{", b"7", b'{"date": "May"}'))
    return Hostile(".txt", _prose(rng).encode(), REFUSED, beside=((".json", value),))


def unknown_kind(rng):
    return Hostile(rng.choice((".exe", ".doc", ".zip", ".svg", "")), rng.randbytes(99), REFUSED)


KINDS: tuple[Callable[[random.Random], Hostile], ...] = (
    cut_character, other_alphabet, half_utf16, bad_utf32, null_bytes, turned_text, stacked_accents, one_long_line,
    one_long_word, line_breaks, open_quotations, brackets, control_characters, formulas, scripts, lone_surrogates,
    noise, nothing, many_sentences, pictures_of_words, deep_page, page_of_scripts, cut_page, wrong_charset,
    entity_bomb, huge_page, huge_attribute, page_with_nulls, noisy_page, cut_pdf, scratched_pdf, locked_pdf,
    pdf_in_circles, pdf_bomb, pdf_of_pictures, no_pdf, cut_docx, scratched_docx, docx_bomb, docx_with_entities,
    zip_that_climbs, no_package, table_bomb, table_of_formulas, deep_mail, mail_in_no_charset, cut_base64_mail,
    mail_of_heads, bad_times, noisy_subtitles, table_without_text, wide_table, open_cell, cell_of_megabytes, cut_lines,
    deep_json, odd_numbers, escaped_surrogates, review_that_breaks_out, wrong_shapes, unknown_kind,
    page_of_odd_reviews, rolling_captions, foreign_name, odd_manifest, odd_sidecar, cut_bundle, changed_document,
    quoted_cells, statements_of_another_alphabet, lines_in_lines,
)  # fmt: skip
