"""What somebody looks for: the words and phrases of a search, and how words are compared."""

from __future__ import annotations

import re
import unicodedata

# A phrase: between quotation marks of any kind, of which the first begins a word and the last ends one.
_PHRASE = re.compile(r'(?<!\w)["“”„«»]([^"“”„«»]*)["“”„«»](?!\w)')
# What stands around words without being looked for; a percent sign, a § or an @ is.
_AROUND = ".,;:!?¡¿…*'‘’‚‹›\"“”„«»()[]{}-–—"
# Accents, and what has no look: soft hyphens, blanks without width.
_UNHEARD = re.compile("[\u0300-\u036f\u00ad\u200b\u2060\ufeff]+")
# Letters that no accent tells from others, and signs that a keyboard has in one shape alone.
_ALIKE = str.maketrans(
    dict(zip("øłđðı’‘ʼ“”„‐–—", "olddi'''\"\"\"---", strict=True)) | {"æ": "ae", "œ": "oe"}  # fmt: skip
)


def folded(text: str) -> str:
    """The text as a search compares it: without capitals, accents and the shapes of quotation marks and dashes, with
    one blank between words. The database knows it under this name."""
    text = " ".join(text.split()).casefold()
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text).translate(_ALIKE)
    return unicodedata.normalize("NFC", _UNHEARD.sub("", apart)).casefold()


def search_words(search: str) -> list[str]:
    """What must stand in a claim, piece by piece: phrases in quotation marks whole, words without the punctuation
    around them. Where nothing but punctuation is looked for, that."""
    search = search.replace("\0", " ")  # which would end the words where the database reads them
    pieces: list[str] = []
    for place, piece in enumerate(_PHRASE.split(search)):
        pieces += [piece] if place % 2 else piece.split()
    words = [word for piece in pieces if (word := " ".join(piece.split()).strip(_AROUND + " "))]
    return words or search.split()
