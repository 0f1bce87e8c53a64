"""A small world for campaigns: profiles that rest on one another, areas, and random records."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from xhht import Profile, loads_profile
from xhht.campaign import AreaReport, Record, Run
from xhht.criteria.document import Expression
from xhht.criteria.target_document import (
    AreasEntry,
    ConditionEntry,
    CountedIn,
    RateEntry,
    ShareBase,
)
from xhht.criteria.targets import Measure
from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.people import Citizen, Clan, Community, Household, Unit
from xhht.domain.titles import ManagedBy, Title, UnitKind
from xhht.errors import CampaignError
from xhht.rollup import Counts
from xhht.rollup.joint import AreaMeasurement
from xhht.rules.inputs import Input, InputType

_HEAD = """
format: 1
id: test.{name}
version: 1.0.0
status: active
title: {title}
{applies}name: {{vi: Thử, en: Test}}
provenance: illustrative
inputs:
"""
_CITIZEN = """
  score: {type: assessed, max: 10, label: {vi: Điểm, en: Score}}
  age: {type: count, max: 150, label: {vi: Tuổi, en: Age}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, assessed: score}
      - {id: "1.2", points: 0, requirement: advisory, met_when: age >= 60}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 8}
  - {id: fair, name: {vi: Khá, en: Fair}, when: points >= 5}
"""
_ON_MEMBERS = """
  part: {{type: share, label: {{vi: Phần, en: Part}}, members: {{title: {of}, take: share{more}}}}}
  some: {{type: bool, label: {{vi: Có, en: Some}}, members: {{title: {of}, take: any{some}}}}}
  every: {{type: bool, label: {{vi: Mọi, en: All}}, members: {{title: {of}, take: all{more}}}}}
  number: {{type: count, label: {{vi: Số, en: N}}, members: {{title: {of}, take: count{some}}}}}
  own: {{type: bool, label: {{vi: Riêng, en: Own}}}}
criteria:
  - id: "1"
    indicators:
      - {{id: "1.1", points: 4, met_when: part >= 50%}}
      - {{id: "1.2", points: 2, met_when: some}}
      - {{id: "1.3", points: 2, met_when: every or own}}
      - {{id: "1.4", points: 2, met_when: number >= 2}}
levels:
  - {{id: ok, name: {{vi: Đạt, en: OK}}, when: points >= 6}}
"""
_LOWER = """
  homes:
    type: share
    label: {vi: Nhà, en: Homes}
    members: {title: learning_household, take: share}
  plan: {type: bool, label: {vi: Kế hoạch, en: Plan}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 4, met_when: homes >= 50%}
      - {id: "1.2", points: 4, met_when: plan}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 8}
  - {id: fair, name: {vi: Khá, en: Fair}, when: points >= 4}
"""
_UPPER = """
  lower:
    type: choice
    label: {vi: Chuẩn dưới, en: Lower standard}
    choices: {good: {vi: Tốt, en: Good}, fair: {vi: Khá, en: Fair}, none: {vi: Không, en: None}}
    result: {title: x.test.lower}
  plan: {type: bool, label: {vi: Kế hoạch, en: Plan}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 4, met_when: lower == "good"}
      - {id: "1.2", points: 4, met_when: lower != "none" and plan}
levels:
  - {id: ok, name: {vi: Đạt, en: OK}, when: points >= 4}
"""
_REACHED = (
    "  reached: {type: bool, label: {vi: Chuẩn, en: Standard}, result: {title: x.test.upper}}\n"
)
_AT_CLOSE = "at_close: {missing: unmet, clause: Khoản 3 Điều 9}\n"


def _profile(name: str, title: str, body: str, applies: str = "") -> Profile:
    closing = "" if name == "clan" else _AT_CLOSE
    return loads_profile(_HEAD.format(name=name, title=title, applies=applies) + body + closing)


def _on_standards(body: str) -> str:
    """Return a profile in which a standard, which rests on another one, stands in for `own`."""
    body = body.replace("criteria:", f"{_REACHED}criteria:")
    return body.replace("every or own", "every or own or reached")


def _resting(of: str, more: str = "", some: str = "") -> str:
    return _ON_MEMBERS.format(of=of, more=more, some=some)


def _at(level: str) -> str:
    return f"applies_to: {{level: [{level}]}}\n"


PROFILES = (
    _profile("citizen", "learning_citizen", _CITIZEN),
    _profile(
        "household",
        "learning_household",
        _resting("learning_citizen", ', where: "age >= 18"', ", level: good"),
    ),
    _profile(
        "unit",
        "learning_unit",
        _resting("learning_citizen", ", over: registered", ", unregistered: as_judged"),
    ),
    _profile("clan", "learning_clan", _resting("learning_household", ", over: assessed")),
    _profile(
        "village",
        "learning_community",
        _on_standards(_resting("learning_household", "", ", held: registered")),
        _at("village"),
    ),
    _profile("upper", "x.test.upper", _UPPER),
    _profile("lower", "x.test.lower", _LOWER),
    _profile(
        "commune",
        "learning_community",
        _resting(
            "learning_community",
            ", applies_to: {level: [village]}",
            ", applies_to: {level: [village]}",
        ),
        _at("commune"),
    ),
)
"""From citizens up to communes; each take, step and limit is used, and a chain of standards."""

SKILLED = Input(name="skilled", kind=InputType.BOOL)
"""What a programme asks beside the profiles: `Record.answers` tell it."""

MEASURES: tuple[Measure, ...] = (
    RateEntry(title=Title.LEARNING_CITIZEN, of="of_total"),
    RateEntry(title=Title.LEARNING_CITIZEN, of="of_registered", levels=("good",)),
    RateEntry(title=Title.LEARNING_HOUSEHOLD, of="of_assessed"),
    RateEntry(title=Title.LEARNING_CITIZEN, of="of_total", where=Expression("skilled")),
    RateEntry(
        title=Title.LEARNING_CITIZEN,
        of="of_registered",
        levels=("fair",),
        where=Expression("age >= 18"),
        profile="test.citizen",
    ),
    RateEntry(title=Title.LEARNING_UNIT, of="of_assessed", where=Expression("some or own")),
    *(
        ConditionEntry(title=Title.LEARNING_CITIZEN, among=among, when=Expression(when))
        for among, when in zip(
            ShareBase, ("skilled", "age >= 18", "points >= 5", "skilled and age >= 18"), strict=True
        )
    ),
    ConditionEntry(
        title=Title.LEARNING_HOUSEHOLD, among=ShareBase.TOTAL, when=Expression("part >= 50%")
    ),
    AreasEntry(level=AreaLevel.VILLAGE, title=Title.LEARNING_CITIZEN, count=ShareBase.REGISTERED),
    AreasEntry(
        level=AreaLevel.COMMUNE,
        title=Title.LEARNING_HOUSEHOLD,
        count=ShareBase.RECOGNISED,
        levels=("ok",),
        at_least=2,
    ),
    AreasEntry(
        level=AreaLevel.VILLAGE,
        title=Title.LEARNING_COMMUNITY,
        count=ShareBase.RECOGNISED,
        levels=("ok",),
        counted=CountedIn.ITSELF,
    ),
    AreasEntry(
        level=AreaLevel.COMMUNE,
        title=Title.LEARNING_COMMUNITY,
        count=ShareBase.REGISTERED,
        counted=CountedIn.ITSELF,
    ),
)
"""Each kind of measure, with each step, with levels and with conditions on what differs."""

_L = AreaLevel
AREAS = AreaTree(
    [
        Area(code="01", name="Tỉnh", level=_L.PROVINCE),
        Area(code="00001", name="Xã A", level=_L.COMMUNE, parent="01"),
        Area(code="00004", name="Xã B", level=_L.COMMUNE, parent="01"),
        Area(code="a1", name="Thôn 1", level=_L.VILLAGE, parent="00001"),
        Area(code="a2", name="Thôn 2", level=_L.VILLAGE, parent="00001"),
        Area(code="b1", name="Thôn 3", level=_L.VILLAGE, parent="00004"),
    ]
)
_VILLAGES, _COMMUNES = ("a1", "a2", "b1"), ("00001", "00004")
_maybe = st.sampled_from([None, True, False])


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Return one record; ids are few, so that draws meet, move and replace one another."""
    kind = draw(st.sampled_from(list(Title)))
    facts: dict[str, Any] = {"own": draw(_maybe)}
    subject: Citizen | Household | Clan | Unit | Community
    if kind is Title.LEARNING_CITIZEN:
        facts = {
            "score": draw(st.none() | st.integers(0, 11)),
            "age": draw(st.none() | st.integers(15, 20)),
        }
        subject = Citizen(
            id=f"c{draw(st.integers(0, 6))}",
            household=f"h{draw(st.integers(0, 2))}",
            unit=draw(st.sampled_from([None, "u0", "u1"])),
        )
    elif kind is Title.LEARNING_HOUSEHOLD:
        subject = Household(
            id=f"h{draw(st.integers(0, 2))}",
            village=draw(st.sampled_from([*_VILLAGES, "nowhere"])),
            clan=draw(st.sampled_from([None, "d0"])),
        )
    elif kind is Title.LEARNING_CLAN:
        subject = Clan("d0", draw(st.sampled_from(_COMMUNES)))
    elif kind is Title.LEARNING_UNIT:
        subject = Unit(
            id=f"u{draw(st.integers(0, 1))}",
            name="Đơn vị",
            kind=UnitKind.SCHOOL,
            managed_by=ManagedBy.COMMUNE,
            commune=draw(st.sampled_from(_COMMUNES)),
        )
    else:
        code = draw(st.sampled_from([*_VILLAGES, *_COMMUNES]))
        subject = Community(code, _L.VILLAGE if code in _VILLAGES else _L.COMMUNE)
        if code in _VILLAGES:
            level = draw(st.sampled_from([None, None, "good", "fair", "none", "wrong"]))
            facts |= {"plan": draw(_maybe), "lower": level, "reached": draw(_maybe)}
    members = draw(st.none() | st.integers(0, 3))
    return Record(
        subject=subject,
        facts=facts,
        registered=draw(_maybe),
        answers={"skilled": draw(_maybe)},
        members=None if members is None else {Title.LEARNING_CITIZEN: members},
    )


@st.composite
def area_reports(draw: st.DrawFn) -> AreaReport:
    """Return the counts that some area sends in place of records; they can be."""
    title = draw(st.sampled_from(list(Title)))
    is_area = title is Title.LEARNING_COMMUNITY
    numbers = sorted(draw(st.lists(st.integers(0, 4), min_size=4, max_size=4)), reverse=True)
    total, registered, assessed, recognised = numbers
    open_ones = draw(st.integers(0, assessed - recognised))
    given = {
        "total": total,
        "registered": registered,
        "assessed": assessed,
        "recognised": recognised,
        "undetermined": open_ones,
    }
    filled_in = draw(st.sets(st.sampled_from(sorted(given)), min_size=1))
    return AreaReport(
        area=draw(st.sampled_from(["01", *_COMMUNES, *_VILLAGES])),
        title=title,
        counts=Counts(**{name: number for name, number in given.items() if name in filled_in}),
        level=draw(st.sampled_from([_L.VILLAGE, _L.COMMUNE])) if is_area else None,
    )


Totals = dict[tuple[str, Title], int]
totals = st.dictionaries(
    st.tuples(
        st.sampled_from(["01", *_COMMUNES, *_VILLAGES]),
        st.sampled_from([Title.LEARNING_HOUSEHOLD, Title.LEARNING_CITIZEN]),
    ),
    st.integers(0, 4),
    max_size=3,
)


def measures_of(run: Run, by: AreaLevel) -> dict[Measure, tuple[AreaMeasurement, ...]]:
    """Return every measure of which a run can tell, in the areas of a level."""
    rows_by_measure = {}
    for measure in MEASURES:
        try:
            rows_by_measure[measure] = run.measure(
                measure, by=by, level=_L.VILLAGE, inputs=[SKILLED]
            )
        except CampaignError:
            continue
    return rows_by_measure
