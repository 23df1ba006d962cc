"""Two desks and the files between them, for the tests of imports."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path

from tests.workbench_fakes import fake_line, write_texts
from workbench.ingest import Line


def desk_line(tmp_path: Path) -> Line:
    """A workspace with the articles of `tmp_path / "texts"`, where another desk finds them, too."""
    line = fake_line(tmp_path / "workspace")
    line.ingest([write_texts(tmp_path / "texts")])
    return line


def values(row: object) -> dict:
    """A verdict or judgement without its number, which every workspace gives anew."""
    return {name: getattr(row, name) for name in row.__slots__ if name != "id"}


def changed(content: bytes, column: str, newest: Mapping = {}, cells: Mapping[str, str] = {}) -> bytes:
    """The file with these values in the `newest` entry of the first history in `column`, and `cells` in its line, where
    ID stands for its claim's."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    row = next(row for row in rows if row[column])
    history = json.loads(row[column])
    history[0].update(newest)
    row[column] = json.dumps(history)
    row.update({name: cell.replace("ID", row.get("claim_id", "")) for name, cell in cells.items()})
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
