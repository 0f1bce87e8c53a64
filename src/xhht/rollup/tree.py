"""Roll-up over a tree of areas: tally, coverage and rates of every area, in one post-order pass.

A report covers its whole area: where an area and areas below it both report a title, those below
are summed and the area's own report is only compared with their sum. A list of subjects does not:
those listed at an area and those listed below it are different subjects, and all are added.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeAlias, TypedDict, TypeVar

from attrs import frozen

from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.titles import ManagedBy, Title, UnitKind
from xhht.errors import RollupError
from xhht.evaluation.markup import Explanation
from xhht.rollup.counted import Counted, TitleKey, counted, in_order
from xhht.rollup.counts import Bounds, BoundsDict, Count
from xhht.rollup.display import rollup_html
from xhht.rollup.explain import explain_area
from xhht.rollup.rates import Coverage, CoverageDict, Denominator, Rate, RateDict, rates
from xhht.rollup.tally import LevelsDict, Tally, TallyDict, TallySum
from xhht.text import Lang, Text

__all__ = [
    "AreaRollup",
    "AreaRollupDict",
    "AreaTitle",
    "Conflict",
    "ConflictDict",
    "Rollup",
    "RollupDict",
    "rollup",
]

AreaTitle: TypeAlias = tuple[str, TitleKey]
"""An area's code, and what is counted there: a title, or some of its subjects."""


Key = TypeVar("Key", bound=AreaTitle)


class AreaRollupDict(TallyDict, LevelsDict):
    """The sum of an area for one title in JSON; rates by the name of their denominator."""

    coverage: CoverageDict
    rates: dict[str, RateDict]


class RollupDict(TypedDict):
    """The areas of a roll-up in JSON."""

    areas: list[AreaRollupDict]


class ConflictDict(TypedDict):
    """A difference between an area and the areas below it in JSON."""

    area: str
    title: str
    count: str
    own: BoundsDict
    below: BoundsDict
    message: str


@frozen(kw_only=True)
class AreaRollup:
    """The sum of an area's reports for one title.

    Attributes:
        area: the area.
        title: the title.
        tally: the sum.
        coverage: how many of its leaf areas are included.
        communities: for communities, the level of those counted, where levels are distinguished.
        managed_by: for units, who manages those counted, where that is distinguished.
        kind: for units, the kind of those counted, likewise.
        condition: the condition that those counted meet, if any.
    """

    area: Area
    title: Title
    tally: Tally
    coverage: Coverage
    communities: AreaLevel | None = None
    managed_by: ManagedBy | None = None
    kind: UnitKind | None = None
    condition: str | None = None

    @property
    def key(self) -> TitleKey:
        """What is counted: the title, or some of its subjects."""
        return counted(
            self.title,
            communities=self.communities,
            managed_by=self.managed_by,
            kind=self.kind,
            condition=self.condition,
        )

    @property
    def rates(self) -> dict[Denominator, Rate]:
        """The rates recognised, by denominator."""
        return rates(self.tally)

    def to_dict(self, lang: Lang | str = Lang.VI) -> AreaRollupDict:
        """Return the sum as `xhht rollup --format json` prints it.

        Args:
            lang: a language; the data contain no texts.
        """
        return {
            **self.tally.to_dict(self.area, self.key),
            "coverage": self.coverage.to_dict(),
            "rates": {name.value: rate.to_dict() for name, rate in self.rates.items()},
            **self.tally.levels_dict(),
        }

    def explain(
        self,
        parts: Iterable[AreaRollup] = (),
        *,
        of: Denominator = Denominator.OF_TOTAL,
        lang: Lang | str = Lang.VI,
    ) -> Explanation:
        """Return an explanation of its rate; see `explain_area`."""
        return explain_area(self, parts, of=of, lang=lang)


@frozen(kw_only=True)
class Conflict:
    """An area whose reported count differs from the sum of the areas below it."""

    area: Area
    title: TitleKey
    count: Count
    own: Bounds
    below: Bounds

    @property
    def text(self) -> Text:
        """The difference as a sentence."""
        return _DIFFERS.format(count=self.count.label, own=self.own.text, below=self.below.text)

    @property
    def note(self) -> Text:
        """The area and the title, with the difference."""
        return _NOTE.format(area=self.area.name, title=self.title.label, text=self.text)

    def to_dict(self, lang: Lang | str = Lang.VI) -> ConflictDict:
        """Return the conflict as JSON data."""
        return {
            "area": self.area.code,
            "title": self.title.value,
            "count": self.count.value,
            "own": self.own.to_dict(),
            "below": self.below.to_dict(),
            "message": self.text.get(lang),
        }


@frozen(kw_only=True)
class Rollup:
    """The areas of one level with each title, and what could not be included.

    Attributes:
        by: the level.
        rows: by area, then by title.
        conflicts: where an area and those below it disagree.
        not_shown: the reports that are in no row, as their areas are in no area of the level.
    """

    by: AreaLevel
    rows: tuple[AreaRollup, ...]
    conflicts: tuple[Conflict, ...]
    not_shown: tuple[AreaTitle, ...]

    def _repr_html_(self) -> str:
        return rollup_html(self.by, self.rows, [conflict.note for conflict in self.conflicts])

    def to_dict(self, lang: Lang | str = Lang.VI) -> RollupDict:
        """Return the areas as `xhht rollup --format json` prints them."""
        return {"areas": [row.to_dict(lang) for row in self.rows]}


def rollup(
    reports: Mapping[Key, Tally],
    tree: AreaTree,
    *,
    by: AreaLevel,
    titles: Collection[TitleKey] | None = None,
    subjects: bool = False,
    complete: Collection[AreaTitle] = (),
) -> Rollup:
    """Return the reports added up to the areas of one level.

    The result has every area of the level with every title, also where nothing was reported:
    its tally is then empty and its coverage 0.

    Args:
        reports: what each area itself reports, by code and title.
        tree: the areas.
        by: the level to add up to.
        titles: the titles to show; by default those that are reported. Of a title of which only
            some subjects are reported, such as villages and communes, each has its own row.
        subjects: whether each tally holds only the subjects listed at exactly that area, so that
            those of an area and of areas below it are added.
        complete: with `subjects`, the keys whose tally still covers the whole area, because it
            includes the number of all other subjects there.

    Raises:
        RollupError: an area that reports is not in the tree, or no area has the level `by`.
    """
    reported = {title for _, title in reports}
    shown = in_order(reported if titles is None else _expanded(titles, reported))
    areas = tree.at_level(by)
    if not areas:
        raise RollupError(_NO_SUCH_LEVEL.format(level=by.label))
    if any(code not in tree for code, _ in reports):
        raise RollupError(_UNKNOWN_AREA)
    nodes: dict[str, _Node] = {}
    conflicts: list[Conflict] = []
    not_shown: list[AreaTitle] = []
    for node in _post_order(reports, tree, subjects, frozenset(complete)):
        conflicts.extend(node.conflicts)
        if node.area.level is by:
            nodes[node.area.code] = node
        if node.placed and tree.up(node.area.code, by) is None:
            not_shown.extend((node.area.code, title) for title in node.placed)
    return Rollup(
        by=by,
        rows=tuple(nodes[area.code].row(title) for area in areas for title in shown),
        conflicts=tuple(conflicts),
        not_shown=tuple(not_shown),
    )


def _expanded(titles: Iterable[TitleKey], reported: Collection[TitleKey]) -> Iterator[TitleKey]:
    """Yield titles, or in place of one that is reported in parts only, these parts."""
    for title in titles:
        parts = [key for key in reported if isinstance(key, Counted) and key.title is title]
        yield from parts
        if not parts or title in reported:
            yield title


@frozen
class _Sum:
    tally: Tally
    reported: int


@frozen
class _Node:
    area: Area
    leaves: int
    sums: Mapping[TitleKey, _Sum]
    placed: tuple[TitleKey, ...]
    conflicts: tuple[Conflict, ...]

    def row(self, title: TitleKey) -> AreaRollup:
        title_sum = self.sums.get(title, _Sum(Tally(), 0))
        coverage = Coverage(title_sum.reported, self.leaves)
        if not isinstance(title, Counted):
            return AreaRollup(area=self.area, title=title, tally=title_sum.tally, coverage=coverage)
        return AreaRollup(
            area=self.area,
            title=title.title,
            tally=title_sum.tally,
            coverage=coverage,
            communities=title.communities,
            managed_by=title.managed_by,
            kind=title.kind,
            condition=title.condition,
        )


class _Pending:
    """The sums received so far from the children of an area."""

    __slots__ = ("leaves", "reported", "sums")

    def __init__(self) -> None:
        self.leaves = 0
        self.sums: dict[TitleKey, TallySum] = {}
        self.reported: dict[TitleKey, int] = {}

    def add(self, child: _Node) -> None:
        self.leaves += child.leaves
        for title, title_sum in child.sums.items():
            self.sums.setdefault(title, TallySum()).add(title_sum.tally)
            self.reported[title] = self.reported.get(title, 0) + title_sum.reported

    def totals(self) -> dict[TitleKey, _Sum]:
        return {t: _Sum(running.tally(), self.reported[t]) for t, running in self.sums.items()}


_NONE_BELOW = _Pending()


def _post_order(
    reports: Mapping[Key, Tally],
    tree: AreaTree,
    subjects: bool,
    complete: Collection[AreaTitle],
) -> Iterator[_Node]:
    """Yield every area after all areas below it, keeping only pending ones in memory."""
    own: dict[str, dict[TitleKey, Tally]] = {}
    for (code, title), tally in reports.items():
        if tally:
            own.setdefault(code, {})[title] = tally
    pending: dict[str, _Pending] = {}
    for area in _bottom_up(tree):
        below, own_tallies = pending.pop(area.code, _NONE_BELOW), own.get(area.code, {})
        if subjects:
            node = _with_subjects(area, own_tallies, below, complete)
        else:
            node = _with_reports(area, own_tallies, below)
        if area.parent is not None:
            pending.setdefault(area.parent, _Pending()).add(node)
        yield node


def _bottom_up(tree: AreaTree) -> Iterable[Area]:
    top_down: list[Area] = []
    stack = list(tree.roots)
    while stack:
        area = stack.pop()
        top_down.append(area)
        stack.extend(tree.children(area.code))
    return reversed(top_down)


def _with_reports(area: Area, own: Mapping[TitleKey, Tally], pending: _Pending) -> _Node:
    leaves = pending.leaves or 1
    sums = pending.totals()
    placed: list[TitleKey] = []
    conflicts: list[Conflict] = []
    for title, tally in own.items():
        if title in sums:
            conflicts.extend(_conflicts(area, title, tally, sums[title].tally))
        else:
            sums[title] = _Sum(tally, leaves)
            placed.append(title)
    return _Node(area, leaves, sums, tuple(placed), tuple(conflicts))


def _with_subjects(
    area: Area, own: Mapping[TitleKey, Tally], pending: _Pending, complete: Collection[AreaTitle]
) -> _Node:
    sums, leaves = pending.totals(), pending.leaves or 1
    for title, tally in own.items():
        below = sums.get(title, _Sum(Tally(), 0))
        is_complete = not pending.leaves or (area.code, title) in complete
        sums[title] = _Sum(below.tally + tally, leaves if is_complete else below.reported)
    return _Node(area, leaves, sums, tuple(own), ())


def _conflicts(area: Area, title: TitleKey, own: Tally, below: Tally) -> Iterator[Conflict]:
    for count in Count:
        if own.known(count) is None or below.known(count) is None:
            continue
        own_bounds, below_bounds = own.bounds(count), below.bounds(count)
        if _is_above(own_bounds, below_bounds) or _is_above(below_bounds, own_bounds):
            yield Conflict(area=area, title=title, count=count, own=own_bounds, below=below_bounds)


def _is_above(bounds: Bounds, other: Bounds) -> bool:
    return other.upper is not None and bounds.lower > other.upper


_NOTE = Text(vi="{area}, {title}: {text}", en="{area}, {title}: {text}")
_DIFFERS = Text(
    vi="Báo cáo của khu vực này ghi {count} là {own}, nhưng cộng báo cáo của các khu vực trực "
    "thuộc được {below}; kết quả lấy theo số cộng được.",
    en="The area itself reports {own} as {count}, but the areas below it add up to {below}; "
    "the sum of the areas below is used.",
)
_NO_SUCH_LEVEL = Text(
    vi="Bảng khu vực không có khu vực nào ở cấp {level}.",
    en="The table of areas has no area at the level {level}.",
)
_UNKNOWN_AREA = Text(
    vi="Có báo cáo của khu vực không nằm trong cây khu vực.",
    en="A report is for an area that is not in the tree of areas.",
)
