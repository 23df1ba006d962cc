"""How strongly a claim is contradicted, and its place in the queue. What people say of a pair goes before what the
machine found: a pair that they call a contradiction counts whole, one that they set aside not at all. While a claim
waits for its second review, what was said of its pairs counts for nothing: whoever is to judge unseen would see it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from sqlalchemy import Connection, text

from workbench.unseen import counted

DISMISSED = ("not_contradiction", "same_claim")  # judgements after which a pair is no conflict any more
_DISMISSED = ", ".join(map(repr, DISMISSED))
Condition = Callable[[str], str]  # of a row of judgements, by its name: `workbench.unseen.counted` or `shown`


def _newest_judgement(counts: Condition) -> str:
    return f"""(SELECT j.judgement FROM standing_judgements j WHERE j.claim_a = r.claim_a
        AND j.claim_b = r.claim_b AND {counts("j")} ORDER BY j.id DESC LIMIT 1)"""


def _is_newest(counts: Condition) -> str:
    return f"""{counts("p")} AND NOT EXISTS (SELECT 1 FROM standing_judgements n
        WHERE n.claim_a = p.claim_a AND n.claim_b = p.claim_b AND n.id > p.id AND {counts("n")})"""


def standing_conflict(counts: Condition) -> str:
    """For the database: the machine calls a relation `r` a contradiction, and the newest judgement that `counts` does
    not set it aside."""
    return f"r.relation = 'contradicts' AND coalesce({_newest_judgement(counts)}, '') NOT IN ({_DISMISSED})"


def found_by_people(counts: Condition) -> str:
    """Pairs of current claims that people call a contradiction and the machine doesn't: as rows of `relations`, with
    what it found instead where it found anything."""
    return f"""FROM standing_judgements p
        JOIN claims pa ON pa.id = p.claim_a AND pa.current JOIN claims pb ON pb.id = p.claim_b AND pb.current
        LEFT JOIN relations r ON r.claim_a = p.claim_a AND r.claim_b = p.claim_b
        WHERE p.judgement = 'contradiction' AND {_is_newest(counts)} AND coalesce(r.relation, '') <> 'contradicts'"""


def set_aside(counts: Condition) -> str:
    """Pairs that the machine calls a contradiction and people set aside."""
    return f"""FROM standing_judgements p JOIN relations r ON r.claim_a = p.claim_a AND r.claim_b = p.claim_b
        WHERE +r.relation = 'contradicts' AND p.judgement IN ({_DISMISSED}) AND {_is_newest(counts)}"""


# What everybody is shown alike: the newest judgement that counts of a pair `r`, and the two conditions above.
NEWEST_JUDGEMENT = _newest_judgement(counted)
STANDING_CONFLICT = standing_conflict(counted)
FOUND_BY_PEOPLE = found_by_people(counted)
LOOSE = 0.5  # what the strength of a mere tension counts beside that of a contradiction proper
# More than the most that a claim can deserve, so that no judged one comes beside those that nobody has judged.
_JUDGED = 2
# The "+" keeps SQLite from going through every contradiction of the workspace for each claim, by the index on
# `relation`, where the claim's own pairs are few.
_REFRESH = f"""
    UPDATE claims SET contradiction =
            iif(coalesce(said, proper, 0.0) >= coalesce(loose * {LOOSE}, 0.0), coalesce(said, proper), loose),
        contradiction_strict = coalesce(coalesce(said, proper) >= coalesce(loose * {LOOSE}, 0.0), 0),
        attention = max(coalesce(said, proper, 0.0), coalesce(loose * {LOOSE}, 0.0)) * check_worthiness
            - {_JUDGED} * (status <> 'unreviewed' AND look_again = ''),
        blind_attention = check_worthiness - {_JUDGED} * (status <> 'unreviewed' AND blind_look_again = '')
    FROM (SELECT w.value AS wanted,
            (SELECT 1.0 FROM standing_judgements r
                JOIN claims o ON o.id = iif(r.claim_a = w.value, r.claim_b, r.claim_a) AND o.current
                WHERE (r.claim_a = w.value OR r.claim_b = w.value) AND r.judgement = 'contradiction'
                AND {NEWEST_JUDGEMENT} = 'contradiction' LIMIT 1) AS said,
            (SELECT max(r.score) FROM relations r WHERE (r.claim_a = w.value OR r.claim_b = w.value)
                AND r.strict AND +{STANDING_CONFLICT}) AS proper,
            (SELECT max(r.score) FROM relations r WHERE (r.claim_a = w.value OR r.claim_b = w.value)
                AND +{STANDING_CONFLICT}) AS loose
          FROM json_each(:ids) w)
    WHERE claims.id = wanted"""


def refresh_contradictions(connection: Connection, claim_ids: Iterable[str]) -> None:
    """Works out anew, from relations, judgements and status, how strongly these claims are contradicted and how much
    they deserve a look: what somebody has judged comes after everything that nobody has."""
    connection.execute(text(_REFRESH), {"ids": json.dumps(sorted(set(claim_ids)))})


def call_again(connection: Connection, claim_id: str, why: str, of_pair: bool = False) -> None:
    """Notes on a claim that it is to be looked at again, beside what was noted before, a line each; where that is new,
    the claim has changed for whoever has it on the screen. Its place in the queue is left to `refresh_contradictions`.
    `of_pair`: it tells of a contradiction, which a blind desk keeps from whoever has not judged the claim.
    """
    connection.execute(
        text(f"""UPDATE claims SET {_one_more("look_again")}, revision = revision + 1
                {"" if of_pair else f", {_one_more('blind_look_again')}"}
            WHERE id = :id AND instr(char(10) || look_again || char(10), char(10) || :why || char(10)) = 0"""),
        {"why": " ".join(why.split()), "id": claim_id},
    )


def _one_more(lines: str) -> str:
    return f"{lines} = iif({lines} = '', :why, {lines} || char(10) || :why)"


def judged_with(connection: Connection, claim_ids: Iterable[str]) -> set[str]:
    """The other claims of the pairs of these that people judged."""
    rows = connection.execute(
        text("""SELECT p.claim_a, p.claim_b FROM json_each(:ids) w
            JOIN pair_judgements p ON p.claim_a = w.value OR p.claim_b = w.value"""),
        {"ids": json.dumps(sorted(set(claim_ids)))},
    )
    return {claim_id for row in rows for claim_id in row} - set(claim_ids)
