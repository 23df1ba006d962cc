"""What each line of a page is."""

from __future__ import annotations

import pytest

from claims.layout import Role, paragraphs

PAGE = """Harbour bridge to reopen next week

Harbour bridge to reopen next week

By Ada Byron

The harbour bridge will reopen on Monday, the council said.
It had been closed since an inspection in March found rust.
Ferry company to cut winter services, owner warns
“We are glad,” said a ferry passenger who uses it daily.
The work cost the city 2.4 million pounds.
Follow us on Facebook and Twitter for more.
Sign up to our newsletter to get stories in your inbox.
Harbour FM Live !
Now playing
Comments
We value our readers and the things they say here every day.
"""


def roles(text: str) -> dict[str, Role]:
    return {part.text: part.role for part in paragraphs(text)}


def test_every_line_keeps_its_place_in_the_text():
    assert all(PAGE[part.start : part.end] == part.text for part in paragraphs(PAGE))


def test_only_the_story_is_body():
    body = [part.text for part in paragraphs(PAGE) if part.role is Role.BODY]
    assert body == [
        "The harbour bridge will reopen on Monday, the council said.",
        "It had been closed since an inspection in March found rust.",
        "“We are glad,” said a ferry passenger who uses it daily.",
        "The work cost the city 2.4 million pounds.",
    ]


def test_another_storys_headline_in_the_middle_is_told_from_this_ones_sentences():
    assert roles(PAGE)["Ferry company to cut winter services, owner warns"] is Role.LINKED_HEADLINE


def test_a_headline_that_is_printed_twice_counts_once():
    first, second, *_ = paragraphs(PAGE)
    assert (first.role, second.role) == (Role.HEADLINE, Role.FURNITURE)


@pytest.mark.parametrize("line", ["By Ada Byron", "Words by Ada Byron", "Reported by Ada Byron in Harbour"])
def test_bylines_are_no_sentences(line):
    assert roles(f"{line}\n{PAGE}")[line] is Role.BYLINE


def test_a_long_paragraph_that_speaks_of_newsletters_is_still_the_story():
    line = (
        "The party told members to sign up to its newsletter before the vote, which the commission called a breach of "
        "the rules that had been agreed by all sides in January, and fined the party ten thousand pounds for sending "
        "it to people who had never asked for it, the largest fine of its kind in a decade."
    )
    assert (
        roles(f"The vote was held on Monday in all the wards.\n{line}\nIt was close, both sides said later.")[line]
        is Role.BODY
    )


def test_items_of_a_list_are_not_linked_headlines():
    text = (
        "The report asks the council for three things:\n"
        "A new bridge over the old harbour basin\n"
        "More ferries on winter mornings and nights\n"
        "The council has until June to answer.\n"
    )
    assert Role.LINKED_HEADLINE not in roles(text).values()
