"""Evaluates one subject under one profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from attrs import evolve

from xhht.criteria.dependencies import declared_inputs
from xhht.criteria.profile import Profile
from xhht.criteria.registry import Registry
from xhht.criteria.standards import (
    StandardChain,
    chain_of,
    check_used,
    given_standards,
    unused_standards,
)
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
    builtin_value,
    is_given,
    is_rate,
    propagate_bounds,
    share_counts,
    to_value_set,
    unknown_key_error,
)
from xhht.evaluation.result import Evaluation
from xhht.evaluation.standards import fact_of_result, is_unsettled
from xhht.evaluation.state import NO_STANDARDS, EvaluationState
from xhht.rules.inputs import share_parts
from xhht.rules.lowering import lower
from xhht.rules.plan import Plan
from xhht.text import Text

__all__ = ["Evaluator", "check_evaluation_day", "evaluate", "evaluate_as_stated"]

_NO_PROFILES: Final[tuple[Profile, ...]] = ()  # compared by identity, which costs nothing
_NO_INPUTS: Final[frozenset[str]] = frozenset()
_MOST_WAIVED_PLANS: Final = 64
"""The number of plans with waivers that are kept for a profile."""


class Evaluator:
    """A compiled profile that evaluates many subjects; safe to share among threads.

    A call is the same as `evaluate` with this profile.

    Args:
        profile: a loaded profile.
        final: whether the assessment is closed; see `evaluate`.
        standards: as for `evaluate`.
    """

    def __init__(
        self,
        profile: Profile,
        standards: Iterable[Profile] | Profile = _NO_PROFILES,
        *,
        final: bool = False,
    ) -> None:
        self.profile = profile
        self.final = final
        self._standards = _listed(standards)

    def __call__(self, facts: object, *, as_of: date | None = None) -> Evaluation:
        """Return the evaluation of the facts; see `evaluate`."""
        if self._standards:
            chain = _chain_evaluator(self.profile, self._standards, as_of, self.final)
            return chain(facts, as_of)
        return _evaluated(self.profile, facts, as_of, self.final)


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
        self._standards = [declared for declared in declared_inputs if declared.standard]
        self._compiled = compile_plan(plan)
        self._needs_date = plan.needs_date()
        self._waived_plans: dict[frozenset[int], Plan] = {}

    def __call__(
        self,
        profile: Profile,
        plan: Plan,
        facts: object,
        as_of: date | None,
        final: bool,
        unsettled: frozenset[str],
    ) -> Evaluation:
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
        rates = _NO_INPUTS
        if self._shares:
            rates = frozenset(
                share.name for share, _ in self._shares if is_rate(mapping.get(share.name))
            )
            mapping, checked = self._with_parts(mapping), False
        results: Mapping[str, EvaluationState] = NO_STANDARDS
        if self._standards:
            expanded, results = self._with_results(mapping, as_of)
            if final:
                open_ones = {name for name, one in results.items() if is_unsettled(one, as_of)}
                if not open_ones <= unsettled:
                    return _evaluated(profile, facts, as_of, final, unsettled | open_ones)
            mapping = expanded
        if compiled.known is not None:
            known = compiled.known(mapping.get, self._units, days)
            if known is not None:
                inputs, values = known
                if values is None:
                    lows, highs = compiled.ranges(inputs, inputs, days)
                else:
                    lows = highs = values
                return Evaluation(
                    profile, plan, as_of, inputs, inputs, lows, highs, None, results, final, rates
                )
        if checked:
            self._check_keys(mapping)
        return self._with_unknowns(
            profile, plan, mapping, as_of, days, results, final, unsettled, rates
        )

    def _with_results(
        self, facts: Mapping[str, object], as_of: date | None
    ) -> tuple[Mapping[str, object], Mapping[str, EvaluationState]]:
        """Return facts in which results of standards are values, and these results."""
        results = {
            declared.name: value
            for declared in self._standards
            if isinstance(value := facts.get(declared.name), EvaluationState)
        }
        if not results:
            return facts, NO_STANDARDS
        values = {
            declared.name: fact_of_result(declared, results[declared.name], as_of)
            for declared in self._standards
            if declared.name in results
        }
        return {**facts, **values}, results

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
        value = builtin_value(value)
        if value is None or isinstance(value, (Evidence, Waiver, Between, OneOf)):
            return None
        return to_value_set(self._inputs[index], value)[1]

    def _with_unknowns(
        self,
        profile: Profile,
        plan: Plan,
        facts: Mapping[str, object],
        as_of: date | None,
        days: tuple[int, ...],
        results: Mapping[str, EvaluationState],
        final: bool,
        unsettled: frozenset[str],
        rates: frozenset[str],
    ) -> Evaluation:
        compiled = self._compiled
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
            plan = self._waived_plan(profile, frozenset(reader.waivers), final, unsettled)
            compiled = compile_plan(plan)
        lows, highs = compiled.ranges(tuple(input_lows), tuple(input_highs), days)
        return Evaluation(
            profile,
            plan,
            as_of,
            tuple(input_lows),
            tuple(input_highs),
            lows,
            highs,
            reader,
            results,
            final,
            rates,
        )

    def _waived_plan(
        self, profile: Profile, inputs: frozenset[int], final: bool, unsettled: frozenset[str]
    ) -> Plan:
        """Return the plan in which every indicator that reads one of `inputs` is waived."""
        plan = self._waived_plans.get(inputs)
        if plan is None:
            if len(self._waived_plans) >= _MOST_WAIVED_PLANS:
                self._waived_plans.clear()
            plan = self._lower_waived(profile, inputs, final, unsettled)
            plan = self._waived_plans.setdefault(inputs, plan)
        return plan

    def _lower_waived(
        self, profile: Profile, inputs: frozenset[int], final: bool, unsettled: frozenset[str]
    ) -> Plan:
        leaves = [node for node in profile.plan.nodes if node.is_leaf]
        for index in inputs:
            if not any(index in node.inputs for node in leaves):
                name = self._inputs[index].declared_input.name
                raise FactsError(_NO_EFFECT.format(name=name), code="bad_waiver", field=name)
        waived = frozenset(profile.plan.inputs[index].name for index in inputs)
        return lower(profile.rules, waived, final=final, unsettled=unsettled)


_evaluator_of = weakly_cached(_PlanEvaluator)


def _evaluated(
    profile: Profile,
    facts: object,
    as_of: date | None,
    final: bool,
    unsettled: frozenset[str] = _NO_INPUTS,
) -> Evaluation:
    plan = profile.plan_of(final, unsettled) if final else profile.plan
    return _evaluator_of(plan)(profile, plan, facts, as_of, final, unsettled)


class _ChainEvaluator:
    """Evaluates facts by the profiles of a chain, each after those it rests on."""

    def __init__(self, chain: StandardChain, final: bool, unused: tuple[Text, ...]) -> None:
        self._chain, self._final, self._unused = chain, final, unused
        self._scored = {profile: _scored_inputs(profile.plan) for profile in chain.profiles}
        self._steps = [
            (profile, declared_inputs(profile), chain.sources[profile], chain.unsettled[profile])
            for profile in chain.profiles
        ]

    def __call__(self, facts: object, as_of: date | None) -> Evaluation:
        """Return the evaluation of the facts under the last profile of the chain."""
        mapping: Mapping[str, object] = as_mapping(facts)
        if not mapping.keys() <= self._chain.inputs.keys():
            raise unknown_key_error(mapping, self._chain.inputs)
        results: dict[Profile, Evaluation] = {}
        for profile, names, sources, unsettled in self._steps:
            own = {
                name: mapping[name]
                for name in names
                if name in mapping and not self._waived_elsewhere(profile, name, mapping[name])
            }
            for name, source in sources.items():
                if not is_given(own.get(name)):
                    own[name] = results[source]
            results[profile] = _evaluated(profile, own, as_of, self._final, unsettled)
        result = results[self._chain.profile]
        return evolve(result, unused=self._unused) if self._unused else result

    def _waived_elsewhere(self, profile: Profile, name: str, fact: object) -> bool:
        """Return whether a fact is waived for other profiles, which are scored by it."""
        if not isinstance(fact, Waiver) or name in self._scored[profile]:
            return False
        return any(name in scored for scored in self._scored.values())


def _scored_inputs(plan: Plan) -> frozenset[str]:
    """Return the names of the inputs by which some indicator is scored."""
    indices = {index for node in plan.nodes if node.is_leaf for index in node.inputs}
    return frozenset(plan.inputs[index].declared_input.name for index in indices)


def _listed(standards: Iterable[Profile] | Profile) -> Registry | tuple[Profile, ...]:
    return standards if isinstance(standards, Registry) else given_standards(standards)


@lru_cache(maxsize=64)
def _chain_evaluator(
    profile: Profile, standards: Registry | tuple[Profile, ...], as_of: date | None, final: bool
) -> _ChainEvaluator:
    chain = chain_of(profile, standards, as_of)
    check_used(chain, standards)
    return _ChainEvaluator(chain, final, unused_standards(chain, standards))


def evaluate(
    profile: Profile,
    facts: object,
    *,
    as_of: date | None = None,
    final: bool = False,
    standards: Iterable[Profile] | Profile = _NO_PROFILES,
) -> Evaluation:
    """Evaluate the facts of a subject under a profile: verdict, level, range of points.

    Pure: the same arguments give the same result; the clock is not read.

    Args:
        profile: a loaded profile.
        facts: a mapping from input names to values, or an attrs object with such fields. None and
            a missing key are unknown. Values may be `Evidence`, `Waiver`, `Between` or `OneOf`; of
            an input that rests on another standard, the `Evaluation` of that standard.
        as_of: the day of evaluation; required if the profile compares dates or limits the age
            of evidence.
        final: whether the assessment is closed. What missing facts leave open then counts as the
            profile's `at_close` says, see `Evaluation.closed`; without `at_close` it stays open.
        standards: a profile, or profiles such as a registry, from which those are chosen on which
            the profile rests. They are evaluated first, from the same facts, which then answer the
            inputs of all of them; a fact given for an input that rests on a standard replaces its
            result, and makes it unknown if its evidence is rejected. A waiver counts in the
            profiles that have indicators scored by its input; the others take it as unknown.

    Raises:
        FactsError: a fact is malformed, out of bounds, unknown to the profile, or above the input
            that bounds it; or `as_of` is needed and missing.
        ProfileNotFoundError: several standards fit an input, the profile rests on none of those
            that are listed, or one is not a loaded profile.
        ProfileError: the profile and its standards do not fit together.

    >>> import xhht
    >>> profile = xhht.bundled_profiles().get("vn.unit.tt22-2020.all-or-nothing")
    >>> xhht.evaluate(profile, {"has_learning_policy": True}).points_possible
    Fraction(100, 1)
    """
    if standards is not _NO_PROFILES and (chosen := _listed(standards)):
        return _chain_evaluator(profile, chosen, as_of, final)(facts, as_of)
    return _evaluated(profile, facts, as_of, final)


def evaluate_as_stated(
    profile: Profile,
    facts: object,
    as_of: date | None,
    final: bool,
    standards: Iterable[Profile],
    unsettled: frozenset[str],
) -> Evaluation:
    """Return the evaluation of facts that have results of standards as values.

    Args:
        profile, facts, as_of, final, standards: as for `evaluate`.
        unsettled: without `standards`, the inputs whose standard has a threshold that no source
            shows.
    """
    chosen = tuple(standards)
    if chosen:
        return evaluate(profile, facts, as_of=as_of, final=final, standards=chosen)
    return _evaluated(profile, facts, as_of, final, unsettled)


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
