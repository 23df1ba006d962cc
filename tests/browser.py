"""A real server and a real browser for tests of the screen."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page, sync_playwright

ROOT = Path(__file__).parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_SECONDS = 90
FETCH_SECONDS = 300
EDITORS = ("Edit details", "Merge, rename or split")  # buttons of lines that open a form
PATIENCE = 30_000  # milliseconds a page may take on a busy machine
TALL = {"width": 1440, "height": 900}


@contextmanager
def serve(
    workspace: Path, *, env: dict[str, str] | None = None, port: int = 0, options: Sequence[str] = ()
) -> Iterator[str]:
    """The app on 127.0.0.1 at a free port, or this one, with this workspace and more options of Streamlit; yields its
    address, and ends it at the end."""
    port = port or free_port()
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.port",
        str(port),
        *options,
        "--",
        "--workspace",
        str(workspace),
    ]
    workspace.mkdir(parents=True, exist_ok=True)
    with (workspace / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=os.environ | {"HF_HUB_OFFLINE": "1"} | (env or {}),
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process, workspace / "server.log")
        yield address
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Chrome or Chromium, else Playwright's own; where there is none the test is skipped, or fails if CI is set."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        if found is None and not Path(playwright.chromium.executable_path).exists():
            _fetch_browser()
        try:
            browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        except Error as error:
            reason = f"no browser could be started: {str(error).splitlines()[0]}"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
        try:
            yield browser
        finally:
            browser.close()


def new_page(browser: Browser, theme: str = "light") -> Page:
    """A page of 1440 × 900 without motion, which waits as long as a busy machine needs."""
    page = browser.new_context(
        viewport=TALL, reduced_motion="reduce", color_scheme=theme, accept_downloads=True
    ).new_page()
    page.set_default_timeout(PATIENCE)
    return page


def settled(page: Page) -> None:
    """Waits until the app has drawn what it was asked for."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.locator(".cc-strip, .cc-notice").first.wait_for()


def visit(page: Page, address: str) -> None:
    """Opens an address and waits until it is drawn."""
    page.goto(address)
    settled(page)


def each_opened(page: Page) -> Iterator[str]:
    """Yields "" for a page as it is, then opens what it keeps shut, one after the other, and yields each one's name
    while it stands open: its tabs, expanders, popovers and editors (one of those that many lines have) and the help."""
    yield ""
    for name in _names(page, "[role=tab]:not([aria-selected=true])"):
        page.locator("[role=tab]", has_text=name).first.click()
        _drawn_anew(page)
        yield name
    for name in _names(page, "[data-testid=stExpander] summary"):
        page.locator("[data-testid=stExpander] summary", has_text=name).first.click()
        _drawn_anew(page)
        yield name
    for name in _names(page, "[data-testid=stPopoverButton]"):
        page.locator("[data-testid=stPopoverButton]", has_text=name).first.click()
        page.locator("[data-testid=stPopoverBody]").first.wait_for()
        _drawn_anew(page)
        yield name
        page.keyboard.press("Escape")
        page.locator("[data-testid=stPopoverBody]").first.wait_for(state="hidden")
    for name in EDITORS:
        if page.get_by_role("button", name=name).count():
            page.get_by_role("button", name=name).first.click()
            page.locator("[data-testid=stForm]").first.wait_for()
            _drawn_anew(page)
            yield name
    page.mouse.click(4, 4)
    page.keyboard.press("?")
    page.locator("[data-testid=stDialog]").wait_for()
    _drawn_anew(page)
    yield "?"


def _drawn_anew(page: Page) -> None:
    """Waits until the run that a click may just have asked for is through, and nothing is greyed out any more."""
    page.wait_for_timeout(300)
    settled(page)
    page.wait_for_function("() => !document.querySelector('[data-stale=true]')")


def _names(page: Page, selector: str) -> list[str]:
    """What the elements that can be seen are called, each name once; the words that are for the ear alone left out."""
    found = page.locator(selector).evaluate_all(
        "all => all.filter(one => one.offsetParent)"
        ".map(one => (one.querySelector('p')?.firstChild?.textContent ?? one.innerText).trim())"
    )
    return list(dict.fromkeys(found))


def search_for(page: Page, words: str) -> None:
    """Types into the search box of the claim list."""
    page.get_by_label("Search claims and speakers").fill(words)
    page.keyboard.press("Enter")
    settled(page)


def claim_of(page: Page) -> str:
    """The id of the claim that the address names."""
    return re.search(r"claim=([0-9a-f]+)", page.url)[1]


def serious(page: Page) -> list[tuple]:
    """What axe finds on a page that is serious or critical, and where."""
    page.wait_for_timeout(1000)  # until nothing fades in any more
    return [(one["id"], one["nodes"][0]["target"]) for one in faults_on(page)]


def faults_on(page: Page) -> list[dict]:
    """The same in axe's own words, of a page as it is at this moment."""
    found = Axe().run(page).response["violations"]
    return [one for one in found if one["impact"] in ("serious", "critical")]


def sign_in_at(provider: int, port: int, secrets: Path) -> list[str]:
    """Options by which people of the app at `port` sign in at the provider at that port; written to `secrets`."""
    secrets.write_text(
        f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\ncookie_secret = "for this test alone"\n'
        'client_id = "desk"\nclient_secret = "secret"\n'
        f'server_metadata_url = "http://127.0.0.1:{provider}/.well-known/openid-configuration"\n'
    )
    return ["--secrets.files", str(secrets)]


def _fetch_browser() -> None:
    """Lets Playwright fetch its own Chromium; where that can't be, starting it will say so."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(command, capture_output=True, timeout=FETCH_SECONDS, check=False)


def _wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"the server ended at once; see {log}: {log.read_text(errors='replace')[-500:]}")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.read() == b"ok":
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server did not answer within {START_SECONDS} seconds; see {log}")
