"""Evaluates one subject under one profile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from xhht.criteria.profile import Profile
from xhht.errors import FactsError
from xhht.evaluation._weak_cache import weakly_cached
from xhht.evaluation.codegen import compile_plan
from xhht.evaluation.facts import (
    Between,
    Evidence,
    FactReader,
    OneOf,
    Waiver,
    above_bound_error,
    as_mapping,
    propagate_bounds,
    share_counts,
    to_value_set,
    unknown_key_error,
)
from xhht.evaluation.result import Evaluation
from xhht.rules.inputs import share_parts
from xhht.rules.lowering import lower
from xhht.rules.plan import Plan
from xhht.text import Text

__all__ = ["Evaluator", "check_evaluation_day", "evaluate"]

_MOST_WAIVED_PLANS: Final = 64
"""The number of plans with waivers that are kept for a profile."""


class Evaluator:
    """A compiled profile that evaluates many subjects; safe to share among threads.

    A call is the same as `evaluate` with this profile.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._evaluate = _evaluator_of(profile.plan)

    def __call__(self, facts: object, *, as_of: date | None = None) -> Evaluation:
        """Return the evaluation of the facts; see `evaluate`."""
        return self._evaluate(self.profile, facts, as_of)


class _PlanEvaluator:
    """Evaluates facts by the plan of a profile.

    It holds neither plan nor profile, so that it can be cached for as long as the plan exists.
    """

    def __init__(self, plan: Plan) -> None:
        self._inputs = plan.inputs
        declared_inputs = dict.fromkeys(declared.declared_input for declared in plan.inputs)
        self._names = tuple(declared.name for declared in declared_inputs)
        shares = [declared for declared in declared_inputs if declared not in plan.inputs]
        self._shares = [(share, share_parts(share)) for share in shares]
        self._domains = tuple((declared.name, declared.domain) for declared in plan.inputs)
        self._known_names = frozenset(self._names)
        self._compiled = compile_plan(plan)
        self._needs_date = plan.needs_date()
        self._waived_plans: dict[frozenset[int], Plan] = {}

    def __call__(self, profile: Profile, facts: object, as_of: date | None) -> Evaluation:
        """Return the evaluation of the facts under the profile of the plan."""
        mapping: Mapping[str, object] = facts if type(facts) is dict else as_mapping(facts)
        if as_of is not None or self._needs_date:
            check_evaluation_day(as_of)
        compiled = self._compiled
        days = () if as_of is None else compiled.days(as_of)
        # With as many facts as inputs, reading every input proves that no key is unknown.
        checked = len(mapping) == len(self._names) and not self._shares
        if not checked:
            self._check_keys(mapping)
        if self._shares:
            mapping, checked = self._with_parts(mapping), False
        if compiled.known is not None:
            known = compiled.known(mapping.get, self._units, days)
            if known is not None:
                inputs, values = known
                if values is None:
                    lows, highs = compiled.ranges(inputs, inputs, days)
                else:
                    lows = highs = values
                return Evaluation(profile, profile.plan, as_of, inputs, inputs, lows, highs, None)
        if checked:
            self._check_keys(mapping)
        return self._with_unknowns(profile, mapping, as_of, days)

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
        return to_value_set(self._inputs[index], value)[1]

    def _with_unknowns(
        self,
        profile: Profile,
        facts: Mapping[str, object],
        as_of: date | None,
        days: tuple[int, ...],
    ) -> Evaluation:
        plan, compiled = profile.plan, self._compiled
        reader = FactReader(self._inputs, as_of)
        sets = [
            domain if (value := facts.get(name)) is None else reader.read(index, value)
            for index, (name, domain) in enumerate(self._domains)
        ]
        input_lows, input_highs = [lower for lower, _ in sets], [upper for _, upper in sets]
        conflict = propagate_bounds(plan, input_lows, input_highs)
        if conflict is not None:
            raise above_bound_error(*conflict)
        if reader.waivers:
            plan = self._waived_plan(profile, frozenset(reader.waivers))
            compiled = compile_plan(plan)
        lows, highs = compiled.ranges(tuple(input_lows), tuple(input_highs), days)
        return Evaluation(
            profile, plan, as_of, tuple(input_lows), tuple(input_highs), lows, highs, reader
        )

    def _waived_plan(self, profile: Profile, inputs: frozenset[int]) -> Plan:
        """Return the plan in which every indicator that reads one of `inputs` is waived."""
        plan = self._waived_plans.get(inputs)
        if plan is None:
            if len(self._waived_plans) >= _MOST_WAIVED_PLANS:
                self._waived_plans.clear()
            plan = self._waived_plans.setdefault(inputs, self._lower_waived(profile, inputs))
        return plan

    def _lower_waived(self, profile: Profile, inputs: frozenset[int]) -> Plan:
        leaves = [node for node in profile.plan.nodes if node.is_leaf]
        for index in inputs:
            if not any(index in node.inputs for node in leaves):
                name = self._names[index]
                raise FactsError(_NO_EFFECT.format(name=name), code="bad_waiver", field=name)
        waived = frozenset(node.id for node in leaves if inputs.intersection(node.inputs))
        return lower(profile.rules, waived)


_evaluator_of = weakly_cached(_PlanEvaluator)


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
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")
    >>> xhht.evaluate(profile, {"has_learning_policy": True}).points_possible
    Fraction(100, 1)
    """
    return _evaluator_of(profile.plan)(profile, facts, as_of)


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
