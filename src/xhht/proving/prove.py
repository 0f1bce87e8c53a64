"""Proves properties of a profile over all subjects it can evaluate."""

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

_CHECKS: Final[Mapping[Topic, Callable[[Asking], None]]] = {
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
    """Return the proven properties of a profile over all complete facts: exact, no sampling.

    Each finding has example subjects confirmed by `evaluate`. A check that exceeds the solver
    budget is reported as not decided, never guessed.

    Args:
        profile: a loaded profile.
        as_of: the day of evaluation; by default any day on which the profile is in force.
        only: the topics to check; by default all.

    Raises:
        ValueError: `only` contains an unknown topic.
    """
    topics = {Topic(topic) for topic in only} or set(Topic)
    context = Asking(profile, Solver(profile, as_of))
    for topic, check in _CHECKS.items():
        if topic in topics:
            check(context)
    return Proof(profile, tuple(sorted(context.findings, key=_order)))


def _order(finding: Finding) -> tuple[bool, str, int, int, str]:
    return False, finding.file, finding.mark.line, finding.mark.column, finding.code
