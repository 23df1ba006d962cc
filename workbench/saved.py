"""Views of the claim list that a desk keeps under a name: which filters are set. Shared by everybody."""

from __future__ import annotations

import json

from sqlalchemy import Connection, text

from workbench.errors import BadName, NameTaken
from workbench.log import name_here, write_log
from workbench.meta import drop_fact, fact, keep_fact
from workbench.people import JUDGE
from workbench.store import Store

_PREFIX = "view:"
LONGEST = 58  # the name stands in a column of 64 characters, behind the prefix


def saved_views(store: Store) -> dict[str, dict[str, str]]:
    """The filters of each view by its name, in the order of the names."""
    with store.reading() as connection:
        rows = connection.execute(
            text("SELECT name, value FROM meta WHERE substr(name, 1, :length) = :prefix ORDER BY name"),
            {"length": len(_PREFIX), "prefix": _PREFIX},
        ).all()
    return {row.name.removeprefix(_PREFIX): json.loads(row.value) for row in rows}


def save_view(
    store: Store, name: str, filters: dict[str, str], reviewer: str, instead_of: object | None = None
) -> None:
    """Keeps filters under a name, in place of what this person kept under it. Raises BadName, ReviewerMissing,
    NotAllowed, and NameTaken where somebody else keeps other filters under it, unless it is given what these are."""
    reviewer = name_here(store, reviewer)
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST:
        raise BadName(f"a view's name has 1 to {LONGEST} characters, not {len(name)}")
    with store.writing(JUDGE, reviewer) as connection:
        before = fact(connection, _PREFIX + name)
        there = before and json.loads(before)
        if before and there not in (filters, instead_of) and (who := _kept_by(connection, name)) != reviewer:
            raise NameTaken(
                f"{who or 'somebody else'} keeps other filters as {name!r}; choose another name, or save once more to "
                "put yours in their place",
                there,
            )
        write_log(connection, reviewer, "view", subject=name, before=before or "", after=_in_words(filters))
        keep_fact(connection, _PREFIX + name, _in_words(filters))


def _kept_by(connection: Connection, name: str) -> str | None:
    return connection.execute(
        text("SELECT who FROM log WHERE what = 'view' AND subject = :name ORDER BY id DESC LIMIT 1"), {"name": name}
    ).scalar()


def forget_view(store: Store, name: str, reviewer: str) -> None:
    """Drops a view; nothing happens where there is none of that name. Raises ReviewerMissing, NotAllowed."""
    reviewer = name_here(store, reviewer)
    with store.writing(JUDGE, reviewer) as connection:
        gone = drop_fact(connection, _PREFIX + name)
        if gone is not None:
            write_log(connection, reviewer, "view", subject=name, before=gone)


def _in_words(filters: dict[str, str]) -> str:
    return json.dumps(filters, ensure_ascii=False)
