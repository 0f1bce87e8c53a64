"""What the commands that write drafts share: options, and where a file goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from xhht.cli._common import print_text, refuse
from xhht.domain.titles import Title
from xhht.text import Lang, Text

__all__ = [
    "NEEDS_EXCEL",
    "WRITTEN",
    "refuse_existing",
    "target_options",
    "title_in",
    "title_option",
    "write_text",
]

P = ParamSpec("P")
R = TypeVar("R")


def target_options(command: Callable[P, R]) -> Callable[P, R]:
    """Give a command `--output` and `--force`, as `target: Path | None` and `force: bool`."""
    target = click.option(
        "-o",
        "--output",
        "target",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write to FILE; printed when left out. Tệp ghi ra.",
    )
    force = click.option("--force", is_flag=True, help="Replace a file that is there. Ghi đè.")
    return target(force(command))


def title_option(*, required: bool) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Give a command `--title`, as `title: str | None`."""
    known = ", ".join(Title)
    return click.option(
        "--title", required=required, help=f"{known}, or x.NAME for another field. Danh hiệu."
    )


def title_in(text: str, lang: Lang) -> Title:
    """Return the title that a text names; refuse any other."""
    try:
        return Title(text) if text.startswith("x.") else Title.parse(text)
    except ValueError:
        refuse(_NO_TITLE.format(known=", ".join(Title)), lang)


def refuse_existing(target: Path | None, force: bool, lang: Lang) -> None:
    """Refuse to write over a file, unless that is asked for."""
    if target is not None and target.exists() and not force:
        refuse(_THERE.format(file=target), lang)


def write_text(text: str, target: Path | None, lang: Lang) -> None:
    """Write a text to a file and say so, or print it."""
    if target is None:
        print_text(text, end="")
        return
    target.write_text(text, encoding="utf-8", newline="\n")
    click.echo(WRITTEN.in_(lang, file=target), err=True)


_NO_TITLE = Text(
    vi="Không có danh hiệu này; các danh hiệu: {known}; hoặc x.TÊN cho lĩnh vực khác.",
    en="There is no such title; the titles: {known}; or x.NAME for another field.",
)
_THERE = Text(
    vi="Đã có tệp {file}; hãy chọn tên khác, hoặc thêm --force để ghi đè.",
    en="The file {file} is there already; choose another name, or --force to replace it.",
)
WRITTEN = Text(vi="Đã ghi {file}.", en="Wrote {file}.")
NEEDS_EXCEL = Text(
    vi="Việc này cần cài thêm: pip install 'xhht[excel]'.",
    en="This needs an extra: pip install 'xhht[excel]'.",
)
