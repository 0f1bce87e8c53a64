"""Codes and ids: opaque text, with one type for each kind.

Nothing is derived from an id. A personal identity number contains sex, year and place of birth,
household ids differ between systems, and the length of an area code does not determine its level.
"""

from __future__ import annotations

from typing import NewType

from xhht.domain._fields import text_of

__all__ = [
    "ID",
    "MAX_ID_LENGTH",
    "AreaCode",
    "CitizenId",
    "ClanId",
    "HouseholdId",
    "LevelId",
    "SubjectId",
    "UnitId",
]

AreaCode = NewType("AreaCode", str)
"""The code of a nation, province, district or commune, or the user's own code of a village."""
CitizenId = NewType("CitizenId", str)
"""A person's id in the user's system, preferably a pseudonym."""
HouseholdId = NewType("HouseholdId", str)
"""A household's id in the user's system."""
ClanId = NewType("ClanId", str)
"""A clan's id in the user's system."""
UnitId = NewType("UnitId", str)
"""A unit's id in the user's system."""
SubjectId = NewType("SubjectId", str)
"""The id or code of the subject of a title."""
LevelId = NewType("LevelId", str)
"""The id of a level of a criteria profile."""

MAX_ID_LENGTH = 100
"""The maximum number of characters of a code or an id."""

ID = text_of(MAX_ID_LENGTH)
"""The rule for codes and ids."""
