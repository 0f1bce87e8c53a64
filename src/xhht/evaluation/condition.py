"""Whether a condition holds for one subject, by the same plan and facts as an evaluation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from attrs import evolve

from xhht.criteria.diagnostics import Mark, ProfileError, Sink
from xhht.criteria.profile import Profile
from xhht.criteria.targets import condition_scope
from xhht.evaluation.evaluator import Evaluator
from xhht.rules.inputs import Input
from xhht.rules.lowering import lower
from xhht.rules.model import LevelRule
from xhht.rules.parsing import parse_condition

__all__ = ["SubjectCondition"]


class SubjectCondition:
    """A condition made ready to be asked of many subjects of a profile's title.

    The condition takes the place of the profile's levels, so it may ask for inputs, `points`,
    `points_of("…")` and `met("…")`, and means just what it would mean there.

    Args:
        profile: the profile that tells the inputs.
        text: the condition.
        inputs: what it asks beside the profile's inputs, such as those of a targets file.

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
        rules = evolve(
            profile.rules,
            inputs=(*profile.rules.inputs, *own),
            levels=(LevelRule("holds", condition),),
        )
        plan = lower(rules)
        self._evaluate = Evaluator(evolve(profile, rules=rules, plan=plan))

    def __call__(self, facts: object, *, as_of: date | None = None) -> bool | None:
        """Return whether the condition holds; None while the facts leave both open.

        Args:
            facts: as for `evaluate`, with the condition's own inputs among them.
            as_of: the day for which to judge; needed where a date is compared.

        Raises:
            FactsError: as `evaluate`.
        """
        found = self._evaluate(facts, as_of=as_of)
        at = found.plan.levels[0].when
        low, high = found.lows[at], found.highs[at]
        return bool(low) if low == high else None
