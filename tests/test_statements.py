"""Ready-made statements and fact-checks: read as they are given, compared like any others."""

from __future__ import annotations

import io
import json

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart

from claims import Article, ClaimExtractor, UnreadableArticle, read_articles
from claims.article import Given, Provenance
from claims.fact_checks import reading_of, reviews_in_page
from claims.formats import BadFile
from claims.safely import articles_in
from claims.statements import articles_of, read_statements
from tests.workbench_fakes import fake_line
from workbench.articles import unread_articles
from workbench.inbox import save_upload
from workbench.queries import claim_page

ROWS = [
    (
        "The swing bridge was inspected twice in March.",
        "Port Authority",
        "The Ledger",
        "2025-04-02",
        "https://l.example/1",
    ),
    ("Nobody inspected the bridge in March.", "Jon Hale", "The Ledger", "2025-04-02", "https://l.example/1"),
    ("The port will pay 2 million pounds for repairs.", "", "The Coast", "2025-04-03", ""),
]
HEAD = ("Statement", "Said by", "Outlet", "Date", "URL")


def table(separator: str = ",") -> bytes:
    return "\n".join(separator.join(row) for row in (HEAD, *ROWS)).encode()


def workbook() -> bytes:
    book = Workbook()
    for row in (HEAD, *ROWS):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def lines() -> bytes:
    keys = ("claim", "speaker", "publisher", "date", "link")
    return "\n".join(json.dumps(dict(zip(keys, row, strict=True))) for row in ROWS).encode()


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.csv", table()),
        ("a.csv", table(";")),
        ("a.csv", table("\t")),
        ("a.xlsx", workbook()),
        ("a.jsonl", lines()),
        ("a.csv", table("\t").decode().encode("utf-16")),
    ],
    ids=["comma", "semicolon", "tab", "excel", "jsonl", "Unicode text of Excel"],
)
def test_a_table_of_statements_is_one_article_for_each_place_they_stood_in(name, raw):
    first, second = read_statements(name, raw)
    assert first.provenance == Provenance("", "The Ledger", "", "2025-04-02", "https://l.example/1")
    assert [first.text[one.start : one.end] for one in first.given] == [ROWS[0][0], ROWS[1][0]]
    assert [one.speaker for one in first.given] == ["Port Authority", "Jon Hale"]
    assert second.given == (Given(0, len(ROWS[2][0])),) and second.provenance.outlet == "The Coast"


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (
            'text,speaker\n"The mayor said, ""No, never"" again, on Monday",Jon\n"""No"", he said",Ann\n',
            [('The mayor said, "No, never" again, on Monday', "Jon"), ('"No", he said', "Ann")],
        ),
        (
            "text;speaker\nIt fell, burnt, sank, he said.;Jon;\nIt, too, fell.;\n",
            [("It fell, burnt, sank, he said.", "Jon"), ("It, too, fell.", "")],
        ),
        ('text, speaker\n"It fell, he said.", "Jon"\n', [("It fell, he said.", "Jon")]),
        ("text\nIt fell on Monday, he said.\n", [("It fell on Monday, he said.", "")]),
        (",,\r\ntext,speaker,note\r\n'It''s ours,O'Hara\r\n", [("'It''s ours", "O'Hara")]),
    ],
    ids=["quotation within", "commas within", "blanks between", "one column", "apostrophes"],
)
def test_a_statement_in_a_table_is_whole_whatever_it_holds(raw, wanted):
    (article,) = read_statements("a.csv", raw.encode())
    assert [(article.text[one.start : one.end], one.speaker) for one in article.given] == wanted


NESTED = {"text": "It fell.", "speaker": {"@type": "Person", "name": "Jon"}, "publisher": {"name": "The Ledger"}}


def test_lines_hold_characters_that_end_a_line_elsewhere():
    words = "The wall\u2028fell\u2029on\x85 Monday."
    raw = "\r\n".join(json.dumps({"text": one}, ensure_ascii=False) for one in (words, "It sank."))
    assert read_statements("a.jsonl", raw.encode())[0].text == "The wall fell on Monday.\n\nIt sank."


def test_of_an_object_in_a_line_its_name_is_taken():
    (article,) = read_statements("a.jsonl", json.dumps(NESTED).encode())
    assert article.given[0].speaker == "Jon" and article.provenance.outlet == "The Ledger"


def test_what_is_said_of_a_whole_table_fills_what_its_rows_leave_empty(tmp_path):
    known = Provenance("", "The Harbour Star", "", "2025-05-01", "https://star.example/1")
    path = save_upload(tmp_path, "a.csv", b"text,outlet,date\nIt fell.,The Ledger,\nIt sank.,,2024-01-02\n", known)
    first, second = (one.provenance for one in read_articles([path]))
    assert first == Provenance("", "The Ledger", "", "2025-05-01", "https://star.example/1")
    assert second == Provenance("", "The Harbour Star", "", "2024-01-02", "https://star.example/1")


@pytest.mark.parametrize("name", ["a.json", "a.jsonld"])
def test_what_is_said_of_a_file_of_fact_checks_is_kept_beside_it(tmp_path, name):
    check = json.dumps({"@type": "ClaimReview", "claimReviewed": "Ships sank.", "reviewRating": {"name": "False"}})
    (article,) = read_articles([save_upload(tmp_path, name, check.encode(), Provenance("", "The Checkers"))])
    assert (article.text, article.provenance) == ("Ships sank – False", Provenance("", "The Checkers"))


SPOKEN = (("Caeodd y bont.", "CY"), ("The bridge closed.", "en_gb"), ("It fell.", "in plain English"), ("It sank.", ""))


@pytest.mark.parametrize("column", ["language", "Lang", "inLanguage"])
@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".xlsx"])
def test_a_tables_column_of_languages_tells_articles_apart_and_is_kept(tmp_path, ending, column):
    raw = {
        ".csv": "\n".join(map(";".join, (("text", column), *SPOKEN))).encode(),
        ".jsonl": "\n".join(json.dumps({"text": words, column: tag}) for words, tag in SPOKEN).encode(),
        ".xlsx": workbook_of(March=[("text", column), *SPOKEN]),
    }
    found = read_statements(f"a{ending}", raw[ending])
    assert [(one.text, one.provenance.language) for one in found] == [
        ("Caeodd y bont.", "cy"),
        ("The bridge closed.", "en-GB"),
        ("It fell.\n\nIt sank.", ""),  # what is no tag is not known
    ]
    line = fake_line(tmp_path / "workspace")
    (tmp_path / f"a{ending}").write_bytes(raw[ending])
    line.ingest([tmp_path / f"a{ending}"])
    kept = {article.text: article.provenance.language for article in unread_articles(line.store, "another extractor")}
    assert kept == {one.text: one.provenance.language for one in found}


def workbook_of(hidden: dict[str, str] | None = None, chart: bool = False, **sheets: list[tuple]) -> bytes:
    """A workbook with the rows of each sheet; `hidden` are those that don't show, with how. A chart has no rows."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.sheet_state = (hidden or {}).get(title, "visible")
        for row in rows:
            sheet.append(row)
    if chart:
        book.create_chartsheet("Chart").add_chart(BarChart())
        book.active = len(sheets)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_every_sheet_of_a_workbook_gives_its_statements_each_under_its_own_head():
    more = [
        ("Link", "Claim", "Publisher", "Day"),
        ("https://l.example/1", "The span is 90 m long.", "The Ledger", "2025-04-02"),
    ]
    first, second = read_statements("a.xlsx", workbook_of(March=[HEAD, *ROWS], Empty=[], Head=[HEAD], April=more))
    assert [first.text[one.start : one.end] for one in first.given] == [
        ROWS[0][0],
        ROWS[1][0],
        "The span is 90 m long.",
    ]
    assert first.provenance.url == "https://l.example/1" and second.provenance.outlet == "The Coast"


def test_a_sheet_that_can_not_be_read_is_named_in_the_report_and_the_others_are_read(tmp_path):
    path = tmp_path / "a.xlsx"
    sheets = {
        "Notes": [("who", "when"), ("Jon", "May")],
        "March": [HEAD, *ROWS],
        "April": [HEAD, ("It fell.", "", "", "May")],
    }
    path.write_bytes(workbook_of(**sheets))
    report = fake_line(tmp_path / "workspace").ingest([path])
    assert report.read == 2 and report.claims == 3
    assert [file for file, _ in report.refused] == [str(path)] * 2
    notes, april = (why for _, why in report.refused)
    assert notes.startswith("sheet 'Notes': has no column with the statements; name it one of text, statement")
    assert april == "sheet 'April': row 2: no date 'May'; write it as YYYY-MM-DD"


def test_hidden_sheets_are_no_statements():
    sheets = {"March": [HEAD, *ROWS[:1]], "Drafts": [HEAD, ROWS[1]], "Lists": [("who",), ("Jon",)]}
    hidden = {"Drafts": "hidden", "Lists": "veryHidden"}
    (article,) = read_statements("a.xlsx", workbook_of(hidden, **sheets))
    assert article.text == ROWS[0][0]
    del sheets["March"]
    with pytest.raises(BadFile, match=r"has hidden sheets only \('Drafts', 'Lists'\); show in Excel those that"):
        read_statements("a.xlsx", workbook_of(hidden, chart=True, **sheets))


def test_the_limits_hold_for_a_workbook_as_a_whole(monkeypatch):
    book = workbook_of(A=[HEAD, *ROWS], B=[HEAD, ROWS[0]])
    monkeypatch.setattr("claims.statements.MOST_ROWS", 4)
    assert sum(len(one.given) for one in read_statements("a.xlsx", book)) == 4
    monkeypatch.setattr("claims.statements.MOST_ROWS", 3)
    with pytest.raises(BadFile, match="has more than 3 rows; split it"):
        read_statements("a.xlsx", book)
    monkeypatch.setattr("claims.statements.MOST_SHEETS", 1)
    with pytest.raises(BadFile, match="has 2 sheets; at most 1 are read"):
        read_statements("a.xlsx", book)


def test_given_statements_are_the_claims_and_no_others_are_looked_for():
    (article,) = articles_of(
        [
            {"text": "He said the bridge is safe. It is not.", "speaker": "Jon Hale"},
            {"text": "Share this story", "speaker": ""},
            {"text": "The bridge is safe – False", "speaker": "Checkers", "standalone": "It is not true."},
        ]
    )
    claims = ClaimExtractor().extract(article)
    assert [claim.text for claim in claims] == [article.text[one.start : one.end] for one in article.given]
    assert [claim.attribution.speaker for claim in claims] == ["Jon Hale", "", "Checkers"]
    assert [claim.kind for claim in claims] == ["quotation", "statement", "quotation"]
    assert claims[2].standalone == "It is not true."
    assert all(article.text[claim.char_start : claim.char_end] == claim.text for claim in claims)


def test_they_are_kept_with_their_article(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(table())
    line = fake_line(tmp_path / "workspace")
    report = line.ingest([path])
    assert (report.read, report.refused) == (2, ())
    again = unread_articles(line.store, "another extractor")
    assert [one.given for one in again] == [one.given for one in read_statements("a.csv", table())]
    assert claim_page(line.store).total == 3


REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://checkers.example/1",
    "datePublished": "2025-05-01T10:00:00",
    "author": {"@type": "Organization", "name": "The Checkers"},
    "claimReviewed": "The bridge was inspected twice.",
    "reviewRating": {"@type": "Rating", "alternateName": "False", "ratingValue": 1},
}


@pytest.mark.parametrize(
    "document",
    [REVIEW, [REVIEW], {"@graph": [{"@type": "WebPage"}, REVIEW]}, {"@graph": [REVIEW | {"@type": ["ClaimReview"]}]}],
)
def test_a_fact_check_is_a_statement_of_the_fact_checker_with_its_rating(document):
    (article,) = read_statements("a.jsonld", json.dumps(document).encode())
    assert article.text == "The bridge was inspected twice – False"
    assert article.provenance == Provenance("", "The Checkers", "", "2025-05-01", "https://checkers.example/1")
    (given,) = article.given
    assert (given.speaker, given.standalone) == ("The Checkers", "It is not true that the bridge was inspected twice.")


@pytest.mark.parametrize("kind", [{}, {"@type": None}])
def test_lines_of_fact_checks_are_statements_of_the_fact_checker_beside_others(kind):
    checks = [REVIEW | kind, REVIEW | {"reviewRating": "True", "url": ""}, REVIEW | {"claimReviewed": ""}, [REVIEW]]
    raw = "\n".join(map(json.dumps, [{"text": "It fell.", "speaker": "Jon"}, *checks]))
    plain, first, second, refused = read_statements("a.jsonl", raw.encode())
    assert (plain.text, plain.given[0].speaker) == ("It fell.", "Jon")
    assert first == read_statements("a.jsonld", json.dumps(REVIEW).encode())[0]
    assert second.text == "The bridge was inspected twice – True"
    assert str(refused) == "fact-check 3 doesn't say what it reviewed"


def test_who_reviewed_a_claim_did_not_say_it():
    (article,) = read_statements("a.csv", b"claimReviewed,author\nShips sank.,Checkers\n")
    assert (article.text, article.given[0].speaker) == ("Ships sank.", "")
    (article,) = read_statements("a.csv", b"claimReviewed,author,claimant\nShips sank.,Checkers,Jon\n")
    assert article.given[0].speaker == "Jon"


LATER = REVIEW | {"url": "https://checkers.example/2", "claimReviewed": "The port is broke."}


def test_a_fact_check_that_can_not_be_read_is_named_and_the_others_are_read(tmp_path):
    bad = [
        LATER | {"reviewRating": {"@type": "Rating"}},
        LATER | {"claimReviewed": "x" * 6000},
        LATER | {"claimReviewed": []},
        LATER | {"reviewRating": {"alternateName": "y" * 6000}},
    ]
    path = tmp_path / "a.jsonld"
    path.write_text(json.dumps([REVIEW, *bad, LATER]))
    report = fake_line(tmp_path / "workspace").ingest([path])
    assert report.read == 2
    assert [why for _, why in report.refused] == [
        "fact-check 2 ('The port is broke.') has no rating",
        f"fact-check 3 ({'x' * 40!r}) has 6,008 characters; at most 5,000 are read",
        "fact-check 4 doesn't say what it reviewed",
        "fact-check 5 ('The port is broke.') has 6,020 characters; at most 5,000 are read",
    ]


def test_many_fact_checks_that_can_not_be_read_are_counted():
    found = read_statements("a.json", json.dumps([REVIEW] + [{"@type": "ClaimReview"}] * 90).encode())
    assert isinstance(found[0], Article) and len(found) == 22 and str(found[-1]) == "70 more fact-checks can't be read"


def test_a_fact_check_is_found_however_deep_it_stands(monkeypatch):
    document = REVIEW
    for _ in range(60):
        document = {"mainEntity": [document]}
    assert len(read_statements("a.jsonld", json.dumps(document).encode())) == 1
    monkeypatch.setattr("claims.statements.MOST_ROWS", 1)
    with pytest.raises(BadFile, match="has more than 1 fact-checks; split it"):
        read_statements("a.jsonld", json.dumps([REVIEW, LATER]).encode())


def test_a_fact_check_of_a_day_and_letters_that_there_are_not_is_stored(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(REVIEW | {"datePublished": "2025-13-45", "claimReviewed": "The \ud800 wall fell."}))
    line = fake_line(tmp_path / "workspace")
    assert line.ingest([path]).read == 1
    assert line.ingest([path]).unchanged == 1


ARTICLE = (
    "<article><h1>Was the bridge inspected?</h1>"
    "<p>The bridge was inspected twice, the harbour authority said in May.</p>"
    "<p>We asked the authority for its log, and it holds no inspection at all in that year.</p>"
    "<p>The port will pay for the repair of the bridge by the summer, its chief engineer told us.</p></article>"
)


def page(*scripts: str, article: str = ARTICLE) -> bytes:
    data = "".join(f"<script type='application/ld+json' data-x>{script}</script>" for script in scripts)
    return (
        '<!doctype html><html lang="en"><head><title>Bridge</title>'
        '<meta property="og:site_name" content="Checkers.org">'
        '<meta property="article:published_time" content="2025-05-02"><link rel="canonical" '
        f'href="https://checkers.example/bridge">{data}</head><body>{article}<script>var a;</script></body></html>'
    ).encode()


def test_a_page_of_a_fact_checker_gives_its_article_and_its_fact_check(tmp_path):
    path = tmp_path / "a.html"
    review = {name: value for name, value in REVIEW.items() if name not in ("url", "datePublished")}
    path.write_bytes(page('{"@type": "NewsArticle"}', json.dumps({"@graph": [review]}), json.dumps(review)))
    article, checked = read_articles([path])
    assert article.text.startswith("Was the bridge") or "holds no inspection at all" in article.text
    assert not article.given and checked.text == "The bridge was inspected twice – False"
    assert checked.given[0].speaker == "The Checkers"
    # The page and what it says in short are of one outlet, and so never two sources.
    assert checked.provenance == Provenance(
        "", "Checkers.org", "", "2025-05-02", "https://checkers.example/bridge", "en"
    )
    assert (article.provenance.outlet, article.provenance.date) == ("Checkers.org", "2025-05-02")
    path.with_suffix(".json").write_text('{"title": "Mine", "outlet": "The Ledger", "author": "Ada"}')
    article, checked = read_articles([path])
    assert (article.provenance.title, article.provenance.outlet) == ("Mine", "The Ledger")
    assert (checked.provenance.title, checked.provenance.outlet, checked.provenance.author) == ("", "The Ledger", "")


@pytest.mark.parametrize(
    "script",
    [
        f"//<![CDATA[\n{json.dumps(REVIEW)}\n//]]>",
        f"<!-- {json.dumps(REVIEW)} -->",
        json.dumps(REVIEW).replace('"', "&quot;"),
        json.dumps(REVIEW | {"headline": "two\nlines"}).replace("\\n", "\n"),
    ],
)
def test_a_pages_fact_check_is_read_as_sites_write_it(script):
    assert articles_in("a.html", page(script))[1].text == "The bridge was inspected twice – False"


def test_what_can_not_be_read_in_a_page_is_told_beside_what_can():
    article, why = articles_in("a.html", page(json.dumps(REVIEW)[:-9]))
    assert "no inspection" in article.text and str(why) == "the page holds a ClaimReview that is not JSON"
    checked, why = articles_in("a.html", page(json.dumps(REVIEW), article="<p>Menu</p>"))
    assert checked.given and str(why).startswith("holds no article")
    with pytest.raises(BadFile, match="holds no article"):
        articles_in("a.html", page(article="<p>Menu ClaimReview</p>"))
    endless = page(json.dumps(REVIEW)).replace(b"</script>", b"")
    assert list(map(str, reviews_in_page(endless))) == ["the page holds a ClaimReview that is not JSON"]


def test_a_page_and_its_fact_check_stay_two_articles_when_the_page_is_edited(tmp_path):
    line = fake_line(tmp_path / "workspace")
    path = tmp_path / "a.html"
    review = REVIEW | {"url": ""}  # both stand at the page's own address
    path.write_bytes(page(json.dumps(review)))
    assert line.ingest([path]).read == 2
    path.write_bytes(page(json.dumps(review), article=ARTICLE.replace("in May", "in June")))
    report = line.ingest([path])
    assert (report.read, report.unchanged, report.versions) == (0, 1, 1)
    path.write_bytes(page(json.dumps(review | {"reviewRating": {"alternateName": "Mostly false"}})))
    report = line.ingest([path])
    assert (report.read, report.versions) == (0, 2)
    assert {row.text for row in claim_page(line.store).rows} >= {"The bridge was inspected twice – Mostly false"}


def test_rows_of_one_table_are_no_versions_of_one_another(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "text,outlet\nThe harbour wall will be rebuilt by spring.,Ledger\n"
        "The harbour wall will be rebuilt by spring at last.,Coast\n"
    )
    report = fake_line(tmp_path / "workspace").ingest([path])
    assert (report.read, report.versions) == (2, 0)


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("pt_br", "pt-BR"),
        (["cy", "en"], "cy"),
        ({"@type": "Language", "name": "Welsh", "alternateName": "cy"}, "cy"),
        ([{"alternateName": "DE"}], "de"),
        ({"name": "Welsh"}, ""),
        ("Old High German", ""),
        ([], ""),
        (7, ""),
    ],
)
def test_a_fact_checks_language_is_read_in_every_form_it_may_have(said, language):
    (article,) = read_statements("a.jsonld", json.dumps(REVIEW | {"inLanguage": said}).encode())
    assert article.provenance.language == language


@pytest.mark.parametrize(
    ("rating", "reading"),
    [
        ("False", "It is not true that ships sank."),
        ("Pants on Fire", "It is not true that ships sank."),
        ("Not accurate", "It is not true that ships sank."),
        ("This isn’t quite correct", "It is not true that ships sank."),
        ("Not true; that was never confirmed", "It is not true that ships sank."),
        ("Not supported by the evidence", ""),
        ("Never verified", ""),
        ("Not false", ""),
        ("That is not entirely wrong", ""),
        ("True", "Ships sank."),
        ("Mostly False", ""),
        ("Half True", ""),
        ("3", ""),
        ("Satire", ""),
    ],
)
def test_a_rating_is_read_only_where_it_is_plain(rating, reading):
    assert reading_of("Ships sank.", rating) == reading


def test_a_name_keeps_its_capital():
    assert reading_of("NATO sank ships.", "False") == "It is not true that NATO sank ships."


@pytest.mark.parametrize(
    ("name", "raw", "why"),
    [
        ("a.csv", b"", "holds no statement"),
        ("a.csv", b"name,day\nx,y\n", "no column with the statements; name it one of text, statement"),
        ("a.csv", b"text,date\nIt sank.,yesterday\n", "row 2: no date 'yesterday'"),
        ("a.csv", b"text,speaker\n,Jon\n", "row 2 has no statement"),
        ("a.csv", b"speaker,text\nJon,It sank.\nSource our desk\n", "row 3 has no statement"),
        (
            "a.csv",
            b"text,speaker\n\nIt sank, he said.,Jon\n",
            "row 3 has 3 cells under a head of 2, past which stands "
            "'Jon'; put a statement that holds a comma between quotation marks",
        ),
        ("a.csv", b'text,speaker\nIt fell.,B\n"It sank.,A\nIt broke.,B\n', "row 3 can't be read: a quotation mark"),
        ("a.csv", b'text,speaker\n"No" he said,A\n', "row 2 can't be read: a quotation mark in it opens or closes no"),
        ("a.csv", b"text,speaker\nIt fell.," + b"x" * 100_001, "row 2 .*a cell of it has more than 100,000 characters"),
        ("a.csv", "text,url\nСтена упала.,https://l.example/1\n".encode("cp1251"), "its encoding can't be told"),
        ("a.jsonl", '{"text": "Стена упала в понедельник."}'.encode("cp1251"), "its encoding can't be told"),
        ("a.json", json.dumps(["Стена упала"], ensure_ascii=False).encode("koi8-r"), "its encoding can't be told"),
        ("a.jsonl", b'{"speaker": "Jon", "text": {"en": "It fell."}}', "line 1 has an object for its text"),
        ("a.jsonl", b'{"text": "It fell.", "speaker": ["Jon", "Ann"]}', "line 1 has a list for its speaker"),
        ("a.csv", b"text\n" + b"x" * 6000, "row 2 has a statement of 6,000 characters"),
        ("a.jsonl", b'{"text": "a"}\nnot json\n', "line 2 is not JSON"),
        ("a.jsonl", b"[1]\n", "line 1 is no JSON object"),
        ("a.xlsx", b"PK", "no Excel workbook"),
        ("a.json", b"{}", "no ClaimReview"),
        ("a.jsonld", b"{", "is not JSON"),
        ("a.jsonld", b"[" * 100_000, "is not JSON"),
        ("a.csv", b"text\nIt fell.\x1fb", "row 2 has 2 cells"),
    ],
)
def test_a_bad_table_is_refused_with_its_reason(name, raw, why):
    with pytest.raises(BadFile, match=why):
        read_statements(name, raw)


def test_what_only_says_where_files_come_from_is_no_table(tmp_path):
    (tmp_path / "a.txt").write_text("The bridge was closed on Monday after an inspection.")
    (tmp_path / "a.json").write_text('{"outlet": "The Ledger"}')
    (tmp_path / "manifest.csv").write_text("file,title\na.txt,A\n")
    (tmp_path / "check.json").write_text(json.dumps(REVIEW))
    found = list(read_articles([tmp_path]))
    assert [type(one) for one in found] == [Article, Article]
    assert found[0].provenance.outlet == "The Ledger" and found[1].given
    (tmp_path / "lone.json").write_text("{}")
    assert isinstance(list(read_articles([tmp_path]))[2], UnreadableArticle)


def test_a_fact_check_is_read_though_another_file_has_its_name(tmp_path):
    (tmp_path / "a.txt").write_text("The bridge was closed on Monday after an inspection.")
    (tmp_path / "b.txt").write_text("The port is shut for repairs until the spring.")
    (tmp_path / "a.json").write_text(json.dumps({"@graph": [REVIEW]}))
    (tmp_path / "b.json").write_text('{"title": "What ClaimReview is", "outlet": "The Ledger"}')
    checked, article, other = read_articles([tmp_path])
    assert checked.given and not article.given and article.provenance == Provenance()
    assert (other.provenance.title, other.provenance.outlet) == ("What ClaimReview is", "The Ledger")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("HTTPS://Ledger.example/A", "https://Ledger.example/A"),
        ("http://ledger.example", "http://ledger.example"),
        ("ftp://ledger.example", ""),
        ("ledger.example", ""),
    ],
)
def test_an_address_is_kept_whatever_capitals_its_scheme_has(url, kept):
    (article,) = read_statements("a.csv", f"text,url\nThe wall fell on Monday.,{url}\n".encode())
    assert article.provenance.url == kept


def test_rows_of_formulas_that_nobody_worked_out_are_named(tmp_path):
    rows = [("text",), ("The wall fell on Monday.",), ('="Nobody was "&"hurt."',), (None,), ("It was rebuilt in May.",)]
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook_of(One=rows))
    article, told = read_articles([path])
    assert article.text == "The wall fell on Monday.\n\nIt was rebuilt in May."
    assert told.why == "row 3 holds formulas without their results; open it in Excel and save it anew"
    path.write_bytes(workbook_of(One=rows, Two=[*rows, ("=A3",)]))
    *_, one, two = read_articles([path])
    assert one.why.startswith("sheet 'One': row 3 holds") and two.why.startswith("sheet 'Two': 2 rows (3, 6) hold")
    path.write_bytes(workbook_of(One=[row for row in rows if row[0] is None or "=" not in row[0]]))
    assert len(list(read_articles([path]))) == 1


@pytest.mark.parametrize("value", ["1e999", "-1e999", "NaN"])
def test_a_rating_beyond_all_numbers_is_none(value):
    review = '{"@type": "ClaimReview", "claimReviewed": "It jammed", "reviewRating": {"ratingValue": %s}}'
    assert read_statements("a.json", (review % 2).encode())[0].text == "It jammed – 2"
    (told,) = read_statements("a.json", (review % value).encode())
    assert str(told).endswith("('It jammed') has no rating")
