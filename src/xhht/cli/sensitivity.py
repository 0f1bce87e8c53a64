"""`xhht sensitivity`: how many subjects are close to each mark, and the effect of other marks."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

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
from xhht.errors import FactsError, NumberFormatError
from xhht.evaluation.result import Evaluation
from xhht.numbers import Convention, decimal_label, parse_number
from xhht.rollup.sensitivity import Sensitivity, sensitivity
from xhht.rollup.tally import Points, Tally, TallySum
from xhht.text import Lang, Text

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
@day_option("--as-of", "as_of", text="Evaluation date; default: today. Ngày đánh giá.")
@numbers_option
@common_options
@handle_errors
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
    """Count the subjects in FACTS that are close to the marks of the levels of PROFILE.

    Bao nhiêu đối tượng ở sát ngưỡng của từng mức. PROFILE and FACTS are as for `evaluate`.
    Counts are ranges if points are open, and consider points only.
    """
    if profile == facts == STDIN:
        fail(ONE_STDIN, lang)
    chosen = named_profile(profile, output, lang)
    close, others = _parse_mark(within, lang), [_parse_mark(mark, lang) for mark in marks]
    day = as_of or date.today()
    total, errors = TallySum(), []
    with open_input(facts) as stream:
        for subject in with_progress(read_subjects(stream, facts, chosen, numbers, lang), lang):
            outcome = evaluate_subject(subject, chosen, day, lang)
            if isinstance(outcome, FactsError):
                errors.append((subject.id, outcome))
            else:
                total.add(_tally(outcome))
    result = sensitivity(total.tally(), chosen, close)
    if output is Format.JSON:
        items = [{"id": name, "message": error.message(lang)} for name, error in errors]
        print_json({**result.to_dict(lang, marks=others), "errors": items})
    else:
        print_header(chosen, day, lang)
        for name, error in errors:
            print_text(printable(INVALID_FACTS.get(lang, id=name, problem=error.text)))
        for line in _lines(result, others):
            print_text(line.get(lang))
    finish(has_errors=bool(errors))


def _tally(result: Evaluation) -> Tally:
    points = Points(result.profile.hash, result.points_certain, result.points_possible)
    return Tally.of_subject(result.verdict.value, level=result.level, points=points)


def _parse_mark(text: str, lang: Lang) -> Fraction:
    try:
        return Fraction(parse_number(text))
    except NumberFormatError as error:
        fail(error.text, lang)


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
