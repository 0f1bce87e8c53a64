"""A roll-up as a text table: counts, coverage and rates of every area; and its faults."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xhht.domain.titles import AreaLevel, Title
from xhht.issues import FileKind, RowFault
from xhht.numbers import number_text
from xhht.render import Column, render_table
from xhht.rollup.counts import Count
from xhht.rollup.rates import Denominator
from xhht.rollup.tree import AreaRollup
from xhht.text import Lang, Text

__all__ = [
    "COUNT_COLUMNS",
    "FILES",
    "fault_line",
    "faults_report",
    "group_label",
    "rollup_table",
]


def rollup_table(rows: Iterable[AreaRollup], lang: Lang | str = Lang.VI) -> str:
    """Return a table of areas and titles: counts, coverage and rates."""
    return render_table(_COLUMNS, [_cells(row, lang) for row in rows], lang)


def group_label(title: Title, communities: AreaLevel | None) -> Text:
    """Return the label of a title, with the level of communities if levels are distinguished.

    >>> group_label(Title.LEARNING_COMMUNITY, AreaLevel.VILLAGE).en
    'Learning community (village)'
    """
    if communities is None:
        return title.label
    return _OF_LEVEL.format(title=title.label, level=communities.label)


def faults_report(faults: Sequence[RowFault], lang: Lang | str = Lang.VI) -> str:
    """Return one line for each invalid row, and their number."""
    lines = [fault_line(fault, lang) for fault in faults]
    return "\n".join([*lines, _SUMMARY.format(faults=len(faults)).get(lang)])


def fault_line(fault: RowFault, lang: Lang | str = Lang.VI) -> str:
    """Return the location of an invalid row, its error and the remedy."""
    return _FAULT.format(
        file=FILES[fault.file],
        row=fault.row,
        field=f" [{fault.field}]" if fault.field else "",
        message=fault.text,
    ).get(lang)


def _cells(row: AreaRollup, lang: Lang | str) -> list[str]:
    counts = row.tally.counts()
    rates = row.rates
    return [
        row.area.code,
        row.area.name,
        group_label(row.title, row.communities).get(lang),
        *(number_text(counts.get(count), lang) for count in Count),
        f"{number_text(row.coverage.reported, lang)}/{number_text(row.coverage.expected, lang)}",
        *(rates[denominator].text.get(lang) for denominator in Denominator),
    ]


COUNT_COLUMNS = (
    Column(Text(vi="Mã", en="Code")),
    Column(Text(vi="Khu vực", en="Area")),
    Column(Text(vi="Danh hiệu", en="Title")),
    Column(Text(vi="Tổng số", en="Total"), numeric=True),
    Column(Text(vi="Đăng ký", en="Registered"), numeric=True),
    Column(Text(vi="Đánh giá", en="Assessed"), numeric=True),
    Column(Text(vi="Công nhận", en="Recognised"), numeric=True),
    Column(Text(vi="Chưa xác định", en="Undetermined"), numeric=True),
)
"""The columns of a table of counts: area, title and each count."""

_COLUMNS = (
    *COUNT_COLUMNS,
    Column(Text(vi="Báo cáo", en="Coverage"), numeric=True),
    Column(Text(vi="% tổng số", en="% of total"), numeric=True),
    Column(Text(vi="% đăng ký", en="% of registered"), numeric=True),
    Column(Text(vi="% đánh giá", en="% of assessed"), numeric=True),
)
FILES = {
    FileKind.COUNTS: Text(vi="Bảng số liệu", en="Counts"),
    FileKind.AREAS: Text(vi="Bảng khu vực", en="Areas"),
    FileKind.CHANGES: Text(vi="Bảng biến động", en="Changes"),
    FileKind.WEIGHTS: Text(vi="Bảng trọng số", en="Weights"),
    FileKind.CANDIDATES: Text(vi="Danh sách đề nghị", en="Candidates"),
    FileKind.CITIZENS: Text(vi="Bảng công dân", en="Citizens"),
    FileKind.HOUSEHOLDS: Text(vi="Bảng gia đình", en="Households"),
    FileKind.CLANS: Text(vi="Bảng dòng họ", en="Clans"),
    FileKind.UNITS: Text(vi="Bảng đơn vị", en="Units"),
    FileKind.COMMUNITIES: Text(vi="Bảng cộng đồng", en="Communities"),
    FileKind.DECISIONS: Text(vi="Bảng quyết định", en="Decisions"),
}
"""The labels of tables, used if there are several."""

_OF_LEVEL = Text(vi="{title} ({level})", en="{title} ({level})")
_FAULT = Text(vi="{file}, dòng {row}{field}: {message}", en="{file}, row {row}{field}: {message}")
_SUMMARY = Text(vi="{faults} lỗi.", en="Errors: {faults}.")
