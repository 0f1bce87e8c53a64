"""Evaluates one subject under one profile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from xhht.criteria.profile import Profile
from xhht.dates import months_before
from xhht.errors import FactsError
from xhht.evaluation.codegen import CompiledPlan, compile_plan
from xhht.evaluation.facts import (
    Between,
    Evidence,
    FactReader,
    OneOf,
    Waiver,
    above_bound_error,
    as_mapping,
    share_counts,
    to_value_set,
    unknown_key_error,
)
from xhht.evaluation.result import Evaluation
from xhht.rules.inputs import Input, share_parts
from xhht.rules.lowering import lower
from xhht.rules.plan import Plan
from xhht.text import Text

__all__ = [
    "Evaluator",
    "check_evaluation_day",
    "compiled_for",
    "days_for",
    "evaluate",
    "evaluator_for",
    "propagate_bounds",
]


_WAIVER_PLANS: Final = 64
"""The number of plans with waivers that an evaluator caches."""


class Evaluator:
    """A compiled profile that evaluates many subjects; safe to share among threads.

    A call is the same as `evaluate` with this profile.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._plan = profile.plan
        declared_inputs = dict.fromkeys(declared.declared_input for declared in self._plan.inputs)
        self._names = tuple(declared.name for declared in declared_inputs)
        shares = [declared for declared in declared_inputs if declared not in self._plan.inputs]
        self._shares = [(share, share_parts(share)) for share in shares]
        self._domains = tuple((declared.name, declared.domain) for declared in self._plan.inputs)
        self._known_names = frozenset(self._names)
        self.compiled = compile_plan(self._plan)
        self._needs_date = self._plan.needs_date()
        self._waived = lru_cache(maxsize=_WAIVER_PLANS)(self._lower_waived)

    def __call__(self, facts: object, *, as_of: date | None = None) -> Evaluation:
        """Return the evaluation of the facts; see `evaluate`."""
        mapping: Mapping[str, object] = facts if type(facts) is dict else as_mapping(facts)
        if as_of is not None or self._needs_date:
            check_evaluation_day(as_of)
        days = days_for(self.compiled, as_of)
        # With as many facts as inputs, reading every input proves that no key is unknown.
        checked = len(mapping) == len(self._names) and not self._shares
        if not checked:
            self._check_keys(mapping)
        if self._shares:
            mapping, checked = self._with_parts(mapping), False
        if self.compiled.known is not None:
            known = self.compiled.known(mapping.get, self._units, days)
            if known is not None:
                inputs, values = known
                if values is None:
                    lows, highs = self.compiled.ranges(inputs, inputs, days)
                else:
                    lows = highs = values
                return Evaluation(
                    self.profile, self._plan, as_of, inputs, inputs, lows, highs, None
                )
        if checked:
            self._check_keys(mapping)
        return self._with_unknowns(mapping, as_of, days)

    def _with_parts(self, facts: Mapping[str, object]) -> Mapping[str, object]:
        """Return facts with each share of members split into the two counts of the plan."""
        expanded = dict(facts)
        for share, (holders, others) in self._shares:
            value = expanded.pop(share.name, None)
            expanded[holders.name], expanded[others.name] = share_counts(share, value)
        return expanded

    def _check_keys(self, facts: Mapping[str, object]) -> None:
        if not facts.keys() <= self._known_names:
            raise unknown_key_error(facts, self._names)

    def _units(self, index: int, value: object) -> int | None:
        """Return a plain value in steps, or the bit of a choice; None if it is not plain."""
        if value is None or isinstance(value, (Evidence, Waiver, Between, OneOf)):
            return None
        return to_value_set(self._plan.inputs[index], value)[1]

    def _with_unknowns(
        self, facts: Mapping[str, object], as_of: date | None, days: tuple[int, ...]
    ) -> Evaluation:
        reader = FactReader(self._plan.inputs, as_of)
        sets = [
            domain if (value := facts.get(name)) is None else reader.read(index, value)
            for index, (name, domain) in enumerate(self._domains)
        ]
        input_lows, input_highs = [lower for lower, _ in sets], [upper for _, upper in sets]
        conflict = propagate_bounds(self._plan, input_lows, input_highs)
        if conflict is not None:
            raise above_bound_error(*conflict)
        plan, compiled = self._plan, self.compiled
        if reader.waivers:
            plan, compiled = self._waived(frozenset(reader.waivers))
        lows, highs = compiled.ranges(tuple(input_lows), tuple(input_highs), days)
        return Evaluation(
            self.profile, plan, as_of, tuple(input_lows), tuple(input_highs), lows, highs, reader
        )

    def _lower_waived(self, inputs: frozenset[int]) -> tuple[Plan, CompiledPlan]:
        """Return the plan in which every indicator that reads one of `inputs` is waived."""
        leaves = [node for node in self._plan.nodes if node.is_leaf]
        for index in inputs:
            if not any(index in node.inputs for node in leaves):
                name = self._names[index]
                raise FactsError(_NO_EFFECT.format(name=name), code="bad_waiver", field=name)
        waived = frozenset(node.id for node in leaves if inputs.intersection(node.inputs))
        plan = lower(self.profile.rules, waived)
        return plan, compile_plan(plan)


def compiled_for(profile: Profile, plan: Plan) -> CompiledPlan:
    """Return the compiled functions of a plan of a profile."""
    evaluator = evaluator_for(profile)
    return evaluator.compiled if plan is profile.plan else compile_plan(plan)


def days_for(compiled: CompiledPlan, as_of: date | None) -> tuple[int, ...]:
    """Return the days that a plan reads, as ordinals."""
    if as_of is None:
        return ()
    return tuple(months_before(as_of, count).toordinal() for count in compiled.months)


def propagate_bounds(plan: Plan, lows: list[int], highs: list[int]) -> tuple[Input, Input] | None:
    """Narrow, by bound propagation, the sets of inputs; return the first conflicting pair."""
    for smaller, larger in reversed(plan.bound_pairs):
        if highs[smaller] > highs[larger]:
            highs[smaller] = highs[larger]
            if highs[smaller] < lows[smaller]:
                return plan.inputs[smaller], plan.inputs[larger]
    for smaller, larger in plan.bound_pairs:
        if lows[larger] < lows[smaller]:
            lows[larger] = lows[smaller]
            if highs[larger] < lows[larger]:
                return plan.inputs[smaller], plan.inputs[larger]
    return None


def evaluator_for(profile: Profile) -> Evaluator:
    """Return the evaluator of a profile, cached for as long as the profile exists."""
    evaluator = profile.memo.get(Evaluator)
    if not isinstance(evaluator, Evaluator):
        # Concurrent threads may each create one; they are equal, and the last one stays.
        evaluator = profile.memo[Evaluator] = Evaluator(profile)
    return evaluator


def evaluate(profile: Profile, facts: object, *, as_of: date | None = None) -> Evaluation:
    """Evaluate the facts of a subject under a profile: verdict, level, range of points.

    Pure: the same arguments give the same result; the clock is not read.

    Args:
        profile: a loaded profile.
        facts: a mapping from input names to values, or an attrs object with such fields. None and
            a missing key are unknown. Values may be `Evidence`, `Waiver`, `Between` or `OneOf`.
        as_of: the day of evaluation; required if the profile compares dates or limits the age
            of evidence.

    Raises:
        FactsError: a fact is malformed, out of bounds, unknown to the profile, or above the input
            that bounds it; or `as_of` is needed and missing.

    >>> import xhht
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020")
    >>> xhht.evaluate(profile, {"has_learning_policy": True}).points_possible
    Fraction(100, 1)
    """
    return evaluator_for(profile)(facts, as_of=as_of)


def check_evaluation_day(as_of: object) -> None:
    """Raise FactsError if a value is not a valid day of evaluation."""
    if as_of is None:
        raise FactsError(_NO_DATE, code="as_of_missing", field=None)
    if not isinstance(as_of, date) or isinstance(as_of, datetime):
        raise FactsError(_NOT_A_DAY, code="not_a_date", field="as_of")


_NO_EFFECT = Text(
    vi="Không thể miễn '{name}': không chỉ số nào tính điểm theo đầu vào này.",
    en="'{name}' cannot be waived: no indicator is scored by this input.",
)
_NO_DATE = Text(
    vi="Thiếu ngày đánh giá mà bộ tiêu chí này cần; vui lòng nêu as_of.",
    en="This profile requires the day of evaluation; pass as_of.",
)
_NOT_A_DAY = Text(vi="as_of phải là một ngày (date).", en="as_of must be a date.")
