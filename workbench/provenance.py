"""What is known of where an article stood, put right by people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select, update

from claims.article import Provenance, iso_day, language_tag
from workbench.articles import clean
from workbench.errors import BadDate, BadLanguage, ChangedMeanwhile, UnknownArticle
from workbench.log import name_here, write_log
from workbench.people import COLLECT
from workbench.queries import article
from workbench.rows import ArticleRow
from workbench.schema import ArticleRecord
from workbench.store import Store

_IN_WORDS = {"url": "address"}  # where a field is called otherwise on the screen


def edit_provenance(
    store: Store, article_id: str, provenance: Provenance, reviewer: str, shown: Provenance | None = None
) -> ArticleRow:
    """Replaces what is known of where an article stood, and returns its `ArticleRow`; `reviewer` did it. Where it is
    given what they were `shown`, only the fields that differ from that are written: the others stay as they are by now.

    Raises BadDate unless the date is empty or ISO 8601 (YYYY-MM-DD), BadLanguage unless the language is empty or a tag,
    ChangedMeanwhile where somebody else changed one of these fields since, ReviewerMissing and UnknownArticle; nothing
    is stored then.
    """
    values = _checked(provenance)
    known = clean(shown) if shown else {}
    values = {name: value for name, value in values.items() if known.get(name) != value}
    reviewer = name_here(store, reviewer)
    with store.writing(COLLECT, reviewer) as connection:
        table = ArticleRecord.__table__
        fields = [table.c[name] for name in Provenance.__slots__]
        before = connection.execute(select(*fields).where(table.c.id == article_id)).mappings().first()
        if before is None:
            raise UnknownArticle(article_id)
        changed = [name for name in values if before[name] != values[name]]
        _refuse_changed(before, [name for name in changed if known and before[name] != known[name]])
        if changed:
            new = {name: values[name] for name in changed}
            connection.execute(update(ArticleRecord).where(ArticleRecord.id == article_id).values(**new))
            write_log(
                connection, reviewer, "article", subject=f"article {article_id}",
                before=_in_short(before, changed), after=_in_short(values, changed),
            )  # fmt: skip
    return article(store, article_id)


def _checked(provenance: Provenance) -> dict[str, str]:
    values = clean(provenance)
    if values["date"]:
        try:
            values["date"] = iso_day(values["date"])
        except ValueError as error:
            raise BadDate(f"{error}, or leave it empty") from None
    if values["language"]:
        try:
            values["language"] = language_tag(values["language"])
        except ValueError as error:
            raise BadLanguage(f"{error}, or leave it empty") from None
    return values


def _refuse_changed(now: Mapping[str, str], names: Sequence[str]) -> None:
    if names:
        said = " and ".join(f"the {_IN_WORDS.get(name, name)}, now {now[name] or 'empty'!r}" for name in names)
        raise ChangedMeanwhile(f"somebody else changed {said}; save again to put yours in its place")


def _in_short(values: Mapping[str, str], names: Sequence[str]) -> str:
    return "; ".join(f"{name}: {values[name] or 'nothing'}" for name in names)
