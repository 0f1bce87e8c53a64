"""Inputs: their domains in steps, when one is known, and the order of bounds."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from xhht.rules.inputs import Input, InputType, bound_propagation_order, share_parts

CHOICE = Input(name="area", kind=InputType.CHOICE, choices=("hill", "city", "sea"))
SHARE = Input(name="part", kind=InputType.SHARE, step=Fraction(1, 100), maximum=100)


def test_the_domain_of_a_choice_is_the_bits_of_its_options() -> None:
    assert CHOICE.domain == (0, 0b111)
    assert CHOICE.is_known(0, 0b010)
    assert not CHOICE.is_known(0, 0b011)


def test_a_number_is_known_when_its_ends_meet() -> None:
    assert SHARE.domain == (0, 100)
    assert SHARE.is_known(7, 7)
    assert not SHARE.is_known(7, 8)


def test_numbers_are_counted_in_steps() -> None:
    assert SHARE.units(Fraction(1, 4)) == 25
    assert SHARE.units(Fraction(1, 3)) is None
    assert SHARE.number(25) == Fraction(1, 4)
    day = Input(name="day", kind=InputType.DATE, maximum=date.max.toordinal())
    assert day.units(date(1, 1, 2)) == 2


def test_a_share_of_members_is_two_counts() -> None:
    holding, others = share_parts(SHARE)
    assert {holding.kind, others.kind} == {InputType.COUNT}
    assert holding.declared_input is SHARE
    assert others.declared_input is SHARE
    assert SHARE.declared_input is SHARE


def test_bounds_are_ordered_along_a_chain_and_a_circle_has_no_order() -> None:
    def count(name: str, at_most: str | None) -> Input:
        return Input(name=name, kind=InputType.COUNT, maximum=9, at_most=at_most)

    chain = [count("c", "b"), count("b", "a"), count("a", None)]
    pairs = bound_propagation_order(chain)
    assert pairs is not None
    assert sorted(pairs) == [(0, 1), (1, 2)]
    assert bound_propagation_order([count("a", "b"), count("b", "a")]) is None
