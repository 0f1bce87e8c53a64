"""Finds subjects whom two versions of a profile's rules judge differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import z3
from attrs import frozen

from xhht.criteria.profile import Profile
from xhht.proving._encoding import Encoding, Formula, Span
from xhht.proving._solving import Solver, UndecidedError
from xhht.rules.plan import Plan

__all__ = ["Apart", "Found", "Subject"]


@frozen(kw_only=True)
class Subject:
    """Facts that are all known, as JSON writes them, and the day for which they are judged."""

    facts: Mapping[str, Any]
    as_of: date | None


@frozen
class Found:
    """Somebody who was looked for.

    Attributes:
        subject: somebody, or None: there is nobody, or it took too much work to tell.
        is_known: whether it is known that there is nobody.
    """

    subject: Subject | None
    is_known: bool = True

    @property
    def is_nobody(self) -> bool:
        """Whether there is nobody, for certain."""
        return self.subject is None and self.is_known


class Apart:
    """Tells versions of one profile apart; they ask for the same inputs."""

    def __init__(self, profile: Profile) -> None:
        self._solver = Solver(profile, None)
        self._plan = profile.plan

    def subject(self, one: Plan, other: Plan) -> Found:
        """Return a subject of whom two versions say something else.

        What they say is points, levels, and of every criterion whether it applies, is met, and its
        points. Of versions with other inputs nothing is known.
        """
        if not one.inputs == other.inputs == self._plan.inputs:
            return Found(None, is_known=False)
        encoded = [self._solver.subjects.encode(plan) for plan in (one, other)]
        return self._find(z3.Or(list(_differences(*encoded))), encoded)

    def awarded(self, level: int | None) -> Found:
        """Return a subject who is awarded a level for certain, and no better one.

        Args:
            level: its place in the profile, or None for no level at all.
        """
        awards = [self._solver.encoding.span(each.award) for each in self._plan.levels]
        better = [z3.Not(span.may_hold) for span in awards[:level]]
        return self._find(z3.And([*better, *([] if level is None else [awards[level].holds])]), [])

    def _find(self, condition: Formula, variants: list[Encoding]) -> Found:
        try:
            found = self._solver.find(condition, variants=variants)
        except UndecidedError:
            return Found(None, is_known=False)
        if found is None:
            return Found(None)
        return Found(Subject(facts=found.subject.facts, as_of=found.subject.as_of))


def _differences(one: Encoding, other: Encoding) -> Iterator[Formula]:
    yield from _unlike(one.span(one.plan.points), other.span(other.plan.points))
    for level, changed in zip(one.plan.levels, other.plan.levels, strict=True):
        yield from _unlike(one.span(level.award), other.span(changed.award))
    for node, altered in zip(one.plan.nodes, other.plan.nodes, strict=True):
        yield from _unlike(one.span(node.applies), other.span(altered.applies))
        yield from _unlike(one.span(node.points), other.span(altered.points))
        # What does not apply is neither met nor unmet.
        inside = z3.And(one.span(node.applies).may_hold, other.span(altered.applies).may_hold)
        told = zip((node.met, node.judged), (altered.met, altered.judged), strict=True)
        spans = ((one.span(place), other.span(changed)) for place, changed in told)
        yield z3.And(inside, z3.Or([f for pair in spans for f in _unlike(*pair)]))


def _unlike(span: Span, other: Span) -> Iterator[Formula]:
    yield span.least != other.least
    if not (span.is_sure and other.is_sure):
        yield span.most != other.most
