"""What a report of a province is made of: the figures of every area from the top down to villages.

A page and a workbook show the same report; here is what stands in them, and nothing of how.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from attrs import evolve, field, frozen

from xhht.campaign.run import Run
from xhht.criteria.document import Provenance
from xhht.criteria.profile import Profile
from xhht.criteria.targets import Programme
from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.titles import Title
from xhht.errors import RollupError
from xhht.rollup.attained import Attained
from xhht.rollup.counts import Count
from xhht.rollup.faults import RowFault
from xhht.rollup.rates import Denominator, Rate
from xhht.rollup.tally import Tally
from xhht.rollup.tree import AreaRollup, Coverage, rollup
from xhht.text import Text

__all__ = ["Figures", "Group", "Report", "of_top"]

Group: TypeAlias = tuple[Title, AreaLevel | None]
"""A title, and for communities the level of those counted, where levels are told apart."""


@frozen(kw_only=True)
class Figures:
    """What one area comes to in one title.

    Attributes:
        counts: the sum of each count, None where nobody reports it or it is protected.
        rates: the rates recognised, by denominator.
        coverage: how many of its leaf areas are in it.
        hidden: counts that are left out to protect people.
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
        """Whether anything is known of the area."""
        return bool(self.hidden) or any(number is not None for number in self.counts.values())


@frozen(kw_only=True)
class Report:
    """The figures of an area and of all areas within it, with what they rest on.

    Attributes:
        tree: the areas of the day.
        top: the area that the report is about.
        groups: the titles reported, in order.
        figures: by code and group, for `top` and every area within it.
        year: the year assessed, where it is known.
        as_of: the day for which that holds, likewise.
        profiles: those by which subjects were judged; empty where counts came ready-made.
        targets: how the targets of programmes stand in `top`.
        faults: what was wrong with what was read.
        least_shown: the least count that is shown, where small ones are protected.
    """

    tree: AreaTree
    top: Area
    groups: tuple[Group, ...]
    figures: Mapping[tuple[str, Group], Figures] = field(repr=False)
    year: int | None = None
    as_of: date | None = None
    profiles: tuple[Profile, ...] = ()
    targets: Sequence[tuple[Programme, Attained]] = ()
    faults: Sequence[RowFault] = ()
    least_shown: int | None = None

    @classmethod
    def of_run(
        cls,
        run: Run,
        *,
        area: str | None = None,
        programmes: Iterable[Programme] = (),
        communities: AreaLevel | None = None,
        decided: bool = False,
        faults: Sequence[RowFault] = (),
    ) -> Report:
        """Return the report of a society that was evaluated.

        Args:
            run: the campaign.
            area: code of the area to report on; left out, the smallest that holds all others.
            programmes: whose targets to hold it against.
            communities: the level of communities that targets speak of.
            decided: whether to count decisions and not computed verdicts.
            faults: what was wrong with what was read.

        Raises:
            RollupError: no area of the tree is meant, or no single one holds all others.
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
                each,
                of_top(
                    run.attainment(each.targets, by=top.level, level=communities, decided=decided),
                    top,
                ),
            )
            for each in programmes
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
        reports: Mapping[tuple[str, Title], Tally],
        tree: AreaTree,
        *,
        area: str | None = None,
        subjects: bool = False,
        titles: Collection[Title] | None = None,
        year: int | None = None,
        as_of: date | None = None,
        faults: Sequence[RowFault] = (),
    ) -> Report:
        """Return the report of counts that areas sent.

        Args:
            reports, subjects, titles: as for `rollup`.
            tree: the areas.
            area: code of the area to report on; left out, the smallest that holds all others.
            year: the year that the counts are of.
            as_of: the day for which they hold.
            faults: what was wrong with what was read.

        Raises:
            RollupError: as for `of_run`, or an area that reports is not in the tree.
        """
        top = _top(tree, area)
        rows = [
            ((row.title, None), row)
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
        """The top and all areas within it: each before those within it."""
        return (self.top, *self.tree.descendants(self.top.code))

    @property
    def is_illustrative(self) -> bool:
        """Whether some of it was judged by invented criteria."""
        return any(each.provenance is Provenance.ILLUSTRATIVE for each in self.profiles)

    def of_area(self, code: str, group: Group) -> Figures:
        """Return what an area of the report comes to in a title."""
        return self.figures[code, group]

    def divided(self, code: str, group: Group) -> tuple[Area, ...]:
        """Return the areas right below one, or none where no figure is known of any of them."""
        parts = self.tree.children(code)
        is_told = any(self.figures[part.code, group].is_reported for part in parts)
        return parts if is_told else ()


def _top(tree: AreaTree, code: str | None) -> Area:
    """Return the area meant, else the lowest that holds all areas of the tree but those above."""
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
    found = {top.level, *(area.level for area in tree.descendants(top.code))}
    return [level for level in AreaLevel if level in found]


def _within(
    rows: Iterable[tuple[Group, AreaRollup]], tree: AreaTree, top: Area
) -> dict[tuple[str, Group], Figures]:
    inside = {top.code, *(area.code for area in tree.descendants(top.code))}
    return {
        (row.area.code, group): Figures.of(row) for group, row in rows if row.area.code in inside
    }


def of_top(found: Attained, area: Area) -> Attained:
    """Return how targets stand in one area."""
    return evolve(found, rows=tuple(row for row in found.rows if row.area.code == area.code))


_NO_AREA = Text(
    vi="Bảng khu vực không có mã {code}; hãy kiểm tra mã khu vực cần báo cáo.",
    en="The table of areas has no code {code}; check which area the report is to be about.",
)
_WHICH_AREA = Text(
    vi="Bảng khu vực không có một khu vực bao trùm tất cả; hãy nêu mã khu vực cần báo cáo.",
    en="No single area of the table holds all others; name the code of the one to report on.",
)
