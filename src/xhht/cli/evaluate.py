"""`xhht evaluate`: evaluates the facts of subjects, one result per subject."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from html import escape
from itertools import chain, islice
from pathlib import Path
from typing import assert_never

import click
from attrs import evolve, frozen

from xhht.cli._context import CommandContext, missing_argument, print_text, with_context
from xhht.cli._facts import read_subjects
from xhht.cli._files import document_writer, write_documents
from xhht.cli._inputs import (
    POLARS,
    file_of_columns,
    is_columnar,
    load_register,
    load_standards,
    named_profile,
    open_input,
)
from xhht.cli._options import (
    ColumnOptions,
    column_options,
    evaluation_day_option,
    final_option,
    input_path,
    numbers_option,
    register_option,
    standards_option,
)
from xhht.cli._subjects import (
    INVALID_FACTS,
    EvaluatedSubject,
    evaluate_subjects,
    fail_if_both_stdin,
    print_header,
    print_safely,
    warn_out_of_force,
    with_register,
)
from xhht.criteria.profile import Profile
from xhht.errors import FactsError
from xhht.evaluation.explanation import Depth, closing_text
from xhht.evaluation.result import Evaluation
from xhht.numbers import Convention, decimal_range_label
from xhht.render import markdown_text, sanitize_line
from xhht.text import Lang, Text

__all__ = ["command"]


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
            case _Markup.TEXT:
                return explained.text()
            case _:
                assert_never(self.markup)

    def title(self, subject: str) -> str:
        """Return a subject's id as a heading."""
        match self.markup:
            case _Markup.MARKDOWN:
                return f"## {markdown_text(subject)}\n"
            case _Markup.HTML:
                return f"<h2>{escape(sanitize_line(subject))}</h2>"
            case _Markup.TEXT:
                return subject
            case _:
                assert_never(self.markup)

    def paragraph(self, text: str) -> str:
        """Return a text as a paragraph."""
        match self.markup:
            case _Markup.MARKDOWN:
                return markdown_text(text) + "\n"
            case _Markup.HTML:
                return f"<p>{escape(sanitize_line(text))}</p>"
            case _Markup.TEXT:
                return text
            case _:
                assert_never(self.markup)


@click.command("evaluate")
@click.argument("profile", metavar="PROFILE")
@click.argument("facts", metavar="FACTS", type=input_path, required=False)
@evaluation_day_option
@standards_option
@final_option
@register_option
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
    help="Detail of --explain; default: tree. Mức chi tiết của giải thích.",
)
@click.option(
    "--markup",
    type=click.Choice([markup.value for markup in _Markup]),
    help="Markup of --explain; default: text. Cách viết giải thích.",
)
@column_options
@numbers_option
@with_context()
def command(
    context: CommandContext,
    profile: str,
    facts: str | None,
    as_of: date | None,
    standards: tuple[str, ...],
    final: bool,
    register: str | None,
    explain: bool,
    document: str | None,
    depth: str | None,
    markup: str | None,
    columns: ColumnOptions,
    numbers: Convention,
) -> None:
    """Evaluate the subjects in FACTS under PROFILE.

    PROFILE is a file, or an id with optional `@version`. FACTS is a JSON object or list, or CSV
    with one row per subject; `-` for one of the two is standard input. Parquet and XLSX, and CSV
    with `--output`, are evaluated over columns: results go to a file, a summary is printed.
    With `--standards`, FACTS also answers the inputs of the standards that PROFILE rests on.

    Đánh giá từng đối tượng theo một bộ tiêu chí.
    """
    if facts is None and columns.table is None:
        missing_argument("facts")
    fail_if_both_stdin(context, profile, facts)
    # With --document, the file of --output holds documents instead of a table.
    table_options = evolve(columns, target=None) if document else columns
    over_columns = table_options.any_given or (facts is not None and is_columnar(facts))
    explanation = _explanation_writer(explain, depth, markup, context.lang)
    if over_columns and (explanation is not None or document):
        context.fail(_EXPLAIN_ROWS)
    if explanation is not None and document:
        context.fail(_DOCUMENT_ALONE)
    chosen = named_profile(context, profile)
    day = as_of or date.today()
    if register is not None and (over_columns or facts is None):
        context.fail(_REGISTER_ROWS)
    decisions = load_register(context, register, [chosen])
    rests_on = load_standards(context, standards, chosen, day)
    warn_out_of_force(context, chosen, day, rests_on)
    if over_columns or facts is None:
        file = file_of_columns(context, facts, columns)
        with context.require_extras():
            has_errors = _evaluate_columns(
                context, file, columns, chosen, day, numbers, rests_on, final=final
            )
    elif document:
        with open_input(facts) as stream, document_writer(context, columns.target) as write:
            read = read_subjects(context, stream, facts, chosen, numbers, rests_on)
            subjects = with_register(read, chosen, decisions, day)
            has_errors = write_documents(
                context,
                context.progress(subjects),
                chosen,
                day,
                final=final,
                keep_facts=document == "facts",
                standards=rests_on,
                write=write,
            )
    else:
        outcomes = evaluate_subjects(
            context, facts, chosen, day, numbers, rests_on, final=final, register=decisions
        )
        if context.is_json:
            has_errors = _print_items(outcomes, explanation, context.lang)
        else:
            # A file that cannot be read fails at its first subject, before anything is printed.
            first = list(islice(outcomes, 1))
            if explanation is None or explanation.markup is _Markup.TEXT:
                print_header(context, chosen, day, rests_on)
                if final:
                    context.print(closing_text(chosen))
            has_errors = _print_lines(chain(first, outcomes), explanation, context.lang)
    context.finish(has_errors=has_errors)


def _evaluate_columns(
    context: CommandContext,
    file: Path | None,
    options: ColumnOptions,
    profile: Profile,
    day: date,
    numbers: Convention,
    standards: tuple[Profile, ...],
    *,
    final: bool,
) -> bool:
    """Evaluate a table over columns and print a summary; return whether rows are invalid.

    Raises:
        XhhtError: the table or an option is invalid.
        OSError: a file cannot be read.
    """
    from xhht.frames import Detail
    from xhht.frames.sources import open_source
    from xhht.reporting.table_evaluation import (
        EvaluationRequest,
        evaluate_file,
        evaluate_source,
        explain_source,
    )

    request = EvaluationRequest(
        profile=profile,
        day=day,
        standards=standards,
        final=final,
        numbers=numbers,
        detail=Detail(options.detail or Detail.VERDICT),
        target=options.target,
        rejected=options.rejected,
        delimiter="\t" if options.delimiter == "tab" else options.delimiter,
        sheet=options.sheet,
        level=options.area_level,
        lang=context.lang,
    )
    if options.engine in (None, POLARS) and file is not None:
        with context.progress_bar() as bar:
            summary = evaluate_file(file, request, progress=bar, warn=context.warn)
    else:
        with open_source(options.engine or POLARS, file, options.table) as source:
            if options.explain_sql:
                for heading, query in list(explain_source(source, request)):
                    print_text(f"-- {heading.get(context.lang)}\n{query};\n")
                return False
            with context.progress_bar() as bar:
                summary = evaluate_source(
                    source, request, into=options.into, replace=options.replace, progress=bar
                )

    def text(lang: Lang) -> str:
        return "\n".join([*(line.get(lang) for line in request.origin), "", summary.text(lang)])

    context.emit(summary.to_dict, text)
    return summary.rejected_count > 0


def _explanation_writer(
    explain: bool, depth: str | None, markup: str | None, lang: Lang
) -> _ExplanationWriter | None:
    """Return the writer of explanations, or None; either option implies `--explain`."""
    if not explain and depth is None and markup is None:
        return None
    return _ExplanationWriter(Depth(depth or Depth.TREE), _Markup(markup or _Markup.TEXT), lang)


def _print_items(
    outcomes: Iterator[EvaluatedSubject], explanation: _ExplanationWriter | None, lang: Lang
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
        return {**outcome.to_dict(lang)}
    return {"error": outcome.to_dict(lang)}


def _print_lines(
    outcomes: Iterator[EvaluatedSubject], explanation: _ExplanationWriter | None, lang: Lang
) -> bool:
    has_errors = False
    for subject, outcome in outcomes:
        if isinstance(outcome, FactsError):
            has_errors = True
            problem = INVALID_FACTS.get(lang, id=subject.id, problem=outcome.text)
            print_safely(problem if explanation is None else explanation.paragraph(problem))
        elif explanation is not None:
            print_safely(f"{explanation.title(str(subject.id))}\n{explanation.of(outcome)}")
        else:
            print_safely(_result_line(subject.id, outcome, lang))
    return has_errors


def _result_line(subject_id: str | int, result: Evaluation, lang: Lang) -> str:
    level = result.profile.level(result.level).name.get(lang) if result.level else "–"
    line = _LINE.get(lang, id=subject_id, verdict=result.verdict.label, level=level)
    if not result.profile.plan.has_points():
        return line
    points = decimal_range_label(result.points_certain, result.points_possible)
    return _WITH_POINTS.get(lang, line=line, points=points)


_REGISTER_ROWS = Text(
    vi="--register chỉ dùng cho từng đối tượng trong JSON hoặc CSV; với bảng, hãy thêm cột cho các "
    "đầu vào 'held' và 'since' của bộ tiêu chí.",
    en="--register applies to single subjects from JSON or CSV; in tables, add columns for the "
    "inputs 'held' and 'since' of the profile.",
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
_LINE = Text(vi="{id}: {verdict}; mức: {level}", en="{id}: {verdict}; level: {level}")
_WITH_POINTS = Text(vi="{line}; điểm: {points}", en="{line}; points: {points}")
