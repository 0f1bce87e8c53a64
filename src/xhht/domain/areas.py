"""The tree of areas on each day.

Before 1 July 2025 provinces had districts; since then communes belong directly to provinces. The
parents are data, so a tree of either period, or of both, is built in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from attrs import field, frozen

from xhht.domain.area import OFFICIAL_WIDTHS, Area, repad
from xhht.domain.area_checks import AreaIssue, area_issues, find_by_repadded_code
from xhht.domain.titles import AreaLevel
from xhht.domain.validators import join_errors, require_day
from xhht.errors import DomainError
from xhht.text import Text

__all__ = ["OFFICIAL_WIDTHS", "Area", "AreaLevel", "AreaTree", "repad"]


def _in_order(areas: Iterable[Area]) -> tuple[Area, ...]:
    return tuple(sorted(_only_areas(areas), key=lambda area: (area.code, area.valid_from)))


def _only_areas(areas: Iterable[Area]) -> tuple[Area, ...]:
    given = tuple(areas)
    if not all(isinstance(area, Area) for area in given):
        raise DomainError(_NOT_AREAS)
    return given


@frozen(repr=False)
class AreaTree:
    """A tree of areas, valid by construction and immutable.

    It may contain areas of different periods; then `on` gives the tree of a day. Relations require
    the tree of one day, because a code may identify several areas. Iteration is by code, then by
    `valid_from`.

    Raises:
        DomainError: the areas do not form a tree; `AreaTree.check` returns all errors.

    >>> tree = AreaTree(
    ...     [
    ...         Area(code="60", name="Tỉnh Bình Thuận", level=AreaLevel.PROVINCE),
    ...         Area(code="595", name="Huyện Tuy Phong", level=AreaLevel.DISTRICT, parent="60"),
    ...         Area(code="22999", name="Xã Bình Thạnh", level=AreaLevel.COMMUNE, parent="595"),
    ...     ]
    ... )
    >>> [area.name for area in tree.ancestors("22999")]
    ['Huyện Tuy Phong', 'Tỉnh Bình Thuận']
    """

    areas: tuple[Area, ...] = field(converter=_in_order)
    _by_code: Mapping[str, list[Area]] = field(init=False, eq=False)
    _children: Mapping[str | None, list[Area]] = field(init=False, eq=False)
    _has_common_day: bool = field(init=False, eq=False)
    _of_all_days: AreaTree | None = field(init=False, eq=False, default=None)
    _day: date | None = field(init=False, eq=False, default=None)

    def __attrs_post_init__(self) -> None:
        issues = area_issues(self.areas)
        if issues:
            raise DomainError(_listed(issues))
        by_code: dict[str, list[Area]] = {}
        children: dict[str | None, list[Area]] = {}
        for area in self.areas:
            by_code.setdefault(area.code, []).append(area)
            children.setdefault(area.parent, []).append(area)
        object.__setattr__(self, "_by_code", by_code)
        object.__setattr__(self, "_children", children)
        starts = max((area.valid_from for area in self.areas), default=date.min)
        ends = min((area.valid_to or date.max for area in self.areas), default=date.max)
        object.__setattr__(self, "_has_common_day", starts < ends)

    @staticmethod
    def check(areas: Iterable[Area]) -> tuple[AreaIssue, ...]:
        """Return all errors that prevent `areas` from forming a tree, in their order."""
        return area_issues(_only_areas(areas))

    def __repr__(self) -> str:
        return f"AreaTree(<{len(self.areas)} areas>)"

    def __len__(self) -> int:
        return len(self.areas)

    def __iter__(self) -> Iterator[Area]:
        return iter(self.areas)

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and code in self._by_code

    def __getitem__(self, code: str) -> Area:
        self._require_common_day()
        if code not in self:
            candidate = self.find_repadded(code) if isinstance(code, str) else None
            raise DomainError(_MAYBE.format(code=candidate.code) if candidate else _UNKNOWN)
        return self._by_code[code][0]

    def on(self, day: date) -> AreaTree:
        """Return the tree of the areas that exist on `day`.

        Raises:
            DomainError: the parent of an area does not exist on that day.
        """
        require_day(day)
        tree = AreaTree(area for area in self.areas if area.exists_on(day))
        object.__setattr__(tree, "_of_all_days", self.of_all_days)
        object.__setattr__(tree, "_day", day)
        return tree

    @property
    def of_all_days(self) -> AreaTree:
        """The tree from which `on` chose the areas of a day; else this one."""
        return self if self._of_all_days is None else self._of_all_days

    @property
    def day(self) -> date:
        """The day chosen by `on`; else the first on which all areas exist."""
        self._require_common_day()
        if self._day is not None:
            return self._day
        return max((area.valid_from for area in self.areas), default=date.min)

    @property
    def has_common_day(self) -> bool:
        """Whether all areas exist on one day, so that a code identifies one area."""
        return self._has_common_day

    @property
    def roots(self) -> tuple[Area, ...]:
        """The areas without a parent, by code."""
        self._require_common_day()
        return tuple(self._children.get(None, ()))

    def at_level(self, level: AreaLevel) -> tuple[Area, ...]:
        """Return the areas of one level, by code."""
        self._require_common_day()
        return tuple(area for area in self.areas if area.level is level)

    def children(self, code: str) -> tuple[Area, ...]:
        """Return the areas whose parent is `code`, by code; DomainError for an unknown code."""
        return tuple(self._children.get(self[code].code, ()))

    def ancestors(self, code: str) -> tuple[Area, ...]:
        """Return the areas that contain `code`, the nearest first."""
        ancestors: list[Area] = []
        parent = self[code].parent
        while parent is not None:
            ancestors.append(self._by_code[parent][0])
            parent = ancestors[-1].parent
        return tuple(ancestors)

    def descendants(self, code: str) -> tuple[Area, ...]:
        """Return all areas within `code` in preorder, siblings by code."""
        descendants: list[Area] = []
        stack = list(reversed(self.children(code)))
        while stack:
            area = stack.pop()
            descendants.append(area)
            stack.extend(reversed(self._children.get(area.code, ())))
        return tuple(descendants)

    def leaves(self, code: str) -> tuple[Area, ...]:
        """Return the areas within `code` that contain no others: itself if it contains none."""
        within = self.descendants(code) or (self[code],)
        return tuple(area for area in within if area.code not in self._children)

    def up(self, code: str, level: AreaLevel) -> Area | None:
        """Return the area of `level` that contains `code`, which may be `code` itself, or None."""
        above = (self[code], *self.ancestors(code))
        return next((area for area in above if area.level is level), None)

    def find_repadded(self, code: str) -> Area | None:
        """Return the only area whose code equals `code` up to leading zeros, or None.

        None also if several areas match, as "4" may be a district and a commune.
        """
        self._require_common_day()
        return find_by_repadded_code(code, self._by_code)

    def _require_common_day(self) -> None:
        if not self._has_common_day:
            raise DomainError(_MANY_TIMES)


def _listed(issues: tuple[AreaIssue, ...]) -> Text:
    texts = list(dict.fromkeys(issue.text for issue in issues))
    return _NO_TREE.format(count=len(issues), errors=join_errors(texts))


_NOT_AREAS = Text(
    vi="AreaTree nhận các đối tượng Area; hãy dùng from_dict(Area, …) cho dữ liệu thô.",
    en="AreaTree takes Area objects; use from_dict(Area, …) for raw data.",
)
_NO_TREE = Text(
    vi="Các khu vực không tạo thành cây hợp lệ ({count} lỗi): {errors}",
    en="The areas do not form a valid tree; number of errors: {count}. {errors}",
)
_UNKNOWN = Text(
    vi="Không có khu vực nào trong cây mang mã này; hãy kiểm tra mã.",
    en="No area in the tree has this code; check the code.",
)
_MAYBE = Text(
    vi="Không có khu vực nào mang mã này; có phải là {code} (bị mất số 0 ở đầu)?",
    en="No area has this code; did you mean {code} (leading zeros lost)?",
)
_MANY_TIMES = Text(
    vi="Các khu vực không cùng tồn tại vào một ngày; hãy chọn một ngày bằng on(ngày).",
    en="The areas do not all exist on the same day; select a day with on(day).",
)
