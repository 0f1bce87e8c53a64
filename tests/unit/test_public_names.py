"""The names that `xhht` promises change only on purpose.

A change of `public_names.txt` beside this file is a change for every user: note it in the
changelog.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import xhht

SNAPSHOT = Path(__file__).with_name("public_names.txt")


def test_public_names_are_those_of_the_snapshot() -> None:
    assert sorted(xhht.__all__) == SNAPSHOT.read_text(encoding="utf-8").split()


def test_every_public_name_is_there() -> None:
    missing = [name for name in xhht.__all__ if not hasattr(xhht, name)]
    assert not missing


def test_type_checkers_see_the_names_that_are_loaded() -> None:
    tree = ast.parse(Path(xhht.__file__).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    imported = {
        (statement.module, alias.name, alias.asname)
        for statement in block.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    }
    loaded = {
        (f"xhht.{module}", name, name) for module, names in xhht._HOME.items() for name in names
    }
    assert imported == loaded


@pytest.mark.parametrize("name", xhht._PACKAGES)
def test_packages_are_reached_by_their_names(name: str) -> None:
    reached = f"import xhht; print(xhht.{name}.__name__)"
    process = subprocess.run(
        [sys.executable, "-c", reached], capture_output=True, text=True, check=True
    )
    assert process.stdout == f"xhht.{name}\n"


def test_every_public_name_stands_in_the_reference() -> None:
    page = SNAPSHOT.parents[2] / "docs" / "reference" / "api.md"
    listed = re.findall(
        r"^::: xhht\.(\S+)\n    options:\n      members: \[(.*)\]$",
        page.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert {module: tuple(names.split(", ")) for module, names in listed} == xhht._HOME
