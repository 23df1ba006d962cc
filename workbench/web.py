"""Pages of the web, fetched for somebody who typed or pasted an address: nothing inside the house can be reached by it.

An address is resolved once, every number it resolves to is checked, and the connection goes to the number that was
checked, so that a name can't point elsewhere by then; the same again after every redirect.
"""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import idna
import urllib3
from protego import Protego

from workbench.errors import SiteUnreachable, WebRefused
from workbench.in_time import in_time, looked_up
from workbench.open_net import is_public
from workbench.store import now

log = logging.getLogger(__name__)
AGENT = "Counterclaim"
LONGEST_PAUSE = 10.0  # seconds between two pages of a site that are kept, however many more it asks for
MOST_OF_ROBOTS = 512_000  # bytes of a robots.txt that are read as rules; RFC 9309 asks for 500 KiB at least
RULES_KEPT = 3600.0  # seconds for which a robots.txt counts that was fetched; RFC 9309 allows a day
TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/ld+json": ".jsonld",
    "application/json": ".jsonld",  # as many sites send fact-checks; .json would be what stands beside a file
    "application/gzip": ".xml",  # a packed sitemap, as its protocol allows
    "application/x-gzip": ".xml",
}
_CHUNK = 65_536
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.ASCII)
_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one page may take in all, how large it may be once unpacked, and how often it may point elsewhere.
    `allow_private` is for tests alone: their server listens on loopback."""

    seconds: float = 20.0
    most_bytes: int = 10_000_000
    redirects: int = 5
    allow_private: bool = False


USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of an address: the last one after redirects, the ending for its kind, the bytes, when (UTC), and how
    the site says that the bytes are text ("" where it doesn't)."""

    url: str
    ending: str
    raw: bytes
    at: str
    charset: str = ""


class Sites:
    """What the sites that one run visits ask of programs, each fetched once, and when a page of each was last asked
    for."""

    def __init__(self) -> None:
        self._rules: dict[str, tuple[Protego | str | None, float]] = {}
        self._visited: dict[str, float] = {}

    def admit(self, site: str, url: str, limits: Limits) -> None:
        """Raises WebRefused where a site forbids a page to programs, or what it asks of them can't be had."""
        rules = self._rules_of(site, limits)
        if isinstance(rules, str):
            raise WebRefused(f"{url}: {rules}")
        if rules is not None and not rules.can_fetch(url, AGENT):
            raise WebRefused(f"{url}: the site's robots.txt asks programs not to read this page")

    def pause(self, site: str) -> None:
        """Waits until as much time has passed since a site's last page as it asks for (Crawl-delay), at most
        LONGEST_PAUSE seconds."""
        rules, _ = self._rules.get(site, (None, 0.0))
        since = time.monotonic() - self._visited.get(site, float("-inf"))
        time.sleep(max(0.0, min(_asked_pause(rules), LONGEST_PAUSE) - since))

    def left(self, site: str) -> None:
        """Notes that a page of a site was just asked for."""
        self._visited[site] = time.monotonic()

    def _rules_of(self, site: str, limits: Limits) -> Protego | str | None:
        """The rules, None where there are none, or why they can't be had, in words to follow a page's address."""
        rules, at = self._rules.get(site, (None, float("-inf")))
        if time.monotonic() - at > RULES_KEPT:
            try:
                rules = _robots(site, limits)
            except SiteUnreachable:
                return rules  # the page itself will say so, of itself; the next one asks again
            except WebRefused as error:
                rules = str(error)
            if _asked_pause(rules) > LONGEST_PAUSE:
                log.warning(
                    "%s asks for %g seconds between pages; %g are kept", site, _asked_pause(rules), LONGEST_PAUSE
                )
            self._rules[site] = (rules, time.monotonic())
        return rules


def _asked_pause(rules: Protego | str | None) -> float:
    """Seconds between two pages that a site asks for."""
    return (rules.crawl_delay(AGENT) or 0.0) if isinstance(rules, Protego) else 0.0


def fetch(address: str, limits: Limits = USUAL, sites: Sites | None = None) -> Fetched:
    """Gets one page. `sites` is what is known from other pages of the same run; neither asking what a site allows nor
    the pauses between two pages of it count as the page's time.

    Raises WebRefused with one sentence: no web address, a private one, too large, too slow, too many redirects, another
    kind of content than TYPES, a status other than 200, forbidden by robots.txt, or not to be reached.
    """
    deadline = time.monotonic() + limits.seconds
    sites = sites or Sites()
    met: set[str] = set()
    url = address.strip()
    for _ in range(limits.redirects + 1):
        site = _site(url)
        before = time.monotonic()
        sites.admit(site, url, limits)
        if site not in met:  # a page that points elsewhere on its own site is one page
            met.add(site)
            sites.pause(site)
        deadline += time.monotonic() - before
        try:
            status, headers, raw = _get(url, limits, deadline)
        finally:
            sites.left(site)
        if status in _REDIRECTS:
            url = _onward(url, headers)
            continue
        if status != 200:
            raise WebRefused(f"{url}: the site answered with {status} instead of the page")
        kind = headers.get("content-type", "").split(";")[0].strip().lower()
        if kind == "application/octet-stream" and urlsplit(url).path.endswith(".xml.gz"):
            kind = "application/gzip"  # as a server calls what it doesn't know
        if kind not in TYPES:
            raise WebRefused(f"{url}: is {kind or 'of no named kind'}; choose one of {', '.join(TYPES)}")
        charset = _CHARSET.search(headers["content-type"])
        return Fetched(url, TYPES[kind], raw, now(), charset[1] if charset else "")
    raise WebRefused(f"{address}: points elsewhere more than {limits.redirects} times")


def _onward(url: str, headers: dict[str, str]) -> str:
    """Where a page points."""
    try:
        return urljoin(url, headers.get("location", ""))
    except ValueError:
        raise WebRefused(f"{url}: points to {headers['location'][:100]!r}, which is no web address") from None


def _site(url: str) -> str:
    parts = _checked(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _checked(url: str) -> SplitResult:
    """The parts of an address that may be asked for, the site's name in letters that the net knows (IDNA)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise WebRefused(f"{url!r} is no web address") from None
    if parts.scheme not in ("http", "https"):
        raise WebRefused(f"{url!r} can't be read; an address begins with http:// or https://")
    if not parts.hostname:
        raise WebRefused(f"{url!r} names no site")
    if parts.username or parts.password:
        raise WebRefused(f"{url!r} holds a name or a password; leave them out")
    if port == 0:
        raise WebRefused(f"{url!r} names no port that there is")
    if parts.netloc.isascii():
        return parts
    try:
        host = idna.encode(parts.hostname, uts46=True).decode()
    except UnicodeError:
        raise WebRefused(f"{url!r} names no site that there can be") from None
    return parts._replace(netloc=host if port is None else f"{host}:{port}")


def _number(host: str, port: int, url: str, limits: Limits, seconds: float) -> str:
    """The number to connect to; every one that the name resolves to must be public."""
    try:
        found = looked_up(host, port, seconds)
    except TimeoutError:
        raise _too_long(url, limits) from None
    except (OSError, UnicodeError):
        raise SiteUnreachable(f"{url}: there is no site {host!r}, or it can't be reached from here") from None
    numbers = [entry[4][0] for entry in found]
    for number in numbers:
        if not limits.allow_private and not is_public(number):
            raise SiteUnreachable(
                f"{url}: leads to {number}, which is no public address; only pages of the web are read"
            )
    return numbers[0]


def _too_long(url: str, limits: Limits) -> WebRefused:
    return WebRefused(f"{url}: took longer than {limits.seconds:g} seconds")


def _get(url: str, limits: Limits, deadline: float) -> tuple[int, dict[str, str], bytes]:
    parts = _checked(url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    host = parts.hostname or ""
    number = _number(host, port, url, limits, deadline - time.monotonic())
    left = deadline - time.monotonic()
    if left <= 0:
        raise _too_long(url, limits)
    options = {"timeout": urllib3.Timeout(connect=left, read=left), "retries": False, "maxsize": 1}
    pool = (
        urllib3.HTTPSConnectionPool(number, port, server_hostname=host, assert_hostname=host, **options)
        if secure
        else urllib3.HTTPConnectionPool(number, port, **options)
    )
    path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    asked = {"Host": parts.netloc, "User-Agent": AGENT, "Accept-Encoding": "gzip, deflate"}
    try:
        with in_time(pool, left):
            answer = pool.request("GET", path, headers=asked, redirect=False, preload_content=False)
            try:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                raw = b"" if answer.status in _REDIRECTS else _body(answer, url, limits)
                return answer.status, headers, raw
            finally:
                answer.close()
    except urllib3.exceptions.NewConnectionError:
        raise SiteUnreachable(f"{url}: nobody answers there") from None
    except (urllib3.exceptions.TimeoutError, TimeoutError):
        raise _too_long(url, limits) from None
    except urllib3.exceptions.SSLError:
        raise SiteUnreachable(f"{url}: can't prove that it is {host}; its certificate is bad") from None
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise WebRefused(f"{url}: {_in_words(error)}") from error
    finally:
        pool.close()


def _in_words(error: Exception) -> str:
    """What is the matter with an answer."""
    if isinstance(error, urllib3.exceptions.DecodeError):
        return "its answer is packed and damaged, so that it can't be opened"
    if isinstance(error, urllib3.exceptions.ProtocolError | OSError):
        return "the site broke off or garbled its answer; try again later"
    return "its answer can't be understood"


def _body(answer: urllib3.BaseHTTPResponse, url: str, limits: Limits) -> bytes:
    """The unpacked body, read in pieces so that its size can't run away."""
    pieces, size = [], 0
    while piece := answer.read1(_CHUNK, decode_content=True):
        size += len(piece)
        if size > limits.most_bytes:
            raise WebRefused(f"{url}: is larger than {limits.most_bytes:,} bytes")
        pieces.append(piece)
    return b"".join(pieces)


def _robots(site: str, limits: Limits) -> Protego | None:
    """What a site asks of programs; None where it asks nothing (RFC 9309). What it asks and can't be had is a no: such
    a site gets no reader it may not have wanted.

    It has a page's time for itself, as it counts for all pages of the site. Raises SiteUnreachable, and WebRefused with
    a reason to follow a page's address and a colon.
    """
    place = f"{site}/robots.txt"
    deadline = time.monotonic() + limits.seconds
    try:
        for _ in range(limits.redirects + 1):
            status, headers, raw = _get(place, limits, deadline)
            if status not in _REDIRECTS:
                break
            place = _onward(place, headers)
    except WebRefused as error:
        if isinstance(error, SiteUnreachable) and place == f"{site}/robots.txt":
            raise
        why = str(error).partition(": ")[2] or str(error)
        raise WebRefused(f"the site's robots.txt, which says what programs may read, {why}") from error
    if status in (401, 403):
        raise WebRefused("the site forbids programs to read its robots.txt, which means all of it")
    if status >= 500:
        raise WebRefused(f"the site answered with {status} instead of its robots.txt; try again later")
    return asked_of_programs(raw) if status == 200 else None


def asked_of_programs(raw: bytes) -> Protego:
    """A robots.txt, read as RFC 9309 has it: wildcards, the longest rule counts, no byte order mark; of a long one the
    whole lines among its first MOST_OF_ROBOTS bytes, as every page is held against each rule."""
    if len(raw) > MOST_OF_ROBOTS:
        raw = raw[: 1 + max(raw.rfind(end, 0, MOST_OF_ROBOTS) for end in (b"\n", b"\r"))]
    return Protego.parse(raw.decode("utf-8-sig", "replace"))
