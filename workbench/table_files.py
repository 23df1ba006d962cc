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
_FORMULA = "[=+\\-@\uff1d\uff0b\uff0d\uff20]"  # the last four are the first four in full width
# What spreadsheets leave away, or nobody sees, in front of a formula.
_UNSEEN = "\\x00-\\x08\\x0b\\x0c\\x0e-\\x20\\x7f-\\xa0\\xad\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff'"
_RUNS = re.compile(rf"'*(?:[\t\r]|[{_UNSEEN}\t\r\n]*{_FORMULA})")
_RUNS_INSIDE = re.compile(rf"(?<=[;\t\r\n])(?=[{_UNSEEN}\"]*{_FORMULA})")
_GUARD_INSIDE = re.compile(rf"(?<=[;\t\r\n])'(?=[{_UNSEEN}\"]*{_FORMULA})")


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
    """`value`, with an apostrophe in front where a spreadsheet would take it for a formula, and in front of each part
    that one would take for a cell of its own where it parts them at a semicolon, a tab or a line's end (where cells are
    parted so, quotation marks don't hold a text together). `from_text` undoes it."""
    return ("'" if _RUNS.match(value) else "") + _RUNS_INSIDE.sub("'", value)


def from_text(cell: str) -> str:
    """What `as_text` made a cell of."""
    plain = _GUARD_INSIDE.sub("", cell)
    return plain[1:] if plain.startswith("'") and _RUNS.match(plain[1:]) else plain


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as CSV in UTF-8 with a byte order mark; texts quoted and as `as_text` makes them, numbers as they are."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow(columns)
    # All texts in quotation marks: a spreadsheet that parts cells at other signs, too, then keeps them whole.
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([as_text(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
