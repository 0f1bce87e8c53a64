"""A report as a workbook: a summary, a sheet for each title, and the sources.

Areas are grouped by level, so Excel can collapse districts and communes; sheets print on A4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

from xhht._files import replace_file
from xhht.dates import day_text
from xhht.domain.areas import Area
from xhht.render import sanitize_line
from xhht.reporting.report import FigureGroup, Figures, Report
from xhht.reporting.report_html import SENTENCES
from xhht.reporting.targets import attained_cells
from xhht.reporting.xlsx import FONT, HEADER_FORMAT
from xhht.rollup.counts import Count
from xhht.rollup.display import group_label
from xhht.rollup.rates import Denominator
from xhht.text import Lang

__all__ = ["write_report_workbook"]

_A4 = 9
_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_MAX_OUTLINE_LEVEL = 7
_FIGURE_NAMES = (
    *(count.value for count in Count),
    "areas_reporting",
    "areas_expected",
    *(f"{one.value}_{end}" for one in Denominator for end in ("least", "most")),
)
_TARGET_NAMES = (
    "target",
    "mark",
    "deadline",
    "reached",
    "result",
    "needed",
    "per_year",
    "coverage",
)


def write_report_workbook(report: Report, path: str | Path, lang: Lang | str = Lang.VI) -> None:
    """Write a report to an XLSX file; needs the extra `report`.

    Counts and rates are real numbers; a blank cell means not reported; text is never a formula.

    Raises:
        TableError: the file cannot be written.
    """
    import xlsxwriter

    stream = BytesIO()
    book = xlsxwriter.Workbook(
        stream,
        {
            "in_memory": True,  # no temporary files with figures
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_format_properties": dict(FONT),
        },
    )
    _Sheets(book, report, Lang(lang)).write()
    book.close()
    replace_file(path, stream.getvalue())


class _Sheets:
    """Writes the sheets of a report in sequence."""

    def __init__(self, book: Any, report: Report, lang: Lang) -> None:
        self._book, self._report, self._lang = book, report, lang
        self._head = book.add_format({**FONT, **HEADER_FORMAT})
        self._name = book.add_format({**FONT, "bold": True, "font_size": 14})
        self._text = book.add_format({**FONT, "num_format": "@"})
        self._wrapped = book.add_format({**FONT, "text_wrap": True, "valign": "top"})
        self._number = book.add_format({**FONT, "num_format": "#,##0"})
        self._share = book.add_format({**FONT, "num_format": "0.00%"})

    def write(self) -> None:
        """Write all sheets."""
        self._summary()
        for group in self._report.groups:
            self._group(group)
        if self._report.targets:
            self._targets()
        self._sources()

    def _summary(self) -> None:
        sheet = self._sheet(self._word("summary"), ("title", *_FIGURE_NAMES), widths=(30,))
        for row, group in enumerate(self._report.groups, 3):
            sheet.write_string(row, 0, group_label(*group).get(self._lang), self._text)
            self._figures(sheet, row, 1, self._report.of_area(self._report.top.code, group))

    def _group(self, group: FigureGroup) -> None:
        name = group_label(*group).get(self._lang)
        names = ("code", "area", "level", *_FIGURE_NAMES)
        sheet = self._sheet(name, names, widths=(12, 36, 10))
        top_depth = len(self._report.tree.ancestors(self._report.top.code))
        for row, area in enumerate(self._report.areas, 3):
            depth = len(self._report.tree.ancestors(area.code)) - top_depth
            if depth:
                sheet.set_row(row, None, None, {"level": min(depth, _MAX_OUTLINE_LEVEL)})
            self._area(sheet, row, area, depth)
            self._figures(sheet, row, 3, self._report.of_area(area.code, group))

    def _free_name(self, name: str) -> str:
        """Return a name for a sheet, as near to `name` as the format of workbooks allows."""
        allowed = _NOT_IN_NAMES.sub(" ", name)
        taken = {sheet.get_name().casefold() for sheet in self._book.worksheets()}
        candidate, number = allowed[:_LONGEST_NAME].strip(), 1
        while candidate.casefold() in taken:
            number += 1
            ending = f" {number}"
            candidate = allowed[: _LONGEST_NAME - len(ending)].strip() + ending
        return candidate

    def _area(self, sheet: Any, row: int, area: Area, depth: int) -> None:
        indented = self._text if not depth else self._indented(depth)
        sheet.write_string(row, 0, area.code, self._text)
        sheet.write_string(row, 1, sanitize_line(area.name), indented)
        sheet.write_string(row, 2, area.level.label.get(self._lang), self._text)

    def _indented(self, depth: int) -> Any:
        return self._book.add_format({**FONT, "num_format": "@", "indent": depth})

    def _figures(self, sheet: Any, row: int, at: int, figures: Figures) -> None:
        for column, count in enumerate(Count, at):
            number = figures.counts[count]
            if count in figures.hidden:
                sheet.write_string(row, column, _HIDDEN, self._text)
            elif number is not None:
                sheet.write_number(row, column, number, self._number)
        at += len(Count)
        sheet.write_number(row, at, figures.coverage.reported, self._number)
        sheet.write_number(row, at + 1, figures.coverage.expected, self._number)
        ends = (end for rate in figures.rates.values() for end in (rate.lower, rate.upper))
        for column, end in enumerate(ends, at + 2):
            self._rate(sheet, row, column, end)

    def _rate(self, sheet: Any, row: int, column: int, end: Fraction | None) -> None:
        if end is not None:
            sheet.write_number(row, column, float(end), self._share)

    def _targets(self) -> None:
        sheet = self._sheet(self._word("targets"), _TARGET_NAMES, widths=(60,))
        for row, (head, *cells) in enumerate(self._target_rows(), 3):
            sheet.write_string(row, 0, head, self._wrapped if cells else self._head)
            for column, cell in enumerate(cells, 1):
                sheet.write_string(row, column, cell, self._text)

    def _target_rows(self) -> Iterator[tuple[str, ...]]:
        """Yield each programme, then its targets with their attainment or why there is none."""
        for programme, attained in self._report.targets:
            yield (sanitize_line(programme.name.get(self._lang)),)
            for row in attained.rows:
                yield (
                    sanitize_line(row.target.text.get(self._lang)),
                    *attained_cells(row, self._lang),
                )
            for not_computed in attained.not_computed:
                text, reason = (
                    not_computed.target.text.get(self._lang),
                    not_computed.reason.text.get(self._lang),
                )
                yield sanitize_line(text), reason

    def _sources(self) -> None:
        sheet = self._book.add_worksheet(self._word("source_sheet"))
        sheet.set_column(0, 0, 100)
        for row, line in enumerate(self._source_lines()):
            sheet.write_string(row, 0, line, self._wrapped)

    def _source_lines(self) -> list[str]:
        report = self._report
        lines = [self._word("read_blank"), self._word("read_coverage"), self._word("read_range")]
        if report.smallest_shown:
            lines.append(SENTENCES["read_protected"].get(self._lang, least=report.smallest_shown))
        for profile in report.profiles:
            name, provenance = (
                profile.name.get(self._lang),
                profile.provenance.label.get(self._lang),
            )
            lines.append(
                sanitize_line(
                    f"{name}: {profile.id}@{profile.version}, {profile.hash} ({provenance})"
                )
            )
        if not report.profiles:
            lines.append(self._word("no_profiles"))
        return [*lines, SENTENCES["made_by"].get(self._lang, version=version("xhht"))]

    def _sheet(self, name: str, heads: Sequence[str], *, widths: Sequence[int]) -> Any:
        """Return a new sheet with its heading, a warning if illustrative, and column heads."""
        sheet = self._book.add_worksheet(self._free_name(name))
        sheet.write_string(0, 0, f"{self._heading()}: {name}", self._name)
        if self._report.is_illustrative:
            sheet.write_string(1, 0, self._word("illustrative"), self._head)
        for column, head in enumerate(heads):
            width = widths[column] if column < len(widths) else 12
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, self._word(head), self._head)
        sheet.freeze_panes(3, len(widths) if len(widths) < len(heads) else 0)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
        sheet.outline_settings(True, False)
        return sheet

    def _heading(self) -> str:
        report = self._report
        name = sanitize_line(report.top.name)
        if report.year is not None:
            name = SENTENCES["heading"].get(self._lang, area=name, year=report.year)
        day = report.as_of
        return name if day is None else f"{name} ({day_text(day).get(self._lang)})"

    def _word(self, name: str) -> str:
        return SENTENCES[name].get(self._lang)


_HIDDEN = "…"
