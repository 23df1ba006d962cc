"""Pages, feeds and sitemaps into the line; fetched from a server that the tests start on loopback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from claims import read_articles
from claims.lists import MOST_OF_A_FEED
from tests.test_formats import PAGE, SAID
from tests.test_views import opened, words
from tests.test_web import HERE, Site, site  # noqa: F401
from tests.workbench_fakes import fake_line
from views import session
from workbench.errors import WebRefused
from workbench.ingest import FETCHING, Line
from workbench.pages import fetch_pages, is_address
from workbench.queries import articles, whereabouts
from workbench.web import Limits

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>One</title><link>{site}/story/1</link></item><item><link>/story/2</link></item>
<item><link>{site}/story/1</link></item><item><link>{site}/picture</link></item></channel></rss>"""
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>{site}/story/1</loc></url><url><loc>{site}/story/3</loc></url></urlset>"""
INDEX = """<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{site}/sitemap.xml</loc></sitemap></sitemapindex>"""
OWN, EDIT = "", ""  # the address that the stories call their own, and what was added to them
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
    given = [f"{news}/story/1?from=feed", f"{news}/story/1?from=mail"]
    report = line.ingest(given)
    assert (report.read, report.unchanged, report.refused) == (1, 1, ())
    (article,) = articles(line.store)
    assert article.url == "http://127.0.0.1/the-story"
    seen = whereabouts(line.store, article.id).appearances
    assert [one.place for one in seen] == given and all(len(one.archive_hash) == 64 for one in seen)
    monkeypatch.setattr("tests.test_pages.EDIT", " It was found sound.")
    report = line.ingest([f"{news}/story/1?from=search"])
    assert (report.read, report.versions) == (0, 1) and len(articles(line.store)) == 1


@pytest.mark.parametrize(("path", "stories"), [("/feed", "12"), ("/sitemap.xml", "13"), ("/index.xml", "13")])
def test_a_list_of_pages_gives_each_once_and_says_what_was_refused(news, tmp_path, path, stories):
    found = list(fetch_pages(tmp_path, news + path, HERE))
    assert [one[1][-1] for one in found if isinstance(one, tuple)] == list(stories)
    refused = [one for one in found if isinstance(one, WebRefused)]
    assert ["/picture" in str(one) for one in refused] == ([True] if path == "/feed" else [])


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
    import streamlit as st

    monkeypatch.setenv("COUNTERCLAIM_WORKSPACE", str(tmp_path))
    st.cache_resource.clear()
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
