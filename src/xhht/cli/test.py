"""`xhht test`: runs the test files of profiles."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from xhht.cli._boundaries import write_boundaries
from xhht.cli._common import (
    Format,
    common_options,
    fail,
    finish,
    handle_errors,
    print_json,
    print_text,
)
from xhht.cli._profiles import NO_PROFILES
from xhht.criteria.files import profile_files
from xhht.testing.running import FileOutcome, RunOptions, junit_xml, run_files
from xhht.text import Lang, Text

__all__ = ["command"]

_MANY_FILES = 100
"""From this number of files on, several processes are faster."""


@click.command("test")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(exists=True))
@click.option(
    "-k", "name_filter", default="", help="Only cases whose name contains this. Lọc theo tên."
)
@click.option(
    "--coverage", is_flag=True, help="Report what no case covers. Phần chưa được kiểm thử."
)
@click.option(
    "--mutate", is_flag=True, help="Report changes that no case detects. Kiểm thử đột biến."
)
@click.option("--boundaries", is_flag=True, help="Add cases at thresholds. Thêm ca tại ngưỡng.")
@click.option("--junit", type=click.Path(dir_okay=False), help="Also write JUnit XML. Tệp JUnit.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(0),
    default=0,
    help="Processes; 0: automatic. Số tiến trình.",
)
@common_options
@handle_errors
def command(
    paths: tuple[str, ...],
    name_filter: str,
    coverage: bool,
    mutate: bool,
    boundaries: bool,
    junit: str | None,
    jobs: int,
    output: Format,
    lang: Lang,
) -> None:
    """Run the cases in `NAME.test.yaml` beside each profile; a profile without cases fails.

    Chạy các ca kiểm thử đặt cạnh bộ tiêu chí.
    """
    files = list(_files(paths, lang))
    if boundaries:
        if name_filter or coverage or mutate or junit:
            fail(_EXCLUSIVE, lang)
        finish(has_errors=write_boundaries(files, output, lang))
        return
    options = RunOptions(name_filter=name_filter, coverage=coverage, mutants=mutate)
    many = mutate or len(files) >= _MANY_FILES
    processes = jobs or ((os.cpu_count() or 1) if many else 1)
    outcomes = list(run_files(files, options, jobs=processes))
    if junit is not None:
        Path(junit).write_bytes(junit_xml(outcomes, lang))
    if output is Format.JSON:
        print_json(_results_json(outcomes, options, lang))
    else:
        for line in _lines(outcomes, options, lang):
            print_text(line)
    finish(has_errors=not all(outcome.passed and _is_complete(outcome) for outcome in outcomes))


def _files(paths: tuple[str, ...], lang: Lang) -> Iterator[Path]:
    for path in paths:
        files = profile_files([Path(path)])
        if not files:
            fail(NO_PROFILES.format(directory=path), lang)
        yield from files


def _is_complete(outcome: FileOutcome) -> bool:
    """Return whether all requested coverage is complete and all mutants are detected."""
    untouched = outcome.coverage.untouched if outcome.coverage else ()
    survivors = outcome.mutation.survivors if outcome.mutation else ()
    return not untouched and not survivors


# JSON


def _results_json(outcomes: Sequence[FileOutcome], options: RunOptions, lang: Lang) -> object:
    cases = [case for outcome in outcomes for case in outcome.case_dicts(lang)]
    if not (options.coverage or options.mutants):
        return cases
    return {"cases": cases, "profiles": [outcome.to_dict(lang) for outcome in outcomes]}


# Text


def _lines(outcomes: Sequence[FileOutcome], options: RunOptions, lang: Lang) -> Iterator[str]:
    passed = sum(case.passed for outcome in outcomes for case in outcome.cases)
    failed = sum(not case.passed for outcome in outcomes for case in outcome.cases)
    failed += sum(bool(outcome.diagnostics or outcome.missing) for outcome in outcomes)
    for outcome in outcomes:
        yield from _failure_lines(outcome, lang)
        yield from _coverage_lines(outcome, lang)
        yield from _mutation_lines(outcome, lang)
    yield _SUMMARY.get(lang, passed=passed, failed=failed)
    if options.coverage:
        known = [outcome.coverage for outcome in outcomes if outcome.coverage]
        counts = {"touched": sum(c.touched for c in known), "total": sum(c.total for c in known)}
        yield _COVERAGE_SUMMARY.get(lang, **counts)
    if options.mutants:
        mutations = [outcome.mutation for outcome in outcomes if outcome.mutation]
        yield _MUTATION_SUMMARY.get(
            lang,
            noticed=sum(mutation.noticed for mutation in mutations),
            unnoticed=sum(len(mutation.survivors) for mutation in mutations),
            same=sum(mutation.same for mutation in mutations),
            silent=sum(len(mutation.silent) for mutation in mutations),
        )


def _failure_lines(outcome: FileOutcome, lang: Lang) -> Iterator[str]:
    for diagnostic in outcome.diagnostics:
        yield diagnostic.render(lang)
    if outcome.missing:
        yield f"{outcome.file}: {outcome.missing.get(lang)}"
    for result in outcome.cases:
        if not result.passed:
            yield f"{result.case.file}:{result.case.line}: {result.case.name}"
            yield from (f"    {difference.text.get(lang)}" for difference in result.differences)


def _coverage_lines(outcome: FileOutcome, lang: Lang) -> Iterator[str]:
    for aspect in outcome.coverage.untouched if outcome.coverage else ():
        location = f"{aspect.mark.file or outcome.file}:{aspect.mark.line}"
        yield f"{location}: {_UNTOUCHED.get(lang, what=aspect.text.get(lang))}"


def _mutation_lines(outcome: FileOutcome, lang: Lang) -> Iterator[str]:
    for mutant in outcome.mutation.survivors if outcome.mutation else ():
        location = f"{outcome.file}:{mutant.mark.line}:{mutant.mark.column}"
        yield f"{location}: {_UNNOTICED.get(lang)}"
        yield f"    - {mutant.old}"
        yield f"    + {mutant.new}"
        if mutant.subject:
            yield f"    {_NOTICES.get(lang, facts=json.dumps(dict(mutant.subject.facts)))}"


_EXCLUSIVE = Text(
    vi="Không dùng --boundaries cùng tùy chọn khác; hãy chạy các ca kiểm thử sau đó.",
    en="--boundaries cannot be combined with other options; run the cases afterwards.",
)
_SUMMARY = Text(
    vi="Ca kiểm thử: {passed} đạt, {failed} không đạt.",
    en="Cases: {passed} passed, {failed} failed.",
)
_UNTOUCHED = Text(vi="chưa có ca nào kiểm tra: {what}", en="no case covers: {what}")
_UNNOTICED = Text(
    vi="không ca nào phát hiện thay đổi sau; hãy thêm ca ngay tại ngưỡng:",
    en="no case detects this change; add a case at the threshold:",
)
_NOTICES = Text(vi="facts sẽ phát hiện: {facts}", en="facts that detect it: {facts}")
_COVERAGE_SUMMARY = Text(
    vi="Các khía cạnh đã được kiểm thử: {touched} trên {total}.",
    en="Aspects covered by cases: {touched} of {total}.",
)
_MUTATION_SUMMARY = Text(
    vi="Thay đổi thử: {noticed} bị phát hiện, {unnoticed} không bị phát hiện, {same} không đổi "
    "nghĩa, {silent} không xét được vì nguồn không cho biết.",
    en="Mutations: {noticed} detected, {unnoticed} undetected, {same} equivalent, {silent} not "
    "decidable because the source does not specify it.",
)
