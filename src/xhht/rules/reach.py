"""Domain analysis: what the declared bounds of inputs imply for conditions, without any facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xhht.rules import expressions as ex
from xhht.rules._builder import Builder
from xhht.rules._conditions import ConditionLowering
from xhht.rules.inputs import Input
from xhht.rules.parsing import shares_of_members

__all__ = ["DomainAnalysis"]

_TOTALS = (ex.AllPoints, ex.Percent, ex.PointsOf, ex.LowestIndicator, ex.Met)


class DomainAnalysis:
    """Analyses conditions by the domains and cross-bounds of some inputs."""

    def __init__(self, inputs: tuple[Input, ...]) -> None:
        self._inputs = {declared.name: declared for declared in inputs}
        self._build = Builder(inputs)
        self._conditions = ConditionLowering(self._build)
        self._of_members = set(shares_of_members(inputs).values())

    def may_divide_by_zero(self, *trees: object) -> bool:
        """Return whether an explicit share has a denominator that may be 0.

        Shares of members are excluded, because a profile cannot bound the number of members.
        """
        return any(
            self._may_be_zero(share.denominator)
            for share in ex.shares_in(*trees)
            if share not in self._of_members
        )

    def _may_be_zero(self, number: ex.Number) -> bool:
        index, _ = self._build.index_of(self._conditions.number(number))
        return self._build.bounds[index][0] <= 0

    def is_never_true(self, condition: object) -> bool:
        """Return whether a condition requires a comparison that is false for all facts."""
        return any(self._never_holds(compared) for compared in _required_comparisons(condition))

    def _never_holds(self, compared: ex.Compare) -> bool:
        if any(isinstance(part, _TOTALS) for part in ex.walk(compared)):
            return False
        if self._is_above_one(compared):
            return True
        return self._build.is_known(self._conditions.truth(compared), 0)

    def _is_above_one(self, compared: ex.Compare) -> bool:
        """Return whether a share is required to exceed 1."""
        share, threshold = compared.left, compared.right
        if compared.sign == "==" and isinstance(threshold, ex.ShareOf):
            share, threshold = threshold, share
        return (
            isinstance(share, ex.ShareOf)
            and isinstance(threshold, ex.Constant)
            and (threshold.value > 1 or (threshold.value == 1 and compared.sign == ">"))
            and self._is_part(share.numerator, share.denominator)
        )

    def _is_part(self, number: ex.Number, total: ex.Number) -> bool:
        """Return whether an input is bounded from above by another that is never below 0."""
        if not isinstance(number, ex.NumberInput) or not isinstance(total, ex.NumberInput):
            return False
        if self._inputs[total.name].minimum < 0:
            return False
        return total.name in _bounds_above(number.name, self._inputs)


def _bounds_above(name: str, inputs: Mapping[str, Input]) -> set[str]:
    """Return an input and all inputs that bound it from above."""
    names: set[str] = set()
    larger: str | None = name
    while larger is not None and larger in inputs and larger not in names:
        names.add(larger)
        larger = inputs[larger].at_most
    return names


def _required_comparisons(condition: object) -> Iterator[ex.Compare]:
    """Yield the comparisons that a condition requires to hold, except those under `not`."""
    match condition:
        case ex.Compare():
            yield condition
        case ex.All(of) | ex.Any_(of):
            for part in of:
                yield from _required_comparisons(part)
        case ex.TruthIf(_, then, other):
            yield from _required_comparisons(then)
            yield from _required_comparisons(other)
