"""CSV: the columns, what a spreadsheet may not run, and that it says what the store holds."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import openpyxl
import pandas
import pytest

from claims.article import Provenance
from embeddings.judgement import RelationSettings
from embeddings.training_data import CONTRADICTION, ENTAILMENT, NEUTRAL, reviewed_pairs
from tests import story
from tests.workbench_fakes import fake_line
from workbench.claim_table import CLAIM_COLUMNS, attribution_in_words
from workbench.export import claims_csv, claims_jsonl, pairs_csv, training_jsonl, workbook
from workbench.gate import Gate
from workbench.pair_judgements import record_pair_judgement, withdraw_pair_judgement
from workbench.pair_table import PAIR_COLUMNS
from workbench.pairs import all_pairs, related
from workbench.provenance import edit_provenance
from workbench.queries import ClaimFilter, articles, claim_detail, claim_page
from workbench.restore_pairs import restore_pairs
from workbench.review import adjudicate, correct, finalise
from workbench.store import Store
from workbench.table_files import as_text, csv_bytes, from_text
from workbench.verdicts import Opinion, record_verdict

OPEN = Gate(rationale=False, sources=0)

ORDER = (
    "claim_id,claim_reviewed,speaker,attribution,article_title,outlet,article_url,article_date,char_start,char_end,"
    "verdict,rating_value,rationale,reviewer,reviewed_at,contradicting_claim_ids,supporting_claim_ids,"
    "evidence_claim_ids,machine_label,machine_score,model,article_id,kind,assertion,check_worthiness,"
    "verdict_label,status,assignee,revision,first_reviewer,first_verdict,first_rationale,first_reviewed_at,"
    "second_reviewer,second_verdict,second_rationale,second_reviewed_at,adjudicator,agreement,"
    "exception,correction_note,group_id,independent_sources,evidence_addresses,archive_hash,text_hash,thresholds,"
    "verdict_history"
)


@pytest.fixture
def line(tmp_path):
    line = fake_line(tmp_path / "workspace")
    line.ingest_texts(
        [
            ('=1+1 vetted Couzens twice.\nAnna said “it’s open”, "so".', Provenance("@title", "-Outlet", url="+x")),
            ("  =1+1 did not vet Couzens twice.\nTrust; fell, é.", Provenance("Plain", "Outlet", date="2022-03-24")),
        ]
    )
    return line


def frame(content: bytes) -> pandas.DataFrame:
    return pandas.read_csv(io.BytesIO(content), encoding="utf-8-sig", keep_default_na=False, dtype=str)


def pair_said_of(store: Store, pair: tuple[str, str]):
    """The row of a pair in the pairs table."""
    return frame(pairs_csv(store)).set_index(["claim_a", "claim_b"]).loc[tuple(sorted(pair))]


def test_the_columns_stand_in_the_order_that_was_agreed(line):
    assert ",".join(CLAIM_COLUMNS) == ORDER
    assert claims_csv(line.store).startswith(b"\xef\xbb\xbf" + ORDER.encode() + b"\r\n")
    assert pairs_csv(line.store).decode("utf-8-sig").splitlines()[0] == ",".join(PAIR_COLUMNS)


def test_claims_read_back_say_what_the_store_holds(line):
    page = {row.text: row.id for row in claim_page(line.store).rows}
    judged = page["=1+1 vetted Couzens twice."]
    evidence = [page["Trust; fell, é."], page["  =1+1 did not vet Couzens twice."]]
    record_verdict(line.store, judged, "supported", "Ida")
    newest = record_verdict(line.store, judged, "refuted", "Ben", 'two lines,\n"quoted"', evidence)
    table = frame(claims_csv(line.store)).set_index("claim_id")
    assert set(table.index) == set(page.values())
    for claim_id, row in table.iterrows():
        detail, groups = claim_detail(line.store, claim_id), related(line.store, claim_id)
        claim = detail.claim
        assert row["claim_reviewed"] == as_text(claim.text)
        assert (int(row["char_start"]), int(row["char_end"])) == (claim.char_start, claim.char_end)
        assert (row["speaker"], row["kind"], row["article_id"]) == (claim.speaker, claim.kind, claim.article_id)
        assert (row["assertion"], float(row["check_worthiness"])) == (claim.assertion, claim.check_worthiness)
        assert (row["article_title"], row["article_date"]) == (as_text(detail.article.title), detail.article.date)
        assert row["contradicting_claim_ids"] == ";".join(one.other.claim_id for one in groups.contradicts)
        assert row["supporting_claim_ids"] == ";".join(one.other.claim_id for one in groups.supports)
        strongest = next(iter((*groups.contradicts, *groups.supports, *groups.related)), None)
        assert row["machine_label"] == (strongest.link.relation if strongest else "")
        assert row["machine_score"] == (str(strongest.link.score) if strongest else "")
        assert row["model"] == ("fake-nli" if strongest else "")
    row = table.loc[judged]
    assert (row["verdict"], row["rating_value"], row["reviewer"]) == ("refuted", "1", "Ben")
    assert (row["rationale"], row["reviewed_at"]) == ('two lines,\n"quoted"', newest.at)
    assert row["evidence_claim_ids"] == ";".join(evidence)
    assert row["machine_label"] == "contradicts"
    assert (table.loc[page["Trust; fell, é."], ["verdict", "rating_value", "reviewer"]] == "").all()


def test_a_verdict_without_a_place_on_the_scale_has_no_rating(line):
    judged = claim_page(line.store).rows[0].id
    record_verdict(line.store, judged, "outdated", "Ida")
    row = frame(claims_csv(line.store)).set_index("claim_id").loc[judged]
    assert (row["verdict"], row["rating_value"]) == ("outdated", "")


def test_a_claim_that_vanished_is_exported_for_its_verdict(line):
    judged = claim_page(line.store, ClaimFilter(search="=1+1 vetted")).rows[0].id
    record_verdict(line.store, judged, "refuted", "Ida")
    line.extractor.dropping = "vetted"
    line.ingest_texts([])
    with line.store.writing() as connection:
        connection.exec_driver_sql("UPDATE articles SET extracted_by = NULL")
    line.ingest_texts([])
    assert frame(claims_csv(line.store)).set_index("claim_id").loc[judged, "verdict"] == "refuted"


def test_pairs_read_back_say_what_the_store_holds(line):
    pair = all_pairs(line.store).rows[0]
    made = record_pair_judgement(line.store, (pair.a.claim_id, pair.b.claim_id), "unclear", "Ida", "=note")
    table = frame(pairs_csv(line.store))
    assert len(table) == all_pairs(line.store).total
    for (_, row), stored in zip(table.iterrows(), all_pairs(line.store).rows, strict=True):
        assert (row["claim_a"], row["claim_b"]) == (stored.a.claim_id, stored.b.claim_id)
        assert (row["text_a"], row["text_b"]) == (as_text(stored.a.text), as_text(stored.b.text))
        assert (row["outlet_a"], row["date_b"]) == (as_text(stored.a.outlet), stored.b.date)
        for name in ("score", "similarity", "contradiction", "entailment_ab", "entailment_ba", "tension"):
            assert float(row[name]) == getattr(stored.link, name)
        assert (row["relation"], row["strict"]) == (stored.link.relation, str(stored.link.strict).lower())
    row = table.iloc[0]
    assert (row["judgement"], row["judgement_note"], row["judged_by"], row["judged_at"]) == (
        "unclear",
        "'=note",
        "Ida",
        made.at,
    )


def test_a_pair_names_what_the_desk_knows_of_both_claims(line):
    pair = all_pairs(line.store).rows[0]
    a, b = pair.a.claim_id, pair.b.claim_id
    for who, verdict in (("Ida", "refuted"), ("Ben", "supported")):
        record_verdict(line.store, a, verdict, who, addresses=["https://a.example/1"])
    open_gate = Gate(rationale=False, sources=0)
    adjudicate(line.store, a, Opinion("refuted", "Kim", addresses=("https://b.example/2",)), open_gate)
    correct(line.store, a, Opinion("outdated", "Kim", addresses=("https://c.example/3",)), "We erred.", OPEN)
    record_pair_judgement(line.store, (a, b), "same_claim", "Ida")
    row = pair_said_of(line.store, (a, b))
    claims = frame(claims_csv(line.store)).set_index("claim_id")
    for side, claim in (("a", a), ("b", b)):
        for name in ("status", "group", "independent_sources", "adjudicator", "correction_note", "evidence_addresses"):
            column = "group_id" if name == "group" else name
            assert row[f"{name}_{side}"] == claims.loc[claim, column], name
    assert (row["adjudicator_a"], row["correction_note_a"]) == ("Kim", "We erred.")
    assert row["evidence_addresses_a"] == "https://c.example/3" and row["independent_sources_a"] == "2"


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\u00a0@x", "\tx", "\uff1d1+1", "\u200b=1", "\ufeff=1", "\x01=1", " '=1"],
)
def test_a_cell_that_would_run_as_a_formula_gets_an_apostrophe(cell):
    assert as_text(cell) == "'" + cell


INSIDE = [
    "He said so;=1+1;then left", "two lines\n=HYPERLINK(1;2);x", "It fell\t=1+1\tthen", "a\r\n- b\n- c", 'a; "=1+1"',
    "a;;'=1", "\t=1", "\r=1", "\n+1", "a;\u200b\uff1d1", "a;'';-1", "=1;=2\n'=3",
]  # fmt: skip


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("cell", INSIDE)
def test_no_part_of_a_text_runs_where_a_spreadsheet_parts_cells_at_another_sign(cell, delimiter):
    content = csv_bytes(["claim_id", "claim_reviewed", "n"], [["c1", cell, 1], [cell, "c2", None]]).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter):
        for found in row:
            assert not found.lstrip(' \t\r\n"\u200b').startswith(("=", "+", "-", "@", "\uff1d")), found


@pytest.mark.parametrize("cell", ["=1", "'=1", "''=1", "'", "''", "'quoted'", " -1", "' -1", "a", "", *INSIDE])
def test_a_cell_can_be_read_back(cell):
    assert from_text(as_text(cell)) == cell
    assert not as_text(cell).startswith(("=", "-"))
    assert from_text(as_text(as_text(cell))) == as_text(cell)


def test_a_cell_of_an_earlier_version_is_read_back_as_before():
    assert [from_text(cell) for cell in ("'\n=1", "'=1;2", "'\t=1", "a;b")] == ["\n=1", "=1;2", "\t=1", "a;b"]


@pytest.mark.parametrize("cell", ["", "a=b", "“-1”", "'s", "2022-03-24", "1+1", " x", "a; b", "a\nb-c", "x;\ty"])
def test_other_cells_stay_as_they_are(cell):
    assert as_text(cell) == cell


def test_no_text_cell_of_an_export_runs_but_negative_numbers_stay_numbers(line):
    for article in articles(line.store):
        edit_provenance(line.store, article.id, Provenance("=t", "+o", "@a", url="-u"), "Ida")
    with line.store.writing() as connection:
        connection.exec_driver_sql("UPDATE relations SET similarity = -0.25")
    record_verdict(line.store, claim_page(line.store).rows[0].id, "refuted", "@Ida", "-no")
    numeric = {"similarity"}
    for content in (claims_csv(line.store), pairs_csv(line.store)):
        for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")):
            for name, cell in row.items():
                assert name in numeric or not cell.lstrip().startswith(("=", "+", "-", "@")), (name, cell)
    assert set(frame(pairs_csv(line.store))["similarity"]) == {"-0.25"}
    assert "'@Ida" in set(frame(claims_csv(line.store))["reviewer"])


def test_the_same_store_gives_the_same_bytes(line):
    assert claims_csv(line.store) == claims_csv(line.store)
    assert pairs_csv(line.store) == pairs_csv(line.store)


@pytest.mark.parametrize(
    ("kind", "cue", "words"),
    [
        ("quotation", "said", 'quotation: "said"'),
        ("reported", "added", 'reported speech: "added"'),
        ("statement", "", "statement"),
        ("linked_headline", "", "linked headline"),
    ],
)
def test_an_attribution_is_told_in_words(kind, cue, words):
    assert attribution_in_words(kind, cue) == words


def test_judged_pairs_come_out_as_training_pairs(tmp_path):
    told = story.tell(tmp_path)
    record_pair_judgement(told.store, (told.ids[0], told.ids[4]), "unclear", "Kim")
    record_pair_judgement(told.store, (told.ids[1], told.ids[4]), "contradiction", "Kim")
    record_pair_judgement(told.store, (told.ids[2], told.ids[6]), "contradiction", "Kim")
    record_pair_judgement(told.store, (told.ids[2], told.ids[6]), "not_contradiction", "Kim")
    file = tmp_path / "pairs.jsonl"
    file.write_bytes(training_jsonl(told.store))
    pairs = list(reviewed_pairs(file))
    texts = [text for _, text, *_ in story.CLAIMS]
    assert {(pair.premise, pair.hypothesis): (pair.allowed, pair.tension) for pair in pairs} == {
        (texts[1], texts[4]): (CONTRADICTION, 1),
        (texts[4], texts[1]): (CONTRADICTION, 1),
        (texts[2], texts[6]): (ENTAILMENT | NEUTRAL, 0),
        (texts[6], texts[2]): (ENTAILMENT | NEUTRAL, 0),
    }


@pytest.mark.parametrize(("sheet", "made"), [("Claims", claims_csv), ("Pairs", pairs_csv)])
def test_the_workbook_says_cell_for_cell_what_the_csv_says(line, sheet, made):
    one, other = (row.id for row in claim_page(line.store).rows[:2])
    record_verdict(line.store, one, "refuted", "Ida", "-1 of them", addresses=("https://a.example/1",))
    record_verdict(line.store, other, "outdated", "Ida")
    record_pair_judgement(line.store, (one, other), "contradiction", "Ida")
    book = openpyxl.load_workbook(io.BytesIO(workbook(line.store)))
    text = made(line.store).decode("utf-8-sig")
    rows = [list(map(from_text, row)) for row in csv.reader(io.StringIO(text, newline=""))]
    cells = [["" if cell is None else cell for cell in row] for row in book[sheet].iter_rows(values_only=True)]
    assert len(cells) == len(rows) > 1
    for shown, wanted in zip(cells, rows, strict=True):
        for column, cell, said in zip(rows[0], shown, wanted, strict=True):
            same = cell == said if isinstance(cell, str) else float(said) == pytest.approx(cell)
            assert same, (column, cell, said)


def test_the_workbook_holds_the_rows_of_both_tables_and_no_formula(line):
    judged = claim_page(line.store).rows[0].id
    record_verdict(line.store, judged, "refuted", "Ida", "bell\x07")
    book = openpyxl.load_workbook(io.BytesIO(workbook(line.store)))
    assert book.sheetnames == ["Claims", "Pairs"]
    sheets = {sheet.title: list(sheet.iter_rows()) for sheet in book}
    assert [cell.value for cell in sheets["Claims"][0]] == list(CLAIM_COLUMNS)
    assert [cell.value for cell in sheets["Pairs"][0]] == list(PAIR_COLUMNS)
    assert len(sheets["Pairs"]) == 1 + len(all_pairs(line.store).rows)
    rows = {row[0].value: dict(zip(CLAIM_COLUMNS, row, strict=True)) for row in sheets["Claims"][1:]}
    assert set(rows) == {row.id for row in claim_page(line.store).rows}
    assert all(
        cell.data_type != "f" and cell.hyperlink is None for sheet in sheets.values() for row in sheet for cell in row
    )
    assert rows[judged]["rationale"].value == "bell"
    assert all(row["archive_hash"].value is None and len(row["text_hash"].value) == 64 for row in rows.values())
    assert rows[judged]["rating_value"].value == 1
    assert any(row["claim_reviewed"].value == "=1+1 vetted Couzens twice." for row in rows.values())


def test_a_text_that_excel_cannot_hold_says_that_it_was_cut(line):
    judged = claim_page(line.store).rows[0].id
    record_verdict(line.store, judged, "refuted", "Ida", "why " * 10_000)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(line.store)))["Claims"]
    rows = {row[0].value: dict(zip(CLAIM_COLUMNS, row, strict=True)) for row in list(sheet.iter_rows())[1:]}
    for name in ("rationale", "verdict_history"):
        value = rows[judged][name].value
        assert len(value) == 32_767 and value.endswith("letters are too many for Excel; the CSV holds them all)")


def test_json_lines_say_the_same_with_texts_as_they_are(line):
    judged = claim_page(line.store).rows[0].id
    record_verdict(line.store, judged, "refuted", "Ida")
    rows = [json.loads(one) for one in claims_jsonl(line.store).decode().splitlines()]
    assert all(tuple(row) == CLAIM_COLUMNS for row in rows)
    assert {row["claim_id"]: row["claim_reviewed"] for row in rows} == {
        row.id: row.text for row in claim_page(line.store).rows
    }
    assert {row["claim_id"]: row["rating_value"] for row in rows if row["verdict"]} == {judged: 1}


@pytest.mark.parametrize("table", [claims_csv, pairs_csv, workbook, claims_jsonl])
def test_no_table_tells_the_second_reviewer_the_first_verdict(tmp_path, table):
    told = story.tell(tmp_path)
    claim = told.ids[0]
    said = ("secret reasons", "secret.example", "conflicting_evidence", "Conflicting evidence")
    record_verdict(
        told.store, claim, "conflicting_evidence", "Ida", said[0], [told.ids[4]], addresses=[f"https://{said[1]}/1"],
        second_review=True,
    )  # fmt: skip

    def told_to(who: str | None) -> list[str]:
        content = table(told.store, who)
        if table is workbook:
            book = openpyxl.load_workbook(io.BytesIO(content))
            words = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
        else:
            words = content.decode("utf-8-sig")
        return [one for one in said if one in words]

    assert told_to("Ben") == told_to("") == []
    assert told_to("Ida") == told_to(None) != []
    record_verdict(told.store, claim, "supported", "Ben")
    assert told_to("Kim") == told_to(None)


def test_a_verdict_that_is_kept_back_leaves_its_line_and_says_why(tmp_path):
    told = story.tell(tmp_path)
    record_verdict(told.store, told.ids[0], "refuted", "Ida", second_review=True)
    row = frame(claims_csv(told.store, "Ben")).set_index("claim_id").loc[told.ids[0]]
    assert (row["status"], row["verdict"], row["reviewer"], row["verdict_history"]) == ("second_review", "", "", "")
    assert row["verdict_label"] == "hidden until the second review is given"


@pytest.fixture
def told(tmp_path):
    return story.tell(tmp_path / "told")


def said_of(told, at: int = 0) -> dict[str, str]:
    return dict(frame(claims_csv(told.store)).set_index("claim_id").loc[told.ids[at]])


def test_three_reviewers_of_whom_one_says_otherwise_do_not_agree(told):
    for who, verdict in (("Ida", "refuted"), ("Ben", "refuted"), ("Kim", "supported")):
        record_verdict(told.store, told.ids[0], verdict, who)
    row = said_of(told)
    assert (row["status"], row["agreement"]) == ("disputed", "no")
    assert (row["first_reviewer"], row["second_reviewer"], row["reviewer"]) == ("Ida", "Ben", "Kim")


def test_an_adjudicated_claim_names_all_three_with_their_words(told):
    first = record_verdict(told.store, told.ids[0], "refuted", "Ida", "ida why")
    record_verdict(told.store, told.ids[0], "supported", "Ben", "ben why")
    adjudicate(told.store, told.ids[0], Opinion("supported", "Kim", "kim why"), Gate(sources=0))
    row = said_of(told)
    names = ("first_reviewer", "first_verdict", "first_rationale", "first_reviewed_at")
    assert [row[name] for name in names] == ["Ida", "refuted", "ida why", first.at]
    assert (row["second_reviewer"], row["second_rationale"], row["reviewer"]) == ("Ben", "ben why", "Kim")
    assert (row["adjudicator"], row["agreement"]) == ("Kim", "no")


def test_the_thresholds_are_told_with_their_values(line):
    for content in (claims_csv(line.store), pairs_csv(line.store)):
        said = set(frame(content)["thresholds"])
        strict, loose = RelationSettings().contradiction_threshold, RelationSettings().tension_threshold
        assert len(said) == 1 and f"contradiction_threshold {strict}; tension_threshold {loose}" in said.pop()


def test_a_lone_reviewer_is_the_first_and_agrees_with_nobody(told):
    record_verdict(told.store, told.ids[0], "refuted", "Ida")
    row = said_of(told)
    assert (row["first_reviewer"], row["second_reviewer"], row["agreement"]) == ("Ida", "", "")


def test_nobody_is_said_to_agree_with_a_corrected_verdict(told):
    for who in ("Ida", "Ben"):
        record_verdict(told.store, told.ids[0], "refuted", who)
    assert said_of(told)["agreement"] == "yes"
    finalise(told.store, told.ids[0], "Kim", Gate(rationale=False, sources=0))
    correct(told.store, told.ids[0], Opinion("supported", "Kim"), "We erred.", OPEN)
    row = said_of(told)
    assert (row["verdict"], row["agreement"]) == ("supported", "")
    assert (row["first_verdict"], row["second_verdict"]) == ("refuted", "refuted")


def test_conclusions_in_words_are_not_compared(told):
    for who, words in (("Ida", "It is true."), ("Ben", "It is false.")):
        record_verdict(told.store, told.ids[0], "conclusion", who, words)
    assert said_of(told)["agreement"] == "not comparable"


def test_of_three_who_judged_a_pair_one_breaks_the_agreement(told):
    pair = (told.ids[0], told.ids[4])
    for who, judgement in (("Ida", "not_contradiction"), ("Ben", "contradiction"), ("Kim", "contradiction")):
        record_pair_judgement(told.store, pair, judgement, who)
    row = pair_said_of(told.store, pair)
    assert (row["first_judged_by"], row["first_judgement"]) == ("Ida", "not_contradiction")
    assert (row["second_judged_by"], row["second_judgement"], row["agreement"]) == ("Ben", "contradiction", "no")


def test_of_two_who_judged_a_pair_the_second_is_the_one_who_came_second(told, tmp_path):
    """Of Ida, then Ben, the second was Ida: whoever had not judged last."""
    pair = (told.ids[0], told.ids[4])
    for who, judgement in (("Ida", "contradiction"), ("Ben", "not_contradiction"), ("Ida", "unclear")):
        record_pair_judgement(told.store, pair, judgement, who)
    row = pair_said_of(told.store, pair)
    assert (row["judged_by"], row["judgement"]) == ("Ida", "unclear")
    assert (row["first_judged_by"], row["first_judgement"]) == ("Ida", "unclear")
    assert (row["second_judged_by"], row["second_judgement"]) == ("Ben", "not_contradiction")
    assert row["revision"] == "3"
    other = Store(tmp_path / "other")
    restore_pairs(other, pairs_csv(told.store), "Kim")
    there = pair_said_of(other, pair)
    names = ["judgement", "judged_by", "first_judgement", "first_judged_by", "second_judgement", "second_judged_by"]
    assert there[names].equals(row[names]) and there["revision"] == "3"


def test_a_judgement_that_was_taken_back_counts_in_a_pairs_revision(told):
    pair = (told.ids[0], told.ids[4])
    given = record_pair_judgement(told.store, pair, "contradiction", "Ida")
    withdraw_pair_judgement(told.store, given.id, "Ida")
    row = pair_said_of(told.store, pair)
    assert (row["revision"], row["judged_by"], row["first_judged_by"]) == ("2", "", "")


def test_a_pair_says_which_model_found_what_and_why(told):
    pair = next((row.a.claim_id, row.b.claim_id) for row in all_pairs(told.store).rows if row.link.reasons)
    (stored,) = (row for row in all_pairs(told.store).rows if (row.a.claim_id, row.b.claim_id) == pair)
    row = pair_said_of(told.store, pair)
    assert row["model"] == stored.link.model_id != ""
    assert row["reasons"] == as_text("; ".join(one.words for one in stored.link.reasons)) != ""


def test_a_pair_names_what_was_read_of_either_side(tmp_path):
    line = fake_line(tmp_path / "workspace")
    raw = {}
    for name, words in (("one.txt", "The force vetted Couzens twice."), ("two.txt", "The force did not vet Couzens.")):
        (tmp_path / name).write_text(words)
        raw[words] = hashlib.sha256(words.encode()).hexdigest()
    line.ingest([tmp_path / "one.txt", tmp_path / "two.txt"])
    (row,) = frame(pairs_csv(line.store)).to_dict("records")
    assert [row[f"archive_hash_{side}"] for side in "ab"] == [raw[row[f"text_{side}"]] for side in "ab"]
