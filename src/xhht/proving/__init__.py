"""Exact proofs about criteria profiles, by a solver; needs the extra `prove`."""

from __future__ import annotations

try:
    import z3  # noqa: F401 - an optional dependency
except ModuleNotFoundError:
    raise ModuleNotFoundError(
        "xhht.proving needs an extra: pip install 'xhht[prove]'", name="z3"
    ) from None

from xhht.proving.findings import Example, Finding, Kind, Proof, Topic
from xhht.proving.prove import prove

__all__ = ["Example", "Finding", "Kind", "Proof", "Topic", "prove"]
