"""A small society and its profiles: two villages of a commune, households and citizens."""

from __future__ import annotations

from xhht import Profile, loads_profile
from xhht.campaign import Campaign, Record, Run, Society
from xhht.domain.areas import Area, AreaLevel, AreaTree
from xhht.domain.people import Citizen, Household

CITIZEN = """
format: 1
id: test.citizen
version: 1.0.0
status: active
title: learning_citizen
name: {vi: Công dân, en: Citizen}
provenance: illustrative
inputs:
  score: {type: assessed, max: 10, label: {vi: Điểm, en: Score}}
criteria:
  - {id: "1", indicators: [{id: "1.1", points: 10, assessed: score}]}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 8}
"""
HOUSEHOLD = """
format: 1
id: test.household
version: 1.0.0
status: active
title: learning_household
name: {vi: Gia đình, en: Household}
provenance: illustrative
inputs:
  part: {type: share, label: {vi: A, en: A}, members: {title: learning_citizen, take: share}}
criteria:
  - {id: "1", indicators: [{id: "1.1", points: 10, met_when: part >= 50%}]}
levels:
  - {id: ok, name: {vi: Đạt, en: OK}, when: points >= 10}
"""
VILLAGE = """
format: 1
id: test.village
version: 1.0.0
status: active
title: learning_community
applies_to: {level: [village]}
name: {vi: Thôn, en: Village}
provenance: illustrative
inputs:
  part: {type: share, label: {vi: A, en: A}, members: {title: learning_household, take: share}}
criteria:
  - {id: "1", indicators: [{id: "1.1", points: 10, met_when: part >= 50%}]}
levels:
  - {id: ok, name: {vi: Đạt, en: OK}, when: points >= 10}
"""
PROFILES = tuple(map(loads_profile, (CITIZEN, HOUSEHOLD, VILLAGE)))
L = AreaLevel
AREAS = AreaTree(
    [
        Area(code="01", name="Tỉnh", level=L.PROVINCE),
        Area(code="00001", name="Xã", level=L.COMMUNE, parent="01"),
        Area(code="a1", name="Thôn 1", level=L.VILLAGE, parent="00001"),
        Area(code="a2", name="Thôn 2", level=L.VILLAGE, parent="00001"),
    ]
)


def household(number: int, village: str = "a1", **more: object) -> Record:
    return Record(subject=Household(id=f"h{number}", village=village), **more)  # type: ignore[arg-type]


def citizen(number: int, score: int | None, home: int = 0, **more: object) -> Record:
    return Record(
        subject=Citizen(id=f"c{number}", household=f"h{home}"),
        facts={"score": score},
        **more,  # type: ignore[arg-type]
    )


def begun(*records: Record, profiles: tuple[Profile, ...] = PROFILES, **more: object) -> Run:
    campaign = Campaign(2023, profiles, AREAS, illustrative=True)
    return campaign.run(Society(records=records, **more))  # type: ignore[arg-type]
