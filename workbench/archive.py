"""What was read, byte for byte: evidence that can be shown after a page has changed. Kept in `<workspace>/archive`,
compressed, under its SHA-256."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import zlib
from pathlib import Path

from workbench.errors import ArchiveDamaged, StoreFull

FOLDER = "archive"
_HASH = re.compile(r"[0-9a-f]{64}")


def keep(workspace: Path, raw: bytes) -> str:
    """Keeps these bytes and returns their SHA-256 (64 hex digits); what is there already stays as it is, unless it is
    damaged.

    Raises StoreFull: no room, or nothing may be written there.
    """
    found = hashlib.sha256(raw).hexdigest()
    path = _path(workspace, found)
    if not _is_whole(workspace, found):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, gzip.compress(raw, mtime=0))
        except OSError as error:
            raise StoreFull(
                f"can't keep what was read in {path.parent}: {error.strerror or error}; what was stored is kept, start "
                "again when that is mended"
            ) from error
    return found


def _is_whole(workspace: Path, archive_hash: str) -> bool:
    try:
        kept(workspace, archive_hash)
    except ArchiveDamaged:
        return False
    return True


def kept(workspace: Path, archive_hash: str) -> bytes:
    """The bytes under a hash. Raises ArchiveDamaged: they are not there, or are not what they were."""
    if not _HASH.fullmatch(archive_hash):
        raise ArchiveDamaged(f"{archive_hash!r} is no SHA-256 in 64 hex digits")
    path = _path(workspace, archive_hash)
    try:
        raw = gzip.decompress(path.read_bytes())
    except FileNotFoundError:
        raise ArchiveDamaged(f"the archive holds nothing under {archive_hash}") from None
    except (OSError, EOFError, zlib.error) as error:
        raise ArchiveDamaged(f"{path} can't be read: {error}") from error
    if hashlib.sha256(raw).hexdigest() != archive_hash:
        raise ArchiveDamaged(f"{path} is not what was read: its SHA-256 differs from its name")
    return raw


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file that is there whole or not at all. Raises OSError, and then leaves nothing."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _path(workspace: Path, archive_hash: str) -> Path:
    return Path(workspace) / FOLDER / archive_hash[:2] / f"{archive_hash}.gz"
