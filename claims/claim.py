"""A claim: a stretch of an article that states something, and who states it."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("statement", "quotation", "reported", "headline", "linked_headline")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says a claim and how the article says so.

    `speaker` is the resolved name ("Mary Holt"), `role` the office that the text gives it ("mayor of the city"); both
    are empty where the article speaks for itself. `cue` is the words that report ("said"), `mention` those that name
    the source in this place ("She"). Offsets count characters of the article's text; None where nothing in the text
    stands for it.
    """

    speaker: str = ""
    cue: str = ""
    cue_start: int | None = None
    cue_end: int | None = None
    mention: str = ""
    mention_start: int | None = None
    mention_end: int | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that a claim is about: its kind, one of `claims.topics.TOPICS`, and what it is called."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """One attribution as it stands in the article, claim or not: characters of cue, source and contents.

    `cue` and `source` are None where no words stand for them.
    """

    cue: tuple[int, int] | None
    source: tuple[int, int] | None
    contents: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim. `text` is always `article.text[char_start:char_end]`.

    `kind` is one of KINDS: the article's own statement, a direct quotation, reported speech, this article's headline,
    or the headline of another story that is linked in the middle of the text. `before` and `after` are the words around
    it: the rest of its own sentence and the sentence before or after that. `standalone` reads without the article
    (the sentence with its pronouns resolved where that is sure, else the same as `text`). `assertion` is what kind of
    thing it says, one of `claims.assertions.ASSERTIONS`; `check_worthiness` the probability (0 to 1) that it deserves
    a check; `topics` is what it names. `id` is a hash of the article, the text and its place among equal texts, so that
    reading again gives the same ids.
    """

    id: str
    article_id: str
    text: str
    char_start: int
    char_end: int
    paragraph_start: int
    paragraph_end: int
    before: str
    after: str
    kind: str
    attribution: Attribution
    standalone: str
    check_worthiness: float
    assertion: str
    topics: tuple[Topic, ...] = ()

    @property
    def speaker(self) -> str:
        return self.attribution.speaker
