"""Reads a population for `xhht compare`, and counts its transitions between two profiles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from xhht.cli._common import fail, warn
from xhht.cli._facts import unknown_columns_warning
from xhht.cli._progress import progress_bar
from xhht.cli._tables import load_areas
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
from xhht.numbers import Convention, number_text
from xhht.reporting.comparisons import transitions_text
from xhht.rollup.transitions import SubjectOutcome, Transition, Transitions
from xhht.text import Lang, Text

_AREA, _ID = "area", "id"


@frozen
class Preview:
    """The transitions of a population, and the names of its groups or None."""

    transitions: Transitions
    names: Mapping[str, str] | None

    @property
    def has_rejected(self) -> bool:
        """Whether one of the profiles cannot evaluate some rows."""
        rejected = SubjectOutcome(None)
        return any(rejected in (cell.old, cell.new) for cell in self.transitions.cells)

    def to_dict(self, lang: Lang) -> dict[str, Any]:
        """Return the preview as JSON data."""
        return dict(self.transitions.to_dict(lang, names=self.names))

    def text(self, lang: Lang) -> str:
        """Return the preview as text."""
        return transitions_text(self.transitions, self.names, lang)


def preview(
    changes: ProfileChanges,
    path: Path,
    *,
    by: str | None,
    areas: str | None,
    level: AreaLevel | None,
    sheet: str | None,
    numbers: Convention,
    day: date,
    lang: Lang,
) -> Preview:
    """Return the transitions of a population between two profiles; raises XhhtError, OSError."""
    if changes.old.title is not changes.new.title:
        fail(_DIFFERENT_TITLES, lang)
    group_level = AreaLevel(by) if areas is not None and by in list(AreaLevel) else None
    if areas is not None and group_level is None:
        fail(_NEEDS_LEVEL, lang)
    tree = None if areas is None else load_areas(areas, lang, on=day).tree
    column = _AREA if group_level else by
    with polars_errors_as_table_errors(), progress_bar(lang) as bar:
        scanned = scan_table(
            path,
            (changes.old, changes.new),
            numbers=numbers,
            sheet=sheet,
            level=level,
            progress=bar.advance,
        )
        unknown_columns = unknown_columns_warning(
            scanned.columns, _known_columns(changes, scanned, column)
        )
        for note in (*scanned.notes, *([unknown_columns] if unknown_columns else [])):
            warn(note, lang)
        transitions = compare(
            changes.old,
            changes.new,
            scanned.frame.drop(ROW),
            as_of=day,
            by=column,
            id=_id_column(changes, scanned),
            numbers=numbers,
        )
        unreadable = _unreadable_rows(scanned, column)
        transitions = evolve(transitions, cells=(*transitions.cells, *unreadable)).merged()
        for note in scanned.warnings(counts_by_kind(scanned.row_kinds.collect(engine="streaming"))):
            warn(note, lang)
    rejected = sum(c.number for c in transitions.cells if SubjectOutcome(None) in (c.old, c.new))
    if rejected:
        warn(_REJECTED.format(number=number_text(rejected, lang)), lang)
    if group_level is None or tree is None:
        return Preview(transitions, None if by is None else {})
    return _group_by_level(transitions, tree, group_level, lang)


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
    transitions: Transitions, tree: AreaTree, level: AreaLevel, lang: Lang
) -> Preview:
    """Return the transitions by the areas of a level; warn about rows in none of them."""
    group_of = {}
    for code in {cell.group for cell in transitions.cells}:
        area = tree.up(code, level) if code is not None and code in tree else None
        group_of[code] = str(area.code) if area else None
    grouped = transitions.grouped(group_of)
    outside = sum(cell.number for cell in grouped.cells if cell.group is None)
    if outside:
        warn(_OUTSIDE_LEVEL.format(number=number_text(outside, lang), level=level.label), lang)
    names = {code: tree[code].name for code in group_of.values() if code is not None}
    return Preview(grouped, names)


_NEEDS_LEVEL = Text(
    vi="Khi dùng --areas, --by phải là một cấp: nation, province, district, commune hoặc village.",
    en="With --areas, --by must be a level: nation, province, district, commune or village.",
)
_DIFFERENT_TITLES = Text(
    vi="Hai bộ tiêu chí thuộc hai danh hiệu khác nhau, nên không có đối tượng để so sánh; hãy bỏ "
    "--population hoặc chọn hai bộ của cùng một danh hiệu.",
    en="The two profiles have different titles, so no subjects can be compared; omit --population, "
    "or give two profiles with the same title.",
)
_REJECTED = Text(
    vi="{number} dòng không đánh giá được theo một hoặc cả hai bộ; xem dòng nào và lý do bằng xhht "
    "evaluate với --rejected.",
    en="Rows that cannot be evaluated under one or both profiles: {number}; run xhht evaluate with "
    "--rejected to see which and why.",
)
_OUTSIDE_LEVEL = Text(
    vi="{number} dòng không nằm trong khu vực nào ở cấp {level} của bảng khu vực.",
    en="Rows in no area at level {level} of the table of areas: {number}.",
)
