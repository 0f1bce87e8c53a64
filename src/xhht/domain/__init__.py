"""Citizens, households, clans, units, communities and areas, their titles and what is on record.

All classes are frozen, their text is in NFC, and neither `repr` nor an error shows a person's data.
"""

from __future__ import annotations

from xhht.domain.areas import (
    OFFICIAL_WIDTHS,
    Area,
    AreaFault,
    AreaFaultCode,
    AreaTree,
    repad,
)
from xhht.domain.convert import from_dict, make_converter, to_dict
from xhht.domain.ids import (
    MAX_ID_LENGTH,
    AreaCode,
    CitizenId,
    ClanId,
    HouseholdId,
    LevelId,
    SubjectId,
    UnitId,
)
from xhht.domain.legal import LegalBasis, document_number
from xhht.domain.people import Citizen, Clan, Community, Household, Unit
from xhht.domain.records import Recognition, Registration
from xhht.domain.titles import AreaLevel, ManagedBy, Title, UnitKind

__all__ = [
    "MAX_ID_LENGTH",
    "OFFICIAL_WIDTHS",
    "Area",
    "AreaCode",
    "AreaFault",
    "AreaFaultCode",
    "AreaLevel",
    "AreaTree",
    "Citizen",
    "CitizenId",
    "Clan",
    "ClanId",
    "Community",
    "Household",
    "HouseholdId",
    "LegalBasis",
    "LevelId",
    "ManagedBy",
    "Recognition",
    "Registration",
    "SubjectId",
    "Title",
    "Unit",
    "UnitId",
    "UnitKind",
    "document_number",
    "from_dict",
    "make_converter",
    "repad",
    "to_dict",
]
