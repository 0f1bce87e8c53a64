"""The register of titles answers what prerequisites ask of the subjects of a campaign."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

import xhht
from inline_profiles import profile_of
from xhht import Title
from xhht.campaign import Campaign, Record, Society
from xhht.domain.area import Area
from xhht.domain.areas import AreaLevel, AreaTree
from xhht.domain.people import Unit
from xhht.domain.titles import ManagedBy, UnitKind
from xhht.errors import FrameError
from xhht.frames import campaign

UNIT = Title.LEARNING_UNIT
AREAS = AreaTree(
    [
        Area(code="01", name="Tỉnh", level=AreaLevel.PROVINCE),
        Area(code="A", name="Xã A", level=AreaLevel.COMMUNE, parent="01"),
    ]
)
LEVELS = """
- id: two
  name: {vi: Mức 2, en: Level 2}
  when: points >= 10
  requires: {level: one, months: 12, since: day, held: has, binds: holders}
- {id: one, name: {vi: Mức 1, en: Level 1}, when: points >= 5}
"""
PROFILE = profile_of(
    {"plan": "type: bool", "day": "type: date", "has": "type: bool"},
    '- {id: "1.1", points: 10, met_when: plan}',
    LEVELS,
)


def decision(subject: str, day: date) -> xhht.Recognition:
    return xhht.Recognition(
        title=UNIT,
        subject=subject,
        level="one",
        decided_on=day,
        document="1/QĐ",
        authority="UBND",
    )


REGISTER = xhht.TitleRegister(
    [decision("old", date(2023, 1, 1)), decision("recent", date(2024, 6, 1))]
)
SETUP = Campaign(2024, [PROFILE], AREAS, illustrative=True, register=REGISTER)


def record(unit: str, **facts: object) -> Record:
    subject = Unit(
        id=unit,
        name="Đơn vị",
        kind=UnitKind.SCHOOL,
        managed_by=ManagedBy.COMMUNE,
        commune="A",
    )
    return Record(subject=subject, facts={"plan": True, **facts})


def test_each_subject_is_looked_up_by_its_id() -> None:
    run = SETUP.run(Society(records=map(record, ("old", "recent", "new"))))
    levels = {unit: run.evaluation(UNIT, unit).level for unit in ("old", "recent", "new")}
    assert levels == {"old": "two", "recent": "one", "new": "two"}
    without = Campaign(2024, [PROFILE], AREAS, illustrative=True)
    run = without.run(Society(records=[record("new")]))
    assert run.evaluation(UNIT, "new").levels_possible == ("two", "one")


def test_a_corrected_record_is_looked_up_again() -> None:
    run = SETUP.run(Society(records=[record("recent", plan=None)]))
    assert run.evaluation(UNIT, "recent").level is None
    run.put([record("recent")])
    assert run.evaluation(UNIT, "recent").level == "one"


def test_a_fact_that_differs_from_the_register_refuses_the_record_but_counts_the_subject() -> None:
    run = SETUP.run(Society(records=[record("new", has=True), record("old", has=True)]))
    [rejected] = run.rejected
    assert (rejected.id, rejected.code, rejected.field) == ("new", "register_differs", "has")
    assert rejected.counted
    assert run.evaluation(UNIT, "old").level == "two"


def test_columns_refuse_a_register_and_name_what_to_do() -> None:
    tables = {UNIT: pl.DataFrame({"id": ["new"], "commune": ["A"], "plan": [True]})}
    with pytest.raises(FrameError, match="'held' and 'since'"):
        campaign(SETUP, tables)


def test_columns_of_the_facts_give_what_the_register_gives() -> None:
    tables = {
        UNIT: pl.DataFrame(
            {
                "id": ["old", "recent", "new"],
                "commune": "A",
                "managed_by": "commune",
                "kind": "school",
                "plan": True,
                "has": [True, True, False],
                "day": [date(2023, 1, 1), date(2024, 6, 1), None],
            }
        )
    }
    setup = Campaign(2024, [PROFILE], AREAS, illustrative=True)
    rows = campaign(setup, tables).rows(UNIT).collect()
    assert dict(zip(rows["id"], rows["awarded"], strict=True)) == {
        "old": "two",
        "recent": "one",
        "new": "two",
    }
