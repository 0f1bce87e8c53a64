"""`xhht path`: the cheapest changes to reach a level, for each subject."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import click

from xhht.cli._common import (
    STDIN,
    Format,
    common_options,
    fail,
    finish,
    handle_errors,
    input_path,
    numbers_option,
    open_input,
    print_json,
    print_text,
    with_progress,
)
from xhht.cli._facts import read_subjects
from xhht.cli._profiles import named_profile
from xhht.cli._tables import day_option
from xhht.cli.evaluate import INVALID_FACTS, ONE_STDIN, evaluate_subject, print_header, printable
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
@day_option("--as-of", "as_of", text="Evaluation date; default: today. Ngày đánh giá.")
@numbers_option
@common_options
@handle_errors
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
    """Find the cheapest changes with which each subject in FACTS reaches a level of PROFILE.

    Tìm cách ít tốn nhất để từng đối tượng đạt một mức. PROFILE and FACTS are as for `evaluate`.
    The result is exact, or reported as not computed.
    """
    if profile == facts == STDIN:
        fail(ONE_STDIN, lang)
    chosen = named_profile(profile, output, lang)
    target_level = _target_level(chosen, level, lang)
    parsed_costs = dict(_parse_cost(text, lang) for text in costs)
    day = as_of or date.today()
    results: list[tuple[str | int, Path | FactsError]] = []
    with open_input(facts) as stream:
        for subject in with_progress(read_subjects(stream, facts, chosen, numbers, lang), lang):
            outcome = evaluate_subject(subject, chosen, day, lang)
            if isinstance(outcome, Evaluation):
                cheapest = outcome.path_to(target_level, parsed_costs, fixed=fixed or None)
                results.append((subject.id, cheapest))
            else:
                results.append((subject.id, outcome))
    if nearest:
        results.sort(key=lambda result: _cost_key(result[1]))
    if output is Format.JSON:
        print_json([{"id": name, **_path_json(path, lang)} for name, path in results])
    else:
        print_header(chosen, day, lang)
        for name, path in results:
            print_text(printable(_path_text(name, path, lang)))
    finish(has_errors=any(isinstance(path, FactsError) for _, path in results))


def _target_level(profile: Profile, level: str | None, lang: Lang) -> str:
    levels = [entry.id for entry in profile.document.levels]
    if level is None:
        return levels[-1]
    if level not in levels:
        similar = suggestion(level, levels)
        fail(
            (_NO_LEVEL_SIMILAR if similar else _NO_LEVEL).format(
                levels=", ".join(levels), similar=similar
            ),
            lang,
        )
    return level


def _parse_cost(text: str, lang: Lang) -> tuple[str, Cost]:
    name, _, number = text.rpartition("=")
    try:
        cost = parse_number(number.removesuffix(_PER_POINT))
    except NumberFormatError:
        fail(_BAD_COST, lang)
    if not name:
        fail(_BAD_COST, lang)
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
        message = path.message(lang)
        return {"error": {"code": path.code, "field": path.field, "message": message}}
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
