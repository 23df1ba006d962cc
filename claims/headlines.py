"""Headlines that name who says what they say: "Bridge to close, mayor confirms", "Mayor says bridge will close"."""

from __future__ import annotations

import re

_NAME = r"[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*){0,4}"
_CUE = (
    r"says?|said|confirms?|warns?|claims?|admits?|insists?|reveals?|announces?|finds?|shows?|suggests?|argues?|tells|"
    r"believes?|hints?|vows?|declares?|reports?"
)
_SAYS = r"says?|warns?|insists?|argues?|believes?|admits?|confirms?"
# These take many another object than a clause ("shows influence"), but not where a document is their subject.
_FINDS = r"finds?|shows?|suggests?|reveals?"
_FINDING = (
    r"(?:study|studies|polls?|surveys?|reports?|data|emails?|documents?|figures?|inquiry|review|audit|memo|research)"
)
_WHO = (
    r"Police|Officials|Sheriff|Authorities|Report|Study|Poll|Survey|Prosecutors?|Lawyers?|Experts|Sources|Coroner|"
    r"Scientists|Researchers|Ministers?|Mayor|Governor|President|Judge|Witness(?:es)?|Family|Union|Court documents"
)
_SOURCE = r"[A-Z][\w'’.-]*(?: (?!(?:who|that|which|and|to|it|he|she|they) )[\w'’.-]+){0,4}?"
_CLAUSE = r"(?:that )?(?P<content>(?!(?:no|yes|sorry|it all) )\S+(?: \S+){3,})"
_FORMS = (
    re.compile(rf"^(?P<content>.{{15,}}?), (?P<source>{_NAME}|[a-z]+(?: [a-z]+)?) (?P<cue>{_CUE})(?: [\w ]{{0,30}})?$"),
    re.compile(rf"^(?P<source>{_SOURCE}) (?P<cue>{_SAYS}) {_CLAUSE}$"),
    re.compile(rf"^(?P<source>(?:{_SOURCE} )??(?i:{_FINDING})) (?P<cue>{_FINDS}) {_CLAUSE}$"),
    re.compile(rf"^(?P<source>{_WHO})(?P<cue>): (?P<content>.{{15,}})$"),
    re.compile(
        r"^(?P<source>[A-Z][\w'’.-]*(?: (?!(?i:on|to|in|at) )[\w'’.-]+){0,3})(?P<cue>): "
        r"[‘“'\"](?P<content>.{10,}?)[’”'\"]$"
    ),
    re.compile(
        rf"^[‘“'\"](?P<content>.{{10,}}?)[’”'\"](?P<cue>): "
        rf"(?P<source>{_NAME}|[a-z]+)(?: (?:says|speaks out|tells .*))?$"
    ),
)
# A sentence has its stop within the marks or behind them.
_ENDS_IN_QUOTATION = re.compile(r"[\w)\]][\"”’]+$")
# Pulled quotes begin with a mark, "she" was named in the sentence before, "A. Name (Party): …" is one of many voices,
# and headlines tell of today: who "told reporters: …" did so in the story.
_IS_NO_HEADLINE = re.compile(
    r"^(?:[“‘'\"(]|(?:He|She|They|It|We|I|You)\b|.*\) ?:"
    r"|[^“\"]*\b(?:said|told|wrote|added|asked|replied|recalled)\b[^“\"]*[:,] ?[“\"])"
)
_LONGEST_QUOTING = 20


def ends_in_quotation(line: str) -> bool:
    """Whether a line is a headline that ends in a quotation: "Nurse: “I earn less than in 2010”"."""
    short = len(line.split()) <= _LONGEST_QUOTING
    return short and bool(_ENDS_IN_QUOTATION.search(line)) and not _IS_NO_HEADLINE.match(line)


def headline_report(line: str) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]] | None:
    """Content, source and cue (character spans) of such a headline; the cue is empty where a colon stands for it."""
    for form in _FORMS:
        if match := form.match(line):
            return match.span("content"), match.span("source"), match.span("cue")
    return None
