"""Where a file and a workspace say different things of a claim or a pair: what a person has to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Generic

from claims.article import content_hash
from workbench.articles import PUBLISHED
from workbench.histories import Said, position, standing
from workbench.pair_judgements import PAIR_JUDGEMENTS
from workbench.pair_rows import PairJudgement
from workbench.rows import VerdictRow
from workbench.scales import verdict_words
from workbench.statuses import STATUSES

HERE, FILE = "here", "file"
CHOICES: dict[str, str] = {HERE: "Keep what is here", FILE: "Take what the file says, too"}


@dataclass(frozen=True, slots=True)
class State:
    """Where a claim stands: its status, who is in charge, its note for readers, and of a final verdict in a file why
    fewer sources did."""

    status: str
    assignee: str = ""
    note: str = ""
    exception: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Divergence:
    """A claim (or a pair, as `what` says, with the id that `pair_id` gives it) of which the file and the workspace say
    different things: what stands on either side, why the program does not choose by itself, and what comes of taking
    the file's. `said` is the hash of all that the file says of it."""

    claim_id: str
    claim_text: str
    here: str
    file: str
    why: str
    outcome: str
    said: str
    what: str = "claim"

    def __str__(self) -> str:
        return (
            f"{self.what} {self.claim_id} “{' '.join(self.claim_text.split())}”: here {self.here}; in the file "
            f"{self.file} ({self.why}). If the file’s is taken, {self.outcome}"
        )


@dataclass(frozen=True, slots=True)
class History(Generic[Said]):
    """What people said of one thing here (`there`, newest first) and in a file (`given`, oldest first)."""

    there: Sequence[Said]
    given: Sequence[Said]

    @property
    def new(self) -> tuple[Said, ...]:
        """What the file says that is not here, oldest first."""
        known = set(map(_itself, self.there))
        return tuple(one for one in self.given if _itself(one) not in known)

    @property
    def ahead(self) -> tuple[Said, ...]:
        """What was said here that the file doesn't know, with what was taken back here alone."""
        known = {_itself(one): one for one in self.given}
        return tuple(
            one
            for one in self.there
            if _itself(one) not in known or (one.withdrawn_at and not known[_itself(one)].withdrawn_at)
        )

    @property
    def taken_back(self) -> tuple[tuple[int, Said], ...]:
        """What stands here and what the file knows as taken back, with its id here."""
        known = {_itself(one): one for one in self.given if one.withdrawn_at}
        return tuple(
            (one.id, known[_itself(one)]) for one in self.there if not one.withdrawn_at and _itself(one) in known
        )

    @property
    def goes_on(self) -> bool:
        """Whether the file's history is this one's with more after it (or this one is empty): it can be followed."""
        last = max((one.at for one in self.there), default="")
        return not self.ahead and all(one.at > last for one in self.new)

    @property
    def changed(self) -> bool:
        """Whether the file holds something else that one person said at one time."""
        times = {(one.reviewer, one.at) for one in self.there}
        return any((one.reviewer, one.at) in times for one in self.new)


@dataclass(frozen=True, slots=True)
class Meeting(History[VerdictRow]):
    """A claim's verdicts here and in a file, and where it stands on either side."""

    here: State
    file: State

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
        if self.changed:
            return "a verdict of one person and time was changed", "both are in the history, and the file’s stands."
        mine, theirs = standing(self.there), standing(reversed(self.given))
        if mine is None or theirs is None or position(mine) != position(theirs):
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
            _hash(self.given, self.file),
        )


@dataclass(frozen=True, slots=True)
class PairMeeting(History[PairJudgement]):
    """A pair's judgements here and in a file; of these the newest that was not taken back counts."""

    def apart(self) -> tuple[str, str] | None:
        """As `Meeting.apart`."""
        if not self.there or self.goes_on or not (self.new or self.taken_back):
            return None
        if self.changed:
            return "a judgement of one person and time was changed", "both are in the history, and the file’s stands."
        mine, theirs = standing(self.there), standing(reversed(self.given))
        if (mine and mine.judgement) == (theirs and theirs.judgement):
            return None
        outcome = "both are in the history, and the file’s stands." if theirs else "it is taken back here, too."
        return "the judgements that stand differ", outcome

    def divergence(self, texts: tuple[str, str]) -> Divergence | None:
        """What to show a person; None where nothing is in question."""
        found = self.apart()
        if found is None:
            return None
        one = self.given[0]
        return Divergence(
            pair_id((one.claim_a, one.claim_b)),
            " / ".join(texts),
            _said_of_pair(standing(self.there)),
            _said_of_pair(standing(reversed(self.given))),
            *found,
            _hash(self.given),
            what="pair",
        )


def pair_id(pair: tuple[str, str]) -> str:
    """What a pair is called where a choice is made: both claims' ids with a plus between."""
    return "+".join(pair)


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


def _said_of_pair(row: PairJudgement | None) -> str:
    if row is None:
        return "no judgement stands"
    why = f": “{row.note}”" if row.note else ""
    return f"{PAIR_JUDGEMENTS[row.judgement]} by {row.reviewer}, {row.at[:16].replace('T', ' ')} UTC{why}"


def _hash(given: Sequence[VerdictRow] | Sequence[PairJudgement], state: State | None = None) -> str:
    """Of what a file says, whatever number each row had where it was written."""
    return content_hash(repr([replace(one, id=0) for one in given]), repr(state))


def _itself(row: VerdictRow | PairJudgement) -> tuple:
    # In which round a verdict counts, each workspace says for itself: a file may not know of a withdrawal here.
    return tuple(getattr(row, item.name) for item in fields(row) if item.name not in ("id", "withdrawn_at", "round"))
