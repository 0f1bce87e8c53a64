"""The command line. Each command is imported only when it is called, so that all start fast."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from keyword import iskeyword
from typing import Any

import click

from xhht.cli._usage import asked_lang, usage_in
from xhht.text import Lang

__all__ = ["main"]

_COMMANDS = (
    "areas",
    "campaign",
    "check",
    "compare",
    "evaluate",
    "export",
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
_NOBODY_READS = 141


class _LazyGroup(click.Group):
    """A group whose commands live in modules of the same name, as the attribute `command`.

    What is a word of Python itself, such as `import`, has a `_` behind it.
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
        self, info_name: str | None, args: list[str], *more: Any, **extra: Any
    ) -> click.Context:
        lang = asked_lang(args)
        with _ending_well(lang):
            context = super().make_context(info_name, args, *more, **extra)
        context.obj = lang
        return context

    def invoke(self, ctx: click.Context) -> Any:
        with _ending_well(ctx.obj):
            return super().invoke(ctx)


@contextmanager
def _ending_well(lang: Lang) -> Iterator[None]:
    """End without a traceback, and with the exit codes of a shell, when a command is cut short."""
    try:
        with usage_in(lang):
            yield
    except KeyboardInterrupt:
        raise click.exceptions.Exit(_INTERRUPTED) from None
    except BrokenPipeError:
        # What still waits in the buffers would fail again when Python ends.
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        raise click.exceptions.Exit(_NOBODY_READS) from None


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="xhht", prog_name="xhht")
def main() -> None:
    """Learning-society titles: check criteria, evaluate, add up, reconcile.

    Danh hiệu học tập: kiểm tra bộ tiêu chí, đánh giá, tổng hợp, đối chiếu số liệu.

    Exit codes: 0 fine, 1 faults were found, 2 wrong usage or a file that cannot be read.
    """
