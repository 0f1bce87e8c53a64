"""The map of the source is right: every path and name on it exists."""

from __future__ import annotations

import importlib
import re
from operator import attrgetter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "contributing" / "architecture.md").read_text(encoding="utf-8")
QUOTED = sorted(set(re.findall(r"`([^`\n]+)`", PAGE)))
PATHS = [text for text in QUOTED if re.fullmatch(r"[\w./]+(/|\.(py|md|toml|j2|json))", text)]
NAMES = [text for text in QUOTED if text.startswith("xhht.")]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_of_the_page_exists(path: str) -> None:
    assert (ROOT / path).exists() or (ROOT / "src" / "xhht" / path).exists()


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_the_page_is_defined_in_its_module(name: str) -> None:
    parts = name.split(".")
    is_package = ROOT.joinpath("src", *parts[:2]).is_dir()
    module = importlib.import_module(".".join(parts[: 2 + is_package]))
    defined, *members = parts[2 + is_package :]
    assert getattr(module, defined).__module__ == module.__name__
    attrgetter(".".join([defined, *members]))(module)


def test_every_package_and_module_at_the_top_has_its_line() -> None:
    top = {
        f"{path.name}/" if path.is_dir() else path.name
        for path in (ROOT / "src" / "xhht").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert top - {"__init__.py", "__main__.py"} <= set(PATHS)


def test_the_page_has_a_recipe_for_each_kind_of_addition() -> None:
    recipes = re.findall(r"^### … an? (.+)$", PAGE, re.MULTILINE)
    assert recipes == [
        "scoring kind", "diagnostic", "command", "engine", "table", "bundled profile"
    ]  # fmt: skip
