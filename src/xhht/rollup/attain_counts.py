"""A programme's targets held against the areas of one level, as far as counts alone can tell.

What counts cannot tell is never guessed: it is listed, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from attrs import frozen

from xhht.criteria.target_document import AreasEntry, CountedIn, Places, RateEntry
from xhht.criteria.targets import External, Target
from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.titles import Title
from xhht.rollup.attainment import Attainment, attainment
from xhht.rollup.counts import Bounds
from xhht.rollup.reports import Reports
from xhht.rollup.tree import AreaRollup, rollup
from xhht.text import Text

__all__ = ["AreaAttainment", "CountsAttained", "CountsToAttain", "NotComputed", "NotComputedReason"]


class NotComputedReason(StrEnum):
    """Why counts do not tell how a target stands."""

    EXTERNAL = "external"
    """The figure is not one of titles."""
    NEEDS_SUBJECTS = "needs_subjects"
    """A condition is asked of each subject."""
    NEEDS_OWN_RESULT = "needs_own_result"
    """It is asked what each area is itself, and counts are of the subjects inside it."""
    PLACES = "places"
    """It speaks of some places only, and which they are is not in the table of areas."""
    OTHER_AREA = "other_area"
    """It holds for an area that is not among those asked for."""
    NO_COUNTS = "no_counts"
    """The table has no counts of the title."""
    NO_LEVEL = "no_level"
    """The table of areas has no areas of the level that is counted."""

    @property
    def text(self) -> Text:
        """The reason in words."""
        return _REASONS[self]


@frozen(kw_only=True)
class AreaAttainment:
    """How a target stands in one area.

    Attributes:
        area: the area.
        target: the target.
        attainment: how it stands.
        reported: whether the area has any counts; without them nothing is said of the need.
    """

    area: Area
    target: Target
    attainment: Attainment
    reported: bool = True

    @property
    def needed(self) -> Bounds | None:
        """How many more are needed, as far as there are counts."""
        return self.attainment.needed if self.reported else None

    @property
    def per_year(self) -> Bounds | None:
        """How many more a year, likewise."""
        return self.attainment.per_year if self.reported else None


@frozen(kw_only=True)
class NotComputed:
    """A target that counts do not tell of, and why."""

    target: Target
    reason: NotComputedReason


@frozen(kw_only=True)
class CountsAttained:
    """How targets stand, by target and then by area, and those that counts do not tell of."""

    rows: tuple[AreaAttainment, ...]
    not_computed: tuple[NotComputed, ...]


class CountsToAttain:
    """Counts held against targets; each level is added up once, for however many targets.

    Args:
        reports: a table of counts or of subjects.
        tree: the areas.
        by: the level whose areas are held against the targets.
    """

    def __init__(self, reports: Reports, tree: AreaTree, *, by: AreaLevel) -> None:
        self._reports = reports
        self._tree = tree
        self._by = by
        self._added: dict[AreaLevel, Mapping[tuple[str, Title], AreaRollup]] = {}

    def attained(self, targets: Iterable[Target], *, as_of: date | int) -> CountsAttained:
        """Return how targets stand in each area of the level.

        Args:
            targets: the targets.
            as_of: the day for which the counts hold, or a year for its last day.
        """
        rows: list[AreaAttainment] = []
        not_computed: list[NotComputed] = []
        for target in targets:
            reason = self._reason(target)
            if reason is not None:
                not_computed.append(NotComputed(target=target, reason=reason))
                continue
            for area in self._areas(target):
                measured = self._measured(target, area)
                stands = attainment(target, measured, as_of=as_of)
                reported = not isinstance(measured, AreaRollup) or bool(measured.tally)
                rows.append(
                    AreaAttainment(area=area, target=target, attainment=stands, reported=reported)
                )
        return CountsAttained(rows=tuple(rows), not_computed=tuple(not_computed))

    def _areas(self, target: Target) -> list[Area]:
        only = target.scope.area
        return [area for area in self._tree.at_level(self._by) if only in (None, area.code)]

    def _reason(self, target: Target) -> NotComputedReason | None:
        measure = target.measure
        if isinstance(measure, External):
            return NotComputedReason.EXTERNAL
        if not isinstance(measure, AreasEntry) and not _of_counts(measure):
            return NotComputedReason.NEEDS_SUBJECTS
        if isinstance(measure, AreasEntry) and measure.counted is CountedIn.ITSELF:
            return NotComputedReason.NEEDS_OWN_RESULT
        if target.scope.places is not Places.ALL:
            return NotComputedReason.PLACES
        if not self._areas(target):
            return NotComputedReason.OTHER_AREA
        if measure.title not in self._reports.titles:
            return NotComputedReason.NO_COUNTS
        if isinstance(measure, AreasEntry) and not self._tree.at_level(measure.level):
            return NotComputedReason.NO_LEVEL
        return None

    def _measured(self, target: Target, area: Area) -> AreaRollup | list[AreaRollup]:
        measure = target.measure
        assert isinstance(measure, (RateEntry, AreasEntry))
        if isinstance(measure, RateEntry):
            return self._rows(self._by)[area.code, measure.title]
        within = {area.code, *(each.code for each in self._tree.descendants(area.code))}
        return [
            row
            for (code, title), row in self._rows(measure.level).items()
            if code in within and title is measure.title
        ]

    def _rows(self, level: AreaLevel) -> Mapping[tuple[str, Title], AreaRollup]:
        if level not in self._added:
            added = rollup(
                self._reports.tallies,
                self._tree,
                by=level,
                titles=self._reports.titles,
                subjects=self._reports.by_subject,
            )
            self._added[level] = {(row.area.code, row.title): row for row in added.rows}
        return self._added[level]


def _of_counts(measure: object) -> bool:
    return isinstance(measure, RateEntry) and measure.where is None


_REASONS = {
    NotComputedReason.EXTERNAL: Text(
        vi="số liệu này không thuộc các danh hiệu; cần lấy từ nguồn khác",
        en="the figure is not one of titles; it comes from elsewhere",
    ),
    NotComputedReason.NEEDS_SUBJECTS: Text(
        vi="cần dữ liệu của từng đối tượng, vì có điều kiện phải xét riêng cho mỗi đối tượng",
        en="a condition is asked of each subject, so the records of each are needed",
    ),
    NotComputedReason.NEEDS_OWN_RESULT: Text(
        vi="cần kết quả công nhận của chính từng khu vực, không phải của đối tượng trong khu vực",
        en="it asks what each area is itself, not how many are recognised inside it",
    ),
    NotComputedReason.PLACES: Text(
        vi="chỉ áp dụng cho một số vùng, và bảng khu vực không cho biết đó là khu vực nào",
        en="it holds in some places only, and the table of areas does not tell which they are",
    ),
    NotComputedReason.OTHER_AREA: Text(
        vi="áp dụng cho khu vực không có ở cấp được tính",
        en="it holds for an area that is not at the level asked for",
    ),
    NotComputedReason.NO_COUNTS: Text(
        vi="bảng số liệu không có danh hiệu này",
        en="the table has no counts of this title",
    ),
    NotComputedReason.NO_LEVEL: Text(
        vi="bảng khu vực không có cấp khu vực mà chỉ tiêu đếm",
        en="the table of areas has no areas of the level that the target counts",
    ),
}
