"""Citizens, households, clans, units, communities and areas, with titles and recognitions.

All classes are frozen and their text is in NFC. Neither `repr` nor errors contain personal data.
"""

from __future__ import annotations

from xhht.domain.area_changes import AreaChange, ChangeKind
from xhht.domain.area_checks import AreaIssue as AreaFault
from xhht.domain.area_checks import ChangeIssue as ChangeFault
from xhht.domain.area_names import (
    AreaMatch,
    AreaNames,
    AreaQuestion,
    AreaReading,
    QuestionReason,
)
from xhht.domain.areas import OFFICIAL_WIDTHS, Area, AreaTree, repad
from xhht.domain.concordance import Concordance, NotKnown, Source, Sources, Split, Whole
from xhht.domain.convert import from_dict, make_converter, to_dict
from xhht.domain.legal import LegalBasis, document_number
from xhht.domain.people import (
    MAX_ID_LENGTH,
    AreaCode,
    Citizen,
    CitizenId,
    Clan,
    ClanId,
    Community,
    Household,
    HouseholdId,
    LevelId,
    SubjectId,
    Unit,
    UnitId,
)
from xhht.domain.recognitions import Recognition, Registration, ValidityStart
from xhht.domain.register import HeldTitle, Lapse, Standing, TitleRegister, Upgradable, UpgradeRule
from xhht.domain.titles import AreaLevel, ManagedBy, Title, UnitKind
from xhht.issues import RowIssueCode as AreaFaultCode
from xhht.issues import RowIssueCode as ChangeFaultCode

__all__ = [
    "MAX_ID_LENGTH",
    "OFFICIAL_WIDTHS",
    "Area",
    "AreaChange",
    "AreaCode",
    "AreaFault",
    "AreaFaultCode",
    "AreaLevel",
    "AreaMatch",
    "AreaNames",
    "AreaQuestion",
    "AreaReading",
    "AreaTree",
    "ChangeFault",
    "ChangeFaultCode",
    "ChangeKind",
    "Citizen",
    "CitizenId",
    "Clan",
    "ClanId",
    "Community",
    "Concordance",
    "HeldTitle",
    "Household",
    "HouseholdId",
    "Lapse",
    "LegalBasis",
    "LevelId",
    "ManagedBy",
    "NotKnown",
    "QuestionReason",
    "Recognition",
    "Registration",
    "Source",
    "Sources",
    "Split",
    "Standing",
    "SubjectId",
    "Title",
    "TitleRegister",
    "Unit",
    "UnitId",
    "UnitKind",
    "Upgradable",
    "UpgradeRule",
    "ValidityStart",
    "Whole",
    "document_number",
    "from_dict",
    "make_converter",
    "repad",
    "to_dict",
]
