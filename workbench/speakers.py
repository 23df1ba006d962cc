"""Who is who across articles: the names speakers go by, merged and split by people.

The text's own name for a speaker is never lost. What people say is a row: "in this article (or everywhere) who is read
as *this* goes by *that*"; the newest row for a name counts, the article's own before the one for everywhere, and a row
that gives a name back to itself undoes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, insert, text

from claims.claim import Claim
from workbench.articles import refresh_contradictions
from workbench.errors import BadName, UnknownArticle, UnknownSpeaker
from workbench.groups import regroup
from workbench.listing import weigh_conflicts
from workbench.log import name_here, write_log
from workbench.people import JUDGE
from workbench.rows import SpeakerRow
from workbench.schema import SpeakerNameRecord
from workbench.search_words import folded, search_words
from workbench.store import Store, now

_LONGEST_NAME = 200


def speakers(store: Store, search: str = "") -> tuple[SpeakerRow, ...]:
    """Everybody who says a current claim, those with most claims first; with `search`, whose name or role holds it."""
    with store.reading() as connection:
        rows = connection.execute(
            text("""SELECT c.speaker AS name, count(*) AS claims, count(DISTINCT c.article_id) AS articles,
                coalesce(json_group_array(DISTINCT c.speaker_read), '[]') AS read_as,
                coalesce(json_group_array(DISTINCT c.role) FILTER (WHERE c.role <> ''), '[]') AS roles,
                coalesce(json_group_array(DISTINCT c.article_id), '[]') AS article_ids
                FROM claims c WHERE c.current AND c.speaker <> '' GROUP BY c.speaker
                ORDER BY count(*) DESC, c.speaker""")
        ).mappings()
        found = [
            SpeakerRow(
                row["name"],
                tuple(sorted(json.loads(row["roles"]), key=len, reverse=True)),
                row["claims"],
                tuple(sorted(json.loads(row["article_ids"]))),
                tuple(sorted(name for name in json.loads(row["read_as"]) if name != row["name"])),
            )
            for row in rows
        ]
    words = [folded(word) for word in search_words(search)]
    return tuple(row for row in found if all(word in folded(" ".join((row.name, *row.roles))) for word in words))


def name_speaker(
    store: Store, speaker: str, name: str, reviewer: str, article_id: str = "", read: str | None = None
) -> int:
    """Lets who goes by `speaker` go by `name`: another speaker's name merges the two, a new one renames.

    With `article_id` only there, which splits two people of one name; with `read` only those whom the texts call that,
    which undoes a merge. Returns how many claims changed; their pairs are judged anew by the next ingest, since who is
    another source may have changed.

    Raises:
        BadName: the name is empty or longer than 200 characters.
        ReviewerMissing: nobody's name stands under it.
        UnknownSpeaker: nobody goes by `speaker` there.
        UnknownArticle: there is no such article.
    """
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME:
        raise BadName(f"a speaker's name has 1 to {_LONGEST_NAME} characters, not {len(name)}")
    reviewer = name_here(store, reviewer)
    with store.writing(JUDGE, reviewer) as connection:
        known = connection.execute(text("SELECT 1 FROM articles WHERE id = :id"), {"id": article_id}).first()
        if article_id and known is None:
            raise UnknownArticle(article_id)
        rows = connection.execute(
            text("""SELECT id, speaker_read, article_id FROM claims WHERE speaker = :speaker AND speaker <> ''
                AND (:article = '' OR article_id = :article) AND (:read IS NULL OR speaker_read = :read)"""),
            {"speaker": speaker, "article": article_id, "read": read},
        ).all()
        if not rows:
            raise UnknownSpeaker(f"nobody goes by {speaker!r} here; the Speakers page lists who does")
        for read in sorted({row.speaker_read for row in rows}):
            connection.execute(
                insert(SpeakerNameRecord).values(
                    read=read, article_id=article_id, name=name, reviewer=reviewer, at=now()
                )
            )
            if not article_id:
                # What was said of single articles about this name is said anew, or it would go on standing before.
                for place in sorted({row.article_id for row in rows if row.speaker_read == read}):
                    if _named_here(connection, read, place):
                        connection.execute(
                            insert(SpeakerNameRecord).values(
                                read=read, article_id=place, name=name, reviewer=reviewer, at=now()
                            )
                        )
        ids = [row.id for row in rows]
        _rename(connection, ids, name)
        write_log(
            connection, reviewer, "speaker", subject=f"in article {article_id}" if article_id else "everywhere",
            before=speaker, after=name,
        )  # fmt: skip
    return len(ids)


def under_their_names(connection: Connection, claims: Sequence[Claim]) -> list[Claim]:
    """Freshly read claims with the names that people gave their speakers."""
    named: dict[tuple[str, str], str] = {
        (row.read, row.article_id): row.name
        for row in connection.execute(text("SELECT read, article_id, name FROM speaker_names ORDER BY id"))
    }
    if not named:
        return list(claims)
    return [
        replace(claim, attribution=replace(claim.attribution, speaker=name))
        if (name := named.get((claim.speaker, claim.article_id), named.get((claim.speaker, ""), claim.speaker)))
        != claim.speaker
        else claim
        for claim in claims
    ]


def _named_here(connection: Connection, read: str, article_id: str) -> bool:
    return (
        connection.execute(
            text("SELECT 1 FROM speaker_names WHERE read = :read AND article_id = :article"),
            {"read": read, "article": article_id},
        ).first()
        is not None
    )


def _rename(connection: Connection, claim_ids: Sequence[str], name: str) -> None:
    """Gives claims another speaker, drops the pairs that are no longer of two sources, and has the rest judged."""
    ids = json.dumps(list(claim_ids))
    connection.execute(
        text(
            """UPDATE claims SET speaker = :name, related_by = NULL WHERE id IN (SELECT value FROM json_each(:ids))"""
        ),
        {"name": name, "ids": ids},
    )
    ends = connection.execute(
        text("""DELETE FROM relations WHERE (claim_a IN (SELECT value FROM json_each(:ids))
                OR claim_b IN (SELECT value FROM json_each(:ids))) AND EXISTS (
                SELECT 1 FROM claims a JOIN claims b ON a.article_id = b.article_id AND a.speaker = b.speaker
                WHERE a.id = relations.claim_a AND b.id = relations.claim_b) RETURNING claim_a, claim_b"""),
        {"ids": ids},
    ).all()
    refresh_contradictions(connection, {end for pair in ends for end in pair})
    regroup(connection)
    if ends:
        weigh_conflicts(connection)
