"""`xhht sensitivity`: how many subjects are close to each mark, and the effect of other marks."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

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
from xhht.errors import FactsError, NumberFormatError
from xhht.evaluation.result import Evaluation
from xhht.numbers import Convention, decimal_label, parse_number
from xhht.rollup.sensitivity import Sensitivity, sensitivity
from xhht.rollup.tally import Points, Tally, TallySum
from xhht.text import Text

__all__ = ["command"]


@click.command("sensitivity")
@click.argument("profile", metavar="PROFILE")
@click.argument("facts", metavar="FACTS", type=input_path)
@click.option(
    "--within",
    default="5",
    show_default=True,
    metavar="N",
    help="Distance in points that counts as close. Khoảng cách điểm.",
)
@click.option(
    "--mark",
    "marks",
    metavar="N",
    multiple=True,
    help="Alternative mark to count for; may be repeated. Ngưỡng khác.",
)
@evaluation_day_option
@standards_option
@numbers_option
@with_context()
def command(
    context: CommandContext,
    profile: str,
    facts: str,
    within: str,
    marks: tuple[str, ...],
    as_of: date | None,
    standards: tuple[str, ...],
    numbers: Convention,
) -> None:
    """Count the subjects in FACTS that are close to the marks of the levels of PROFILE.

    Bao nhiêu đối tượng ở sát ngưỡng của từng mức. PROFILE and FACTS are as for `evaluate`.
    Counts are ranges if points are open, and consider points only.
    """
    fail_if_both_stdin(context, profile, facts)
    chosen = named_profile(context, profile)
    close, others = _parse_mark(context, within), [_parse_mark(context, mark) for mark in marks]
    day = as_of or date.today()
    rests_on = load_standards(context, standards, chosen, day)
    warn_out_of_force(context, chosen, day, rests_on)
    total, errors = TallySum(), []
    for subject, outcome in evaluate_subjects(context, facts, chosen, day, numbers, rests_on):
        if isinstance(outcome, FactsError):
            errors.append((subject.id, outcome))
        else:
            total.add(_tally(outcome))
    result = sensitivity(total.tally(), chosen, close)
    if context.is_json:
        items = [{"id": name, "message": error.message(context.lang)} for name, error in errors]
        print_json({**result.to_dict(context.lang, marks=others), "errors": items})
    else:
        print_header(context, chosen, day, rests_on)
        for name, error in errors:
            print_safely(INVALID_FACTS.get(context.lang, id=name, problem=error.text))
        context.print(*_lines(result, others))
    context.finish(has_errors=bool(errors))


def _tally(result: Evaluation) -> Tally:
    points = Points(result.profile.hash, result.points_certain, result.points_possible)
    return Tally.of_subject(result.verdict.value, level=result.level, points=points)


def _parse_mark(context: CommandContext, text: str) -> Fraction:
    try:
        return Fraction(parse_number(text))
    except NumberFormatError as error:
        context.fail(error.text)


def _lines(result: Sensitivity, marks: list[Fraction]) -> list[Text]:
    lines = [_SUBJECTS.format(number=result.subjects, within=decimal_label(result.within))]
    lines += [threshold.text for threshold in result.thresholds]
    if result.others:
        lines.append(_WITHOUT_MARK.format(levels=", ".join(result.others)))
    lines += [
        _MARK.format(mark=decimal_label(mark), reach=result.reach(mark).text) for mark in marks
    ]
    return lines


_SUBJECTS = Text(
    vi="{number} đối tượng; sát ngưỡng là cách không quá {within} điểm.",
    en="Subjects: {number}; close means at most {within} points away.",
)
_WITHOUT_MARK = Text(
    vi="Các mức không có ngưỡng điểm cố định: {levels}.",
    en="Levels without a fixed points mark: {levels}.",
)
_MARK = Text(vi="Ngưỡng {mark} điểm: {reach} đạt.", en="Mark of {mark} points: reached by {reach}.")
