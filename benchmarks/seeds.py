"""What the whole line makes of hand-read pairs: claims, speakers, and the heading and rank a reviewer would see.

The file has the form of ``seed_relations.json``. The statements shown for a claim count lane by lane: all under Denies,
then Asserts, then Related.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.gold import Gold, GoldPair, Side, claims_by_article, line_on, overlapping, read_gold
from claims import Claim

HEADING = {"contradicts": "contradicts", "supports": "supports"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """Lines for people and the counts, see the module's text."""
    gold = read_gold(args.file)
    claims = claims_by_article(gold)
    sides = [side for pair in gold.pairs for side in (pair.a, pair.b)]
    named = [side for side in sides if side.speaker is not None]
    furniture = furniture_claims(gold, claims)
    lines = [f"furniture among the claims: {text!r}" for text in furniture]
    found = {
        "pairs": len(gold.pairs),
        "sides_found": sum(bool(overlapping(side, claims[side.seed])) for side in sides),
        "speakers_named": len(named),
        "speakers_right": sum(speaker_right(side, claims[side.seed]) for side in named),
        "first_ten": 0,
        "right_heading": 0,
        "contradicts_pairs": sum(pair.relation == "contradicts" for pair in gold.pairs),
        "contradicts_first_three": 0,
        "furniture_claims": len(furniture),
    }
    for side in named:
        if not speaker_right(side, claims[side.seed]):
            said = [claim.speaker for claim in overlapping(side, claims[side.seed])]
            lines.append(f"speaker of {side.quote!r}: {said}, should be {side.speaker!r}")
    with line_on(gold) as store:
        for pair in gold.pairs:
            shown = best_showing(store, pair, claims)
            lines += describe(pair, shown)
            if shown is None:
                continue
            heading, rank, overall, _ = shown
            ten = overall <= 10
            found["first_ten"] += ten
            found["right_heading"] += ten and heading == HEADING[pair.relation]
            found["contradicts_first_three"] += pair.relation == heading == "contradicts" and rank <= 3
    return lines, found


def speaker_right(side: Side, claims: list[Claim]) -> bool:
    """Whether the claim that fits `side` best, or one nested in the same words, has the speaker that gold names."""
    hits = [claim for claim in overlapping(side, claims) if claim.char_start <= side.start + 2]
    return any(claim.speaker == side.speaker for claim in hits[:2])


def furniture_claims(gold: Gold, claims: dict[str, list[Claim]]) -> list[str]:
    """Claims that overlap a stretch of text which gold says is the page's own matter."""
    found = []
    for name, texts in gold.furniture.items():
        article = gold.articles[name].read_text(encoding="utf-8")
        for text in texts:
            start = article.find(text)
            while start >= 0:
                # A heading such as "Comments" may stand inside a word of the body; only whole lines are furniture.
                line_start = article.rfind("\n", 0, start) + 1
                if not article[line_start:start].strip() or len(text.split()) > 1 or "/" in text:
                    end = start + len(text)
                    found += [c.text for c in claims[name] if c.char_start < end and start < c.char_end]
                start = article.find(text, start + 1)
    return found


def best_showing(store, pair: GoldPair, claims: dict[str, list[Claim]]) -> tuple[str, int, int, object] | None:
    """Heading, rank under it, rank on the page and the row where either side's page shows the other side best."""
    from workbench.pairs import related

    best = None
    for near, far in ((pair.a, pair.b), (pair.b, pair.a)):
        wanted = {claim.id for claim in overlapping(far, claims[far.seed])}
        for claim in overlapping(near, claims[near.seed]):
            groups, before = related(store, claim.id), 0
            for heading in ("contradicts", "supports", "related"):
                rows = getattr(groups, heading)
                for rank, row in enumerate(rows, 1):
                    if row.other.claim_id in wanted:
                        showing = (heading, rank, before + rank, row)
                        if best is None or _better(showing, best, pair.relation):
                            best = showing
                before += len(rows)
    return best


def _better(one: tuple, other: tuple, relation: str) -> bool:
    return (one[0] == HEADING[relation], -one[2]) > (other[0] == HEADING[relation], -other[2])


def describe(pair: GoldPair, shown: tuple[str, int, int, object] | None) -> list[str]:
    """The pair with what the program said of it."""
    lines = [f"{pair.id} ({pair.relation})", f"  a: {pair.a.quote}", f"  b: {pair.b.quote}"]
    if shown is None:
        return [*lines, "  not shown"]
    heading, rank, overall, row = shown
    link = row.link
    return [
        *lines,
        f"  shown under {heading}, {rank}. there, {overall}. on the page; similarity {link.similarity:.2f}, "
        f"contradiction {link.contradiction:.2f}, tension {link.tension:.2f}, "
        f"entailment {link.entailment_ab:.2f} / {link.entailment_ba:.2f}",
    ]
