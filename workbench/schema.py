"""The tables. What is stored changes only through a migration in `migrations/versions`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Float, ForeignKey, Index, LargeBinary, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

VERSION = "0030"  # the newest migration


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        }
    )


class ArticleRecord(Base):
    """`id` is `claims.Article.id`, and stays when the article is edited. `extracted_by` names what found its claims;
    NULL: not read yet. `given` holds ready-made statements, [[start, end, speaker, standalone], …].

    `next_text` and `next_given` are an edited version whose claims were not looked for yet: with these it takes the
    place of `text`, in one step. `text_hash` is the newest version's `claims.Article.text_hash`. `story_id` joins
    articles that are copies of one another (the least id of them; "" for one that has none); `sketch` and `shingles`
    tell them (see `workbench.stories`), NULL until they were worked out. `url` is the address that the article calls
    its own, else the one where it was first read; `language` a tag (BCP 47), "" where nothing says it."""

    __tablename__ = "articles"
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    outlet: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    date: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text, server_default="")
    file_name: Mapped[str] = mapped_column(Text)
    added_at: Mapped[str] = mapped_column(String(40))
    extracted_by: Mapped[str | None] = mapped_column(Text)
    given: Mapped[list[Any]] = mapped_column(JSON, server_default="[]")
    next_text: Mapped[str | None] = mapped_column(Text)
    next_given: Mapped[list[Any] | None] = mapped_column(JSON)
    text_hash: Mapped[str] = mapped_column(String(16), server_default="")
    story_id: Mapped[str] = mapped_column(String(16), server_default="")
    sketch: Mapped[bytes | None] = mapped_column(LargeBinary)
    shingles: Mapped[int] = mapped_column(server_default="0")
    __table_args__ = (
        Index(None, "text_hash"),
        Index(None, "story_id"),
        Index(None, "url"),
        Index("ix_articles_unread", "id", sqlite_where=extracted_by.is_(None)),
    )


class AppearanceRecord(Base):
    """Append-only: where an article was seen, and when. `place` is the web address without its fragment, else the
    file's path; `text_hash` the text that stood there; `archive_hash` the SHA-256 of the bytes that were read, which
    `workbench.archive` keeps ("": nothing was kept)."""

    __tablename__ = "appearances"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"))
    place: Mapped[str] = mapped_column(Text)
    outlet: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(String(16))
    archive_hash: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[str] = mapped_column(String(40))
    __table_args__ = (Index(None, "article_id", "id"), Index(None, "place"), {"sqlite_autoincrement": True})


class VersionRecord(Base):
    """Append-only: a text that an article had until it was seen edited, at `until`."""

    __tablename__ = "article_versions"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"))
    text_hash: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    until: Mapped[str] = mapped_column(String(40))
    __table_args__ = (Index(None, "article_id", "id"), Index(None, "text_hash"), {"sqlite_autoincrement": True})


class ClaimRecord(Base):
    """A `claims.Claim`, flat.

    `current` is false for a claim that the text no longer yields but that people judged. `related_by` names what judged
    its pairs (see `workbench.ingest`); NULL: not all judged yet. `contradiction` is the score of its strongest
    contradiction that nobody dismissed, or where none is proper of its strongest tension, NULL where there is neither;
    `contradiction_strict` tells the two apart. `attention` is the place in the queue: that score (half of it for a
    tension) times `check_worthiness`, less 2 once somebody has judged the claim and nothing has come up since;
    `blind_attention` is the same without that score, for whoever is not to know it.
    `group_id` joins claims that say the same (see `workbench.groups`). All three are derived from `relations` and
    `pair_judgements` and kept here so that 100,000 claims can be ordered. `status`, `assignee` and `public_note` are
    what the log's newest rows left; `revision` counts the changes of status, verdict and `look_again`, and of what a
    verdict speaks of: words, speaker, whether the text still yields them;
    `look_again` says what came up against a final verdict, "" where nothing did or people have seen it;
    `blind_look_again` is the same without what a contradicting pair brought, for whoever is not to know of pairs.
    """

    __tablename__ = "claims"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"))
    text: Mapped[str] = mapped_column(Text)
    char_start: Mapped[int]
    char_end: Mapped[int]
    paragraph_start: Mapped[int]
    paragraph_end: Mapped[int]
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(32))
    speaker: Mapped[str] = mapped_column(Text)
    speaker_read: Mapped[str] = mapped_column(Text, server_default="")
    role: Mapped[str] = mapped_column(Text, server_default="")
    cue: Mapped[str] = mapped_column(Text)
    cue_start: Mapped[int | None]
    cue_end: Mapped[int | None]
    mention: Mapped[str] = mapped_column(Text)
    mention_start: Mapped[int | None]
    mention_end: Mapped[int | None]
    standalone: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(String(16))
    check_worthiness: Mapped[float] = mapped_column(Float)
    assertion: Mapped[str] = mapped_column(String(16), server_default="")
    topics: Mapped[str] = mapped_column(Text, server_default="[]")
    current: Mapped[bool] = mapped_column()
    related_by: Mapped[str | None] = mapped_column(Text)
    contradiction: Mapped[float | None] = mapped_column(Float)
    contradiction_strict: Mapped[bool] = mapped_column(Boolean, server_default="0")
    attention: Mapped[float] = mapped_column(Float)
    blind_attention: Mapped[float] = mapped_column(Float, server_default="0")
    group_id: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16), server_default="unreviewed")
    assignee: Mapped[str] = mapped_column(Text, server_default="")
    public_note: Mapped[str] = mapped_column(Text, server_default="")
    revision: Mapped[int] = mapped_column(server_default="0")
    look_again: Mapped[str] = mapped_column(Text, server_default="")
    blind_look_again: Mapped[str] = mapped_column(Text, server_default="")
    __table_args__ = (
        Index("ix_claims_order", "current", attention.desc(), check_worthiness.desc(), "article_id", "char_start"),
        Index("ix_claims_blind_order", "current", blind_attention.desc(), "article_id", "char_start"),
        Index(None, "article_id", "char_start"),
        Index(None, "current", "article_id"),
        Index(None, "current", "contradiction"),
        Index(None, "speaker", "current"),
        Index(None, "speaker_read"),
        Index(None, "assertion", "current"),
        Index(None, "text_hash"),
        Index(None, "group_id"),
        Index(None, "status", "current"),
        Index(None, "assignee", "current"),
        Index(None, "look_again"),
        Index("ix_claims_unrelated", "id", sqlite_where=current & related_by.is_(None)),
    )


class TopicRecord(Base):
    """What a current claim is about, once more beside `claims.topics` (JSON, [[kind, name], …]), to be counted."""

    __tablename__ = "claim_topics"
    claim_id: Mapped[str] = mapped_column(ForeignKey("claims.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    __table_args__ = (Index(None, "kind", "name"),)


class VectorRecord(Base):
    """`halves` is `dimension` float16 numbers, little-endian; `text_hash` is the content hash of `standalone`."""

    __tablename__ = "vectors"
    text_hash: Mapped[str] = mapped_column(String(16), primary_key=True)
    model_id: Mapped[str] = mapped_column(Text, primary_key=True)
    dimension: Mapped[int]
    halves: Mapped[bytes] = mapped_column(LargeBinary)


class RelationRecord(Base):
    """An `embeddings.judgement.Relation`; one row a pair. `judged_by` names the ingest settings that it comes from,
    `found_at` since when the pair has this relation ("": since before that was noted), `standing` what a conflict's
    `worth` becomes by the others there are (`embeddings.standing`), `listed` whether a list has it unasked."""

    __tablename__ = "relations"
    claim_a: Mapped[str] = mapped_column(ForeignKey("claims.id", ondelete="CASCADE"), primary_key=True)
    claim_b: Mapped[str] = mapped_column(ForeignKey("claims.id", ondelete="CASCADE"), primary_key=True)
    model_id: Mapped[str] = mapped_column(Text)
    judged_by: Mapped[str] = mapped_column(Text)
    relation: Mapped[str] = mapped_column(String(32))
    strict: Mapped[bool] = mapped_column(Boolean)
    score: Mapped[float] = mapped_column(Float)
    similarity: Mapped[float] = mapped_column(Float)
    contradiction: Mapped[float] = mapped_column(Float)
    entailment_ab: Mapped[float] = mapped_column(Float)
    entailment_ba: Mapped[float] = mapped_column(Float)
    tension: Mapped[float] = mapped_column(Float)
    reasons: Mapped[list[Any]] = mapped_column(JSON)
    found_at: Mapped[str] = mapped_column(String(40), server_default="")
    worth: Mapped[float] = mapped_column(Float, server_default="1")
    standing: Mapped[float] = mapped_column(Float, server_default="1")
    listed: Mapped[bool] = mapped_column(Boolean, server_default="1")
    __table_args__ = (
        CheckConstraint("claim_a < claim_b", name="ordered"),
        Index(None, "claim_b"),
        Index("ix_relations_order", "relation", strict.desc(), standing.desc(), score.desc(), "listed"),
        Index(None, "model_id"),
    )


class ScoreRecord(Base):
    """What an entailment model said of a pair of texts, kept only until the pairs of an ingest are all stored."""

    __tablename__ = "scores"
    pair_hash: Mapped[str] = mapped_column(String(16), primary_key=True)
    model_id: Mapped[str] = mapped_column(Text, primary_key=True)
    contradiction: Mapped[float] = mapped_column(Float)
    entailment: Mapped[float] = mapped_column(Float)
    neutral: Mapped[float] = mapped_column(Float)
    tension: Mapped[float] = mapped_column(Float)


class VerdictRecord(Base):
    """Append-only. The snapshot (`article_id` to `char_end`) says what was judged, whatever becomes of the claim.

    `step` is one of `workbench.verdicts.STEPS`; `label` the verdict in the outlet's words where these differ;
    `addresses` the web addresses of the evidence; `public_note` what readers are told of a correction; `unseen`: a
    second review's, given while the first verdict was hidden from its reviewer; `round` counts how often the claim's
    verdict had been withdrawn from the public before.
    """

    __tablename__ = "verdicts"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    claim_id: Mapped[str] = mapped_column(ForeignKey("claims.id"))
    verdict: Mapped[str] = mapped_column(String(32))
    rationale: Mapped[str] = mapped_column(Text)
    reviewer: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(40))
    evidence: Mapped[list[Any]] = mapped_column(JSON)
    article_id: Mapped[str] = mapped_column(String(16))
    claim_text: Mapped[str] = mapped_column(Text)
    char_start: Mapped[int]
    char_end: Mapped[int]
    step: Mapped[str] = mapped_column(String(16), server_default="review")
    label: Mapped[str] = mapped_column(Text, server_default="")
    public_note: Mapped[str] = mapped_column(Text, server_default="")
    addresses: Mapped[list[Any]] = mapped_column(JSON, server_default="[]")
    unseen: Mapped[bool] = mapped_column(Boolean, server_default="0")
    round: Mapped[int] = mapped_column(server_default="0")
    __table_args__ = (
        Index(None, "claim_id", "id"),
        Index(None, "reviewer", "claim_id", "id"),
        {"sqlite_autoincrement": True},
    )


class WithdrawalRecord(Base):
    """Append-only: a verdict that its reviewer took back. What still stands is the view `standing_verdicts`."""

    __tablename__ = "verdict_withdrawals"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    verdict_id: Mapped[int] = mapped_column(ForeignKey("verdicts.id"), unique=True)
    reviewer: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(40))
    __table_args__ = ({"sqlite_autoincrement": True},)


class PairJudgementRecord(Base):
    """Append-only; `claim_a` < `claim_b`. `machine_…` is what the machine said of the pair at that time ("" and NULL:
    nothing), `machine_settings` names the thresholds; `blind`: the person had not been shown it."""

    __tablename__ = "pair_judgements"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    claim_a: Mapped[str] = mapped_column(ForeignKey("claims.id"))
    claim_b: Mapped[str] = mapped_column(ForeignKey("claims.id"))
    judgement: Mapped[str] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(Text)
    reviewer: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(40))
    machine_relation: Mapped[str] = mapped_column(String(32), server_default="")
    machine_model: Mapped[str] = mapped_column(Text, server_default="")
    machine_settings: Mapped[str] = mapped_column(Text, server_default="")
    machine_score: Mapped[float | None] = mapped_column(Float)
    blind: Mapped[bool] = mapped_column(Boolean, server_default="0")
    __table_args__ = (
        CheckConstraint("claim_a < claim_b", name="ordered"),
        Index(None, "claim_a", "claim_b", "id"),
        Index(None, "claim_b"),
        {"sqlite_autoincrement": True},
    )


class JudgementWithdrawalRecord(Base):
    """Append-only: a judgement of a pair that its reviewer took back. What still stands is the view
    `standing_judgements`."""

    __tablename__ = "judgement_withdrawals"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    judgement_id: Mapped[int] = mapped_column(ForeignKey("pair_judgements.id"), unique=True)
    reviewer: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(40))
    __table_args__ = ({"sqlite_autoincrement": True},)


class LeftHereRecord(Base):
    """Append-only: a claim or pair that a person left as it stands here when a file said otherwise of it, so that
    nobody is asked again. `about` is `Divergence.claim_id`, `said` the hash of what the file said."""

    __tablename__ = "left_here"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    about: Mapped[str] = mapped_column(Text)
    said: Mapped[str] = mapped_column(String(16))
    reviewer: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(40))
    __table_args__ = (Index(None, "about"), {"sqlite_autoincrement": True})


class SpeakerNameRecord(Base):
    """Append-only: who is read as `read` goes by `name`, in the article `article_id` or ("") everywhere."""

    __tablename__ = "speaker_names"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    read: Mapped[str] = mapped_column(Text)
    article_id: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(Text)
    reviewer: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(40))
    __table_args__ = (Index(None, "read", "article_id", "id"), {"sqlite_autoincrement": True})


class LogRecord(Base):
    """Append-only: every change that a person made; `what` is one of `workbench.log.WHAT`. `before` and `after` are the
    values in short, `subject` names what is no claim (the pair's other claim, an article, a speaker)."""

    __tablename__ = "log"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[str] = mapped_column(String(40))
    who: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(String(32))
    claim_id: Mapped[str | None] = mapped_column(ForeignKey("claims.id"))
    subject: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        Index(None, "claim_id", "id"),
        Index(None, "subject"),
        Index(None, "who"),
        {"sqlite_autoincrement": True},
    )


class JobRecord(Base):
    """Work in a process of its own; `state` is queued, running, done or failed."""

    __tablename__ = "jobs"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(Text)
    done: Mapped[int]
    total: Mapped[int]
    message: Mapped[str] = mapped_column(Text)
    pid: Mapped[int | None]
    created_at: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[str | None] = mapped_column(String(40))
    updated_at: Mapped[str] = mapped_column(String(40))
    ended_at: Mapped[str | None] = mapped_column(String(40))
    __table_args__ = ({"sqlite_autoincrement": True},)


class WaitingRecord(Base):
    """What was given to be read and is not yet: a path (inside the workspace as seen from there) or a web address. A
    page that was fetched has the `address` where it was read; `at` is when that was, else when it was given."""

    __tablename__ = "waiting"
    path: Mapped[str] = mapped_column(Text, primary_key=True)
    address: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(40))


class MetaRecord(Base):
    """Small facts about the workspace, by name."""

    __tablename__ = "meta"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
