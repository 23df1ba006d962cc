"""What a second review keeps from people: it is given without seeing what the first reviewer said, of the claim and of
its pairs."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection, text

HIDDEN = "hidden until the second review is given"
# `workbench.histories.opinions` for the database: what counts by now of the verdicts on a claim `c`, one a line.
COUNTING = """FROM standing_verdicts s WHERE s.claim_id = c.id
    AND s.round = (SELECT max(d.round) FROM standing_verdicts d WHERE d.claim_id = c.id)
    AND s.id > coalesce((SELECT max(d.id) FROM standing_verdicts d
        WHERE d.claim_id = c.id AND d.round = s.round AND d.step IN ('adjudication', 'correction')), 0)"""


def _unseen(seen_by: str) -> str:
    return f"""(c.status = 'second_review' AND (
        SELECT count(DISTINCT s.reviewer) < 2 AND NOT coalesce(max(s.reviewer = {seen_by}), 0) {COUNTING}))"""


# `workbench.review.hidden_from` for the database: true of a claim `c` whose verdicts are to be kept from `:seen_by`
# (NULL: anybody).
UNSEEN = _unseen(":seen_by")
# True of a claim `c` that waits for its second review, whoever looks.
WAITING = _unseen("NULL")


def counted(judgement: str) -> str:
    """A condition for the database: a row `judgement` of judgements of pairs counts in what everybody sees of claims,
    their order and their groups, since neither of its claims waits for a second review."""
    return f"""NOT EXISTS (SELECT 1 FROM claims c WHERE c.id IN ({judgement}.claim_a, {judgement}.claim_b)
        AND {WAITING})"""


def shown(judgement: str) -> str:
    """A condition for the database: a row `judgement` of judgements of pairs is not to be kept from whom the values of
    `kept_from` name. One's own never is."""
    kept = "(SELECT value FROM json_each(:unseen))"
    return f"({judgement}.reviewer IS :seen_by OR NOT ({judgement}.claim_a IN {kept} OR {judgement}.claim_b IN {kept}))"


def kept_from(connection: Connection, reviewer: str | None) -> dict[str, str | None]:
    """The values that `shown` needs; for None, which is the desk itself, nothing is kept back."""
    return {"seen_by": reviewer, "unseen": json.dumps(sorted(unseen_by(connection, reviewer)))}


def unseen_by(connection: Connection, reviewer: str | None, claim_ids: Iterable[str] | None = None) -> frozenset[str]:
    """The claims (of these, where some are named) whose verdicts are to be kept from this person; none for None, which
    is the desk itself."""
    if reviewer is None:
        return frozenset()
    wanted = "" if claim_ids is None else "AND c.id IN (SELECT value FROM json_each(:ids))"
    values = {"seen_by": reviewer} | ({} if claim_ids is None else {"ids": json.dumps(sorted(claim_ids))})
    found = connection.execute(text(f"SELECT c.id FROM claims c WHERE {UNSEEN} {wanted}"), values)
    return frozenset(found.scalars())
