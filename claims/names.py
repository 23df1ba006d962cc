"""Names as they stand in a text: titles, offices, kinds of bodies and documents, and which forms are one name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Span


MALE, FEMALE = "m", "f"
TITLES = {
    "mr": MALE, "sir": MALE, "lord": MALE, "king": MALE, "prince": MALE, "father": MALE,
    "mrs": FEMALE, "ms": FEMALE, "miss": FEMALE, "dame": FEMALE, "lady": FEMALE, "baroness": FEMALE, "queen": FEMALE,
    "princess": FEMALE, "sister": FEMALE,
    "dr": "", "prof": "", "professor": "", "rev": "", "judge": "", "justice": "", "officer": "", "pc": "", "sgt": "",
    "lt": "", "gen": "", "col": "", "capt": "", "captain": "", "general": "", "sergeant": "", "detective": "",
    "president": "", "senator": "", "sen": "", "rep": "", "representative": "", "congressman": MALE,
    "congresswoman": FEMALE, "gov": "", "governor": "", "mayor": "", "chancellor": "", "secretary": "", "minister": "",
    "commissioner": "", "chairman": "", "councillor": "", "cllr": "", "superintendent": "", "chief": "", "vice": "",
}  # fmt: skip
POST_NOMINALS = {"mp", "am", "msp", "ms", "mla", "mep", "qc", "kc", "obe", "mbe", "cbe", "jr", "sr", "jr.", "sr."}
BODY_NOUNS = (
    "Police|Constabulary|Council|Office|Ministry|Department|Party|University|College|Force|Authority|Commission|"
    "Committee|Government|Court|Union|Association|Club|Hospital|Trust|Group|Agency|Bureau|Institute|Federation|"
    "Foundation|Company|Corporation|Inc|Ltd|plc|Bank|Board|Service|Society|Army|Navy|Campaign|Administration"
)
NAMED_BODY = re.compile(
    rf"(?:[A-Z][\w&’'-]*(?: (?:of|for|and|the|&) (?=(?:the )?[A-Z]))? ?){{0,4}}?[A-Z][\w&’'-]* (?:{BODY_NOUNS})\b"
    r"(?: (?:of|for) (?:the )?[A-Z]\w+(?: [A-Z]\w+)*)?"
)
# A common noun that stands for a body, and the words one of which that body's name holds.
BODY_MENTIONS = {
    "force": ("police", "constabulary", "force"),
    "police": ("police", "constabulary"),
    "council": ("council",), "department": ("department",), "ministry": ("ministry",), "company": (),
    "party": ("party",), "university": ("university",), "college": ("college",), "court": ("court",),
    "commission": ("commission",), "committee": ("committee",), "agency": ("agency",), "union": ("union",),
    "charity": (), "firm": (), "watchdog": (), "regulator": (), "organisation": (), "organization": (),
    "group": ("group",), "hospital": ("hospital",), "club": ("club",), "government": ("government",),
    "administration": ("administration",), "campaign": ("campaign",), "bank": ("bank",), "bureau": ("bureau",),
}  # fmt: skip
DOCUMENT_NOUNS = {
    "report", "review", "plan", "inquiry", "study", "survey", "poll", "letter", "statement", "investigation",
    "document", "documents", "analysis", "paper", "audit", "ruling", "judgment", "judgement", "data", "figures",
    "research", "findings", "records", "filing", "lawsuit", "indictment", "memo", "transcript", "article", "book",
}  # fmt: skip
HE, SHE, IT = {"he", "him", "his", "himself"}, {"she", "her", "hers", "herself"}, {"it", "its", "itself"}
FIRST_PERSON = {"i", "we", "me", "us", "my", "our", "mine", "ours", "myself", "ourselves"}
ROLE_NOUNS = {
    "commissioner", "mayor", "secretary", "minister", "mp", "am", "msp", "mep", "president", "chancellor", "chairman",
    "chairwoman", "chair", "chief", "director", "senator", "congressman", "congresswoman", "governor", "judge",
    "spokesman", "spokeswoman", "spokesperson", "leader", "officer", "superintendent", "inspector", "sergeant",
    "constable", "professor", "doctor", "lawyer", "attorney", "prosecutor", "ambassador", "candidate", "nominee",
    "lawmaker", "councillor", "peer", "baroness", "reviewer", "author", "manager", "coach", "captain", "ceo",
    "executive", "businessman", "businesswoman", "analyst", "economist", "scientist", "researcher", "member",
}  # fmt: skip


def whole_name(span: Span) -> Span:
    """A person's span with the capitalised first names that the entity tagger left outside ("Ottoline | Holt")."""
    doc, start, end = span.doc, span.start, span.end
    while (
        start > span.sent.start
        and doc[start - 1].pos_ == "PROPN"
        and doc[start - 1].ent_type_ in {"", "PERSON"}
        and doc[start - 1].text.istitle()
        and doc[start - 1].lower_ not in ROLE_NOUNS
        and doc[start - 1].lower_.strip(".") not in TITLES
    ):
        start -= 1
    return doc[start:end]


def is_abbreviation(short: list[str], full: list[str]) -> bool:
    """ "Harb Police" of "Harbour Police", "HPS" of "Harbour Police Service"."""
    if len(short) == 1 and short[0].isupper() and len(short[0]) > 1:
        return short[0] == "".join(word[0] for word in full if word[0].isupper())
    if len(short) > len(full):
        return False
    after = 0
    for word in short:
        for at in range(after, len(full)):
            if full[at].lower() == word.lower() or (len(word) >= 3 and full[at].lower().startswith(word.lower())):
                after = at + 1
                break
        else:
            return False
    return True


def plain_name(text: str) -> str:
    """A name without articles, titles, possessives and letters behind it: "Dame Mary Holt's" → "Mary Holt"."""
    words = re.sub(r"[’']s?$", "", " ".join(text.split())).split()
    while words and (words[0].lower().strip(".") in TITLES or words[0].lower() in {"the", "a", "an", "former"}):
        words = words[1:]
    while len(words) > 1 and words[-1].lower().strip(",") in POST_NOMINALS:
        words = words[:-1]
    return " ".join(words).strip(" ,")
