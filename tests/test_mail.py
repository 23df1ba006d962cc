"""Mails: all that they hold is read or told of, and what is cut off is refused."""

from __future__ import annotations

import base64
import json
from email.message import EmailMessage

import pytest

from claims import Article, read_articles
from claims.formats import read_bytes
from claims.found import BadFile
from claims.safely import articles_in

SAID = "The harbour wall will be rebuilt by next spring, the council said on Monday."
PAGE = f"<html><body><p>{SAID} It will cost nine million pounds, officials told reporters.</p></body></html>"


def mail(words: str = "", subject: str = "Wall", sender: str = "Ada Byron <ada@b.example>") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = sender, subject, "Wed, 02 Apr 2025 10:00:00 +0100"
    message.set_content(words)
    return message


def texts(raw: bytes) -> list[str]:
    """What is read of a mail and told of it."""
    return [one.text if isinstance(one, Article) else str(one) for one in articles_in("a.eml", raw)]


def test_the_page_is_read_where_the_plain_part_says_nothing():
    message = mail(" \n")
    message.add_alternative(PAGE, subtype="html")
    assert SAID in texts(message.as_bytes())[0]
    message = mail(SAID)
    message.add_alternative(PAGE, subtype="html")
    assert texts(message.as_bytes()) == [f"Wall\n\n{SAID}"]


def test_a_mail_within_a_mail_is_an_article_of_its_own_sender(tmp_path):
    message = mail("See below.", "Fwd: Wall")
    message.add_attachment(mail(SAID, "Wall falls", "Jon Hale <jon@b.example>"))
    path = tmp_path / "a.eml"
    path.write_bytes(message.as_bytes())
    path.with_suffix(".json").write_text(json.dumps({"author": "Ada of the Port", "url": "https://port.example/1"}))
    outer, inner = read_articles([path])
    assert outer.text == "Fwd: Wall\n\nSee below." and inner.text == f"Wall falls\n\n{SAID}"
    assert (outer.provenance.author, inner.provenance.author) == ("Ada of the Port", "Jon Hale")
    assert inner.provenance.url == "" and inner.provenance.date == "2025-04-02"


def test_a_mail_that_only_brings_another_is_read():
    message = mail()
    message.add_attachment(mail(SAID, "Wall falls"))
    assert texts(message.as_bytes()) == ["", f"Wall falls\n\n{SAID}"]


def test_what_is_known_of_a_mail_is_not_said_of_the_mail_that_it_brings(tmp_path):
    message = mail()
    message.add_attachment(mail(SAID, "Wall falls", "Jon Hale <jon@b.example>"))
    path = tmp_path / "a.eml"
    path.write_bytes(message.as_bytes())
    path.with_suffix(".json").write_text(json.dumps({"author": "Ada of the Port", "title": "Sent on"}))
    (inner,) = read_articles([path])
    assert (inner.provenance.author, inner.provenance.title) == ("Jon Hale", "Wall falls")


def test_what_is_attached_is_told_by_number_and_name_but_no_pictures_of_the_page():
    message = mail("Our release is attached.")
    for number in range(5):
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=f"{number}.pdf")
    message.add_attachment(b"GIF", maintype="image", subtype="gif", cid="<logo>", disposition="inline")
    _, told = texts(message.as_bytes())
    assert told.startswith("holds 5 attachments that are not read ('0.pdf', '1.pdf', '2.pdf', …); save what")
    message = mail()
    message.add_attachment("notes", filename="notes.txt")
    with pytest.raises(BadFile, match=r"holds no text, only an attachment that is not read \('notes.txt'\)"):
        texts(message.as_bytes())


def test_all_words_of_a_mail_are_read_with_what_is_attached_between_them():
    message = mail(SAID)
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    message.add_attachment("Nobody was hurt.", disposition="inline")
    assert texts(message.as_bytes())[0] == f"Wall\n\n{SAID}\n\nNobody was hurt."


@pytest.mark.parametrize(
    ("subject", "words", "told"),
    [
        ("Fwd: Wall", f"{SAID}\n> It fell.\n", "quotes a line of another mail, which is not read"),
        ("Wall", f"See.\n> {SAID}\n>\n> It fell.\n", "quotes 2 lines of another mail, which are not read"),
        ("Re: Wall", f"{SAID}\n> It fell.\n", ""),  # what the mail answers, not what it says
    ],
)
def test_quotations_that_matter_are_told(subject, words, told):
    first, *rest = texts(mail(words, subject).as_bytes())
    assert "It fell" not in first and [one.startswith(told) for one in rest] == [True] * bool(told)


PACKED = base64.b64encode(SAID.encode() + b" It is not.")


@pytest.mark.parametrize(
    ("body", "whole"),
    [(PACKED + b"\n", True), (PACKED[:-4] + b"\n", True), (base64.b64encode(SAID.encode() + b"."), True)]
    + [(PACKED[:cut], False) for cut in range(20, 28)],
)
def test_packed_words_that_are_cut_off_are_refused(body, whole):
    raw = b"From: a@b.example\nContent-Transfer-Encoding: base64\n\n" + body
    if whole:
        assert SAID[:60] in texts(raw)[0]
    else:
        with pytest.raises(BadFile, match="is cut off or damaged: it"):
            texts(raw)


def test_a_bundle_that_ends_before_its_last_part_does_is_refused():
    message = mail(SAID)
    message.add_attachment(mail(SAID, "Within"))
    raw = message.as_bytes()
    assert len(texts(raw)) == 2
    for cut in (raw.rindex(b"--="), raw.index(b"spring"), raw.rindex(b"spring")):
        with pytest.raises(BadFile, match="is cut off or damaged: it ends before its last part does"):
            texts(raw[:cut])


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_words_in_another_encoding_than_the_mail_says_are_read(encoding):
    raw = "From: a@b.example\nSubject: Wall\n\nThe café’s wall fell, the port’s council said.\n".encode(encoding)
    assert read_bytes("a.eml", raw)[0].endswith("The café’s wall fell, the port’s council said.")


@pytest.mark.parametrize("charset", ["unknown-8bit", "x-unknown", "hex", "utf-9"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_words_in_an_encoding_of_no_known_name_are_read(charset, encoding):
    head = f'Subject: Wall\nFrom: ada@b.example\nContent-Type: text/plain; charset="{charset}"\n'
    raw = f"{head}Content-Transfer-Encoding: 8bit\n\nThe café “Harbour” stays open.\n".encode(encoding)
    assert texts(raw) == ["Wall\n\nThe café “Harbour” stays open."]
