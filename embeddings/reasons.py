"""Why two claims stand together: the kind of a conflict, in words, and the places in both sentences that clash."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path
from typing import TYPE_CHECKING

from claims import Claim
from claims.language import PACKAGED, LanguageModel
from claims.periods import Period, periods_in
from claims.quantities import Figure, figures_in
from claims.unnamed import is_unnamed
from embeddings.entailment import EntailmentModel
from embeddings.opposites import opposed

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

Spans = tuple[tuple[int, int], ...]
Places = dict[str, tuple[int, int]]

KINDS = ("negation", "number", "date", "entity", "attribution", "quantity", "opposite", "other", "period", "shared")
COMMON_NAMES = Path(__file__).parent / "common_names.txt"
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")
# Behind these a sentence or a quotation opens, and a full stop behind these abbreviates.
_OPENING = '“"‘(['
_CONTRACTED = re.compile(r"[’'](?:m|ll|s|re|ve|d)$")
_ABBREVIATED = re.compile(r"\b(?:[A-HJ-Z]|Mr|Mrs|Ms|Dr|Prof|Rev|Hon|Rep|Sen|Gov|Gen|Col|Capt|Lt|Sgt|St|Ste|Mt)\.$")
_CONTENT = {"NOUN", "PROPN", "VERB", "ADJ"}
# Verbs that carry no meaning of their own: sharing one says nothing about the subject.
_LIGHT = {"be", "have", "do", "say", "make", "get", "go", "take", "tell", "come", "give", "know", "see", "think"}
_NEGATIONS = {"no", "nothing", "nobody", "none", "never", "neither", "nor", "without", "nowhere"}
_REFUSALS = {"deny", "dispute", "reject", "refute", "dismiss", "contradict", "fail", "refuse", "lack", "decline"}
# What a verb is not whole without: it is denied along with the verb.
_COMPLETING = {"dobj", "attr", "acomp", "ccomp", "xcomp"}
_ALL = {"all", "every", "each", "always", "everyone", "everybody", "everything", "entire", "whole"}
_NONE = {"no", "none", "never", "nobody", "nothing", "neither"}
_MANY = {"most", "many", "majority", "often", "mostly", "usually", "widespread", "countless", "multiple"}
_FEW = {"few", "minority", "rarely", "hardly", "seldom", "rare", "isolated", "scarcely"}
_AMOUNTS = (_ALL, _NONE, _MANY, _FEW)
_OPPOSED_AMOUNTS = {(0, 1), (0, 3), (1, 2), (2, 3)}
_COMPARED = {"PERSON", "ORG", "GPE", "NORP", "FAC", "LOC"}
_OCCLUDED_WORDS = 14
_LEAST_DROP = 0.15


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its kind (of KINDS), the words for it, and the characters of either claim's text that it rests on.

    "period" is a caveat, "shared" what the two have in common; the others are conflicts.
    """

    kind: str
    words: str
    spans_a: Spans = ()
    spans_b: Spans = ()

    def turned(self) -> Reason:
        """The same with the two claims changed over."""
        return Reason(self.kind, self.words, self.spans_b, self.spans_a)


def names_in_common(one: str, other: str) -> tuple[Reason, ...]:
    """The names that both texts hold, as a reason; empty where there are none."""
    (first, first_maybe), (second, second_maybe) = _names(one), _names(other)
    # What opens a sentence is capitalised whatever it is; it is a name where the other text has it elsewhere.
    first, second = _confirmed(first_maybe, second) | first, _confirmed(second_maybe, first) | second
    names = sorted(first.keys() & second.keys())
    if not names:
        return ()
    return (
        Reason(
            "shared",
            f"both name {', '.join(names)}",
            tuple(first[name] for name in names),
            tuple(second[name] for name in names),
        ),
    )


def full_names(text: str) -> set[str]:
    """The names of several words in a text, written one way; one that opens a sentence also without its first word,
    which may be no part of it."""
    # Not through the cache: a collection's names are asked for once, and would drive out those of the pairs judged.
    found = _names.__wrapped__(text)
    plain = (name.replace("’", "'").removesuffix("'s").rstrip("'") for names in found for name in names)
    return {name for name in plain if " " in name}


def telling_names(text: str) -> set[str]:
    """Those of them that tell of which matter a text is: many articles name the White House, and its "Former President
    Donald Trump" is nobody else."""
    return {name for name in full_names(text) if _common_names().isdisjoint(_tails(name))}


def _tails(name: str) -> Iterator[str]:
    """The name and what is left of it without its first words, as long as that is two words."""
    words = name.split(" ")
    return (" ".join(words[start:]) for start in range(len(words) - 1))


@lru_cache(maxsize=1)
def _common_names() -> frozenset[str]:
    """What one in a hundred of 15,000 articles names, mostly on politics in the USA, and what stands on their pages;
    made by `embeddings.train common-names --data ../shared/data --spare embeddings/written/dev`."""
    return frozenset(COMMON_NAMES.read_text(encoding="utf-8").splitlines())


def _confirmed(maybe: Places, elsewhere: Places) -> Places:
    return {name: place for name, place in maybe.items() if name in elsewhere}


@lru_cache(maxsize=1 << 15)
def _names(text: str) -> tuple[Places, Places]:
    """What is capitalised in a text, with its place: what are names, and what may be one or just open a sentence."""
    names, maybe = {}, {}
    for match in _NAME.finditer(text):
        name, start = match[0], match.start()
        words = name.split(" ")
        if _ABBREVIATED.search(text[: match.end() + 1]) or len(words) == 1 and _is_function_word(name):
            continue
        if not _opens(text[:start]):
            names[name] = match.span()
            continue
        if len(words) > 1:
            # "Yesterday Mary Holt": where the other text knows the rest alone, that is the name.
            maybe[name.partition(" ")[2]] = (start + len(words[0]) + 1, match.end())
        # "But Mary Holt", "The Bank": the first word belongs to the sentence.
        while words and _is_function_word(words[0]):
            start += len(words.pop(0)) + 1
        if words:
            kept = names if len(words) > 1 or start > match.start() else maybe
            kept[" ".join(words)] = (start, match.end())
    return names, maybe


def _opens(before: str) -> bool:
    """Whether what comes behind `before` opens a sentence or a quotation."""
    before = before.rstrip().rstrip("”’\"')]")
    return not before or before[-1] in _OPENING or before[-1] in ".!?…" and not _ABBREVIATED.search(before)


def _is_function_word(word: str) -> bool:
    """Whether a word names nothing: "The" or "I’m", but not "US"."""
    return not word.isupper() and _CONTRACTED.sub("", word).lower() in _function_words()


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    """spaCy's list, without the second that its import takes: `related` needs nothing else of it."""
    (folder,) = find_spec("spacy").submodule_search_locations
    return frozenset(run_path(str(Path(folder) / "lang" / "en" / "stop_words.py"))["STOP_WORDS"])


class Explainer:
    """Finds the reasons of conflicts. Parses each claim once; where no rule finds what clashes, it asks the model
    which words it could not do without: some thirty times, so that is the small model, whoever judged the pair."""

    def __init__(self, model: EntailmentModel | None = None, language: LanguageModel | None = None):
        self._model, self._language = model, language or LanguageModel(PACKAGED)

    def explain(
        self, pairs: Sequence[tuple[Claim, Claim]], written: Mapping[str, date] | None = None
    ) -> list[tuple[Reason, ...]]:
        """Reasons of each pair, conflicts first; `written` gives an article's date by its id.

        Raises:
            LanguageModelMissing: the pipeline can't be loaded.
        """
        written = written or {}
        texts = list(dict.fromkeys(claim.text for pair in pairs for claim in pair))
        docs = dict(zip(texts, self._language.read(texts), strict=True)) if texts else {}
        found = []
        for a, b in pairs:
            days = (written.get(a.article_id), written.get(b.article_id))
            clashes = clashing(docs[a.text], docs[b.text])
            clashes += _same_speaker(a, b)
            dates = _dates(docs[a.text], docs[b.text], days, bool(clashes))
            if not any(reason.spans_a for reason in (*clashes, *dates) if reason.kind != "period"):
                clashes += self._read_by_the_model(a, b, docs)
            found.append((*clashes, *dates, *names_in_common(a.text, b.text)))
        return found

    def _read_by_the_model(self, a: Claim, b: Claim, docs: Mapping[str, Doc]) -> list[Reason]:
        """The word of either side without which the model would see less of a conflict; none where none stands out."""
        if self._model is None:
            return []
        spans = []
        for one, other in ((a, b), (b, a)):
            words = [token for token in docs[one.text] if token.pos_ in _CONTENT or _is_negation(token)]
            words = [token for token in words if token.lemma_.lower() not in _LIGHT][:_OCCLUDED_WORDS]
            without = [one.text[: word.idx] + one.text[word.idx + len(word) :].lstrip() for word in words]
            scores = self._model.score([(text, other.text) for text in (one.text, *without)])
            strengths = [max(score.contradiction, score.tension) for score in scores]
            drops = sorted(zip([strengths[0] - left for left in strengths[1:]], words, strict=True), key=_drop)[:2]
            spans.append(tuple(sorted(_span(word) for drop, word in drops if drop >= _LEAST_DROP)))
        if not spans[0] or not spans[1]:
            return []
        said = " / ".join(_quoted(claim.text, places) for claim, places in ((a, spans[0]), (b, spans[1])))
        return [Reason("other", f"the model weighs {said}", *spans)]


def clashing(one: Doc, other: Doc) -> list[Reason]:
    """What rules find to clash between two parsed texts: negation, figures, words of amount, opposites, names."""
    return [*_figures(one, other), *_amounts(one, other), *_negations(one, other), *_opposites(one, other),
            *_entities(one, other)]  # fmt: skip


def _drop(item: tuple[float, Token]) -> tuple[float, int]:
    return -item[0], item[1].i


def _quoted(text: str, spans: Spans) -> str:
    return ", ".join(f"“{text[start:end]}”" for start, end in spans)


def _word(token: Token) -> Span:
    """The word that a token is written in: "can’t" for its "n’t"."""
    before = token.doc[token.i - 1] if token.i else None
    first = token.i - 1 if before is not None and before.is_alpha and not before.whitespace_ else token.i
    return token.doc[first : token.i + 1]


def _span(token: Token) -> tuple[int, int]:
    word = _word(token)
    return word.start_char, word.end_char


def _content(doc: Doc) -> dict[str, Token]:
    """Content words by lemma; the first of each."""
    words: dict[str, Token] = {}
    for token in doc:
        lemma = token.lemma_.lower()
        if token.pos_ in _CONTENT and lemma not in _LIGHT and not token.is_stop:
            words.setdefault(lemma, token)
    return words


def _figures(one: Doc, other: Doc) -> list[Reason]:
    shared = _content(one).keys() & _content(other).keys()
    theirs = figures_in(other)
    for figure in figures_in(one):
        # A figure that the other side repeats is common ground.
        alike = [rival for rival in theirs if rival.unit == figure.unit and _of_one_thing(figure, rival, shared)]
        if alike and all(rival.low > figure.high or rival.high < figure.low for rival in alike):
            rival = alike[0]
            words = f"number: {figure.text} / {rival.text}"
            return [Reason("number", words, ((figure.start, figure.end),), ((rival.start, rival.end),))]
    return []


def _of_one_thing(figure: Figure, rival: Figure, shared: set[str]) -> bool:
    if figure.counted and rival.counted:
        return figure.counted == rival.counted
    return len(shared) >= 2


def _is_negation(token: Token) -> bool:
    return token.dep_ == "neg" or token.lower_ in _NEGATIONS or (token.lemma_ in _REFUSALS and token.pos_ == "VERB")


def _negated(doc: Doc) -> list[tuple[Token, list[str]]]:
    """Each negating word with the lemmas that it bears on, the nearest first."""
    found = []
    for token in doc:
        if not _is_negation(token):
            continue
        if token.pos_ == "VERB" or token.lower_ == "without":
            scope = set(token.subtree) - {token}
        elif token.head.pos_ in {"VERB", "AUX"}:
            scope = {token.head, *(child for child in token.head.children if child.dep_ in _COMPLETING)}
        else:
            scope = {token.head, *token.head.children}
        near = sorted(scope, key=lambda child: abs(child.i - token.i))
        lemmas = dict.fromkeys(child.lemma_.lower() for child in near if child.pos_ in _CONTENT)
        found.append((token, [lemma for lemma in lemmas if lemma not in _LIGHT]))
    return found


def _negations(one: Doc, other: Doc) -> list[Reason]:
    ours, theirs = _negated(one), _negated(other)
    for here, there, turned in ((ours, theirs, False), (theirs, ours, True)):
        plain = _content(one if turned else other)
        denied_there = {lemma for _, lemmas in there for lemma in lemmas}
        for token, lemmas in here:
            matches = [lemma for lemma in lemmas if lemma in plain and lemma not in denied_there]
            if matches:
                answer, denial = plain[matches[0]], _word(token).text
                words = f"negation: “{denial}” / “{answer.text}”"
                if turned:
                    words = f"negation: “{answer.text}” / “{denial}”"
                reason = Reason("negation", words, (_span(token),), (_span(answer),))
                return [reason.turned() if turned else reason]
    return []


def _amounts(one: Doc, other: Doc) -> list[Reason]:
    def spoken(doc: Doc) -> list[tuple[Token, int, str]]:
        return [
            (token, number, token.head.lemma_.lower())
            for token in doc
            for number, group in enumerate(_AMOUNTS)
            if token.lower_ in group
        ]

    for token, number, head in spoken(one):
        for rival, rival_number, rival_head in spoken(other):
            pair = (min(number, rival_number), max(number, rival_number))
            if pair in _OPPOSED_AMOUNTS and head == rival_head:
                words = f"amount: “{token.text}” / “{rival.text}”"
                return [Reason("quantity", words, (_span(token),), (_span(rival),))]
    return []


def _opposites(one: Doc, other: Doc) -> list[Reason]:
    ours, theirs = _content(one), _content(other)
    for lemma, token in ours.items():
        for rival_lemma, rival in theirs.items():
            if token.pos_ == rival.pos_ and opposed(lemma, rival_lemma, token.pos_):
                words = f"opposites: “{token.text}” / “{rival.text}”"
                return [Reason("opposite", words, (_span(token),), (_span(rival),))]
    return []


def _entities(one: Doc, other: Doc) -> list[Reason]:
    """Another name in the same place of a sentence with the same verb."""
    theirs = {_role(entity): entity for entity in other.ents if entity.label_ in _COMPARED}
    for entity in one.ents:
        role = _role(entity)
        rival = theirs.get(role)
        if rival is None or entity.label_ not in _COMPARED or role[-1] in _LIGHT | {""}:
            continue
        if {token.lower_ for token in entity} & {token.lower_ for token in rival}:
            continue
        words = f"name: “{entity.text}” / “{rival.text}”"
        return [
            Reason(
                "entity", words, ((entity.start_char, entity.end_char),), ((rival.start_char, rival.end_char),)
            )
        ]  # fmt: skip
    return []


def _role(entity: Span) -> tuple[str, str, str]:
    """How an entity hangs on its verb: dependency, preposition, the verb's lemma ("" where it hangs on none)."""
    head = entity.root.head
    preposition = ""
    if head.pos_ == "ADP":
        preposition, head = head.lower_, head.head
    return entity.root.dep_, preposition, head.lemma_.lower() if head.pos_ == "VERB" else ""


def _same_speaker(a: Claim, b: Claim) -> list[Reason]:
    if a.speaker and a.speaker == b.speaker and (a.article_id == b.article_id or not is_unnamed(a.speaker)):
        return [Reason("attribution", f"both are put in the mouth of {a.speaker}")]
    return []


def _dates(one: Doc, other: Doc, written: tuple[date | None, date | None], clashes: bool) -> list[Reason]:
    """Dates that differ: the conflict itself where one verb carries both and nothing else clashes, else a caveat."""
    ours, theirs = periods_in(one, written[0]), periods_in(other, written[1])
    if not ours or not theirs or any(_overlap(mine, yours) for mine in ours for yours in theirs):
        return []
    mine, yours = ours[0], theirs[0]
    spans = ((mine.start, mine.end),), ((yours.start, yours.end),)
    if not clashes and _verb_of(one, mine) & _verb_of(other, yours):
        return [Reason("date", f"date: {mine.text} / {yours.text}", *spans)]
    return [Reason("period", f"may be about different periods: {mine.text} / {yours.text}", *spans)]


def _overlap(mine: Period, yours: Period) -> bool:
    return mine.first <= yours.last and yours.first <= mine.last


def _verb_of(doc: Doc, period: Period) -> set[str]:
    span = doc.char_span(period.start, period.end, alignment_mode="expand")
    above = [token for token in span.root.ancestors if token.pos_ == "VERB"] if span else []
    return {above[0].lemma_.lower()} - _LIGHT if above else set()
