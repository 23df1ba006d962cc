"""What all tests share: how they are named (by nothing that differs from one start to the next), a browser, the app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.story import Told


def pytest_make_parametrize_id(val: object) -> str | None:
    """A name for bytes (pytest numbers equal ones); None for the rest, which pytest names itself.

    A zip archive holds the time it was made at. With that in a test's name, two workers that load a file of
    tests a moment apart find different tests, and the whole run stops.
    """
    return "bytes" if isinstance(val, bytes) else None


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
