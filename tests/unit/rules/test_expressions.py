"""What expressions read: inputs, criteria, dated values, shares and unknown marks."""

from __future__ import annotations

from fractions import Fraction
from typing import cast

from xhht.rules import expressions as ex

PART, TOTAL = ex.NumberInput("part"), ex.NumberInput("total")
SHARE = ex.ShareOf(PART, TOTAL)
HALF = ex.Compare(">=", SHARE, ex.Constant(Fraction(1, 2)))
DATED = ex.Dated("quota", ex.NumberKind.NUMBER, (ex.Since(None, Fraction(1)),))


def test_inputs_come_once_in_the_order_of_first_use() -> None:
    tree = ex.All((ex.TruthInput("plan"), HALF, ex.Not(ex.TruthInput("plan"))))
    assert ex.input_names(tree) == ("plan", "part", "total")
    assert ex.input_names(HALF, tree) == ("part", "total", "plan")


def test_walk_yields_a_node_before_its_parts() -> None:
    assert list(ex.walk(HALF)) == [HALF, SHARE, PART, TOTAL, ex.Constant(Fraction(1, 2))]


def test_shares_and_values_are_listed_once() -> None:
    tree = ex.Any_(
        (HALF, ex.Not(HALF), ex.Compare(">=", PART, DATED), ex.Compare(">", TOTAL, DATED))
    )
    assert ex.shares_in(tree) == (SHARE,)
    assert ex.values_in(tree) == (DATED,)


def test_criteria_named_by_a_level() -> None:
    tree = ex.All((ex.Met("1.1"), ex.Compare(">=", ex.PointsOf("2"), ex.Constant(Fraction(5)))))
    assert ex.node_ids(tree) == ("1.1", "2")


def test_an_unknown_mark_is_seen_wherever_it_is() -> None:
    assert ex.asks_unknown(ex.Not(ex.Compare(">=", ex.AllPoints(), ex.Unknown())))
    assert not ex.asks_unknown(HALF, DATED)


def test_a_definition_used_many_times_is_one_tree_of_which_each_node_comes_once() -> None:
    half = ex.Definition("half", None, HALF)
    assert half.named() is half.named()
    named = cast("ex.Condition", half.named())
    tree = ex.All((named, ex.Not(named)))
    assert len(list(ex.walk(tree))) == 2 + 2 * 5
    assert len(list(ex.distinct(tree))) == 2 + 5
