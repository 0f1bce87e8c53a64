"""What all commands share: options, output, warnings, and one way to refuse.

A command computes first and prints last, so that a refusal (exit code 2) leaves standard output
empty.
"""

from __future__ import annotations

import errno
import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import IO, Any, NoReturn, ParamSpec, TypeVar

import click

from xhht.errors import XhhtError
from xhht.exact import Convention
from xhht.tabular import Table, open_csv
from xhht.text import Lang, Text

__all__ = [
    "FAULTS_FOUND",
    "STDIN",
    "Format",
    "common_options",
    "counted",
    "finish",
    "input_path",
    "lang_option",
    "missing_argument",
    "numbers_option",
    "open_input",
    "open_table",
    "print_json",
    "print_text",
    "refuse",
    "refusing",
    "warn",
]

P = ParamSpec("P")
R = TypeVar("R")
E = TypeVar("E", bound=StrEnum)

FAULTS_FOUND = 1
"""Exit code when the input was read and faults were found in it."""

STDIN = "-"
"""The path that stands for standard input."""

_REPORT_EVERY = 20_000


class Format(StrEnum):
    """How a command prints its result."""

    TEXT = "text"
    JSON = "json"


class _Refusal(click.ClickException):
    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"xhht: {self.message}", err=True)


def common_options(command: Callable[P, R]) -> Callable[P, R]:
    """Give `command` the options `--format` and `--lang`, as `output: Format` and `lang: Lang`."""
    output = click.option(
        "--format",
        "output",
        type=click.Choice([choice.value for choice in Format]),
        default=Format.TEXT.value,
        show_default=True,
        callback=_as(Format),
        help="How to print the result. Dạng kết quả.",
    )
    return output(lang_option(command))


def lang_option(command: Callable[P, R]) -> Callable[P, R]:
    """Give `command` the option `--lang`, as `lang: Lang`."""
    return click.option(
        "--lang",
        type=click.Choice([choice.value for choice in Lang]),
        default=Lang.VI.value,
        show_default=True,
        callback=_as(Lang),
        help="Language of text and messages. Ngôn ngữ.",
    )(command)


def numbers_option(command: Callable[P, R]) -> Callable[P, R]:
    """Give `command` the option `--numbers`, as `numbers: Convention`."""
    return click.option(
        "--numbers",
        type=click.Choice([choice.value for choice in Convention]),
        default=Convention.PLAIN.value,
        show_default=True,
        callback=_as(Convention),
        help="How the tables write numbers: 253853 (plain) or 253.853 (vi). Cách viết số.",
    )(command)


def _as(kind: type[E]) -> Callable[[click.Context, click.Parameter, str], E]:
    return lambda _context, _parameter, value: kind(value)


input_path = click.Path(allow_dash=True, path_type=str)
"""The type of an argument that names a file to read, `-` for standard input."""


def refuse(text: Text, lang: Lang) -> NoReturn:
    """End the command with exit code 2 and `text` on standard error."""
    raise _Refusal(text.in_(lang))


def missing_argument(name: str) -> NoReturn:
    """End the command as click does when an argument is missing."""
    context = click.get_current_context()
    parameter = next(each for each in context.command.params if each.name == name)
    raise click.MissingParameter(ctx=context, param=parameter)


def refusing(command: Callable[P, R]) -> Callable[P, R]:
    """Let `command` end with exit code 2 and one message for files it cannot read or use."""

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        lang = Lang(str(kwargs.get("lang", Lang.VI)))
        try:
            return command(*args, **kwargs)
        except BrokenPipeError:
            raise
        except XhhtError as error:
            refuse(error.text, lang)
        except OSError as error:
            refuse(_cannot_read(error), lang)

    return guarded


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
        # A program that calls the command may have put any stream there; readers look ahead.
        yield stream if isinstance(stream, BufferedReader) else _buffered(stream.read())
        return
    with Path(path).open("rb") as stream:
        yield stream


def _buffered(data: bytes) -> BufferedReader:
    return BufferedReader(BytesIO(data))


@contextmanager
def open_table(path: str) -> Iterator[Table]:
    """Open the CSV table at `path`, or on standard input; raises TableError and OSError."""
    with open_input(path) as stream, open_csv(stream) as table:
        yield table


def counted(rows: Iterable[R], lang: Lang, text: Text | None = None) -> Iterator[R]:
    """Yield `rows`, showing on a terminal how many came once they are many.

    Args:
        rows: what is counted.
        lang: the language.
        text: how to say it, with `{number}`; left out, that so many rows were read.
    """
    if not sys.stderr.isatty():
        yield from rows
        return
    number = 0
    for number, row in enumerate(rows, 1):
        if number % _REPORT_EVERY == 0:
            said = (text or _ROWS_READ).in_(lang, number=number)
            click.echo(f"\r{said}", err=True, nl=False)
        yield row
    if number >= _REPORT_EVERY:
        click.echo("\r\033[K", err=True, nl=False)


def warn(text: Text, lang: Lang) -> None:
    """Print a warning on standard error."""
    click.echo(f"{_WARNING.in_(lang)}: {text.in_(lang)}", err=True)


def print_json(data: Any) -> None:
    """Print `data` as JSON in UTF-8, whatever the encoding of the terminal."""
    print_text(json.dumps(data, ensure_ascii=False, indent=2))


def print_text(text: str, *, end: str = "\n") -> None:
    """Print `text` in UTF-8, whatever the encoding of the terminal.

    Half a surrogate pair, which UTF-8 cannot write, is printed as its escape, as JSON knows it.
    """
    click.echo(f"{text}{end}".encode("utf-8", "backslashreplace"), nl=False)


def finish(*, faults: bool) -> None:
    """End the command: exit code 1 when faults were found, else 0."""
    if faults:
        raise click.exceptions.Exit(FAULTS_FOUND)


_WARNING = Text(vi="Cảnh báo", en="Warning")
_ROWS_READ = Text(vi="Đã đọc {number} dòng…", en="{number} rows read…")
_NO_FILE = Text(
    vi="Không tìm thấy tệp {file}.",
    en="There is no file {file}.",
)
_DIRECTORY = Text(
    vi="{file} là thư mục; hãy nêu tên tệp.",
    en="{file} is a directory; name a file.",
)
_UNREADABLE = Text(
    vi="Không đọc được tệp {file}.",
    en="The file {file} cannot be read.",
)
