"""What a claim is about."""

from __future__ import annotations

import pytest

from claims import ClaimExtractor, Provenance
from claims.cast import Cast
from claims.language import LanguageModel
from claims.quantities import spoken
from claims.reading import article_from_text
from claims.topics import topics_in
from workbench.articles import add_article, replace_claims
from workbench.queries import ClaimFilter, claim_detail, claim_page, facets
from workbench.store import Store

TEXT = (
    "Mary Holt closed the harbour bridge in London in March 2021.\n"
    "On Tuesday, Holt said that 90 per cent of the lorries had used it last year.\n"
    "The repair cost £2.4bn, the Metropolitan Police said.\n"
)


@pytest.fixture(scope="module")
def found():
    """The article and its claims."""
    article = article_from_text(TEXT, Provenance(date="2022-05-04"))
    return article, ClaimExtractor().extract(article)


def names(claim) -> set[tuple[str, str]]:
    return {(topic.kind, topic.name) for topic in claim.topics}


def test_people_places_and_bodies_go_by_their_full_names(found):
    first, second, third = found[1]
    assert {("person", "Mary Holt"), ("place", "London"), ("date", "2021-03")} <= names(first)
    assert ("organisation", "Metropolitan Police") not in names(first) | names(second)
    assert ("person", "Mary Holt") not in names(second), "she says it, it is not about her"


def test_figures_have_units_and_dates_are_read_from_the_articles_date(found):
    _, second, third = found[1]
    assert {("number", "90 per cent"), ("date", "2021")} <= names(second)
    assert any(kind == "number" and name.startswith("2,400,000,000 ") for kind, name in names(third))


def test_an_age_is_no_year_and_measures_are_in_units_that_people_use():
    article = article_from_text(
        "A 33-year-old officer from Leeds was suspended for 18 months.\n"
        "Holt, 48, ran 20 miles on Sunday with 3 tonnes of flour behind her.\n",
        Provenance(date="2022-05-04"),
    )
    found = set().union(*map(names, ClaimExtractor().extract(article)))
    assert {("number", "33 years"), ("number", "18 months"), ("number", "32.19 km"), ("number", "3 tonnes")} <= found
    assert not any(kind == "date" and name.startswith(("19", "198")) for kind, name in found), found


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (86_400, "second", "1 day"),
        (5400, "second", "90 minutes"),
        (0.5, "second", "0.5 seconds"),
        (0, "meter", "0 cm"),
        (274.65, "kelvin", "1.5 °C"),
        (2.4e9, "pound sterling", "2,400,000,000 pound sterling"),
        (5e6, "kilogram * meter ** 2 / second ** 3", "5 MW"),
        (1e10, "pound sterling", "10,000,000,000 pound sterling"),
        (1_234_567_800, "meter", "1,234,568 km"),
    ],
)
def test_a_figure_reads_as_people_write_it(value, unit, said):
    assert spoken(value, unit) == said


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        ("It cost $40 million. About 900 people came at 6 a.m. on Monday.", {"40,000,000 dollar", "900 people"}),
        ("More than 300 jobs were lost.", {"300 job"}),
        ("The blast happened at about 4:10 a.m. at the plant.", set()),
        ("The cars arrived at 6 a.m. at the plant.", set()),
        ("The trust missed its target for the third year running.", set()),
        ("Mother of three dies after four-hour ambulance wait", {"4 hours"}),
        ("The town has lost one in five nurses.", set()),
        ("The work cost £2,000 and the fine was $500.", {"2,000 pound sterling", "500 dollar"}),
        ("Rent rose to £1,400 a month from £12 million.", {"1,400 pound sterling", "12,000,000 pound sterling"}),
        ("They pay $5 to $10 million a year.", {"5,000,000 dollar", "10,000,000 dollar"}),
        ("Temperatures hit 31C in Leeds and 104F in Texas.", {"31 °C", "40 °C"}),
        ("It was minus 12C in Oslo and 40.3 degrees Celsius in Rome.", {"-12 °C", "40.3 °C"}),
        ("He sat in seat 31C of the train.", set()),
        ("Emissions fell to 1.2m tonnes.", {"1,200,000 tonnes"}),
        ("Some 3m people voted.", {"3,000,000 people"}),
        ("It spent £3\u00a0million on it.", {"3,000,000 pound sterling"}),
        ("It spent $2\u202fbn on that.", {"2,000,000,000 dollar"}),
        ("Seat 4F was free on a hot day.", set()),
        ("The flat is 60 sq m.", {"60 m²"}),
        ("The union said 900 jobs would be lost.", {"900 job"}),
        ("Waits rose from 12 to 18 weeks.", {"12 weeks", "18 weeks"}),
        ("Turnout was 45 to 50%.", {"45 per cent", "50 per cent"}),
        ("Trains run every 15 minutes.", {"15 minutes"}),
    ],
)
def test_a_figure_is_what_the_text_says_and_no_time_of_day(sentence, figures):
    (doc,) = LanguageModel().read([sentence])
    found = {topic.name for _, _, topic in topics_in(doc, Cast([(0, doc)]), []) if topic.kind == "number"}
    assert found == figures


def test_claims_can_be_filtered_by_what_they_are_about(found, tmp_path):
    article, claims = found
    store = Store(tmp_path)
    add_article(store, article)
    replace_claims(store, article.id, claims, "rules")
    assert claim_detail(store, claims[0].id).claim == claims[0]
    offered = {facet.value: facet.count for facet in facets(store).topics}
    assert offered["person:Mary Holt"] == 1 and offered["date:2021"] == 1
    rows = claim_page(store, ClaimFilter(topic="number:90 per cent")).rows
    assert [row.id for row in rows] == [claims[1].id]
    replace_claims(store, article.id, claims[:1], "rules")
    assert "number:90 per cent" not in {facet.value for facet in facets(store).topics}


def test_a_place_under_several_names_is_one_and_a_facet_says_its_kind(tmp_path):
    article = article_from_text(
        "Officials in the U.S. closed the bridge in May.\nThey left the United States for London in June.\n"
    )
    claims = ClaimExtractor().extract(article)
    assert all(("place", "United States") in names(claim) for claim in claims)
    assert ("place", "London") in names(claims[1])
    store = Store(tmp_path)
    add_article(store, article)
    replace_claims(store, article.id, claims, "rules")
    assert "United States · place" in {facet.label for facet in facets(store).topics}
