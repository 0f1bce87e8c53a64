"""Subjects of titles: citizens, households, clans, units and communities.

Each refers to what it belongs to by id or code. A citizen belongs to a household and optionally to
a unit; a household to a village and optionally to a clan; clans, villages and units to a commune.
"""

from __future__ import annotations

from datetime import date
from typing import NewType

from attrs import field, frozen

from xhht.domain.titles import AreaLevel, ManagedBy, UnitKind
from xhht.domain.validators import (
    DAY,
    NAME,
    NATIONAL_ID,
    Rule,
    clean,
    clean_or_none,
    one_of,
    text_of,
)
from xhht.text import Text

__all__ = [
    "ID",
    "MAX_ID_LENGTH",
    "AreaCode",
    "Citizen",
    "CitizenId",
    "Clan",
    "ClanId",
    "Community",
    "Household",
    "HouseholdId",
    "LevelId",
    "SubjectId",
    "Unit",
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


@frozen(kw_only=True)
class Citizen:
    """A person. Only the id and the household are required; personal data is not in `repr`.

    Attributes:
        id: the person's id in the user's system.
        household: the household of the person.
        unit: the unit of the person, if any.
        name: full name.
        birth_date: date of birth.
        national_id: 12 digits, or 9 of the old identity card; nothing is derived from it.

    >>> Citizen(id="c1", household="h1", name="Nguyễn Văn A")
    Citizen(id='c1', household='h1', unit=None)
    """

    id: CitizenId = field(converter=clean, validator=ID)
    household: HouseholdId = field(converter=clean, validator=ID)
    unit: UnitId | None = field(default=None, converter=clean_or_none, validator=ID.or_none)
    name: str | None = field(
        default=None, converter=clean_or_none, validator=NAME.or_none, repr=False
    )
    birth_date: date | None = field(default=None, validator=DAY.or_none, repr=False)
    national_id: str | None = field(
        default=None, converter=clean_or_none, validator=NATIONAL_ID.or_none, repr=False
    )


@frozen(kw_only=True)
class Household:
    """A household of a village.

    Attributes:
        id: the household's id in the user's system.
        village: the code of its village.
        clan: its clan, if any.
        head: the head of the household, if known.
    """

    id: HouseholdId = field(converter=clean, validator=ID)
    village: AreaCode = field(converter=clean, validator=ID)
    clan: ClanId | None = field(default=None, converter=clean_or_none, validator=ID.or_none)
    head: CitizenId | None = field(default=None, converter=clean_or_none, validator=ID.or_none)


@frozen
class Clan:
    """A clan (lineage) of a commune.

    >>> Clan("d1", "22969").commune
    '22969'
    """

    id: ClanId = field(converter=clean, validator=ID)
    commune: AreaCode = field(converter=clean, validator=ID)


@frozen(kw_only=True)
class Unit:
    """An agency, school, enterprise or cooperative.

    Attributes:
        id: the unit's id in the user's system, or its electronic agency code.
        name: its name.
        kind: the kind of organisation.
        managed_by: the level of the authority that manages it.
        commune: the code of its commune.
    """

    id: UnitId = field(converter=clean, validator=ID)
    name: str = field(converter=clean, validator=NAME)
    kind: UnitKind = field(validator=one_of(UnitKind))
    managed_by: ManagedBy = field(validator=one_of(ManagedBy))
    commune: AreaCode = field(converter=clean, validator=ID)


def _not_a_community_level(value: object) -> Text | None:
    is_level = isinstance(value, AreaLevel) and value is not AreaLevel.NATION
    return None if is_level else _NO_COMMUNITY


_NO_COMMUNITY = Text(
    vi="phải là AreaLevel của thôn, xã, huyện hoặc tỉnh: village, commune, district, province.",
    en="must be the AreaLevel village, commune, district or province.",
)


@frozen
class Community:
    """A village, commune, district or province as the subject of a title.

    >>> Community("22969", AreaLevel.COMMUNE).level.label.vi
    'xã'
    """

    area: AreaCode = field(converter=clean, validator=ID)
    level: AreaLevel = field(validator=Rule(_not_a_community_level))
