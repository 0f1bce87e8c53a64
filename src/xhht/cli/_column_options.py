"""Options of `xhht evaluate` for evaluation over columns, and their dispatch to an engine."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from attrs import frozen

from xhht.cli._columnar import require_extras
from xhht.cli._common import STDIN, Format, fail, print_json, print_text
from xhht.cli._tables import level_option
from xhht.criteria.profile import Profile
from xhht.domain.areas import AreaLevel
from xhht.numbers import Convention
from xhht.text import Lang, Text

P = ParamSpec("P")
R = TypeVar("R")

_POLARS = "polars"
_HEAD = 64
_DETAILS = ("verdict", "levels", "criteria")
_file = click.Path(dir_okay=False, path_type=Path)


@frozen(kw_only=True)
class ColumnOptions:
    """Table options of the command line; None or False if not given."""

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
    def any_given(self) -> bool:
        """Whether any option is given."""
        return self != _NONE_GIVEN


_NONE_GIVEN = ColumnOptions(
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
        help="Write the results to FILE: .csv, .parquet or .xlsx. Tệp kết quả.",
    ),
    click.option(
        "--rejected", type=_file, help="Write invalid rows to FILE. Tệp các dòng không hợp lệ."
    ),
    click.option(
        "--detail", type=click.Choice(_DETAILS), help="Detail of the results. Mức chi tiết."
    ),
    click.option(
        "--delimiter",
        type=click.Choice([",", ";", "tab"]),
        help="Delimiter of CSV output. Dấu phân cách.",
    ),
    click.option("--sheet", help="Sheet of a workbook. Trang của bảng tính."),
    level_option(
        "--area-level",
        "area_level",
        text="Level of the codes in column area, to restore leading zeros. Cấp của mã khu vực.",
    ),
    click.option(
        "--engine",
        metavar="ENGINE",
        help="polars, duckdb or a database URL. Công cụ tính toán.",
    ),
    click.option("--table", help="Table of the database. Bảng trong cơ sở dữ liệu."),
    click.option("--into", help="Write the results to a table of the database. Bảng kết quả."),
    click.option("--replace", is_flag=True, help="Replace an existing table. Thay bảng đã có."),
    click.option(
        "--explain-sql", is_flag=True, help="Print the SQL without running it. In câu SQL."
    ),
)


def column_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the table options to a command, as `columns: ColumnOptions`."""

    @functools.wraps(command)
    def wrapper(**values: Any) -> R:
        own = {name: values.pop(name) for name in tuple(values) if hasattr(_NONE_GIVEN, name)}
        return command(columns=ColumnOptions(**own), **values)

    for option in reversed(_OPTIONS):
        wrapper = option(wrapper)
    return wrapper


def evaluate_columns(
    facts: str | None,
    options: ColumnOptions,
    profile: Profile,
    day: date,
    numbers: Convention,
    output: Format,
    lang: Lang,
) -> bool:
    """Evaluate a table over columns and print a summary; return whether rows are invalid.

    Raises:
        XhhtError: the table or an option is invalid.
        OSError: a file cannot be read.
    """
    file = _file_of(facts, options, lang)
    with require_extras(lang):
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
            print_text(f"-- {heading.get(lang)}\n{query};\n")
        return False
    if output is Format.JSON:
        print_json(summary.to_dict(lang))
    else:
        head = [line.get(lang) for line in request.origin]
        print_text("\n".join([*head, "", summary.text(lang)]))
    return summary.rejected_count > 0


def _file_of(facts: str | None, options: ColumnOptions, lang: Lang) -> Path | None:
    """Return the file to evaluate; fail on options that cannot be combined with it."""
    if facts == STDIN:
        fail(_NO_STDIN, lang)
    if options.engine in (None, _POLARS):
        if facts is None:
            fail(_TABLE_NEEDS_ENGINE, lang)
        if options.table or options.into or options.explain_sql:
            fail(_NEEDS_DATABASE, lang)
    elif options.sheet or options.area_level:
        fail(_FILES_ONLY, lang)
    if facts is None:
        return None
    with Path(facts).open("rb") as stream:
        if stream.read(_HEAD).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            fail(_NO_JSON, lang)
    return Path(facts)


_NO_STDIN = Text(
    vi="Các tùy chọn về bảng cần một tệp; đầu vào chuẩn (-) chỉ được đánh giá từng dòng, không "
    "dùng --output.",
    en="Table options need a file; standard input (-) is evaluated row by row, without --output.",
)
_NO_JSON = Text(
    vi="JSON được đánh giá từng đối tượng; hãy bỏ các tùy chọn về bảng, hoặc dùng CSV, Parquet, "
    "XLSX.",
    en="JSON is evaluated subject by subject; omit the table options, or use CSV, Parquet or XLSX.",
)
_TABLE_NEEDS_ENGINE = Text(
    vi="--table cần địa chỉ cơ sở dữ liệu ở --engine.",
    en="--table needs a database URL in --engine.",
)
_NEEDS_DATABASE = Text(
    vi="--table, --into và --explain-sql cần địa chỉ cơ sở dữ liệu ở --engine (--explain-sql dùng "
    "được cả với duckdb).",
    en="--table, --into and --explain-sql need a database URL in --engine (--explain-sql also "
    "accepts duckdb).",
)
_FILES_ONLY = Text(
    vi="--sheet và --area-level chỉ dùng cho tệp CSV, XLSX và Parquet, không cùng --engine.",
    en="--sheet and --area-level apply only to CSV, XLSX and Parquet files, without --engine.",
)
