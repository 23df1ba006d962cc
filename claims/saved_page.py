"""Web pages, saved or fetched: the article in one, and whether the page is there to its end."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from claims.article import Provenance
from claims.found import BadFile, Found, day, is_prose, language_or_none, web_address, with_headline

MOST_TAGS = 100_000  # of a page: the library's time grows with their square, and no article has half as many
_TAG = re.compile(rb"<[a-zA-Z/]")
_CELL = re.compile(rb"<td\b", re.IGNORECASE)
_LEAST_WORDS = 5  # of a sentence in a table
_ENDS_SENTENCE = re.compile(r"\w[%)]?[.!?…][\"”’')]*$")
_HEAD = 50_000  # bytes of a page in which its language is looked for
_LANGUAGES_OF_A_PAGE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"<html\b[^>]{0,1000}?\slang\s{0,9}=\s{0,9}[\"']?([\w-]{2,35})",
        r"<html\b[^>]{0,1000}?\sxml:lang\s{0,9}=\s{0,9}[\"']?([\w-]{2,35})",
        r"\"inLanguage\"\s{0,9}:\s{0,9}(?:\[\s{0,9})?\"([\w-]{2,35})",  # JSON-LD
        r"<meta\b[^>]{0,200}?[\"']?content-language[\"']?[^>]{0,200}?\scontent=[\"']?([\w-]{2,35})",
        r"<meta\b[^>]{0,200}?[\"']?og:locale[\"']?[^>]{0,200}?\scontent=[\"']?([\w-]{2,35})",
    )
)
_ENDS = re.compile(rb"</(?:html|body)\b")
_BEGINS = re.compile(rb"<(?:html|body)\b")
_OPENED = re.compile(
    rb"<(?:(!--)|(/?)(script|style|template|article|section|main|div|span|table|blockquote|h[1-6]|p)(?![\w:-]))"
)


def read_html(raw: bytes) -> Found:
    """A saved page: its article without navigation and the like; title, outlet, author, date and canonical address."""
    import trafilatura

    if not raw.strip():
        raise BadFile("is empty")
    tags = len(_TAG.findall(raw))
    if tags > MOST_TAGS:
        raise BadFile(f"has {tags:,} tags; at most {MOST_TAGS:,} are read")
    options: dict[str, Any] = {"with_metadata": True, "include_comments": False, "favor_precision": True}
    document = trafilatura.bare_extraction(raw, include_tables=False, **options)
    if document is None:
        options["favor_precision"] = False
        document = trafilatura.bare_extraction(raw, include_tables=False, **options)
    text = (document.text or "").strip() if document is not None else ""
    if text and _CELL.search(raw):
        whole = trafilatura.bare_extraction(raw, include_tables=True, **options)
        text = _with_cells(text, (whole.text or "").strip() if whole is not None else "")
    if not re.search(r"\w{2}[.!?]", text) or not is_prose(text):
        raise BadFile("holds no article: no running text was found in the page")
    if within := ends_within(raw):
        raise BadFile(f"is cut off: the page ends within a <{within}> and without </html>; save it anew")
    title = (document.title or "").strip()
    known = Provenance(
        title, document.sitename or "", document.author or "", day(document.date), web_address(document.url),
        _language_of_page(raw),
    )  # fmt: skip
    return Found(with_headline(title, text), known)


def _with_cells(text: str, whole: str) -> str:
    """An article's `text` with the sentences in its tables, each a line of its own at its place in `whole`, the same
    text with the rows of its tables as "| cell | cell |"; what is no sentence is left out.

    Where `whole` differs in more than that, tables make the page's layout, and `text` stays as it is.
    """
    lines: list[str] = []
    outside: list[str] = []
    for line in whole.split("\n"):
        if not line.startswith("|"):
            lines.append(line)
            outside.append(line)
            continue
        cells = (cell.strip() for cell in line.strip("| ").split(" | "))
        lines += [cell for cell in cells if len(cell.split()) >= _LEAST_WORDS and _ENDS_SENTENCE.search(cell)]
    return "\n".join(lines) if outside == text.split("\n") else text


def ends_within(raw: bytes) -> str:
    """The name of an element that a whole page must close and this one doesn't, "" where it is there to its end.

    A page may leave out </body> and </html>, so only one that does is looked at; and </p>, but then it closes none.
    """
    page = raw.lower()
    if _ENDS.search(page) or not _BEGINS.search(page):
        return ""
    closes, at = b"</p" in page, 0
    still: Counter[str] = Counter()
    while found := _OPENED.search(page, at):
        at = found.end()
        name = "!-- --" if found[1] else found[3].decode()
        if found[2]:
            still[name] -= still[name] > 0
            still["p"] = 0 if name != "span" else still["p"]
        elif name in ("!-- --", "script", "style"):
            # What looks like an element in there is none.
            at = page.find(b"-->" if found[1] else b"</" + found[3], at)
            if at < 0:
                return name
        elif name == "p":
            still[name] = int(closes)  # a paragraph ends where the next one begins
        else:
            still[name] += 1
    return next((name for name, many in still.items() if many), "")


def _language_of_page(raw: bytes) -> str:
    """What a page's head says of its language: the library that reads the page drops it."""
    head = raw[:_HEAD].replace(b"\0", b"").decode("latin-1")
    said = (pattern.search(head) for pattern in _LANGUAGES_OF_A_PAGE)
    return next((tag for match in said if match and (tag := language_or_none(match[1]))), "")
