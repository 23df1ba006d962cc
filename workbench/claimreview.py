"""Verdicts as ClaimReview, schema.org's form for fact-checks, in JSON-LD."""

from __future__ import annotations

import json
import re
from typing import Any

from sqlalchemy import RowMapping, text

from claims.names import BODY_NOUNS
from workbench.articles import PUBLISHED
from workbench.scales import CONCLUSION, KNOWN_VERDICTS, verdict_words
from workbench.settings import Settings
from workbench.store import Store

BEST, WORST = 5, 1
LONGEST_RATING = 150  # letters of a conclusion in words that stand where readers look for the rating
_BODY = re.compile(rf"\b(?:{BODY_NOUNS})\b")
# What would end a <script> element, begin a comment in it, or end a line of JavaScript.
_UNSAFE = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


def claimreview_json(store: Store, settings: Settings) -> bytes:
    """One JSON-LD document in UTF-8: a ClaimReview for the verdict of every claim whose verdict is final or corrected.

    It may stand inside a <script> element as it is. A verdict that stands on no scale ("outdated") has words and no
    number; of a conclusion in words these are its beginning. The publisher is the settings' `publisher`, else the
    reviewer. A corrected verdict names the day of the verdict that was corrected and that of the correction.
    """
    with store.reading() as connection:
        rows = (
            connection.execute(
                text("""
            SELECT v.claim_id, v.claim_text, v.verdict, v.label, v.rationale, v.reviewer, v.at, v.addresses, c.speaker,
                c.role, c.public_note, a.title, a.outlet, a.author, a.date, a.url, v.step,
                (SELECT p.at FROM standing_verdicts p WHERE p.claim_id = v.claim_id AND p.id <= v.id
                    AND p.step <> 'correction' ORDER BY p.id DESC LIMIT 1) AS first_at
            FROM verdicts v JOIN claims c ON c.id = v.claim_id JOIN articles a ON a.id = v.article_id
            WHERE v.id = (SELECT max(id) FROM standing_verdicts WHERE claim_id = v.claim_id)
                AND c.status IN (SELECT value FROM json_each(:published))
            ORDER BY v.id"""),
                {"published": json.dumps(PUBLISHED)},
            )
            .mappings()
            .all()
        )
    graph = [_review(row, settings) for row in rows]
    document = {"@context": "https://schema.org", "@graph": graph}
    return (json.dumps(document, ensure_ascii=False, indent=2).translate(_UNSAFE) + "\n").encode()


def _review(row: RowMapping, settings: Settings) -> dict[str, Any]:
    kind = KNOWN_VERDICTS[row["verdict"]]
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": _rating_words(row)}
    if kind.rating_value is not None:
        rating |= {"ratingValue": kind.rating_value, "bestRating": BEST, "worstRating": WORST}
    if row["rationale"]:
        rating["ratingExplanation"] = row["rationale"]
    if settings.publisher:
        author = {"@type": "Organization", "name": settings.publisher} | _known(url=settings.publisher_url)
    else:
        author = {"@type": "Person", "name": row["reviewer"]}
    review = {
        "@type": "ClaimReview",
        "identifier": row["claim_id"],
        "datePublished": (row["first_at"] or row["at"])[:10],
        "claimReviewed": row["claim_text"],
        "author": author,
        "reviewRating": rating,
        "itemReviewed": _claim(row),
    }
    addresses = json.loads(row["addresses"])
    if addresses:
        review["citation"] = addresses
    corrected_at = row["at"][:10] if row["step"] == "correction" else ""
    return review | _known(dateModified=corrected_at, correction=row["public_note"])


def _rating_words(row: RowMapping) -> str:
    """What readers see as the rating: the verdict in its words, and of a conclusion what was concluded."""
    concluded = " ".join(row["rationale"].split())
    if row["verdict"] != CONCLUSION.name or not concluded:
        return verdict_words(row["verdict"], row["label"])
    if len(concluded) > LONGEST_RATING:
        cut = concluded[:LONGEST_RATING]
        concluded = f"{cut.rpartition(' ')[0] or cut} …"
    return f"{row['label']}: {concluded}" if row["label"] else concluded


def _claim(row: RowMapping) -> dict[str, Any]:
    speaker = row["speaker"]
    claim: dict[str, Any] = {"@type": "Claim", "text": row["claim_text"]} | _known(datePublished=row["date"])
    if speaker:
        is_body = bool(_BODY.search(speaker))
        claim["author"] = {"@type": "Organization" if is_body else "Person", "name": speaker}
        if row["role"] and not is_body:
            claim["author"]["jobTitle"] = row["role"]
    elif row["outlet"]:
        claim["author"] = {"@type": "Organization", "name": row["outlet"]}
    appearance = _known(headline=row["title"], url=row["url"], datePublished=row["date"])
    if row["outlet"]:
        appearance["publisher"] = {"@type": "Organization", "name": row["outlet"]}
    if row["author"]:
        appearance["author"] = {"@type": "Person", "name": row["author"]}
    return claim | {"appearance": {"@type": "NewsArticle"} | appearance} if appearance else claim


def _known(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
