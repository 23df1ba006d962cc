"""Who is who in one article: the people, bodies and documents it names, and what a mention stands for.

"Dame Mary", "Mary Holt" and "She" are one person; "the force" is the police body last named; "this report" is
the report last named. A mention that can't be resolved keeps its own words: a wrong name is worse than none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claims.first_names import FEMALE_NAMES, MALE_NAMES
from claims.names import (
    BODY_MENTIONS,
    BODY_NOUNS,
    DOCUMENT_NOUNS,
    FEMALE,
    FIRST_PERSON,
    HE,
    IT,
    MALE,
    NAMED_BODY,
    POST_NOMINALS,
    ROLE_NOUNS,
    SHE,
    TITLES,
    is_abbreviation,
    plain_name,
    whole_name,
)

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token


@dataclass(slots=True)
class Entity:
    """One person, body or document. `words` are the lower-case words of all its names; `places` where it is named.

    `role` is the longest description of an office that stands at the name. `known_gender` is what a title or a first
    name says, `gender` also what a pronoun was taken to mean. `roles` are offices that stand at the name itself
    ("Chancellor John Reed", "Mary Holt MP"), `loose_roles` those behind a comma ("Mary Holt, mayor of …"), which the
    parser sometimes hangs on the wrong name.
    """

    name: str
    sort: str
    words: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    loose_roles: set[str] = field(default_factory=set)
    role: str = ""
    gender: str = ""
    known_gender: str = ""
    places: list[int] = field(default_factory=list)
    subjects: list[int] = field(default_factory=list)


class Cast:
    """Entities of one article, in order of appearance, and the resolution of mentions against them."""

    def __init__(self, docs: list[tuple[int, Doc]], aside: frozenset[int] = frozenset()):
        """`docs`: each paragraph's first character in the article and its parse.

        A name in a paragraph of `aside` (first characters of headlines of other stories) is known, but no pronoun in
        this article means it.
        """
        self._aside = aside
        self.people: list[Entity] = []
        self.bodies: list[Entity] = []
        self.documents: list[Entity] = []
        self._spoken: list[tuple[int, Entity]] = []
        for base, doc in docs:
            for span in self._person_spans(doc):
                self._add_person(span, base)
        for base, doc in docs:
            self._add_bodies(doc, base)
            for span in self._person_spans(doc):
                self._note_roles(span)
        for base, doc in docs:
            self._add_documents(doc, base)

    def spoke(self, place: int, name: str) -> None:
        """Remember that `name` was the source at character `place`."""
        for entity in (*self.people, *self.bodies, *self.documents):
            if entity.name == name:
                self._spoken.append((place, entity))
                return

    def resolve(self, source: Span | Token, base: int) -> str:
        """The name that the words `source` stand for; empty where only a pronoun is left and nobody fits."""
        head = getattr(source, "root", source)
        place = base + head.idx
        word = head.lower_
        if word in HE or word in SHE:
            return self._pronoun(place, MALE if word in HE else FEMALE)
        if word in IT or word in {"they", "them"}:
            return self._last_body(place)
        if word in FIRST_PERSON or head.tag_ in {"WP", "WDT", "PRP", "EX", "DT"}:
            return ""
        text = source.text
        if head.pos_ == "PROPN" and (found := self._named(text)):
            return found.name
        if head.lemma_.lower() in DOCUMENT_NOUNS:
            return self._document(source, head, place)
        if head.pos_ in {"NOUN", "PROPN"}:
            if found := self._role_holder(source, head, place):
                return found.name
            if found := self._body_mention(head, place):
                return found.name
        return self._own_words(source, head)

    def called(self, capitals: str) -> str:
        """The one person whose name ends in the words of `capitals` ("HOLT" → "Mary Holt"); empty where not just one
        does."""
        words = capitals.lower().split()
        found = [one.name for one in self.people if one.name.lower().split()[-len(words) :] == words]
        return found[0] if len(found) == 1 else ""

    def named(self, text: str) -> str:
        """The full name of the person or body that `text` names; empty where the article knows none."""
        found = self._named(text)
        return found.name if found else ""

    def is_person(self, name: str) -> bool:
        """Whether `name` is the full name of a person of the article."""
        return any(person.name == name for person in self.people)

    # People

    @staticmethod
    def _person_spans(doc: Doc) -> list[Span]:
        spans = [whole_name(entity) for entity in doc.ents if entity.label_ == "PERSON"]
        taken = {token.i for span in spans for token in span}
        for token in doc:
            # A title before a capitalised word names a person whatever the entity tagger thinks of it.
            if token.lower_.strip(".") in {"mr", "mrs", "ms", "miss", "dame", "sir", "baroness", "lord", "lady", "dr"}:
                end = token.i + 1
                while end < len(doc) and doc[end].text[:1].isupper() and doc[end].is_alpha:
                    end += 1
                if end > token.i + 1 and not taken & set(range(token.i, end)):
                    spans.append(doc[token.i : end])
        return spans

    def _add_person(self, span: Span, base: int) -> None:
        name = plain_name(span.text)
        words = [word.lower() for word in name.split()]
        if not words or not name[0].isupper() or any(letter.isdigit() for letter in name):
            return
        if re.search(rf"\b(?:{BODY_NOUNS})\b", name):
            return
        before = span.doc[span.start - 1].lower_.strip(".") if span.start else ""
        gender = TITLES.get(before, "") or TITLES.get(span[0].lower_.strip("."), "")
        if not gender and len(words) > 1:
            gender = MALE if words[0] in MALE_NAMES else FEMALE if words[0] in FEMALE_NAMES else ""
        person = self._person_called(words, gender)
        if person is None:
            person = Entity(name, "person")
            self.people.append(person)
        elif len(words) > len(person.name.split()):
            person.name = name
        person.words.update(words)
        person.known_gender = person.known_gender or gender
        person.gender = person.gender or gender
        if base in self._aside:
            return
        person.places.append(base + span.start_char)
        if span.root.dep_ in {"nsubj", "nsubjpass"}:
            person.subjects.append(base + span.start_char)

    def _person_called(self, words: list[str], gender: str = "") -> Entity | None:
        """The person last named by these words; "Mr Holt" is not Mary Holt."""
        for person in reversed(self.people):
            if gender and person.known_gender and gender != person.known_gender:
                continue
            own = person.name.lower().split()
            if own == words or (len(words) == 1 and words[0] in own) or (len(own) == 1 and own[0] in words):
                return person
            if len(words) > 1 and len(own) > 1 and own[0] == words[0] and own[-1] == words[-1]:
                return person
        return None

    def _note_roles(self, span: Span) -> None:
        person = self._person_called([word.lower() for word in plain_name(span.text).split()])
        if person is None:
            return
        person.role = max(person.role, self._role_words(span), key=len)
        doc, root = span.doc, span.root
        for token in (*root.lefts, *span):
            beside = token.dep_ in {"compound", "amod", "nmod"} or token.i < span.end
            if beside and token.lower_ in ROLE_NOUNS:
                person.roles.add(token.lower_)
        at = span.start - 1
        while at >= 0 and doc[at].is_alpha and (doc[at].pos_ in {"PROPN", "NOUN", "ADJ"} or doc[at].text.istitle()):
            if doc[at].lower_ in ROLE_NOUNS:
                person.roles.add(doc[at].lower_)
            at -= 1
        if span.end < len(doc) and doc[span.end].lower_ in POST_NOMINALS or span[-1].lower_ in POST_NOMINALS:
            person.roles.add((doc[span.end] if span[-1].lower_ not in POST_NOMINALS else span[-1]).lower_)
        for token in root.children:
            if token.dep_ == "appos" and token.pos_ in {"NOUN", "PROPN"}:
                person.loose_roles.add(token.lower_)
        if root.dep_ == "appos" and root.head.pos_ in {"NOUN", "PROPN"} and root.head.i < span.start:
            person.loose_roles.add(root.head.lower_)

    @staticmethod
    def _role_words(span: Span) -> str:
        """The office at a name: "Health Secretary" in front of it, or "mayor of the city" behind a comma."""
        doc, root = span.doc, span.root
        found = []
        start = span.start
        while start and (doc[start - 1].text[:1].isupper() and doc[start - 1].is_alpha or doc[start - 1].text == "-"):
            start -= 1
        ahead = doc[start : span.start]
        if any(token.lower_ in ROLE_NOUNS for token in ahead):
            found.append(ahead.text)
        heads = [child for child in root.children if child.dep_ == "appos" and child.i > span.end - 1]
        if root.dep_ == "appos" and root.head.i < span.start and root.head.ent_type_ != "PERSON":
            heads.append(root.head)
        for head in heads:
            if head.pos_ not in {"NOUN", "PROPN"} or head.ent_type_ == "PERSON":
                continue
            end = head.i + 1
            for child in head.rights:
                if child.dep_ not in {"prep", "compound", "flat"}:
                    break
                end = child.right_edge.i + 1
            if head.i < span.start:
                end = min(end, span.start)
            words = doc[head.left_edge.i : end].text.strip(" ,")
            known = head.lower_ in ROLE_NOUNS or any(token.lower_ in ROLE_NOUNS for token in head.subtree)
            if words and len(words.split()) <= 14 and known:
                found.append(words)
        if span.end < len(doc) and doc[span.end].text in {"MP", "MSP", "MEP", "AM"}:
            found.append(doc[span.end].text)
        longest = max(found, key=len, default="")
        return re.sub(r"^(?:the|a|an|its|their) ", "", longest)

    def role_of(self, name: str) -> str:
        """The office of the person of this name; empty where the text gives none."""
        return next((person.role for person in self.people if person.name == name), "")

    def _role_holder(self, source: Span | Token, head: Token, place: int) -> Entity | None:
        word = head.lower_
        holders = [person for person in self.people if word in person.roles]
        holders = holders or [person for person in self.people if word in person.loose_roles]
        if holders:
            return max(holders, key=lambda person: max((at for at in person.places if at < place), default=-1))
        if word in ROLE_NOUNS and any(token.lower_ in {"the", "this"} for token in head.lefts):
            # "The Prime Minister said" where no name carries that office: the one who spoke or acted last.
            last = self._recent(place, self.people, reach=600)
            if last is not None and not (last.roles | last.loose_roles) & ROLE_NOUNS:
                return last
        return None

    def _pronoun(self, place: int, gender: str) -> str:
        fitting = [person for person in self.people if person.gender in {"", gender}]
        person = self._recent(place, fitting, reach=1500)
        if person is None:
            return ""
        person.gender = gender
        return person.name

    def sure_pronoun(self, pronoun: Token, base: int, speaker: str) -> str:
        """The person that "he" or "she" can only mean; empty where there are two.

        In words that a person of that gender is reported to say, it is the speaker; elsewhere the one fitting person
        named within the last 500 characters.
        """
        gender = MALE if pronoun.lower_ in HE else FEMALE
        if speaker:
            own = [person for person in self.people if person.name == speaker]
            return speaker if own and own[0].known_gender == gender else ""
        place = base + pronoun.idx
        near = [
            person
            for person in self.people
            if person.known_gender in {"", gender} and any(place - 500 <= at < place for at in person.places)
        ]
        if len(near) != 1 or near[0].known_gender != gender:
            return ""
        acted = [*near[0].subjects, *(at for at, entity in self._spoken if entity is near[0])]
        return near[0].name if any(place - 300 <= at < place for at in acted) else ""

    def _recent(self, place: int, among: list[Entity], reach: int) -> Entity | None:
        """Who of `among` last spoke, else was last a sentence's subject, else was last named, within `reach`."""
        spoken = [(at, entity) for at, entity in self._spoken if place - reach <= at < place and entity in among]
        acted = [(at, entity) for entity in among for at in entity.subjects if place - reach <= at < place]
        last_spoken = max(spoken, key=lambda item: item[0], default=None)
        last_acted = max(acted, key=lambda item: item[0], default=None)
        if last_spoken and (not last_acted or last_acted[0] - last_spoken[0] < 400):
            return last_spoken[1]
        if last_acted:
            return last_acted[1]
        named = [(at, entity) for entity in among for at in entity.places if place - reach <= at < place]
        return max(named, key=lambda item: item[0], default=(0, None))[1]

    # Bodies

    def _add_bodies(self, doc: Doc, base: int) -> None:
        spans = [(match.start(), match[0]) for match in NAMED_BODY.finditer(doc.text)]
        spans += [(entity.start_char, entity.text) for entity in doc.ents if entity.label_ in {"ORG", "GPE"}]
        for start, text in sorted(spans):
            name = re.sub(r"^(?:The|the) |[’']s?$", "", text).strip(" ,")
            if not name or not name[0].isupper() or self._is_person(name):
                continue
            words = name.split()
            for body in self.bodies:
                own = body.name.split()
                if is_abbreviation(words, own) or is_abbreviation(own, words):
                    if len(name) > len(body.name) and len(words) <= len(own) + 1:
                        body.name = name
                    body.words.update(word.lower() for word in words)
                    body.places.append(base + start)
                    break
            else:
                self.bodies.append(Entity(name, "body", {word.lower() for word in words}, places=[base + start]))

    def _is_person(self, name: str) -> bool:
        words = plain_name(name).lower().split()
        return bool(words) and any(words == person.name.lower().split() for person in self.people)

    def _body_mention(self, head: Token, place: int) -> Entity | None:
        word = head.lower_
        if word not in BODY_MENTIONS or not any(token.lower_ in {"the", "this"} for token in head.lefts):
            return None
        wanted = BODY_MENTIONS[word]
        best, best_at = None, -1
        for body in self.bodies:
            if wanted and not body.words & set(wanted):
                continue
            at = max((at for at in body.places if at < place), default=-1)
            if at > best_at:
                best, best_at = body, at
        return best

    def _last_body(self, place: int) -> str:
        """ "It added …": the body or document that spoke last, close by."""
        for at, entity in reversed(self._spoken):
            if at < place and place - at < 600 and entity.sort != "person":
                return entity.name
        return ""

    # Documents

    def _add_documents(self, doc: Doc, base: int) -> None:
        for token in doc:
            if token.lemma_.lower() not in DOCUMENT_NOUNS:
                continue
            name = self._document_name(token)
            if not name:
                continue
            place = base + token.idx
            words = {word.lower() for word in name.split()}
            for known in self.documents:
                if (
                    known.words == words
                    or (known.words <= words or words <= known.words)
                    and len(words & known.words) > 1
                ):
                    known.places.append(place)
                    break
            else:
                self.documents.append(Entity(name, "document", words, places=[place]))

    def _document_name(self, noun: Token) -> str:
        """ "Lady Mary Holt's report" → "Holt report"; "the Holt Review" → "Holt Review"."""
        for child in noun.lefts:
            if child.dep_ == "poss" and child.pos_ == "PROPN":
                person = self._person_called([child.lower_])
                owner = person.name.split()[-1] if person else child.text
                return f"{owner} {noun.lower_}"
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

    def _document(self, source: Span | Token, head: Token, place: int) -> str:
        if name := self._document_name(head):
            words = {word.lower() for word in name.split()}
            for known in self.documents:
                if words <= known.words:
                    return known.name
            return name
        fitting = [
            (at, known)
            for known in self.documents
            for at in known.places
            if at < place and head.lemma_.lower() in known.words
        ]
        definite = any(token.lower_ in {"the", "this", "that"} for token in head.lefts)
        if definite and fitting:
            return max(fitting, key=lambda item: item[0])[1].name
        return self._own_words(source, head)

    # Names

    def _named(self, text: str) -> Entity | None:
        """The person or body that `text` names, office and title left aside."""
        words = plain_name(text).split()
        lower = [word.lower().strip(",") for word in words]
        if not lower:
            return None
        titles = {TITLES.get(word.lower().strip("."), "") for word in text.split()} - {""}
        for person in reversed(self.people):
            if len(titles) == 1 and person.known_gender and person.known_gender not in titles:
                continue
            own = person.name.lower().split()
            if lower == own or (len(lower) == 1 and lower[0] in own) or (len(own) > 1 and lower[-len(own) :] == own):
                return person
            if len(own) > 1 and all(word in lower for word in own):
                return person
        # An office that is spelled like a name ("Harbour Police Commissioner") is its holder, not its body.
        if lower[-1] in ROLE_NOUNS:
            return None
        for body in self.bodies:
            own = body.name.split()
            if is_abbreviation(words, own) or set(lower) == body.words:
                return body
        return None

    @staticmethod
    def _own_words(source: Span | Token, head: Token) -> str:
        """An unnamed source in its own words ("a spokesman for the club" → "spokesman for the club"), kept short."""
        if source is head:
            source = head.doc[head.i : head.i + 1]
        end = source.end
        for token in source:
            if token.i > head.i and (
                token.dep_ == "relcl" or token.text in {",", "(", "–", "—"} or token.tag_ in {"WP", "WDT"}
            ):
                end = token.i
                break
        text = source.doc[source.start : min(end, source.start + 12)].text
        return re.sub(r"^(?:the|a|an|one|this|that|some|another) ", "", text, flags=re.IGNORECASE).strip(" ,;:“”\"'")
