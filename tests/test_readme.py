"""The README is executable: its commands exist, its links lead somewhere, its command lines run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_each_make_command_is_a_target():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    commands = set(re.findall(r"^ +make (\w+)", README, re.MULTILINE))
    assert commands == {"app", "test"} and commands <= targets


def test_every_link_leads_to_a_file():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert not [link for link in links if not link.startswith("http") and not (ROOT / link).exists()]


def test_the_first_screen_holds_purpose_commands_and_picture():
    first = "\n".join(README.splitlines()[:40])
    assert "fact-checkers" in first and "make app" in first and "make test" in first and "![" in first


@pytest.mark.parametrize("command", sorted(set(re.findall(r"python -m workbench (\w+)", README))))
def test_the_command_line_knows_each_command_of_the_readme(command):
    shown = subprocess.run(
        [sys.executable, "-m", "workbench", command, "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert shown.returncode == 0 and "usage" in shown.stdout


def test_the_manifest_shown_in_the_readme_is_read(tmp_path):
    from claims import read_articles

    manifest = re.search(r"^ +(file,title.*\n) +(letter\.txt.*)$", README, re.MULTILINE)
    (tmp_path / "manifest.csv").write_text(manifest[1] + manifest[2], encoding="utf-8")
    (tmp_path / "letter.txt").write_text("The bridge is closed until May.", encoding="utf-8")
    (article,) = read_articles([tmp_path])
    assert (article.provenance.outlet, article.provenance.date) == ("The Harbour Star", "2024-05-01")
