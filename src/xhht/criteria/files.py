"""Where profile files are: those that come with the library, and those of a directory."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

__all__ = [
    "TARGETS_SUFFIX",
    "TEST_SUFFIX",
    "ProfileFinder",
    "bundled_directory",
    "profile_files",
    "target_files",
]

TEST_SUFFIX = ".test.yaml"
TARGETS_SUFFIX = ".targets.yaml"
_NO_PROFILES = (TEST_SUFFIX, TARGETS_SUFFIX)
_HEAD = re.compile(rb"^(id|version):[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)


def profile_files(paths: Iterable[Path]) -> list[Path]:
    """Return the profile files among `paths` and below directories, in order of name."""
    files: list[Path] = []
    for path in paths:
        found = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        files += [file for file in found if not file.name.endswith(_NO_PROFILES) or file == path]
    return files


def target_files(paths: Iterable[Path]) -> list[Path]:
    """Return the targets files among `paths` and below directories, in order of name."""
    files: list[Path] = []
    for path in paths:
        found = sorted(path.rglob(f"*{TARGETS_SUFFIX}")) if path.is_dir() else [path]
        files += [file for file in found if file.name.endswith(TARGETS_SUFFIX)]
    return files


def bundled_directory() -> Path:
    """Return where the profiles that come with the library are kept."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "criteria_profiles"
    return installed if installed.is_dir() else package.parents[1] / "criteria_profiles"


class ProfileFinder:
    """Finds the files that write profiles, and looks into each directory only once."""

    def __init__(self, paths: Iterable[Path | str]) -> None:
        """Take the files and directories in which to look beside the place of asking."""
        self._paths = tuple(map(Path, paths))
        self._known: dict[tuple[Path, ...], dict[str, Path]] = {}

    def find(self, reference: str, beside: Path | None = None) -> Path | None:
        """Return the file that writes the profile `ID@VERSION`, or None.

        Args:
            reference: the profile.
            beside: the directory to look into first; the profiles of the library come last.
        """
        indices = map(self._index, self._places(beside))
        return next((found[reference] for found in indices if reference in found), None)

    def known(self, beside: Path | None = None) -> frozenset[str]:
        """Return all profiles, as `ID@VERSION`, that can be found."""
        return frozenset().union(*map(self._index, self._places(beside)))

    def _places(self, beside: Path | None) -> tuple[tuple[Path, ...], ...]:
        return (beside,) if beside else (), self._paths, (bundled_directory(),)

    def references(self) -> frozenset[str]:
        """Return the profiles, as `ID@VERSION`, that the given files and directories write."""
        return frozenset(self._index(self._paths))

    def _index(self, paths: tuple[Path, ...]) -> dict[str, Path]:
        """Return the files among paths by the profile that they write; the first of one counts."""
        if paths not in self._known:
            found: dict[str, Path] = {}
            for file in profile_files(paths):
                head = dict(_HEAD.findall(file.read_bytes()))
                name = b"@".join((head.get(b"id", b""), head.get(b"version", b"")))
                found.setdefault(name.decode(errors="replace"), file)
            self._known[paths] = found
        return self._known[paths]
