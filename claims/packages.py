"""Packed documents (.docx, .xlsx): what may be unpacked, and what damaged ones make their libraries raise."""

from __future__ import annotations

import io
import zipfile
import zlib

from claims.found import BadFile

MOST_UNPACKED = 200_000_000  # bytes that one may unpack to
MOST_PARTS = 5000  # files in one
BAD_PACKAGE = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, KeyError, ValueError, TypeError, IndexError, AttributeError,
    SyntaxError, OSError, EOFError,
)  # fmt: skip


def check_package(raw: bytes) -> None:
    """Refuses a packed document that would unpack to too much. Raises BadFile, zipfile.BadZipFile."""
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        parts = package.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise BadFile(f"unpacks to more than {MOST_UNPACKED:,} bytes or {MOST_PARTS:,} files")
