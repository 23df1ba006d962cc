"""What kind of thing a claim asserts."""

from __future__ import annotations

import pytest

from claims.assertions import ASSERTIONS, assertion_of
from claims.language import LanguageModel

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
    ],
    "present_state": [
        "The bridge is closed.",
        "Mary Holt owns a house by the harbour.",
        "The ferry runs every hour.",
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
    ],
    "experience": [
        "I saw the cable snap.",
        "We waited for four hours at the pier.",
        "My neighbour heard a loud bang.",
    ],
}


@pytest.fixture(scope="module")
def kinds():
    sentences = [sentence for group in SENTENCES.values() for sentence in group]
    return dict(zip(sentences, (assertion_of(doc[:]) for doc in LanguageModel().read(sentences)), strict=True))


def test_every_kind_is_tried():
    assert set(SENTENCES) == set(ASSERTIONS)


@pytest.mark.parametrize(("kind", "sentence"), [(kind, one) for kind, group in SENTENCES.items() for one in group])
def test_the_kind_of_an_assertion(kinds, kind, sentence):
    assert kinds[sentence] == kind


def test_a_part_of_a_sentence_has_its_own_kind():
    (doc,) = LanguageModel().read(["The mayor said the bridge will open in June."])
    assert assertion_of(doc[3:]) == "prediction"
