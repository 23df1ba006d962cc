"""Saved pages, PDF, Word, mails and subtitles as articles; and bad files of each kind, refused by name."""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
from datetime import datetime
from types import SimpleNamespace

import pytest
from docx import Document
from openpyxl import Workbook
from pypdf import PdfReader, PdfWriter

from claims import Article, Provenance, UnreadableArticle, formats, packages, read_articles, saved_page
from claims.formats import joined_lines, read_bytes, read_parts
from claims.found import BadFile
from claims.lists import addresses_in
from claims.safely import SafeReader, _Processor
from claims.statements import read_statements

SAID = "The swing bridge at Port Ellory was inspected twice in the month before it jammed, the harbour authority said."
QUOTED = "“Every bearing was checked,” said Marit Oduya, the port’s chief engineer, on Monday morning."
PAGE = f"""<!doctype html><html lang="en"><head><title>Bridge checked twice - The Ellory Ledger</title>
<meta property="og:site_name" content="The Ellory Ledger"><meta name="author" content="Ada Byron">
<meta property="article:published_time" content="2025-04-02T10:00:00Z">
<link rel="canonical" href="https://ledger.example/bridge"></head><body>
<nav><a href="/">Home</a><a href="/sport">Sport</a></nav><article><h1>Bridge checked twice</h1>
<p>{SAID}</p><p>{QUOTED}</p><p>Nobody was hurt, and the port will pay for the repair of the bridge by the summer.</p>
</article><footer>Share this on Facebook</footer><script>alert("no")</script></body></html>"""


def pdf(*pages: str, title: str = "") -> bytes:
    """A PDF with these pages of lines."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for page in pages:
        lines = "".join(f"({line.translate({40: 92, 41: 92})}) Tj T*\n" for line in page.split("\n"))
        stream = f"BT /F1 11 Tf 14 TL 50 780 Td\n{lines}ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        font = "<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            f"/Resources << /Font {font} >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    objects.append(f"<< /Title ({title}) /Author (Ada Byron) >>")
    out, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>\n"
    return (out + f"startxref\n{out.index('xref' + chr(10))}\n%%EOF").encode("latin-1")


def docx(*paragraphs: str, title: str = "", language: str = "") -> bytes:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.core_properties.title, document.core_properties.author = title, "Ada Byron"
    document.core_properties.created, document.core_properties.language = datetime(2025, 4, 2, 9), language
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


MAIL = f"""From: "Port Ellory Press" <press@ellory.example>
To: desk@ledger.example
Subject: Bridge checked =?utf-8?q?twice_=E2=80=93_statement?=
Date: Wed, 02 Apr 2025 10:00:00 +0100
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{SAID}

> What did you find?
{QUOTED}
-- 
Press office
"""
SRT = """1
00:00:01,000 --> 00:00:04,000
MARIT ODUYA: Every bearing was checked
twice before it jammed.

2
00:00:04,000 --> 00:00:06,000
Nobody was hurt.

3
00:00:06,500 --> 00:00:08,000
[applause]

4
00:00:08,500 --> 00:00:09,500
- JON HALE: That is not what the log says.
"""
VTT = """WEBVTT

00:00:01.000 --> 00:00:04.000
<v Marit Oduya>Every bearing was checked</v>

00:00:04.000 --> 00:00:06.000
<v Marit Oduya>Every bearing was checked</v>

00:00:06.500 --> 00:00:08.000
<v Jon Hale>That is <i>not</i> what the log says.</v>
"""


def test_a_saved_page_gives_its_article_and_where_it_stood():
    text, known = read_bytes("page.html", PAGE.encode())
    assert text.split("\n")[0] == "Bridge checked twice" and SAID in text and QUOTED in text
    assert not {"Sport", "Facebook", "alert"} & set(text.replace("(", " ").split())
    assert known == Provenance(
        "Bridge checked twice", "The Ellory Ledger", "Ada Byron", "2025-04-02", "https://ledger.example/bridge", "en"
    )


def test_a_pages_address_is_kept_only_if_it_is_one_of_the_web():
    page = PAGE.replace("https://ledger.example/bridge", "javascript:alert(1)")
    assert read_bytes("page.html", page.encode())[1].url == ""


@pytest.mark.parametrize(
    ("head", "language"),
    [
        ('<html lang="en">', "en"),
        ("<html class='no-js' lang=de_at>", "de-AT"),
        ('<html xml:lang="FR">', "fr"),
        ('<html><meta http-equiv="Content-Language" content="pt-br, en">', "pt-BR"),
        ('<html><meta property="og:locale" content="es_ES">', "es-ES"),
        ('<html lang=""><meta property="og:locale" content="it_IT">', "it-IT"),
        ('<html><script type="application/ld+json">{"@type":"NewsArticle", "inLanguage" : "nl_BE"}</script>', "nl-BE"),
        ('<html><script type="application/ld+json">{"inLanguage": ["cy", "en"]}</script>', "cy"),
        ('<html><script type="application/ld+json">{"inLanguage": {"name": "Welsh"}}</script>', ""),
        ('<html lang="en-GB"><script type="application/ld+json">{"inLanguage": "cy"}</script>', "en-GB"),
        ('<html data-lang="en">', ""),
        ('<html lang="<script>">', ""),
        ("<html>", ""),
    ],
)
def test_a_pages_language_is_the_one_its_head_names(head, language):
    assert read_bytes("page.html", PAGE.replace('<html lang="en">', head).encode())[1].language == language


def test_other_files_name_their_language_in_their_own_way():
    spoken = pdf(SAID).replace(b"/Type /Catalog", b"/Lang (de-AT) /Type /Catalog")
    assert read_bytes("a.pdf", spoken)[1].language == "de-AT"
    assert read_bytes("a.docx", docx(SAID, language="fr-FR"))[1].language == "fr-FR"
    assert read_bytes("a.docx", docx(SAID, language="no language!"))[1].language == ""
    assert read_bytes("a.eml", MAIL.replace("To: ", "Content-Language: de, en\nTo: ").encode())[1].language == "de"


def test_a_pdf_gives_running_text_without_heads_and_page_numbers():
    first = (
        "The Ellory Ledger\nThe swing bridge at Port Ellory was inspected twice in the month before\n"
        "it jammed, the har-\nbour authority said.\n1"
    )
    second = "The Ellory Ledger\nNobody was hurt.\n2"
    third = "The Ellory Ledger\nThe port will pay.\n3"
    text, known = read_bytes("a.pdf", pdf(first, second, third, title="Bridge checked twice"))
    assert "before it jammed, the harbour authority said." in text
    assert text.startswith("Bridge checked twice") and "Ledger" not in text and "\n2" not in text
    assert (known.title, known.author) == ("Bridge checked twice", "Ada Byron")
    assert read_bytes("a.pdf", pdf("Nobody was hurt.", title="Microsoft Word - draft.doc"))[0] == "Nobody was hurt."


@pytest.mark.parametrize(
    ("page", "joined"),
    [
        ("One two three four five\nsix seven.\n\nEight.", "One two three four five six seven.\n\nEight."),
        ("The har-\nbour master went on and\non.", "The harbour master went on and on."),
        ("A short head\nA full line that ends a thing.\nAnother full line too.", None),
        ("", ""),
    ],
)
def test_lines_become_paragraphs(page, joined):
    found = joined_lines(page)
    assert found == joined if joined is not None else found.split("\n\n")[0] == "A short head"


def test_a_word_document_gives_paragraphs_and_properties():
    text, known = read_bytes("a.docx", docx(SAID, "", QUOTED, title="Bridge checked twice"))
    assert text == f"Bridge checked twice\n\n{SAID}\n\n{QUOTED}"
    assert known == Provenance("Bridge checked twice", "", "Ada Byron", "2025-04-02")


def test_tables_in_a_word_document_stand_where_they_stood_with_each_cell_once():
    document = Document()
    document.add_paragraph(SAID)
    table = document.add_table(rows=3, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Inspections"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "March"
    table.cell(1, 1).text = "Twice."
    inner = table.cell(2, 1).add_table(rows=1, cols=1)
    inner.cell(0, 0).text = "Once by night."
    document.add_paragraph(QUOTED)
    out = io.BytesIO()
    document.save(out)
    text, _ = read_bytes("a.docx", out.getvalue())
    assert text.split("\n\n") == [SAID, "Inspections", "March", "Twice.", "Once by night.", QUOTED]


def test_a_cell_that_claims_to_cover_a_million_others_is_read_once():
    document = Document()
    document.add_table(rows=1, cols=1).cell(0, 0).text = SAID
    span = document.tables[0].cell(0, 0)._tc.get_or_add_tcPr()
    span.grid_span = 10**6
    out = io.BytesIO()
    document.save(out)
    assert read_bytes("a.docx", out.getvalue())[0] == SAID


def test_a_mail_gives_its_own_words_its_sender_and_day():
    text, known = read_bytes("a.eml", MAIL.encode())
    assert text.startswith("Bridge checked twice – statement\n\n") and SAID in text and QUOTED in text
    assert "What did you find" not in text and "Press office" not in text
    assert (known.author, known.date) == ("Port Ellory Press", "2025-04-02")
    page = MAIL.replace("text/plain", "text/html").split("\n\n")[0] + f"\n\n{PAGE}"
    assert SAID in read_bytes("a.eml", page.encode())[0]


def test_subtitles_become_a_transcript_with_its_speakers():
    text, _ = read_bytes("a.srt", SRT.encode())
    assert text == (
        "MARIT ODUYA: Every bearing was checked\n\ntwice before it jammed. Nobody was hurt.\n\n"
        "JON HALE: That is not what the log says."
    )
    text, _ = read_bytes("a.vtt", VTT.encode())
    assert text == "Marit Oduya: Every bearing was checked\n\nJon Hale: That is not what the log says."


ROLLING = """WEBVTT
Kind: captions
Language: en-GB

00:00:00.080 --> 00:00:02.389 align:start position:0%
 
&gt;&gt; the<00:00:00.320><c> harbour</c><00:00:00.900><c> wall</c>

00:00:02.389 --> 00:00:02.399 align:start position:0%
&gt;&gt; the harbour wall
 

00:00:02.399 --> 00:00:04.500 align:start position:0%
&gt;&gt; the harbour wall
will<00:00:02.900><c> be</c><00:00:03.300><c> rebuilt</c>

00:00:04.500 --> 00:00:04.510 align:start position:0%
will be rebuilt
 

00:00:04.510 --> 00:00:06.000 align:start position:0%
will be rebuilt
by<00:00:05.000><c> R&amp;D</c>
"""


def test_captions_that_roll_say_every_word_once():
    text, known = read_bytes("a.vtt", ROLLING.encode())
    assert text == "the harbour wall will be rebuilt by R&D" and known.language == "en-GB"
    assert (
        read_bytes("a.vtt", ROLLING.replace("Language: en-GB", "Language: plain English!").encode())[1].language == ""
    )
    shown = ["a fine day\nthe wall\nwill be", "the wall\nwill be\nrebuilt", "rebuilt\nby spring", "by spring"]
    srt = "".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n + 2},000\n{said}\n\n" for n, said in enumerate(shown))
    assert read_bytes("a.srt", srt.encode())[0] == "a fine day the wall will be rebuilt by spring"


def test_what_was_said_twice_stands_twice():
    srt = (
        "1\n00:00:01,000 --> 00:00:02,000\nNever again.\nNever again.\n\n"
        "2\n00:00:09,000 --> 00:00:10,000\nNever again.\n\n3\n00:00:10,000 --> 00:00:11,000\nJON: Never again.\n"
    )
    assert read_bytes("a.srt", srt.encode())[0] == "Never again. Never again. Never again.\n\nJON: Never again."


def made(raw: bytes, day: str, producer: str = "Writer") -> bytes:
    return raw.replace(b"/Author (Ada Byron)", f"/CreationDate (D:{day}) /Producer ({producer})".encode())


@pytest.mark.parametrize(
    ("day", "producer", "text", "wanted"),
    [
        ("20240501120000+02'00'", "LibreOffice 7.4", "Nobody was hurt.", "2024-05-01"),
        ("20240501", "LibreOffice 7.4", "Bridge shut\nPublished 2 April 2024\nNobody was hurt.", "2024-04-02"),
        ("20240501120000Z", "Skia/PDF m120", "Nobody was hurt.", ""),  # the day when a reporter printed the page
        ("20241350", "LibreOffice 7.4", "Nobody was hurt.", ""),
        ("yesterday", "LibreOffice 7.4", "Nobody was hurt.", ""),
    ],
)
def test_a_pdf_is_of_the_day_that_it_names_else_of_its_making(day, producer, text, wanted):
    assert read_bytes("a.pdf", made(pdf(text), day, producer))[1].date == wanted


def test_every_kind_is_read_from_a_folder_with_what_stands_beside_it(tmp_path):
    contents = {
        "a.html": PAGE.encode(), "b.pdf": pdf("Nobody was hurt."), "c.docx": docx(SAID), "d.eml": MAIL.encode(),
        "e.srt": SRT.encode(), "f.vtt": VTT.encode(), "g.txt": SAID.encode(), "h.exe": b"MZ",
    }  # fmt: skip
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "b.json").write_text(json.dumps({"outlet": "The Coast", "title": "Mine"}))
    found = list(read_articles([tmp_path]))
    assert len(found) == 8 and all(isinstance(one, Article) for one in found[:7])
    assert found[7].path == str(tmp_path / "h.exe")
    assert (found[1].provenance.outlet, found[1].provenance.title) == ("The Coast", "Mine")
    assert found[0].provenance.outlet == "The Ellory Ledger"


def locked_pdf() -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(pdf("Nobody was hurt."))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.html", b"", "is empty"),
        ("a.html", b"<html><body><nav>Home</nav></body></html>", "no article"),
        ("a.pdf", b"%PDF-1.4 nothing else", "no PDF that can be read"),
        ("a.pdf", b"", "no PDF that can be read"),
        ("a.pdf", pdf(""), "only pictures"),
        ("a.pdf", pdf("x")[:300], "PDF"),
        ("a.pdf", locked_pdf(), "password"),
        ("a.docx", b"PK\x03\x04", "no Word document"),
        ("a.docx", packed(a=b"x"), "no Word document"),
        ("a.docx", docx(), "is empty"),
        ("a.eml", b"just words", "is no mail"),
        ("a.eml", b"Subject: x\n\n", "no text"),
        ("a.srt", b"\x00\x01\x02", "null bytes"),
        ("a.vtt", b"WEBVTT\n\n", "spoken words"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_file_is_refused_with_its_reason(name, content, why, tmp_path):
    with pytest.raises(BadFile, match=why):
        read_bytes(name, content)


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
@pytest.mark.parametrize(
    ("limit", "most", "content"),
    [
        ("MOST_UNPACKED", 10_000, {"document.xml": b"x" * 20_000}),
        ("MOST_PARTS", 3, {f"{number}.xml": b"x" for number in range(4)}),
    ],
)
def test_a_packed_document_that_unpacks_without_end_is_refused_unopened(monkeypatch, name, limit, most, content):
    monkeypatch.setattr(packages, limit, most)
    with pytest.raises(BadFile, match=f"unpacks to more than .*{most:,}"):
        (read_statements if name.endswith("xlsx") else read_bytes)(name, packed(**content))


def test_a_pdf_of_too_many_pages_is_refused(monkeypatch):
    monkeypatch.setattr(formats, "MOST_PAGES", 2)
    with pytest.raises(BadFile, match="has 3 pages; at most 2"):
        read_bytes("a.pdf", pdf("a", "b", "c"))


@pytest.mark.parametrize(
    ("pages", "told"),
    [
        ((SAID, "", "Nobody was hurt."), "page 2 of 3 holds no text; if a scan stands there, have its text recognised"),
        (("", SAID, "", "", "", "x", ""), "5 of 7 pages (1, 3–5, 7) hold no text; if a scan"),
        (("x", "") * 6, "6 of 12 pages (2, 4, 6, 8, 10, …) hold no text"),
    ],
)
def test_pages_of_a_pdf_without_text_are_told_by_number(tmp_path, pages, told):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(*pages))
    article, refused = read_articles([path])
    assert isinstance(article, Article) and refused.why.startswith(told)
    path.write_bytes(pdf(*filter(None, pages)))
    assert len(list(read_articles([path]))) == 1


@pytest.mark.parametrize("at", ["Nobody was", "<p>Nobody", "<footer", "Every bear"])
def test_a_page_that_ends_within_its_article_is_refused(at):
    with pytest.raises(BadFile, match="is cut off: the page ends within a <article> and without </html>"):
        read_bytes("a.html", PAGE[: PAGE.index(at) - (9 if at == "<footer" else 0)].encode())


@pytest.mark.parametrize(
    ("page", "within"),
    [
        (PAGE, ""),
        ("<html><body><p>One<p>Two<script>a = '<div>'</script><!-- <div> -->", ""),  # as packed pages are, and whole
        ("<html><body><div><p>One</div>", ""),
        ("<html><BODY><P>One</P><p>Tw", "p"),
        ("<html><body><p>One</p><section-1><p>Two</p>", ""),
        ("<body><p>One</p><div>Two", "div"),
        ("<body><p>One</p><script>var a", "script"),
        ("<body><p>One</p><!-- a", "!-- --"),
        ("<div><p>One</p>", ""),  # a piece of a page, as it may be pasted
        ("<html><body><div><p>One</p></body>", ""),
    ],
)
def test_what_ends_within_an_element_is_no_whole_page(page, within):
    assert saved_page.ends_within(page.encode()) == within


def test_looking_for_the_end_of_a_page_takes_time_by_its_length():
    before = time.process_time()
    for part in (b"<script></script>", b"<!---->", b"<div><p>", b"<div ", b"</p"):
        saved_page.ends_within(b"<html>" + part * (4_000_000 // len(part)))
    assert time.process_time() - before < 20


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "utf-16-le"])
def test_subtitles_in_an_encoding_that_can_not_be_told_are_refused(encoding):
    srt = SRT.replace("Every bearing was checked", "Стена упала в понедельник")
    assert "Стена упала" in read_bytes("a.srt", srt.encode("utf-16"))[0]
    with pytest.raises(BadFile, match="encoding can't be told|null bytes"):
        read_bytes("a.srt", srt.encode(encoding))


BROKEN_TIMES = {
    "a.srt": "1\n00:00:01,000 --> 00:00:04,000\nEvery bearing was checked.\n\n2\n{time}\nNobody was hurt.\n\n"
    "3\n00:00:07,000 --> 00:00:08,000\nIt fell.\n",
    "a.vtt": "WEBVTT\n\n00:01.000 --> 00:04.000\nEvery bearing was checked.\n\n{time}\nNobody was hurt.\n\n"
    "00:07.000 --> 00:08.000\nIt fell.\n",
}


@pytest.mark.parametrize(
    ("name", "time", "number"),
    [
        ("a.srt", "00:00:05,000 --> nowhere", 6),
        ("a.srt", "00:00:0x --> 00:00:06,000", 6),
        ("a.srt", "soon --> later", 6),
        ("a.srt", "00:00:05", 6),
        ("a.srt", "-->", 6),
        ("a.vtt", "00:05.000 --> ", 6),
        ("a.vtt", "00:05 --> 00:06", 6),
    ],
)
def test_a_damaged_time_of_subtitles_is_never_speech_and_is_told(tmp_path, name, time, number):
    path = tmp_path / name
    path.write_text(BROKEN_TIMES[name].format(time=time), encoding="utf-8")
    article, told = read_articles([path])
    assert article.text == "Every bearing was checked. Nobody was hurt. It fell."
    assert told.why.startswith(f"the time in line {number} ({time.strip()!r}) can't be read")


def test_what_is_said_far_down_makes_no_other_format_of_subtitles():
    """A caption that began like a time of another format had a long film refused."""
    said = [f"Bearing {number} of the old bridge was checked twice." for number in range(300)]
    said[-1] = "10:15:30: the alarm went off"
    srt = "".join(f"{n}\n00:{n // 60:02}:{n % 60:02},000 --> 00:{n // 60:02}:{n % 60:02},900\n{words}\n\n"
                  for n, words in enumerate(said))  # fmt: skip
    (found,) = read_parts("a.srt", srt.encode())
    assert found.text.startswith(said[0]) and found.text.endswith(said[-1])


@pytest.mark.parametrize("damaged", ["00:00:01,000 -->", "00:00:01:000 --> 00:00:01:900", "--> 00:00:01"])
def test_words_below_damaged_times_are_read_however_many_of_them_stand_first(damaged):
    """Longer than the head in which the library looks for a format."""
    said = [f"Bearing {number} of the old bridge was checked twice." for number in range(300)]
    times = [damaged] * 250 + [f"00:00:0{n % 9},000 --> 00:00:0{n % 9},900" for n in range(50)]
    srt = "".join(f"{n}\n{time}\n{words}\n\n" for n, (time, words) in enumerate(zip(times, said, strict=True), 1))
    found, told = read_parts("a.srt", srt.encode())
    assert found.text == " ".join(said)
    assert str(told).startswith("the times in lines 2 (") and damaged in str(told)


SAID_WITH_ARROW = "Bus 9:15 --> 10:30 is cut."


@pytest.mark.parametrize(
    "written",
    [
        "[Script Info]\n; made by -->\n-->\n\n[V4+ Styles]\nFormat: Name\nStyle: Default\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        f"Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{SAID_WITH_ARROW}\n",
        f"{{1}}{{1}}25\n{{25}}{{50}}{SAID_WITH_ARROW}\n",
        f"00:00:01:{SAID_WITH_ARROW}\n",
    ],
    ids=["ass", "microdvd", "tmp"],
)
def test_an_arrow_makes_no_srt_of_another_format(written):
    (found,) = read_parts("a.srt", written.encode())
    assert found.text == SAID_WITH_ARROW


def test_times_of_a_vtt_whose_name_stands_behind_a_tab_are_sound():
    (found,) = read_parts("a.vtt", b"\tWEBVTT\n\n00:01.000 --> 00:02.000\nThe bridge was closed.\n")
    assert found.text == "The bridge was closed."


def test_prose_with_an_arrow_is_no_subtitle_file():
    with pytest.raises(BadFile, match="no subtitle file"):
        read_parts("a.srt", f"The buses.\n{SAID_WITH_ARROW}\nThe rest goes on.\n".encode())


def test_figures_and_arrows_that_are_said_are_no_times():
    said = ["It opens at 10:30", "2025", "9:15 is early.", "Go --> there."]
    srt = "".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{words}\n\n" for n, words in enumerate(said))
    assert read_parts("a.srt", srt.encode()) == [Article("It opens at 10:30 2025 9:15 is early. Go --> there.")]


IN_TABLE = "The minister said that the wall was rebuilt in 2021."


def page_with(table: str, around: str = "{}") -> bytes:
    """A page with a menu and a note that are tables, and a table within its article."""
    menu = "<table><tr><td><a href='/'>Home</a></td><td>All the news of this day.</td></tr></table>"
    said = f"<p>{SAID * 3}</p>{table}<p>{SAID} Nobody was hurt, and it was open on the same day.</p>"
    body = around.format(f"<article><h1>Bridge</h1>{said}</article>")
    return f"<html><body><nav>{menu}</nav>{body}<footer>{menu}</footer></body></html>".encode()


def test_sentences_in_a_table_of_an_article_are_read_at_their_place_and_bare_cells_are_not():
    bare, _ = read_bytes("a.html", page_with(""))
    rows = f"<tr><th>Year</th><th>What was said</th></tr><tr><td>2021</td><td>{IN_TABLE}</td></tr>"
    text, _ = read_bytes(
        "a.html", page_with(f"<table>{rows}<tr><td>1,200.</td><td>Lives lost at sea</td></tr></table>")
    )
    head, first, second = bare.split("\n")
    assert text.split("\n") == [head, first, IN_TABLE, second]


def test_a_page_that_is_laid_out_by_tables_is_read_without_its_menu():
    layout = "<table><tr><td><a href='/'>Home</a> Read all the news of this day.</td><td>{}</td></tr></table>"
    text, _ = read_bytes("a.html", page_with("", layout))
    assert SAID in text and "Home" not in text and "|" not in text


def test_a_page_of_too_many_tags_is_refused(monkeypatch):
    monkeypatch.setattr(saved_page, "MOST_TAGS", 40)
    assert SAID in read_bytes("a.html", PAGE.encode())[0]
    with pytest.raises(BadFile, match=r"has \d\d tags; at most 40 are read"):
        read_bytes("a.html", PAGE.replace("<nav>", "<nav>" + "<i></i>" * 20).encode())


def test_a_file_that_is_too_large_is_refused_and_the_rest_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr("claims.reading.MOST_BYTES", 1000)
    (tmp_path / "a.html").write_text(PAGE * 2, encoding="utf-8")
    (tmp_path / "b.txt").write_text(SAID, encoding="utf-8")
    large, good = read_articles([tmp_path])
    assert isinstance(large, UnreadableArticle) and "at most 1,000 are read" in str(large) and good.text == SAID


def processor_time_of_children() -> float:
    """Seconds; a worker that was given up has ended and counts."""
    return os.times().children_user + os.times().children_system


def test_a_reader_that_hangs_or_eats_memory_costs_one_file(tmp_path):
    (tmp_path / "good.html").write_text(PAGE, encoding="utf-8")
    # Nested so deep that a reader needs long; whatever it does, it ends in time and in words.
    (tmp_path / "deep.html").write_text("<div><p>x" * 200_000, encoding="utf-8")
    with SafeReader(seconds=4) as reader:
        started = processor_time_of_children()
        try:
            reader.read(tmp_path / "deep.html")
        except BadFile as error:
            assert str(error)
        assert processor_time_of_children() - started < 15
        assert SAID in reader.read(tmp_path / "good.html")[0].text


@pytest.mark.parametrize(("runs", "seconds", "given_up"), [(True, 0.1, False), (True, 9.0, True), (False, 0.0, True)])
def test_a_reader_that_only_waits_for_a_busy_machine_is_not_given_up(monkeypatch, runs, seconds, given_up):
    """The worker answers after three looks; until then it has had a processor for so long, or does nothing at all."""
    had = iter([0.0, seconds / 2, seconds, seconds])
    monkeypatch.setattr("claims.safely._processor", lambda pid: _Processor(next(had), runs))

    class Pipe:
        looks = 0

        def poll(self, wait: float) -> bool:
            self.looks += 1
            time.sleep(0.02)
            return self.looks > 3

    reader = SafeReader(seconds=1.0 if runs else 0.03)
    reader._process = SimpleNamespace(pid=1)
    assert reader._answered(Pipe()) is not given_up


def test_a_reader_that_dies_is_begun_again(tmp_path):
    path = tmp_path / "good.html"
    path.write_text(PAGE, encoding="utf-8")
    with SafeReader() as reader:
        assert SAID in reader.read(path)[0].text
        reader._process.kill()
        reader._process.join()
        assert SAID in reader.read(path)[0].text
        worker = reader._process
    assert not worker.is_alive()


def damaged(package: bytes, part: str) -> bytes:
    """A packed document in which the squeezed bytes of one part make no sense."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        at = opened.getinfo(part).header_offset + 30 + len(part)
    return package[:at] + b"\xff" * 60 + package[at + 60 :]


def foreign(package: bytes, part: str, content: str) -> bytes:
    """A packed document with another part's content in the place of one."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return out.getvalue()


def workbook(*rows: tuple[str, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def mail_within_mails(depth: int) -> bytes:
    heads = "".join(f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n' for level in range(depth))
    ends = "".join(f"--b{level}--\n" for level in reversed(range(depth)))
    return f"From: a@b.example\nSubject: Wall\n{heads}Content-Type: text/plain\n\n{SAID}\n{ends}".encode()


def test_a_mail_of_some_kilobytes_that_took_half_a_minute_is_refused_at_once():
    assert SAID in read_bytes("a.eml", mail_within_mails(20))[0]
    with pytest.raises(BadFile, match="holds 200 mails and bundles within one another; at most 50 are read"):
        read_bytes("a.eml", mail_within_mails(200))


@pytest.mark.parametrize("name, raw, why", [
    ("a.pdf", pdf(SAID).replace(b"trailer << ", b"trailer << /Encrypt << /Filter /Odd /V 1 >> "), "is locked"),
    ("a.pdf", pdf(SAID).split(b"startxref")[0] + b"startxref\n" + b"9" * 30 + b"\n%%EOF", "no PDF that can be read"),
    ("a.pdf", pdf(SAID).replace(b"BT /F1", b"BT 3 0 R"), "no PDF that can be read"),
    ("a.docx", damaged(docx(SAID), "[Content_Types].xml"), "no Word document"),
    ("a.docx", foreign(docx(SAID), "[Content_Types].xml", "<Relationships/>"), "no Word document"),
    ("a.xlsx", damaged(workbook(("text",), (SAID,)), "xl/workbook.xml"), "no Excel workbook"),
])  # fmt: skip
def test_what_a_fuzzer_broke_is_refused_by_its_reader(name, raw, why):
    read = read_statements if name.endswith(".xlsx") else read_bytes
    with pytest.raises(BadFile, match=why):
        read(name, raw)


def test_a_feed_that_a_fuzzer_broke_is_refused_by_its_reader():
    with pytest.raises(BadFile, match="no feed or sitemap that can be read"):
        addresses_in(b"<channel<item<link</item></link>")


def test_a_list_that_is_a_path_opens_no_file_here(tmp_path):
    path = tmp_path / "local.xml"
    path.write_text("<rss><channel><item><title>x</title><link>https://inside.example/1</link></item></channel></rss>")
    assert list(addresses_in(path.read_bytes()).pages) == ["https://inside.example/1"]
    with pytest.raises(BadFile, match="is neither a feed nor a sitemap"):
        addresses_in(str(path).encode())


def test_null_characters_in_a_marked_encoding_are_refused(tmp_path):
    (tmp_path / "a.txt").write_bytes(f"{SAID}\0\0{QUOTED}".encode("utf-16"))
    (refused,) = read_articles([tmp_path])
    assert isinstance(refused, UnreadableArticle) and "null bytes" in refused.why


def test_null_characters_in_the_head_of_a_mail_are_left_out():
    raw = f"Subject: =?utf-8?q?Bridge=00_checked?=\nFrom: =?utf-8?q?Ada=00?= <a@b.example>\n\n{SAID}\n".encode()
    text, known = read_bytes("a.eml", raw)
    assert "\0" not in text + known.title + known.author and known.title == "Bridge checked"
