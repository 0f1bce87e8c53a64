"""Checks files, over several processes where they are many."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor

from attrs import evolve

from xhht.cli._common import STDIN
from xhht.criteria.files import ProfileFinder
from xhht.criteria.loading import Examined, examine_profile
from xhht.criteria.resting import members_of
from xhht.criteria.targets import check_targets, is_targets_file

__all__ = ["examine_files"]

_MANY = 64
"""With fewer files, starting processes costs more than it spares."""

_AT_ONCE = 16


def examine_files(contents: Mapping[str, bytes]) -> list[Examined]:
    """Return what comes of checking files together, in their order.

    A profile is told only where it rests on others: no other can be part of a circle.
    """
    paths = [file for file in contents if file != STDIN]
    workers = _processors()
    if len(contents) < _MANY or workers < 2:
        together = ProfileFinder(paths)
        return [_examined(file, data, together) for file, data in contents.items()]
    # A copy of this process would take over locks of threads that a caller may have running.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, spawn, initializer=_start, initargs=(paths,)) as pool:
        return list(pool.map(_in_process, *zip(*contents.items(), strict=True), chunksize=_AT_ONCE))


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _examined(file: str, data: bytes, together: ProfileFinder) -> Examined:
    if is_targets_file(file):
        return Examined(check_targets(data, file), is_whole=True)
    examined = examine_profile(data, file, bases=together)
    rests = examined.profile is not None and members_of(examined.profile)
    return examined if rests else evolve(examined, profile=None)


_together = ProfileFinder(())


def _start(paths: list[str]) -> None:
    """Prepare a process: an interruption is the business of the one that started it."""
    global _together
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _together = ProfileFinder(paths)


def _in_process(file: str, data: bytes) -> Examined:
    return _examined(file, data, _together)
