"""The office that stands at a person's name: "Finance minister" before it, "mayor of the city" behind a comma."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claims.names import POST_NOMINALS, ROLE_NOUNS, TITLES, is_trade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Span, Token

# Offices that are mostly written short.
_SHORT = {"rep", "sen", "gov", "cllr", "supt", "sgt", "lt", "capt", "col", "gen", "prof", "det", "insp", "pc", "cpl"}
_STATES_OF_OFFICE = {"former", "acting", "ex", "then", "interim", "outgoing", "incoming"}
_LEADING = re.compile(r"^(?:the|a|an|its|their|his|her|our|my) |^(?:the|a|an) [\w-]+[’']s? (?=[a-z])", re.IGNORECASE)
_MEMBER = {"MP", "MSP", "MEP", "AM"}


def is_office(token: Token) -> bool:
    """Whether the word names an office or a trade ("co-author", "Gov." too)."""
    return is_office_word(token.lower_)


def is_office_word(word: str) -> bool:
    """The same of a word in lower case."""
    word = word.strip(".").rsplit("-", 1)[-1]
    return word in ROLE_NOUNS or word in _SHORT


def words_before(span: Span) -> Span:
    """The words that lead up to a name: "Network Rail boss" before "Andy Hall", titles inside the span with them."""
    doc, start, first = span.doc, span.start, span.start
    while first < span.end - 1 and doc[first].lower_.strip(".") in TITLES:
        first += 1
    while start > span.sent.start:
        token = doc[start - 1]
        hyphen = token.text == "-" and not token.whitespace_ and start < span.start
        word = token.text.replace(".", "").isalpha() and (
            token.pos_ in {"NOUN", "ADJ", "PROPN"} or token.text[:1].isupper() or token.lower_ in _STATES_OF_OFFICE
        )
        a_name = token.ent_type_ in {"PERSON", "DATE", "TIME"} and not is_office(token)
        if (
            not (hyphen or word)
            or a_name
            or token.pos_ in {"DET", "PRON", "VERB", "AUX", "ADP", "ADV", "INTJ", "SCONJ", "CCONJ"}
        ):
            break
        start -= 1
    return doc[start:first]


def offices_at(span: Span) -> tuple[set[str], set[str]]:
    """Nouns of office at a name in lower case: those that stand at it, and those behind a comma."""
    doc, root = span.doc, span.root
    loose = set()
    near = {token.lower_ for token in (*root.lefts, *span, *words_before(span)) if token.lower_ in ROLE_NOUNS}
    behind = doc[span.end] if span.end < len(doc) else None
    if span[-1].lower_ in POST_NOMINALS or behind is not None and behind.lower_ in POST_NOMINALS:
        near.add((span[-1] if span[-1].lower_ in POST_NOMINALS else behind).lower_)
    if root.dep_ != "poss":
        loose.update(
            child.lower_ for child in root.children if child.dep_ == "appos" and child.pos_ in {"NOUN", "PROPN"}
        )
    if root.dep_ == "appos" and root.head.pos_ in {"NOUN", "PROPN"} and root.head.i < span.start:
        loose.add(root.head.lower_)
    return near, loose


def role_words(span: Span) -> str:
    """The longest description of an office at a name, as it is written; empty where there is none."""
    found = [words for words in (_before(span), *_appositives(span), _institution(span)) if words]
    behind = span.doc[span.end].text if span.end < len(span.doc) else ""
    if behind in _MEMBER:
        found.append(behind)
    return max(found, key=len, default="")


def _before(span: Span) -> str:
    ahead = words_before(span)
    offices = [token.i for token in ahead if is_office(token)]
    return ahead[: offices[-1] + 1 - ahead.start].text.strip(" -") if offices else ""


def _appositives(span: Span) -> Iterator[str]:
    """ "mayor of the city" behind a comma, or "Its governor" before one; kin ("his father") is no office."""
    root = span.root
    heads = [child for child in root.children if child.dep_ == "appos" and child.i >= span.end and root.dep_ != "poss"]
    if root.dep_ == "appos" and root.head.i < span.start and root.head.ent_type_ != "PERSON":
        heads.append(root.head)
    for head in heads:
        if head.pos_ in {"NOUN", "PROPN"} and head.ent_type_ != "PERSON" and (is_office(head) or is_trade(head.text)):
            words = _phrase(span.doc, head, span.start)
            if words and len(words.split()) <= 14:
                yield _LEADING.sub("", words)


def _phrase(doc: Doc, head: Token, name: int) -> str:
    """An office with what belongs to it, not running into the name that starts at token `name`."""
    end = head.i + 1
    for child in head.rights:
        if child.dep_ not in {"prep", "compound", "flat"}:
            break
        end = child.right_edge.i + 1
    if head.i < name:
        end = min(end, name)
    return doc[head.left_edge.i : end].text.strip(" ,")


def _institution(span: Span) -> str:
    """ "of Imperial College London" behind a scholar's name."""
    doc, end = span.doc, span.end
    titled = any(token.lower_.strip(".") in {"dr", "prof", "professor"} for token in (*words_before(span), *span))
    if not titled or end + 1 >= len(doc) or doc[end].lower_ not in {"of", "at", "from"}:
        return ""
    stop = end + 1
    while stop < len(doc) and (doc[stop].ent_type_ in {"ORG", "FAC"} or doc[stop].lower_ == "the"):
        stop += 1
    return doc[end:stop].text if stop > end + 1 and doc[stop - 1].lower_ != "the" else ""
