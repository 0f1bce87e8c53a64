"""Writes the files that the communes of a province send at the end of 2025, faults included.

`python examples/year_end/make_files.py FOLDER` writes them, and `truth.json` beside them: of each
file the commune, the counts that it gives, and the faults that were built in. Every number is
invented; the communes are those of old Bình Thuận on the map of 1 July 2025. The files are the same
to the byte on every run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from unicodedata import normalize

from attrs import evolve, frozen
from counts import MEASURES, Commune, Row, make_communes
from layouts import LAYOUTS, Given, heading_lines, workbook, write_rows

from xhht.domain import Area, AreaLevel, Title
from xhht.tables import read_areas
from xhht.tables.csv import open_csv

__all__ = ["DAY", "SentFile", "communes_of_the_day", "make_files"]

DAY = date(2025, 12, 31)
AREAS = Path(__file__).parent.parent / "binh_thuan" / "areas-over-time.csv"
_PROVINCE = "68"


@frozen(kw_only=True)
class SentFile:
    """A file that a commune sent.

    Attributes:
        name: its name.
        layout: its layout; blank if no table can be read.
        area: the code of the commune; None if the file does not tell it.
        counts: what it gives of each title, by measure; a measure may be missing.
        doubtful: the titles of which something contradicts itself.
        fault: what was built in; None if nothing was.
    """

    name: str
    layout: str
    area: str | None
    counts: Mapping[Title, Mapping[str, int]]
    doubtful: frozenset[Title] = frozenset()
    fault: str | None = None


def communes_of_the_day() -> list[Area]:
    """Return the communes of the map of the day, in the order of their codes."""
    with open_csv(AREAS) as table:
        tree = read_areas(table.columns, table).on(DAY).tree
    communes = (area for area in tree if area.level is AreaLevel.COMMUNE)
    return sorted((area for area in communes if area.parent == _PROVINCE), key=lambda a: a.code)


def make_files(folder: Path) -> list[SentFile]:
    """Write all files into a folder, and return what is in them."""
    folder.mkdir(parents=True, exist_ok=True)
    communes = make_communes(communes_of_the_day())
    sent = [*_clean_files(folder, communes), *_faulty_files(folder, communes)]
    return sorted(sent, key=lambda file: file.name)


def _clean_files(folder: Path, communes: list[Commune]) -> Iterator[SentFile]:
    """Write two files of each layout; names of areas come in many spellings."""
    layouts = [*LAYOUTS.items(), *LAYOUTS.items()]
    for place, ((ending, layout), commune) in enumerate(zip(layouts, communes, strict=False)):
        name = f"{place + 1:02} {_spelling(commune.area.name, place)} {ending}"
        kind = ending.partition(".")[0]
        yield _sent(name, kind, commune, layout(folder / name, commune))


def _spelling(name: str, place: int) -> str:
    abbreviated = name.replace("Phường ", "P. ").replace("Xã ", "X. ")
    spellings = (name, name.upper(), normalize("NFD", name), abbreviated, name.lower())
    return spellings[place % len(spellings)]


def _sent(name: str, layout: str, commune: Commune, given: Given) -> SentFile:
    return SentFile(
        name=name,
        layout=layout,
        area=commune.area.code,
        counts={
            title: _given(commune.counts[title], measures) for title, measures in given.items()
        },
    )


def _given(row: Row, measures: tuple[str, ...]) -> dict[str, int]:
    return {
        measure: count for measure, count in zip(MEASURES, row, strict=True) if measure in measures
    }


Fault = Callable[[Path, str, Commune], SentFile]


def _faulty_files(folder: Path, communes: list[Commune]) -> Iterator[SentFile]:
    """Write a file for each fault, of the communes that have no other file."""
    rest = communes[2 * len(LAYOUTS) :]
    faults = enumerate(_FAULTS.items(), 2 * len(LAYOUTS) + 1)
    for (number, (ending, fault)), commune in zip(faults, rest, strict=False):
        name = f"{number} {commune.area.name} {ending}"
        yield fault(folder, name, commune)
    first = communes[0]
    name = f"90 {first.area.name} bổ sung.xlsx"
    other = evolve(first, villages=first.villages[:-1])
    given = LAYOUTS["title_rows.xlsx"](folder / name, other)
    yield evolve(
        _sent(name, "title_rows", other, given), doubtful=frozenset(Title), fault="second_file"
    )
    for name, content, fault_name in _UNREADABLE:
        (folder / name).write_bytes(content)
        yield SentFile(name=name, layout="", area=None, counts={}, fault=fault_name)


def _table(path: Path, commune: Commune, change: Callable[[list[list[object]]], None]) -> None:
    """Write a table with one row a title, changed."""
    rows: list[list[object]] = [[line] for line in heading_lines(commune)]
    rows.append(["STT", "Mô hình", "Tổng số", "Số đăng ký", "Số được xét", "Số đạt", "Tỷ lệ (%)"])
    for number, title in enumerate(Title, 1):
        total, registered, assessed, recognised = commune.counts[title]
        share = f"{100 * recognised / total:.1f}".replace(".", ",") if total else ""
        rows.append([number, title.label.vi, total, registered, assessed, recognised, share])
    change(rows)
    with workbook(path) as book:
        write_rows(book.add_worksheet("Tổng hợp"), rows)


_HOUSEHOLDS, _UNITS, _CITIZENS = 7, 10, 11
_TOTAL, _RECOGNISED, _SHARE = 2, 5, 6


def _percent_differs(folder: Path, name: str, commune: Commune) -> SentFile:
    def change(rows: list[list[object]]) -> None:
        rows[_HOUSEHOLDS][_SHARE] = "99,9"

    _table(folder / name, commune, change)
    return _doubtful(name, commune, "percent_differs", Title.LEARNING_HOUSEHOLD)


def _recognised_above_total(folder: Path, name: str, commune: Commune) -> SentFile:
    def change(rows: list[list[object]]) -> None:
        rows[_UNITS][_RECOGNISED] = 999
        rows[_UNITS][_SHARE] = ""

    _table(folder / name, commune, change)
    return _doubtful(name, commune, "recognised_above_total", Title.LEARNING_UNIT)


def _not_a_number(folder: Path, name: str, commune: Commune) -> SentFile:
    def change(rows: list[list[object]]) -> None:
        rows[_CITIZENS][_TOTAL] = f"khoảng {rows[_CITIZENS][_TOTAL]}"

    _table(folder / name, commune, change)
    return _doubtful(name, commune, "not_a_number", Title.LEARNING_CITIZEN)


def _misspelt_name(folder: Path, name: str, commune: Commune) -> SentFile:
    area = evolve(commune.area, name=f"{commune.area.name}g")
    _table(folder / name, evolve(commune, area=area), lambda rows: None)
    return _doubtful(name, commune, "misspelt_name", *Title)


def _nameless(folder: Path, name: str, commune: Commune) -> SentFile:
    def change(rows: list[list[object]]) -> None:
        rows[1] = ["HỘI KHUYẾN HỌC"]

    nameless = f"{name[:2]} Bieu tong hop.xlsx"
    _table(folder / nameless, commune, change)
    return evolve(_doubtful(nameless, commune, "nameless", *Title), area=None)


def _total_differs(folder: Path, name: str, commune: Commune) -> SentFile:
    """Write a table by village from which one village was left out after it was summed."""
    _stacked(folder / name, commune, left_out=Title.LEARNING_HOUSEHOLD)
    return _doubtful(name, commune, "total_differs", Title.LEARNING_HOUSEHOLD)


def _stacked(path: Path, commune: Commune, left_out: Title) -> None:
    """Write a sheet a title; of one title, the last village is missing."""
    with workbook(path) as book:
        for title in Title:
            rows: list[list[object]] = [
                [f"{title.label.vi.upper()} - {commune.area.name.upper()}"],
                ["STT", "Thôn", "Tổng số", "Đăng ký", "Đánh giá", "Số đạt"],
            ]
            villages = commune.villages[:-1] if title is left_out else commune.villages
            for number, village in enumerate(villages, 1):
                rows.append([number, village.name, *village.counts[title]])
            rows.append(["", "Tổng cộng", *commune.counts[title]])
            write_rows(book.add_worksheet(title.label.vi), rows)


def _blank_village(folder: Path, name: str, commune: Commune) -> SentFile:
    """Write a table by village without totals, in which one village gave no recognised clans."""
    with workbook(folder / name) as book:
        rows: list[list[object]] = [[line] for line in heading_lines(commune)]
        rows.append(["STT", "Thôn", "Tổng số dòng họ", "Đăng ký", "Được xét", "Đạt DHHT"])
        for number, village in enumerate(commune.villages, 1):
            row: list[object] = [number, village.name, *village.counts[Title.LEARNING_CLAN]]
            if number == len(commune.villages):
                row[_RECOGNISED] = ""
            rows.append(row)
        write_rows(book.add_worksheet("Dòng họ"), rows)
    given = _given(commune.counts[Title.LEARNING_CLAN], MEASURES[:3])
    sent = _doubtful(name, commune, "blank_village", Title.LEARNING_CLAN)
    return evolve(sent, counts={Title.LEARNING_CLAN: given})


def _doubtful(name: str, commune: Commune, fault: str, *titles: Title) -> SentFile:
    sent = _sent(name, "title_rows", commune, dict.fromkeys(Title, MEASURES))
    return evolve(sent, doubtful=frozenset(titles), fault=fault)


_FAULTS: Mapping[str, Fault] = {
    "tỷ lệ sai.xlsx": _percent_differs,
    "số đạt sai.xlsx": _recognised_above_total,
    "không phải số.xlsx": _not_a_number,
    "sai tên.xlsx": _misspelt_name,
    "không tên.xlsx": _nameless,
    "thiếu thôn.xlsx": _total_differs,
    "ô trống.xlsx": _blank_village,
}
_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + bytes(1496)
_UNREADABLE = (
    ("91 có mật khẩu.xlsx", _LOCKED, "locked"),
    ("92 trang web.xls", b"<html><body><p>Trang chu</p></body></html>", "web_page"),
    ("93 van ban.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "pdf"),
)


def main() -> None:
    """Write the files into the folder named on the command line."""
    folder = Path(sys.argv[1])
    sent = make_files(folder / "files")
    truth = [
        {
            "name": file.name,
            "layout": file.layout,
            "area": file.area,
            "counts": {title.value: dict(counts) for title, counts in file.counts.items()},
            "doubtful": sorted(file.doubtful),
            "fault": file.fault,
        }
        for file in sent
    ]
    text = json.dumps(truth, ensure_ascii=False, indent=1)
    (folder / "truth.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(sent)} files in {len({file.layout for file in sent if file.layout})} layouts")


if __name__ == "__main__":
    main()
