"""Where a text names people: what the entity tagger finds, and the names behind titles and offices that it misses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claims.names import BODY_NOUNS, first_name, whole_name
from claims.offices import is_office

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

COURTESY = {"mr", "mrs", "ms", "miss"}
_TITLES = COURTESY | {"dame", "sir", "baroness", "lord", "lady", "dr"}
# Behind these stands a person whatever the name; "General", "Major", "Head" or "Captain" may begin a body's name.
_PERSONAL = {
    "ambassador", "archbishop", "baroness", "bishop", "chancellor", "cllr", "col", "colonel", "commissioner",
    "congressman", "congresswoman", "constable", "coroner", "councillor", "councilman", "councilwoman", "insp",
    "inspector", "lieutenant", "mayor", "mep", "mp", "msp", "president", "sen", "senator", "sergeant", "sgt", "sheriff",
    "superintendent", "supt",
}  # fmt: skip
_LONGEST = 3
_WORD = re.compile(r"[A-Z][\w’'-]+$")
_BODY = re.compile(
    rf"^(?:{BODY_NOUNS}|Act|Airport|Avenue|Award|Bill|Bridge|Building|Cent(?:er|re)|Day|Hall|Hotel|House|Law|League|"
    r"Library|Museum|Park|Prize|Road|School|Square|Stadium|Street|Theat(?:er|re)|Way)$"
)


def person_spans(doc: Doc) -> list[Span]:
    """Every person's name in a paragraph, with a title perhaps."""
    spans = [whole_name(entity) for entity in doc.ents if entity.label_ == "PERSON"]
    taken = {token.i for span in spans for token in span}
    for token in doc:
        # A title before a capitalised word names a person whatever the entity tagger thinks of it.
        if token.lower_.strip(".") in _TITLES:
            end = token.i + 1
            while end < len(doc) and doc[end].text[:1].isupper() and doc[end].is_alpha:
                end += 1
            if end > token.i + 1 and not taken & set(range(token.i, end)):
                spans.append(doc[token.i : end])
                taken.update(range(token.i, end))
    for token in doc:
        name = _behind_office(token)
        if name is None:
            continue
        inner = [span for span in spans if name.start <= span.start and span.end <= name.end]
        if taken & set(range(name.start, name.end)) - {one.i for span in inner for one in span}:
            continue
        # "MP Bob Seely", of which the tagger takes "Bob" alone.
        if not any(len(span) == len(name) for span in inner):
            spans = [span for span in spans if span not in inner] + [name]
            taken.update(range(name.start, name.end))
    return spans


def _behind_office(office: Token) -> Span | None:
    """The two or three capitalised words behind an office that begins with a capital, where they must be a name."""
    doc, start = office.doc, office.i + 1
    if not office.text[:1].isupper() or not is_office(office):
        return None
    end = start
    while end < len(doc) and end - start <= _LONGEST and _may_be_named(doc[end]):
        end += 1
    # More than that is a headline in capitals.
    if not 2 <= end - start <= _LONGEST or end < len(doc) and doc[end].text[:1].isupper():
        return None
    sure = first_name(doc[start].text) or office.lower_.strip(".") in _PERSONAL and doc[start].pos_ == "PROPN"
    return doc[start:end] if sure else None


def _may_be_named(token: Token) -> bool:
    """A capitalised word that is no office and no kind of body, and that the tagger doesn't take for a place."""
    if not _WORD.match(token.text) or token.is_sent_start or is_office(token) or _BODY.match(token.text):
        return False
    return token.ent_type_ in {"", "PERSON", "ORG"} and token.pos_ not in {"DET", "PRON", "ADP", "VERB", "AUX", "SCONJ"}
