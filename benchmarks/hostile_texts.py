"""Texts that are hard to find claims in: each is sound to read, and as long as a search that looks back at all it has
seen for every word would take minutes for, while one that goes through the text once takes seconds."""

from __future__ import annotations

import random
from collections.abc import Callable

_FIRST = ("Anna", "Marit", "Tom", "Ben", "Ida", "Jon", "Eve", "Lena", "Omar", "Ruth")
_PARTS = ("ka", "ro", "ti", "mo", "sel", "bra", "nd", "wen", "la", "dor", "ni", "gu")
LONG = 30_000  # characters of one paragraph
ENDLESS = 100_000
MANY = 1_000  # paragraphs


def _name(rng: random.Random) -> str:
    return f"{rng.choice(_FIRST)} {''.join(rng.choice(_PARTS) for _ in range(3)).title()}"


def _until(length: int, part: Callable[[], str]) -> str:
    """As many parts as it takes to be so long."""
    parts, made = [], 0
    while made < length:
        parts.append(part())
        made += len(parts[-1])
    return "".join(parts)


def opened_quotations(rng: random.Random) -> str:
    """A quotation opened in front of every speaker, and none closed."""
    said = rng.choice(("“he said ", "“said Mary ", "«it fell, he said, "))
    return f"{said * (LONG // len(said))}."


def said_again_and_again(rng: random.Random) -> str:
    """One sentence of nothing but who said it."""
    said = rng.choice(("said Mary, ", "she said, ", "according to Tom Reed, "))
    return f"The wall fell, {said * (LONG // len(said))}on Monday."


def thousands_of_names(rng: random.Random) -> str:
    """One sentence of people, hardly one of them twice."""
    return f"{_until(LONG, lambda: f'{_name(rng)}, ')}and Tom Reed met on Monday, the council said."


def names_who_speak(rng: random.Random) -> str:
    """A quotation of another person in each paragraph, then one of \"she\"."""
    return "\n\n".join(
        f"“The wall fell {number} times,” said {_name(rng)}." if number % 2 else f"“It fell {number} times,” she said."
        for number in range(MANY)
    )


def thousands_of_numbers(rng: random.Random) -> str:
    """One sentence of sums, shares and days."""

    def one() -> str:
        day = f"{rng.randrange(1, 28)} May {rng.randrange(1990, 2025)}"
        return f"{rng.randrange(10**6):,} pounds, {rng.randrange(99)} per cent by {day}, "

    return f"The wall cost {_until(LONG, one)}and nobody paid, he said."


def endless_sentence(rng: random.Random) -> str:
    """One sentence of ENDLESS characters."""
    words = ("the wall", "fell", "and", "Marit Oduya", "said", "that", "nobody", "had paid", "nine million")
    return f"He said that {_until(ENDLESS, lambda: f'{rng.choice(words)} ')}."


def list_without_end(rng: random.Random) -> str:
    """A list that one line opens, with everything in it an item."""
    items = "\n\n".join(f"- The wall number {number} fell on Monday, {_name(rng)} said." for number in range(MANY))
    return f"What fell, the council said:\n\n{items}"


def transcript_without_end(rng: random.Random) -> str:
    """Turns of people who speak, each another."""
    return "\n\n".join(f"{_name(rng).upper()}: The wall fell {number} times." for number in range(MANY))


def posts_without_end(rng: random.Random) -> str:
    """Posts, each signed by somebody else."""
    return "\n\n".join(
        f"The wall fell {number} times. — {_name(rng)} (@mary{number}) May 1, 2020" for number in range(MANY)
    )


def brackets_and_dashes(rng: random.Random) -> str:
    """Asides within asides, none of which ends."""
    aside = rng.choice(("(he said – ", "– who, he said, ", "[“said Mary ("))
    return f"The wall fell {aside * (LONG // len(aside))}."


TEXTS: tuple[Callable[[random.Random], str], ...] = (
    opened_quotations, said_again_and_again, thousands_of_names, names_who_speak, thousands_of_numbers,
    endless_sentence, list_without_end, transcript_without_end, posts_without_end, brackets_and_dashes,
)  # fmt: skip
