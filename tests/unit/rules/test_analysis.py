"""What is seen of rules without any facts: divisors, impossible conditions, distances of totals."""

from __future__ import annotations

from fractions import Fraction

import pytest

from inline_profiles import profile_of
from xhht.rules import expressions as ex
from xhht.rules.analysis import DomainAnalysis, spacing
from xhht.rules.inputs import Input, InputType
from xhht.rules.parser import Scope, parse_condition

INPUTS = (
    Input(name="part", kind=InputType.COUNT, maximum=50, at_most="total"),
    Input(name="total", kind=InputType.COUNT, minimum=1, maximum=100),
    Input(name="other", kind=InputType.COUNT, maximum=100),
)
SCOPE = Scope(inputs={declared.name: declared for declared in INPUTS})


def tree(text: str) -> ex.Condition:
    condition, issues = parse_condition(text, SCOPE)
    assert not issues
    assert condition is not None
    return condition


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("share(part, total) >= 50%", False),
        ("share(part, other) >= 50%", True),
        ("share(part, total + other) >= 50%", False),
        ("part >= 1", False),
    ],
)
def test_a_divisor_may_be_zero(text: str, expected: bool) -> None:
    assert DomainAnalysis(INPUTS).may_divide_by_zero(tree(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("part >= 51", True),
        ("part >= 50", False),
        ("total >= 1 and part > 50", True),
        ("total >= 1 or part > 50", True),
        ("total >= 1 and not (part > 50)", False),
        ("share(part, total) > 100%", True),
        ("share(other, total) > 100%", False),
    ],
)
def test_a_comparison_that_nobody_meets_be_it_one_of_several(text: str, expected: bool) -> None:
    assert DomainAnalysis(INPUTS).is_never_true(tree(text)) == expected


@pytest.mark.parametrize(("points", "expected"), [((10, 5), 5), ((6, 4), 2), ((10, 3), 1)])
def test_totals_keep_a_distance(points: tuple[int, int], expected: int) -> None:
    leaves = "\n".join(
        f'- {{id: "1.{at}", points: {number}, met_when: a{at}}}'
        for at, number in enumerate(points, 1)
    )
    profile = profile_of({"a1": "type: bool", "a2": "type: bool"}, leaves)
    assert spacing(profile.plan) == expected
    assert profile.points(profile.plan.maximum) == Fraction(sum(points))
