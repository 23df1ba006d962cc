"""A blind desk: nothing tells what the machine thinks of a claim before one has judged it."""

from __future__ import annotations

import csv
import io
import json
from types import SimpleNamespace

import pandas as pd
import pytest

from tests import story
from tests.test_views import opened, sign, words
from workbench.attention import call_again, refresh_contradictions
from workbench.export import claims_csv, claims_jsonl, pairs_csv, workbook
from workbench.figures import over_time, who_contradicts_whom
from workbench.gate import Gate
from workbench.log import log_page
from workbench.pair_judgements import record_pair_judgement
from workbench.pairs import call_back, conflicts
from workbench.queries import ClaimFilter, claim_detail, claim_page
from workbench.review import as_seen_by, correct, finalise, seen_again
from workbench.verdicts import Opinion, record_verdict, withdraw_verdict


@pytest.fixture
def told(tmp_path, monkeypatch) -> story.Told:
    told = story.on_desk(tmp_path, monkeypatch)
    (tmp_path / "settings.toml").write_text("[desk]\nblind = true\n")
    return told


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_order_of_the_list_tells_nothing_of_contradictions(told: story.Told) -> None:
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET check_worthiness = 0.5, blind_attention = 0.5")
    rows = claim_page(told.store, ClaimFilter(blind_for="Ida")).rows
    assert [row.id for row in rows] == [row.id for row in sorted(rows, key=lambda row: (row.article_id, place(row)))]
    assert [row.id for row in claim_page(told.store).rows] != [row.id for row in rows]
    record_verdict(told.store, rows[0].id, "refuted", "Ben")
    after = claim_page(told.store, ClaimFilter(blind_for="Ida")).rows
    assert [row.id for row in after] == [*(row.id for row in rows[1:]), rows[0].id]


def place(row) -> int:
    text = next(article.text for article in (story.LEDGER, story.COAST, story.NOTES) if article.id == row.article_id)
    return text.index(row.text, text.index("\n") + 1)


def test_disputes_stand_in_an_order_that_tells_nothing_of_contradictions(told: story.Told) -> None:
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET check_worthiness = 0.95 WHERE id = ?", (told.ids[3],))
    for claim in (told.ids[0], told.ids[3]):
        record_verdict(told.store, claim, "refuted", "Ida")
        record_verdict(told.store, claim, "supported", "Ben")
    assert [row.id for row in claim_page(told.store, ClaimFilter(status="disputed")).rows][0] == told.ids[0]
    keys = [button.key for button in opened("desk").button if str(button.key).startswith("decide-")]
    assert keys == [f"decide-{told.ids[3]}", f"decide-{told.ids[0]}"]


def test_only_what_one_judged_is_found_as_contradicted(told: story.Told) -> None:
    wanted = ClaimFilter(has_contradiction=True, blind_for="Ida")
    assert claim_page(told.store, wanted).total == 0
    given = record_verdict(told.store, told.ids[0], "refuted", "Ida")
    record_verdict(told.store, told.ids[1], "refuted", "Ben")
    record_verdict(told.store, told.ids[3], "refuted", "Ida")
    assert [row.id for row in claim_page(told.store, wanted).rows] == [told.ids[0]]
    withdraw_verdict(told.store, given.id, "Ida")  # who has judged has seen it
    assert claim_page(told.store, wanted).total == 1


def test_conflicts_and_pictures_hold_only_what_one_judged(told: story.Told) -> None:
    assert conflicts(told.store, blind_for="Ida").total == 0
    assert who_contradicts_whom(told.store, blind_for="Ida").rows == over_time(told.store, "Ida").rows == ()
    record_verdict(told.store, told.ids[2], "refuted", "Ida")
    record_pair_judgement(told.store, (told.ids[1], told.ids[5]), "unclear", "Ida")
    found = conflicts(told.store, blind_for="Ida")
    pairs = {tuple(sorted((told.ids[a], told.ids[b]))) for a, b in ((2, 6), (1, 5))}
    assert {(row.a.claim_id, row.b.claim_id) for row in found.rows} == pairs and found.total == 2
    assert sum(row[2] for row in who_contradicts_whom(told.store, blind_for="Ida").rows) == 4  # either way round
    assert over_time(told.store, "Ida").rows == (("2025-04-02", "The Ellory Ledger", 1, 1),)


def test_files_say_nothing_of_the_machine_on_what_one_has_not_judged(told: story.Told) -> None:
    record_verdict(told.store, told.ids[0], "refuted", "Ida", "because")
    whole = {row["claim_id"]: row for row in table(claims_csv(told.store, "Ida"))}
    blind = {row["claim_id"]: row for row in table(claims_csv(told.store, "Ida", blind=True))}
    assert whole[told.ids[1]]["machine_label"] == "contradicts" and whole[told.ids[1]]["machine_score"]
    assert blind[told.ids[0]] == whole[told.ids[0]]
    for name in ("machine_label", "machine_score", "model", "contradicting_claim_ids", "supporting_claim_ids"):
        assert blind[told.ids[1]][name] == ""
    assert blind[told.ids[1]]["claim_reviewed"] == whole[told.ids[1]]["claim_reviewed"]
    pairs = {(row["claim_a"], row["claim_b"]): row for row in table(pairs_csv(told.store, "Ida", blind=True))}
    mine, other = (pairs[tuple(sorted((told.ids[a], told.ids[b])))] for a, b in ((0, 4), (2, 6)))
    assert mine["score"] == "0.94" and (other["relation"], other["score"], other["reasons"]) == ("", "", "")
    lines = [json.loads(line) for line in claims_jsonl(told.store, "Ida", blind=True).splitlines()]
    assert {line["claim_id"]: line["machine_score"] for line in lines if line["machine_score"]} == {told.ids[0]: 0.94}
    sheets = pd.read_excel(io.BytesIO(workbook(told.store, "Ida", blind=True)), sheet_name=None)
    assert sheets["Claims"]["machine_score"].dropna().tolist() == [0.94]
    assert sorted(sheets["Pairs"]["score"].dropna()) == [0.48, 0.91, 0.94]


def test_the_list_shows_the_machine_to_whoever_judged_though_others_judged_since(told: story.Told) -> None:
    record_verdict(told.store, told.ids[1], "refuted", "Ines Falk")
    record_verdict(told.store, told.ids[1], "refuted", "Ben")
    seen = {row.id: row.mine for row in claim_page(told.store, ClaimFilter(seen_by="Ines Falk")).rows}
    assert [one for one, mine in seen.items() if mine] == [told.ids[1]]
    app = opened("conflicts")
    assert "No pairs in conflict among what you judged." in words(app)
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET related_by = NULL")
    assert "No pairs in conflict among what you judged so far." in words(app.run())
    sign(app)
    assert "2 pairs in conflict" in words(app) and "11 million" not in words(app)
    app.switch_page("views/claims.py").run()
    assert words(app).count("Strong contradiction") == 1
    app.toggle(key="filter-contradicted").set_value(True).run()
    assert "1 claim" in words(app) and "contradicted or in tension, only claims that you judged" in words(app)


def test_a_contradiction_to_a_final_verdict_is_told_only_to_whoever_judged(told: story.Told) -> None:
    """List, board, queue and log told everybody, by "Look again", that the machine had found a contradiction."""
    claim, other = told.ids[3], told.ids[5]
    record_verdict(told.store, claim, "supported", "Ida")
    finalise(told.store, claim, "Ida", Gate(rationale=False, sources=0))

    def seen_by(who: str, **wanted: bool) -> list[tuple[str, str]]:
        rows = claim_page(told.store, ClaimFilter(blind_for=who, seen_by=who, **wanted)).rows
        return [(row.id, row.look_again) for row in rows]

    before = seen_by("Ben")
    found = SimpleNamespace(claim_a=claim, claim_b=other, relation="contradicts")
    with told.store.writing() as connection:
        assert call_back(connection, [found]) == 1
        refresh_contradictions(connection, [claim])
    assert seen_by("Ben") == before and seen_by("Ben", look_again=True) == []
    ((mine, why),) = seen_by("Ida", look_again=True)
    assert mine == claim and why.startswith("Tomas Brandvold: ")
    with told.store.writing() as connection:
        call_again(connection, claim, "a letter came")
        refresh_contradictions(connection, [claim])
    assert seen_by("Ben", look_again=True) == [(claim, "a letter came")] and seen_by("Ben") != before
    assert seen_by("Ida", look_again=True) == [(claim, f"{why}\na letter came")]
    app = opened("claim", claim=claim)
    app.text_input(key="reviewer").set_value("Ida").run()
    assert "a letter came" in words(app) and "since the verdict was final: Tomas" in words(app)
    app.text_input(key="reviewer").set_value("Ben").run()
    assert "a letter came" in words(app) and "since the verdict was final: Tomas" not in words(app)
    assert not [button for button in app.button if str(button.key).startswith("seen-")]
    seen_again(told.store, claim, "Ida")
    assert seen_by("Ben") == seen_by("Ida") == before
    line = log_page(told.store, what="seen_again").rows
    assert as_seen_by(told.store, line, "Ben", blind=True)[0].before == ""
    assert as_seen_by(told.store, line, "Ida", blind=True) == as_seen_by(told.store, line, "Ben") == line


def test_taking_a_correction_back_tells_nobody_more_than_they_knew(told: story.Told) -> None:
    claim = told.ids[3]
    record_verdict(told.store, claim, "supported", "Ida")
    finalise(told.store, claim, "Ida", Gate(rationale=False, sources=0))
    with told.store.writing() as connection:
        call_again(connection, claim, "Coast Radio: nobody did", of_pair=True)
    given = correct(told.store, claim, Opinion("refuted", "Ida", "so"), "We erred.", Gate(rationale=False, sources=0))
    with told.store.writing() as connection:
        call_again(connection, claim, "Jon Pask: somebody did", of_pair=True)
        call_again(connection, claim, "a letter came")
    withdraw_verdict(told.store, given.id, "Ida")
    detail = claim_detail(told.store, claim)
    assert detail.look_again.splitlines() == ["Coast Radio: nobody did", "Jon Pask: somebody did", "a letter came"]
    assert detail.blind_look_again == "a letter came"
