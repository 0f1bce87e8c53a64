"""The greatest number for which something holds, and marks that points meet exactly."""

from __future__ import annotations

import pytest
from proven_profiles import yes_no

from xhht import prove
from xhht.proving._thresholds import greatest


@pytest.mark.parametrize("last", [0, 1, 6, 9, 10])
def test_the_search_ends_at_the_last_number_that_holds(last: int) -> None:
    tried: list[int] = []

    def holds(number: int) -> bool:
        tried.append(number)
        return number <= last

    assert greatest(holds, 0, 10) == last
    assert len(tried) <= 4


def test_a_floor_that_is_met_exactly_and_one_that_is_not() -> None:
    more = '- {id: "2.1", points: 5, floor: %s, per_item: {count: n, each: 2}}'
    reached, missed = (
        [f for f in prove(yes_no(8, 4, more=more % mark), only=["thresholds"]).findings
         if f.subject == "2.1"]
        for mark in ("4", "3")
    )  # fmt: skip
    assert [finding.code for finding in reached] == ["XP501"]
    assert [finding.code for finding in missed] == ["XP502"]
    assert "2 – 4" in missed[0].text.en
