"""Consistency checks of areas; all errors are reported together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum

from attrs import frozen

from xhht.domain.area import OFFICIAL_WIDTHS, Area
from xhht.domain.titles import AreaLevel
from xhht.text import Text

__all__ = ["AreaFault", "AreaFaultCode", "area_faults", "find_by_repadded_code"]


class AreaFaultCode(StrEnum):
    """The stable codes of errors in areas."""

    DUPLICATE_CODE = "duplicate_code"
    """Several areas have the same code at the same time."""
    UNKNOWN_PARENT = "unknown_parent"
    """The parent is not among the areas, or not at that time."""
    WRONG_LEVEL = "wrong_level"
    """The level of the area is not below that of its parent."""
    CYCLE = "cycle"
    """The parents form a cycle."""


@frozen(kw_only=True)
class AreaFault:
    """One error of one area.

    Attributes:
        index: the position of the area in the list given, from 0.
        code: the code of the error.
        field: the invalid field of the area.
        text: the message.
    """

    index: int
    code: AreaFaultCode
    field: str
    text: Text


Groups = Mapping[str, Sequence[Sequence[int]]]


def area_faults(areas: Sequence[Area]) -> tuple[AreaFault, ...]:
    """Return all errors in `areas`, in the order of the areas."""
    indices: dict[str, list[int]] = {}
    for index, area in enumerate(areas):
        indices.setdefault(area.code, []).append(index)
    by_code = {code: _at_one_time(areas, same_code) for code, same_code in indices.items()}
    parents = [_parents(area, areas, by_code) for area in areas]
    cycle_of = _cycles([parent[0] if parent else None for parent in parents])
    faults = [
        *_duplicates(by_code),
        *_unknown_parents(areas, parents, by_code),
        *_wrong_levels(areas, parents, cycle_of),
        *_in_cycles(areas, cycle_of),
    ]
    return tuple(sorted(faults, key=lambda fault: fault.index))


def find_by_repadded_code(
    code: str, areas_with: Mapping[str, Iterable[Area]], *, below: AreaLevel | None = None
) -> Area | None:
    """Return the only area whose code equals `code` up to leading zeros, or None.

    Zeros may be missing on either side; they are restored to the official width of the level.

    Args:
        code: the code as given.
        areas_with: the areas, by code.
        below: exclude areas that are not above this level.
    """
    candidates: dict[str, Area] = {
        area.code: area
        for level, width in OFFICIAL_WIDTHS.items()
        if below is None or level.is_above(below)
        for spelling in _spellings(code, width)
        for area in areas_with.get(spelling, ())
        if area.level is level
    }
    if code in candidates:
        return candidates[code]
    return next(iter(candidates.values())) if len(candidates) == 1 else None


def _spellings(code: str, width: int) -> list[str]:
    """Return the forms of `code` with leading zeros lost or restored, up to `width`.

    A form without zeros is included only if `code` has leading zeros.
    """
    if not (code.isascii() and code.isdigit()) or len(code) > width:
        return [code]
    longer = [code.zfill(length) for length in range(len(code), width + 1)]
    return [code.lstrip("0"), *longer] if code.startswith("0") else longer


def _at_one_time(areas: Sequence[Area], indices: list[int]) -> list[list[int]]:
    """Group the areas with one code: areas of overlapping periods are in one group."""
    if len(indices) == 1:
        return [indices]
    groups: list[list[int]] = []
    last_ending = indices[0]
    for index in sorted(indices, key=lambda index: areas[index].valid_from):
        if groups and areas[index].overlaps(areas[last_ending]):
            groups[-1].append(index)
            last_ending = max(
                last_ending, index, key=lambda candidate: areas[candidate].valid_to or date.max
            )
        else:
            groups.append([index])
            last_ending = index
    return groups


def _parents(area: Area, areas: Sequence[Area], by_code: Groups) -> list[int]:
    # Of overlapping areas the first represents all: the overlap is an error of its own.
    groups = by_code.get(area.parent, ()) if area.parent is not None else ()
    return [group[0] for group in groups if any(area.overlaps(areas[index]) for index in group)]


def _duplicates(by_code: Groups) -> Iterator[AreaFault]:
    for code, groups in by_code.items():
        for group in groups:
            if len(group) == 1:
                continue
            text = _DUPLICATE.format(code=code, count=len(group))
            for index in group:
                yield AreaFault(
                    index=index, code=AreaFaultCode.DUPLICATE_CODE, field="code", text=text
                )


def _unknown_parents(
    areas: Sequence[Area], parents: Sequence[list[int]], by_code: Groups
) -> Iterator[AreaFault]:
    orphans = [i for i, area in enumerate(areas) if area.parent is not None and not parents[i]]
    if not orphans:
        return
    known = {code: [areas[group[0]] for group in groups] for code, groups in by_code.items()}
    for index in orphans:
        text = _why_unknown(areas[index], known)
        yield AreaFault(index=index, code=AreaFaultCode.UNKNOWN_PARENT, field="parent", text=text)


def _why_unknown(area: Area, known: Mapping[str, list[Area]]) -> Text:
    if area.parent in known:
        return _PARENT_AT_OTHER_TIME.format(area=area.code)
    candidate = find_by_repadded_code(area.parent, known, below=area.level) if area.parent else None
    if candidate is not None:
        return _MAYBE_PARENT.format(area=area.code, code=candidate.code)
    return _UNKNOWN_PARENT.format(area=area.code)


def _wrong_levels(
    areas: Sequence[Area], parents: Sequence[list[int]], cycle_of: Mapping[int, Sequence[int]]
) -> Iterator[AreaFault]:
    for index, area in enumerate(areas):
        if index in cycle_of:
            continue
        for parent in parents[index]:
            level = areas[parent].level
            if not level.is_above(area.level):
                text = _WRONG_LEVEL.format(
                    area=area.code, level=area.level.label, parent=level.label
                )
                yield AreaFault(
                    index=index, code=AreaFaultCode.WRONG_LEVEL, field="level", text=text
                )
                break


def _in_cycles(areas: Sequence[Area], cycle_of: Mapping[int, Sequence[int]]) -> Iterator[AreaFault]:
    texts: dict[int, Text] = {}
    for index, cycle in cycle_of.items():
        if cycle[0] not in texts:
            texts[cycle[0]] = _CYCLE.format(codes=_cycle_text(areas, cycle))
        yield AreaFault(index=index, code=AreaFaultCode.CYCLE, field="parent", text=texts[cycle[0]])


def _cycles(parent: Sequence[int | None]) -> dict[int, Sequence[int]]:
    """Return the cycle of each index that is on one; every index has at most one parent."""
    cycle_of: dict[int, Sequence[int]] = {}
    done: set[int] = set()
    for start in range(len(parent)):
        position: dict[int, int] = {}
        current: int | None = start
        while current is not None and current not in done and current not in position:
            position[current] = len(position)
            current = parent[current]
        if current is not None and current in position:
            cycle = list(position)[position[current] :]
            cycle_of.update(dict.fromkeys(cycle, cycle))
        done.update(position)
    return cycle_of


def _cycle_text(areas: Sequence[Area], cycle: Sequence[int]) -> str:
    codes = [areas[index].code for index in cycle[:_NAMED]]
    ellipsis = ["…"] if len(cycle) > _NAMED else []
    return " → ".join([*codes, *ellipsis, codes[0]])


_NAMED = 10
_DUPLICATE = Text(
    vi="Mã {code} bị trùng ở {count} khu vực cùng thời gian; mỗi mã chỉ dùng cho một khu vực, "
    "hoặc ghi thời gian khác nhau ở valid_from và valid_to.",
    en="Code {code} is used by {count} areas at the same time; use it for one area only, or set "
    "different periods in valid_from and valid_to.",
)
_UNKNOWN_PARENT = Text(
    vi="{area}: mã khu vực cấp trên không có trong bảng; hãy thêm khu vực đó hoặc sửa mã, kể cả "
    "các số 0 ở đầu.",
    en="{area}: the parent code is not in the table; add that area, or correct the code and its "
    "leading zeros.",
)
_MAYBE_PARENT = Text(
    vi="{area}: mã khu vực cấp trên không có trong bảng; có phải là {code} (bị mất số 0 ở đầu)?",
    en="{area}: the parent code is not in the table; did you mean {code} (leading zeros lost)?",
)
_PARENT_AT_OTHER_TIME = Text(
    vi="{area}: khu vực cấp trên không tồn tại cùng thời gian; hãy kiểm tra valid_from, valid_to.",
    en="{area}: the parent does not exist at the same time; check valid_from and valid_to.",
)
_WRONG_LEVEL = Text(
    vi="{area}: cấp {level} không thể thuộc cấp {parent}; khu vực cấp trên phải ở cấp cao hơn.",
    en="{area}: level {level} cannot belong to level {parent}; the parent must be of a higher "
    "level.",
)
_CYCLE = Text(
    vi="Mã khu vực cấp trên tạo thành vòng lặp: {codes}; hãy sửa cột cấp trên.",
    en="Circular parent codes: {codes}; correct the parents.",
)
