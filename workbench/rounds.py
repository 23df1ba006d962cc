"""The rounds in which a claim was judged: what its reviewers said until somebody decided, corrected or withdrew it, and
how far they said the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.histories import DECIDING, opinions, position, still_standing
from workbench.rows import VerdictRow
from workbench.scales import CONCLUSION

NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True, slots=True)
class Round:
    """The reviewers' verdicts of one round, oldest first, those taken back too, and the adjudication or correction that
    closed it (None: it is open, or the verdict was withdrawn from the public)."""

    said: tuple[VerdictRow, ...]
    end: VerdictRow | None = None

    @property
    def opinions(self) -> tuple[VerdictRow, ...]:
        """Each reviewer's newest verdict that stands, the first reviewer's first."""
        return tuple(opinions(still_standing(self.said)).values())


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The newest round that anybody judged in, for a table: the first two reviewers' verdicts, who decided between
    them, and whether all reviewers said the same (see `workbench.histories.position`): "yes", "no", NOT_COMPARABLE
    where they differ and one is words alone; "" with fewer than two, and once the verdict was corrected, since of the
    corrected one nobody else has said anything."""

    first: VerdictRow | None = None
    second: VerdictRow | None = None
    adjudicator: str = ""
    agreement: str = ""


def rounds(verdicts: Sequence[VerdictRow]) -> tuple[Round, ...]:
    """The rounds of a claim's history (newest first, as `verdict_history` gives it), the first round first."""
    found: list[Round] = []
    said: list[VerdictRow] = []
    for row in sorted(verdicts, key=lambda one: one.id):
        if said and row.round != said[-1].round:
            found.append(Round(tuple(said)))
            said = []
        if row.step not in DECIDING:
            said.append(row)
        elif not row.withdrawn_at:
            found.append(Round(tuple(said), row))
            said = []
    return (*found, Round(tuple(said)))


def reviewed(verdicts: Sequence[VerdictRow]) -> Reviewed:
    """Who said what in the newest round of a claim's history."""
    every = rounds(verdicts)
    at = max((place for place, one in enumerate(every) if one.opinions), default=None)
    if at is None:
        return Reviewed()
    said, end = every[at].opinions, every[at].end
    corrected = any(one.end and one.end.step == "correction" for one in every[at:])
    return Reviewed(
        said[0],
        said[1] if len(said) > 1 else None,
        end.reviewer if end and end.step == "adjudication" else "",
        "" if corrected else _agreement(said),
    )


def _agreement(said: Sequence[VerdictRow]) -> str:
    found = agreement_of(list(map(position, said)))
    return NOT_COMPARABLE if found == "no" and any(row.verdict == CONCLUSION.name for row in said) else found


def agreement_of(said: Sequence[str]) -> str:
    """Whether several people said the same: "yes", "no", "" with fewer than two."""
    if len(said) < 2:
        return ""
    return "yes" if len(set(said)) == 1 else "no"
