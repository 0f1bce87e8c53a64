"""Counts the transitions of a population in a file between two profiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from xhht.criteria.changes import ProfileChanges
from xhht.domain.areas import AreaLevel, AreaTree
from xhht.frames import compare
from xhht.frames.files import (
    ROW,
    Scanned,
    counts_by_kind,
    polars_errors_as_table_errors,
    scan_table,
)
from xhht.numbers import Convention
from xhht.reporting.comparisons import transitions_text
from xhht.reporting.table_evaluation import NO_PROGRESS, ProgressObserver, ignore_warning
from xhht.rollup.transitions import SubjectOutcome, Transition, Transitions
from xhht.tables.facts import unknown_columns_warning
from xhht.text import Lang, Text

__all__ = ["PopulationPreview", "preview_population"]

_AREA, _ID = "area", "id"


@frozen(kw_only=True)
class PopulationPreview:
    """The transitions of a population between two profiles.

    Attributes:
        transitions: the transitions.
        names: the names of the groups, or None if there are no groups.
        outside: the number of rows in no area of the requested level.
    """

    transitions: Transitions
    names: Mapping[str, str] | None
    outside: int = 0

    @property
    def rejected(self) -> int:
        """The number of rows that cannot be evaluated under one or both profiles."""
        cells = self.transitions.cells
        return sum(c.number for c in cells if SubjectOutcome(None) in (c.old, c.new))

    def to_dict(self, lang: Lang) -> dict[str, Any]:
        """Return the preview as JSON data."""
        return dict(self.transitions.to_dict(lang, names=self.names))

    def text(self, lang: Lang) -> str:
        """Return the preview as text."""
        return transitions_text(self.transitions, self.names, lang)


def preview_population(
    changes: ProfileChanges,
    path: Path,
    *,
    as_of: date,
    by: str | None = None,
    tree: AreaTree | None = None,
    code_level: AreaLevel | None = None,
    sheet: str | None = None,
    numbers: Convention = Convention.PLAIN,
    progress: ProgressObserver = NO_PROGRESS,
    warn: Callable[[Text], None] = ignore_warning,
) -> PopulationPreview:
    """Return the transitions of a population between two profiles of one title.

    Args:
        changes: the two profiles.
        path: a CSV, Parquet or XLSX file with one row per subject.
        as_of: the evaluation date.
        by: the column of the groups; with areas, their level.
        tree: the areas, or None.
        code_level: the level of the codes in column area, to restore leading zeros.
        sheet: the sheet of a workbook, or None.
        numbers: the number format of texts.
        progress: is told of the rows that are read.
        warn: is called with warnings about the table.

    Raises:
        TableError: the table cannot be read.
    """
    column = by if tree is None else _AREA
    with polars_errors_as_table_errors():
        scanned = scan_table(
            path,
            (changes.old, changes.new),
            numbers=numbers,
            sheet=sheet,
            level=code_level,
            progress=progress.advance,
        )
        unknown_columns = unknown_columns_warning(
            scanned.columns, _known_columns(changes, scanned, column)
        )
        for note in (*scanned.notes, *([unknown_columns] if unknown_columns else [])):
            warn(note)
        transitions = compare(
            changes.old,
            changes.new,
            scanned.frame.drop(ROW),
            as_of=as_of,
            by=column,
            id=_id_column(changes, scanned),
            numbers=numbers,
        )
        unreadable = _unreadable_rows(scanned, column)
        transitions = evolve(transitions, cells=(*transitions.cells, *unreadable)).merged()
        for note in scanned.warnings(counts_by_kind(scanned.row_kinds.collect(engine="streaming"))):
            warn(note)
    if tree is None:
        return PopulationPreview(transitions=transitions, names=None if by is None else {})
    return _group_by_level(transitions, tree, AreaLevel(by or AreaLevel.NATION))


def _known_columns(changes: ProfileChanges, scanned: Scanned, by: str | None) -> set[str]:
    """Return the known columns; `NAME__low` and the like belong to an input."""
    inputs = {*changes.old.document.inputs, *changes.new.document.inputs}
    parts = {name for name in scanned.columns if name.partition("__")[0] in inputs}
    return {*inputs, *parts, _AREA, _ID, *([by] if by else [])}


def _id_column(changes: ProfileChanges, scanned: Scanned) -> str | None:
    inputs = {*changes.old.document.inputs, *changes.new.document.inputs}
    return _ID if _ID in scanned.columns and _ID not in inputs else None


def _unreadable_rows(scanned: Scanned, by: str | None) -> list[Transition]:
    """Return the invalid rows, which neither profile can evaluate."""
    import polars as pl

    group = pl.lit(None, pl.String) if by is None else pl.col(by).cast(pl.String)
    counts = scanned.invalid.group_by(group.alias("group")).len().collect(engine="streaming")
    not_evaluated = SubjectOutcome(None)
    return [
        Transition(group=name, old=not_evaluated, new=not_evaluated, number=number)
        for name, number in counts.iter_rows()
    ]


def _group_by_level(
    transitions: Transitions, tree: AreaTree, level: AreaLevel
) -> PopulationPreview:
    """Return the transitions by the areas of a level."""
    group_of = {}
    for code in {cell.group for cell in transitions.cells}:
        area = tree.up(code, level) if code is not None and code in tree else None
        group_of[code] = str(area.code) if area else None
    grouped = transitions.grouped(group_of)
    outside = sum(cell.number for cell in grouped.cells if cell.group is None)
    names = {code: tree[code].name for code in group_of.values() if code is not None}
    return PopulationPreview(transitions=grouped, names=names, outside=outside)
