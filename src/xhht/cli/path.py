"""`xhht path`: the cheapest changes to reach a level, for each subject."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import click

from xhht.cli._context import CommandContext, print_json, with_context
from xhht.cli._inputs import load_standards, named_profile
from xhht.cli._options import evaluation_day_option, input_path, numbers_option, standards_option
from xhht.cli._subjects import (
    INVALID_FACTS,
    evaluate_subjects,
    fail_if_both_stdin,
    print_header,
    print_safely,
    warn_out_of_force,
)
from xhht.criteria.profile import Profile
from xhht.errors import FactsError, NumberFormatError
from xhht.evaluation.path import Cost, Path, PerPoint
from xhht.evaluation.result import Evaluation
from xhht.numbers import Convention, parse_number
from xhht.text import Lang, Text, suggestion

__all__ = ["command"]

_PER_POINT = "/point"


@click.command("path")
@click.argument("profile", metavar="PROFILE")
@click.argument("facts", metavar="FACTS", type=input_path)
@click.option("--to", "level", metavar="LEVEL", help="Target level; default: the lowest. Mức.")
@click.option(
    "--cost",
    "costs",
    metavar="ID=N",
    multiple=True,
    help="Cost of changing an input or raising an indicator, `N/point` per point; default: 1 per "
    "fact. Chi phí.",
)
@click.option(
    "--fix",
    "fixed",
    metavar="INPUT",
    multiple=True,
    help="Input that must not change; default: the circumstances. Dữ kiện giữ nguyên.",
)
@click.option(
    "--nearest",
    is_flag=True,
    help="Sort the subjects by cost, nearest first. Gần nhất trước.",
)
@evaluation_day_option
@standards_option
@numbers_option
@with_context()
def command(
    context: CommandContext,
    profile: str,
    facts: str,
    level: str | None,
    costs: tuple[str, ...],
    fixed: tuple[str, ...],
    nearest: bool,
    as_of: date | None,
    standards: tuple[str, ...],
    numbers: Convention,
) -> None:
    """Find the cheapest changes with which each subject in FACTS reaches a level of PROFILE.

    Tìm cách ít tốn nhất để từng đối tượng đạt một mức. PROFILE and FACTS are as for `evaluate`.
    The result is exact, or reported as not computed.
    """
    fail_if_both_stdin(context, profile, facts)
    chosen = named_profile(context, profile)
    target_level = _target_level(context, chosen, level)
    parsed_costs = dict(_parse_cost(context, text) for text in costs)
    day = as_of or date.today()
    rests_on = load_standards(context, standards, chosen, day)
    warn_out_of_force(context, chosen, day, rests_on)
    results = [
        (
            subject.id,
            outcome.path_to(target_level, parsed_costs, fixed=fixed or None)
            if isinstance(outcome, Evaluation)
            else outcome,
        )
        for subject, outcome in evaluate_subjects(
            context, facts, chosen, day, numbers, rests_on, step=1
        )
    ]
    if nearest:
        results.sort(key=lambda result: _cost_key(result[1]))
    if context.is_json:
        print_json([{"id": name, **_path_json(path, context.lang)} for name, path in results])
    else:
        print_header(context, chosen, day, rests_on)
        for name, path in results:
            print_safely(_path_text(name, path, context.lang))
    context.finish(has_errors=any(isinstance(path, FactsError) for _, path in results))


def _target_level(context: CommandContext, profile: Profile, level: str | None) -> str:
    levels = [entry.id for entry in profile.document.levels]
    if level is None:
        return levels[-1]
    if level not in levels:
        similar = suggestion(level, levels)
        context.fail(
            (_NO_LEVEL_SIMILAR if similar else _NO_LEVEL).format(
                levels=", ".join(levels), similar=similar
            )
        )
    return level


def _parse_cost(context: CommandContext, text: str) -> tuple[str, Cost]:
    name, _, number = text.rpartition("=")
    try:
        cost = parse_number(number.removesuffix(_PER_POINT))
    except NumberFormatError:
        context.fail(_BAD_COST)
    if not name:
        context.fail(_BAD_COST)
    return name, PerPoint(cost) if number.endswith(_PER_POINT) else Fraction(cost)


def _cost_key(path: Path | FactsError) -> tuple[int, Fraction]:
    if isinstance(path, FactsError) or path.cost is None:
        return 1, Fraction(0)
    return 0, path.cost


def _path_text(name: str | int, path: Path | FactsError, lang: Lang) -> str:
    if isinstance(path, FactsError):
        return INVALID_FACTS.get(lang, id=name, problem=path.text)
    first, *others = (text.get(lang) for text in path.lines())
    return "\n".join([f"{name}: {first}", *(f"    {line}" for line in others)])


def _path_json(path: Path | FactsError, lang: Lang) -> dict[str, Any]:
    if isinstance(path, FactsError):
        return {"error": path.to_dict(lang)}
    return {**path.to_dict(lang)}


_NO_LEVEL = Text(
    vi="Bộ tiêu chí không có mức này; các mức: {levels}.",
    en="Unknown level; levels of the profile: {levels}.",
)
_NO_LEVEL_SIMILAR = Text(
    vi="Bộ tiêu chí không có mức này; có phải ý bạn là '{similar}'? Các mức: {levels}.",
    en="Unknown level; did you mean '{similar}'? Levels of the profile: {levels}.",
)
_BAD_COST = Text(
    vi="Chi phí không hợp lệ; hãy viết như 2.4=3, members=1.5 hoặc 2.4=2/point, số từ 0 trở lên.",
    en="Invalid cost; write it like 2.4=3, members=1.5 or 2.4=2/point, with a number of 0 or more.",
)
