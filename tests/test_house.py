"""Rules of the house that no single feature would notice broken."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("claims", "embeddings", "workbench", "views")
MODULES = [path for room in (*ROOMS, "benchmarks") for path in sorted((ROOT / room).rglob("*.py"))] + [ROOT / "app.py"]


def imported(path: Path) -> set[str]:
    """Top-level packages that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path):
    room = room_of(path)
    if room in ROOMS:
        higher = set(ROOMS[ROOMS.index(room) + 1 :])
        assert not imported(path) & (higher | {"benchmarks", "tests"})


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_screen_imports_streamlit(path):
    assert "streamlit" not in imported(path) or room_of(path) in {"views", "app.py"}


def test_the_program_names_nobody_from_the_seed_articles():
    names = {
        name.split()[-1]
        for path in (ROOT / "seeds").glob("*.txt")
        for name in re.findall(
            r"\b(?:Ms|Mr|Dame|Sir|Baroness) ([A-Z]\w+(?: [A-Z]\w+)?)", path.read_text(encoding="utf-8")
        )
    }
    assert len(names) >= 5
    for path in MODULES:
        found = {name for name in names if re.search(rf"\b{name}\b", path.read_text(encoding="utf-8"))}
        assert not found, f"{path.relative_to(ROOT)} knows {', '.join(found)}"


def test_every_requirement_is_pinned_to_one_version():
    for name in ("requirements.txt", "embeddings/second/requirements.txt", "tests/requirements.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                assert re.fullmatch(r"[\w.\[\]-]+==[\w.]+", line.strip()), f"{name}: {line}"


def test_what_ships_fits_into_fifty_megabytes():
    files = [path for name in ("model", "second") for path in (ROOT / "embeddings" / name).rglob("*")]
    assert sum(path.stat().st_size for path in files if path.is_file()) < 50e6
