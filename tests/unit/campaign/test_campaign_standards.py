"""Standards that subjects of a campaign rest on: evaluated with them, corrected with them."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from standard_profiles import COMMUNE, LITERACY, PRIMARY, SECONDARY
from xhht import Profile, ProfileError, loads_profile
from xhht.campaign import Campaign, Record, Society
from xhht.domain.area import Area
from xhht.domain.areas import AreaLevel, AreaTree
from xhht.domain.people import Citizen, Community, Household
from xhht.domain.titles import Title
from xhht.frames import campaign
from xhht.issues import FileKind
from xhht.rollup.tally import Tally
from xhht.tables.subjects import SubjectTables

COMMUNITY, CITIZEN = Title.LEARNING_COMMUNITY, Title.LEARNING_CITIZEN
AREAS = AreaTree(
    [
        Area(code="01", name="Tỉnh", level=AreaLevel.PROVINCE),
        *(Area(code=code, name=code, level=AreaLevel.COMMUNE, parent="01") for code in "AB"),
        *(Area(code=f"{c}1", name=c, level=AreaLevel.VILLAGE, parent=c) for c in "AB"),
    ]
)
READING = LITERACY.replace(
    "{type: count, min: 0, max: 100, label: {vi: Số người biết chữ, en: Literate adults}}",
    "{type: share, label: {vi: Biết chữ, en: Literate}, "
    "members: {title: learning_citizen, take: share}}",
).replace("literate >= 90", "literate >= 90%")
CITIZENS = """\
format: 1
id: test.citizen
version: 1.0.0
status: draft
provenance: illustrative
title: learning_citizen
name: {vi: Công dân, en: Citizen}
inputs:
  reads: {type: bool, label: {vi: Biết chữ, en: Reads}}
criteria:
  - id: "1"
    indicators: [{id: "1.1", points: 10, met_when: reads}]
levels:
  - {id: ok, name: {vi: Đạt, en: OK}, when: points >= 10}
"""


def active(text: str) -> Profile:
    return loads_profile(text.replace("status: draft", "status: active"))


PROFILES = [active(text) for text in (COMMUNE, SECONDARY, PRIMARY, READING, CITIZENS)]
FACTS: dict[str, dict[str, object]] = {
    "A": {"plan": True, "graduates": 90, "pupils": 95},
    "B": {"plan": True, "graduates": 90, "pupils": None},
}


def setup(*profiles: Profile) -> Campaign:
    return Campaign(2025, profiles or PROFILES, AREAS, illustrative=True)


def society(*, reads: bool | None = True) -> list[Record]:
    communes = [
        Record(subject=Community(code, AreaLevel.COMMUNE), facts=facts)
        for code, facts in FACTS.items()
    ]
    households = [Record(subject=Household(id=f"h{c}", village=f"{c}1")) for c in "AB"]
    return [*communes, *households, *(citizen(c, reads=reads) for c in "AB")]


def citizen(code: str, *, reads: bool | None) -> Record:
    facts = {} if reads is None else {"reads": reads}
    return Record(subject=Citizen(id=f"c{code}", household=f"h{code}"), facts=facts)


def levels(run: Any) -> dict[str, tuple[str | None, ...]]:
    return {code: run.evaluation(COMMUNITY, code).levels_possible for code in "AB"}


def total(run: Any) -> Tally:
    (row,) = run.rollup(COMMUNITY, by=AreaLevel.PROVINCE, level=AreaLevel.COMMUNE).rows
    tally: Tally = row.tally
    return tally


def test_a_commune_is_evaluated_with_the_standards_it_rests_on() -> None:
    run = setup().run(Society(records=society()))
    assert levels(run) == {"A": ("level_1",), "B": ("level_1", None)}
    below = run.evaluation(COMMUNITY, "A").standards["secondary"]
    assert {name: one.level for name, one in below.standards.items()} == {
        "primary": "level_2",
        "literacy": "level_1",
    }
    assert [profile.id for profile in run.profiles] == [
        *("test.citizen", "test.primary", "test.literacy", "test.secondary", "test.commune")
    ]
    assert {one.title for one in run.rejected} == {Title.LEARNING_HOUSEHOLD}  # without a profile


def test_corrections_of_members_and_of_facts_reach_through_the_standards() -> None:
    run = setup().run(Society(records=society(reads=None)))
    assert levels(run)["A"] == ("level_1", None)
    run.put([citizen("A", reads=False)])
    assert levels(run)["A"] == (None,)
    run.put([citizen("A", reads=True)])
    assert levels(run)["A"] == ("level_1",)
    facts = {**FACTS["A"], "pupils": 10}
    run.put([Record(subject=Community("A", AreaLevel.COMMUNE), facts=facts)])
    assert levels(run)["A"] == (None,)
    records = society()
    records[0] = Record(subject=Community("A", AreaLevel.COMMUNE), facts=facts)
    run.put([citizen("B", reads=True)])
    assert total(run) == total(setup().run(Society(records=records)))


def test_a_fact_replaces_the_standard_and_a_missing_standard_leaves_it_open() -> None:
    facts = {**FACTS["B"], "primary": "level_1"}
    given = Record(subject=Community("B", AreaLevel.COMMUNE), facts=facts)
    run = setup().run(Society(records=[society()[0], given, *society()[2:]]))
    assert levels(run)["B"] == ("level_1",)
    alone = setup(PROFILES[0]).run(
        Society(records=[Record(subject=Community("A", AreaLevel.COMMUNE), facts={"plan": True})])
    )
    assert alone.evaluation(COMMUNITY, "A").levels_possible == ("level_1", None)


def test_an_invalid_fact_of_a_standard_leaves_the_commune_open() -> None:
    bad = Record(subject=Community("A", AreaLevel.COMMUNE), facts={**FACTS["A"], "pupils": 101})
    run = setup().run(Society(records=[bad, *society()[1:]]))
    (rejected,) = (one for one in run.rejected if one.title is COMMUNITY)
    assert (rejected.id, rejected.field, rejected.counted) == ("A", "pupils", True)


def test_profiles_that_do_not_fit_together_are_refused() -> None:
    other = active(PRIMARY.replace("id: level_2", "id: level_3"))
    with pytest.raises(ProfileError, match="XH368"):
        setup(PROFILES[0], PROFILES[1], other).run(Society(records=society()[:1]))


@pytest.mark.parametrize("reads", [True, False, None])
def test_columns_give_what_records_give(reads: bool | None) -> None:
    run = setup().run(Society(records=society(reads=reads)))
    frames = {
        CITIZEN: pl.DataFrame(
            {"id": ["cA", "cB"], "household": ["hA", "hB"], "reads": [reads, reads]},
            schema_overrides={"reads": pl.Boolean},
        ),
        Title.LEARNING_HOUSEHOLD: pl.DataFrame({"id": ["hA", "hB"], "village": ["A1", "B1"]}),
        COMMUNITY: pl.DataFrame(
            [{"area": code, "level": "commune", **facts} for code, facts in FACTS.items()]
        ),
    }
    done = campaign(setup(), frames)
    rows = done.rows(COMMUNITY).collect().sort("area")
    results = [run.evaluation(COMMUNITY, code) for code in "AB"]
    assert rows["verdict"].to_list() == [result.verdict.value for result in results]
    assert rows["awarded"].to_list() == [result.level for result in results]
    assert total(run) == total(done)
    assert [profile.id for profile in done.profiles] == [profile.id for profile in run.profiles]


def test_the_rows_of_a_closed_campaign_name_what_was_closed() -> None:
    closing = "at_close: {missing: unmet, clause: Khoản 3 Điều 9}\n"
    commune = active(COMMUNE + closing)
    closed = Campaign(2025, [commune], AREAS, illustrative=True, final=True)
    facts: dict[str, dict[str, object]] = {"A": {"plan": True}, "B": {}}
    rows = [{"area": code, "level": "commune", **given} for code, given in facts.items()]
    done = campaign(closed, {COMMUNITY: pl.DataFrame(rows)})
    shown = done.rows(COMMUNITY).collect().sort("area")
    run = closed.run(
        Society(
            records=[
                Record(subject=Community(code, AreaLevel.COMMUNE), facts=given)
                for code, given in facts.items()
            ]
        )
    )
    assert shown["closed"].to_list() == ["secondary", "plan|secondary"]
    assert [tuple(one.split("|")) for one in shown["closed"]] == [
        run.evaluation(COMMUNITY, code).closed for code in "AB"
    ]
    still_open = campaign(setup(commune), {COMMUNITY: pl.DataFrame(rows)})
    assert "closed" not in still_open.rows(COMMUNITY).collect_schema().names()


def test_tables_of_communes_have_columns_for_the_inputs_of_standards() -> None:
    tables = SubjectTables(AREAS, PROFILES)
    form = tables.form(FileKind.COMMUNITIES)
    assert {"plan", "graduates", "pupils", "secondary", "literate"} <= set(form.data)
    assert "reads" not in form.data
