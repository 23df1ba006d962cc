"""Which claims a list is to hold, and how the database is asked for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from sqlalchemy import Connection, text

from workbench.attention import STANDING_CONFLICT
from workbench.blind import JUDGED
from workbench.search_words import folded, search_words
from workbench.statuses import STATUSES
from workbench.unseen import COUNTING, UNSEEN

NO_VERDICT = "none"
CHECKABLE = "checkable"
# What nobody can check like a fact: it has not happened, or it is a judgement.
NOT_YET_FACTS = ("prediction", "promise", "opinion")
# True of a claim `c` whose second review is given and says what the first said: it only waits to be made final.
AGREED = f"""(c.status = 'second_review' AND (
    SELECT count(DISTINCT s.reviewer) > 1 {COUNTING}))"""
REVIEWERS_AGREE = "agreed"
# What the list tells apart: the statuses, and of those in second review the ones whose reviewers agree.
STATES = {
    state: words
    for name, label in STATUSES.items()
    for state, words in ((name, label), *([(REVIEWERS_AGREE, "Reviewers agree")] if name == "second_review" else []))
}
# True of a claim `c` that its article yields, or that people have begun to judge.
IN_WORK = "(c.current = 1 OR c.status <> 'unreviewed')"
_SEARCHED = ("text", "standalone", "speaker")
# The index of claims' words holds every three letters in a row; shorter words are looked for claim by claim.
_INDEXED_FROM = 3
# By row numbers, which every index of the claims holds: a count need not read the claims themselves.
_UNJUDGED = "c.rowid NOT IN (SELECT k.rowid FROM standing_verdicts s JOIN claims k ON k.id = s.claim_id)"
NEWEST_VERDICT = "LEFT JOIN verdicts v ON v.id = (SELECT max(id) FROM standing_verdicts WHERE claim_id = c.id) "
_TELLING = "l.who <> m.reviewer AND l.at > m.at AND l.what NOT IN ('assignment', 'seen_again')"
# Claims whose words, others' verdicts, pairs or contradictions changed since somebody's own newest verdict. A claim of
# a pair is either the line's claim or its subject; a contradiction that they judged themselves is no news to them.
CHANGED = f"""SELECT m.claim_id FROM standing_verdicts m JOIN claims k ON k.id = m.claim_id
    WHERE m.reviewer = :changed_for
    AND m.id = (SELECT max(id) FROM standing_verdicts WHERE claim_id = m.claim_id AND reviewer = m.reviewer)
    AND (m.claim_text <> k.text OR NOT k.current OR k.look_again <> ''
        OR EXISTS (SELECT 1 FROM log l WHERE l.claim_id = m.claim_id AND {_TELLING})
        OR EXISTS (SELECT 1 FROM log l WHERE l.subject = m.claim_id AND {_TELLING})
        OR EXISTS (SELECT 1 FROM relations r WHERE (r.claim_a = m.claim_id OR r.claim_b = m.claim_id)
            AND r.found_at > m.at AND +{STANDING_CONFLICT} AND NOT EXISTS (
                SELECT 1 FROM standing_judgements s WHERE s.claim_a = r.claim_a AND s.claim_b = r.claim_b
                AND s.reviewer = m.reviewer)))"""


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims are wanted; None is "any".

    Every word of `search`, and every phrase in quotation marks, must stand in the claim or its speaker's name, whatever
    its capitals and accents. `speaker` "" is the article's own voice; `verdict` is one in its words, as
    `workbench.scales.verdict_key` has it, or "none": no verdict yet; `assertion` "checkable" is any kind but those of
    NOT_YET_FACTS; `topic` is the kind and the name of what the claim is about, "person:Mary Holt"; `assignee` is in
    charge ("": nobody), `reviewer` gave a verdict that stands; `since` and `until` are the first and the last day (ISO
    8601) of the article; with `look_again` only what came up again after it was final; `changed_for` gave a verdict,
    and since then the claim's words, others' verdicts or what speaks against it changed; a verdict that a second review
    keeps from `seen_by` is not found by `verdict`. `status` is one of STATES. Claims that their article no longer
    yields are found only where people's work is asked for. What the machine thinks is kept from `blind_for` until they
    have judged a claim: `has_contradiction` then finds only what they have judged, and `look_again` nothing else for
    what speaks against it.
    """

    search: str = ""
    article_id: str | None = None
    speaker: str | None = None
    verdict: str | None = None
    has_contradiction: bool = False
    assertion: str | None = None
    topic: str | None = None
    status: str | None = None
    outlet: str | None = None
    assignee: str | None = None
    reviewer: str | None = None
    since: str | None = None
    until: str | None = None
    look_again: bool = False
    changed_for: str | None = None
    seen_by: str | None = None
    blind_for: str | None = None

    @property
    def by_people(self) -> bool:
        """Whether only claims are wanted that somebody named has judged: few, and the database knows which."""
        blind = self.has_contradiction and self.blind_for is not None
        return blind or self.reviewer is not None or self.changed_for is not None

    @property
    def of_work(self) -> bool:
        """Whether claims are wanted by what people did with them, which stays, whatever the article holds by now."""
        by_verdict = self.verdict not in (None, NO_VERDICT) or self.reviewer is not None or self.changed_for is not None
        return by_verdict or self.look_again or self.status not in (None, "unreviewed")

    @property
    def asked_once(self) -> bool:
        """Whether the database had better be asked once for all that is found: to count it is as slow as to find it."""
        return self.by_people or any(not _is_indexed(word) for word in search_words(self.search))


ANY = ClaimFilter()


def where_of(wanted: ClaimFilter, few: bool = False) -> tuple[str, str, dict[str, Any]]:
    """The condition of all filters but the search, that of the search, and what both need; `few`: what is found is to
    be looked up and then put in order, not met by walking down the queue."""
    parts, words, values = [], [], {}
    if wanted.changed_for is not None:
        values["changed_for"] = wanted.changed_for
        parts.append(f"c.id IN ({CHANGED})")
    elif wanted.verdict not in (None, NO_VERDICT):
        # Follows from the verdict itself, and tells the database where to begin.
        parts.append("c.id IN (SELECT claim_id FROM verdicts)")
    elif wanted.of_work:
        pass
    elif wanted.assignee:
        parts.append(IN_WORK)
    elif few or wanted.by_people:
        # The "+" keeps SQLite from walking down the whole queue for a few claims that stand at its end.
        parts.append("+c.current = 1")
    else:
        parts.append("c.current = 1")
    sought = search_words(wanted.search)
    if indexed := [folded(word) for word in sought if _is_indexed(word)]:
        values["indexed"] = " ".join('"' + word.replace('"', '""') + '"' for word in indexed)
        words.append("c.rowid IN (SELECT rowid FROM claim_words WHERE claim_words MATCH :indexed)")
    for number, word in enumerate(normalize("NFC", word) for word in sought if not _is_indexed(word)):
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        # SQLite's LIKE takes capital and small letters for the same in ASCII alone.
        ways = {escaped} if word.isascii() else {escaped, escaped.lower(), escaped.upper(), escaped.capitalize()}
        named = {f"word{number}_{place}": f"%{way}%" for place, way in enumerate(sorted(ways))}
        values |= named
        likes = [f"c.{column} LIKE :{name} ESCAPE '\\'" for column in _SEARCHED for name in named]
        words.append(f"({' OR '.join(likes)})")
    values["seen_by"] = wanted.seen_by
    if wanted.status in (REVIEWERS_AGREE, "second_review"):
        parts.append(f"c.status = 'second_review' AND {'' if wanted.status == REVIEWERS_AGREE else 'NOT '}{AGREED}")
    elif wanted.status is not None:
        values["status"] = wanted.status
        parts.append("c.status = :status")
    for name in ("article_id", "speaker", "assignee"):
        if getattr(wanted, name) is not None:
            values[name] = getattr(wanted, name)
            parts.append(f"c.{name} = :{name}")
    if wanted.verdict is not None:
        values["verdict"], _, values["label"] = wanted.verdict.partition(":")
        parts.append(_UNJUDGED if wanted.verdict == NO_VERDICT else "v.verdict = :verdict AND v.label = :label")
        if wanted.verdict != NO_VERDICT and wanted.seen_by is not None:
            parts.append(f"NOT {UNSEEN}")
    if wanted.assertion == CHECKABLE:
        parts.append(f"c.assertion NOT IN ({', '.join(repr(kind) for kind in NOT_YET_FACTS)})")
    elif wanted.assertion is not None:
        values["assertion"] = wanted.assertion
        parts.append("c.assertion = :assertion")
    if wanted.topic is not None:
        values["topic_kind"], _, values["topic_name"] = wanted.topic.partition(":")
        parts.append("c.id IN (SELECT claim_id FROM claim_topics WHERE kind = :topic_kind AND name = :topic_name)")
    if wanted.outlet is not None:
        values["outlet"] = wanted.outlet
        parts.append("c.article_id IN (SELECT id FROM articles WHERE outlet = :outlet)")
    for name, sign in (("since", ">="), ("until", "<=")):
        if getattr(wanted, name) is not None:
            values[name] = getattr(wanted, name)
            parts.append(f"c.article_id IN (SELECT id FROM articles WHERE date <> '' AND date {sign} :{name})")
    if wanted.reviewer is not None:
        values["reviewer"] = wanted.reviewer
        parts.append("c.id IN (SELECT claim_id FROM standing_verdicts WHERE reviewer = :reviewer)")
    if wanted.blind_for is not None:
        values["blind_for"] = wanted.blind_for
    if wanted.look_again:
        parts.append("c.look_again > ''")  # along its index, unlike "<>"
        if wanted.blind_for is not None:
            parts.append(f"(c.blind_look_again <> '' OR c.id IN {JUDGED})")
    if wanted.has_contradiction:
        # As "IS NOT NULL", but counted along its index, and yet (there are many) listed along that of the queue.
        parts.append("likely(c.contradiction >= 0)")
        if wanted.blind_for is not None:
            parts.append(f"c.id IN {JUDGED}")
    return " AND ".join(parts), " AND ".join(words) or "1", values


def _is_indexed(word: str) -> bool:
    return len(folded(word)) >= _INDEXED_FROM


def states(connection: Connection) -> dict[str, int]:
    """How many claims there are of each of STATES: current ones, and those that people are at work on or done with."""
    rows = connection.execute(text("SELECT status, sum(current), count(*) FROM claims GROUP BY 1"))
    found = {status: current if status == "unreviewed" else number for status, current, number in rows}
    agreed = connection.execute(
        text(f"SELECT count(*) FROM claims c WHERE c.status = 'second_review' AND {AGREED}")
    ).scalar_one()
    found[REVIEWERS_AGREE] = agreed
    found["second_review"] = found.get("second_review", 0) - agreed
    return {state: found.get(state, 0) for state in STATES}
