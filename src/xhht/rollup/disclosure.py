"""Disclosure control: a table of counts made safe to publish.

Small counts tell of single people, so they are left out (*primary* suppression). Totals would give
them back, so other counts are left out too (*complementary* suppression), until no count that was
left out can be worked out, nor narrowed to less than a stated width.

How: for every small count a *swap* is sought. It moves the count up by the width and others up or
down with it, so that all totals of areas and of columns stay as they are. A swap runs along a path
of areas (from an area down to one that holds no others, and down a second branch of a common
ancestor with the opposite sign; or else down from the top) and likewise along a path of columns.
Every count that the swap touches is left out, and every one that it lowers is large enough. The
table before the swap and the table after it then agree in all that is published: whoever reads
it, with all of algebra, cannot tell which is true, so that each count left out keeps at least the
width. Swaps that leave out the fewest further counts, then the smallest, are taken. The result is
safe, and not always the least that would be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

from attrs import field, frozen

from xhht.domain.areas import AreaTree
from xhht.errors import RollupError
from xhht.text import Text

__all__ = ["Cell", "DisclosurePolicy", "ProtectedTable", "Reason", "ZeroPolicy", "protect"]

Key = tuple[str, str]
Path = tuple[tuple[str, int], ...]


class ZeroPolicy(StrEnum):
    """Whether a count of 0 is published."""

    SHOW = "show"
    SUPPRESS = "suppress"


class Reason(StrEnum):
    """Why a count is left out. Do not publish which of the two it is: it narrows the count."""

    SMALL = "small"
    COMPLEMENTARY = "complementary"

    @property
    def label(self) -> Text:
        """The reason as officials read it."""
        return _REASONS[self]


@frozen(kw_only=True)
class DisclosurePolicy:
    """What is left out.

    Attributes:
        threshold: the least count that may be published, at least 2; 1 to threshold - 1 are small.
        zeros: `show` publishes every 0, so that readers know a count left out to be at least 1;
            `suppress` treats 0 as small.
        width: how far apart the least and the largest that a count left out can be must lie at
            least, 1 or more.

    Raises:
        RollupError: a number that cannot be.
    """

    threshold: int = 5
    zeros: ZeroPolicy = field(default=ZeroPolicy.SHOW, converter=ZeroPolicy)
    width: int = 1

    def __attrs_post_init__(self) -> None:
        if self.threshold < 2 or self.width < 1:
            raise RollupError(_BAD_POLICY)

    @property
    def least(self) -> int:
        """The least that readers know a count left out to be."""
        return 1 if self.zeros is ZeroPolicy.SHOW else 0

    def is_small(self, count: int) -> bool:
        """Return whether a count must not be published."""
        return self.least <= count < self.threshold


@frozen
class Cell:
    """A count of the published table: its value, or None and why it is left out."""

    value: int | None
    reason: Reason | None = None


@frozen(kw_only=True)
class ProtectedTable:
    """A table that is safe to publish, by area and column.

    Attributes:
        columns: in the order given.
        cells: by area, then by column.
        policy: what was left out.
    """

    columns: tuple[str, ...]
    cells: Mapping[str, Mapping[str, Cell]]
    policy: DisclosurePolicy

    def suppressed(self) -> dict[Key, Reason]:
        """Return what is left out and why, by area and column; for the agency's own eyes."""
        return {
            (area, column): cell.reason
            for area, row in self.cells.items()
            for column, cell in row.items()
            if cell.reason is not None
        }

    def rows(self, mark: str = "…") -> Iterator[tuple[str, ...]]:
        """Yield the table as it may be published: an area, then its counts or `mark`."""
        for area, row in self.cells.items():
            values = (row[column].value for column in self.columns)
            yield (area, *(mark if value is None else str(value) for value in values))


def protect(
    table: Mapping[str, Mapping[str, int]],
    tree: AreaTree,
    *,
    totals: Mapping[str, Sequence[str]] | None = None,
    policy: DisclosurePolicy | None = None,
) -> ProtectedTable:
    """Return a table with as much left out as keeps small counts from being worked out.

    The whole table must be given at once: what is published of the same counts elsewhere (rates
    of them, an earlier edition, another level of areas) is not known here.

    Args:
        table: counts by area code, then by column; every row has the same columns. An area whose
            ancestor is in the table is part of the nearest such ancestor.
        tree: the areas.
        totals: columns that are the sum of others, such as
            `{"assessed": ["recognised", "not_recognised"]}`; a column is part of one total only.
        policy: what to leave out; left out, counts from 1 to 4.

    Raises:
        RollupError: a count is missing or below 0, or parts do not add up to their total.
        DomainError: an area is not in the tree.

    >>> from xhht.domain.areas import Area, AreaLevel
    >>> communes = [
    ...     Area(code=code, name="Xã", level=AreaLevel.COMMUNE, parent="01") for code in "abc"
    ... ]
    >>> tree = AreaTree([Area(code="01", name="Tỉnh", level=AreaLevel.PROVINCE), *communes])
    >>> table = {"01": {"n": 60}, "a": {"n": 2}, "b": {"n": 40}, "c": {"n": 18}}
    >>> list(protect(table, tree).rows())
    [('01', '60'), ('a', '…'), ('b', '40'), ('c', '…')]
    """
    policy = policy or DisclosurePolicy()
    columns = tuple(next(iter(table.values()), {}))
    parents = {code: _parent_in(table, tree, code) for code in table}
    areas = _Forest(parents)
    columns_forest = _Forest(_column_parents(columns, totals or {}))
    _check(table, columns, areas, columns_forest)
    search = _Search(table, areas, columns_forest, policy)
    search.run()
    return ProtectedTable(columns=columns, cells=search.cells(columns), policy=policy)


class _Forest:
    """Areas or columns, each in its total; walks go from the total down."""

    def __init__(self, parents: Mapping[str, str | None]) -> None:
        self.parents = parents
        self.children: dict[str, list[str]] = {code: [] for code in parents}
        for code in sorted(parents):
            parent = parents[code]
            if parent is not None:
                self.children[parent].append(code)
        self.depth = {code: len(list(self.above(code))) for code in parents}

    def above(self, code: str) -> Iterator[str]:
        """Yield what `code` is part of, the nearest first."""
        parent = self.parents[code]
        while parent is not None:
            yield parent
            parent = self.parents[parent]


def _parent_in(table: Mapping[str, object], tree: AreaTree, code: str) -> str | None:
    return next((area.code for area in tree.ancestors(code) if area.code in table), None)


def _column_parents(
    columns: Sequence[str], totals: Mapping[str, Sequence[str]]
) -> dict[str, str | None]:
    parents: dict[str, str | None] = dict.fromkeys(columns)
    for total, parts in totals.items():
        for part in parts:
            if total not in parents or parents.get(part, total) is not None:
                raise RollupError(_BAD_TOTALS)
            parents[part] = total
    for column in columns:
        seen = {column}
        while (above := parents[column]) is not None:
            if above in seen:
                raise RollupError(_BAD_TOTALS)
            seen.add(above)
            column = above
    return parents


def _check(
    table: Mapping[str, Mapping[str, int]],
    columns: Sequence[str],
    areas: _Forest,
    columns_forest: _Forest,
) -> None:
    for row in table.values():
        if set(row) != set(columns) or any(type(n) is not int or n < 0 for n in row.values()):
            raise RollupError(_BAD_COUNTS)
    for column in columns:
        for code, parts in areas.children.items():
            if parts and table[code][column] != sum(table[part][column] for part in parts):
                raise RollupError(_AREAS_DIFFER.format(code=code, column=column))
    for total, of in columns_forest.children.items():
        for code, row in table.items():
            if of and row[total] != sum(row[part] for part in of):
                raise RollupError(_COLUMNS_DIFFER.format(code=code, column=total))


class _Search:
    """Leaves counts out, swap by swap."""

    def __init__(
        self,
        table: Mapping[str, Mapping[str, int]],
        areas: _Forest,
        columns: _Forest,
        policy: DisclosurePolicy,
    ) -> None:
        self._table = table
        self._areas = areas
        self._columns = columns
        self._policy = policy
        self._small = {
            (area, column)
            for area, row in table.items()
            for column, count in row.items()
            if policy.is_small(count)
        }
        self._out: set[Key] = set(self._small)
        self._safe: set[Key] = set()

    def run(self) -> None:
        """Find a swap for every small count, those of large areas and totals first."""
        depths = self._areas.depth, self._columns.depth
        for key in sorted(self._small, key=lambda k: (depths[0][k[0]], depths[1][k[1]], k)):
            if key not in self._safe:
                touched = self._cheapest(*key)
                self._out |= touched
                self._safe |= touched

    def cells(self, columns: Sequence[str]) -> dict[str, dict[str, Cell]]:
        """Return the table with what is left out."""
        return {
            area: {column: self._cell((area, column), row[column]) for column in columns}
            for area, row in self._table.items()
        }

    def _cell(self, key: Key, count: int) -> Cell:
        if key not in self._out:
            return Cell(count)
        return Cell(None, Reason.SMALL if key in self._small else Reason.COMPLEMENTARY)

    def _cheapest(self, area: str, column: str) -> set[Key]:
        """Return the counts that the cheapest swap touches; there always is one."""
        swaps = (
            {(a, c) for a, _ in areas for c, _ in columns}
            for columns in self._column_paths(column)
            for areas in self._area_paths(area, columns)
        )
        return min(swaps, key=self._cost)

    def _cost(self, touched: set[Key]) -> tuple[int, int, list[Key]]:
        new = touched - self._out
        return len(new), sum(self._table[a][c] for a, c in new), sorted(new)

    def _column_paths(self, column: str) -> Iterator[Path]:
        """Yield every swap along columns that raises `column`."""
        for own in self._downs(self._columns, column):
            yield from self._column_swaps(column, own)

    def _column_swaps(self, column: str, own: Path) -> Iterator[Path]:
        path, below = own, column
        for above in self._columns.above(column):
            for other in self._columns.children[above]:
                if other != below:
                    for down in self._downs(self._columns, other):
                        yield (*path, *((c, -1) for c, _ in down))
            path, below = (*path, (above, 1)), above
        yield path

    def _downs(self, forest: _Forest, code: str) -> Iterator[Path]:
        """Yield every way from `code` down to what has no parts."""
        if not forest.children[code]:
            yield ((code, 1),)
        for part in forest.children[code]:
            for down in self._downs(forest, part):
                yield ((code, 1), *down)

    def _area_paths(self, area: str, columns: Path) -> Iterator[Path]:
        """Yield swaps along areas that raise `area`: at each ancestor, and down from the top."""
        path = self._down(area, 1, columns)
        if path is None:
            return
        below = area
        for above in self._areas.above(area):
            others = [part for part in self._areas.children[above] if part != below]
            down = self._first_down(others, -1, columns)
            if down is not None:
                yield (*path, *down)
            if not self._may_move(above, 1, columns):
                return
            path, below = (*path, (above, 1)), above
        yield path

    def _down(self, area: str, sign: int, columns: Path) -> Path | None:
        """Return a way from `area` down that may move, preferring what is left out anyway."""
        if not self._may_move(area, sign, columns):
            return None
        parts = self._areas.children[area]
        if not parts:
            return ((area, sign),)
        down = self._first_down(parts, sign, columns)
        return None if down is None else ((area, sign), *down)

    def _first_down(self, areas: Sequence[str], sign: int, columns: Path) -> Path | None:
        keyed = sorted(areas, key=lambda area: self._cost({(area, c) for c, _ in columns}))
        found = (self._down(area, sign, columns) for area in keyed)
        return next((down for down in found if down is not None), None)

    def _may_move(self, area: str, sign: int, columns: Path) -> bool:
        """Return whether the swap may touch the counts of `area`."""
        least, width = self._policy.least, self._policy.width
        counts = ((self._table[area][c], sign * direction) for c, direction in columns)
        return all(n >= least + (0 if direction > 0 else width) for n, direction in counts)


_REASONS: Final = {
    Reason.SMALL: Text(vi="số quá nhỏ", en="small count"),
    Reason.COMPLEMENTARY: Text(
        vi="để không suy ngược được số khác", en="so that another count cannot be worked out"
    ),
}
_BAD_POLICY = Text(
    vi="Ngưỡng phải từ 2 trở lên và độ rộng phải từ 1 trở lên.",
    en="The threshold must be 2 or more, and the width 1 or more.",
)
_BAD_TOTALS = Text(
    vi="Mỗi cột chỉ thuộc một cột tổng có trong bảng, và không cột nào là tổng của chính nó.",
    en="A column is part of one total only, both are in the table, and none is its own total.",
)
_BAD_COUNTS = Text(
    vi="Bảng cần đủ các cột ở mọi dòng, và mỗi ô là một số nguyên từ 0 trở lên; "
    "hãy bỏ khu vực chưa báo cáo.",
    en="Every row must have all columns, each a whole number of 0 or more; "
    "leave out areas that have not reported.",
)
_AREAS_DIFFER = Text(
    vi="Cột {column}: số của khu vực {code} khác tổng các khu vực bên dưới; hãy kiểm tra lại.",
    en="Column {column}: the count of area {code} is not the sum of those below it; check them.",
)
_COLUMNS_DIFFER = Text(
    vi="Khu vực {code}: cột {column} khác tổng các cột thành phần; hãy kiểm tra lại.",
    en="Area {code}: the column {column} is not the sum of its parts; check them.",
)
