"""Files in, articles out."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from random import Random

import pytest

from benchmarks.hostile import odd_manifest, odd_sidecar
from claims import Article, Provenance, UnreadableArticle, beside, read_articles, reading
from claims.byline import provenance_in
from claims.reading import READABLE, article_from_text, files_of
from claims.written_dates import parse_date

BODY = "The bridge was closed on Monday after an inspection. Nobody was hurt, the council said.\n"


def only(paths):
    (found,) = read_articles(paths)
    return found


def test_the_same_text_is_the_same_article(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(BODY, encoding="utf-8")
    first, second = read_articles([tmp_path])
    assert first.id == second.id
    assert len(first.id) == 16


def test_text_is_kept_to_the_letter(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("Line one ends here.\r\n\r\n  Line two – “quoted”.\t\n".encode())
    assert only([path]).text == "Line one ends here.\r\n\r\n  Line two – “quoted”.\t\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_common_encodings_are_read(tmp_path, encoding):
    text = "The café said it “never” closed its doors. The owner’s naïve claim was rejected by the council.\n" * 3
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(encoding))
    assert only([path]).text == text


@pytest.mark.parametrize("text", ["Ada ran the Café", "SHE RAN THE CAFÉ", "Le mur est tombé…", "Es war nur Spaß"])
def test_a_western_text_may_end_in_a_letter_with_an_accent(tmp_path, text):
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode("cp1252"))
    assert only([path]).text == text


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.txt", b" \n\t", "is empty"),
        ("binary.txt", b"abc\x00def", "null bytes"),
        ("half.txt", b"\xff\xfea", "starts as utf-16"),
        ("russian.txt", "Мост закрыт с понедельника.".encode("cp1251"), "encoding can't be told"),
        ("mixed.txt", (BODY * 9).encode() + "Стена гавани".encode("cp1251"), "encoding can't be told"),
        (
            "broken.txt",
            "One.\n“Two” – three".encode() + b"\xe2, four",
            "UTF-8 but for broken characters, the first in line 2",
        ),
        ("cut.txt", "One. “Two” – three é".encode()[:-1], "is cut off in the middle of its last letter"),
        ("cut.txt", b"The wall fell on Monday.\xc3", "is cut off in the middle of its last letter"),
        ("cut.txt", "The wall fell on Monday.”".encode()[:-1], "is cut off in the middle of its last letter"),
        ("cut.txt", "The wall fell on Monday 😀".encode()[:-1], "is cut off in the middle of its last letter"),
        ("page.pages", b"%PDF", "choose one of .txt, .html"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_reason_and_the_rest_goes_on(tmp_path, name, content, why):
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.txt").write_text(BODY, encoding="utf-8")
    bad, good = read_articles([tmp_path / name, tmp_path / "good.txt"])
    assert isinstance(bad, UnreadableArticle)
    assert why in str(bad) and name in str(bad)
    assert isinstance(good, Article)


def test_a_missing_path_is_refused_by_name(tmp_path):
    assert "nowhere.txt: no such file" in str(only([tmp_path / "nowhere.txt"]))


def test_a_sidecar_wins_over_the_manifest_and_both_over_the_text(tmp_path):
    text = "Bridge closed after inspection\nBy Ada Byron\n" + BODY
    for name in ("side.txt", "listed.txt", "bare.txt"):
        (tmp_path / name).write_text(text + name, encoding="utf-8")
    (tmp_path / "side.json").write_text(json.dumps({"outlet": "The Sidecar", "date": "2024-05-01"}), encoding="utf-8")
    (tmp_path / "manifest.csv").write_text(
        "file,outlet,author\nside.txt,The List,\nlisted.txt,The List,Carl Listed\n", encoding="utf-8"
    )
    bare, listed, side = (article.provenance for article in read_articles([tmp_path]))
    assert side == Provenance("Bridge closed after inspection", "The Sidecar", "Ada Byron", "2024-05-01")
    assert listed == Provenance("Bridge closed after inspection", "The List", "Carl Listed")
    assert bare == Provenance("Bridge closed after inspection", author="Ada Byron")


def test_a_manifest_is_read_once_for_its_folder_and_anew_when_it_changed(tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(beside, "_manifest", lambda path, was=beside._manifest: read.append(path) or was(path))
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(BODY + name, encoding="utf-8")
    for outlet in ("The List", "The Longer List"):
        (tmp_path / "manifest.csv").write_text(f"file,outlet\na.txt,{outlet}\nc.txt,{outlet}\n", encoding="utf-8")
        assert [one.provenance.outlet for one in read_articles([tmp_path])] == [outlet, "", outlet]
    assert len(read) == 2


def test_a_sidecar_that_can_not_be_opened_costs_its_own_file(tmp_path, monkeypatch):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(BODY + name, encoding="utf-8")
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")

    def locked(path):
        if path.name == "a.json":
            raise PermissionError(13, "Permission denied", str(path))
        return False

    monkeypatch.setattr(beside, "is_sidecar", locked)
    monkeypatch.setattr(reading, "is_sidecar", locked)
    bad, good = read_articles([tmp_path])
    assert isinstance(bad, UnreadableArticle) and bad.path.endswith("a.txt") and "Permission denied" in bad.why
    assert isinstance(good, Article)


@pytest.mark.parametrize(
    ("beside", "content", "why"),
    [
        ("manifest.csv", b"file,title\na.txt," + b"x" * 200_000, "has a cell of 200,000 letters; at most 10,000"),
        (
            "manifest.csv",
            "file,outlet\na.txt,Вечерняя".encode("cp1251"),
            "its encoding can't be told; save it as UTF-8",
        ),
        ("manifest.csv", b"file,title\0\na.txt,x", "is not a text file (it holds null bytes)"),
        ("manifest.csv", b"name,outlet\na.txt,The Ledger\n", "has no column 'file' on its first line"),
        ("manifest.csv", b"", "has no column 'file' on its first line"),
        ("manifest.csv", b"file\n" + b"x\n" * 2_500_001, "has 5,000,007 bytes; at most 5,000,000 are read"),
        ("a.json", b"[" * 100_000, "is not JSON"),
        ("a.json", b'{"outlet": ' + b"9" * 5_000 + b"}", "is not JSON"),
        ("a.json", b"\xff\xfe{", "starts as utf-16 but is not"),
        ("a.json", b"[]", "must hold one JSON object with title, outlet"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_odd_companion_costs_its_own_file_and_is_named_and_the_batch_goes_on(tmp_path, beside, content, why):
    (tmp_path / "in").mkdir()
    for name in ("in/a.txt", "z.txt"):
        (tmp_path / name).write_text(BODY + name, encoding="utf-8")
    (tmp_path / "in" / beside).write_bytes(content)
    bad, good = read_articles([tmp_path / "in", tmp_path / "z.txt"])
    assert isinstance(good, Article)
    assert str(bad).startswith(f"{tmp_path / 'in' / 'a.txt'}: {beside} beside it can't be used: {why}")


@pytest.mark.parametrize("kind", [odd_manifest, odd_sidecar])
def test_hostile_companions_are_refused_in_a_sentence(tmp_path, kind):
    for number in range(12):
        (folder := tmp_path / str(number)).mkdir()
        path, beside = replace(kind(Random(number)), name="a.txt").lay(folder)
        (why,) = read_articles([path])
        assert isinstance(why, UnreadableArticle) and why.path == str(path) and len(why.why) < 250
        assert why.why.startswith(f"{beside.name} beside it can't be used: ") and why.why.isprintable()


@pytest.mark.parametrize(
    ("beside", "content"),
    [
        ("manifest.csv", "file,title,outlet\na.txt,Café,Le Journal\n".encode("cp1252")),
        ("manifest.csv", "File;Title;Outlet\r\na.txt;Café;Le Journal\r\n".encode("utf-8-sig")),
        ("manifest.csv", "file\ttitle\toutlet\na.txt\tCafé\tLe Journal\n".encode("utf-16")),
        ("a.json", '{"title": "Café", "outlet": "Le Journal"}'.encode("utf-8-sig")),
        ("a.json", '{"title": ["Café"], "outlet": "Le Journal", "url": {"no": "address"}}'.encode("cp1252")),
    ],
)
def test_a_companion_is_read_as_office_programs_save_it(tmp_path, beside, content):
    (tmp_path / "a.txt").write_text(BODY, encoding="utf-8")
    (tmp_path / beside).write_bytes(content)
    assert only([tmp_path]).provenance == Provenance("Café", "Le Journal")


def test_a_folders_other_files_and_folders_are_named_with_what_to_do(tmp_path):
    for name in (
        "a.txt",
        "b.doc",
        "c.odt",
        "README",
        ".hidden",
        "Thumbs.db",
        "page.html",
        *(f"{n}.jpg" for n in "1234"),
    ):
        (tmp_path / name).write_text(BODY, encoding="utf-8")
    for name in ("sub", ".git", "page_files"):  # the last is what a browser saves beside page.html
        (tmp_path / name).mkdir()
    choose = f"can't be read; choose one of {', '.join(READABLE)}"
    assert [str(one) for one in files_of([tmp_path])] == [
        str(tmp_path / "a.txt"),
        str(tmp_path / "page.html"),
        f"{tmp_path / 'sub'}: is a folder within a folder; name it by itself to have it read",
        f"{tmp_path}: 4 files in .jpg (1.jpg, 2.jpg, 3.jpg, …) {choose}",
        f"{tmp_path / 'README'}: a file without an ending {choose}",
        f"{tmp_path / 'b.doc'}: .doc {choose}",
        f"{tmp_path / 'c.odt'}: .odt {choose}",
    ]


def test_a_folder_with_nothing_to_read_says_so(tmp_path):
    (tmp_path / "manifest.csv").write_text("file,title\na.txt,A\n")
    assert str(only([tmp_path])) == f"{tmp_path}: holds no file that can be read ({', '.join(READABLE)})"


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    assert str(only([tmp_path])) == f"{tmp_path / 'a.txt'}: is no file"
    (tmp_path / "b.txt").symlink_to(tmp_path / "gone")
    assert [one.why for one in read_articles([tmp_path])] == ["is no file", "no such file or folder"]


def test_a_date_that_is_none_is_refused_with_the_form_it_should_have(tmp_path):
    (tmp_path / "a.txt").write_text(BODY, encoding="utf-8")
    (tmp_path / "a.json").write_text('{"date": "last May"}', encoding="utf-8")
    assert "no date 'last May'; write it as YYYY-MM-DD" in str(only([tmp_path / "a.txt"]))


def test_a_language_that_is_none_is_refused_with_the_form_it_should_have(tmp_path):
    (tmp_path / "a.txt").write_text(BODY, encoding="utf-8")
    (tmp_path / "a.json").write_text('{"language": "PT_br"}', encoding="utf-8")
    assert only([tmp_path / "a.txt"]).provenance.language == "pt-BR"
    (tmp_path / "a.json").write_text('{"language": "in plain English"}', encoding="utf-8")
    assert "no language 'in plain English'; write it as a tag like en, de or pt-BR" in str(only([tmp_path / "a.txt"]))


def test_pasted_text_without_letters_is_refused():
    with pytest.raises(UnreadableArticle, match="is empty"):
        article_from_text("  \n")


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Written by on 24 March 2022", Provenance(date="2022-03-24")),
        (
            "Article by Ada Byron AM first published in the Evening Star.",
            Provenance(outlet="Evening Star", author="Ada Byron"),
        ),
        ("Ada Byron is the city council member for Harbour and Dock.", Provenance(author="Ada Byron")),
        ("Published: by Radio Harbour", Provenance(outlet="Radio Harbour")),
        (
            "Ada Byron is a liar and everybody in the harbour has known it for years, her brother told the court.",
            Provenance(),
        ),
    ],
)
def test_credits_at_the_end_of_a_text_are_understood(line, wanted):
    assert provenance_in(BODY * 3 + line + "\n") == wanted


@pytest.mark.parametrize(
    ("head", "author", "day"),
    [
        ("14 June 2022", "", "2022-06-14"),
        ("Sun 23 Jul 2023 14.05 BST", "", "2023-07-23"),
        ("Marie Dubois in Ajaccio\nSunday, 23 July 2023", "Marie Dubois", "2023-07-23"),
        ("Jane Porter\nHarbour News, Leeds\nJune 14, 2022 at 3:14 p.m.", "Jane Porter", "2022-06-14"),
        ("Storm Surge in Leeds\n14 June 2022", "", "2022-06-14"),
        ("Bridge closed on 14 June 2022", "", ""),
    ],
)
def test_a_date_and_a_name_that_stand_alone_above_the_story_are_the_articles(head, author, day):
    found = provenance_in(f"Bridge to be closed for a year\n{head}\n\n{BODY * 3}")
    assert (found.title, found.author, found.date) == ("Bridge to be closed for a year", author, day)


def test_the_dates_of_a_timeline_are_not_the_articles():
    timeline = "1 May 1997\nThe old bridge is closed after a storm.\n2 June 1998\nThe new bridge opens to all cars."
    assert provenance_in(f"The story of a bridge\n{timeline}\n").date == ""


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("24 March 2022", "2022-03-24"),
        ("March 4th, 2021", "2021-03-04"),
        ("1 Sept 2020", "2020-09-01"),
        ("31 June 2020", ""),
    ],
)
def test_dates_are_iso_or_empty(written, iso):
    assert parse_date(written) == iso
