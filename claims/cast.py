"""Who is who in one article: the people, bodies and documents it names, and what a mention stands for.

"Dame Mary", "Mary Holt" and "She" are one person; "the force" is the police body last named; "this report" is
the report last named. A mention that can't be resolved keeps its own words: a wrong name is worse than none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claims.crowds import Crowd, crowds_in
from claims.entities import Entity
from claims.first_names import FEMALE_NAMES, MALE_NAMES
from claims.mentions import capitalised, fits, in_marks, is_of_kind, may_be_called, name_in, sort_of
from claims.names import (
    BODY_FORMS,
    BODY_MENTIONS,
    BODY_NOUNS,
    DOCUMENT_NOUNS,
    FEMALE,
    FIRMS,
    FIRST_PERSON,
    HE,
    IT,
    MALE,
    NAMED_BODY,
    OUTLET,
    ROLE_NOUNS,
    SHE,
    TITLES,
    is_abbreviation,
    plain_name,
)
from claims.offices import is_office_word, offices_at, role_words
from claims.papers import Papers
from claims.titled import COURTESY, person_spans
from claims.unnamed import own_words, spoke_before

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Span, Token

# Two people of one surname: named so many characters apart, the later one may be meant by the surname alone.
_NEAR = 300
_INDEFINITE = {"a", "an", "another", "one", "some", "any", "no", "each", "every", "many", "most", "other", "several"}
_NOT_PEOPLE = {"body", "place", "document", "several"}
# Offices whose holders a text may name without them; written small, the words may mean anybody's.
_OF_STATE = re.compile(r"^[Tt]he (?:Prime Minister|President|Chancellor|Pope|King|Queen|First Minister|Taoiseach)$")


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
        self._papers = Papers(self._surname)
        self._spoken: list[tuple[int, Entity]] = []
        self._crowds: list[Crowd] = []
        named = [(base, doc, person_spans(doc)) for base, doc in docs]
        for base, _, spans in named:
            for span in spans:
                self._add_person(span, base)
        for base, doc, spans in named:
            self._add_bodies(doc, base)
            for span in spans:
                self._note_roles(span, base)
        for base, doc in docs:
            self._papers.add(doc, base)
            if base not in aside:
                self._crowds += crowds_in(doc, base)

    def spoke(self, place: int, name: str) -> None:
        """Remember that `name` was the source at character `place`."""
        known = (*self.people, *self.bodies, *self._papers.known)
        entity = next((one for one in known if one.name == name), None)
        self._spoken.append((place, entity or Entity(name, sort_of(name))))

    def resolve(self, source: Span | Token, base: int) -> str:
        """The name that the words `source` stand for; empty where only a pronoun is left and nobody fits."""
        head = getattr(source, "root", source)
        place = base + head.idx
        word = head.lower_
        if word in HE or word in SHE:
            return self._pronoun(place, MALE if word in HE else FEMALE, self._spoken_to(head))
        if word in IT or word in {"they", "them"}:
            return self._at_work(place, alone=word in IT)
        if word in FIRST_PERSON or head.tag_ in {"WP", "WDT", "PRP", "EX", "DT"}:
            return ""
        if found := self._apposed(source, place):
            return found.name
        if head.pos_ == "PROPN" and (found := self._named(source.text, place)):
            return found.name
        if head.lemma_.lower() in DOCUMENT_NOUNS:
            known = self._papers.meant(head, place)
            return known or self._unnamed_again(source, head, -1, place) or own_words(source, head)
        name = name_in(source, head)
        if name and (found := self._named(name, place)) and (capitalised(head) or found.sort == "person"):
            return found.name
        if head.pos_ in {"NOUN", "PROPN"}:
            found = self._role_holder(source, head, place) or self._body_mention(head, place)
            last = found.last_before(place) if found else -1
            if again := self._unnamed_again(source, head, last, place):
                return again
            if found:
                return found.name
        if found := self._named_last(source, head, place):
            return found.name
        return own_words(source, head)

    def called(self, capitals: str) -> str:
        """The one person whose name ends in the words of `capitals` ("HOLT" → "Mary Holt"); empty where not just one
        does."""
        words = capitals.lower().split()
        found = [one.name for one in self.people if one.name_words[-len(words) :] == words]
        return found[0] if len(found) == 1 else ""

    def named(self, text: str, place: int | None = None) -> str:
        """The full name of the person or body that `text` names at character `place`; empty where the article knows
        none."""
        found = self._named(text, place)
        return found.name if found else ""

    def is_person(self, name: str) -> bool:
        """Whether `name` is the full name of a person of the article."""
        return any(person.name == name for person in self.people)

    # People

    def _add_person(self, span: Span, base: int) -> None:
        name = plain_name(span.text.split(":")[0])
        words = [word.lower() for word in name.split()]
        if not words or not name[0].isupper() or any(letter.isdigit() for letter in name):
            return
        if re.search(rf"\b(?:{BODY_NOUNS})\b", name):
            return
        before = span.doc[span.start - 1].lower_.strip(".") if span.start else ""
        gender = TITLES.get(before, "") or TITLES.get(span[0].lower_.strip("."), "")
        if not gender and len(words) > 1:
            gender = MALE if words[0] in MALE_NAMES else FEMALE if words[0] in FEMALE_NAMES else ""
        place = base + span.start_char
        called = self._people_called(words, gender)
        courtesy = len(words) == 1 and bool({before, span[0].lower_.strip(".")} & COURTESY)
        if not (person := self._meant(called, words, place, courtesy)) and called:
            return
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
        person.places.append(place)
        if courtesy:
            person.courtesies.append(place)
        if len(words) > 1 and person.introduced is None:
            person.introduced = place
        if span.root.dep_ in {"nsubj", "nsubjpass"}:
            person.subjects.append(place)
            if span.root.head.dep_ == "ROOT" and not in_marks(span):
                person.acts.append(place)

    def _of_gender(self, gender: str) -> list[Entity]:
        """Everybody who may be of this gender, "" being any."""
        return [one for one in self.people if not (gender and one.known_gender and gender != one.known_gender)]

    def _people_called(self, words: Sequence[str], gender: str = "") -> list[Entity]:
        """Everybody whom these lower-case words may name; "Mr Holt" is not Mary Holt."""
        if not words:
            return []
        fitting = self._of_gender(gender)
        exact = [one for one in fitting if one.name_words == [*words]]
        return exact or [one for one in fitting if may_be_called(one.name_words, words)]

    def _meant(
        self, called: list[Entity], words: Sequence[str], place: int | None, courtesy: bool = False
    ) -> Entity | None:
        """Whom of those called so a name at `place` means; None where it may be either.

        A surname alone belongs to whom the text is mostly about, unless another bearer of it was named just before.
        Without a `courtesy` ("Mrs") it is not hers whom the text calls so to tell her from the other.
        """
        if len(called) > 1 and place is not None:
            called = [one for one in called if one.introduced is not None and one.introduced <= place] or called
        if len(called) > 1 and len(words) == 1:
            called = [one for one in called if one.name_words[-1] == words[0]] or called
        if len(called) < 2:
            return called[0] if called else None
        end = float("inf") if place is None else place
        bare = len(words) == 1 and not courtesy
        before = {
            one.name: [at for at in one.places if at < end and not (bare and at in one.courtesies)] for one in called
        }
        first, second = sorted(called, key=lambda one: len(before[one.name]), reverse=True)[:2]
        last = max(called, key=lambda one: max(before[one.name], default=-1))
        near = place is not None and place - max(before[last.name], default=-_NEAR) < _NEAR
        if len(before[first.name]) == len(before[second.name]) or last is not first and near:
            return None
        return first

    def _surname(self, name: str) -> str:
        """The surname of whom one word means; the word itself where it may be either of two."""
        person = self._meant(self._people_called([name.lower()]), [name.lower()], None)
        return person.name.split()[-1] if person else name

    def _note_roles(self, span: Span, base: int) -> None:
        words = [word.lower() for word in plain_name(span.text).split()]
        person = self._meant(self._people_called(words), words, base + span.start_char)
        if person is None:
            return
        person.role = max(person.role, role_words(span), key=len)
        near, loose = offices_at(span)
        person.roles |= near
        person.loose_roles |= loose

    def role_of(self, name: str) -> str:
        """The office of the person of this name; empty where the text gives none."""
        return next((person.role for person in self.people if person.name == name), "")

    def _role_holder(self, source: Span | Token, head: Token, place: int) -> Entity | None:
        """Who is known to hold the office that the words name; nobody where they say more than is known of anybody."""
        word = head.lower_
        if any(token.lower_ in _INDEFINITE for token in head.lefts):
            return None
        holders = [person for person in self.people if word in person.roles]
        holders = holders or [person for person in self.people if word in person.loose_roles]
        if not holders:
            return self._head_of_state(source, place)
        holders = [person for person in holders if fits(source, head, person)]
        return max(holders, key=lambda person: person.last_before(place), default=None)

    def _head_of_state(self, source: Span | Token, place: int) -> Entity | None:
        """ "The Prime Minister said" right behind what the only person just named did, whom no text need introduce."""
        if not _OF_STATE.match(source.text):
            return None
        named = [one for one in self.people if any(place - _NEAR <= at < place for at in one.places)]
        acted = [one for one in named if any(place - _NEAR <= at < place for at in one.acts)]
        if len(acted) != 1 or acted[0].roles | acted[0].loose_roles or acted[0].introduced is None:
            return None
        act = max(at for at in acted[0].acts if at < place)
        later = any(act < at < place for one in named if one is not acted[0] for at in one.places)
        return acted[0] if not later else None

    def _pronoun(self, place: int, gender: str, without: Sequence[Entity] = ()) -> str:
        """Whom "he" or "she" at `place` means, but nobody of `without`."""
        fitting = [person for person in self.people if person.gender in {"", gender} and person not in without]
        person = self._recent(place, fitting, reach=1500)
        unnamed = [(at, one) for at, one in self._spoken if place - 600 <= at < place and one.sort == "somebody"]
        if unnamed and unnamed[-1][1].gender in {"", gender}:
            at, one = unnamed[-1]
            newer = [*(person.acts if person else ()), *(spoke for spoke, who in self._spoken if who is person)]
            if not any(at < later < place for later in newer):
                return one.name
        if person is None:
            return ""
        person.gender = gender
        return person.name

    def _spoken_to(self, pronoun: Token) -> list[Entity]:
        """Who is named as the object of the pronoun's own verb, and so isn't meant by it: "she told Hill"."""
        objects = [child for child in pronoun.head.children if child.dep_ in {"dobj", "dative", "iobj"}]
        objects += [
            noun for child in objects for noun in child.children if child.dep_ == "dative" and noun.dep_ == "pobj"
        ]
        named = (self._named(token.text, None) for token in objects if token.text[:1].isupper())
        return [one for one in named if one is not None]

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
        """Who of `among` last spoke or, later than that, acted; else was last a subject or was named, within `reach`.

        Who is only the subject inside what another said ("Holt said Reed had lied") comes after who said it.
        """
        spoken = [(at, entity) for at, entity in self._spoken if place - reach <= at < place and entity in among]
        acted = [(at, entity) for entity in among for at in entity.subjects if place - reach <= at < place]
        last_spoken = max(spoken, key=lambda item: item[0], default=None)
        last_acted = max(acted, key=lambda item: item[0], default=None)
        if last_spoken:
            acts = [(at, entity) for entity in among for at in entity.acts if last_spoken[0] < at < place]
            if acts:
                return max(acts, key=lambda item: item[0])[1]
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
        places = {entity.start_char for entity in doc.ents if entity.label_ == "GPE"}
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
                sort = "place" if start in places else "body"
                self.bodies.append(Entity(name, sort, {word.lower() for word in words}, places=[base + start]))

    def _is_person(self, name: str) -> bool:
        """A person's name, or the surname of one: the tagger takes many a surname for a body."""
        words = plain_name(name).lower().split()
        names = [person.name_words for person in self.people]
        return bool(words) and any(words in (own, own[-1:]) for own in names)

    def _body_mention(self, head: Token, place: int) -> Entity | None:
        word = head.lower_
        if word not in BODY_MENTIONS or not any(token.lower_ in {"the", "this"} for token in head.lefts):
            return None
        wanted = set(BODY_MENTIONS[word])
        named = [body for body in self.bodies if body.sort == "body" and any(at < place for at in body.places)]
        if wanted:
            fitting = [body for body in named if is_of_kind(body.name, wanted)]
        elif not (fitting := [body for body in named if BODY_FORMS[word].search(body.name)]):
            # No name says what its bearer is: only the one that has no other kind's name can be meant.
            fitting = [body for body in named if not re.search(rf"\b(?:{BODY_NOUNS})\b", body.name)]
            fitting = fitting if word in FIRMS and len(fitting) == 1 and not OUTLET.search(fitting[0].name) else []
        return max(fitting, key=lambda body: body.last_before(place), default=None)

    def _at_work(self, place: int, alone: bool) -> str:
        """Who "they" or (`alone`) "it" at `place` means: who was just at work, else the body or document that spoke
        last, close by; empty where it may be either of two."""
        sorts = _NOT_PEOPLE - ({"several"} if alone else set())
        spoken = [(at, one.name) for at, one in self._spoken if place - 600 < at < place and one.sort in sorts]
        since, name = max(spoken, default=(place - 600, ""))
        cues = {at for at, _ in self._spoken}
        newer = [
            one
            for one in self._crowds
            if since < one.place < place and one.verb not in cues and (one.acts and one.body if alone else True)
        ]
        if not newer:
            return name
        last = newer[-1]
        beside = {one.name for one in newer if one.main == last.main}
        if len(beside) > 1 or not last.acts or place - last.place > _NEAR:
            return ""
        return last.body and self.named(last.name, last.place) or last.name

    # Unnamed sources

    def _unnamed_again(self, source: Span | Token, head: Token, since: int, place: int) -> str:
        """ "The spokesman" where "a spokesman for the navy" spoke after character `since`; else ""."""
        earlier = [(at, one.name) for at, one in self._spoken if at < place]
        again = spoke_before(source, head, [name for _, name in earlier])
        return again if any(at > since and name == again for at, name in earlier) else ""

    # Names

    def _named(self, text: str, place: int | None) -> Entity | None:
        """The person or body that `text` names at `place`, office and title left aside."""
        words = plain_name(text).split()
        lower = [re.sub(r"[’']s?$", "", word.lower().strip(",:;")) for word in words]
        if not lower:
            return None
        titles = {TITLES.get(word.lower().strip("."), "") for word in text.split()} - {""}
        gender = next(iter(titles)) if len(titles) == 1 else ""
        called = [one for one in self._people_called(lower, gender) if len(lower) == 1 or len(one.name.split()) > 1]
        if called:
            return self._meant(called, lower, place, bool(COURTESY & {text.split()[0].lower().strip(".")}))
        if within := self._people_within(lower, gender):
            return within[0] if len(within) == 1 else self._behind_office(within, lower)
        # An office that is spelled like a name ("Harbour Police Commissioner") is its holder, not its body.
        if lower[-1] in ROLE_NOUNS:
            return None
        for body in self.bodies:
            own = body.name.split()
            if is_abbreviation(words, own) or set(lower) == body.words:
                return body
        return None

    def _named_last(self, source: Span | Token, head: Token, place: int) -> Entity | None:
        """The person whose name ends a source of which the parse took another word for its head ("Sinn Féin
        vice-president Mary Holt"), or is all of it; nobody behind "of" or "for"."""
        if source is head or any(token.pos_ == "ADP" for token in source):
            return None
        if len(source) == 1:
            found = self._named(source.text, place) if source.text.istitle() else None
            return found if found and found.sort == "person" and len(found.name.split()) > 1 else None
        return self._behind_office(self.people, source.text.lower().split())

    @staticmethod
    def _behind_office(within: list[Entity], words: Sequence[str]) -> Entity | None:
        """Of several people within the words that name one, whoever ends them behind an office: "Acme Ford spokesman
        John Reed"."""
        for one in within:
            own = one.name_words
            ahead = words[: len(words) - len(own)]
            if len(own) > 1 and ahead and [*words[len(ahead) :]] == own and is_office_word(ahead[-1]):
                return one
        return None

    def _apposed(self, source: Span | Token, place: int) -> Entity | None:
        """The person whose name is a part of its own of the source: "Hill's daughter, Joan Carr", "Maria Lopez, 43"."""
        segments = [one.strip() for one in re.split(r"[,(–—]", source.text)]
        if len(segments) < 2 or re.search(r"\b(?:and|or)\b", source.text.split(" who ")[0]) and len(segments) > 3:
            return None
        for segment in segments[:3]:
            words = segment.split()
            if words and all(word[:1].isupper() for word in words) and not re.search(r"[’']s?$", segment):
                found = self._named(segment, place)
                if found is not None and found.sort == "person":
                    return found
        return None

    def _people_within(self, words: Sequence[str], gender: str) -> list[Entity]:
        """People whose whole name of several words stands among `words`, with an office perhaps."""
        people = self._of_gender(gender)
        return [one for one in people if len(one.name_words) > 1 and all(word in words for word in one.name_words)]
