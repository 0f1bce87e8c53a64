"""Evaluation on columns: every row of a frame, computed where the data is stored."""

from __future__ import annotations

from importlib.util import find_spec

if find_spec("narwhals") is None or find_spec("polars") is None:
    raise ModuleNotFoundError("xhht.frames needs an extra: pip install 'xhht[frames]'")

from xhht.frames.campaign import FrameRun, campaign
from xhht.frames.compare import compare
from xhht.frames.evaluate import Detail, Errors, Evaluated, evaluate
from xhht.frames.tallies import RolledUp, Tallied, rolled_up, rollup, tallies

__all__ = [
    "Detail",
    "Errors",
    "Evaluated",
    "FrameRun",
    "RolledUp",
    "Tallied",
    "campaign",
    "compare",
    "evaluate",
    "rolled_up",
    "rollup",
    "tallies",
]
