"""Maps areas of one day to areas of another, by following changes, never names or codes.

Codes are reused, so the same code on two days may identify different areas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import TypeAlias

from attrs import field, frozen

from xhht.dates import day_text
from xhht.domain.area import Area
from xhht.domain.area_changes import AreaChange
from xhht.domain.area_checks import AreaIndex, ChangeIssue, change_issues
from xhht.domain.areas import AreaTree
from xhht.domain.validators import require_day
from xhht.errors import DomainError
from xhht.text import Text, join

__all__ = ["Concordance", "NotKnown", "Source", "Sources", "Split", "Whole"]

_Visit: TypeAlias = tuple[Area, date]


@frozen
class Whole:
    """All people of the requested area are in `area` on the other day."""

    area: Area

    @property
    def areas(self) -> tuple[Area, ...]:
        """The one area."""
        return (self.area,)


@frozen
class Split:
    """The people are in several areas; their distribution requires data of villages."""

    areas: tuple[Area, ...]


@frozen
class NotKnown:
    """No change shows where the people, or some of them, are; `area` was the last known."""

    area: Area

    @property
    def areas(self) -> tuple[Area, ...]:
        """None."""
        return ()

    @property
    def text(self) -> Text:
        """The message."""
        return _ENDED.format(code=self.area.code, day=day_text(self.area.valid_to or date.max))


@frozen
class Source:
    """An area of an earlier day; `whole` if all of its people are in the requested area."""

    area: Area
    whole: bool


@frozen
class Sources:
    """The areas of an earlier day that an area consists of.

    Attributes:
        parts: by code.
        complete: False if the origin of some of the people is unknown.
    """

    parts: tuple[Source, ...]
    complete: bool


def _given(changes: Iterable[AreaChange]) -> tuple[AreaChange, ...]:
    given = tuple(changes)
    if not all(isinstance(change, AreaChange) for change in given):
        raise DomainError(_NOT_CHANGES)
    return given


Edges = Mapping[tuple[str, date], list[AreaChange]]


@frozen(repr=False)
class Concordance:
    """The changes between the areas of several days, valid by construction and immutable.

    Attributes:
        changes: the changes. An area that continues under the same record needs none.
        tree: the areas of all days concerned.

    Raises:
        DomainError: the changes contradict each other or the areas; `Concordance.check` returns
            all errors.

    >>> from xhht.domain.area_changes import ChangeKind
    >>> from xhht.domain.titles import AreaLevel
    >>> day, merged = date(2025, 7, 1), ChangeKind.MERGED_WHOLE
    >>> def ward(code, name, **when):
    ...     return Area(code=code, name=name, level=AreaLevel.COMMUNE, **when)
    >>> concordance = Concordance(
    ...     [
    ...         AreaChange(from_code=code, to_code="22918", effective=day, kind=merged)
    ...         for code in ("22915", "22918")
    ...     ],
    ...     AreaTree(
    ...         [
    ...             ward("22915", "Phường Mũi Né", valid_to=day),
    ...             ward("22918", "Phường Hàm Tiến", valid_to=day),
    ...             ward("22918", "Phường Mũi Né", valid_from=day),
    ...         ]
    ...     ),
    ... )
    >>> concordance.targets("22915", date(2024, 12, 31), day).area.code
    '22918'
    >>> [part.area.name for part in concordance.sources("22918", day, date(2024, 12, 31)).parts]
    ['Phường Mũi Né', 'Phường Hàm Tiến']
    """

    changes: tuple[AreaChange, ...] = field(converter=_given)
    tree: AreaTree
    _index: AreaIndex = field(init=False, eq=False)
    _leaving: Edges = field(init=False, eq=False)
    _coming: Edges = field(init=False, eq=False)
    _days: Mapping[str, list[date]] = field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.tree, AreaTree):
            raise DomainError(_NO_TREE)
        index = AreaIndex(self.tree.areas)
        issues = change_issues(self.changes, index)
        if issues:
            raise DomainError(_listed(issues))
        leaving: dict[tuple[str, date], list[AreaChange]] = {}
        coming: dict[tuple[str, date], list[AreaChange]] = {}
        days: dict[str, set[date]] = {}
        for change in self.changes:
            if not change.kind.carries_people:
                continue
            leaving.setdefault((change.from_code, change.effective), []).append(change)
            coming.setdefault((change.to_code, change.effective), []).append(change)
            for code in (change.from_code, change.to_code):
                days.setdefault(code, set()).add(change.effective)
        object.__setattr__(self, "_index", index)
        object.__setattr__(self, "_leaving", leaving)
        object.__setattr__(self, "_coming", coming)
        object.__setattr__(
            self, "_days", {code: sorted(change_days) for code, change_days in days.items()}
        )

    @staticmethod
    def check(changes: Iterable[AreaChange], tree: AreaTree) -> tuple[ChangeIssue, ...]:
        """Return all contradictions between the changes and these areas."""
        return change_issues(_given(changes), AreaIndex(tree.areas))

    def __repr__(self) -> str:
        return f"Concordance(<{len(self.changes)} changes of {len(self.tree)} areas>)"

    def area(self, code: str, day: date) -> Area:
        """Return the area that has `code` on `day`; DomainError if there is none."""
        require_day(day)
        area = self._index.at(code, day)
        if area is None:
            raise DomainError(_NO_AREA.format(day=day_text(day)))
        return area

    def targets(self, code: str, from_day: date, to_day: date) -> Whole | Split | NotKnown:
        """Return the areas on `to_day` of the people who were in the area `code` on `from_day`.

        Raises:
            DomainError: no area has the code on `from_day`, or `to_day` is earlier.
        """
        start = self.area(code, from_day)
        require_day(to_day)
        if to_day < from_day:
            raise DomainError(_BACKWARD)

        def after(area: Area, day: date) -> list[_Visit] | None:
            change_day = self._next_day(area, day)
            if change_day is None or change_day > to_day:
                return None
            return [(next_area, change_day) for next_area in self._after(area, change_day)]

        final_areas, lost = _walk((start, from_day), after)
        if lost:
            return NotKnown(lost[0])
        return Whole(final_areas.pop()) if len(final_areas) == 1 else Split(_by_code(final_areas))

    def sources(self, code: str, from_day: date, to_day: date) -> Sources:
        """Return the areas on the earlier day `to_day` that form the area `code` of `from_day`.

        Raises:
            DomainError: no area has the code on `from_day`, or `to_day` is later.
        """
        start = self.area(code, from_day)
        require_day(to_day)
        if to_day > from_day:
            raise DomainError(_FORWARD)

        def before(area: Area, day: date) -> list[_Visit] | None:
            change_day = self._last_day(area, day)
            if change_day is None or change_day <= to_day:
                return None
            eve = change_day - _A_DAY
            return [(previous, eve) for previous in self._before(area, change_day)]

        source_areas, lost = _walk((start, from_day), before)
        return Sources(
            tuple(self._source(area, start, to_day, from_day) for area in _by_code(source_areas)),
            complete=not lost,
        )

    def _source(self, area: Area, target: Area, day: date, later: date) -> Source:
        return Source(area, self.targets(area.code, day, later) == Whole(target))

    def _next_day(self, area: Area, day: date) -> date | None:
        """Return the first day after `day` on which the area changes or ends."""
        days = [
            change_day
            for change_day in self._days.get(area.code, ())
            if day < change_day and (area.code, change_day) in self._leaving
        ]
        if area.valid_to is not None:
            days.append(area.valid_to)
        return min(days, default=None)

    def _last_day(self, area: Area, day: date) -> date | None:
        """Return the last day, `day` at the latest, on which the area begins or receives people."""
        days = [
            change_day
            for change_day in self._days.get(area.code, ())
            if change_day <= day
            and area.exists_on(change_day)
            and (area.code, change_day) in self._coming
        ]
        if area.valid_from > date.min:
            days.append(area.valid_from)
        return max(days, default=None)

    def _after(self, area: Area, day: date) -> set[Area]:
        changes = self._leaving.get((area.code, day), ())
        next_areas = {self.area(change.to_code, day) for change in changes}
        if area.exists_on(day):
            # Only some people move if the area continues; the others stay.
            next_areas.add(area)
        elif not next_areas:
            next_areas.update(filter(None, [self._index.village_successor(area)]))
        return next_areas

    def _before(self, area: Area, day: date) -> set[Area]:
        changes = self._coming.get((area.code, day), ())
        previous_areas = {self.area(change.from_code, day - _A_DAY) for change in changes}
        if area.exists_on(day - _A_DAY):
            previous_areas.add(area)
        elif not previous_areas:
            earlier = self._index.at(area.code, day - _A_DAY)
            if earlier is not None and self._is_continued_village(earlier, area, day):
                previous_areas.add(earlier)
        return previous_areas

    def _is_continued_village(self, earlier: Area, area: Area, day: date) -> bool:
        moved = (earlier.code, day) in self._leaving
        return not moved and self._index.village_successor(earlier) == area


def _walk(
    start: _Visit, follow: Callable[[Area, date], list[_Visit] | None]
) -> tuple[set[Area], list[Area]]:
    """Return the areas where a depth-first walk over changes ends, and those that lead nowhere.

    Args:
        start: the first area and day.
        follow: the next areas and days; None if the walk ends in the area.
    """
    ends: set[Area] = set()
    lost: list[Area] = []
    stack, visited = [start], set[_Visit]()
    while stack:
        visit = stack.pop()
        if visit in visited:
            continue
        visited.add(visit)
        following = follow(*visit)
        if following is None:
            ends.add(visit[0])
        elif following:
            stack.extend(following)
        else:
            lost.append(visit[0])
    return ends, lost


def _by_code(areas: Iterable[Area]) -> tuple[Area, ...]:
    return tuple(sorted(areas, key=lambda area: area.code))


def _listed(issues: tuple[ChangeIssue, ...]) -> Text:
    texts = list(dict.fromkeys(issue.text for issue in issues))
    return _NO_CONCORDANCE.format(count=len(issues), errors=join(texts[:_MAX_SHOWN]))


_A_DAY = timedelta(days=1)
_MAX_SHOWN = 20
_NOT_CHANGES = Text(
    vi="Concordance nhận các đối tượng AreaChange; hãy dùng from_dict(AreaChange, …) cho dữ liệu "
    "thô.",
    en="Concordance takes AreaChange objects; use from_dict(AreaChange, …) for raw data.",
)
_NO_TREE = Text(
    vi="Concordance cần một AreaTree có các khu vực của mọi ngày liên quan.",
    en="Concordance needs an AreaTree with the areas of all days concerned.",
)
_NO_CONCORDANCE = Text(
    vi="Các biến động không khớp với các khu vực ({count} lỗi): {errors}",
    en="The changes do not match the areas; number of errors: {count}. {errors}",
)
_NO_AREA = Text(
    vi="Không có khu vực nào mang mã này vào ngày {day}; hãy kiểm tra mã và ngày.",
    en="No area has this code on {day}; check the code and the day.",
)
_BACKWARD = Text(
    vi="to_day: phải bằng hoặc sau from_day; để quy đổi về ngày trước, hãy dùng sources.",
    en="to_day: must not be before from_day; use sources for an earlier day.",
)
_FORWARD = Text(
    vi="to_day: phải bằng hoặc trước from_day; để quy đổi sang ngày sau, hãy dùng targets.",
    en="to_day: must not be after from_day; use targets for a later day.",
)
_ENDED = Text(
    vi="{code}: hết hiệu lực từ ngày {day}, không có khu vực kế tiếp.",
    en="{code}: ended on {day} and has no successor area.",
)
