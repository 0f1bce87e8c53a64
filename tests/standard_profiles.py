"""Profiles that rest on one another: a commune, and standards of education."""

from __future__ import annotations

from xhht import Profile, loads_profile

COMMON = """\
format: 1
version: 1.0.0
status: draft
provenance: illustrative
"""
LITERACY = (
    COMMON
    + """\
id: test.literacy
title: x.vn.literacy
name: {vi: Xóa mù chữ, en: Literacy}
inputs:
  literate: {type: count, min: 0, max: 100, label: {vi: Số người biết chữ, en: Literate adults}}
criteria:
  - id: "1"
    indicators: [{id: "1.1", points: 10, met_when: literate >= 90}]
levels:
  - {id: level_1, name: {vi: Mức độ 1, en: Level 1}, when: points >= 10}
"""
)
PRIMARY = (
    COMMON
    + """\
id: test.primary
title: x.vn.primary
applies_to: {level: [commune]}
name: {vi: Phổ cập giáo dục tiểu học, en: Universal primary education}
inputs:
  pupils: {type: count, max: 100, label: {vi: Số trẻ đi học, en: Children at school}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, met_when: pupils >= 80}
      - {id: "1.2", points: 10, met_when: pupils >= 90}
levels:
  - {id: level_2, name: {vi: Mức độ 2, en: Level 2}, when: points >= 20}
  - {id: level_1, name: {vi: Mức độ 1, en: Level 1}, when: points >= 10}
"""
)
SECONDARY = (
    COMMON
    + """\
id: test.secondary
title: x.vn.secondary
name: {vi: Phổ cập giáo dục trung học cơ sở, en: Universal lower secondary education}
inputs:
  primary:
    type: choice
    label: {vi: Phổ cập tiểu học, en: Primary education}
    choices:
      level_2: {vi: Mức độ 2, en: Level 2}
      level_1: {vi: Mức độ 1, en: Level 1}
      none: {vi: Chưa đạt, en: Not met}
    result: {title: x.vn.primary, applies_to: {level: [commune]}}
  literacy:
    type: bool
    label: {vi: Xóa mù chữ, en: Literacy}
    result: {title: x.vn.literacy}
  graduates: {type: count, max: 100, label: {vi: Số người tốt nghiệp, en: Graduates}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, met_when: "primary != 'none' and literacy"}
      - {id: "1.2", points: 10, met_when: graduates >= 80}
levels:
  - {id: level_1, name: {vi: Mức độ 1, en: Level 1}, when: points >= 20}
"""
)
COMMUNE = (
    COMMON
    + """\
id: test.commune
title: learning_community
applies_to: {level: [commune]}
name: {vi: Cộng đồng học tập, en: Learning community}
inputs:
  plan: {type: bool, label: {vi: Có kế hoạch, en: Has a plan}}
  secondary:
    type: bool
    label: {vi: Phổ cập trung học cơ sở, en: Lower secondary education}
    result: {title: x.vn.secondary}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, met_when: plan}
      - {id: "1.2", points: 10, met_when: secondary}
levels:
  - {id: level_1, name: {vi: Mức độ 1, en: Level 1}, when: points >= 20}
"""
)
literacy, primary, secondary, commune = map(loads_profile, (LITERACY, PRIMARY, SECONDARY, COMMUNE))
STANDARDS = [literacy, primary, secondary]


def changed(text: str, old: str, new: str) -> Profile:
    """Return the profile of a changed text."""
    assert old in text
    return loads_profile(text.replace(old, new))
