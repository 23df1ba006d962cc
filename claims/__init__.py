"""Articles in, claims out: reading, sentences, attribution, check-worthiness."""

from claims.article import Article, Provenance
from claims.claim import Attribution, Claim, Said, Topic
from claims.extract import ClaimExtractor
from claims.reading import UnreadableArticle, read_articles

__all__ = [
    "Article",
    "Attribution",
    "Claim",
    "ClaimExtractor",
    "Provenance",
    "Said",
    "Topic",
    "UnreadableArticle",
    "read_articles",
]
