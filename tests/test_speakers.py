"""Who is who across articles: merging, renaming, splitting, and what that does to pairs."""

from __future__ import annotations

import pytest

from claims.article import Provenance
from tests.workbench_fakes import fake_line
from workbench.errors import BadName, ReviewerMissing, UnknownArticle, UnknownSpeaker
from workbench.queries import articles
from workbench.speakers import name_speaker, speakers


@pytest.fixture
def line(tmp_path):
    line = fake_line(tmp_path / "workspace")
    line.ingest_texts(
        [
            (
                "Anna said the force vetted Couzens twice.\nHolt said the force did not vet Couzens twice.",
                Provenance("A"),
            ),
            ("Holtz said the inquiry is open.\nAnna said the inquiry is not open.", Provenance("B")),
        ]
    )
    return line


def counted(line) -> dict[str, int]:
    return {row.name: row.claims for row in speakers(line.store)}


def conflicts(line) -> int:
    with line.store.reading() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM relations WHERE relation = 'contradicts'").scalar()


def test_everybody_who_speaks_is_listed(line):
    assert counted(line) == {"Anna": 2, "Holt": 1, "Holtz": 1}
    assert [row.name for row in speakers(line.store, "hol tz")] == ["Holtz"]


def test_two_names_of_one_speaker_become_one_and_can_part_again(line):
    assert name_speaker(line.store, "Holtz", "Holt", "Ida") == 1
    assert counted(line) == {"Anna": 2, "Holt": 2}
    holt = speakers(line.store, "holt")[0]
    assert holt.read_as == ("Holtz",) and len(holt.article_ids) == 2
    assert name_speaker(line.store, "Holt", "Holtz", "Ida", read="Holtz") == 1
    assert counted(line) == {"Anna": 2, "Holt": 1, "Holtz": 1}


def test_one_name_of_two_people_is_split_by_article(line):
    second = next(row.id for row in articles(line.store) if row.title == "B")
    assert name_speaker(line.store, "Anna", "Anna Reed", "Ida", second) == 1
    assert counted(line) == {"Anna": 1, "Anna Reed": 1, "Holt": 1, "Holtz": 1}


def test_what_was_said_for_everywhere_later_counts_for_a_single_article_too(line):
    second = next(row.id for row in articles(line.store) if row.title == "B")
    name_speaker(line.store, "Anna", "Reed", "Ida", second)
    name_speaker(line.store, "Reed", "Vane", "Ida")
    line.ingest_texts([], None)
    assert counted(line)["Vane"] == 1


def test_reading_again_keeps_the_names_that_people_gave(line):
    name_speaker(line.store, "Holtz", "Holt", "Ida")
    with line.store.writing() as connection:
        connection.exec_driver_sql("UPDATE articles SET extracted_by = NULL")
    line.ingest_texts([])
    assert counted(line) == {"Anna": 2, "Holt": 2}


def test_words_of_one_speaker_in_one_article_are_no_conflict_any_more_and_are_again_after_parting(line):
    before = conflicts(line)
    assert before >= 2
    name_speaker(line.store, "Holt", "Anna", "Ida")
    assert conflicts(line) == before - 1
    line.ingest_texts([])
    assert conflicts(line) == before - 1
    name_speaker(line.store, "Anna", "Holt", "Ida", read="Holt")
    line.ingest_texts([])
    assert conflicts(line) == before


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        (("Nobody", "Anna", "Ida"), UnknownSpeaker, "'Nobody'"),
        (("", "Anna", "Ida"), UnknownSpeaker, "''"),
        (("Anna", "  ", "Ida"), BadName, "1 to 200"),
        (("Anna", "x" * 201, "Ida"), BadName, "201"),
        (("Anna", "Holt", " "), ReviewerMissing, "reviewer"),
        (("Anna", "Holt", "Ida", "nowhere"), UnknownArticle, "nowhere"),
    ],
)
def test_what_can_not_be_is_said_and_changes_nothing(line, given, error, words):
    with pytest.raises(error, match=words):
        name_speaker(line.store, *given)
    assert counted(line) == {"Anna": 2, "Holt": 1, "Holtz": 1}
