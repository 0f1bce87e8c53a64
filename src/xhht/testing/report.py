"""The outcomes of test files as text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from xhht.testing.running import FileOutcome, RunOptions
from xhht.text import Lang, Text

__all__ = ["outcomes_report"]


def outcomes_report(
    outcomes: Sequence[FileOutcome], options: RunOptions, lang: Lang | str = Lang.VI
) -> str:
    """Return the failures of test files, what no case covers or detects, and the numbers."""
    return "\n".join(_lines(outcomes, options, Lang(lang)))


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
            facts, day = json.dumps(dict(mutant.subject.facts)), mutant.subject.as_of
            text = _NOTICES if day is None else _NOTICES_ON
            yield f"    {text.get(lang, facts=facts, day=day)}"


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
_NOTICES_ON = Text(
    vi="facts sẽ phát hiện, với as_of {day}: {facts}",
    en="facts that detect it, with as_of {day}: {facts}",
)
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
