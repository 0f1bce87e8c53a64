"""Evaluation of a programme's targets on a table of counts, where counts alone suffice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeAlias, TypedDict

from attrs import evolve, frozen

from xhht.criteria.target_document import (
    AreaScope,
    AreasEntry,
    ConditionEntry,
    CountedIn,
    RateEntry,
)
from xhht.criteria.targets import External, Programme, Target
from xhht.domain.area import AreaReference
from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.rollup.attainment import (
    Attainment,
    AttainmentDict,
    area_tally,
    attainment,
    measure_condition,
    measure_rate,
)
from xhht.rollup.counted import Counted, TitleKey
from xhht.rollup.counts import Bounds
from xhht.rollup.joint import AreaMeasurement, JointTally, joint_rollup
from xhht.rollup.rates import Coverage
from xhht.rollup.reports import Reports
from xhht.rollup.tree import AreaRollup, rollup
from xhht.text import Lang, Text

__all__ = [
    "AreaAttainment",
    "AreaAttainmentDict",
    "CountTargetEvaluator",
    "MeasureSource",
    "NotComputed",
    "NotComputedDict",
    "NotComputedReason",
    "TargetResults",
    "TargetResultsDict",
    "areas_measured",
    "evaluate_targets",
    "rate_measured",
    "results_of_programmes",
]


class CountTargetEvaluator:
    """Evaluates targets on counts; each level is rolled up once for all targets.

    Args:
        reports: a table of counts or of subjects.
        tree: the areas.
        by: the level of the areas for which targets are evaluated.
    """

    def __init__(self, reports: Reports, tree: AreaTree, *, by: AreaLevel) -> None:
        self._reports = reports
        self._tree = tree
        self._by = by
        self._rollups: dict[AreaLevel, tuple[AreaRollup, ...]] = {}
        self._reported: tuple[TitleKey, ...] = tuple(
            dict.fromkeys(key for _, key in reports.tallies)
        )
        # How many meet a condition says nothing without the number of all subjects there.
        self._tallies = {
            (code, key): tally
            for (code, key), tally in reports.tallies.items()
            if not (isinstance(key, Counted) and key.condition)
            or (code, key.whole) in reports.tallies
        }

    def evaluate(self, targets: Iterable[Target], *, as_of: date | int) -> TargetResults:
        """Return the attainment of targets in each area of the level.

        Args:
            targets: the targets.
            as_of: the day for which the counts hold, or a year for its last day.
        """
        return evaluate_targets(targets, self, self._tree.at_level(self._by), as_of=as_of)

    def reason(self, target: Target) -> NotComputedReason | None:
        """Return why counts do not suffice for a target, or None."""
        measure = target.measure
        if isinstance(measure, External):
            return NotComputedReason.EXTERNAL
        if isinstance(measure, RateEntry) and measure.where is not None:
            return NotComputedReason.NEEDS_SUBJECTS
        if isinstance(measure, AreasEntry) and measure.counted is CountedIn.ITSELF:
            return NotComputedReason.NEEDS_OWN_RESULT
        if measure.title not in self._reports.titles:
            is_of_all = isinstance(measure, AreasEntry) or (
                isinstance(measure, RateEntry) and not measure.is_selective
            )
            return NotComputedReason.NO_COUNTS if is_of_all else NotComputedReason.NEEDS_SUBJECTS
        keys = self._keys(measure)
        if isinstance(keys, NotComputedReason):
            return keys
        if isinstance(measure, ConditionEntry) and not any(
            self._meeting(measure, key) for key in keys
        ):
            return NotComputedReason.NEEDS_SUBJECTS
        if isinstance(measure, AreasEntry) and not self._tree.at_level(measure.level):
            return NotComputedReason.NO_LEVEL
        return None

    def measured(self, target: Target) -> dict[str, AreaMeasurement]:
        """Return what was measured for a target, by code of the areas of the level."""
        measure = target.measure
        assert not isinstance(measure, External)
        keys = self._keys(measure)
        assert not isinstance(keys, NotComputedReason)
        if isinstance(measure, RateEntry):
            rows = self._rows(self._by, keys)
            return {row.area.code: rate_measured(measure, row) for row in rows}
        if isinstance(measure, ConditionEntry):
            return self._conditions(measure, keys)
        rows = self._rows(measure.level, keys)
        tallies: dict[str, JointTally] = {row.area.code: area_tally(measure, row) for row in rows}
        return areas_measured(tallies, self._tree, by=self._by)

    def _conditions(
        self, measure: ConditionEntry, keys: Sequence[TitleKey]
    ) -> dict[str, AreaMeasurement]:
        meeting = [met for key in keys for met in self._meeting(measure, key)]
        measured: dict[str, AreaMeasurement] = {}
        rows = zip(self._rows(self._by, keys), self._rows(self._by, meeting), strict=True)
        for subjects, met in rows:
            if len(meeting) < len(keys):
                # Of some of the subjects, no area says how many meet it.
                met = evolve(met, coverage=Coverage(0, met.coverage.expected))
            measured[subjects.area.code] = AreaMeasurement(
                area=subjects.area,
                measured=measure_condition(measure, subjects, met),
                coverage=subjects.coverage,
                reported=bool(subjects.tally) and bool(met.tally),
            )
        return measured

    def _meeting(self, measure: ConditionEntry, key: TitleKey) -> list[TitleKey]:
        """Return the key of those subjects of `key` that meet a condition, if they are counted."""
        return [
            met
            for met in self._reported
            if isinstance(met, Counted) and met.whole is key and met.condition == measure.when
        ]

    def _keys(self, measure: RateEntry | ConditionEntry | AreasEntry) -> Keys:
        """Return what is to be added up for a measure, or why that cannot be said."""
        wanted = None if isinstance(measure, AreasEntry) else measure.applies_to
        keys = [
            key
            for key in self._reported
            if (key.title if isinstance(key, Counted) else key) is measure.title
            and not (isinstance(key, Counted) and key.condition is not None)
        ]
        if wanted is None:
            if measure.title in keys or not keys:
                return (measure.title,)
            parts = [key for key in keys if isinstance(key, Counted)]
            if len({key.communities for key in parts}) > 1:
                return NotComputedReason.WHICH_COMMUNITIES
            return _without_overlap(parts)
        names = {_STATED_BY.get(name, name) for name in wanted}
        stating = [key for key in keys if isinstance(key, Counted) and names <= key.stated]
        if not stating:
            return NotComputedReason.NEEDS_SUBJECTS
        matching = [
            key
            for key in stating
            if all(
                getattr(key, _STATED_BY.get(name, name)).value in values
                for name, values in wanted.items()
            )
        ]
        return _without_overlap(matching) if matching else NotComputedReason.NO_COUNTS

    def _rows(self, level: AreaLevel, keys: Sequence[TitleKey]) -> list[AreaRollup]:
        """Return the sum of what is counted in each area of a level."""
        if level not in self._rollups:
            self._rollups[level] = rollup(
                self._tallies,
                self._tree,
                by=level,
                titles=(*self._reports.titles, *self._reported),
                subjects=self._reports.by_subject,
            ).rows
        rows: dict[str, AreaRollup] = {}
        for row in self._rollups[level]:
            if row.key in keys:
                added = rows.get(row.area.code)
                rows[row.area.code] = row if added is None else _added(added, row)
        return list(rows.values())


Keys: TypeAlias = "tuple[TitleKey, ...] | NotComputedReason"

_STATED_BY = {"level": "communities"}
"""What a key of `applies_to` is called where counts state it, if it differs."""


def _without_overlap(keys: Sequence[Counted]) -> Keys:
    """Return keys that count no subject twice: all of them state the same."""
    if len({key.stated for key in keys}) > 1:
        return NotComputedReason.NEEDS_SUBJECTS
    return tuple(keys)


def _added(row: AreaRollup, other: AreaRollup) -> AreaRollup:
    reported = min(row.coverage.reported, other.coverage.reported)
    return AreaRollup(
        area=row.area,
        title=row.title,
        tally=row.tally + other.tally,
        coverage=Coverage(reported, row.coverage.expected),
    )


class NotComputedReason(StrEnum):
    """Why a target cannot be evaluated."""

    EXTERNAL = "external"
    """The figure is not about titles."""
    NEEDS_SUBJECTS = "needs_subjects"
    """It counts subjects of a kind, or under a condition."""
    NEEDS_OWN_RESULT = "needs_own_result"
    """The result of each area itself is needed, and only the subjects inside it are known."""
    PLACES = "places"
    """It applies to certain places only, and the table of areas does not identify them."""
    OTHER_AREA = "other_area"
    """It applies to an area that is not among those requested."""
    NO_COUNTS = "no_counts"
    """Nothing is known of the title."""
    NO_LEVEL = "no_level"
    """The table of areas has no areas at the level that is counted."""
    WHICH_COMMUNITIES = "which_communities"
    """There are communities at several levels, and the target does not specify one."""
    OTHER_PROFILE = "other_profile"
    """No subject is evaluated under the profile that the condition refers to."""

    @property
    def text(self) -> Text:
        """The reason in words."""
        return _REASONS[self]


class AreaAttainmentDict(AreaReference, AttainmentDict):
    """The attainment of a target in one area in JSON."""

    programme: str | None
    target: str


class NotComputedDict(TypedDict):
    """A target that cannot be evaluated in JSON."""

    programme: str | None
    target: str
    reason: str
    message: str


class TargetResultsDict(TypedDict):
    """Attainment by target and area in JSON, and the targets that cannot be evaluated."""

    attained: list[AreaAttainmentDict]
    not_computed: list[NotComputedDict]


@frozen(kw_only=True)
class AreaAttainment:
    """The attainment of a target in one area.

    Attributes:
        area: the area.
        target: the target.
        attainment: the result.
        reported: whether the area has any figures; otherwise `needed` and `per_year` are None.
    """

    area: Area
    target: Target
    attainment: Attainment
    reported: bool = True

    @property
    def needed(self) -> Bounds | None:
        """How many more are needed; None where the area has no figures."""
        return self.attainment.needed if self.reported else None

    @property
    def per_year(self) -> Bounds | None:
        """How many more are needed per year; None likewise."""
        return self.attainment.per_year if self.reported else None

    def to_dict(
        self, lang: Lang | str = Lang.VI, *, programme: str | None = None
    ) -> AreaAttainmentDict:
        """Return the attainment as JSON data; `programme` is the id of the target's programme."""
        return {
            "programme": programme,
            "target": self.target.id,
            **self.area.reference(),
            **self.attainment.to_dict(lang),
            "needed": self.needed.to_dict() if self.needed else None,
            "per_year": self.per_year.to_dict() if self.per_year else None,
        }


@frozen(kw_only=True)
class NotComputed:
    """A target that cannot be evaluated, and why."""

    target: Target
    reason: NotComputedReason

    def to_dict(
        self, lang: Lang | str = Lang.VI, *, programme: str | None = None
    ) -> NotComputedDict:
        """Return the target and the reason as JSON data."""
        return {
            "programme": programme,
            "target": self.target.id,
            "reason": self.reason.value,
            "message": self.reason.text.get(lang),
        }


@frozen(kw_only=True)
class TargetResults:
    """Attainment by target and then by area, and the targets that cannot be evaluated."""

    rows: tuple[AreaAttainment, ...]
    not_computed: tuple[NotComputed, ...]

    def to_dict(
        self, lang: Lang | str = Lang.VI, *, programme: str | None = None
    ) -> TargetResultsDict:
        """Return the results as `xhht targets attain --format json` prints them.

        Args:
            lang: the language of messages.
            programme: the id of the programme of the targets.
        """
        return {
            "attained": [row.to_dict(lang, programme=programme) for row in self.rows],
            "not_computed": [
                entry.to_dict(lang, programme=programme) for entry in self.not_computed
            ],
        }


def results_of_programmes(
    results: Iterable[tuple[Programme, TargetResults]], lang: Lang | str = Lang.VI
) -> TargetResultsDict:
    """Return the results of several programmes in one list, as JSON data."""
    merged: TargetResultsDict = {"attained": [], "not_computed": []}
    for programme, result in results:
        data = result.to_dict(lang, programme=programme.id)
        merged["attained"] += data["attained"]
        merged["not_computed"] += data["not_computed"]
    return merged


class MeasureSource(Protocol):
    """A source of figures about areas: a table of counts, or a society."""

    def reason(self, target: Target) -> NotComputedReason | None:
        """Return why it cannot measure a target, or None where it can."""

    def measured(self, target: Target) -> Mapping[str, AreaMeasurement]:
        """Return what was measured for a target, by code of the requested areas."""


def rate_measured(measure: RateEntry, row: AreaRollup) -> AreaMeasurement:
    """Return a rate of all subjects in an area."""
    return AreaMeasurement(
        area=row.area,
        measured=measure_rate(measure, row.tally),
        coverage=row.coverage,
        reported=bool(row.tally),
    )


def areas_measured(
    tallies: Mapping[str, JointTally], tree: AreaTree, *, by: AreaLevel
) -> dict[str, AreaMeasurement]:
    """Return the counted areas added up to the areas of a level, by code."""
    return {
        code: AreaMeasurement(
            area=tree[code], measured=tally.measured(), coverage=None, reported=True
        )
        for code, tally in joint_rollup(tallies, tree, by=by).items()
    }


def evaluate_targets(
    targets: Iterable[Target], source: MeasureSource, areas: Sequence[Area], *, as_of: date | int
) -> TargetResults:
    """Return the attainment of targets in areas.

    Args:
        targets: the targets.
        source: the source of figures about the areas.
        areas: the requested areas.
        as_of: the day for which the figures hold, or a year for its last day.
    """
    rows: list[AreaAttainment] = []
    not_computed: list[NotComputed] = []
    for target in targets:
        scope = [area for area in areas if target.scope.area in (None, area.code)]
        reason = _reason(target, scope) or source.reason(target)
        if reason is not None:
            not_computed.append(NotComputed(target=target, reason=reason))
            continue
        measured = source.measured(target)
        rows.extend(_area_attainment(target, measured[area.code], as_of) for area in scope)
    return TargetResults(rows=tuple(rows), not_computed=tuple(not_computed))


def _reason(target: Target, scope: Sequence[Area]) -> NotComputedReason | None:
    if isinstance(target.measure, External):
        return NotComputedReason.EXTERNAL
    if target.scope.places is not AreaScope.ALL:
        return NotComputedReason.PLACES
    return None if scope else NotComputedReason.OTHER_AREA


def _area_attainment(
    target: Target, measured: AreaMeasurement, as_of: date | int
) -> AreaAttainment:
    result = attainment(target, measured, as_of=as_of)
    return AreaAttainment(
        area=measured.area, target=target, attainment=result, reported=measured.reported
    )


_REASONS = {
    NotComputedReason.EXTERNAL: Text(
        vi="số liệu này không thuộc các danh hiệu; cần lấy từ nguồn khác",
        en="the figure is not about titles; it must come from another source",
    ),
    NotComputedReason.NEEDS_SUBJECTS: Text(
        vi="chỉ tính một loại đối tượng hoặc có điều kiện riêng, nên cần dữ liệu của từng đối "
        "tượng, hoặc bảng số liệu ghi riêng loại đó (cột community_level, managed_by, kind, "
        "condition)",
        en="it counts subjects of a kind or under a condition, so individual records are needed, "
        "or counts that state it (columns community_level, managed_by, kind, condition)",
    ),
    NotComputedReason.NEEDS_OWN_RESULT: Text(
        vi="cần kết quả công nhận của chính từng khu vực, không phải của đối tượng trong khu vực",
        en="it needs the result of each area itself, not of the subjects inside it",
    ),
    NotComputedReason.PLACES: Text(
        vi="chỉ áp dụng cho một số vùng, và bảng khu vực không cho biết đó là khu vực nào",
        en="it applies to certain places only, and the table of areas does not identify them",
    ),
    NotComputedReason.OTHER_AREA: Text(
        vi="áp dụng cho khu vực không có ở cấp được tính",
        en="it applies to an area that is not at the requested level",
    ),
    NotComputedReason.NO_COUNTS: Text(
        vi="không có số liệu của danh hiệu này",
        en="there are no figures for this title",
    ),
    NotComputedReason.NO_LEVEL: Text(
        vi="bảng khu vực không có cấp khu vực mà chỉ tiêu đếm",
        en="the table of areas has no areas at the level that the target counts",
    ),
    NotComputedReason.WHICH_COMMUNITIES: Text(
        vi="có cộng đồng của nhiều cấp và chỉ tiêu không nêu cấp nào; hãy nêu cấp cần tính",
        en="there are communities at several levels; specify the level that the target means",
    ),
    NotComputedReason.OTHER_PROFILE: Text(
        vi="không đối tượng nào được đánh giá theo bộ tiêu chí mà điều kiện của chỉ tiêu dùng",
        en="no subject is evaluated under the profile that this condition refers to",
    ),
}
