"""What the demo prints: the tables, and every sentence in Vietnamese and English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from textwrap import fill

from attrs import frozen
from generate import Target

from xhht.domain.areas import AreaLevel, AreaTree
from xhht.domain.titles import Title
from xhht.exact import decimal_text, percent_text
from xhht.reporting.figures import title_text, totals_text
from xhht.reporting.tables import Column, number_text, percent_label, render_table
from xhht.rollup.counts import Count
from xhht.rollup.figures import Figure
from xhht.rollup.rates import Denominator
from xhht.rollup.reconcile import PrintedPercent, Status
from xhht.rollup.tree import AreaRollup
from xhht.text import Lang, Text

__all__ = [
    "WIDTH",
    "Comparison",
    "decimal",
    "district_table",
    "implied_table",
    "province_table",
    "reconciliation",
]


WIDTH = 100
"""Characters in a line of running text."""


@frozen
class Comparison:
    """A computed result of the province beside the published figure it has to come out at.

    Attributes:
        row: what was computed.
        figure: what was published.
        target: the published figure, or the same share of fewer subjects.
    """

    row: AreaRollup
    figure: Figure
    target: Target

    @property
    def recognised(self) -> int | None:
        """The computed count."""
        return self.row.tally.known(Count.RECOGNISED)

    @property
    def percent(self) -> str | None:
        """The computed rate of the total, with as many decimals as the published one."""
        rate = self.row.rates[Denominator.OF_TOTAL].value
        if rate is None:
            return None
        digits = PrintedPercent.parse(self.figure.cells["printed_pct"]).digits
        return percent_text(rate.numerator, rate.denominator, digits)

    @property
    def is_scaled(self) -> bool:
        """Whether fewer subjects were made than were published."""
        return self.target.recognised != self.figure.numerator

    @property
    def agrees(self) -> bool:
        """Whether count and rate are the published ones; when scaled, only the count can be."""
        same_rate = self.is_scaled or self.percent == self.figure.cells["printed_pct"]
        return same_rate and self.recognised == self.target.recognised


def province_table(compared: Iterable[Comparison], lang: Lang) -> str:
    """Return the province's results beside the published ones."""
    rows = [
        [
            one.row.title.label.in_(lang),
            number_text(one.row.tally.known(Count.TOTAL), lang),
            number_text(one.recognised, lang),
            percent_label(one.percent, lang),
            number_text(one.figure.numerator, lang),
            percent_label(one.figure.cells["printed_pct"], lang),
            (AGREES if one.agrees else DIFFERS).in_(lang),
        ]
        for one in compared
    ]
    return render_table(_PROVINCE_COLUMNS, rows, lang)


def district_table(rows: Iterable[AreaRollup], tree: AreaTree, lang: Lang) -> str:
    """Return the households' results of areas, a line each."""
    cells = [
        [
            row.area.name,
            number_text(_communes(tree, row), lang),
            f"{row.coverage.reported}/{row.coverage.expected}",
            number_text(row.tally.known(Count.TOTAL), lang),
            number_text(row.tally.known(Count.RECOGNISED), lang),
            percent_label(row.rates[Denominator.OF_TOTAL].percent, lang),
            decimal(row.tally.quantile("1/2").value).in_(lang),
        ]
        for row in rows
        if row.title is Title.LEARNING_HOUSEHOLD
    ]
    return render_table(_DISTRICT_COLUMNS, cells, lang)


def _communes(tree: AreaTree, row: AreaRollup) -> int:
    below = tree.descendants(row.area.code)
    return sum(area.level is AreaLevel.COMMUNE for area in below)


def reconciliation(figures: Sequence[Figure], lang: Lang) -> str:
    """Return what published figures say about themselves: statuses, then every faulty row."""
    statuses = Counter(figure.finding.status for figure in figures)
    counts = (
        Text(vi=f"{statuses[s]} {s.label.vi}", en=f"{statuses[s]} {s.label.en}")
        for s in Status
        if statuses[s]
    )
    opening = _ROWS.format(rows=len(figures)).in_(lang)
    listed = ", ".join(text.in_(lang) for text in counts)
    faulty = [_faulty_row(figure, lang) for figure in figures if figure.finding.status.is_fault]
    verdict = _FAULTY_ROWS.format(faulty=len(faulty)) if faulty else _NO_FAULTY_ROW
    return "\n".join([f"{opening}: {listed}.", verdict.in_(lang), *faulty])


def _faulty_row(figure: Figure, lang: Lang) -> str:
    cells = figure.cells
    counts = [number for number in (figure.numerator, figure.denominator) if number is not None]
    found = _FAULTY.in_(
        lang,
        row=figure.row,
        place=", ".join((cells["place"], cells["year"], title_text(figure, lang))),
        counts="/".join(number_text(number, lang) for number in counts),
        percent=percent_label(cells["printed_pct"], lang),
        message=figure.message,
    )
    return fill(found, WIDTH, subsequent_indent="  ")


def implied_table(
    figures: Mapping[Title, Figure], implied: Mapping[Title, Target], lang: Lang
) -> str:
    """Return the totals that published figures imply, and the ones taken here."""
    rows = [
        [
            title.label.in_(lang),
            number_text(figures[title].numerator, lang),
            percent_label(figures[title].cells["printed_pct"], lang),
            totals_text(figures[title].finding.implied_total, lang),
            number_text(target.total, lang),
        ]
        for title, target in implied.items()
    ]
    return render_table(_IMPLIED_COLUMNS, rows, lang)


def decimal(number: Fraction | None, places: int | None = None) -> Text:
    """Return a number as each language writes it, a dash for None."""
    plain = "–" if number is None else decimal_text(number, places)
    return Text(vi=plain.replace(".", ","), en=plain)


def _number(vi: str, en: str) -> Column:
    return Column(Text(vi=vi, en=en), numeric=True)


AGREES = Text(vi="khớp", en="agrees")
DIFFERS = Text(vi="KHÁC", en="DIFFERS")
_PROVINCE_COLUMNS = (
    Column(Text(vi="Danh hiệu", en="Title")),
    _number("Tổng số", "Total"),
    _number("Tính được", "Computed"),
    _number("Tỉ lệ", "Rate"),
    _number("Đã công bố", "Published"),
    _number("Tỉ lệ", "Rate"),
    Column(Text(vi="So sánh", en="Compared")),
)
_DISTRICT_COLUMNS = (
    Column(Text(vi="Khu vực", en="Area")),
    _number("Số xã", "Communes"),
    _number("Thôn báo cáo", "Villages reporting"),
    _number("Số hộ", "Households"),
    _number("Đạt tiêu chí", "Meet criteria"),
    _number("Tỉ lệ", "Rate"),
    _number("Điểm trung vị", "Median points"),
)
_IMPLIED_COLUMNS = (
    Column(Text(vi="Danh hiệu", en="Title")),
    _number("Công nhận", "Recognised"),
    _number("Tỉ lệ đã in", "Printed rate"),
    _number("Tổng số có thể có", "Possible totals"),
    _number("Lấy ở đây", "Taken here"),
)
_ROWS = Text(vi="{rows} dòng", en="{rows} rows")
_FAULTY_ROWS = Text(
    vi="{faulty} dòng tự mâu thuẫn hoặc không khớp với tổng số nguyên nào:",
    en="{faulty} of them contradict themselves or fit no whole total:",
)
_NO_FAULTY_ROW = Text(
    vi="Không dòng nào tự mâu thuẫn, và dòng nào cũng khớp với một tổng số nguyên.",
    en="No row contradicts itself, and each fits some whole total.",
)
_FAULTY = Text(
    vi="- dòng {row} ({place}): {counts}, đã in {percent}. {message}",
    en="- row {row} ({place}): {counts}, printed {percent}. {message}",
)
