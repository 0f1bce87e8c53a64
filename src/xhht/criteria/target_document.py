"""The format of a targets file as typed classes: one programme and its targets.

As for profiles, the classes define the format.
"""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from xhht.criteria import document as doc
from xhht.domain.titles import AreaLevel, Title
from xhht.text import LabelledEnum, Text

__all__ = [
    "AreaScope",
    "AreasEntry",
    "ConditionEntry",
    "CountedIn",
    "MeasureEntry",
    "RateEntry",
    "ScopeEntry",
    "ShareBase",
    "TargetEntry",
    "TargetsDocument",
]

DENOMINATOR = r"of_(total|registered|assessed)"


class AreaScope(LabelledEnum):
    """The places of its area that a target applies to."""

    ALL = "all", "mọi nơi", "everywhere"
    DISADVANTAGED = (
        "disadvantaged",
        "vùng núi, vùng sâu, vùng xa, vùng đặc biệt khó khăn",
        "mountainous, remote and especially difficult areas",
    )


class ShareBase(StrEnum):
    """The subjects of a title that form a denominator."""

    TOTAL = "total"
    REGISTERED = "registered"
    ASSESSED = "assessed"
    RECOGNISED = "recognised"


class CountedIn(StrEnum):
    """Whether an area counts by the subjects inside it or by its own title."""

    INSIDE = "inside"
    ITSELF = "itself"


@frozen(kw_only=True)
class RateEntry:
    """The share of recognised subjects of a title; `applies_to` and `where` select some of them."""

    title: Title
    of: str = doc.text_field(DENOMINATOR)
    levels: tuple[str, ...] | None = None
    applies_to: dict[str, tuple[str, ...]] | None = None
    where: doc.Expression | None = None

    @property
    def is_selective(self) -> bool:
        """Whether only some subjects of the title are included."""
        return self.where is not None or self.applies_to is not None

    profile: str | None = doc.text_field(doc.PROFILE_ID, default=None)


@frozen(kw_only=True)
class ConditionEntry:
    """The share of subjects of a title that meet a condition."""

    title: Title
    among: ShareBase
    applies_to: dict[str, tuple[str, ...]] | None = None
    when: doc.Expression
    profile: str | None = doc.text_field(doc.PROFILE_ID, default=None)


@frozen(kw_only=True)
class AreasEntry:
    """The share or number of areas of a level that have enough subjects of a title."""

    level: AreaLevel
    title: Title
    count: ShareBase
    at_least: int = 1
    levels: tuple[str, ...] | None = None
    counted: CountedIn = CountedIn.INSIDE


@frozen(kw_only=True)
class MeasureEntry:
    """What is measured; exactly one key is set."""

    rate: RateEntry | None = None
    condition: ConditionEntry | None = None
    areas: AreasEntry | None = None
    external: bool | None = None


@frozen(kw_only=True)
class ScopeEntry:
    """Where a target applies."""

    level: AreaLevel
    area: str | None = None
    places: AreaScope = AreaScope.ALL


@frozen(kw_only=True)
class TargetEntry:
    """One target, with either `share` or `count`."""

    id: str = doc.text_field(doc.IDENTIFIER)
    text: Text
    measure: MeasureEntry
    deadline: doc.RawValue
    share: doc.RawValue | None = None
    count: int | None = None
    scope: ScopeEntry
    provenance: doc.Provenance | None = None
    source: str | None = doc.text_field(doc.URL, default=None)
    note: Text | None = None


@frozen(kw_only=True)
class TargetsDocument:
    """A whole file."""

    format: int
    id: str = doc.text_field(doc.PROFILE_ID)
    version: str = doc.text_field(doc.VERSION)
    status: doc.ProfileStatus
    name: Text
    legal_basis: doc.LegalEntry
    provenance: doc.Provenance
    note: Text | None = None
    changes: tuple[doc.ChangeEntry, ...] | None = None
    inputs: dict[str, doc.InputEntry] | None = None
    targets: tuple[TargetEntry, ...]
