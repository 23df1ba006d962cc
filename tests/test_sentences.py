"""Where a sentence ends."""

from __future__ import annotations

import time

import pytest

from claims.language import LanguageModel
from claims.sentences import _MISSED, LONGEST_SENTENCE, sentence_spans


@pytest.fixture(scope="module")
def sentences():
    language = LanguageModel()

    def of(text: str) -> list[str]:
        (doc,) = language.read([text])
        return [text[start:end] for start, end in sentence_spans(doc)]

    return of


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The bill was £3m.", "The council paid it."),
        ("The firm paid $40.5m.", "It later sold the site."),
        ("It was leaked by a clerk 😀", "The clerk was fired."),
        ("They came to the ward 👍🏽👍🏽", "All of them were glad."),
        ("The vote was held on Friday.", "It was leaked."),
    ],
)
def test_two_sentences_are_cut_where_the_first_ends(sentences, first, second):
    assert sentences(f"{first} {second}") == [first, second]


def test_a_row_of_emoji_is_gone_through_once():
    began = time.monotonic()
    for row in ("👏🏽" * 3000, "😀" * 20_000):
        assert _MISSED.search(row) is None
    assert time.monotonic() - began < 2


def test_a_missing_space_hides_no_end(sentences):
    assert len(sentences("The vote was held on Friday.It was leaked by a clerk.")) == 2


@pytest.mark.parametrize(
    "text",
    [
        "The wall cost £3m. to build, they said.",
        "I ❤️ London and all of its parks.",
        "😀 The clerk was fired on Friday.",
        "We sent flowers to the 👏 Nurses of the north.",
        "The plan was drafted by Dr. A. Smith of the U.S. Treasury at 5 p.m. on Friday.",
    ],
)
def test_one_sentence_stays_whole(sentences, text):
    assert sentences(text) == [text]


def test_no_sentence_is_endless_and_each_is_cut_behind_a_pause(sentences):
    text = "The wall fell, " * 400 + "they said."
    found = sentences(text)
    assert len(found) > 3 and max(map(len, found)) <= LONGEST_SENTENCE
    assert " ".join(found) == text and all(one.endswith((",", ".")) for one in found)


def test_an_end_before_a_small_letter_is_kept_where_the_sentence_would_be_endless(sentences):
    found = sentences("the wall fell. " * 300)
    assert len(found) > 2 and max(map(len, found)) <= LONGEST_SENTENCE


def test_a_long_sentence_stays_whole(sentences):
    text = "The council said " + "that the wall fell and " * 50 + "that nobody was hurt."
    assert len(text) > 1000 and sentences(text) == [text]
