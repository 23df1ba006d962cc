"""Settings: defaults, what a workspace changes, and what is refused."""

from __future__ import annotations

import tomllib
from dataclasses import asdict

import pytest

from embeddings.judgement import RelationSettings
from workbench.errors import SettingsError
from workbench.scales import KNOWN_VERDICTS, VERDICTS
from workbench.settings import DEFAULTS, Settings, load_settings


def test_the_file_of_defaults_says_what_the_program_does(tmp_path):
    assert load_settings(tmp_path) == Settings()
    assert tomllib.loads(DEFAULTS.read_text())["relations"] == asdict(RelationSettings())


def test_a_workspace_changes_only_what_it_names(tmp_path):
    (tmp_path / "settings.toml").write_text('reviewer = "Ida"\n[relations]\nneighbours = 5\nsupport_threshold = 1\n')
    settings = load_settings(tmp_path)
    assert (settings.reviewer, settings.relations.neighbours, settings.relations.support_threshold) == ("Ida", 5, 1)
    assert settings.encoder == Settings().encoder
    assert settings.relations.contradiction_threshold == RelationSettings().contradiction_threshold


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('enconder = "x"', "'enconder'; choose one of encoder, entailment"),
        ("[relations]\nneighbors = 3", "'relations.neighbors'; choose one of neighbours"),
        ("[relations]\nneighbours = 0", "neighbours = 0; choose a whole number from 1 to 1,000"),
        ("[relations]\nnames_to_share = 0.5", "names_to_share = 0.5; choose a whole number from 0 to 1,000"),
        ("[relations]\nnames_to_share = -1", "names_to_share = -1; choose a whole number from 0 to 1,000"),
        ("[relations]\nneighbours = 2.5", "neighbours = 2.5; choose a whole number"),
        ("[relations]\nneighbours = true", "neighbours = True; choose a whole number"),
        ("[relations]\nsupport_threshold = 1.5", "support_threshold = 1.5; choose a number from 0 to 1"),
        ("[relations]\nsupport_threshold = nan", "support_threshold = nan; choose a number from 0 to 1"),
        ('[relations]\nsupport_threshold = "high"', "'high'; choose a number from 0 to 1"),
        ("encoder = 3", "encoder = 3; choose a name in quotes"),
        ('encoder = ""', "encoder = ''; choose a name"),
        ("relations = 3", "relations = 3 is not a table"),
        ("encoder = ", "can't read the settings"),
        ("desk = 3", "desk = 3 is not a table; write it as [desk]"),
        ("[desk]\nblinds = true", "no setting 'desk.blinds'; choose one of scale, labels"),
        ('[desk]\nscale = "metric"', "desk.scale = 'metric'; choose one of standard, averitec, politifact, snopes"),
        ('[desk]\nscale = ["snopes"]', "desk.scale = ['snopes']; choose one of standard"),
        ('[desk]\nblind = "yes"', "desk.blind = 'yes'; choose true or false"),
        ("[desk]\nalways_second_review = 1", "desk.always_second_review = 1; choose true or false"),
        ("[desk]\nsources_before_final = -1", "sources_before_final = -1; choose a whole number from 0 to"),
        ("[desk]\nsources_before_final = 1.5", "sources_before_final = 1.5; choose a whole number from 0 to"),
        ("[desk]\nsources_before_final = true", "sources_before_final = True; choose a whole number from 0 to"),
        ('[desk]\nlabels = "Right"', "desk.labels = 'Right' is not a table; write it as [desk.labels]"),
        ("[desk.labels]", "desk.labels has 0 verdicts; write 1 to 10"),
        (
            "[desk.labels]\n" + "\n".join(f'"Words {at}" = "supported"' for at in range(11)),
            "desk.labels has 11 verdicts; write 1 to 10",
        ),
        ('[desk.labels]\nRight = "ture"', "desk.labels: 'Right' = 'ture'; choose one of supported, mostly_supported"),
        ('[desk.labels]\nRight = ["refuted"]', "desk.labels: 'Right' = ['refuted']; choose one of supported"),
        ('[desk.labels]\n" " = "supported"', "desk.labels: ' ' = 'supported'; choose one of"),
    ],
)
def test_a_bad_setting_is_refused_with_the_valid_choices(tmp_path, text, words):
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path)
    assert words in str(caught.value) and str(tmp_path / "settings.toml") in str(caught.value)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("", {kind.label: name for name, kind in VERDICTS.items()}),
        (
            '[desk]\nscale = "averitec"',
            {
                "Supported": "supported",
                "Refuted": "refuted",
                "Not Enough Evidence": "not_enough_evidence",
                "Conflicting Evidence/Cherrypicking": "conflicting_evidence",
            },
        ),
        (
            '[desk]\nscale = "politifact"',
            {
                "True": "supported",
                "Mostly True": "mostly_supported",
                "Half True": "misleading",
                "Mostly False": "mostly_refuted",
                "False": "refuted",
                "Pants on Fire": "refuted",
            },
        ),
        (
            '[desk]\nscale = "snopes"',
            {
                "True": "supported",
                "Mostly True": "mostly_supported",
                "Mixture": "misleading",
                "Mostly False": "mostly_refuted",
                "False": "refuted",
                "Unproven": "not_enough_evidence",
                "Outdated": "outdated",
                "Miscaptioned": "misleading",
                "Misattributed": "misattributed",
                "Labeled Satire": "not_checkable",
            },
        ),
        ('[desk]\nscale = "conclusion"', {"Conclusion in words": "conclusion"}),
        ('[desk.labels]\n"Holds " = "supported"\n"Made up" = "refuted"', {"Holds": "supported", "Made up": "refuted"}),
        ('[desk]\nscale = "snopes"\n[desk.labels]\nHolds = "supported"', {"Holds": "supported"}),
    ],
)
def test_a_desk_gives_the_verdicts_of_its_scale_each_of_which_stands_for_a_standard_one(tmp_path, text, labels):
    (tmp_path / "settings.toml").write_text(text)
    given = load_settings(tmp_path).desk.scale_labels
    assert [(label.words, label.verdict) for label in given] == list(labels.items())
    assert {label.verdict for label in given} <= set(KNOWN_VERDICTS)
