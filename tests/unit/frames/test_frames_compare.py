"""`frames.compare` gives the same on every kind of frame, and tells what it cannot do."""

from __future__ import annotations

import random
from typing import Any

import duckdb
import polars as pl
import pytest

import xhht
from xhht.errors import FrameError
from xhht.frames import compare

OLD = xhht.bundled_profiles().get("vn.citizen.qd324-2023")
NEW = xhht.loads_profile(
    xhht.dump_profile(OLD).replace("floor: 5", "floor: 6").replace("else 80", "else 75")
)
CHANCE = random.Random(2)
PEOPLE = pl.DataFrame(
    {
        "id": [f"c{n}" for n in range(60)],
        "area": CHANCE.choices(["00004", "00007", None], k=60),
        "disadvantaged_area": CHANCE.choices([True, False, None], k=60),
        **{
            f"indicator_{n}": CHANCE.choices([5, 7, 8, 9, None, 11], [1, 3, 9, 3, 0.3, 0.1], k=60)
            for n in range(1, 11)
        },
    }
)


@pytest.mark.parametrize("kind", ["lazy", "pandas", "arrow", "duckdb"])
def test_every_kind_of_frame_says_the_same(kind: str) -> None:
    people = PEOPLE
    frames: dict[str, Any] = {
        "lazy": people.lazy(),
        "pandas": people.to_pandas(),
        "arrow": people.to_arrow(),
        "duckdb": duckdb.sql("SELECT * FROM people"),
    }
    transitions = compare(OLD, NEW, frames[kind], by="area", id="id")
    assert transitions.cells == compare(OLD, NEW, people, by="area", id="id").cells
    assert transitions.number == 60
    assert {cell.group for cell in transitions.cells} == {"00004", "00007", None}


def test_what_cannot_be() -> None:
    with pytest.raises(FrameError, match="no column 'xã'"):
        compare(OLD, NEW, PEOPLE, by="xã")
    with pytest.raises(FrameError, match="No column matches an input"):
        compare(OLD, NEW, PEOPLE.select("id"))
    with pytest.raises(FrameError, match="Not a supported data frame"):
        compare(OLD, NEW, [1])
    with pytest.raises(FrameError, match="no column 'ma'"):
        compare(OLD, NEW, PEOPLE, id="ma")


def test_what_has_no_column_is_named() -> None:
    transitions = compare(OLD, NEW, PEOPLE.drop("indicator_3", "disadvantaged_area"))
    assert transitions.missing_inputs == ("disadvantaged_area", "indicator_3")
    assert compare(OLD, NEW, PEOPLE).missing_inputs == ()


BY_LEVEL = """\
format: 1
id: test.unit
version: 1.0.0
status: active
title: learning_unit
name: {vi: Đơn vị, en: Unit}
provenance: illustrative
inputs:
  members: {type: count, min: 1, label: {vi: Số thành viên, en: Members}}
  disciplined: {type: count, at_most: members, label: {vi: Kỷ luật, en: Disciplined}}
  plan: {type: bool, label: {vi: Có kế hoạch, en: Has a plan}}
criteria:
  - id: "2"
    requirement: REQUIREMENT
    indicators:
      - id: "2.1"
        met_by_level:
          level_2: share(disciplined, members) >= 95%
          level_1: share(disciplined, members) >= 90%
      - {id: "2.2", met_when: plan}
levels:
  - {id: level_2, name: {vi: Mức 2, en: Level 2}, when: WHEN}
  - {id: level_1, name: {vi: Mức 1, en: Level 1}, when: WHEN}
"""


@pytest.mark.parametrize(("requirement", "when"), [("scored", 'met("2")'), ("must", "true")])
def test_a_change_for_one_level_is_attributed_to_its_indicator(requirement: str, when: str) -> None:
    text = BY_LEVEL.replace("REQUIREMENT", requirement).replace("WHEN", f"'{when}'")
    old, new = xhht.loads_profile(text), xhht.loads_profile(text.replace("90%", "85%"))
    units = pl.DataFrame({"members": [100] * 3, "disciplined": [87, 80, 96], "plan": [True] * 3})
    [changed] = [cell for cell in compare(old, new, units).cells if cell.old != cell.new]
    assert (changed.number, changed.old.level, changed.new.level) == (1, None, "level_1")
    assert [(clause.id, number) for clause, number in changed.alone.items()] == [("2.1", 1)]
