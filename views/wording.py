"""What numbers and names of the program are called on the screen. Knows nothing of Streamlit."""

from __future__ import annotations

from datetime import date, datetime

from claims.assertions import ASSERTIONS
from workbench.jobs import Job
from workbench.pair_judgements import PAIR_JUDGEMENTS
from workbench.pair_rows import Group, Link, Statement
from workbench.queries import NOT_YET_FACTS
from workbench.rows import ArticleRow, ClaimRow, LogRow, VerdictRow
from workbench.statuses import STATUSES

OWN_VOICE = "The article itself"
KINDS = {
    "statement": "the article’s own words",
    "quotation": "quoted directly",
    "reported": "reported speech",
    "headline": "headline",
    "linked_headline": "headline of another story",
}
FOUND = {
    "contradicts": "a contradiction",
    "supports": "one follows from the other",
    "same_claim": "the same claim",
    "related": "only related",
}
NOT_FOUND = "the machine found nothing between these two"
CHANGED_POSITION = "The same speaker: perhaps a change of position"
LANES = {
    "supports": ("Asserts", "Another source says the same, or something this follows from."),
    "contradicts": ("Denies", "Another source says what can’t be true together with this, or is in tension with it."),
    "related": ("Related", "On the same subject, neither for nor against."),
}
STEPS = {
    "review": "",
    "second_review": "second review",
    "adjudication": "adjudication",
    "correction": "correction",
}
_STRONG, _CLEAR = 0.85, 0.65
_CODED = ("status", "pair_judgement", "judgement_taken_back")  # lines of the log whose values have words


def how_words(kind: str, assertion: str) -> str:
    """How a claim stands in its article, and what it is where it can't be checked like a fact."""
    words = KINDS.get(kind, "")
    return f"{words}, {ASSERTIONS[assertion].lower()}" if assertion in NOT_YET_FACTS else words


def strength(score: float) -> str:
    """A probability in a word."""
    return "strong" if score >= _STRONG else "moderate" if score >= _CLEAR else "unclear"


def contradiction_words(score: float, strict: bool) -> str:
    """How strongly a claim is contradicted, or (not `strict`) only in tension with another one, for the list."""
    what = "contradiction" if strict else "tension"
    return f"Unclear, perhaps a {what}" if score < _CLEAR else f"{strength(score).capitalize()} {what}"


def none_words(compared: bool) -> str:
    """That nothing speaks against a claim, or that nobody knows that yet."""
    return "No contradiction found" if compared else "Not compared yet"


def relation_words(link: Link, judged: bool = False) -> str:
    """What the machine found between two statements, or how they came beside each other: `judged` by people, or set
    there."""
    if link.relation == "contradicts":
        if not link.strict:
            return "In tension"
        return "Can’t both be true" if link.score >= _CLEAR else "May not both be true"
    if link.relation == "same_claim":
        return "Says the same"
    if link.relation == "supports":
        return "Backs this claim" if link.entailment_ba >= link.entailment_ab else "Follows from this claim"
    if not link.relation:
        return NOT_FOUND.capitalize() if judged else "Set beside by hand"
    return "Same subject"


def pair_words(link: Link) -> str:
    """The same where neither statement is "this claim"."""
    return "One follows from the other" if link.relation == "supports" else relation_words(link)


def score_words(link: Link) -> str:
    """How sure the machine is of it: a word, and the number for those who want it."""
    if not link.relation:
        return ""
    if link.relation == "related":
        return f"{'close' if link.score >= _CLEAR else 'loose'} ({link.score:.2f})"
    return f"{strength(link.score)} ({link.score:.2f})"


def reason_words(link: Link) -> str:
    """Why, in one line; empty where no reason is known."""
    return "; ".join(reason.words for reason in link.reasons)


def source_words(one: ClaimRow | Statement) -> str:
    """Who says it: the speaker, else the outlet, else the article."""
    return one.speaker or one.outlet or OWN_VOICE


def said_words(kind: str, cue: str) -> str:
    """How the article attributes a statement: "quoted directly, “said”"."""
    words = KINDS.get(kind, "")
    return f"{words}, “{cue}”" if cue else words


def date_words(iso: str) -> str:
    """24 March 2022; what is no ISO date stays as it is."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {day:%B %Y}"


def time_words(iso: str) -> str:
    """24 March 2022, 16:05 UTC."""
    try:
        at = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def withdrawn_words(row: VerdictRow) -> str:
    """That a verdict stands no more; empty while it stands."""
    return f"taken back {time_words(row.withdrawn_at)}" if row.withdrawn_at else ""


def article_words(article: ArticleRow) -> str:
    """What an article is called."""
    return article.title or article.file_name or "Untitled article"


def group_words(group: Group) -> str:
    """How many statements say the same, and how many sources that makes."""
    others = amount(len(group.statements) - 1, "other statement says", "other statements say")
    return f"{others} the same: {amount(group.sources, 'independent source')} in all."


MEANING = {
    "loading": "Only claims with these words so far: the search by meaning is still being made ready.",
    "failed": "Only claims with these words: the search by meaning could not be made ready, see the server’s log.",
}


def questions_words(number: int, what: str = "claim") -> str:
    """Of how many claims (or pairs) a file and the workspace say different things."""
    claims = amount(number, what)
    return f"Nothing is taken in yet. Of {claims} the file says something else than what stands here; decide for each."


def conflicts_words(number: int, doubtful: int, shown: bool) -> str:
    """How many pairs are listed, in which order, and how many are `doubtful`: among those where `shown`."""
    pairs = amount(number, "pair in conflict", "pairs in conflict")
    rest = f"; {doubtful:,} of them doubtful" if shown else f"; {doubtful:,} doubtful left out"
    order = "contradictions proper before mere tensions, the likelier first"
    return f"{pairs}, {order}{rest if doubtful else ''}"


def kappa_words(value: float | None) -> str:
    """A coefficient of agreement; in words where there is none."""
    return "not defined" if value is None else f"{value:.2f}"


def change_words(row: LogRow) -> str:
    """What a line of the log changed: "Refuted → Supported"."""
    known = {**STATUSES, **PAIR_JUDGEMENTS} if row.what in _CODED else {}
    before, after = (known.get(value, value) or "nothing" for value in (row.before, row.after))
    return f"{before} → {after}" if row.before else after


def kept_back_words(number: int) -> str:
    """What of so many claims the files on the Claims page leave out, and how to get all."""
    waits = f"{amount(number, 'claim')} wait{'s' if number == 1 else ''} for a second review"
    return (
        f"{waits}: what another person said there is not in these files. All of it, to bring into another workspace: "
        "python -m workbench export verdicts.csv"
    )


def amount(number: int, one: str, many: str = "") -> str:
    """1 claim, 1,204 claims."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def seen_words(article: ArticleRow) -> tuple[str, ...]:
    """What else is known of an article's whereabouts: "seen at 2 addresses", "1 copy", "edited once"."""
    return tuple(
        words
        for words, there in (
            (f"seen at {article.appearances} places", article.appearances > 1),
            (f"one of {article.copies + 1} copies of a text", article.copies > 0),
            (f"edited {amount(article.versions, 'time')} since it was first read", article.versions > 0),
        )
        if there
    )


def job_words(job: Job) -> str:
    """What a job is doing: "Judging pairs: 310 of 1,200"."""
    stage = (job.stage or job.state).capitalize()
    return f"{stage}: {job.done:,} of {job.total:,}" if job.total else f"{stage} …"


def job_share(job: Job) -> float:
    """How much of a job's present stage is done, 0 to 1."""
    return min(job.done / job.total, 1.0) if job.total else 0.0


def model_words(models: tuple[str, ...], configured: str) -> str:
    """Which entailment model speaks."""
    if not models:
        return f"Entailment model: {configured}; no pairs judged yet"
    return f"Relations judged by {' and '.join(models)}"
