"""CSV as a lazy frame of text: each cell as `xhht.tables.csv` reads it, streamed in bounded memory.

Without quotes a line is a row, and Polars splits all lines at once. Any other file is read row by
row, in blocks, because only that reader finds the end of a malformed row.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from xhht.errors import TableError
from xhht.frames._sheet import FIELD, ISSUE, Sheet, normalized, with_clear_shares, with_exclusions
from xhht.issues import RowIssueCode
from xhht.tables.csv import MalformedRow, open_csv
from xhht.tables.encodings import NOT_UTF8, TextEncoding
from xhht.tables.excluded import TOTALS_HINT, RowShape
from xhht.tables.parquet import ROW
from xhht.tables.workbook import TableRequest
from xhht.text import normalize_text

if TYPE_CHECKING:
    import polars as pl


BROKEN_ROW = RowIssueCode.BROKEN_ROW.value
_BYTES = 1 << 24
_ROWS = 20_000
_LINE, _EXCESS, _BROKEN = "line", "excess", "broken"


@frozen
class _Survey:
    """The result of a pass over all bytes: the number of lines, and whether each line is a row."""

    lines: int
    is_plain: bool


def scan_csv(path: Path, wanted: TableRequest) -> Sheet:
    """Return a CSV file as a sheet of text.

    Args:
        path: the file.
        wanted: the expected columns.

    Raises:
        TableError: the file is not UTF-8, has no header or duplicate column names.
        OSError: the file cannot be read.
    """
    import polars as pl

    expected = wanted.header
    with open_csv(path, expected) as table:
        columns, notes = table.columns, table.warnings
        delimiter, above = table.delimiter, table.header_lines
        encoding = table.encoding
        # Only the other reader decodes; it reads all rows below to count them.
        decoded = None if encoding is TextEncoding.UTF8 else above + table.count_lines()
    survey = _survey(path) if decoded is None else _Survey(decoded, is_plain=False)
    cells = [f"c{place}" for place in range(len(columns))]
    frame = (
        _lines(path, cells, delimiter, above) if survey.is_plain else _blocks(path, cells, expected)
    )
    own = {name: cell for name, cell in zip(columns, cells, strict=True) if name}
    broken = pl.col(_BROKEN).alias(ISSUE)
    frame = frame.select(
        pl.col(ROW).cast(pl.Int64),
        *(normalized(cell).alias(name) for name, cell in own.items()),
        pl.lit(None, pl.String).alias(FIELD),
        broken,
    )
    is_blank = pl.all_horizontal(pl.col(*own, ISSUE).is_null())
    sheet = Sheet(
        frame=frame.filter(~is_blank),
        columns=tuple(own),
        rows=survey.lines,
        notes=notes,
    )
    shape = wanted.shape(sheet.columns)
    has_totals = not survey.is_plain or _may_have_totals(path, columns, delimiter, above, shape)
    sheet = with_exclusions(sheet, shape, has_totals=has_totals)
    sheet = with_clear_shares(sheet, wanted.shares)
    # The opaque step keeps Polars from parsing the file once for each query that is collected.
    return evolve(sheet, frame=sheet.frame.map_batches(lambda block: block, streamable=True))


def _survey(path: Path) -> _Survey:
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, is_plain = 0, True
    with path.open("rb") as stream:
        while block := stream.read(_BYTES):
            if block.endswith(b"\r"):
                block += stream.read(1)
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                raise TableError(NOT_UTF8) from None
            lines += block.count(b"\n")
            alone = block.count(b"\r") - block.count(b"\r\n")
            is_plain &= not alone and b'"' not in block and b"\0" not in block
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise TableError(NOT_UTF8) from None
    return _Survey(lines, is_plain)


def _may_have_totals(
    path: Path, columns: Sequence[str], delimiter: str, above: int, shape: RowShape
) -> bool:
    """Return whether some line may be a total: by a word of its label, or without an id.

    Lines are not split into cells for it, and most files have no such line.
    """
    import polars as pl

    signs = [TOTALS_HINT]
    key = shape.id or next(iter(shape.labels), None)
    if key is not None:
        place, cell, end = columns.index(key), f"[^{delimiter}]*", re.escape(delimiter)
        signs.append(rf"^(?:{cell}{end}){{{place}}}\s*(?:{end}|$)")
        signs.append(rf"^(?:{cell}{end}){{0,{place - 1}}}{cell}$" if place else r"^\s*$")
    lines = pl.scan_lines(path, name=_LINE, row_index_name=ROW, glob=False)
    below = lines.filter(pl.col(ROW) >= above)
    is_candidate = pl.any_horizontal(pl.col(_LINE).str.contains(sign) for sign in signs)
    return bool(below.select(is_candidate.any()).collect(engine="streaming").item())


def _lines(path: Path, cells: list[str], delimiter: str, above: int) -> pl.LazyFrame:
    """Return the cells of every line below the header, and whether a line has too many."""
    import polars as pl

    parts = pl.col(_LINE).str.strip_suffix("\r").str.splitn(delimiter, len(cells) + 1)
    beyond = pl.col(_EXCESS).str.replace_all(delimiter, " ", literal=True)
    return (
        pl.scan_lines(path, name=_LINE, row_index_name=ROW, glob=False)
        .filter(pl.col(ROW) >= above)
        .with_columns(pl.col(ROW).cast(pl.Int64) - (above - 1))
        .with_columns(parts.struct.rename_fields([*cells, _EXCESS]))
        .unnest(_LINE)
        .with_columns(beyond)
        .with_columns(
            pl.when(normalized(_EXCESS).is_not_null()).then(pl.lit(BROKEN_ROW)).alias(_BROKEN)
        )
    )


def _blocks(path: Path, cells: list[str], expected: Collection[str]) -> pl.LazyFrame:
    """Return the same for a file with quoted cells or malformed rows."""
    import polars as pl
    from polars.io.plugins import register_io_source

    schema = {ROW: pl.Int64, _BROKEN: pl.String, **dict.fromkeys(cells, pl.String)}

    def read(
        wanted: list[str] | None, kept: pl.Expr | None, limit: int | None, _size: int | None
    ) -> Iterator[pl.DataFrame]:
        remaining = limit
        with open_csv(path, expected) as table:
            records = _records(table.records(), len(cells))
            while block := list(islice(records, _ROWS)):
                frame = pl.DataFrame(
                    [
                        pl.Series(name, values, dtype)
                        for (name, dtype), values in zip(
                            schema.items(), zip(*block, strict=True), strict=True
                        )
                    ]
                )
                frame = frame if wanted is None else frame.select(wanted)
                frame = frame if kept is None else frame.filter(kept)
                if remaining is not None:
                    frame = frame.head(remaining)
                    remaining -= frame.height
                yield frame
                if remaining == 0:
                    return

    return register_io_source(read, schema=schema, is_pure=True)


def _records(
    records: Iterator[tuple[int, list[str] | MalformedRow]], width: int
) -> Iterator[tuple[object, ...]]:
    """Yield the number of each row, the code of its error, and as many cells as the header."""
    blank = [""] * width
    for number, cells in records:
        if isinstance(cells, MalformedRow):
            yield number, cells.code.value, *blank
        elif len(cells) == width:
            yield number, None, *cells
        else:
            beyond = any(map(normalize_text, cells[width:]))
            yield number, BROKEN_ROW if beyond else None, *(cells + blank)[:width]
