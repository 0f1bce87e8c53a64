"""The context of a command: its language and output format, its messages and its exit code.

A command computes first and prints last, so that standard output is empty if it fails with exit
code 2.
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from threading import Lock
from typing import IO, Any, NoReturn, TypeVar

import click
from attrs import frozen

from xhht.errors import XhhtError
from xhht.issues import RowIssue
from xhht.tables.files import missing_extra_text
from xhht.text import Lang, Text

R = TypeVar("R")
E = TypeVar("E", bound=StrEnum)

STDIN = "-"
"""The path that denotes standard input."""

_ERRORS_FOUND = 1
_FAILED = 2
ROWS_PER_STEP = 20_000


class Format(StrEnum):
    """Output format of a command."""

    TEXT = "text"
    JSON = "json"


class _Failure(click.ClickException):
    exit_code = _FAILED

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"xhht: {self.message}", err=True)


@frozen
class CommandContext:
    """What every command needs: language, output format, messages and exit code.

    Attributes:
        lang: the language of output and messages.
        output: the output format.
    """

    lang: Lang
    output: StrEnum

    @property
    def is_json(self) -> bool:
        """Whether the output is JSON."""
        return self.output == Format.JSON

    def emit(self, data: Callable[[Lang], Any], text: Callable[[Lang], str]) -> None:
        """Print a result in the output format: the data as JSON, or the text."""
        if self.is_json:
            print_json(data(self.lang))
        else:
            print_text(text(self.lang))

    def emit_with_issues(
        self,
        data: Callable[[Lang], Mapping[str, Any]],
        text: Callable[[Lang], str],
        issues: Sequence[RowIssue],
    ) -> None:
        """Print a result and the issues of its input rows, and end the command."""
        # Only commands on tables need the reports of roll-ups.
        from xhht.reporting.rollups import faults_report

        def data_with_issues(lang: Lang) -> dict[str, Any]:
            return {**data(lang), "errors": [issue.to_dict(lang) for issue in issues]}

        def text_with_issues(lang: Lang) -> str:
            return f"{text(lang)}\n\n{faults_report(issues, lang)}" if issues else text(lang)

        self.emit(data_with_issues, text_with_issues)
        self.finish(has_errors=bool(issues))

    def print(self, *texts: Text) -> None:
        """Print texts on standard output."""
        for text in texts:
            print_text(text.get(self.lang))

    def note(self, *texts: Text) -> None:
        """Print texts on standard error."""
        for text in texts:
            click.echo(text.get(self.lang), err=True)

    def warn(self, *texts: Text) -> None:
        """Print warnings on standard error."""
        for text in texts:
            click.echo(f"{_WARNING.get(self.lang)}: {text.get(self.lang)}", err=True)

    def fail(self, text: Text) -> NoReturn:
        """End the command with exit code 2 and `text` on standard error."""
        raise _Failure(text.get(self.lang))

    def finish(self, *, has_errors: bool) -> None:
        """End the command: exit code 1 if there are errors, else 0."""
        if has_errors:
            self.exit_with_errors()

    def exit_with_errors(self) -> NoReturn:
        """End the command with exit code 1."""
        raise click.exceptions.Exit(_ERRORS_FOUND)

    @contextmanager
    def require_extras(self) -> Iterator[None]:
        """Fail and name the extra if the block imports a library that is not installed."""
        try:
            yield
        except ModuleNotFoundError as error:
            self.fail(missing_extra_text(error))

    def progress(
        self, rows: Iterable[R], label: Text | None = None, *, step: int = ROWS_PER_STEP
    ) -> Iterator[R]:
        """Yield `rows`, and show their number on a terminal every `step` rows."""
        if not sys.stderr.isatty():
            yield from rows
            return
        with self.progress_bar(label or _ROWS_READ) as bar:
            for number, row in enumerate(rows, 1):
                if number % step == 0:
                    bar.advance(step)
                yield row

    @contextmanager
    def progress_bar(self, label: Text | None = None) -> Iterator[Progress]:
        """Yield a progress bar that is removed at the end of the block."""
        bar = Progress((label or _ROWS).get(self.lang))
        try:
            yield bar
        finally:
            bar.end()


class Progress:
    """Shows the number of processed rows on a terminal; thread-safe."""

    def __init__(self, label: str) -> None:
        self._lock = Lock()
        self._is_visible = sys.stderr.isatty()
        self._is_drawn = False
        self._bar = click.progressbar(
            length=0,
            label=label,
            show_eta=False,
            show_pos=True,
            fill_char="#",
            empty_char=".",
            bar_template="[%(bar)s] %(info)s %(label)s",
            file=sys.stderr,
        )

    def begin(self) -> None:
        """Restart the count at 0 for the next part of the work."""
        self._bar.pos = 0

    def advance(self, rows: int, total: int = 0) -> None:
        """Add processed rows, of about `total`; 0 if the total is unknown."""
        if not self._is_visible:
            return
        with self._lock:
            self._is_drawn = True
            self._bar.length = total or None
            self._bar.update(rows)

    def end(self) -> None:
        """Remove the bar, and show the cursor again."""
        if self._is_drawn:
            click.echo("\r\033[K\033[?25h", err=True, nl=False)


def with_context(
    formats: type[StrEnum] | None = Format,
) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Return a decorator that gives a command its context, as its first argument.

    It adds `--format`, with the values of `formats`, and `--lang`. If an input is unreadable or
    unusable, the command ends with exit code 2 and one message.
    """

    def decorate(command: Callable[..., R]) -> Callable[..., R]:
        @functools.wraps(command)
        def wrapper(*, lang: Lang, output: StrEnum = Format.TEXT, **options: Any) -> R:
            context = CommandContext(lang, output)
            try:
                return command(context, **options)
            except BrokenPipeError:
                raise
            except XhhtError as error:
                context.fail(error.text)
            except OSError as error:
                context.fail(_unreadable(error))

        with_lang = choice_option(
            "--lang", "lang", Lang, text="Language of output and messages. Ngôn ngữ."
        )(wrapper)
        if formats is None:
            return with_lang
        return choice_option(
            "--format", "output", formats, text="Output format. Định dạng kết quả."
        )(with_lang)

    return decorate


def choice_option(
    flag: str, name: str, kind: type[StrEnum], *, text: str, default: StrEnum | None = None
) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Add an option whose value is a member of `kind`, by default the first."""
    choices = [choice.value for choice in kind]
    return click.option(
        flag,
        name,
        type=click.Choice(choices),
        default=default.value if default else choices[0],
        show_default=True,
        callback=lambda _context, _parameter, value: kind(value),
        help=text,
    )


def print_json(data: Any) -> None:
    """Print `data` as JSON in UTF-8, whatever the encoding of the terminal."""
    print_text(json.dumps(data, ensure_ascii=False, indent=2))


def print_text(text: str, *, end: str = "\n") -> None:
    """Print `text` in UTF-8, whatever the encoding of the terminal.

    A lone surrogate, which UTF-8 cannot encode, is printed as its JSON escape.
    """
    click.echo(f"{text}{end}".encode("utf-8", "backslashreplace"), nl=False)


def missing_argument(name: str) -> NoReturn:
    """End the command with the usage error of click for a missing argument."""
    context = click.get_current_context()
    parameter = next(param for param in context.command.params if param.name == name)
    raise click.MissingParameter(ctx=context, param=parameter)


def _unreadable(error: OSError) -> Text:
    if isinstance(error, FileNotFoundError):
        template = _NO_FILE
    elif isinstance(error, IsADirectoryError):
        template = _DIRECTORY
    else:
        template = _UNREADABLE
    return template.format(file=error.filename or STDIN)


_WARNING = Text(vi="Cảnh báo", en="Warning")
_ROWS = Text(vi="dòng", en="rows")
_ROWS_READ = Text(vi="dòng đã đọc", en="rows read")
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
