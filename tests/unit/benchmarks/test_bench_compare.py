"""The benchmark of two profiles: its variant is what it says, and its rows move both ways."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))

import compare_population
import xhht
from xhht.frames import compare
from xhht.rollup.transitions import Direction


def test_the_margins_are_the_two_evaluations() -> None:
    old = xhht.bundled_profiles().get(compare_population.PROFILE)
    new = compare_population.variant(old)
    changes = xhht.compare_profiles(old, new).changes
    assert {(change.key, change.new) for change in changes} == {
        ("floor", "6"),
        ("when", "points >= (70 if disadvantaged_area else 75)"),
    }
    people = compare_population.people(3_000)
    transitions = compare(old, new, people, by="area")
    assert transitions.number == 3_000
    assert transitions.old() == compare_population.evaluated(old, people)
    assert transitions.new() == compare_population.evaluated(new, people)
    assert all(transitions.directions()[way] for way in Direction)
