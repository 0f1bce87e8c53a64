"""A targets file as typed classes: one programme, what it sets out to reach, and by when.

As with profiles, the classes are the definition of the format.
"""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from xhht.criteria.document import (
    IDENTIFIER,
    PROFILE_ID,
    URL,
    Expression,
    InputEntry,
    LegalEntry,
    Provenance,
    RawValue,
    _text,
)
from xhht.domain.titles import AreaLevel, Title
from xhht.text import Text

__all__ = [
    "Among",
    "AreasEntry",
    "ConditionEntry",
    "CountedIn",
    "MeasureEntry",
    "Places",
    "RateEntry",
    "ScopeEntry",
    "TargetEntry",
    "TargetsDocument",
]

DENOMINATOR = r"of_(total|registered|assessed)"


class Places(StrEnum):
    """Which places of its area a target speaks of."""

    ALL = "all"
    DISADVANTAGED = "disadvantaged"

    @property
    def label(self) -> Text:
        """How people name them."""
        return _PLACES[self]


class Among(StrEnum):
    """The subjects of a title that a share is taken of."""

    TOTAL = "total"
    REGISTERED = "registered"
    ASSESSED = "assessed"
    RECOGNISED = "recognised"


class CountedIn(StrEnum):
    """Whether an area counts by the subjects inside it or by what it is itself."""

    INSIDE = "inside"
    ITSELF = "itself"


@frozen(kw_only=True)
class RateEntry:
    """The share of a title's subjects that are recognised; with `where`, only of some of them."""

    title: Title
    of: str = _text(DENOMINATOR)
    levels: tuple[str, ...] | None = None
    where: Expression | None = None
    profile: str | None = _text(PROFILE_ID, default=None)


@frozen(kw_only=True)
class ConditionEntry:
    """The share of a title's subjects for whom a condition holds."""

    title: Title
    among: Among
    when: Expression
    profile: str | None = _text(PROFILE_ID, default=None)


@frozen(kw_only=True)
class AreasEntry:
    """The share or number of areas of a level that count enough subjects of a title."""

    level: AreaLevel
    title: Title
    count: Among
    at_least: int = 1
    levels: tuple[str, ...] | None = None
    counted: CountedIn = CountedIn.INSIDE


@frozen(kw_only=True)
class MeasureEntry:
    """What is measured; it has just one of these keys."""

    rate: RateEntry | None = None
    condition: ConditionEntry | None = None
    areas: AreasEntry | None = None
    external: bool | None = None


@frozen(kw_only=True)
class ScopeEntry:
    """Where a target holds."""

    level: AreaLevel
    area: str | None = None
    places: Places = Places.ALL


@frozen(kw_only=True)
class TargetEntry:
    """One target: of `share` and `count` it has just one."""

    id: str = _text(IDENTIFIER)
    text: Text
    measure: MeasureEntry
    deadline: RawValue
    share: RawValue | None = None
    count: int | None = None
    scope: ScopeEntry
    provenance: Provenance | None = None
    source: str | None = _text(URL, default=None)
    note: Text | None = None


@frozen(kw_only=True)
class TargetsDocument:
    """A whole file."""

    format: int
    id: str = _text(PROFILE_ID)
    name: Text
    legal_basis: LegalEntry
    provenance: Provenance
    note: Text | None = None
    inputs: dict[str, InputEntry] | None = None
    targets: tuple[TargetEntry, ...]


_PLACES = {
    Places.ALL: Text(vi="mọi nơi", en="everywhere"),
    Places.DISADVANTAGED: Text(
        vi="vùng núi, vùng sâu, vùng xa, vùng đặc biệt khó khăn",
        en="mountainous, remote and especially difficult areas",
    ),
}
