"""Parquet as a lazy frame: columns keep their types, and are read on demand."""

from __future__ import annotations

from pathlib import Path

from xhht.errors import TableError
from xhht.frames._sheet import EXCLUDED, FAULT, FIELD, ROW, Sheet
from xhht.text import Text, normalize_text

__all__ = ["scan_parquet"]


def scan_parquet(path: Path) -> Sheet:
    """Return a Parquet file, or all Parquet files of a folder, as a sheet.

    Raises:
        TableError: it is not a Parquet file, or has duplicate column names.
        OSError: the file cannot be read.
    """
    import polars as pl

    parts = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not parts:
        raise TableError(_EMPTY_FOLDER)
    try:
        frame = pl.scan_parquet(parts, row_index_name=ROW, row_index_offset=1, glob=False)
        names = [name for name in frame.collect_schema().names() if name != ROW]
        rows = int(pl.scan_parquet(parts, glob=False).select(pl.len()).collect().item())
    except pl.exceptions.PolarsError:
        raise TableError(_NO_PARQUET) from None
    clean = {name: normalize_text(name) for name in names}
    if len(set(clean.values())) < len(names):
        raise TableError(_REPEATED)
    no_text = pl.lit(None, pl.String)
    return Sheet(
        frame=frame.select(
            pl.col(ROW).cast(pl.Int64),
            *(pl.col(name).alias(said) for name, said in clean.items()),
            no_text.alias(FIELD),
            no_text.alias(FAULT),
            no_text.alias(EXCLUDED),
        ),
        columns=tuple(clean.values()),
        rows=rows,
    )


_EMPTY_FOLDER = Text(
    vi="Thư mục không có tệp .parquet nào.",
    en="The folder contains no .parquet files.",
)
_NO_PARQUET = Text(
    vi="Không đọc được dữ liệu Parquet: tệp bị hỏng, hoặc các tệp trong thư mục có các cột khác "
    "nhau.",
    en="Cannot read the Parquet data: the file is damaged, or the files in the folder have "
    "different columns.",
)
_REPEATED = Text(
    vi="Tệp Parquet có hai cột trùng tên (sau khi chuẩn hóa Unicode); hãy đổi tên một cột.",
    en="The Parquet file has duplicate column names (after Unicode normalisation); rename one of "
    "them.",
)
