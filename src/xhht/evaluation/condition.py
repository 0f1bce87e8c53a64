"""Evaluates a condition for one subject, with the same plan and facts as an evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve

from xhht.criteria.diagnostics import DiagnosticCollector, ProfileError
from xhht.criteria.profile import Profile
from xhht.criteria.targets import condition_scope
from xhht.evaluation._weak_cache import weakly_cached
from xhht.evaluation.evaluator import Evaluator
from xhht.evaluation.facts import as_mapping, unknown_key_error
from xhht.issues import Mark
from xhht.rules import expressions as ex
from xhht.rules.inputs import Input
from xhht.rules.lowering import lower
from xhht.rules.model import Leaf, LevelRule, Rules
from xhht.rules.parser import parse_condition
from xhht.rules.plan import Plan
from xhht.rules.scoring import MetWhen

__all__ = ["SubjectCondition", "condition_for"]


class SubjectCondition:
    """A compiled condition on subjects of a profile's title.

    The condition replaces the levels of the profile, so it may read inputs, `points`,
    `points_of("…")` and `met("…")`, with the same meaning as in a level.

    Args:
        profile: the profile that declares the inputs.
        text: the condition.
        inputs: additional inputs, such as those of a targets file.

    Attributes:
        input_names: the names of the inputs that affect the condition.
        plan: the plan that is evaluated; the condition is that of its one level.

    Raises:
        ProfileError: the text is invalid; `diagnostics` holds all errors.

    >>> import xhht
    >>> profile = xhht.bundled_profiles().get("vn.citizen.qd324-2023")
    >>> holds = SubjectCondition(profile, "indicator_5 >= 5")
    >>> holds({"indicator_5": 7}), holds({"indicator_5": 3}), holds({})
    (True, False, None)
    """

    def __init__(self, profile: Profile, text: str, inputs: Iterable[Input] = ()) -> None:
        own_inputs = tuple(inputs)
        condition, issues = parse_condition(text, condition_scope(profile, own_inputs))
        sink = DiagnosticCollector("<condition>")
        for issue in issues:
            sink.add(issue.code, Mark(1, issue.offset + 1), **issue.values)
        for name in profile.rules.names() & {declared.name for declared in own_inputs}:
            sink.add("XH710", Mark(1, 1), name=name, profile=profile.id)
        if condition is None or sink.has_errors:
            raise ProfileError(sink.diagnostics)
        all_inputs = (*profile.rules.inputs, *own_inputs)
        rules = evolve(profile.rules, inputs=all_inputs, levels=(LevelRule("holds", condition),))
        self._reads_totals = ex.reads_totals(condition)
        if not self._reads_totals:
            rules = _without_criteria(rules, condition)
        self._known = frozenset(declared.declared_input.name for declared in all_inputs)
        self.input_names = tuple(
            dict.fromkeys(declared.declared_input.name for declared in rules.inputs)
        )
        self.plan = lower(rules)
        self._evaluate = Evaluator(evolve(profile, rules=rules, plan=self.plan))

    def __call__(self, facts: object, *, as_of: date | None = None) -> bool | None:
        """Return whether the condition holds; None if the facts leave it undetermined.

        Args:
            facts: as for `evaluate`, including the condition's own inputs.
            as_of: the day of evaluation; required if a date is compared.

        Raises:
            FactsError: as `evaluate`, except for facts that do not affect the condition.
        """
        result = self._evaluate(
            facts if self._reads_totals else self._relevant_facts(facts), as_of=as_of
        )
        index = result.plan.levels[0].when
        lower, upper = result.lows[index], result.highs[index]
        return bool(lower) if lower == upper else None

    def _relevant_facts(self, facts: object) -> dict[str, object]:
        """Return the facts that affect the condition."""
        mapping = facts if type(facts) is dict else as_mapping(facts)
        if not mapping.keys() <= self._known:
            raise unknown_key_error(mapping, self._known)
        return {name: mapping[name] for name in self.input_names if name in mapping}


def condition_for(profile: Profile, text: str, inputs: Iterable[Input] = ()) -> SubjectCondition:
    """Return a compiled condition, cached for as long as the profile exists.

    Raises:
        ProfileError: the text is invalid.
    """
    cache = _conditions_of(profile.plan)
    key = text, tuple(inputs)
    condition = cache.get(key)
    if condition is None:
        condition = cache.setdefault(key, SubjectCondition(profile, *key))
    return condition


@weakly_cached
def _conditions_of(_plan: Plan) -> dict[tuple[str, tuple[Input, ...]], SubjectCondition]:
    """Return the compiled conditions on subjects of the profile that has a plan."""
    return {}


def _without_criteria(rules: Rules, condition: ex.Condition) -> Rules:
    """Return rules with the inputs of a condition and without the profile's criteria."""
    names = set(ex.input_names(condition))
    leaf = Leaf(id="holds", points=Fraction(0), scoring=MetWhen(condition))
    return evolve(rules, inputs=_relevant_inputs(rules.inputs, names), criteria=(leaf,))


def _relevant_inputs(inputs: Sequence[Input], names: set[str]) -> tuple[Input, ...]:
    """Return inputs by name, with those that bound them or that they bound."""
    previous_count = -1
    while len(names) > previous_count:
        previous_count = len(names)
        for declared in inputs:
            if declared.at_most is not None and not names.isdisjoint(
                (declared.name, declared.at_most)
            ):
                names |= {declared.name, declared.at_most}
    relevant = {declared.declared_input for declared in inputs if declared.name in names}
    return tuple(declared for declared in inputs if declared.declared_input in relevant)
