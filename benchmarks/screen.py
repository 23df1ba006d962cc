"""The screen under load: the real app, in a real browser, on a workspace of many claims of real articles.

    python -m benchmarks screen [news_20k.jsonl.gz] [--out FOLDER]

The workspace is made in ``FOLDER/workspace`` at the first run and used again after it; see
`benchmarks.screen_workspace` for what is in it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from benchmarks.screen_times import board_times, queue_times, sign, times, verdict_times
from benchmarks.screen_workspace import REVIEWERS, make_workspace
from workbench.pairs import related
from workbench.queries import NO_VERDICT, ClaimFilter, claim_page, group_of
from workbench.store import Store

SESSIONS, EACH = 8, 50
ARTICLES = Path(__file__).parents[2] / "shared/data/corpus/news_20k.jsonl.gz"
PAGES = ("", "conflicts", "speakers", "articles", "desk", "log")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, nargs="?", default=ARTICLES,
        help=f"articles, JSON lines with text, title, outlet, author, date_iso, url; without one, {ARTICLES}",
    )  # fmt: skip
    parser.add_argument(
        "--out", type=Path, default=cache_folder(), help="folder for the workspace and the servers' logs (%(default)s)"
    )
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--presses", type=int, default=40, help="how often each thing is measured")
    parser.add_argument("--one-reviewer", nargs=3, metavar=("ADDRESS", "NAME", "IDS"), help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """The table of the desk's bars; times in milliseconds, `start_s` in seconds, `memory_mb` of all its processes."""
    from tests.browser import new_page, open_browser, search_for, serve, visit

    if args.one_reviewer:
        address, name, ids = args.one_reviewer
        judge_all(address, name, ids.split(","))
        return [], {}
    if not args.file.is_file():
        raise SystemExit(
            f"no articles at {args.file}: name a file of JSON lines with text, title, outlet, author, date_iso and "
            "url, as in `python -m benchmarks screen news.jsonl.gz`"
        )
    folder = args.out / "workspace"
    print(f"workspace: {folder}", file=sys.stderr, flush=True)
    make_workspace(folder, args.file, args.claims)
    store = Store(folder)
    result: dict = {"claims": claim_page(store, limit=1).total}
    with open_browser() as browser:
        started = time.perf_counter()
        with serve(folder) as address:
            page = new_page(browser)
            page.goto(address)
            page.locator(".cc-line").first.wait_for()
            result["start_s"] = round(time.perf_counter() - started, 2)
            page.get_by_label("Search claims and speakers").wait_for()
            time.sleep(15)  # what search by meaning needs is loaded by now
            result |= times("verdict", verdict_times(page, address, args.presses))
            result |= times("board", board_times(page, address, args.presses))
            result |= times("queue", queue_times(page, address, args.presses, REVIEWERS[0]))
            others = [new_page(browser) for _ in range(3)]
            for other in others:
                visit(other, address)
                search_for(other, "police")
                other.locator(".cc-line").first.wait_for()
            result["memory_mb"] = round(memory_of(address) / 1e6)
            result["axe_serious"], faults = serious_faults(page, address, store)
            for other in others:
                other.context.close()
            result |= at_once(args, address, store)
    bars = {
        "verdict_p50_ms": 300, "verdict_p95_ms": 600, "board_p95_ms": 800, "queue_p95_ms": 1000, "start_s": 8,
        "memory_mb": 2500, "lost": 0, "doubled": 0, "axe_serious": 0,
    }  # fmt: skip
    lines = [f"{name}: {result[name]} (bar {bar})" for name, bar in bars.items()]
    return [f"workspace: {folder}", *lines, *faults], result


def cache_folder() -> Path:
    """Where the workspace is kept between runs unless another folder is named."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "counterclaim" / "screen"


def memory_of(address: str) -> int:
    """Bytes that the server at an address and its children hold."""
    import psutil

    port = address.rsplit(":", 1)[1]
    server = next(one for one in psutil.process_iter(["cmdline"]) if port in (one.info["cmdline"] or ()))
    return sum(one.memory_info().rss for one in (server, *server.children(recursive=True)))


def serious_faults(page, address: str, store: Store) -> tuple[int, list[str]]:
    """Serious and critical faults that axe finds on any page and in what it opens, in light and dark; and where."""
    from tests.browser import each_opened, faults_on, visit

    claim = fullest_claim(store)
    count, lines = 0, []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in (*PAGES, f"claim?claim={claim}"):
            visit(page, f"{address}/{path}")
            for opened in each_opened(page):
                page.wait_for_timeout(1500)
                for fault in faults_on(page):
                    count += len(fault["nodes"])
                    where = "; ".join(str(node["target"]) for node in fault["nodes"][:3])
                    place = f"/{path}, {opened}" if opened else f"/{path}"
                    lines.append(f"axe, {scheme} {place}: {fault['id']} ({len(fault['nodes'])}): {where}")
    return count, lines


def fullest_claim(store: Store) -> str:
    """Of the first claims of the list, the one whose board has most kinds of things on it: lanes and a group."""

    def kinds(claim_id: str) -> int:
        groups = related(store, claim_id)
        lanes = (groups.supports, groups.contradicts, groups.related)
        return sum(map(bool, lanes)) + (len(group_of(store, claim_id).statements) > 1)

    return max((row.id for row in claim_page(store, limit=50).rows), key=kinds)


def at_once(args: argparse.Namespace, address: str, store: Store) -> dict[str, int]:
    """Several browsers that judge claims of their own at once, and what the store holds after it."""
    # Claims that nobody judged yet, or the screen would show a verdict before the key for it was pressed.
    unjudged = ClaimFilter(verdict=NO_VERDICT)
    ids = [row.id for row in claim_page(store, unjudged, limit=SESSIONS * EACH, offset=1000).rows]
    names = [f"Reviewer {number} at {int(time.time())}" for number in range(SESSIONS)]
    workers = [
        subprocess.Popen(
            [
                sys.executable, "-m", "benchmarks", "screen", str(args.file), "--out", str(args.out), "--one-reviewer",
                address, name, ",".join(ids[number::SESSIONS]),
            ],
            stdout=subprocess.DEVNULL,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        )
        for number, name in enumerate(names)
    ]  # fmt: skip
    for worker in workers:
        worker.wait()
    with store.reading() as connection:
        counted = {
            name: connection.execute(
                text("SELECT count(*), count(DISTINCT claim_id) FROM verdicts WHERE reviewer = :name"), {"name": name}
            ).one()
            for name in names
        }
    lost = sum(len(ids[number::SESSIONS]) - counted[name][1] for number, name in enumerate(names))
    return {"lost": lost, "doubled": sum(rows - claims for rows, claims in counted.values())}


def judge_all(address: str, name: str, ids: list[str]) -> None:
    """One reviewer's work: a verdict on each of these claims, by key."""
    from tests.browser import open_browser, settled, visit

    with open_browser() as browser, page_for(browser) as page:
        signed = False
        for claim in ids:
            visit(page, f"{address}/claim?claim={claim}")
            # A link begins a new session, which doesn't know the name yet.
            if not signed or not page.get_by_label("Reviewer").input_value():
                sign(page, name)
                signed = True
            page.keyboard.press("5")
            page.locator('[class*="st-key-verdict-refuted-"] button[kind="primary"]').wait_for()
            settled(page)


@contextmanager
def page_for(browser) -> Iterator:
    """A page that waits long: eight browsers share the cores."""
    from tests.browser import new_page

    page = new_page(browser)
    page.set_default_timeout(180_000)
    yield page
    page.context.close()
