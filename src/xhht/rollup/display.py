"""The columns of a roll-up, and its HTML view for notebooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol

from attrs import frozen

from xhht import labels
from xhht.domain.areas import Area, AreaLevel
from xhht.domain.titles import Title
from xhht.numbers import number_text
from xhht.render import Column, DisplayTable
from xhht.rollup.counted import TitleKey
from xhht.rollup.counts import Count
from xhht.rollup.rates import Coverage, Denominator, Rate
from xhht.rollup.tally import Tally
from xhht.text import Lang, Text

__all__ = [
    "COUNT_HEADS",
    "RATE_HEADS",
    "ROLLUP_COLUMNS",
    "RollupColumn",
    "RollupRow",
    "group_label",
    "rollup_html",
    "rollup_rows_table",
]

COUNT_HEADS: Final = {
    Count.TOTAL: labels.TOTAL,
    Count.REGISTERED: labels.REGISTERED,
    Count.ASSESSED: labels.ASSESSED,
    Count.RECOGNISED: labels.RECOGNISED,
    Count.UNDETERMINED: labels.UNDETERMINED,
}
"""The column head of each count."""

RATE_HEADS: Final = {
    Denominator.OF_TOTAL: labels.OF_TOTAL,
    Denominator.OF_REGISTERED: labels.OF_REGISTERED,
    Denominator.OF_ASSESSED: labels.OF_ASSESSED,
}
"""The column head of each rate."""


class RollupRow(Protocol):
    """The sum of an area's reports for one title, as `AreaRollup` is."""

    @property
    def area(self) -> Area:
        """The area."""

    @property
    def title(self) -> Title:
        """The title."""

    @property
    def key(self) -> TitleKey:
        """What is counted: the title, or some of its subjects."""

    @property
    def tally(self) -> Tally:
        """The sum."""

    @property
    def coverage(self) -> Coverage:
        """How many of the area's leaf areas are included."""

    @property
    def rates(self) -> dict[Denominator, Rate]:
        """The rates recognised, by denominator."""


@frozen
class RollupColumn:
    """A column of a roll-up: its name in code, its head, and its cells."""

    key: str
    column: Column
    cell: Callable[[RollupRow, Lang | str], str]


def group_label(title: TitleKey, communities: AreaLevel | None) -> Text:
    """Return the label of a title, with the level of communities if levels are distinguished.

    >>> group_label(Title.LEARNING_COMMUNITY, AreaLevel.VILLAGE).en
    'Learning community (village)'
    """
    if communities is None:
        return title.label
    return _OF_LEVEL.format(title=title.label, level=communities.label)


def _levels(tally: Tally, lang: Lang | str) -> str:
    """Return how many are recognised at each level, as `good: 12; fair: 3`."""
    numbers = sorted(tally.levels.items())
    return "; ".join(f"{level}: {number_text(number, lang)}" for level, number in numbers)


def _count(count: Count) -> RollupColumn:
    return RollupColumn(
        count.value,
        Column(COUNT_HEADS[count], numeric=True),
        lambda row, lang: number_text(row.tally.known(count), lang),
    )


def _rate(denominator: Denominator) -> RollupColumn:
    return RollupColumn(
        denominator.value,
        Column(RATE_HEADS[denominator], numeric=True),
        lambda row, lang: row.rates[denominator].text.get(lang),
    )


ROLLUP_COLUMNS: Final = (
    RollupColumn("code", Column(labels.CODE), lambda row, _: row.area.code),
    RollupColumn("area", Column(labels.AREA), lambda row, _: row.area.name),
    RollupColumn(
        "title",
        Column(labels.TITLE),
        lambda row, lang: row.key.label.get(lang),
    ),
    *map(_count, Count),
    RollupColumn(
        "coverage",
        Column(labels.COVERAGE, numeric=True),
        lambda row, lang: row.coverage.text.get(lang),
    ),
    *map(_rate, Denominator),
)
"""All columns: area, title, counts, coverage and rates."""

_ONLY_LEVEL = "recognised"
"""The level of a title that has one level only."""

_LEVELS = RollupColumn(
    "recognised_by_level",
    Column(labels.BY_LEVEL),
    lambda row, lang: _levels(row.tally, lang),
)
"""The column of levels, shown if any row has one of several levels."""

_HTML_COLUMNS = [
    column
    for column in ROLLUP_COLUMNS
    if column.key not in ("code", Denominator.OF_REGISTERED, Denominator.OF_ASSESSED)
]


def rollup_rows_table(
    rows: Iterable[RollupRow], columns: Sequence[RollupColumn], lang: Lang | str = Lang.VI
) -> DisplayTable:
    """Return some columns of a roll-up as a table."""
    rows = list(rows)
    if any(row.tally.levels.keys() - {_ONLY_LEVEL} for row in rows):
        columns = [*columns, _LEVELS]
    cells = [[column.cell(row, lang) for column in columns] for row in rows]
    return DisplayTable([column.column for column in columns], cells)


def rollup_html(
    by: AreaLevel,
    rows: Iterable[RollupRow],
    notes: Iterable[Text] = (),
    lang: Lang | str = Lang.VI,
) -> str:
    """Return a roll-up as HTML without scripts; `–` marks what was not reported.

    Args:
        by: the level of the areas.
        rows: the areas with each title.
        notes: texts below the table, such as where an area and those below it disagree.
        lang: the language.
    """
    return rollup_rows_table(rows, _HTML_COLUMNS, lang).html(
        lang,
        caption=_CAPTION.get(lang, level=by.label),
        notes=[note.get(lang) for note in notes],
    )


_OF_LEVEL = Text(vi="{title} ({level})", en="{title} ({level})")
_CAPTION = Text(vi="Kết quả theo cấp {level}", en="Results by {level}")
