"""Shows the doctests of docstrings as code, where else their lines would be read as prose."""

from __future__ import annotations

from typing import Any

import griffe


class Doctests(griffe.Extension):
    """Puts a fence around each paragraph of a docstring that begins with `>>>`."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Change the docstring of an object that was read."""
        if obj.docstring:
            obj.docstring.value = fenced(obj.docstring.value)


def fenced(text: str) -> str:
    """Return a docstring with its doctests as blocks of code."""
    return "\n\n".join(
        f"```pycon\n{part.strip()}\n```" if part.lstrip().startswith(">>>") else part
        for part in text.split("\n\n")
    )
