"""What the reads return of pairs of claims, and of statements that stand beside one another: frozen dataclasses, as
`workbench.rows`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Why:
    """A reason for a relation: its kind, its words, and the characters it rests on in either statement's text."""

    kind: str
    words: str
    spans_a: tuple[tuple[int, int], ...] = ()
    spans_b: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim with what a reader needs to place it; `story` is the same for articles that are copies of one text."""

    claim_id: str
    text: str
    before: str
    after: str
    kind: str
    speaker: str
    role: str
    cue: str
    article_id: str
    title: str
    outlet: str
    date: str
    url: str
    story: str


@dataclass(frozen=True, slots=True)
class Link:
    """What the machine found between two claims, a and b; all numbers are 0 to 1."""

    relation: str
    strict: bool
    score: float
    similarity: float
    contradiction: float
    entailment_ab: float
    entailment_ba: float
    tension: float
    reasons: tuple[Why, ...]
    model_id: str


@dataclass(frozen=True, slots=True)
class PairJudgement:
    """What a person said of a pair; `claim_a` < `claim_b`; `withdrawn_at` is "" while it stands. `machine_…` is what
    the machine had said of the pair ("" and None: nothing); `blind`: the person had not been shown it."""

    id: int
    claim_a: str
    claim_b: str
    judgement: str
    note: str
    reviewer: str
    at: str
    machine_relation: str = ""
    machine_model: str = ""
    machine_settings: str = ""
    machine_score: float | None = None
    blind: bool = False
    withdrawn_at: str = ""


@dataclass(frozen=True, slots=True)
class RelatedRow:
    """Another claim beside the one looked at; `link.entailment_ab` goes from this claim to `other`."""

    other: Statement
    link: Link
    judgement: PairJudgement | None


@dataclass(frozen=True, slots=True)
class RelatedGroups:
    """A claim's relations under their headings, strongest first; `supports` holds those that say the same, too."""

    contradicts: tuple[RelatedRow, ...]
    supports: tuple[RelatedRow, ...]
    related: tuple[RelatedRow, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Statements that say the same, and how many independent sources stand behind them."""

    statements: tuple[Statement, ...]
    sources: int


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two claims and what stands between them; `judgement` is the newest."""

    a: Statement
    b: Statement
    link: Link
    judgement: PairJudgement | None


@dataclass(frozen=True, slots=True)
class Which:
    """Which conflicts a list has besides the likely ones: those that people set aside, those that are doubtful."""

    set_aside: bool = False
    doubtful: bool = False


USUAL = Which()


@dataclass(frozen=True, slots=True)
class PairPage:
    """Some pairs; `total` counts all that fit, `doubtful` the machine's conflicts that are listed only if asked for."""

    rows: tuple[PairRow, ...]
    total: int
    doubtful: int = 0
