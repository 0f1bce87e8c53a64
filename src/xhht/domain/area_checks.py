"""Consistency checks of areas; all errors are reported together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import frozen

from xhht.dates import day_text
from xhht.domain.area import OFFICIAL_WIDTHS, Area
from xhht.domain.area_changes import AreaChange
from xhht.domain.titles import AreaLevel
from xhht.issues import Issue, RowIssueCode
from xhht.text import Text

__all__ = [
    "AreaIndex",
    "AreaIssue",
    "ChangeIssue",
    "area_issues",
    "change_issues",
    "find_by_repadded_code",
]


@frozen(kw_only=True)
class AreaIssue(Issue):
    """An issue of an area.

    Attributes:
        index: the position of the area in the list given, from 0.
    """

    index: int


Groups = Mapping[str, Sequence[Sequence[int]]]


def area_issues(areas: Sequence[Area]) -> tuple[AreaIssue, ...]:
    """Return all errors in `areas`, in the order of the areas."""
    indices: dict[str, list[int]] = {}
    for index, area in enumerate(areas):
        indices.setdefault(area.code, []).append(index)
    by_code = {code: _at_one_time(areas, same_code) for code, same_code in indices.items()}
    parents = [_parents(area, areas, by_code) for area in areas]
    cycle_of = _cycles([parent[0] if parent else None for parent in parents])
    issues = [
        *_duplicates(by_code),
        *_unknown_parents(areas, parents, by_code),
        *_wrong_levels(areas, parents, cycle_of),
        *_in_cycles(areas, cycle_of),
    ]
    return tuple(sorted(issues, key=lambda issue: issue.index))


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


def _duplicates(by_code: Groups) -> Iterator[AreaIssue]:
    for code, groups in by_code.items():
        for group in groups:
            if len(group) == 1:
                continue
            text = _DUPLICATE.format(code=code, count=len(group))
            for index in group:
                yield _area_issue(index, RowIssueCode.DUPLICATE_CODE, "code", text)


def _unknown_parents(
    areas: Sequence[Area], parents: Sequence[list[int]], by_code: Groups
) -> Iterator[AreaIssue]:
    orphans = [i for i, area in enumerate(areas) if area.parent is not None and not parents[i]]
    if not orphans:
        return
    known = {code: [areas[group[0]] for group in groups] for code, groups in by_code.items()}
    for index in orphans:
        text = _why_unknown(areas[index], known)
        yield _area_issue(index, RowIssueCode.UNKNOWN_PARENT, "parent", text)


def _why_unknown(area: Area, known: Mapping[str, list[Area]]) -> Text:
    if area.parent in known:
        return _PARENT_AT_OTHER_TIME.format(area=area.code)
    candidate = find_by_repadded_code(area.parent, known, below=area.level) if area.parent else None
    if candidate is not None:
        return _MAYBE_PARENT.format(area=area.code, code=candidate.code)
    return _UNKNOWN_PARENT.format(area=area.code)


def _wrong_levels(
    areas: Sequence[Area], parents: Sequence[list[int]], cycle_of: Mapping[int, Sequence[int]]
) -> Iterator[AreaIssue]:
    for index, area in enumerate(areas):
        if index in cycle_of:
            continue
        for parent in parents[index]:
            level = areas[parent].level
            if not level.is_above(area.level):
                text = _WRONG_LEVEL.format(
                    area=area.code, level=area.level.label, parent=level.label
                )
                yield _area_issue(index, RowIssueCode.WRONG_LEVEL, "level", text)
                break


def _in_cycles(areas: Sequence[Area], cycle_of: Mapping[int, Sequence[int]]) -> Iterator[AreaIssue]:
    texts: dict[int, Text] = {}
    for index, cycle in cycle_of.items():
        if cycle[0] not in texts:
            texts[cycle[0]] = _CYCLE.format(codes=_cycle_text(areas, cycle))
        yield _area_issue(index, RowIssueCode.CYCLE, "parent", texts[cycle[0]])


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


def _area_issue(index: int, code: RowIssueCode, field: str, text: Text) -> AreaIssue:
    return AreaIssue(index=index, code=code, field=field, text=text)


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


@frozen(kw_only=True)
class ChangeIssue(Issue):
    """An issue of a change, or of an area without a required change.

    Attributes:
        index: the position of the change in the list given, from 0; None if a change is missing.
        area: the area concerned, if it exists.
    """

    index: int | None
    area: Area | None


class AreaIndex:
    """An index of the areas of all periods by code and day."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self.areas = areas
        self._by_code: dict[str, list[Area]] = {}
        for area in areas:
            self._by_code.setdefault(area.code, []).append(area)

    def at(self, code: str, day: date) -> Area | None:
        """Return the area that has `code` on `day`, or None."""
        candidates = self._by_code.get(code, ())
        return next((area for area in candidates if area.exists_on(day)), None)

    def village_successor(self, area: Area) -> Area | None:
        """Return the record that continues a village after its record ends, or None.

        A village's code is the user's own and identifies it permanently; official codes do not.
        """
        if area.level is not AreaLevel.VILLAGE or area.valid_to is None:
            return None
        after = self.at(area.code, area.valid_to)
        return after if after is not None and after.level is AreaLevel.VILLAGE else None

    def spans(self) -> dict[AreaLevel, list[tuple[date, date]]]:
        """Return the periods of the areas of each level; an open end is date.max."""
        spans: dict[AreaLevel, set[tuple[date, date]]] = {}
        for area in self.areas:
            spans.setdefault(area.level, set()).add((area.valid_from, area.valid_to or date.max))
        return {level: sorted(times) for level, times in spans.items()}


def change_issues(changes: Sequence[AreaChange], index: AreaIndex) -> tuple[ChangeIssue, ...]:
    """Return all errors: of changes in their order, then of areas that end without a change."""
    leaving: dict[tuple[str, date], list[int]] = {}
    for position, change in enumerate(changes):
        leaving.setdefault((change.from_code, change.effective), []).append(position)
    issues = [
        *_unknown(changes, index),
        *_duplicate_changes(changes, leaving),
        *_contradictions(changes, leaving, index),
        *_change_cycles(changes),
    ]
    issues.sort(key=lambda issue: issue.index or 0)
    moved = {(c.from_code, c.effective) for c in changes if c.kind.carries_people}
    return (*issues, *_ends(index, moved))


def _unknown(changes: Sequence[AreaChange], index: AreaIndex) -> Iterator[ChangeIssue]:
    for number, change in enumerate(changes):
        for issue_code, field, code, day in (
            (RowIssueCode.UNKNOWN_FROM, "from_code", change.from_code, change.last_day),
            (RowIssueCode.UNKNOWN_TO, "to_code", change.to_code, change.effective),
        ):
            if index.at(code, day) is None:
                text = _UNKNOWN.format(code=code, day=day_text(day))
                yield _change_issue(number, None, issue_code, field, text)


Leaving = Mapping[tuple[str, date], Sequence[int]]


def _duplicate_changes(changes: Sequence[AreaChange], leaving: Leaving) -> Iterator[ChangeIssue]:
    for numbers in leaving.values():
        to_codes = [changes[number].to_code for number in numbers]
        for number in numbers:
            change = changes[number]
            if to_codes.count(change.to_code) > 1:
                text = _DUPLICATE_CHANGE.format(
                    before=change.from_code, after=change.to_code, day=day_text(change.effective)
                )
                yield _change_issue(number, None, RowIssueCode.DUPLICATE_CHANGE, "to_code", text)


def _contradictions(
    changes: Sequence[AreaChange], leaving: Leaving, index: AreaIndex
) -> Iterator[ChangeIssue]:
    for (code, day), numbers in leaving.items():
        area = index.at(code, changes[numbers[0]].last_day)
        if area is None:
            continue
        continues = area.exists_on(day)
        moving = [number for number in numbers if changes[number].kind.carries_people]
        leaving_numbers = [
            number for number in moving if not (continues and changes[number].to_code == code)
        ]
        destinations = {changes[number].to_code for number in moving}
        moving_all = [number for number in moving if changes[number].kind.carries_all]
        if moving_all and (len(destinations) > 1 or (continues and leaving_numbers)):
            text = _WHOLE_BESIDE.format(code=code, day=day_text(day))
            for number in moving_all:
                yield _change_issue(number, area, RowIssueCode.WHOLE_BESIDE_OTHER, "kind", text)
        elif not moving_all and len(destinations) == 1 and not (continues and leaving_numbers):
            text = _PART_ALONE.format(code=code, day=day_text(day))
            yield _change_issue(moving[0], area, RowIssueCode.PART_ALONE, "kind", text)


def _change_cycles(changes: Sequence[AreaChange]) -> Iterator[ChangeIssue]:
    # A unit keeps its code while it exists, so units do not exchange codes in a cycle: such rows
    # were swapped by mistake.
    following: dict[tuple[date, str], int] = {
        (change.effective, change.from_code): number
        for number, change in enumerate(changes)
        if change.kind.carries_all and change.from_code != change.to_code
    }
    done: set[int] = set()
    for start in following.values():
        path: list[int] = []
        current: int | None = start
        while current is not None and current not in done:
            done.add(current)
            path.append(current)
            current = following.get((changes[current].effective, changes[current].to_code))
        if current is None or current not in path:
            continue
        cycle = path[path.index(current) :]
        codes = [changes[number].from_code for number in cycle]
        text = _CHANGE_CYCLE.format(
            codes=" → ".join([*codes, codes[0]]), day=day_text(changes[start].effective)
        )
        for number in cycle:
            yield _change_issue(number, None, RowIssueCode.CHANGE_CYCLE, "to_code", text)


def _ends(index: AreaIndex, moved: Collection[tuple[str, date]]) -> Iterator[ChangeIssue]:
    spans = index.spans()
    for area in index.areas:
        end = area.valid_to
        if end is None or (area.code, end) in moved or index.village_successor(area) is not None:
            continue
        # If the level itself ends, as districts did, no successor of that level is possible.
        if any(start <= end < stop for start, stop in spans[area.level]):
            text = _ENDS.format(code=area.code, day=day_text(end))
            yield _change_issue(None, area, RowIssueCode.ENDS_WITHOUT_CHANGE, "valid_to", text)


def _change_issue(
    number: int | None, area: Area | None, code: RowIssueCode, field: str, text: Text
) -> ChangeIssue:
    return ChangeIssue(index=number, area=area, code=code, field=field, text=text)


_UNKNOWN = Text(
    vi="Ngày {day} không có khu vực nào mang mã {code}; hãy kiểm tra mã, ngày hiệu lực và bảng "
    "khu vực.",
    en="No area has code {code} on {day}; check the code, the effective date and the table of "
    "areas.",
)


_DUPLICATE_CHANGE = Text(
    vi="Biến động từ {before} sang {after} ngày {day} bị trùng; chỉ giữ lại một dòng.",
    en="Duplicate change from {before} to {after} on {day}; keep one.",
)


_WHOLE_BESIDE = Text(
    vi="{code}: ngày {day} toàn bộ dân đã chuyển đến một nơi nhưng vẫn có phần dân ở nơi khác; "
    "hãy ghi mọi phần là merged_part, hoặc area_only nếu không có dân.",
    en="{code}: on {day} one change moves all people, but some people are elsewhere; use "
    "merged_part for every part, or area_only where nobody lives.",
)


_PART_ALONE = Text(
    vi="{code}: ngày {day} chỉ ghi một phần dân chuyển đi, chưa rõ phần còn lại; hãy bổ sung "
    "phần còn lại, hoặc ghi merged_whole nếu là toàn bộ dân.",
    en="{code}: on {day} only some people move and the remaining people are missing; add the "
    "remaining changes, or use merged_whole if all people move.",
)


_CHANGE_CYCLE = Text(
    vi="Các biến động ngày {day} tạo thành vòng lặp: {codes}; hãy kiểm tra các dòng này.",
    en="Circular changes between areas on {day}: {codes}; check these rows.",
)


_ENDS = Text(
    vi="{code}: hết hiệu lực từ ngày {day} nhưng thiếu biến động cho biết dân chuyển về đâu; hãy "
    "bổ sung biến động.",
    en="{code}: ends on {day}, but no change shows where its people go; add the change.",
)
