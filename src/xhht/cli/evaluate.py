"""`xhht evaluate`: facts in, results out, one item a subject."""

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

from xhht.cli._column_options import ColumnOptions, column_options, evaluate_columns
from xhht.cli._columnar import is_columnar
from xhht.cli._common import (
    STDIN,
    Format,
    common_options,
    counted,
    finish,
    input_path,
    missing_argument,
    numbers_option,
    open_input,
    print_text,
    refuse,
    refusing,
    warn,
)
from xhht.cli._documents import print_documents, written_to
from xhht.cli._facts import Subject, subjects_of
from xhht.cli._profiles import named_profile
from xhht.cli._tables import day_option
from xhht.criteria.profile import Profile
from xhht.dates import day_text
from xhht.errors import FactsError
from xhht.evaluation.evaluator import evaluate
from xhht.evaluation.explanation import Depth, origin_texts
from xhht.evaluation.markup import markdown_text
from xhht.evaluation.result import Evaluation
from xhht.exact import Convention, decimal_text, format_vi
from xhht.reporting.tables import plain
from xhht.text import Lang, Text

__all__ = [
    "FAULT",
    "ONE_STDIN",
    "command",
    "outcome_of",
    "print_head",
    "printable",
]


class _Markup(StrEnum):
    """How an explanation is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


@frozen
class _Why:
    """How to explain."""

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
                return f"<h2>{escape(plain(subject))}</h2>"
            case _:
                return subject

    def paragraph(self, text: str) -> str:
        """Return a text that stands by itself."""
        match self.markup:
            case _Markup.MARKDOWN:
                return markdown_text(text) + "\n"
            case _Markup.HTML:
                return f"<p>{escape(plain(text))}</p>"
            case _:
                return text


@click.command("evaluate")
@click.argument("profile", metavar="PROFILE")
@click.argument("facts", metavar="FACTS", type=input_path, required=False)
@day_option("--as-of", "as_of", text="The day to judge for; today when left out. Ngày đánh giá.")
@click.option("--explain", is_flag=True, help="Print why, for every subject. In giải thích.")
@click.option(
    "--document",
    "kept",
    type=click.Choice(["facts", "hash"]),
    help="Print results that `xhht verify` can check, one a line, with their facts or with the "
    "hash of these alone. In văn bản kết quả để kiểm chứng.",
)
@click.option(
    "--depth",
    type=click.Choice([depth.value for depth in Depth]),
    help="How much --explain tells; full if not given. Mức chi tiết của giải thích.",
)
@click.option(
    "--markup",
    type=click.Choice([markup.value for markup in _Markup]),
    help="How --explain writes; text if not given. Cách viết giải thích.",
)
@column_options
@numbers_option
@common_options
@refusing
def command(
    profile: str,
    facts: str | None,
    as_of: date | None,
    explain: bool,
    kept: str | None,
    depth: str | None,
    markup: str | None,
    columns: ColumnOptions,
    numbers: Convention,
    output: Format,
    lang: Lang,
) -> None:
    """Evaluate the subjects in FACTS under PROFILE.

    PROFILE is a file, or an id with optional `@version`. FACTS is a JSON object or list, or CSV
    with one row a subject; `-` for one of the two is standard input. Parquet and XLSX, and CSV
    with `--output`, are evaluated over columns: results go to a file, a summary is printed.

    Đánh giá từng đối tượng theo một bộ tiêu chí.
    """
    if facts is None and columns.table is None:
        missing_argument("facts")
    if profile == facts == STDIN:
        refuse(ONE_STDIN, lang)
    # A document is written to the file of `--output`, which else holds a table.
    asked = evolve(columns, target=None) if kept else columns
    over_columns = asked.are_asked_for or (facts is not None and is_columnar(facts))
    why = _why(explain, depth, markup, lang)
    if over_columns and (why is not None or kept):
        refuse(_EXPLAIN_ROWS, lang)
    if why is not None and kept:
        refuse(_DOCUMENT_ALONE, lang)
    chosen = named_profile(profile, output, lang)
    day = as_of or date.today()
    if over_columns or facts is None:
        finish(faults=evaluate_columns(facts, columns, chosen, day, numbers, output, lang))
        return
    with open_input(facts) as stream:
        subjects = subjects_of(stream, facts, chosen, numbers, lang)
        if kept:
            finish(faults=_write_documents(subjects, chosen, day, kept, columns.target, lang))
            return
        outcomes = ((s, outcome_of(s, chosen, day, lang)) for s in counted(subjects, lang))
        if output is Format.JSON:
            faults = _print_items(outcomes, why, lang)
        else:
            # A file that cannot be read fails at its first subject, before anything is printed.
            first = list(islice(outcomes, 1))
            if why is None or why.markup is _Markup.TEXT:
                print_head(chosen, day, lang)
            faults = _print_lines(chain(first, outcomes), why, lang)
    finish(faults=faults)


def _write_documents(
    subjects: Iterator[Subject],
    profile: Profile,
    day: date,
    kept: str,
    target: Path | None,
    lang: Lang,
) -> bool:
    keep_facts, told = kept == "facts", counted(subjects, lang)
    with written_to(target, lang) as write:
        return print_documents(told, profile, day, keep_facts=keep_facts, write=write, lang=lang)


def outcome_of(
    subject: Subject, profile: Profile, day: date, lang: Lang
) -> Evaluation | FactsError:
    """Return what a subject comes to, or what is wrong with it; warn of what is to be said."""
    if subject.warning is not None:
        warn(subject.warning, lang)
    if subject.fault is not None:
        return subject.fault
    try:
        return evaluate(profile, subject.facts, as_of=day)
    except FactsError as fault:
        return fault


def _why(explain: bool, depth: str | None, markup: str | None, lang: Lang) -> _Why | None:
    """Return how to explain, or None for not at all; either option asks for it too."""
    if not explain and depth is None and markup is None:
        return None
    return _Why(Depth(depth or Depth.FULL), _Markup(markup or _Markup.TEXT), lang)


def _print_items(outcomes: Iterator[_Outcome], why: _Why | None, lang: Lang) -> bool:
    """Print a JSON list item by item, so that a long table needs no memory; tell of faults."""
    faults, separator = False, "[\n"
    for subject, outcome in outcomes:
        item = {"id": subject.id, **_item(outcome, lang)}
        if isinstance(outcome, FactsError):
            faults = True
        elif why is not None:
            item["explanation"] = why.of(outcome)
        # One line an item: the encoder is many times faster without indents.
        print_text(separator + json.dumps(item, ensure_ascii=False), end="")
        separator = ",\n"
    print_text("[]" if separator == "[\n" else "\n]")
    return faults


def _item(outcome: Evaluation | FactsError, lang: Lang) -> dict[str, object]:
    if isinstance(outcome, Evaluation):
        return outcome.to_dict(lang)
    return {
        "error": {
            "code": outcome.code,
            "field": outcome.field,
            "message": outcome.message(lang),
        }
    }


def print_head(profile: Profile, day: date, lang: Lang) -> None:
    """Print which profile and day results are by."""
    for line in (*origin_texts(profile), _AS_OF.format(day=day_text(day))):
        print_text(line.in_(lang))


def _print_lines(outcomes: Iterator[_Outcome], why: _Why | None, lang: Lang) -> bool:
    faults = False
    for subject, outcome in outcomes:
        if isinstance(outcome, FactsError):
            faults = True
            problem = FAULT.in_(lang, id=subject.id, problem=outcome.text)
            print_text(printable(problem if why is None else why.paragraph(problem)))
        elif why is not None:
            print_text(printable(f"{why.title(str(subject.id))}\n{why.of(outcome)}"))
        else:
            print_text(printable(_line(subject.id, outcome, lang)))
    return faults


def printable(text: str) -> str:
    """Return `text` without what ids, keys and waivers might tell the terminal to do."""
    lines = text.split("\n")
    return "\n".join(line if line.isprintable() else plain(line) for line in lines)


def _line(subject_id: str | int, result: Evaluation, lang: Lang) -> str:
    level = result.profile.level(result.level).name.in_(lang) if result.level else "–"
    number = format_vi if lang is Lang.VI else decimal_text
    ends = dict.fromkeys((number(result.points_certain), number(result.points_possible)))
    return _LINE.in_(
        lang, id=subject_id, verdict=result.verdict.label, level=level, points="–".join(ends)
    )


_Outcome: TypeAlias = tuple[Subject, Evaluation | FactsError]

ONE_STDIN = Text(
    vi="Chỉ một trong hai, PROFILE hoặc FACTS, được đọc từ đầu vào chuẩn (-).",
    en="Only one of PROFILE and FACTS can be read from standard input (-).",
)
_EXPLAIN_ROWS = Text(
    vi="--explain và --document nói về từng đối tượng trong JSON hoặc CSV; hãy bỏ các tùy chọn về "
    "bảng.",
    en="--explain and --document tell of single subjects of JSON or CSV; leave out the options on "
    "tables.",
)
_DOCUMENT_ALONE = Text(
    vi="Chỉ dùng một trong hai: --explain hoặc --document.",
    en="Use only one of --explain and --document.",
)
_AS_OF = Text(vi="Ngày đánh giá: {day}", en="Judged as of: {day}")
_LINE = Text(
    vi="{id}: {verdict}; mức: {level}; điểm: {points}",
    en="{id}: {verdict}; level: {level}; points: {points}",
)
FAULT = Text(vi="{id}: dữ kiện sai: {problem}", en="{id}: faulty facts: {problem}")
