"""The state of an evaluation: plan, intervals, and what is read off them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from operator import itemgetter
from types import MappingProxyType
from typing import Final, TypeAlias

from attrs import field, frozen

from xhht.criteria.profile import Profile
from xhht.evaluation._weak_cache import weakly_cached
from xhht.evaluation.facts import FactReader
from xhht.evaluation.result_types import CriterionDict
from xhht.numbers import json_number
from xhht.rules.plan import ClosingPlan, LevelMarks, NodePlan, Plan, SharePlan
from xhht.text import LabelledEnum, Text

__all__ = ["NO_STANDARDS", "CriterionResult", "EvaluationState", "Status", "Verdict"]


class Status(LabelledEnum):
    """The degree to which a criterion is met."""

    MET = "met", "đạt", "met"
    PARTIAL = "partial", "đạt một phần", "partly met"
    UNMET = "unmet", "chưa đạt", "unmet"
    UNKNOWN = "unknown", "chưa đủ dữ kiện", "unknown"
    NOT_APPLICABLE = "not_applicable", "không áp dụng", "not applicable"
    WAIVED = "waived", "được miễn", "waived"


class Verdict(LabelledEnum):
    """Whether the criteria of some level are met, which does not award the title.

    It is `undetermined` if the facts allow both.
    """

    RECOGNISED = "recognised", "Đạt tiêu chí", "Meets the criteria"
    NOT_RECOGNISED = "not_recognised", "Chưa đạt tiêu chí", "Does not meet the criteria"
    UNDETERMINED = "undetermined", "Chưa xác định được", "Undetermined"


@frozen(kw_only=True)
class CriterionResult:
    """The result of one criterion or indicator.

    Attributes:
        id: the criterion.
        status: the degree to which it is met.
        points_certain: the points it has for all values of the open facts; 0 below a criterion
            whose condition does not hold.
        points_possible: the maximum points it may still have.
        max_points: the maximum it can give, including points redistributed from siblings that do
            not apply.
        status_by_level: its status for each level, by id, best first; empty if it is the same for
            all. `status` then sums them up: met for every level that asks for it, for some of
            them (`partial`), or for none.
    """

    id: str
    status: Status
    points_certain: Fraction
    points_possible: Fraction
    max_points: Fraction
    status_by_level: dict[str, Status] = field(factory=dict, hash=False, metadata={"omitted": True})

    def to_dict(self) -> CriterionDict:
        """Return it as JSON data; `status_by_level` only if the status differs by level."""
        data: CriterionDict = {
            "id": self.id,
            "status": self.status.value,
            "points_certain": json_number(self.points_certain),
            "points_possible": json_number(self.points_possible),
            "max_points": json_number(self.max_points),
        }
        if self.status_by_level:
            statuses = self.status_by_level.items()
            data["status_by_level"] = {level: status.value for level, status in statuses}
        return data


NO_STANDARDS: Final[Mapping[str, EvaluationState]] = MappingProxyType({})
"""The standards of a result that rests on none."""


@frozen(eq=False)
class EvaluationState:
    """The state of the evaluation of one subject.

    Everything except the intervals is computed on demand.

    Attributes:
        profile: the profile of the evaluation.
        plan: the evaluated plan; with waivers it differs from the profile's own.
        as_of: the day of evaluation, or None if none was needed.
        input_lows, input_highs: the sets of the inputs, in steps; not shown in `repr`.
        lows, highs: the interval of every operator of the plan.
        reader: the read facts with their evidence; None if every fact is a plain known value.
        standards: the results of other standards that inputs take, by input; not shown in `repr`.
        final: whether the assessment is closed.
        rates: the shares of members that were given as a number, without counts.
        unused: a remark on each given standard that the profile does not rest on.
    """

    profile: Profile = field(repr=False)
    plan: Plan = field(repr=False)
    as_of: date | None
    input_lows: tuple[int, ...] = field(repr=False)
    input_highs: tuple[int, ...] = field(repr=False)
    lows: tuple[int, ...] = field(repr=False)
    highs: tuple[int, ...] = field(repr=False)
    reader: FactReader | None = field(repr=False)
    standards: Mapping[str, EvaluationState] = field(default=NO_STANDARDS, repr=False)
    final: bool = False
    rates: frozenset[str] = field(default=frozenset(), repr=False)
    unused: tuple[Text, ...] = field(default=(), repr=False, eq=False)

    @property
    def closed(self) -> tuple[str, ...]:
        """The facts that were closed, by input, in the order of the profile.

        They are missing or not known exactly, and left open an indicator or whether a criterion
        applies, which a final evaluation decides by the profile's `at_close`. What was closed in a
        standard is `closed` of its own result, see `standards`.
        """
        names = dict.fromkeys(name for _, name in self.closings())
        return tuple(name for name in self.profile.document.inputs if name in names)

    @property
    def remarks(self) -> tuple[Text, ...]:
        """What a reader of the result must know: what of the question does not fit.

        The profile, or a standard it rests on, judges no subject on the day of evaluation, because
        it is not yet or no longer in force, or without subjects; a given standard is not used;
        or facts contradict one another. The result is given all the same.
        """
        remarks: dict[Text, None] = dict.fromkeys((*self.unused, *self.contradictions))
        if self.as_of is not None:
            own = self.profile.remark_on(self.as_of)
            remarks.update({own: None} if own else {})
        for standard in self.standards.values():
            remarks.update(dict.fromkeys(standard.remarks))
        return tuple(remarks)

    @property
    def contradictions(self) -> tuple[Text, ...]:
        """What is said of a day on which a level was recognised that is not held by another fact.

        The day does not count then. Only what `requires` reads can contradict so.
        """
        texts: dict[Text, None] = {}
        inputs = self.profile.document.inputs
        for level, plan in zip(self.profile.document.levels, self.plan.levels, strict=True):
            if level.requires is None or level.requires.held is None:
                continue
            held_index, since_index = plan.prerequisite_inputs
            if not self.input_highs[held_index] and self._is_known(since_index):
                labels = inputs[level.requires.held].label, inputs[level.requires.since].label
                texts[_NOT_HELD.format(held=labels[0], since=labels[1])] = None
        return tuple(texts)

    def _is_known(self, index: int) -> bool:
        """Return whether an input has one value that a fact gives."""
        declared = self.plan.inputs[index]
        ends = self.input_lows[index], self.input_highs[index]
        return ends != declared.domain and declared.is_known(*ends)

    def closings(self) -> Iterator[tuple[ClosingPlan, str]]:
        """Yield what was closed, each with an input that left it open."""
        lows, highs, plan = self.lows, self.highs, self.plan
        if not plan.closings:
            return
        unknown = self.unknown_inputs()
        awarded = (number for number, level in enumerate(plan.levels) if lows[level.award])
        level_awarded = next(awarded, len(plan.levels))
        for closing in plan.closings:
            was_open = lows[closing.before] != highs[closing.before]
            is_closed = was_open and lows[closing.after] == highs[closing.after]
            if is_closed and highs[closing.within] and (closing.level or 0) <= level_awarded:
                for index in closing.inputs:
                    if index in unknown:
                        yield closing, plan.inputs[index].declared_input.name

    @property
    def points_certain(self) -> Fraction:
        """The points that are certain, on the profile's grid."""
        return self.profile.points(self.lows[self.plan.points])

    @property
    def points_possible(self) -> Fraction:
        """The points that are still possible, on the profile's grid."""
        return self.profile.points(self.highs[self.plan.points])

    @property
    def max_points(self) -> Fraction:
        """The maximum points that the profile states."""
        return self.profile.max_points

    @property
    def available_points(self) -> Fraction:
        """The maximum points that may be available, without criteria that do not apply."""
        return self.profile.points(self.highs[self.plan.available])

    @property
    def available_certain(self) -> Fraction:
        """The points that are certainly available; below `available_points` if it is open
        whether some criterion applies.
        """
        return self.profile.points(self.lows[self.plan.available])

    @property
    def percent_certain(self) -> Fraction | None:
        """The least share of the available points that is certain; None if none are available.

        It is exact: compare it with a fraction. A level reads it as `percent`.
        """
        ends = self._percent_ends()
        return ends[0] if ends else None

    @property
    def percent_possible(self) -> Fraction | None:
        """The greatest share of the available points that is still possible, as above."""
        ends = self._percent_ends()
        return ends[1] if ends else None

    def _percent_ends(self) -> tuple[Fraction, Fraction] | None:
        lower, upper = self.lows[self.plan.points], self.highs[self.plan.points]
        fewest, most = max(self.lows[self.plan.available], 1), self.highs[self.plan.available]
        if most <= 0:
            return None
        # Never more points than are available.
        highest = min(Fraction(upper, fewest if upper >= 0 else most), Fraction(1))
        return Fraction(lower, most if lower >= 0 else fewest), highest

    @property
    def levels_possible(self) -> tuple[str | None, ...]:
        """The levels that are still possible, best first; None means no level."""
        open_levels: list[str | None] = []
        for level in self.plan.levels:
            if self.highs[level.award]:
                open_levels.append(level.id)
            if self.lows[level.award]:
                return tuple(open_levels)
        return (*open_levels, None)

    @property
    def verdict(self) -> Verdict:
        """Whether some level is certain, no level is possible, or neither."""
        lows, highs, verdict = self.lows, self.highs, Verdict.NOT_RECOGNISED
        for level in self.plan.levels:
            if lows[level.award]:
                return Verdict.RECOGNISED
            if highs[level.award]:
                verdict = Verdict.UNDETERMINED
        return verdict

    @property
    def level(self) -> str | None:
        """The level, if exactly one is possible; else None."""
        possible = self.levels_possible
        return possible[0] if len(possible) == 1 else None

    @property
    def exact(self) -> bool:
        """Whether verdict and range are as narrow as the facts allow; False if an unknown is used
        more than once or a share may have denominator 0.

        A determined verdict is always right. If this is False, an `undetermined` verdict and the
        range may be too cautious. It does not cover `levels_possible` and individual criteria,
        which may be too cautious even if this is True.
        """
        return not self._shares_up_to(self.lows) and not self.counts_unknown_twice()

    def counts_unknown_twice(self) -> bool:
        """Return whether an unknown is used more than once, so that the range may be too wide.

        An unknown is a fact, or a threshold that is in no source.
        """
        open_inputs = self.unknown_inputs()
        has_linked_unknowns = any(
            smaller in open_inputs and larger in open_inputs
            for smaller, larger in self.plan.bound_pairs
        )
        has_unknown_mark = any(self.highs[index] for index in self.plan.non_monotone_thresholds)
        return (
            has_linked_unknowns
            or has_unknown_mark
            or bool(open_inputs & self.plan.non_monotone_inputs)
        )

    def unknown_inputs(self) -> frozenset[int]:
        """Return the indices of the inputs whose set has more than one value."""
        ends = zip(self.plan.inputs, self.input_lows, self.input_highs, strict=True)
        return frozenset(
            index for index, (i, low, high) in enumerate(ends) if not i.is_known(low, high)
        )

    def undefined_shares(self) -> tuple[SharePlan, ...]:
        """Return the shares with denominator 0 that criteria and levels compare."""
        return self._shares_up_to(self.highs)

    def _shares_up_to(self, ends: tuple[int, ...]) -> tuple[SharePlan, ...]:
        """Return the relevant shares whose denominator is 0 at these ends."""
        return tuple(
            share
            for share in self.plan.shares
            if ends[share.denominator] <= 0
            and (share.node is None or not self._is_outside(share.node, share.level))
        )

    def _is_outside(self, node_id: str, level: int | None) -> bool:
        node = next(node for node in self.plan.nodes if node.id == node_id)
        marks = node if level is None else node.for_level(level)
        return not self.highs[marks.applies]

    @property
    def criteria(self) -> tuple[CriterionResult, ...]:
        """Every criterion and indicator in the order of the profile, branches first."""
        lows, highs = self.lows, self.highs
        results = []
        for node, ends, memo in _node_memos(self.plan):
            # Subjects of one profile share a small number of different results.
            key = ends(lows) if lows is highs else (ends(lows), ends(highs))
            result = memo.get(key)
            if result is None:
                if len(memo) >= _MEMO_SIZE:
                    memo.clear()
                result = memo[key] = self._criterion(node)
            results.append(result)
        return tuple(results)

    def criterion(self, node_id: str) -> CriterionResult:
        """Return one criterion by id; raises KeyError."""
        for node in self.plan.nodes:
            if node.id == node_id:
                return self._criterion(node)
        raise KeyError(node_id)

    def _criterion(self, node: NodePlan) -> CriterionResult:
        available = self.highs[node.available]
        points = self.plan.grid.number
        return CriterionResult(
            id=node.id,
            status=self.status_of(node),
            points_certain=points(self.lows[node.points]),
            points_possible=points(self.highs[node.points]),
            max_points=points(max(available, node.maximum)),
            status_by_level={
                level.id: self.status_for(node, marks)
                for level, marks in zip(self.plan.levels, node.by_level, strict=False)
            },
        )

    def status_for(self, node: NodePlan, marks: LevelMarks) -> Status:
        """Return the status of a criterion for one level: what the level finds of it."""
        lows, highs = self.lows, self.highs
        if not highs[marks.applies]:
            return Status.NOT_APPLICABLE
        if not lows[marks.applies]:
            return Status.UNKNOWN
        if marks.waived:
            return Status.WAIVED
        if lows[marks.met]:
            return Status.MET
        return Status.UNKNOWN if highs[marks.met] else Status.UNMET

    def status_of(self, node: NodePlan) -> Status:
        """Return the status of a criterion of the plan, over all levels."""
        lows, highs = self.lows, self.highs
        if not highs[node.applies]:
            return Status.NOT_APPLICABLE
        if not lows[node.applies]:
            return Status.UNKNOWN
        if node.waived:
            return Status.WAIVED
        if lows[node.met]:
            return Status.MET
        if highs[node.met]:
            return Status.UNKNOWN
        if highs[node.partly] <= node.minimum:
            return Status.UNMET
        return Status.PARTIAL if lows[node.partly] == highs[node.partly] else Status.UNKNOWN


_MEMO_SIZE: Final = 1024
_Ends: TypeAlias = Callable[[tuple[int, ...]], object]


@weakly_cached
def _node_memos(plan: Plan) -> tuple[tuple[NodePlan, _Ends, dict[object, CriterionResult]], ...]:
    """Return each criterion with the values its result depends on, and a cache of results."""
    return tuple((node, _ends_of(node, plan), {}) for node in plan.nodes)


def _ends_of(node: NodePlan, plan: Plan) -> _Ends:
    """Return a function that selects the ends on which a criterion's result depends."""
    read_indices = (
        *(node.applies, node.points, node.partly, node.available, node.met),
        *(index for marks in node.by_level for index in (marks.applies, marks.met)),
    )
    changing = [
        index
        for index in dict.fromkeys(read_indices)
        if plan.bounds[index][0] != plan.bounds[index][1]
    ]
    return itemgetter(*changing) if changing else lambda _: None


_NOT_HELD = Text(
    vi="“{since}” không được tính vì “{held}” là không; hãy kiểm tra hai dữ kiện này.",
    en="“{since}” does not count because “{held}” is no; check these two facts.",
)
