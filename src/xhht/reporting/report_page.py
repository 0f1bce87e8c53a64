"""A report as one self-contained HTML page: no network access, no external script or font.

All figures are plain tables. The script only sorts them, shows one area at a time and prints;
without it, all areas are shown in sequence. Template, style and script are the files in `page/`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from xhht.criteria.target_document import RateEntry
from xhht.criteria.targets import Target
from xhht.dates import day_text
from xhht.domain.areas import Area
from xhht.domain.titles import Title
from xhht.reporting.report import FigureGroup, Figures, Report
from xhht.reporting.report_words import SENTENCES
from xhht.reporting.rollups import fault_line, group_label, rate_text
from xhht.reporting.table_files import unwritable_file_error
from xhht.reporting.tables import number_text, sanitize_line
from xhht.reporting.targets import attained_cells, mark_text
from xhht.rollup.attained import AreaAttainment, NotComputedReason, TargetResults
from xhht.rollup.counts import Count
from xhht.rollup.rates import Denominator
from xhht.text import Lang, Text

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["report_page", "write_page"]

_FILES = Path(__file__).parent / "page"
_MAX_FAULTS = 20
HIDDEN = "…"
"""Placeholder for a protected count."""


def write_page(report: Report, path: str | Path, lang: Lang | str = Lang.VI) -> None:
    """Write a report to an HTML file; raises TableError if the file cannot be written."""
    page = report_page(report, lang)
    try:
        Path(path).write_text(page, encoding="utf-8", newline="\n")
    except OSError:
        raise unwritable_file_error(path) from None


def report_page(report: Report, lang: Lang | str = Lang.VI) -> str:
    """Return a report as one HTML page, deterministically; needs the extra `report`."""
    view = _View(report, Lang(lang))
    style, script = ((_FILES / name).read_text("utf-8") for name in ("report.css", "report.js"))
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            view=view,
            w=view.words,
            lang=view.lang.value,
            style=style,
            script=script,
            style_hash=_hash(style),
            script_hash=_hash(script),
            library=version("xhht"),
            Count=Count,
            Denominator=Denominator,
        )
    )


@frozen
class Bar:
    """A bar of the chart; shares are in percent.

    Attributes:
        title: its label.
        rate: the rate as text.
        part: the counts of the rate, as text.
        low, high: the lower and upper end of the rate, None if there is none.
        dots: the lower end of the rate of each direct subarea.
        marks: targets, each with its share as text.
    """

    title: str
    rate: str
    part: str
    lower: float | None
    upper: float | None
    dots: Sequence[float]
    marks: Sequence[tuple[float, str]]


class _View:
    """The view of a report for the template, in one language."""

    def __init__(self, report: Report, lang: Lang) -> None:
        self._report, self.lang = report, lang
        self.words = {name: text.get(lang) for name, text in SENTENCES.items()}
        self.number = partial(number_text, lang=lang)

    @property
    def heading(self) -> str:
        """The area of the report, and the year."""
        name = sanitize_line(self._report.top.name)
        year = self._report.year
        return name if year is None else SENTENCES["heading"].get(self.lang, area=name, year=year)

    @property
    def as_of(self) -> str | None:
        """The day of the figures."""
        day = self._report.as_of
        return None if day is None else SENTENCES["as_of"].get(self.lang, day=day_text(day))

    def sections(self) -> Iterator[Area]:
        """Yield the top and the areas with known subareas."""
        for area in self._report.areas:
            if area is self._report.top or self.has_section(area):
                yield area

    def has_section(self, area: Area) -> bool:
        """Return whether an area has its own section."""
        return any(
            self._report.reported_subareas(area.code, group) for group in self._report.groups
        )

    def path(self, area: Area) -> tuple[Area, ...]:
        """Return the areas from the top of the report down to `area`."""
        inside = self._report.figures
        above = [a for a in self._report.tree.ancestors(area.code) if self._is_shown(a, inside)]
        return (*reversed(above), area)

    def _is_shown(self, area: Area, inside: Mapping[tuple[str, FigureGroup], Figures]) -> bool:
        return any((area.code, group) in inside for group in self._report.groups)

    def group(self, group: FigureGroup) -> str:
        """Return the label of a title."""
        return group_label(*group).get(self.lang)

    def name(self, area: Area) -> str:
        """Return the name of an area."""
        return sanitize_line(area.name)

    def level(self, area: Area) -> str:
        """Return the label of the level of an area."""
        return area.level.label.get(self.lang)

    def sentence(self, name: str, **values: object) -> str:
        """Return a sentence with its values filled in."""
        return SENTENCES[name].get(self.lang, **values)

    def count(self, figures: Figures, count: Count) -> str:
        """Return a count as text."""
        return HIDDEN if count in figures.hidden else self.number(figures.counts[count])

    def rate(self, figures: Figures, denominator: Denominator) -> str:
        """Return a rate as text."""
        return rate_text(figures.rates[denominator], self.lang)

    def ends(self, figures: Figures) -> tuple[float, float] | None:
        """Return the lower and upper end of the rate of the total in percent."""
        rate = figures.rates[Denominator.OF_TOTAL]
        if rate.lower is None or rate.upper is None:
            return None
        return _percent(rate.lower), _percent(rate.upper)

    def coverage(self, figures: Figures) -> str:
        """Return the number of leaf areas included, of all expected."""
        covered = figures.coverage
        return f"{self.number(covered.reported)}/{self.number(covered.expected)}"

    def divided(self, area: Area) -> list[tuple[FigureGroup, tuple[Area, ...]]]:
        """Return the titles with known figures of direct subareas, with the subareas."""
        divisions = (
            (group, self._report.reported_subareas(area.code, group))
            for group in self._report.groups
        )
        return [(group, parts) for group, parts in divisions if parts]

    def undivided(self, area: Area) -> str:
        """Return the titles without figures of subareas, as text."""
        report = self._report
        return ", ".join(
            self.group(group)
            for group in report.groups
            if report.of_area(area.code, group).is_reported
            and not report.reported_subareas(area.code, group)
        )

    def bars(self, area: Area) -> list[Bar]:
        """Return the chart of an area: a bar for each title."""
        return [self._bar(area, group) for group in self._report.groups]

    def _bar(self, area: Area, group: FigureGroup) -> Bar:
        figures = self._report.of_area(area.code, group)
        ends = self.ends(figures)
        below = (
            self.ends(self._report.of_area(part.code, group))
            for part in self._report.reported_subareas(area.code, group)
        )
        recognised, total = (
            self.count(figures, count) for count in (Count.RECOGNISED, Count.TOTAL)
        )
        return Bar(
            title=self.group(group),
            rate=self.rate(figures, Denominator.OF_TOTAL),
            part=f"{recognised}/{total}" if figures.is_reported else self.words["not_reported"],
            lower=ends[0] if ends else None,
            upper=ends[1] if ends else None,
            dots=sorted(low for low, _ in filter(None, below)),
            marks=self._marks(group) if area is self._report.top else (),
        )

    def _marks(self, group: FigureGroup) -> list[tuple[float, str]]:
        """Return the targets for the rate of the total of a title, each share once."""
        rows = (row for _, attained in self._report.targets for row in attained.rows)
        shares = {
            row.target.share: mark_text(row.target, self.lang)
            for row in rows
            if _is_of_total(row.target, group[0])
        }
        return [(_percent(share), shares[share]) for share in sorted(filter(None, shares))]

    def attained(self, row: AreaAttainment) -> Sequence[str]:
        """Return the attainment of a target as cells; see `attained_cells`."""
        return attained_cells(row, self.lang)

    def not_computed(self, attained: TargetResults) -> list[tuple[str, list[str]]]:
        """Return the reasons why targets cannot be computed, with the targets."""
        return [
            (reason.text.get(self.lang), texts)
            for reason in NotComputedReason
            if (
                texts := [
                    self.text(item.target.text)
                    for item in attained.not_computed
                    if item.reason is reason
                ]
            )
        ]

    def text(self, text: Text) -> str:
        """Return a text on one line."""
        return sanitize_line(text.get(self.lang))

    @property
    def faults(self) -> list[str]:
        """The first faults, and the number of further ones."""
        lines = [
            sanitize_line(fault_line(fault, self.lang))
            for fault in self._report.faults[:_MAX_FAULTS]
        ]
        more = len(self._report.faults) - _MAX_FAULTS
        return (
            [*lines, self.sentence("faults_more", number=self.number(more))] if more > 0 else lines
        )


def _is_of_total(target: Target, title: Title) -> bool:
    """Return whether a target is for the plain rate recognised of all subjects of a title."""
    measure = target.measure
    if not isinstance(measure, RateEntry) or measure.where or measure.levels:
        return False
    return (measure.title, measure.of) == (title, Denominator.OF_TOTAL)


def _percent(share: Fraction) -> float:
    return round(float(share) * 100, 1)


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_FILES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _hash(asset: str) -> str:
    return "sha256-" + b64encode(sha256(asset.encode()).digest()).decode()
