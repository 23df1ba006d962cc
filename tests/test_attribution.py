"""Who says what."""

from __future__ import annotations

import pytest

from claims import ClaimExtractor, Provenance
from claims.reader import Reader
from claims.reading import article_from_text


@pytest.fixture(scope="module", params=["rules", "reader"])
def said(request):
    """Text in, list of (speaker, claim text) out; once by rules alone, once with the reader that ships."""
    extractor = ClaimExtractor(reader=Reader() if request.param == "reader" else None)

    def read(text: str, **provenance: str) -> list[tuple[str, str]]:
        return [(c.speaker, c.text) for c in extractor.extract(article_from_text(text, Provenance(**provenance)))]

    return read


LEAD = "The harbour bridge has been closed since Monday because of rust in its cables.\n"


@pytest.mark.parametrize(
    ("sentence", "speaker", "claim"),
    [
        (
            "“The bridge was never safe for heavy lorries,” Mary Holt said.",
            "Mary Holt",
            "The bridge was never safe for heavy lorries",
        ),
        ("Mary Holt said the bridge was never safe for lorries.", "Mary Holt", "the bridge was never safe for lorries"),
        ("Mary Holt told reporters that the bridge was never safe.", "Mary Holt", "the bridge was never safe"),
        (
            "The bridge was never safe for lorries, according to Mary Holt.",
            "Mary Holt",
            "The bridge was never safe for lorries",
        ),
        (
            'Mary Holt said: "The bridge was never safe for heavy lorries."',
            "Mary Holt",
            "The bridge was never safe for heavy lorries.",
        ),
        (
            "A spokesman for the port said the bridge was never safe.",
            "spokesman for the port",
            "the bridge was never safe",
        ),
        ("The Holt report shows that the bridge was never safe.", "Holt report", "the bridge was never safe"),
    ],
)
def test_a_source_and_its_words_are_found(said, sentence, speaker, claim):
    assert (speaker, claim) in said(LEAD + sentence + "\n")


def test_a_quotation_over_several_paragraphs_keeps_its_speaker(said):
    text = LEAD + (
        "Mary Holt, the mayor, said: “We closed the bridge on Monday. It will stay closed for a month.\n"
        "“The engineers found rust in every cable.\n"
        "“We had no other choice in this matter.”\n"
        "The ferry runs every hour until then.\n"
    )
    by_speaker = dict((claim, speaker) for speaker, claim in said(text))
    for claim in (
        "We closed the bridge on Monday.",
        "It will stay closed for a month.",
        "The engineers found rust in every cable.",
        "We had no other choice in this matter.",
    ):
        assert by_speaker[claim] == "Mary Holt"
    assert by_speaker["The ferry runs every hour until then."] == ""


@pytest.mark.parametrize("earlier", ["Mary Holt, the mayor, said the ferry was late.\n", ""])
def test_a_quotation_whose_speaker_is_named_where_it_ends_is_theirs(said, earlier):
    text = (
        LEAD
        + earlier
        + (
            "“We have looked at every option in this matter.\n"
            "“The bridge lost £30m in 2021 and nobody would buy it.\n"
            "“It has to close for good,” said John Reed, the owner. “There was no other choice.\n"
            "“Nobody will lose their job over it.”\n"
        )
    )
    speakers = [speaker for speaker, claim in said(text) if "ferry" not in claim][1:]
    assert speakers == ["John Reed"] * 5


def test_who_says_something_else_behind_a_quotation_has_not_spoken_it(said):
    text = LEAD + (
        "Mary Holt, the mayor, said the ferry was late.\n"
        "“We have looked at every option in this matter.\n"
        "“It has to close for good.” John Reed said the owner was wrong.\n"
    )
    by_speaker = {claim: speaker for speaker, claim in said(text)}
    assert by_speaker["We have looked at every option in this matter."] == "Mary Holt"


def test_a_quotation_goes_on_with_its_own_speaker_alone(said):
    text = LEAD + (
        "“The ferry was late on Monday,” said John Reed.\n"
        "It was written on the wall. “We have looked at every option in this matter.\n"
        "“It has to close for good.”\n"
    )
    by_speaker = {claim: speaker for speaker, claim in said(text)}
    assert by_speaker["It has to close for good."] == by_speaker["We have looked at every option in this matter."] == ""


@pytest.mark.parametrize(
    ("sentence", "speaker", "claim"),
    [
        (
            "The Ledger cited two officials as saying that the bridge was never safe.",
            "two officials",
            "the bridge was never safe",
        ),
        (
            "Mary Holt was quoted by the Ledger as saying that the bridge was never safe.",
            "Mary Holt",
            "the bridge was never safe",
        ),
    ],
)
def test_who_is_cited_as_saying_something_says_it(said, sentence, speaker, claim):
    assert said(LEAD + sentence + "\n")[1:] == [(speaker, claim)]


def test_one_person_under_several_names_is_one_speaker(said):
    text = LEAD + (
        "Dame Mary Holt, mayor of the city, said the cables were rusty.\n"
        "Dame Mary said the repairs would cost two million pounds.\n"
        "She added that the ferry would run every hour.\n"
        "Ms Holt said nobody was in danger at any time.\n"
        "The mayor said the work would end in June.\n"
    )
    speakers = [speaker for speaker, claim in said(text)[1:]]
    assert speakers == ["Mary Holt"] * 5


def test_the_force_is_the_police_body_that_was_named(said):
    text = (
        "Harbour Police arrested two men on Monday after a fight at the docks.\n"
        "The force said the men were drunk. It added that nobody was hurt.\n"
    )
    assert said(text)[1:] == [("Harbour Police", "the men were drunk"), ("Harbour Police", "nobody was hurt")]


def test_two_speakers_in_one_article_are_told_apart(said):
    text = LEAD + (
        "“The cables were checked every single year,” said John Reed, who built it.\n"
        "Mary Holt said nobody had checked the cables for ten years.\n"
        "He said the mayor had the papers in her office.\n"
    )
    assert [speaker for speaker, _ in said(text)[1:]] == ["John Reed", "Mary Holt", "John Reed"]


def test_a_column_in_the_first_person_speaks_for_its_author(said):
    text = (
        "I have crossed this bridge for thirty years. The council let it rot, and it knew.\n"
        "Ada Byron is the member for Harbour and Dock.\n"
    )
    assert {speaker for speaker, _ in said(text)} == {"Ada Byron"}


def test_an_authors_name_does_not_speak_a_news_report(said):
    assert {speaker for speaker, _ in said(LEAD, author="Ada Byron")} == {""}


def test_words_cited_inside_a_quotation_belong_to_both(said):
    text = LEAD + "Mary Holt said: “It is wrong to believe that this was only, as John Reed said, one rusty bolt.”\n"
    found = said(text)
    assert ("John Reed", "this was only, as John Reed said, one rusty bolt") in found
    assert any(speaker == "Mary Holt" and "only, as John Reed said" in claim for speaker, claim in found)


def test_a_linked_headline_that_names_its_source_gives_it(said):
    text = (
        LEAD
        + "Ferry fares to rise by a tenth this winter, Mary Holt confirms\nThe work on the bridge goes on all night.\n"
    )
    assert ("Mary Holt", "Ferry fares to rise by a tenth this winter") in said(text)


@pytest.mark.parametrize(
    "sentence",
    [
        "She plans to say that the bridge is safe.",
        "Let nobody say that the bridge is safe.",
        "It emerged the bridge had been closed before.",
    ],
)
def test_what_nobody_said_has_no_source(said, sentence):
    assert {speaker for speaker, _ in said(LEAD + sentence + "\n")} == {""}


def test_a_couple_with_one_name_is_two_people(said):
    text = LEAD + (
        "Mr Holt said the cables were rusty.\n"
        "Mary Holt said the bridge was safe for lorries.\n"
        "Mrs Holt said nobody had ever complained to her.\n"
    )
    assert [speaker for speaker, _ in said(text)[1:]] == ["Holt", "Mary Holt", "Mary Holt"]


TRANSCRIPT = LEAD + (
    "WALLACE: Why was the bridge closed, Mayor Holt, and for how long will it be so?\n"
    "HOLT: We closed the bridge because rust had eaten its cables. Mary Reed told us so in May.\n"
    "“The engineers have worked on it every day since.\n"
    "WALLACE: Mayor Mary Holt, the harbour master says that it was safe.\n"
)


def test_in_a_transcript_everybody_speaks_behind_their_name(said):
    found = said(TRANSCRIPT + "Mary Holt leads the city.\n")
    assert ("Mary Holt", "We closed the bridge because rust had eaten its cables.") in found
    assert ("Mary Holt", "The engineers have worked on it every day since.") in found
    assert any(speaker == "Wallace" and "it was safe" in text for speaker, text in found)
    assert ("", "Mary Holt leads the city.") in found


def test_a_name_behind_a_quotation_signs_it(said):
    text = (
        LEAD + "“The bridge was never safe for heavy lorries.” ― Mary Holt\n“Nobody ever told us that.” — Ann Reed.\n"
    )
    found = said(text)
    assert ("Mary Holt", "The bridge was never safe for heavy lorries.") in found
    assert ("Ann Reed", "Nobody ever told us that.") in found


def test_who_is_named_before_a_colon_speaks_in_the_next_paragraph(said):
    text = LEAD + "Ann Reed has read the report.\nMary Holt said on Monday:\n“The bridge was never safe for lorries.”\n"
    assert ("Mary Holt", "The bridge was never safe for lorries.") in said(text)


def test_a_colon_is_no_reporting_word():
    extractor = ClaimExtractor(reader=Reader())
    text = LEAD + "Mary Holt said: “The bridge was never safe for heavy lorries.”\n"
    claims = extractor.extract(article_from_text(text))
    assert [claim.attribution.cue for claim in claims if claim.speaker == "Mary Holt"] == ["said"]


@pytest.mark.parametrize(
    ("sentence", "claim"),
    [
        ("Mary Holt said pay had risen by 4%.", "pay had risen by 4%"),
        ("Mary Holt said pay had risen to 40%!", "pay had risen to 40%"),
        ("Mary Holt said the target was “never realistic”.", "the target was “never realistic”"),
        ('Mary Holt said that the target was "never realistic".', 'the target was "never realistic"'),
    ],
)
def test_a_claim_keeps_its_per_cent_sign_and_both_its_quotation_marks(said, sentence, claim):
    assert ("Mary Holt", claim) in said(LEAD + sentence + "\n")


@pytest.fixture(scope="module")
def claims_of():
    """Text in, its claims without the lead's out, with the reader that ships."""
    extractor = ClaimExtractor(reader=Reader())

    def read(text: str, lead: str = LEAD, **provenance: str):
        article = article_from_text(lead + text + "\n", Provenance(**provenance))
        claims = extractor.extract(article)
        assert all(claim.text == article.text[claim.char_start : claim.char_end] for claim in claims)
        return claims[lead.count("\n") :]

    return read


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("The mayor, Mary Holt, says caps “reduce supply”.", "Mary Holt"),
        ("A poll by Harbour College found 62% of people trust juries.", "poll by Harbour College"),
        ("Experts say dams like this fail once every 100 years.", "Experts"),
        ("Mary Holt replied that “nobody knows”.", "Mary Holt"),
    ],
)
def test_what_others_say_in_a_column_is_not_its_authors(claims_of, sentence, speaker):
    lead = LEAD + "I have crossed the bridge for thirty years.\n"
    claims = claims_of(sentence, lead, author="Ada Byron")
    assert [(claim.speaker, claim.kind) for claim in claims] == [(speaker, "reported")]


def test_what_others_do_in_a_column_is_told_by_its_author(claims_of):
    lead = LEAD + "I have crossed the bridge for thirty years.\n"
    (claim,) = claims_of("Mary Holt praised the nurses of the town.", lead, author="Ada Byron")
    assert claim.speaker == "Ada Byron"


def test_a_quotation_cut_in_two_is_one_claim(claims_of):
    sentence = "“The officers,” said Mary Holt, “behaved disgracefully, and the chief constable should resign.”"
    (claim,) = claims_of(sentence)
    assert (claim.speaker, claim.kind, claim.text) == ("Mary Holt", "quotation", sentence)


@pytest.mark.parametrize(
    ("sentence", "outer", "inner"),
    [
        (
            "John Reed told the press that Mary Holt had said the bridge was never safe.",
            ("John Reed", "Mary Holt had said the bridge was never safe"),
            ("Mary Holt", "the bridge was never safe"),
        ),
        (
            "John Reed said Mary Holt told his office in June that the bridge was never safe.",
            ("John Reed", "Mary Holt told his office in June that the bridge was never safe"),
            ("Mary Holt", "the bridge was never safe"),
        ),
        (
            "“My client says the bridge was never safe,” John Reed said.",
            ("John Reed", "My client says the bridge was never safe"),
            ("My client", "the bridge was never safe"),
        ),
    ],
)
def test_of_a_report_within_a_report_both_are_kept(claims_of, sentence, outer, inner):
    found = [(claim.speaker, claim.text) for claim in claims_of(sentence)]
    assert outer in found and inner in found and len(found) == 2


def test_an_act_told_within_a_report_is_no_report(claims_of):
    found = claims_of("John Reed told the press that Mary Holt rejected what had become of the bridge.")
    assert [claim.speaker for claim in found] == ["John Reed"]


def test_whose_words_another_tells_is_not_the_he_of_the_next_sentence(claims_of):
    found = claims_of("John Reed told the press that Paul Stone had said the bridge was safe. He said it had rusted.")
    assert found[-1].text == "it had rusted" and found[-1].speaker == "John Reed"


@pytest.mark.parametrize(
    "sentence",
    [
        "“We were shocked,” Mary Holt said.",
        "“Three billion is nonsense,” Mary Holt said.",
        "‘We rang twice for help,’ Mary Holt said. She called the bridge “good”.",
    ],
)
def test_a_short_quotation_is_a_quotation(claims_of, sentence):
    claim = claims_of(sentence)[0]
    assert (claim.kind, claim.text) == ("quotation", sentence[1 : sentence.index(",")])


def test_a_mark_is_no_source(claims_of):
    text = (
        '"Nonsense," Mark Hale, a cardiologist at the harbour hospital, said. "I have treated heart patients for 25 '
        'years and coffee never helped one."'
    )
    assert {claim.speaker for claim in claims_of(text) if claim.kind == "quotation"} == {"Mark Hale"}


def test_a_country_with_stops_in_its_name_is_a_source(claims_of):
    (claim,) = claims_of("The U.S. said the bridge was never safe for lorries.")
    assert claim.speaker == "U.S."


def test_a_colon_gives_nobody_else_what_a_word_reports(claims_of):
    text = "Club owner Sheila Marsh wrote on the website: “Alan built this team.\n“He took 20,000 people to Leeds.”"
    assert [claim.speaker for claim in claims_of(text)] == ["Sheila Marsh"] * 2


def test_a_claim_of_a_list_has_no_bullet(claims_of):
    text = "The council did this:\n- The bridge closed in May.\n* Ferries are free for all.\n1. Lorries were banned."
    found = [claim.text for claim in claims_of(text)]
    assert found[-3:] == ["The bridge closed in May.", "Ferries are free for all.", "Lorries were banned."]


@pytest.mark.parametrize(
    "item",
    [
        "National insurance for employers up from 13.8% to 15%",
        "£22.6bn more for the NHS",
        "Only one in ten trusts the minister",
        "Fuel duty frozen for a year",
    ],
)
def test_an_item_of_a_list_states_something_without_a_subject_and_a_verb(claims_of, item):
    text = f"The main points of the budget are:\n• The bus fare cap will rise to £3.\n• {item}\nShe spoke on Monday."
    (found,) = [claim for claim in claims_of(text) if claim.text == item]
    assert found.before == "The main points of the budget are:"
    assert item not in [claim.text for claim in claims_of(text.replace(f"• {item}", item))]


@pytest.mark.parametrize("item", ["Help find a cure for the virus", "A new bridge over the harbour"])
def test_an_item_that_asks_or_names_is_no_claim(claims_of, item):
    text = f"The main points of the budget are:\n• The bus fare cap will rise to £3.\n• {item}\nShe spoke on Monday."
    assert item not in [claim.text for claim in claims_of(text)]


def test_in_a_transcript_names_need_no_capitals(said):
    text = LEAD + (
        "Tom Ashby: How many homes were flooded in the city last week?\n"
        "Helen Ward: About 900 homes were flooded in two days.\n"
        "Tom Ashby: Critics say that you ignored the warnings.\n"
        "Ward: We will rebuild every house in the city by Christmas.\n"
    )
    found = said(text)
    assert ("Helen Ward", "About 900 homes were flooded in two days.") in found
    assert ("Helen Ward", "We will rebuild every house in the city by Christmas.") in found
    assert any(speaker == "Tom Ashby" and "ignored" in claim for speaker, claim in found)


def test_a_list_with_colons_is_no_transcript(said):
    text = LEAD + (
        "Monday: The ferry runs every hour of the day.\n"
        "Tuesday: The ferry runs twice in the morning.\n"
        "Wednesday: The ferry does not run at all.\n"
    )
    assert {speaker for speaker, _ in said(text)} == {""}
