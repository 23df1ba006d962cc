"""What models say of pairs: a small one of all of them, a larger one of those that are near a conflict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from embeddings.entailment import EntailmentModel
from embeddings.judgement import Pair, RelationSettings, Scores
from embeddings.pair_scale import conflict_of


@dataclass(frozen=True, slots=True)
class Opinion:
    """What was said of a pair in both directions, and the model that said it."""

    scores: Scores
    model: EntailmentModel


def opinions_on(
    pairs: Sequence[Pair], settings: RelationSettings, model: EntailmentModel, second: EntailmentModel | None
) -> list[Opinion]:
    """One opinion a pair of claims, in order: that of `second` where what `model` said is near a conflict, and `second`
    could find one."""
    near = settings.nearly()

    def doubtful(place: int, scores: Scores) -> bool:
        return pairs[place].in_conflict(scores, near, model) and pairs[place].can_clash(settings, second)

    return opinions([(pair.one.standalone, pair.other.standalone) for pair in pairs], model, second, doubtful)


def opinions(
    pairs: Sequence[tuple[str, str]],
    model: EntailmentModel,
    second: EntailmentModel | None,
    doubtful: Callable[[int, Scores], bool],
) -> list[Opinion]:
    """One opinion a pair of texts, in order: that of `model`, or of `second` where there is one and `doubtful(place,
    scores)` says so of what `model` said."""
    found = [Opinion(scores, model) for scores in both_directions(pairs, model)]
    if second is None:
        return found
    places = [place for place, opinion in enumerate(found) if doubtful(place, opinion.scores)]
    for place, scores in zip(places, both_directions([pairs[place] for place in places], second), strict=True):
        found[place] = Opinion(scores, second)
    return found


def both_directions(pairs: Sequence[tuple[str, str]], model: EntailmentModel) -> list[Scores]:
    """What `model` says of each pair, either way round, in order."""
    if not pairs:
        return []
    scores = model.score([*pairs, *((other, one) for one, other in pairs)])
    return list(zip(scores[: len(pairs)], scores[len(pairs) :], strict=True))


def near_conflict(_place: int, scores: Scores) -> bool:
    """Whether two texts of which nothing else is known are doubtful, at the shipped settings."""
    contradiction, tension = conflict_of(*scores)
    lines = RelationSettings().nearly()
    return contradiction >= lines.contradiction_threshold or tension >= lines.tension_threshold
