"""The documents that an article names: "the Holt report", and which one "this report" is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.entities import Entity
from claims.names import DOCUMENT_NOUNS, plain_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc, Token


class Papers:
    """Documents of one article, in order of appearance. `owner` gives the surname of whom a name means."""

    def __init__(self, owner: Callable[[str], str]):
        self._owner = owner
        self.known: list[Entity] = []

    def add(self, doc: Doc, base: int) -> None:
        """Take up the documents that a paragraph names; `base` is its first character in the article."""
        for token in doc:
            if token.lemma_.lower() not in DOCUMENT_NOUNS:
                continue
            name = self._name(token)
            if not name:
                continue
            place = base + token.idx
            words = {word.lower() for word in name.split()}
            for known in self.known:
                if (
                    known.words == words
                    or (known.words <= words or words <= known.words)
                    and len(words & known.words) > 1
                ):
                    known.places.append(place)
                    break
            else:
                self.known.append(Entity(name, "document", words, places=[place]))

    def _name(self, noun: Token) -> str:
        """ "Lady Mary Holt's report" → "Holt report"; "the Holt Review" → "Holt Review"."""
        for child in noun.lefts:
            if child.dep_ == "poss" and child.pos_ == "PROPN":
                return f"{self._owner(child.text)} {noun.lower_}"
        left = noun.i
        while (
            left
            and noun.doc[left - 1].text[:1].isupper()
            and noun.doc[left - 1].pos_ in {"PROPN", "ADJ", "NOUN"}
            or (left > 1 and noun.doc[left - 1].lower_ in {"and", "of"} and noun.doc[left - 2].text[:1].isupper())
        ):
            left -= 1
        name = plain_name(noun.doc[left : noun.i + 1].text)
        return name if len(name.split()) > 1 and noun.text[:1].isupper() else ""

    def meant(self, head: Token, place: int) -> str:
        """The document that a noun at character `place` stands for; empty where none is named."""
        if name := self._name(head):
            words = {word.lower() for word in name.split()}
            for known in self.known:
                if words <= known.words:
                    return known.name
            return name
        fitting = [
            (at, known)
            for known in self.known
            for at in known.places
            if at < place and head.lemma_.lower() in known.words
        ]
        definite = any(token.lower_ in {"the", "this", "that"} for token in head.lefts)
        if definite and fitting:
            return max(fitting, key=lambda item: item[0])[1].name
        return ""
