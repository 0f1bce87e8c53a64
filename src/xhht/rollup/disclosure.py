"""Statistical disclosure control: cell suppression that makes a table of counts safe to publish.

Small counts reveal single people, so they are suppressed (*primary* suppression). Totals would
disclose them again, so other counts are suppressed too (*complementary* suppression), until no
suppressed count can be derived, nor bounded to less than a stated width.

Method: for every small count, search for a *swap*. It raises the count by the width and changes
others up or down with it, so that all totals of areas and of columns stay the same. A swap runs
along a path of areas (from an area down to a leaf, and down a second branch of a common ancestor
with the opposite sign; or else down from the root) and likewise along a path of columns. Every
count on the swap is suppressed, and every count that it lowers is large enough. The tables before
and after the swap then agree in all published values, so no algebra on these can decide which is
true, and each suppressed count keeps at least the width. The heuristic takes the swap with the
fewest, then the smallest, additional suppressions. The result is safe, not always minimal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final, TypedDict

from attrs import field, frozen

from xhht.domain.areas import AreaTree
from xhht.errors import RollupError
from xhht.text import Lang, Text

__all__ = ["Cell", "DisclosurePolicy", "ProtectedTable", "Reason", "ZeroPolicy", "protect"]

CellKey = tuple[str, str]
SwapPath = tuple[tuple[str, int], ...]


class ZeroPolicy(StrEnum):
    """Whether a count of 0 is published."""

    SHOW = "show"
    SUPPRESS = "suppress"


class Reason(StrEnum):
    """Why a count is suppressed. Do not publish the reason: it narrows the count."""

    SMALL = "small"
    COMPLEMENTARY = "complementary"

    @property
    def label(self) -> Text:
        """The reason as shown to users."""
        return _REASONS[self]


@frozen(kw_only=True)
class DisclosurePolicy:
    """What is suppressed.

    Attributes:
        threshold: the smallest count that may be published, at least 2; 1 to threshold - 1 are
            small.
        zeros: `show` publishes every 0, so readers know that a suppressed count is at least 1;
            `suppress` treats 0 as small.
        width: the minimum difference between the smallest and largest possible value of a
            suppressed count, 1 or more.

    Raises:
        RollupError: an invalid number.
    """

    threshold: int = 5
    zeros: ZeroPolicy = field(default=ZeroPolicy.SHOW, converter=ZeroPolicy)
    width: int = 1

    def __attrs_post_init__(self) -> None:
        if self.threshold < 2 or self.width < 1:
            raise RollupError(_BAD_POLICY)

    @property
    def least(self) -> int:
        """The lower bound of a suppressed count that readers know."""
        return 1 if self.zeros is ZeroPolicy.SHOW else 0

    def is_small(self, count: int) -> bool:
        """Return whether a count must not be published."""
        return self.least <= count < self.threshold


@frozen
class Cell:
    """A count of the published table: its value, or None and why it is suppressed."""

    value: int | None
    reason: Reason | None = None


class ProtectedRowDict(TypedDict):
    """The counts of an area that may be published, in JSON."""

    area: str
    counts: dict[str, int | None]


class ProtectedTableDict(TypedDict):
    """A table that is safe to publish, in JSON; it does not contain why counts are suppressed."""

    columns: list[str]
    rows: list[ProtectedRowDict]


@frozen(kw_only=True)
class ProtectedTable:
    """A table that is safe to publish, by area and column.

    Attributes:
        columns: in the order given.
        cells: by area, then by column.
        policy: the policy applied.
    """

    columns: tuple[str, ...]
    cells: Mapping[str, Mapping[str, Cell]]
    policy: DisclosurePolicy

    def suppressed(self) -> dict[CellKey, Reason]:
        """Return what is suppressed and why, by area and column; for internal use only."""
        return {
            (area, column): cell.reason
            for area, row in self.cells.items()
            for column, cell in row.items()
            if cell.reason is not None
        }

    def to_dict(self, lang: Lang | str = Lang.VI) -> ProtectedTableDict:
        """Return the table for publication as JSON data, None for what is suppressed.

        Args:
            lang: a language; the data contain no texts.
        """
        return {
            "columns": list(self.columns),
            "rows": [
                {"area": area, "counts": {column: row[column].value for column in self.columns}}
                for area, row in self.cells.items()
            ],
        }

    def rows(self, mark: str = "…") -> Iterator[tuple[str, ...]]:
        """Yield the table for publication: an area, then its counts or `mark`."""
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
    """Return a table with enough counts suppressed that small counts cannot be derived.

    Pass the whole table at once: other publications of the same counts (rates of them, an earlier
    edition, another level of areas) are not taken into account.

    Args:
        table: counts by area code, then by column; every row has the same columns. An area whose
            ancestor is in the table is part of the nearest such ancestor.
        tree: the areas.
        totals: columns that are the sum of others, such as
            `{"assessed": ["recognised", "not_recognised"]}`; a column is part of one total only.
        policy: what to suppress; by default counts from 1 to 4.

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
    """A forest of areas or columns; the parent of a node is the total that it is part of."""

    def __init__(self, parents: Mapping[str, str | None]) -> None:
        self.parents = parents
        self.children: dict[str, list[str]] = {code: [] for code in parents}
        for code in sorted(parents):
            parent = parents[code]
            if parent is not None:
                self.children[parent].append(code)
        self.depth = {code: len(list(self.above(code))) for code in parents}

    def above(self, code: str) -> Iterator[str]:
        """Yield the ancestors of `code`, the nearest first."""
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
        visited = {column}
        while (total_of := parents[column]) is not None:
            if total_of in visited:
                raise RollupError(_BAD_TOTALS)
            visited.add(total_of)
            column = total_of
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
    """Greedy search for suppressions, one swap after another."""

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
        self._suppressed: set[CellKey] = set(self._small)
        self._protected: set[CellKey] = set()

    def run(self) -> None:
        """Find a swap for every small count, from the roots down."""
        depths = self._areas.depth, self._columns.depth
        for key in sorted(self._small, key=lambda k: (depths[0][k[0]], depths[1][k[1]], k)):
            if key not in self._protected:
                touched = self._cheapest(*key)
                self._suppressed |= touched
                self._protected |= touched

    def cells(self, columns: Sequence[str]) -> dict[str, dict[str, Cell]]:
        """Return the table with suppressions."""
        return {
            area: {column: self._cell((area, column), row[column]) for column in columns}
            for area, row in self._table.items()
        }

    def _cell(self, key: CellKey, count: int) -> Cell:
        if key not in self._suppressed:
            return Cell(count)
        return Cell(None, Reason.SMALL if key in self._small else Reason.COMPLEMENTARY)

    def _cheapest(self, area: str, column: str) -> set[CellKey]:
        """Return the counts of the cheapest swap; one always exists."""
        swaps = (
            {(a, c) for a, _ in areas for c, _ in columns}
            for columns in self._column_paths(column)
            for areas in self._area_paths(area, columns)
        )
        return min(swaps, key=self._cost)

    def _cost(self, touched: set[CellKey]) -> tuple[int, int, list[CellKey]]:
        new = touched - self._suppressed
        return len(new), sum(self._table[a][c] for a, c in new), sorted(new)

    def _column_paths(self, column: str) -> Iterator[SwapPath]:
        """Yield every swap along columns that raises `column`."""
        for own_path in self._paths_down(self._columns, column):
            yield from self._column_swaps(column, own_path)

    def _column_swaps(self, column: str, own_path: SwapPath) -> Iterator[SwapPath]:
        path, child = own_path, column
        for ancestor in self._columns.above(column):
            for sibling in self._columns.children[ancestor]:
                if sibling != child:
                    for other_path in self._paths_down(self._columns, sibling):
                        yield (*path, *((c, -1) for c, _ in other_path))
            path, child = (*path, (ancestor, 1)), ancestor
        yield path

    def _paths_down(self, forest: _Forest, code: str) -> Iterator[SwapPath]:
        """Yield every path from `code` down to a leaf."""
        if not forest.children[code]:
            yield ((code, 1),)
        for part in forest.children[code]:
            for subpath in self._paths_down(forest, part):
                yield ((code, 1), *subpath)

    def _area_paths(self, area: str, columns: SwapPath) -> Iterator[SwapPath]:
        """Yield swaps along areas that raise `area`: at each ancestor, and down from the root."""
        path = self._path_down(area, 1, columns)
        if path is None:
            return
        child = area
        for ancestor in self._areas.above(area):
            siblings = [part for part in self._areas.children[ancestor] if part != child]
            other_path = self._best_path_down(siblings, -1, columns)
            if other_path is not None:
                yield (*path, *other_path)
            if not self._can_move(ancestor, 1, columns):
                return
            path, child = (*path, (ancestor, 1)), ancestor
        yield path

    def _path_down(self, area: str, sign: int, columns: SwapPath) -> SwapPath | None:
        """Return a movable path from `area` to a leaf, preferring counts already suppressed."""
        if not self._can_move(area, sign, columns):
            return None
        parts = self._areas.children[area]
        if not parts:
            return ((area, sign),)
        path = self._best_path_down(parts, sign, columns)
        return None if path is None else ((area, sign), *path)

    def _best_path_down(
        self, areas: Sequence[str], sign: int, columns: SwapPath
    ) -> SwapPath | None:
        by_cost = sorted(areas, key=lambda area: self._cost({(area, c) for c, _ in columns}))
        candidates = (self._path_down(area, sign, columns) for area in by_cost)
        return next((path for path in candidates if path is not None), None)

    def _can_move(self, area: str, sign: int, columns: SwapPath) -> bool:
        """Return whether the swap may change the counts of `area`."""
        minimum, width = self._policy.least, self._policy.width
        counts = ((self._table[area][c], sign * direction) for c, direction in columns)
        return all(n >= minimum + (0 if direction > 0 else width) for n, direction in counts)


_REASONS: Final = {
    Reason.SMALL: Text(vi="số quá nhỏ", en="small count"),
    Reason.COMPLEMENTARY: Text(
        vi="để không suy ngược được số khác", en="so that another count cannot be derived"
    ),
}
_BAD_POLICY = Text(
    vi="Ngưỡng phải từ 2 trở lên và độ rộng phải từ 1 trở lên.",
    en="The threshold must be 2 or more, and the width must be 1 or more.",
)
_BAD_TOTALS = Text(
    vi="Mỗi cột chỉ thuộc một cột tổng có trong bảng, và không cột nào là tổng của chính nó.",
    en="Each column may belong to one total only, which must be in the table, and no column may be "
    "its own total.",
)
_BAD_COUNTS = Text(
    vi="Bảng cần đủ các cột ở mọi dòng, và mỗi ô là một số nguyên từ 0 trở lên; "
    "hãy bỏ khu vực chưa báo cáo.",
    en="Every row must have all columns, and each cell must be a whole number of 0 or more; "
    "omit areas that have not reported.",
)
_AREAS_DIFFER = Text(
    vi="Cột {column}: số của khu vực {code} khác tổng các khu vực bên dưới; hãy kiểm tra lại.",
    en="Column {column}: the count of area {code} differs from the sum below it; check both.",
)
_COLUMNS_DIFFER = Text(
    vi="Khu vực {code}: cột {column} khác tổng các cột thành phần; hãy kiểm tra lại.",
    en="Area {code}: column {column} differs from the sum of its parts; check both.",
)
