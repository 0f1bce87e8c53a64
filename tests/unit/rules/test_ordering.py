"""How one condition stands to another: higher where it holds wherever the other does."""

from __future__ import annotations

import pytest

from xhht.rules.expressions import Condition
from xhht.rules.inputs import Input, InputType
from xhht.rules.ordering import compare_trees, is_monotone_in_points, normal_form
from xhht.rules.parser import Scope, parse_condition

INPUTS = {
    **{name: Input(name=name, kind=InputType.BOOL) for name in ("a", "b", "c")},
    **{name: Input(name=name, kind=InputType.COUNT, maximum=100) for name in ("m", "n")},
    "area": Input(name="area", kind=InputType.CHOICE, choices=("hill", "city", "sea")),
}
SCOPE = Scope(inputs=INPUTS, nodes=("1", "1.1"), in_level=True)


def condition(text: str) -> Condition:
    tree, faults = parse_condition(text, SCOPE)
    assert not faults
    assert tree is not None
    return normal_form(tree)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a and b", "b and a", "same"),
        ("(a and b) and c", "a and (b and c)", "same"),
        ("not m < 3", "m >= 3", "same"),
        ("not (not a)", "a", "same"),
        ("m >= 3", "m >= 2", "higher"),
        ("m > 3", "m >= 3", "higher"),
        ("m >= 3", "m > 2", "unclear"),
        ("m >= 3", "n >= 3", "unclear"),
        ("m == 3", "m == 4", "unclear"),
        ("m <= 3", "m <= 4", "higher"),
        ("not m >= 3", "not m >= 2", "lower"),
        ("1 <= m <= 5", "1 <= m <= 6", "higher"),
        ("1 <= m <= 5", "2 <= m <= 6", "unclear"),
        ("a", "a or b", "higher"),
        ("a", "a and b", "lower"),
        ("a and b", "a", "higher"),
        ("a and b", "a or c", "higher"),
        ("a or m >= 3", "a or m >= 2", "higher"),
        ("a", "true", "higher"),
        ("a", "false", "lower"),
        ("m >= unknown", "m >= 3", "unclear"),
        ('area == "hill"', 'area in ("hill", "sea")', "higher"),
        ('area == "hill"', 'area == "sea"', "unclear"),
        ("share(m, n) >= 70%", "share(m, n) >= 65%", "higher"),
        ("share(m, n) >= 70%", "share(n, m) >= 70%", "unclear"),
        ("m >= (7 if a else 8)", "m >= (7 if a else 9)", "lower"),
        ("m >= (7 if a else 8)", "m >= 7", "higher"),
        ("m >= (7 if a else 8)", "m >= (7 if b else 8)", "unclear"),
        ("m + n >= 3", "m + n + 1 >= 3", "higher"),
        ("m - n >= 3", "m + n >= 3", "unclear"),
        ("max(m, n) >= 3", "max(m, n, 2) >= 3", "higher"),
        ("min(m, n) >= 3", "min(m, n, 2) >= 3", "lower"),
    ],
)
def test_order(old: str, new: str, expected: str) -> None:
    order = compare_trees(condition(old), condition(new))
    assert order.value == expected
    assert compare_trees(condition(new), condition(old)) is order.flipped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("points >= 3 and a", True),
        ("m >= 3", True),
        ("points < 3", False),
        ("not points < 3", True),
        ("points == 3", False),
        ('points_of("1") - points >= 1', False),
        ('met("1.1") or percent >= 50%', True),
        ("lowest_indicator >= (2 if a else 3)", True),
        ('a if points >= 3 else met("1")', False),
    ],
)
def test_what_rises_with_points(text: str, expected: bool) -> None:
    assert is_monotone_in_points(condition(text)) is expected
