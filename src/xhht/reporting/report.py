"""The data of a report of a province: the figures of every area down to villages.

A page and a workbook present the same report; this module has no presentation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from attrs import evolve, field, frozen

from xhht.campaign.campaign import Run
from xhht.criteria.document import Provenance
from xhht.criteria.profile import Profile
from xhht.criteria.targets import Programme
from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.titles import Title
from xhht.errors import RollupError
from xhht.issues import RowIssue
from xhht.rollup.counted import TitleKey
from xhht.rollup.counts import Count
from xhht.rollup.rates import Coverage, Denominator, Rate
from xhht.rollup.tally import Tally
from xhht.rollup.targets import TargetResults
from xhht.rollup.tree import AreaRollup, Key, rollup
from xhht.text import Text

__all__ = ["FigureGroup", "Figures", "Report", "of_top"]

FigureGroup: TypeAlias = tuple[TitleKey, AreaLevel | None]
"""A title or some of its subjects, and for communities of a campaign the level counted."""


@frozen(kw_only=True)
class Figures:
    """The figures of one area for one title.

    Attributes:
        counts: the sum of each count, None if not reported or protected.
        rates: the rates recognised, by denominator.
        coverage: the number of leaf areas included.
        hidden: the counts suppressed to protect people.
    """

    counts: Mapping[Count, int | None]
    rates: Mapping[Denominator, Rate]
    coverage: Coverage
    hidden: frozenset[Count] = frozenset()

    @classmethod
    def of(cls, row: AreaRollup) -> Figures:
        """Return the figures of a row of a roll-up."""
        counts = row.tally.counts()
        return cls(
            counts={count: counts.get(count) for count in Count},
            rates=row.rates,
            coverage=row.coverage,
        )

    @property
    def is_reported(self) -> bool:
        """Whether any count of the area is known."""
        return bool(self.hidden) or any(number is not None for number in self.counts.values())


@frozen(kw_only=True)
class Report:
    """The figures of an area and of all its subareas, with their sources.

    Attributes:
        tree: the areas of the day.
        top: the area that the report is about.
        groups: the titles reported, in order.
        figures: by code and group, for `top` and every area within it.
        year: the year assessed, if known.
        as_of: the day of the figures, if known.
        profiles: the profiles of the evaluation; empty if areas reported counts.
        targets: the attainment of the targets of programmes in `top`.
        faults: the errors in the input.
        smallest_shown: the smallest count shown, if small counts are protected.
    """

    tree: AreaTree
    top: Area
    groups: tuple[FigureGroup, ...]
    figures: Mapping[tuple[str, FigureGroup], Figures] = field(repr=False)
    year: int | None = None
    as_of: date | None = None
    profiles: tuple[Profile, ...] = ()
    targets: Sequence[tuple[Programme, TargetResults]] = ()
    faults: Sequence[RowIssue] = ()
    smallest_shown: int | None = None

    @classmethod
    def of_run(
        cls,
        run: Run,
        *,
        area: str | None = None,
        programmes: Iterable[Programme] = (),
        communities: AreaLevel | None = None,
        decided: bool = False,
        faults: Sequence[RowIssue] = (),
    ) -> Report:
        """Return the report of an evaluated society.

        Args:
            run: the campaign.
            area: code of the area to report on; by default the smallest that contains all others.
            programmes: the programmes with the targets.
            communities: the level of communities that targets refer to.
            decided: whether to count decisions instead of computed verdicts.
            faults: the errors in the input.

        Raises:
            RollupError: the area is unknown, or no single area contains all others.
        """
        top = _top(run.areas, area)
        rows = [
            (group, row)
            for by in _levels(run.areas, top)
            for group in run.groups()
            for row in run.rollup(group[0], by=by, level=group[1], decided=decided).rows
        ]
        targets = [
            (
                programme,
                of_top(
                    run.attainment(
                        programme.targets, by=top.level, level=communities, decided=decided
                    ),
                    top,
                ),
            )
            for programme in programmes
        ]
        return cls(
            tree=run.areas,
            top=top,
            groups=run.groups(),
            figures=_within(rows, run.areas, top),
            year=run.year,
            as_of=run.as_of,
            profiles=run.profiles,
            targets=targets,
            faults=faults,
        )

    @classmethod
    def of_counts(
        cls,
        reports: Mapping[Key, Tally],
        tree: AreaTree,
        *,
        area: str | None = None,
        subjects: bool = False,
        titles: Collection[Title] | None = None,
        year: int | None = None,
        as_of: date | None = None,
        faults: Sequence[RowIssue] = (),
    ) -> Report:
        """Return the report of counts reported by areas.

        Args:
            reports, subjects, titles: as for `rollup`.
            tree: the areas.
            area: code of the area to report on; by default the smallest that contains all others.
            year: the year of the counts.
            as_of: the day of the counts.
            faults: the errors in the input.

        Raises:
            RollupError: as for `of_run`, or an area that reports is not in the tree.
        """
        top = _top(tree, area)
        rows = [
            ((row.key, None), row)
            for by in _levels(tree, top)
            for row in rollup(reports, tree, by=by, titles=titles, subjects=subjects).rows
        ]
        return cls(
            tree=tree,
            top=top,
            groups=tuple(dict.fromkeys(group for group, _ in rows)),
            figures=_within(rows, tree, top),
            year=year,
            as_of=as_of,
            faults=faults,
        )

    @property
    def areas(self) -> tuple[Area, ...]:
        """The top and all its subareas: each before its own subareas."""
        return (self.top, *self.tree.descendants(self.top.code))

    @property
    def is_illustrative(self) -> bool:
        """Whether some subjects were evaluated under invented criteria."""
        return any(profile.provenance is Provenance.ILLUSTRATIVE for profile in self.profiles)

    def of_area(self, code: str, group: FigureGroup) -> Figures:
        """Return the figures of an area for a title."""
        return self.figures[code, group]

    def reported_subareas(self, code: str, group: FigureGroup) -> tuple[Area, ...]:
        """Return the direct subareas, or none if no figure of them is known."""
        parts = self.tree.children(code)
        is_any_reported = any(self.figures[part.code, group].is_reported for part in parts)
        return parts if is_any_reported else ()


def _top(tree: AreaTree, code: str | None) -> Area:
    """Return the given area; by default the root, or below a nation its only subarea."""
    if code is not None:
        if code not in tree:
            raise RollupError(_NO_AREA.format(code=code))
        return tree[code]
    if len(tree.roots) != 1:
        raise RollupError(_WHICH_AREA)
    top = tree.roots[0]
    while len(below := tree.children(top.code)) == 1 and top.level is AreaLevel.NATION:
        top = below[0]
    return top


def _levels(tree: AreaTree, top: Area) -> list[AreaLevel]:
    present = {top.level, *(area.level for area in tree.descendants(top.code))}
    return [level for level in AreaLevel if level in present]


def _within(
    rows: Iterable[tuple[FigureGroup, AreaRollup]], tree: AreaTree, top: Area
) -> dict[tuple[str, FigureGroup], Figures]:
    inside = {top.code, *(area.code for area in tree.descendants(top.code))}
    return {
        (row.area.code, group): Figures.of(row) for group, row in rows if row.area.code in inside
    }


def of_top(attained: TargetResults, area: Area) -> TargetResults:
    """Return the attainment of targets in one area."""
    return evolve(attained, rows=tuple(row for row in attained.rows if row.area.code == area.code))


_NO_AREA = Text(
    vi="Bảng khu vực không có mã {code}; vui lòng kiểm tra mã khu vực cần báo cáo.",
    en="The table of areas has no code {code}; check the code of the area to report on.",
)
_WHICH_AREA = Text(
    vi="Không có khu vực nào bao gồm tất cả các khu vực khác; vui lòng nêu mã khu vực cần báo cáo.",
    en="No single area of the table contains all others; give the code of the area to report on.",
)
