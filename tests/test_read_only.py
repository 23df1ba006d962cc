"""A workspace in a folder that may be read and not written: what reads works, what writes says why it does not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import story
from workbench.jobs import ROOT
from workbench.store import FILE_NAME
from workbench.verdicts import record_verdict

Run = Callable[..., subprocess.CompletedProcess]
# Root may write everywhere, unless it does without that right.
AS_OTHERS = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    told = story.tell(tmp_path / "workspace")
    record_verdict(told.store, told.ids[0], "refuted", "Ida")
    return told.store.folder


@pytest.fixture
def run(folder: Path) -> Iterator[Run]:
    """Runs a command that may not write in that folder; skips where there is no way to forbid it."""
    ask = [*AS_OTHERS, sys.executable, "-c", "import os, sys; print(os.access(sys.argv[1], os.W_OK))", str(folder)]
    for path in (*folder.rglob("*"), folder):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        if (AS_OTHERS and not shutil.which(AS_OTHERS[0])) or subprocess.check_output(ask).strip() != b"False":
            pytest.skip("this machine lets nobody do without the right to write")
        yield lambda *arguments: subprocess.run(
            [*AS_OTHERS, sys.executable, "-m", "workbench", *arguments, "--workspace", str(folder)],
            cwd=ROOT, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
    finally:
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755)


def test_what_reads_works_and_what_writes_says_why_it_does_not(folder, run):
    """SQLite could not even read: "unable to open database file"."""
    out = folder.parent
    for arguments in (("export", f"{out}/claims.csv"), ("export", f"{out}/desk.xlsx"), ("backup", f"{out}/desk.zip")):
        done = run(*arguments)
        assert done.returncode == 0 and done.stdout.startswith("wrote "), done.stderr
    assert b"refuted" in (out / "claims.csv").read_bytes()
    (out / "new.txt").write_text("The wall fell.")
    done = run("ingest", f"{out}/new.txt")
    assert (done.returncode, done.stdout) == (2, "")
    assert "read-only" in done.stderr or "Permission denied" in done.stderr
    assert str(folder) in done.stderr and len(done.stderr.splitlines()) == 1
    assert [path.name for path in folder.iterdir() if path.name.startswith(FILE_NAME)] == [FILE_NAME]
