"""Proves properties of a profile over all subjects it can evaluate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

from xhht.criteria.profile import Profile
from xhht.proving._indicators import check_bands, check_indicators
from xhht.proving._inputs import check_evidence, check_shares
from xhht.proving._levels import check_barriers, check_levels
from xhht.proving._query import ProofContext
from xhht.proving._solver import Solver
from xhht.proving._thresholds import check_thresholds
from xhht.proving.findings import Finding, Proof, Topic

__all__ = ["prove"]

_CHECKS: Final[Mapping[Topic, Callable[[ProofContext], None]]] = {
    Topic.LEVELS: check_levels,
    Topic.INDICATORS: check_indicators,
    Topic.BANDS: check_bands,
    Topic.FLOORS: check_barriers,
    Topic.THRESHOLDS: check_thresholds,
    Topic.SHARES: check_shares,
    Topic.EVIDENCE: check_evidence,
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
    context = ProofContext(profile, Solver(profile, as_of))
    for topic, check in _CHECKS.items():
        if topic in topics:
            check(context)
    return Proof(profile, tuple(sorted(context.findings, key=_place)))


def _place(finding: Finding) -> tuple[str, int, int, str]:
    return finding.file, finding.mark.line, finding.mark.column, finding.code
