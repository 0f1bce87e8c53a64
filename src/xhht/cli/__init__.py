"""The command line. Each command is imported only when it is called, so that all start fast."""

from __future__ import annotations

import importlib
from typing import Any

import click

__all__ = ["main"]

_COMMANDS = ("check", "evaluate", "profiles", "reconcile", "rollup", "test")
_INTERRUPTED = 130


class _LazyGroup(click.Group):
    """A group whose commands live in modules of the same name, as the attribute `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"xhht.cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.exceptions.Exit(_INTERRUPTED) from None


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="xhht", prog_name="xhht")
def main() -> None:
    """Learning-society titles: check criteria, evaluate, add up, reconcile.

    Danh hiệu học tập: kiểm tra bộ tiêu chí, đánh giá, tổng hợp, đối chiếu số liệu.

    Exit codes: 0 fine, 1 faults were found, 2 wrong usage or a file that cannot be read.
    """
