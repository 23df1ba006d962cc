"""What kind of thing a claim asserts: a figure, a trend, an event, a rule, a cause, a forecast, a promise, an opinion.

A reviewer checks each kind by other means, and predictions, promises and opinions mostly not at all: they are marked
so that they can be filtered, never left out.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from claims.checkworthiness import FINITE, kinds_named
from claims.foretold import FORETELLING, PROMISING, WILL, foretold
from claims.names import FIRST_PERSON

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

# Each kind and its name for people.
ASSERTIONS = {
    "quantity": "Figure",
    "comparison": "Comparison or trend",
    "past_event": "Past event",
    "present_state": "Present state",
    "law": "Law or rule",
    "cause": "Cause",
    "prediction": "Prediction",
    "promise": "Promise",
    "opinion": "Opinion",
    "experience": "Personal experience",
}

_FORECASTS = FORETELLING | {"loom"}
# What is expected, but not what "projects confidence".
_FORESEEN = FORETELLING - {"project"}
_LIKELY = {"likely", "unlikely", "set", "due", "bound", "about", "poised", "expected", "going"}
_WISHES = {"should", "must", "ought"}
_HOLDING = {"think", "believe", "feel", "hope", "want", "wish", "fear", "doubt", "prefer", "love", "hate"}
_JUDGING = {
    "absurd", "amazing", "appalling", "awful", "bad", "best", "better", "brave", "brilliant", "cowardly", "crucial",
    "dangerous", "deplorable", "deserve", "despicable", "disastrous", "disgraceful", "disgusting", "dreadful",
    "embarrassing", "essential", "excellent", "fair", "fantastic", "foolish", "good", "great", "horrible",
    "important", "incompetent", "incredible", "insulting", "irresponsible", "naive", "necessary", "outrageous",
    "pathetic", "proper", "reckless", "ridiculous", "right", "sad", "scandalous", "shameful", "shocking",
    "sickening", "silly", "stupid", "terrible", "tragic", "unacceptable", "unfair", "unforgivable", "vital", "weak",
    "wise", "wonderful", "worse", "worst", "wrong",
    "abomination", "disaster", "disgrace", "farce", "insult", "mess", "mockery", "nightmare", "nonsense", "outrage",
    "shambles", "shame", "tragedy", "travesty", "triumph",
}  # fmt: skip
# Said of something as "a …", or of how it is; elsewhere in a sentence they may be a mere name ("the water scandal").
_JUDGED = {
    "betrayal", "catastrophe", "joke", "masterpiece", "scandal",
    "barbaric", "cruel", "farcical", "heartless", "immoral", "inhumane", "shambolic", "unjust",
}  # fmt: skip
_PERCEIVED = {
    "see", "hear", "feel", "watch", "meet", "lose", "find", "experience", "suffer", "remember", "notice", "wake",
    "live", "grow", "walk", "drive", "travel", "wait", "cry", "fall", "visit", "arrive", "leave", "sit", "stand",
    "lie", "call", "tell", "ask", "talk", "work", "spend", "try", "take", "go", "come", "have", "be", "get", "know",
}  # fmt: skip
_LEGAL = re.compile(
    r"\b(?:laws?|legislation|statutes?|acts? of|regulations?|constitution\w*|unconstitutional|illegal(?:ly)?|"
    r"unlawful(?:ly)?|lawful(?:ly)?|legal(?:ly)?|bann?(?:ed|s)?|prohibit\w*|forbidden|outlaw\w*|mandatory|statutory|"
    r"criminal offence|felony|misdemeanou?r|(?:is|are) (?:not )?(?:required|allowed|obliged|entitled|permitted) to|"
    r"court ruled|supreme court|article \d+|section \d+|amendment)\b",
    re.IGNORECASE,
)
# What these say must be done is a rule that can be looked up, no wish.
_UNDER_LAW = re.compile(
    r"\b(?:under (?:\w+ ){0,4}(?:laws?|rules?|legislation|acts?|regulations?|constitution)|by law|"
    r"laws? (?:says?|states?|requires?))\b",
    re.IGNORECASE,
)
_CAUSAL = re.compile(
    r"\b(?:because|due to|owing to|thanks to|led to|leads? to|leading to|caus(?:e|es|ed|ing)|results? (?:in|of|from)|"
    r"resulted (?:in|from)|prompt(?:ed|s|ing)|trigger(?:ed|s|ing)?|as a (?:result|consequence)|sparked|stem(?:s|med) "
    r"from|blamed (?:on|for)|responsible for|"
    r"contribut(?:ed|es) to (?!(?:this|the) (?:report|story|article))|brought about|thereby|driven by|fuell?ed)\b",
    re.IGNORECASE,
)
_MOVING = {
    "rise", "fall", "increase", "decrease", "drop", "climb", "grow", "shrink", "double", "triple", "treble",
    "halve", "surge", "plunge", "soar", "decline", "slump", "jump", "dip", "worsen", "improve", "exceed",
    "outnumber", "outpace", "slow", "accelerate", "rocket", "tumble", "widen", "narrow", "quadruple",
}  # fmt: skip
_TREND = re.compile(
    r"\b(?:(?:more|less|fewer)(?: \w+){0,4} than|(?:better|worse|\w{3,}er) than|"
    r"(?:twice|three times|\w+ times) as|compared (?:with|to)|(?:the )?(?:highest|lowest|largest|biggest|smallest|"
    r"fastest|worst|best|most|fewest) (?:\w+ ){0,4}(?:in|since|ever|on record)|record (?:high|low|number|level)\w*|"
    r"a record|up from|down from|up by|down by|on the (?:rise|increase|decline))\b",
    re.IGNORECASE,
)
_MEASURED = {"PERCENT", "MONEY", "QUANTITY"}
# "The school opens on Monday" looks ahead in the present tense.
_PLANNED = {
    "open", "reopen", "start", "begin", "close", "end", "leave", "arrive", "return", "resume", "launch", "meet",
    "vote", "come", "go", "take",
}  # fmt: skip
_AHEAD = re.compile(
    r"\b(?:on (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)|next (?:week|month|year|\w+day)|tomorrow)\b", re.IGNORECASE
)
_SMALL = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twenty|a hundred|\d{1,3})"
_SHARE = re.compile(rf"\b{_SMALL} (?:in|out of) (?:every )?{_SMALL}\b", re.IGNORECASE)
_UNIT_WORDS = re.compile(
    r"\d\s*(?:%|per ?cent|million|billion|trillion|thousand|bn|m\b|km|kg|tonnes?|miles|hours|degrees)|[£$€]\s*\d",
    re.IGNORECASE,
)


def assertion_of(span: Span, cue: Span | None = None, direct: bool = False) -> str:
    """One of ASSERTIONS: the first that fits, the ones that can't be checked like a fact first.

    `cue` is the words that report the claim, None where none do; `direct` is true of a quotation.
    """
    tokens = list(span)
    root = _main_verb(span)
    lemmas = {token.lemma_.lower() for token in tokens}
    if _promises(root):
        return "promise"
    if ahead := foretold(root, cue, direct):
        return ahead
    if _predicts(root, tokens):
        return "prediction"
    if _experienced(root, tokens):
        return "experience"
    if _UNDER_LAW.search(span.text) and any(child.lower_ == "must" for child in _helpers(root)):
        return "law"
    if _opines(root):
        return "opinion"
    if _TREND.search(span.text) or any(_moves(token) for token in tokens):
        return "comparison"
    measured = (
        any(kind in _MEASURED for kind in kinds_named(span))
        or _UNIT_WORDS.search(span.text)
        or _SHARE.search(span.text)
    )
    if measured or any(_counts(token) for token in tokens):
        return "quantity"
    if _LEGAL.search(span.text):
        return "law"
    if _CAUSAL.search(span.text):
        return "cause"
    if lemmas & _JUDGING and _is_state(root):
        return "opinion"
    return "past_event" if _is_past(root) else "present_state"


def _main_verb(span: Span) -> Token:
    """The verb that carries the claim: the span's root, or the clause under a root that only reports."""
    root = span.root
    if root.pos_ not in {"VERB", "AUX"}:
        verbs = [token for token in span if token.pos_ in {"VERB", "AUX"} and token.tag_ in FINITE]
        if verbs:
            root = verbs[0].head if verbs[0].dep_ in {"aux", "auxpass"} and verbs[0].head in span else verbs[0]
    return root


def _helpers(verb: Token) -> list[Token]:
    return [child for child in verb.children if child.dep_ in {"aux", "auxpass", "neg"}]


def _subject(verb: Token) -> Token | None:
    found = [child for child in verb.children if child.dep_ in {"nsubj", "nsubjpass", "expl"}]
    return found[0] if found else None


def _will(verb: Token) -> bool:
    return any(child.lower_ in WILL for child in _helpers(verb))


def _promises(root: Token) -> bool:
    subject = _subject(root)
    if root.lemma_.lower() in PROMISING and root.pos_ == "VERB" and subject is not None:
        return any(child.dep_ in {"xcomp", "ccomp", "dobj", "prep"} for child in root.children)
    return _will(root) and subject is not None and subject.lower_ in {"i", "we"} and root.lemma_.lower() != "be"


def _predicts(root: Token, tokens: list[Token]) -> bool:
    if _will(root) or root.lemma_.lower() in _FORECASTS and any(c.dep_ in {"xcomp", "ccomp"} for c in root.children):
        return True
    if root.lemma_.lower() in _FORESEEN and _foresees(root):
        return True
    if root.lemma_.lower() in _PLANNED and root.tag_ in {"VBZ", "VBP"} and _AHEAD.search(_clause(root)):
        return True
    if _to_be_done(tokens):
        return True
    places = {token.lower_ for token in root.children} | {root.lower_}
    leads = any(
        child.dep_ == "xcomp" and child.tag_ == "VB" for token in (root, *root.children) for child in token.children
    )
    if places & _LIKELY and leads and (root.lemma_.lower() == "be" or root.lower_ in _LIKELY):
        return True
    # "could" and "might" look ahead only where nothing says that the act is past.
    return any(child.lower_ in {"could", "may", "might"} for child in _helpers(root)) and not any(
        child.lemma_ == "have" for child in _helpers(root)
    )


def _foresees(root: Token) -> bool:
    """ "The bank expects growth of 2%", "growth is forecast at 2%"; not what was expected once."""
    if root.tag_ in {"VBZ", "VBP"}:
        return any(child.dep_ == "dobj" for child in root.children)
    now = any(child.dep_ == "auxpass" and child.tag_ in {"VBZ", "VBP"} for child in root.children)
    return now and root.tag_ == "VBN" and any(child.dep_ == "prep" for child in root.children)


def _experienced(root: Token, tokens: list[Token]) -> bool:
    subject = _subject(root)
    mine = subject is not None and (
        subject.lower_ in {"i", "we"} or any(child.lower_ in {"my", "our"} for child in subject.children)
    )
    # "We have lost one in five of our nurses" counts what befell a whole body.
    counted = any(token.ent_type_ in {"PERCENT", "MONEY"} for token in tokens) or _SHARE.search(_clause(root))
    if mine and counted and subject.lower_ == "we":
        return False
    return mine and _is_past(root) and root.lemma_.lower() in _PERCEIVED


def _opines(root: Token) -> bool:
    if any(child.lower_ in _WISHES for child in _helpers(root)):
        return True
    subject = _subject(root)
    if root.lemma_.lower() == "deserve":
        return True
    if root.lemma_.lower() in _HOLDING and any(
        child.dep_ == "ccomp" and any(helper.lower_ in _WISHES for helper in _helpers(child)) for child in root.children
    ):
        return True
    if root.lemma_.lower() == "need" and any(child.dep_ == "xcomp" for child in root.children):
        return True
    if root.lemma_.lower() in _HOLDING and subject is not None and subject.lower_ in FIRST_PERSON:
        return True
    if not _is_state(root):
        return False
    said = [token for child in root.children if child.dep_ in {"acomp", "attr", "oprd"} for token in child.subtree]
    head = [child for child in root.children if child.dep_ in {"acomp", "attr", "oprd"}]
    judged = {token.lemma_.lower() for token in head} | {
        token.lemma_.lower() for token in said if token.dep_ in {"amod", "conj"} and token.head in head
    }
    return bool(judged & _JUDGING) or any(token.lemma_.lower() in _JUDGED and _said_of(token) for token in head)


def _said_of(word: Token) -> bool:
    """ "Is cruel", "is a catastrophe", but not "is the third scandal this year" or "is a scandal that cost £3m"."""
    if word.dep_ == "acomp":
        return True
    told = any(child.dep_ == "relcl" for child in word.children)
    return not told and any(child.lower_ in {"a", "an"} for child in word.children)


def _is_state(root: Token) -> bool:
    return root.lemma_.lower() in {"be", "seem", "look", "feel", "sound", "remain", "become"}


def _is_past(root: Token) -> bool:
    if root.tag_ == "VBD" or any(child.tag_ == "VBD" for child in _helpers(root)):
        return True
    return root.tag_ == "VBN" and any(child.lower_ in {"has", "have", "'ve", "’ve"} for child in _helpers(root))


def _clause(root: Token) -> str:
    return root.doc[root.left_edge.i : root.right_edge.i + 1].text


def _to_be_done(tokens: list[Token]) -> bool:
    """ "Bonuses to be banned": a headline without a finite verb announces."""
    if any(token.tag_ in FINITE for token in tokens):
        return False
    return any(one.lower_ == "to" and two.lower_ == "be" for one, two in pairwise(tokens[1:]))


def _moves(token: Token) -> bool:
    """ "Fares declined"; not "declined to comment" or "dropped the charges"."""
    if token.lemma_.lower() not in _MOVING or token.pos_ not in {"VERB", "NOUN"}:
        return False
    taken = {child.dep_ for child in token.children}
    return "xcomp" not in taken and not (token.lemma_.lower() in {"decline", "drop"} and "dobj" in taken)


def _counts(token: Token) -> bool:
    """A number of things ("seven officers"), not a year, an age, a rank or "one of"."""
    if token.dep_ != "nummod" or token.ent_type_ in {"DATE", "TIME", "ORDINAL", "LAW"} or token.lower_ == "one":
        return False
    return token.head.tag_ in {"NNS", "NNPS"}
