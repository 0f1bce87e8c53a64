"""Reads a population for `xhht compare`, and adds up what two profiles make of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from xhht.cli._common import refuse, warn
from xhht.cli._facts import extra_columns
from xhht.cli._progress import progress_bar
from xhht.cli._tables import known_areas
from xhht.criteria.changes import ProfileChanges
from xhht.domain.areas import AreaLevel, AreaTree
from xhht.exact import Convention
from xhht.frames import compare
from xhht.frames.files import ROW, Scanned, kinds_in, reading, scan_table
from xhht.reporting.tables import number_text
from xhht.reporting.transitions import transitions_dict, transitions_text
from xhht.rollup.transitions import Outcome, Transition, Transitions
from xhht.text import Lang, Text

__all__ = ["Preview", "preview"]

_AREA, _ID = "area", "id"


@frozen
class Preview:
    """The transitions of a population, and the names of its groups, None without groups."""

    transitions: Transitions
    names: Mapping[str, str] | None

    @property
    def has_rejected(self) -> bool:
        """Whether there are rows that one of the profiles cannot judge."""
        rejected = Outcome(None)
        return any(rejected in (cell.old, cell.new) for cell in self.transitions.cells)

    def to_dict(self, lang: Lang) -> dict[str, Any]:
        """Return the preview as JSON writes it."""
        return transitions_dict(self.transitions, self.names, lang)

    def text(self, lang: Lang) -> str:
        """Return the preview as people read it."""
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
    """Return what two profiles make of the population of a file; raises XhhtError and OSError."""
    if changes.old.title is not changes.new.title:
        refuse(_TITLES, lang)
    of_level = AreaLevel(by) if areas is not None and by in list(AreaLevel) else None
    if areas is not None and of_level is None:
        refuse(_NEEDS_LEVEL, lang)
    tree = None if areas is None else known_areas(areas, lang, on=day).tree
    column = _AREA if of_level else by
    with reading(), progress_bar(lang) as bar:
        scanned = scan_table(
            path,
            (changes.old, changes.new),
            numbers=numbers,
            sheet=sheet,
            level=level,
            watch=bar.advance,
        )
        extra = extra_columns(scanned.columns, _known(changes, scanned, column))
        for note in (*scanned.notes, *([extra] if extra else [])):
            warn(note, lang)
        found = compare(
            changes.old,
            changes.new,
            scanned.frame.drop(ROW),
            as_of=day,
            by=column,
            id=_id_column(changes, scanned),
            numbers=numbers,
        )
        found = evolve(found, cells=(*found.cells, *_faulty(scanned, column))).merged()
        for note in scanned.warnings(kinds_in(scanned.noticed.collect(engine="streaming"))):
            warn(note, lang)
    rejected = sum(c.number for c in found.cells if Outcome(None) in (c.old, c.new))
    if rejected:
        warn(_REJECTED.format(number=number_text(rejected, lang)), lang)
    if of_level is None or tree is None:
        return Preview(found, None if by is None else {})
    return _by_level(found, tree, of_level, lang)


def _known(changes: ProfileChanges, scanned: Scanned, by: str | None) -> set[str]:
    """Return the columns that mean something; `NAME__low` and the like belong to an input."""
    inputs = {*changes.old.document.inputs, *changes.new.document.inputs}
    parts = {name for name in scanned.columns if name.partition("__")[0] in inputs}
    return {*inputs, *parts, _AREA, _ID, *([by] if by else [])}


def _id_column(changes: ProfileChanges, scanned: Scanned) -> str | None:
    inputs = {*changes.old.document.inputs, *changes.new.document.inputs}
    return _ID if _ID in scanned.columns and _ID not in inputs else None


def _faulty(scanned: Scanned, by: str | None) -> list[Transition]:
    """Return the rows that cannot be read, which neither profile judges."""
    import polars as pl

    group = pl.lit(None, pl.String) if by is None else pl.col(by).cast(pl.String)
    counted = scanned.faulty.group_by(group.alias("group")).len().collect(engine="streaming")
    none = Outcome(None)
    return [
        Transition(group=each, old=none, new=none, number=number)
        for each, number in counted.iter_rows()
    ]


def _by_level(found: Transitions, tree: AreaTree, level: AreaLevel, lang: Lang) -> Preview:
    """Return the transitions by the areas of a level; rows that lie in none are told of."""
    above = {}
    for code in {cell.group for cell in found.cells}:
        area = tree.up(code, level) if code is not None and code in tree else None
        above[code] = str(area.code) if area else None
    grouped = found.grouped(above)
    outside = sum(cell.number for cell in grouped.cells if cell.group is None)
    if outside:
        warn(_OUTSIDE.format(number=number_text(outside, lang), level=level.label), lang)
    names = {code: tree[code].name for code in above.values() if code is not None}
    return Preview(grouped, names)


_NEEDS_LEVEL = Text(
    vi="--areas cần --by là một cấp: nation, province, district, commune hoặc village.",
    en="--areas needs --by to be a level: nation, province, district, commune or village.",
)
_TITLES = Text(
    vi="Hai bộ tiêu chí thuộc hai danh hiệu khác nhau, nên không có ai để so sánh; hãy bỏ "
    "--population hoặc chọn hai bộ của cùng một danh hiệu.",
    en="The two profiles are of different titles, so there is nobody to compare; leave out "
    "--population, or name two profiles of one title.",
)
_REJECTED = Text(
    vi="{number} dòng không đánh giá được theo một hoặc cả hai bộ; xhht evaluate với --rejected "
    "cho biết dòng nào, vì sao.",
    en="{number} rows cannot be judged under one or both; xhht evaluate with --rejected tells "
    "which, and why.",
)
_OUTSIDE = Text(
    vi="{number} dòng không nằm trong khu vực nào ở cấp {level} của bảng khu vực.",
    en="{number} rows lie in no area of the level {level} in the table of areas.",
)
