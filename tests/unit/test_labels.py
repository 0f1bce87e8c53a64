"""A column head or noun that is in `xhht.labels` is written nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from xhht import labels
from xhht.text import Text

SOURCE = Path(labels.__file__).parent


def literals(file: Path) -> Iterator[Text]:
    """Yield the texts that are written as literals in a file."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text":
            words = {word.arg: getattr(word.value, "value", None) for word in node.keywords}
            vi, en = words.get("vi"), words.get("en")
            if isinstance(vi, str) and isinstance(en, str):
                yield Text(vi=vi, en=en)


def test_each_label_is_written_once() -> None:
    once = [value for value in vars(labels).values() if isinstance(value, Text)]
    assert len(once) == len(set(once))
    others = [file for file in SOURCE.rglob("*.py") if file != Path(labels.__file__)]
    assert len(others) > 100
    repeats = [
        f"{file.relative_to(SOURCE)}: {text.en}"
        for file in others
        for text in literals(file)
        if text in once
    ]
    assert repeats == []
