"""What is worked out faster than spaCy does it is what spaCy says, to the last attribute."""

from __future__ import annotations

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.pipeline.ner import DEFAULT_NER_MODEL
from spacy.tokens import Span, Token
from thinc.api import fix_random_seed

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


def untrained(seed: int, **model) -> spacy.Language:
    """A pipeline whose recogniser wants one move as much as any other."""
    pipeline = spacy.blank("en")
    known = {"@architectures": "spacy.TransitionBasedParser.v2", "tok2vec": DEFAULT_NER_MODEL["tok2vec"]}
    known |= {"state_type": "ner", "extra_state_tokens": False, "hidden_width": 16, "maxout_pieces": 2}
    recogniser = pipeline.add_pipe("ner", config={"model": known | {"use_upper": True} | model})
    for label in ("A", "B", "C"):
        recogniser.add_label(label)
    fix_random_seed(seed)
    pipeline.initialize()
    chance = np.random.default_rng(seed)
    for layer in ("lower", "upper"):
        part = recogniser.model.get_ref(layer)
        for name in ("W", "b"):
            if part.has_param(name):
                part.set_param(name, chance.normal(size=part.get_param(name).shape).astype("f"))
    return pipeline


@pytest.mark.parametrize("seed", range(4))
def test_what_a_network_may_not_do_it_does_not_do(seed):
    def read(pipeline):
        doc = pipeline.make_doc("one two   three \n four five  six seven eight nine \t ten eleven twelve ")
        for place in range(3, len(doc), 4):
            doc[place].is_sent_start = True
        return pipeline(doc)

    doc, other = (read(pipeline) for pipeline in (quickened(untrained(seed)), untrained(seed)))
    assert [(name.text, name.label_) for name in doc.ents] == [(name.text, name.label_) for name in other.ents]
    assert any(len(name) > 1 for name in doc.ents)


@Language.component("greens")
def greens(doc):
    if "Green" in doc.text:
        doc.set_ents([Span(doc, 1, 3, "PARTY")], default="missing")
    return doc


@pytest.mark.parametrize("size", [1, 32])
def test_a_name_of_a_new_kind_stops_nobody(size):
    texts = ["Mary Holt saw Rome.", "The Green Party met in Rome.", "Mary Holt saw Rome."]
    pipelines = [spacy.load(PACKAGED), quickened(spacy.load(PACKAGED))]
    for pipeline, step in zip(pipelines, ("ner", "quick_names"), strict=True):
        pipeline.add_pipe("greens", before=step)
    theirs, ours = ([said(doc) for doc in pipeline.pipe(texts, batch_size=size)] for pipeline in pipelines)
    assert ours == theirs


@pytest.mark.parametrize("model", [{"maxout_pieces": 1}, {"use_upper": False}, {"extra_state_tokens": True}])
def test_a_network_of_another_kind_is_left_to_spacy(model):
    assert quickened(untrained(1, **model)).pipe_names == ["ner"]


@pytest.mark.parametrize(("pattern", "attributes", "index"), [
    ([{"SHAPE": "Xxxx"}], {"POS": "X"}, 0),
    ([{"LOWER": "new"}, {"LOWER": "deal"}], {"POS": "X"}, -1),
    ([{"LOWER": "new"}], {"POS": "X"}, 1),
    ([{"LOWER": "new"}], {"_": {"a": 1}}, 0),
])  # fmt: skip
def test_rules_of_another_kind_are_left_to_spacy(pattern, attributes, index):
    Token.set_extension("a", default=0, force=True)
    pipeline = spacy.load(PACKAGED)
    pipeline.get_pipe("attribute_ruler").add([pattern], attributes, index=index)
    assert "attribute_ruler" in quickened(pipeline).pipe_names


def test_steps_that_only_bear_the_name_and_a_beam_are_left_to_spacy():
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler", name="ner")
    pipeline.add_pipe("sentencizer", name="attribute_ruler")
    assert quickened(pipeline).pipe_names == ["ner", "attribute_ruler"]
    pipeline = spacy.load(PACKAGED)
    pipeline.get_pipe("ner").cfg["beam_width"] = 4
    assert "ner" in quickened(pipeline).pipe_names


@pytest.mark.parametrize("patterns", [[[{"LOWER": "new"}]], [[{"LOWER": "new"}, {"LOWER": "deal"}]]])
def test_a_ruler_of_few_rules_is_as_quiet_as_spacys(patterns, recwarn):
    pipeline = spacy.blank("en")
    pipeline.add_pipe("attribute_ruler").add(patterns, {"LEMMA": "x"})
    assert [token.lemma_ for token in quickened(pipeline)("A new deal")] == ["", "x", ""]
    assert not recwarn.list
