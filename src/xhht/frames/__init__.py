"""The same evaluation over columns: every row of a frame, where its data lives."""

from __future__ import annotations

from xhht.frames.evaluate import Detail, Errors, Evaluated, evaluate

__all__ = ["Detail", "Errors", "Evaluated", "evaluate"]
