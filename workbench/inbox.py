"""Uploaded and pasted texts become files in `<workspace>/inbox`, where ingest reads them like any others."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict
from pathlib import Path

from claims.article import Provenance, iso_day, language_tag
from claims.beside import FETCHED_FROM, MOST_BYTES_BESIDE
from claims.reading import MOST_BYTES, READABLE
from workbench.archive import write_whole
from workbench.errors import BadDate, BadLanguage, UploadRefused
from workbench.people import COLLECT
from workbench.store import Store

SENT_AS = "sent_as"  # beside a page whose site sent the text in another encoding than its file is in
ENCODINGS = re.compile(  # the ways to write text of which a browser knows, beside UTF-8
    r"(?:utf-?16(?:le|be)?|(?:us-)?ascii|latin-?\d|iso-?8859-\d+|(?:windows-|cp)\d+|koi8-[ru]|macintosh|gbk|gb2312|"
    r"gb18030|big5(?:-hkscs)?|euc-(?:jp|kr)|shift[-_]jis|iso-2022-jp)",
    re.IGNORECASE,
)
LONGEST_STEM = 60  # characters; file systems end at 255 bytes, and a character can take four


def save_upload(
    folder: Path, name: str, content: bytes, provenance: Provenance | None = None, fetched_from: str = "",
    sent_as: str = "",
) -> Path:  # fmt: skip
    """Writes an uploaded file, and what is known of it beside it; returns the path to ingest.

    `folder` is the workspace. `name` is only a hint: nothing of it can lead out of the inbox or over another file.
    `fetched_from` is the web address of a page that was fetched: two addresses make two files; `sent_as` the encoding
    in which it was sent, where `content` is the same in UTF-8. Raises UploadRefused for an empty file or another kind
    of file, BadDate and BadLanguage.
    """
    ending = Path(name).suffix.lower()
    if ending not in READABLE:
        raise UploadRefused(f"{name!r} can't be read; choose a file that ends in one of {', '.join(READABLE)}")
    # What is known of a file stands beside it in a .json of its name, where a .json would be written over it.
    ending = ".jsonld" if ending == ".json" else ending
    if len(content) > MOST_BYTES:
        raise UploadRefused(f"{name!r} has {len(content):,} bytes; at most {MOST_BYTES:,} are read")
    if not content.strip():
        raise UploadRefused(f"{name!r} is empty")
    inbox = Path(folder) / "inbox"
    known = {key: value.strip() for key, value in asdict(provenance or Provenance()).items() if value.strip()}
    for field, check, error_kind in (("date", iso_day, BadDate), ("language", language_tag, BadLanguage)):
        if field in known:
            try:
                known[field] = check(known[field])
            except ValueError as error:
                raise error_kind(f"{error}, or leave it empty") from None
    if fetched_from:
        known[FETCHED_FROM] = fetched_from
    if sent_as:
        known[SENT_AS] = sent_as
    digest = hashlib.sha256(content + b"\0" + fetched_from.encode() if fetched_from else content).hexdigest()
    path = inbox / f"{_stem(name)}-{digest[:12]}{ending}"
    try:
        inbox.mkdir(parents=True, exist_ok=True)
        # The sidecar comes first, so that nothing ever reads the text without it.
        if known:
            write_whole(path.with_suffix(".json"), json.dumps(known, ensure_ascii=True, indent=1).encode("ascii"))
        write_whole(path, content)
    except OSError as error:
        raise UploadRefused(f"{name!r} can't be kept in {inbox}: {error.strerror or error}") from error
    return path


def as_sent(folder: Path, path: Path, content: bytes) -> bytes:
    """What a site sent of a page in the inbox of the workspace `folder`, whose file holds `content`; that itself where
    it is the same, where what stands beside the file does not lead back to it, and for files elsewhere."""
    beside = path.with_suffix(".json")
    try:
        if path.parent != folder / "inbox" or beside.stat().st_size > MOST_BYTES_BESIDE:
            return content
        known = json.loads(beside.read_bytes())
        charset = known.get(SENT_AS) if isinstance(known, dict) and known.get(FETCHED_FROM) else None
        if not isinstance(charset, str) or not ENCODINGS.fullmatch(charset):
            return content
        raw = content.decode("utf-8-sig").encode(charset)
        return raw if raw.decode(charset).encode("utf-8-sig") == content else content
    except (OSError, ValueError, LookupError, RecursionError):
        return content


def take_upload(store: Store, name: str, content: bytes, provenance: Provenance | None = None) -> Path:
    """`save_upload` for whoever the store acts for. Raises NotAllowed, too."""
    store.require(COLLECT)
    return save_upload(store.folder, name, content, provenance)


def take_pasted(store: Store, text: str, provenance: Provenance | None = None) -> Path:
    """`save_pasted` for whoever the store acts for. Raises NotAllowed, too."""
    store.require(COLLECT)
    return save_pasted(store.folder, text, provenance)


def save_pasted(folder: Path, text: str, provenance: Provenance | None = None) -> Path:
    """The same for a text that was pasted."""
    if not text.strip():
        raise UploadRefused("the pasted text is empty")
    title = provenance.title if provenance else ""
    return save_upload(folder, (title or "pasted") + ".txt", text.encode("utf-8", "replace"), provenance)


def _stem(name: str) -> str:
    """Letters, digits, - and _ of the last part of a name."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    stem = last.removesuffix(Path(last).suffix)
    return re.sub(r"[^\w-]+", "-", stem)[:LONGEST_STEM].strip("-_") or "article"
