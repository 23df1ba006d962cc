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


def role_within_a_story(line: str) -> Role:
    text = f"The bridge was closed on Monday by the council.\n{line}\nIt will open again in March, the mayor said.\n"
    return roles(text)[line]


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


@pytest.mark.parametrize(
    "line",
    [
        "Flood victims: ‘We lost everything in one night’",
        "Mayor says: “I will not resign over the bridge”",
        'Council leader calls the old ferry plan "a waste of money"',
    ],
)
def test_a_headline_that_ends_in_a_quotation_is_no_sentence_of_the_story(line):
    assert role_within_a_story(line) is Role.LINKED_HEADLINE
    assert roles(f"{line}\nThe bridge was closed on Monday by the council.\n")[line] is Role.HEADLINE


@pytest.mark.parametrize(
    "line",
    [
        "“The bridge was never safe, and everybody in this town knew it”",
        "She said that the old bridge was “a danger to everybody”",
        "The council called it “a danger to everybody in the town.”",
        "Ann Low (Labour): “We shall vote for a new bridge in May”",
        "Ann Low told reporters: “We never took the money”",
        "The mayor of the old town said: “It will be shut”",
    ],
)
def test_a_quotation_without_a_stop_is_still_the_story(line):
    assert role_within_a_story(line) is Role.BODY


STORY = """Harbour bridge to reopen next week
The harbour bridge will reopen on Monday, the council said.
It had been closed since an inspection in March found rust.
“We are glad,” said a ferry passenger who uses it daily.
{lead}
{after}"""


@pytest.mark.parametrize("lead", ["Read more", "Related", "More on this:", "See also:", "You may also like"])
def test_a_lead_to_other_stories_does_not_end_this_one(lead):
    after = "The work cost the city 2.4 million pounds.\nAnn Low, the mayor, will open it.\nFerries sail until then."
    found = roles(STORY.format(lead=lead, after=after))
    assert found[lead] is Role.FURNITURE
    assert [found[line] for line in after.split("\n")][:2] == [Role.BODY] * 2


def test_headlines_behind_a_lead_with_a_colon_are_of_other_stories_whatever_they_end_in():
    question, plain = "Why was the ferry never built on time?", "Six things to know about the old ferry"
    found = roles(STORY.format(lead="Read more:", after=f"{question}\n{plain}\nThe work cost 2.4 million pounds."))
    assert found[question] is found[plain] is Role.LINKED_HEADLINE
    assert found["The work cost 2.4 million pounds."] is Role.BODY


@pytest.mark.parametrize("lead", ["Read more:", "Related stories", "Comments"])
def test_where_no_sentence_of_the_story_follows_the_rest_is_the_pages(lead):
    after = "Why was the ferry never built on time?\nSix things to know about it\n— Al Low is the editor of the Star."
    found = roles(STORY.format(lead=lead, after=after))
    assert {found[line] for line in (lead, *after.split("\n"))} == {Role.FURNITURE}


def test_a_sentence_that_begins_like_a_heading_of_the_page_ends_nothing():
    line = "Sponsored by the harbour board, forty people ran across the bridge."
    assert roles(STORY.format(lead=line, after="The work cost 2.4 million pounds."))[line] is Role.BODY


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


@pytest.mark.parametrize(
    "line",
    [
        "“The polls tell us that he will win in the north,” the pollster said.",
        "“He has got to come in and tell us why,” the chairwoman said on Friday.",
        "She tried for days to get in touch with her brother on the island.",
        "Young people like me on this estate are afraid, Ms Holt said.",
        "The party needs five members to join them on the day of the vote.",
        "The site that people use to sign up for coverage was down on Monday.",
        "Voters who subscribe to that belief live in the towns on the coast.",
        "Like them or not, the two parties agree on the bridge.",
    ],
)
def test_who_tells_of_such_a_thing_asks_nothing_of_the_reader(line):
    page = f"The vote was held on Monday in all the wards.\n{line}\nIt was close, both sides said."
    assert roles(page)[line] is Role.BODY


@pytest.mark.parametrize(
    "line",
    [
        "Tell us what you saw at news@harbour.example",
        "Have you a picture of it? Please get in touch",
        "Ann Low is a columnist. Follow her on Twitter @annlow",
        "You can contact us by post",
        "Sign up for the daily briefing",
        "For more of this, subscribe to our podcast",
    ],
)
def test_who_asks_something_of_the_reader_tells_no_story(line):
    page = f"The vote was held on Monday in all the wards.\n{line}\nIt was close, both sides said later."
    assert roles(page)[line] is Role.FURNITURE


def test_items_of_a_list_are_not_linked_headlines():
    text = (
        "The report asks the council for three things:\n"
        "A new bridge over the old harbour basin\n"
        "More ferries on winter mornings and nights\n"
        "The council has until June to answer.\n"
    )
    assert Role.LINKED_HEADLINE not in roles(text).values()


def test_a_list_may_end_a_story():
    story = "The bridge was closed on Monday by the council.\nThe report asks for three things:\n"
    text = f"{story}- A new bridge\n- Two ferries"
    assert [part.role for part in paragraphs(text)] == [Role.BODY] * 4


@pytest.mark.parametrize(
    ("dateline", "rest"),
    [
        ("SPRINGFIELD, Mo. (KYTV) - ", "A man is facing charges over a fence."),
        ("Washington (CNN) ", "Sen. Carla Hodge admitted it on Thursday."),
        ("LONDON, Nov 15 (Reuters) - ", "Inflation fell to four per cent last month."),
        ("BOSTON — ", "The president came to see the bridge."),
    ],
)
def test_a_dateline_is_no_part_of_the_first_sentence(dateline, rest):
    first, second, *_ = paragraphs(f"{dateline}{rest}\nIt was the first such case in a year.\n")
    assert (first.text, first.role) == (dateline.strip(), Role.DATELINE)
    assert (second.text, second.role, second.start) == (rest, Role.BODY, len(dateline))


@pytest.mark.parametrize(
    "line",
    [
        "NATO - the alliance of the north - said that it would stay.",
        "World Health Organization (WHO) Director Ann Low said so.",
        "Mary Holt (Labour) Said it was the wrong thing to do.",
    ],
)
def test_a_sentence_that_only_looks_like_a_dateline_stays_whole(line):
    assert paragraphs(f"{line}\nIt was the first such case in a year.\n")[0].text == line


@pytest.mark.parametrize(
    "line",
    [
        "Associated Press writer Al Low in Leeds contributed to this report.",
        "Since you’re here... we have a small favour to ask.",
        "To report a correction or typo, please email news@paper.example.",
        "This is a developing story. Check back for updates.",
        "Correction: An earlier version of this article misstated the date.",
        "We may earn commission from links on this page.",
        "We use cookies to personalise content and ads.",
        "Enable JavaScript to view the comments powered by Disqus.",
        "Reach the reporter at jane@paper.example or 555-1234.",
        "Comments are moderated and will not appear until approved.",
        "RELATED: Ten die in a blast.",
        "Don't miss: Ten die in a blast.",
        "More: Ten die in a blast in the north of the city",
        "— Huw Price MP (@huwprice) December 1, 2022",
        "View this post on Instagram",
        "Story continues below advertisement",
        "Your support matters. Donate today.",
    ],
)
def test_what_pages_say_of_themselves_is_no_claim(line):
    assert role_within_a_story(line) is Role.FURNITURE


@pytest.mark.parametrize(
    "line",
    [
        "The photographer sold the picture by Monet.",
        "Donations fell after the charity asked for help by email.",
        "By signing up forty nurses the trust cut its waits.",
        "Sources close to the minister said he would go.",
        "More than forty ships: that is what the port lost.",
    ],
)
def test_sentences_with_such_words_are_still_the_story(line):
    assert role_within_a_story(line) is Role.BODY


@pytest.mark.parametrize(
    "line",
    [
        "Firefighters at the bridge on Monday. (AP Photo/Al Low)",
        "A man walks over the bridge in March. Photograph: Ann Low/Reuters",
        "Firefighters at the bridge on Monday. Credit: PA",
    ],
)
@pytest.mark.parametrize("place", ["first", "middle"])
def test_a_pictures_caption_is_no_headline(line, place):
    story = ["The bridge was closed on Monday by the council.", "It will open again in March, the mayor said."]
    story.insert(0 if place == "first" else 1, line)
    assert roles("\n".join(story))[line] is Role.CAPTION


@pytest.mark.parametrize("lead", ["Image caption,", "Image caption", "Video caption,"])
@pytest.mark.parametrize("place", ["first", "middle"])
def test_the_line_below_the_word_is_the_caption(lead, place):
    caption = "Ten thousand people had bought tickets for the festival"
    story = ["The bridge was closed on Monday by the council.", "It will open again in March, the mayor said."]
    story[0 if place == "first" else 1 : 0 if place == "first" else 1] = [lead, caption]
    found = roles("\n".join(story))
    assert found[caption] is Role.CAPTION
    assert found["It will open again in March, the mayor said."] is Role.BODY


def test_a_pages_menu_is_no_headline():
    found = roles(f"Home | News | Sport\n{PAGE}")
    assert found["Home | News | Sport"] is Role.FURNITURE
    assert found["Harbour bridge to reopen next week"] is Role.FURNITURE  # its second time
    assert paragraphs(f"Home | News | Sport\n{PAGE}")[1].role is Role.HEADLINE


@pytest.mark.parametrize("line", ["Sun 23 Jul 2023 14.05 BST", "14 June 2022", "3:14 PM · Jun 14, 2022"])
def test_a_date_alone_is_no_headline(line):
    assert role_within_a_story(line) is Role.FURNITURE
