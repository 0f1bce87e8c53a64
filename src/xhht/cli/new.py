"""`xhht new`: the beginning of a profile, by flags, by questions, or by both."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import click

from xhht.cli._common import Format, common_options, refuse, refusing
from xhht.cli._drafts import refuse_existing, target_options, title_in, title_option, write_text
from xhht.domain.titles import Title
from xhht.drafting.scaffold import Outline, level_id, scaffold
from xhht.errors import NumberFormatError
from xhht.exact import parse_number
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("new")
@click.option("--id", "profile_id", help="The profile's id, such as city.unit.2026. Mã.")
@title_option(required=False)
@click.option("--name", help="Its name; VI|EN for both languages. Tên.")
@click.option("--document", help="The document it rests on. Văn bản.")
@click.option("--criterion", "criteria", multiple=True, help="NAME=POINTS, repeated. Tiêu chí.")
@click.option("--level", "levels", multiple=True, help="NAME=MARK, repeated. Mức.")
@target_options
@common_options
@refusing
def command(
    profile_id: str | None,
    title: str | None,
    name: str | None,
    document: str | None,
    criteria: tuple[str, ...],
    levels: tuple[str, ...],
    target: Path | None,
    force: bool,
    output: Format,
    lang: Lang,
) -> None:
    """Write a commented draft of a profile.

    On a terminal it asks for what no option tells. The draft checks clean.

    Viết bản thảo một bộ tiêu chí, có chú thích; hỏi những gì chưa nêu.
    """
    refuse_existing(target, force, lang)
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
    if missing and not _is_asked():
        refuse(_MISSING.format(options=", ".join(missing)), lang)
    kind = title_in(title or _ask(_TITLE.format(known=", ".join(Title)), lang), lang)
    outline = Outline(
        id=profile_id or _ask(_ID, lang),
        title=kind,
        name=_name(name) if name else kind.label,
        document=document or (_ask(_DOCUMENT, lang, default="") if missing else None) or None,
        criteria=[_pair(each, lang) for each in criteria or _ask_all(_CRITERION, lang)],
        levels=[
            (level_id(label.vi), label, mark)
            for label, mark in (_pair(each, lang) for each in levels or _ask_all(_LEVEL, lang))
        ],
    )
    write_text(scaffold(outline, lang), target, lang)


def _is_asked() -> bool:
    """Return whether somebody is there to answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def _ask(question: Text, lang: Lang, default: str | None = None) -> str:
    asked: str = click.prompt(
        question.in_(lang), default=default, show_default=False, err=True, type=str
    )
    return asked


def _ask_all(question: Text, lang: Lang) -> list[str]:
    found = [_ask(question, lang)]
    while more := _ask(_MORE, lang, default=""):
        found.append(more)
    return found


def _name(text: str) -> Text:
    vi, _, en = text.partition("|")
    return Text(vi=vi, en=en or vi)


def _pair(text: str, lang: Lang) -> tuple[Text, Fraction]:
    """Return the name and the number of `NAME=NUMBER`; refuse what is not."""
    name, _, number = text.rpartition("=")
    try:
        if not name.strip():
            raise NumberFormatError(_PAIR)
        return _name(name), parse_number(number.strip())
    except NumberFormatError:
        refuse(_PAIR, lang)


_MISSING = Text(
    vi="Thiếu {options}; hãy nêu, hoặc chạy ở cửa sổ dòng lệnh để được hỏi.",
    en="{options} are missing; give them, or run on a terminal to be asked.",
)
_TITLE = Text(vi="Danh hiệu ({known}, hoặc x.TÊN)", en="Title ({known}, or x.NAME)")
_ID = Text(vi="Mã, như tinh.don_vi.2026", en="Id, such as city.unit.2026")
_DOCUMENT = Text(
    vi="Văn bản căn cứ (để trống nếu là ví dụ)",
    en="Document it rests on (leave blank for an example)",
)
_CRITERION = Text(vi="Tiêu chí, dạng Tên=điểm", en="A criterion, as Name=points")
_LEVEL = Text(vi="Mức công nhận, dạng Tên=ngưỡng", en="A level, as Name=mark")
_MORE = Text(vi="Thêm nữa (để trống để thôi)", en="One more (leave blank to stop)")
_PAIR = Text(
    vi="Hãy viết Tên=số, như 'Điều kiện=40'; số dạng 40 hoặc 12.5.",
    en="Write Name=number, such as 'Conditions=40'; numbers like 40 or 12.5.",
)
