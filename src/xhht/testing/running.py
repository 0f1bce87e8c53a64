"""Runs the test files of profiles, optionally in parallel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import NotRequired, TypedDict
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from attrs import frozen

from xhht.criteria.diagnostics import Diagnostic, ProfileError
from xhht.criteria.loading import load_profile
from xhht.criteria.profile import Profile
from xhht.errors import FactsError
from xhht.evaluation.result import Evaluation
from xhht.testing.cases import (
    Case,
    CaseOutcome,
    CaseOutcomeDict,
    evaluate_case,
    load_cases,
    not_run,
    run_case,
    test_file_of,
)
from xhht.testing.coverage import AspectDict, CaseCoverage, coverage_of
from xhht.testing.mutation import MutantDict, MutationReport, try_mutants
from xhht.text import Lang, Text

__all__ = ["FileOutcome", "RunOptions", "junit_xml", "results_dict", "run_files"]


def junit_xml(outcomes: Iterable[FileOutcome], lang: Lang) -> bytes:
    """Return a test suite for each profile; tests that could not be run are errors of the suite."""
    root = Element("testsuites", name="xhht test")
    totals = dict.fromkeys(("tests", "failures", "errors"), 0)
    for outcome in outcomes:
        suite = SubElement(root, "testsuite", name=outcome.file)
        counts = dict.fromkeys(totals, 0)
        for name, kind, lines, place in _case_results(outcome, lang):
            case = SubElement(suite, "testcase", {"classname": outcome.file, "name": name, **place})
            counts["tests"] += 1
            if kind:
                counts[f"{kind}s"] += 1
                SubElement(case, kind, message=_clean(lines[0])).text = _clean("\n".join(lines))
        for key, number in counts.items():
            suite.set(key, str(number))
            totals[key] += number
    for key, number in totals.items():
        root.set(key, str(number))
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _case_results(
    outcome: FileOutcome, lang: Lang
) -> Iterator[tuple[str, str, list[str], dict[str, str]]]:
    """Yield each test with its kind of failure, if any, its messages, and its location."""
    for case_outcome in outcome.cases:
        lines = [difference.text.get(lang) for difference in case_outcome.differences]
        place = {"file": case_outcome.case.file, "line": str(case_outcome.case.line)}
        yield _clean(case_outcome.case.name), "failure" if lines else "", lines, place
    errors = [diagnostic.render(lang) for diagnostic in outcome.diagnostics]
    errors += [outcome.missing.get(lang)] if outcome.missing else []
    if errors:
        yield "-", "error", errors, {}


def _clean(text: str) -> str:
    """Return a text without the control characters that XML cannot hold."""
    return "".join(char if char >= " " or char in "\t\n" else "�" for char in text)


@frozen(kw_only=True)
class RunOptions:
    """The options of a test run.

    Attributes:
        name_filter: run only cases whose names contain this; coverage and mutants use only these.
        coverage: whether to report aspects that no case covers.
        mutants: whether to report changes that no case detects.
    """

    name_filter: str = ""
    coverage: bool = False
    mutants: bool = False


class CoverageAndMutantsDict(TypedDict):
    """The coverage and the mutants of a profile in JSON, as far as they were requested."""

    file: str
    aspects: NotRequired[int]
    untouched: NotRequired[list[AspectDict]]
    noticed: NotRequired[int]
    same: NotRequired[int]
    survivors: NotRequired[list[MutantDict]]
    silent: NotRequired[list[MutantDict]]


class RunResultsDict(TypedDict):
    """The cases and the coverage of profiles in JSON."""

    cases: list[CaseOutcomeDict]
    profiles: list[CoverageAndMutantsDict]


@frozen(kw_only=True)
class FileOutcome:
    """The outcome of the tests of one profile.

    Attributes:
        file: the profile's file.
        cases: the outcome of each case.
        diagnostics: errors in the profile or its test file that prevent running the cases.
        missing: the message that there is no test file, or None.
        coverage: the coverage, if requested and all cases passed.
        mutation: the mutation testing, likewise.
    """

    file: str
    cases: tuple[CaseOutcome, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    missing: Text | None = None
    coverage: CaseCoverage | None = None
    mutation: MutationReport | None = None

    @property
    def passed(self) -> bool:
        """Whether all cases were run and passed."""
        return not self.diagnostics and self.missing is None and all(c.passed for c in self.cases)

    def case_dicts(self, lang: Lang | str = Lang.VI) -> list[CaseOutcomeDict]:
        """Return the cases as `xhht test --format json` prints them.

        Errors that prevent running the cases are one item without a case.
        """
        errors = [diagnostic.render(lang) for diagnostic in self.diagnostics]
        errors += [self.missing.get(lang)] if self.missing else []
        items = [not_run(self.file, errors)] if errors else []
        return [*items, *(outcome.to_dict(lang, file=self.file) for outcome in self.cases)]

    def to_dict(self, lang: Lang | str = Lang.VI) -> CoverageAndMutantsDict:
        """Return coverage and mutants as `xhht test --coverage --mutate --format json` does."""
        data: CoverageAndMutantsDict = {"file": self.file}
        if self.coverage:
            data["aspects"] = self.coverage.total
            data["untouched"] = [aspect.to_dict(lang) for aspect in self.coverage.untouched]
        if self.mutation:
            data["noticed"] = self.mutation.noticed
            data["same"] = self.mutation.same
            data["survivors"] = [mutant.to_dict() for mutant in self.mutation.survivors]
            data["silent"] = [mutant.to_dict() for mutant in self.mutation.silent]
        return data


def results_dict(
    outcomes: Iterable[FileOutcome], options: RunOptions, lang: Lang | str = Lang.VI
) -> list[CaseOutcomeDict] | RunResultsDict:
    """Return the outcomes as `xhht test --format json` prints them.

    Without coverage and mutants, the result is the list of cases.
    """
    listed = list(outcomes)
    cases = [case for outcome in listed for case in outcome.case_dicts(lang)]
    if not (options.coverage or options.mutants):
        return cases
    return {"cases": cases, "profiles": [outcome.to_dict(lang) for outcome in listed]}


def run_files(
    files: Sequence[Path], options: RunOptions, *, jobs: int = 1
) -> Iterator[FileOutcome]:
    """Yield the outcome of the tests of each profile, in the order of the files.

    Args:
        files: the files of profiles; an overlay's base may be among them.
        options: the options.
        jobs: the number of parallel processes; 1 runs everything in this process.
    """
    listed = list(files)
    if jobs <= 1 or len(listed) <= 1:
        for file in listed:
            yield run_file(file, listed, options)
        return
    # Spawned processes do not inherit locks held by threads of this process.
    with ProcessPoolExecutor(min(jobs, len(listed)), get_context("spawn")) as pool:
        futures = [pool.submit(run_file, file, listed, options) for file in listed]
        for future in futures:
            yield future.result()


def run_file(file: Path, bases: Sequence[Path], options: RunOptions) -> FileOutcome:
    """Return the outcome of the tests of one profile; `bases` may contain bases of overlays."""
    name, tests = str(file), test_file_of(file)
    try:
        profile = load_profile(file, bases=bases)
        if not tests.exists():
            return FileOutcome(file=name, missing=_NO_TESTS.format(file=tests.name))
        cases = [case for case in load_cases(tests, profile) if options.name_filter in case.name]
    except ProfileError as error:
        return FileOutcome(file=name, diagnostics=error.diagnostics)
    outcome = FileOutcome(file=name, cases=tuple(run_case(profile, case) for case in cases))
    if not outcome.passed:
        return outcome
    return FileOutcome(
        file=name,
        cases=outcome.cases,
        coverage=coverage_of(profile, _results(profile, cases)) if options.coverage else None,
        mutation=try_mutants(profile, cases, bases) if options.mutants else None,
    )


def _results(profile: Profile, cases: Sequence[Case]) -> Iterator[Evaluation]:
    for case in cases:
        with suppress(FactsError):
            yield evaluate_case(profile, case)


_NO_TESTS = Text(
    vi="Chưa có ca kiểm thử; hãy viết vào tệp {file} đặt cùng thư mục.",
    en="There are no test cases; write them in {file} in the same folder.",
)
