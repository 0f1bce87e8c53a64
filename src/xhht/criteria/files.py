"""Where profile files are: those that come with the library, and those of a directory."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

__all__ = [
    "TARGETS_SUFFIX",
    "TEST_SUFFIX",
    "bundled_directory",
    "find_profile_file",
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


def find_profile_file(reference: str, paths: Iterable[Path]) -> Path | None:
    """Return the file among `paths` that writes the profile `ID@VERSION`, or None."""
    wanted = tuple(part.encode() for part in reference.split("@"))
    for file in profile_files(paths):
        head = dict(_HEAD.findall(file.read_bytes()))
        if (head.get(b"id"), head.get(b"version")) == wanted:
            return file
    return None
