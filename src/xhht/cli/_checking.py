"""Checks files, over several processes where they are many."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat

from attrs import evolve

from xhht.cli._common import STDIN, warn
from xhht.cli._revision import earlier_files
from xhht.criteria.diagnostics import Diagnostic
from xhht.criteria.files import ProfileFinder
from xhht.criteria.loading import Examined, examine_profile
from xhht.criteria.releases import release_faults
from xhht.criteria.resting import members_of
from xhht.criteria.targets import check_targets, is_targets_file
from xhht.text import Lang, Text

__all__ = ["examine_files", "faults_against"]

_MANY = 64
"""With fewer files, starting processes costs more than it spares."""

_AT_ONCE = 16


def examine_files(contents: Mapping[str, bytes], *, all_profiles: bool = False) -> list[Examined]:
    """Return what comes of checking files together, in their order.

    Unless `all_profiles` are asked for, a profile is told only where it rests on others, since no
    other can be part of a circle.
    """
    paths = [file for file in contents if file != STDIN]
    workers = _processors()
    if len(contents) < _MANY or workers < 2:
        together = ProfileFinder(paths)
        return [_examined(file, data, together, all_profiles) for file, data in contents.items()]
    # A copy of this process would take over locks of threads that a caller may have running.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, spawn, initializer=_start, initargs=(paths,)) as pool:
        all_of_them = repeat(all_profiles)
        files, data = contents.keys(), contents.values()
        return list(pool.map(_in_process, files, data, all_of_them, chunksize=_AT_ONCE))


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _examined(file: str, data: bytes, together: ProfileFinder, all_profiles: bool) -> Examined:
    if is_targets_file(file):
        return Examined(check_targets(data, file), is_whole=True)
    examined = examine_profile(data, file, bases=together)
    if all_profiles or (examined.profile and members_of(examined.profile)):
        return examined
    return evolve(examined, profile=None)


_together = ProfileFinder(())


def _start(paths: list[str]) -> None:
    """Prepare a process: an interruption is the business of the one that started it."""
    global _together
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _together = ProfileFinder(paths)


def _in_process(file: str, data: bytes, all_profiles: bool) -> Examined:
    return _examined(file, data, _together, all_profiles)


def faults_against(
    reference: str, paths: Sequence[str], checked: Mapping[str, Examined], lang: Lang
) -> tuple[Diagnostic, ...]:
    """Return a finding for each released version that differs from an earlier state.

    Args:
        reference: a directory or git revision that holds the earlier state.
        paths: what is checked, as it was named.
        checked: what came of checking each file, with all profiles.
        lang: the language of refusals and warnings.
    """
    now = [each.profile for each in checked.values() if each.profile]
    broken = ProfileFinder([file for file, each in checked.items() if each.profile is None])
    with earlier_files(reference, paths, lang) as files:
        contents = {str(file): file.read_bytes() for file in files}
        examined = examine_files(contents, all_profiles=True)
    names = {str(file): name for file, name in files.items()}
    unread = [name for name, each in zip(files.values(), examined, strict=True) if not each.profile]
    if unread:
        warn(_NOT_COMPARED.format(files=", ".join(unread)), lang)
    read = [each.profile for each in examined if each.profile]
    before = [evolve(profile, file=names[profile.file]) for profile in read]
    return release_faults(before, now, unread=broken.references())


_NOT_COMPARED = Text(
    vi="Không so được với các tệp trước đây vì chúng có lỗi: {files}.",
    en="These earlier files have errors and were not compared: {files}.",
)
