"""Where a file of verdicts and a workspace say different things of a claim: what a person has to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from workbench.rows import VerdictRow
from workbench.scales import verdict_words
from workbench.verdicts import PUBLISHED, STATUSES, standing

HERE, FILE = "here", "file"
CHOICES: dict[str, str] = {HERE: "Keep what is here", FILE: "Take what the file says, too"}
_OF_ITSELF = tuple(item.name for item in fields(VerdictRow) if item.name not in ("id", "withdrawn_at"))


@dataclass(frozen=True, slots=True)
class State:
    """Where a claim stands: its status, who is in charge, and its note for readers."""

    status: str
    assignee: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Divergence:
    """A claim of which the file and the workspace say different things: what stands on either side, why the program
    does not choose by itself, and what comes of taking the file's."""

    claim_id: str
    claim_text: str
    here: str
    file: str
    why: str
    outcome: str

    def __str__(self) -> str:
        return (
            f"claim {self.claim_id} “{' '.join(self.claim_text.split())}”: here {self.here}; in the file {self.file} "
            f"({self.why}). If the file’s is taken, {self.outcome}"
        )


@dataclass(frozen=True, slots=True)
class Meeting:
    """A claim's verdicts here (`there`, newest first) and in a file (`given`, oldest first), and where it stands on
    either side."""

    there: Sequence[VerdictRow]
    given: Sequence[VerdictRow]
    here: State
    file: State

    @property
    def new(self) -> tuple[VerdictRow, ...]:
        """The file's verdicts that are not here, oldest first."""
        known = set(map(_itself, self.there))
        return tuple(one for one in self.given if _itself(one) not in known)

    @property
    def ahead(self) -> tuple[VerdictRow, ...]:
        """The verdicts of here that the file doesn't know, those that were taken back here alone among them."""
        known = {_itself(one): one for one in self.given}
        return tuple(
            one
            for one in self.there
            if _itself(one) not in known or (one.withdrawn_at and not known[_itself(one)].withdrawn_at)
        )

    @property
    def taken_back(self) -> tuple[tuple[int, VerdictRow], ...]:
        """The verdicts that stand here and that the file knows as taken back, with their ids here."""
        known = {_itself(one): one for one in self.given if one.withdrawn_at}
        return tuple(
            (one.id, known[_itself(one)]) for one in self.there if not one.withdrawn_at and _itself(one) in known
        )

    @property
    def goes_on(self) -> bool:
        """Whether the file's history is this one's with more after it (or this one is empty): it can be followed."""
        last = max((one.at for one in self.there), default="")
        return not self.ahead and all(one.at > last for one in self.new)

    def apart(self) -> tuple[str, str] | None:
        """Why a person must decide, and what comes of taking the file's; None where nothing is in question."""
        if not self.there or (self.ahead and not self.new and not self.taken_back):
            return None
        published = self.here.status in PUBLISHED
        if self.goes_on and not (published and self.file.status not in PUBLISHED):
            if self.new or self.taken_back or self.here == self.file:
                return None
            return "the same verdicts stand otherwise", f"the claim is {in_words(self.file)}."
        if published and (self.new or self.taken_back):
            return (
                "the verdict here is final, and the file does not follow from it",
                "the verdict here stays, and the claim is marked to be looked at again.",
            )
        if not self.new and not self.taken_back:
            return "the same verdicts stand otherwise", f"the claim is {in_words(self.file)}."
        times = {(one.reviewer, one.at) for one in self.there}
        if any((one.reviewer, one.at) in times for one in self.new):
            return "a verdict of one person and time was changed", "both are in the history, and the file’s stands."
        mine, theirs = standing(self.there), standing(reversed(self.given))
        if mine is None or theirs is None or _said(mine) != _said(theirs):
            if mine and theirs and mine.reviewer != theirs.reviewer:
                outcome = "both are in the history as a dispute, which a third person decides."
            else:
                outcome = "both are in the history, and the file’s stands."
            return "the verdicts that stand differ", outcome
        return None

    def divergence(self, claim_text: str) -> Divergence | None:
        """What to show a person; None where nothing is in question."""
        found = self.apart()
        if found is None:
            return None
        return Divergence(
            self.given[0].claim_id,
            claim_text,
            _side(standing(self.there), self.here),
            _side(standing(reversed(self.given)), self.file),
            *found,
        )


def in_words(state: State) -> str:
    """A state as people read it."""
    parts = [STATUSES.get(state.status, state.status).lower()]
    parts += [f"{state.assignee} in charge"] if state.assignee else []
    parts += [f"the note for readers “{state.note}”"] if state.note else []
    return ", ".join(parts)


def _side(row: VerdictRow | None, state: State) -> str:
    if row is None:
        return f"no verdict stands, {in_words(state)}"
    why = f": “{row.rationale}”" if row.rationale else ""
    at = row.at[:16].replace("T", " ")
    return f"{verdict_words(row.verdict, row.label)} by {row.reviewer}, {at} UTC{why}, {in_words(state)}"


def _said(row: VerdictRow) -> tuple[str, str]:
    return row.verdict, row.label


def _itself(row: VerdictRow) -> tuple:
    return tuple(getattr(row, name) for name in _OF_ITSELF)
