"""Every identifier of the glossary is in the code, and no word has two meanings."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "docs" / "contributing" / "glossary.md"


def rows() -> list[list[str]]:
    """Return the cells of every row of the tables below their heads."""
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return [row for row in cells if row[0] != "Vietnamese" and set(row[0]) != {"-"}]


@cache
def names_in_code() -> frozenset[str]:
    """Return all names, keys and values that the source writes down."""
    names: set[str] = set()
    for path in (ROOT / "src" / "xhht").rglob("*.py"):
        names.add(path.stem)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.Name(id=name):
                    names.add(name)
                case ast.arg(arg=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                    names.add(name)
                case ast.Constant(value=str(name)):
                    names.add(name)
                case _:
                    pass
    return frozenset(names)


def identifiers() -> list[str]:
    return [name for row in rows() for name in re.findall(r"`([^`]+)`", row[2])]


@pytest.mark.parametrize("name", identifiers())
def test_an_identifier_of_the_glossary_is_in_the_code(name: str) -> None:
    assert name in names_in_code()


def test_every_row_has_four_cells_and_an_identifier() -> None:
    assert len(rows()) > 80
    assert all(len(row) == 4 and all(row) and "`" in row[2] for row in rows())


def test_no_word_is_explained_twice() -> None:
    words = Counter(word for row in rows() for word in (row[0], row[1]))
    assert [word for word, number in words.items() if number > 1] == []
