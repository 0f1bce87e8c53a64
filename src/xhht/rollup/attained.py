"""A programme's targets held against the areas of one level, whatever tells of these.

What cannot be told is never guessed: it is listed, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

from attrs import frozen

from xhht.criteria.target_document import Places, RateEntry
from xhht.criteria.targets import External, Target
from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.rollup.attainment import Attainment, attainment, measure_rate
from xhht.rollup.counts import Bounds
from xhht.rollup.measured import AreaMeasured, JointTally, joint_rollup
from xhht.rollup.tree import AreaRollup
from xhht.text import Text

__all__ = [
    "AreaAttainment",
    "Attained",
    "NotComputed",
    "NotComputedReason",
    "Source",
    "areas_measured",
    "hold_against",
    "rate_measured",
]


class NotComputedReason(StrEnum):
    """Why it cannot be told how a target stands."""

    EXTERNAL = "external"
    """The figure is not one of titles."""
    NEEDS_SUBJECTS = "needs_subjects"
    """A condition is asked of each subject."""
    NEEDS_OWN_RESULT = "needs_own_result"
    """It is asked what each area is itself, and only the subjects inside it are known."""
    PLACES = "places"
    """It speaks of some places only, and which they are is not in the table of areas."""
    OTHER_AREA = "other_area"
    """It holds for an area that is not among those asked for."""
    NO_COUNTS = "no_counts"
    """Nothing is known of the title."""
    NO_LEVEL = "no_level"
    """The table of areas has no areas of the level that is counted."""
    WHICH_COMMUNITIES = "which_communities"
    """Communities of several levels are known, and the target does not say which it means."""
    OTHER_PROFILE = "other_profile"
    """Nobody is judged by the profile in whose words the condition is written."""

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
        reported: whether anything is known of the area; otherwise nothing is said of the need.
    """

    area: Area
    target: Target
    attainment: Attainment
    reported: bool = True

    @property
    def needed(self) -> Bounds | None:
        """How many more are needed, as far as anything is known."""
        return self.attainment.needed if self.reported else None

    @property
    def per_year(self) -> Bounds | None:
        """How many more a year, likewise."""
        return self.attainment.per_year if self.reported else None


@frozen(kw_only=True)
class NotComputed:
    """A target of which it cannot be told how it stands, and why."""

    target: Target
    reason: NotComputedReason


@frozen(kw_only=True)
class Attained:
    """How targets stand, by target and then by area, and those of which it cannot be told."""

    rows: tuple[AreaAttainment, ...]
    not_computed: tuple[NotComputed, ...]


class Source(Protocol):
    """What tells of areas: a table of counts, or a society."""

    def reason(self, target: Target) -> NotComputedReason | None:
        """Return why it cannot tell of a target, None where it can."""

    def measured(self, target: Target) -> Mapping[str, AreaMeasured]:
        """Return what was measured for a target, by code of the areas that are asked for."""


def rate_measured(measure: RateEntry, row: AreaRollup) -> AreaMeasured:
    """Return a rate without `where` in an area."""
    return AreaMeasured(
        area=row.area,
        measured=measure_rate(measure, row.tally),
        coverage=row.coverage,
        reported=bool(row.tally),
    )


def areas_measured(
    tallies: Mapping[str, JointTally], tree: AreaTree, *, by: AreaLevel
) -> dict[str, AreaMeasured]:
    """Return the areas that are counted, added up to the areas of a level, by code."""
    return {
        code: AreaMeasured(area=tree[code], measured=tally.measured(), coverage=None, reported=True)
        for code, tally in joint_rollup(tallies, tree, by=by).items()
    }


def hold_against(
    targets: Iterable[Target], source: Source, areas: Sequence[Area], *, as_of: date | int
) -> Attained:
    """Return how targets stand in areas.

    Args:
        targets: the targets.
        source: what tells of the areas.
        areas: the areas asked for.
        as_of: the day for which that holds, or a year for its last day.
    """
    rows: list[AreaAttainment] = []
    not_computed: list[NotComputed] = []
    for target in targets:
        meant = [area for area in areas if target.scope.area in (None, area.code)]
        reason = _reason(target, meant) or source.reason(target)
        if reason is not None:
            not_computed.append(NotComputed(target=target, reason=reason))
            continue
        found = source.measured(target)
        rows.extend(_stands(target, found[area.code], as_of) for area in meant)
    return Attained(rows=tuple(rows), not_computed=tuple(not_computed))


def _reason(target: Target, meant: Sequence[Area]) -> NotComputedReason | None:
    if isinstance(target.measure, External):
        return NotComputedReason.EXTERNAL
    if target.scope.places is not Places.ALL:
        return NotComputedReason.PLACES
    return None if meant else NotComputedReason.OTHER_AREA


def _stands(target: Target, found: AreaMeasured, as_of: date | int) -> AreaAttainment:
    stands = attainment(target, found, as_of=as_of)
    return AreaAttainment(
        area=found.area, target=target, attainment=stands, reported=found.reported
    )


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
        vi="không có số liệu của danh hiệu này",
        en="there are no figures of this title",
    ),
    NotComputedReason.NO_LEVEL: Text(
        vi="bảng khu vực không có cấp khu vực mà chỉ tiêu đếm",
        en="the table of areas has no areas of the level that the target counts",
    ),
    NotComputedReason.WHICH_COMMUNITIES: Text(
        vi="có cộng đồng của nhiều cấp và chỉ tiêu không nêu cấp nào; hãy nêu cấp cần tính",
        en="there are communities of several levels, and the target does not say which; name one",
    ),
    NotComputedReason.OTHER_PROFILE: Text(
        vi="không đối tượng nào được đánh giá theo bộ tiêu chí mà điều kiện của chỉ tiêu dùng",
        en="nobody is judged by the profile in whose words the condition is written",
    ),
}
