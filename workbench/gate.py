"""What a verdict needs before it is final: what the settings say, unless an editor said otherwise on the desk."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from sqlalchemy import Connection

from workbench.errors import BadGate
from workbench.log import name_here, write_log
from workbench.meta import drop_fact, fact, keep_fact
from workbench.people import DECIDE
from workbench.store import Store

MOST_SOURCES = 20
_NAME = "gate"


@dataclass(frozen=True, slots=True)
class Gate:
    """What a verdict needs before it is final: a rationale, so many independent sources besides the claim's own
    (statements ticked as evidence and sites of web addresses) or a stated exception, and a second reviewer's verdict.
    """

    rationale: bool = True
    sources: int = 2
    second_review: bool = False

    def in_words(self) -> str:
        """As the log says it: "a rationale, 2 independent sources"."""
        needs = ["a rationale"] if self.rationale else []
        if self.sources:
            needs.append(f"{self.sources} independent source{'s' if self.sources > 1 else ''}")
        if self.second_review:
            needs.append("a second reviewer’s verdict")
        return ", ".join(needs) or "nothing"


def gate_of(store: Store, settings: Gate) -> Gate:
    """The gate of this desk: what an editor set on it, else that of the `settings`."""
    with store.reading() as connection:
        return standing_gate(connection, settings)


def standing_gate(connection: Connection, settings: Gate) -> Gate:
    """As `gate_of`, inside a transaction."""
    kept = fact(connection, _NAME)
    return Gate(**json.loads(kept)) if kept else settings


def set_gate(store: Store, gate: Gate, settings: Gate, reviewer: str) -> None:
    """Sets the gate of this desk for every verdict that is made final from now on; one like that of the `settings`
    follows these again.

    Raises:
        ReviewerMissing, NotAllowed: nobody is named, or not an editor.
        BadGate: more sources than MOST_SOURCES, or fewer than none.
    """
    reviewer = name_here(store, reviewer)
    if not 0 <= gate.sources <= MOST_SOURCES:
        raise BadGate(f"{gate.sources} independent sources; choose a whole number from 0 to {MOST_SOURCES}")
    with store.writing(DECIDE, reviewer) as connection:
        before = standing_gate(connection, settings)
        if gate == settings:
            drop_fact(connection, _NAME)
        else:
            keep_fact(connection, _NAME, json.dumps(asdict(gate)))
        if gate != before:
            write_log(connection, reviewer, "gate", before=before.in_words(), after=gate.in_words())
