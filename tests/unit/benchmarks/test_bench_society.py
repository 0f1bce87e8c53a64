"""The benchmark of a society: what it measures is a whole society, however it is divided."""

import sys
from pathlib import Path

import pytest

from xhht.domain import Title
from xhht.rollup import Count, Tally

pytest.importorskip("resource", reason="the benchmark measures memory as Unix tells it")
sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))

import society

SIZE = society.Size(households=6_000, citizens=20_001, corrections=0, seed=1)


def test_parts_add_up_to_the_whole() -> None:
    total = society.evaluate_part(SIZE, 0, 1)
    parts = [society.evaluate_part(SIZE, part, 2) for part in range(2)]
    assert [part.rejected for part in (total, *parts)] == [0, 0, 0]
    assert sum(part.records for part in parts) == total.records
    for title in Title:
        assert Tally.sum(part.tallies[title] for part in parts) == total.tallies[title]


def test_it_has_just_the_subjects_that_are_asked_for() -> None:
    tallies = society.evaluate_part(SIZE, 0, 1).tallies
    totals = {title: tally.known(Count.TOTAL) for title, tally in tallies.items()}
    assert totals[Title.LEARNING_HOUSEHOLD] == 6_000
    assert totals[Title.LEARNING_CITIZEN] == 20_001
    for tally in tallies.values():
        recognised, total = tally.known(Count.RECOGNISED), tally.known(Count.TOTAL)
        assert recognised is not None
        assert total is not None
        assert 0 < recognised < total
        assert tally.known(Count.UNDETERMINED) == 0
