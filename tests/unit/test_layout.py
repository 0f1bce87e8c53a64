"""`tests/unit` mirrors `src`: a stranger finds the tests of a module where it is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

UNIT = Path(__file__).parent
TESTS = UNIT.parent
PACKAGES = UNIT.parents[1] / "src" / "xhht"
NO_PACKAGE = {"benchmarks", "examples"}
"""Folders of tests of what is beside the library."""


def folders(root: Path) -> set[str]:
    return {folder.name for folder in root.iterdir() if any(folder.glob("*.py"))}


def test_every_folder_of_tests_is_a_package_and_every_package_has_one() -> None:
    assert folders(UNIT) - NO_PACKAGE == folders(PACKAGES)


def test_every_folder_has_tests() -> None:
    assert all(any((UNIT / folder).glob("test_*.py")) for folder in folders(UNIT))


def test_every_module_at_the_top_has_its_file() -> None:
    modules = {path.stem.strip("_") for path in PACKAGES.glob("*.py")} - {"init", "main"}
    tested = {path.stem.removeprefix("test_") for path in UNIT.glob("test_*.py")}
    assert modules <= tested


def test_names_of_files_are_unique() -> None:
    names = Counter(path.name for path in TESTS.rglob("*.py"))
    assert [name for name, number in names.items() if number > 1] == []
