"""From what a model says of two claims to their relation: where the lines are drawn, and what counts less."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from claims import Claim
from embeddings.entailment import Entailment, EntailmentModel, is_shipped
from embeddings.pair_scale import PairScale, conflict_of
from embeddings.reasons import Reason, names_in_common
from embeddings.standing import with_odds, worth_of

RELATIONS = ("contradicts", "supports", "same_claim", "related")
# The strongest that a model can say against a pair.
_CLASH = Entailment(contradiction=1.0, entailment=0.0, neutral=0.0, tension=1.0)

Scores = tuple[Entailment, Entailment]  # of one → other, and of other → one


@dataclass(frozen=True, slots=True)
class RelationSettings:
    """How many pairs are judged and where the lines are drawn; all thresholds are 0 to 1.

    `neighbours` is the number of candidates a claim in a collection of up to `generous_up_to` claims; in a larger one
    only claims of at least `least_worth_in_large` check-worthiness ask for candidates, `neighbours_in_large` each, and
    the others stand beside those that found them; pairs below the cosine `alike_in_large` that could not be in
    conflict by the weights below, whatever the model said, are not judged there. `contradiction_threshold` bears on the
    strict reading (both can't be true), `tension_threshold` on the loose one (hard to believe both),
    `tension_threshold_in_large` on that in a larger collection, where weak tensions are many and few people have the
    time to look through them: as shipped, two people whom one article quotes can be in tension there, and two articles
    that share names. Where the model brings a scale of what readers found between such pairs, every conflict must reach
    `conflict_threshold` on that, and the contradiction only says whether it is a strict one. `related_threshold` is a
    cosine.
    Statements at least as alike as the cosine `near` support each other from `near_support_threshold` on: of such pairs
    in ClaimDiff readers said of 19 in 20 that one strengthens the other.
    Below the cosine `full_relevance`, contradiction and tension count in proportion to it: classifiers call statements
    about different things contradictory, people don't. Below the likeness `one_story` of what stands around them in two
    articles they count in proportion to that: readers seldom find a conflict between different stories; in a larger
    collection, which holds more of them, below `one_story_in_large` if that is more. A `full_relevance` or `one_story`
    of 0 switches that off. Tension counts whole between two people whom one article quotes; elsewhere in one it counts
    `tension_elsewhere`, and between two articles `tension_sharing_names` where both hold `names_to_share` telling names
    of several words, `tension_without_names` where they don't: of 2,189 pairs drawn by chance that were read, 11 in 100
    conflict where one article quotes two people, 5 where it quotes one, 4 (11 of 245) of two articles that share two
    such names, and 2 (29 of 1,503) of others; what each counts was chosen by how many of the conflicts so found are
    real, of read stories and of similar sentences. `odds_elsewhere` is what the odds of a contradiction count unless
    two people are quoted in one article, in its `score`, by which conflicts are ordered: what is all but certain stays
    so, and of the rest readers find fewer real there. Without a scale, a conflict's score must reach `score_threshold`,
    in a larger collection `score_threshold_in_large`. Both statements of a conflict need a check-worthiness of
    `least_worth_of_conflict`, or a contradiction as plain as `plain_contradiction`. A second model is asked where the
    first one reaches the share `second_opinion_from` of the lines of a conflict.
    """

    neighbours: int = 20
    generous_up_to: int = 2000
    neighbours_in_large: int = 10
    least_worth_in_large: float = 0.2
    alike_in_large: float = 0.5
    contradiction_threshold: float = 0.75
    tension_threshold: float = 0.47
    tension_threshold_in_large: float = 0.85
    score_threshold: float = 0.0
    score_threshold_in_large: float = 0.6
    conflict_threshold: float = 0.25
    tension_elsewhere: float = 0.66
    tension_sharing_names: float = 0.9
    tension_without_names: float = 0.5
    names_to_share: int = 2
    odds_elsewhere: float = 0.2
    support_threshold: float = 0.5
    near: float = 0.6
    near_support_threshold: float = 0.15
    same_claim_threshold: float = 0.7
    related_threshold: float = 0.25
    full_relevance: float = 0.35
    one_story: float = 0.7
    one_story_in_large: float = 0.85
    least_worth_of_conflict: float = 0.005
    plain_contradiction: float = 0.9
    second_opinion_from: float = 0.5

    def for_size(self, claims: int) -> RelationSettings:
        """The settings by which a collection of so many claims is judged."""
        if claims <= self.generous_up_to:
            return self
        return replace(
            self,
            neighbours=self.neighbours_in_large,
            tension_threshold=self.tension_threshold_in_large,
            score_threshold=self.score_threshold_in_large,
            one_story=self.one_story and max(self.one_story, self.one_story_in_large),
        )

    def nearly(self) -> RelationSettings:
        """The same with lines by which whatever a second model should be asked of is a conflict."""
        lines = (
            "contradiction_threshold",
            "tension_threshold",
            "score_threshold",
            "conflict_threshold",
            "plain_contradiction",
        )
        return replace(self, **{line: self.second_opinion_from * getattr(self, line) for line in lines})


@dataclass(frozen=True, slots=True)
class Relation:
    """A judged pair; `claim_a` < `claim_b`. `score` (0 to 1) is the strength of `relation`.

    `strict` tells a contradiction proper from two statements in tension. `contradiction` and `tension` join both
    directions and are less where one statement says what the other says, or where they are of different stories; the
    score of a conflict counts less than these unless one article quotes two people.
    `entailment_ab` is the probability that a entails b, `model_id` names the model whose word counted. `worth` (0 to 1)
    is how likely a reader calls a conflict real that stands alone, see `embeddings.standing`; 1 where another model
    than the shipped ones judged.
    """

    claim_a: str
    claim_b: str
    relation: str
    strict: bool
    score: float
    similarity: float
    contradiction: float
    entailment_ab: float
    entailment_ba: float
    tension: float
    reasons: tuple[Reason, ...]
    model_id: str
    worth: float = 1.0


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What a model's words count between two claims: for and against, and whether that makes a conflict. `said` is
    the contradiction before anything was made less."""

    said: float
    contradiction: float
    tension: float
    support: float
    strict: bool
    against: float
    in_conflict: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """What is known of two claims before a model is asked: their cosine, what their stories let conflicts count,
    whether two articles share so many names that they tell one story, and the likeness of what stands around them."""

    one: Claim
    other: Claim
    similarity: float
    weight: float
    shares_names: bool
    likeness: float

    @property
    def one_article(self) -> bool:
        """Whether both claims stand in one article."""
        return self.one.article_id == self.other.article_id

    @property
    def two_quoted(self) -> bool:
        """Whether one article quotes somebody with either."""
        return self.one_article and bool(self.one.speaker and self.other.speaker)

    @property
    def check_worthiness(self) -> float:
        """The lesser of both."""
        return min(self.one.check_worthiness, self.other.check_worthiness)

    def judged(
        self, scores: Scores, settings: RelationSettings, model: EntailmentModel, share: float = 1.0
    ) -> Relation | None:
        """Their relation, from what `model` said of one → other and of other → one; None where there is none. Of a
        conflict `share` (0 to 1) remains.

        Where the model brings a scale of its own for pairs, tension and support are read off that.
        """
        forward, backward = scores
        found = self._weighed(scores, settings, model, share)
        entailed = forward.entailment, backward.entailment
        contradicted = max(entailed) <= max(forward.contradiction, backward.contradiction)
        enough = settings.near_support_threshold if self.similarity >= settings.near else settings.support_threshold
        if found.in_conflict:
            name, score = "contradicts", found.against
        elif min(entailed) >= settings.same_claim_threshold:
            name, score = "same_claim", min(entailed)
        elif found.support >= enough and not contradicted:
            name, score = "supports", found.support
        elif self.similarity >= settings.related_threshold:
            name, score = "related", self.similarity
        else:
            return None
        ordered = self.one.id < self.other.id
        a, b = (self.one, self.other) if ordered else (self.other, self.one)
        ab, ba = (forward, backward) if ordered else (backward, forward)
        return Relation(
            claim_a=a.id,
            claim_b=b.id,
            relation=name,
            strict=found.strict and found.in_conflict,
            score=round(score, 4),
            similarity=round(self.similarity, 4),
            contradiction=round(found.contradiction, 4),
            entailment_ab=round(ab.entailment, 4),
            entailment_ba=round(ba.entailment, 4),
            tension=round(found.tension, 4),
            reasons=names_in_common(a.text, b.text),
            model_id=model.model_id,
            worth=self.worth(share * found.said) if found.in_conflict and is_shipped(model.model_id) else 1.0,
        )

    def _weighed(self, scores: Scores, settings: RelationSettings, model: EntailmentModel, share: float) -> _Weighed:
        forward, backward = scores
        weight = share * self.weight
        relevance = weight * share_of_full(self.similarity, settings.full_relevance)
        said = conflict_of(forward, backward)
        contradiction, tension = (relevance * strength for strength in said)
        support = max(forward.entailment, backward.entailment)
        scale: PairScale | None = model.scale
        line = settings.tension_threshold
        if scale is not None:
            tension, support = scale.probabilities(forward, backward, self.similarity)
            tension *= weight
            line = settings.conflict_threshold
        plain = contradiction
        if not self.two_quoted:
            tension *= self._tension_apart(settings)
            plain = relevance * with_odds(said[0], settings.odds_elsewhere)
        # Wishes, judgements and commonplaces ("we must have trust") clash with half of what is said and settle nothing.
        checkable = self.check_worthiness >= settings.least_worth_of_conflict
        strict = contradiction >= (settings.contradiction_threshold if checkable else settings.plain_contradiction)
        clash = checkable and tension >= line
        against, in_conflict = tension, clash
        if scale is None:
            against = max(plain, tension) if strict else tension
            in_conflict = (clash or strict) and against >= settings.score_threshold
        return _Weighed(said[0], contradiction, tension, support, strict, against, in_conflict)

    def worth(self, contradiction: float) -> float:
        """What their conflict is worth alone, if a shipped model finds so much contradiction in it."""
        return round(worth_of(contradiction, self.similarity, self.likeness, self.check_worthiness), 4)

    def _tension_apart(self, settings: RelationSettings) -> float:
        if self.one_article:
            return settings.tension_elsewhere
        return settings.tension_sharing_names if self.shares_names else settings.tension_without_names

    def worth_asking(self, settings: RelationSettings, models: Iterable[EntailmentModel]) -> bool:
        """Whether the claims are alike enough to be judged for that alone, or one of the models could find them in
        conflict for all that."""
        return self.similarity >= settings.alike_in_large or any(self.can_clash(settings, one) for one in models)

    def can_clash(self, settings: RelationSettings, model: EntailmentModel) -> bool:
        """Whether there is anything that `model` could say by which they are in conflict."""
        return self.in_conflict((_CLASH, _CLASH), settings, model)

    def in_conflict(self, scores: Scores, settings: RelationSettings, model: EntailmentModel) -> bool:
        """Whether they are, by what `model` said."""
        return self._weighed(scores, settings, model, 1.0).in_conflict


def share_of_full(value: float, full: float) -> float:
    """How much of `full` a likeness reaches, 0 to 1; with a `full` of 0 all of it."""
    return min(max(value / full, 0.0), 1.0) if full else 1.0
