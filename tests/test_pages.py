"""Pages, feeds and sitemaps into the line; fetched from a server that the tests start on loopback."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import text

from claims import read_articles
from claims.article import Provenance
from claims.lists import MOST_OF_A_FEED, addresses_in
from tests import story
from tests.test_formats import PAGE, SAID
from tests.test_views import opened, words
from tests.test_web import HERE, Site, Unasked, site  # noqa: F401
from tests.workbench_fakes import fake_line
from views import session
from workbench import pages
from workbench.archive import kept
from workbench.care import examine
from workbench.errors import WebRefused
from workbench.inbox import as_sent
from workbench.ingest import FETCHING, Line
from workbench.pages import fetch_pages, in_utf8, is_address
from workbench.queries import articles, whereabouts
from workbench.store import now
from workbench.web import Fetched, Limits

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>One</title><link>{site}/story/1</link></item><item><link>/story/2</link></item>
<item><link>{site}/story/1</link></item><item><link>{site}/picture</link></item></channel></rss>"""
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>{site}/story/1</loc></url><url><loc>{site}/story/3</loc></url></urlset>"""
INDEX = """<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{site}/sitemap.xml</loc></sitemap></sitemapindex>"""
OWN, EDIT = "", ""  # the address that the stories call their own, and what was added to them
MORE_LISTS: dict[str, str] = {}
BILLION = """<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "boom"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<urlset><url><loc>http://&c;/</loc></url></urlset>"""


@pytest.fixture
def news(site, monkeypatch):  # noqa: F811
    plain = Site.answer

    def answer(self, path: str) -> None:
        lists = {
            "/feed": FEED,
            "/sitemap.xml": SITEMAP,
            "/index.xml": INDEX,
            "/bomb.xml": BILLION,
            "/empty.xml": "<a/>",
            **MORE_LISTS,
        }
        if path in lists:
            return self.give(lists[path].replace("{site}", site).encode(), "application/xml")
        if path.startswith("/story/"):
            page = PAGE.replace(SAID, f"{SAID} This is story {path[-1]}.{EDIT}")
            page = page.replace("https://ledger.example/bridge", OWN)
            return self.give(page.encode())
        return plain(self, path)

    monkeypatch.setattr(Site, "answer", answer)
    return site


@pytest.mark.parametrize(
    ("given", "is_one"),
    [("https://a.example/x", True), ("HTTP://a.example", True), ("https:/x", False), ("a.txt", False), ("", False)],
)
def test_an_address_is_told_from_a_path(given, is_one):
    assert is_address(given) is is_one and (not given or is_address(Path(given)) is False)


def test_a_page_is_kept_with_the_address_it_came_from(news, tmp_path):
    ((path, address),) = fetch_pages(tmp_path, f"{news}/story/1", HERE)
    assert path.parent == tmp_path / "inbox" and path.suffix == ".html" and address == f"{news}/story/1"
    assert json.loads(path.with_suffix(".json").read_text()) == {"fetched_from": f"{news}/story/1"}
    (article,) = read_articles([path])
    assert article.provenance.url == address and article.provenance.language == "en"


@pytest.mark.parametrize(
    ("own", "url"),
    [
        ("http://127.0.0.1/the-story", "http://127.0.0.1/the-story"),
        ("https://elsewhere.example/story", None),  # a page may not pass itself off as another site's
        ("http://[broken", None),
        ("", None),
    ],
)
def test_a_page_goes_by_the_address_it_calls_its_own_on_the_same_site(news, tmp_path, monkeypatch, own, url):
    monkeypatch.setattr("tests.test_pages.OWN", own)
    ((path, address),) = fetch_pages(tmp_path, f"{news}/story/1?from=feed", HERE)
    (article,) = read_articles([path])
    assert article.provenance.url == (url or address)


def test_a_page_at_two_addresses_is_one_article_seen_twice_and_an_edited_one_its_next_version(
    news, tmp_path, monkeypatch
):
    monkeypatch.setattr("tests.test_pages.OWN", "http://127.0.0.1/the-story")
    line = fake_line(tmp_path / "workspace")
    line.limits = HERE
    given, before = [f"{news}/story/1?from=feed", f"{news}/story/1?from=mail"], now()
    report = line.ingest(given)
    assert (report.read, report.unchanged, report.refused) == (1, 1, ())
    (article,) = articles(line.store)
    assert article.url == "http://127.0.0.1/the-story"
    seen = whereabouts(line.store, article.id).appearances
    assert [one.place for one in seen] == given and all(len(one.archive_hash) == 64 for one in seen)
    assert all(before <= one.at <= now() for one in seen)
    monkeypatch.setattr("tests.test_pages.EDIT", " It was found sound.")
    report = line.ingest([f"{news}/story/1?from=search"])
    assert (report.read, report.versions) == (0, 1) and len(articles(line.store)) == 1


CZECH = "Přístavní zeď bude opravena, řekl mluvčí města. Dělníci ji začnou bourat v březnu."
RUSSIAN = "Стену гавани починят весной, сказал мэр. Рабочие начнут в марте."
JAPANESE = "港の壁は春に直されると市長は言った。"


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        (CZECH, "iso-8859-2", "text/plain; charset=iso-8859-2"),
        (RUSSIAN, "cp1251", 'text/plain; charset="Windows-1251"'),
        (RUSSIAN, "koi8-r", "text/html; charset=KOI8-R"),
        (JAPANESE, "iso-2022-jp", "text/plain; charset=iso-2022-jp"),
        (CZECH, "utf-8", "text/plain; charset=iso-8859-1"),  # as servers say of everything
        (CZECH, "utf-8", "text/html"),
        ("L’été, dit-il, le port sera fermé.", "cp1252", "text/plain; charset=iso-8859-1"),
        ("L’été, dit-il, le port sera fermé.", "cp1252", "text/html; charset=ISO-8859-1"),
    ],
)
def test_a_page_is_read_as_the_site_says_that_it_is_written(news, tmp_path, monkeypatch, text, encoding, said):
    """What an answer's head said was forgotten: “Pøístavní zeï” was taken in, and nothing said that it is wrong."""
    body = f"<html><body><article><p>{text}</p><p>{text} {text}</p></article></body></html>" if "html" in said else text
    monkeypatch.setattr(Site, "answer", lambda self, _: self.give(body.encode(encoding), said))
    ((path, _),) = fetch_pages(tmp_path, f"{news}/wall", HERE, sites=Unasked())
    (article,) = read_articles([path])
    assert text in article.text and not article.text.startswith("\ufeff")
    sent_as = json.loads(path.with_suffix(".json").read_text()).get("sent_as", "utf-8")
    kept = path.read_bytes()
    assert (kept.decode("utf-8-sig").encode(sent_as) if sent_as != "utf-8" else kept) == body.encode(encoding)


def test_the_archive_holds_what_the_site_sent_whatever_its_encoding(news, tmp_path, monkeypatch):
    """It held the same text in UTF-8, under a hash that fits nothing that was ever sent."""
    body = f"{CZECH}\n\n{CZECH} {CZECH}".encode("iso-8859-2")
    monkeypatch.setattr(Site, "answer", lambda self, _: self.give(body, "text/plain; charset=iso-8859-2"))
    line = fake_line(tmp_path / "workspace")
    line.limits = HERE
    monkeypatch.setattr(pages, "Sites", Unasked)
    assert line.ingest([f"{news}/wall"]).read == 1
    (article,) = articles(line.store)
    (seen,) = whereabouts(line.store, article.id).appearances
    assert seen.archive_hash == hashlib.sha256(body).hexdigest()
    folder = line.store.folder
    assert kept(folder, seen.archive_hash) == body
    (path,) = (folder / "archive").rglob("*.gz")
    path.write_bytes(b"damaged")
    assert [one.mended for one in examine(line.store)] == [True]
    assert kept(folder, seen.archive_hash) == body and len(list((folder / "archive").rglob("*.gz"))) == 1


@pytest.mark.parametrize(
    ("beside", "sent"),
    [
        ('{"fetched_from": "http://a.example/1", "sent_as": "iso-8859-2"}', CZECH.encode("iso-8859-2")),
        ('{"sent_as": "iso-8859-2"}', None),  # no page of the web
        ('{"fetched_from": "http://a.example/1"}', None),
        ('{"fetched_from": "http://a.example/1", "sent_as": "ascii"}', None),
        ('{"fetched_from": "http://a.example/1", "sent_as": "no-such"}', None),
        ('{"fetched_from": "http://a.example/1", "sent_as": "utf-7"}', None),  # leads back, and no page has it
        ('{"fetched_from": "http://a.example/1", "sent_as": 8}', None),
        ("[]", None),
        ("{", None),
        (None, None),
    ],
)
def test_what_was_sent_is_known_only_of_a_page_whose_encoding_leads_back_to_it(tmp_path, beside, sent):
    path, content = tmp_path / "inbox" / "page.txt", CZECH.encode("utf-8-sig")
    path.parent.mkdir()
    if beside is not None:
        path.with_suffix(".json").write_text(beside)
    assert as_sent(tmp_path, path, content) == (sent or content)
    assert as_sent(tmp_path / "another", path, content) == content


@pytest.mark.parametrize("charset", ["utf-7", "punycode", "unicode_escape", "rot13", "no-such", "undefined", "utf-16"])
def test_an_encoding_that_no_page_has_changes_nothing(charset):
    page = Fetched("http://a.example/1", ".txt", b"The wall \xe9 fell", "2025-04-02T10:00:00+00:00", charset)
    assert in_utf8(page) is page


def test_fact_checks_at_an_address_are_statements(news, tmp_path, monkeypatch):
    review = {"@type": "ClaimReview", "claimReviewed": "The wall fell", "reviewRating": {"alternateName": "False"}}
    monkeypatch.setattr(Site, "answer", lambda self, _: self.give(json.dumps(review).encode(), "application/json"))
    ((path, _),) = fetch_pages(tmp_path, f"{news}/checks.json", HERE, sites=Unasked())
    (article,) = read_articles([path])
    assert article.text == "The wall fell – False" and len(article.given) == 1


@pytest.mark.parametrize(("path", "stories"), [("/feed", "12"), ("/sitemap.xml", "13"), ("/index.xml", "13")])
def test_a_list_of_pages_gives_each_once_and_says_what_was_refused(news, tmp_path, path, stories):
    found = list(fetch_pages(tmp_path, news + path, HERE))
    assert [one[1][-1] for one in found if isinstance(one, tuple)] == list(stories)
    refused = [one for one in found if isinstance(one, WebRefused)]
    assert ["/picture" in str(one) for one in refused] == ([True] if path == "/feed" else [])


def serve_packed(monkeypatch, raw: bytes, kind: str) -> None:
    plain = Site.answer
    monkeypatch.setattr(
        Site, "answer", lambda self, path: self.give(raw, kind) if path.endswith(".gz") else plain(self, path)
    )


@pytest.mark.parametrize("kind", ["application/gzip", "application/x-gzip", "application/octet-stream", "text/xml"])
@pytest.mark.parametrize("path", ["/sitemap.xml.gz", "/packed.xml"])
def test_a_packed_sitemap_is_read_like_another(news, tmp_path, monkeypatch, kind, path):
    """The list that many sites have, and nothing else, was refused by its kind."""
    serve_packed(monkeypatch, gzip.compress(SITEMAP.replace("{site}", news).encode()), kind)
    monkeypatch.setitem(MORE_LISTS, "/packed.xml", sitemap(["/sitemap.xml.gz"], "sitemap"))
    found = list(fetch_pages(tmp_path, news + path, HERE))
    assert [one[1] for one in found] == [f"{news}/story/1", f"{news}/story/3"]


def test_a_sitemap_that_was_unpacked_on_the_way_is_read(news, tmp_path, monkeypatch):
    serve_packed(monkeypatch, SITEMAP.replace("{site}", news).encode(), "application/x-gzip")
    assert len([one for one in fetch_pages(tmp_path, f"{news}/sitemap.xml.gz", HERE) if isinstance(one, tuple)]) == 2


@pytest.mark.parametrize(
    ("raw", "path", "kind", "why"),
    [
        (gzip.compress(b" " * 9_000_000), "/a.xml.gz", "application/gzip", "is larger than 100,000 bytes once"),
        (gzip.compress(SITEMAP.encode())[:-9], "/a.xml.gz", "application/gzip", "is packed and damaged"),
        (b"\x1f\x8b no more", "/a.xml.gz", "text/xml", "is packed and damaged"),
        (gzip.compress(b"The wall fell."), "/a.xml.gz", "application/gzip", "is neither a feed nor a sitemap"),
        (gzip.compress(b"\x7fELF"), "/a.tar.gz", "application/octet-stream", "is application/octet-stream; choose"),
    ],
    ids=["bomb", "cut", "no more than its head", "no list", "program"],
)
def test_what_is_packed_and_no_list_is_refused_in_a_sentence(news, tmp_path, monkeypatch, raw, path, kind, why):
    serve_packed(monkeypatch, raw, kind)
    (refused,) = fetch_pages(tmp_path, news + path, HERE)
    assert f"{news}{path}: {why}" in str(refused) and "\n" not in str(refused)


def sitemap(places: Iterable[str], kind: str = "url") -> str:
    return f"<list>{''.join(f'<{kind}><loc>{{site}}{place}</loc></{kind}>' for place in places)}</list>"


def test_pages_past_a_limit_are_told_by_their_number_and_the_rest_is_read(news, tmp_path, monkeypatch):
    """Of 230 addresses 200 were read, and nothing said that thirty were not."""
    fetched = []
    real = pages.fetch

    def fetch_lists(address: str, *given: object) -> Fetched:
        if "/story/" not in address:
            return real(address, *given)
        fetched.append(address)
        return Fetched(address, ".txt", b"The bridge was closed.", "2025-04-02T10:00:00+00:00")

    monkeypatch.setattr(pages, "fetch", fetch_lists)
    items = "".join(f"<item><link>{{site}}/story/{number}</link></item>" for number in range(60))
    feed = f"<rss version='2.0'><channel>{items}<item><title>No link</title></item></channel></rss>"
    monkeypatch.setitem(MORE_LISTS, "/long.xml", sitemap(f"/story/{number}" for number in range(230)))
    monkeypatch.setitem(MORE_LISTS, "/rest.xml", sitemap(["/story/0", "/story/x"]))
    monkeypatch.setitem(MORE_LISTS, "/all.xml", sitemap(["/long.xml", "/rest.xml"], "sitemap"))
    monkeypatch.setitem(MORE_LISTS, "/longfeed", feed)
    for path, read, said in (
        ("/long.xml", 200, ["/long.xml: lists 230 pages; at most 200 are read at once (30 left out)"]),
        ("/all.xml", 200, ["/long.xml: lists 230 pages; at most 200 are read at once (30 left out)",
                           "/rest.xml: lists 2 pages; at most 200 are read at once (1 left out)"]),
        ("/longfeed", 50, ["/longfeed: lists 60 pages; at most 50 are read at once (10 left out)",
                           "/longfeed: entries of it that name no address: 1"]),
    ):  # fmt: skip
        fetched.clear()
        found = list(fetch_pages(tmp_path, news + path, HERE))
        assert [str(one).removeprefix(news) for one in found if isinstance(one, WebRefused)] == said
        assert sum(isinstance(one, tuple) for one in found) == len(fetched) == read


def test_of_an_index_with_lists_that_can_not_be_had_the_others_are_read(news, tmp_path, monkeypatch):
    """One list of an index that was gone once had the whole index refused."""
    further = ["/gone", "/empty.xml", "/sitemap.xml", "/index.xml", "/picture", "/sixth.xml"]
    monkeypatch.setitem(MORE_LISTS, "/all.xml", sitemap(further, "sitemap"))
    found = list(fetch_pages(tmp_path, f"{news}/all.xml", HERE))
    assert [one[1][-1] for one in found if isinstance(one, tuple)] == ["1", "3"]
    said = [str(one).removeprefix(news) for one in found if isinstance(one, WebRefused)]
    assert len(said) == 5
    for told, beginning in zip(said, ("/gone: the site answered with 410", "/empty.xml: is neither",
        "/index.xml: names 1 further lists", "/picture: is image/png", "/all.xml: names 6 lists of pages; the first 5"),
        strict=True):  # fmt: skip
        assert told.startswith(beginning)


def test_a_link_that_is_none_is_refused_by_itself(news, tmp_path, monkeypatch):
    monkeypatch.setitem(MORE_LISTS, "/odd.xml", "<list><url><loc>http://[x</loc></url>" + sitemap(["/story/1"])[6:])
    refused, read = fetch_pages(tmp_path, f"{news}/odd.xml", HERE)
    assert "'http://[x' is no web address" in str(refused) and read[1] == f"{news}/story/1"


def test_what_a_feed_says_of_a_page_counts_where_the_page_says_nothing(news, tmp_path, monkeypatch):
    check = {"@type": "ClaimReview", "claimReviewed": "It jammed", "reviewRating": {"alternateName": "True"}}
    data = f'<script type="application/ld+json">{json.dumps(check)}</script>'
    bare = (
        f"<html><head>{data}</head><body><article><p>{SAID}</p><p>{SAID} Nobody was hurt.</p></article></body></html>"
    )
    about = "<pubDate>Wed, 02 Apr 2025 23:30:00 -0500</pubDate><author>desk@ledger.example (Kim Poe)</author>"
    title = "<title>Bridge &amp;amp; wall &lt;i&gt;checked&lt;/i&gt;</title>"
    items = "".join(f"<item>{title}{about}<link>{{site}}{page}</link></item>" for page in ("/bare", "/story/1"))
    monkeypatch.setitem(MORE_LISTS, "/about", f"<rss version='2.0'><channel>{items}</channel></rss>")
    plain = Site.answer
    monkeypatch.setattr(
        Site, "answer", lambda self, path: self.give(bare.encode()) if path == "/bare" else plain(self, path)
    )
    (nothing, _), (full, _) = fetch_pages(tmp_path, f"{news}/about", HERE)
    known, own = (article.provenance for article in read_articles([nothing, full]) if not article.given)
    assert (known.title, known.author, known.date) == ("Bridge & wall checked", "Kim Poe", "2025-04-02")
    assert (own.title, own.author, own.date) == ("Bridge checked twice", "Ada Byron", "2025-04-02")


def test_what_a_sitemap_of_news_says_of_a_page_is_known_of_it():
    said = "<n:publication_date>2025-04-02T08:00Z</n:publication_date><n:title>Bridge &amp; wall</n:title>"
    kinds = (
        "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'"
    )
    one, two = "https://ledger.example/a", "https://ledger.example/b"
    pages = f"<url><loc>{one}</loc><n:news>{said}</n:news></url><url><loc>{two}</loc></url>"
    wanted = {one: Provenance("Bridge & wall", date="2025-04-02"), two: Provenance()}
    assert addresses_in(f"<urlset {kinds}>{pages}</urlset>".encode()).pages == wanted


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-04-02T23:30:00-05:00", "2025-04-02"),
        ("2025-04-31", ""),
        ("Wed, 02 Apr 2025 08:00:00 GMT", "2025-04-02"),
        ("soon", ""),
        ("Wed, 99 Apr 99999999999999999999 08:00:00 GMT", ""),
    ],
)
def test_a_day_in_a_feed_is_the_writer_s_own(written, day):
    entry = f"<entry><link href='http://a.example/1'/><published>{written}</published></entry>"
    found = addresses_in(f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>".encode())
    assert found.pages["http://a.example/1"].date == day


def test_what_a_site_asks_of_programs_is_fetched_once_for_all_that_an_ingest_reads_of_it(news, tmp_path):
    line = fake_line(tmp_path / "workspace")
    line.limits = HERE
    assert line.ingest([f"{news}/feed", f"{news}/index.xml", f"{news}/story/7"]).read == 4
    asked = [path for path, _ in Site.asked]
    assert asked.count("/robots.txt") == 1 and {"/sitemap.xml", "/story/3", "/story/7"} <= set(asked)
    line.ingest([f"{news}/story/7"])
    assert [path for path, _ in Site.asked].count("/robots.txt") == 2


def test_while_pages_are_fetched_other_ingests_go_on_and_what_they_read_later_counts(news, tmp_path, monkeypatch):
    """A site that wants ten seconds between pages kept every upload waiting, as the lock was held meanwhile."""
    line, hurried = fake_line(tmp_path / "workspace"), fake_line(tmp_path / "workspace")
    line.limits = hurried.limits = HERE
    hurried.wait = 0  # an ingest that finds the lock held is refused
    noted = []

    def note(stage: str, done: int, known: int) -> None:
        if stage == FETCHING:
            noted.append((done, known))
        if (stage, done) == (FETCHING, 2):
            monkeypatch.setattr("tests.test_pages.EDIT", " It was found sound.")
            assert hurried.ingest([f"{news}/story/1"]).read == 1

    report = line.ingest([f"{news}/story/4", f"{news}/sitemap.xml", f"{news}/story/5"], note)
    assert noted == [(0, 3), (1, 3), (1, 4), (2, 4), (3, 4)]
    why = f"{news}/story/1: was read anew by another ingest meanwhile"
    assert report.refused == ((f"{news}/sitemap.xml", why),)
    assert report.read == 3 and {row.url[-1] for row in articles(line.store)} == set("1345")
    with line.store.reading() as connection:
        told = text("SELECT coalesce(next_text, text) FROM articles WHERE url = :url")
        assert "found sound" in connection.execute(told, {"url": f"{news}/story/1"}).scalar()


@pytest.mark.parametrize("path", ["/bomb.xml", "/empty.xml"])
def test_a_list_that_is_none_or_means_harm_is_refused(news, tmp_path, path):
    (refused,) = fetch_pages(tmp_path, news + path, HERE)
    assert isinstance(refused, WebRefused)


def test_addresses_go_down_the_line_beside_files(news, tmp_path):
    line = fake_line(tmp_path / "workspace")
    line.limits = HERE
    (tmp_path / "a.txt").write_text("The bridge was closed on Monday.")
    report = line.ingest([f"{news}/story/1", tmp_path / "a.txt", f"{news}/gone", "http://127.0.0.1:1/x"])
    assert report.read == 2
    assert [path for path, _ in report.refused] == [f"{news}/gone", "http://127.0.0.1:1/x"]
    assert report.refused[0][1] == "the site answered with 410 instead of the page"
    assert {row.url for row in articles(line.store)} == {f"{news}/story/1", ""}
    assert {row.outlet for row in articles(line.store)} == {"The Ellory Ledger", ""}


def test_nothing_private_is_allowed_but_by_tests():
    assert Limits().allow_private is False and Line.limits == Limits()
    assert MOST_OF_A_FEED == 50


def test_the_app_takes_addresses(tmp_path, monkeypatch):
    story.opens_in(tmp_path, monkeypatch)
    calls = []
    monkeypatch.setattr(session, "start_ingest", lambda *given: calls.append(given))
    app = opened("articles")
    calls.clear()
    app.text_area(key="web-addresses").set_value("https://a.example/1\nhttps://b.example/feed")
    next(one for one in app.button if one.label == "Read these pages").click().run()
    assert calls[0][1] == ["https://a.example/1", "https://b.example/feed"] and "2 addresses taken" in words(app)
    app.text_area(key="web-addresses").set_value("file:///etc/passwd")
    next(one for one in app.button if one.label == "Read these pages").click().run()
    assert "is no web address" in words(app) and len(calls) == 1
