"""Two steps of spaCy's pipeline worked out faster, with the same answers: names, and attributes by rule.

`quickened` puts them in the place of spaCy's own. Both ask spaCy's components for everything that was learned or
written down: the network's scores, the patterns. What differs is the order of the work. spaCy's recogniser takes one
token at a time and, for each, Python's lock many times over; outside of a name its network sees nothing but the token,
so that all tokens of a batch can be scored at once, and only names of several words need steps. spaCy's ruler lets a
matcher of 180 patterns run over every token; nearly all of them look at one token alone, so that what they say of it is
found once for all tokens that look the same to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.pipeline import AttributeRuler, EntityRecognizer
from spacy.tokens import Doc, Span
from spacy.tokens._retokenize import set_token_attrs
from spacy.util import minibatch

# What the recogniser's network sees: the next token, the name's first, the name's last so far.
_FEATURES = 3
# So many kinds of tokens are remembered at once: some megabytes. A year of news has ten times as many.
MOST_KNOWN = 50_000
_LOOKED_AT = ["TAG", "LOWER", "DEP", "IS_SPACE"]


def quickened(pipeline: Language) -> Language:
    """`pipeline` with its recogniser and its ruler replaced where these are of the kinds that are known here."""
    if "ner" in pipeline.pipe_names and can_be_quick(pipeline.get_pipe("ner")):
        pipeline.add_pipe("quick_names", before="ner")
        pipeline.disable_pipe("ner")
    if "attribute_ruler" in pipeline.pipe_names and looks_at_tokens(pipeline.get_pipe("attribute_ruler")):
        pipeline.add_pipe("quick_ruler", before="attribute_ruler")
        pipeline.disable_pipe("attribute_ruler")
    return pipeline


def can_be_quick(recogniser: object) -> bool:
    """Whether this is spaCy's recogniser, decides greedily, token by token, and does so by a network of the kind that
    `QuickNames` asks."""
    if type(recogniser) is not EntityRecognizer or recogniser.cfg.get("beam_width") != 1:
        return False
    model = recogniser.model
    if model.attrs.get("has_upper") is not True or model.attrs.get("unseen_classes"):
        return False
    lower = model.get_ref("lower")
    return (
        lower.get_dim("nF") == _FEATURES
        and lower.get_dim("nP") > 1  # of one piece spaCy's two ways to work it out differ
        and all(name == "O" or name[:2] in {"B-", "I-", "L-", "U-"} for name in _moves(recogniser))
    )


def _moves(recogniser: EntityRecognizer) -> list[str]:
    """What a recogniser may do at a token, in the order of its scores: "B-ORG", …, "O".

    `move_names` leaves out "U-", by which names are forbidden.
    """
    return [recogniser.moves.get_class_name(number) for number in range(recogniser.moves.n_moves)]


class QuickNames:
    """spaCy's greedy entity recogniser: of documents without names so far the ones that it finds."""

    def __init__(self, recogniser: EntityRecognizer):
        self._recogniser = recogniser
        names = _moves(recogniser)
        self._kinds = np.array([name[0] for name in names])
        self._labels = [name[2:] for name in names]
        labels = set(self._labels) - {""}
        self._going_on = {label: (names.index(f"I-{label}"), names.index(f"L-{label}")) for label in labels}
        self._outside = np.array([name == "O" or name[0] in "BU" and len(name) > 2 for name in names])

    def __call__(self, doc: Doc) -> Doc:
        self._annotate([doc])
        return doc

    def pipe(self, docs: Iterable[Doc], *, batch_size: int = 32) -> Iterator[Doc]:
        """The same documents with their names, in order."""
        for batch in minibatch(docs, size=batch_size):
            found = list(batch)
            self._annotate(found)
            yield from found

    def _annotate(self, docs: Sequence[Doc]) -> None:
        free = []
        for doc in docs:
            if len(doc) and not doc.has_annotation("ENT_IOB"):
                free.append(doc)
            else:
                # Names that a document brings along bind spaCy's recogniser in ways that are not known here.
                self._recogniser(doc)
        if self._recogniser.moves.n_moves != len(self._labels):
            # With such a name it met a label that is new to it, and has grown.
            for doc in free:
                self._recogniser(doc)
        elif free:
            self._name(free)

    def _name(self, docs: Sequence[Doc]) -> None:
        spans = self._found(docs)
        for doc, (low, high) in zip(docs, _stretches(docs), strict=True):
            own = [Span(doc, start - low, end - low, label) for start, end, label in spans if low <= start < high]
            doc.set_ents(own, default="outside")

    def _found(self, docs: Sequence[Doc]) -> list[tuple[int, int, str]]:
        """First token, the one behind the last, and label of every name, tokens counted over all documents."""
        network = self._recogniser.model.predict(docs)
        known = np.concatenate([doc.to_array(["SENT_START", "IS_SPACE"]) for doc in docs]).astype(np.int64)
        last = np.array([high - 1 for _, high in _stretches(docs)])
        # No name runs over the end of a sentence or of its document.
        ends = np.append(known[1:, 0] == 1, True)
        ends[last] = True
        chosen = self._outside_names(network, ends, known[:, 1] == 1)
        behind = self._ends_of(network, np.flatnonzero(self._kinds[chosen] == "B"), chosen, ends)
        found: list[tuple[int, int, str]] = []
        for place in np.flatnonzero(self._kinds[chosen] != "O").tolist():
            if not found or place >= found[-1][1]:
                found.append((place, behind.get(place, place + 1), self._labels[chosen[place]]))
        return found

    def _outside_names(self, network, ends: np.ndarray, blank: np.ndarray) -> np.ndarray:
        """What the network would do at each token that stands in no name so far, (tokens,)."""
        places = np.full((len(ends), _FEATURES), -1, dtype=np.int32)
        places[:, 0] = np.arange(len(ends))
        scores = _scores(network, places)
        scores[:, ~self._outside] = -np.inf
        scores[np.ix_(blank, np.isin(self._kinds, ["B", "U"]))] = -np.inf
        scores[np.ix_(ends, self._kinds == "B")] = -np.inf
        return scores.argmax(axis=1)

    def _ends_of(self, network, starts: np.ndarray, chosen: np.ndarray, ends: np.ndarray) -> dict[int, int]:
        """The token behind the last of each name that would begin at `starts`, all of them looked for at once."""
        found: dict[int, int] = {}
        moves = np.array([self._going_on[self._labels[chosen[start]]] for start in starts]).reshape(-1, 2)
        first = starts.astype(np.int32)
        place = first + 1
        while len(first):
            scores = _scores(network, np.stack([place, first, place - 1], axis=1))
            going, closing = (np.take_along_axis(scores, moves[:, at : at + 1], axis=1)[:, 0] for at in (0, 1))
            # Of two moves with one score spaCy takes the first.
            goes_on = ~ends[place] & np.where(moves[:, 0] < moves[:, 1], going >= closing, going > closing)
            found |= zip(first[~goes_on].tolist(), (place[~goes_on] + 1).tolist(), strict=True)
            first, place, moves = first[goes_on], place[goes_on] + 1, moves[goes_on]
        return found


def _stretches(docs: Sequence[Doc]) -> list[tuple[int, int]]:
    """First token and the one behind the last of each document, counted over all of them."""
    behind = np.cumsum([len(doc) for doc in docs]).tolist()
    return list(zip([0, *behind], behind, strict=False))


def _scores(network, places: np.ndarray) -> np.ndarray:
    """(states, moves) for the places of each state's tokens, (states, _FEATURES), -1 for none."""
    if not len(places):
        return np.zeros((0, network.nO), dtype=np.float32)
    return network.vec2scores.predict(network.state2vec.predict(places))


def looks_at_tokens(ruler: object) -> bool:
    """Whether this is spaCy's ruler, its patterns look at nothing of a token but what `QuickRuler` knows tokens by, and
    each sets what spaCy itself knows of a token in its pattern."""
    if type(ruler) is not AttributeRuler or any("_" in attrs for attrs in ruler.attrs):
        return False
    patterns = [(pattern, rule["index"]) for rule in ruler.patterns for pattern in rule["patterns"]]
    return all(
        0 <= index < len(pattern) and all(token.keys() <= set(_LOOKED_AT) for token in pattern)
        for pattern, index in patterns
    )


class QuickRuler:
    """spaCy's attribute ruler; what patterns of one token say of a token is remembered for all that are alike."""

    def __init__(self, ruler: AttributeRuler):
        self._rules = list(zip(ruler.attrs, ruler.indices, strict=True))
        self._one, self._several = (Matcher(ruler.vocab, validate=ruler.validate) for _ in range(2))
        for number, rule in enumerate(ruler.patterns):
            single = all(len(pattern) == 1 for pattern in rule["patterns"])
            (self._one if single else self._several).add(str(number), rule["patterns"])
        self._numbers = {ruler.vocab.strings.add(str(number)): number for number in range(len(self._rules))}
        self._known: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._set: dict[tuple[int, ...], dict] = {}

    def __call__(self, doc: Doc) -> Doc:
        further = defaultdict(list)
        # A matcher without patterns warns.
        for rule, start, _ in self._several(doc, allow_missing=True) if len(self._several) else ():
            number = self._numbers[rule]
            further[start + self._rules[number][1]].append(number)
        for place, key in enumerate(map(tuple, doc.to_array(_LOOKED_AT).tolist())):
            rules = self._known.get(key)
            if rules is None:
                if len(self._known) >= MOST_KNOWN:
                    self._known.clear()
                found = self._one(doc[place : place + 1], allow_missing=True) if len(self._one) else ()
                rules = self._known[key] = tuple(sorted(self._numbers[rule] for rule, _, _ in found))
            if place in further:
                rules = tuple(sorted([*rules, *further[place]]))
            if rules:
                set_token_attrs(doc[place], self._set.get(rules) or self._merged(rules))
        return doc

    def pipe(self, docs: Iterable[Doc], *, batch_size: int = 32) -> Iterator[Doc]:
        """The same documents, in order."""
        for doc in docs:
            yield self(doc)

    def _merged(self, rules: tuple[int, ...]) -> dict:
        """What several rules set, later ones over earlier ones."""
        merged: dict = {}
        for number in rules:
            merged |= self._rules[number][0]
        self._set[rules] = merged
        return merged


@Language.factory("quick_names")
def _quick_names(nlp: Language, name: str) -> QuickNames:
    return QuickNames(nlp.get_pipe("ner"))


@Language.factory("quick_ruler")
def _quick_ruler(nlp: Language, name: str) -> QuickRuler:
    return QuickRuler(nlp.get_pipe("attribute_ruler"))
