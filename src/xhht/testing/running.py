"""Runs the test files of profiles, optionally in parallel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

from attrs import frozen

from xhht.criteria.diagnostics import Diagnostic, ProfileError
from xhht.criteria.loading import load_profile
from xhht.criteria.profile import Profile
from xhht.errors import FactsError
from xhht.evaluation.result import Evaluation
from xhht.testing.cases import Case, CaseOutcome, evaluate_case, load_cases, run_case, test_file_of
from xhht.testing.coverage import CaseCoverage, coverage_of
from xhht.testing.mutants import MutationReport, try_mutants
from xhht.text import Text

__all__ = ["FileOutcome", "RunOptions", "run_files"]


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
