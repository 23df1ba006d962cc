"""Who was just at work, and so may be "they" or "it": people in the plural and bodies that a main verb is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.attribution import phrase_of
from claims.mentions import in_marks
from claims.names import ROLE_NOUNS
from claims.unnamed import own_words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

# People who often come in numbers and have no office.
_PEOPLE = {
    "academic", "activist", "adult", "agent", "attacker", "boy", "brother", "campaigner", "child", "citizen",
    "colleague", "couple", "critic", "customer", "daughter", "demonstrator", "driver", "employee", "employer",
    "family", "fan", "father", "fighter", "friend", "girl", "guard", "guest", "gunman", "inmate", "investigator",
    "investor", "islander", "juror", "killer", "landlord", "man", "medic", "midwife", "migrant", "militant",
    "mother", "neighbor", "neighbour", "official", "opponent", "parent", "passenger", "patient", "people", "person",
    "player", "police", "politician", "prisoner", "protester", "pupil", "rebel", "refugee", "relative", "rescuer",
    "researcher", "resident", "sailor", "scholar", "shopper", "sister", "soldier", "son", "staff", "student",
    "supporter", "survivor", "suspect", "teenager", "tenant", "trader", "troop", "user", "veteran", "victim",
    "villager", "visitor", "voter", "witness", "woman", "worker",
}  # fmt: skip
_SUBJECTS = {"nsubj", "nsubjpass"}


@dataclass(frozen=True, slots=True)
class Crowd:
    """People or a body at character `place`, taking part in the act of the verb at `verb`; `acts`: as its subject.

    `main` is where the sentence's main verb stands. `name` is their own words, "" where no one name is theirs ("Holt
    and Reed").
    """

    place: int
    verb: int
    main: int
    name: str
    acts: bool
    body: bool


def crowds_in(doc: Doc, base: int) -> list[Crowd]:
    """Those of a paragraph that starts at character `base` of the article; nobody within quotations."""
    found = []
    names = {token.i: entity.text for entity in doc.ents for token in entity}
    for token in doc:
        verb, main = _part_in(token)
        if main is None or in_marks(doc[token.i : token.i + 1]):
            continue
        body, acts = token.ent_type_ == "ORG", token.dep_ in _SUBJECTS
        joined = any(child.dep_ == "conj" for child in token.children)
        if body and acts and not joined:
            name = names[token.i]
        elif not body and (_several(token) or joined and token.ent_type_ == "PERSON"):
            phrase = phrase_of(token)
            name = "" if joined else own_words(phrase, token)
        else:
            continue
        found.append(Crowd(base + token.idx, base + verb.idx, base + main.idx, name, acts, body))
    return found


def _several(token: Token) -> bool:
    many = token.tag_ in {"NNS", "NNPS"} or token.lower_ in {"police", "people", "family", "couple", "staff"}
    return many and bool({token.lemma_.lower(), token.lower_} & (_PEOPLE | ROLE_NOUNS))


def _part_in(token: Token) -> tuple[Token, Token | None]:
    """The verb in whose act a noun takes part, and the main verb that it is or is joined to; None where it is none."""
    verb = token.head
    if token.dep_ in {"pobj"} and verb.dep_ in {"agent", "dative", "prep"}:
        verb = verb.head
    elif token.dep_ not in {*_SUBJECTS, "dobj", "dative"}:
        return verb, None
    main = verb
    while main.dep_ == "conj" and main.head.pos_ in {"VERB", "AUX"}:
        main = main.head
    if main.dep_ != "ROOT" or main.pos_ not in {"VERB", "AUX"}:
        return verb, None
    return verb, main
