"""Finds the header row of a table on a sheet, below titles and across merged cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from attrs import field, frozen

from xhht.tables.book import Merged
from xhht.text import canonical_key

__all__ = ["Header", "find_header"]


@frozen
class Header:
    """The header of a table.

    Attributes:
        top: the number of its first row.
        bottom: the number of its last row.
        names: the column names by column number, from 1.
    """

    top: int
    bottom: int
    names: Mapping[int, str] = field(repr=False)


def find_header(
    rows: Sequence[tuple[int, Mapping[int, str]]],
    merged: Sequence[Merged],
    names: Collection[str],
) -> Header | None:
    """Return the header among the first rows of a sheet, or None if there is none.

    It is the row with the most expected names; without expected names, the first row with the most
    cells. A name may also be in the row above or below, and merged cells make a header of several
    rows: a name that is merged downwards counts for all of them, and below a name that is merged
    across, the names in the lowest row count.

    Args:
        rows: the number and the cell texts of each row.
        merged: the merged cells of the sheet.
        names: the expected column names; case and diacritics are ignored.

    >>> rows = [(1, {1: "BIỂU 1"}), (3, {1: "id", 2: "members"}), (4, {1: "a", 2: "7"})]
    >>> find_header(rows, [], ["id", "members"]).bottom
    3
    """
    keys = set(map(canonical_key, names))

    def named(cells: Mapping[int, str]) -> set[int]:
        if not keys:
            return set(cells)
        return {column for column, text in cells.items() if canonical_key(text) in keys}

    by_number = dict(rows)
    best = max(by_number, key=lambda number: len(named(by_number[number])), default=0)
    if not best or not named(by_number[best]):
        return None
    header, top, bottom = dict(by_number[best]), best, best
    for number in (best - 1, best + 1) if keys else ():
        cells = by_number.get(number, {})
        more = named(cells) - named(header)
        header |= {column: cells[column] for column in more}
        if more:
            top, bottom = min(top, number), max(bottom, number)
    for merge in merged:
        above = by_number.get(merge.top, {}).get(merge.left)
        if merge.left == merge.right and merge.top <= best <= merge.bottom and above:
            header.setdefault(merge.left, above)
            top, bottom = min(top, merge.top), max(bottom, merge.bottom)
    for merge in merged:
        if top <= merge.top and merge.bottom < bottom and merge.left < merge.right:
            lowest = by_number.get(bottom, {})
            columns = range(merge.left, merge.right + 1)
            header |= {column: lowest[column] for column in columns if column in lowest}
    return Header(top, bottom, header)
