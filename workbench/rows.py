"""What the reads return, but for pairs (`workbench.pair_rows`): frozen dataclasses. "" is "not known", None "no such
thing"; times are UTC ISO 8601."""

from __future__ import annotations

from dataclasses import dataclass

from claims.claim import Claim


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article without its text. `claims` counts the current ones; `read` is false until they were looked for;
    `appearances` counts the places where it was seen, `versions` its earlier texts, `copies` the other articles that
    are copies of it."""

    id: str
    title: str
    outlet: str
    author: str
    date: str
    url: str
    file_name: str
    added_at: str
    claims: int
    read: bool
    appearances: int = 0
    versions: int = 0
    copies: int = 0
    language: str = ""


@dataclass(frozen=True, slots=True)
class Appearance:
    """Where an article was seen: a web address or a file's path, the text that stood there, and under which hash the
    archive keeps what was read ("": it does not)."""

    place: str
    outlet: str
    title: str
    text_hash: str
    archive_hash: str
    kind: str
    at: str


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """All of an article's appearances, the hash of its newest text, its copies (id and title), and when its text was
    found edited."""

    text_hash: str
    appearances: tuple[Appearance, ...]
    copies: tuple[tuple[str, str], ...]
    edited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """A verdict, with a snapshot of the claim as it stood when it was judged; `withdrawn_at` is "" while it stands.

    `evidence` holds claim ids, `addresses` web addresses; `step` is one of `workbench.verdicts.STEPS`, `label` the
    verdict in the outlet's words where these are not the standard ones; `unseen`: a second review's, given while the
    first verdict was hidden from its reviewer; `round` counts how often the claim's verdict had been withdrawn from the
    public before.
    """

    id: int
    claim_id: str
    verdict: str
    rationale: str
    reviewer: str
    at: str
    evidence: tuple[str, ...]
    article_id: str
    claim_text: str
    char_start: int
    char_end: int
    step: str = "review"
    label: str = ""
    public_note: str = ""
    addresses: tuple[str, ...] = ()
    unseen: bool = False
    withdrawn_at: str = ""
    round: int = 0


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A line of the claim list. `contradiction` is the score of the strongest contradiction proper (`strict`), or where
    there is none of the strongest tension; `verdict` the newest, "" if none;
    `changed`: the claim reads otherwise than when that was given; `compared` is false until the machine has judged all
    its pairs. For whoever reads: `mine`, they ever gave a verdict on it; `unseen`, its verdicts are kept from them by a
    second review. `agreed`: the second review is given, and all say the same. `gone`: its article holds it no more."""

    id: str
    text: str
    kind: str
    speaker: str
    role: str
    article_id: str
    title: str
    outlet: str
    date: str
    check_worthiness: float
    assertion: str
    contradiction: float | None
    strict: bool
    verdict: str
    label: str
    reviewer: str
    reviewed_at: str
    status: str
    assignee: str
    look_again: str
    changed: bool = False
    compared: bool = True
    mine: bool = False
    unseen: bool = False
    agreed: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """Some lines of the claim list; `total` counts all that fit the filter, `by_words` those of them that hold the
    words that were looked for: these stand before those that are only near in meaning."""

    rows: tuple[ClaimRow, ...]
    total: int
    by_words: int


@dataclass(frozen=True, slots=True)
class ClaimDetail:
    """One claim with its article. `related` is false until all its pairs were judged by the machine; `current` is
    false for a claim that the text no longer yields and that is kept for what people said of it. `verdicts` holds all
    that were ever given, newest first, `verdict` the newest that stands; `revision` counts the changes."""

    claim: Claim
    article: ArticleRow
    article_text: str
    current: bool
    related: bool
    verdict: VerdictRow | None
    verdicts: tuple[VerdictRow, ...]
    status: str
    assignee: str
    public_note: str
    revision: int
    look_again: str
    blind_look_again: str

    @property
    def paragraph(self) -> str:
        """The paragraph that holds the claim."""
        return self.article_text[self.claim.paragraph_start : self.claim.paragraph_end]


@dataclass(frozen=True, slots=True)
class Facet:
    """A value one can filter by, its words for people, and how many current claims have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What one can filter by; articles as they were added, speakers and topics by number of claims."""

    articles: tuple[Facet, ...]
    speakers: tuple[Facet, ...]
    verdicts: tuple[Facet, ...]
    assertions: tuple[Facet, ...]
    topics: tuple[Facet, ...]
    statuses: tuple[Facet, ...]
    outlets: tuple[Facet, ...]
    assignees: tuple[Facet, ...]
    reviewers: tuple[Facet, ...]


@dataclass(frozen=True, slots=True)
class SpeakerRow:
    """Somebody who says claims: the roles that texts give, longest first, where, and under which other names."""

    name: str
    roles: tuple[str, ...]
    claims: int
    article_ids: tuple[str, ...]
    read_as: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """For the header. `unread_articles` and `unrelated_claims` are what the next ingest has to do; `models` names the
    entailment models that judged the stored pairs."""

    articles: int
    claims: int
    conflicts: int
    judged: int
    unread_articles: int
    unrelated_claims: int
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogRow:
    """A change that a person made; `claim_id` is None where it is no claim's, `claim_text` then "". Of a change to a
    pair `subject` is the other claim, and `subject_text` its text ("" of any other change)."""

    id: int
    at: str
    who: str
    what: str
    claim_id: str | None
    subject: str
    before: str
    after: str
    note: str
    claim_text: str
    subject_text: str = ""


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some lines of the log; `total` counts all that fit."""

    rows: tuple[LogRow, ...]
    total: int
