"""Pages of a list. Knows nothing of Streamlit."""

from __future__ import annotations


def pages_of(total: int, size: int) -> int:
    """How many pages of `size` a list of `total` has; an empty one has one, too."""
    return max(1, -(-total // size))


def within(page: int, total: int, size: int) -> int:
    """The page asked for, or the last where judging has left fewer."""
    return max(1, min(page, pages_of(total, size)))
