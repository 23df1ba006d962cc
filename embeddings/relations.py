"""Which claims of other sources stand beside a claim, and as what: contradicting, supporting, the same, or related."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from claims import Claim
from embeddings.candidates import candidate_pairs
from embeddings.entailment import EntailmentModel
from embeddings.index import VectorIndex
from embeddings.judgement import Pair, Relation, RelationSettings
from embeddings.likeliest import likeliest_first
from embeddings.reasons import Explainer
from embeddings.second_opinion import Opinion, opinions_on
from embeddings.surroundings import Surroundings

# So many pairs are judged at a time. The more, the more sentences of one length go through a model together; the
# fewer, the sooner there is something to see.
_BATCH = 512
_LEAST_WORDS = 3
_NAMING_NOTHING = {
    "and", "are", "but", "does", "for", "had", "has", "have", "her", "him", "his", "its", "not", "our", "she", "that",
    "the", "their", "them", "these", "they", "this", "those", "was", "were", "what", "who", "will", "with", "would",
    "you", "your",
}  # fmt: skip
# Statements about different periods can both be true; what remains of a conflict counts less.
_OTHER_PERIOD = 0.8

Progress = Callable[[int, int], None]


def other_source(one: Claim, other: Claim) -> bool:
    """Another speaker or another article; a stretch of the same words is never its own witness."""
    if one.article_id != other.article_id:
        return True
    apart = one.char_end <= other.char_start or other.char_end <= one.char_start
    return one.speaker != other.speaker and apart


def speaks_for_itself(claim: Claim) -> bool:
    """Whether a claim names enough to be set against another: "That's not leadership" could be about anything."""
    words = re.findall(r"\w+", claim.standalone.lower())
    return sum(len(word) > 2 and word not in _NAMING_NOTHING for word in words) >= _LEAST_WORDS


def find_relations(
    claims: Sequence[Claim],
    new: set[str],
    index: VectorIndex,
    vectors: np.ndarray,
    model: EntailmentModel,
    settings: RelationSettings,
    progress: Progress | None = None,
    explainer: Explainer | None = None,
    written: Mapping[str, date] | None = None,
    second: EntailmentModel | None = None,
) -> Iterator[Relation]:
    """Relations of every candidate pair that touches a claim whose id is in `new`.

    `vectors` (claims, dimension) are the claims' unit vectors in the order of `claims`; `index` holds them all. Pairs
    are judged in both directions, in batches, in a large collection those first that are likeliest to conflict, and
    yielded as the batches come; pairs that are not even related are left out. Of a pair that is not far from a conflict
    by what `model` says, `second` is asked, and its word counts. `explainer` finds the reasons of conflicts, `written`
    gives articles' dates by their ids. A pair that was judged before keeps what stood around it then, though its
    article was read anew since.
    """
    settings = settings.for_size(len(claims))
    place_of = {claim.id: place for place, claim in enumerate(claims)}
    large = len(claims) > settings.generous_up_to
    least_worth = settings.least_worth_in_large if large else 0.0
    telling = {claim.id for claim in claims if speaks_for_itself(claim)}
    asking = {
        claim.id
        for claim in claims
        if claim.id in new and claim.check_worthiness >= least_worth and claim.id in telling
    }
    pairs = candidate_pairs(
        claims,
        asking,
        index,
        vectors,
        settings.neighbours,
        lambda one, other: other.id in telling and other_source(one, other),
    )
    surroundings = Surroundings(claims, vectors)
    models = [one for one in (model, second) if one is not None]
    asked = [surroundings.beside(place_of[a], place_of[b], settings) for a, b in pairs]
    if large:
        asked = likeliest_first(pair for pair in asked if pair.worth_asking(settings, models))
    done = 0
    for batch in _batches(asked, _BATCH):
        said = opinions_on(batch, settings, model, second)
        yield from _relations_of(list(zip(batch, said, strict=True)), explainer, written, settings)
        done += len(batch)
        if progress:
            progress(done, len(asked))


def _relations_of(
    asked: Sequence[tuple[Pair, Opinion]],
    explainer: Explainer | None,
    written: Mapping[str, date] | None,
    settings: RelationSettings,
) -> Iterator[Relation]:
    """The relations there are, conflicts with reasons; what may be about different periods is judged again."""
    found = [(pair, said, pair.judged(said.scores, settings, said.model)) for pair, said in asked]
    conflicts = [one for one in found if one[2] and one[2].relation == "contradicts"]
    yield from (relation for *_, relation in found if relation and relation.relation != "contradicts")
    if explainer is None:
        yield from (relation for *_, relation in conflicts)
        return
    ordered = [tuple(sorted((pair.one, pair.other), key=lambda claim: claim.id)) for pair, *_ in conflicts]
    for (pair, said, relation), reasons in zip(conflicts, explainer.explain(ordered, written), strict=True):
        if any(reason.kind == "period" for reason in reasons):
            again = pair.judged(said.scores, settings, said.model, _OTHER_PERIOD)
            if again is None or again.relation != "contradicts":
                if again is not None:
                    yield again
                continue
            relation = again
        yield replace(relation, reasons=reasons)


def _batches(items: Sequence[Pair], size: int) -> Iterable[Sequence[Pair]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
