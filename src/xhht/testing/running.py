"""Runs the test files of profiles, several at a time."""

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
from xhht.testing.cases import Case, CaseOutcome, judge, load_cases, run_case, test_file_of
from xhht.testing.coverage import Coverage, coverage_of
from xhht.testing.mutants import Mutation, try_mutants
from xhht.text import Text

__all__ = ["FileOutcome", "Wanted", "run_files"]


@frozen(kw_only=True)
class Wanted:
    """What is asked for of every profile.

    Attributes:
        named: only cases in whose names this stands; coverage and mutants are of these alone.
        coverage: whether to tell what no case touches.
        mutants: whether to tell which changes no case notices.
    """

    named: str = ""
    coverage: bool = False
    mutants: bool = False


@frozen(kw_only=True)
class FileOutcome:
    """How the tests of one profile went.

    Attributes:
        file: the profile's file.
        cases: how each case went.
        diagnostics: faults of the profile or of its test file, for which no case could be run.
        missing: that there is no test file, or None.
        coverage: what the cases touch, where that was asked for and all of them passed.
        mutation: which changes they notice, likewise.
    """

    file: str
    cases: tuple[CaseOutcome, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    missing: Text | None = None
    coverage: Coverage | None = None
    mutation: Mutation | None = None

    @property
    def passed(self) -> bool:
        """Whether every case could be run and passed."""
        return not self.diagnostics and self.missing is None and all(c.passed for c in self.cases)


def run_files(files: Sequence[Path], wanted: Wanted, *, jobs: int = 1) -> Iterator[FileOutcome]:
    """Yield how the tests of each profile go, in the order of the files.

    Args:
        files: the files of profiles; an overlay's base may be among them.
        wanted: what is asked for.
        jobs: how many processes to use at once; with 1 all is done in this one.
    """
    listed = list(files)
    if jobs <= 1 or len(listed) <= 1:
        for file in listed:
            yield run_file(file, listed, wanted)
        return
    # A fresh process shares no locks with threads that may run in this one.
    with ProcessPoolExecutor(min(jobs, len(listed)), get_context("spawn")) as pool:
        begun = [pool.submit(run_file, file, listed, wanted) for file in listed]
        for each in begun:
            yield each.result()


def run_file(file: Path, together: Sequence[Path], wanted: Wanted) -> FileOutcome:
    """Return how the tests of one profile go; `together` may hold what an overlay extends."""
    name, tests = str(file), test_file_of(file)
    try:
        profile = load_profile(file, bases=together)
        if not tests.exists():
            return FileOutcome(file=name, missing=_NO_TESTS.format(file=tests.name))
        cases = [case for case in load_cases(tests, profile) if wanted.named in case.name]
    except ProfileError as error:
        return FileOutcome(file=name, diagnostics=error.diagnostics)
    found = FileOutcome(file=name, cases=tuple(run_case(profile, case) for case in cases))
    if not found.passed:
        return found
    return FileOutcome(
        file=name,
        cases=found.cases,
        coverage=coverage_of(profile, _results(profile, cases)) if wanted.coverage else None,
        mutation=try_mutants(profile, cases, together) if wanted.mutants else None,
    )


def _results(profile: Profile, cases: Sequence[Case]) -> Iterator[Evaluation]:
    for case in cases:
        with suppress(FactsError):
            yield judge(profile, case)


_NO_TESTS = Text(
    vi="Không có ca kiểm thử; hãy viết chúng vào tệp {file} đặt cạnh.",
    en="There are no cases; write them into {file} beside it.",
)
