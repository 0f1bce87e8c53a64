"""The options by which `xhht evaluate` works over columns, and where that work is done."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from attrs import frozen

from xhht.cli._columnar import extras_at_hand
from xhht.cli._common import STDIN, Format, print_json, print_text, refuse
from xhht.cli._tables import level_option
from xhht.criteria.profile import Profile
from xhht.domain.areas import AreaLevel
from xhht.exact import Convention
from xhht.text import Lang, Text

__all__ = ["ColumnOptions", "column_options", "evaluate_columns"]

P = ParamSpec("P")
R = TypeVar("R")

_POLARS = "polars"
_HEAD = 64
_DETAILS = ("verdict", "levels", "criteria")
_file = click.Path(dir_okay=False, path_type=Path)


@frozen(kw_only=True)
class ColumnOptions:
    """What the command line says of tables; None and False where it says nothing."""

    target: Path | None
    rejected: Path | None
    detail: str | None
    delimiter: str | None
    sheet: str | None
    area_level: AreaLevel | None
    engine: str | None
    table: str | None
    into: str | None
    replace: bool
    explain_sql: bool

    @property
    def are_asked_for(self) -> bool:
        """Whether any of them is given."""
        return self != _NOTHING


_NOTHING = ColumnOptions(
    target=None,
    rejected=None,
    detail=None,
    delimiter=None,
    sheet=None,
    area_level=None,
    engine=None,
    table=None,
    into=None,
    replace=False,
    explain_sql=False,
)

_OPTIONS: tuple[Callable[[Callable[..., Any]], Callable[..., Any]], ...] = (
    click.option(
        "-o",
        "--output",
        "target",
        type=_file,
        help="Write results to FILE: .csv, .parquet or .xlsx. Tệp kết quả.",
    ),
    click.option("--rejected", type=_file, help="Write rows that cannot be. Tệp các dòng bị loại."),
    click.option("--detail", type=click.Choice(_DETAILS), help="How much to write. Mức chi tiết."),
    click.option(
        "--delimiter",
        type=click.Choice([",", ";", "tab"]),
        help="Between the cells of CSV that is written. Dấu phân cách.",
    ),
    click.option("--sheet", help="The sheet of a workbook. Trang của bảng tính."),
    level_option(
        "--area-level",
        "area_level",
        text="Level of the codes in the column area, to put lost zeros back. Cấp của mã khu vực.",
    ),
    click.option(
        "--engine",
        metavar="ENGINE",
        help="polars, duckdb or the address of a database. Máy tính toán.",
    ),
    click.option("--table", help="The table of the database. Bảng trong cơ sở dữ liệu."),
    click.option("--into", help="Write results to a table of the database. Bảng kết quả."),
    click.option("--replace", is_flag=True, help="Replace that table. Thay bảng đã có."),
    click.option("--explain-sql", is_flag=True, help="Print the SQL, run nothing. In câu SQL."),
)


def column_options(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command the options on tables, as `columns: ColumnOptions`."""

    @functools.wraps(command)
    def gathered(**values: Any) -> R:
        own = {name: values.pop(name) for name in tuple(values) if hasattr(_NOTHING, name)}
        return command(columns=ColumnOptions(**own), **values)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered


def evaluate_columns(
    facts: str | None,
    options: ColumnOptions,
    profile: Profile,
    day: date,
    numbers: Convention,
    output: Format,
    lang: Lang,
) -> bool:
    """Evaluate a table over columns and print what it comes to; tell whether it has faults.

    Raises:
        XhhtError: the table or what is asked for cannot be used.
        OSError: a file cannot be read.
    """
    file = _file_of(facts, options, lang)
    with extras_at_hand(lang):
        from xhht.cli import _columns, _database
        from xhht.cli._request import Request
        from xhht.frames import Detail
        from xhht.frames.sources import open_source

        request = Request(
            profile=profile,
            day=day,
            numbers=numbers,
            detail=Detail(options.detail or Detail.VERDICT),
            target=options.target,
            rejected=options.rejected,
            delimiter="\t" if options.delimiter == "tab" else options.delimiter,
            sheet=options.sheet,
            level=options.area_level,
            lang=lang,
        )
        if options.engine in (None, _POLARS) and file is not None:
            summary = _columns.evaluate_file(file, request)
        else:
            engine = options.engine or _POLARS
            with open_source(engine, file, options.table) as source:
                if options.explain_sql:
                    queries = list(_database.explain(source, request))
                else:
                    summary = _database.evaluate_source(
                        source, request, into=options.into, replace=options.replace
                    )
    if options.explain_sql:
        for heading, query in queries:
            print_text(f"-- {heading.in_(lang)}\n{query};\n")
        return False
    if output is Format.JSON:
        print_json(summary.to_dict(lang))
    else:
        head = [line.in_(lang) for line in request.origin]
        print_text("\n".join([*head, "", summary.text(lang)]))
    return summary.refused > 0


def _file_of(facts: str | None, options: ColumnOptions, lang: Lang) -> Path | None:
    """Return the file to evaluate; refuse options that do not go with it."""
    if facts == STDIN:
        refuse(_NO_STDIN, lang)
    if options.engine in (None, _POLARS):
        if facts is None:
            refuse(_NO_ENGINE, lang)
        if options.table or options.into or options.explain_sql:
            refuse(_NO_DATABASE, lang)
    elif options.sheet or options.area_level:
        refuse(_FILES_ALONE, lang)
    if facts is None:
        return None
    with Path(facts).open("rb") as stream:
        if stream.read(_HEAD).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            refuse(_NO_JSON, lang)
    return Path(facts)


_NO_STDIN = Text(
    vi="Đánh giá theo cột cần một tệp; đầu vào chuẩn (-) chỉ được đọc từng dòng, không có "
    "--output.",
    en="Work over columns needs a file; standard input (-) is read row by row, without --output.",
)
_NO_JSON = Text(
    vi="JSON được đánh giá từng đối tượng; hãy bỏ các tùy chọn về bảng, hoặc dùng CSV, Parquet, "
    "XLSX.",
    en="JSON is evaluated subject by subject; leave out the options on tables, or use CSV, Parquet "
    "or XLSX.",
)
_NO_ENGINE = Text(
    vi="--table cần địa chỉ cơ sở dữ liệu ở --engine.",
    en="--table needs the address of a database at --engine.",
)
_NO_DATABASE = Text(
    vi="--table, --into và --explain-sql cần --engine là cơ sở dữ liệu (--explain-sql: hoặc "
    "duckdb).",
    en="--table, --into and --explain-sql need a database at --engine (--explain-sql: or duckdb).",
)
_FILES_ALONE = Text(
    vi="--sheet và --area-level chỉ dùng cho tệp CSV, XLSX và Parquet, không cùng --engine.",
    en="--sheet and --area-level are for files of CSV, XLSX and Parquet, without --engine.",
)
