"""Who says what: reporting words, their sources, and the stretches of text that each reports.

`reports_read` takes them from what the trained reader tagged; `reports_in` finds them by rule, from the parse alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from claims.checkworthiness import FINITE
from claims.names import FIRST_PERSON, TITLES
from claims.polarity import UNSAID, polarity_of
from claims.quotes import with_both_marks
from claims.sentences import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from spacy.tokens import Doc, Span, Token

    from claims.reader import Tagged

# Verbs and adjectives that hand a statement to a source. Words for wanting (urge, call for, vow) report an act, not a
# statement, and stay with the article's own voice.
CUES = {
    "say", "tell", "add", "note", "claim", "argue", "insist", "warn", "announce", "confirm", "deny", "admit", "state",
    "declare", "explain", "write", "tweet", "report", "reveal", "find", "show", "suggest", "believe", "think",
    "conclude", "stress", "assert", "allege", "maintain", "acknowledge", "concede", "promise", "pledge", "predict",
    "estimate", "agree", "complain", "reply", "respond", "emphasize", "emphasise", "recall", "remark", "observe",
    "point", "indicate", "testify", "contend", "learn", "hear", "hope", "fear", "accept", "boast", "joke", "quip",
    "caution", "counter", "reiterate", "repeat", "continue", "describe", "call", "blame", "accuse", "ask", "vow",
    "wonder", "speculate", "disclose", "advise", "signal", "imply", "discover", "determine", "calculate", "project",
    "expect", "consider", "dismiss", "reject", "dispute", "criticize", "criticise", "praise", "urge", "recommend",
    "propose", "demand", "lament", "muse", "affirm", "attest", "proclaim", "profess", "recount", "relate",
    "rule", "demonstrate", "post", "shout", "whisper", "feel", "fume",
}  # fmt: skip
# Cues that carry a clause without being words of speech: they need a "that" clause of their own to count.
_CLAUSE_ONLY = {"call", "hear", "learn", "feel", "point", "rule", "expect", "consider", "post"}
_SURE = {
    "confident",
    "sure",
    "certain",
    "adamant",
    "clear",
    "convinced",
    "hopeful",
    "afraid",
    "worried",
    "concerned",
    "aware",
}
_ACTS = {"reject", "dismiss", "accept", "call", "consider", "demand", "ask", "urge", "blame", "accuse"}
_OPENING = frozenset("“‘\"'«")  # marks before a quotation
_OPENERS = frozenset({"that", "how", "whether", "and", "but"})
_WHERE = frozenset({"on", "in", "at"})
_JOINING = frozenset({"and", "but"})  # what is left of a clause that follows


@dataclass(frozen=True, slots=True)
class Report:
    """One attribution inside a paragraph: tokens of the reporting words and the source, characters of what is said.

    `cue` is the head of the reporting words, `cue_span` all of them. `source` is None where nobody is named. `contents`
    is empty where the words reported are no clause of their own (then the quotation, if any, is the content). `frames`
    is true when the cue governs its sentence, so that nothing is left for the article's own voice. `nested` is true
    where another source tells that this one said it.
    """

    cue: Token
    cue_span: Span
    source: Span | None
    contents: tuple[tuple[int, int], ...]
    frames: bool
    nested: bool = False


def reports_in(doc: Doc) -> list[Report]:
    """Attributions of one paragraph by rule, in order of their cues."""
    found = []
    for token in doc:
        report = _cited(token) or _verb_report(token) or _according_to(token) or _sure_that(token)
        if report is not None:
            found.append(report)
    return found


def reports_read(doc: Doc, tagged: Sequence[Tagged]) -> list[Report]:
    """The attributions that the reader tagged in the text of `doc`, in order of their cues."""
    found = []
    for one in tagged:
        cues = doc.char_span(*one.cue, alignment_mode="expand")
        while len(cues) > 1 and cues[-1].is_punct:
            cues = cues[:-1]
        if all(token.tag_ == "MD" for token in cues):
            continue  # "should" alone reports nothing
        sources = _sources_read(doc, one.source, cues.root)
        spans = [doc.char_span(*span, alignment_mode="expand") for span in one.content]
        contents = [_trim(doc, span.start, span.end, without=None, least=1, openers={"that"}) for span in spans]
        kept = tuple(span for span in contents if span is not None)
        if kept or sources:
            source = sources[0] if sources else None
            found += _parted_at_colon(Report(cues.root, cues, source, kept, _frames(cues.root)))
    found = _replaced(_without_bare_marks(found), [one for token in doc if (one := _cited(token)) is not None])
    found = _replaced(found, [one for token in doc if (one := _aside(token)) is not None])
    return sorted(_replaced(found, _nested(doc, found)), key=lambda report: report.cue.i)


def _replaced(found: Sequence[Report], by: Sequence[Report]) -> list[Report]:
    """Of the reports `found` those that report by other words than `by`, and these."""
    taken = {token.i for report in by for token in (*report.cue_span, report.cue)}
    return [*(report for report in found if not any(token.i in taken for token in report.cue_span)), *by]


def _sources_read(doc: Doc, spans: Sequence[tuple[int, int]], cue: Token) -> list[Span]:
    """The sources as tagged; the subject of the reporting word where the reader tagged nothing but marks."""
    given = [_without_front(doc.char_span(*span, alignment_mode="expand")) for span in spans]
    sources = [_whole_source(span) for span in given if not _tells_where(span, cue)]
    named = [source for source in sources if any(letter.isalnum() for letter in source.text)]
    if len(named) > 1:
        speaking = [source for source in named if not _stands_ahead(source, cue)]
        beside = None if speaking else _source_beside_quotation(cue)
        named = speaking or ([beside] if beside is not None else named)
    if sources and not named and (subject := _source_of(cue)) is not None:
        return [subject]
    return named


def _without_front(source: Span) -> Span:
    """A source without what stands ahead of its noun phrase: "’s all the mayor" is the mayor."""
    while len(source) > 1 and (source[0].pos_ == "AUX" or source[0].tag_ == "PDT" or source[0].text in {"'s", "’s"}):
        source = source[1:]
    if len(source) > 2 and source[0].lower_ == "all" and source[1].tag_ == "DT":
        source = source[1:]
    return source


def _tells_where(source: Span, cue: Token) -> bool:
    """Whether of a source the article alone was tagged, and its noun says where the reporting word happened: "it was
    written on the wall"."""
    noun = source[0].head
    place = noun.head if noun.dep_ == "pobj" else None
    return (
        len(source) == 1
        and source[0].tag_ == "DT"
        and place is not None
        and place.lower_ in _WHERE
        and place.head == cue
    )


def _stands_ahead(source: Span, cue: Token) -> bool:
    """Whether the parse has a source in a phrase ahead of the reporting word that tells where something is said: "In a
    letter to Dame Ann, the member for Hill said", where the parser takes the member for Dame Ann."""
    above = (source.root, *source.root.ancestors)
    opening = next((token for token in above if token.dep_ == "prep" and token.head == cue), None)
    return opening is not None and opening.i < cue.i and opening.lower_ in _WHERE


def _parted_at_colon(report: Report) -> list[Report]:
    """ "Holt denied the charge: “…”" as two: what she denied, and what she says behind the colon."""
    doc, kept, behind = report.cue.doc, [], []
    for start, end in report.contents:
        span = doc.char_span(start, end, alignment_mode="expand")
        colon = next((one for one in span[:-1] if one.text == ":" and doc[one.i + 1].text in _OPENING), None)
        before = doc[span.start : colon.i] if colon is not None else None
        said = _trim(doc, colon.i + 1, span.end, without=None, least=1) if colon is not None else None
        if (
            before is None
            or said is None
            or _in_a_quotation(before)
            or any(one.pos_ in {"VERB", "AUX"} for one in before)
        ):
            kept.append((start, end))
            continue
        if len(before):
            kept.append((start, before[-1].idx + len(before[-1])))
        behind.append(Report(colon, doc[colon.i : colon.i + 1], report.source, (said,), _frames(colon)))
    return [replace(report, contents=tuple(kept)), *behind]


def _in_a_quotation(before: Span) -> bool:
    """Whether a quotation begins in these words, or just ahead of them."""
    first = before.doc[before.start - 1 : before.end] if before.start else before
    return any(token.text in _OPENING for token in first)


def _without_bare_marks(found: Sequence[Report]) -> list[Report]:
    """Reports without those that give somebody by a colon alone what a word gives another: "Club owner Mary Holt wrote
    on the website: “…”" is not also the club's. Where the word governs no sentence the colon's stays, with her for
    its source."""
    worded = [one for one in found if not _is_colon(one)]
    telling = {span: one for one in worded if one.source is not None for span in one.contents}
    kept = []
    for one in found:
        known = next((telling[span] for span in one.contents if span in telling), None)
        if one in worded or one.source is None or known is None:
            kept.append(one)
        elif not known.frames:
            kept.append(replace(one, source=known.source))
    return kept


def _is_colon(report: Report) -> bool:
    """Whether it is by a mark alone that something is reported, or by a colon and the noun before it."""
    cue = report.cue_span
    follows = cue.doc[cue.end].text if cue.end < len(cue.doc) else ""
    return not any(letter.isalnum() for letter in cue.text) or follows == ":" and cue.root.pos_ in {"NOUN", "PROPN"}


def _cited(verb: Token) -> Report | None:
    """ "The paper cited two officials as saying that …", "Holt was quoted as saying that …": who is cited says it."""
    if verb.lemma_.lower() not in {"cite", "quote"} or verb.pos_ != "VERB":
        return None
    passive = any(child.dep_ == "auxpass" for child in verb.children)
    deps = {"nsubjpass"} if passive else {"dobj"}
    sources = [child for child in verb.children if child.dep_ in deps and child.pos_ in {"NOUN", "PROPN"}]
    saying = next((one for one in verb.subtree if one.dep_ == "pcomp" and one.head.lower_ == "as"), None)
    if not sources or saying is None or saying.tag_ != "VBG" or saying.lemma_.lower() not in CUES:
        return None
    content = _clause_of(saying)
    if content is None:
        return None
    cue = verb.doc[saying.head.i if saying.head.i == saying.i - 1 else saying.i : saying.i + 1]
    return Report(verb, cue, phrase_of(sources[0]), (content,), _frames(verb))


def _whole_source(source: Span) -> Span:
    """A source of which the reader tagged the article alone, or a title, with its noun or name."""
    first, head = source[0], source[0].head
    while first.tag_ != "DT" and head.dep_ == "compound":
        head = head.head
    if len(source) > 1 or head.i <= first.i:
        return source
    article = first.tag_ == "DT" and head.pos_ in {"NOUN", "PROPN"}
    titled = first.lower_.strip(".") in TITLES and first.dep_ == "compound"
    named = head.pos_ == "PROPN" and head.dep_ != "poss"
    return source.doc[source.start : head.i + 1] if article or titled and named else source


def _nested(doc: Doc, found: Sequence[Report]) -> list[Report]:
    """ "A said that B had said …": what the reader leaves out, or gives to A, since it mostly tags the outer one.

    A pronoun for the inner source is left alone: it may well be the outer one. So is a subject that the cue shares
    with another verb, which the parser often takes from the wrong clause.
    """
    nested = []
    said = [span for one in found for span in _said_by(one)]
    for token in doc:
        if not any(low < token.idx < high for low, high in said):
            continue
        report = _verb_report(token) or _according_to(token)
        if report is None or not report.contents or report.source.root.pos_ not in {"NOUN", "PROPN"}:
            continue
        # "A said that B rejected what …" tells an act of B's.
        if report.source.root.head not in {token, *token.children} or token.lemma_.lower() in _ACTS:
            continue
        # "It was a place that B found": what stands ahead is mostly not B's.
        if report.contents[0][0] < token.idx or polarity_of(report) == UNSAID:
            continue
        tagged = next((one for one in found if token in one.cue_span), None)
        known = tagged is not None and tagged.source is not None and _inside_any(tagged, found)
        if not known and _inside_any(report, found):
            nested.append(replace(report, nested=True))
    return nested


def _said_by(report: Report) -> list[tuple[int, int]]:
    """What a source says, as one stretch where its reporting words do not stand within it."""
    low = min((start for start, _ in report.contents), default=0)
    high = max((end for _, end in report.contents), default=0)
    return list(report.contents) if low <= report.cue.idx < high else [(low, high)]


def _inside_any(inner: Report, found: Sequence[Report]) -> bool:
    """Whether all of a report, its source too, stands within what another source says."""
    spans = [(inner.source.start_char, inner.source.end_char), (inner.cue.idx, inner.cue.idx), *inner.contents]
    start, end = min(low for low, _ in spans), max(high for _, high in spans)
    others = (one for one in found if inner.cue not in one.cue_span)
    return any(low <= start and end <= high for one in others for low, high in _said_by(one))


def _aside(token: Token) -> Report | None:
    """ "This was, as the minister said, a mistake": what the reader misses, or takes for less than the clause."""
    report = _verb_report(token)
    as_said = any(child.lower_ == "as" and child.dep_ in {"mark", "advmod"} for child in token.children)
    return report if report is not None and report.contents and as_said else None


def _verb_report(cue: Token) -> Report | None:
    if cue.pos_ not in {"VERB", "AUX"} or cue.lemma_.lower() not in CUES:
        return None
    if not _told(cue):
        return None
    source = _source_of(cue) or _source_beside_quotation(cue)
    if source is None:
        return None
    lemma = cue.lemma_.lower()
    content = _clause_of(cue)
    parenthetical = _parenthetical(cue)
    if content is None and parenthetical is not None:
        content = parenthetical
    if content is None and lemma in _CLAUSE_ONLY:
        return None
    return _by_rule(cue, source, content, _frames(cue))


def _by_rule(cue: Token, source: Span, content: tuple[int, int] | None, frames: bool) -> Report:
    return Report(cue, cue.doc[cue.i : cue.i + 1], source, () if content is None else (content,), frames)


def _source_of(cue: Token) -> Span | None:
    """The subject of the cue, its own or the one it shares with the verb it is joined to."""
    verb = cue
    for _ in range(4):
        for child in verb.children:
            if child.dep_ in {"nsubj", "csubj"} and child.tag_ not in {"EX"}:
                if child.tag_ in {"WP", "WDT"} and verb.dep_ == "relcl":
                    return phrase_of(verb.head)
                if child.lower_ == "it" and _expletive(verb):
                    return None
                return phrase_of(child)
        if verb.dep_ == "conj" or verb.dep_ in {"xcomp", "advcl"} and verb.tag_ in {"VBG", "VB"}:
            verb = verb.head
        elif verb.dep_ == "acl" and verb.tag_ == "VBG":
            return phrase_of(verb.head)
        else:
            break
    for child in cue.children:
        # "…, was told by officials"; the passive's agent speaks.
        if child.dep_ == "agent":
            for noun in child.children:
                if noun.dep_ == "pobj":
                    return phrase_of(noun)
    return None


def _told(cue: Token) -> bool:
    """Whether the act of saying took place: "said", "has said", "will say", "…, adding"; not "to say"."""
    if cue.tag_ in {"VBD", "VBP", "VBZ"}:
        return True
    auxiliaries = {child.lemma_ for child in cue.children if child.dep_ in {"aux", "auxpass"}}
    if cue.dep_ == "conj" and not auxiliaries:
        return cue.tag_ in {"VBN", "VBG"} or _told(cue.head)
    if cue.tag_ == "VB":
        return bool(auxiliaries & {"will", "would", "do", "can"})
    return bool(auxiliaries) or (
        cue.tag_ in {"VBG", "VBN"} and cue.dep_ in {"advcl", "acl", "ROOT", "ccomp", "parataxis"}
    )


def _source_beside_quotation(cue: Token) -> Span | None:
    """Where the parse lost the subject in front of a long quotation: the phrase that must be it, by its place.

    "In a letter to A, the member for B, who …, said: “…": the first phrase behind a comma; "“…,” said the member": the
    phrase right behind the cue.
    """
    doc = cue.doc
    ahead = doc[cue.i + 1] if cue.i + 1 < len(doc) else None
    if ahead is None or cue.tag_ not in {"VBD", "VBZ", "VBP"}:
        return None
    sentence = cue.sent
    # A span's own `noun_chunks` goes through those of the whole document.
    chunks = [doc[start:end] for start, end, _ in doc.noun_chunks_iterator(sentence)]
    if ahead.text in {":", ","} or ahead.text in '“"':
        before = [chunk for chunk in chunks if chunk.end <= cue.i and chunk.root.tag_ not in {"WP", "WDT"}]
        for chunk in before:
            if chunk.start > sentence.start and doc[chunk.start - 1].text == "," and chunk.root.dep_ != "pobj":
                return phrase_of(chunk.root)
        return phrase_of(before[0].root) if before and before[0].start == sentence.start else None
    if cue.i and doc[cue.i - 1].text in {",", "”", '"', "’", "'"}:
        for chunk in chunks:
            if chunk.start == cue.i + 1:
                return phrase_of(chunk.root)
    return None


def _expletive(verb: Token) -> bool:
    return any(child.dep_ in {"auxpass"} for child in verb.children)


def phrase_of(head: Token) -> Span:
    """The noun phrase of `head` without clauses and asides that hang on it."""
    doc, left, right = head.doc, head.left_edge.i, head.i
    while doc[left].is_punct or doc[left].text in {"“", "”", '"'}:
        left += 1
    for child in head.rights:
        if child.dep_ in {"prep", "compound", "flat", "nummod", "case"} or child.dep_ == "cc" or child.dep_ == "conj":
            if child.dep_ in {"cc", "conj"}:
                break
            right = max(right, child.right_edge.i)
        else:
            break
    return doc[left : max(right, head.i) + 1]


def _clause_of(cue: Token) -> tuple[int, int] | None:
    """The finite clause that the cue governs, without "that" and outer punctuation."""
    for child in cue.children:
        if child.dep_ in {"ccomp"} and _has_subject_and_verb(child):
            tokens = [token.i for token in child.subtree if not token.is_space]
            return _trim(child.doc, tokens[0], tokens[-1] + 1, without=cue)
    return None


def _parenthetical(cue: Token) -> tuple[int, int] | None:
    """ "This was, as the minister said, a mistake"; "this, officials say, is wrong": the clause around the aside."""
    doc = cue.doc
    opener = cue.left_edge.i
    aside = any(child.lower_ == "as" and child.dep_ in {"mark", "advmod"} for child in cue.children)
    if aside:
        # The parser often hangs such an aside too high; the clause it comments on is the one it stands in.
        verbs = [token for token in doc[cue.sent.start : opener] if _has_subject_and_verb(token)]
        if not verbs:
            return None
        subjects = [child.left_edge.i for child in verbs[-1].children if child.dep_ in {"nsubj", "nsubjpass", "expl"}]
        if not subjects:
            return None
        return _trim(doc, min(subjects), cue.sent.end, without=None)
    head = cue.head
    if head is cue or cue.dep_ != "parataxis" or not _has_subject_and_verb(head):
        return None
    tokens = [token.i for token in head.subtree if not token.is_space]
    own = {token.i for token in cue.subtree}
    start, end = tokens[0], tokens[-1]
    while start in own and start < end:
        start += 1
    while end in own and end > start:
        end -= 1
    return _trim(doc, start, end + 1, without=None) if end > start else None


def _trim(
    doc: Doc, start: int, end: int, without: Token | None, least: int = 2, openers: Set[str] = _OPENERS
) -> tuple[int, int] | None:
    """Characters of tokens start to end, without a leading "that" and outer marks; never with half of a quotation's.

    A cue in the middle ("the bridge, he said, is safe") stays inside: the claim is one stretch of the text. A cue at
    the end of the stretch is cut off with its subject.
    """
    if without is not None and start < without.i < end and end - without.i <= 2:
        end = min(
            token.i
            for token in without.subtree
            if token.i > start and token.dep_ in {"nsubj", "ROOT"} or token is without
        )
    while start < end and (_outer(doc[start]) or doc[start].lower_ in openers):
        if doc[start].lower_ == "that" and doc[start].dep_ != "mark":
            break
        start += 1
    last = end
    while end > start and (_outer(doc[end - 1]) or _joins(doc[end - 1 : last])):
        if doc[end - 1].text in {"’", "'", ")", "?"} and not _closes(doc, start, end):
            break
        end -= 1
    if end - start < least:
        return None
    return with_both_marks(text_of(doc), doc[start].idx, doc[end - 1].idx + len(doc[end - 1]))


def _joins(rest: Span) -> bool:
    """Whether a word that joins what follows is left at the end of what is said; within a quotation it was said."""
    return rest[0].lower_ in _JOINING and not any(token.is_quote for token in rest)


def _closes(doc: Doc, start: int, end: int) -> bool:
    """Whether the last token is a mark that closes a quotation before the span, no apostrophe of "the workers’"."""
    if doc[end - 1].text not in {"’", "'"}:
        return False
    opened = start > 0 and doc[start - 1].text in {"‘", "'"}
    return opened or doc[end - 2].is_punct


def _outer(token: Token) -> bool:
    """A mark of sentence or quotation; "%" belongs to the figure before it."""
    return token.is_space or token.is_punct and not set(token.text) & set("%‰°#@&")


def _has_subject_and_verb(verb: Token) -> bool:
    subject = any(child.dep_ in {"nsubj", "nsubjpass", "expl", "csubj", "attr"} for child in verb.children)
    finite = verb.tag_ in FINITE or any(child.tag_ in FINITE for child in verb.children if "aux" in child.dep_)
    return subject and finite


def _frames(cue: Token) -> bool:
    verb = cue
    while verb.dep_ == "conj":
        verb = verb.head
    return verb.dep_ == "ROOT" and verb is cue


def _according_to(token: Token) -> Report | None:
    if token.lower_ != "according":
        return None
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ == "to":
            for noun in child.children:
                if noun.dep_ == "pobj":
                    sentence = token.sent
                    phrase = [item.i for item in token.subtree]
                    start, end = sentence.start, sentence.end
                    if phrase[0] <= start + 1:
                        start = phrase[-1] + 1
                    elif phrase[-1] >= end - 2:
                        end = phrase[0]
                    return _by_rule(token, phrase_of(noun), _trim(token.doc, start, end, without=None), True)
    return None


def _sure_that(token: Token) -> Report | None:
    if token.lower_ not in _SURE or token.dep_ != "acomp":
        return None
    content = _clause_of(token)
    if content is None:
        return None
    for child in token.head.children:
        if child.dep_ == "nsubj" and child.lower_ not in {"it", "this", "that", "what"}:
            return _by_rule(token, phrase_of(child), content, False)
    return None


def is_first_person(source: Span | None) -> bool:
    """ "I", "we": inside a quotation these are its speaker, outside the article's author."""
    return source is not None and source.root.lower_ in FIRST_PERSON
