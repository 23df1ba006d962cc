"""Web addresses: what is fetched, and what is refused, against a server that the tests start on loopback."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from workbench import web
from workbench.errors import WebRefused
from workbench.open_net import is_public
from workbench.web import Limits, Sites, fetch

HERE = Limits(seconds=3, most_bytes=100_000, allow_private=True)
PAGE = b"<html><body><p>The bridge was inspected twice.</p></body></html>"


DRIPPING = {
    "/drips/header": (b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nX-Long: ", b"x"),
    "/drips/place": (b"HTTP/1.0 302 Found\r\nLocation: /page?", b"x"),
    "/drips/size": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
}

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
BROKEN = {
    "/broken/off": b"",
    "/broken/short": _HEAD + b"Content-Length: 1000\r\n\r\n<p>The bridge",
    "/broken/pieces": _HEAD + b"Transfer-Encoding: chunked\r\n\r\nnonsense\r\n",
    "/broken/head": b"\x00\x01 what is this\r\n\r\n",
}


class Site(BaseHTTPRequestHandler):
    robots = b""
    robots_at = ""  # where /robots.txt points instead
    robots_status = 200
    robots_takes = 0.0  # seconds until /robots.txt comes
    asked: list[tuple[str, float]] = []  # every path that was asked for, and when

    def do_GET(self) -> None:
        self.asked.append((self.path, time.monotonic()))
        with suppress(BrokenPipeError, ConnectionResetError):
            self.answer(self.path.split("?")[0])

    def answer(self, path: str) -> None:
        if path == "/robots.txt":
            time.sleep(self.robots_takes)
            if self.robots_at:
                return self.give(b"", status=301, location=self.robots_at)
            there = self.robots or self.robots_status != 200
            return self.give(self.robots, "text/plain", self.robots_status) if there else self.give(b"", status=404)
        if path == "/rules.txt":
            return self.give(self.robots, "text/plain")
        if path.startswith("/to/"):
            return self.give(b"", status=302, location=path.removeprefix("/to/").replace("!", "://"))
        if path == "/loop":
            return self.give(b"", status=301, location="/loop")
        if path == "/nowhere":
            return self.give(b"", status=302, location="//[")
        if path in DRIPPING:
            return self.drip(*DRIPPING[path])
        if path == "/late":
            time.sleep(1)
        if path == "/endless":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            while True:
                self.wfile.write(b"<p>more</p>" * 1000)
        if path == "/slow":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            for _ in range(100):
                self.wfile.write(b".")
                self.wfile.flush()
                time.sleep(0.2)
        if path == "/silent":
            time.sleep(8)
        if path == "/bomb":
            return self.give(gzip.compress(b"x" * 50_000_000), encoding="gzip")
        if path == "/packed":
            return self.give(gzip.compress(PAGE), encoding="gzip")
        if path in BROKEN:
            return self.wfile.write(BROKEN[path])
        if path == "/bad-packed":
            return self.give(b"no gzip", encoding="gzip")
        if path == "/fact-check":
            return self.give(b'{"@type": "ClaimReview"}', "application/json")
        if path == "/picture":
            return self.give(b"\x89PNG", "image/png")
        if path == "/nothing":
            return self.give(b"", kind="")
        if path == "/gone":
            return self.give(b"", status=410)
        return self.give(PAGE, "text/html; charset=utf-8")

    def drip(self, before: bytes, endlessly: bytes) -> None:
        self.wfile.write(before)
        for _ in range(50):
            self.wfile.write(endlessly)
            self.wfile.flush()
            time.sleep(0.1)

    def give(
        self, body: bytes, kind: str = "text/html", status: int = 200, location: str = "", encoding: str = ""
    ) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Location", location), ("Content-Encoding", encoding)):
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Site.robots, Site.robots_at, Site.robots_status, Site.robots_takes = b"", "", 200, 0.0
    Site.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_page_is_fetched_with_its_last_address_kind_and_time(site):
    for path in ("/page", "/packed", f"/to/{site.replace('://', '!')}/page", "/to//page"):
        found = fetch(site + path, HERE)
        assert (found.raw, found.ending) == (PAGE, ".html")
        assert found.url == site + (path if "to" not in path else "/page")
    assert found.at.endswith("+00:00")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/endless", "larger than 100,000 bytes"),
        ("/bomb", "larger than 100,000 bytes"),
        ("/slow", "longer than 3 seconds"),
        ("/silent", "longer than 3 seconds"),
        ("/loop", "more than 5 times"),
        ("/picture", "is image/png; choose one of text/html"),
        ("/nothing", "of no named kind"),
        ("/gone", "answered with 410"),
        ("/broken/off", "/broken/off: the site broke off or garbled its answer; try again later$"),
        ("/broken/short", "/broken/short: the site broke off or garbled its answer; try again later$"),
        ("/broken/pieces", "/broken/pieces: the site broke off or garbled its answer; try again later$"),
        ("/broken/head", "/broken/head: the site broke off or garbled its answer; try again later$"),
        ("/bad-packed", "its answer is packed and damaged"),
        ("/to/ftp!example.org/x", "begins with http"),
        ("/to/file!/etc/passwd", "begins with http"),
        ("/nowhere", r"points to '//\[', which is no web address"),
    ],
)
def test_what_a_site_may_not_do_is_refused_in_one_sentence(site, path, why):
    slow = path in ("/slow", "/silent")
    started = time.monotonic()
    with pytest.raises(WebRefused, match=why) as refused:
        fetch(site + path, HERE if slow else replace(HERE, seconds=60))
    assert not slow or time.monotonic() - started < 10
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "charset"),
    [
        ("text/plain", ""),
        ("text/plain; charset=iso-8859-2", "iso-8859-2"),
        ('Text/Plain;format=flowed; Charset="Windows-1251"', "Windows-1251"),
        ("text/plain; charset=", ""),
    ],
)
def test_how_a_site_says_that_its_bytes_are_text_is_kept(site, monkeypatch, kind, charset):
    monkeypatch.setattr(Site, "answer", lambda self, path: self.give(b"x", kind))
    found = fetch(f"{site}/page", HERE, Unasked())
    assert (found.ending, found.charset) == (".txt", charset)


class Unasked(Sites):
    def admit(self, *_: object) -> None:
        """Without a look at what the site asks of programs."""


def test_a_fact_check_comes_as_what_its_reader_takes(site):
    assert fetch(f"{site}/fact-check", HERE).ending == ".jsonld"


@pytest.mark.parametrize("path", DRIPPING)
def test_an_answer_that_only_drips_is_ended_when_its_time_is_over(site, path):
    """The time-out of a socket begins anew with each byte: such a site once held an ingest as long as it wished."""
    sites = Sites()
    fetch(f"{site}/page", HERE, sites)
    started = time.monotonic()
    with pytest.raises(WebRefused, match="longer than 1 seconds"):
        fetch(site + path, replace(HERE, seconds=1), sites)
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "address",
    ["", "example.org", "javascript:alert(1)", "file:///etc/passwd", "ftp://example.org", "http://", "http://[x",
     "http://a:b@example.org/", "http://example.org:0/", "http://example.org:99999/", "gopher://x", "data:text/html,x",
     "http://ü..example/", "http://-☃.example/"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(address):
    with pytest.raises(WebRefused):
        fetch(address)


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:a00:1", "64:ff9b::7f00:1", "2002:7f00:1::", "::",
        "ff02::1", "168.63.129.16", "192.0.0.192", "192.88.99.1", "fec0::1", "::127.0.0.1", "64:ff9b:1::a00:1",
        "::ffff:0:7f00:1", "3fff::1", "5f00::1", "2002:a83f:8110::", "64:ff9b::a83f:8110", "fd00:ec2::254",
    ],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(number, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, 1, 6, "", (number, 80))])
    monkeypatch.setattr(web, "_body", lambda *_: pytest.fail("connected"))
    with pytest.raises(WebRefused, match="no public address"):
        fetch("http://news.example/story")


@pytest.mark.parametrize("number", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_a_number_of_the_open_net_is_public(number):
    assert is_public(number)


def test_a_name_that_takes_too_long_to_look_up_is_refused_when_the_time_is_over(monkeypatch):
    """The system's own look-up has no limit that a program can set: it once took twenty seconds more."""
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(20))
    started = time.monotonic()
    with pytest.raises(WebRefused, match="http://news.example/story: .* longer than 0.5 seconds"):
        fetch("http://news.example/story", Limits(seconds=0.5))
    over.set()
    assert time.monotonic() - started < 5


def test_one_private_number_among_public_ones_is_enough_to_refuse(monkeypatch):
    found = [(socket.AF_INET, 1, 6, "", (number, 80)) for number in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(WebRefused, match=r"10\.0\.0\.1"):
        fetch("http://news.example/story")


@pytest.mark.parametrize("address", ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://2130706433/",
                                     "http://0x7f.1/", "http://169.254.169.254/latest/meta-data/",
                                     "http://１２７.0.0.1/", "http://127。0。0。1/"])  # fmt: skip
def test_addresses_inside_are_refused_however_they_are_written(address):
    with pytest.raises(WebRefused, match="no public address|no site"):
        fetch(address)


def test_a_redirect_inside_is_refused(site, monkeypatch):
    """The first step is let through, as if the site stood outside; what it points to is not."""
    asked = []

    def public(number: str) -> bool:
        asked.append(number)
        return len(asked) <= 2  # robots.txt and the page itself

    monkeypatch.setattr(web, "is_public", public)
    with pytest.raises(WebRefused, match="no public address"):
        fetch(f"{site}/to/http!127.0.0.1:9/admin", Limits(seconds=3))


def test_a_name_is_looked_up_once_and_that_number_is_connected_to(site, monkeypatch):
    port = int(site.rsplit(":", 1)[1])
    numbers = iter(["127.0.0.1", "127.0.0.1"])
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *_, **__: [(socket.AF_INET, 1, 6, "", (next(numbers), port))]
    )
    made = []
    monkeypatch.setattr(
        "urllib3.util.connection.create_connection",
        lambda address, *_, **__: made.append(address) or socket.socket(socket.AF_INET) and _connected(address),
    )
    assert fetch(f"http://news.example:{port}/page", HERE).raw == PAGE
    assert made == [("127.0.0.1", port)] * 2


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("президент.example", "xn--d1abbgf6aiiy.example"),
        ("SÜD.example", "xn--sd-xka.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("plain_name.example", "plain_name.example"),
    ],
)
def test_a_name_in_any_letters_is_asked_for_as_the_net_writes_it(site, monkeypatch, name, asked):
    """The site was never asked, and its robots.txt said to be what can't be understood."""
    port, seen = int(site.rsplit(":", 1)[1]), []

    def look_up(host: str, *_: object) -> list[tuple]:
        seen.append(host)
        return [(socket.AF_INET, 1, 6, "", ("127.0.0.1", port))]

    plain = Site.answer
    monkeypatch.setattr(web, "looked_up", look_up)
    monkeypatch.setattr(Site, "answer", lambda self, path: seen.append(self.headers["Host"]) or plain(self, path))
    address = f"http://{name}:{port}/é?q=ü"
    found = fetch(address, HERE)
    assert (found.raw, found.url) == (PAGE, address)
    assert set(seen) == {asked, f"{asked}:{port}"} and Site.asked[1][0] == "/%C3%A9?q=%C3%BC"

    class Seen(Exception):
        pass

    def connect(*_: object, server_hostname: str, assert_hostname: str, **__: object) -> None:
        raise Seen(server_hostname, assert_hostname)

    monkeypatch.setattr("workbench.web.urllib3.HTTPSConnectionPool", connect)
    with pytest.raises(Seen) as found:
        fetch(f"https://{name}/", HERE)
    assert found.value.args == (asked, asked)


def test_a_site_is_one_however_its_name_is_written(site, monkeypatch):
    port = int(site.rsplit(":", 1)[1])
    monkeypatch.setattr(web, "looked_up", lambda *_: [(socket.AF_INET, 1, 6, "", ("127.0.0.1", port))])
    sites = Sites()
    for name in ("süd.example", "Süd.example", "xn--sd-xka.example"):
        assert fetch(f"http://{name}:{port}/page", HERE, sites).raw == PAGE
    assert len(times_asked("/robots.txt")) == 1


def _connected(address: tuple[str, int]) -> socket.socket:
    made = socket.socket(socket.AF_INET)
    made.connect(address)
    return made


def test_what_robots_txt_forbids_is_not_read(site):
    Site.robots = b"User-agent: *\nDisallow: /private\n"
    assert fetch(f"{site}/page", HERE).raw == PAGE
    with pytest.raises(WebRefused, match=r"robots\.txt asks"):
        fetch(f"{site}/private/story", HERE)
    with pytest.raises(WebRefused, match=r"robots\.txt asks"):
        fetch(f"{site}/to//private/story", HERE)


@pytest.mark.parametrize(
    "rules",
    [
        "User-agent: *\nDisallow: /*/story",
        "User-agent: *\nDisallow: /private*story$",
        "User-agent: *\nAllow: /\nDisallow: /private",  # the longer rule counts, not the first
        "\ufeffUser-agent: *\nDisallow: /private",
        "User-agent: Other\nUser-agent: counterclaim\nDisallow: /private",
        "user-agent: *\r\nDISALLOW:/private # not yours\r\n",
    ],
)
def test_rules_are_read_as_the_standard_has_them(site, rules):
    Site.robots = rules.encode()
    assert fetch(f"{site}/page", HERE).raw == PAGE
    with pytest.raises(WebRefused, match=r"robots\.txt asks"):
        fetch(f"{site}/private/story", HERE)


def test_a_rule_for_others_or_of_another_page_forbids_nothing(site):
    Site.robots = (
        b"User-agent: Other\nDisallow: /\nUser-agent: *\nDisallow: /*.pdf$\nDisallow: /private\nAllow: /private/s"
    )
    assert fetch(f"{site}/private/story", HERE).raw == PAGE
    assert fetch(f"{site}/a.pdf.html", HERE).raw == PAGE


def test_rules_that_stand_elsewhere_are_followed_there(site):
    Site.robots, Site.robots_at = b"User-agent: *\nDisallow: /private", "/rules.txt"
    assert fetch(f"{site}/page", HERE).raw == PAGE
    with pytest.raises(WebRefused, match=r"robots\.txt asks"):
        fetch(f"{site}/private/story", HERE)


def test_rules_that_point_inside_are_not_fetched_and_the_page_is_not_read(site, monkeypatch):
    asked = []

    def public(number: str) -> bool:
        asked.append(number)
        return len(asked) == 1  # robots.txt, where the site keeps it; not where it points

    monkeypatch.setattr(web, "is_public", public)
    Site.robots_at = "http://127.0.0.1:9/robots.txt"
    with pytest.raises(WebRefused, match=r"robots\.txt.* no public address"):
        fetch(f"{site}/page", Limits(seconds=3))


def test_rules_that_point_to_no_web_address_are_rules_that_can_not_be_had(site):
    Site.robots_at = "http://["
    with pytest.raises(WebRefused, match=r"/page: the site's robots\.txt, which .*, points to 'http://\['"):
        fetch(f"{site}/page", HERE)


def test_the_time_that_the_rules_take_is_not_the_page_s(site):
    Site.robots_takes = 1.6
    assert fetch(f"{site}/late", replace(HERE, seconds=2)).raw == PAGE


def test_of_endless_rules_the_whole_lines_at_the_beginning_count():
    head, last = b"User-agent: *\nDisallow: /a\n", b"Disallow: /private\n"
    padding = b"#" * (web.MOST_OF_ROBOTS - len(head) - len(b"Disallow: /") - 1) + b"\n"
    rules = web.asked_of_programs(head + padding + last)
    assert not rules.can_fetch("http://news.example/a", web.AGENT)
    assert rules.can_fetch("http://news.example/page", web.AGENT), "half a line forbade all"
    assert rules.can_fetch("http://news.example/private", web.AGENT)
    short = web.asked_of_programs(head + last)
    assert not short.can_fetch("http://news.example/private", web.AGENT)


@pytest.mark.parametrize(
    ("robots", "status", "why"),
    [
        (b"#" * 100_001, 200, r"robots\.txt, which says what programs may read, is larger than 100,000 bytes"),
        (b"", 503, r"answered with 503 instead of its robots\.txt; try again later"),
        (b"", 403, r"forbids programs to read its robots\.txt"),
    ],
)
def test_a_site_whose_rules_can_not_be_had_is_not_read(site, robots, status, why):
    Site.robots, Site.robots_status = robots, status
    with pytest.raises(WebRefused, match=why) as refused:
        fetch(f"{site}/page", HERE)
    assert str(refused.value).startswith(f"{site}/page: ")


class Clock:
    """Time as the program sees it, which passes only where it waits; how long it waited each time."""

    def __init__(self) -> None:
        self.now, self.waits = 1_000.0, []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.waits.append(seconds)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(web, "time", clock)
    return clock


def fetch_three(site: str, sites: Sites) -> None:
    """Fetches three pages in one run, the second by way of another address."""
    for path in ("/page/1", "/to//page/2", "/page/3"):
        assert fetch(site + path, HERE, sites).url == f"{site}/page/{path[-1]}"


def times_asked(path: str) -> list[float]:
    return [at for asked, at in Site.asked if asked == path]


def test_the_rules_of_a_site_are_fetched_once_a_run_and_again_when_they_are_old(site, clock):
    Site.robots, sites = b"User-agent: *\nDisallow: /private\n", Sites()
    fetch_three(site, sites)
    with pytest.raises(WebRefused, match=r"robots\.txt asks"):
        fetch(f"{site}/private/story", HERE, sites)
    assert len(times_asked("/robots.txt")) == 1 and not any(clock.waits)
    clock.now += 3_601
    fetch_three(site, sites)
    assert len(times_asked("/robots.txt")) == 2


@pytest.mark.parametrize("status", [403, 503, 404])
def test_a_site_that_has_no_rules_or_keeps_them_back_is_asked_once_a_run_too(site, status):
    Site.robots_status, sites = status, Sites()
    for number in (1, 2):
        refused = pytest.raises(WebRefused, match=f"/page/{number}: the site ") if status != 404 else nullcontext()
        with refused:
            fetch(f"{site}/page/{number}", HERE, sites)
    assert len(times_asked("/robots.txt")) == 1


@pytest.mark.parametrize(("asked", "kept"), [("7", 7), ("0.5", 0.5), ("100000", 10), ("-1", 0), ("soon", 0)])
def test_the_pause_that_a_site_asks_for_is_kept_between_its_pages_up_to_ten_seconds(site, clock, caplog, asked, kept):
    Site.robots = f"User-agent: *\nCrawl-delay: {asked}\n".encode()
    fetch_three(site, Sites())  # a page that points elsewhere on its site is one page; seven seconds don't make it slow
    assert clock.waits == [0, kept, kept]
    said = [f"{site} asks for 100000 seconds between pages; 10 are kept"] if kept == 10 else []
    assert caplog.messages == said


def test_a_site_sees_the_pause(site):
    Site.robots = b"User-agent: *\nCrawl-delay: 0.5\n"
    fetch_three(site, Sites())
    assert times_asked("/to//page/2")[0] - times_asked("/page/1")[0] >= 0.5
    assert times_asked("/page/3")[0] - times_asked("/page/2")[0] >= 0.5


def test_a_site_that_is_not_there_is_one_sentence():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(WebRefused, match="nobody answers"):
        fetch(f"http://127.0.0.1:{port}/", HERE)
    with pytest.raises(WebRefused, match="there is no site"):
        fetch("http://no-such-site.invalid/", HERE)
