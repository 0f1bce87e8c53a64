"""Checks sets of profile and targets files together, in several processes if requested.

What one file alone cannot show is found here: dependency cycles over several profiles, choices that
are not the levels of the standard that they rest on, and released versions that were changed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import TypedDict

from attrs import evolve, frozen

from xhht.criteria.dependencies import dependency_diagnostics, sources_of, standards_of
from xhht.criteria.diagnostics import Diagnostic
from xhht.criteria.files import ProfileFinder, criteria_files
from xhht.criteria.loading import CheckResult, examine_profile
from xhht.criteria.mappings import examine_mapping, is_mapping_file
from xhht.criteria.profile import Profile
from xhht.criteria.releases import Release, check_releases
from xhht.criteria.targets import Programme, examine_targets, is_targets_file
from xhht.issues import FileIssueDict, Severity
from xhht.text import Lang

__all__ = ["CheckResults", "check_contents", "check_files", "read_files"]

_MANY = 64
"""With fewer files, starting processes costs more than it saves."""

_CHUNK = 16


@frozen
class TargetsResult(CheckResult):
    """The result of checking one targets file.

    Attributes:
        programme: the programme, or None if the file has an error.
    """

    programme: Programme | None = None


def _programme_of(result: CheckResult) -> Programme | None:
    return result.programme if isinstance(result, TargetsResult) else None


class CheckResultsDict(TypedDict):
    """The results of checking files in JSON."""

    files: list[str]
    diagnostics: list[FileIssueDict]
    is_complete: bool


@frozen
class CheckResults:
    """The results of files that were checked together.

    Attributes:
        files: the result of each file, by its name.
        diagnostics: all diagnostics in the order of the files, then those between
            files. An error in the base of several overlays is listed once.
    """

    files: Mapping[str, CheckResult]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that are errors."""
        return tuple(item for item in self.diagnostics if item.severity is Severity.ERROR)

    @property
    def is_complete(self) -> bool:
        """Whether every check could be made; earlier errors can prevent some."""
        return all(result.is_complete for result in self.files.values())

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """The profiles of the files without errors."""
        return tuple(result.profile for result in self.files.values() if result.profile)

    @property
    def programmes(self) -> tuple[Programme, ...]:
        """The programmes of the targets files without errors."""
        return tuple(filter(None, map(_programme_of, self.files.values())))

    @property
    def unloaded(self) -> tuple[str, ...]:
        """The names of the files with errors, which have neither a profile nor a programme."""
        return tuple(
            name
            for name, result in self.files.items()
            if not (result.profile or _programme_of(result))
        )

    def renamed(self, names: Mapping[str, str]) -> CheckResults:
        """Return the same with other names of the files, as messages show them."""

        def rename(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
            return tuple(evolve(item, file=names.get(item.file, item.file)) for item in diagnostics)

        files: dict[str, CheckResult] = {}
        for file, result in self.files.items():
            new = evolve(result, diagnostics=rename(result.diagnostics))
            if new.profile is not None:
                new = evolve(new, profile=evolve(new.profile, file=names[file]))
            if isinstance(new, TargetsResult) and new.programme is not None:
                new = evolve(new, programme=evolve(new.programme, file=names[file]))
            files[names[file]] = new
        return CheckResults(files, rename(self.diagnostics))

    def compare_releases(self, earlier: CheckResults) -> tuple[Diagnostic, ...]:
        """Return a diagnostic for each released version that was changed or is missing.

        Also for each new version that does not say what it changes.

        Args:
            earlier: the results of the earlier files; files with errors are not compared.
        """
        # A version whose file has errors now exists: it is not missing.
        unreadable = _finder(self.unloaded).references()
        before: tuple[Release, ...] = (*earlier.profiles, *earlier.programmes)
        after: tuple[Release, ...] = (*self.profiles, *self.programmes)
        return check_releases(before, after, unreadable=unreadable)

    def to_dict(self, lang: Lang | str = Lang.VI) -> CheckResultsDict:
        """Return the results as plain data for JSON."""
        return {
            "files": list(self.files),
            "diagnostics": [diagnostic.to_dict(lang) for diagnostic in self.diagnostics],
            "is_complete": self.is_complete,
        }


def check_files(paths: Iterable[Path | str], *, processes: int | None = 1) -> CheckResults:
    """Return the results of checking files, or all profile and targets files below directories.

    Args:
        paths: files and directories.
        processes: see `check_contents`.

    Raises:
        OSError: a file cannot be read.

    >>> from xhht.criteria.files import bundled_directory
    >>> results = check_files([bundled_directory()])
    >>> len(results.files) > 5, results.errors, results.is_complete
    (True, (), True)
    """
    return check_contents(read_files(paths), processes=processes)


def read_files(paths: Iterable[Path | str]) -> dict[str, bytes]:
    """Return the content of files, and of all profile and targets files below directories.

    Raises:
        OSError: a file cannot be read.
    """
    return {str(file): file.read_bytes() for file in criteria_files(map(Path, paths))}


def check_contents(
    contents: Mapping[str, bytes], *, keep_profiles: bool = True, processes: int | None = 1
) -> CheckResults:
    """Return the results of checking the contents of files together.

    A content may differ from the file of its name, such as unsaved text of an editor; only the
    bases of overlays are always read from their files.

    Args:
        contents: the contents by the names of their files.
        keep_profiles: whether results contain all profiles; otherwise only those that depend on
            others, which is faster with several processes.
        processes: the number of processes; None is one per processor if there are many files.
            New processes import the main module, which must therefore have a main guard.

    >>> results = check_contents({"a.yaml": b"format: 1", "b.targets.yaml": b"format: 1"})
    >>> sorted({(item.file, item.code) for item in results.errors})
    [('a.yaml', 'XH110'), ('b.targets.yaml', 'XH110')]
    """
    if processes is None:
        processes = _processors() if len(contents) >= _MANY else 1
    files = list(contents)
    if processes < 2:
        finder = _finder(files)
        results = [_check(file, contents[file], finder, keep_profiles) for file in files]
    else:
        # A fork would copy locks held by threads of the caller.
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(processes, spawn, initializer=_start, initargs=(files,)) as pool:
            items = files, contents.values(), repeat(keep_profiles)
            results = list(pool.map(_check_in_process, *items, chunksize=_CHUNK))
    by_file = dict(zip(files, results, strict=True))
    diagnostics = dict.fromkeys(item for result in results for item in result.diagnostics)
    profiles = [result.profile for result in results if result.profile]
    if not keep_profiles:
        profiles += _standards_without_profile(by_file, contents, profiles)
    return CheckResults(by_file, (*diagnostics, *dependency_diagnostics(profiles)))


def _standards_without_profile(
    results: Mapping[str, CheckResult], contents: Mapping[str, bytes], profiles: Iterable[Profile]
) -> list[Profile]:
    """Return the profiles on which others rest and that were not kept; they are read again."""
    titles = {entry.title for profile in profiles for entry in standards_of(profile).values()}
    words = [title.value.encode() for title in titles]
    if not words:
        return []
    words.append(b"extends")  # an overlay has the title of its base
    finder = _finder(contents)
    again = (
        examine_profile(contents[file], file, bases=finder).profile
        for file, result in results.items()
        if result.profile is None
        and not is_targets_file(file)
        and not is_mapping_file(file)
        and any(word in contents[file] for word in words)
    )
    return [profile for profile in again if profile is not None and profile.title in titles]


def _processors() -> int:
    """Return the number of processors available to this process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _finder(files: Iterable[str]) -> ProfileFinder:
    return ProfileFinder([file for file in files if Path(file).is_file()])


def _check(file: str, data: bytes, finder: ProfileFinder, keep_profile: bool) -> CheckResult:
    if is_mapping_file(file):
        return CheckResult(diagnostics=examine_mapping(data, file)[1].diagnostics, is_complete=True)
    if is_targets_file(file):
        programme, sink = examine_targets(data, file)
        return TargetsResult(
            diagnostics=sink.diagnostics,
            is_complete=True,
            programme=programme if keep_profile and not sink.has_errors else None,
        )
    result = examine_profile(data, file, bases=finder)
    if keep_profile or (result.profile and sources_of(result.profile.document)):
        return result
    return evolve(result, profile=None)


_finder_of_process = ProfileFinder(())


def _start(files: list[str]) -> None:
    """Initialise a worker; the parent process handles interruptions."""
    global _finder_of_process
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _finder_of_process = _finder(files)


def _check_in_process(file: str, data: bytes, keep_profile: bool) -> CheckResult:
    return _check(file, data, _finder_of_process, keep_profile)
