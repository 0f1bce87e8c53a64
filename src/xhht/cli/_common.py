"""Options, output, warnings and error handling shared by all commands.

A command computes first and prints last, so that standard output is empty if it fails with exit
code 2.
"""

from __future__ import annotations

import errno
import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import IO, Any, NoReturn, ParamSpec, TypeVar

import click

from xhht.errors import XhhtError
from xhht.numbers import Convention
from xhht.tables import files as files_of_tables
from xhht.tables.table import Row, Table, TableFormat
from xhht.text import Lang, Text

P = ParamSpec("P")
R = TypeVar("R")
E = TypeVar("E", bound=StrEnum)

ERRORS_FOUND = 1
"""Exit code when the input was read and contains errors."""

STDIN = "-"
"""The path that denotes standard input."""

_REPORT_EVERY = 20_000


class Format(StrEnum):
    """Output format of a command."""

    TEXT = "text"
    JSON = "json"


class _Failure(click.ClickException):
    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"xhht: {self.message}", err=True)


def common_options(command: Callable[P, R]) -> Callable[P, R]:
    """Add the options `--format` and `--lang`, as `output: Format` and `lang: Lang`."""
    return format_option(Format)(lang_option(command))


def format_option(kind: type[StrEnum]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator that adds `--format`, as `output`, with the values of `kind`."""
    choices = [choice.value for choice in kind]
    return click.option(
        "--format",
        "output",
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        callback=_parse_as(kind),
        help="Output format. Định dạng kết quả.",
    )


def lang_option(command: Callable[P, R]) -> Callable[P, R]:
    """Add the option `--lang`, as `lang: Lang`."""
    return click.option(
        "--lang",
        type=click.Choice([choice.value for choice in Lang]),
        default=Lang.VI.value,
        show_default=True,
        callback=_parse_as(Lang),
        help="Language of output and messages. Ngôn ngữ.",
    )(command)


def numbers_option(command: Callable[P, R]) -> Callable[P, R]:
    """Add the option `--numbers`, as `numbers: Convention`."""
    return click.option(
        "--numbers",
        type=click.Choice([choice.value for choice in Convention]),
        default=Convention.PLAIN.value,
        show_default=True,
        callback=_parse_as(Convention),
        help="Number format in tables: 253853 (plain) or 253.853 (vi). Cách viết số.",
    )(command)


def _parse_as(kind: type[E]) -> Callable[[click.Context, click.Parameter, str], E]:
    return lambda _context, _parameter, value: kind(value)


input_path = click.Path(allow_dash=True, path_type=str)
"""Parameter type of an input file; `-` is standard input."""


def fail(text: Text, lang: Lang) -> NoReturn:
    """End the command with exit code 2 and `text` on standard error."""
    raise _Failure(text.get(lang))


def missing_argument(name: str) -> NoReturn:
    """End the command with the usage error of click for a missing argument."""
    context = click.get_current_context()
    parameter = next(param for param in context.command.params if param.name == name)
    raise click.MissingParameter(ctx=context, param=parameter)


def handle_errors(command: Callable[P, R]) -> Callable[P, R]:
    """End `command` with exit code 2 and one message if an input is unreadable or unusable."""

    @functools.wraps(command)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        lang = Lang(str(kwargs.get("lang", Lang.VI)))
        try:
            return command(*args, **kwargs)
        except BrokenPipeError:
            raise
        except XhhtError as error:
            fail(error.text, lang)
        except OSError as error:
            fail(_cannot_read(error), lang)

    return wrapper


def _cannot_read(error: OSError) -> Text:
    if isinstance(error, FileNotFoundError):
        template = _NO_FILE
    elif isinstance(error, IsADirectoryError):
        template = _DIRECTORY
    else:
        template = _UNREADABLE
    return template.format(file=error.filename or STDIN)


@contextmanager
def open_input(path: str) -> Iterator[IO[bytes]]:
    """Open `path`, or standard input for `-`, for reading bytes; raises OSError."""
    if path == STDIN:
        if sys.stdin is None:
            raise FileNotFoundError(errno.ENOENT, "no standard input", STDIN)
        stream = sys.stdin.buffer
        # A calling program may have replaced the stream, and readers need `peek`.
        yield stream if isinstance(stream, BufferedReader) else _buffered(stream.read())
        return
    with Path(path).open("rb") as stream:
        yield stream


def _buffered(data: bytes) -> BufferedReader:
    return BufferedReader(BytesIO(data))


@contextmanager
def open_table(
    path: str, form: TableFormat, lang: Lang, numbers: Convention = Convention.PLAIN
) -> Iterator[Table]:
    """Open the table at `path` (CSV, XLSX, Parquet), or CSV on standard input; print its warnings.

    Raises:
        TableError: the file cannot be read as a table.
        OSError: the file cannot be opened.
    """
    with ExitStack() as files:
        source = files.enter_context(open_input(path)) if path == STDIN else Path(path)
        table = files.enter_context(files_of_tables.open_table(source, form, numbers=numbers))
        for warning in table.warnings:
            warn(warning, lang)
        yield table


def with_progress(rows: Iterable[R], lang: Lang, text: Text | None = None) -> Iterator[R]:
    """Yield `rows`, and show their number on a terminal once there are many.

    Args:
        rows: the rows to count.
        lang: the language.
        text: the message, with `{number}`; by default, the number of rows read.
    """
    if not sys.stderr.isatty():
        yield from rows
        return
    number = 0
    for number, row in enumerate(rows, 1):
        if number % _REPORT_EVERY == 0:
            progress = (text or _ROWS_READ).get(lang, number=number)
            click.echo(f"\r{progress}", err=True, nl=False)
        yield row
    if number >= _REPORT_EVERY:
        click.echo("\r\033[K", err=True, nl=False)


class TableInProgress(Table):
    """A table that shows on a terminal how many of its rows were read."""

    def __init__(self, table: Table, lang: Lang) -> None:
        self.columns, self.warnings = table.columns, table.warnings
        self._table, self._lang = table, lang

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows that are not blank."""
        return with_progress(self._table, self._lang)


def warn(text: Text, lang: Lang) -> None:
    """Print a warning on standard error."""
    click.echo(f"{_WARNING.get(lang)}: {text.get(lang)}", err=True)


def print_json(data: Any) -> None:
    """Print `data` as JSON in UTF-8, whatever the encoding of the terminal."""
    print_text(json.dumps(data, ensure_ascii=False, indent=2))


def print_text(text: str, *, end: str = "\n") -> None:
    """Print `text` in UTF-8, whatever the encoding of the terminal.

    A lone surrogate, which UTF-8 cannot encode, is printed as its JSON escape.
    """
    click.echo(f"{text}{end}".encode("utf-8", "backslashreplace"), nl=False)


def finish(*, has_errors: bool) -> None:
    """End the command: exit code 1 if there are errors, else 0."""
    if has_errors:
        raise click.exceptions.Exit(ERRORS_FOUND)


_WARNING = Text(vi="Cảnh báo", en="Warning")
_ROWS_READ = Text(vi="Đã đọc {number} dòng…", en="{number} rows read…")
_NO_FILE = Text(
    vi="Không tìm thấy tệp {file}.",
    en="File not found: {file}.",
)
_DIRECTORY = Text(
    vi="{file} là thư mục; hãy nêu tên tệp.",
    en="{file} is a directory; give a file.",
)
_UNREADABLE = Text(
    vi="Không đọc được tệp {file}; hãy kiểm tra quyền đọc.",
    en="Cannot read file {file}; check its permissions.",
)
