"""The workspace of `benchmarks.screen`: claims of real articles, with boards as heavy as a reading makes them.

Its claims are the articles' sentences, said by whoever a sentence names before "said"; its vectors are the encoder's.
Its relations join neighbours by cosine, as many as shipped settings judge, and are of each kind as often as where the
shipped models read the seeds; which pair is of which kind is drawn by its ids, since what the screen costs hangs on how
many there are and not on what a model would say of them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from sqlalchemy import text, update

from claims.article import Article, Provenance, content_hash
from claims.claim import Attribution, Claim, Topic
from embeddings.encoder import PACKAGED, Encoder
from embeddings.index import VectorIndex
from embeddings.judgement import Relation, RelationSettings
from embeddings.reasons import Reason, names_in_common
from embeddings.training_data import read_rows
from workbench.articles import add_article, clean, refresh_contradictions, replace_claims
from workbench.groups import regroup
from workbench.listing import weigh_conflicts
from workbench.meta import fact, keep_fact
from workbench.models import LazyEncoder
from workbench.pairs import store_relations
from workbench.queries import claim_page
from workbench.schema import ArticleRecord, ClaimRecord
from workbench.store import Store
from workbench.vectors import current_claims, encode_unseen, open_index, vectors_of
from workbench.verdicts import record_verdict

# Goes up with every change of what is made here, so that a workspace kept from before is made anew.
FORM = 4
SETTINGS = RelationSettings()
NEIGHBOURS = SETTINGS.neighbours_in_large
# Of a thousand pairs, those of each kind; the first of the contradictions are strict. In the seeds the shipped models
# find 24 contradictions, 16 pairs that say the same and 134 that support each other.
STRICT, SHARES = 8, (("contradicts", 24), ("same_claim", 16), ("supports", 134))
# Two reviewers who were here before: the first judged every 50th claim, the second every tenth of these once more.
REVIEWERS, JUDGED, AGAIN = ("Ada Before", "Ben Before"), 50, 10
# Kinds of claims, each with the draw of 1,000 below which a claim is of it.
KINDS = (("quantity", 200), ("prediction", 280), ("present_state", 530), ("past_event", 1000))
_MADE = "benchmark"
_SENTENCE = re.compile(r"[^.!?\n]{40,400}[.!?]+[”\"’]?")
_SAID = re.compile(r"\b([A-Z][a-z]+ [A-Z][a-z]+)(?: \([^)]*\))?,? (said|told|says|wrote)\b")
_NAME = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b")
_WORD = re.compile(r"\w+|\S+")


def make_workspace(folder: Path, articles: Path, wanted: int, encoder: Encoder | None = None) -> None:
    """Fills a workspace with `wanted` claims, unless that was done: articles, claims, vectors, index, relations. One
    that was broken off, or made by an earlier form of this, is made anew but for its vectors.

    Raises SystemExit where the folder holds more claims than that.
    """
    store, form = Store(folder), f"form {FORM}, {wanted} claims"
    with store.reading() as connection:
        made = fact(connection, _MADE)
    if made == form:
        return
    there = claim_page(store, limit=1).total
    if there > wanted:
        raise SystemExit(f"{folder} holds {there:,} claims, more than {wanted:,}: ask for more, or name another --out")
    if there:
        print(f"{folder} is made anew: it was broken off, or made for an earlier benchmark", file=sys.stderr)
    read_claims(store, articles, wanted)
    judge(store)
    encoder = encoder or LazyEncoder(PACKAGED)
    encode_unseen(store, encoder, lambda done, total: print(f"vectors {done:,} of {total:,}", file=sys.stderr))
    relate(store, encoder.model_id)
    with store.writing() as connection:
        keep_fact(connection, _MADE, form)


def read_claims(store: Store, articles: Path, wanted: int) -> None:
    """Stores articles, in their order, until they have `wanted` claims. Of one that is there already what is known of
    it is stored anew.

    Raises SystemExit where no article has a date: boards would be measured without the box of their timelines.
    """
    seen: set[str] = set()
    dated = False
    for row in read_rows(articles):
        if wanted <= 0:
            break
        article = Article(row["text"], provenance_of(row))
        if article.id in seen:
            continue
        seen.add(article.id)
        dated = dated or bool(article.provenance.date)
        if not add_article(store, article, "news.jsonl"):
            renew = update(ArticleRecord).where(ArticleRecord.id == article.id).values(**clean(article.provenance))
            with store.writing() as connection:
                connection.execute(renew)
        found = list(islice(claims_in(article), wanted))
        replace_claims(store, article.id, found, _MADE)
        wanted -= len(found)
    if seen and not dated:
        raise SystemExit(f"no article of {articles} has a date: name it date_iso or date, as YYYY-MM-DD")


def provenance_of(row: Mapping[str, str | None]) -> Provenance:
    """What a row of the corpus says of its article."""
    title, outlet, author, url = (row.get(name) or "" for name in ("title", "outlet", "author", "url"))
    return Provenance(title, outlet, author, str(row.get("date_iso") or row.get("date") or "")[:10], url)


def judge(store: Store) -> None:
    """Gives verdicts as a desk that has worked for some weeks has them, unless they are there."""
    with store.reading() as connection:
        ids = connection.execute(text("SELECT id FROM claims WHERE current ORDER BY id")).scalars().all()
    for reviewer, judged in zip(REVIEWERS, (JUDGED, JUDGED * AGAIN), strict=True):
        with store.reading() as connection:
            there = connection.execute(
                text("SELECT count(*) FROM verdicts WHERE reviewer = :name"), {"name": reviewer}
            ).scalar_one()
        for claim_id in ids[there * judged :: judged]:
            record_verdict(store, claim_id, "refuted", reviewer, "Seen the papers.")


def claims_in(article: Article) -> Iterator[Claim]:
    """An article's sentences as claims, each with the sentences before and after it."""
    found: dict[str, re.Match] = {}
    for match in _SENTENCE.finditer(article.text):
        found.setdefault(match.group().strip(), match)
    sentences = ["", *found, ""]
    for place, (words, match) in enumerate(found.items()):
        start = article.text.index(words, match.start())
        said = _SAID.search(words)
        begin = article.text.rfind("\n", 0, start) + 1
        end = article.text.find("\n", start + len(words))
        speaker = Attribution(said[1], said[2]) if said else Attribution()
        yield Claim(
            id=content_hash(article.id, words), article_id=article.id, text=words, char_start=start,
            char_end=start + len(words), paragraph_start=begin, paragraph_end=end if end > 0 else len(article.text),
            before=sentences[place], after=sentences[place + 2], kind="reported" if said else "statement",
            attribution=speaker, standalone=words, check_worthiness=round(_drawn(words, 65536) / 65536, 4),
            assertion=asserted(words),
            topics=tuple(Topic("person", name) for name in dict.fromkeys(_NAME.findall(words)))[:4],
        )  # fmt: skip


def asserted(words: str) -> str:
    """A kind of claim that is drawn by the words."""
    drawn = _drawn(f"kind {words}", 1000)
    return next(kind for kind, below in KINDS if drawn < below)


def relate(store: Store, model_id: str) -> None:
    """Gives every claim its relations, and the groups and the queue what follows from them."""
    claims = current_claims(store)
    index, vectors = open_index(store, claims, model_id), vectors_of(store, claims, model_id)
    with store.writing() as connection:
        connection.execute(text("DELETE FROM relations"))
    for start in range(0, len(claims), 2000):
        relations = list(relations_of(claims, vectors, index, range(start, min(start + 2000, len(claims)))))
        with store.writing() as connection:
            store_relations(connection, relations, _MADE)
    with store.writing() as connection:
        connection.execute(update(ClaimRecord).values(related_by=_MADE))
        regroup(connection)
        weigh_conflicts(connection)
        refresh_contradictions(connection, [claim.id for claim in claims])


def relations_of(claims: Sequence[Claim], vectors: np.ndarray, index: VectorIndex, places: range) -> Iterator[Relation]:
    """The relations of the claims at `places` with their nearest in other articles, NEIGHBOURS each."""
    by_id = {claim.id: claim for claim in claims}
    # Claims of the same article are found too and fall away, as where a reading looks for candidates.
    found = index.search(vectors[places.start : places.stop], NEIGHBOURS * 3)
    for place, neighbours in zip(places, found, strict=True):
        claim = claims[place]
        near = [one for one in neighbours if by_id[one.id].article_id != claim.article_id][:NEIGHBOURS]
        for one in near:
            if one.similarity >= SETTINGS.related_threshold:
                yield relation_between(*sorted((claim, by_id[one.id]), key=lambda end: end.id), one.similarity)


def relation_between(a: Claim, b: Claim, similarity: float) -> Relation:
    """A relation of a kind that is drawn by the ids, with reasons that mark words of both claims."""
    drawn, kind, strict = _drawn(a.id + b.id, 1000), "related", False
    for name, share in SHARES:
        if drawn < share:
            kind, strict = name, name == "contradicts" and drawn < STRICT
            break
        drawn -= share
    score = min(similarity, 1.0)
    against, agree = kind == "contradicts", kind in ("same_claim", "supports")
    return Relation(
        claim_a=a.id, claim_b=b.id, relation=kind, strict=strict, score=score, similarity=score,
        contradiction=score if strict else 0.05, entailment_ab=score if agree else 0.1,
        entailment_ba=score if kind == "same_claim" else 0.1, tension=score if against else 0.1,
        reasons=((weighed(a, b),) if against else ()) + names_in_common(a.text, b.text), model_id=_MADE,
        worth=_drawn(f"worth {a.id}{b.id}", 1000) / 2000,
    )  # fmt: skip


def weighed(a: Claim, b: Claim) -> Reason:
    """The longest word of either claim as the reason for a conflict."""
    one, other = (max(_WORD.finditer(claim.text), key=lambda match: len(match[0])) for claim in (a, b))
    return Reason("other", f"the model weighs “{one[0]}” / “{other[0]}”", (one.span(),), (other.span(),))


def _drawn(words: str, sides: int) -> int:
    """A number below `sides` (at most 65,536) that hangs on the words alone."""
    return int(content_hash(words)[:4], 16) * sides // 65536
