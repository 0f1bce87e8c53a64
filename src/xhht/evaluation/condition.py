"""Whether a condition holds for one subject, by the same plan and facts as an evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve

from xhht.criteria.diagnostics import Mark, ProfileError, Sink
from xhht.criteria.profile import Profile
from xhht.criteria.targets import condition_scope
from xhht.evaluation.evaluator import Evaluator
from xhht.evaluation.facts import as_mapping, unknown_key
from xhht.rules import expressions as ex
from xhht.rules.inputs import Input
from xhht.rules.lowering import lower
from xhht.rules.model import Leaf, LevelRule, MetWhen, Rules
from xhht.rules.parsing import parse_condition

__all__ = ["SubjectCondition", "condition_for"]

_TOTALS = (ex.Points, ex.Percent, ex.PointsOf, ex.LowestIndicator, ex.Met)


class SubjectCondition:
    """A condition made ready to be asked of many subjects of a profile's title.

    The condition takes the place of the profile's levels, so it may ask for inputs, `points`,
    `points_of("…")` and `met("…")`, and means just what it would mean there.

    Args:
        profile: the profile that tells the inputs.
        text: the condition.
        inputs: what it asks beside the profile's inputs, such as those of a targets file.

    Attributes:
        asks: the inputs that have a bearing on it.
        plan: what is evaluated; the condition is that of its one level.

    Raises:
        ProfileError: the text has faults; `diagnostics` holds all of them.

    >>> import xhht
    >>> profile = xhht.bundled_profiles().get("vn.citizen.qd324-2023")
    >>> holds = SubjectCondition(profile, "indicator_5 >= 5")
    >>> holds({"indicator_5": 7}), holds({"indicator_5": 3}), holds({})
    (True, False, None)
    """

    def __init__(self, profile: Profile, text: str, inputs: Iterable[Input] = ()) -> None:
        own = tuple(inputs)
        condition, faults = parse_condition(text, condition_scope(profile, own))
        sink = Sink("<condition>")
        for fault in faults:
            sink.add(fault.code, Mark(1, fault.offset + 1), **fault.values)
        for name in profile.rules.names() & {each.name for each in own}:
            sink.add("XH710", Mark(1, 1), name=name, profile=profile.id)
        if condition is None or sink.has_errors:
            raise ProfileError(sink.found)
        told = (*profile.rules.inputs, *own)
        rules = evolve(profile.rules, inputs=told, levels=(LevelRule("holds", condition),))
        self._asks_totals = any(isinstance(part, _TOTALS) for part in ex.walk(condition))
        if not self._asks_totals:
            rules = _without_criteria(rules, condition)
        self._known = frozenset(each.asked.name for each in told)
        self.asks = tuple(dict.fromkeys(each.asked.name for each in rules.inputs))
        self.plan = lower(rules)
        self._evaluate = Evaluator(evolve(profile, rules=rules, plan=self.plan))

    def __call__(self, facts: object, *, as_of: date | None = None) -> bool | None:
        """Return whether the condition holds; None while the facts leave both open.

        Args:
            facts: as for `evaluate`, with the condition's own inputs among them.
            as_of: the day for which to judge; needed where a date is compared.

        Raises:
            FactsError: as `evaluate`, but for facts that have no bearing on the condition.
        """
        found = self._evaluate(facts if self._asks_totals else self._told(facts), as_of=as_of)
        at = found.plan.levels[0].when
        low, high = found.lows[at], found.highs[at]
        return bool(low) if low == high else None

    def _told(self, facts: object) -> dict[str, object]:
        """Return the facts that have a bearing on the condition."""
        given = facts if type(facts) is dict else as_mapping(facts)
        if not given.keys() <= self._known:
            raise unknown_key(given, self._known)
        return {name: given[name] for name in self.asks if name in given}


def condition_for(profile: Profile, text: str, inputs: Iterable[Input] = ()) -> SubjectCondition:
    """Return a condition on subjects of a profile, made once and kept as long as the profile.

    Raises:
        ProfileError: the text has faults.
    """
    kept = profile.memo.setdefault(SubjectCondition, {})
    assert isinstance(kept, dict)
    asked = text, tuple(inputs)
    ready: SubjectCondition | None = kept.get(asked)
    if ready is None:
        ready = kept[asked] = SubjectCondition(profile, *asked)
    return ready


def _without_criteria(rules: Rules, condition: ex.Condition) -> Rules:
    """Return rules that ask for a condition on inputs alone, and for no other fact."""
    names = set(ex.input_names(condition))
    leaf = Leaf(id="holds", points=Fraction(0), scoring=MetWhen(condition))
    return evolve(rules, inputs=_bearing(rules.inputs, names), criteria=(leaf,))


def _bearing(inputs: Sequence[Input], names: set[str]) -> tuple[Input, ...]:
    """Return inputs by name, with those that bound them or are bounded by them."""
    before = -1
    while len(names) > before:
        before = len(names)
        for each in inputs:
            if each.at_most is not None and not names.isdisjoint((each.name, each.at_most)):
                names |= {each.name, each.at_most}
    asked = {each.asked for each in inputs if each.name in names}
    return tuple(each for each in inputs if each.asked in asked)
