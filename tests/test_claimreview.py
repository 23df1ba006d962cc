"""ClaimReview: schema.org's own terms, no invented numbers, and nothing that ends a script element."""

from __future__ import annotations

import json

import pytest

from claims.article import Provenance
from tests.workbench_fakes import fake_line
from workbench.claimreview import claimreview_json
from workbench.gate import Gate
from workbench.queries import claim_page
from workbench.review import correct, finalise
from workbench.scales import VERDICTS
from workbench.settings import Settings
from workbench.verdicts import Opinion, record_verdict

OPEN = Gate(rationale=False, sources=0)

SETTINGS = Settings()
# The properties that schema.org gives these types (its own and those of the types above), as far as they are used.
TERMS = {
    "ClaimReview": {
        "identifier",
        "datePublished",
        "dateModified",
        "claimReviewed",
        "author",
        "reviewRating",
        "itemReviewed",
        "url",
        "citation",
        "correction",
    },
    "Rating": {"alternateName", "ratingValue", "bestRating", "worstRating", "ratingExplanation"},
    "Claim": {"text", "datePublished", "author", "appearance", "firstAppearance"},
    "NewsArticle": {"headline", "url", "datePublished", "publisher", "author"},
    "Organization": {"name", "url"},
    "Person": {"name", "jobTitle", "url"},
}


@pytest.fixture
def line(tmp_path):
    line = fake_line(tmp_path)
    hostile = "</script><script>alert(1)</script> & <!-- vetted Couzens twice."
    where = Provenance("The vetting", "Daily <b>Post</b>", "Jo Field", "2022-03-24", "https://example.org/a")
    line.ingest_texts([(f"{hostile}\nAnna said the inquiry is open.", where)])
    return line


def objects(value):
    """Every object in a JSON value."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(inner)


def reviews(line, settings=SETTINGS):
    document = json.loads(claimreview_json(line.store, settings))
    assert document["@context"] == "https://schema.org"
    return document["@graph"]


def final(line, claim: str, verdict: str, who: str, rationale: str = "") -> None:
    record_verdict(line.store, claim, verdict, who, rationale)
    finalise(line.store, claim, who, Gate(rationale=False, sources=0))


def test_a_verdict_that_passed_no_gate_is_not_published(line):
    claim = claim_page(line.store).rows[0].id
    record_verdict(line.store, claim, "refuted", "Ida")
    assert reviews(line) == []
    record_verdict(line.store, claim, "refuted", "Ben")
    assert reviews(line) == []
    finalise(line.store, claim, "Ida", Gate(rationale=False, sources=0))
    assert len(reviews(line)) == 1


def test_only_terms_of_schema_org_are_used(line):
    for row in claim_page(line.store).rows:
        final(line, row.id, "refuted", "Ida", "No record of it.")
    found = reviews(line, Settings(publisher="The Desk", publisher_url="https://desk.example"))
    assert len(found) == 2
    for one in (inner for review in found for inner in objects(review)):
        assert set(one) - {"@type"} <= TERMS[one["@type"]]
        assert all(value not in ("", None, [], {}) for value in one.values())


def test_a_correction_and_its_evidence_are_told_in_the_terms_of_schema_org_too(line):
    claim = claim_page(line.store).rows[0].id
    record_verdict(line.store, claim, "refuted", "Ida", addresses=["https://a.example/1"])
    finalise(line.store, claim, "Ida", Gate(rationale=False, sources=0))
    correct(
        line.store, claim, Opinion("outdated", "Ben", addresses=("https://b.example/2",)), "It was so in May.", OPEN
    )
    (review,) = reviews(line)
    assert (review["correction"], review["citation"]) == ("It was so in May.", ["https://b.example/2"])
    for one in objects(review):
        assert set(one) - {"@type"} <= TERMS[one["@type"]]


def test_a_corrected_verdict_names_its_own_day_and_that_of_the_correction(line, monkeypatch):
    claim = claim_page(line.store).rows[0].id
    monkeypatch.setattr("workbench.verdicts.now", lambda: "2026-01-30T09:00:00.000000+00:00")
    final(line, claim, "refuted", "Ida")
    assert reviews(line)[0]["datePublished"] == "2026-01-30" and "dateModified" not in reviews(line)[0]
    for day in ("2026-02-03", "2026-02-05"):
        monkeypatch.setattr("workbench.verdicts.now", lambda day=day: f"{day}T09:00:00.000000+00:00")
        correct(line.store, claim, Opinion("supported", "Ben"), "We erred.", OPEN)
    (review,) = reviews(line)
    assert (review["datePublished"], review["dateModified"]) == ("2026-01-30", "2026-02-05")


def test_the_newest_verdict_its_scale_and_who_said_what_are_there(line):
    said = next(row for row in claim_page(line.store).rows if row.speaker == "Anna")
    record_verdict(line.store, said.id, "supported", "Ben")
    final(line, said.id, "mostly_refuted", "Ben", "The file says otherwise.")
    (review,) = reviews(line)
    assert review["claimReviewed"] == said.text
    assert review["reviewRating"] == {
        "@type": "Rating", "alternateName": "Mostly refuted", "ratingValue": 2, "bestRating": 5, "worstRating": 1,
        "ratingExplanation": "The file says otherwise.",
    }  # fmt: skip
    assert review["author"] == {"@type": "Person", "name": "Ben"}
    assert review["itemReviewed"]["author"] == {"@type": "Person", "name": "Anna"}
    assert review["itemReviewed"]["appearance"]["url"] == "https://example.org/a"


@pytest.mark.parametrize("verdict", [name for name, kind in VERDICTS.items() if kind.rating_value is None])
def test_a_verdict_on_no_scale_has_no_number(line, verdict):
    final(line, claim_page(line.store).rows[0].id, verdict, "Ida")
    (review,) = reviews(line)
    assert review["reviewRating"] == {"@type": "Rating", "alternateName": VERDICTS[verdict].label}


@pytest.mark.parametrize(
    ("label", "rationale", "rating"),
    [
        ("", "The repair cost\n7 million crowns.", "The repair cost 7 million crowns."),
        ("Needs context", "It cost more.", "Needs context: It cost more."),
        ("", "word " * 60, "word " * 30 + "…"),
        ("", "語" * 400, "語" * 150 + " …"),
    ],
)
def test_readers_see_what_was_concluded_where_others_have_their_rating(line, label, rationale, rating):
    claim = claim_page(line.store).rows[0].id
    record_verdict(line.store, claim, "conclusion", "Ida", rationale, label=label)
    finalise(line.store, claim, "Ida", OPEN)
    (review,) = reviews(line)
    assert review["reviewRating"] == {
        "@type": "Rating", "alternateName": rating, "ratingExplanation": rationale.strip()
    }  # fmt: skip


def test_it_cannot_break_out_of_a_script_element(line):
    for row in claim_page(line.store).rows:
        final(line, row.id, "refuted", "</script>", "\u2028--><!--")
    content = claimreview_json(line.store, Settings()).decode()
    assert not set("<>&\u2028\u2029") & set(content)
    texts = {review["claimReviewed"] for review in reviews(line)}
    assert texts == {row.text for row in claim_page(line.store).rows}
