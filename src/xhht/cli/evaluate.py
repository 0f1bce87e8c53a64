"""`xhht evaluate`: evaluates the facts of subjects, one result per subject."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from html import escape
from itertools import chain, islice
from pathlib import Path
from typing import TypeAlias

import click
from attrs import evolve, frozen

from xhht import labels
from xhht.cli._column_options import ColumnOptions, column_options, evaluate_columns
from xhht.cli._columnar import is_columnar
from xhht.cli._common import (
    STDIN,
    Format,
    common_options,
    fail,
    finish,
    handle_errors,
    input_path,
    missing_argument,
    numbers_option,
    open_input,
    print_text,
    warn,
    with_progress,
)
from xhht.cli._documents import document_writer, write_documents
from xhht.cli._facts import SubjectFacts, read_subjects
from xhht.cli._profiles import named_profile
from xhht.cli._tables import day_option
from xhht.criteria.profile import Profile
from xhht.dates import day_text
from xhht.errors import FactsError
from xhht.evaluation.evaluator import evaluate
from xhht.evaluation.explanation import Depth, origin_texts
from xhht.evaluation.result import Evaluation
from xhht.numbers import Convention, decimal_range_label
from xhht.render import markdown_text, sanitize_line
from xhht.text import Lang, Text

__all__ = [
    "INVALID_FACTS",
    "ONE_STDIN",
    "command",
    "evaluate_subject",
    "print_header",
    "printable",
]


class _Markup(StrEnum):
    """Markup of an explanation."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


@frozen
class _ExplanationWriter:
    """Renders explanations."""

    depth: Depth
    markup: _Markup
    lang: Lang

    def of(self, result: Evaluation) -> str:
        """Return the explanation of a result."""
        explained = result.explain(self.lang, self.depth)
        match self.markup:
            case _Markup.MARKDOWN:
                return explained.markdown() + "\n"
            case _Markup.HTML:
                return explained.html()
            case _:
                return explained.text()

    def title(self, subject: str) -> str:
        """Return a subject's id as a heading."""
        match self.markup:
            case _Markup.MARKDOWN:
                return f"## {markdown_text(subject)}\n"
            case _Markup.HTML:
                return f"<h2>{escape(sanitize_line(subject))}</h2>"
            case _:
                return subject

    def paragraph(self, text: str) -> str:
        """Return a text as a paragraph."""
        match self.markup:
            case _Markup.MARKDOWN:
                return markdown_text(text) + "\n"
            case _Markup.HTML:
                return f"<p>{escape(sanitize_line(text))}</p>"
            case _:
                return text


@click.command("evaluate")
@click.argument("profile", metavar="PROFILE")
@click.argument("facts", metavar="FACTS", type=input_path, required=False)
@day_option("--as-of", "as_of", text="Evaluation date; default: today. Ngày đánh giá.")
@click.option("--explain", is_flag=True, help="Explain every result. In giải thích.")
@click.option(
    "--document",
    type=click.Choice(["facts", "hash"]),
    help="Print result documents for `xhht verify`, one per line, with the facts or only their "
    "hash. In văn bản kết quả để kiểm chứng.",
)
@click.option(
    "--depth",
    type=click.Choice([depth.value for depth in Depth]),
    help="Detail of --explain; default: full. Mức chi tiết của giải thích.",
)
@click.option(
    "--markup",
    type=click.Choice([markup.value for markup in _Markup]),
    help="Markup of --explain; default: text. Cách viết giải thích.",
)
@column_options
@numbers_option
@common_options
@handle_errors
def command(
    profile: str,
    facts: str | None,
    as_of: date | None,
    explain: bool,
    document: str | None,
    depth: str | None,
    markup: str | None,
    columns: ColumnOptions,
    numbers: Convention,
    output: Format,
    lang: Lang,
) -> None:
    """Evaluate the subjects in FACTS under PROFILE.

    PROFILE is a file, or an id with optional `@version`. FACTS is a JSON object or list, or CSV
    with one row per subject; `-` for one of the two is standard input. Parquet and XLSX, and CSV
    with `--output`, are evaluated over columns: results go to a file, a summary is printed.

    Đánh giá từng đối tượng theo một bộ tiêu chí.
    """
    if facts is None and columns.table is None:
        missing_argument("facts")
    if profile == facts == STDIN:
        fail(ONE_STDIN, lang)
    # With --document, the file of --output holds documents instead of a table.
    table_options = evolve(columns, target=None) if document else columns
    over_columns = table_options.any_given or (facts is not None and is_columnar(facts))
    explanation = _explanation_writer(explain, depth, markup, lang)
    if over_columns and (explanation is not None or document):
        fail(_EXPLAIN_ROWS, lang)
    if explanation is not None and document:
        fail(_DOCUMENT_ALONE, lang)
    chosen = named_profile(profile, output, lang)
    day = as_of or date.today()
    if over_columns or facts is None:
        finish(has_errors=evaluate_columns(facts, columns, chosen, day, numbers, output, lang))
        return
    with open_input(facts) as stream:
        subjects = read_subjects(stream, facts, chosen, numbers, lang)
        if document:
            finish(
                has_errors=_write_documents(subjects, chosen, day, document, columns.target, lang)
            )
            return
        outcomes = (
            (s, evaluate_subject(s, chosen, day, lang)) for s in with_progress(subjects, lang)
        )
        if output is Format.JSON:
            has_errors = _print_items(outcomes, explanation, lang)
        else:
            # A file that cannot be read fails at its first subject, before anything is printed.
            first = list(islice(outcomes, 1))
            if explanation is None or explanation.markup is _Markup.TEXT:
                print_header(chosen, day, lang)
            has_errors = _print_lines(chain(first, outcomes), explanation, lang)
    finish(has_errors=has_errors)


def _write_documents(
    subjects: Iterator[SubjectFacts],
    profile: Profile,
    day: date,
    document: str,
    target: Path | None,
    lang: Lang,
) -> bool:
    keep_facts, rows = document == "facts", with_progress(subjects, lang)
    with document_writer(target, lang) as write:
        return write_documents(rows, profile, day, keep_facts=keep_facts, write=write, lang=lang)


def evaluate_subject(
    subject: SubjectFacts, profile: Profile, day: date, lang: Lang
) -> Evaluation | FactsError:
    """Return the evaluation of a subject, or the error in its facts; print its warning."""
    if subject.warning is not None:
        warn(subject.warning, lang)
    if subject.error is not None:
        return subject.error
    try:
        return evaluate(profile, subject.facts, as_of=day)
    except FactsError as error:
        return error


def _explanation_writer(
    explain: bool, depth: str | None, markup: str | None, lang: Lang
) -> _ExplanationWriter | None:
    """Return the writer of explanations, or None; either option implies `--explain`."""
    if not explain and depth is None and markup is None:
        return None
    return _ExplanationWriter(Depth(depth or Depth.FULL), _Markup(markup or _Markup.TEXT), lang)


def _print_items(
    outcomes: Iterator[_Outcome], explanation: _ExplanationWriter | None, lang: Lang
) -> bool:
    """Print a JSON list item by item in constant memory; return whether there are errors."""
    has_errors, separator = False, "[\n"
    for subject, outcome in outcomes:
        item = {"id": subject.id, **_outcome_json(outcome, lang)}
        if isinstance(outcome, FactsError):
            has_errors = True
        elif explanation is not None:
            item["explanation"] = explanation.of(outcome)
        # One line per item: the encoder is many times faster without indentation.
        print_text(separator + json.dumps(item, ensure_ascii=False), end="")
        separator = ",\n"
    print_text("[]" if separator == "[\n" else "\n]")
    return has_errors


def _outcome_json(outcome: Evaluation | FactsError, lang: Lang) -> dict[str, object]:
    if isinstance(outcome, Evaluation):
        return outcome.to_dict(lang)
    return {
        "error": {
            "code": outcome.code,
            "field": outcome.field,
            "message": outcome.message(lang),
        }
    }


def print_header(profile: Profile, day: date, lang: Lang) -> None:
    """Print the profile and the evaluation date of results."""
    for line in (*origin_texts(profile), labels.EVALUATED_AS_OF.format(day=day_text(day))):
        print_text(line.get(lang))


def _print_lines(
    outcomes: Iterator[_Outcome], explanation: _ExplanationWriter | None, lang: Lang
) -> bool:
    has_errors = False
    for subject, outcome in outcomes:
        if isinstance(outcome, FactsError):
            has_errors = True
            problem = INVALID_FACTS.get(lang, id=subject.id, problem=outcome.text)
            print_text(
                printable(problem if explanation is None else explanation.paragraph(problem))
            )
        elif explanation is not None:
            print_text(
                printable(f"{explanation.title(str(subject.id))}\n{explanation.of(outcome)}")
            )
        else:
            print_text(printable(_result_line(subject.id, outcome, lang)))
    return has_errors


def printable(text: str) -> str:
    """Return `text` without control characters from ids, keys and waivers."""
    lines = text.split("\n")
    return "\n".join(line if line.isprintable() else sanitize_line(line) for line in lines)


def _result_line(subject_id: str | int, result: Evaluation, lang: Lang) -> str:
    level = result.profile.level(result.level).name.get(lang) if result.level else "–"
    points = decimal_range_label(result.points_certain, result.points_possible)
    return _LINE.get(lang, id=subject_id, verdict=result.verdict.label, level=level, points=points)


_Outcome: TypeAlias = tuple[SubjectFacts, Evaluation | FactsError]

ONE_STDIN = Text(
    vi="Chỉ một trong hai, PROFILE hoặc FACTS, được đọc từ đầu vào chuẩn (-).",
    en="Only one of PROFILE and FACTS can be read from standard input (-).",
)
_EXPLAIN_ROWS = Text(
    vi="--explain và --document chỉ dùng cho từng đối tượng trong JSON hoặc CSV; hãy bỏ các tùy "
    "chọn về bảng.",
    en="--explain and --document apply to single subjects from JSON or CSV; omit the table "
    "options.",
)
_DOCUMENT_ALONE = Text(
    vi="Chỉ dùng một trong hai: --explain hoặc --document.",
    en="Use only one of --explain and --document.",
)
_LINE = Text(
    vi="{id}: {verdict}; mức: {level}; điểm: {points}",
    en="{id}: {verdict}; level: {level}; points: {points}",
)
INVALID_FACTS = Text(
    vi="{id}: dữ kiện không hợp lệ: {problem}", en="{id}: invalid facts: {problem}"
)
