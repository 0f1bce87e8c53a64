"""`xhht evaluate`: facts in, results out, one item a subject."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import TypeAlias

import click
from attrs import evolve

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
from xhht.criteria.profile import Profile
from xhht.dates import day_text
from xhht.errors import FactsError
from xhht.evaluation.evaluator import evaluate
from xhht.evaluation.explanation import origin_texts
from xhht.evaluation.result import Evaluation
from xhht.exact import Convention, decimal_text, format_vi
from xhht.reporting.tables import plain
from xhht.text import Lang, Text

__all__ = ["command"]


@click.command("evaluate")
@click.argument("profile", metavar="PROFILE")
@click.argument("facts", metavar="FACTS", type=input_path, required=False)
@click.option(
    "--as-of",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day to judge for; today when left out. Ngày đánh giá.",
)
@click.option("--explain", is_flag=True, help="Print why, for every subject. In giải thích.")
@click.option(
    "--document",
    "kept",
    type=click.Choice(["facts", "hash"]),
    help="Print results that `xhht verify` can check, one a line, with their facts or with the "
    "hash of these alone. In văn bản kết quả để kiểm chứng.",
)
@column_options
@numbers_option
@common_options
@refusing
def command(
    profile: str,
    facts: str | None,
    as_of: datetime | None,
    explain: bool,
    kept: str | None,
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
        refuse(_ONE_STDIN, lang)
    # A document is written to the file of `--output`, which else holds a table.
    asked = evolve(columns, target=None) if kept else columns
    over_columns = asked.are_asked_for or (facts is not None and is_columnar(facts))
    if over_columns and (explain or kept):
        refuse(_EXPLAIN_ROWS, lang)
    if explain and kept:
        refuse(_DOCUMENT_ALONE, lang)
    chosen = named_profile(profile, output, lang)
    day = as_of.date() if as_of else date.today()
    if over_columns or facts is None:
        finish(faults=evaluate_columns(facts, columns, chosen, day, numbers, output, lang))
        return
    with open_input(facts) as stream:
        subjects = subjects_of(stream, facts, chosen, numbers, lang)
        if kept:
            finish(faults=_write_documents(subjects, chosen, day, kept, columns.target, lang))
            return
        outcomes = ((s, _outcome(s, chosen, day, lang)) for s in counted(subjects, lang))
        if output is Format.JSON:
            faults = _print_items(outcomes, explain, lang)
        else:
            # A file that cannot be read fails at its first subject, before anything is printed.
            first = list(islice(outcomes, 1))
            _print_head(chosen, day, lang)
            faults = _print_lines(chain(first, outcomes), explain, lang)
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


def _outcome(subject: Subject, profile: Profile, day: date, lang: Lang) -> Evaluation | FactsError:
    if subject.warning is not None:
        warn(subject.warning, lang)
    if subject.fault is not None:
        return subject.fault
    try:
        return evaluate(profile, subject.facts, as_of=day)
    except FactsError as fault:
        return fault


def _print_items(outcomes: Iterator[_Outcome], explain: bool, lang: Lang) -> bool:
    """Print a JSON list item by item, so that a long table needs no memory; tell of faults."""
    faults, separator = False, "[\n"
    for subject, outcome in outcomes:
        item = {"id": subject.id, **_item(outcome, lang)}
        if isinstance(outcome, FactsError):
            faults = True
        elif explain:
            item["explanation"] = outcome.explain(lang).text()
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


def _print_head(profile: Profile, day: date, lang: Lang) -> None:
    for line in (*origin_texts(profile), _AS_OF.format(day=day_text(day))):
        print_text(line.in_(lang))


def _print_lines(outcomes: Iterator[_Outcome], explain: bool, lang: Lang) -> bool:
    faults = False
    for subject, outcome in outcomes:
        if isinstance(outcome, FactsError):
            faults = True
            print_text(_safe(_FAULT.in_(lang, id=subject.id, problem=outcome.text)))
        elif explain:
            print_text(_safe(f"{subject.id}\n{outcome.explain(lang)}"))
        else:
            print_text(_safe(_line(subject.id, outcome, lang)))
    return faults


def _safe(text: str) -> str:
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

_ONE_STDIN = Text(
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
_FAULT = Text(vi="{id}: dữ kiện sai: {problem}", en="{id}: faulty facts: {problem}")
