"""`xhht new`: a draft profile from options, prompts, or both."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import click

from xhht.cli._context import CommandContext, with_context
from xhht.cli._files import fail_if_exists, write_draft
from xhht.cli._inputs import parse_title
from xhht.cli._options import draft_options, profile_id_option, title_option
from xhht.domain.titles import Title
from xhht.drafting.scaffold import Outline, level_id, scaffold
from xhht.errors import NumberFormatError
from xhht.numbers import parse_number
from xhht.text import Text

__all__ = ["command"]


@click.command("new")
@profile_id_option
@title_option
@click.option("--name", help="Profile name; VI|EN for both languages. Tên.")
@click.option("--document", help="Legal document of the profile. Văn bản căn cứ.")
@click.option(
    "--criterion", "criteria", multiple=True, help="NAME=POINTS; may be repeated. Tiêu chí."
)
@click.option("--level", "levels", multiple=True, help="NAME=MARK; may be repeated. Mức.")
@draft_options
@with_context()
def command(
    context: CommandContext,
    profile_id: str | None,
    title: str | None,
    name: str | None,
    document: str | None,
    criteria: tuple[str, ...],
    levels: tuple[str, ...],
    target: Path | None,
    force: bool,
) -> None:
    """Write a commented draft of a profile.

    On a terminal, it prompts for missing options. The draft passes `xhht check`.

    Viết bản thảo một bộ tiêu chí, có chú thích; hỏi những gì chưa nêu.
    """
    fail_if_exists(context, target, force=force)
    missing = [
        flag
        for flag, value in (
            ("--id", profile_id),
            ("--title", title),
            ("--criterion", criteria),
            ("--level", levels),
        )
        if not value
    ]
    if missing and not _is_interactive():
        context.fail(_MISSING.format(options=", ".join(missing)))
    parsed_title = parse_title(
        context, title or _ask(context, _TITLE.format(known=", ".join(Title)))
    )
    outline = Outline(
        id=profile_id or _ask(context, _ID),
        title=parsed_title,
        name=_name(name) if name else parsed_title.label,
        document=document or (_ask(context, _DOCUMENT, default="") if missing else None) or None,
        criteria=[_pair(context, text) for text in criteria or _ask_all(context, _CRITERION)],
        levels=[
            (level_id(label.vi), label, mark)
            for label, mark in (
                _pair(context, text) for text in levels or _ask_all(context, _LEVEL)
            )
        ],
    )
    write_draft(context, scaffold(outline, context.lang), target)


def _is_interactive() -> bool:
    """Return whether standard input is a terminal."""
    return sys.stdin is not None and sys.stdin.isatty()


def _ask(context: CommandContext, question: Text, default: str | None = None) -> str:
    answer: str = click.prompt(
        question.get(context.lang), default=default, show_default=False, err=True, type=str
    )
    return answer


def _ask_all(context: CommandContext, question: Text) -> list[str]:
    answers = [_ask(context, question)]
    while answer := _ask(context, _MORE, default=""):
        answers.append(answer)
    return answers


def _name(text: str) -> Text:
    vi, _, en = text.partition("|")
    return Text(vi=vi, en=en or vi)


def _pair(context: CommandContext, text: str) -> tuple[Text, Fraction]:
    """Parse `NAME=NUMBER`; fail if it is malformed."""
    name, _, number = text.rpartition("=")
    try:
        if not name.strip():
            raise NumberFormatError(_PAIR)
        return _name(name), parse_number(number.strip())
    except NumberFormatError:
        context.fail(_PAIR)


_MISSING = Text(
    vi="Thiếu {options}; hãy nêu, hoặc chạy ở cửa sổ dòng lệnh để được hỏi.",
    en="Missing options: {options}; give them, or run on a terminal to be prompted.",
)
_TITLE = Text(vi="Danh hiệu ({known}, hoặc x.TÊN)", en="Title ({known}, or x.NAME)")
_ID = Text(vi="Mã, như tinh.don_vi.2026", en="Id, such as city.unit.2026")
_DOCUMENT = Text(
    vi="Văn bản căn cứ (để trống nếu là ví dụ)",
    en="Legal document (leave blank for an example)",
)
_CRITERION = Text(vi="Tiêu chí, dạng Tên=điểm", en="Criterion, as Name=points")
_LEVEL = Text(vi="Mức công nhận, dạng Tên=ngưỡng", en="Level, as Name=mark")
_MORE = Text(vi="Tiếp theo (để trống để kết thúc)", en="Next (leave blank to finish)")
_PAIR = Text(
    vi="Hãy viết Tên=số, như 'Điều kiện=40'; số dạng 40 hoặc 12.5.",
    en="Write Name=number, such as 'Conditions=40'; numbers like 40 or 12.5.",
)
