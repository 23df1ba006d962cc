"""Who speaks: the source of each report and each quotation of one article, found in the order of the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from claims.attribution import is_first_person
from claims.claim import Attribution
from claims.layout import Role
from claims.names import FIRST_PERSON

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from spacy.tokens import Doc

    from claims.attribution import Report
    from claims.cast import Cast
    from claims.claim import Topic
    from claims.layout import Paragraph
    from claims.periods import Period
    from claims.quotes import Quote
    from claims.reader import ReadParagraph

# "…” — Mary Holt": the name behind a quotation that stands for itself.
_SIGNED = re.compile(r"[”\"’']?\s*[―—–-]+\s*(?P<name>[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){1,4})\s*\.?$")
# What stands between a quotation and the words behind it that name its speaker.
_MARKS = re.compile(r"[”\"’',\s–—-]*$")


@dataclass(slots=True)
class Part:
    """A paragraph that is read: its layout, its parse, its sentences and reports (offsets within the paragraph)."""

    place: int
    layout: Paragraph
    doc: Doc
    sentences: list[tuple[int, int]]
    reports: list[Report]
    read: ReadParagraph | None
    periods: list[Period] = field(default_factory=list)
    topics: list[tuple[int, int, Topic]] = field(default_factory=list)


class Voices:
    """The speakers of an article's reports and quotations; asked in order, so that "she" means who spoke last.

    `own` is the article's own voice: its author in a column, nobody in a report.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        quotes: Mapping[int, Sequence[Quote]],
        cast: Cast,
        author: str,
        turns: Container[int] = (),
    ):
        """`quotes`: those of each paragraph, by the paragraph's place; `turns`: places of what is all somebody's."""
        self._parts, self._quotes, self._cast, self._turns = parts, quotes, cast, turns
        self._places = {part.place: at for at, part in enumerate(parts)}
        self.own = Attribution(speaker=author if author and self._in_first_person() else "")
        self._last_of_quote = Attribution()
        self._last = Attribution()

    def quoted(self, part: Part, offset: int) -> bool:
        """Whether character `offset` of the paragraph stands in a quotation."""
        place, quotes = part.layout.start + offset, self._quotes.get(part.place, ())
        before = bisect_right(quotes, place, key=lambda quote: quote.start)
        return before > 0 and place < quotes[before - 1].end

    def of_report(self, report: Report, base: int) -> Attribution:
        """Who says what a report gives, and how; `base` is the paragraph's first character."""
        source, cue = report.source, report.cue_span
        place = (cue.text, base + cue.start_char, base + cue.end_char)
        if source is None:
            return Attribution("", *place)
        speaker = self.own.speaker if is_first_person(source) else self._cast.resolve(source, base)
        return Attribution(speaker, *place, source.text, base + source.start_char, base + source.end_char)

    def heard(self, report: Report, base: int) -> Attribution:
        """The same of a report in the article's own words; whoever speaks here may be "she" in the next line."""
        attribution = self.of_report(report, base)
        if attribution.speaker:
            self._cast.spoke(base + report.cue.idx, attribution.speaker)
            self._last = attribution
        return attribution

    def of_quote(
        self,
        quote: Quote,
        part: Part,
        number: int,
        sources: dict[int, Attribution],
        earlier: list[tuple[Quote, Attribution]],
    ) -> Attribution:
        """Who speaks a quotation: the one it continues, the reporting word around it, after it, or before it.

        `number` is the place of its sentence, `sources` the attributions of the paragraph's reports so far by their
        cues' places, `earlier` its quotations so far.
        """
        attribution = self._find(quote, part, number, sources, earlier)
        self._last_of_quote = attribution
        return attribution

    def _find(
        self,
        quote: Quote,
        part: Part,
        number: int,
        sources: dict[int, Attribution],
        earlier: list[tuple[Quote, Attribution]],
    ) -> Attribution:
        base = part.layout.start
        start, end = quote.start - base, quote.end - base
        if holding := self._holding(quote, part):
            return self._nearest(holding, start, end, base, sources)
        if quote.continues:
            behind = self._right_behind(quote, part)
            return self._nearest(behind, start, end, base, sources) if behind else self._last_of_quote
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
            outside = [report for report in reports if not report.nested and not self.quoted(part, report.cue.idx)]
            if outside:
                return self._nearest(outside, start, end, base, sources)
        if earlier:
            return earlier[-1][1]
        before = self._paragraph_before(part)
        whole = quote.end - quote.start > 0.8 * len(part.layout.text)
        if before is not None and before.layout.text.endswith(":"):
            return self._announced(before)
        if quote == self._quotes[part.place][-1] and (named := self._named_at_its_end(part)):
            return named
        if before is not None and whole:
            return self._last
        return self.own if not whole else Attribution()

    def _holding(self, quote: Quote, part: Part) -> list[Report]:
        """The reports that the reader found to give most of a quotation."""
        if part.read is None:
            return []
        base = part.layout.start
        return [
            report
            for report in part.reports
            if _holds(report, quote.start - base, quote.end - base) and not self.quoted(part, report.cue.idx)
        ]

    def _right_behind(self, quote: Quote, part: Part) -> list[Report]:
        """The reports whose words follow on the quotation: "…,” said John Reed"; not "….” Reed said it had closed"."""
        text, end = part.layout.text, quote.end - part.layout.start
        found = []
        for report in part.reports:
            if report.source is None or report.nested or self.quoted(part, report.cue.idx):
                continue
            first = min(report.source.start_char, report.cue_span.start_char)
            follows = end <= first and _MARKS.match(text, end, first)
            if follows and (text[end - 1] != "." or text[first].islower()):
                found.append(report)
        return found

    def _named_at_its_end(self, part: Part) -> Attribution | None:
        """Who is named where a quotation that this paragraph leaves open ends, some paragraphs on; None where nobody
        is."""
        for later, quote in self._continuing(part):
            if named := self._right_behind(quote, later):
                return self.of_report(min(named, key=lambda report: report.cue.idx), later.layout.start)
        return None

    def _continuing(self, part: Part) -> Iterator[tuple[Part, Quote]]:
        """The paragraphs behind `part` over which its last quotation goes on, each with what it has of it."""
        for later in islice(self._parts, self._places[part.place] + 1, None):
            quote = next(iter(self._quotes.get(later.place, ())), None)
            if quote is None or not quote.continues:
                return
            yield later, quote

    def _nearest(
        self, reports: list[Report], start: int, end: int, base: int, sources: dict[int, Attribution]
    ) -> Attribution:
        """The source of the report whose cue is nearest to the characters from `start` to `end` of its paragraph."""
        # A bare colon names nobody.
        reports = [report for report in reports if report.source is not None] or reports
        nearest = min(reports, key=lambda report: min(abs(report.cue.idx - start), abs(report.cue.idx - end)))
        if nearest.cue.i not in sources:
            read = self.of_report if nearest.nested else self.heard
            sources[nearest.cue.i] = read(nearest, base)
        return sources[nearest.cue.i]

    def _announced(self, before: Part) -> Attribution:
        """Who speaks behind a paragraph that ends in a colon: the source that it names last."""
        if before.read is None:
            return self._last
        named = [report for report in before.reports if report.source is not None]
        if not named:
            return Attribution()
        return self.heard(max(named, key=lambda report: report.cue.idx), before.layout.start)

    def _signed(self, part: Part, signed: re.Match) -> Attribution:
        start, name = part.layout.start + signed.start("name"), signed["name"].rstrip(".")
        span = part.doc.char_span(*signed.span("name"), alignment_mode="expand")
        speaker = self._cast.resolve(span, part.layout.start).rstrip(".") or name
        return Attribution(speaker, mention=name, mention_start=start, mention_end=start + len(name))

    def _paragraph_before(self, part: Part) -> Part | None:
        at = self._places[part.place] - 1
        return self._parts[at] if at >= 0 and self._parts[at].layout.role is Role.BODY else None

    def _in_first_person(self) -> bool:
        """Whether the article speaks as "I" or "we" outside its quotations: a column, whose author is its speaker."""
        return any(
            token.lower_ in FIRST_PERSON and token.tag_ in {"PRP", "PRP$"} and not self.quoted(part, token.idx)
            for part in self._parts
            if part.layout.role is Role.BODY and part.place not in self._turns
            for token in part.doc
        )


def _holds(report: Report, start: int, end: int) -> bool:
    """Whether what is reported holds most of the characters from `start` to `end`."""
    shared = sum(max(0, min(high, end) - max(low, start)) for low, high in report.contents)
    return 2 * shared > end - start
