"""The HTML report: its page, sentences and labels, and the values that its template shows."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from attrs import frozen

from xhht import labels
from xhht._files import replace_file
from xhht.criteria.target_document import RateEntry
from xhht.criteria.targets import Target
from xhht.dates import day_text
from xhht.domain.areas import Area
from xhht.numbers import number_text
from xhht.render import sanitize_line
from xhht.reporting.report import FigureGroup, Figures, Report
from xhht.reporting.rollups import fault_line
from xhht.reporting.targets import attained_cells, mark_text
from xhht.rollup.counted import TitleKey
from xhht.rollup.counts import Count
from xhht.rollup.display import group_label
from xhht.rollup.rates import Denominator
from xhht.rollup.targets import AreaAttainment, NotComputedReason, TargetResults
from xhht.text import Lang, Text

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["SENTENCES", "report_page", "write_page"]

SENTENCES = MappingProxyType(
    {
        "report": Text(vi="Báo cáo danh hiệu học tập", en="Report on learning titles"),
        "heading": Text(vi="{area}, năm {year}", en="{area}, {year}"),
        "as_of": Text(vi="Số liệu tính đến ngày {day}", en="Figures as of {day}"),
        "skip": Text(vi="Đến nội dung chính", en="Skip to content"),
        "tools": Text(vi="Công cụ", en="Tools"),
        "go_to": labels.AREA,
        "title": labels.TITLE,
        "all_titles": Text(vi="Tất cả danh hiệu", en="All titles"),
        "print": Text(vi="In trang này", en="Print this page"),
        "print_all": Text(vi="In toàn bộ", en="Print everything"),
        "path": Text(vi="Vị trí", en="Breadcrumb"),
        "chart": Text(
            vi="Tỉ lệ được công nhận trên tổng số, theo danh hiệu: {area}",
            en="Rates recognised of the total, by title: {area}",
        ),
        "key_bar": Text(vi="tỉ lệ", en="rate"),
        "key_range": Text(vi="có thể thêm, chưa xác định", en="possibly more, undetermined"),
        "key_dots": Text(vi="từng khu vực trực thuộc", en="each direct subarea"),
        "key_mark": Text(vi="chỉ tiêu", en="target"),
        "figures": Text(vi="Số liệu của {area}", en="Figures of {area}"),
        "within": Text(vi="{title}: các khu vực thuộc {area}", en="{title}: areas within {area}"),
        "not_divided": Text(
            vi="{titles}: không có số liệu của khu vực nhỏ hơn.",
            en="{titles}: no figures for smaller areas.",
        ),
        "area": labels.AREA,
        "total": labels.TOTAL,
        "registered": labels.REGISTERED,
        "assessed": labels.ASSESSED,
        "recognised": labels.RECOGNISED,
        "undetermined": labels.UNDETERMINED,
        "coverage": labels.COVERAGE,
        "of_total": labels.OF_TOTAL,
        "of_registered": labels.OF_REGISTERED,
        "of_assessed": labels.OF_ASSESSED,
        "not_reported": Text(vi="số liệu chưa báo cáo", en="not reported"),
        "targets": Text(vi="So với chỉ tiêu", en="Against targets"),
        "target": labels.TARGET,
        "mark": labels.MARK,
        "deadline": labels.DEADLINE,
        "reached": labels.REACHED,
        "result": labels.RESULT,
        "needed": labels.NEEDED,
        "per_year": labels.EACH_YEAR,
        "not_computed": Text(vi="Không tính được", en="Cannot be computed"),
        "sources": Text(vi="Nguồn và cách đọc", en="Sources and how to read this"),
        "profiles": Text(vi="Bộ tiêu chí đã dùng", en="Criteria profiles used"),
        "profile": labels.PROFILE,
        "version": labels.VERSION,
        "hash": labels.HASH,
        "provenance": labels.PROVENANCE,
        "name": labels.NAME,
        "code": labels.CODE,
        "level": labels.LEVEL,
        "summary": Text(vi="Tổng hợp", en="Summary"),
        "source_sheet": labels.SOURCE,
        "areas_reporting": labels.AREAS_REPORTED,
        "areas_expected": labels.AREAS_EXPECTED,
        "of_total_least": labels.AT_LEAST.format(of=labels.OF_TOTAL),
        "of_total_most": labels.AT_MOST.format(of=labels.OF_TOTAL),
        "of_registered_least": labels.AT_LEAST.format(of=labels.OF_REGISTERED),
        "of_registered_most": labels.AT_MOST.format(of=labels.OF_REGISTERED),
        "of_assessed_least": labels.AT_LEAST.format(of=labels.OF_ASSESSED),
        "of_assessed_most": labels.AT_MOST.format(of=labels.OF_ASSESSED),
        "no_profiles": Text(
            vi="Số liệu do các khu vực gửi, không kèm bộ tiêu chí; báo cáo chỉ tổng hợp.",
            en="The counts were reported by areas without criteria profiles and only added up.",
        ),
        "illustrative": Text(
            vi="MINH HỌA: có bộ tiêu chí tự đặt ra để minh họa; kết quả không có giá trị pháp lý.",
            en="ILLUSTRATIVE: some criteria are invented; the results have no legal force.",
        ),
        "faults": Text(vi="Điểm cần sửa trong số liệu", en="Errors in the figures"),
        "faults_more": Text(
            vi="… và {number} điểm khác; lệnh đã tạo báo cáo này liệt kê tất cả.",
            en="… and {number} more; the command that created this report lists all.",
        ),
        "read_missing": Text(
            vi="Dấu “–” là số liệu chưa báo cáo, không phải số 0.",
            en="“–” means not reported; it is not 0.",
        ),
        "read_blank": Text(
            vi="Ô trống là số liệu chưa báo cáo, không phải số 0.",
            en="A blank cell means not reported; it is not 0.",
        ),
        "read_coverage": Text(
            vi="“Báo cáo” cho biết bao nhiêu khu vực nhỏ nhất đã có số liệu, trên tổng số "
            "khu vực cần có.",
            en="“Coverage” shows how many of the smallest areas have figures, of all expected.",
        ),
        "read_range": Text(
            vi="Tỉ lệ là một khoảng khi còn đối tượng chưa xác định hoặc số liệu chưa báo cáo.",
            en="A rate is a range if some subjects are undetermined or some figures not reported.",
        ),
        "read_protected": Text(
            vi="Dấu “…” là số được bảo vệ: số dưới {least}, hoặc số có thể làm lộ số đó.",
            en="“…” is a protected count: below {least}, or one that would disclose such a count.",
        ),
        "made_by": Text(vi="Lập bằng xhht {version}.", en="Created with xhht {version}."),
    }
)


"""The sentences by name, with `{…}` placeholders."""


_FILES = Path(__file__).parent / "page"


_MAX_FAULTS = 20


HIDDEN = "…"


"""Placeholder for a protected count."""


def write_page(report: Report, path: str | Path, lang: Lang | str = Lang.VI) -> None:
    """Write a report to an HTML file; raises TableError if the file cannot be written."""
    replace_file(path, report_page(report, lang).encode())


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
        lower, upper: the lower and upper end of the rate, None if there is none.
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
        return figures.rates[denominator].text.get(self.lang)

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


def _is_of_total(target: Target, title: TitleKey) -> bool:
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
