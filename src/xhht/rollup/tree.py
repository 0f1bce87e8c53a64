"""Roll-up over a tree of areas: every area's tally, coverage and rates, in one pass from below.

A report speaks for its whole area: where an area and areas below it both report a title, those
below are summed and the area's own report is only compared with their sum. A list of subjects does
not: those listed at an area and those listed below it are different subjects, and all are added.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.titles import Title
from xhht.errors import RollupError
from xhht.rollup.counts import Bounds, Count
from xhht.rollup.rates import Denominator, Rate, rates
from xhht.rollup.tally import Tally, TallySum
from xhht.text import Lang, Text

if TYPE_CHECKING:
    from xhht.evaluation.explanation import Explanation

__all__ = ["AreaRollup", "Conflict", "Coverage", "Key", "Rollup", "rollup"]

Key: TypeAlias = tuple[str, Title]
"""An area's code and a title."""


@frozen
class Coverage:
    """How many of the leaf areas below an area are in its tally, of how many there are.

    What speaks for an area that holds others covers all of them; subjects listed there cover none.
    """

    reported: int
    expected: int


@frozen(kw_only=True)
class AreaRollup:
    """What an area's reports of one title add up to.

    Attributes:
        area: the area.
        title: the title.
        tally: the sum.
        coverage: how many of its leaf areas are in it.
        communities: for communities, the level of those counted, where levels are told apart.
    """

    area: Area
    title: Title
    tally: Tally
    coverage: Coverage
    communities: AreaLevel | None = None

    @property
    def rates(self) -> dict[Denominator, Rate]:
        """The rates recognised, by denominator."""
        return rates(self.tally)

    def explain(
        self,
        parts: Iterable[AreaRollup] = (),
        *,
        of: Denominator = Denominator.OF_TOTAL,
        lang: Lang | str = Lang.VI,
    ) -> Explanation:
        """Return why its rate is what it is; see `explain_area`."""
        from xhht.rollup.explained import explain_area

        return explain_area(self, parts, of=of, lang=lang)


@frozen(kw_only=True)
class Conflict:
    """An area that reports another count than the areas below it add up to."""

    area: Area
    title: Title
    count: Count
    own: Bounds
    below: Bounds

    @property
    def text(self) -> Text:
        """The difference in words."""
        return _DIFFERS.format(count=self.count.label, own=self.own.text, below=self.below.text)


@frozen(kw_only=True)
class Rollup:
    """The areas of one level with each title, and what does not fit in.

    Attributes:
        by: the level.
        rows: by area, then by title.
        conflicts: where an area and those below it disagree.
        not_shown: the reports that are in no row, as their areas lie in no area of the level.
    """

    by: AreaLevel
    rows: tuple[AreaRollup, ...]
    conflicts: tuple[Conflict, ...]
    not_shown: tuple[Key, ...]

    def _repr_html_(self) -> str:
        from xhht.rollup.display import rollup_html

        return rollup_html(self.by, self.rows, self.conflicts)


def rollup(
    reports: Mapping[Key, Tally],
    tree: AreaTree,
    *,
    by: AreaLevel,
    titles: Collection[Title] | None = None,
    subjects: bool = False,
    whole: Collection[Key] = (),
) -> Rollup:
    """Return the reports added up to the areas of one level.

    Every area of the level stands in the result with every title, also where nothing was
    reported: its tally is empty then and its coverage 0.

    Args:
        reports: what each area itself reports, by code and title.
        tree: the areas.
        by: the level to add up to.
        titles: the titles to show; left out, those that are reported.
        subjects: whether each tally holds the subjects listed at just that area, so that those of
            an area and of areas below it add up.
        whole: with `subjects`, where the tally speaks for the whole area all the same, as it holds
            how many others there are: it covers the areas below.

    Raises:
        RollupError: an area that reports is not in the tree, or no area has the level `by`.
    """
    wanted = {title for _, title in reports} if titles is None else set(titles)
    shown = [title for title in Title if title in wanted]
    areas = tree.at_level(by)
    if not areas:
        raise RollupError(_NO_SUCH_LEVEL.format(level=by.label))
    if any(code not in tree for code, _ in reports):
        raise RollupError(_UNKNOWN_AREA)
    found: dict[str, _Found] = {}
    conflicts: list[Conflict] = []
    not_shown: list[Key] = []
    for one in _from_below(reports, tree, subjects, frozenset(whole)):
        conflicts.extend(one.conflicts)
        if one.area.level is by:
            found[one.area.code] = one
        if one.taken and tree.up(one.area.code, by) is None:
            not_shown.extend((one.area.code, title) for title in one.taken)
    return Rollup(
        by=by,
        rows=tuple(found[area.code].row(title) for area in areas for title in shown),
        conflicts=tuple(conflicts),
        not_shown=tuple(not_shown),
    )


@frozen
class _Sum:
    tally: Tally
    reported: int


@frozen
class _Found:
    area: Area
    leaves: int
    sums: Mapping[Title, _Sum]
    taken: tuple[Title, ...]
    conflicts: tuple[Conflict, ...]

    def row(self, title: Title) -> AreaRollup:
        found = self.sums.get(title, _Sum(Tally(), 0))
        return AreaRollup(
            area=self.area,
            title=title,
            tally=found.tally,
            coverage=Coverage(found.reported, self.leaves),
        )


class _Pending:
    """What has come up so far from the children of an area."""

    __slots__ = ("leaves", "reported", "sums")

    def __init__(self) -> None:
        self.leaves = 0
        self.sums: dict[Title, TallySum] = {}
        self.reported: dict[Title, int] = {}

    def take(self, child: _Found) -> None:
        self.leaves += child.leaves
        for title, one in child.sums.items():
            self.sums.setdefault(title, TallySum()).add(one.tally)
            self.reported[title] = self.reported.get(title, 0) + one.reported

    def found(self) -> dict[Title, _Sum]:
        return {t: _Sum(one.tally(), self.reported[t]) for t, one in self.sums.items()}


_NONE_BELOW = _Pending()


def _from_below(
    reports: Mapping[Key, Tally], tree: AreaTree, subjects: bool, whole: Collection[Key]
) -> Iterator[_Found]:
    """Yield every area after all areas below it, holding no more than the open ones."""
    own: dict[str, dict[Title, Tally]] = {}
    for (code, title), tally in reports.items():
        if tally:
            own.setdefault(code, {})[title] = tally
    pending: dict[str, _Pending] = {}
    for area in _bottom_up(tree):
        below, here = pending.pop(area.code, _NONE_BELOW), own.get(area.code, {})
        if subjects:
            found = _with_subjects(area, here, below, whole)
        else:
            found = _combined(area, here, below)
        if area.parent is not None:
            pending.setdefault(area.parent, _Pending()).take(found)
        yield found


def _bottom_up(tree: AreaTree) -> Iterable[Area]:
    downward: list[Area] = []
    waiting = list(tree.roots)
    while waiting:
        area = waiting.pop()
        downward.append(area)
        waiting.extend(tree.children(area.code))
    return reversed(downward)


def _combined(area: Area, own: Mapping[Title, Tally], pending: _Pending) -> _Found:
    leaves = pending.leaves or 1
    sums = pending.found()
    taken: list[Title] = []
    conflicts: list[Conflict] = []
    for title, tally in own.items():
        if title in sums:
            conflicts.extend(_conflicts(area, title, tally, sums[title].tally))
        else:
            sums[title] = _Sum(tally, leaves)
            taken.append(title)
    return _Found(area, leaves, sums, tuple(taken), tuple(conflicts))


def _with_subjects(
    area: Area, own: Mapping[Title, Tally], pending: _Pending, whole: Collection[Key]
) -> _Found:
    sums, leaves = pending.found(), pending.leaves or 1
    for title, tally in own.items():
        below = sums.get(title, _Sum(Tally(), 0))
        is_whole = not pending.leaves or (area.code, title) in whole
        sums[title] = _Sum(below.tally + tally, leaves if is_whole else below.reported)
    return _Found(area, leaves, sums, tuple(own), ())


def _conflicts(area: Area, title: Title, own: Tally, below: Tally) -> Iterator[Conflict]:
    for count in Count:
        if own.known(count) is None or below.known(count) is None:
            continue
        ours, theirs = own.bounds(count), below.bounds(count)
        if _is_above(ours, theirs) or _is_above(theirs, ours):
            yield Conflict(area=area, title=title, count=count, own=ours, below=theirs)


def _is_above(bounds: Bounds, other: Bounds) -> bool:
    return other.high is not None and bounds.low > other.high


_DIFFERS = Text(
    vi="Báo cáo của khu vực này ghi {count} là {own}, nhưng cộng báo cáo của các khu vực trực "
    "thuộc được {below}; kết quả lấy theo số cộng được.",
    en="The area itself reports {own} as {count}, but the areas below it add up to {below}; "
    "the result takes the sum of those below.",
)
_NO_SUCH_LEVEL = Text(
    vi="Bảng khu vực không có khu vực nào ở cấp {level}.",
    en="The table of areas has no area at the level {level}.",
)
_UNKNOWN_AREA = Text(
    vi="Có báo cáo của khu vực không nằm trong cây khu vực.",
    en="An area reports that is not in the tree of areas.",
)
