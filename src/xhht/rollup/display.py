"""HTML view of a roll-up for notebooks: counts, coverage and rate of each area and title."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from xhht.domain.titles import AreaLevel
from xhht.numbers import count_label
from xhht.render import HtmlColumn, html_table
from xhht.rollup.counts import Count
from xhht.rollup.rates import Denominator
from xhht.text import Lang, Text

if TYPE_CHECKING:
    from xhht.rollup.tree import AreaRollup, Conflict

__all__ = ["rollup_html"]


def rollup_html(
    by: AreaLevel,
    rows: Iterable[AreaRollup],
    conflicts: Iterable[Conflict] = (),
    lang: Lang | str = Lang.VI,
) -> str:
    """Return a roll-up as HTML without scripts; `–` marks what was not reported.

    Args:
        by: the level of the areas.
        rows: the areas with each title.
        conflicts: where an area and those below it disagree; listed below the table.
        lang: the language.
    """
    columns = [
        HtmlColumn(_AREA.get(lang)),
        HtmlColumn(_TITLE.get(lang)),
        *(HtmlColumn(count.label.get(lang), numeric=True) for count in Count),
        HtmlColumn(_RATE.get(lang), numeric=True),
        HtmlColumn(_COVERAGE.get(lang), numeric=True),
    ]
    notes = [
        f"{conflict.area.name}, {conflict.title.label.get(lang)}: {conflict.text.get(lang)}"
        for conflict in conflicts
    ]
    caption = _CAPTION.get(lang, level=by.label)
    return html_table(caption, columns, [_cells(row, lang) for row in rows], *notes)


def _cells(row: AreaRollup, lang: Lang | str) -> list[str]:
    known = (row.tally.known(count) for count in Count)
    title = row.title.label.get(lang)
    return [
        row.area.name,
        title if row.communities is None else f"{title} ({row.communities.label.get(lang)})",
        *("–" if number is None else count_label(number).get(lang) for number in known),
        row.rates[Denominator.OF_TOTAL].text.get(lang),
        f"{row.coverage.reported}/{row.coverage.expected}",
    ]


_AREA, _TITLE = Text(vi="Khu vực", en="Area"), Text(vi="Danh hiệu", en="Title")
_RATE, _COVERAGE = Text(vi="% tổng số", en="% of total"), Text(vi="Nơi báo cáo", en="Reporting")
_CAPTION = Text(vi="Kết quả theo cấp {level}", en="Results by {level}")
