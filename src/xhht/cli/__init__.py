"""Command-line interface. Command modules are imported on first use to keep start-up fast."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from keyword import iskeyword
from typing import Any

import click

from xhht.cli._usage import requested_lang, translate_usage_errors
from xhht.text import Lang

__all__ = ["main"]

_COMMANDS = (
    "areas",
    "campaign",
    "check",
    "compare",
    "evaluate",
    "export",
    "gather",
    "import",
    "keygen",
    "new",
    "path",
    "profiles",
    "prove",
    "reconcile",
    "report",
    "rollup",
    "schema",
    "sensitivity",
    "shortlist",
    "sign",
    "targets",
    "test",
    "verify",
)
_INTERRUPTED = 130
_BROKEN_PIPE = 141


class _LazyGroup(click.Group):
    """A group whose commands are the attribute `command` of the module with the same name.

    A Python keyword, such as `import`, gets a trailing `_` as module name.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command: click.Command = importlib.import_module(f"xhht.cli.{module}").command
        return command

    def make_context(
        self, info_name: str | None, args: list[str], *positional: Any, **keywords: Any
    ) -> click.Context:
        lang = requested_lang(args)
        with _clean_exit(lang):
            context = super().make_context(info_name, args, *positional, **keywords)
        context.obj = lang
        return context

    def invoke(self, ctx: click.Context) -> Any:
        with _clean_exit(ctx.obj):
            return super().invoke(ctx)


@contextmanager
def _clean_exit(lang: Lang) -> Iterator[None]:
    """End an interrupted command with the exit code of a shell, without a traceback."""
    try:
        with translate_usage_errors(lang):
            yield
    except KeyboardInterrupt:
        raise click.exceptions.Exit(_INTERRUPTED) from None
    except BrokenPipeError:
        # Flushing the remaining buffers at interpreter exit would fail again.
        with open(os.devnull, "wb") as null:
            os.dup2(null.fileno(), sys.stdout.fileno())
        raise click.exceptions.Exit(_BROKEN_PIPE) from None


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="xhht", prog_name="xhht")
def main() -> None:
    """Learning-society titles: check criteria, evaluate, aggregate, reconcile.

    Danh hiệu học tập: kiểm tra bộ tiêu chí, đánh giá, tổng hợp, đối chiếu số liệu.

    Exit codes: 0 success, 1 errors were found, 2 invalid usage or unreadable input.
    """
