"""What the words of a mention are by themselves: a name, an office, one unnamed person, or a body of some kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claims.names import BODY_NOUNS, describes_a_person, first_name
from claims.sentences import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Span, Token

    from claims.entities import Entity

# Who asks is seldom meant by the "he" or "she" of the answer.
_ASK = {"reporter", "reporters", "journalist", "journalists", "host", "interviewer", "moderator", "anchor"}
_PARTICLES = {"de", "van", "von", "der", "den", "al", "bin", "ibn", "el", "la", "le", "da", "di", "du", "dos", "-"}
# What a body's name may say of its kind beside another kind that it also names.
_OF_ONE_KIND = set(BODY_NOUNS.lower().split("|")) - {"service", "department", "force", "constabulary", "group"}


def may_be_called(own: list[str], words: Sequence[str]) -> bool:
    """Whether a person of the name `own` may be named by `words`, one of the two perhaps a part of the other."""
    if len(words) == 1 or len(own) == 1:
        return words[0] in own if len(words) == 1 else len(words) < 4 and own[0] in (words[0], words[-1])
    return own[0] == words[0] and own[-1] == words[-1]


def name_in(source: Span | Token, head: Token) -> str:
    """The capitalised words of `source` that name its source: those around its head, or those before a comma.

    "Rao, 51", "Carr, a retired teacher" and "Stone warned" name Rao, Carr and Stone; empty where two are joined.
    """
    doc = head.doc
    low, high = (head.i, head.i + 1) if source is head else (source.start, source.end)
    if any(child.dep_ == "conj" and child.i < high for child in head.children):
        return ""
    start = end = head.i
    if not capitalised(head):
        start = end = low
        while end < high and (capitalised(doc[end]) or doc[end].lower_ in _PARTICLES and end > low):
            end += 1
        behind = doc[end] if end < high else None
        nominal = head.pos_ in {"NOUN", "PROPN"} and (behind is None or behind.text not in {",", "(", "–", "—"})
        nominal = nominal or behind is not None and behind.lower_ in {"and", "or", "&"}
        return "" if end == start or nominal or describes_a_person(doc[start].text) else doc[start:end].text
    while start > low and (capitalised(doc[start - 1]) or doc[start - 1].lower_ in _PARTICLES):
        start -= 1
    end = head.i + 1
    while end < high and (capitalised(doc[end]) or doc[end].lower_ in _PARTICLES):
        end += 1
    alone = end - start == 1 and head.is_sent_start and head.pos_ != "PROPN" and not head.ent_type_
    return "" if alone and head.i + 1 >= high else doc[start:end].text


def capitalised(token: Token) -> bool:
    return token.text[:1].isupper() and token.pos_ not in {"DET", "PRON", "ADP"}


def in_marks(span: Span) -> bool:
    """Whether a quotation that its paragraph opened before `span` is still open there."""
    before = text_of(span.doc)[: span.start_char]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def sort_of(name: str) -> str:
    """What an unnamed source is by the head of its words: "person" where a first name leads, "other" for who asks,
    "several", one of whom nothing more is known ("somebody"), or a "body"."""
    if first_name(name.split()[0]):
        return "person"
    head = re.split(r" (?:for|of|in|at|on|from|to|with|who|close|near)\b", name)[0].split()
    if not head or head[-1].lower() in _ASK:
        return "other"
    if re.search(r"[^su]s$", head[-1]) or head[-1].lower() in {"police", "people"}:
        return "several"
    return "somebody" if describes_a_person(head[-1]) and not name[0].isupper() else "body"


def fits(source: Span | Token, head: Token, person: Entity) -> bool:
    """Whether all that is said of an office ("the Labour health minister") is known of the person who may hold it."""
    known = {*person.role.lower().replace("’", "'").replace("'s", "").split(), *person.roles, *person.words}
    words = [head] if source is head else list(source)
    said = [
        token for token in words if token.i != head.i and (token.dep_ in {"compound", "amod"} or token.pos_ == "PROPN")
    ]
    return not person.role or all(token.lower_ in known for token in said if token.is_alpha)


def is_of_kind(name: str, wanted: set[str]) -> bool:
    """Whether a body's name says that it is one of `wanted`, and not "Office for Police Conduct" for police."""
    words = re.split(r" (?:of|for) ", name)[0].lower().split()
    return bool(wanted & set(words)) and words[-1] not in _OF_ONE_KIND - wanted
