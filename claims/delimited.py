"""Rows of a .csv file, whatever stands between its cells: a comma, a semicolon, a tab or a bar."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

from claims.found import BadFile

_BETWEEN = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
_NOTHING = "\x1f"  # stands between no cells: under one name a whole line is the cell


def rows_of(text: str, known: Callable[[list[str]], int], longest: int) -> Iterator[list[str]]:
    """The cells of each row, none for an empty line. What parts them is what parts the head into most names that are
    `known` (how many of some names are), as commas in the statements say nothing of it.

    Raises BadFile, with the number of the row: more cells than the head has, quotation marks that open or close no
    cell, a cell of more than `longest` characters.
    """
    csv.field_size_limit(longest)
    # Strict: otherwise a quotation mark that isn't closed takes in the rest of the file as one cell.
    manner = _manner(text, known)
    rows = csv.reader(io.StringIO(text, newline=""), strict=True, **manner)
    number, width = 0, 0
    try:
        for number, cells in enumerate(rows, 1):
            width = width or (len(cells) if any(cells) else 0)
            if any(cells[width:]):
                filled = max(place for place, cell in enumerate(cells, 1) if cell)
                first = next(filter(None, cells[width:]))[:40]
                mark = _BETWEEN.get(str(manner["delimiter"]), "a control character")
                raise BadFile(
                    f"row {number} has {filled:,} cells under a head of {width:,}, past which stands {first!r}; "
                    f"put a statement that holds {mark} between quotation marks"
                )
            yield cells
    except csv.Error as error:
        raise BadFile(f"row {number + 1} can't be read: {_why(error, longest)}") from error


def _manner(text: str, known: Callable[[list[str]], int]) -> dict[str, str | bool]:
    """How the cells are parted."""
    head = next((line for line in io.StringIO(text, newline=None) if line.strip()), "")
    split = {between: head.split(between) for between in _BETWEEN}
    between = max(_BETWEEN, key=lambda one: (known(split[one]), len(split[one])))
    if len(split[between]) == 1:
        return {"delimiter": _NOTHING}
    return {"delimiter": between, "skipinitialspace": head.count(between) == head.count(f"{between} ")}


def _why(error: csv.Error, longest: int) -> str:
    if "field limit" in str(error):
        return f"a cell of it has more than {longest:,} characters"
    return "a quotation mark in it opens or closes no cell; within a cell that is quoted, write it twice"
