"""Options and output files of the commands that write drafts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from xhht.cli._common import fail, print_text
from xhht.domain.titles import Title
from xhht.text import Lang, Text

P = ParamSpec("P")
R = TypeVar("R")


def target_options(command: Callable[P, R]) -> Callable[P, R]:
    """Add `--output` and `--force`, as `target: Path | None` and `force: bool`."""
    target = click.option(
        "-o",
        "--output",
        "target",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write to FILE instead of standard output. Tệp kết quả.",
    )
    force = click.option("--force", is_flag=True, help="Overwrite an existing file. Ghi đè.")
    return target(force(command))


def title_option(*, required: bool) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Add `--title`, as `title: str | None`."""
    titles = ", ".join(Title)
    return click.option(
        "--title", required=required, help=f"{titles}, or x.NAME for another field. Danh hiệu."
    )


def parse_title(text: str, lang: Lang) -> Title:
    """Parse a title; fail if it is unknown."""
    try:
        return Title(text) if text.startswith("x.") else Title.parse(text)
    except ValueError:
        fail(_NO_TITLE.format(titles=", ".join(Title)), lang)


def fail_if_exists(target: Path | None, force: bool, lang: Lang) -> None:
    """Fail if the file exists, unless `force` is set."""
    if target is not None and target.exists() and not force:
        fail(_EXISTS.format(file=target), lang)


def write_text(text: str, target: Path | None, lang: Lang) -> None:
    """Write a text to a file and report its name, or print the text."""
    if target is None:
        print_text(text, end="")
        return
    target.write_text(text, encoding="utf-8", newline="\n")
    click.echo(WRITTEN.get(lang, file=target), err=True)


_NO_TITLE = Text(
    vi="Danh hiệu không hợp lệ; các danh hiệu: {titles}; hoặc x.TÊN cho lĩnh vực khác.",
    en="Unknown title; known titles: {titles}; or x.NAME for another field.",
)
_EXISTS = Text(
    vi="Đã có tệp {file}; hãy chọn tên khác, hoặc thêm --force để ghi đè.",
    en="File {file} already exists; choose another name, or add --force to overwrite it.",
)
WRITTEN = Text(vi="Đã ghi {file}.", en="Wrote {file}.")
NEEDS_EXCEL = Text(
    vi="Việc này cần cài thêm: pip install 'xhht[excel]'.",
    en="This needs an extra: pip install 'xhht[excel]'.",
)
