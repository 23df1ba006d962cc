"""What kind of thing a claim asserts."""

from __future__ import annotations

import pytest

from claims import ClaimExtractor
from claims.article import Article
from claims.assertions import ASSERTIONS, assertion_of
from claims.language import LanguageModel
from claims.reader import Reader

SENTENCES = {
    "quantity": [
        "The bridge cost 14 million pounds.",
        "Seven engineers inspected the cables on Monday.",
        "Some 40 per cent of the bolts were rusty.",
        "We have lost one in five of our nurses.",
        "The council spent £3.2m on paint.",
    ],
    "comparison": [
        "Ferry fares rose by a tenth last year.",
        "The bridge carries more lorries than the tunnel.",
        "Unemployment has doubled since 2008.",
        "The port handled a record number of containers.",
        "Crime is down from last year's level.",
    ],
    "past_event": [
        "The mayor resigned on Tuesday.",
        "Engineers closed the bridge after a storm.",
        "John Reed was arrested at the docks.",
        "The committee has published its findings.",
        "The bank declined to comment.",
        "Prosecutors dropped the charges.",
        "Ann Reed contributed to this report.",
        "The army had expected trouble.",
    ],
    "present_state": [
        "The bridge is closed.",
        "Mary Holt owns a house by the harbour.",
        "The ferry runs every hour.",
        "It is the third scandal of the mayor.",
    ],
    "law": [
        "It is illegal to cross the bridge on foot.",
        "Landlords are required to register every tenant.",
        "The supreme court ruled against the port.",
        "Under the law, owners must register every dog.",
    ],
    "cause": [
        "The bridge closed because its cables were rusty.",
        "The strike led to empty shelves.",
        "Rust caused the cable to snap.",
    ],
    "prediction": [
        "The bridge will open in June.",
        "The work is expected to last a year.",
        "Prices are likely to fall.",
        "The closure could cost the town its shops.",
        "Analysts predict that fares will fall.",
        "The school opens on Monday.",
        "Bonuses to be banned after the strike.",
        "The bank expects growth of 2%.",
        "Growth is forecast at 2%.",
    ],
    "promise": [
        "We will rebuild the bridge by spring.",
        "The mayor promised to pay for the ferry.",
        "The company has pledged to plant a thousand trees.",
    ],
    "opinion": [
        "The closure is a disgraceful failure.",
        "The plan is a disgrace.",
        "The council should pay for the ferry.",
        "It is vital that the bridge opens soon.",
        "I think the mayor is right.",
        "The plan is wrong and unfair.",
        "The deal is a catastrophe.",
        "Nobody deserves this.",
        "She believed the council should be abolished.",
    ],
    "experience": [
        "I saw the cable snap.",
        "We waited for four hours at the pier.",
        "My neighbour heard a loud bang.",
    ],
}


@pytest.fixture(scope="module")
def language():
    return LanguageModel()


@pytest.fixture(scope="module")
def kinds(language):
    sentences = [sentence for group in SENTENCES.values() for sentence in group]
    return dict(zip(sentences, (assertion_of(doc[:]) for doc in language.read(sentences)), strict=True))


def test_every_kind_is_tried():
    assert set(SENTENCES) == set(ASSERTIONS)


@pytest.mark.parametrize(("kind", "sentence"), [(kind, one) for kind, group in SENTENCES.items() for one in group])
def test_the_kind_of_an_assertion(kinds, kind, sentence):
    assert kinds[sentence] == kind


def test_a_part_of_a_sentence_has_its_own_kind():
    (doc,) = LanguageModel().read(["The mayor said the bridge will open in June."])
    assert assertion_of(doc[3:]) == "prediction"


REPORTED = [
    ("The mayor |said| the bridge would be finished by 2025.", "prediction"),
    ("The mayor |has said| that fares would fall below 3% next year.", "prediction"),
    ("She closed the pier, |adding| that the ferry would leave on Monday.", "prediction"),
    ("The mayor |promised| that 3,000 homes would be built by 2027.", "promise"),
    ("The mayor |has vowed| that no pensioner will be worse off.", "promise"),
    ("Analysts |predicted| that the pound would fall.", "prediction"),
    # What may be checked like any fact stays so.
    ("Analysts |predicted| that the pound had fallen.", "comparison"),
    ("The mayor |said| the bridge would have cost £3 million.", "quantity"),
    ("The report |says| that the bridge would cost £3 million.", "quantity"),
    ("Victims |said| he would often lock the doors at night.", "present_state"),
    ("The court |heard| that he would follow the women home.", "present_state"),
    ("The mayor |told the jury| that she would hide the letters.", "present_state"),
    ("The mayor |said| it would appear that the letters were lost.", "present_state"),
    ("The mayor |said| that the bridge had cost £3 million.", "quantity"),
]


@pytest.mark.parametrize(("marked", "kind"), REPORTED)
def test_what_is_reported_of_the_future_is_told_by_its_reporting_words(language, marked, kind):
    before, cue, content = marked.split("|")
    (doc,) = language.read([before + cue + content])
    start = len(before + cue) + (len(" that") if content.startswith(" that ") else 0) + 1
    said = doc.char_span(start, len(doc.text) - 1)
    assert assertion_of(said, doc.char_span(len(before), len(before + cue))) == kind


def test_would_in_spoken_words_is_no_forecast(language):
    (doc,) = language.read(["“The mayor would never hide the letters,” Mary Holt said."])
    assert assertion_of(doc[1:8], doc[12:13], direct=True) == "present_state"
    assert assertion_of(doc[1:8], doc[12:13]) == "prediction"


def test_a_claim_is_marked_by_the_words_that_report_it():
    text = "The bridge is closed.\nThe mayor, Mary Holt, promised that 3,000 homes would be built by 2027.\n"
    claims = ClaimExtractor(reader=Reader()).extract(Article(text))
    assert [claim.assertion for claim in claims if claim.speaker] == ["promise"]
