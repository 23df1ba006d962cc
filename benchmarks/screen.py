"""The screen under load: the real app, in a real browser, on a workspace of many claims of real articles.

    python -m benchmarks screen news_20k.jsonl.gz --out FOLDER

The workspace is made in ``FOLDER/workspace`` at the first run and used again after it. Its claims are the articles'
sentences, said by whoever a sentence names before "said"; its vectors are the encoder's; its relations join neighbours
by cosine, since what the screen costs hangs on how many there are and not on what a model would say of them.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
from sqlalchemy import text, update

from benchmarks.screen_times import board_times, queue_times, sign, times, verdict_times
from claims.article import Article, Provenance, content_hash
from claims.claim import Attribution, Claim, Topic
from embeddings.encoder import PACKAGED
from embeddings.relations import Relation
from embeddings.training_data import read_rows
from workbench.articles import add_article, refresh_contradictions, replace_claims
from workbench.models import LazyEncoder
from workbench.pairs import store_relations
from workbench.queries import NO_VERDICT, ClaimFilter, claim_page
from workbench.schema import ClaimRecord
from workbench.store import Store
from workbench.vectors import current_claims, encode_unseen, open_index, vectors_of

SESSIONS, EACH = 8, 50
NEIGHBOURS = 4
_RELATED, _MADE = 0.5, "benchmark"
_SENTENCE = re.compile(r"[^.!?\n]{40,400}[.!?]+[”\"’]?")
_SAID = re.compile(r"\b([A-Z][a-z]+ [A-Z][a-z]+)(?: \([^)]*\))?,? (said|told|says|wrote)\b")
_NAME = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b")
PAGES = ("", "conflicts", "speakers", "articles", "desk", "log")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="articles, JSON lines with text, title, outlet, author, date")
    parser.add_argument("--out", type=Path, required=True, help="folder for the workspace and the servers' logs")
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
    folder = args.out / "workspace"
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
            result |= times("queue", queue_times(page, address, args.presses))
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
    return lines + faults, result


def make_workspace(folder: Path, articles: Path, wanted: int) -> None:
    """Fills a workspace, unless that was done: articles, claims, vectors, index, relations."""
    store = Store(folder)
    with store.reading() as connection:
        made = connection.execute(text("SELECT value FROM meta WHERE name = :name"), {"name": _MADE}).scalar()
    if made == str(wanted):
        return
    there = claim_page(store, limit=1).total
    for row in read_rows(articles):
        if there >= wanted:
            break
        date = str(row.get("date") or "")[:10]
        article = Article(
            row["text"], Provenance(row.get("title", ""), row.get("outlet", ""), row.get("author") or "", date, "")
        )
        if add_article(store, article, "news.jsonl"):
            there += replace_claims(store, article.id, list(islice(claims_in(article), wanted - there)), _MADE)
    encoder = LazyEncoder(PACKAGED)
    encode_unseen(store, encoder, lambda done, total: print(f"vectors {done:,} of {total:,}", file=sys.stderr))
    claims = current_claims(store)
    index = open_index(store, claims, encoder.model_id)
    vectors = vectors_of(store, claims, encoder.model_id)
    for start in range(0, len(claims), 2000):
        relations = list(relations_of(claims, vectors, index, range(start, min(start + 2000, len(claims)))))
        with store.writing() as connection:
            store_relations(connection, relations, _MADE)
    with store.writing() as connection:
        connection.execute(update(ClaimRecord).values(related_by=_MADE))
        refresh_contradictions(connection, [claim.id for claim in claims])
        connection.execute(text("INSERT OR REPLACE INTO meta VALUES (:name, :value)"), {"name": _MADE, "value": wanted})


def claims_in(article: Article) -> Iterator[Claim]:
    """An article's sentences as claims."""
    seen: set[str] = set()
    for found in _SENTENCE.finditer(article.text):
        words = found.group().strip()
        if words in seen:
            continue
        seen.add(words)
        start = article.text.index(words, found.start())
        said = _SAID.search(words)
        begin = article.text.rfind("\n", 0, start) + 1
        end = article.text.find("\n", start + len(words))
        speaker = Attribution(said[1], said[2]) if said else Attribution()
        yield Claim(
            id=content_hash(article.id, words), article_id=article.id, text=words, char_start=start,
            char_end=start + len(words), paragraph_start=begin, paragraph_end=end if end > 0 else len(article.text),
            before="", after="", kind="reported" if said else "statement", attribution=speaker, standalone=words,
            check_worthiness=round(int(content_hash(words)[:4], 16) / 65535, 4), assertion="past_event",
            topics=tuple(Topic("person", name) for name in dict.fromkeys(_NAME.findall(words)))[:4],
        )  # fmt: skip


def relations_of(claims: list[Claim], vectors: np.ndarray, index, places: range) -> Iterator[Relation]:
    """Neighbours as relations; one in eight a contradiction."""
    by_id = {claim.id: claim for claim in claims}
    found = index.search(vectors[places.start : places.stop], NEIGHBOURS + 1)
    for place, neighbours in zip(places, found, strict=True):
        claim = claims[place]
        for one in neighbours:
            other = by_id[one.id]
            if other.article_id == claim.article_id or one.similarity < _RELATED:
                continue
            a, b = sorted((claim.id, other.id))
            against = int(content_hash(a, b)[:4], 16) % 8 == 0
            score = min(one.similarity, 1.0)
            yield Relation(
                claim_a=a, claim_b=b, relation="contradicts" if against else "related", strict=against, score=score,
                similarity=score, contradiction=score if against else 0.05, entailment_ab=0.1, entailment_ba=0.1,
                tension=score if against else 0.1, reasons=(), model_id=_MADE,
            )  # fmt: skip


def memory_of(address: str) -> int:
    """Bytes that the server at an address and its children hold."""
    import psutil

    port = address.rsplit(":", 1)[1]
    server = next(one for one in psutil.process_iter(["cmdline"]) if port in (one.info["cmdline"] or ()))
    return sum(one.memory_info().rss for one in (server, *server.children(recursive=True)))


def serious_faults(page, address: str, store: Store) -> tuple[int, list[str]]:
    """Serious and critical faults that axe finds on any page and in what it opens, in light and dark; and where."""
    from axe_playwright_python.sync_playwright import Axe

    from tests.browser import each_opened, visit

    claim = claim_page(store, limit=1).rows[0].id
    count, lines = 0, []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in (*PAGES, f"claim?claim={claim}"):
            visit(page, f"{address}/{path}")
            for opened in each_opened(page):
                page.wait_for_timeout(1500)
                for fault in Axe().run(page).response["violations"]:
                    if fault["impact"] in ("serious", "critical"):
                        count += len(fault["nodes"])
                        where = "; ".join(str(node["target"]) for node in fault["nodes"][:3])
                        place = f"/{path}, {opened}" if opened else f"/{path}"
                        lines.append(f"axe, {scheme} {place}: {fault['id']} ({len(fault['nodes'])}): {where}")
    return count, lines


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
