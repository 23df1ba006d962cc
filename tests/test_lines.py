"""Text that somebody wrapped at a width."""

from __future__ import annotations

import textwrap

import pytest

from claims import ClaimExtractor
from claims.layout import Role, paragraphs
from claims.lines import lines_of
from claims.reading import article_from_text

FIRST = (
    "The pit lost £30m in 2021 and nobody would buy it, said John Reed, the owner, who has run the mine since 2003. He "
    "told reporters that the closure would cost 900 jobs in the valley and that the firm had paid the miners £4m."
)
SECOND = (
    "The union said it would fight the plan in court. Mary Holt, its leader, said the mine made a profit of £12m as "
    "late as 2019, and that the town had been told of nothing before the owner spoke to the reporters on Friday."
)


def wrapped(width: int, end: str = "\n") -> str:
    filled = (textwrap.fill(part, width) for part in (FIRST, SECOND))
    return "\n\n".join(["Mine to close next year", *filled]).replace("\n", end) + end


@pytest.mark.parametrize("width", [60, 72, 80, 98])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_wrapped_text_is_read_by_its_paragraphs_and_keeps_its_places(width, end):
    text = wrapped(width, end)
    parts = paragraphs(text)
    assert [" ".join(part.text.split()) for part in parts] == ["Mine to close next year", FIRST, SECOND]
    assert [part.role for part in parts] == [Role.HEADLINE, Role.BODY, Role.BODY]
    assert all(text[part.start : part.end] == part.text for part in parts)


def test_claims_of_a_wrapped_text_are_those_of_the_plain_one_at_their_own_places():
    extractor = ClaimExtractor()
    plain = article_from_text(f"Mine to close next year\n\n{FIRST}\n\n{SECOND}\n")
    narrow = article_from_text(wrapped(72))
    found = extractor.extract(narrow)
    assert all(narrow.text[claim.char_start : claim.char_end] == claim.text for claim in found)
    said = [(" ".join(claim.text.split()), claim.attribution.speaker) for claim in found]
    assert said == [(claim.text, claim.attribution.speaker) for claim in extractor.extract(plain)]
    unread = [claim for claim in found if " ".join(claim.standalone.split()) == " ".join(claim.text.split())]
    assert unread and all(claim.standalone == claim.text for claim in unread)


@pytest.mark.parametrize(
    "text",
    [
        # verse
        "\n".join(
            ["Shall I compare thee to a summer’s day and more?", "Thou art more lovely and more temperate in all,"]
            + ["Rough winds do shake the darling buds of our May", "And summer’s lease hath all too short a date here"]
            + ["Sometime too hot the eye of heaven doth shine on", "And often is his gold complexion dimmed by night"]
        ),
        # a paragraph a line
        "\n".join(
            ["The council closed the harbour bridge on Monday after a storm had torn its rails.", "It opens in May."]
            + ["The mayor said that the repair would cost the town two million pounds.", "Ferries sail until then."]
            + ["The union of the dockers called the plan a disgrace and wants to be heard.", "Nobody answered."]
        ),
        # a list
        "\n".join(f"{number}. the ferry to the island number {number} of the northern sound" for number in range(1, 9)),
        # a transcript
        "\n".join(
            [
                "HOLT: the bridge was never safe in all of those years",
                "REED: that is not what the report of the firm says",
            ]
            * 4
        ),
    ],
    ids=["verse", "paragraphs", "list", "transcript"],
)
def test_lines_that_are_paragraphs_stay_apart(text):
    assert len(lines_of(text)) == text.count("\n") + 1
