"""Who a mention means: the right one, or nobody where it may be another."""

from __future__ import annotations

import pytest

from claims import ClaimExtractor
from claims.language import LanguageModel
from claims.reader import Reader
from claims.reading import article_from_text
from claims.titled import person_spans

LEAD = "The harbour bridge has been closed since Monday because of rust in its cables.\n"


@pytest.fixture(scope="module")
def claims():
    extractor = ClaimExtractor(reader=Reader())
    return lambda text: extractor.extract(article_from_text(LEAD + text + "\n"))


def speaker(claims, text: str, words: str) -> str:
    """Who says the claim that holds `words`."""
    (name,) = {one.speaker for one in claims(text) if words in one.text}
    return name


def role(claims, text: str) -> str:
    return claims(text)[-1].attribution.role


FAR = "The ferry runs every hour of the day and half of the night. " * 6


def test_a_surname_is_not_a_later_relatives(claims):
    text = (
        "Senator Paul Quist said the ferry was late. Quist said the bridge was safe for lorries.\n"
        "His wife, Dana Quist, lives in Leeds.\n" + FAR + "\nQuist said the cables would last."
    )
    assert speaker(claims, text, "bridge was safe") == "Paul Quist"
    assert speaker(claims, text, "cables would last") == "Paul Quist"


def test_a_surname_that_two_were_just_named_by_stays_as_it_is(claims):
    text = (
        "Joe Bell said the river rose fast. Joe Bell said the dam failed.\n"
        "A neighbour, Mary Bell, said she had got a letter. Bell said it arrived in March."
    )
    assert speaker(claims, text, "dam failed") == "Joe Bell"
    assert speaker(claims, text, "got a letter") == "Mary Bell"
    assert speaker(claims, text, "it arrived") == "Bell"


def test_mr_is_nobody_known_as_a_woman(claims):
    text = "Joe Bell said the river rose fast.\nMary Bell said the dam held. Mr Bell said the letter arrived in March."
    assert speaker(claims, text, "letter arrived") == "Joe Bell"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mary Holt said the bridge was safe. The chancellor said pay had risen.", "pay had risen"),
        ("Mary Holt met Al Reed. Both Mary Holt and Al Reed spoke. The president said pay had risen.", "pay had risen"),
        ("The firm was fined at Lewes Crown Court. The regulator said nobody was hurt there.", "nobody was hurt"),
        ("Lewes Crown Court fined it. The company said nobody was hurt there.", "nobody was hurt"),
        ("The Independent Office for Police Conduct looked at it. The force said nobody was hurt.", "nobody was hurt"),
        ("John Hart, the home secretary, left. The health secretary said nobody was hurt.", "nobody was hurt"),
    ],
)
def test_a_description_that_fits_nobody_keeps_its_own_words(claims, text, words):
    name = speaker(claims, text, words)
    assert name and name == name.lower()


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        (
            "Acme Resins Inc. owns the plant that the Safety Administration shut. The company said nobody was hurt.",
            "nobody was hurt",
            "Acme Resins Inc.",
        ),
        (
            "Boris Reed told reporters that trust was low. The Prime Minister said there was work to do.",
            "there was work",
            "Boris Reed",
        ),
        ("The trust said it had hired nurses. It added that waits had fallen.", "waits had fallen", "trust"),
        (
            "Martin Pell said the cut was wrong.\nA spokesman for the port said it gave money. He said that nothing "
            "had been cut.",
            "nothing had been cut",
            "spokesman for the port",
        ),
        (
            "Dan Wu said in an email that Acme follows all laws.\nGreg Nolan vowed to hold hearings. He said the "
            "committee would call Wu in May.",
            "committee would call",
            "Greg Nolan",
        ),
        ("Rosa Hill met Ellen Reed. Reed wept. She told Hill that the hospital was full.", "was full", "Ellen Reed"),
    ],
)
def test_who_was_just_at_work_is_meant(claims, text, words, name):
    assert speaker(claims, text, words) == name


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Rao, 51, said the cables were safe.", "Anita Rao"),
        ("Rao, a retired teacher, said the cables were safe.", "Anita Rao"),
        ("Ms. Rao, who teaches in Leeds, said the cables were safe.", "Anita Rao"),
        ("Sheriff Dale Kowalski said the cables were safe.", "Dale Kowalski"),
        ("Farmer Joe Hall said the cables were safe.", "Joe Hall"),
        ("Joan Carr, 43, whose husband Carlos died, said the cables were safe.", "Joan Carr"),
        ("Holt’s daughter, Joan Carr, said the cables were safe.", "Joan Carr"),
    ],
)
def test_a_name_is_freed_of_what_stands_with_it(claims, sentence, name):
    assert speaker(claims, f"Anita Rao runs the port.\n{sentence}", "cables were safe") == name


@pytest.mark.parametrize(
    ("sentence", "office"),
    [
        ("Finance minister Alan Frost said the cables were safe.", "Finance minister"),
        ("Former mayor Ann Petrie said the cables were safe.", "Former mayor"),
        ("Network Rail boss Andy Hall said the cables were safe.", "Network Rail boss"),
        ("Gov. Mike Halloran said the cables were safe.", "Gov."),
        ("Its governor, Paul Stone, said the cables were safe.", "governor"),
        ("Priya Nair, a solicitor at Holt & Co, said the cables were safe.", "solicitor at Holt & Co"),
        ("His father, James Adair, said the cables were safe.", ""),
        ("Dr Imran Shah of Imperial College London said the cables were safe.", "of Imperial College London"),
    ],
)
def test_a_role_is_the_office_as_the_text_writes_it(claims, sentence, office):
    assert role(claims, sentence) == office


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        (
            "Chief Constable Laura Finch said crime fell by 8%. She said the force had hired 200 officers.",
            "hired 200",
            "Laura Finch",
        ),
        ("Councillor Amit Rao said pay had doubled. Mr Rao said 30 posts were cut.", "30 posts", "Amit Rao"),
        (
            "Councillor Amit Rao said pay had doubled.\nMr Rao said 30 posts were cut.\nHome Secretary Dana Rao said "
            "visas had fallen.",
            "30 posts",
            "Amit Rao",
        ),
        ("MP Bob Seely said fares had risen. Seely said the ferry was owned by a fund.", "a fund", "Bob Seely"),
        (
            "Sinn Féin vice-president Michelle Quill said the pact was dead.",
            "pact was dead",
            "Michelle Quill",
        ),
        ("General Motors Europe said the plant would close.", "plant would close", "General Motors Europe"),
    ],
)
def test_who_stands_behind_an_office_is_a_person_of_that_name(claims, text, words, name):
    assert speaker(claims, text, words) == name


def test_the_office_that_stands_at_such_a_name_is_its_role(claims):
    assert role(claims, "Chief Constable Laura Finch said crime fell by 8%.") == "Chief Constable"


@pytest.mark.parametrize("headline", ["Mayor Slams Council Cuts", "MP Quits Party Over Brexit Vote"])
def test_words_with_capitals_in_a_headline_are_nobodys_name(headline):
    (doc,) = LanguageModel().read([headline])
    assert person_spans(doc) == []


RAIL = "Network Rail said 900 trains ran late in May.\n"


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        (
            "Scientists at Leeds University inspected 400 bridges. They found that 30 were unsafe.",
            "were unsafe",
            "Scientists at Leeds University",
        ),
        ("Police arrested two men on Sunday. They said the men had carried knives.", "carried knives", ""),
        (
            "The parents of Amy Bell, 9, met the minister. They said she had waited 12 hours for a bed.",
            "waited 12 hours",
            "parents of Amy Bell",
        ),
        ("Mary Holt and John Reed met the minister. They said it had gone well.", "gone well", ""),
        ("It told drivers that the line was shut. They said that it would open in May.", "open in May", "Network Rail"),
        ("Nobody was hurt. They said that 30 bridges were unsafe.", "were unsafe", "Network Rail"),
        ("Leeds Council closed a road on Sunday. It said that 30 bridges were unsafe.", "were unsafe", "Leeds Council"),
    ],
)
def test_they_are_who_was_just_at_work(claims, text, words, name):
    assert speaker(claims, RAIL + text, words) == name


def test_a_surname_is_not_hers_whom_the_text_calls_mrs_to_tell_her_from_him(claims):
    text = (
        "President Emmanuel Carrow opened a school on Monday. His wife, Brigitte Carrow, said it cost €3m. Mrs Carrow "
        "said it had taken two years.\nCarrow said taxes fell by 2% last year."
    )
    assert speaker(claims, text, "taken two years") == "Brigitte Carrow"
    assert speaker(claims, text, "taxes fell") == "Carrow"
