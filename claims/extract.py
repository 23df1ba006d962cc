"""Articles in, claims out."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

import numpy as np

from claims.article import Article, Given, content_hash
from claims.assertions import assertion_of
from claims.attribution import Report, is_first_person, reports_in, reports_read
from claims.byline import provenance_in
from claims.cast import Cast
from claims.checkworthiness import check_worthiness, item_states_something, states_something
from claims.claim import Attribution, Claim, Said, Topic
from claims.headlines import headline_report
from claims.language import PACKAGED, LanguageModel
from claims.layout import LIST_MARK, Paragraph, Role, paragraphs
from claims.lines import plain_line
from claims.periods import periods_in
from claims.polarity import ASSERTED, DENIED, introduced, is_disowned, polarity_of
from claims.posts import find_posts
from claims.quotes import Quote, find_quotes, is_direct, with_both_marks
from claims.reader import Reader
from claims.sentences import sentence_spans, trim
from claims.standalone import stand_alone
from claims.topics import topics_in
from claims.transcripts import Turn, find_turns
from claims.voices import Part, Voices

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

_READ = {Role.BODY, Role.HEADLINE, Role.STANDFIRST, Role.LINKED_HEADLINE}
_LEAST_QUOTED_WORDS = 5
# Goes up with every change that finds other claims in the same text: articles are then read again.
RULES = 11
_WORD = re.compile(r"\w+")
# "Donald J. Trump" signs what the article's Donald Trump says.
_INITIALS = re.compile(r"\b[A-Z]\. (?=[A-Z])")
_ENDS = re.compile(r"[.!?…;]")
# What follows these is a clause, whatever the tagger makes of its words.
_SAYING = {"say", "state", "insist", "argue", "think", "maintain", "warn", "believe"}


@dataclass(frozen=True, slots=True)
class _Draft:
    """A claim before it has an id: article offsets, the sentence it stands in, its kind and source."""

    start: int
    end: int
    sentence: int
    kind: str
    attribution: Attribution


class ClaimExtractor:
    """Reads articles with one spaCy pipeline and one reader, which are loaded at the first article.

    Without a reader, attributions and check-worthiness go by rule.
    """

    def __init__(self, spacy_model: str = PACKAGED, reader: Reader | None = None):
        self.language = LanguageModel(spacy_model)
        self._reader = reader

    @property
    def name(self) -> str:
        """Changes with whatever may change the claims of an article."""
        read_by = f"reader {self._reader.version}" if self._reader else "no reader"
        return f"{self.language.name}, {read_by}, rules {RULES}"

    def extract(self, article: Article) -> list[Claim]:
        """Claims in the order of the text. Every claim's text is the article's slice at its offsets.

        Raises:
            LanguageModelMissing: the pipeline can't be loaded.
            ReaderMissing: the reader's weights can't be loaded.
        """
        return self._reading(article).claims()

    def extract_all(self, articles: Sequence[Article]) -> Iterator[list[Claim]]:
        """The claims of each article, in order; many articles are read in one process a core. Raises as `extract`."""
        from claims.pool import MANY, extract_in_processes

        if len(articles) < MANY:
            return map(self.extract, articles)
        return extract_in_processes(self.language.name, self._reader and self._reader.folder, articles)

    def attributions(self, article: Article) -> list[Said]:
        """Who says what in the body, also where what is said is no claim. Raises as `extract` does."""
        reading = self._reading(article)
        reading.claims()
        return reading.said

    def _reading(self, article: Article) -> _Reading:
        layout = _given(article) if article.given else paragraphs(article.text)
        places = [place for place, part in enumerate(layout) if part.role in _READ]
        texts = [plain_line(layout[place].text) for place in places]
        docs = self.language.read(texts)
        reads = self._reader.read(texts) if self._reader else [None] * len(texts)
        parts = []
        for place, doc, read in zip(places, docs, reads, strict=True):
            reports: list[Report] = []
            sentences = [(0, len(doc.text))]
            if layout[place].role is Role.BODY and not article.given:
                sentences = _without_list_mark(doc.text, sentence_spans(doc))
                reports = reports_in(doc) if read is None else reports_read(doc, read.attributions)
            parts.append(Part(place, layout[place], doc, sentences, reports, read))
        return _Reading(article, layout, parts, self._reader)


def _given(article: Article) -> list[Paragraph]:
    """Ready-made statements as paragraphs."""
    return [
        Paragraph(given.start, given.end, article.text[given.start : given.end], Role.BODY) for given in article.given
    ]


class _Reading:
    """One article while it is read: quotations get their speakers in order, so that "she" means who spoke last."""

    def __init__(self, article: Article, layout: list[Paragraph], parts: list[Part], reader: Reader | None):
        self.article, self.layout, self.parts, self.reader = article, layout, parts, reader
        self.said: list[Said] = []
        self._places = {part.place: at for at, part in enumerate(parts)}
        known = article.provenance
        if not (known.date and known.author):
            known = known.filled_from(provenance_in(article.text))
        self.written = _day(known.date)
        linked = frozenset(part.layout.start for part in parts if part.layout.role is Role.LINKED_HEADLINE)
        self.cast = Cast([(part.layout.start, part.doc) for part in parts], linked)
        for part in parts:
            part.periods = periods_in(part.doc, self.written)
            part.topics = topics_in(part.doc, self.cast, part.periods)
        self.quotes: dict[int, list[Quote]] = {}
        for quote in find_quotes(layout):
            self.quotes.setdefault(quote.paragraph, []).append(quote)
        self.turns = find_turns(layout) | find_posts(layout, article.text)
        self.voices = Voices(parts, self.quotes, self.cast, known.author, self.turns.keys())

    def claims(self) -> list[Claim]:
        counts: Counter[str] = Counter()
        placed = []
        for part in self.parts:
            if self.article.given:
                placed.append((part, self._as_given(part)))
                continue
            drafts = self._headline(part) if part.layout.role is not Role.BODY else self._paragraph(part)
            drafts = sorted(dict.fromkeys(drafts), key=lambda draft: (draft.start, draft.end))
            placed += [(part, draft) for draft in drafts]
        worths = self._worths(placed)
        return [self._claim(part, draft, worth, counts) for (part, draft), worth in zip(placed, worths, strict=True)]

    def _as_given(self, part: Part) -> _Draft:
        """A ready-made statement: what it says and who says it are known."""
        given = self.article.given[part.place]
        kind = "quotation" if given.speaker else "statement"
        return _Draft(given.start, given.end, 0, kind, Attribution(speaker=given.speaker))

    def _worths(self, placed: list[tuple[Part, _Draft]]) -> list[float]:
        """How much each draft deserves a check: by the reader where there is one, else by rule."""
        pooled = [
            part.read.pooled(draft.start - part.layout.start, draft.end - part.layout.start)
            for part, draft in placed
            if part.read is not None
        ]
        if self.reader is None or not pooled:
            return [check_worthiness(self._span(part, draft)) for part, draft in placed]
        return [round(float(worth), 3) for worth in self.reader.worths(np.stack(pooled))]

    @staticmethod
    def _span(part: Part, draft: _Draft) -> Span:
        base = part.layout.start
        return part.doc.char_span(draft.start - base, draft.end - base, alignment_mode="expand")

    # Headlines

    def _headline(self, part: Part) -> list[_Draft]:
        start, line = part.layout.start, part.layout.text
        linked = part.layout.role is Role.LINKED_HEADLINE
        kind = "linked_headline" if linked else "headline"
        report = headline_report(line)
        if report:
            (first, last), (source_start, source_end), (cue_start, cue_end) = report
            source = part.doc.char_span(source_start, source_end, alignment_mode="expand")
            speaker = self.cast.resolve(source, start) or line[source_start:source_end]
            attribution = Attribution(
                speaker, line[cue_start:cue_end], start + cue_start, start + cue_end,
                line[source_start:source_end], start + source_start, start + source_end,
            )  # fmt: skip
            return [_Draft(start + first, start + last, 0, kind, attribution)]
        if any(token.pos_ in {"VERB", "AUX"} for token in part.doc) and len(line.split()) >= 5:
            return [_Draft(start, part.layout.end, 0, kind, Attribution() if linked else self.voices.own)]
        return []

    # Paragraphs

    def _paragraph(self, part: Part) -> list[_Draft]:
        if part.place in self.turns:
            return self._turn(part, self.turns[part.place])
        base = part.layout.start
        sources: dict[int, Attribution] = {}
        drafts: list[_Draft] = []
        quote_sources: list[tuple[Quote, Attribution]] = []
        said: list[tuple[int, int, Attribution]] = []
        reports = _by_sentence(part)
        for number, (start, end) in enumerate(part.sentences):
            for report in reports[number]:
                known = report.cue.i in sources
                hidden = report.nested or self.voices.quoted(part, report.cue.idx)
                if start <= report.cue.idx < end and not known and not hidden:
                    sources[report.cue.i] = self.voices.heard(report, base)
            for quote in self._quotes_from(part, start, end):
                speaker = self.voices.of_quote(quote, part, number, sources, quote_sources)
                quote_sources.append((quote, speaker))
                _join(part.layout.text, base, said, quote, speaker)
            drafts += self._sentence(part, number, reports[number], sources, said)
        self._note_said(part, sources, quote_sources)
        return drafts

    def _quotes_from(self, part: Part, start: int, end: int) -> list[Quote]:
        """The quotations that begin at characters `start` to `end` of a paragraph."""
        quotes, base = self.quotes.get(part.place, []), part.layout.start
        first, last = (bisect_left(quotes, base + place, key=lambda quote: quote.start) for place in (start, end))
        return quotes[first:last]

    def _turn(self, part: Part, turn: Turn) -> list[_Draft]:
        """A paragraph of a transcript: whatever it states, the one whose turn it is says."""
        mention = self.article.text[slice(*turn.name)]
        # The name in capitals may be all that the text has of them.
        called = self.cast.called(_INITIALS.sub("", mention)) or mention
        speaker = called.title() if called.isupper() else called
        attribution = Attribution(speaker, mention=mention, mention_start=turn.name[0], mention_end=turn.name[1])
        end = part.layout.end
        self.said.append(Said(None, turn.name, ((turn.start, end),)))
        drafts = []
        for number, (low, high) in enumerate(part.sentences):
            first = max(low, turn.start - part.layout.start)
            last = high - 1 if part.layout.text[high - 1] in '”"' else high
            clause = part.doc.char_span(first, last, alignment_mode="contract") if first < last else None
            if clause is not None and len(clause.text.split()) >= _LEAST_QUOTED_WORDS and states_something(clause):
                base = part.layout.start
                drafts.append(
                    _Draft(base + clause.start_char, base + clause.end_char, number, "quotation", attribution)
                )
        return drafts

    def _note_said(
        self, part: Part, sources: dict[int, Attribution], quote_sources: list[tuple[Quote, Attribution]]
    ) -> None:
        """Every attribution of a paragraph, with the quotations that belong to it."""
        base = part.layout.start
        of_one: dict[int, list[Quote]] = {}
        for quote, source in quote_sources:
            of_one.setdefault(id(source), []).append(quote)
        reported = {id(source) for source in sources.values()}
        for report in part.reports:
            attribution = sources.get(report.cue.i)
            contents = [(base + start, base + end) for start, end in report.contents]
            if attribution is not None:
                for quote in of_one.get(id(attribution), ()):
                    if not any(start < quote.end and quote.start < end for start, end in contents):
                        contents.append((quote.start, quote.end))
            if contents:
                cue = (base + report.cue_span.start_char, base + report.cue_span.end_char)
                source = report.source and (base + report.source.start_char, base + report.source.end_char)
                self.said.append(Said(cue, source, tuple(contents)))
        for quote, source in quote_sources:
            if id(source) not in reported and source.mention_start is not None and source.mention_end is not None:
                self.said.append(Said(None, (source.mention_start, source.mention_end), ((quote.start, quote.end),)))

    def _sentence(
        self,
        part: Part,
        number: int,
        reports: list[Report],
        sources: dict[int, Attribution],
        said: list[tuple[int, int, Attribution]],
    ) -> list[_Draft]:
        """The claims of a sentence: `reports` are those that reach into it, `said` the quotations so far."""
        quotations = self._quotations(part, number, reports, said)
        quoted = [span for span, _ in quotations]
        drafts = [draft for _, draft in quotations]
        framed = False
        lost: Attribution | None = None
        for report in reports:
            attribution = self._counts(part, number, report, sources)
            if attribution is None:
                continue
            found, frames = self._reported(part, number, report, attribution, quoted)
            drafts += found
            framed = framed or frames
            if not found and attribution.speaker and self._fills(part, number, report):
                lost = attribution
        if not framed:
            drafts += self._whole(part, number, quoted, lost)
        return drafts

    def _quotations(
        self, part: Part, number: int, reports: list[Report], said: list[tuple[int, int, Attribution]]
    ) -> list[tuple[tuple[int, int], _Draft]]:
        """The sentence's quotations that state something, each with its place in the paragraph."""
        base, text = part.layout.start, part.layout.text
        start, end = part.sentences[number]
        found = []
        here = takewhile(lambda one: one[1] > start, reversed(said))
        for low, high, attribution in reversed([*here]):
            span = trim(text, max(start, low), min(end, high))
            if span is None or any(is_disowned(report, *span) for report in reports):
                continue
            clause = part.doc.char_span(*span, alignment_mode="contract")
            if clause is None or len(clause.text.split()) < _LEAST_QUOTED_WORDS or not states_something(clause):
                continue
            if clause[0].is_lower and clause[0].tag_ in {"WDT", "WP", "WP$"}:
                continue
            low, high = _without_outer_commas(text, *span)
            found.append((span, _Draft(base + low, base + high, number, "quotation", attribution)))
        return found

    def _counts(self, part: Part, number: int, report: Report, sources: dict[int, Attribution]) -> Attribution | None:
        """Who says what a report gives in the sentence; None where it gives nothing there that is somebody's."""
        start, end = part.sentences[number]
        contents = any(_within(part.layout.text, place, start, end) for place in report.contents)
        if not start <= report.cue.idx < end and not contents:
            return None
        inside = self.voices.quoted(part, report.cue.idx)
        if inside and is_first_person(report.source):
            return None
        attribution = sources.get(report.cue.i) or self.voices.of_report(report, part.layout.start)
        if is_first_person(report.source) and attribution.speaker == self.voices.own.speaker:
            return None
        return None if not attribution.speaker and (inside or report.source is None) else attribution

    def _reported(
        self, part: Part, number: int, report: Report, attribution: Attribution, quoted: list[tuple[int, int]]
    ) -> tuple[list[_Draft], bool]:
        """The claims that a report makes in a sentence, and whether nothing of it is left for the article's voice."""
        text = part.layout.text
        start, end = part.sentences[number]
        contents = [span for place in report.contents if (span := _within(text, place, start, end))]
        inside = self.voices.quoted(part, report.cue.idx)
        opened_here = start <= report.cue.idx < end
        governs = report.frames and opened_here and not inside
        covers = not inside and _covers(text, report, contents, start, end)
        polarity = polarity_of(report)
        if polarity == DENIED and opened_here:
            span = self._denial(part, number, report, contents)
            denies = span is not None and self._states(part, span)
            quotes = span is None and bool(quoted) and governs
            drafts = [self._draft(part, number, span, attribution)] if denies else []
            return drafts, quotes or denies and (governs or covers)
        if polarity != ASSERTED:
            # "She asked “Who closed it?”": the quotation is all of it.
            own = any(low < last and first < high for low, high in quoted for first, last in contents)
            return [], own and governs
        if opened_here and not inside and any(0 <= low - report.cue_span.end_char <= 4 for low, _ in quoted):
            return [], True
        left = [span for span in contents if not _mostly_in(span, quoted, inside)]
        if not left:
            # "…’ Mary Holt said.": all of what she says stands in the sentence before.
            return [], bool(quoted) and governs or bool(report.contents) and not contents and covers
        if len(left) > 1 and not all(self._states(part, span) for span in left):
            left = [(left[0][0], left[-1][1])]
        clauses = [span for span in left if self._states(part, span) or _is_said_clause(part.doc, report, span)]
        return [self._draft(part, number, span, attribution) for span in clauses], bool(clauses) and (governs or covers)

    def _whole(self, part: Part, number: int, quoted: list[tuple[int, int]], lost: Attribution | None) -> list[_Draft]:
        """The sentence itself: of the one whose words fill it (`lost`), else of the article."""
        start, end = part.sentences[number]
        in_quote = any(low <= start + 2 and end - 2 <= high for low, high in quoted)
        if in_quote or _all_quoted(self, part, start, end):
            return []
        sentence = part.doc.char_span(start, end, alignment_mode="contract")
        item = number == 0 and LIST_MARK.match(part.layout.text)
        if sentence is None or not (states_something(sentence) or item and item_states_something(sentence)):
            return []
        base = part.layout.start
        kind = "reported" if lost else "statement"
        return [_Draft(base + start, base + end, number, kind, lost or self.voices.own)]

    def _fills(self, part: Part, number: int, report: Report) -> bool:
        """Whether a sentence is hardly more than a source, its reporting words and what it asserts, clause or not."""
        start, end = part.sentences[number]
        if (
            self.voices.quoted(part, report.cue.idx)
            or not start <= report.cue.idx < end
            or polarity_of(report) != ASSERTED
        ):
            return False
        contents = [
            span for low, high in report.contents if (span := trim(part.layout.text, max(low, start), min(high, end)))
        ]
        clause = any(_may_state(part, report, span) for span in contents)
        return clause and _covers(part.layout.text, report, contents, start, end)

    def _denial(
        self, part: Part, number: int, report: Report, contents: list[tuple[int, int]]
    ) -> tuple[int, int] | None:
        """Where a denial stands with its reporting words, so that what is denied is never read as what is said.

        None where it says nothing of its own: "…, which denied it".
        """
        text = part.layout.text
        start, end = part.sentences[number]
        contents = [span for span in contents if not introduced(text, span[0])]
        # "Senators rejected the plan" is an act.
        clause = any(self._states(part, span) for span in contents)
        if not clause or report.source is not None and report.source.root.tag_ in {"WP", "WDT"}:
            return None
        spans = [(report.cue_span.start_char, report.cue_span.end_char), *contents]
        spans += [(child.idx, child.idx) for child in report.cue.children if child.dep_ in {"neg", "aux"}]
        source = report.source and (report.source.start_char, report.source.end_char)
        if (
            source
            and start <= source[0]
            and not any(source[1] <= other.cue.idx < report.cue_span.start_char for other in part.reports)
        ):
            spans.append(source)
        low, high = max(start, min(span[0] for span in spans)), min(end, max(span[1] for span in spans))
        words = len(_WORD.findall(text, start, end))
        if not report.nested and len(_WORD.findall(text, low, high)) >= 0.75 * words:
            return start, end
        return with_both_marks(text, low, high)

    def _draft(self, part: Part, number: int, span: tuple[int, int], attribution: Attribution) -> _Draft:
        """A claim of reported speech, or of a quotation where marks stand around all of it."""
        kind = "quotation" if is_direct(part.layout.text, *span) else "reported"
        return _Draft(part.layout.start + span[0], part.layout.start + span[1], number, kind, attribution)

    @staticmethod
    def _states(part: Part, span: tuple[int, int]) -> bool:
        clause = part.doc.char_span(*span, alignment_mode="expand")
        return clause is not None and states_something(clause)

    # Claims

    def _claim(self, part: Part, draft: _Draft, worth: float, counts: Counter[str]) -> Claim:
        text = self.article.text[draft.start : draft.end]
        counts[text] += 1
        base = part.layout.start
        span = self._span(part, draft)
        first, last = part.sentences[draft.sentence]
        lead = self.article.text[base + first : max(base + first, draft.start)]
        rest = self.article.text[draft.end : max(base + last, draft.end)]
        given = self.article.given[part.place] if self.article.given else Given(0, 0)
        return Claim(
            id=content_hash(self.article.id, text, str(counts[text])),
            article_id=self.article.id,
            text=text,
            char_start=draft.start,
            char_end=draft.end,
            paragraph_start=part.layout.start,
            paragraph_end=part.layout.end,
            before=f"{self._neighbour(part, draft.sentence - 1)} {lead}".strip(),
            after=f"{rest} {self._neighbour(part, draft.sentence + 1)}".strip(),
            kind=draft.kind,
            attribution=replace(draft.attribution, role=self.cast.role_of(draft.attribution.speaker)),
            standalone=given.standalone or self._reading_of(text, part, draft, span),
            check_worthiness=worth,
            assertion=assertion_of(span, _cue_of(part, draft), draft.kind == "quotation"),
            topics=_named_in(part, draft),
        )

    def _reading_of(self, text: str, part: Part, draft: _Draft, span: Span) -> str:
        """What stands alone for a claim's `text`: the text itself, to the letter, where there is nothing to name."""
        quoted = self._quoted_words(part, span)
        reading = stand_alone(span, part.layout.start, self.cast, draft.attribution, quoted, part.periods)
        return text if reading == plain_line(text) else reading

    def _quoted_words(self, part: Part, span: Span) -> set[int]:
        return {token.i for token in span if self.voices.quoted(part, token.idx)}

    def _before_the_list(self, at: int) -> int:
        """Place of the first item of the list that holds the part at `at`: what opens a list explains all of it."""
        if LIST_MARK.match(self.parts[at].layout.text):
            while at and LIST_MARK.match(self.parts[at - 1].layout.text):
                at -= 1
        return at

    def _neighbour(self, part: Part, number: int) -> str:
        """The sentence at `number` of this paragraph, else the nearest one of the next read paragraph; "" at an end."""
        at = self._places[part.place]
        if number < 0:
            at, number = self._before_the_list(at) - 1, -1
        elif number >= len(part.sentences):
            at, number = at + 1, 0
        if not 0 <= at < len(self.parts) or not self.parts[at].sentences:
            return ""
        other = self.parts[at]
        start, end = other.sentences[number]
        return other.layout.text[start:end]


def _cue_of(part: Part, draft: _Draft) -> Span | None:
    """The words that report a claim; None where they stand in another paragraph or nowhere."""
    start, end = draft.attribution.cue_start, draft.attribution.cue_end
    base = part.layout.start
    if start is None or end is None or not base <= start < part.layout.end:
        return None
    return part.doc.char_span(start - base, end - base, alignment_mode="expand")


def _named_in(part: Part, draft: _Draft) -> tuple[Topic, ...]:
    """What stands in a claim's own words, each topic once."""
    low, high = draft.start - part.layout.start, draft.end - part.layout.start
    return tuple(dict.fromkeys(topic for start, end, topic in part.topics if start < high and low < end))


def _day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso[:10])
    except ValueError:
        return None


def _within(text: str, span: tuple[int, int], start: int, end: int) -> tuple[int, int] | None:
    """The part of `span` from `start` to `end`; None where hardly a word of it lies there."""
    part = trim(text, max(span[0], start), min(span[1], end)) if span[0] < end and start < span[1] else None
    return part if part is not None and len(text[slice(*part)].split()) > 1 else None


def _covers(text: str, report: Report, contents: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether cue, source and content leave hardly a word of the sentence unread."""
    spans = [*contents, (report.cue_span.start_char, report.cue_span.end_char)]
    if report.source is not None:
        spans.append((report.source.start_char, report.source.end_char))
    words = [match.start() + start for match in _WORD.finditer(text[start:end])]
    left = [word for word in words if not any(low <= word < high for low, high in spans)]
    return len(left) <= 0.25 * len(words)


def _without_list_mark(text: str, sentences: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentences without the bullet or number that makes a list's item of the first."""
    if not sentences or not (mark := LIST_MARK.match(text, sentences[0][0])):
        return sentences
    # The parser may take the mark alone for a sentence.
    first = [(mark.end(), sentences[0][1])] if mark.end() < sentences[0][1] else []
    return [*first, *sentences[1:]]


def _without_outer_commas(text: str, start: int, end: int) -> tuple[int, int]:
    while end > start and text[end - 1] in ",;:":
        end -= 1
    return start, end


def _join(
    text: str, base: int, said: list[tuple[int, int, Attribution]], quote: Quote, attribution: Attribution
) -> None:
    """Adds a quotation to those `said` before it, by its place in the paragraph; one that the reporting words cut in
    two ("“The bridge,” she said, “was never safe”") goes from its first word to its last."""
    low, high = quote.start - base, quote.end - base
    if said and said[-1][2] is attribution and attribution.cue_start is not None:
        first, last, _ = said[-1]
        cut = last <= attribution.cue_start - base < low and text[last - 1] == "," and text[low].islower()
        if cut and not _ENDS.search(text, last, low):
            # With both outer marks, since it holds two inner ones.
            said[-1] = (max(first - 1, 0), min(high + 1, len(text)), attribution)
            return
    said.append((low, high, attribution))


def _by_sentence(part: Part) -> list[list[Report]]:
    """For each sentence of a paragraph the reports whose reporting word or content reaches into it, in their order."""
    starts = [start for start, _ in part.sentences]
    found: list[list[Report]] = [[] for _ in starts]
    for report in part.reports:
        reached: set[int] = set()
        for low, high in ((report.cue.idx, report.cue.idx + 1), *report.contents):
            reached.update(range(max(bisect_right(starts, low) - 1, 0), bisect_left(starts, high)))
        for number in reached:
            found[number].append(report)
    return found


def _is_said_clause(doc: Doc, report: Report, span: tuple[int, int]) -> bool:
    """Whether what stands behind "says" is a clause all the same: the tagger takes "cut" or "trust" for nouns."""
    said = report.cue.lemma_.lower() in _SAYING and report.cue.idx < span[0]
    words = doc.char_span(*span, alignment_mode="expand")
    return said and len(words.text.split()) >= 4 and not words.text.rstrip("”’\"') ").endswith("?")


def _may_state(part: Part, report: Report, span: tuple[int, int]) -> bool:
    """Whether a content may state something though the parse sees no clause in it: "replied that “nobody knows”",
    "found 62% of people trust juries"; not "criticised the bill"."""
    text = part.layout.text
    if report.cue.lemma_.lower() in _SAYING or is_direct(text, *span):
        return True
    if re.search(r"\bthat\W*$", text[: span[0]]):
        return True
    words = [token for token in part.doc.char_span(*span, alignment_mode="expand") if token.is_alpha]
    return any(one.tag_ == "NNS" and two.pos_ == "NOUN" for one, two in pairwise(words))


def _mostly_in(span: tuple[int, int], quoted: list[tuple[int, int]], inside: bool) -> bool:
    """Whether quotations already say what `span` reports; a report inside a quotation is nested and stays."""
    if inside:
        return False
    covered = sum(max(0, min(span[1], high) - max(span[0], low)) for low, high in quoted)
    return covered > 0.6 * (span[1] - span[0])


def _all_quoted(reading: _Reading, part: Part, start: int, end: int) -> bool:
    letters = [at for at in range(start, end) if part.layout.text[at].isalnum()]
    return bool(letters) and sum(reading.voices.quoted(part, at) for at in letters) > 0.9 * len(letters)
