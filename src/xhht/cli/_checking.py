"""Checks files, in several processes when there are many."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat

from attrs import evolve

from xhht.cli._context import STDIN, CommandContext
from xhht.cli._revision import earlier_files
from xhht.criteria.dependencies import members_of
from xhht.criteria.diagnostics import Diagnostic
from xhht.criteria.files import ProfileFinder
from xhht.criteria.loading import CheckResult, examine_profile
from xhht.criteria.releases import check_releases
from xhht.criteria.targets import check_targets, is_targets_file
from xhht.text import Text

_MANY = 64
"""With fewer files, starting processes costs more than it saves."""

_CHUNK = 16


def examine_files(
    contents: Mapping[str, bytes], *, all_profiles: bool = False
) -> list[CheckResult]:
    """Return the results of checking files together, in their order.

    Without `all_profiles`, only profiles that depend on others are returned: no other profile can
    be part of a cycle.
    """
    paths = [file for file in contents if file != STDIN]
    workers = _processors()
    if len(contents) < _MANY or workers < 2:
        finder = ProfileFinder(paths)
        return [_examine(file, data, finder, all_profiles) for file, data in contents.items()]
    # A fork would copy locks held by threads of the caller.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, spawn, initializer=_start, initargs=(paths,)) as pool:
        all_profiles_flags = repeat(all_profiles)
        files, data = contents.keys(), contents.values()
        return list(pool.map(_in_process, files, data, all_profiles_flags, chunksize=_CHUNK))


def _processors() -> int:
    """Return the number of processors available to this process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _examine(file: str, data: bytes, finder: ProfileFinder, all_profiles: bool) -> CheckResult:
    if is_targets_file(file):
        return CheckResult(check_targets(data, file), is_complete=True)
    examined = examine_profile(data, file, bases=finder)
    if all_profiles or (examined.profile and members_of(examined.profile)):
        return examined
    return evolve(examined, profile=None)


_finder = ProfileFinder(())


def _start(paths: list[str]) -> None:
    """Initialise a worker; the parent process handles interruptions."""
    global _finder
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _finder = ProfileFinder(paths)


def _in_process(file: str, data: bytes, all_profiles: bool) -> CheckResult:
    return _examine(file, data, _finder, all_profiles)


def release_diagnostics(
    context: CommandContext,
    reference: str,
    paths: Sequence[str],
    checked: Mapping[str, CheckResult],
) -> tuple[Diagnostic, ...]:
    """Return a diagnostic for each released version that differs from an earlier state.

    Args:
        context: the context of the command.
        reference: a directory or git revision that holds the earlier state.
        paths: the checked paths, as given on the command line.
        checked: the result of checking each file, with all profiles.
    """
    current = [result.profile for result in checked.values() if result.profile]
    invalid_files = ProfileFinder(
        [file for file, result in checked.items() if result.profile is None]
    )
    with earlier_files(context, reference, paths) as files:
        contents = {str(file): file.read_bytes() for file in files}
        examined = examine_files(contents, all_profiles=True)
    names = {str(file): name for file, name in files.items()}
    unloaded = [
        name for name, result in zip(files.values(), examined, strict=True) if not result.profile
    ]
    if unloaded:
        context.warn(_NOT_COMPARED.format(files=", ".join(unloaded)))
    loaded = [result.profile for result in examined if result.profile]
    earlier = [evolve(profile, file=names[profile.file]) for profile in loaded]
    return check_releases(earlier, current, unreadable=invalid_files.references())


_NOT_COMPARED = Text(
    vi="Không so sánh được với các tệp trước đây vì chúng có lỗi: {files}.",
    en="These earlier files have errors and were not compared: {files}.",
)
