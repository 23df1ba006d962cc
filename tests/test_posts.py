"""Posts of a network within an article."""

from __future__ import annotations

import time

import pytest

from claims import ClaimExtractor, Provenance
from claims.furniture import is_furniture, is_menu
from claims.reading import article_from_text
from claims.signatures import cut_at_posts

POST = "I never said those words and I paid back all £300 of it"
BEFORE = "Singer Lola Vance pulled out of the festival on Friday after 12,000 people signed a petition."
AFTER = "The festival said it had refunded 300 people."


@pytest.fixture(scope="module")
def extractor():
    return ClaimExtractor()


def speakers(extractor, post: str) -> dict[str, str]:
    article = article_from_text(f"Row over song\n\n{BEFORE}\n\n{post}\n\n{AFTER}\n", Provenance(author="Ann Low"))
    claims = extractor.extract(article)
    assert all(article.text[claim.char_start : claim.char_end] == claim.text for claim in claims)
    return {claim.text: claim.attribution.speaker for claim in claims}


@pytest.mark.parametrize(
    "post",
    [
        f"{POST}. — Lola Vance (@lolavance) June 14, 2022",
        f"{POST} pic.twitter.com/a1B2c3 — Lola M. Vance (@lolavance) June 14, 2022",
        f"{POST} https://t.co/a1B2c3 — Lola Vance🌻 (@lolavance) 14 June 2022",
        f"{POST}.\n— Lola Vance (@lolavance) June 14, 2022",
        f"Lola Vance\n@lolavance\n{POST}.\n3:14 PM · Jun 14, 2022\n1.2K Likes",
    ],
)
def test_a_post_is_said_by_whoever_signs_it_and_the_rest_by_nobody_else(extractor, post):
    found = speakers(extractor, post)
    (claim,) = [text for text in found if text.rstrip(".") == POST]
    assert found[claim] == "Lola Vance"
    assert found[BEFORE] == "", "a post in the first person makes no column"
    assert not any("@" in text or "2022" in text for text in found)


@pytest.mark.parametrize(
    "line",
    ["http://a" * 20_000, "a" + " " * 100_000 + "b", "x http://a " * 20_000, "|" * 100_000],
    ids=["links", "blanks", "links and blanks", "bars"],
)
def test_a_hostile_line_is_gone_through_once(line):
    began = time.monotonic()
    assert cut_at_posts(line) == [(0, len(line), False)]
    assert not is_furniture(line)
    assert not is_menu(line + " " * 20_000 + "b")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "lines",
    [
        f"{AFTER} This was a post:\n— Lola Vance (@lolavance) June 14, 2022",
        "The town has 40,000 people.\npic.twitter.com/a1B2c3 — Lola Vance (@lolavance) June 14, 2022",
    ],
)
def test_the_articles_own_words_above_a_picture_are_not_the_posts(extractor, lines):
    assert "Lola Vance" not in speakers(extractor, lines).values()
