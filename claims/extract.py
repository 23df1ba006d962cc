"""Articles in, claims out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from claims.article import Article, Given, content_hash
from claims.assertions import assertion_of
from claims.attribution import Report, headline_report, is_first_person, reports_in, reports_read
from claims.byline import provenance_in
from claims.cast import Cast
from claims.checkworthiness import check_worthiness, states_something
from claims.claim import Attribution, Claim, Said, Topic
from claims.language import PACKAGED, LanguageModel
from claims.layout import Paragraph, Role, paragraphs
from claims.names import FIRST_PERSON
from claims.quotes import Quote, find_quotes
from claims.reader import Reader, ReadParagraph
from claims.sentences import sentence_spans, trim
from claims.standalone import stand_alone
from claims.topics import topics_in
from claims.transcripts import Turn, find_turns

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

_READ = {Role.BODY, Role.HEADLINE, Role.STANDFIRST, Role.LINKED_HEADLINE}
_LEAST_QUOTED_WORDS = 5
# Goes up with every change that finds other claims in the same text: articles are then read again.
RULES = 7
_WORD = re.compile(r"\w+")
# "…” — Mary Holt": the name behind a quotation that stands for itself.
_SIGNED = re.compile(r"[”\"’']?\s*[―—–-]+\s*(?P<name>[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){1,4})\s*\.?$")


@dataclass(slots=True)
class _Part:
    """A paragraph that is read: its layout, its parse, its sentences and reports (offsets within the paragraph)."""

    place: int
    layout: Paragraph
    doc: Doc
    sentences: list[tuple[int, int]]
    reports: list[Report]
    read: ReadParagraph | None
    topics: list[tuple[int, int, Topic]] = field(default_factory=list)


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
        texts = [layout[place].text for place in places]
        docs = self.language.read(texts)
        reads = self._reader.read(texts) if self._reader else [None] * len(texts)
        parts = []
        for place, doc, read in zip(places, docs, reads, strict=True):
            reports: list[Report] = []
            sentences = [(0, len(doc.text))]
            if layout[place].role is Role.BODY and not article.given:
                sentences = sentence_spans(doc)
                reports = reports_in(doc) if read is None else reports_read(doc, read.attributions)
            parts.append(_Part(place, layout[place], doc, sentences, reports, read))
        return _Reading(article, layout, parts, self._reader)


def _given(article: Article) -> list[Paragraph]:
    """Ready-made statements as paragraphs."""
    return [
        Paragraph(given.start, given.end, article.text[given.start : given.end], Role.BODY) for given in article.given
    ]


class _Reading:
    """One article while it is read: quotations get their speakers in order, so that "she" means who spoke last."""

    def __init__(self, article: Article, layout: list[Paragraph], parts: list[_Part], reader: Reader | None):
        self.article, self.layout, self.parts, self.reader = article, layout, parts, reader
        self.said: list[Said] = []
        self.written = _day(article.provenance.date or provenance_in(article.text).date)
        linked = frozenset(part.layout.start for part in parts if part.layout.role is Role.LINKED_HEADLINE)
        self.cast = Cast([(part.layout.start, part.doc) for part in parts], linked)
        for part in parts:
            part.topics = topics_in(part.doc, self.cast, self.written)
        self.quotes: dict[int, list[Quote]] = {}
        for quote in find_quotes(layout):
            self.quotes.setdefault(quote.paragraph, []).append(quote)
        self.turns = find_turns(layout)
        author = article.provenance.author or provenance_in(article.text).author
        self.own_voice = Attribution(speaker=author if author and self._in_first_person() else "")
        self.last_quote_source = Attribution()
        self.last_source = Attribution()

    def claims(self) -> list[Claim]:
        counts: Counter[str] = Counter()
        placed = []
        for part in self.parts:
            if self.article.given:
                placed.append((part, self._as_given(part)))
                continue
            drafts = self._headline(part) if part.layout.role is not Role.BODY else self._paragraph(part)
            placed += [(part, draft) for draft in sorted(set(drafts), key=lambda draft: (draft.start, draft.end))]
        worths = self._worths(placed)
        return [self._claim(part, draft, worth, counts) for (part, draft), worth in zip(placed, worths, strict=True)]

    def _as_given(self, part: _Part) -> _Draft:
        """A ready-made statement: what it says and who says it are known."""
        given = self.article.given[part.place]
        kind = "quotation" if given.speaker else "statement"
        return _Draft(given.start, given.end, 0, kind, Attribution(speaker=given.speaker))

    def _worths(self, placed: list[tuple[_Part, _Draft]]) -> list[float]:
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
    def _span(part: _Part, draft: _Draft) -> Span:
        base = part.layout.start
        return part.doc.char_span(draft.start - base, draft.end - base, alignment_mode="expand")

    def _in_first_person(self) -> bool:
        """Whether the article speaks as "I" or "we" outside its quotations: a column, whose author is its speaker."""
        return any(
            token.lower_ in FIRST_PERSON and token.tag_ in {"PRP", "PRP$"} and not self._quoted(part, token.idx)
            for part in self.parts
            if part.layout.role is Role.BODY
            for token in part.doc
        )

    def _quoted(self, part: _Part, offset: int) -> bool:
        place = part.layout.start + offset
        return any(quote.start <= place < quote.end for quote in self.quotes.get(part.place, ()))

    # Headlines

    def _headline(self, part: _Part) -> list[_Draft]:
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
            return [_Draft(start, part.layout.end, 0, kind, Attribution() if linked else self.own_voice)]
        return []

    # Paragraphs

    def _paragraph(self, part: _Part) -> list[_Draft]:
        if part.place in self.turns:
            return self._turn(part, self.turns[part.place])
        base = part.layout.start
        sources: dict[int, Attribution] = {}
        drafts: list[_Draft] = []
        quote_sources: list[tuple[Quote, Attribution]] = []
        for number, (start, end) in enumerate(part.sentences):
            for report in part.reports:
                known = report.cue.i in sources
                if start <= report.cue.idx < end and not known and not self._quoted(part, report.cue.idx):
                    sources[report.cue.i] = self._spoken(report, base)
            for quote in self.quotes.get(part.place, ()):
                if start <= quote.start - base < end:
                    quote_sources.append((quote, self._source_of(quote, part, number, sources, quote_sources)))
            drafts += self._sentence(part, number, sources, quote_sources)
        self._note_said(part, sources, quote_sources)
        return drafts

    def _turn(self, part: _Part, turn: Turn) -> list[_Draft]:
        """A paragraph of a transcript: whatever it states, the one whose turn it is says."""
        mention = self.article.text[slice(*turn.name)]
        # The name in capitals may be all that the text has of them.
        called = self.cast.called(mention) or mention
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
        self, part: _Part, sources: dict[int, Attribution], quote_sources: list[tuple[Quote, Attribution]]
    ) -> None:
        """Every attribution of a paragraph, with the quotations that belong to it."""
        base = part.layout.start
        loose = list(quote_sources)
        for report in part.reports:
            attribution = sources.get(report.cue.i)
            contents = [(base + start, base + end) for start, end in report.contents]
            for quote, source in quote_sources:
                if attribution is not None and source is attribution:
                    loose = [pair for pair in loose if pair[0] is not quote]
                    if not any(start < quote.end and quote.start < end for start, end in contents):
                        contents.append((quote.start, quote.end))
            if contents:
                cue = (base + report.cue_span.start_char, base + report.cue_span.end_char)
                source = report.source and (base + report.source.start_char, base + report.source.end_char)
                self.said.append(Said(cue, source, tuple(contents)))
        for quote, source in loose:
            if source.mention_start is not None and source.mention_end is not None:
                self.said.append(Said(None, (source.mention_start, source.mention_end), ((quote.start, quote.end),)))

    def _attribution(self, report: Report, base: int) -> Attribution:
        source, cue = report.source, report.cue_span
        place = (cue.text, base + cue.start_char, base + cue.end_char)
        if source is None:
            return Attribution("", *place)
        speaker = self.own_voice.speaker if is_first_person(source) else self.cast.resolve(source, base)
        return Attribution(speaker, *place, source.text, base + source.start_char, base + source.end_char)

    def _spoken(self, report: Report, base: int) -> Attribution:
        """The attribution of a report in the article's own words; whoever speaks here may be "she" in the next line."""
        attribution = self._attribution(report, base)
        if attribution.speaker:
            self.cast.spoke(base + report.cue.idx, attribution.speaker)
            self.last_source = attribution
        return attribution

    def _source_of(
        self,
        quote: Quote,
        part: _Part,
        number: int,
        sources: dict[int, Attribution],
        earlier: list[tuple[Quote, Attribution]],
    ) -> Attribution:
        """Who speaks a quotation: the one it continues, the reporting word around it, after it, or before it."""
        attribution = self._find_source(quote, part, number, sources, earlier)
        if attribution.speaker:
            self.last_quote_source = attribution
        return attribution

    def _find_source(
        self,
        quote: Quote,
        part: _Part,
        number: int,
        sources: dict[int, Attribution],
        earlier: list[tuple[Quote, Attribution]],
    ) -> Attribution:
        base = part.layout.start
        start, end = quote.start - base, quote.end - base
        holding = [
            report
            for report in part.reports
            if part.read is not None and _holds(report, start, end) and not self._quoted(part, report.cue.idx)
        ]
        if holding:
            return self._nearest_source(holding, start, end, base, sources)
        if quote.continues:
            return self.last_quote_source
        if signed := _SIGNED.match(part.layout.text, end):
            return self._signed(part, signed)
        spans = [span for span in part.sentences if span[0] < end + 1 and start < span[1]]
        after = part.sentences[number + len(spans) : number + len(spans) + 1]
        around = [report for report in part.reports if any(low <= report.cue.idx < high for low, high in spans)]
        # A short sentence behind the quotation may be its tail: "…," | she said.
        behind = [
            report
            for report in part.reports
            for low, high in after
            if low <= report.cue.idx < high and not report.contents and high - low < 80 and report.cue.idx - low < 40
        ]
        for reports in (around, behind):
            outside = [report for report in reports if not self._quoted(part, report.cue.idx)]
            if outside:
                return self._nearest_source(outside, start, end, base, sources)
        if earlier:
            return earlier[-1][1]
        before = self._paragraph_before(part)
        whole = quote.end - quote.start > 0.8 * len(part.layout.text)
        if before is not None and before.layout.text.endswith(":"):
            return self._announced(before)
        if before is not None and whole:
            return self.last_source
        return self.own_voice if not whole else Attribution()

    def _nearest_source(
        self, reports: list[Report], start: int, end: int, base: int, sources: dict[int, Attribution]
    ) -> Attribution:
        """The source of the report whose cue is nearest to the characters from `start` to `end` of its paragraph."""
        nearest = min(reports, key=lambda report: min(abs(report.cue.idx - start), abs(report.cue.idx - end)))
        if nearest.cue.i not in sources:
            sources[nearest.cue.i] = self._spoken(nearest, base)
        return sources[nearest.cue.i]

    def _announced(self, before: _Part) -> Attribution:
        """Who speaks behind a paragraph that ends in a colon: the source that it names last."""
        if before.read is None:
            return self.last_source
        named = [report for report in before.reports if report.source is not None]
        if not named:
            return Attribution()
        return self._spoken(max(named, key=lambda report: report.cue.idx), before.layout.start)

    def _signed(self, part: _Part, signed: re.Match) -> Attribution:
        start, name = part.layout.start + signed.start("name"), signed["name"].rstrip(".")
        span = part.doc.char_span(*signed.span("name"), alignment_mode="expand")
        speaker = self.cast.resolve(span, part.layout.start).rstrip(".") or name
        return Attribution(speaker, mention=name, mention_start=start, mention_end=start + len(name))

    def _paragraph_before(self, part: _Part) -> _Part | None:
        at = self.parts.index(part) - 1
        return self.parts[at] if at >= 0 and self.parts[at].layout.role is Role.BODY else None

    def _sentence(
        self,
        part: _Part,
        number: int,
        sources: dict[int, Attribution],
        quote_sources: list[tuple[Quote, Attribution]],
    ) -> list[_Draft]:
        base, text = part.layout.start, part.layout.text
        start, end = part.sentences[number]
        drafts: list[_Draft] = []
        quoted: list[tuple[int, int]] = []
        for quote, attribution in quote_sources:
            span = trim(text, max(start, quote.start - base), min(end, quote.end - base))
            if span is None:
                continue
            clause = part.doc.char_span(*span, alignment_mode="contract")
            if clause is None or len(clause.text.split()) < _LEAST_QUOTED_WORDS or not states_something(clause):
                continue
            if clause[0].is_lower and clause[0].tag_ in {"WDT", "WP", "WP$"}:
                continue
            quoted.append(span)
            low, high = _without_outer_commas(text, *span)
            drafts.append(_Draft(base + low, base + high, number, "quotation", attribution))
        framed = False
        for report in part.reports:
            opened_here = start <= report.cue.idx < end
            contents = [span for place in report.contents if (span := _within(text, place, start, end))]
            if not opened_here and not contents:
                continue
            inside = self._quoted(part, report.cue.idx)
            if inside and is_first_person(report.source):
                continue
            attribution = sources.get(report.cue.i) or self._attribution(report, base)
            if is_first_person(report.source) and attribution.speaker == self.own_voice.speaker:
                continue
            if not attribution.speaker and (inside or report.source is None):
                continue
            governs = report.frames and opened_here and not inside
            opens = opened_here and not inside and any(0 <= low - report.cue_span.end_char <= 4 for low, _ in quoted)
            left = [span for span in contents if not _mostly_in(span, quoted, inside)]
            if opens:
                framed = True
            elif left:
                if len(left) > 1 and not all(self._states(part, span) for span in left):
                    left = [(left[0][0], left[-1][1])]
                for low, high in left:
                    if self._states(part, (low, high)):
                        drafts.append(_Draft(base + low, base + high, number, "reported", attribution))
                        framed = framed or governs or (not inside and _covers(text, report, contents, start, end))
            elif quoted and governs:
                framed = True
        whole_in_quote = any(low <= start + 2 and end - 2 <= high for low, high in quoted)
        if not framed and not whole_in_quote and not _all_quoted(self, part, start, end):
            sentence = part.doc.char_span(start, end, alignment_mode="contract")
            if sentence is not None and states_something(sentence):
                drafts.append(_Draft(base + start, base + end, number, "statement", self.own_voice))
        return drafts

    @staticmethod
    def _states(part: _Part, span: tuple[int, int]) -> bool:
        clause = part.doc.char_span(*span, alignment_mode="expand")
        return clause is not None and states_something(clause)

    # Claims

    def _claim(self, part: _Part, draft: _Draft, worth: float, counts: Counter[str]) -> Claim:
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
            standalone=given.standalone
            or stand_alone(span, base, self.cast, draft.attribution, self._quoted_words(part, span), self.written),
            check_worthiness=worth,
            assertion=assertion_of(span),
            topics=_named_in(part, draft),
        )

    def _quoted_words(self, part: _Part, span: Span) -> set[int]:
        return {token.i for token in span if self._quoted(part, token.idx)}

    def _neighbour(self, part: _Part, number: int) -> str:
        """The sentence at `number` of this paragraph, else the nearest one of the next read paragraph; "" at an end."""
        at = self.parts.index(part)
        if number < 0:
            at, number = at - 1, -1
        elif number >= len(part.sentences):
            at, number = at + 1, 0
        if not 0 <= at < len(self.parts) or not self.parts[at].sentences:
            return ""
        other = self.parts[at]
        start, end = other.sentences[number]
        return other.layout.text[start:end]


def _named_in(part: _Part, draft: _Draft) -> tuple[Topic, ...]:
    """What stands in a claim's own words, each topic once."""
    low, high = draft.start - part.layout.start, draft.end - part.layout.start
    return tuple(dict.fromkeys(topic for start, end, topic in part.topics if start < high and low < end))


def _day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso[:10])
    except ValueError:
        return None


def _holds(report: Report, start: int, end: int) -> bool:
    """Whether what is reported holds most of the characters from `start` to `end`."""
    shared = sum(max(0, min(high, end) - max(low, start)) for low, high in report.contents)
    return 2 * shared > end - start


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


def _without_outer_commas(text: str, start: int, end: int) -> tuple[int, int]:
    while end > start and text[end - 1] in ",;:":
        end -= 1
    return start, end


def _mostly_in(span: tuple[int, int], quoted: list[tuple[int, int]], inside: bool) -> bool:
    """Whether quotations already say what `span` reports; a report inside a quotation is nested and stays."""
    if inside:
        return False
    covered = sum(max(0, min(span[1], high) - max(span[0], low)) for low, high in quoted)
    return covered > 0.6 * (span[1] - span[0])


def _all_quoted(reading: _Reading, part: _Part, start: int, end: int) -> bool:
    letters = [at for at in range(start, end) if part.layout.text[at].isalnum()]
    return bool(letters) and sum(reading._quoted(part, at) for at in letters) > 0.9 * len(letters)
