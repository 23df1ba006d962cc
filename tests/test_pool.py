"""Many articles are read in several processes, with the same claims in the same order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from claims import ClaimExtractor, pool
from claims.reading import article_from_text

TEXTS = [
    f"The council closed {number} bridges in May.\nMary Holt said that rust had eaten the cables of {number} bridges.\n"
    for number in range(3, 12)
]


def test_many_articles_give_the_claims_that_each_gives_alone(monkeypatch):
    articles = [article_from_text(text) for text in TEXTS]
    extractor = ClaimExtractor()
    alone = [extractor.extract(article) for article in articles]
    assert all(alone)
    assert list(extractor.extract_all(articles)) == alone
    monkeypatch.setattr(pool, "MANY", 5)
    assert list(extractor.extract_all(articles)) == alone


PARENT = """
from claims import ClaimExtractor, pool
from claims.reading import article_from_text
pool.MANY = 1
if __name__ == "__main__":
    articles = [article_from_text(f"The council closed {n} bridges in May because of rust.") for n in range(2000)]
    for claims in ClaimExtractor().extract_all(articles):
        print("read", flush=True)
"""


def test_no_worker_outlives_a_parent_that_is_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    root = str(Path(__file__).parent.parent)
    environment = {**os.environ, "PYTHONPATH": root}
    parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, env=environment, cwd=root)
    assert parent.stdout.readline() == b"read\n"
    children = _children(parent.pid)
    assert children
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 20
    while any(_alive(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [child for child in children if _alive(child)]


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
