"""The sources behind the evidence of verdicts, and how many of them are independent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from sqlalchemy import Connection, text

from workbench.rows import VerdictRow


def evidence_sources(connection: Connection, claim_id: str, verdicts: Sequence[VerdictRow]) -> int:
    """How many independent sources the evidence of these verdicts on a claim has: of the statements (copies and one
    speaker's repeats count once) and of the web addresses (one for each site).

    What has the claim's own source adds none, nor does a site where the claim or one of the statements stands.
    """
    from embeddings.groups import Said, independent_sources
    from workbench.queries import statements_of  # the reads build on the verdicts

    ids = list(dict.fromkeys(other for row in verdicts for other in row.evidence))
    found = statements_of(connection, [claim_id, *ids]).values()
    said = [Said(row.text, row.speaker, row.outlet, row.story) for row in found]
    known = _hosts(_places(connection, [claim_id, *ids]))
    named = _hosts(address for row in verdicts for address in row.addresses)
    others = independent_sources(said) - 1  # the claim's own
    return others + len(_sites(host for host in named if not any(_akin(host, own) for own in known)))


def _places(connection: Connection, claim_ids: Sequence[str]) -> list[str]:
    """Where the articles of these claims, and the copies of these articles, were seen: web addresses and paths."""
    return list(
        connection.execute(
            text("""WITH own AS (SELECT a.id, a.story_id FROM claims c JOIN articles a ON a.id = c.article_id
                    WHERE c.id IN (SELECT value FROM json_each(:ids))),
                alike AS (SELECT id FROM own UNION SELECT o.id FROM own JOIN articles o
                    ON o.story_id = own.story_id WHERE own.story_id <> '')
                SELECT a.url FROM alike JOIN articles a ON a.id = alike.id
                UNION SELECT p.place FROM alike JOIN appearances p ON p.article_id = alike.id"""),
            {"ids": json.dumps(list(claim_ids))},
        ).scalars()
    )


def _hosts(addresses: Iterable[str]) -> set[str]:
    """The hosts of those that are web addresses."""
    hosts = set()
    for address in addresses:
        try:
            parts = urlsplit(address)
            host = parts.hostname if parts.scheme.lower() in ("http", "https") else None
        except ValueError:
            continue
        if host:
            hosts.add(host.rstrip(".").removeprefix("www."))
    return hosts


def _sites(hosts: Iterable[str]) -> set[str]:
    """Of hosts, those that belong to no other of them: ``a.example`` of this and ``news.a.example``."""
    every = set(hosts)
    return {host for host in every if not any(host.endswith(f".{other}") for other in every)}


def _akin(host: str, other: str) -> bool:
    return host == other or host.endswith(f".{other}") or other.endswith(f".{host}")
