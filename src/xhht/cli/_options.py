"""Options shared by commands."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import click
from attrs import astuple, fields, frozen

from xhht.cli._context import choice_option
from xhht.domain.areas import AreaLevel
from xhht.domain.titles import Title
from xhht.numbers import Convention

R = TypeVar("R")

_DETAILS = ("verdict", "levels", "criteria")
Option: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]
"""A decorator that adds an option to a command."""

input_path = click.Path(allow_dash=True, path_type=str)
"""Parameter type of an input file; `-` is standard input."""

output_path = click.Path(dir_okay=False, path_type=Path)
"""Parameter type of an output file, or of an input file that is no table."""


def option_group(
    name: str, kind: type[Any], *options: Option
) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Add options to a command, which gets their values as one attrs object, `name: kind`."""

    def decorate(command: Callable[..., R]) -> Callable[..., R]:
        @functools.wraps(command)
        def wrapper(**values: Any) -> R:
            group = kind(**{field.name: values.pop(field.name) for field in fields(kind)})
            return command(**values, **{name: group})

        return stacked(*options)(wrapper)

    return decorate


def stacked(*options: Option) -> Option:
    """Return one decorator that adds several options, in their order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def day_option(flag: str, name: str, *, text: str, required: bool = False) -> Option:
    """Add an option that takes a date, as `name: date | None`."""
    return click.option(
        flag,
        name,
        metavar="DATE",
        required=required,
        type=click.DateTime(["%Y-%m-%d"]),
        callback=_parse_day,
        help=text,
    )


def _parse_day(_context: click.Context, _parameter: click.Parameter, value: datetime | None) -> Any:
    return None if value is None else value.date()


def level_option(
    flag: str, name: str, *, text: str, required: bool = False, default: AreaLevel | None = None
) -> Option:
    """Add an option that takes an area level, as `name: AreaLevel | None`."""
    return click.option(
        flag,
        name,
        required=required,
        default=default.value if default else None,
        show_default=default is not None,
        type=click.Choice([level.value for level in AreaLevel]),
        callback=lambda _context, _parameter, value: AreaLevel(value) if value else None,
        help=text,
    )


def year_option(*, text: str) -> Option:
    """Add the required option `--year`, as `year: int`."""
    return click.option("--year", required=True, type=click.IntRange(1900, 2999), help=text)


def title_option(command: Callable[..., R]) -> Callable[..., R]:
    """Add `--title`, as `title: str | None`."""
    titles = ", ".join(Title)
    return click.option("--title", help=f"{titles}, or x.NAME for another field. Danh hiệu.")(
        command
    )


standards_option = click.option(
    "--standards",
    metavar="PROFILE",
    multiple=True,
    help="Profile of a standard that PROFILE rests on, by path or by id of an installed one, or a "
    "directory of them; may be repeated. "
    "Bộ tiêu chí của chuẩn làm căn cứ.",
)
"""Adds `--standards`, as `standards: tuple[str, ...]`."""

numbers_option = choice_option(
    "--numbers",
    "numbers",
    Convention,
    text="Number format in tables: 253853 (plain) or 253.853 (vi). Cách viết số.",
)
"""Adds `--numbers`, as `numbers: Convention`."""

areas_option = click.option(
    "--areas",
    required=True,
    type=input_path,
    help="Table of areas: code, name, level, parent. Bảng khu vực.",
)
"""Adds the required option `--areas`, as `areas: str`."""

changes_option = click.option(
    "--changes",
    type=input_path,
    help="Table of changes, to understand old names of areas. Bảng biến động.",
)
"""Adds `--changes`, as `changes: str | None`."""

areas_day_option = day_option(
    "--on", "on", text="Date of AREAS, if it covers several. Ngày của bảng khu vực."
)
"""Adds `--on`, as `on: date | None`."""

evaluation_day_option = day_option(
    "--as-of", "as_of", text="Evaluation date; default: today. Ngày đánh giá."
)
"""Adds `--as-of`, as `as_of: date | None`."""

code_level_option = level_option(
    "--area-level",
    "area_level",
    text="Level of the codes in column area, to restore leading zeros. Cấp của mã khu vực.",
)
"""Adds `--area-level`, as `area_level: AreaLevel | None`."""

sheet_option = click.option("--sheet", help="Sheet of a workbook. Trang của bảng tính.")
"""Adds `--sheet`, as `sheet: str | None`."""

programme_option = click.option(
    "--programme",
    "programme_ids",
    metavar="ID",
    multiple=True,
    help="Programme id, or a file *.targets.yaml; may be repeated. Chương trình.",
)
"""Adds `--programme`, as `programme_ids: tuple[str, ...]`."""

area_option = click.option(
    "--area",
    metavar="AREA",
    help="Area to report on, by code or name; default: the one that contains all. Khu vực.",
)
"""Adds `--area`, as `area: str | None`."""

protect_option = click.option(
    "--protect",
    metavar="N",
    type=click.IntRange(min=2),
    help="Suppress counts below N, and counts that would reveal them. Bảo vệ số nhỏ.",
)
"""Adds `--protect`, as `protect: int | None`."""

strict_option = click.option(
    "--strict", is_flag=True, help="Treat warnings as errors. Coi cảnh báo là lỗi."
)
"""Adds `--strict`, as `strict: bool`."""

profile_id_option = click.option(
    "--id", "profile_id", help="Profile id, such as city.unit.2026. Mã."
)
"""Adds `--id`, as `profile_id: str | None`."""


def target_option(*, text: str, metavar: str | None = None, required: bool = False) -> Option:
    """Add `--output`, as `target: Path | None`."""
    return click.option(
        "-o", "--output", "target", metavar=metavar, required=required, type=output_path, help=text
    )


force_option = click.option("--force", is_flag=True, help="Overwrite an existing file. Ghi đè.")
"""Adds `--force`, as `force: bool`."""

draft_options = stacked(
    target_option(text="Write to FILE instead of standard output. Tệp kết quả."), force_option
)
"""Adds `--output` and `--force`, as `target: Path | None` and `force: bool`."""


@frozen(kw_only=True)
class ColumnOptions:
    """Table options of `xhht evaluate`; None or False if not given."""

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
        return any(value is not None and value is not False for value in astuple(self))


final_option = click.option(
    "--final",
    is_flag=True,
    help="The assessment is closed: missing facts count as the profile's at_close says. Kết thúc "
    "đánh giá.",
)
"""Adds `--final`, as `final: bool`."""


register_option = click.option(
    "--register",
    metavar="FILE",
    type=input_path,
    help="Table of all decisions, which answer whether and since when a lower level is held. Sổ "
    "danh hiệu.",
)
"""Adds `--register`, as `register: str | None`."""


column_options = option_group(
    "columns",
    ColumnOptions,
    target_option(text="Write the results to FILE: .csv, .parquet or .xlsx. Tệp kết quả."),
    click.option(
        "--rejected",
        type=output_path,
        help="Write invalid rows to FILE. Tệp các dòng không hợp lệ.",
    ),
    click.option(
        "--detail", type=click.Choice(_DETAILS), help="Detail of the results. Mức chi tiết."
    ),
    click.option(
        "--delimiter",
        type=click.Choice([",", ";", "tab"]),
        help="Delimiter of CSV output. Dấu phân cách.",
    ),
    sheet_option,
    code_level_option,
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
"""Adds the table options, as `columns: ColumnOptions`."""


@frozen(kw_only=True)
class PreviewOptions:
    """How `xhht compare` previews the effect on a population; None if not given."""

    by: str | None
    areas: str | None
    area_level: AreaLevel | None
    sheet: str | None

    @property
    def any_given(self) -> bool:
        """Whether any option is given."""
        return any((self.by, self.areas, self.area_level, self.sheet))


preview_options = option_group(
    "options",
    PreviewOptions,
    click.option("--by", help="Group by a column, or a level of --areas. Chia theo cột hoặc cấp."),
    click.option("--areas", type=click.Path(path_type=str), help="Table of areas. Bảng khu vực."),
    code_level_option,
    sheet_option,
)
"""Adds the options of a preview, as `options: PreviewOptions`."""
