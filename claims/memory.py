"""What glibc does with memory that is freed; other C libraries do as they please."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from functools import lru_cache

# See mallopt(3).
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT = 256 << 20  # bytes


@lru_cache(maxsize=1)
def keep_memory() -> None:
    """Has what is freed kept, up to 256 MiB. A network's steps free and ask for the same megabytes hundreds of times a
    second; given back to the system each time, they take as long as a third of the products."""
    for option in (_TRIM_THRESHOLD, _MMAP_THRESHOLD):
        _call("mallopt", option, _KEPT)


def give_memory_back() -> None:
    """Has what is free given back to the system at once, after something that needed much for a moment."""
    _call("malloc_trim", 0)


def _call(name: str, *arguments: int) -> None:
    with suppress(OSError, AttributeError, TypeError):
        getattr(ctypes.CDLL(None), name)(*arguments)
