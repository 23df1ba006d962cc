"""Names as they stand in a text: titles, offices, kinds of bodies and documents, and which forms are one name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claims.first_names import FEMALE_NAMES, MALE_NAMES

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
    "sheriff": "", "colonel": "", "lieutenant": "", "major": "", "admiral": "", "commander": "", "supt": "", "det": "",
    "insp": "", "inspector": "", "constable": "", "cpl": "", "corporal": "", "speaker": "", "ambassador": "",
    "coach": "",
    "rabbi": "", "imam": "", "pastor": "", "bishop": "", "archbishop": "", "cardinal": "", "pope": MALE, "premier": "",
    "deputy": "", "trooper": "", "congressmember": "", "councilman": MALE, "councilwoman": FEMALE,
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
    "trust": ("trust",), "school": ("school", "academy"), "airline": ("airlines", "airways", "airline"),
    "board": ("board",), "authority": ("authority",), "foundation": ("foundation",), "association": ("association",),
    "society": ("society",), "federation": ("federation",), "institute": ("institute",), "army": ("army",),
}  # fmt: skip
# What the name of such a body has in it where the noun alone doesn't say.
_REGULATOR = r"\b(?:Of[a-z]{2,4}|Authority|Commission|Regulator|Agency|Office|Administration|Standards|Ombudsman)\b"
_FIRM = (
    r"\b(?:Inc|Ltd|Limited|plc|PLC|LLC|LLP|Corp|Corporation|Co|Company|Holdings|Group|Industries|Technologies|Systems|"
    r"Airlines|Airways|Motors?|Energy|Water|Rail|Railways?|Foods|Stores|Pharmaceuticals?|Partners|Media|Bank|Oil|Steel|"
    r"Telecom|Chemicals|GmbH|AG|SA|NV)\b"
)
FIRMS = {"company", "firm"}
# A story names the outlets that it cites, and is seldom about them.
OUTLET = re.compile(
    r"\b(?:News|Press|Times|Post|Guardian|Reuters|BBC|CNN|NBC|CBS|ABC|AFP|Gazette|Journal|Herald|Tribune|Radio|TV|"
    r"Twitter|Facebook|Instagram|YouTube|TikTok)\b"
)
BODY_FORMS = {
    "company": re.compile(_FIRM),
    "firm": re.compile(_FIRM),
    "charity": re.compile(r"\b(?:Trust|Foundation|Charity|Aid|Relief|Fund|Society|Rescue)\b"),
    "regulator": re.compile(_REGULATOR),
    "watchdog": re.compile(_REGULATOR),
    "organisation": re.compile(r"\b(?:Organi[sz]ation|Association|Society|Federation|Union|Foundation|Trust)\b"),
    "organization": re.compile(r"\b(?:Organi[sz]ation|Association|Society|Federation|Union|Foundation|Trust)\b"),
}
DOCUMENT_NOUNS = {
    "report", "review", "plan", "inquiry", "study", "survey", "poll", "letter", "statement", "investigation",
    "document", "documents", "analysis", "paper", "audit", "ruling", "judgment", "judgement", "data", "figures",
    "research", "findings", "records", "filing", "lawsuit", "indictment", "memo", "transcript", "article", "book",
}  # fmt: skip
HE, SHE, IT = {"he", "him", "his", "himself"}, {"she", "her", "hers", "herself"}, {"it", "its", "itself"}
FIRST_PERSON = {"i", "we", "me", "us", "my", "our", "mine", "ours", "myself", "ourselves"}
ROLE_NOUNS = {
    "commissioner",
    "mayor",
    "secretary",
    "minister",
    "mp",
    "am",
    "msp",
    "mep",
    "president",
    "chancellor",
    "chairman",
    "chairwoman",
    "chair",
    "chief",
    "director",
    "senator",
    "congressman",
    "congresswoman",
    "governor",
    "judge",
    "spokesman",
    "spokeswoman",
    "spokesperson",
    "leader",
    "officer",
    "superintendent",
    "inspector",
    "sergeant",
    "constable",
    "professor",
    "doctor",
    "lawyer",
    "attorney",
    "prosecutor",
    "ambassador",
    "candidate",
    "nominee",
    "lawmaker",
    "councillor",
    "peer",
    "baroness",
    "reviewer",
    "author",
    "manager",
    "coach",
    "captain",
    "ceo",
    "executive",
    "businessman",
    "businesswoman",
    "analyst",
    "economist",
    "scientist",
    "researcher",
    "member",
    "boss",
    "head",
    "solicitor",
    "barrister",
    "lecturer",
    "teacher",
    "nurse",
    "surgeon",
    "editor",
    "columnist",
    "founder",
    "owner",
    "sheriff",
    "treasurer",
    "premier",
    "activist",
    "campaigner",
    "pastor",
    "bishop",
    "archbishop",
    "general",
    "colonel",
    "major",
    "admiral",
    "commander",
    "detective",
    "engineer",
    "historian",
    "psychologist",
    "sociologist",
    "physicist",
    "biologist",
    "epidemiologist",
    "strategist",
    "pollster",
    "adviser",
    "advisor",
    "aide",
    "consultant",
    "fellow",
    "principal",
    "headteacher",
    "dean",
    "provost",
    "trustee",
    "representative",
    "speaker",
    "envoy",
    "diplomat",
    "ombudsman",
    "correspondent",
    "reporter",
    "journalist",
    "writer",
    "novelist",
    "actor",
    "actress",
    "singer",
    "farmer",
    "coordinator",
    "organiser",
    "organizer",
    "paramedic",
    "firefighter",
    "pilot",
    "lieutenant",
    "deputy",
    "comptroller",
    "auditor",
    "pathologist",
    "coroner",
    "magistrate",
    "congressmember",
    "councilman",
    "councilwoman",
    "democrat",
    "republican",
    "partner",
    "expert",
    "commentator",
    "host",
    "physician",
    "curator",
    "archaeologist",
    "geologist",
}
# What a word in front of a first name may be without being an office ("Driver Al Reed", "Neighbour Joe Reed").
_KIN = {
    "father",
    "mother",
    "brother",
    "sister",
    "son",
    "daughter",
    "husband",
    "wife",
    "uncle",
    "aunt",
    "cousin",
    "nephew",
    "niece",
    "grandfather",
    "grandmother",
    "friend",
    "widow",
    "widower",
    "partner",
    "fiancé",
    "fiancée",
    "girlfriend",
    "boyfriend",
    "parent",
    "stepfather",
    "stepmother",
    "colleague",
    "neighbour",
    "neighbor",
}
_DOES = re.compile(r"\w{3,}(?:er|or|ist|ian|man|woman|person|ant|ee)$", re.IGNORECASE)


def first_name(word: str) -> bool:
    """Whether `word` is a frequent first name."""
    return word.lower() in MALE_NAMES or word.lower() in FEMALE_NAMES


def describes_a_person(word: str) -> bool:
    """Whether a common noun says who one person is: an office, a trade, a kinship."""
    word = word.lower().rsplit("-", 1)[-1]
    return word in _KIN or is_trade(word)


def is_trade(word: str) -> bool:
    """Whether a common noun is an office or what somebody does: "mayor", "fundraiser"."""
    word = word.lower().rsplit("-", 1)[-1]
    return word in ROLE_NOUNS or word not in _KIN and bool(_DOES.match(word))


def whole_name(span: Span) -> Span:
    """A person's span with the capitalised first names that the entity tagger left outside ("Ottoline | Holt").

    A sentence begins with a capital whatever its first word is, so that one has to be a first name. What isn't
    capitalised behind the name ("Price later") is no part of it.
    """
    doc, start, end = span.doc, span.start, span.end
    while end - start > 1 and doc[end - 1].is_lower and doc[end - 1].is_alpha and doc[end - 2].text != "-":
        end -= 1
    while (
        start > span.sent.start
        and (start - 1 > span.sent.start or first_name(doc[start - 1].text))
        and not (len(doc[start:end]) > 1 and first_name(doc[start].text))
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
    for at in range(1, len(words) - 1):
        if first_name(words[at]) and describes_a_person(words[at - 1]) and not first_name(words[0]):
            words = words[at:]
            break
    while len(words) > 1 and words[-1].lower().strip(",") in POST_NOMINALS:
        words = words[:-1]
    return " ".join(words).strip(" ,")
