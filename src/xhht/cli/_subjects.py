"""Evaluates the subjects of a file one by one, and prints what such commands share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import TypeAlias

from attrs import evolve

from xhht import labels
from xhht.cli._context import ROWS_PER_STEP, STDIN, CommandContext, print_text
from xhht.cli._facts import read_subjects
from xhht.cli._inputs import open_input
from xhht.criteria.profile import Profile
from xhht.dates import day_text
from xhht.domain.register import TitleRegister
from xhht.errors import FactsError
from xhht.evaluation.evaluator import Evaluator
from xhht.evaluation.explanation import origin_texts
from xhht.evaluation.prerequisites import facts_with_register
from xhht.evaluation.result import Evaluation
from xhht.numbers import Convention
from xhht.render import sanitize_line
from xhht.tables.facts import SubjectFacts
from xhht.text import Text

EvaluatedSubject: TypeAlias = tuple[SubjectFacts, Evaluation | FactsError]
"""A subject, and its evaluation or the error in its facts."""


def evaluate_subjects(
    context: CommandContext,
    facts: str,
    profile: Profile,
    day: date,
    numbers: Convention,
    standards: Collection[Profile] = (),
    *,
    final: bool = False,
    register: TitleRegister | None = None,
    step: int = ROWS_PER_STEP,
) -> Iterator[EvaluatedSubject]:
    """Yield the evaluation of each subject in a file; print warnings about subjects.

    A terminal shows their number every `step` subjects: often, if each takes long.
    """
    evaluator = Evaluator(profile, standards, final=final)
    with open_input(facts) as stream:
        read = read_subjects(context, stream, facts, profile, numbers, standards)
        subjects = with_register(read, profile, register, day)
        for subject in context.progress(subjects, step=step):
            yield subject, _evaluate_subject(context, subject, evaluator, day)


def with_register(
    subjects: Iterable[SubjectFacts], profile: Profile, register: TitleRegister | None, day: date
) -> Iterator[SubjectFacts]:
    """Yield subjects with the facts that a register answers, or with the error in them."""
    for subject in subjects:
        yield subject if register is None else _registered(subject, profile, register, day)


def _registered(
    subject: SubjectFacts, profile: Profile, register: TitleRegister, day: date
) -> SubjectFacts:
    if subject.error is not None:
        return subject
    try:
        if not isinstance(subject.id, str):
            raise FactsError(_NO_ID, code="id_missing", field="id")
        facts = facts_with_register(profile, subject.facts, register, subject.id, day)
    except FactsError as error:
        return evolve(subject, facts={}, error=error)
    return evolve(subject, facts=facts)


def _evaluate_subject(
    context: CommandContext, subject: SubjectFacts, evaluator: Evaluator, day: date
) -> Evaluation | FactsError:
    if subject.error is not None:
        return subject.error
    try:
        result = evaluator(subject.facts, as_of=day)
    except FactsError as error:
        return error
    for text in result.contradictions:
        context.warn(_OF_SUBJECT.format(id=sanitize_line(str(subject.id)), text=text))
    return result


def fail_if_both_stdin(context: CommandContext, profile: str, facts: str | None) -> None:
    """Fail if the profile and the facts are both standard input."""
    if profile == facts == STDIN:
        context.fail(_ONE_STDIN)


def warn_out_of_force(
    context: CommandContext, profile: Profile, day: date, standards: Iterable[Profile] = ()
) -> None:
    """Warn once that a profile, or a standard it rests on, judges no subject on a day."""
    for one in (profile, *standards):
        remark = one.remark_on(day)
        if remark is not None:
            context.warn(remark)


def print_header(
    context: CommandContext, profile: Profile, day: date, standards: Collection[Profile] = ()
) -> None:
    """Print the profile, the standards it rests on and the evaluation date of results."""
    day_of_results = labels.EVALUATED_AS_OF.format(day=day_text(day))
    context.print(*origin_texts(profile, standards), day_of_results)


def print_safely(text: str) -> None:
    """Print `text` without control characters from ids, keys and waivers."""
    lines = text.split("\n")
    print_text("\n".join(line if line.isprintable() else sanitize_line(line) for line in lines))


INVALID_FACTS = Text(
    vi="{id}: dữ kiện không hợp lệ: {problem}", en="{id}: invalid facts: {problem}"
)
_OF_SUBJECT = Text(vi="{id}: {text}", en="{id}: {text}")
_NO_ID = Text(
    vi="Đối tượng không có mã nên không tra được sổ danh hiệu; hãy thêm cột id.",
    en="The subject has no id, so it cannot be found in the register of titles; add a column id.",
)
_ONE_STDIN = Text(
    vi="Chỉ một trong hai, PROFILE hoặc FACTS, được đọc từ đầu vào chuẩn (-).",
    en="Only one of PROFILE and FACTS can be read from standard input (-).",
)
