"""Published figures and the findings about them, as a text table."""

from __future__ import annotations

from collections.abc import Sequence

from xhht import labels
from xhht.numbers import count_range_label, decimal_text, number_text, percent_label
from xhht.render import Column, DisplayTable, sanitize_line
from xhht.rollup.reconcile import ReconciliationStatus, Totals
from xhht.tables.figures import SHORT_NAMES, Figure
from xhht.text import Lang, Text

__all__ = ["figures_report", "title_text", "totals_text"]


def figures_report(figures: Sequence[Figure], lang: Lang | str = Lang.VI) -> str:
    """Return the figures as a table, followed by remarks on wrong or approximate figures."""
    table = DisplayTable(_COLUMNS, [_cells(figure, lang) for figure in figures]).text(lang)
    faults = sum(figure.finding.status.is_fault for figure in figures)
    summary = _SUMMARY.format(rows=len(figures), faults=faults).get(lang)
    remarks = [_remark(figure, lang) for figure in figures if _is_remarkable(figure)]
    return "\n".join([table, "", *remarks, summary])


def totals_text(totals: Totals | None, lang: Lang | str = Lang.VI) -> str:
    """Return a range of totals as text, blank if there is none.

    >>> totals_text(Totals(324828, 325244)), totals_text(Totals(201, None), "en")
    ('324.828–325.244', '≥ 201')
    """
    return "" if totals is None else count_range_label(totals.min, totals.max).get(lang)


def title_text(figure: Figure, lang: Lang | str = Lang.VI) -> str:
    """Return the label of the figure's title; an unknown name is returned unchanged."""
    if figure.title is not None:
        return figure.title.label.get(lang)
    cell = figure.cells.get("title", "")
    for ending, suffix in _ENDINGS.items():
        name = cell.removesuffix(ending)
        if name != cell and name in _NAMES:
            return f"{_NAMES[name].get(lang)} {suffix.get(lang)}"
    return cell


def _printed(figure: Figure, lang: Lang | str) -> str:
    if figure.printed is None:
        return figure.cells["printed_pct"]
    return percent_label(decimal_text(figure.printed.value, figure.printed.digits)).get(lang)


def _cells(figure: Figure, lang: Lang | str) -> list[str]:
    cells, finding = figure.cells, figure.finding
    return [
        str(figure.row),
        cells.get("place", ""),
        cells.get("year", ""),
        title_text(figure, lang),
        number_text(figure.numerator, lang),
        number_text(figure.denominator, lang),
        _printed(figure, lang),
        percent_label(finding.recomputed_percent).get(lang) if finding.recomputed_percent else "",
        finding.status.label.get(lang),
        totals_text(finding.implied_total, lang),
    ]


def _is_remarkable(figure: Figure) -> bool:
    status = figure.finding.status
    above = figure.finding.is_above_whole
    return (
        status.is_fault
        or status is ReconciliationStatus.TRUNCATED
        or above
        or bool(figure.warnings)
    )


def _remark(figure: Figure, lang: Lang | str) -> str:
    cells = figure.cells
    named = [cells.get("place", ""), title_text(figure, lang), cells.get("year", "")]
    where = ", ".join(filter(None, named))
    return _REMARK.format(
        row=figure.row,
        where=f" ({sanitize_line(where)})" if where else "",
        status=figure.finding.status.label,
        message=figure.message,
    ).get(lang)


_NAMES = {
    **{name: title.label for name, title in SHORT_NAMES.items()},
    "tthtcd": Text(vi="Trung tâm học tập cộng đồng", en="Community learning centre"),
    "don_vi_cap_tinh": Text(vi="Đơn vị học tập cấp tỉnh", en="Learning unit of a province"),
    "xa": Text(vi="Xã", en="Commune"),
}
_ENDINGS = {
    "_registered": Text(vi="(đăng ký)", en="(registered)"),
    "_tot": Text(vi="(loại tốt)", en="(good)"),
    "_cap_tinh": Text(vi="cấp tỉnh", en="of a province"),
    "_cong_dong": Text(vi="đạt cộng đồng học tập", en="as a learning community"),
}
_COLUMNS = (
    Column(Text(vi="Dòng", en="Row"), numeric=True),
    Column(Text(vi="Nơi", en="Place")),
    Column(labels.YEAR),
    Column(labels.TITLE),
    Column(labels.NUMERATOR, numeric=True),
    Column(labels.DENOMINATOR, numeric=True),
    Column(Text(vi="Đã in", en="Printed"), numeric=True),
    Column(Text(vi="Tính lại", en="Recomputed"), numeric=True),
    Column(labels.STATUS),
    Column(Text(vi="Tổng số có thể có", en="Possible totals"), numeric=True),
)
_SUMMARY = Text(
    vi="{rows} dòng, trong đó {faults} dòng cần sửa.",
    en="Rows: {rows}; to correct: {faults}.",
)
_REMARK = Text(
    vi="Dòng {row}{where}: {status}. {message}",
    en="Row {row}{where}: {status}. {message}",
)
