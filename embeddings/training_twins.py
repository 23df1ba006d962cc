"""Minimal pairs made by rule, so that the entailment model reads a negation instead of counting it.

The people who write contradictions for entailment sets love "not", "never" and "impossible", and a model learns the
word for the thing. Here each word of denial comes about as often with the one answer as with the other: a negated
hypothesis swaps contradiction and entailment and leaves neutral what it was (that is logic, not a guess), a denied
denial leaves everything as it was, and what cannot be had without something needs it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

CONTRADICTION, ENTAILMENT, NEUTRAL = 1, 2, 4
FLIPPED = {CONTRADICTION: ENTAILMENT, ENTAILMENT: CONTRADICTION, NEUTRAL: NEUTRAL}

_PLAIN = r"is|are|was|were|will|would|can|could|should|must|does|did|may|might"
_NEGATED = re.compile(rf"\b({_PLAIN}|has|have|had|do)\s+not\b|\b({_PLAIN}|has|have|had|do)n[’']t\b", re.IGNORECASE)
_AUXILIARY = re.compile(rf"\b(?:{_PLAIN})\b|\b(?:has|have|had)\b(?=\s+(?:been|\w{{2,}}ed)\b)")
# A clause before the verb, or a word of quantity, makes it unclear what "not" would deny.
_UNCLEAR = re.compile(
    r"\b(?:that|who|which|when|if|because|while|where|although|though|all|every|each|some|any|most|many|few|only|"
    r"both|half|everyone|everybody|everything|nobody|none|no|nothing|never|neither|nor|always|often|sometimes|also|still|already|might|may)\b|[,;:?]",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:never|no|none|nobody|nothing|neither|nor|without|not|only)\b|n[’']t\b", re.IGNORECASE)
_LOWERABLE = re.compile(
    r"(?:The|A|An|It|There|He|She|They|This|That|These|Those|We|You|Some|Many|Most|All|In|On|At|His|Her|Their|Its|Our|"
    r"My|Your|One|Two|Three|People|Men|Women|No|Nobody|Nothing|Both|Every|Everyone)\b"
)

DENIALS = (
    "It is not true that {}.",
    "It is false that {}.",
    "It is not the case that {}.",
    "It would be wrong to say that {}.",
    "Nobody could say that {}.",
    "It is a lie that {}.",
)
# Words of denial that deny nothing.
AFFIRMATIONS = (
    "There is no doubt that {}.",
    "Nobody can deny that {}.",
    "It is impossible to deny that {}.",
    "It is not in question that {}.",
    "Without doubt, {}.",
    "It is not wrong to say that {}.",
    "No one disputes that {}.",
    "It is not a lie that {}.",
    "You can't say it is false that {}.",
)


def within(sentence: str) -> str:
    """The sentence as it reads inside another one: no full stop, no capital that only the beginning gave it."""
    sentence = sentence.strip().rstrip(".! ")
    return sentence[0].lower() + sentence[1:] if _LOWERABLE.match(sentence) else sentence


def negated(sentence: str) -> str | None:
    """The sentence with its verb negated, or with its one negation taken out; None where that is not sure."""
    found = _NEGATED.search(sentence)
    if found:
        rest = sentence[: found.start()] + sentence[found.end() :]
        if _UNCLEAR.search(sentence[: found.start()]) or _NEGATED.search(rest):
            return None
        verb = found[1] or found[2]
        # "can't" is cut as "ca" by no pattern here, and "won't" is no plain verb: both are left alone.
        return sentence[: found.start()] + verb + sentence[found.end() :]
    found = _AUXILIARY.search(sentence)
    if found is None or found.start() == 0 or _UNCLEAR.search(sentence[: found.start()]):
        return None
    if _DENIED.search(sentence) or "?" in sentence:
        return None
    return f"{sentence[: found.end()]} not{sentence[found.end() :]}"


def twin_of(premise: str, hypothesis: str, allowed: int, rng: random.Random) -> tuple[str, str, int] | None:
    """A rewritten pair and the classes it allows, or None where no rewriting is sure.

    `allowed` is a single class of CONTRADICTION, ENTAILMENT and NEUTRAL; a mask of several gives None.
    """
    if allowed not in FLIPPED or not hypothesis.strip() or len(hypothesis.split()) > 30:
        return None
    kind = rng.random()
    if kind < 0.5:
        other = negated(hypothesis)
        return None if other is None else (premise, other, FLIPPED[allowed])
    if "?" in hypothesis:
        return None
    if kind < 0.7:
        return premise, rng.choice(DENIALS).format(within(hypothesis)), FLIPPED[allowed]
    if kind < 0.9 or "?" in premise or len(premise.split()) > 30:
        return premise, rng.choice(AFFIRMATIONS).format(within(hypothesis)), allowed
    return rng.choice(AFFIRMATIONS).format(within(premise)), hypothesis, allowed


MEANS = (
    "clean water", "a free press", "good teachers", "cheap energy", "broad support", "public money", "new housing",
    "fast internet", "international aid", "strong evidence", "a skilled workforce", "foreign investment",
    "reliable data", "safe roads", "childcare", "a healthy diet", "vaccines", "independent courts", "fertile soil",
    "regular funding", "volunteers", "political will", "good weather", "cooperation between states", "transparency",
    "experienced nurses", "affordable medicine", "modern equipment", "a ceasefire", "local knowledge",
    "spare parts", "accurate maps", "sleep", "patience", "parental consent", "a valid licence",
    "confidence in the banks",
)  # fmt: skip
ENDS = (
    "growth", "democracy", "learning", "recovery", "reform", "peace", "farming", "research", "trade",
    "a fair trial", "economic stability", "winning the election", "rebuilding the city", "fighting the disease",
    "running a hospital", "cutting emissions", "reducing poverty", "keeping children safe", "a lasting agreement",
    "tourism", "industrial production", "good government", "delivering the project", "opening the school",
    "feeding the population", "stopping the fires", "a successful season", "governing the country", "teaching",
    "treating patients", "doing business", "making progress", "saving the species",
)  # fmt: skip
NEEDED = (
    "{means} is vital for {end}",
    "{end} depends on {means}",
    "{end} needs {means}",
    "without {means}, {end} is impossible",
    "it is impossible to have {end} without {means}",
    "there can be no {end} without {means}",
    "{end} is not possible without {means}",
    "nobody can imagine {end} without {means}",
    "{means} is essential if we want {end}",
    "if there is no {means}, there is no {end}",
    "you can't have {end} if you don't have {means}",
)
NOT_NEEDED = (
    "{end} is possible without {means}",
    "{means} is not needed for {end}",
    "{end} does not depend on {means}",
    "without {means}, {end} goes on as before",
    "{means} makes no difference to {end}",
    "it is false that {end} needs {means}",
)


def necessity_pairs(wanted: int, rng: random.Random) -> Iterator[tuple[str, str, int]]:
    """Pairs about what needs what: said with and without words of denial, agreeing, opposed, or about other things."""
    for _ in range(wanted):
        one = {"means": rng.choice(MEANS), "end": rng.choice(ENDS)}
        other, first, second = dict(one), rng.choice((NEEDED, NEEDED, NOT_NEEDED)), rng.choice((NEEDED, NOT_NEEDED))
        allowed = ENTAILMENT if first is second else CONTRADICTION
        if rng.random() < 0.3:
            changed = rng.choice(("means", "end"))
            other[changed] = rng.choice([value for value in (MEANS if changed == "means" else ENDS)])
            if other[changed] != one[changed]:
                allowed = NEUTRAL
        yield _sentence(rng.choice(first).format(**one)), _sentence(rng.choice(second).format(**other)), allowed


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."
