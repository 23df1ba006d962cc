"""Settings: defaults, what a workspace changes, and what is refused."""

from __future__ import annotations

import tomllib
from dataclasses import asdict

import pytest

from embeddings.relations import RelationSettings
from workbench.errors import SettingsError
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
        ("[relations]\nneighbours = 2.5", "neighbours = 2.5; choose a whole number"),
        ("[relations]\nneighbours = true", "neighbours = True; choose a whole number"),
        ("[relations]\nsupport_threshold = 1.5", "support_threshold = 1.5; choose a number from 0 to 1"),
        ("[relations]\nsupport_threshold = nan", "support_threshold = nan; choose a number from 0 to 1"),
        ('[relations]\nsupport_threshold = "high"', "'high'; choose a number from 0 to 1"),
        ("encoder = 3", "encoder = 3; choose a name in quotes"),
        ('encoder = ""', "encoder = ''; choose a name"),
        ("relations = 3", "relations = 3 is not a table"),
        ("encoder = ", "can't read the settings"),
    ],
)
def test_a_bad_setting_is_refused_with_the_valid_choices(tmp_path, text, words):
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path)
    assert words in str(caught.value) and str(tmp_path / "settings.toml") in str(caught.value)
