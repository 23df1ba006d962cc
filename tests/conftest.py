"""What all tests share: how they are named (by nothing that differs from one start to the next), a browser, the app."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from workbench.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.story import Told


def pytest_make_parametrize_id(val: object) -> str | None:
    """A name for bytes (pytest numbers equal ones); None for the rest, which pytest names itself.

    A zip archive holds the time it was made at. With that in a test's name, two workers that load a file of
    tests a moment apart find different tests, and the whole run stops.
    """
    return "bytes" if isinstance(val, bytes) else None


# The files that take longest, in that order (`pytest --durations 40`). They are begun first: with one of them last, a
# worker would wait minutes for the other.
LONGEST = (
    "test_kills.py",
    "test_screens.py",
    "test_axe.py",
    "test_faults.py",
    "test_browser.py",
    "test_seeds_in_browser.py",
    "test_hostile_pictures.py",
    "test_screen_times.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.fixture(scope="session", autouse=True)
def migrated_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A new workspace is brought to its schema once, by the program; each further one begins as a copy of that file.

    Some two thousand are made, and the steps of a schema that never differs would take the tests four minutes. A
    workspace of an older schema goes through its own steps, as ever.
    """
    migrate = Store._migrate
    first = tmp_path_factory.mktemp("first") / "counterclaim.sqlite3"

    def copied(store: Store) -> None:
        if store.path.exists() and store.path.stat().st_size:
            return migrate(store)
        if not first.exists():
            made = tmp_path_factory.mktemp("made")
            with pytest.MonkeyPatch.context() as own:
                own.setattr(Store, "_migrate", migrate)
                path = Store(made).path
            shutil.copyfile(path, first)
        return shutil.copyfile(first, store.path) and None

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Store, "_migrate", copied)
        yield


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """The story in the workspace that the app opens; a file that needs it otherwise has its own."""
    from tests import story  # most tests need none

    return story.on_desk(tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for all tests of a file."""
    from tests.browser import open_browser  # most tests need none

    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(told: Told) -> Iterator[str]:
    """Where the app shows the workspace that a file's tests have in common."""
    from tests.browser import serve

    with serve(told.store.folder) as address:
        yield address
