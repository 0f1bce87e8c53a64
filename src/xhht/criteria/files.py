"""Finds profile and targets files, bundled with the library or in given directories."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

__all__ = [
    "MAPPING_SUFFIX",
    "TARGETS_SUFFIX",
    "TEST_SUFFIX",
    "ProfileFinder",
    "bundled_directory",
    "criteria_files",
    "earlier_versions",
    "mapping_files",
    "profile_files",
    "target_files",
]

TEST_SUFFIX = ".test.yaml"
TARGETS_SUFFIX = ".targets.yaml"
MAPPING_SUFFIX = ".mapping.yaml"
_NO_PROFILES = (TEST_SUFFIX, TARGETS_SUFFIX, MAPPING_SUFFIX)
_HEAD = re.compile(rb"^(id|version):[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)


def profile_files(paths: Iterable[Path]) -> list[Path]:
    """Return the profile files among `paths` and below directories, in order of name."""
    files: list[Path] = []
    for path in paths:
        listed = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        files += [file for file in listed if not file.name.endswith(_NO_PROFILES) or file == path]
    return files


def target_files(paths: Iterable[Path]) -> list[Path]:
    """Return the targets files among `paths` and below directories, in order of name."""
    files: list[Path] = []
    for path in paths:
        listed = sorted(path.rglob(f"*{TARGETS_SUFFIX}")) if path.is_dir() else [path]
        files += [file for file in listed if file.name.endswith(TARGETS_SUFFIX)]
    return files


def mapping_files(paths: Iterable[Path]) -> list[Path]:
    """Return the mapping files among `paths` and below directories, in order of name."""
    files: list[Path] = []
    for path in paths:
        listed = sorted(path.rglob(f"*{MAPPING_SUFFIX}")) if path.is_dir() else [path]
        files += [file for file in listed if file.name.endswith(MAPPING_SUFFIX)]
    return files


def criteria_files(paths: Iterable[Path]) -> list[Path]:
    """Return the profile, targets and mapping files among each path and below it, by name."""
    kinds = profile_files, target_files, mapping_files
    return [file for p in paths for file in sorted({f for files in kinds for f in files([p])})]


def earlier_versions(directory: Path, paths: Iterable[Path]) -> list[Path]:
    """Return the profile and targets files in a directory that are earlier versions of `paths`.

    A directory among `paths` matches all files of `directory`, a file the one of the same name.
    """
    listed = list(paths)
    if any(path.is_dir() for path in listed):
        return criteria_files([directory])
    candidates = [directory / path.name for path in listed]
    return [file for file in candidates if file.is_file()]


def bundled_directory() -> Path:
    """Return the directory of the profiles bundled with the library."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "criteria_profiles"
    return installed if installed.is_dir() else package.parents[1] / "criteria_profiles"


class ProfileFinder:
    """Finds the file of a profile; each directory is read only once."""

    def __init__(self, paths: Iterable[Path | str]) -> None:
        """Set the files and directories to search in addition to the directory of each request."""
        self._paths = tuple(map(Path, paths))
        self._indexes: dict[tuple[Path, ...], dict[str, Path]] = {}

    def find(self, reference: str, beside: Path | None = None) -> Path | None:
        """Return the file with the profile `ID@VERSION`, or None.

        Args:
            reference: the profile.
            beside: the directory to search first; the bundled profiles come last.
        """
        indexes = map(self._index, self._places(beside))
        return next((index[reference] for index in indexes if reference in index), None)

    def known(self, beside: Path | None = None) -> frozenset[str]:
        """Return all known profiles, as `ID@VERSION`."""
        return frozenset().union(*map(self._index, self._places(beside)))

    def _places(self, beside: Path | None) -> tuple[tuple[Path, ...], ...]:
        return (beside,) if beside else (), self._paths, (bundled_directory(),)

    def references(self) -> frozenset[str]:
        """Return the profiles, as `ID@VERSION`, in the given files and directories."""
        return frozenset(self._index(self._paths))

    def _index(self, paths: tuple[Path, ...]) -> dict[str, Path]:
        """Return the files by the profile they contain; the first file of a profile is used."""
        if paths not in self._indexes:
            index: dict[str, Path] = {}
            for file in profile_files(paths):
                head = dict(_HEAD.findall(file.read_bytes()))
                name = b"@".join((head.get(b"id", b""), head.get(b"version", b"")))
                index.setdefault(name.decode(errors="replace"), file)
            self._indexes[paths] = index
        return self._indexes[paths]
