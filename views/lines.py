"""A line of a list as a piece of the page: a claim, a speaker, an article, a place, a change; all text goes through
`markup`."""

from __future__ import annotations

from views import wording
from views.cards import place, role
from views.markup import Html, dotted, tag, together
from views.verdict_cards import status_badge, verdict_badge
from workbench.claim_filter import REVIEWERS_AGREE
from workbench.log import WHAT
from workbench.rows import Appearance, ArticleRow, ClaimRow, LogRow, SpeakerRow


def claim_line(row: ClaimRow, blind: bool = False) -> Html:
    """A line of the claim list; `blind` leaves out what the machine thinks."""
    lead = (
        tag("span", "", css="cc-flag cc-quiet")
        if blind
        else (
            tag(
                "span",
                wording.contradiction_words(row.contradiction, row.strict),
                css=f"cc-flag {'cc-contradicts' if row.strict else 'cc-tension'}",
            )
            if row.contradiction is not None
            else tag("span", wording.none_words(row.compared), css="cc-flag cc-quiet")
        )
    )
    words_changed = tag("span", "Words changed since the verdict", css="cc-flag cc-contradicts")
    return tag(
        "div",
        tag(
            "div",
            lead,
            together(()) if row.unseen else verdict_badge(row.verdict, row.label),
            status_badge(REVIEWERS_AGREE if row.agreed else row.status, row.assignee),
            tag("span", "Look again", css="cc-flag cc-contradicts") if row.look_again else together(()),
            tag("span", "No longer in its article", css="cc-flag cc-quiet") if row.gone else together(()),
            words_changed if row.changed and not row.unseen else together(()),
            css="cc-line-side",
        ),
        tag(
            "div",
            tag("p", row.text, css="cc-claim-text"),
            tag(
                "div",
                tag("strong", tag("bdi", wording.source_words(row))),
                role(row.role),
                tag("span", wording.how_words(row.kind, row.assertion), css="cc-how"),
                place(row),
                css="cc-meta",
            ),
        ),
        css="cc-line",
    )


def speaker_line(row: SpeakerRow) -> Html:
    """A line of the speakers' list."""
    also = f"also read as {', '.join(f'“{name}”' for name in row.read_as)}" if row.read_as else ""
    return tag(
        "div",
        tag("div", tag("strong", tag("bdi", row.name)), role("; ".join(row.roles[:2])), css="cc-who"),
        tag(
            "div",
            dotted(wording.amount(row.claims, "claim"), wording.amount(len(row.article_ids), "article"), also),
            css="cc-meta",
        ),
        css="cc-speaker",
    )


def log_line(row: LogRow) -> Html:
    """A line of the log."""
    about = tuple(filter(None, (row.claim_text or row.subject, row.subject_text)))
    return tag(
        "div",
        tag("strong", tag("bdi", row.who or "Nobody named")),
        tag("span", WHAT.get(row.what, row.what), css="cc-how"),
        tag("span", tag("bdi", wording.change_words(row)), css="cc-change"),
        *(tag("p", words, css="cc-log-about") for words in about),
        tag("p", row.note, css="cc-rationale") if row.note else together(()),
        tag("div", wording.time_words(row.at), css="cc-meta"),
        css="cc-log",
    )


def article_line(article: ArticleRow) -> Html:
    """An article of the list, with what is known of it."""
    state = wording.amount(article.claims, "claim") if article.read else "not read yet"
    known = dotted(article.outlet, article.author, wording.date_words(article.date), article.url, article.language)
    return tag(
        "div",
        tag("p", wording.article_words(article), css="cc-claim-text"),
        tag(
            "div",
            tag("span", state, css="cc-flag cc-quiet"),
            known if known else tag("span", "Outlet, author and date are not known", css="cc-missing"),
            css="cc-meta",
        ),
        tag("div", dotted(*wording.seen_words(article)), css="cc-meta"),
        css="cc-article",
    )


def appearance_line(seen: Appearance, current: bool) -> Html:
    """A place where an article was seen; `current`: with the text that stands here now."""
    return tag(
        "div",
        dotted(
            seen.place or seen.outlet or "a pasted text",
            wording.time_words(seen.at),
            "" if current else "with an earlier text",
        ),
        css="cc-meta",
    )
