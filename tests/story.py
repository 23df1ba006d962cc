"""An invented story in three articles, put into a workspace without any model, for the tests of the screen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import update

from claims.article import Article, Provenance, content_hash
from claims.claim import Attribution, Claim
from embeddings.judgement import Relation
from embeddings.reasons import Reason
from workbench.articles import add_article, refresh_contradictions, replace_claims
from workbench.pairs import store_relations
from workbench.schema import ClaimRecord
from workbench.store import Store

LEDGER = Article(
    "Swing bridge was checked twice before it failed, says port\n"
    "The swing bridge at Port Ellory was inspected twice in the month before it jammed, the harbour authority said. "
    "“Every bearing was checked on 3 and 17 March,” said Marit Oduya, who runs the authority. "
    "She added that the repair will cost 4 million crowns.\n"
    "The bridge has been shut since Tuesday, and 900 lorries a day take the long road round the bay.",
    Provenance(
        "Swing bridge was checked twice before it failed, says port",
        "The Ellory Ledger",
        "Jon Pask",
        "2025-04-02",
        "https://ledger.example/bridge",
    ),
)
COAST = Article(
    "Union: nobody looked at the bridge all winter\n"
    "No engineer set foot in the bearing house of the swing bridge between November and April, the dockers' union said "
    "on Thursday. “We kept the keys and nobody asked for them,” said Tomas Brandvold, its secretary.\n"
    "The union puts the bill for the repair at 11 million crowns. Ferries have taken on some of the freight.",
    Provenance("Union: nobody looked at the bridge all winter", "Coast Radio", "", "2025-04-04", ""),
)
NOTES = Article(
    "Harbour notes\n"
    "The authority repeated that the bridge was inspected twice in March. Traffic on the bay road has doubled since "
    "the bridge was shut.",
    Provenance("Harbour notes", "", "", "", ""),
)
INSPECTED = (
    "The swing bridge at Port Ellory was inspected twice in the month before it jammed, the harbour authority said."
)
NOBODY = (
    "No engineer set foot in the bearing house of the swing bridge between November and April, the dockers' union "
    "said on Thursday."
)
CLAIMS = (
    (LEDGER, INSPECTED, "Port Ellory Harbour Authority", "said", "reported", 0.8),
    (LEDGER, "Every bearing was checked on 3 and 17 March", "Marit Oduya", "said", "quotation", 0.9),
    (LEDGER, "She added that the repair will cost 4 million crowns.", "Marit Oduya", "added", "reported", 0.7),
    (
        LEDGER,
        "The bridge has been shut since Tuesday, and 900 lorries a day take the long road round the bay.",
        "",
        "",
        "statement",
        0.5,
    ),
    (COAST, NOBODY, "Dockers’ union", "said", "reported", 0.8),
    (COAST, "We kept the keys and nobody asked for them", "Tomas Brandvold", "said", "quotation", 0.6),
    (COAST, "The union puts the bill for the repair at 11 million crowns.", "Dockers’ union", "puts", "reported", 0.7),
    (
        NOTES,
        "The authority repeated that the bridge was inspected twice in March.",
        "Port Ellory Harbour Authority",
        "repeated",
        "reported",
        0.6,
    ),
    (NOTES, "Traffic on the bay road has doubled since the bridge was shut.", "", "", "statement", 0.4),
)
DENIES = (Reason("negation", "negation: “inspected” / “No”", ((36, 45),), ((0, 2),)),)
BILL = (Reason("number", "number: 4 million crowns / 11 million crowns", ((34, 52),), ((43, 60),)),)
RELATIONS = (
    (0, 4, "contradicts", True, 0.94, DENIES),
    (1, 4, "contradicts", True, 0.88, DENIES),
    (2, 6, "contradicts", True, 0.81, BILL),
    (1, 5, "contradicts", False, 0.67, ()),
    (4, 7, "contradicts", True, 0.71, DENIES),
    (0, 7, "same_claim", False, 0.91, ()),
    (1, 7, "supports", False, 0.77, ()),
    (3, 8, "related", False, 0.62, ()),
    (0, 5, "related", False, 0.48, ()),
)


@dataclass(frozen=True, slots=True)
class Told:
    """The story in a workspace; `ids` are the claims' ids in the order of CLAIMS."""

    store: Store
    ids: tuple[str, ...]


def tell(folder: Path) -> Told:
    """Fills a workspace with the story, as an ingest would leave it."""
    claims = [claim_at(*values) for values in CLAIMS]
    relations = [relation_between(claims[a], claims[b], *values) for a, b, *values in RELATIONS]
    return fill(folder, (LEDGER, COAST, NOTES), claims, relations)


def opens_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes `folder` the workspace that the app opens, of which it remembers nothing from before."""
    monkeypatch.setenv("COUNTERCLAIM_WORKSPACE", str(folder))
    st.cache_resource.clear()


def on_desk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """The story in the workspace that the app opens."""
    opens_in(folder, monkeypatch)
    return tell(folder)


def fill(folder: Path, articles: tuple[Article, ...], claims: list[Claim], relations: list[Relation]) -> Told:
    """Stores articles, claims and relations as read and compared."""
    store = Store(folder)
    for article in articles:
        add_article(store, article, "story.txt")
        replace_claims(store, article.id, [claim for claim in claims if claim.article_id == article.id], "by hand")
    with store.writing() as connection:
        store_relations(connection, relations, "by hand")
        connection.execute(update(ClaimRecord).values(related_by="by hand"))
        refresh_contradictions(connection, [claim.id for claim in claims])
    return Told(store, tuple(claim.id for claim in claims))


def claim_at(article: Article, text: str, speaker: str, cue: str, kind: str, worth: float) -> Claim:
    """The claim that `text` is in `article`."""
    start = article.text.index(text, article.text.index("\n") + 1)
    end = start + len(text)
    paragraph_start = article.text.rfind("\n", 0, start) + 1
    paragraph_end = article.text.find("\n", end)
    paragraph_end = len(article.text) if paragraph_end < 0 else paragraph_end
    cue_start = article.text.find(cue, start) if cue else -1
    cue_at = (cue_start, cue_start + len(cue)) if cue_start >= 0 else (None, None)
    earlier = re.findall(r"\S[^.]*\.”?(?=\s)", article.text[paragraph_start:start])
    later = re.findall(r"(?<=\s)[“A-Z][^.]*\.", article.text[end:paragraph_end])
    return Claim(
        id=content_hash(article.id, text), article_id=article.id, text=text, char_start=start, char_end=end,
        paragraph_start=paragraph_start, paragraph_end=paragraph_end, before=earlier[-1] if earlier else "",
        after=later[0] if later else "", kind=kind,
        attribution=Attribution(speaker, cue if cue_at[0] is not None else "", *cue_at), standalone=text,
        check_worthiness=worth, assertion="past_event",
    )  # fmt: skip


def relation_between(one: Claim, other: Claim, relation: str, strict: bool, score: float, reasons: tuple) -> Relation:
    """A relation as the machine would have found it."""
    a, b = sorted((one.id, other.id))
    reasons = tuple(reason if a == one.id else reason.turned() for reason in reasons)
    against, agree = relation == "contradicts", relation in ("same_claim", "supports")
    return Relation(
        claim_a=a, claim_b=b, relation=relation, strict=strict, score=score, similarity=0.6,
        contradiction=score if against and strict else 0.05, entailment_ab=score if agree else 0.03,
        entailment_ba=score if relation == "same_claim" else 0.04, tension=score if against else 0.02,
        reasons=reasons, model_id="model-of-the-tests",
    )  # fmt: skip
