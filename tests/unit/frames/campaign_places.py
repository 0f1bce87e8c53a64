"""A village in a commune, and profiles of a household and a commune that rest on others."""

from __future__ import annotations

from xhht import Profile, loads_profile
from xhht.domain import Area, AreaLevel, AreaTree

AREAS = AreaTree(
    [
        Area(code="a", name="Xã A", level=AreaLevel.COMMUNE),
        Area(code="a1", name="Thôn 1", level=AreaLevel.VILLAGE, parent="a"),
    ]
)


def _profile(title: str, of: str) -> Profile:
    return loads_profile(f"""
format: 1
id: test.{title.replace("_", "-")}
version: 1.0.0
status: active
title: {title}
name: {{vi: Thử, en: Test}}
provenance: illustrative
inputs:
  own: {{type: bool, label: {{vi: Riêng, en: Own}}}}
  part:
    type: share
    label: {{vi: Phần, en: Part}}
    members: {{title: {of}, take: share}}
criteria:
  - {{id: "1", indicators: [{{id: "1.1", points: 10, met_when: part >= 50% or own}}]}}
levels:
  - {{id: ok, name: {{vi: Đạt, en: OK}}, when: points >= 10}}
""")


HOUSEHOLD = _profile("learning_household", "learning_citizen")
COMMUNITY = _profile("learning_community", "learning_household")
