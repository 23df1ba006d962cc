"""Claims near a text that is in no article."""

from __future__ import annotations

from dataclasses import dataclass, replace

from claims.article import content_hash
from claims.claim import Attribution, Claim
from embeddings.judgement import RELATIONS, Pair, Relation
from embeddings.reasons import telling_names
from embeddings.second_opinion import opinions_on
from workbench.ingest import Line
from workbench.pair_rows import Link, Statement, Why
from workbench.queries import statements
from workbench.vectors import current_claims, encode_unseen, open_index


@dataclass(frozen=True, slots=True)
class Similar:
    """A claim near a text; `link.entailment_ab` goes from the text to the claim."""

    other: Statement
    link: Link


def similar_to(line: Line, text: str, k: int = 10) -> list[Similar]:
    """The `k` nearest claims of the collection, judged against `text` in both directions: contradictions first, then
    supports, then the rest, each strongest first. Those that are not even related are left out. Stores no relation."""
    encode_unseen(line.store, line.encoder, lambda done, total: None)
    claims = current_claims(line.store)
    if not claims:
        return []
    index = open_index(line.store, claims, line.encoder.model_id)
    neighbours = index.search(line.encoder.encode([text]), k)[0]
    by_id = {claim.id: claim for claim in claims}
    others = [by_id[neighbour.id] for neighbour in neighbours]
    asked, placed = _as_claim(text), statements(line.store, by_id.keys() & {other.id for other in others})
    usual = line.settings.relations
    # Few statements stand beside one: the score that keeps a large collection's list of conflicts short is not theirs.
    settings = replace(usual.for_size(len(claims)), score_threshold=usual.score_threshold)
    names = telling_names(text)
    beside = [
        # A typed text stands in no article that could share more: one name that it holds itself has to do.
        Pair(asked, other, neighbour.similarity, 1.0, bool(names & telling_names(other.standalone)), 1.0)
        for other, neighbour in zip(others, neighbours, strict=True)
    ]
    found = []
    for pair, opinion in zip(beside, opinions_on(beside, settings, line.model, line.second), strict=True):
        both, relation = opinion.scores, pair.judged(opinion.scores, settings, opinion.model)
        if relation is not None:
            # The text goes first, whatever the order of the ids that `judged` may have put the pair in.
            link = Link(
                relation.relation,
                relation.strict,
                relation.score,
                relation.similarity,
                relation.contradiction,
                both[0].entailment,
                both[1].entailment,
                relation.tension,
                _whys(relation),
                relation.model_id,
            )
            found.append(Similar(placed[pair.other.id], link))
    order = {name: place for place, name in enumerate(RELATIONS)}
    return sorted(found, key=lambda one: (order[one.link.relation], not one.link.strict, -one.link.score))


def _whys(relation: Relation) -> tuple[Why, ...]:
    return tuple(Why(reason.kind, reason.words) for reason in relation.reasons)


def _as_claim(text: str) -> Claim:
    return Claim(
        id=content_hash(text),
        article_id="",
        text=text,
        char_start=0,
        char_end=len(text),
        paragraph_start=0,
        paragraph_end=len(text),
        before="",
        after="",
        kind="statement",
        attribution=Attribution(),
        standalone=text,
        check_worthiness=1.0,
        assertion="",
    )
