"""The layouts in which offices send counts: each writes the file of one commune, or of several.

A layout that has no column for a measure does not give it; `Sent.given` says what is in the file.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from counts import MEASURES, Commune, Row

from xhht.domain import Title

__all__ = ["LAYOUTS", "Layout", "heading_lines", "workbook"]

Given = Mapping[Title, tuple[str, ...]]
"""The measures that a file gives of each title."""

Layout = Callable[[Path, Commune], Given]

_ALL: Given = dict.fromkeys(Title, MEASURES)
_SHORT = {
    Title.LEARNING_HOUSEHOLD: "GĐHT",
    Title.LEARNING_CLAN: "DHHT",
    Title.LEARNING_COMMUNITY: "CĐHT",
    Title.LEARNING_UNIT: "ĐVHT",
    Title.LEARNING_CITIZEN: "CDHT",
}
_MEASURES = ("Tổng số", "Đăng ký", "Được đánh giá", "Đạt danh hiệu")
_CREATED = datetime(2025, 12, 20)


@contextmanager
def workbook(path: Path) -> Iterator[Any]:
    """Open a workbook that is the same to the byte on every run."""
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": _CREATED})
    yield book
    book.close()


def percent(row: Row) -> str:
    """Return the share of the recognised as offices write it; blank if there is nothing."""
    total, *_, recognised = row
    return f"{100 * recognised / total:.1f}%".replace(".", ",") if total else ""


def heading_lines(commune: Commune) -> list[str]:
    """Return the lines above a table."""
    name = commune.area.name.upper()
    return [
        "HỘI KHUYẾN HỌC TỈNH LÂM ĐỒNG",
        f"HỘI KHUYẾN HỌC {name}",
        "",
        "BÁO CÁO KẾT QUẢ XÂY DỰNG CÁC MÔ HÌNH HỌC TẬP NĂM 2025",
        "(Kèm theo Báo cáo số    /BC-HKH ngày    /12/2025)",
        "",
    ]


def write_rows(sheet: Any, rows: Iterable[Sequence[object]], top: int = 0) -> int:
    """Write rows of cells, blanks left out; return the number of the next row."""
    for row in rows:
        for column, value in enumerate(row):
            if value not in ("", None):
                sheet.write(top, column, value)
        top += 1
    return top


def signatures(width: int) -> list[list[str]]:
    """Return the lines below a table."""
    return [
        [],
        [*[""] * (width - 3), "Ngày 20 tháng 12 năm 2025"],
        [*[""] * (width - 3), "TM. BAN CHẤP HÀNH"],
        [*[""] * (width - 3), "CHỦ TỊCH"],
    ]


def two_row_heads(path: Path, commune: Commune) -> Given:
    """One row a village; the titles stand merged over their measures."""
    with workbook(path) as book:
        sheet = book.add_worksheet("Biểu 1")
        top = write_rows(sheet, ([line] for line in heading_lines(commune)))
        for column, name in enumerate(("STT", "Thôn, khu phố")):
            sheet.merge_range(top, column, top + 1, column, name)
        for place, title in enumerate(Title):
            first = 2 + 5 * place
            sheet.merge_range(top, first, top, first + 4, title.label.vi)
            for more, name in enumerate((*_MEASURES, "Tỷ lệ (%)")):
                sheet.write(top + 1, first + more, name)
        width = 2 + 5 * len(Title)
        top = write_rows(sheet, [range(1, width + 1)], top + 2)
        top = write_rows(sheet, _village_rows(commune, percents=True), top)
        write_rows(sheet, signatures(width), top)
    return _ALL


def _village_rows(commune: Commune, *, percents: bool) -> Iterator[list[object]]:
    for number, village in enumerate(commune.villages, 1):
        yield [number, village.name, *_cells(village.counts, percents=percents)]
    yield ["", "Tổng cộng", *_cells(commune.counts, percents=percents)]


def _cells(counts: Mapping[Title, Row], *, percents: bool) -> Iterator[object]:
    for title in Title:
        yield from counts[title]
        if percents:
            yield percent(counts[title])


def three_row_heads(path: Path, commune: Commune) -> Given:
    """One row a village; a line over the titles, the titles, and their measures."""
    with workbook(path) as book:
        sheet = book.add_worksheet("Tong hop")
        top = write_rows(sheet, ([line] for line in heading_lines(commune)))
        for column, name in enumerate(("TT", "Tên thôn")):
            sheet.merge_range(top, column, top + 2, column, name)
        width = 2 + 4 * len(Title)
        sheet.merge_range(top, 2, top, width - 1, "Kết quả công nhận năm 2025")
        for place, title in enumerate(Title):
            first = 2 + 4 * place
            sheet.merge_range(top + 1, first, top + 1, first + 3, f"{title.label.vi} (*)")
            for more, name in enumerate(("Tổng", "ĐK", "Số được xét", "Đạt")):
                sheet.write(top + 2, first + more, name)
        letters = ["A", "B", *(str(number) for number in range(1, width - 1))]
        top = write_rows(sheet, [letters], top + 3)
        top = write_rows(sheet, _village_rows(commune, percents=False), top)
        top = write_rows(sheet, [["(*) Tính đến ngày 15/12/2025"]], top)
        write_rows(sheet, signatures(width), top)
    return _ALL


def title_rows(path: Path, commune: Commune) -> Given:
    """One row a title."""
    with workbook(path) as book:
        sheet = book.add_worksheet("Tổng hợp")
        top = write_rows(sheet, ([line] for line in heading_lines(commune)))
        names = ("STT", "Mô hình", "Tổng số", "Số đăng ký", "Số được xét", "Số đạt", "Tỷ lệ (%)")
        rows: list[Sequence[object]] = [names]
        for number, title in enumerate(Title, 1):
            row = commune.counts[title]
            texts = (f"{count:,}".replace(",", ".") for count in row)
            rows.append([number, title.label.vi, *texts, percent(row)])
        write_rows(sheet, rows, top)
    return _ALL


def title_sheets(path: Path, commune: Commune) -> Given:
    """One sheet a title, one row a village."""
    with workbook(path) as book:
        for title in Title:
            sheet = book.add_worksheet(title.label.vi)
            names = ("STT", "Thôn", "Tổng số", "Đăng ký", "Đánh giá", "Số đạt", "Tỉ lệ")
            rows: list[Sequence[object]] = [[title.label.vi.upper()], [], names]
            for number, village in enumerate(commune.villages, 1):
                row = village.counts[title]
                rows.append([number, village.name, *row, percent(row)])
            rows.append(["", "Cộng", *commune.counts[title]])
            write_rows(sheet, rows)
    return _ALL


def marked_households(path: Path, commune: Commune) -> Given:
    """A list of households with marks, subtotals by village; no other title."""
    title = Title.LEARNING_HOUSEHOLD
    with workbook(path) as book:
        sheet = book.add_worksheet("Danh sách hộ")
        names = ("STT", "Họ tên chủ hộ", "Thôn", "Đăng ký", "Được xét", "Đạt GĐHT", "Ghi chú")
        rows: list[Sequence[object]] = [*([line] for line in heading_lines(commune)), names]
        number = 0
        for village in commune.villages:
            total, *parts = village.counts[title]
            for place in range(total):
                number += 1
                marks = ["x" if place < part else "" for part in parts]
                rows.append([number, f"Chủ hộ {number}", village.name, *marks])
            rows.append(["", f"Cộng {village.name}", "", *parts])
        rows.append(["", "Tổng cộng", "", *commune.counts[title][1:]])
        write_rows(sheet, rows)
    return {title: MEASURES}


def flat_heads(path: Path, commune: Commune) -> Given:
    """One row a village, every heading in one cell."""
    with workbook(path) as book:
        sheet = book.add_worksheet("Sheet1")
        names = [f"{_SHORT[title]} - {name}" for title in Title for name in _MEASURES]
        rows: list[Sequence[object]] = [
            [f"Đơn vị báo cáo: {commune.area.name}"],
            ["Thôn", *names],
        ]
        rows += (
            [village.name, *_cells(village.counts, percents=False)] for village in commune.villages
        )
        rows.append([f"Toàn {commune.area.name.lower()}", *_cells(commune.counts, percents=False)])
        write_rows(sheet, rows)
    return _ALL


def stacked_tables(path: Path, commune: Commune) -> Given:
    """A table a title, one below the other on one sheet."""
    with workbook(path) as book:
        sheet = book.add_worksheet("Bao cao")
        rows: list[Sequence[object]] = [[line] for line in heading_lines(commune)]
        for numeral, title in zip(("I", "II", "III", "IV", "V"), Title, strict=True):
            rows += [[f"{numeral}. {title.label.vi}"], ["STT", "Thôn", *_MEASURES]]
            for number, village in enumerate(commune.villages, 1):
                rows.append([number, village.name, *village.counts[title]])
            rows += [["", "Tổng", *commune.counts[title]], []]
        write_rows(sheet, rows)
    return _ALL


def long_rows(path: Path, commune: Commune) -> Given:
    """One row a village and title; the name of the village stands in a merged cell."""
    with workbook(path) as book:
        sheet = book.add_worksheet("Số liệu")
        top = write_rows(sheet, ([line] for line in heading_lines(commune)))
        top = write_rows(sheet, [["Thôn, tổ dân phố", "Danh hiệu", *_MEASURES]], top)
        for village in commune.villages:
            sheet.merge_range(top, 0, top + len(Title) - 1, 0, village.name)
            rows = ([None, title.label.vi, *village.counts[title]] for title in Title)
            top = write_rows(sheet, rows, top)
    return _ALL


def measure_rows(path: Path, commune: Commune) -> Given:
    """One row a measure, one column a title."""
    with workbook(path) as book:
        sheet = book.add_worksheet("Kết quả")
        rows: list[Sequence[object]] = [*([line] for line in heading_lines(commune))]
        rows.append(["Nội dung", *(title.label.vi for title in Title)])
        for place, name in enumerate(_MEASURES):
            rows.append([name, *(commune.counts[title][place] for title in Title)])
        rows.append(["Tỷ lệ đạt (%)", *(percent(commune.counts[title]) for title in Title)])
        write_rows(sheet, rows)
    return _ALL


def form_answers(path: Path, commune: Commune) -> Given:
    """The one answer of a commune to an online form; nothing on who was assessed."""
    counts = commune.counts
    names = ["Dấu thời gian", "Tên xã, phường", "Người báo cáo"]
    answers: list[object] = ["15/12/2025 9:32:11", commune.area.name, "Nguyễn Văn A"]
    things = ("hộ", "dòng họ", "thôn", "đơn vị", "người từ 18 tuổi")
    for title, thing in zip(Title, things, strict=True):
        total, registered, _, recognised = counts[title]
        short = _SHORT[title]
        names += [f"Tổng số {thing}", f"Số đăng ký {short}", f"Số đạt {short}"]
        answers += [total, registered, recognised]
    _write_text(path, _csv_text([names, answers], ","), "utf-8-sig")
    return dict.fromkeys(Title, ("total", "registered", "recognised"))


def semicolons_1258(path: Path, commune: Commune) -> Given:
    """One row a title, as an old Vietnamese program exports it."""
    rows = [["Danh hiệu", "Tổng số", "Đăng ký", "Đánh giá", "Đạt", "Tỷ lệ"]]
    for title in Title:
        row = commune.counts[title]
        rows.append([title.label.vi, *(f"{n:,}".replace(",", ".") for n in row), percent(row)])
    _write_text(path, _csv_text(rows, ";"), "cp1258")
    return _ALL


def tabs_utf16(path: Path, commune: Commune) -> Given:
    """One row a village, saved by a spreadsheet as Unicode text."""
    names = [f"{title.label.vi} / {name}" for title in Title for name in _MEASURES]
    rows: list[Sequence[object]] = [[commune.area.name], ["STT", "Thôn", *names]]
    rows += _village_rows(commune, percents=False)
    _write_text(path, _csv_text(rows, "\t"), "utf-16")
    return _ALL


def library_table(path: Path, commune: Commune) -> Given:
    """The table that the library reads and writes itself."""
    rows: list[Sequence[object]] = [["area", "title", *MEASURES]]
    rows += ([commune.area.code, title.value, *commune.counts[title]] for title in Title)
    _write_text(path, _csv_text(rows, ","), "utf-8")
    return _ALL


def _csv_text(rows: Iterable[Iterable[object]], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def _write_text(path: Path, text: str, encoding: str) -> None:
    if encoding == "cp1258":  # it has the tone marks only as characters of their own
        path.write_bytes(b"".join(map(_cp1258, unicodedata.normalize("NFC", text))))
    else:
        path.write_bytes(text.encode(encoding))


def _cp1258(letter: str) -> bytes:
    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        marks = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in marks if mark in _TONES)
        vowel = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
        return (vowel + tones).encode("cp1258")


_TONES = "\u0300\u0301\u0303\u0309\u0323"

LAYOUTS: Mapping[str, Layout] = {
    "two_row_heads.xlsx": two_row_heads,
    "three_row_heads.xlsx": three_row_heads,
    "title_rows.xlsx": title_rows,
    "title_sheets.xlsx": title_sheets,
    "marked_households.xlsx": marked_households,
    "flat_heads.xlsx": flat_heads,
    "stacked_tables.xlsx": stacked_tables,
    "long_rows.xlsx": long_rows,
    "measure_rows.xlsx": measure_rows,
    "form_answers.csv": form_answers,
    "semicolons_1258.csv": semicolons_1258,
    "tabs_utf16.csv": tabs_utf16,
    "library_table.csv": library_table,
}
"""Each layout, and the end of its file names."""
