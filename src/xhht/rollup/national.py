"""National areas before and after the reform of 1 July 2025, from an optional package.

The tables are the data files of the Python package `vietnamadminunits` (MIT), the optional extra
`areas`. They are read as files: importing the package would load a geocoder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from xhht.domain.area import Area
from xhht.domain.area_changes import AreaChange, ChangeKind
from xhht.domain.areas import AreaTree
from xhht.domain.concordance import Concordance
from xhht.domain.legal import LegalBasis
from xhht.domain.people import AreaCode
from xhht.domain.titles import AreaLevel
from xhht.errors import TableError
from xhht.text import Text, match_key

__all__ = ["REFORM_DAY", "national_concordance"]

REFORM_DAY = date(2025, 7, 1)
"""The first day with two levels: provinces and communes."""

_SINCE = date(2025, 3, 1)
_NATION = AreaCode("VN")
_PROVINCES = LegalBasis(document="202/2025/QH15", issued=date(2025, 6, 12))
_CODES = LegalBasis(document="19/2025/QĐ-TTg", issued=date(2025, 6, 30))

Rows = list[tuple[str, ...]]


def national_concordance() -> Concordance:
    """Return all areas from 1 March 2025 on, and their changes on 1 July 2025.

    Before: 63 provinces, 696 districts, 10,035 communes; after: 34 provinces, 3,321 communes. The
    nation has the code `VN`. Names and kinds are those of 1 July 2025; codes and parents are valid
    for the whole period.
    Where a commune was divided, the tables do not distinguish transfers of people from transfers
    of land only, so each of its parts is a `merged_part`.

    Raises:
        TableError: the extra is not installed, or its files have an unexpected structure.
    """
    folder = _folder()
    try:
        before, after = _rows(folder / "dataset.db")
        converted = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
        areas = [*_nation(), *_before(before), *_after(after)]
        changes = [
            *_of_provinces(before, after, converted),
            *_of_communes(before, after, converted),
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise TableError(_OTHER_SHAPE) from None
    return Concordance(changes, AreaTree(areas))


def _folder() -> Path:
    spec = find_spec("vietnamadminunits")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(location) / "data"
        if folder.is_dir():
            return folder
    raise TableError(_NOT_INSTALLED)


def _rows(database: Path) -> tuple[Rows, Rows]:
    import sqlite3  # only this reader needs it

    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute(_BEFORE).fetchall(), connection.execute(_AFTER).fetchall()
    except sqlite3.Error:
        raise TableError(_OTHER_SHAPE) from None


def _nation() -> Iterator[Area]:
    yield Area(code=_NATION, name="Việt Nam", level=AreaLevel.NATION, valid_from=_SINCE)


def _before(rows: Rows) -> Iterator[Area]:
    times = {"valid_from": _SINCE, "valid_to": REFORM_DAY}
    for code, name in {(row[0], row[1]): None for row in rows}:
        yield _area(code, name, AreaLevel.PROVINCE, _NATION, **times)
    for code, name, province in {(row[3], row[4], row[0]): None for row in rows}:
        yield _area(code, name, AreaLevel.DISTRICT, province, **times)
    for row in rows:
        # An island district without communes has one row, with no commune in it.
        if row[6]:
            yield _area(row[6], row[7], AreaLevel.COMMUNE, row[3], **times)


def _after(rows: Rows) -> Iterator[Area]:
    times = {"valid_from": REFORM_DAY, "legal_basis": _CODES}
    for code, name in {(row[0], row[1]): None for row in rows}:
        yield _area(code, name, AreaLevel.PROVINCE, _NATION, **times)
    for row in rows:
        yield _area(row[3], row[4], AreaLevel.COMMUNE, row[0], **times)


def _area(code: str, name: str, level: AreaLevel, parent: str, **more: Any) -> Area:
    return Area(code=AreaCode(code), name=name, level=level, parent=AreaCode(parent), **more)


def _of_provinces(before: Rows, after: Rows, converted: Mapping[str, Any]) -> Iterator[AreaChange]:
    old = {row[2]: (row[0], row[1]) for row in before}
    new = {row[2]: (row[0], row[1]) for row in after}
    for key, sources in converted["DICT_PROVINCE"].items():
        is_single = len(sources) == 1
        for source in sources:
            kind = _kind(old[source], new[key]) if is_single else ChangeKind.MERGED_WHOLE
            basis = None if kind is ChangeKind.UNCHANGED else _PROVINCES
            yield _change(old[source], new[key], kind, basis)


def _of_communes(before: Rows, after: Rows, converted: Mapping[str, Any]) -> Iterator[AreaChange]:
    # An island district without communes represents itself, under a key with no commune in it.
    old = {
        f"{row[2]}_{row[5]}_{row[8] or ''}": (row[6] or row[3], row[7] or row[4]) for row in before
    }
    new = {(row[2], row[5]): (row[3], row[4]) for row in after}
    divided = {
        (source, (province, part["newWardKey"]))
        for province, sources in converted["DICT_PROVINCE_WARD_DIVIDED"].items()
        for source, parts in sources.items()
        for part in parts
    }
    shared = {key for _, key in divided}
    for province, targets in converted["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for name, sources in targets.items():
            key = province, name
            is_single = len(sources) == 1 and key not in shared
            for source in sources:
                kind = _kind(old[source], new[key]) if is_single else ChangeKind.MERGED_WHOLE
                yield _change(old[source], new[key], kind)
    for source, key in sorted(divided):
        yield _change(old[source], new[key], ChangeKind.MERGED_PART)


def _kind(old: tuple[str, str], new: tuple[str, str]) -> ChangeKind:
    """Return the kind of change of an area that continues without a merger."""
    if old[0] != new[0]:
        return ChangeKind.CREATED
    if match_key(old[1]) == match_key(new[1]):
        return ChangeKind.UNCHANGED
    return (
        ChangeKind.RETYPED if _without_kind(old[1]) == _without_kind(new[1]) else ChangeKind.RENAMED
    )


def _without_kind(name: str) -> str:
    return next((name[len(kind) :] for kind in _KINDS if name.startswith(kind)), name)


def _change(
    old: tuple[str, str], new: tuple[str, str], kind: ChangeKind, basis: LegalBasis | None = None
) -> AreaChange:
    return AreaChange(
        from_code=AreaCode(old[0]),
        to_code=AreaCode(new[0]),
        effective=REFORM_DAY,
        kind=kind,
        legal_basis=basis,
    )


_KINDS = ("Thành phố ", "Thị trấn ", "Đặc khu ", "Phường ", "Tỉnh ", "Xã ")
_BEFORE = """
    SELECT provinceCode, province, provinceKey, districtCode, district, districtKey,
        wardCode, ward, wardKey FROM admin_units_legacy
"""
_AFTER = "SELECT provinceCode, province, provinceKey, wardCode, ward, wardKey FROM admin_units"
_NOT_INSTALLED = Text(
    vi="Chưa có bảng đơn vị hành chính toàn quốc; hãy cài đặt bằng lệnh: pip install "
    "'xhht[areas]', hoặc dùng tệp areas.csv và changes.csv của đơn vị.",
    en="The national tables of areas are not installed; run pip install 'xhht[areas]', or provide "
    "your own areas.csv and changes.csv.",
)
_OTHER_SHAPE = Text(
    vi="Không đọc được dữ liệu của gói vietnamadminunits đã cài; hãy cài lại bằng lệnh: "
    "pip install --force-reinstall 'xhht[areas]'.",
    en="The data of the installed package vietnamadminunits cannot be read; run pip install "
    "--force-reinstall 'xhht[areas]'.",
)
