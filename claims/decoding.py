"""Bytes of a plain text file as text, and the refusal of a file that is none."""

from __future__ import annotations

import re
from pathlib import Path

_NULLS = "is not a text file (it holds null bytes); text in UTF-8 is expected"
_UNKNOWN = "its encoding can't be told; save it as UTF-8"
_BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


_PLAIN = bytes(range(128))
# What no Western text ends in: "Ã" behind a small letter or a stop, "â" or "ðŸ"; "é" or "é…" it may.
_CUT_LETTER = re.compile(rb"(?:(?<![A-Z])[\xc2-\xde]|\xe2[\x80-\xbf]?|\xf0\x9f[\x80-\xbf]?)\Z")
_ELSEWHERE = re.compile(r"[^\W\d_a-zA-Z]{5}")  # letters in a row that no Western word has


class UnreadableArticle(Exception):
    """One file that can't be read as an article; says which and why in one sentence."""

    def __init__(self, path: Path | str, why: str):
        super().__init__(f"{path}: {why}")
        self.path, self.why = str(path), why


def decode(raw: bytes, path: Path | str) -> str:
    """Text of a file: UTF-8, a marked UTF-16 or UTF-32, or the Western single-byte code (Windows-1252).

    Raises:
        UnreadableArticle: no encoding fits, or the bytes are no text.
    """
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if raw.startswith(mark):
            try:
                text = raw.decode(encoding)
            except UnicodeDecodeError:
                raise UnreadableArticle(path, f"starts as {encoding} but is not; save it as UTF-8") from None
            if "\x00" in text:
                raise UnreadableArticle(path, _NULLS)
            return text
    if b"\x00" in raw:
        raise UnreadableArticle(path, _NULLS)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_cut_in_a_letter(raw, error):
            raise UnreadableArticle(path, "is cut off in the middle of its last letter; save it anew") from None
        if _is_meant_as_utf8(raw):
            line = raw.count(b"\n", 0, error.start) + 1
            why = f"is UTF-8 but for broken characters, the first in line {line:,}; save it anew"
            raise UnreadableArticle(path, why) from None
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        raise UnreadableArticle(path, _UNKNOWN) from None
    letters = [letter for letter in text if letter.isalpha()]
    # Western text is mostly plain letters; where it is not, these bytes were another alphabet's.
    if sum(not letter.isascii() for letter in letters) > 0.2 * len(letters) or _ELSEWHERE.search(text):
        raise UnreadableArticle(path, _UNKNOWN)
    return text


def _is_cut_in_a_letter(raw: bytes, error: UnicodeDecodeError) -> bool:
    """Whether bytes are UTF-8 but for a last letter of which a part is missing."""
    if error.reason != "unexpected end of data":
        return False
    return not raw[: error.start].isascii() or _CUT_LETTER.search(raw) is not None


def _is_meant_as_utf8(raw: bytes) -> bool:
    """Whether most bytes beyond plain letters stand as UTF-8 has them, which in another encoding hardly two do."""
    beyond = len(raw.translate(None, _PLAIN))
    broken = len(raw) - len(raw.decode("utf-8", "ignore").encode())
    return broken <= 0.25 * beyond
