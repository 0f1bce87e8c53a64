"""Rolls up the evaluated rows of a frame to any level of a tree of areas."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from xhht.criteria.profile import Profile
from xhht.domain.areas import AreaLevel, AreaTree
from xhht.domain.titles import Title
from xhht.frames.tallies import Tallied, tallies
from xhht.rollup.display import rollup_html
from xhht.rollup.tree import AreaRollup
from xhht.rollup.tree import rollup as rollup_tallies

__all__ = ["RolledUp", "rolled_up", "rollup"]


@frozen(kw_only=True, eq=False)
class RolledUp:
    """The areas of one level, and the rows that are in none of them.

    Attributes:
        by: the level.
        rows: every area of the level, with tally, coverage and rates.
        tallied: the tallies of the areas that rows belong to, which can be updated by later
            changes, and the rows that could not be counted.
        not_shown: codes of areas with rows that are in no area of the level.
    """

    by: AreaLevel
    rows: tuple[AreaRollup, ...]
    tallied: Tallied = field(repr=False)
    not_shown: tuple[str, ...]

    def _repr_html_(self) -> str:
        return rollup_html(self.by, self.rows)

    @property
    def rejected(self) -> Any:
        """The rows that could not be counted, with `column` and `reason`."""
        return self.tallied.rejected


def rollup(
    frame: Any,
    areas: AreaTree,
    *,
    by: AreaLevel | str,
    title: Title | str,
    area: str = "area",
    profile: Profile | None = None,
    prefix: str = "",
) -> RolledUp:
    """Return the evaluated rows of a frame added up to the areas of one level.

    The result is the one that `xhht.rollup.rollup` gives for the same subjects.

    Args:
        frame: as for `tallies`.
        areas: the areas; rows of any other area are rejected.
        by: the level to add up to.
        title: the title that the rows were evaluated for.
        area: the column of the area's code.
        profile: the profile they were evaluated by; it makes medians of points available.
        prefix: the prefix of the names of the result columns.

    Raises:
        FrameError: as for `tallies`.
        RollupError: no area has the level `by`.
    """
    tallied = tallies(frame, title=title, area=area, areas=areas, profile=profile, prefix=prefix)
    return rolled_up(tallied, areas, by=AreaLevel(by), title=Title(title))


def rolled_up(tallied: Tallied, areas: AreaTree, *, by: AreaLevel, title: Title) -> RolledUp:
    """Return tallies added up to the areas of one level; see `rollup`."""
    result = rollup_tallies(tallied.tallies, areas, by=by, titles=[title], subjects=True)
    return RolledUp(
        by=by,
        rows=result.rows,
        tallied=tallied,
        not_shown=tuple(code for code, _ in result.not_shown),
    )
