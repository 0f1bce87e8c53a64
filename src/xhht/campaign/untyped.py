"""Untyped facts of a table: cells that are converted once the subject's profile is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from xhht.criteria.profile import Profile
from xhht.errors import FactsError
from xhht.evaluation.fact_io import fact_from_text
from xhht.numbers import Convention
from xhht.rules.inputs import Input

__all__ = ["FactColumns", "UntypedFacts"]

_MAX_CACHED = 10_000
"""The maximum number of cached values of an input; most inputs have only a few."""


class FactColumns:
    """The columns of a table that hold facts, and their conversion for each profile.

    Args:
        columns: the columns of the cells, in their order.
        numbers: the number format.
    """

    def __init__(self, columns: Sequence[str], numbers: Convention) -> None:
        self._place = {name: index for index, name in enumerate(columns)}
        self._numbers = numbers
        self._by_profile: dict[Profile, tuple[_Column, ...]] = {}

    def facts(self, cells: Sequence[str], profile: Profile) -> dict[str, object]:
        """Return cells as facts for the inputs of a profile; a blank cell is unknown.

        Raises:
            FactsError: a cell is not a value of its input's type.
        """
        columns = self._by_profile.get(profile)
        if columns is None:
            columns = self._by_profile[profile] = self._columns(profile)
        facts = {}
        for column in columns:
            cell = cells[column.place]
            if cell:
                facts[column.declared.name] = column.value(cell, self._numbers)
        return facts

    def _columns(self, profile: Profile) -> tuple[_Column, ...]:
        inputs = dict.fromkeys(declared.declared_input for declared in profile.plan.inputs)
        known = (declared for declared in inputs if declared.name in self._place)
        return tuple(_Column(self._place[declared.name], declared) for declared in known)


@frozen
class _Column:
    """A column of cells for one input, with a cache of converted values."""

    place: int
    declared: Input
    cache: dict[str, object] = field(factory=dict)

    def value(self, cell: str, numbers: Convention) -> object:
        value = self.cache.get(cell)
        if value is None:
            value = fact_from_text(self.declared, cell, numbers)
            if len(self.cache) < _MAX_CACHED:
                self.cache[cell] = value
        return value


@frozen
class UntypedFacts:
    """The untyped facts of one subject.

    Attributes:
        layout: the columns.
        cells: the subject's cells.
        error: the error in a cell of the row that is not a fact, if any.
    """

    layout: FactColumns = field(repr=False)
    cells: tuple[str, ...] = field(repr=False)
    error: FactsError | None = field(default=None, repr=False)

    def read(self, profile: Profile) -> Mapping[str, object]:
        """Return the facts for a profile; raises FactsError if a cell is invalid."""
        if self.error is not None:
            raise self.error.with_traceback(None)
        return self.layout.facts(self.cells, profile)
