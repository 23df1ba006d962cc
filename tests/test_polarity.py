"""What a source denies, did not say or was asked never stands as what it asserts."""

from __future__ import annotations

import pytest

from claims import ClaimExtractor
from claims.attribution import reports_read
from claims.language import LanguageModel
from claims.reader import Reader, Tagged
from claims.reading import article_from_text

LEAD = "The harbour bridge has been closed since Monday because of rust in its cables.\n"


@pytest.fixture(scope="module", params=["rules", "reader"])
def said(request):
    """A sentence in, (speaker, kind, claim text) of each of its claims out; by rule, and with the reader that ships."""
    extractor = ClaimExtractor(reader=Reader() if request.param == "reader" else None)

    def read(sentence: str) -> list[tuple[str, str, str]]:
        article = article_from_text(f"{LEAD}{sentence}\n")
        claims = extractor.extract(article)
        assert all(claim.text == article.text[claim.char_start : claim.char_end] for claim in claims)
        return [(claim.speaker, claim.kind, claim.text) for claim in claims[1:]]

    return read


@pytest.mark.parametrize(
    "sentence",
    [
        "Mary Holt denied that the bridge was unsafe.",
        "Mary Holt flatly denied on Monday that the bridge was unsafe.",
        "Mary Holt disputed that the bridge was unsafe.",
        "Mary Holt does not believe the bridge was safe.",
    ],
)
def test_a_denial_is_kept_with_its_reporting_words(said, sentence):
    assert said(sentence) == [("Mary Holt", "reported", sentence)]


def test_a_claim_that_is_rejected_is_not_its_rejecters():
    extractor = ClaimExtractor(reader=Reader())
    for sentence in (
        "Mary Holt rejected claims that the bridge was unsafe.",
        "Mary Holt dismissed suggestions the bridge was unsafe as nonsense.",
        "Mary Holt repeated claims that the bridge was unsafe.",
    ):
        claims = extractor.extract(article_from_text(f"{LEAD}{sentence}\n"))[1:]
        assert [claim.text for claim in claims] == [sentence]


def test_a_denial_beside_a_statement_ends_where_the_statement_begins(said):
    found = said("Mary Holt denied the bridge was unsafe, but Ann Reed said the cables had rusted.")
    assert ("Mary Holt", "reported", "Mary Holt denied the bridge was unsafe") in found
    assert ("Ann Reed", "reported", "the cables had rusted") in found
    assert not any(text == "the bridge was unsafe" for _, _, text in found)


@pytest.mark.parametrize(
    "sentence",
    [
        "Mary Holt did not say that the bridge was unsafe.",
        "Mary Holt never said that the bridge was unsafe.",
        "No official has confirmed that the bridge was unsafe.",
        "Mary Holt declined to say whether the bridge was unsafe.",
        "Mary Holt refused to confirm that the bridge was unsafe.",
        "Mary Holt did not deny that the bridge was unsafe.",
        "Mary Holt wondered whether the bridge was unsafe.",
    ],
)
def test_what_nobody_said_stays_the_articles_sentence(said, sentence):
    assert said(sentence) == [("", "statement", sentence)]


def test_what_somebody_was_asked_is_not_what_they_say(said):
    found = said("Asked whether the bridge was unsafe, Mary Holt said that the cables were new.")
    assert [text for _, _, text in found] == ["the cables were new"]


def test_words_that_are_denied_in_quotation_marks_are_no_quotation(said):
    sentence = "Mary Holt denied that “the bridge was unsafe for heavy lorries”."
    assert said(sentence) == [("Mary Holt", "reported", sentence)]


def test_a_quotation_behind_a_denial_is_what_the_speaker_says(said):
    found = said("Mary Holt denied the charge: “I have never closed a bridge in this town.”")
    assert ("Mary Holt", "quotation", "I have never closed a bridge in this town.") in found
    assert not any("denied" in text and "never" in text for _, _, text in found)


@pytest.mark.parametrize(("content", "kept", "behind"), [
    (["the charge: “Rents fell.”", "the plan: “We build.”"], ["the charge", "the plan"], ["Rents fell", "We build"]),
    (["the headline of the day"], ["the headline of the day"], []),
])  # fmt: skip
def test_every_denial_with_a_colon_is_parted_from_what_is_said_behind_it(content, kept, behind):
    text = "Holt denied the charge: “Rents fell.” and the plan: “We build.” and the headline of the day."
    spans = tuple((text.index(words), text.index(words) + len(words)) for words in content)
    (doc,) = LanguageModel().read([text])
    found = reports_read(doc, [Tagged((5, 11), ((0, 4),), spans)])
    worded = [[text[start:end].strip("“”. ") for start, end in report.contents] for report in found]
    assert worded == [kept, *([words] for words in behind)]


@pytest.mark.parametrize(("text", "source"), [
    ("It was written on the wall. “Rents fell.”", None),
    ("It was written by the council. “Rents fell.”", "the council"),
])  # fmt: skip
def test_a_place_is_no_source_and_whoever_wrote_it_is_one(text, source):
    at = text.index("written")
    article = text.index("the ")
    (doc,) = LanguageModel().read([text])
    quoted = (text.index("“"), len(text))
    (report,) = reports_read(doc, [Tagged((at, at + 7), ((article, article + 3),), (quoted,))])
    assert (report.source and report.source.text) == source


def tagged(text: str, cue: str, sources: list[str], content: str):
    """The one report of `text` in which these words were tagged."""
    spans = [
        tuple((text.index(part), text.index(part) + len(part)) for part in parts) for parts in (sources, [content])
    ]
    (doc,) = LanguageModel().read([text])
    (report,) = reports_read(doc, [Tagged((text.index(cue), text.index(cue) + len(cue)), *spans)])
    return report


@pytest.mark.parametrize(("text", "sources", "meant"), [
    ("In a letter to Dame Ann, the member for Hill and Dale, who chairs the council, said: “Rents fell by half.”",
     ["letter", "Dame Ann, the member for Hill and Dale"], "the member for Hill and Dale"),
    ("In a letter to Dame Ann, Mary Holt said: “Rents fell by half.”", ["letter", "Mary Holt"], "Mary Holt"),
    ("On Monday, in a letter to Dame Ann, Mary Holt said: “Rents fell by half.”", ["letter", "Mary Holt"], "Mary Holt"),
    ("With Ann Reed, Mary Holt said: “Rents fell by half.”", ["Ann Reed", "Mary Holt"], "Ann Reed"),
])  # fmt: skip
def test_who_writes_a_letter_speaks_and_not_the_letter(text, sources, meant):
    assert tagged(text, "said:", sources, "“Rents fell by half.”").source.text == meant


@pytest.mark.parametrize(("title", "whole"), [
    ("Dame", "Dame Ann"),
    ("President", "President Mary Holt"),
    ("Sir", "Sir Ian Reed"),
    ("Sir", None),
])  # fmt: skip
def test_a_title_that_was_tagged_alone_has_its_name(title, whole):
    text = f"{whole or 'Sir Ian Reed’s spokesman'} said rents fell by half."
    assert tagged(text, "said", [title], "rents fell by half").source.text == (whole or title)


@pytest.mark.parametrize("content", ["that rents fell by half and", "that rents fell by half, but"])
def test_what_is_said_does_not_end_in_the_word_that_joins_what_follows(content):
    text = f"Ann Reed said {content} she warned of more."
    found = tagged(text, "said", ["Ann Reed"], content)
    assert [text[start:end] for start, end in found.contents] == ["rents fell by half"]


def test_a_joining_word_that_was_quoted_stays():
    text = "Holt said that rents fell “by half and” rose again."
    found = tagged(text, "said", ["Holt"], "that rents fell “by half and”")
    assert [text[start:end] for start, end in found.contents] == ["rents fell “by half and”"]


def test_should_alone_reports_nothing():
    text = "The mayor should also pay for more police."
    (doc,) = LanguageModel().read([text])
    assert reports_read(doc, [Tagged((10, 16), ((0, 9),), ((17, len(text)),))]) == []


def test_what_stands_ahead_of_a_source_is_none_of_its_name():
    text = "Words, that's all the mayor of London has offered."
    (doc,) = LanguageModel().read([text])
    source = (text.index("'s"), text.index(" has"))
    cue = (text.index("has"), text.index("."))
    (report,) = reports_read(doc, [Tagged(cue, (source,), ((0, 5),))])
    assert report.source.text == "the mayor of London"


def test_what_is_asked_in_quotation_marks_is_the_askers(said):
    found = said("Mary Holt asked reporters “We need to know who closed the bridge”.")
    assert [(speaker, kind) for speaker, kind, _ in found] == [("Mary Holt", "quotation")]


def test_an_act_is_told_by_the_article(said):
    sentence = "Mary Holt rejected the plan of the harbour council."
    assert said(sentence) == [("", "statement", sentence)]


def test_no_10_is_somebody(said):
    assert [text for _, _, text in said("No 10 said that the bridge was unsafe.")] == ["the bridge was unsafe"]
