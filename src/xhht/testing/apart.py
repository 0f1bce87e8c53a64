"""Finds subjects whom two versions of a profile's rules judge differently, by proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from attrs import frozen

from xhht.criteria.profile import Profile
from xhht.rules.plan import Plan

if TYPE_CHECKING:
    from xhht.proving._encoding import Encoding, Formula, Span

__all__ = ["Apart", "Subject", "UnknownError"]


@frozen(kw_only=True)
class Subject:
    """Facts that are all known, as JSON writes them, and the day for which they are judged."""

    facts: Mapping[str, Any]
    as_of: date | None


class UnknownError(Exception):
    """It is not known whether there is such a subject: finding out would take too much work."""


class Apart:
    """Tells versions of one profile apart; they ask for the same inputs."""

    def __init__(self, profile: Profile) -> None:
        from xhht.proving._solving import Solver

        self._solver = Solver(profile, None)
        self._plan = profile.plan

    @staticmethod
    def is_there() -> bool:
        """Return whether the solver is installed, as the extra `prove` does."""
        return find_spec("z3") is not None

    def subject(self, one: Plan, other: Plan) -> Subject | None:
        """Return a subject of whom two versions say something else, or None if there is none.

        What they say is points, levels, and of every criterion whether it applies, is met, and its
        points.

        Raises:
            UnknownError: finding out would take too much work, or the inputs differ.
        """
        import z3

        if not one.inputs == other.inputs == self._plan.inputs:
            raise UnknownError
        encoded = [self._solver.subjects.encode(plan) for plan in (one, other)]
        differences = list(_differences(*encoded))
        return self._find(z3.Or(differences), encoded)

    def awarded(self, level: int | None) -> Subject | None:
        """Return a subject who is awarded a level for certain, and no better one; None: nobody.

        Args:
            level: its place in the profile, or None for no level at all.

        Raises:
            UnknownError: finding out would take too much work.
        """
        import z3

        awards = [self._solver.encoding.span(each.award) for each in self._plan.levels]
        better = [z3.Not(span.may_hold) for span in awards[:level]]
        return self._find(z3.And([*better, *([] if level is None else [awards[level].holds])]), [])

    def _find(self, condition: Formula, variants: list[Encoding]) -> Subject | None:
        from xhht.proving._solving import UndecidedError

        try:
            found = self._solver.find(condition, variants=variants)
        except UndecidedError:
            raise UnknownError from None
        if found is None:
            return None
        return Subject(facts=found.subject.facts, as_of=found.subject.as_of)


def _differences(one: Encoding, other: Encoding) -> Iterator[Formula]:
    import z3

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
