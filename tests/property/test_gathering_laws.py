"""Random tables in random layouts with random dirt: what is gathered is what was written.

A count that does not come out is asked for by name, and every row is used or set aside.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from pathlib import Path
from typing import TypeAlias

import openpyxl
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xhht.domain.area import Area
from xhht.domain.areas import AreaTree
from xhht.domain.titles import AreaLevel, Title
from xhht.gathering import Gathered, gather

AREA = "23053"
TREE = AreaTree(
    [
        Area(code="68", name="Tỉnh Lâm Đồng", level=AreaLevel.PROVINCE),
        Area(code=AREA, name="Xã Hòa Thắng", level=AreaLevel.COMMUNE, parent="68"),
        Area(code="23005", name="Xã Bắc Bình", level=AreaLevel.COMMUNE, parent="68"),
    ]
)
MEASURES = ("total", "registered", "assessed", "recognised")
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "total": ("Tổng số", "Tổng", "Tổng số (*)"),
    "registered": ("Đăng ký", "ĐK", "Số đăng ký"),
    "assessed": ("Được đánh giá", "Số được xét"),
    "recognised": ("Số đạt", "Đạt", "Được công nhận"),
}
TITLES = (
    Title.LEARNING_HOUSEHOLD,
    Title.LEARNING_CLAN,
    Title.LEARNING_COMMUNITY,
    Title.LEARNING_UNIT,
    Title.LEARNING_CITIZEN,
)

Row: TypeAlias = tuple[int, int, int, int]
Grid: TypeAlias = list[list[object]]


class Layout(Enum):
    TITLE_ROWS = auto()
    GROUPS = auto()
    FLAT = auto()
    SHEETS = auto()
    STACKED = auto()
    COUNT_ROWS = auto()


class Fault(Enum):
    NONE = auto()
    WRONG = auto()
    TEXT = auto()
    BLANK = auto()


@frozen(kw_only=True)
class Sent:
    """What a commune sends: the counts of its villages, and how they are written."""

    villages: list[dict[Title, Row]]
    titles: list[Title]
    measures: list[str]
    headings: dict[str, str]
    layout: Layout
    fault: Fault
    lines_above: int
    has_ordinals: bool
    has_totals: bool
    has_numbers_row: bool
    has_percents: bool
    has_signatures: bool
    has_spacer: bool
    grouped_digits: bool
    name_in_file: bool
    csv_as: tuple[str, str] | None

    @property
    def sums(self) -> dict[Title, dict[str, int]]:
        return {
            title: {
                measure: sum(village[title][MEASURES.index(measure)] for village in self.villages)
                for measure in self.measures
            }
            for title in self.titles
        }


@st.composite
def rows(draw: st.DrawFn) -> Row:
    total = draw(st.integers(0, 3000))
    registered = draw(st.integers(0, total))
    assessed = draw(st.integers(0, registered))
    return total, registered, assessed, draw(st.integers(0, assessed))


@st.composite
def sent_files(draw: st.DrawFn) -> Sent:
    titles = draw(st.lists(st.sampled_from(TITLES), min_size=1, max_size=4, unique=True))
    measures = ["total", *draw(st.sets(st.sampled_from(MEASURES[1:3]))), "recognised"]
    measures.sort(key=MEASURES.index)
    village = st.fixed_dictionaries(dict.fromkeys(titles, rows()))
    villages = draw(st.lists(village, min_size=2, max_size=5))
    in_csv = st.tuples(st.sampled_from(",;\t"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    layout = draw(st.sampled_from(Layout))
    one_sheet = layout is not Layout.SHEETS
    return Sent(
        villages=villages,
        titles=titles,
        measures=measures,
        headings={measure: draw(st.sampled_from(HEADINGS[measure])) for measure in measures},
        layout=layout,
        fault=draw(st.sampled_from([Fault.NONE, Fault.NONE, *Fault])),
        lines_above=draw(st.integers(0, 5)),
        has_ordinals=draw(st.booleans()),
        has_totals=draw(st.booleans()),
        has_numbers_row=draw(st.booleans()),
        has_percents=draw(st.booleans()),
        has_signatures=draw(st.booleans()),
        has_spacer=draw(st.booleans()),
        grouped_digits=draw(st.booleans()),
        name_in_file=draw(st.booleans()),
        csv_as=draw(st.none() | in_csv) if one_sheet else None,
    )


class Writer:
    """Writes what a commune sends as sheets of cells."""

    def __init__(self, sent: Sent) -> None:
        self.sent = sent
        self.merged: list[tuple[int, int, int, int]] = []

    def sheets(self) -> Iterator[tuple[str, Grid]]:
        """Yield the name and the cells of each sheet."""
        for title, grid in self._sheets():
            spoiled = self._spoiled(grid)
            yield title, [["", *cells] for cells in spoiled] if self.sent.has_spacer else spoiled

    def _spoiled(self, grid: Grid) -> Grid:
        """Return the cells of a sheet with the fault, in the last number of a sheet."""
        places = [
            (number, column)
            for number, cells in enumerate(grid)
            for column, value in enumerate(cells)
            if column > 1 and isinstance(value, int) and not isinstance(value, bool) and value > 1
        ]
        if not places or self.sent.fault is Fault.NONE:
            return grid
        number, column = places[-1]
        value = grid[number][column]
        assert isinstance(value, int)
        wrong: dict[Fault, object] = {
            Fault.WRONG: value - 1,
            Fault.TEXT: f"khoảng {value}",
            Fault.BLANK: "",
        }
        changed = [*grid[number][:column], wrong[self.sent.fault], *grid[number][column + 1 :]]
        return [*grid[:number], changed, *grid[number + 1 :]]

    def _sheets(self) -> Iterator[tuple[str, Grid]]:
        sent = self.sent
        match sent.layout:
            case Layout.TITLE_ROWS:
                yield "Tổng hợp", self._title_rows()
            case Layout.GROUPS:
                yield "Biểu 1", self._groups()
            case Layout.FLAT:
                yield "Biểu 1", self._flat()
            case Layout.SHEETS:
                for title in sent.titles:
                    yield title.label.vi, [*self._above(), *self._villages(title)]
            case Layout.STACKED:
                grid = self._above()
                for number, title in enumerate(sent.titles, 1):
                    grid += [[f"{number}. {title.label.vi.upper()}"], *self._villages(title), []]
                yield "Bao cao", grid
            case Layout.COUNT_ROWS:
                yield "Kết quả", self._count_rows()

    def _above(self) -> Grid:
        lines = [
            "HỘI KHUYẾN HỌC XÃ HOÀ THẮNG",
            "",
            "BÁO CÁO KẾT QUẢ NĂM 2025",
            "(Kèm theo Báo cáo số 12/BC-HKH ngày 20/12/2025)",
            "",
        ]
        return [[line] if line else [] for line in lines[: self.sent.lines_above]]

    def _begin(self, *names: str) -> list[object]:
        return [*(["STT"] if self.sent.has_ordinals else []), *names]

    def _ordinal(self, number: object) -> list[object]:
        return [number] if self.sent.has_ordinals else []

    def _cells(self, counts: Mapping[str, int]) -> list[object]:
        cells: list[object] = [self._number(counts[measure]) for measure in self.sent.measures]
        if self.sent.has_percents:
            share = 100 * counts["recognised"] / counts["total"] if counts["total"] else None
            cells.append("" if share is None else f"{share:.1f}%".replace(".", ","))
        return cells

    def _number(self, number: int) -> object:
        if self.sent.grouped_digits:
            return f"{number:,}".replace(",", ".")
        return number

    def _heads(self) -> list[object]:
        names: list[object] = [self.sent.headings[measure] for measure in self.sent.measures]
        return [*names, *(["Tỷ lệ (%)"] if self.sent.has_percents else [])]

    def _of_village(self, village: Mapping[Title, Row], title: Title) -> dict[str, int]:
        return {m: village[title][MEASURES.index(m)] for m in self.sent.measures}

    def _below(self, width: int) -> Grid:
        if not self.sent.has_signatures:
            return []
        last = [""] * max(0, width - 2)
        return [
            [],
            [*last, "Ngày 20 tháng 12 năm 2025"],
            [*last, "CHỦ TỊCH"],
            [*last, "Nguyễn Văn A"],
        ]

    def _numbers(self, width: int) -> Grid:
        return [[f"({n})" for n in range(1, width + 1)]] if self.sent.has_numbers_row else []

    def _title_rows(self) -> Grid:
        header = self._begin("Danh hiệu", *map(str, self._heads()))
        body: Grid = []
        for number, title in enumerate(self.sent.titles, 1):
            body.append(
                [*self._ordinal(number), title.label.vi, *self._cells(self.sent.sums[title])]
            )
        width = len(header)
        return [*self._above(), header, *self._numbers(width), *body, *self._below(width)]

    def _count_rows(self) -> Grid:
        header = self._begin("Nội dung", *(title.label.vi for title in self.sent.titles))
        body: Grid = []
        for number, measure in enumerate(self.sent.measures, 1):
            counts = [self._number(self.sent.sums[title][measure]) for title in self.sent.titles]
            body.append([*self._ordinal(number), self.sent.headings[measure], *counts])
        return [*self._above(), header, *body, *self._below(len(header))]

    def _villages(self, title: Title) -> Grid:
        header = self._begin("Thôn", *map(str, self._heads()))
        body: Grid = [
            [*self._ordinal(n), f"Thôn {n}", *self._cells(self._of_village(village, title))]
            for n, village in enumerate(self.sent.villages, 1)
        ]
        return [header, *self._numbers(len(header)), *body, *self._totals([title])]

    def _totals(self, titles: list[Title]) -> Grid:
        if not self.sent.has_totals:
            return []
        cells = [cell for title in titles for cell in self._cells(self.sent.sums[title])]
        return [[*self._ordinal(""), "Tổng cộng", *cells]]

    def _many(self) -> Grid:
        return [
            [
                *self._ordinal(n),
                f"Thôn {n}",
                *(c for t in self.sent.titles for c in self._cells(self._of_village(village, t))),
            ]
            for n, village in enumerate(self.sent.villages, 1)
        ]

    def _groups(self) -> Grid:
        above = self._above()
        first: list[object] = [*self._begin("Thôn")]
        begin, size = len(first), len(self._heads())
        for place, title in enumerate(self.sent.titles):
            first += [title.label.vi, *[""] * (size - 1)]
            left = begin + place * size + 1
            self.merged.append((len(above) + 1, left, len(above) + 1, left + size - 1))
        second: list[object] = [*[""] * begin, *(self._heads() * len(self.sent.titles))]
        for column in range(1, begin + 1):
            self.merged.append((len(above) + 1, column, len(above) + 2, column))
        width = len(first)
        body = [*self._numbers(width), *self._many(), *self._totals(self.sent.titles)]
        return [*above, first, second, *body, *self._below(width)]

    def _flat(self) -> Grid:
        header = self._begin("Thôn")
        for title in self.sent.titles:
            header += [f"{name} {title.label.vi}" for name in map(str, self._heads())]
        width = len(header)
        body = [*self._numbers(width), *self._many(), *self._totals(self.sent.titles)]
        return [*self._above(), header, *body, *self._below(width)]


def write(sent: Sent, folder: Path) -> None:
    writer = Writer(sent)
    sheets = dict(writer.sheets())
    name = "Xã Hòa Thắng" if sent.name_in_file or not sent.lines_above else "Bao cao"
    if sent.csv_as is not None:
        delimiter, encoding = sent.csv_as
        text = io.StringIO()
        (grid,) = sheets.values()
        csv.writer(text, delimiter=delimiter).writerows(grid)
        (folder / f"{name}.csv").write_bytes(text.getvalue().encode(encoding))
        return
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, grid in sheets.items():
        sheet = book.create_sheet(title)
        for number, cells in enumerate(grid, 1):
            for column, value in enumerate(cells, 1):
                if value != "":
                    sheet.cell(number, column, value)
        shift = int(sent.has_spacer)
        for top, left, bottom, right in writer.merged:
            sheet.merge_cells(
                start_row=top,
                start_column=left + shift,
                end_row=bottom,
                end_column=right + shift,
            )
    book.save(folder / f"{name}.xlsx")


def read(gathered: Gathered) -> dict[tuple[Title, str], int]:
    return {
        (item.title, measure): number
        for item in gathered.counts
        for measure in MEASURES
        if (number := getattr(item.counts, measure)) is not None
    }


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(sent_files())
def test_counts_read_are_the_counts_written(sent: Sent) -> None:
    with tempfile.TemporaryDirectory() as name:
        write(sent, Path(name))
        gathered = gather(name, TREE)
    for sheet in (sheet for reading in gathered.files for sheet in reading.sheets):
        assert sheet.rows == sheet.used + len(sheet.aside)
    written = {
        (title, measure): number
        for title, counts in sent.sums.items()
        for measure, number in counts.items()
    }
    got = read(gathered)
    has_parts = sent.layout not in {Layout.TITLE_ROWS, Layout.COUNT_ROWS}
    is_unchecked = sent.fault is Fault.WRONG and not (sent.has_totals and has_parts)
    is_not_given = sent.fault is Fault.BLANK and not has_parts
    if sent.fault is Fault.NONE:
        assert got == written
        assert gathered.is_complete
    elif not is_unchecked:  # nothing in the file contradicts a wrong number that stands alone
        assert got.items() <= written.items()
    if got.keys() != written.keys() and not is_not_given:
        assert gathered.open_questions
    assert {item.area for item in gathered.counts} <= {AREA}
