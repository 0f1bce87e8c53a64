"""Translates the usage errors of click into Vietnamese; English messages are those of click."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import IO, Any

import click

from xhht.text import Lang


def requested_lang(args: Sequence[str]) -> Lang:
    """Return the language requested on a command line, even if the line cannot be parsed."""
    words = " ".join(args).replace("--lang=", "--lang ").split()
    values = [word for before, word in pairwise(words) if before == "--lang"]
    return Lang.EN if values[-1:] == [Lang.EN.value] else Lang.VI


@contextmanager
def translate_usage_errors(lang: Lang) -> Iterator[None]:
    """Translate usage errors of click into `lang`."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        if lang is Lang.EN:
            raise
        raise _VietnameseUsageError(error) from None


class _VietnameseUsageError(click.UsageError):
    def __init__(self, error: click.UsageError) -> None:
        super().__init__(_translated_message(error), error.ctx)

    def show(self, file: IO[Any] | None = None) -> None:
        if self.ctx is not None:
            pieces = " ".join(self.ctx.command.collect_usage_pieces(self.ctx))
            for english, vietnamese in _USAGE_WORDS.items():
                pieces = pieces.replace(english, vietnamese)
            path = self.ctx.command_path
            for line in (_USAGE, _HELP):
                click.echo(line.format(command=path, pieces=pieces), file=file, err=True)
        click.echo(_ERROR.format(problem=self.message), file=file, err=True)


def _translated_message(error: click.UsageError) -> str:
    name = _parameter_name(error)
    if isinstance(error, click.NoSuchOption):
        return _NO_OPTION.format(name=error.option_name)
    if isinstance(error, click.MissingParameter):
        return _MISSING.format(name=name)
    if isinstance(error, click.BadParameter):
        return _bad_value_message(error, name)
    if isinstance(error, click.BadOptionUsage):
        return _BAD_OPTION.format(name=error.option_name)
    if isinstance(error.ctx and error.ctx.command, click.Group):
        return _NO_COMMAND
    return _EXTRA_ARGUMENTS


def _bad_value_message(error: click.BadParameter, name: str) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return _NOT_CHOICE.format(name=name, choices=", ".join(map(str, kind.choices)))
    if isinstance(kind, click.DateTime):
        return _NOT_DAY.format(name=name)
    if isinstance(kind, click.Path):
        return _NO_PATH.format(name=name)
    return _BAD_VALUE.format(name=name)


def _parameter_name(error: click.UsageError) -> str:
    parameter = error.param if isinstance(error, click.BadParameter) else None
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return (parameter.metavar or (parameter.name or "").upper()).rstrip(".") if parameter else ""


_USAGE = "Cách dùng: {command} {pieces}"
_HELP = "Xem thêm: {command} --help"
_USAGE_WORDS = {"[OPTIONS]": "[TÙY CHỌN]", "COMMAND": "LỆNH", "[ARGS]": "[THAM SỐ]"}
_ERROR = "Lỗi: {problem}"
_NO_OPTION = "Không có tùy chọn {name}."
_NO_COMMAND = "Không có lệnh này; xem các lệnh bằng --help."
_MISSING = "Thiếu {name}."
_BAD_OPTION = "{name} thiếu giá trị, hoặc không nhận giá trị nào."
_NOT_CHOICE = "{name} chỉ nhận một trong các giá trị: {choices}."
_NOT_DAY = "{name} phải là một ngày hợp lệ, viết như 2024-12-31."
_NO_PATH = "Không tìm thấy tệp hoặc thư mục nêu ở {name}."
_BAD_VALUE = "Giá trị của {name} không hợp lệ."
_EXTRA_ARGUMENTS = "Có tham số thừa; vui lòng xem lại cách dùng."
