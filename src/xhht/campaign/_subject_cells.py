"""The cells of a row that identify and locate a subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final, TypeVar

from attrs import frozen

from xhht.campaign.society import Subject
from xhht.domain.areas import AreaTree
from xhht.domain.ids import AreaCode, CitizenId, ClanId, HouseholdId, UnitId
from xhht.domain.people import Citizen, Clan, Community, Household, Unit
from xhht.domain.titles import ManagedBy, Title, UnitKind
from xhht.rollup.area_cells import AreaResolver
from xhht.rollup.cells import CellError, blank_cell
from xhht.rollup.faults import FaultCode, FileKind
from xhht.tabular import Row
from xhht.text import Text, match_key

__all__ = ["KINDS", "SubjectCells", "SubjectKind"]

_S = TypeVar("_S", bound=StrEnum)


@frozen
class SubjectCells:
    """One row and the reader of its codes; its methods raise CellError."""

    row: Row
    areas: AreaResolver
    tree: AreaTree

    def text(self, column: str) -> str:
        """Return a required cell."""
        cell = self.row.cells[column]
        if not cell:
            raise CellError(FaultCode.MISSING, column, blank_cell(column))
        return cell

    def text_or_none(self, column: str) -> str | None:
        """Return an optional cell; its column may be missing."""
        return self.row.cells.get(column) or None

    def code(self, column: str) -> AreaCode:
        """Return the code of an area."""
        return AreaCode(self.areas.code(self.row, column))

    def option(self, column: str, options: Mapping[str, _S]) -> _S:
        """Return one of some options, by identifier or Vietnamese name."""
        option = options.get(match_key(self.text(column)))
        if option is None:
            text = _NO_OPTION.format(
                field=column, options=", ".join(dict.fromkeys(options.values()))
            )
            raise CellError(FaultCode.UNKNOWN_OPTION, column, text)
        return option


@frozen
class SubjectKind:
    """The format of a table of subjects of one title.

    Attributes:
        title: the title that they may earn.
        needed: the required columns.
        optional: the optional columns.
        place: the column that locates a subject.
        subject: creates the subject of a row; raises CellError and DomainError.
    """

    title: Title
    needed: tuple[str, ...]
    optional: tuple[str, ...]
    place: str
    subject: Callable[[SubjectCells], Subject]


def _citizen(cells: SubjectCells) -> Citizen:
    unit = cells.text_or_none("unit")
    return Citizen(
        id=CitizenId(cells.text("id")),
        household=HouseholdId(cells.text("household")),
        unit=None if unit is None else UnitId(unit),
    )


def _household(cells: SubjectCells) -> Household:
    clan = cells.text_or_none("clan")
    return Household(
        id=HouseholdId(cells.text("id")),
        village=cells.code("village"),
        clan=None if clan is None else ClanId(clan),
    )


def _clan(cells: SubjectCells) -> Clan:
    return Clan(ClanId(cells.text("id")), cells.code("commune"))


def _unit(cells: SubjectCells) -> Unit:
    return Unit(
        id=UnitId(cells.text("id")),
        name=cells.text_or_none("name") or cells.text("id"),
        kind=cells.option("kind", _UNIT_KINDS),
        managed_by=cells.option("managed_by", _MANAGERS),
        commune=cells.code("commune"),
    )


def _community(cells: SubjectCells) -> Community:
    code = cells.code("area")
    return Community(code, cells.tree[code].level)


_UNIT_KINDS = {match_key(name): kind for kind in UnitKind for name in (kind, kind.label.vi)}
_MANAGERS = {match_key(name): level for level in ManagedBy for name in (level, level.label.vi)}

KINDS: Final[Mapping[FileKind, SubjectKind]] = {
    FileKind.CITIZENS: SubjectKind(
        Title.LEARNING_CITIZEN, ("id", "household"), ("unit",), "household", _citizen
    ),
    FileKind.HOUSEHOLDS: SubjectKind(
        Title.LEARNING_HOUSEHOLD, ("id", "village"), ("clan",), "village", _household
    ),
    FileKind.CLANS: SubjectKind(Title.LEARNING_CLAN, ("id", "commune"), (), "commune", _clan),
    FileKind.UNITS: SubjectKind(
        Title.LEARNING_UNIT, ("id", "commune", "managed_by", "kind"), ("name",), "commune", _unit
    ),
    FileKind.COMMUNITIES: SubjectKind(Title.LEARNING_COMMUNITY, ("area",), (), "area", _community),
}
"""By which table lists them."""

_NO_OPTION = Text(
    vi="Ô {field} phải là một trong: {options}.",
    en="The cell {field} must be one of: {options}.",
)
