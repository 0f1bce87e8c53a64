"""Proves what a profile can and cannot do, over every subject it may ever judge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

from xhht.criteria.profile import Profile
from xhht.proving._asking import Asking
from xhht.proving._bands import ask_bands
from xhht.proving._barriers import ask_barriers
from xhht.proving._evidence import ask_evidence
from xhht.proving._indicators import ask_indicators
from xhht.proving._levels import ask_levels
from xhht.proving._shares import ask_shares
from xhht.proving._solving import Solver
from xhht.proving._thresholds import ask_thresholds
from xhht.proving.findings import Finding, Proof, Topic

__all__ = ["prove"]

_QUESTIONS: Final[Mapping[Topic, Callable[[Asking], None]]] = {
    Topic.LEVELS: ask_levels,
    Topic.INDICATORS: ask_indicators,
    Topic.BANDS: ask_bands,
    Topic.FLOORS: ask_barriers,
    Topic.THRESHOLDS: ask_thresholds,
    Topic.SHARES: ask_shares,
    Topic.EVIDENCE: ask_evidence,
}


def prove(
    profile: Profile, *, as_of: date | None = None, only: Iterable[Topic | str] = ()
) -> Proof:
    """Return what holds of a profile for every subject with all facts known: exact, no sampling.

    Each finding comes with subjects that show it, which `evaluate` has confirmed. A question that
    takes too much work is told as not decided, and never guessed.

    Args:
        profile: a loaded profile.
        as_of: the day for which subjects are judged; left out, any day on which it is in force.
        only: what to ask about; left out, everything.

    Raises:
        ValueError: `only` names no topic.
    """
    asked = {Topic(topic) for topic in only} or set(Topic)
    asking = Asking(profile, Solver(profile, as_of))
    for topic, question in _QUESTIONS.items():
        if topic in asked:
            question(asking)
    return Proof(profile, tuple(sorted(asking.found, key=_order)))


def _order(found: Finding) -> tuple[bool, str, int, int, str]:
    return False, found.file, found.mark.line, found.mark.column, found.code
