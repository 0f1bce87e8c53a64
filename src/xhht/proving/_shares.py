"""Checks whether shares may have the denominator 0, and whether they may exceed 1."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import z3

from xhht.proving._asking import ProofContext
from xhht.proving.findings import Topic
from xhht.rules import expressions as ex
from xhht.rules.lowering import expressions_of
from xhht.rules.parsing import shares_of_members

__all__ = ["check_shares"]


def check_shares(context: ProofContext) -> None:
    """Find shares of 0/0 that leave a result uncertain, and shares above 1."""
    _check_zero_denominators(context)
    _check_above_one(context)


def _check_zero_denominators(context: ProofContext) -> None:
    reported_owners: set[str] = set()
    for share in context.plan.shares:
        owner, pointer = _owner(context, share.node, share.level)
        if owner in reported_owners:
            continue
        with context.catch_undecided(Topic.SHARES, owner, pointer):
            is_zero = context.span(share.denominator).lower_number <= 0
            answer = context.solver.find(is_zero, *_is_open(context, share.node, share.level))
            if answer is not None:
                reported_owners.add(owner)
                context.add_finding("XP601", owner, pointer, answer, owner=owner)


def _owner(context: ProofContext, node: str | None, level: int | None) -> tuple[str, str]:
    """Return the criterion or level that uses a share, and its pointer."""
    if node is not None:
        return node, context.profile.pointers[node]
    assert level is not None
    return context.plan.levels[level].id, f"/levels/{level}/when"


def _is_open(context: ProofContext, node: str | None, level: int | None) -> list[object]:
    if node is None:
        assert level is not None
        when = context.span(context.plan.levels[level].when)
        return [z3.Not(when.certain), when.possible]
    plan = context.nodes[node]
    applies, judged, met = map(context.span, (plan.applies, plan.own_points, plan.met))
    is_open = z3.Or(
        judged.lower_number < judged.upper_number,
        z3.And(met.possible, z3.Not(met.certain)),
        z3.Not(applies.certain),
    )
    return [applies.possible, is_open]


def _check_above_one(context: ProofContext) -> None:
    of_members = set(shares_of_members(context.plan.inputs).values())
    for node, level, share in _shares(context):
        if share in of_members:
            continue
        owner, pointer = _owner(context, node, level)
        with context.catch_undecided(Topic.SHARES, owner, pointer):
            beyond = ex.Compare(">", share.numerator, share.denominator)
            is_positive = ex.Compare(">", share.denominator, ex.Constant(Fraction(0)))
            probe, (truth,) = context.probe(ex.All((beyond, is_positive)))
            applies = [context.applies(context.nodes[node]).certain] if node else []
            answer = context.solver.find(truth.certain, *applies, variants=[probe])
            if answer is not None:
                context.add_finding("XP602", owner, pointer, answer, owner=owner)


def _shares(context: ProofContext) -> Iterator[tuple[str | None, int | None, ex.ShareOf]]:
    for node in context.profile.rules.nodes():
        for share in ex.shares_in(*expressions_of(node)):
            yield node.id, None, share
    for at, rule in enumerate(context.profile.rules.levels):
        for share in ex.shares_in(rule.when):
            yield None, at, share
