"""Training pairs for the entailment model: which sets, how each label is read, how much each counts.

Every row says which of the three entailment classes it *allows* and, where known, whether the two statements are in
tension. A two-way set's ``not_entailment`` allows neutral and contradiction; a mined pair of similar news sentences
allows everything but contradiction. That way a set teaches what its labels say and nothing more.
"""

from __future__ import annotations

import gzip
import json
import logging
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from embeddings.training_twins import necessity_pairs, twin_of

logger = logging.getLogger(__name__)

LABELS = ("contradiction", "entailment", "neutral")
CONTRADICTION, ENTAILMENT, NEUTRAL = 1, 2, 4
ANY = CONTRADICTION | ENTAILMENT | NEUTRAL
ALLOWED = {
    "contradiction": CONTRADICTION,
    "entailment": ENTAILMENT,
    "neutral": NEUTRAL,
    "not_entailment": CONTRADICTION | NEUTRAL,
    "not_contradiction": ENTAILMENT | NEUTRAL,
    "any": ANY,
}

# Sets under data/nli/train that are used, with the share of their rows drawn each epoch. Left out: control (passages
# of hundreds of words) and joci and levy_holt (coarse or machine-made labels). A share above 1 repeats rows.
NLI_SETS = {
    "mnli_nyu20k": 2.0,
    "mnli_olora": 2.0,
    "taxinli_mnli": 2.0,
    "lingnli": 1.0,
    "new_protocols": 0.6,
    "snli": 1.0,
    "snli_rebuilt": 0.9,
    "cad_nli": 1.0,
    "fever_nli": 1.0,
    "fever_gold": 0.7,
    "fool_me_twice": 2.0,
    "climate_fever": 1.0,
    "healthver": 1.0,
    "cb": 2.0,
    "rte": 2.0,
    "covidfact": 0.5,
    "add_one_rte": 0.4,
    "mpe": 0.3,
}
# Captions call any two different scenes a contradiction; only prose teaches what pulls against what.
TENSION_FROM_LABEL = {
    "mnli_nyu20k",
    "mnli_olora",
    "taxinli_mnli",
    "lingnli",
    "new_protocols",
    "fever_nli",
    "fever_gold",
    "fool_me_twice",
    "climate_fever",
    "healthver",
    "cb",
}
LABEL_TENSION_WEIGHT = 0.1
# Share of these sets' rows that come once more with their hypothesis negated, denied or affirmed, and how many pairs
# about what needs what stand beside them.
TWINS = {"mnli_nyu20k": 0.35, "mnli_olora": 0.35, "taxinli_mnli": 0.35, "lingnli": 0.25, "snli_rebuilt": 0.1}
NECESSITY_PAIRS = 1500
# What the last, short stage draws of everything else, so that nothing is unlearned while it learns from ClaimDiff.
FINISH_SHARES = {"nli": 0.05, "news": 0.1}
# What the stage against false alarms draws beside the pairs that a model wrongly called contradictions.
HARDEN_SHARES = {"nli": 0.12, "news": 0.3}
HARD_REPEATS = 5  # of few hard pairs; of many, so many that about HARD_IN_ALL are seen
HARD_IN_ALL = 2000
# How often the written and the read pairs come in an epoch of the first stage, and the read ones in one of their own;
# what that draws beside them.
WRITTEN_REPEATS = 3
READ_REPEATS = 3
WRITTEN_SHARES = {"nli": 0.6, "news": 0.1}
# What a teacher sees: of the entailment sets, of the rewritten pairs and of all that was written and read, conflicts
# apart.
TEACH_SHARES = {"nli": 1.0, "twins": 0.5, "news": 0.1, "hypotheses": 1.0, "read": 0.4, "conflicts": 0.7}
CLAIMDIFF_REPEATS = 4
# One pair in nine weakens; without this the model would learn to say "no" to all.
WEAKENING_WEIGHT = 3.0
FOLDS = 5


@dataclass(frozen=True, slots=True)
class TrainingPair:
    """One pair: ``allowed`` is a bit mask over LABELS; ``tension`` is 1, 0 or None where nobody said.

    ``class_weight`` and ``tension_weight`` say how much each answer counts: a person's label 1, a guess less. Of a pair
    that a teacher was asked of, ``logits`` holds its four outputs (see `embeddings.training_taught`).
    """

    premise: str
    hypothesis: str
    allowed: int
    tension: int | None
    tension_weight: float
    source: str
    class_weight: float = 1.0
    logits: tuple[float, ...] | None = None


def read_rows(path: Path) -> Iterator[dict]:
    """Rows of a JSON-lines file, gzipped or not.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: a line is not a JSON object.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError(f"{path}, line {number}: a JSON object is needed, not {type(row).__name__}")
            yield row


def pair_from_row(row: dict, source: str) -> TrainingPair:
    """A pair from an entailment row (``premise``, ``hypothesis``, ``label``).

    Raises:
        ValueError: the label is none of ALLOWED.
    """
    label = row["label"]
    if label not in ALLOWED:
        raise ValueError(f"{source}: no label {label!r}; choose one of {', '.join(ALLOWED)}")
    tension = None
    if source in TENSION_FROM_LABEL:
        tension = int(label == "contradiction")
    return TrainingPair(row["premise"], row["hypothesis"], ALLOWED[label], tension, LABEL_TENSION_WEIGHT, source)


def nli_pairs(folder: Path, rng: random.Random) -> Iterator[TrainingPair]:
    """One epoch of the entailment sets under `folder`, each drawn by its share."""
    for name, share in NLI_SETS.items():
        rows = [pair_from_row(row, name) for row in read_rows(folder / f"{name}.jsonl.gz")]
        whole, part = divmod(share, 1)
        for _ in range(int(whole)):
            yield from rows
        yield from rng.sample(rows, int(len(rows) * part))


def twin_pairs(folder: Path, rng: random.Random) -> Iterator[TrainingPair]:
    """Rewritten pairs of the sets of TWINS, and pairs about what needs what (see `embeddings.training_twins`)."""
    for name, share in TWINS.items():
        for row in read_rows(folder / f"{name}.jsonl.gz"):
            if rng.random() < share and (
                twin := twin_of(row["premise"], row["hypothesis"], ALLOWED[row["label"]], rng)
            ):
                premise, hypothesis, allowed = twin
                tension = int(allowed == CONTRADICTION) if name in TENSION_FROM_LABEL else None
                yield TrainingPair(premise, hypothesis, allowed, tension, LABEL_TENSION_WEIGHT, "twin", 0.7)
    for premise, hypothesis, allowed in necessity_pairs(NECESSITY_PAIRS, rng):
        yield TrainingPair(premise, hypothesis, allowed, int(allowed == CONTRADICTION), 0.3, "necessity", 0.7)


def fold_of(topics: Iterable[str]) -> dict[str, int]:
    """Topics to folds (0 to FOLDS - 1), in the order of their names."""
    return {topic: place % FOLDS for place, topic in enumerate(sorted(set(topics)))}


def claimdiff_pairs(folder: Path, held_out: int | None = None) -> Iterator[TrainingPair]:
    """ClaimDiff: does claim B weaken claim A? The one set of real news pairs with an answer to that.

    The topics of the fold `held_out` are left out.
    """
    rows = list(read_rows(folder / "claimdiff_weaken.jsonl.gz"))
    folds = fold_of(row["topic"] for row in rows)
    for row in rows:
        if folds[row["topic"]] == held_out:
            continue
        allowed = ANY if row["label"] else ENTAILMENT | NEUTRAL
        weight = WEAKENING_WEIGHT if row["label"] else 1.0
        yield TrainingPair(row["claim_a"], row["claim_b"], allowed, int(row["label"]), weight, "claimdiff_weaken")
    for row in read_rows(folder / "claimdiff_strengthen.jsonl.gz"):
        if row["label"] and folds.get(row["topic"]) != held_out:
            allowed = ENTAILMENT | NEUTRAL
            yield TrainingPair(row["claim_a"], row["claim_b"], allowed, 0, 1.0, "claimdiff_strengthen")


_NEGATION = re.compile(r"\b(?:not|no|never|none|nothing|nobody|without|impossible|cannot)\b|n[’']t\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"”’']))\s+(?=[\"“‘'A-Z])")


def rough_sentences(text: str) -> list[str]:
    """Sentences of 6 to 50 words, cut by rule; for mining only, where a wrong cut costs nothing."""
    sentences = []
    for paragraph in text.split("\n"):
        for sentence in _SENTENCE_END.split(paragraph.strip()):
            if 6 <= len(sentence.split()) <= 50:
                sentences.append(sentence)
    return sentences


_DEBUNK = re.compile(
    r"\b(?:hoax|fake|false|phony|bogus|satir\w*|untrue|myth|debunk\w*|den(?:y|ies|ied|ying)|doubt\w*|disput\w*|dismiss\w*"
    r"|refut\w*|reject\w*|rumou?r\w*|misle\w*|wrong|made up|mistak\w*)\b",
    re.IGNORECASE,
)


def fnc_pairs(folder: Path, encode, per_headline: int = 1) -> Iterator[TrainingPair]:
    """FNC-1: a headline against the sentence of the article that is nearest to it.

    A disagreeing article's nearest sentence is taken to pull against the headline if it denies or doubts something; an
    agreeing or a merely reporting one's not. Every disagreeing row is looked at, and twice as many of each other kind.
    """
    bodies = {row["body_id"]: rough_sentences(row["text"])[:12] for row in read_rows(folder / "fnc1_bodies.jsonl.gz")}
    rows = [row for row in read_rows(folder / "fnc1_stances.jsonl.gz") if bodies.get(row["body_id"])]
    rng = random.Random(7)
    disagree = [row for row in rows if row["label"] == "disagree"]
    chosen = disagree + [
        row
        for label in ("agree", "discuss")
        for row in rng.sample([row for row in rows if row["label"] == label], 2 * len(disagree))
    ]
    headlines = sorted({row["headline"] for row in chosen})
    sentences = sorted({sentence for row in chosen for sentence in bodies[row["body_id"]]})
    headline_at = {text: at for at, text in enumerate(headlines)}
    sentence_at = {text: at for at, text in enumerate(sentences)}
    headline_vectors, sentence_vectors = encode(headlines), encode(sentences)
    for row in chosen:
        body = bodies[row["body_id"]]
        scores = sentence_vectors[[sentence_at[text] for text in body]] @ headline_vectors[headline_at[row["headline"]]]
        for place in np.argsort(-scores)[:per_headline]:
            if scores[place] < 0.35 or body[place] == row["headline"]:
                continue
            tension = int(row["label"] == "disagree")
            if tension and not (_DEBUNK.search(body[place]) or _NEGATION.search(body[place])):
                continue
            allowed = {"agree": ENTAILMENT | NEUTRAL, "discuss": ENTAILMENT | NEUTRAL, "disagree": ANY}[row["label"]]
            yield TrainingPair(body[place], row["headline"], allowed, tension, 0.6, f"fnc1_{row['label']}")


def similar_sentences(rows: Iterable[dict], encode, wanted: int) -> list[tuple[str, str]]:
    """Up to `wanted` random pairs of similar sentences (cosine 0.5 to 0.8) of different articles, either way round.

    `rows` have a ``text``; the first 12 sentences of each are looked at. `encode` gives unit vectors for texts.
    """
    return [(one, other) for (_, one), (_, other) in similar_places(rows, encode, wanted)]


def similar_places(rows: Iterable[dict], encode, wanted: int) -> list[tuple[tuple[int, str], tuple[int, str]]]:
    """The same with the row in which each sentence stands."""
    sentences, owners = [], []
    for number, row in enumerate(rows):
        for sentence in rough_sentences(row["text"])[:12]:
            sentences.append(sentence)
            owners.append(number)
    vectors, owner = encode(sentences), np.array(owners)
    rng = np.random.default_rng(11)
    found, seen = [], set()
    for start in range(0, len(sentences), 512):
        scores = vectors[start : start + 512] @ vectors.T
        scores[owner[start : start + 512, None] == owner[None, :]] = 0
        for row, place in zip(*np.nonzero((scores > 0.5) & (scores < 0.8)), strict=True):
            pair = (min(start + row, place), max(start + row, place))
            if pair not in seen:
                seen.add(pair)
                found.append(pair)
    order = rng.permutation(len(found))[:wanted]
    logger.info("found %d similar cross-article pairs, using %d", len(found), len(order))
    pairs = []
    for place in order:
        first, second = found[place] if rng.random() < 0.5 else found[place][::-1]
        pairs.append(((owners[first], sentences[first]), (owners[second], sentences[second])))
    return pairs


def mined_pairs(folder: Path, encode, articles: int = 1500, wanted: int = 14_000) -> Iterator[TrainingPair]:
    """Similar sentences of different articles: seldom a contradiction, so none is taught as one."""
    rows = islice(read_rows(folder / "news_20k.jsonl.gz"), articles)
    for one, other in similar_sentences(rows, encode, wanted):
        yield TrainingPair(one, other, ENTAILMENT | NEUTRAL, 0, 0.15, "mined", 0.5)


def unrelated_pairs(folder: Path, articles: int = 6000, wanted: int = 4000) -> Iterator[TrainingPair]:
    """Sentences that happen to stand in one collection: of one topic, of any two articles, and of one article.

    Caption and genre sets call two statements about different things a contradiction, since their readers assume one
    scene; in a pile of articles nearly all pairs are about different things. Each kind comes `wanted` / 2 times or
    more; sentences of one article may follow from each other but hardly ever contradict.
    """
    rng = random.Random(13)
    by_topic: dict[str, list[list[str]]] = {}
    for row in islice(read_rows(folder / "news_20k.jsonl.gz"), articles):
        sentences = rough_sentences(row["text"])[:15]
        if len(sentences) > 4:
            by_topic.setdefault(row.get("topic") or "", []).append(sentences)
    everything = [sentences for group in by_topic.values() for sentences in group]
    groups = [group for group in by_topic.values() if len(group) > 4]
    for _ in range(wanted):
        one, other = rng.sample(rng.choice(groups), 2)
        yield TrainingPair(rng.choice(one), rng.choice(other), NEUTRAL | ENTAILMENT, 0, 0.1, "same_topic", 0.5)
    for _ in range(wanted // 2):
        one, other = rng.sample(everything, 2)
        yield TrainingPair(rng.choice(one), rng.choice(other), NEUTRAL, 0, 0.1, "any_two", 0.5)
    for _ in range(wanted):
        one, other = rng.sample(rng.choice(everything), 2)
        yield TrainingPair(one, other, NEUTRAL | ENTAILMENT, 0, 0.1, "one_article", 0.5)


def negated_pairs(folder: Path, articles: int = 6000, wanted: int = 5000) -> Iterator[TrainingPair]:
    """A sentence with "not" or "never" beside another one of its article, either way round.

    The writers of contradictions love such words, so a model comes to take the word itself for a contradiction; here
    it learns that mostly it is none.
    """
    rng = random.Random(17)
    found = []
    for row in islice(read_rows(folder / "news_20k.jsonl.gz"), articles):
        sentences = rough_sentences(row["text"])[:20]
        negated = [sentence for sentence in sentences if _NEGATION.search(sentence)]
        for sentence in negated[:3]:
            other = rng.choice(sentences)
            if other != sentence:
                found.append((sentence, other) if rng.random() < 0.5 else (other, sentence))
    for one, other in rng.sample(found, min(wanted, len(found))):
        yield TrainingPair(one, other, NEUTRAL | ENTAILMENT, 0, 0.1, "negated", 0.5)


def neighbouring_sentences(rows: Iterable[dict], encode, wanted: int, nearest: int = 6) -> list[tuple[str, str]]:
    """Up to `wanted` pairs such as the product judges: sentences of different articles on one topic, each with its
    nearest ones (cosine 0.3 to 0.7)."""
    by_topic: dict[str, list[tuple[int, str]]] = {}
    for number, row in enumerate(rows):
        for sentence in rough_sentences(row["text"])[:12]:
            by_topic.setdefault(row.get("topic") or "", []).append((number, sentence))
    found = set()
    for group in by_topic.values():
        vectors = encode([sentence for _, sentence in group])
        owner = np.array([number for number, _ in group])
        for start in range(0, len(group), 512):
            scores = vectors[start : start + 512] @ vectors.T
            scores[owner[start : start + 512, None] == owner[None, :]] = 0
            for row, places in enumerate(np.argsort(-scores, axis=1)[:, :nearest]):
                for place in places:
                    if 0.3 < scores[row, place] < 0.7:
                        found.add(tuple(sorted((group[start + row][1], group[place][1]))))
    pairs = sorted(found)
    rng = random.Random(23)
    rng.shuffle(pairs)
    return [pair if rng.random() < 0.5 else pair[::-1] for pair in pairs[:wanted]]


def hard_pairs(path: Path) -> Iterator[TrainingPair]:
    """Pairs that a model called contradictions and that hardly ever are (``premise``, ``hypothesis``)."""
    for row in read_rows(path):
        yield TrainingPair(row["premise"], row["hypothesis"], ENTAILMENT | NEUTRAL, 0, 0.3, "hard")


def reviewed_pairs(path: Path) -> Iterator[TrainingPair]:
    """Pairs that reviewers judged, as the workbench exports them (``premise``, ``hypothesis``, ``label``)."""
    for row in read_rows(path):
        pair = pair_from_row(row, "reviewed")
        tension = int(row["label"] == "contradiction")
        yield TrainingPair(pair.premise, pair.hypothesis, pair.allowed, tension, 1.0, "reviewed")


def news_pairs(data: Path, encode) -> list[TrainingPair]:
    """What teaches news rather than captions: FNC-1, and similar, unrelated and negated news sentences."""
    return [
        *fnc_pairs(data / "conflict", encode),
        *mined_pairs(data / "corpus", encode),
        *unrelated_pairs(data / "corpus"),
        *negated_pairs(data / "corpus"),
    ]


def epoch_of(data: Path, news: Iterable[TrainingPair], seed: int) -> list[TrainingPair]:
    """One shuffled epoch; the same seed and data give the same list."""
    rng = random.Random(seed)
    pairs = [*nli_pairs(data / "nli" / "train", rng), *twin_pairs(data / "nli" / "train", rng), *news]
    rng.shuffle(pairs)
    return pairs


def hardening_epoch(
    data: Path, news: Sequence[TrainingPair], hard: Sequence[TrainingPair], seed: int
) -> list[TrainingPair]:
    """One shuffled epoch against false alarms: the hard pairs, and of everything else a share."""
    rng = random.Random(seed)
    nli = [*nli_pairs(data / "nli" / "train", rng), *twin_pairs(data / "nli" / "train", rng)]
    pairs = [
        *(max(1, min(HARD_REPEATS, HARD_IN_ALL // max(len(hard), 1))) * list(hard)),
        *rng.sample(nli, int(len(nli) * HARDEN_SHARES["nli"])),
        *rng.sample(list(news), int(len(news) * HARDEN_SHARES["news"])),
    ]
    rng.shuffle(pairs)
    return pairs


def written_epoch(
    data: Path, news: Sequence[TrainingPair], hard: Sequence[TrainingPair], written: Sequence[TrainingPair], seed: int
) -> list[TrainingPair]:
    """One shuffled epoch with the sentences written for this model and the pairs read for it, these `READ_REPEATS`
    times; the hard pairs, and of everything else a share."""
    rng = random.Random(seed)
    nli = [*nli_pairs(data / "nli" / "train", rng), *twin_pairs(data / "nli" / "train", rng)]
    pairs = [
        *(pair for pair in written for _ in range(READ_REPEATS if pair.source == "read" else 1)),
        *rng.sample(list(hard), min(len(hard), HARD_IN_ALL)),
        *rng.sample(nli, int(len(nli) * WRITTEN_SHARES["nli"])),
        *rng.sample(list(news), int(len(news) * WRITTEN_SHARES["news"])),
    ]
    rng.shuffle(pairs)
    return pairs


def teaching_epoch(
    data: Path, news: Sequence[TrainingPair], written: Sequence[TrainingPair], seed: int
) -> list[TrainingPair]:
    """One shuffled epoch for a larger network: a share of everything (TEACH_SHARES)."""
    rng = random.Random(seed)
    parts = {
        "nli": list(nli_pairs(data / "nli" / "train", rng)),
        "twins": list(twin_pairs(data / "nli" / "train", rng)),
        "news": list(news),
        "hypotheses": [pair for pair in written if pair.source == "hypothesis"],
        "conflicts": [pair for pair in written if pair.source != "hypothesis" and pair.tension],
        "read": [pair for pair in written if pair.source != "hypothesis" and not pair.tension],
    }
    pairs = [pair for name, part in parts.items() for pair in rng.sample(part, int(len(part) * TEACH_SHARES[name]))]
    rng.shuffle(pairs)
    return pairs


def finishing_epoch(
    data: Path, news: Sequence[TrainingPair], seed: int, held_out: int | None, reviewed: Sequence[TrainingPair]
) -> list[TrainingPair]:
    """One shuffled epoch of the last stage: ClaimDiff, FNC-1's disagreeing pairs and reviewers' judgements whole, of
    everything else a share."""
    rng = random.Random(seed)
    nli = list(nli_pairs(data / "nli" / "train", rng))
    disagreeing = [pair for pair in news if pair.source == "fnc1_disagree"]
    others = [pair for pair in news if pair.source != "fnc1_disagree"]
    pairs = [
        *(CLAIMDIFF_REPEATS * list(claimdiff_pairs(data / "conflict", held_out))),
        *disagreeing,
        *reviewed,
        *rng.sample(nli, int(len(nli) * FINISH_SHARES["nli"])),
        *rng.sample(others, int(len(others) * FINISH_SHARES["news"])),
    ]
    rng.shuffle(pairs)
    return pairs
