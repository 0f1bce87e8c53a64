"""`.ci/check_source.py` refuses what it says it refuses, and nothing else."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def load_checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_source", ROOT / ".ci" / "check_source.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CHECKER = load_checker()

CLEAN = {
    "src/xhht/__init__.py": "",
    "src/xhht/areas/__init__.py": "",
    "src/xhht/areas/tree.py": (
        "from xhht.areas._walk import walk\n__all__ = ['Tree']\nclass Tree:\n    each: int = 1\n"
    ),
    "src/xhht/areas/_walk.py": "def walk(rows):\n    return [row for row in rows]\n",
    "src/xhht/table.py": "from xhht.areas.tree import Tree\nclass Table:\n    tree: Tree\n",
    "tests/test_tree.py": "def test_walk():\n    rows = [1]\n    assert rows\n",
}


def violations(
    folder: Path, capsys: pytest.CaptureFixture[str], changed: Mapping[str, str]
) -> list[str]:
    """Return what the check prints of the clean tree with some files changed or added."""
    for name, text in {**CLEAN, **changed}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    code = CHECKER.main(folder)
    lines = capsys.readouterr().out.splitlines()
    assert code == bool(lines)
    return lines


def test_a_clean_tree_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert violations(tmp_path, capsys, {}) == []


@pytest.mark.parametrize(
    "text",
    [
        "found = 1\n",
        "found: int = 1\n",
        "for each in (): pass\n",
        "pairs = [told for told in ()]\n",
        "def area(whole): pass\n",
        "def area(*, asked=1): pass\n",
        "key = lambda held: held\n",
        "with open('a') as held: pass\n",
        "try: pass\nexcept OSError as found: pass\n",
        "match 1:\n    case int() as told: pass\n",
        "match 1:\n    case [*found]: pass\n",
        "if (found := 1): pass\n",
    ],
)
@pytest.mark.parametrize("folder", ["src/xhht", "tests", "examples", "benchmarks"])
def test_a_name_that_says_nothing_is_refused_however_it_is_bound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], folder: str, text: str
) -> None:
    [line] = violations(tmp_path, capsys, {f"{folder}/other.py": text})
    assert line.startswith(f"{folder}/other.py:")
    assert line.endswith("says nothing of its value")


def test_keys_attributes_and_calls_may_have_such_a_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "rule = make(each=1, held='x')\nrule.whole = rule.each\nrule['told'] = 2\n"
    assert violations(tmp_path, capsys, {"src/xhht/other.py": text}) == []


@pytest.mark.parametrize("text", ["class Table: pass\n", "Table = dict[str, int]\n"])
def test_two_public_classes_of_one_name_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    lines = violations(tmp_path, capsys, {"src/xhht/rows.py": text})
    assert lines == ["class Table is defined in xhht.rows and xhht.table"]


def test_private_classes_and_constants_may_share_a_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same = "class _Row: pass\nLIMIT = 1\n"
    files = {"src/xhht/rows.py": same, "src/xhht/cells.py": same}
    assert violations(tmp_path, capsys, files) == []


@pytest.mark.parametrize(
    "way_back",
    [
        "import xhht.table\n",
        "def draw():\n    from xhht.table import Table\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from xhht.table import Table\n",
    ],
)
def test_a_circle_of_imports_is_refused_be_they_lazy_or_for_types(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], way_back: str
) -> None:
    [line] = violations(tmp_path, capsys, {"src/xhht/areas/_walk.py": way_back})
    assert line.startswith("import circle: ")
    assert {"xhht.table", "xhht.areas.tree", "xhht.areas._walk"} == {*line[15:].split(" -> ")}


def test_a_private_module_is_for_its_package_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deeper = "from xhht.areas._walk import walk\n"
    files = {"src/xhht/rows.py": deeper, "src/xhht/areas/maps/draw.py": deeper}
    assert violations(tmp_path, capsys, files) == [
        "xhht.rows imports xhht.areas._walk, which is private to xhht.areas"
    ]


def test_a_private_module_has_no_list_of_public_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = violations(tmp_path, capsys, {"src/xhht/areas/_walk.py": "__all__ = ['walk']\n"})
    assert lines == ["xhht.areas._walk is private and needs no __all__"]
