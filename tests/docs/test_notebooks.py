"""Every notebook runs from its first cell to its last, and is kept without outputs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "examples" / "notebooks").glob("*.ipynb"))
RUN = """
import ast, sys
shown = {}
for source in SOURCES:
    body = ast.parse(source)
    last = body.body.pop() if isinstance(body.body[-1], ast.Expr) else None
    exec(compile(body, "<cell>", "exec"), shown)
    if last is not None:
        value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), shown)
        for name in ("_repr_html_", "_repr_mimebundle_"):
            if hasattr(value, name):
                assert getattr(value, name)(), source
"""


def cells(notebook: Path) -> list[dict[str, Any]]:
    """Return the cells of code."""
    notebook_cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return [cell for cell in notebook_cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(notebook: Path) -> None:
    sources = ["".join(cell["source"]) for cell in cells(notebook)]
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"SOURCES = {sources!r}\n{RUN}"],
        cwd=notebook.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(notebook: Path) -> None:
    assert all(
        cell["outputs"] == [] and cell["execution_count"] is None for cell in cells(notebook)
    )


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) >= 4
