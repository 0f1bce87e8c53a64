"""Consistency checks of area changes; all errors are reported together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum

from attrs import frozen

from xhht.dates import day_text
from xhht.domain.area import Area
from xhht.domain.area_changes import AreaChange
from xhht.domain.titles import AreaLevel
from xhht.text import Text

__all__ = ["AreaIndex", "ChangeFault", "ChangeFaultCode", "change_faults"]


class ChangeFaultCode(StrEnum):
    """The stable codes of errors in changes."""

    UNKNOWN_FROM = "unknown_from"
    """No area has the old code on the day before."""
    UNKNOWN_TO = "unknown_to"
    """No area has the new code on the day."""
    DUPLICATE_CHANGE = "duplicate_change"
    """Two changes between the same areas on one day."""
    WHOLE_BESIDE_OTHER = "whole_beside_other"
    """One change moves all people of an area, but some of them are elsewhere."""
    PART_ALONE = "part_alone"
    """Only some people of an area move, and the remaining people are missing."""
    CHANGE_CYCLE = "change_cycle"
    """The changes of one day form a cycle."""
    ENDS_WITHOUT_CHANGE = "ends_without_change"
    """An area ends, and no change shows where its people go."""


@frozen(kw_only=True)
class ChangeFault:
    """One error of a change, or of an area without a required change.

    Attributes:
        index: the position of the change in the list given, from 0; None if a change is missing.
        area: the area concerned, if it exists.
        code: the code of the error.
        field: the invalid field of the change or of the area.
        text: the message.
    """

    index: int | None
    area: Area | None
    code: ChangeFaultCode
    field: str
    text: Text


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


def change_faults(changes: Sequence[AreaChange], index: AreaIndex) -> tuple[ChangeFault, ...]:
    """Return all errors: of changes in their order, then of areas that end without a change."""
    leaving: dict[tuple[str, date], list[int]] = {}
    for position, change in enumerate(changes):
        leaving.setdefault((change.from_code, change.effective), []).append(position)
    faults = [
        *_unknown(changes, index),
        *_duplicates(changes, leaving),
        *_contradictions(changes, leaving, index),
        *_cycles(changes),
    ]
    faults.sort(key=lambda fault: fault.index or 0)
    moved = {
        (change.from_code, change.effective) for change in changes if change.kind.carries_people
    }
    return (*faults, *_ends(index, moved))


def _unknown(changes: Sequence[AreaChange], index: AreaIndex) -> Iterator[ChangeFault]:
    for number, change in enumerate(changes):
        if index.at(change.from_code, change.last_day) is None:
            yield ChangeFault(
                index=number,
                area=None,
                code=ChangeFaultCode.UNKNOWN_FROM,
                field="from_code",
                text=_UNKNOWN.format(code=change.from_code, day=day_text(change.last_day)),
            )
        if index.at(change.to_code, change.effective) is None:
            yield ChangeFault(
                index=number,
                area=None,
                code=ChangeFaultCode.UNKNOWN_TO,
                field="to_code",
                text=_UNKNOWN.format(code=change.to_code, day=day_text(change.effective)),
            )


Leaving = Mapping[tuple[str, date], Sequence[int]]


def _duplicates(changes: Sequence[AreaChange], leaving: Leaving) -> Iterator[ChangeFault]:
    for numbers in leaving.values():
        to_codes = [changes[number].to_code for number in numbers]
        for number in numbers:
            change = changes[number]
            if to_codes.count(change.to_code) > 1:
                text = _DUPLICATE.format(
                    before=change.from_code, after=change.to_code, day=day_text(change.effective)
                )
                yield _fault(number, None, ChangeFaultCode.DUPLICATE_CHANGE, "to_code", text)


def _contradictions(
    changes: Sequence[AreaChange], leaving: Leaving, index: AreaIndex
) -> Iterator[ChangeFault]:
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
                yield _fault(number, area, ChangeFaultCode.WHOLE_BESIDE_OTHER, "kind", text)
        elif not moving_all and len(destinations) == 1 and not (continues and leaving_numbers):
            text = _PART_ALONE.format(code=code, day=day_text(day))
            yield _fault(moving[0], area, ChangeFaultCode.PART_ALONE, "kind", text)


def _cycles(changes: Sequence[AreaChange]) -> Iterator[ChangeFault]:
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
        text = _CYCLE.format(
            codes=" → ".join([*codes, codes[0]]), day=day_text(changes[start].effective)
        )
        for number in cycle:
            yield _fault(number, None, ChangeFaultCode.CHANGE_CYCLE, "to_code", text)


def _ends(index: AreaIndex, moved: Collection[tuple[str, date]]) -> Iterator[ChangeFault]:
    spans = index.spans()
    for area in index.areas:
        end = area.valid_to
        if end is None or (area.code, end) in moved or index.village_successor(area) is not None:
            continue
        # If the level itself ends, as districts did, no successor of that level is possible.
        if any(start <= end < stop for start, stop in spans[area.level]):
            text = _ENDS.format(code=area.code, day=day_text(end))
            yield _fault(None, area, ChangeFaultCode.ENDS_WITHOUT_CHANGE, "valid_to", text)


def _fault(
    number: int | None, area: Area | None, code: ChangeFaultCode, field: str, text: Text
) -> ChangeFault:
    return ChangeFault(index=number, area=area, code=code, field=field, text=text)


_UNKNOWN = Text(
    vi="Ngày {day} không có khu vực nào mang mã {code}; hãy kiểm tra mã, ngày hiệu lực và bảng "
    "khu vực.",
    en="No area has code {code} on {day}; check the code, the effective date and the table of "
    "areas.",
)
_DUPLICATE = Text(
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
_CYCLE = Text(
    vi="Các biến động ngày {day} tạo thành vòng lặp: {codes}; hãy kiểm tra các dòng này.",
    en="Circular changes between areas on {day}: {codes}; check these rows.",
)
_ENDS = Text(
    vi="{code}: hết hiệu lực từ ngày {day} nhưng thiếu biến động cho biết dân chuyển về đâu; hãy "
    "bổ sung biến động.",
    en="{code}: ends on {day}, but no change shows where its people go; add the change.",
)
