"""Coverage-guided fuzzing of every reader: files, lists of pages and robots.txt.

    python -m venv env && env/bin/pip install -r requirements.txt atheris==3.0.0
    python -m benchmarks fuzz FOLDER --python env/bin/python --seconds 600

Inputs are mutated towards code that was not reached yet. A find is what a reader raises but for a refusal in words,
what no database would take (null characters, half characters, no date), a refusal that is no sentence, or more than
five seconds of processor time on twenty kilobytes. ``FOLDER/finds`` holds the files, ``.why`` beside each; a second run
goes on from ``FOLDER/corpus``.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.hostile import KINDS as HOSTILE
from benchmarks.hostile import NO_SENTENCE, PROSE, docx_of, pdf_of, xlsx_of
from claims.formats import READERS
from claims.statements import STATEMENT_FILES

PINNED = "atheris==3.0.0"
LISTS, ROBOTS = ".xml", "robots.txt"  # feeds and sitemaps; what a site asks of programs
KINDS = (".txt", *READERS, *STATEMENT_FILES, LISTS, ROBOTS)
PACKED = {".docx": docx_of, ".xlsx": lambda words: xlsx_of([["text", "speaker", "date"], [words, "A", "2025-04-02"]])}
LONGEST = 20_000  # bytes of an input
ROUNDS = 3  # of every kind of hostile file
# Far longer than an input may be, and slow to make.
_LARGE = {"docx_bomb", "table_bomb", "pdf_bomb", "one_long_line", "line_breaks", "huge_page", "huge_attribute"}
_PAGE = (
    '<!doctype html><html lang="en"><head><title>Harbour</title><meta name="author" content="Ada Byron"><link '
    'rel="canonical" href="https://a.example/b"><meta property="article:published_time" content="2025-04-02"></head>'
    f"<body><article><h1>Harbour</h1><p>{'</p><p>'.join(PROSE)}</p></article></body></html>"
)
_REVIEW = {
    "@context": "https://schema.org", "@type": "ClaimReview", "url": "https://a.example/1", "inLanguage": "en",
    "datePublished": "2025-05-01", "author": {"name": "The Checkers"}, "claimReviewed": PROSE[0],
    "reviewRating": {"@type": "Rating", "alternateName": "False"},
}  # fmt: skip
_MAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://a.example/1</loc></url></urlset>'
SOUND: tuple[tuple[str, str], ...] = (
    (".txt", "Harbour wall\n\nBy Ada Byron, 2 April 2025\n\n" + "\n\n".join(PROSE)),
    *((kind, _PAGE) for kind in (".html", ".htm", ".xhtml")),
    (".eml", f"From: A <a@b.example>\nSubject: Wall\nDate: Wed, 02 Apr 2025 10:00:00 +0100\n\n{PROSE[0]}\n"),
    (".eml", f"From: a@b.example\nContent-Type: text/html; charset=utf-8\nContent-Language: en\n\n{_PAGE}"),
    (
        ".srt",
        f"1\n00:00:01,000 --> 00:00:04,000\nMARIT ODUYA: {PROSE[2]}\n\n2\n00:00:05,000 --> 00:00:06,000\n- Yes.\n",
    ),
    (".vtt", f"WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Marit Oduya>{PROSE[2]}</v>\n"),
    (".csv", f'text,speaker,outlet,date,url\n"{PROSE[0]}",Jon,Ledger,2025-04-02,https://a.example/1\n'),
    (".jsonl", json.dumps({"text": PROSE[0], "speaker": "Jon", "date": "2025-04-02"}) + "\n"),
    *((kind, json.dumps(_REVIEW)) for kind in (".json", ".jsonld")),
    (LISTS, "<rss><channel><item><title>A</title><link>https://a.example/1</link></item></channel></rss>"),
    (LISTS, '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/a"/></entry></feed>'),
    (LISTS, _MAP),
    (LISTS, _MAP.replace("urlset", "sitemapindex").replace("url>", "sitemap>")),
    (
        ROBOTS,
        "User-agent: *\nDisallow: /private\nAllow: /*.html$\nCrawl-delay: 2\nSitemap: https://a.example/map.xml\n",
    ),
)


# A file's words in marks, where anything may stand.
_QUOTED = re.compile(r"""(?<!\w)(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")


def is_clear(said: str) -> bool:
    """Whether a refusal is a sentence for people, and not too long a one."""
    return len(said) <= 400 and not NO_SENTENCE.search(_QUOTED.sub("", said))


class FuzzerMissing(Exception):
    """The fuzzer isn't installed in the interpreter that was named."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="for the corpus and what is found")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--python", default=sys.executable, help=f"an interpreter that has {PINNED} and the program's")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """A line for each find, and how many inputs were tried on how much code."""
    if subprocess.run([args.python, "-c", "import atheris"], capture_output=True, check=False).returncode:
        raise FuzzerMissing(f"{args.python} has no fuzzer; install it there: {args.python} -m pip install {PINNED}")
    plant(args.folder / "seeds")
    command = [args.python, "-m", "benchmarks.fuzz_driver", str(args.folder), str(args.seconds)]
    with (args.folder / "log").open("w") as log:
        subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=False)
    return found_in(args.folder)


def found_in(folder: Path) -> tuple[list[str], dict]:
    """What a run left in its folder."""
    log = (folder / "log").read_text(errors="replace")
    done = re.search(r"Done (\d+) runs in (\d+) second", log)
    covered = re.findall(r"cov: (\d+)", log)
    whys = sorted((folder / "finds").glob("*.why"))
    lines = [f"{why.stem}: {why.read_text(errors='replace').splitlines()[0]}" for why in whys]
    return lines, {
        "readers": len(KINDS),
        "inputs": int(done[1]) if done else None,
        "seconds": int(done[2]) if done else None,
        "covered": int(covered[-1]) if covered else None,
        "finds": len(whys),
        "ended": bool(done),  # false: the fuzzer itself was ended by an input
    }


def plant(folder: Path) -> None:
    """Writes the inputs that the fuzzer begins with: sound files of every kind, and hostile ones."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, content in seeds():
        data = bytes([KINDS.index(kind)]) + content
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def seeds() -> Iterator[tuple[str, bytes]]:
    """Kinds and contents; of a packed document a byte for the part, and the part."""
    for kind, words in SOUND:
        yield kind, words.encode()
    yield ".pdf", pdf_of("\n".join(PROSE))
    for kind in PACKED:
        with zipfile.ZipFile(io.BytesIO(packed(kind))) as package:
            for number, name in enumerate(package.namelist()):
                if package.getinfo(name).file_size < LONGEST:
                    yield kind, bytes([number]) + package.read(name)
    for kind in HOSTILE:
        for number in range(0 if kind.__name__ in _LARGE else ROUNDS):
            one = kind(random.Random(f"{kind.__name__} {number}"))
            if one.name in KINDS and one.name not in PACKED and len(one.raw) < LONGEST:
                yield one.name, one.raw


def packed(kind: str) -> bytes:
    """A sound packed document."""
    return PACKED[kind]("\n\n".join(PROSE))
