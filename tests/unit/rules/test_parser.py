"""The condition language: what is read, and what is refused with its code and place."""

from __future__ import annotations

from fractions import Fraction

import pytest

from xhht.rules import expressions as ex
from xhht.rules.inputs import Input, InputType
from xhht.rules.parser import Scope, parse_condition, parse_number

INPUTS = {
    "plan": Input(name="plan", kind=InputType.BOOL),
    "part": Input(name="part", kind=InputType.COUNT, maximum=100),
    "total": Input(name="total", kind=InputType.COUNT, minimum=1, maximum=100),
    "area": Input(name="area", kind=InputType.CHOICE, choices=("hill", "city")),
}
SCOPE = Scope(inputs=INPUTS)
LEVEL_SCOPE = Scope(inputs=INPUTS, nodes=("1", "1.1"), in_level=True)


def parsed(text: str, scope: Scope = SCOPE) -> ex.Condition:
    tree, issues = parse_condition(text, scope)
    assert not issues
    assert tree is not None
    return tree


def codes(text: str, scope: Scope = SCOPE) -> list[tuple[str, int]]:
    _, issues = parse_condition(text, scope)
    return [(issue.code, issue.offset) for issue in issues]


def test_a_truth_input_is_a_condition() -> None:
    assert parsed("plan") == ex.TruthInput("plan")
    assert parsed("not plan") == ex.Not(ex.TruthInput("plan"))


def test_a_percentage_is_an_exact_number() -> None:
    tree = parsed("share(part, total) >= 62.5%")
    share = ex.ShareOf(ex.NumberInput("part"), ex.NumberInput("total"))
    assert tree == ex.Compare(">=", share, ex.Constant(Fraction(5, 8)))


def test_comparisons_are_turned_to_one_direction() -> None:
    assert parsed("part < total") == ex.Compare(
        ">", ex.NumberInput("total"), ex.NumberInput("part")
    )


def test_options_of_a_choice_are_a_set() -> None:
    assert parsed('area in ("hill", "city")') == ex.ChoiceIn("area", frozenset({"hill", "city"}))
    assert parsed('area == "hill"') == ex.ChoiceIn("area", frozenset({"hill"}))


def test_points_and_criteria_are_for_levels() -> None:
    assert ex.node_ids(parsed('met("1.1") and points >= 5', LEVEL_SCOPE)) == ("1.1",)
    assert codes("points >= 5") != []


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "plan.real",
        "[plan][0]",
        "lambda: plan",
        "plan if plan else plan()",
        "part ** total >= 1",
        "part",
        "plan >= 1",
        "plan and",
        "",
    ],
)
def test_all_else_is_refused_and_nothing_is_run(text: str) -> None:
    tree, issues = parse_condition(text, SCOPE)
    assert tree is None
    assert issues


def test_an_unknown_name_is_reported_at_its_place_with_the_likely_one() -> None:
    _, (issue,) = parse_condition("plan and prat >= 1", SCOPE)
    assert issue.code == "XH202"
    assert issue.offset == len("plan and ")
    assert "part" in issue.values.values()


def test_every_unknown_name_is_reported() -> None:
    assert [code for code, _ in codes("plen and aria")] == ["XH202", "XH202"]


@pytest.mark.parametrize(
    ("text", "number"), [("12", Fraction(12)), ("0.5", Fraction(1, 2)), ("80%", Fraction(4, 5))]
)
def test_a_number_is_read_exactly(text: str, number: Fraction) -> None:
    assert parse_number(text, SCOPE) == (ex.Constant(number), ())


def test_a_truth_is_no_number() -> None:
    tree, issues = parse_number("plan", SCOPE)
    assert tree is None
    assert issues


@pytest.mark.parametrize(
    ("text", "code", "example"),
    [
        ('area in ("hill")', "XH351", 'area == "hill"'),
        ('area not in "hill"', "XH351", 'area != "hill"'),
        ('"hill" in area', "XH351", '"hill" == area'),
        ("total in (1, 2)", "XH351", "total == 1 or total == 2"),
        ("total not in [1, 2]", "XH351", "total != 1 and total != 2"),
        ("yes == true", "XH352", "yes"),
        ("True == yes", "XH352", "yes"),
        ("yes != true", "XH352", "not yes"),
        ("yes == false", "XH352", "not yes"),
        ("yes != False", "XH352", "yes"),
        ("yes == no", "XH352", "(yes if no else not yes)"),
        ("yes != no", "XH352", "not (yes if no else not yes)"),
    ],
)
def test_the_remedy_is_a_condition_that_parses(text: str, code: str, example: str) -> None:
    scope = Scope(
        {
            **INPUTS,
            "yes": Input(name="yes", kind=InputType.BOOL),
            "no": Input(name="no", kind=InputType.BOOL),
            "area": Input(name="area", kind=InputType.CHOICE, choices=("hill", "plain")),
        }
    )
    tree, (issue,) = parse_condition(text, scope)
    assert tree is None
    assert (issue.code, issue.values["example"]) == (code, example)
    assert parse_condition(example, scope)[1] == ()
