"""What is worked out faster than spaCy does it is what spaCy says, to the last attribute."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Span

from claims.language import PACKAGED
from claims.quick_pipes import quickened

TEXTS = [
    "Mary Ann Holt, the mayor of New Haven, told the Harbour Gazette on Monday 3 May 2021 that rents had risen by 4.5 "
    "per cent to £1,200 a month. Ann Reed of the Tenants' Union of Great Britain disagreed.",
    "Let's go! They're gonna close it, y'all; it ain't right. C'mon, you've got ta see that there's nothin' left.",
    "There is a bridge. There are two of them. It's what I'd call old; we do not do that, and she has had to have it.",
    "  Two  blanks \t and a\nline of “quoted words”, he said… 👇 pic.example/x",
    "BREAKING: EU, U.S. and U.N. agree $3bn deal with Acme Corp. London",
    "Between January 2019 and the end of last year, about 40 of the 300 officers in North Yorkshire left the force",
    "Paris Hilton Tokyo Berlin Acme Holdings International plc Wednesday ten million dollars",
    "What did that do? Once, while he was asked, so to speak, if the council itself knew, they did.",
    "Rome.",
    "",
]


@pytest.fixture(scope="module")
def plain():
    return spacy.load(PACKAGED)


@pytest.fixture(scope="module")
def quick():
    return quickened(spacy.load(PACKAGED))


def said(doc) -> list[tuple]:
    return [
        (token.text, token.tag_, token.pos_, str(token.morph), token.lemma_, token.dep_, token.ent_type_,
         token.ent_iob_, token.is_sent_start)
        for token in doc
    ]  # fmt: skip


def test_both_steps_are_replaced(quick):
    assert quick.pipe_names == ["tok2vec", "tagger", "parser", "quick_ruler", "lemmatizer", "quick_names"]


@pytest.mark.parametrize("size", [1, 3, 32])
def test_every_token_is_what_spacy_says(plain, quick, size):
    ours, theirs = list(quick.pipe(TEXTS, batch_size=size)), list(plain.pipe(TEXTS))
    assert [said(doc) for doc in ours] == [said(doc) for doc in theirs]
    assert sum(len(doc.ents) for doc in ours) > 12
    assert {len(name) for doc in ours for name in doc.ents} >= {1, 2, 3}
    assert all(doc.has_annotation(kind) for doc in ours if len(doc) for kind in ("TAG", "MORPH", "LEMMA", "ENT_IOB"))


def test_what_is_remembered_of_tokens_stays_small(plain, quick, monkeypatch):
    ruler = quick.get_pipe("quick_ruler")
    monkeypatch.setattr("claims.quick_pipes.MOST_KNOWN", 20)
    ruler._known.clear()
    sizes = []
    for doc, other in zip(quick.pipe(TEXTS), plain.pipe(TEXTS), strict=True):
        assert said(doc) == said(other)
        sizes.append(len(ruler._known))
    assert 0 < max(sizes) <= 20


def test_one_document_alone_is_what_spacy_says(plain, quick):
    assert [said(quick(text)) for text in TEXTS] == [said(plain(text)) for text in TEXTS]


def test_no_name_runs_over_the_end_of_a_sentence(plain, quick):
    def cut(pipeline):
        doc = pipeline.make_doc("He met Mary Holt in New York City on Monday")
        for place in (3, 6, 7):
            doc[place].is_sent_start = True
        return pipeline(doc)

    assert said(cut(quick)) == said(cut(plain))
    assert not any(token.is_sent_start for name in cut(quick).ents for token in name[1:])


def test_names_that_a_document_brings_along_stay(plain, quick):
    def given(pipeline):
        doc = pipeline.make_doc("Acme met Mary Holt in Rome")
        doc.set_ents([Span(doc, 0, 2, "PERSON")], default="missing")
        return pipeline(doc)

    assert said(given(quick)) == said(given(plain))
    assert given(quick).ents[0].text == "Acme met"


def test_what_is_not_known_is_left_to_spacy():
    pipeline = spacy.load(PACKAGED)
    pipeline.get_pipe("ner").cfg["beam_width"] = 4
    pipeline.get_pipe("attribute_ruler").add([[{"SHAPE": "Xxxx"}]], {"POS": "X"})
    assert quickened(pipeline).pipe_names == spacy.load(PACKAGED).pipe_names
