"""Sources without a name: which they are, and who "the spokesman" is."""

from __future__ import annotations

import pytest

from claims import ClaimExtractor
from claims.article import Article
from claims.reader import Reader
from claims.unnamed import is_unnamed
from views.pair_cards import changed_position
from workbench.pair_rows import Link, RelatedRow, Statement

LEAD = "The harbour bridge has been closed since Monday because of rust in its cables.\n"


@pytest.fixture(scope="module")
def speakers():
    """Who says what is reported or quoted in a text, in order."""
    extractor = ClaimExtractor(reader=Reader())
    return lambda text: [one.speaker for one in extractor.extract(Article(f"{LEAD}{text}\n")) if one.speaker]


@pytest.mark.parametrize(
    "name",
    [
        "officials", "Experts", "two security officials", "White House official", "police source", "police", "Police",
        "sources close to John Reed", "Sources close to John Reed", "spokesman for the navy", "Company spokesman",
        "government", "Council", "My client", "Aid groups", "report", "Documents", "friend of Mary Holt", "US company",
        "study published in the Harbour Journal", "",
    ],
)  # fmt: skip
def test_who_has_no_name(name):
    assert is_unnamed(name)


@pytest.mark.parametrize(
    "name",
    [
        "Mary Holt", "Holt", "Harbour Police", "Kent police", "Dockers’ union", "Bank of England", "BBC", "No 10",
        "University of Leeds", "spokesman for Acme", "White House spokesman", "Holt report", "poll by Harbour College",
        "Prime Minister", "eBay", "@lolavance", "習近平",
    ],
)  # fmt: skip
def test_who_has_a_name(name):
    assert not is_unnamed(name)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "A spokesman for the navy said the ship was seized. The spokesman said 40 men were held.",
            ["spokesman for the navy"] * 2,
        ),
        (
            "A police source said nine men were held. Mary Holt said she knew. The source said two had been released.",
            ["police source", "Mary Holt", "police source"],
        ),
        (
            "The ship had sunk, two security officials said. The officials, who asked for no name, said it was old.",
            ["two security officials"] * 2,
        ),
        (
            "A spokesman for the navy said the ship was seized. The army spokesman said 40 men were held.",
            ["spokesman for the navy", "army spokesman"],
        ),
        (
            "Prosecutors and officials said they were glad. The officials said the ship was old.",
            ["Prosecutors and officials", "officials"],
        ),
        (
            "A security official said the ship sank. Officials said it was old.",
            ["security official", "Officials"],
        ),
        (
            "A police source said nine men were held. A navy source said the ship was old. Mary Holt said she knew. "
            "The source said two had been released.",
            ["police source", "navy source", "Mary Holt", "source"],
        ),
        (
            "Paul Stone, a spokesman for the army, said it was late. A spokesman for the navy said the ship was "
            "seized. The spokesman said 40 men were held.",
            ["Paul Stone", "spokesman for the navy", "spokesman for the navy"],
        ),
    ],
)
def test_the_spokesman_is_who_spoke_before_as_a_spokesman(speakers, text, names):
    assert speakers(text) == names


@pytest.mark.parametrize(("speaker", "changed"), [("Mary Holt", True), ("officials", False), ("", False)])
def test_only_who_has_a_name_changes_position(speaker, changed):
    other = Statement("b", "It shut.", "", "", "reported", speaker, "", "said", "two", "", "", "", "", "two")
    link = Link("contradicts", True, 0.9, 0.9, 0.9, 0.0, 0.0, 0.9, (), "")
    assert changed_position(RelatedRow(other, link, None), speaker) is changed
