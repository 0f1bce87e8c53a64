"""`xhht sensitivity`: how many subjects sit close to each mark, and what another would do."""

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
from xhht.errors import FactsError, NumberFormatError
from xhht.evaluation.result import Evaluation
from xhht.exact import Convention, decimal_text, format_vi, json_number, parse_number
from xhht.rollup.counts import Bounds
from xhht.rollup.sensitivity import Sensitivity, sensitivity
from xhht.rollup.tally import Points, Tally, TallySum
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("sensitivity")
@click.argument("profile", metavar="PROFILE")
@click.argument("facts", metavar="FACTS", type=input_path)
@click.option(
    "--within", default="5", show_default=True, metavar="N", help="How many points are close."
)
@click.option(
    "--mark",
    "marks",
    metavar="N",
    multiple=True,
    help="Another mark: how many would reach it; repeat it. Ngưỡng khác.",
)
@day_option("--as-of", "as_of", text="The day to judge for; today when left out. Ngày đánh giá.")
@numbers_option
@common_options
@refusing
def command(
    profile: str,
    facts: str,
    within: str,
    marks: tuple[str, ...],
    as_of: date | None,
    numbers: Convention,
    output: Format,
    lang: Lang,
) -> None:
    """Tell how many subjects in FACTS sit close to the marks of PROFILE's levels.

    Bao nhiêu đối tượng ở sát ngưỡng của từng mức. PROFILE and FACTS are those of `evaluate`.
    Counts are ranges where points are open, and speak of points alone.
    """
    if profile == facts == STDIN:
        refuse(ONE_STDIN, lang)
    chosen = named_profile(profile, output, lang)
    close, others = _number(within, lang), [_number(mark, lang) for mark in marks]
    day = as_of or date.today()
    whole, faults = TallySum(), []
    with open_input(facts) as stream:
        for subject in counted(subjects_of(stream, facts, chosen, numbers, lang), lang):
            outcome = outcome_of(subject, chosen, day, lang)
            if isinstance(outcome, FactsError):
                faults.append((subject.id, outcome))
            else:
                whole.add(_tally(outcome))
    found = sensitivity(whole.tally(), chosen, close)
    if output is Format.JSON:
        errors = [{"id": name, "message": fault.message(lang)} for name, fault in faults]
        print_json({**_item(found, others), "errors": errors})
    else:
        print_head(chosen, day, lang)
        for name, fault in faults:
            print_text(printable(FAULT.in_(lang, id=name, problem=fault.text)))
        for line in _lines(found, others):
            print_text(line.in_(lang))
    finish(faults=bool(faults))


def _tally(result: Evaluation) -> Tally:
    points = Points(result.profile.hash, result.points_certain, result.points_possible)
    return Tally.of_subject(result.verdict.value, level=result.level, points=points)


def _number(text: str, lang: Lang) -> Fraction:
    try:
        return Fraction(parse_number(text))
    except NumberFormatError as fault:
        refuse(fault.text, lang)


def _lines(found: Sensitivity, marks: list[Fraction]) -> list[Text]:
    lines = [_SUBJECTS.format(number=found.subjects, within=_points(found.within))]
    lines += [threshold.text for threshold in found.thresholds]
    if found.others:
        lines.append(_OTHERS.format(levels=", ".join(found.others)))
    lines += [_MARK.format(mark=_points(mark), reach=found.reach(mark).text) for mark in marks]
    return lines


def _points(number: Fraction) -> Text:
    return Text(vi=format_vi(number), en=decimal_text(number))


def _item(found: Sensitivity, marks: list[Fraction]) -> dict[str, Any]:
    return {
        "subjects": found.subjects,
        "within": json_number(found.within),
        "thresholds": [
            {
                "level": each.level,
                "mark": json_number(each.mark),
                "reach": _bounds(each.reach),
                "below": _bounds(each.below),
                "above": _bounds(each.above),
            }
            for each in found.thresholds
        ],
        "without_mark": list(found.others),
        "marks": [
            {"mark": json_number(mark), "reach": _bounds(found.reach(mark))} for mark in marks
        ],
    }


def _bounds(bounds: Bounds) -> dict[str, int | None]:
    return {"min": bounds.low, "max": bounds.high}


_SUBJECTS = Text(
    vi="{number} đối tượng; sát ngưỡng là cách không quá {within} điểm.",
    en="{number} subjects; close means no more than {within} points away.",
)
_OTHERS = Text(
    vi="Các mức không có ngưỡng điểm cố định: {levels}.",
    en="Levels without a fixed mark of points: {levels}.",
)
_MARK = Text(vi="Ngưỡng {mark} điểm: {reach} đạt.", en="A mark of {mark} points: {reach} reach it.")
