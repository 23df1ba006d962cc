"""Whether what a source is reported to say looks ahead: "inflation would fall", "he promised that it would open".

News puts what was said of the future a step back in time ("will" becomes "would"), so that the words alone don't tell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claims.names import FIRST_PERSON

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

PROMISING = {"pledge", "vow", "promise", "commit", "guarantee", "undertake", "swear"}
FORETELLING = {"predict", "forecast", "expect", "project", "anticipate"}
WILL = {"will", "'ll", "’ll", "wo", "shall"}
_WOULD = {"would", "'d", "’d"}
# "Victims said he would lock the door": what somebody used to do is no forecast.
_USUAL = re.compile(
    r"\b(?:often|sometimes|usually|regularly|frequently|occasionally|routinely|repeatedly|always|whenever|at times|"
    r"(?:every|each) (?:day|night|morning|afternoon|evening|weekend|week|time))\b",
    re.IGNORECASE,
)
_RECALLING = {"recall", "remember", "testify", "hear", "describe", "recount", "allege", "accuse", "confess"}
_IN_COURT = {"court", "jury", "jurors", "tribunal", "inquest", "trial", "hearing", "inquiry", "magistrates", "judge"}
# "It would seem that" hedges a fact, "he would like" wishes.
_NOT_AHEAD = {"appear", "seem", "suggest", "like", "prefer", "love", "say", "think", "imagine", "argue", "know"}


def foretold(verb: Token, cue: Span | None, direct: bool = False) -> str:
    """ "promise" or "prediction" where the reporting words and the main verb of what they report say so, else "".

    `cue` is the reporting words, None where there are none; `direct` says that the words stand as they were spoken,
    where "would" is what might be.
    """
    helpers = [child for child in verb.children if child.dep_ in {"aux", "auxpass"}]
    if cue is None or any(child.lemma_ == "have" and child.dep_ == "aux" for child in helpers):
        return ""
    saying = {token.lemma_.lower() for token in cue}
    would = any(child.lower_ in _WOULD and child.tag_ == "MD" for child in helpers)
    ahead = would or any(child.lower_ in WILL for child in helpers)
    if ahead and saying & PROMISING:
        return "promise"
    past = verb.tag_ == "VBD" or any(child.tag_ == "VBD" for child in helpers)
    if saying & FORETELLING and not past:
        return "prediction"
    return "prediction" if would and not direct and _set_back(verb, cue, saying) else ""


def _set_back(verb: Token, cue: Span, saying: set[str]) -> bool:
    """Whether "would" is the "will" of somebody who spoke before, and not what happened again and again."""
    told = any(token.tag_ in {"VBD", "VBN"} or token.tag_ == "VBG" and token.lower_ != "according" for token in cue)
    around = {token.lower_ for token in cue} | {child.lower_ for token in cue for child in token.children}
    if not told or saying & _RECALLING or around & _IN_COURT or verb.lemma_.lower() in _NOT_AHEAD:
        return False
    if any(child.dep_ in {"nsubj", "nsubjpass"} and child.lower_ in FIRST_PERSON for child in verb.children):
        return False
    return not _USUAL.search(verb.doc[verb.left_edge.i : verb.right_edge.i + 1].text)
