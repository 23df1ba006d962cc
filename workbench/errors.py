"""What can go wrong in the workbench, one named error for each thing a person can see; str() is one clear sentence."""

from __future__ import annotations

from collections.abc import Iterable


class WorkbenchError(Exception):
    """Base of every error that a person can do something about."""


class SettingsError(WorkbenchError):
    """A settings file that can't be read, or an unknown key or a bad value in it."""


class StoreTooNew(WorkbenchError):
    """The workspace was written by a newer program."""


class StoreLocked(WorkbenchError):
    """Another program has held the database for longer than we wait."""


class StoreDamaged(WorkbenchError):
    """The workspace can't be opened as a database."""


class StoreFull(WorkbenchError):
    """There is no room left for what was to be stored."""


class WorkspaceMissing(WorkbenchError):
    """There is no workspace where one is to be looked at."""


class WorkspaceBusy(WorkbenchError):
    """Another ingest is running in this workspace."""


class UnknownClaim(WorkbenchError):
    """No claim with this id."""

    def __init__(self, claim_ids: Iterable[str]) -> None:
        super().__init__(f"no claim {', '.join(repr(claim_id) for claim_id in claim_ids)} in this workspace")


class UnknownArticle(WorkbenchError):
    """No article with this id."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"no article {article_id!r} in this workspace")


class UnknownJob(WorkbenchError):
    """No job with this id."""


class UnknownVerdict(WorkbenchError):
    """A verdict that is none of VERDICTS."""


class UnknownJudgement(WorkbenchError):
    """A judgement of a pair that is none of PAIR_JUDGEMENTS."""


class NotYours(WorkbenchError):
    """A verdict, or a judgement of a pair, that somebody else gave, or that stands no more."""


class SignInMissing(WorkbenchError):
    """The desk wants to know who is there, and nobody is signed in whom it can know."""


class NotAllowed(WorkbenchError):
    """The person who is signed in may not do this, or not under this name."""


class ReviewerMissing(WorkbenchError):
    """A verdict or judgement without a name under it."""


class BadDate(WorkbenchError):
    """A date that is not ISO 8601."""


class BadLanguage(WorkbenchError):
    """A language that is no tag (BCP 47)."""


class BadName(WorkbenchError):
    """A speaker's name that can't be one."""


class NameTaken(WorkbenchError):
    """A name under which somebody else keeps something; `kept` is what."""

    def __init__(self, said: str, kept: object) -> None:
        super().__init__(said)
        self.kept = kept


class UnknownSpeaker(WorkbenchError):
    """Nobody goes by this name."""


class BadPair(WorkbenchError):
    """Two claim ids that are no pair."""


class UploadRefused(WorkbenchError):
    """An uploaded or pasted text that can't be taken in."""


class ChangedMeanwhile(WorkbenchError):
    """Somebody else changed the claim since the screen was drawn."""


class BadStep(WorkbenchError):
    """A step of the review that the claim's status doesn't allow."""


class GateClosed(WorkbenchError):
    """What the desk asks for before a verdict is final is not all there."""


class BadGate(WorkbenchError):
    """A desk's gate that can't be."""


class WordsMissing(WorkbenchError):
    """A conclusion in words without any."""


class BadAddress(WorkbenchError):
    """A web address that is none."""


class BackupRefused(WorkbenchError):
    """A backup that can't be read, or a place where it can't be put back."""


class ImportRefused(WorkbenchError):
    """A file of verdicts that can't be taken in."""


class ImportUndecided(WorkbenchError):
    """A file that says other things of claims or pairs than the workspace; `questions` is what a person decides."""

    def __init__(self, questions: Iterable[object]) -> None:
        self.questions = tuple(questions)
        number = len(self.questions)
        what = getattr(self.questions[0], "what", "claim") if self.questions else "claim"
        claims = f"1 {what}" if number == 1 else f"{number:,} {what}s"
        super().__init__(
            f"nothing was taken in: the file and this workspace say different things of {claims}; choose here or file "
            "for each"
        )


class ArchiveDamaged(WorkbenchError):
    """What the archive holds under a hash is gone or not what it was."""


class NoOriginal(WorkbenchError):
    """What was read of an article was not kept, or not under this name."""


class WebRefused(WorkbenchError):
    """A web address that can't or may not be read."""


class SiteUnreachable(WebRefused):
    """A web address whose site isn't there, doesn't answer, or stands where nothing may be read."""
