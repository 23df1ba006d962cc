"""Whether a source stands behind the words that a report gives: it asserts them, denies them, or never said them."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from claims.sentences import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Span, Token

    from claims.attribution import Report

ASSERTED, DENIED, UNSAID = "asserted", "denied", "unsaid"

_DENYING = {
    "deny", "denial", "reject", "rejection", "dispute", "dismiss", "dismissal", "refute", "rebut", "rebuff",
    "rebuttal", "repudiate", "contradict", "disclaim", "disavow", "discount", "disbelieve", "debunk", "disprove",
    "doubt", "rubbish", "disagree",
}  # fmt: skip
# Not to believe something is to deny it; not to say, know or confirm it says nothing about it.
_BELIEVING = {"believe", "think", "accept", "agree", "expect", "feel", "consider", "suppose", "reckon", "imagine"}
_WITHHOLDING = {"decline", "refuse", "fail", "avoid", "hesitate", "stop", "unable", "reluctant", "unwilling"}
_ASKING = {"ask", "wonder", "enquire", "inquire", "query", "question"}
_NEGATIONS = {"not", "n't", "n’t", "never", "nor", "neither", "without", "cannot", "no"}
_NOBODY = {"no", "nobody", "none", "nothing", "neither"}
_SUPPOSING = {"if", "unless", "whether"}
# "Claims that she hid a report" name what somebody says; nobody says it by naming it.
_CLAIM_NOUNS = {
    "claim", "allegation", "accusation", "suggestion", "assertion", "charge", "notion", "idea", "rumor", "rumour",
    "speculation", "insinuation", "theory", "argument", "belief", "report", "contention",
}  # fmt: skip


def polarity_of(report: Report) -> str:
    """ASSERTED, DENIED ("denied that …", "rejected claims that …", "doesn't believe that …") or UNSAID.

    DENIED are also claims of others that a source takes up ("repeated claims that …"): they are read with these words.
    UNSAID is what a source did not say, declined to say, was asked or asked itself, or would say only if.
    """
    words = list(_cue_words(report))
    lemmas = {token.lemma_.lower() for token in words}
    nobody = _nobody(report.source)
    negated = nobody or _negated(words)
    denies = bool(lemmas & _DENYING)
    if denies and negated:
        # "He has no doubt that …".
        sure = "doubt" in lemmas and any(token.lower_ == "no" for token in words)
        return ASSERTED if sure else UNSAID
    if denies:
        return DENIED
    withheld = bool(lemmas & _WITHHOLDING) or any(_withheld(token) for token in words)
    if (negated or withheld) and lemmas & _BELIEVING and not nobody:
        return DENIED
    if negated or withheld or _asks(words) or _supposed(report, words):
        return UNSAID
    named = report.contents and _names_a_claim(report.cue.doc, report.contents[0])
    return DENIED if named or _handles_a_claim(words) else ASSERTED


def is_disowned(report: Report, start: int, end: int) -> bool:
    """Whether the quotation at characters `start` to `end` of the paragraph is what the source denies or did not say.

    Words behind a colon or a comma, or before the reporting word, are its own: "He denied it: “I was never there.”"
    """
    if not any(low < end and start < high for low, high in report.contents) or polarity_of(report) == ASSERTED:
        return False
    text = text_of(report.cue.doc)
    # "She asked “Why was it closed?”" are her words.
    own = text[start : start + 1].isupper() and not re.search(r"\b(?:that|whether|if)\W*$", text[:start])
    return start > report.cue.idx and not own and not introduced(text, start)


def introduced(text: str, start: int) -> bool:
    """Whether a quotation begins at character `start` that a colon or a comma leads in."""
    before = text[:start].rstrip("“\"‘'« ")
    return len(before) < len(text[:start].rstrip()) and before.endswith((":", ","))


def _cue_words(report: Report) -> Iterator[Token]:
    """The reporting words and what the parse hangs on their verbs: helpers and negations."""
    taken = {token.i for token in report.cue_span} | {report.cue.i}
    for at in sorted(taken):
        token = report.cue.doc[at]
        yield token
        for child in token.children:
            small = child.dep_ in {"neg", "aux", "auxpass"} or child.lower_ in {"never", "no", "neither"}
            said = any(low <= child.idx < high for low, high in report.contents)
            if child.i not in taken and small and not said:
                yield child


def _negated(words: list[Token]) -> bool:
    for token in words:
        only = token.i + 1 < len(token.doc) and token.nbor(1).lower_ in {"only", "just"}
        if token.lower_ in _NEGATIONS and not only:
            return True
    return False


def _nobody(source: Span | None) -> bool:
    """ "No official"; "No 10" is somebody."""
    if source is None or source[0].lower_ not in _NOBODY:
        return False
    return len(source) == 1 or not source[1].like_num


def _withheld(token: Token) -> bool:
    """ "Refused to confirm", "stopped short of saying", "without saying"."""
    head = token.head
    if token.dep_ == "pcomp":
        return head.lower_ == "without" or (head.i > 0 and head.nbor(-1).lower_ == "short")
    return token.dep_ == "xcomp" and head.lemma_.lower() in _WITHHOLDING


def _asks(words: list[Token]) -> bool:
    return any(token.lemma_.lower() in _ASKING and token.tag_.startswith("V") for token in words)


def _supposed(report: Report, words: list[Token]) -> bool:
    """ "If she says that …"; "… whether she would resign"."""
    doc = report.cue.doc
    marks = {child.lower_ for token in words for child in token.children if child.dep_ == "mark"}
    if marks & _SUPPOSING:
        return True
    return any("whether" in _opening(doc, low) for low, _ in report.contents)


def _opening(doc: Doc, low: int) -> set[str]:
    """The first word of a content, and the one before it: the rules cut "whether" off."""
    at = bisect_right(doc, low, key=lambda token: token.idx + len(token))
    if at == len(doc):
        return set()
    first = doc[at]
    return {first.lower_, first.nbor(-1).lower_} if first.i else {first.lower_}


def _handles_a_claim(words: list[Token]) -> bool:
    """ "Repeated claims that …"; who makes one claims it."""
    verbs = {token.i: token.lemma_.lower() for token in words if token.pos_ == "VERB"}
    objects = [token for token in words if token.pos_ == "NOUN" and token.lemma_.lower() in _CLAIM_NOUNS]
    return any(verbs.get(token.head.i, "make") not in {"make", "have", "issue", "publish"} for token in objects)


def _names_a_claim(doc: Doc, content: tuple[int, int]) -> bool:
    span = doc.char_span(*content, alignment_mode="expand")
    root = span.root if span is not None else None
    if root is None or root.pos_ != "NOUN" or root.lemma_.lower() not in _CLAIM_NOUNS:
        return False
    # "The claim is wrong": what is said of it is the content.
    return not any(token.dep_ in {"nsubj", "nsubjpass"} and token.i == root.i for token in span)
