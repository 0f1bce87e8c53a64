"""`xhht path`: the cheapest way to a level, for each subject or for the nearest ones."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import click

from xhht.cli._common import (
    STDIN,
    Format,
    common_options,
    counted,
    finish,
    input_path,
    numbers_option,
    open_input,
    print_json,
    print_text,
    refuse,
    refusing,
)
from xhht.cli._facts import subjects_of
from xhht.cli._profiles import named_profile
from xhht.cli._tables import day_option
from xhht.cli.evaluate import FAULT, ONE_STDIN, outcome_of, print_head, printable
from xhht.criteria.profile import Profile
from xhht.errors import FactsError, NumberFormatError
from xhht.evaluation.path import Cost, PerPoint
from xhht.evaluation.path_result import Change, Path
from xhht.evaluation.result import Evaluation
from xhht.exact import Convention, json_number, parse_number
from xhht.text import Lang, Text, suggestion

__all__ = ["command"]

_PER_POINT = "/point"


@click.command("path")
@click.argument("profile", metavar="PROFILE")
@click.argument("facts", metavar="FACTS", type=input_path)
@click.option("--to", "level", metavar="LEVEL", help="The level; the lowest if not given. Mức.")
@click.option(
    "--cost",
    "costs",
    metavar="ID=N",
    multiple=True,
    help="What changing an input or raising an indicator costs, `N/point` for each point; "
    "1 for each fact if not given. Chi phí.",
)
@click.option(
    "--fix",
    "fixed",
    metavar="INPUT",
    multiple=True,
    help="An input that may not change; circumstances if none is given. Dữ kiện giữ nguyên.",
)
@click.option(
    "--nearest",
    is_flag=True,
    help="Sort the subjects by the cost, those nearest first. Gần nhất trước.",
)
@day_option("--as-of", "as_of", text="The day to judge for; today when left out. Ngày đánh giá.")
@numbers_option
@common_options
@refusing
def command(
    profile: str,
    facts: str,
    level: str | None,
    costs: tuple[str, ...],
    fixed: tuple[str, ...],
    nearest: bool,
    as_of: date | None,
    numbers: Convention,
    output: Format,
    lang: Lang,
) -> None:
    """Find the cheapest changes by which each subject in FACTS reaches a level of PROFILE.

    Tìm cách ít tốn nhất để từng đối tượng đạt một mức. PROFILE and FACTS are those of `evaluate`.
    The way is exact, or it is said that it was not worked out.
    """
    if profile == facts == STDIN:
        refuse(ONE_STDIN, lang)
    chosen = named_profile(profile, output, lang)
    wanted = _level(chosen, level, lang)
    prices = dict(_price(text, lang) for text in costs)
    day = as_of or date.today()
    found: list[tuple[str | int, Path | FactsError]] = []
    with open_input(facts) as stream:
        for subject in counted(subjects_of(stream, facts, chosen, numbers, lang), lang):
            outcome = outcome_of(subject, chosen, day, lang)
            if isinstance(outcome, Evaluation):
                found.append((subject.id, outcome.path_to(wanted, prices, fixed=fixed or None)))
            else:
                found.append((subject.id, outcome))
    if nearest:
        found.sort(key=lambda each: _distance(each[1]))
    if output is Format.JSON:
        print_json([{"id": name, **_item(path, lang)} for name, path in found])
    else:
        print_head(chosen, day, lang)
        for name, path in found:
            print_text(printable(_told(name, path, lang)))
    finish(faults=any(isinstance(path, FactsError) for _, path in found))


def _level(profile: Profile, level: str | None, lang: Lang) -> str:
    known = [entry.id for entry in profile.document.levels]
    if level is None:
        return known[-1]
    if level not in known:
        likely = suggestion(level, known)
        refuse(
            (_LIKELY if likely else _NO_LEVEL).format(levels=", ".join(known), likely=likely), lang
        )
    return level


def _price(text: str, lang: Lang) -> tuple[str, Cost]:
    name, _, number = text.rpartition("=")
    try:
        cost = parse_number(number.removesuffix(_PER_POINT))
    except NumberFormatError:
        refuse(_BAD_COST, lang)
    if not name:
        refuse(_BAD_COST, lang)
    return name, PerPoint(cost) if number.endswith(_PER_POINT) else Fraction(cost)


def _distance(path: Path | FactsError) -> tuple[int, Fraction]:
    if isinstance(path, FactsError) or path.cost is None:
        return 1, Fraction(0)
    return 0, path.cost


def _told(name: str | int, path: Path | FactsError, lang: Lang) -> str:
    if isinstance(path, FactsError):
        return FAULT.in_(lang, id=name, problem=path.text)
    first, *others = (text.in_(lang) for text in path.lines())
    return "\n".join([f"{name}: {first}", *(f"    {line}" for line in others)])


def _item(path: Path | FactsError, lang: Lang) -> dict[str, Any]:
    if isinstance(path, FactsError):
        message = path.message(lang)
        return {"error": {"code": path.code, "field": path.field, "message": message}}
    return {
        "level": path.level,
        "state": path.state.value,
        "cost": None if path.cost is None else json_number(path.cost),
        "steps": [
            {
                "criterion": step.criterion,
                "points_before": None if step.before is None else json_number(step.before),
                "points_after": None if step.after is None else json_number(step.after),
                "changes": [_change(change) for change in step.changes],
                "clause": step.clause,
                "line": step.line,
                "message": step.text.in_(lang),
            }
            for step in path.steps
        ],
        "message": path.text.in_(lang),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "input": change.input,
        "before": _plain(change.before),
        "after": _plain(change.after),
    }


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | str():
            return value
        case int() | Fraction():
            return json_number(Fraction(value))
        case date():
            return value.isoformat()
        case _:
            return {"held": value.held, "others": value.others}


_NO_LEVEL = Text(
    vi="Bộ tiêu chí không có mức này; các mức: {levels}.",
    en="The profile has no such level; the levels: {levels}.",
)
_LIKELY = Text(
    vi="Bộ tiêu chí không có mức này; có phải ý bạn là '{likely}'? Các mức: {levels}.",
    en="The profile has no such level; did you mean '{likely}'? The levels: {levels}.",
)
_BAD_COST = Text(
    vi="Chi phí viết như 2.4=3, members=1.5 hoặc 2.4=2/point, với số từ 0 trở lên.",
    en="A cost is written like 2.4=3, members=1.5 or 2.4=2/point, with a number of 0 or more.",
)
