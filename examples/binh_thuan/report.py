"""What the demo prints of its results: the tables, in Vietnamese and English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from textwrap import fill

from attrs import frozen
from circulars import Covered
from generate import Target
from new_map import Moved, NewMap

from xhht import Profile, Provenance
from xhht.domain import Area, AreaLevel, AreaTree, Title
from xhht.evaluation.gaps import gaps_of
from xhht.evaluation.state import EvaluationState
from xhht.numbers import NOT_REPORTED, decimal_text, number_text, percent_label, percent_text
from xhht.render import Column, DisplayTable
from xhht.reporting.figures import title_text, totals_text
from xhht.rollup import AreaRollup, Count, Denominator, PrintedPercent, ReconciliationStatus, Tally
from xhht.rollup.carry import Unplaced
from xhht.tables import Figure
from xhht.text import Lang, Text

__all__ = [
    "WIDTH",
    "Comparison",
    "covered_table",
    "criteria_text",
    "decimal",
    "district_table",
    "implied_table",
    "lacking_lines",
    "map_table",
    "moved_table",
    "province_table",
    "reconciliation",
    "unplaced_lines",
]


WIDTH = 100
"""Characters in a line of running text."""


@frozen(kw_only=True)
class Comparison:
    """A computed result of the province beside the published figure it has to come out at.

    Attributes:
        row: what was computed.
        profile: by which profile.
        figure: what was published, None where no count was.
        target: the published figure, or the same share of fewer subjects; None likewise.
    """

    row: AreaRollup
    profile: Profile
    figure: Figure | None = None
    target: Target | None = None

    @property
    def recognised(self) -> int | None:
        """The computed count."""
        return self.row.tally.known(Count.RECOGNISED)

    @property
    def printed(self) -> str | None:
        """The published rate, as it was printed."""
        return self.figure.cells["printed_pct"] if self.figure else None

    @property
    def percent(self) -> str | None:
        """The computed rate of the total, with as many decimals as the published one."""
        rate = self.row.rates[Denominator.OF_TOTAL].value
        if rate is None:
            return None
        digits = PrintedPercent.parse(self.printed).digits if self.printed else 1
        return percent_text(rate.numerator, rate.denominator, digits)

    @property
    def is_scaled(self) -> bool:
        """Whether fewer subjects were made than were published."""
        published = self.figure.numerator if self.figure else None
        return self.target is not None and self.target.recognised != published

    @property
    def agrees(self) -> bool:
        """Whether count and rate are the published ones; when scaled, only the count can be.

        What was not published differs from nothing.
        """
        if self.target is None:
            return True
        same_rate = self.is_scaled or self.percent == self.printed
        return same_rate and self.recognised == self.target.recognised


def province_table(compared: Iterable[Comparison], lang: Lang) -> str:
    """Return the province's results beside the published ones, and by which criteria they are."""
    rows = [
        [
            one.row.title.label.get(lang),
            criteria_text(one.profile, lang),
            number_text(one.row.tally.known(Count.TOTAL), lang),
            number_text(one.recognised, lang),
            percent_label(one.percent).get(lang),
            number_text(one.figure.numerator if one.figure else None, lang),
            percent_label(one.printed).get(lang),
            _verdict(one).get(lang),
        ]
        for one in compared
    ]
    return DisplayTable(_PROVINCE_COLUMNS, rows).text(lang)


def criteria_text(profile: Profile, lang: Lang) -> str:
    """Return which document states the criteria and how much of it is known, if any does."""
    basis = profile.document.legal_basis
    known = _KNOWN[profile.provenance]
    return known.get(lang, document=basis.document if basis else NOT_REPORTED)


def _verdict(one: Comparison) -> Text:
    if one.target is None:
        return Text(vi=NOT_REPORTED, en=NOT_REPORTED)
    return AGREES if one.agrees else DIFFERS


def covered_table(covered: Covered, lang: Lang) -> str:
    """Return how many subjects reached which class, by the document that states the criteria."""
    rows = [
        [
            profile.name.get(lang).partition(" (")[0],
            criteria_text(profile, lang),
            number_text(counts.total(), lang),
            _classes(profile, counts, lang),
            NOT_REPORTED,
        ]
        for profile, counts in covered.classes().items()
    ]
    return DisplayTable(_COVERED_COLUMNS, rows).text(lang)


def _classes(profile: Profile, counts: Counter[str | None], lang: Lang) -> str:
    named = [(level.name, counts[level.id]) for level in profile.document.levels]
    listed = [*named, (_NO_CLASS, counts[None])]
    return ", ".join(f"{name.get(lang)}: {number_text(number, lang)}" for name, number in listed)


def lacking_lines(result: EvaluationState, lang: Lang) -> str:
    """Return what a subject lacks, also under the standards of which it reached no level."""
    unmet = (one for one in result.standards.values() if one.level is None)
    lines = [*_lacking(result, lang), *(line for one in unmet for line in _lacking(one, lang))]
    return "\n".join(fill(line, WIDTH, subsequent_indent="  ") for line in lines)


def _lacking(result: EvaluationState, lang: Lang) -> Iterator[str]:
    basis = result.profile.document.legal_basis
    document = basis.document if basis else NOT_REPORTED
    for gap in gaps_of(result):
        if gap.criterion is not None:
            yield f"- {document}: {gap.text.get(lang)}"


def district_table(rows: Iterable[AreaRollup], tree: AreaTree, lang: Lang) -> str:
    """Return the results of areas with every title, a line each."""
    cells = []
    for area, titles in _by_area(rows).items():
        within = tree.descendants(area.code)
        communes = sum(one.level is AreaLevel.COMMUNE for one in within)
        households = titles[Title.LEARNING_HOUSEHOLD].tally
        median = decimal(households.quantile("1/2").value).get(lang)
        cells.append(
            [
                area.name,
                number_text(communes, lang),
                *_household_cells(titles, lang),
                median,
                *_other_cells(titles, lang),
            ]
        )
    return DisplayTable(_DISTRICT_COLUMNS, cells).text(lang)


def map_table(new_map: NewMap, lang: Lang) -> str:
    """Return the results of the units of the new map; `*` marks where some could not be placed."""
    cells = []
    for area, titles in _by_area(new_map.rows).items():
        flagged = any(new_map.carried.flags(area.code, title) for title in titles)
        cells.append(
            [
                area.code,
                area.name + " *" * flagged,
                *_household_cells(titles, lang),
                *_other_cells(titles, lang),
            ]
        )
    return DisplayTable(_MAP_COLUMNS, cells).text(lang)


def _by_area(rows: Iterable[AreaRollup]) -> dict[Area, dict[Title, AreaRollup]]:
    by_area: dict[Area, dict[Title, AreaRollup]] = {}
    for row in rows:
        by_area.setdefault(row.area, {})[row.title] = row
    return by_area


def _household_cells(titles: Mapping[Title, AreaRollup], lang: Lang) -> list[str]:
    row = titles[Title.LEARNING_HOUSEHOLD]
    return [
        number_text(row.tally.known(Count.TOTAL), lang),
        number_text(row.tally.known(Count.RECOGNISED), lang),
        row.rates[Denominator.OF_TOTAL].text.get(lang),
    ]


def _other_cells(titles: Mapping[Title, AreaRollup], lang: Lang) -> list[str]:
    """Return the recognised of the total, and for citizens the rate."""
    parts = [
        part_text(titles[title].tally, lang)
        for title in (Title.LEARNING_CLAN, Title.LEARNING_COMMUNITY, Title.LEARNING_UNIT)
    ]
    citizens = titles[Title.LEARNING_CITIZEN].rates[Denominator.OF_TOTAL]
    return [*parts, citizens.text.get(lang)]


def part_text(tally: Tally, lang: Lang) -> str:
    """Return how many are recognised, of how many."""
    recognised, total = tally.known(Count.RECOGNISED), tally.known(Count.TOTAL)
    return f"{number_text(recognised, lang)}/{number_text(total, lang)}" if tally else NOT_REPORTED


def moved_table(moved: Iterable[Moved], lang: Lang) -> str:
    """Return that what came in came out: what is placed and what is not make the whole again."""
    rows = [
        [
            one.title.label.get(lang),
            part_text(one.reported, lang),
            part_text(one.placed, lang),
            part_text(one.unplaced, lang),
            (AGREES if one.conserved else DIFFERS).get(lang),
        ]
        for one in moved
    ]
    return DisplayTable(_MOVED_COLUMNS, rows).text(lang)


def unplaced_lines(unplaced: Iterable[Unplaced], lang: Lang) -> str:
    """Return what has no place on the new map, and why."""
    lines = [
        _UNPLACED.get(
            lang,
            area=one.area.name,
            title=one.title.label.get(lang),
            number=part_text(one.tally, lang),
            areas=", ".join(area.name for area in one.candidates),
            reason=one.reason.text.get(lang),
        )
        for one in unplaced
    ]
    return "\n".join(fill(line, WIDTH, subsequent_indent="  ") for line in lines)


def reconciliation(figures: Sequence[Figure], lang: Lang) -> str:
    """Return what published figures say about themselves: statuses, then every faulty row."""
    statuses = Counter(figure.finding.status for figure in figures)
    counts = (
        Text(vi=f"{statuses[s]} {s.label.vi}", en=f"{statuses[s]} {s.label.en}")
        for s in ReconciliationStatus
        if statuses[s]
    )
    opening = _ROWS.format(rows=len(figures)).get(lang)
    listed = ", ".join(text.get(lang) for text in counts)
    faulty = [_faulty_row(figure, lang) for figure in figures if figure.finding.status.is_fault]
    verdict = _FAULTY_ROWS.format(faulty=len(faulty)) if faulty else _NO_FAULTY_ROW
    return "\n".join([f"{opening}: {listed}.", verdict.get(lang), *faulty])


def _faulty_row(figure: Figure, lang: Lang) -> str:
    cells = figure.cells
    counts = [number for number in (figure.numerator, figure.denominator) if number is not None]
    fault_cells = _FAULTY.get(
        lang,
        row=figure.row,
        place=", ".join((cells["place"], cells["year"], title_text(figure, lang))),
        counts="/".join(number_text(number, lang) for number in counts),
        percent=percent_label(cells["printed_pct"]).get(lang),
        message=figure.message,
    )
    return fill(fault_cells, WIDTH, subsequent_indent="  ")


def implied_table(
    figures: Mapping[Title, Figure], implied: Mapping[Title, Target], lang: Lang
) -> str:
    """Return the totals that published figures imply, and the ones taken here."""
    rows = [
        [
            title.label.get(lang),
            number_text(figures[title].numerator, lang),
            percent_label(figures[title].cells["printed_pct"]).get(lang),
            totals_text(figures[title].finding.implied_total, lang),
            number_text(target.total, lang),
        ]
        for title, target in implied.items()
    ]
    return DisplayTable(_IMPLIED_COLUMNS, rows).text(lang)


def decimal(number: Fraction | None, places: int | None = None) -> Text:
    """Return a number as each language writes it, a dash for None."""
    plain = "–" if number is None else decimal_text(number, places)
    return Text(vi=plain.replace(".", ","), en=plain)


def _number(vi: str, en: str) -> Column:
    return Column(Text(vi=vi, en=en), numeric=True)


AGREES = Text(vi="khớp", en="agrees")
DIFFERS = Text(vi="KHÁC", en="DIFFERS")
_KNOWN = {
    Provenance.COMPLETE: Text(vi="{document} (thật)", en="{document} (real)"),
    Provenance.PARTIAL: Text(vi="{document} (thật, chưa đủ)", en="{document} (real, in part)"),
    Provenance.ILLUSTRATIVE: Text(vi="minh họa", en="illustrative"),
}
_NO_CLASS = Text(vi="không đạt", en="none")
_PROVINCE_COLUMNS = (
    Column(Text(vi="Danh hiệu", en="Title")),
    Column(Text(vi="Bộ tiêu chí", en="Criteria")),
    _number("Tổng số", "Total"),
    _number("Tính được", "Computed"),
    _number("Tỉ lệ", "Rate"),
    _number("Đã công bố", "Published"),
    _number("Tỉ lệ", "Rate"),
    Column(Text(vi="So sánh", en="Compared")),
)
_COVERED_COLUMNS = (
    Column(Text(vi="Đối tượng", en="Subjects")),
    Column(Text(vi="Bộ tiêu chí", en="Criteria")),
    _number("Tổng số", "Total"),
    Column(Text(vi="Xếp loại", en="Classes")),
    _number("Đã công bố", "Published"),
)
_HOUSEHOLD_COLUMNS = (
    _number("Số hộ", "Households"),
    _number("Đạt", "Meet"),
    _number("Tỉ lệ", "Rate"),
)
_OTHER_COLUMNS = (
    _number("Dòng họ", "Clans"),
    _number("Thôn", "Villages"),
    _number("Đơn vị", "Units"),
    _number("Công dân", "Citizens"),
)
_DISTRICT_COLUMNS = (
    Column(Text(vi="Khu vực", en="Area")),
    _number("Số xã", "Communes"),
    *_HOUSEHOLD_COLUMNS,
    _number("Trung vị", "Median"),
    *_OTHER_COLUMNS,
)
_MAP_COLUMNS = (
    Column(Text(vi="Mã", en="Code")),
    Column(Text(vi="Khu vực", en="Area")),
    *_HOUSEHOLD_COLUMNS,
    *_OTHER_COLUMNS,
)
_MOVED_COLUMNS = (
    Column(Text(vi="Danh hiệu (đạt/tổng số)", en="Title (meet/total)")),
    _number("Năm 2023", "In 2023"),
    _number("Đã đặt", "Placed"),
    _number("Chưa đặt được", "Not placed"),
    Column(Text(vi="Tổng", en="Sum")),
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
_UNPLACED = Text(
    vi="* {area}, {title}: {number}; {reason} ({areas}).",
    en="* {area}, {title}: {number}; {reason} ({areas}).",
)
