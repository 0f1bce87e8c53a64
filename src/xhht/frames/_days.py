"""The days before the day of evaluation that a plan compares with."""

from __future__ import annotations

from datetime import date

from xhht.dates import months_before
from xhht.evaluation.evaluator import check_evaluation_day
from xhht.rules.plan import AsOfDay, Plan


def days_of(plan: Plan, as_of: date | None) -> dict[int, int]:
    """Return the ordinals of the days that many months before the day of evaluation."""
    if as_of is not None or plan.needs_date():
        check_evaluation_day(as_of)
    if as_of is None:
        return {}
    months = {operator.months for operator in plan.operators if isinstance(operator, AsOfDay)}
    return {count: months_before(as_of, count).toordinal() for count in months}
