"""A statement's card: the office of its speaker, and that two may speak of different periods."""

from __future__ import annotations

from dataclasses import replace

from claims.article import Article, Provenance
from claims.language import LanguageModel
from embeddings.reasons import Explainer
from tests import story
from views import cards, pair_cards
from workbench.pairs import related
from workbench.queries import claim_detail

ROSE = "Crime rose sharply across the city in 2015."
FELL = "Crime fell sharply across the city in 2019."


def test_a_card_names_the_office_of_the_speaker_and_the_periods_that_may_differ(tmp_path) -> None:
    articles = tuple(Article(f"{title}\n{text}", Provenance(title)) for title, text in (("One", ROSE), ("Two", FELL)))
    one, other = (
        story.claim_at(article, text, speaker, "", "reported", 0.5)
        for article, text, speaker in zip(articles, (ROSE, FELL), ("Laura Finch", "Tom Holt"), strict=True)
    )
    other = replace(other, attribution=replace(other.attribution, role="chief constable"))
    reasons = Explainer(None, LanguageModel()).explain([(one, other)], None)[0]
    told = story.fill(
        tmp_path, articles, [one, other], [story.relation_between(one, other, "contradicts", True, 0.9, tuple(reasons))]
    )
    (row,) = related(told.store, one.id).contradicts
    card = str(pair_cards.related_statement(row))
    assert "may be about different periods: 2015 / 2019" in card
    assert "Tom Holt" in card and 'class="cc-role"' in card and "chief constable" in card
    own = [str(cards.claim_in_place(claim_detail(told.store, claim.id))) for claim in (one, other)]
    assert ["chief constable" in shown for shown in own] == [False, True]
