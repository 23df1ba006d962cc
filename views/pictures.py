"""The desk's pictures, made of `workbench.figures`: marks and words carry what colours say, in light and dark."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import cycle

import altair as alt
import pandas as pd

from workbench.figures import Figures
from workbench.pair_rows import Group, RelatedGroups
from workbench.scales import KNOWN_VERDICTS

# One for each verdict: greens speak for a claim, reds against it, the others stand on no scale.
COLOURS = (
    "#1c6b45", "#7fbf9b", "#e0a100", "#e59a90", "#a32020",
    "#6a51a3", "#8c8c8c", "#b08d57", "#2b5686", "#c9c9c9", "#3f3f3f",
)  # fmt: skip
ROW = 26  # pixels for a bar or a row of cells
MOST_OUTLETS, OTHERS = 12, "other outlets"
_LONGEST_NAME = 220
# What a statement on a timeline says of the claim: the point's form and colour, which light and dark both show.
THIS, ASSERTS, DENIES = "this claim", "asserts it", "denies it"
STANCES = {THIS: ("diamond", "#b07a00"), ASSERTS: ("circle", "#2e8b57"), DENIES: ("triangle-down", "#d0453f")}
_MOST_SAID = 30  # rows that a screen reader is given
_MOST_DAYS = 12  # named one by one below a chart
_OUTLINE = "#777777"  # of what is filled, to be told from the page in light and dark
_FEW, _MANY = (255, 241, 238), (143, 22, 22)  # red, green, blue of a cell with no pair and of one with most
_ROOM_FOR_NUMBERS = 1.12  # of the longest bar
_AXIS = 60  # pixels below the rows for the axis and its title, which a chart's height includes


def stances_of(claim_id: str, beside: RelatedGroups, group: Group) -> dict[str, str]:
    """What each statement says of a claim, by its id, for `timeline`: itself, what says the same or backs it, and what
    speaks against it, also where it stands in the group as well."""
    stances = {one.claim_id: ASSERTS for one in group.statements}
    stances |= {row.other.claim_id: ASSERTS for row in beside.supports}
    stances |= {row.other.claim_id: DENIES for row in beside.contradicts}
    return stances | {claim_id: THIS}


def bars(figures: Figures, value: str, label: str, title: str, ink: str) -> alt.LayerChart:
    """A bar for each row, with its number at the end in the colour `ink`; in the order given."""
    table = _table(figures)
    # The number at the end of the longest bar needs room, too.
    reach = alt.Scale(domain=[0, max(*table[value], 1) * _ROOM_FOR_NUMBERS])
    base = alt.Chart(table).encode(
        y=alt.Y(f"{label}:N", sort=None, title=None, axis=alt.Axis(labelLimit=_LONGEST_NAME, labelOverlap=False)),
        x=alt.X(f"{value}:Q", title=title, scale=reach, axis=alt.Axis(tickMinStep=1, format="d")),
    )
    return (base.mark_bar() + base.mark_text(align="left", dx=4, color=ink).encode(text=f"{value}:Q")).properties(
        height=ROW * max(len(table), 1) + _AXIS
    )


def grid(figures: Figures) -> alt.LayerChart:
    """Sources by sources; the number in a cell is that of their contradictory pairs."""
    table = _table(figures)
    most = max(table["contradictory_pairs"], default=1)
    table["shade"] = [shade(number / most) for number in table["contradictory_pairs"]]
    table["ink"] = [ink_on(cell) for cell in table["shade"]]
    axis = alt.Axis(labelLimit=_LONGEST_NAME)
    base = alt.Chart(table).encode(
        y=alt.Y("source:N", title=None, axis=axis),
        x=alt.X("other_source:N", title=None, axis=alt.Axis(labelLimit=140, labelAngle=-40, orient="top")),
    )
    cells = base.mark_rect(stroke="#8886", strokeWidth=1).encode(
        color=alt.Color("shade:N", scale=None),
        tooltip=[
            alt.Tooltip("source:N", title="One"),
            alt.Tooltip("other_source:N", title="The other"),
            alt.Tooltip("contradictory_pairs:Q", title="Contradictory or in tension"),
            alt.Tooltip("of_them_strict:Q", title="Can’t both be true"),
        ],
    )
    numbers = base.mark_text().encode(text="contradictory_pairs:Q", color=alt.Color("ink:N", scale=None))
    return (cells + numbers).properties(height=ROW * max(table["source"].nunique(), 1) + 120)


def shade(share: float) -> str:
    """A cell's red for its share, 0 to 1, of what the fullest cell holds."""
    return "#" + "".join(f"{round(few + (many - few) * share):02x}" for few, many in zip(_FEW, _MANY, strict=True))


def ink_on(ground: str) -> str:
    """Black or white for words on a ground, #rrggbb: whichever stands out more, which is 4.5 to 1 or better."""
    return max("#000000", "#ffffff", key=lambda ink: contrast(ink, ground))


def contrast(one: str, other: str) -> float:
    """How far two colours, #rrggbb, stand apart, 1 to 21, as WCAG 2 reckons it."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def days(figures: Figures) -> alt.Chart:
    """Claims by day and outlet, the outlets with most claims first and all beyond MOST_OUTLETS in one row; a circle's
    size is their number, its filling the share that is contradicted."""
    table, outlets = _few_outlets(_table(figures))
    table["share"] = table["contradicted"] / table["claims"].clip(lower=1)
    return (
        alt.Chart(table)
        .mark_circle(stroke=_OUTLINE, strokeWidth=1, opacity=0.9)
        .encode(
            x=_by_day(table),
            y=alt.Y("outlet:N", title=None, sort=outlets, axis=alt.Axis(labelLimit=_LONGEST_NAME)),
            size=alt.Size("claims:Q", title="Claims"),
            color=alt.Color("share:Q", title="Contradicted", scale=alt.Scale(scheme="reds", domain=[0, 1]))
            .legend(format="%"),
            tooltip=[_day_in_words(), "outlet:N", "claims:Q", "contradicted:Q"],
        )
        .properties(height=ROW * max(len(outlets), 2) + 60)
    )  # fmt: skip


def _few_outlets(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Claims by day and outlet with what few outlets published put together, and the outlets, the busiest first."""
    busiest = table.groupby("outlet")["claims"].sum().sort_values(ascending=False, kind="stable").index.tolist()
    if len(busiest) <= MOST_OUTLETS:
        return table, busiest
    table = table.assign(outlet=table["outlet"].where(table["outlet"].isin(busiest[:MOST_OUTLETS]), OTHERS))
    together = table.groupby(["date", "outlet"], as_index=False)[["claims", "contradicted"]].sum()
    return together, [*busiest[:MOST_OUTLETS], OTHERS]


def stacked(figures: Figures) -> alt.Chart:
    """Verdicts as parts of a bar for each outlet or speaker, in the order of the standard verdicts."""
    name = figures.columns[0]
    table = _table(figures)
    colour_of = verdict_colours(zip(table["verdict"], table["standard_verdict"], strict=True))
    given, colours = list(colour_of), list(colour_of.values())
    table["place"] = [given.index(verdict) for verdict in table["verdict"]]
    return (
        alt.Chart(table)
        .mark_bar(stroke=_OUTLINE, strokeWidth=1)
        .encode(
            y=alt.Y(f"{name}:N", title=None, sort="-x", axis=alt.Axis(labelLimit=_LONGEST_NAME)),
            x=alt.X("claims:Q", title="Claims", axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color("verdict:N", title="Verdict", scale=alt.Scale(domain=given, range=colours)),
            order="place:Q",
            tooltip=[f"{name}:N", "verdict:N", "claims:Q"],
        )
        .properties(height=max(ROW * table[name].nunique() + 60, ROW * len(given) + 40))
    )


def verdict_colours(given: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A colour for each verdict (its words and the standard verdict's), in the order of the standard ones: the standard
    verdict's own for the first words that stand for it, one that is free for others."""
    order = [kind.label for kind in KNOWN_VERDICTS.values()]
    ordered = sorted(set(given), key=lambda one: (order.index(one[1]), one[0]))
    own = {standard: COLOURS[order.index(standard)] for _, standard in ordered}
    free = cycle([colour for colour in COLOURS if colour not in own.values()] or COLOURS)
    found: dict[str, str] = {}
    for words, standard in ordered:
        if words not in found:
            found[words] = own.pop(standard) if standard in own else next(free)
    return found


def timeline(figures: Figures) -> alt.Chart:
    """Who said something when: a point for each statement, its form and colour by what it says of the matter, its words
    in the tooltip. What one source said on one day stands side by side."""
    table = _table(figures)
    table["place"] = table.groupby(["date", "source"]).cumcount()
    there = [stance for stance in STANCES if stance in set(table["stance"])]
    shapes, colours = ([STANCES[stance][part] for stance in there] for part in (0, 1))
    chart = (
        alt.Chart(table)
        .mark_point(filled=True, size=110, opacity=1)
        .encode(
            x=_by_day(table),
            y=alt.Y("source:N", title=None, sort=None, axis=alt.Axis(labelLimit=_LONGEST_NAME)),
            yOffset=alt.YOffset("place:O"),
            tooltip=[_day_in_words(), "source:N", "stance:N", "claim:N"],
        )
        .properties(height=ROW * max(table["source"].nunique(), 2) + 50)
    )
    if not there:
        return chart
    return chart.encode(
        shape=alt.Shape("stance:N", title=None, scale=alt.Scale(domain=there, range=shapes)),
        color=alt.Color("stance:N", title=None, scale=alt.Scale(domain=there, range=colours)),
    )


def described(chart: alt.Chart | alt.LayerChart, title: str, figures: Figures, ink: str) -> alt.Chart | alt.LayerChart:
    """The chart with its figures in words, which a screen reader says in its place, and with the names at its axes in
    the colour `ink`, since Streamlit's own grey is too pale to read in light."""
    shown = [place for place, name in enumerate(figures.columns) if not name.endswith("_id")]
    columns = ", ".join(figures.columns[place].replace("_", " ") for place in shown)
    rows = "; ".join(", ".join(str(row[place]) for place in shown) for row in figures.rows[:_MOST_SAID])
    more = len(figures.rows) - _MOST_SAID
    rest = f"; and {more:,} more, which the CSV file holds" if more > 0 else ""
    words = {"labelColor": ink, "titleColor": ink}
    named = chart.properties(description=f"{title}. {columns}: {rows}{rest}.")
    return named.configure_axis(**words).configure_legend(**words)


def _by_day(table: pd.DataFrame) -> alt.X:
    """The axis of days. A date alone is read as midnight in Greenwich, so it must be shown by that clock or it is the
    day before in America; a few days are named one by one, since the axis would repeat them."""
    found = sorted(set(table["date"]))
    named = [_moment(day) for day in found] if len(found) <= _MOST_DAYS else alt.Undefined
    axis = alt.Axis(format="%-d %b %Y", labelAngle=-30, values=named)
    return alt.X("date:T", title=None, axis=axis, scale=alt.Scale(type="utc"))


def _moment(day: str) -> alt.DateTime:
    at = date.fromisoformat(day)
    return alt.DateTime(year=at.year, month=at.month, date=at.day, utc=True)


def _day_in_words() -> alt.Tooltip:
    return alt.Tooltip("date", type="temporal", timeUnit="utcyearmonthdate", format="%-d %b %Y", title="Date")


def _table(figures: Figures) -> pd.DataFrame:
    return pd.DataFrame(list(figures.rows), columns=list(figures.columns))
