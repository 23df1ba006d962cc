"""Claims of an article: exact places, stable ids, and nothing that is no statement."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from claims import ClaimExtractor
from claims.checkworthiness import kinds_named
from claims.crowds import crowds_in
from claims.reading import article_from_text

TEXT = (
    "Harbour bridge to reopen next week\n\n"
    "The bridge will reopen on Monday, Mary Holt said. It had been closed for 90 days. Was it safe before?\n\n"
    "“Nobody told us anything about the rust,” said John Reed. “We learned it from the papers.”\n\n"
    "  The repair cost £2.4 million. Think of that!\n"
    "Share this story with your friends on Facebook\n"
)


@pytest.fixture(scope="module")
def extractor():
    return ClaimExtractor()


@pytest.fixture(scope="module")
def claims(extractor):
    return extractor.extract(article_from_text(TEXT))


def test_a_claim_is_the_slice_of_the_text_at_its_offsets(claims):
    assert claims
    assert all(claim.text == TEXT[claim.char_start : claim.char_end] for claim in claims)


def test_the_paragraph_holds_the_claim(claims):
    assert all(c.paragraph_start <= c.char_start < c.char_end <= c.paragraph_end for c in claims)


def test_mentions_and_cues_stand_where_they_say(claims):
    attributed = [claim.attribution for claim in claims if claim.attribution.cue]
    assert attributed
    for attribution in attributed:
        assert TEXT[attribution.cue_start : attribution.cue_end] == attribution.cue
        assert TEXT[attribution.mention_start : attribution.mention_end] == attribution.mention


def test_questions_commands_and_furniture_are_no_claims(claims):
    texts = " | ".join(claim.text for claim in claims)
    assert "Was it safe before?" not in texts
    assert "Think of that!" not in texts
    assert "Share this story" not in texts


def test_reading_again_gives_the_same_ids_and_no_two_alike(extractor, claims):
    again = extractor.extract(article_from_text(TEXT))
    assert [claim.id for claim in again] == [claim.id for claim in claims]
    assert len({claim.id for claim in claims}) == len(claims)


def test_a_sentence_that_stands_twice_gives_two_claims(extractor):
    text = "The bridge is closed to all lorries. The ferry runs all night long. The bridge is closed to all lorries.\n"
    same = [c for c in extractor.extract(article_from_text(text)) if c.text == "The bridge is closed to all lorries."]
    assert len({claim.id for claim in same}) == 2


def test_neighbouring_sentences_are_kept(claims):
    closed = next(claim for claim in claims if claim.text == "It had been closed for 90 days.")
    assert closed.before == "The bridge will reopen on Monday, Mary Holt said."
    assert closed.after == "Was it safe before?"


def test_the_rest_of_its_own_sentence_stands_around_a_claim(claims):
    told = next(claim for claim in claims if claim.text == "Nobody told us anything about the rust")
    assert told.before == "Was it safe before? “"
    assert told.after == ",” said John Reed. “We learned it from the papers.”"


def test_a_statement_with_a_figure_is_worth_more_than_a_wish(extractor):
    text = "The repair of the bridge cost £2.4 million in 2021. We should all hope for better days.\n"
    figure, wish = extractor.extract(article_from_text(text))
    assert figure.check_worthiness > wish.check_worthiness


def test_a_pronoun_is_replaced_in_the_reading_that_stands_alone_and_never_in_the_claim(extractor):
    text = "Mary Holt closed the bridge on Monday. She had known of the rust since May.\n"
    second = extractor.extract(article_from_text(text))[1]
    assert second.text == "She had known of the rust since May."
    assert second.standalone == "Mary Holt had known of the rust since May."


def quickest(work: Callable[[Any], object], pieces: Sequence[Any]) -> float:
    """Seconds of the processor that the quickest of like pieces of work takes: something else may disturb one."""
    taken = []
    for piece in pieces:
        before = time.process_time()
        work(piece)
        taken.append(time.process_time() - before)
    return min(taken)


@pytest.mark.parametrize(
    "unit", ["“he said ", "‘he said ", "said Mary, ", "said Mary. ", "He said “it is so bad here”. "]
)
def test_finding_claims_takes_time_by_the_length_of_the_text(extractor, unit):
    def seconds(length: int) -> float:
        texts = (f"Head\n\n{unit * (length // len(unit))}{end}." for end in ("so", "then"))
        return quickest(extractor.extract, [article_from_text(one) for one in texts])

    seconds(1000)
    # By its square it would take sixteen times as long, and did.
    assert seconds(8000) < 9 * seconds(2000)


def test_who_acts_in_a_paragraph_is_found_in_time_by_its_length(extractor):
    short, long = extractor.language.read(["BBC approved cuts. " * 150, "BBC approved cuts. " * 1200])

    def seconds(doc) -> float:
        assert crowds_in(doc, 0)
        return quickest(lambda one: crowds_in(one, 0), [doc] * 3)

    # By its square it took sixty times as long.
    assert seconds(long) < 20 * seconds(short)


def test_what_a_span_names_is_what_stands_whole_in_it(extractor):
    (doc,) = extractor.language.read(["The Bank of England lent 20 million pounds to Mary Holt in May 2021."])
    assert len(doc.ents) > 2
    for start in range(len(doc)):
        for end in range(start + 1, len(doc) + 1):
            span = doc[start:end]
            assert kinds_named(span) == [entity.label_ for entity in span.ents], span
