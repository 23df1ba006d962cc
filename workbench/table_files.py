"""Tables as files: CSV and Excel workbooks of which no spreadsheet runs a cell, and JSON lines."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TEXT_ALONE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MOST_IN_A_CELL = 32_767
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def json_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as JSON lines in UTF-8."""
    lines = (json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) for row in rows)
    return "".join(f"{line}\n" for line in lines).encode()


def excel(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]) -> bytes:
    """An Excel workbook of these sheets, each a name, the columns and the rows; no cell is a formula."""
    import pandas as pd

    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="xlsxwriter", engine_kwargs={"options": dict(_TEXT_ALONE)}) as writer:
        for sheet, columns, rows in sheets:
            cells = [[_in_a_cell(cell) for cell in row] for row in rows]
            pd.DataFrame(cells, columns=list(columns)).to_excel(writer, sheet_name=sheet, index=False)
            writer.sheets[sheet].freeze_panes(1, 0)
    return out.getvalue()


def _in_a_cell(value: Any) -> Any:
    """What Excel can hold: no control characters, at most 32,767 letters; where it is cut, it says so at its end."""
    if not isinstance(value, str):
        return value
    value = _CONTROLS.sub("", value)
    if len(value) <= _MOST_IN_A_CELL:
        return value
    cut = f" … (cut: {len(value):,} letters are too many for Excel; the CSV holds them all)"
    return value[: _MOST_IN_A_CELL - len(cut)] + cut


def as_text(value: str) -> str:
    """`value`, with an apostrophe in front where a spreadsheet would take it for a formula; `from_text` undoes it."""
    inside = value.lstrip("'")
    runs = inside.startswith(_FORMULA) or inside.lstrip().startswith(_FORMULA)
    return "'" + value if runs else value


def from_text(cell: str) -> str:
    """What `as_text` made a cell of."""
    return cell[1:] if cell.startswith("'") and as_text(cell[1:]) == cell else cell


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as CSV in UTF-8 with a byte order mark; texts as `as_text` makes them, numbers as they are."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([as_text(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
