"""Under which thresholds the machine judged: each set of them is kept once, under the hash that stands with the pairs
and judgements."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import Connection, text
from sqlalchemy.dialects.sqlite import insert

from claims.article import content_hash
from embeddings.entailment import is_shipped
from embeddings.judgement import RelationSettings
from embeddings.standing import fitted
from workbench.schema import MetaRecord

_NAME = "settings:"  # before the hash, in the table of small facts
_MARK = "settings "  # before the hash, in what names who judged
_MAIN = {
    "contradiction_threshold": "contradiction",
    "tension_threshold": "tension",
    "conflict_threshold": "either on the scale of readers",
    "score_threshold_in_large": "either’s score in a large collection",
    "support_threshold": "support",
    "same_claim_threshold": "the same",
    "related_threshold": "related",
}
Known = Mapping[str, Mapping[str, float]]


def judged_by(model_ids: Sequence[str], encoder_id: str, settings: RelationSettings) -> str:
    """What names who judged a pair, the models in the order in which they are asked, and by which settings."""
    listed = f", listed by {fitted()}" if any(map(is_shipped, model_ids)) else ""
    return f"{', then '.join(model_ids)}, candidates by {encoder_id}{listed}, {_MARK}{_hash(settings)}"


def keep(connection: Connection, settings: RelationSettings) -> None:
    """Stores the values of settings under their hash, where they are not there yet."""
    values = {"name": _NAME + _hash(settings), "value": json.dumps(asdict(settings))}
    connection.execute(insert(MetaRecord).values(**values).on_conflict_do_nothing())


def known(connection: Connection) -> Known:
    """The values of all settings that this workspace and this program know, by hash."""
    rows = connection.execute(
        text("SELECT substr(name, :length + 1), value FROM meta WHERE substr(name, 1, :length) = :start"),
        {"length": len(_NAME), "start": _NAME},
    ).all()
    shipped = RelationSettings()
    return {_hash(shipped): asdict(shipped)} | {name: json.loads(value) for name, value in rows}


def in_full(judged: str, there: Known) -> str:
    """What names who judged, with every value of its settings where these are known."""
    values = there.get(judged.rpartition(_MARK)[2])
    return f"{judged}: {'; '.join(f'{name} {value}' for name, value in values.items())}" if values else judged


def in_words(judged: str, there: Known) -> str:
    """From where on a pair was called what, and the settings' hash; what names who judged, where they aren't known."""
    name = judged.rpartition(_MARK)[2]
    values = there.get(name)
    if not values:
        return judged
    lines = [f"{words} from {values[key]:.2f}" for key, words in _MAIN.items() if key in values]
    return f"{', '.join(lines)} ({_MARK}{name})"


def _hash(settings: RelationSettings) -> str:
    return content_hash(repr(sorted(asdict(settings).items())))[:8]
