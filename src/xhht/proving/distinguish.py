"""Finds subjects that two versions of a profile evaluate differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import z3
from attrs import frozen

from xhht.criteria.profile import Profile
from xhht.proving._encoding import Encoding, Formula, Span
from xhht.proving._solver import Solver, UndecidedError
from xhht.rules.plan import Plan

__all__ = ["CompleteSubject", "DistinguishingSearch", "Witness"]


@frozen(kw_only=True)
class CompleteSubject:
    """Complete facts in JSON form, and the day of evaluation."""

    facts: Mapping[str, Any]
    as_of: date | None


@frozen
class Witness:
    """The result of a search.

    Attributes:
        subject: the subject, or None if there is none or the search gave up.
        is_known: False if the search gave up.
    """

    subject: CompleteSubject | None
    is_known: bool = True

    @property
    def is_proven_empty(self) -> bool:
        """Whether it is proven that there is no such subject."""
        return self.subject is None and self.is_known


class DistinguishingSearch:
    """Searches for subjects that distinguish versions of one profile with the same inputs."""

    def __init__(self, profile: Profile) -> None:
        self._solver = Solver(profile, None)
        self._plan = profile.plan

    def distinguishing_subject(self, one: Plan, other: Plan) -> Witness:
        """Return a subject for which the results of two versions differ.

        Compared are points, levels, and for every criterion whether it applies, is met, and its
        points. Versions with different inputs cannot be compared.
        """
        if not one.inputs == other.inputs == self._plan.inputs:
            return Witness(None, is_known=False)
        encoded = [self._solver.subjects.encode(plan) for plan in (one, other)]
        return self._find(z3.Or(list(_differences(*encoded))), encoded)

    def subject_awarded(self, level: int | None) -> Witness:
        """Return a subject that is certainly awarded a level, and no better one.

        Args:
            level: index of the level in the profile, or None for no level.
        """
        awards = [self._solver.encoding.span(plan_level.award) for plan_level in self._plan.levels]
        better = [z3.Not(span.possible) for span in awards[:level]]
        return self._find(
            z3.And([*better, *([] if level is None else [awards[level].certain])]), []
        )

    def _find(self, condition: Formula, variants: list[Encoding]) -> Witness:
        try:
            answer = self._solver.find(condition, variants=variants)
        except UndecidedError:
            return Witness(None, is_known=False)
        if answer is None:
            return Witness(None)
        return Witness(CompleteSubject(facts=answer.subject.facts, as_of=answer.subject.as_of))


def _differences(one: Encoding, other: Encoding) -> Iterator[Formula]:
    yield from _bounds_differ(one.span(one.plan.points), other.span(other.plan.points))
    for level, other_level in zip(one.plan.levels, other.plan.levels, strict=True):
        yield from _bounds_differ(one.span(level.award), other.span(other_level.award))
    for node, other_node in zip(one.plan.nodes, other.plan.nodes, strict=True):
        yield from _bounds_differ(one.span(node.applies), other.span(other_node.applies))
        yield from _bounds_differ(one.span(node.points), other.span(other_node.points))
        # A criterion that does not apply is neither met nor unmet.
        possibly_applies = z3.And(
            one.span(node.applies).possible, other.span(other_node.applies).possible
        )
        index_pairs = zip(
            (node.met, node.own_points), (other_node.met, other_node.own_points), strict=True
        )
        spans = ((one.span(place), other.span(other_level)) for place, other_level in index_pairs)
        yield z3.And(possibly_applies, z3.Or([f for pair in spans for f in _bounds_differ(*pair)]))


def _bounds_differ(span: Span, other: Span) -> Iterator[Formula]:
    yield span.lower_number != other.lower_number
    if not (span.is_exact and other.is_exact):
        yield span.upper_number != other.upper_number
