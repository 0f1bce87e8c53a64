"""Other layouts of tables of areas, read as the rows of the plain one.

The statistics office publishes one row for each commune, with the name and the code of its district
and province in pairs of columns. Vietnamese headings of the plain columns are understood as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import evolve, frozen

from xhht.domain.area import repad
from xhht.domain.area_words import levels_named
from xhht.domain.titles import AreaLevel
from xhht.tables.table import Row
from xhht.text import Text, canonical_key

__all__ = ["HEADINGS", "plain_rows"]

_LEVELS = (AreaLevel.PROVINCE, AreaLevel.DISTRICT, AreaLevel.COMMUNE)
_PAIRS = {
    AreaLevel.PROVINCE: ("Tỉnh Thành Phố", "Mã TP"),
    AreaLevel.DISTRICT: ("Quận Huyện", "Mã QH"),
    AreaLevel.COMMUNE: ("Phường Xã", "Mã PX"),
}
_NAMES = {
    AreaLevel.PROVINCE: {"tinh_thanh_pho", "tinh", "tinh_tp", "ten_tinh", "ten_tinh_thanh_pho"},
    AreaLevel.DISTRICT: {"quan_huyen", "huyen", "ten_huyen", "huyen_quan", "ten_quan_huyen"},
    AreaLevel.COMMUNE: {"phuong_xa", "xa", "xa_phuong", "ten_xa", "ten_phuong_xa"},
}
_CODES = {
    AreaLevel.PROVINCE: {"ma_tp", "ma_tinh", "ma_tinh_tp", "ma_tinh_thanh_pho"},
    AreaLevel.DISTRICT: {"ma_qh", "ma_huyen", "ma_quan_huyen"},
    AreaLevel.COMMUNE: {"ma_px", "ma_xa", "ma_phuong_xa"},
}
_PLAIN = {
    "code": {"ma", "ma_so", "ma_khu_vuc", "ma_don_vi", "ma_dvhc"},
    "name": {"ten", "ten_khu_vuc", "ten_don_vi", "ten_dvhc"},
    "level": {"cap", "cap_khu_vuc", "loai", "loai_hinh", "cap_hanh_chinh"},
    "parent": {"ma_cha", "ma_cap_tren", "cap_tren", "ma_khu_vuc_cap_tren", "truc_thuoc"},
    "valid_from": {"hieu_luc_tu", "tu_ngay", "ngay_hieu_luc"},
    "valid_to": {"hieu_luc_den", "den_ngay"},
    "source": {"van_ban", "nghi_dinh", "so_nghi_dinh", "can_cu"},
}
HEADINGS = (*(heading for pair in _PAIRS.values() for heading in pair), "Cấp", "Mã", "Tên")
"""Headings of the other layouts, for finding the header on a sheet."""


@frozen
class _Wide:
    """The columns of the layout with pairs of columns: name and code by level, and the kind."""

    pairs: Mapping[AreaLevel, tuple[str, str]]
    kind: str | None


def plain_rows(
    columns: Sequence[str], rows: Iterable[Row]
) -> tuple[Sequence[str], Iterable[Row], list[Text]]:
    """Return the columns and rows of a table of areas in the plain layout, and notes.

    A table in that layout is returned as it is. In the layout with pairs of columns each province,
    district and commune becomes one row, numbered like the first row that names it; notes are
    complete when the rows have been read.

    >>> from xhht.tables.csv import read_csv_text
    >>> table = read_csv_text("Tỉnh Thành Phố,Mã TP,Phường Xã,Mã PX\\nTỉnh An,01,Xã Bình,00004\\n")
    >>> [list(row.cells.values()) for row in plain_rows(table.columns, table)[1]]
    [['01', 'Tỉnh An', 'province', ''], ['00004', 'Xã Bình', 'commune', '01']]
    """
    keys = {name: _NOT_WORDS.sub("_", canonical_key(name)).strip("_") for name in columns}
    wide = _wide(keys)
    if wide is not None and not {"code", "name"} & set(columns):
        notes: list[Text] = []
        return ("code", "name", "level", "parent"), _areas(wide, rows, notes), notes
    renamed = {
        name: plain
        for plain, headings in _PLAIN.items()
        if plain not in columns
        for name, key in keys.items()
        if key in headings
    }
    if not renamed or len(set(renamed.values())) < len(renamed):
        return columns, rows, []
    return [renamed.get(name, name) for name in columns], _renamed(rows, renamed), []


def _wide(keys: Mapping[str, str]) -> _Wide | None:
    pairs = {}
    for level in _LEVELS:
        name = next((name for name, key in keys.items() if key in _NAMES[level]), None)
        code = next((name for name, key in keys.items() if key in _CODES[level]), None)
        if name is not None and code is not None:
            pairs[level] = name, code
    if AreaLevel.PROVINCE not in pairs or AreaLevel.COMMUNE not in pairs:
        return None
    kind = next((name for name, key in keys.items() if key in _PLAIN["level"]), None)
    return _Wide(pairs, kind)


def _areas(wide: _Wide, rows: Iterable[Row], notes: list[Text]) -> Iterator[Row]:
    """Yield one row for each area; an area with another name or parent comes again."""
    seen: set[tuple[str, ...]] = set()
    repadded = 0
    for row in rows:
        if row.error is not None:
            yield row
            continue
        parent = ""
        for level, (name_column, code_column) in wide.pairs.items():
            name, written = row.cells.get(name_column, ""), row.cells.get(code_column, "")
            if not name and not written:
                continue
            code = str(repad(written, level))
            repadded += code != written
            key = (level.value, code, name, parent)
            if key not in seen:
                seen.add(key)
                cells = {"code": code, "name": name, "level": level.value, "parent": parent}
                yield _checked(evolve(row, cells=cells), wide, row, level)
            parent = code
    if repadded:
        notes.append(_REPADDED)


def _checked(area: Row, wide: _Wide, row: Row, level: AreaLevel) -> Row:
    """Return the row, with an error if the kind of its lowest area contradicts the column."""
    kind = row.cells.get(wide.kind or "", "")
    lowest = [pair_level for pair_level, (name, code) in wide.pairs.items() if row.cells.get(code)]
    if not kind or not lowest or lowest[-1] is not level:
        return area
    if level in levels_named(kind):
        return area
    return evolve(area, error=_OTHER_KIND.format(level=level.label), column=wide.kind)


def _renamed(rows: Iterable[Row], names: Mapping[str, str]) -> Iterator[Row]:
    for row in rows:
        cells = {names.get(name, name): cell for name, cell in row.cells.items()}
        yield evolve(row, cells=cells, column=names.get(row.column or "", row.column))


_NOT_WORDS = re.compile(r"[\W_]+")
_REPADDED = Text(
    vi="Một số mã tỉnh, huyện, xã bị mất số 0 ở đầu và đã được khôi phục theo độ dài chính thức "
    "của cấp (2, 3 và 5 chữ số); hãy lưu các cột mã dưới dạng văn bản.",
    en="Some codes of provinces, districts and communes had lost leading zeros, which were "
    "restored to the official width of the level (2, 3 and 5 digits). Save the code columns as "
    "text.",
)
_OTHER_KIND = Text(
    vi="Từ chỉ cấp không khớp với cột chứa tên ({level}); hãy sửa một trong hai.",
    en="The kind does not fit the column with the name ({level}); correct one of them.",
)
