"""The formulas of a plan agree with the meaning of its operators."""

from __future__ import annotations

import itertools

import z3
from proven_profiles import yes_no

from xhht import evaluate
from xhht.proving._encoding import Span, number, truth
from xhht.proving._solver import Solver


def test_a_span_of_one_formula_is_exact_and_stays_so() -> None:
    span = Span.exact(z3.Int("x"))
    assert span.is_exact
    assert span.map(lambda end: end + 1).is_exact
    assert not Span(z3.Int("x"), z3.Int("y")).is_exact


def test_numbers_and_truths_turn_into_each_other() -> None:
    a = z3.Bool("a")
    solver = z3.Solver()
    solver.add(z3.Not(truth(number(a)) == a))
    assert solver.check() == z3.unsat


def test_points_of_every_subject_are_those_of_evaluate() -> None:
    profile = yes_no(8, 4, 1)
    solver = Solver(profile, None)
    points = solver.encoding.span(profile.plan.points).lower_number
    totals = {
        evaluate(profile, {"a1": a, "a2": b, "a3": c, "n": 0}).points_certain
        for a, b, c in itertools.product((False, True), repeat=3)
    }
    for total in range(-1, 15):
        answer = solver.find(points == total)
        assert (answer is not None) == (total in totals)
