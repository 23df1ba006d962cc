"""One article at two places, copies, later versions, and what was read of each."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
from pathlib import Path

import pytest

from claims.article import Article, Provenance
from claims.statements import articles_of
from embeddings.groups import Said, independent_sources
from tests import story
from tests.test_views import opened, words
from tests.workbench_fakes import fake_line
from workbench.archive import keep, kept
from workbench.care import backup, examine, restore
from workbench.cli import main
from workbench.errors import ArchiveDamaged
from workbench.evidence import evidence_sources
from workbench.export import claims_csv, claims_jsonl
from workbench.gate import Gate
from workbench.intake import COPY, NEW, UNCHANGED, VERSION, Sighting, take_in
from workbench.queries import (
    ClaimFilter,
    article_text,
    articles,
    claim_detail,
    claim_page,
    group_of,
    statements,
    whereabouts,
)
from workbench.review import finalise
from workbench.store import now
from workbench.stories import Sketches, is_copy, is_version
from workbench.verdicts import record_verdict

HARBOUR = (
    "The council will rebuild the harbour wall by next spring.\n"
    "Engineers found two cracks in the old stones in March.\n"
    "Mary said the work will cost nine million pounds.\n"
    "Fishing boats are to use the northern quay until then.\n"
    "The last repair was in the year of the great flood.\n"
    "Traders on the quay fear that visitors will stay away.\n"
    "A first storm in October had washed away the lower steps.\n"
)


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    story.opens_in(tmp_path / "workspace", monkeypatch)
    return fake_line(tmp_path / "workspace")


def write(folder: Path, name: str, text: str, **known: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    if known:
        (folder / name).with_suffix(".json").write_text(json.dumps(known))
    return folder / name


def claim_with(line, word: str) -> str:
    return claim_page(line.store, ClaimFilter(search=word)).rows[0].id


# The archive


def test_what_was_read_comes_back_byte_for_byte_and_damage_is_told(tmp_path):
    raw = bytes(range(256)) * 50
    found = keep(tmp_path, raw)
    assert keep(tmp_path, raw) == found and kept(tmp_path, found) == raw
    (path,) = (tmp_path / "archive").rglob("*.gz")
    assert path.stat().st_size < len(raw)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ArchiveDamaged, match="can't be read"):
        kept(tmp_path, found)
    other = keep(tmp_path, b"other bytes")
    path.write_bytes((tmp_path / "archive" / other[:2] / f"{other}.gz").read_bytes())
    with pytest.raises(ArchiveDamaged, match="not what was read"):
        kept(tmp_path, found)
    for wrong in ("0" * 64, "../../etc/passwd"):
        with pytest.raises(ArchiveDamaged):
            kept(tmp_path, wrong)


def test_an_ingested_file_is_kept_as_it_was_and_the_command_writes_it(line, tmp_path, capsys):
    path = write(tmp_path / "in", "harbour.txt", HARBOUR)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    raw = path.read_bytes()
    line.ingest([path])
    path.write_text("gone")
    (article,) = articles(line.store)
    out = tmp_path / "out.txt"
    assert main(["original", article.id, str(out)]) == 0
    assert out.read_bytes() == raw and str(path) in capsys.readouterr().out
    row = json.loads(claims_jsonl(line.store).splitlines()[0])
    assert row["archive_hash"] == whereabouts(line.store, article.id).appearances[0].archive_hash


def test_the_kept_bytes_that_a_table_names_are_those_that_hold_the_claim(line, tmp_path):
    """The old text, met at another place after the article was edited, was named for the new one's claims."""
    path = write(tmp_path / "in", "a.txt", HARBOUR)
    line.ingest([path])
    storm = claim_with(line, "storm")
    record_verdict(line.store, storm, "supported", "Ida")
    edited = HARBOUR.replace("nine", "ten").replace("A first storm in October had washed away the lower steps.\n", "")
    path.write_text(edited)
    line.ingest([path])
    line.ingest([write(tmp_path / "other", "b.txt", HARBOUR)])
    rows = {row["claim_id"]: row for row in map(json.loads, claims_jsonl(line.store).splitlines())}
    assert len(rows) == 7 and not claim_detail(line.store, storm).current
    for row in rows.values():
        raw = kept(line.store.folder, row["archive_hash"])
        assert row["claim_reviewed"] in raw.decode() and row["text_hash"] == hashlib.sha256(raw).hexdigest()
        assert raw.decode() == (HARBOUR if row["claim_id"] == storm else edited)


def test_an_earlier_text_can_be_written_by_its_number_or_its_hash(line, tmp_path, capsys):
    path = write(tmp_path / "in", "a.txt", HARBOUR)
    line.ingest([path])
    path.write_text(HARBOUR.replace("nine", "ten"))
    line.ingest([path])
    line.ingest([write(tmp_path / "other", "b.txt", HARBOUR)])
    (article,) = articles(line.store)
    out, first = tmp_path / "out.txt", hashlib.sha256(HARBOUR.encode()).hexdigest()
    for more, word in (
        ((), "ten"),
        (("--seen", "1"), "nine"),
        (("--seen", "2"), "ten"),
        (("--seen", first[:9]), "nine"),
    ):
        assert main(["original", article.id, str(out), *more]) == 0
        assert f"{word} million" in out.read_text()
    capsys.readouterr()
    assert main(["original", article.id]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == ["1", "2", "3"]
    assert ["the newest text" in line for line in listed] == [False, True, False] and first in listed[0]
    for wrong in ("4", "0", "zz", first[:3]):
        assert main(["original", article.id, str(out), "--seen", wrong]) == 2
        assert f"nothing was kept under {wrong!r}; choose a number from 1 to 3" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["harbour.txt", "page.html"])
def test_when_it_was_read_is_kept_of_what_is_read_in_the_usual_way(line, tmp_path, name):
    words = HARBOUR if name.endswith("txt") else f"<article><h1>The wall</h1><p>{HARBOUR * 3}</p></article>"
    before = now()
    line.ingest([write(tmp_path / "in", name, words)])
    (article,) = articles(line.store)
    (seen,) = whereabouts(line.store, article.id).appearances
    assert before <= seen.at <= now() and seen.kind == Path(name).suffix


def test_a_text_of_which_nothing_was_kept_says_so(line, capsys):
    line.ingest_texts([(HARBOUR, Provenance())])
    (article,) = articles(line.store)
    assert main(["original", article.id, "x.txt"]) == 2
    assert "nothing was kept" in capsys.readouterr().err


def test_a_backup_holds_the_archive_and_the_doctor_looks_into_it(line, tmp_path):
    line.ingest([write(tmp_path / "in", "harbour.txt", HARBOUR)])
    backup(line.store, tmp_path / "all.zip")
    again = restore(tmp_path / "all.zip", tmp_path / "again")
    assert examine(again) == []
    (path,) = (tmp_path / "again" / "archive").rglob("*.gz")
    path.unlink()
    # From the file that was read the doctor would keep it anew.
    (tmp_path / "in" / "harbour.txt").unlink()
    (finding,) = examine(again)
    assert not finding.mended and "the archive holds nothing" in finding.what


# Two places, one article


def test_the_same_text_at_two_addresses_is_one_article_seen_twice(line, tmp_path):
    first = write(tmp_path / "a", "one.txt", HARBOUR, url="https://ledger.example/harbour#top", outlet="Ledger")
    second = write(tmp_path / "b", "two.txt", HARBOUR, url="https://coast.example/wall", outlet="Coast")
    assert line.ingest([first]).read == 1
    report = line.ingest([second, first])
    assert (report.read, report.unchanged, report.copies, report.versions) == (0, 2, 0, 0)
    (article,) = articles(line.store)
    assert article.appearances == 2 and article.outlet == "Ledger"
    places = [seen.place for seen in whereabouts(line.store, article.id).appearances]
    assert places == ["https://ledger.example/harbour", "https://coast.example/wall"]


# Copies


def test_a_wire_story_with_small_edits_is_a_copy_and_one_source(line, tmp_path):
    edited = "By our staff.\n" + HARBOUR.replace("next spring", "the spring").rsplit("\n", 2)[0]
    other = "The school board met on Tuesday and put off its vote on longer lessons until the summer holidays.\n"
    paths = [
        write(tmp_path / "in", "a.txt", HARBOUR, outlet="Ledger"),
        write(tmp_path / "in", "b.txt", edited, outlet="Coast"),
        write(tmp_path / "in", "c.txt", other, outlet="Post"),
    ]
    report = line.ingest(paths)
    assert (report.read, report.copies) == (3, 1) and "1 of them copies" in str(report)
    rows = {row.outlet: row for row in articles(line.store)}
    assert (rows["Ledger"].copies, rows["Coast"].copies, rows["Post"].copies) == (1, 1, 0)
    ((copy, title),) = whereabouts(line.store, rows["Ledger"].id).copies
    assert copy == rows["Coast"].id and title == rows["Coast"].title
    two = claim_page(line.store, ClaimFilter(search="Engineers found")).rows
    found = statements(line.store, [row.id for row in two]).values()
    said = [Said(f"{place} words of their own", row.speaker, row.outlet, row.story) for place, row in enumerate(found)]
    assert len(said) == 2 and independent_sources(said) == 1


def test_copies_are_one_source_in_the_evidence_in_a_group_and_in_the_table(line, tmp_path):
    edited = "By our staff.\n" + HARBOUR.replace("next spring", "the spring").rsplit("\n", 2)[0]
    own = "The school board met on Tuesday and put off its vote on longer lessons until the summer holidays.\n"
    paths = [
        write(tmp_path / "in", name, text, outlet=name)
        for name, text in (("Ledger.txt", HARBOUR), ("Coast.txt", edited), ("Post.txt", own))
    ]
    assert line.ingest(paths).copies == 1
    rows = claim_page(line.store).rows
    judged = next(row.id for row in rows if row.outlet == "Post.txt")
    copies = [next(row.id for row in rows if row.outlet == name) for name in ("Ledger.txt", "Coast.txt")]
    # Other words in each, so that nothing but the story tells that they are one source.
    with line.store.writing() as connection:
        for claim in (*copies, judged):
            changed = "UPDATE claims SET group_id = 'g', text = 'In words of ' || id WHERE id = ?"
            connection.exec_driver_sql(changed, (claim,))
    verdict = record_verdict(line.store, judged, "supported", "Ben", "Both say so.", copies)
    with line.store.reading() as connection:
        assert evidence_sources(connection, judged, [verdict]) == 1
    assert group_of(line.store, judged).sources == 2
    table = csv.DictReader(io.StringIO(claims_csv(line.store).decode("utf-8-sig")))
    assert {row["independent_sources"] for row in table if row["claim_id"] in (judged, *copies)} == {"2"}
    with line.store.writing() as connection:
        connection.exec_driver_sql("UPDATE articles SET story_id = ''")
    with line.store.reading() as connection:
        assert evidence_sources(connection, judged, [verdict]) == 2
    assert group_of(line.store, judged).sources == 3


def test_copies_that_come_later_join_all_there_are(line):
    sketches = Sketches(line.store)
    head, tail = (
        HARBOUR,
        "\n".join(f"In {year} the {year} ships of line {year} came home." for year in range(1800, 1815)),
    )
    outcomes = [
        take_in(line.store, Article(text, Provenance(outlet=outlet)), sketches)[1]
        for text, outlet in ((head, "A"), (tail, "B"), (head + tail, "C"))
    ]
    assert outcomes == [NEW, NEW, COPY]
    assert {row.copies for row in articles(line.store)} == {2}
    with line.store.writing() as connection:  # as in a workspace from before there were sketches
        connection.exec_driver_sql("UPDATE articles SET sketch = NULL, shingles = 0, story_id = ''")
    Sketches(line.store)
    assert {row.copies for row in articles(line.store)} == {2}


BRIEF = (
    "The council will rebuild the harbour wall by next spring after engineers found two cracks in the old stones in "
    "March, Mary said on Monday, and fishing boats are to use the northern quay until all the work is done."
)


def test_a_brief_of_one_sentence_with_a_word_changed_is_a_copy_and_another_is_none(line):
    """Texts under 44 words were never compared: one brief in two papers made two independent sources."""
    texts = [
        BRIEF,
        "The school board met on Tuesday and put off its vote on longer lessons until after the summer holidays, the "
        "head said in a letter to all the parents of the town.",
        BRIEF.replace("Monday", "Tuesday"),
        " ".join(BRIEF.split()[:25]),
    ]
    outcomes = []
    for text in texts:  # each by an ingest of its own
        outcomes.append(take_in(line.store, Article(text, Provenance(outlet=text[-9:])), Sketches(line.store))[1])
    assert outcomes == [NEW, NEW, COPY, COPY]
    assert [row.copies for row in articles(line.store) if row.outlet == texts[1][-9:]] == [0]


@pytest.mark.parametrize("fresh", [True, False])
def test_one_claim_as_two_fact_checkers_rate_it_is_no_copy(line, fresh):
    """Two ratings of a claim of some length differ in a word or two, and that is all they say."""
    sketches = Sketches(line.store)
    for outlet, rating in (("A", "False"), ("B", "True")):
        (article,) = articles_of([{"text": f"{BRIEF[:-1]} – {rating}", "outlet": outlet, "speaker": outlet}])
        assert take_in(line.store, article, Sketches(line.store) if fresh else sketches)[1] == NEW
    assert {row.copies for row in articles(line.store)} == {0}


def test_two_reports_with_the_same_quotation_are_no_copies():
    quoted = "Mary said the work will cost nine million pounds and not a penny more than that, come what may."
    rng = random.Random(1)
    one, other = (" ".join(f"{place}{rng.random()}" for _ in range(60)) + quoted for place in "ab")
    assert not is_copy(one, other) and not is_version(one, other)
    assert is_copy(HARBOUR, HARBOUR.upper())


def test_sketches_find_what_an_exact_comparison_finds(line):
    rng = random.Random(3)
    vocabulary = [f"word{number}" for number in range(400)]
    texts = [" ".join(rng.choices(vocabulary, k=300)) for _ in range(30)]
    sketches = Sketches(line.store)
    for text in texts:
        take_in(line.store, Article(text), sketches)
    found = 0
    for text in texts:
        part = text.split()[: rng.randrange(150, 300)]
        for _ in range(4):
            part[rng.randrange(len(part))] = "edited"
        copy = " ".join(part)
        outcome = take_in(line.store, Article(copy), sketches)[1]
        assert is_copy(text, copy) or outcome == NEW
        found += outcome == COPY
    assert found >= 28


# Versions


def test_an_edited_article_is_its_next_version_and_keeps_what_people_said(line, tmp_path):
    path = write(tmp_path / "in", "harbour.txt", HARBOUR, url="https://ledger.example/harbour")
    line.ingest([path])
    cost, cracks, storm = (claim_with(line, word) for word in ("nine", "cracks", "storm"))
    for claim in (cost, cracks, storm):
        record_verdict(line.store, claim, "supported", "Ida", "seen the papers")
    finalise(line.store, cost, "Ida", Gate(rationale=True, sources=0))
    edited = "An earlier version misstated the cost.\n" + HARBOUR.replace("nine million", "twelve million")
    edited = edited.replace("A first storm in October had washed away the lower steps.\n", "")
    path.write_text(edited)
    report = line.ingest([path])
    assert (report.read, report.unchanged, report.versions) == (0, 0, 1) and "1 edited since" in str(report)
    (article,) = articles(line.store)
    assert article.versions == 1 and article_text(line.store, article.id) == edited
    now = claim_detail(line.store, cost)
    assert "twelve million" in now.claim.text and now.claim.text == edited[now.claim.char_start : now.claim.char_end]
    assert now.verdict.verdict == "supported" and "nine million" in now.verdict.claim_text
    assert "was edited" in now.look_again and "nine million" in now.look_again
    assert claim_detail(line.store, cracks).look_again == "" and claim_detail(line.store, cracks).current
    assert not claim_detail(line.store, storm).current
    changed = claim_page(line.store, ClaimFilter(changed_for="Ida")).rows
    assert {row.id for row in changed} == {cost, storm}
    assert {row.id: row.changed for row in changed} == {cost: True, storm: False}
    assert claim_page(line.store, ClaimFilter(changed_for="Kim")).total == 0
    assert examine(line.store) == []
    assert line.ingest([path]).unchanged == 1


def test_a_text_that_went_back_is_another_version_of_the_same_article(line, tmp_path):
    path = write(tmp_path / "in", "harbour.txt", HARBOUR)
    line.ingest([path])
    claim = claim_with(line, "nine")
    record_verdict(line.store, claim, "supported", "Ida")
    for text in (HARBOUR.replace("nine", "ten"), HARBOUR):
        path.write_text(text)
        assert line.ingest([path]).versions == 1
    (article,) = articles(line.store)
    assert article.versions == 2 and claim_detail(line.store, claim).claim.text in HARBOUR
    assert claim_page(line.store, ClaimFilter(changed_for="Ida")).total == 0


def test_an_earlier_version_met_elsewhere_is_no_new_article(line, tmp_path):
    path = write(tmp_path / "in", "harbour.txt", HARBOUR)
    line.ingest([path])
    path.write_text(HARBOUR.replace("nine", "ten"))
    line.ingest([path])
    report = line.ingest([write(tmp_path / "other", "same.txt", HARBOUR)])
    assert (report.read, report.unchanged, report.versions) == (0, 1, 0)


def test_another_text_under_the_same_address_is_another_article(line, tmp_path):
    for name, text in (
        ("a.txt", HARBOUR),
        ("b.txt", "The school board met on Tuesday.\nIt voted for longer lessons.\n"),
    ):
        line.ingest([write(tmp_path / name, name, text, url="https://ledger.example/")])
    assert len(articles(line.store)) == 2


def test_a_version_that_was_not_read_yet_leaves_the_old_text_with_its_claims(line):
    sketches = Sketches(line.store)
    seen = Sighting("/in/harbour.txt")
    article_id, outcome = take_in(line.store, Article(HARBOUR), sketches, seen)
    assert outcome == NEW
    line.ingest([])
    second, third = (HARBOUR.replace("nine", word) for word in ("ten", "twelve"))
    assert take_in(line.store, Article(second), sketches, seen) == (article_id, VERSION)
    claim = claim_detail(line.store, claim_with(line, "Mary"))
    assert claim.claim.text in HARBOUR and article_text(line.store, article_id) == HARBOUR
    assert examine(line.store) == []
    assert take_in(line.store, Article(second), sketches, seen) == (article_id, UNCHANGED)
    assert take_in(line.store, Article(third), sketches, seen) == (article_id, VERSION)
    line.ingest([])
    assert article_text(line.store, article_id) == third and len(whereabouts(line.store, article_id).edited) == 2
    assert "twelve" in claim_detail(line.store, claim.claim.id).claim.text


# On the screen


def test_the_pages_say_where_an_article_was_seen_and_what_changed(line, tmp_path):
    path = write(tmp_path / "in", "harbour.txt", HARBOUR, outlet="Ledger")
    copy = write(tmp_path / "in", "wall.txt", HARBOUR + "More tomorrow.\n", outlet="Coast")
    line.ingest([path, copy])
    claim = claim_with(line, "nine")
    record_verdict(line.store, claim, "supported", "Ida")
    article = claim_detail(line.store, claim).article
    name = "harbour.txt" if article.outlet == "Ledger" else "wall.txt"
    (tmp_path / "in" / name).write_text(article_text(line.store, article.id).replace("nine", "ten"))
    line.ingest([tmp_path / "in" / name])
    page = words(opened("articles"))
    assert "one of 2 copies of a text" in page and "edited 1 time since" in page
    page = words(opened("claims"))
    assert "Words changed since the verdict" in page
    page = words(opened("claim", claim=claim))
    assert "was edited since the verdict" in page and "nine million" in page
